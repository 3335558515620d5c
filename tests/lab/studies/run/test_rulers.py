"""Six rulers on the same worlds, each against a sum done by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from builders import bundled, quiet
from commands import two_chairs
from two_chairs.axes import DOMAINS
from two_chairs.outcomes import cast_of
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies.run.rulers import (
    RULERS,
    Rulings,
    event_index,
    ruler_table,
    rulings,
)

pytestmark = pytest.mark.unit
KEYS = [ruler.key for ruler in RULERS]
WORLDS = {
    # both seats, regime of ours, by domain if not even: incumbent, rival
    "even and high": (0.50, 0.50, 1),
    "even and low": (0.10, 0.10, 3),
    "leaning a little": (0.50, 0.36, 1),
    "leaning a lot": (0.80, 0.20, 0),
    "even shares of little": (0.21, 0.24, 3),
}


def paths_of(scenario, seats, regimes, domains=None):
    """Return one week of worlds with given seats, the same in all domains unless told."""
    incumbent, rival = np.array(seats, dtype=float).T
    by_domain = np.stack([np.tile(incumbent, (3, 1)), np.tile(rival, (3, 1))])
    if domains is not None:
        by_domain = np.array(domains, dtype=float)
    arrays = {
        "incumbent_seat": incumbent[None], "rival_seat": rival[None],
        "tilt": (rival - incumbent)[None], "regime": np.array([regimes]), "seats": by_domain[None],
    }  # fmt: skip
    return Trajectory(scenario.mondays()[:1], cast_of(scenario.case), arrays)


@pytest.mark.parametrize(
    ("key", "hedging"),
    [
        ("regime", {"even and high", "leaning a little"}),
        ("no-memory", {"even and high", "leaning a little"}),
        ("equal-weights", {"even and high", "leaning a little"}),
        ("even-shares", {"even and high", "even and low", "even shares of little"}),
        ("alignment-index", {"even and high", "even and low", "even shares of little"}),
    ],
)
def test_each_ruler_says_who_hedges(key, hedging):
    scenario = quiet(1)
    paths = paths_of(scenario, [w[:2] for w in WORLDS.values()], [w[2] for w in WORLDS.values()])
    found = rulings(scenario, paths).hedges[key][0]
    assert {name for name, yes in zip(WORLDS, found, strict=True) if yes} == hedging


@pytest.mark.parametrize(
    ("tilt", "index", "hedges"),
    [(-0.1, 45.0, True), (0.1, 55.0, True), (-0.101, 44.95, False), (0.0, 50.0, True)],
)
def test_the_alignment_index_is_fifty_and_half_the_tilt_in_percent(tilt, index, hedges):
    assert 50.0 + 50.0 * tilt == pytest.approx(index)
    scenario = quiet(1)
    paths = paths_of(scenario, [(0.5, 0.5 + tilt)], [1])
    paths.arrays["tilt"][:] = tilt
    assert rulings(scenario, paths).hedges["alignment-index"].item() is hedges


def test_even_shares_and_the_index_part_where_seats_are_small():
    scenario = quiet(1)
    paths = paths_of(scenario, [(0.06, 0.12)], [3])
    found = rulings(scenario, paths).hedges
    assert found["alignment-index"].item()
    assert not found["even-shares"].item()


def test_equal_weights_take_the_mean_of_the_domains():
    scenario = quiet(1)
    domains = np.zeros((2, len(DOMAINS), 1))
    domains[0, :, 0], domains[1, :, 0] = (0.9, 0.3, 0.3), (0.0, 0.75, 0.75)
    paths = paths_of(scenario, [(0.7, 0.2)], [0], domains)
    found = rulings(scenario, paths).hedges
    assert found["equal-weights"].item()
    assert not found["no-memory"].item()


def test_the_band_without_memory_forgets_a_seat_that_ours_still_holds():
    scenario = quiet(1)
    lost, taken = (scenario.parameters[n].value for n in ("seat_lost", "seat_taken"))
    between = 0.5 * (lost + taken)
    found = rulings(scenario, paths_of(scenario, [(0.4, between)], [1])).hedges
    assert found["regime"].item()
    assert not found["no-memory"].item()


def scored(*acts):
    """Return a scenario with acts between the pivot and a patron: (actor, target, score)."""
    event = bundled().events[0]
    made = [
        event.model_copy(
            update={"id": f"E{n}", "date": quiet(1).start, "actor": a, "target": b,
                    "goldstein": score, "weight": 0.5}
        )
        for n, (a, b, score) in enumerate(acts)
    ]  # fmt: skip
    return quiet(1).model_copy(update={"events": tuple(made)})


@pytest.mark.parametrize(
    ("acts", "index"),
    [
        ([("RUS", "ARM", 4.0), ("ARM", "WST", 4.0)], 50.0),
        ([("RUS", "ARM", 6.0), ("ARM", "RUS", 2.0), ("WST", "ARM", 2.0)], 50.0 + 50.0 * -0.6),
        ([("RUS", "ARM", -5.0), ("ARM", "WST", 5.0)], 100.0),
        ([("RUS", "WST", -5.0), ("AZE", "ARM", -9.0)], np.nan),
    ],
)
def test_the_event_sum_reads_the_ledger_alone(acts, index):
    scenario = scored(*acts)
    paths = paths_of(scenario, [(0.9, 0.1)], [0])
    np.testing.assert_allclose(event_index(scenario, paths), [index])
    assert rulings(scenario, paths).hedges["event-sum"].all() == (index == 50.0)


def test_where_rulers_part_is_counted_world_by_world():
    made = {
        key: np.array([[True, True, False, False]]) if key != "even-shares"
        else np.array([[True, False, False, True]]) for key in KEYS
    }  # fmt: skip
    found = Rulings((quiet(1).start,), made)
    assert found.agreed(0) == (0.25, 0.25)
    assert found.differs("even-shares", 0) == 0.5
    assert found.share("regime", 0)[0] == 0.5


@pytest.mark.long
def test_the_table_names_every_ruler_and_its_source_and_what_was_not_read():
    scenario = bundled()
    paths = run_ensemble(Ensemble(scenario, 8))
    table = ruler_table(rulings(scenario, paths))
    assert [row[0] for row in table.rows[:6]] == [ruler.words for ruler in RULERS]
    assert table.rows[4][-1] == "Khong and Liow 2025*"
    assert "* from a summary, not read in full" in table.title
    assert table.rows[5][1] in ("yes", "no")


@pytest.mark.long
@pytest.mark.command
@pytest.mark.usefixtures("elsewhere")
def test_a_run_prints_them_and_keeps_them():
    told = two_chairs("run", "baseline", "--worlds", "4", "--out", "o", "--figures", "none").stdout
    assert "Six rulers, share of worlds that hedge" in told
    kept = json.loads(Path("o/summary.json").read_text(encoding="utf-8"))["rulers"]
    assert list(kept) == KEYS
    for ruler in kept.values():
        assert set(ruler["at"]) == {"2023-12-04", "2026-12-28"}
        assert all(0.0 <= entry["share"] <= 1.0 for entry in ruler["at"].values())
