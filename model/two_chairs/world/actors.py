"""The actors: each is one actor in many worlds at once, and keeps no state.

How it behaves stands in the file of its role, in ``rules``; what it knows and remembers, in the
model's state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from two_chairs.axes import Array, Codes, Role
from two_chairs.rules.actor import Decision, Scene
from two_chairs.rules.attitudes import Act
from two_chairs.rules.roles import behaviour_of

if TYPE_CHECKING:
    from .simulation import Simulation


class Actor:
    """An actor in all worlds.

    Attributes
    ----------
    model
        The simulation it takes part in.
    role
        Its role; of a patron that is a threat too, that of the patron.
    key, index
        Its id in the case file, and its index on the actors axis.
    behaviour
        The rule of its role.
    """

    def __init__(self, model: Simulation, role: Role, key: str, index: int) -> None:
        self.model, self.role, self.key, self.index = model, role, key, index
        case = model.resolved.case
        self.behaviour = behaviour_of(role, case.part(key), case.decisions)

    @property
    def options(self) -> tuple[str, ...]:
        """What it chooses among."""
        return self.behaviour.options

    @property
    def choice(self) -> Codes:
        """What it chose last, shape (worlds,), codes of its options; −1 before its first choice."""
        return self.model.state.choices[self.index]

    @property
    def fast(self) -> Array:
        """Fast deviations toward the others, shape (actors, domains, worlds)."""
        return self.model.state.fast[self.index]

    @property
    def slow(self) -> Array:
        """Slow deviations toward the others, shape (actors, domains, worlds)."""
        return self.model.state.slow[self.index]

    def sense(self, now: Scene) -> Any:
        """Return what it sees of the scene; nothing changes."""
        return self.behaviour.sense(now)

    def decide(self, view: Any, now: Scene) -> Decision:
        """Return what it decides, by its own luck if luck varies; nothing else changes."""
        return self.behaviour.decide(view, now, self._draw)

    def act(self, made: Decision, now: Scene) -> list[Act]:
        """Return the acts that follow from its decision; nothing changes yet."""
        return self.behaviour.act(made, now)

    def commit(self, made: Decision, now: Scene) -> None:
        """Let its decision take effect on its own means, once all acts are known."""
        self.behaviour.commit(made, now)

    def _draw(self, rows: int, stream: str = "") -> Array | None:
        if not self.model.luck_varies:
            return None
        return self.model.luck.uniforms(stream or self.behaviour.part.stream, rows)
