"""Membership of a treaty: left only after notice."""

from __future__ import annotations

from typing import Literal

from two_chairs.vocabulary import Weeks

from .tie import Tie


class TreatyMembership(Tie):
    """Membership of a treaty: entered by ratification, left after notice; only by scenario."""

    kind: Literal["treaty-membership"]
    notice_weeks: Weeks

    def notice(self, standing: float, level: float) -> int:
        """Return the weeks of notice of leaving; to enter needs none."""
        return self.notice_weeks if level < standing else 0
