"""The study of a claim: its parts checked before anything runs, its test run, its answer."""

from __future__ import annotations

from two_chairs.errors import InputError
from two_chairs_lab.engine.runner import HERE, Runner

from .answer import ClaimAnswer, claim_answer
from .files import Source
from .space import Space, by_posterior, open_space


def resolve_claim(source: Source) -> Space:
    """Resolve a claim and check all its parts; raises `InputError` with every problem."""
    space = open_space(source)
    problems = source.file.test.problems(space)
    if problems:
        raise InputError(problems)
    return space


def worlds_of(space: Space) -> int:
    """Return how many worlds an answer runs: those of the space, and those of the posterior."""
    return space.worlds * (1 if by_posterior(space) is None else 2)


def answer(space: Space, runner: Runner = HERE) -> ClaimAnswer:
    """Run the test of a claim, over its space and over the posterior, and return its answer.

    Raises
    ------
    InputError
        If a world has a value that is not finite, or a package for the search is missing.
    """
    test, fitted = space.file.test, by_posterior(space)
    tested = test.run(space, runner)
    return claim_answer(space, tested, None if fitted is None else test.run(fitted, runner).holds)
