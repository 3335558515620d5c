"""One world as an ordinary Mesa model: under Mesa's own batch runner, and by hand."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from two_chairs.axes import REGIMES
from two_chairs.errors import InputError, InternalError
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs
from two_chairs_lab.connectors.mesa import OneWorld

pytestmark = pytest.mark.command

batchrunner = pytest.importorskip("mesa.batchrunner", reason="this Mesa has no batch_run")
RNG = "rng" in inspect.signature(batchrunner.batch_run).parameters  # iterations are old there


def batch(model=OneWorld, **parameters):
    return batchrunner.batch_run(model, parameters=parameters, display_progress=False)


def seeded(seed, **parameters):
    if not RNG:
        return batch(seed=seed, **parameters)
    return batchrunner.batch_run(OneWorld, parameters, rng=[seed], display_progress=False)


@pytest.mark.long
def test_batch_run_gives_the_worlds_of_an_ensemble(short):
    rows = batch(scenario=short, replicate=range(3), vary=True)
    paths = TwoChairs(load_scenario(short), range(3), vary=True).run()
    for name in OneWorld.outcomes:
        assert [row[name] for row in rows] == paths.outcome(name)[-1].tolist()
    assert len({row["tilt"] for row in rows}) == 3
    assert [row["replicate"] for row in rows] == [0, 1, 2]


@pytest.mark.long
def test_iterations_of_batch_run_are_different_worlds_that_can_be_made_again(short):
    three = {"rng": [None] * 3} if RNG else {"iterations": 3}
    rows = batchrunner.batch_run(
        OneWorld, {"scenario": short, "vary": True}, display_progress=False, **three
    )
    assert len({row["luck_seed"] for row in rows}) == len({row["world"] for row in rows}) == 3
    assert len({row["tilt"] for row in rows}) == 3
    [again] = seeded(rows[1]["luck_seed"], scenario=short, vary=True)
    assert again["tilt"] == rows[1]["tilt"]


@pytest.mark.long
def test_batch_run_varies_parameters_and_scenarios(short):
    rows = batch(scenario=[short, "replay-2013"], institution_share=[0.2, 0.6], luck=False)
    assert len(rows) == 4
    for row in rows:
        scenario = load_scenario(row["scenario"], {"institution_share": row["institution_share"]})
        assert row["tilt"] == TwoChairs(scenario, luck=False).run().outcome("tilt")[-1, 0]


@pytest.mark.long
def test_batch_run_takes_a_resolved_scenario_in_a_list(short):
    scenario = load_scenario(short)
    [row] = batch(scenario=[scenario], replicate=0)
    assert row["tilt"] == TwoChairs(scenario).run().outcome("tilt")[-1, 0]


@pytest.mark.long
def test_batch_run_collects_every_week(short):
    rows = batchrunner.batch_run(
        OneWorld,
        {"scenario": short, "replicate": 0},
        data_collection_period=1,
        display_progress=False,
    )
    path = TwoChairs(load_scenario(short)).run().outcome("tilt")[:, 0]
    assert [row["tilt"] for row in rows] == path.tolist()


@pytest.mark.long
def test_the_seed_of_batch_run_is_that_of_the_luck(short):
    rows = seeded(3, scenario=short)
    tilt = rows[0]["tilt"]
    assert tilt == TwoChairs(load_scenario(short), seed=3).run().outcome("tilt")[-1, 0]
    assert tilt != TwoChairs(load_scenario(short), seed=0).run().outcome("tilt")[-1, 0]


class Security(OneWorld):
    """Collects something else."""

    outcomes = ("ARM>RUS:security", "institution:CSTO")


@pytest.mark.long
def test_a_subclass_collects_other_outcomes(short):
    [row] = batch(Security, scenario=short, replicate=0)
    path = TwoChairs(load_scenario(short)).run()
    assert row["ARM>RUS:security"] == path.outcome("ARM>RUS:security")[-1, 0]
    assert row["institution:CSTO"] == path.outcome("institution:CSTO")[-1, 0]
    assert "tilt" not in row


def test_a_world_steps_by_hand(short):
    model = OneWorld(short)
    for _ in range(5):
        model.step()
    assert model.steps == 5
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 5
    assert table["tilt"].iloc[-1] == model.outcome("tilt")[0]
    assert model.outcome("tilt").shape == (1,)
    assert [actor.key for actor in model.agents] == ["ARM", "RUS", "WST", "AZE"]


def test_an_outcome_read_in_a_week_is_the_one_recorded(short):
    model = TwoChairs(load_scenario(short), range(3))
    names = ["tilt", "ARM>RUS:security", "chose:RUS:WARN", "posture:LOYAL"]
    names += [f"regime:{regime}" for regime in REGIMES]
    for _ in range(30):
        model.step()
    paths = model.trajectory()
    for name in names:
        assert np.array_equal(model.outcome(name), paths.outcome(name)[-1])


def test_before_the_first_step_there_is_no_outcome(short):
    with pytest.raises(InternalError, match="'tilt' has no value before the first step"):
        TwoChairs(load_scenario(short)).outcome("tilt")


def test_wrong_parameters_are_refused(short):
    with pytest.raises(InputError, match=r"^OneWorld: fear: a resolved scenario keeps its"):
        OneWorld(load_scenario(short), fear=1.0)
    with pytest.raises(InputError, match=r"^--set feer: .*did you mean 'fear'"):
        OneWorld(short, feer=1.0)
    for word in ("replicate", "seed"):
        with pytest.raises(InputError, match=f"OneWorld: {word}=-1: must be at least 0"):
            OneWorld(short, **{word: -1})
    wrong = type("Wrong", (OneWorld,), {"outcomes": ("titl",)})
    with pytest.raises(InputError) as refused:
        wrong(short)
    message = "OneWorld.outcomes: 'titl' is not an outcome; did you mean 'tilt'?"
    assert str(refused.value) == message
