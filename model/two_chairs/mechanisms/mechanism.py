"""What every rival mechanism has: a name, words for readers, parameters, and its step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from two_chairs.axes import Array


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A drift of alignments that a rival theory adds to the week.

    Attributes
    ----------
    name
        Under which listeners hear of its changes.
    words
        What it does, for readers.
    parameters
        A dataclass of its parameters, each declared by `parameter`; all become fields of
        `Parameters`.
    is_on
        Says whether it is switched on in any world by the parameters of a run.
    step
        Returns what it adds to the slow deviations in a week, shape (actors, actors, domains,
        worlds), from the alignments of that shape and the parameters of a run.
    """

    name: str
    words: str
    parameters: type[Any]
    is_on: Callable[[Any], bool]
    step: Callable[[Array, Any], Array]
