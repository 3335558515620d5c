"""Numbers stay numbers: corners of all ranges, a century, 64 actors, ten thousand events.

NumPy raises here where it would warn, of underflow alone not: it is a true zero.
"""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import numpy as np
import pytest

from builders import EXACT, bundled, event, quiet, with_events
from toys import CASE
from two_chairs.draws import on_simplex
from two_chairs.outcomes import OUTCOMES, USUAL
from two_chairs.parameters import GROUPS, make_parameters
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

pytestmark = [pytest.mark.property, pytest.mark.long]

CORNERS = 2_000
CENTURY = 5_200
ACTORS = ("ARM", "RUS", "WST", "AZE")


@pytest.fixture(autouse=True)
def strict():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


def corners(scenario, worlds, seed):
    """Return parameters of which each is at an end of its range, and shares all on one or mixed."""
    luck = np.random.default_rng(seed)
    values = {}
    for name, entry in scenario.parameters.items():
        values[name] = np.where(luck.random(worlds) < 0.5, entry.low, entry.high)
    for members in GROUPS.values():
        shares = on_simplex(np.round(luck.random((len(members) - 1, worlds))))
        values |= dict(zip(members, shares, strict=True))
    return make_parameters(values)


def hold(paths):
    """Assert that everything recorded is a number within its declared range."""
    for name, values in paths.arrays.items():
        declared = OUTCOMES[name]
        numbers = values.astype(float)
        assert np.isfinite(numbers).all(), name
        assert numbers.min(initial=declared.low) >= declared.low - EXACT, name
        assert numbers.max(initial=min(declared.high, 0)) <= declared.high + EXACT, name


def try_corners(name, worlds, seed):
    scenario = load_scenario(name)
    parameters = corners(scenario, worlds, seed)
    hold(TwoChairs(scenario, range(worlds), seed=seed, parameters=parameters, record=USUAL).run())


def test_some_corners_of_one_scenario():
    try_corners("georgia/baseline", 16, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
def test_corners_of_every_scenario(name):
    try_corners(
        name, -(-CORNERS // len(bundled_scenarios())), sorted(bundled_scenarios()).index(name)
    )


def ledger(number, weeks, seed=0):
    """Return so many extreme events, spread over some weeks."""
    luck = random.Random(seed)
    return [
        event(luck.randrange(weeks), *luck.sample(ACTORS, 2), luck.choice([-10.0, 10.0]),
              weight=luck.choice([0.0, 1.0, 100.0]), key=f"T{n}")
        for n in range(number)
    ]  # fmt: skip


@pytest.mark.slow
def test_a_century_of_ten_thousand_events():
    scenario = with_events(quiet(CENTURY, acting=True), *ledger(10_000, CENTURY))
    assert len(scenario.mondays()) == CENTURY
    parameters = corners(scenario, 8, 1)
    hold(TwoChairs(scenario, range(8), parameters=parameters, record=USUAL).run())


def test_ten_thousand_events_in_half_a_year():
    hold(TwoChairs(with_events(quiet(26, acting=True), *ledger(10_000, 26)), range(2)).run())


def crowd(folder: Path, number: int, years: int):
    """Write the invented case with so many actors, all toward all; return its scenario."""
    head, mark, tail = CASE.partition("[regimes]")
    more = [f"B{n:02d}" for n in range(number - 5)]
    text = head + "".join(f'[actors.{b}]\nname = "{b}"\nrole = "bystander"\n\n' for b in more)
    place, rest = tail.split("[baselines]\n")
    ids = ["VES", "KRN", "LGE", "DOL", "ISL", *more]
    cells = '{ security = 0.9, economy = -0.9, politics = 0.1, source = "invented" }'
    pairs = [f'"{a}>{b}" = {cells}\n' for a in ids for b in ids if a != b and {a, b} & set(more)]
    (folder / "case.toml").write_text(text + mark + place + "[baselines]\n" + "".join(pairs) + rest)
    end = datetime.date(2031 + years, 1, 3)
    (folder / "main.toml").write_text(
        'title = "t"\nquestion = "q"\ncase = "case.toml"\nstart = 2031-01-06\n'
        f"end = {end}\nagents_act_from = 2031-01-06\n"
    )
    return load_scenario(str(folder / "main.toml"))


def test_sixty_four_actors(tmp_path):
    hold(TwoChairs(crowd(tmp_path, 64, 1), range(2), record=USUAL).run())


@pytest.mark.slow
def test_sixty_four_actors_for_thirty_years_at_corners(tmp_path):
    scenario = crowd(tmp_path, 64, 30)
    hold(TwoChairs(scenario, range(4), parameters=corners(scenario, 4, 2), record=USUAL).run())


def test_the_actors_of_the_events_are_those_of_the_case():
    assert set(ACTORS) <= set(bundled().case.actors)
