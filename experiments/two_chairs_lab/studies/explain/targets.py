"""What can be explained: alignments, seats and tilt, by the names of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from two_chairs.axes import DOMAINS, PATRONS, SECURITY, Array, Patron
from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.scenario.records import Scenario
from two_chairs_lab.render.names import role_name

from .attribution import AlignmentTarget, SeatTarget

TARGET_SHAPES = ("tilt", "incumbent_seat", "rival_seat", "seat:incumbent:security", "A>B:security")
"""The targets that have an attribution, an example for each family."""


def target_of(name: str, scenario: Scenario) -> AlignmentTarget | SeatTarget:
    """Find a target by its name; raises `InputError` if it is none, or has no attribution."""
    if name in _WHOLE_SEATS:
        return _WHOLE_SEATS[name]
    where = f"--target {name}"
    pair, *domains = name.split(":")
    if ">" in name and len(domains) != 1:
        text = f"names no domain; write it such as {pair}:{DOMAINS[SECURITY]}"
        raise InputError.at(where, text)
    family = ">" in name or pair == "seat"
    try:
        found = read_outcome(name, cast_of(scenario.case), where)
    except InputError:
        if family:
            raise
        text = f"'{name}' is not a target; {nearest(name, TARGET_SHAPES)}"
        raise InputError.at(where, text) from None
    if found.array == "seats":
        return _seat_target(*found.index)
    if found.array == "alignment":
        return _alignment_target(where, *found.index)
    listed = ", ".join(TARGET_SHAPES)
    text = f"'{name}' is an outcome that has no attribution; choose one of {listed}"
    raise InputError.at(where, text)


def _alignment_target(where: str, holder: int, toward: int, domain: int) -> AlignmentTarget:
    if holder == toward:
        text = "is an actor's alignment toward itself; name two actors"
        raise InputError.at(where, text)
    return AlignmentTarget(holder, toward, domain)


def _seat_target(patron: int, domain: int) -> SeatTarget:
    weights = np.zeros((len(PATRONS), len(DOMAINS), 1))
    weights[patron, domain] = 1.0
    return SeatTarget(lambda at: at.seats[patron, domain], lambda _: weights)


def _signed(incumbent: float, rival: float) -> Callable[[Parameters], Array]:
    return lambda p: np.stack([incumbent * p.domain_weights, rival * p.domain_weights])


_WHOLE_SEATS: Mapping[str, SeatTarget] = {
    "tilt": SeatTarget(lambda at: at.tilt, _signed(-1.0, 1.0)),
    "incumbent_seat": SeatTarget(lambda at: at.incumbent_seat, _signed(1.0, 0.0)),
    "rival_seat": SeatTarget(lambda at: at.rival_seat, _signed(0.0, 1.0)),
}


def patron_name(scenario: Scenario, patron: Patron) -> str:
    """Return the name of a patron."""
    return role_name(patron, scenario.case)
