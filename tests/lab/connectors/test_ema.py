"""The model under the EMA Workbench: their samplers and analyses, the same bits both ways."""

from __future__ import annotations

import datetime
import importlib
import sys

import numpy as np
import pytest

from two_chairs.errors import InputError
from two_chairs.extras import remedy
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

pytest.importorskip("ema_workbench", reason=f"EMA Workbench is not installed ({remedy('ema')})")
from ema_workbench import Constant, RealParameter, ScalarOutcome, perform_experiments
from ema_workbench.em_framework.evaluators import Samplers
from ema_workbench.em_framework.model import Model

from two_chairs_lab import connectors
from two_chairs_lab.connectors import ema

pytestmark = [
    pytest.mark.command,
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ema_workbench.*"),
]

try:
    from ema_workbench import Sample
except ImportError:  # EMA Workbench 2.5 has two kinds of points
    from ema_workbench import Policy
    from ema_workbench import Scenario as Sample
else:
    Policy = Sample

RANGES = {"institution_share": None, "domain_weights": None, "war-load": (0.2, 0.9)}
QUIET = {"log_progress": True}


def points(number: int) -> list[Sample]:
    """Return a few points of the ranges, all different."""
    return [
        Sample(
            institution_share=0.2 + 0.4 * n / number,
            domain_weights_1=(n + 0.5) / number,
            domain_weights_2=0.9 - 0.5 * n / number,
            war_load=0.2 + 0.05 * n,
        )
        for n in range(number)
    ]


def side_by_side(models, **asked):
    with ema.SideBySideEvaluator(models) as evaluator:
        return evaluator.perform_experiments(**asked, **QUIET)


def same(one, other) -> bool:
    (here, outcomes), (there, others) = one, other
    assert list(outcomes) == list(others)
    return here.equals(there) and all(np.array_equal(outcomes[n], others[n]) for n in outcomes)


@pytest.mark.parametrize("replicates", [1, 3])
def test_side_by_side_gives_the_bits_of_one_by_one(short, replicates):
    model = ema.TwoChairsModel(short, ranges=RANGES, replicates=replicates, seed=4)
    assert model.name == "short"
    asked = points(5)
    fast = side_by_side(model, scenarios=asked)
    assert same(fast, perform_experiments(model, scenarios=asked, **QUIET))
    experiments, outcomes = fast
    assert experiments["war_load"].tolist() == [point["war_load"] for point in asked]
    assert outcomes["tilt"].shape == (5, 40)
    assert np.array_equal(outcomes["tilt"][:, -1], outcomes["tilt_end"])
    assert np.unique(outcomes["tilt_end"]).size == 5


def test_models_policies_and_constants_go_the_same_both_ways(short):
    kinds = {"calm": {"luck": False}, "lucky": {"replicates": 2, "coding": True}}
    outcomes = ("tilt@2020-03-02", "welfare@end")
    models = [
        ema.TwoChairsModel(short, ranges=RANGES, outcomes=outcomes, name=name, **kind)
        for name, kind in kinds.items()
    ]
    for model in models:
        model.levers = [RealParameter("rival_cap_security", 0.3, 1.0)]
        model.constants = [Constant("negativity", 1.2)]
        model.outcomes = [ScalarOutcome("twice", variable_name="tilt@end", function=twice)]
    policies = [Policy("a", rival_cap_security=0.4), Policy("b", rival_cap_security=0.9)]
    asked = {"scenarios": points(3), "policies": policies}
    fast = side_by_side(models, **asked)
    assert same(fast, perform_experiments(models, **asked, **QUIET))
    experiments, found = fast
    assert len(experiments) == 12
    assert sorted(experiments["model"].unique()) == ["calm", "lucky"]
    assert np.unique(found["twice"]).size == 12


def twice(value):
    return 2 * value


def test_a_policy_without_levers_and_no_scenario_at_all(short):
    model = ema.TwoChairsModel(short, ranges={}, outcomes=("tilt@end",))
    asked = {"policies": [Policy("strong", reception_gain=1.4)]}
    fast = side_by_side(model, **asked)
    assert same(fast, perform_experiments(model, **asked, **QUIET))
    set_by_hand = TwoChairs(load_scenario(short, {"reception_gain": 1.4})).run()
    assert fast[1]["tilt_end"].tolist() == set_by_hand.outcome("tilt")[-1].tolist()


