"""The same worlds measured by other rulers: what of the headline is finding, what convention.

What actors do stays as it is; only how the pivot's position is read off it changes: the share χ
of a seat that institutions hold, and whether hostility eats into membership (net seats).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from two_chairs.axes import DOMAINS, ECONOMY, PATRONS, REGIMES, RIVAL, Array, Codes
from two_chairs.institutions.ties import membership
from two_chairs.parameters import PARAMETERS, Parameters
from two_chairs.rules.attitudes import weighted_sum
from two_chairs.rules.position import occupancy
from two_chairs.rules.regimes import course
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import Scenario
from two_chairs.world.trajectory import Trajectory

SHARES = (0.2, 0.4, 0.6)
"""Values of χ that are shown beside each other: the ends of its range, and its value."""
NET = {"clipped": 0.0, "net": 1.0}


@dataclass(frozen=True)
class Measured:
    """Worlds as one ruler measures them.

    Attributes
    ----------
    share, seats
        χ, and ``clipped`` or ``net``.
    tilt, regime
        Tilt and codes of regimes, shape (weeks, worlds).
    """

    share: float
    seats: str
    tilt: Array
    regime: Codes


def measurable(scenario: Scenario) -> bool:
    """Say whether one ruler holds for the whole run: no date changes it."""
    changed = (entry.parameter for entry in scenario.interventions if entry.parameter)
    return not any(PARAMETERS[name].measurement for name in changed)


def measured(scenario: Scenario, paths: Trajectory) -> list[Measured]:
    """Return the worlds of a run under every ruler; empty where a date changes the ruler."""
    if not measurable(scenario):
        return []
    attitudes, held = _attitudes(scenario, paths), _memberships(scenario, paths)
    caps, p = _caps(scenario, paths), fixed_parameters(scenario)
    shape = (len(paths.dates), paths.worlds)
    return [
        _by(attitudes, held, caps, shape, replace(p, **_ruler(share, net)), seats)
        for share in SHARES
        for seats, net in NET.items()
    ]


def _ruler(share: float, net: float) -> dict[str, Array]:
    return {"institution_share": np.array([share]), "net_seats": np.array([net])}


def _attitudes(scenario: Scenario, paths: Trajectory) -> list[Array]:
    """Return the pivot's alignment toward each patron, (domains, weeks × worlds)."""
    case = scenario.case
    pairs = [f"{case.with_role('pivot')}>{case.with_role(patron)}" for patron in PATRONS]
    return [np.stack([paths.outcome(f"{pair}:{d}").ravel() for d in DOMAINS]) for pair in pairs]


def _memberships(scenario: Scenario, paths: Trajectory) -> Array:
    """Return I, shape (patrons, domains, weeks × worlds)."""
    case = scenario.case
    levels = {tie.id: paths.outcome(f"institution:{tie.id}").ravel() for tie in case.institutions}
    return membership(case, levels, len(paths.dates) * paths.worlds)


def _caps(scenario: Scenario, paths: Trajectory) -> Array:
    """Return the caps of the rival seat, (domains, weeks × worlds): the road opens and closes."""
    road = np.full(len(paths.dates), scenario.case.conditions_at_start()["transit"])
    for entry in sorted(scenario.conditions, key=lambda entry: entry.date):
        if entry.condition == "transit":
            road[scenario.week_of(entry.date) :] = entry.value
    caps = np.broadcast_to(fixed_parameters(scenario).rival_caps, (len(DOMAINS), len(road))).copy()
    caps[ECONOMY] *= road
    return np.repeat(caps, paths.worlds, axis=1)


def _by(
    attitudes: Sequence[Array],
    held: Array,
    caps: Array,
    shape: tuple[int, int],
    p: Parameters,
    seats: str,
) -> Measured:
    """Measure by one ruler."""
    occupied = []
    for patron, attitude in enumerate(attitudes):
        share = occupancy(attitude, held[patron], p)
        share = caps * share if patron == RIVAL else share
        occupied.append(weighted_sum(p.domain_weights, share).reshape(shape))
    regime = course(np.stack(occupied), p)
    return Measured(float(p.institution_share[0]), seats, occupied[1] - occupied[0], regime)


def convention_rows(
    scenario: Scenario, paths: Trajectory, weeks: list[int]
) -> list[dict[str, Any]]:
    """Return, for every ruler and week, the median tilt and the share of worlds in each regime."""
    return [
        {
            "institution_share": ruler.share,
            "seats": ruler.seats,
            "date": paths.dates[week].isoformat(),
            "tilt": round(float(np.median(tilt)), 4),
            "regime_shares": {
                name: round(float(np.mean(regime == code)), 4) for code, name in enumerate(REGIMES)
            },
        }
        for ruler in _measured_at(scenario, paths, weeks)
        for week, tilt, regime in zip(weeks, ruler.tilt, ruler.regime, strict=True)
    ]


def _measured_at(scenario: Scenario, paths: Trajectory, weeks: list[int]) -> list[Measured]:
    """Return the worlds of a run in some weeks under every ruler, laid piece by piece."""
    found = [
        [replace(one, tilt=one.tilt[weeks], regime=one.regime[weeks]) for one in measured(*each)]
        for each in ((scenario, piece) for piece in paths.pieces())
    ]
    return [
        replace(
            parts[0],
            tilt=np.concatenate([part.tilt for part in parts], axis=-1),
            regime=np.concatenate([part.regime for part in parts], axis=-1),
        )
        for parts in zip(*found, strict=True)
    ]
