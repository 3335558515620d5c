"""What every kind of test is: a record of a claim's file that can be checked and run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from two_chairs.vocabulary import Frozen

if TYPE_CHECKING:
    from two_chairs.errors import Problem
    from two_chairs_lab.engine.runner import Runner
    from two_chairs_lab.studies.claim.answer import Tested
    from two_chairs_lab.studies.claim.space import Space


class ClaimTest(Frozen, ABC):
    """A test as the file of a claim describes it; a kind adds ``kind`` and its own keys."""

    @abstractmethod
    def problems(self, space: Space) -> list[Problem]:
        """Return what keeps the test from being run."""

    @abstractmethod
    def worlds(self, space: Space) -> int:
        """Return how many worlds the test runs."""

    @abstractmethod
    def run(self, space: Space, runner: Runner) -> Tested:
        """Run the test and return where the claim holds, with its tables and drawings."""