def test_an_experiment_is_the_run_with_its_parameters_set(short):
    model = ema.TwoChairsModel(short, ranges={"fear": None}, replicates=4, seed=7)
    model.constants = [Constant("negativity", 1.2)]
    _, outcomes = side_by_side(model, scenarios=[Sample(fear=0.9), Sample(fear=2.0)])
    scenario = load_scenario(short, {"negativity": 1.2, "fear": 2.0})
    paths = TwoChairs(scenario, range(4), seed=7).run()
    assert np.array_equal(outcomes["tilt"][1], paths.outcome("tilt").mean(axis=-1))
    chairs = paths.regime_share("incumbent-chair")[-1]
    assert outcomes["regime_incumbent_chair_end"][1] == chairs


def test_luck_coding_and_dates_are_those_of_a_run(short):
    end = datetime.date(2022, 12, 5)
    scenario = load_scenario("baseline").model_copy(update={"end": end})
    outcomes = ("tilt@2022-10-03", "threat@end")
    for chosen in ({"luck": False}, {"coding": True}):
        model = ema.TwoChairsModel(
            scenario, ranges={}, outcomes=outcomes, replicates=5, seed=2, **chosen
        )
        found = model.run_experiments([{}])
        weights = "coding" in chosen
        paths = TwoChairs(scenario, range(5), seed=2, luck=weights, vary_weights=weights).run()
        week = paths.week_of(datetime.date(2022, 10, 3))
        assert found["tilt@2022-10-03"][0] == paths.outcome("tilt")[week].mean()
        assert found["threat@end"][0] == paths.outcome("threat")[-1].mean()
        assert paths.outcome("tilt")[week].mean() != paths.outcome("tilt")[-1].mean()


def test_without_luck_all_replicates_are_one(short):
    lucky, calm = (
        ema.TwoChairsModel(short, ranges={}, outcomes=("tilt@end",), replicates=9, luck=luck)
        for luck in (True, False)
    )
    alone = TwoChairs(load_scenario(short), luck=False).run().outcome("tilt")[-1, 0]
    assert calm.run_experiments([{}])["tilt@end"][0] == pytest.approx(alone, abs=1e-15)
    assert lucky.run_experiments([{}])["tilt@end"][0] != pytest.approx(alone, abs=1e-6)


def test_what_a_point_leaves_out_has_its_default_or_the_scenarios_value(short):
    model = ema.TwoChairsModel(short, ranges={"negativity": None}, outcomes=("tilt@end",))
    model.uncertainties = [RealParameter("rival_cap_security", 0.3, 1.0, default=0.9)]
    asked = [Sample(negativity=0.3), Sample(negativity=0.5)]
    fast = side_by_side(model, scenarios=asked)
    assert same(fast, perform_experiments(model, scenarios=asked, **QUIET))
    scenario = load_scenario(short, {"negativity": 0.5, "rival_cap_security": 0.9})
    assert fast[1]["tilt_end"][1] == TwoChairs(scenario).run().outcome("tilt")[-1, 0]


def test_default_ranges_are_those_of_a_sweep(short):
    model = ema.TwoChairsModel(short)
    bounds = {u.name: (u.lower_bound, u.upper_bound) for u in model.uncertainties}
    share = load_scenario(short).parameters["negativity"]
    assert bounds["negativity"] == (share.low, share.high)
    assert bounds["utility_weights_3"] == (0.0, 1.0)
    assert "seat_taken" not in bounds
    assert not [name for name in PARAMETERS if hasattr(model, name)]


def test_many_at_once_are_cut_into_chunks(short, monkeypatch):
    model = ema.TwoChairsModel(short, ranges=RANGES, replicates=2, outcomes=("tilt@end",))
    asked = points(7)
    whole = side_by_side(model, scenarios=asked)
    monkeypatch.setattr(ema, "CHUNK", 5)
    assert model.at_once == 2
    assert same(whole, side_by_side(model, scenarios=asked))


@pytest.fixture
def designed(short):
    """Return the results of a design by their own sampler: one parameter matters, one does not."""
    ranges = {"institution_share": None, "welfare_rival_weight": (1.0, 3.0)}
    model = ema.TwoChairsModel(short, ranges=ranges, outcomes=("tilt@end",), luck=False)
    return side_by_side(model, scenarios=200, uncertainty_sampling=Samplers.LHS)


def inputs(experiments):
    return experiments.drop(columns=["scenario", "policy", "model"])


def test_their_feature_scoring_finds_what_matters(designed):
    from ema_workbench.analysis import feature_scoring

    experiments, outcomes = designed
    scores = feature_scoring.get_feature_scores_all(inputs(experiments), outcomes)
    assert scores.loc["institution_share", "tilt_end"] > 0.85


