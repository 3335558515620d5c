"""A regional organisation: left only after another tie is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from two_chairs.axes import POLITICS, Counts
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import AlignmentOrNever, Text, WeeksOrNever, threshold

from .tie import Memory, ReturningTie, Signals, counted, moved


@dataclass(frozen=True, slots=True)
class OrganisationMemory(Memory):
    """What a regional organisation remembers, each of shape (worlds,)."""

    weeks_of_hostility: Counts
    weeks_of_goodwill: Counts


class RegionalOrganisation(ReturningTie):
    """A loose organisation that is left last of all, after another tie if one is named."""

    memory: ClassVar[type[Memory]] = OrganisationMemory

    kind: Literal["regional-organisation"]
    after: Text | None = None
    leave_below: AlignmentOrNever
    leave_weeks: WeeksOrNever
    restore_above: AlignmentOrNever
    restore_weeks: WeeksOrNever

    def refers_to(self) -> Mapping[str, str]:
        """Return the tie that must be gone first, if there is one."""
        return {} if self.after is None else {"after": self.after}

    def next_week(
        self, memory: OrganisationMemory, s: Signals, p: Parameters
    ) -> OrganisationMemory:
        """Leave after long hostility, and only after the tie named in ``after`` is gone."""
        del p
        A = s.regard[self.at, POLITICS]
        hostile = A < threshold(self.leave_below)
        good = s.acting & (A > threshold(self.restore_above))
        memory = replace(
            memory,
            weeks_of_hostility=counted(memory.weeks_of_hostility, hostile),
            weeks_of_goodwill=counted(memory.weeks_of_goodwill, good),
        )
        if not s.acting:
            return memory
        gone = True if self.after is None else s.levels[self.after] == 0.0
        long_hostile = memory.weeks_of_hostility >= threshold(self.leave_weeks)
        leaves = gone & long_hostile & s.turned_from(self.at)
        trusted = memory.weeks_of_goodwill >= threshold(self.restore_weeks)
        returns = (memory.level < self.home) & trusted
        return moved(memory, np.where(returns, self.home, np.where(leaves, 0.0, memory.level)))
