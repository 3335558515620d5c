"""Small scenarios for tests: the bundled case with as little in it as a test needs."""

from __future__ import annotations

import datetime
import itertools
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from two_chairs.axes import LOYAL
from two_chairs.parameters import PARAMETERS
from two_chairs.rules.acts import PatronView
from two_chairs.rules.pivot import ENGAGEMENTS, PivotView
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import (
    DatedCondition,
    Event,
    EventRow,
    Intervention,
    ParameterRange,
    Scenario,
    Seat,
)
from two_chairs.scenario.resolve import load_scenario
from two_chairs.vocabulary import ByDomain
from two_chairs.world.model import TwoChairs

START = datetime.date(2020, 1, 6)
EXACT = 1e-12
DOMAINS = ("security", "economy", "politics")
YES, NO = np.array([True]), np.array([False])
_numbers = itertools.count()


def a(*values: float) -> np.ndarray:
    """Return an array of numbers, a world each."""
    return np.array(values, dtype=float)


@cache
def bundled(name: str = "baseline") -> Scenario:
    """Return a bundled scenario, read once."""
    return load_scenario(name)


def mostly_long(names):
    """Return parameters of a test for each scenario: quick are the baselines of the cases alone."""
    long = pytest.mark.long
    return [n if n.endswith("/baseline") else pytest.param(n, marks=long) for n in sorted(names)]


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
            "postures": (),
            "expect": (),
            "targets": (),
        }
    )
    return with_parameters(scenario, **parameters)


def with_parameters(scenario: Scenario, **values: float) -> Scenario:
    """Fix parameters of a scenario."""
    fixed = {name: ParameterRange(value=v, low=v, high=v) for name, v in values.items()}
    unknown = set(fixed) - set(PARAMETERS)
    assert not unknown, unknown
    return scenario.model_copy(update={"parameters": scenario.parameters | fixed})


def parameters(**values: float):
    """Return the defaults of the bundled case, some of them fixed otherwise."""
    return fixed_parameters(with_parameters(bundled(), **values))


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


def pivot_view(**changes: np.ndarray) -> PivotView:
    """Return what a loyal pivot sees at the start of the article, one world."""
    fields = {
        "alignment": np.array([[[0.75], [0.65], [0.65]], [[0.15], [0.35], [0.45]]]),
        "engagement": ENGAGEMENTS[LOYAL][..., None],
        "belief": np.array([[0.74], [0.35]]),
        "attention": np.array([[1.0], [0.8]]),
        "threat": a(0.45),
        "self_help": a(0.15),
        "dependence": np.array([[0.96], [0.02]]),
        "coercion": np.array([[0.0], [0.0]]),
        "fatigue": np.array([[0.0], [0.2]]),
        "hostility": a(0.48),
    }
    return PivotView(**(fields | changes))


def patron_view(lost: float = 0.4, **changes: np.ndarray) -> PatronView:
    """Return what a patron of full attention sees at a loss, one world."""
    fields = {
        "realised_loss": a(lost),
        "felt": a(lost),
        "regard": a(0.5),
        "regard_elsewhere": a(0.1),
        "attention": a(1.0),
        "fatigue": a(0.0),
        "dependence": a(0.5),
        "quarters_of_loss": np.array([2]),
        "warnings": np.array([0]),
        "coercions": np.array([0]),
    }
    return PatronView(**(fields | changes))


# --- scenario files -------------------------------------------------------------------------------

FORTY_WEEKS = (
    'title = "short"\nquestion = "?"\nextends = "baseline"\nevents = []\ntargets = []\n'
    "end = 2020-10-05\nagents_act_from = 2020-03-02\n"
)


def scenario_file(name: str, text: str) -> str:
    """Write a scenario that extends the baseline to the current folder; return its path."""
    head = f'title = "{name}"\nquestion = "?"\nextends = "baseline"\n'
    Path(f"{name}.toml").write_text(head + text, encoding="utf-8")
    return f"{name}.toml"


def short_scenario(folder: Path) -> str:
    """Write a scenario of forty weeks, with a load of war and acting agents; return its path."""
    load = (
        '[[conditions]]\nid = "war-load"\ndate = 2020-02-03\ncondition = "war_load"\nvalue = 0.5\n'
        'source = "test"\n'
    )
    (folder / "short.toml").write_text(FORTY_WEEKS + load, encoding="utf-8")
    return str(folder / "short.toml")


def uncertain_scenario() -> str:
    """Write a scenario of forty weeks, with rows of uncertain weight; return its path."""
    row = 'actor = "RUS"\ntarget = "ARM"\ndocument = "t"\nsays = "t"\nweight = 1.0\n'
    Path("short.toml").write_text(
        f'{FORTY_WEEKS}[[add]]\nid = "A"\ndate = 2020-02-03\naction = "threaten"\n{row}'
        "weight_low = 0.2\n"
        f'[[add]]\nid = "B"\ndate = 2020-02-10\naction = "trade-cooperation"\n{row}'
        "weight_high = 1.9\n",
        encoding="utf-8",
    )
    return "short.toml"


def own_row(day: datetime.date) -> EventRow:
    """Return a row of aid from the rival, as somebody would add it on the live page."""
    return EventRow(
        id="E1",
        date=day,
        actor="WST",
        target="ARM",
        action="provide-military-aid",
        document="d",
        says="Aid.",
    )