def test_their_prim_and_cart_find_the_box(designed):
    from ema_workbench.analysis import cart, prim

    experiments, outcomes = designed
    low = np.quantile(outcomes["tilt_end"], 0.3)
    cases = outcomes["tilt_end"] < low
    try:
        rules = prim.Prim(inputs(experiments), cases, threshold=0.8)
    except TypeError:  # EMA Workbench 3 asks for no threshold
        rules = prim.Prim(inputs(experiments), cases)
    box = rules.find_box()
    assert box.peeling_trajectory["density"].max() == 1.0
    limits = box.box_lims[-1]["institution_share"]
    assert limits.max() - limits.min() < 0.2
    tree = cart.CART(inputs(experiments), cases)
    tree.build_tree()
    assert max(stats["density"] for stats in tree.stats) == 1.0


def test_their_sobol_design_goes_to_salib(short):
    from ema_workbench.em_framework import get_SALib_problem
    from SALib.analyze import sobol

    ranges = {"institution_share": None, "welfare_rival_weight": (1.0, 3.0)}
    model = ema.TwoChairsModel(short, ranges=ranges, outcomes=("tilt@end",), luck=False)
    _, outcomes = side_by_side(model, scenarios=64, uncertainty_sampling=Samplers.SOBOL)
    assert outcomes["tilt_end"].shape == (64 * 6,)
    problem = get_SALib_problem(model.uncertainties)
    found = sobol.analyze(problem, outcomes["tilt_end"], seed=1)
    totals = dict(zip(problem["names"], found["ST"], strict=True))
    assert totals["institution_share"] == pytest.approx(1.0, abs=0.25)
    assert totals["welfare_rival_weight"] == 0.0


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ranges": {"policy": None}}, "ranges: policy: EMA Workbench keeps this name for itself; "
         "give the condition another id"),
        ({"ranges": {"institution_shar": None}}, "ranges: institution_shar: nothing of this name; "
         "did you mean 'institution_share'?"),
        ({"ranges": {"weight_economy": None}}, "ranges: weight_economy: is one of a sum; vary all "
         "of it as 'domain_weights'"),
        ({"ranges": {"fear": (2, 1)}}, "ranges: fear: the range 2 to 1 must rise and lie in 0 to "
         "100; change its ends"),
        ({"outcomes": ("tilt@never", "titl")}, "outcomes: tilt@never: 'never' is no Monday of the "
         "run; write NAME@2020-10-05 or NAME@end\noutcomes: titl: 'titl' is not an outcome; did "
         "you mean 'tilt'?"),
        ({"replicates": 0}, "replicates=0: must be at least 1"),
        ({"seed": -1}, "seed=-1: must be at least 0"),
        ({"name": "—"}, "name='—': holds no letter; choose another"),
    ],
)  # fmt: skip
def test_a_wrong_model_is_refused(short, given, message):
    with pytest.raises(InputError) as refused:
        ema.TwoChairsModel(short, **given)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fear": 0.9, "feer": 1}, "experiment: feer: nothing of this name; did you mean 'fear'?"),
        ({"weight_economy": 1.0}, "experiment: weight_economy: is one of a sum; set all of it by "
         "its coordinates: domain_weights_1, domain_weights_2"),
        ({"domain_weights_1": 0.2}, "experiment: domain_weights: needs all its coordinates, 2; "
         "has 1"),
        ({"war_load": 1.5}, "experiment: war-load: must lie in 0 to 1; is 1.5 to 1.5"),
    ],
)  # fmt: skip
def test_a_wrong_experiment_is_refused(short, settings, message):
    with pytest.raises(InputError) as refused:
        ema.TwoChairsModel(short).run_experiments([settings])
    assert str(refused.value) == message


def test_a_number_that_is_not_finite_is_refused(short, monkeypatch):
    model = ema.TwoChairsModel(short, ranges={"fear": None}, outcomes=("tilt@end",))
    run = ema.values_of

    def broken(*asked):
        values = run(*asked)
        values[0, 1] = np.nan
        return values

    monkeypatch.setattr(ema, "values_of", broken)
    message = "experiments: tilt@end: is no finite number in 1 of 3; narrow the ranges"
    with pytest.raises(InputError) as refused:
        model.run_experiments([{"fear": 0.6}, {"fear": 0.7}, {"fear": 0.8}])
    assert str(refused.value) == message


def test_a_model_of_another_kind_is_refused():
    with (
        pytest.raises(InputError, match=r"^SideBySideEvaluator: other: is no TwoChairsModel"),
        ema.SideBySideEvaluator(Model("other", function=twice)),
    ):
        pass


def test_without_the_workbench_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    monkeypatch.delitem(sys.modules, "two_chairs_lab.connectors.ema")
    monkeypatch.setattr(connectors, "ema", ema)
    with pytest.raises(InputError) as refused:
        importlib.import_module("two_chairs_lab.connectors.ema")
    assert str(refused.value) == (
        "two_chairs_lab.connectors.ema: EMA Workbench is not installed; "
        f"install it with: {remedy('ema')}"
    )
