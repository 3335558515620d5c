"""Running claims: each kind of test by its name, checked before anything runs."""

from __future__ import annotations

from typing import Any

from two_chairs.errors import InputError
from two_chairs_lab.studies.claim.kinds import (
    dose,
    never,
    steps,
)
from two_chairs_lab.studies.claim.kinds import (
    first_break as breaking,
)
from two_chairs_lab.studies.claim.kinds import (
    forced_postures as postures,
)

from .answer import Answer, answered
from .files import Source
from .space import Progress, Space, open_space

KINDS: dict[str, Any] = {
    "forced-postures": postures,
    "first-break": breaking,
    "never": never,
    "steps": steps,
    "dose": dose,
}
"""Kind of test → the module that checks and runs it."""


def settle_claim(source: Source) -> Space:
    """Resolve a claim and check all its parts; raises `InputError` with every problem."""
    space = open_space(source)
    test = source.file.test
    problems = KINDS[test.kind].problems(space, test)
    if problems:
        raise InputError(problems)
    return space


def worlds_of(space: Space) -> int:
    """Return how many worlds the test of a claim runs."""
    test = space.file.test
    single = space.sweep.worlds
    if test.kind == "forced-postures":
        return single * (1 + len(test.against))
    if test.kind == "first-break":
        return single * (1 + len(test.shocks))
    if test.kind == "steps":
        return single * (2 + len(test.steps))
    if test.kind == "dose":
        return single * len(dose.levels_of(test)) * (1 + len(test.also))
    return single


def answer(space: Space, progress: Progress) -> Answer:
    """Run the test of a claim and return its answer."""
    test = space.file.test
    return answered(space, KINDS[test.kind].run(space, test, progress))
