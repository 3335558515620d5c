"""Small scenarios for tests: the bundled case with as little in it as a test needs."""

from __future__ import annotations

import datetime
import itertools
from functools import cache

import numpy as np

from two_chairs.scenario.records import (
    DatedCondition,
    Event,
    Intervention,
    ParameterRange,
    Scenario,
    Seat,
)
from two_chairs.scenario.resolve import load_scenario
from two_chairs.vocabulary import ByDomain
from two_chairs.world.simulation import TwoChairs

START = datetime.date(2020, 1, 6)
EXACT = 1e-12
DOMAINS = ("security", "economy", "politics")
_numbers = itertools.count()


@cache
def bundled(name: str = "baseline") -> Scenario:
    """Return a bundled scenario, read once."""
    return load_scenario(name)


def week(number: int) -> datetime.date:
    """Return the Monday of a week counted from zero."""
    return START + datetime.timedelta(weeks=number)


def quiet(weeks: int, *, acting: bool = False, **parameters: float) -> Scenario:
    """Return the bundled case with nothing recorded in it, of a number of weeks."""
    scenario = bundled().model_copy(
        update={
            "start": START,
            "end": week(weeks - 1),
            "agents_act_from": START if acting else None,
            "events": (),
            "conditions": (),
            "interventions": (),
            "expect": (),
            "targets": (),
        }
    )
    return with_parameters(scenario, **parameters)


def with_parameters(scenario: Scenario, **values: float) -> Scenario:
    """Fix parameters of a scenario."""
    fixed = {name: ParameterRange(value=v, low=v, high=v) for name, v in values.items()}
    unknown = set(fixed) - set(scenario.parameters)
    assert not unknown, unknown
    return scenario.model_copy(update={"parameters": scenario.parameters | fixed})


def with_events(scenario: Scenario, *events: Event) -> Scenario:
    """Add recorded events."""
    return scenario.model_copy(update={"events": (*scenario.events, *events)})


def with_dated(scenario: Scenario, *dated: DatedCondition | Intervention) -> Scenario:
    """Add conditions and interventions."""
    conditions = tuple(d for d in dated if isinstance(d, DatedCondition))
    interventions = tuple(d for d in dated if isinstance(d, Intervention))
    return scenario.model_copy(
        update={
            "conditions": (*scenario.conditions, *conditions),
            "interventions": (*scenario.interventions, *interventions),
        }
    )


def event(
    at: int,
    actor: str = "RUS",
    target: str = "ARM",
    goldstein: float = 5.0,
    *,
    domains: tuple[float, float, float] = (0.5, 0.3, 0.2),
    material: bool = True,
    weight: float = 1.0,
    key: str | None = None,
    **more: object,
) -> Event:
    """Make an event in a week."""
    return Event(
        id=key or f"T{next(_numbers):06d}",
        date=week(at),
        actor=actor,
        target=target,
        action="test",
        goldstein=goldstein,
        security=domains[0],
        economy=domains[1],
        politics=domains[2],
        material=material,
        weight=weight,
        weight_low=weight,
        weight_high=weight,
        document="test",
        says="test",
        **more,
    )


def attack(
    at: int, severity: float = 1.0, coverage: float = 1.0, *, defended: bool, weight: float = 1.0
) -> Event:
    """Make a recorded attack on the pivot."""
    return event(
        at, "AZE", "ARM", -10.0, domains=(0.8, 0.05, 0.15), weight=weight,
        severity=severity, coverage=coverage, defended=defended,
    )  # fmt: skip


def condition(at: int, name: str, value: float) -> DatedCondition:
    """Make a dated external condition."""
    key = f"T{next(_numbers):06d}"
    return DatedCondition(id=key, date=week(at), condition=name, value=value, source="test")


def intervention(at: int, **what: object) -> Intervention:
    """Make an intervention."""
    return Intervention(id=f"T{next(_numbers):06d}", date=week(at), source="test", **what)


def run(scenario: Scenario, replicates: object = (0,), **options: object):
    """Run a scenario without luck unless asked."""
    return TwoChairs(scenario, replicates, **{"luck": False, **options}).run()


def toward(paths, pair: str) -> np.ndarray:
    """Return an alignment, shape (weeks, domains, worlds)."""
    return np.stack([paths.outcome(f"{pair}:{domain}") for domain in DOMAINS], axis=1)


def deviation(paths, pair: str) -> np.ndarray:
    """Return a deviation from the baseline in atanh units, shape (weeks, domains, worlds)."""
    baseline = np.arctanh(bundled().case.baselines[pair].values())
    return np.arctanh(toward(paths, pair)) - baseline[np.newaxis, :, np.newaxis]


def symmetric(weeks: int) -> Scenario:
    """Return a case whose two poles are alike in everything, without institutions."""
    base = quiet(weeks)
    case = base.case
    alike = case.baselines["ARM>RUS"]
    pairs = dict.fromkeys(("ARM>RUS", "ARM>WST"), alike)
    pairs |= dict.fromkeys(("RUS>ARM", "WST>ARM"), case.baselines["RUS>ARM"])
    pairs |= {"AZE>WST": case.baselines["AZE>RUS"], "RUS>AZE": case.baselines["WST>AZE"]}
    bare = Seat(base=ByDomain(security=0.3, economy=0.3, politics=0.3), source="test")
    case = case.model_copy(
        update={
            "baselines": case.baselines | pairs,
            "institutions": (),
            "seats": {"incumbent": bare, "rival": bare},
        }
    )
    scenario = base.model_copy(update={"case": case, "institutions": {}})
    caps = {f"rival_cap_{domain}": 1.0 for domain in DOMAINS}
    return with_parameters(scenario, **caps)
