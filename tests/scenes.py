"""A scene for one rule alone: the bundled case before its first week, to be changed by a test."""

from __future__ import annotations

from builders import YES, bundled, with_parameters
from two_chairs.rules.actor import Behaviour, Part, Scene
from two_chairs.rules.roles import BEHAVIOURS
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.world.state import (
    patron_attention,
    pole_hostility,
    roles_of,
    shields,
    start_state,
)

ARM, RUS, WST, AZE = (bundled().case.actor_ids().index(key) for key in ("ARM", "RUS", "WST", "AZE"))


def scene(
    worlds: int = 1,
    *,
    acting: bool = True,
    forced: int | None = None,
    recorded: int | None = None,
    **parameters: float,
) -> Scene:
    """Return what there is to see at the start, some parameters fixed otherwise."""
    scenario = with_parameters(bundled(), **parameters)
    p = fixed_parameters(scenario)
    roles, state = roles_of(scenario.case), start_state(scenario, worlds, p)
    attention = patron_attention(state, roles, p)
    hostility, held = pole_hostility(state, roles, p), shields(state, roles, p)
    return Scene(
        p=p, roles=roles, state=state, attention=attention, hostility=hostility, shields=held,
        promised=(YES, YES), acting=acting, forced_posture=forced, recorded_posture=recorded,
    )  # fmt: skip


def playing(role: str, key: str, *options: str, bound_by: tuple[str, ...] = ()) -> Behaviour:
    """Return the behaviour of a role as an actor of the bundled case plays it."""
    case = bundled().case
    usual = case.part(key)
    bonds = frozenset(bound_by)
    part = Part(key, usual.index, options, bonds, usual.stream, usual.threat_stream)
    return BEHAVIOURS[role](part, case.decisions)


def no_luck(rows: int, stream: str = "") -> None:
    """Draw nothing."""


class Dealt:
    """Luck that is laid down: gives what it was given, and keeps what was asked for."""

    def __init__(self, *rows: object) -> None:
        self.rows, self.asked = rows, []

    def __call__(self, rows: int, stream: str = "", /) -> object:
        """Return the rows laid down for so many."""
        self.asked.append((rows, stream))
        return next(each for each in self.rows if len(each) == rows)
