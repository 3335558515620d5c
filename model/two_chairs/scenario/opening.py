"""What the numbers of a scenario imply on its first day, and what an author may not have meant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from two_chairs.axes import ECONOMY, INCUMBENT, PATRONS, RIVAL, Array, Patron
from two_chairs.errors import Problem, caution
from two_chairs.institutions.ties import membership
from two_chairs.mechanisms import MECHANISMS
from two_chairs.parameters import Parameters, own_name
from two_chairs.rules.position import loss_of, position

from .provenance import at_defaults, fixed_parameters
from .records import Event, Scenario

HEEDS_LOSS = {"WARN", "REWARD", "COERCE", "ATTACK"}
"""Acts whose worth goes by what a patron has lost."""
COVERAGE = "attack_coverage"


def opening_tilt(scenario: Scenario, p: Parameters) -> Array:
    """Return the tilt before the first week, where nobody has done anything yet, shape (1,)."""
    case = scenario.case
    regard = [
        np.array(case.baselines[f"{case.with_role('pivot')}>{case.with_role(patron)}"].values())
        for patron in PATRONS
    ]
    levels = {key: np.array([level]) for key, level in scenario.institutions.items()}
    caps = p.rival_caps.copy()
    caps[ECONOMY] *= case.conditions_at_start()["transit"]
    sides = [each[:, np.newaxis] for each in regard]
    return position(sides[INCUMBENT], sides[RIVAL], membership(case, levels, 1), caps, p).tilt


def warn_of_opening(scenario: Scenario, place: str) -> None:
    """Say where a patron acts for what it never had, and where an attack counts as covered."""
    for problem in (*_lost_before(scenario, place), *_covered(scenario, place)):
        caution(problem.place, problem.message)


def silent_events(scenario: Scenario) -> list[Event]:
    """Return the events that move no seat, since who acts is no patron and counts as none.

    With a mechanism that is off by default any act may move a seat in the end.
    """
    actors, p = scenario.case.actors, fixed_parameters(scenario)
    if any(mechanism.is_on(p) for mechanism in MECHANISMS):
        return []
    return [
        event
        for event in scenario.events
        if not event.is_attack
        and actors[event.actor].role in ("adversary", "bystander")
        and not actors[event.actor].counts_as
    ]


def _lost_before(scenario: Scenario, place: str) -> Iterator[Problem]:
    """Yield every patron that feels enough of a loss to act on before anything has happened.

    Who has a number of its own for what it tolerates is taken to mean it.
    """
    case = scenario.case
    p = fixed_parameters(scenario)
    tilt = opening_tilt(scenario, p)
    for seat, patron in enumerate(PATRONS):
        own, lost = p.of(seat), float(loss_of(tilt, p, seat)[0])
        name = own_name(patron, "tolerated_tilt")
        meant = name in scenario.parameters or not HEEDS_LOSS & set(case.repertoire(patron))
        if meant or lost <= own.warning_threshold[0]:
            continue
        away = float(tilt[0]) if seat == INCUMBENT else -float(tilt[0])
        text = (
            f"{case.actors[case.with_role(patron)].name} feels a loss of {lost:.2f} before "
            f"anything has happened: the pivot starts with a tilt of {away:.2f} away from it, and "
            f"{own.tolerated_tilt[0]:.2f} is tolerated; if it never had more, set {name} in the "
            "case"
        )
        yield Problem(f"{place}: parameters.{name}", text.replace(" -", " −"))


def _covered(scenario: Scenario, place: str) -> Iterator[Problem]:
    """Yield the threats whose attacks count as covered by a treaty that is not there."""
    case = scenario.case
    ties = {tie.seat for tie in case.institutions if tie.promises_defence}
    for guarantor, threats in _uncovered(scenario).items():
        if guarantor in ties:
            continue
        text = (
            f"attacks by {' and '.join(threats)} count as covered by a treaty with "
            f"{case.actors[case.with_role(guarantor)].name}, and no security-treaty stands on its "
            "seat; set it in the case, 0 if nothing was promised"
        )
        yield Problem(f"{place}: parameters.{COVERAGE}", text)


def _uncovered(scenario: Scenario) -> dict[Patron, list[str]]:
    """Return the names of threats whose coverage no file gives, by who is to answer them."""
    found: dict[Patron, list[str]] = {}
    if COVERAGE not in at_defaults(scenario):
        return found
    for index, _ in scenario.case.threats():
        actor = scenario.case.actors[scenario.case.actor_ids()[index]]
        if own_name(actor.role, COVERAGE) not in scenario.parameters:
            guarantor = PATRONS[RIVAL if actor.role == "incumbent" else INCUMBENT]
            found.setdefault(guarantor, []).append(actor.name)
    return found
