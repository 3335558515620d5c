"""A regional organisation: left only after another tie is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from two_chairs.axes import PATRONS, PIVOT, POLITICS, Counts
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import Alignment, Text, Weeks

from .tie import Memory, Signals, Tie, counted, moved


@dataclass(frozen=True, slots=True)
class OrganisationMemory(Memory):
    """What a regional organisation remembers, each of shape (worlds,)."""

    weeks_of_hostility: Counts
    weeks_of_goodwill: Counts


class RegionalOrganisation(Tie):
    """A loose organisation that is left last of all."""

    memory: ClassVar[type[Memory]] = OrganisationMemory

    kind: Literal["regional-organisation"]
    after: Text
    leave_below: Alignment
    leave_weeks: Weeks
    restore_above: Alignment
    restore_weeks: Weeks

    def refers_to(self) -> Mapping[str, str]:
        """Return the tie that must be gone first."""
        return {"after": self.after}

    def next_week(
        self, memory: OrganisationMemory, s: Signals, p: Parameters
    ) -> OrganisationMemory:
        """Leave only after the tie named in ``after`` is gone, and after long hostility."""
        del p
        A = s.regard[PATRONS.index(self.seat), POLITICS]
        memory = replace(
            memory,
            weeks_of_hostility=counted(memory.weeks_of_hostility, A < self.leave_below),
            weeks_of_goodwill=counted(memory.weeks_of_goodwill, A > self.restore_above),
        )
        if not s.acting:
            return memory
        gone = s.levels[self.after] == 0.0
        hostile = memory.weeks_of_hostility >= self.leave_weeks
        leaves = gone & hostile & (s.posture == PIVOT)
        returns = (memory.level < 1.0) & (memory.weeks_of_goodwill >= self.restore_weeks)
        return moved(memory, np.where(returns, 1.0, np.where(leaves, 0.0, memory.level)))
