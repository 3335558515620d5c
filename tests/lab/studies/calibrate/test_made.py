"""Records that the model has made: their likelihood, and whether their makers are found again."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from builders import bundled
from commands import PLANS
from two_chairs.axes import LOYAL
from two_chairs_lab.engine.batch import Batch, Draw
from two_chairs_lab.statistics.uniformity import chance_if_uniform
from two_chairs_lab.studies.calibrate import made, study
from two_chairs_lab.studies.calibrate.deciding import STRICT, TREATY, Decided, DecisionPlan
from two_chairs_lab.studies.calibrate.foreseen import (
    attacks_before,
    simple_forecasts,
    simple_scores,
)
from two_chairs_lab.studies.calibrate.sample import decided_columns, predictors_of

PLAN = PLANS / "calibration.toml"


@pytest.fixture(scope="module")
def calibration():
    return study.resolve(study.read_plan(PLAN), str(PLAN))


@pytest.fixture(scope="module")
def told(calibration):
    """What three worlds leave of the record: name of the column → values."""
    scripted = bundled().model_copy(update={"agents_act_from": None})
    batch = Batch(scripted, np.arange(3), 0, Draw(luck=False))
    rows = predictors_of((), (12,), batch, calibration.decided, keeps=True)
    return dict(zip(decided_columns(calibration.decided, keeps=True), rows[1:], strict=True))


def chances_of(told, decided):
    sizes = decided.chance_sizes()
    of = {t: np.stack([told[f"chance:{t}:{n}"] for n in range(k)]) for t, k in sizes.items()}
    return made.Chances(decided, of, told[f"decision:{TREATY}"])


@pytest.mark.long
@pytest.mark.unit
def test_chances_say_of_the_record_what_its_terms_say(calibration, told):
    decided = calibration.decided
    chances = chances_of(told, decided)
    record = {t: decided.support[r][q] for r, ts in decided.terms.items() for q, t in ts.items()}
    record |= {"before": np.array([1]), TREATY: np.array([True])}
    terms = np.sum([told[f"decision:{name}"] for name in decided.names], axis=0)
    assert made.log_likelihood(chances, record) == pytest.approx(terms)


@pytest.mark.long
@pytest.mark.unit
def test_strict_reading_knows_the_best_supported_choice_alone(calibration, told):
    decided = calibration.decided
    chances = chances_of(told, decided)
    record = {
        term: np.where(np.arange(len(c)) == c.argmax(), 1.0, 0.01)
        for role, terms in decided.terms.items()
        for quarter, term in terms.items()
        for c in [decided.support[role][quarter]]
    }
    assert made.log_likelihood(chances, record) == pytest.approx(told[f"decision:{STRICT}"])


@pytest.mark.long
@pytest.mark.unit
def test_a_record_follows_its_row(calibration, told):
    """Of 400 records, an attack stands in as many first quarters as the hazard and slips say."""
    chances, generator = chances_of(told, calibration.decided), np.random.default_rng(0)
    records = [made.make_record(chances, 1, generator) for _ in range(400)]
    first = calibration.decided.terms["adversary"][0]
    hazard = float(chances.of[first][0, 1])
    share = np.mean([record[first].argmax() for record in records])
    assert share == pytest.approx(0.99 * hazard + 0.01 * (1.0 - hazard), abs=0.06)
    first = calibration.decided.terms["pivot"][0]
    stays = float(chances.steps(first)[LOYAL, LOYAL, 1])
    stayed = np.mean([record[first].argmax() == LOYAL for record in records])
    assert stayed == pytest.approx(0.97 * stays + 0.01 * (1.0 - stays), abs=0.06)
    assert records[0][first].sum() == pytest.approx(1.0)


@pytest.mark.unit
@pytest.mark.parametrize(("power", "right"), [(1.0, True), (4.0, False)])
def test_what_made_a_record_is_found_again_unless_it_is_misread(power, right, monkeypatch):
    """A patron of two choices over thirty quarters, its chance even in [0, 1]."""
    generator = np.random.default_rng(5)
    rate = generator.random(3000)
    quarters = {n: np.array([1.0, 0.01]) for n in range(30)}
    decided = Decided(
        DecisionPlan(), {"rival": quarters}, {"rival": {n: f"q{n}" for n in quarters}}, {}
    )
    chances = made.Chances(decided, {f"q{n}": np.stack([rate, 1.0 - rate]) for n in quarters})
    sample = SimpleNamespace(units={"rate": rate})
    asked = SimpleNamespace(plan=SimpleNamespace(seed=0, tests=120))
    plain = made.log_likelihood
    monkeypatch.setattr(made, "log_likelihood", lambda c, r: power * plain(c, r))
    found = made.recover_decisions(asked, sample, chances)
    assert set(found.ranks) == {"rate", made.LIKELIHOOD}
    assert (chance_if_uniform(found.ranks["rate"]) > 0.05) is right
    assert found.correlation("rate") > 0.9


@pytest.mark.unit
def test_simple_rules_learn_on_the_way(calibration):
    """Azerbaijan: no attack in two quarters, then one."""
    told = simple_forecasts(calibration, "AZE")
    assert [p.tolist() for p in told["shares"][:2]] == [[0.5, 0.5], pytest.approx([2 / 3, 1 / 3])]
    assert told["random-walk"][2] == pytest.approx(np.array([2.8, 1.0]) / 3.8)
    scenario = calibration.scenario
    assert [attacks_before(scenario, q) for q in range(4)] == [0, 0, 0, 1]
    assert told["attacks"][3].tolist() == [0.5, 0.5]  # nothing seen yet after one attack
    assert set(simple_scores(calibration, "AZE")) == set(told)
    support = calibration.decided.support["adversary"]
    last = {**support, 0: support[0][::-1].copy()}
    moved = replace(calibration.decided, support={**calibration.decided.support, "adversary": last})
    other = SimpleNamespace(decided=moved, scenario=scenario)
    assert simple_forecasts(other, "AZE")["shares"][1] == pytest.approx([1 / 3, 2 / 3])
