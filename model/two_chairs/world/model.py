"""The model as Mesa has it: the simulation under Mesa's tools, its actors as Mesa agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa

from two_chairs.axes import Role
from two_chairs.rules.roles import BEHAVIOURS

from .actors import Actor
from .simulation import Simulation


class ActorAgent(Actor, mesa.Agent):  # type: ignore[misc]
    """An actor that is a Mesa agent; each role has a subclass named as its behaviour."""

    def __init__(self, model: TwoChairs, role: Role, key: str, index: int) -> None:
        mesa.Agent.__init__(self, model)
        Actor.__init__(self, model, role, key, index)


AGENTS: Mapping[Role, type[ActorAgent]] = {
    role: type(behaviour.__name__, (ActorAgent,), {"__doc__": behaviour.__doc__})
    for role, behaviour in BEHAVIOURS.items()
}
"""The agent class of each role."""


class TwoChairs(Simulation, mesa.Model):  # type: ignore[misc]
    """One scenario in many worlds, as a Mesa model.

    Takes what `Simulation` takes and gives the same bits; Mesa counts the steps, and its tools find
    the actors in ``agents``.
    """

    def __init__(self, *arguments: Any, seed: int = 0, **options: Any) -> None:
        mesa.Model.__init__(self, rng=seed)
        Simulation.__init__(self, *arguments, seed=seed, **options)
        # Mesa 3.3 numbers agents in a table that keeps every model, and its arrays, alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def actor(self, role: Role, key: str, index: int) -> ActorAgent:
        """Return an actor of this model as a Mesa agent."""
        return AGENTS[role](self, role, key, index)

    def step(self) -> None:
        """Run one week; Mesa counts it."""
        self.pass_week()
