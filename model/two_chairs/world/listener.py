"""What a run tells those who listen: every change to its state, before and after it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from two_chairs.rules.attitudes import Act, Impulse
from two_chairs.scenario.records import DatedCondition, Intervention, Turn

if TYPE_CHECKING:
    from .simulation import Simulation


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the state of all worlds.

    Attributes
    ----------
    kind
        ``stage``: all of a stage of the week. Within stages: ``setting``, what a scenario sets on
        a date; ``fading`` of alignments; ``mechanism``, a drift of alignments; ``impulse`` of an
        act to an alignment.
    cause
        Name of the stage, setting or mechanism, id of the act; ``decay`` of fading.
    setting, act, impulse
        What is set; the act and what it does to an alignment.
    """

    kind: Literal["stage", "setting", "fading", "mechanism", "impulse"]
    cause: str
    setting: DatedCondition | Intervention | Turn | None = None
    act: Act | None = None
    impulse: Impulse | None = None


class Listener(Protocol):
    """Watches a run; it may read the model and must not write to it."""

    def before(self, change: Change, model: Simulation) -> None:
        """Hear of a change that is about to happen."""

    def after(self, change: Change, model: Simulation) -> None:
        """Hear of a change that has happened."""
