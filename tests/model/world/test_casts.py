"""Cases in which the parts are cast otherwise: who may attack, coerce, offer, and who may not."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a
from toys import (
    ATTACKING_PATRON,
    FAR_FROM_KARN,
    NO_ADVERSARY,
    OLD_CHAIR_OF_OFFERS,
    TWO_ADVERSARIES,
    toy,
)
from two_chairs.rules.position import loss, loss_of
from two_chairs.world.simulation import Simulation

pytestmark = [pytest.mark.unit, pytest.mark.long]
WORLDS = range(200)


def ran(scenario, **options):
    return Simulation(scenario, WORLDS, seed=1, **options).run()


def test_a_patron_attacks_the_state_that_it_is_a_patron_of(tmp_path):
    paths = ran(toy(tmp_path, *ATTACKING_PATRON))
    attacked = paths.outcome("chose:KRN:ATTACK")[-1] > 0
    assert 0.2 < attacked.mean() < 1.0
    first = np.argmax(paths.outcome("chose:KRN:ATTACK") > 0, axis=0)
    worlds = np.flatnonzero(attacked)
    regard, threat = paths.outcome("VES>KRN:security"), paths.outcome("threat")
    assert (regard[first[worlds], worlds] < regard[first[worlds] - 1, worlds]).all()
    assert (threat[first[worlds], worlds] > threat[first[worlds] - 1, worlds]).all()


def test_who_answers_the_attack_of_a_patron_is_the_other_patron(tmp_path):
    paths = ran(toy(tmp_path, *ATTACKING_PATRON))
    attacked = paths.outcome("chose:KRN:ATTACK")[-1] > 0
    own, other = (paths.outcome(f"belief:{patron}") for patron in ("incumbent", "rival"))
    assert np.allclose(own, own[0, 0])
    assert (other[-1, attacked] != other[0, attacked]).all()
    assert np.allclose(other[:, ~attacked], other[0, 0])
    answers = paths.arrays["defended"]
    assert set(np.unique(answers)) <= {-1, 0, 1}
    assert ((answers >= 0).sum(axis=0) == paths.outcome("chose:KRN:ATTACK")[-1]).all()


def test_a_patron_that_loses_nothing_does_not_attack(tmp_path):
    calm = "[parameters]\ntolerated_tilt = { value = 0.9, low = 0.9, high = 0.9 }\n"
    paths = ran(toy(tmp_path, *ATTACKING_PATRON, more=calm))
    assert (paths.outcome("chose:KRN:ATTACK")[-1] == 0).all()


def test_a_patron_does_not_protect_from_itself(tmp_path):
    scenario = toy(tmp_path, *ATTACKING_PATRON)
    hazards = []
    for held in (0.1, 0.9):
        model = Simulation(scenario, range(2), luck=False)
        model.step()
        threat = model.actors[model.roles.incumbent].behaviour.threat
        model.state.position.seats[0, 0] = held
        from two_chairs.world.week import scene

        hazards.append(threat.weigh(scene(model), 0.5).hazard[0])
    assert hazards[0] == hazards[1] > 0.0


def test_without_an_adversary_nobody_attacks_and_conditions_may_be_left_out(tmp_path):
    scenario = toy(tmp_path, *NO_ADVERSARY)
    assert set(scenario.case.conditions) == {"engagement"}
    paths = ran(scenario)
    assert (paths.arrays["defended"] == -1).all()
    assert np.allclose(paths.outcome("belief:incumbent"), paths.outcome("belief:incumbent")[0, 0])
    assert np.ptp(paths.outcome("tilt")[-1]) > 0.0


def test_two_adversaries_attack_each_by_its_own_luck(tmp_path):
    scenario = toy(tmp_path, *TWO_ADVERSARIES)
    streams = [scenario.case.part(key).threat_stream for key in ("DOL", "ISL")]
    assert streams == ["choice/adversary", "choice/adversary/ISL"]
    paths = ran(scenario)
    one, other = (paths.outcome(f"chose:{key}:ATTACK")[-1] for key in ("DOL", "ISL"))
    assert one.max() > 0
    assert other.max() > 0
    assert (one != other).any()
    alone = tmp_path / "alone"
    alone.mkdir()
    single = ran(toy(alone))
    first = slice(0, 13)  # the first quarter: what came later has other causes too
    assert np.array_equal(single.arrays["choices"][first, 3], paths.arrays["choices"][first, 3])


def test_the_old_chair_may_be_of_offers_and_the_other_one_of_threats(tmp_path):
    scenario = toy(tmp_path, *OLD_CHAIR_OF_OFFERS, *FAR_FROM_KARN)
    model = Simulation(scenario, WORLDS, seed=1)
    assert model.roles.coercing == (False, True)
    assert model.roles.offering == (True, True)
    assert model.sphere.holders == (model.roles.rival,)
    paths = model.run()
    assert paths.outcome("chose:LGE:OFFER")[-1].max() > 0
    assert paths.outcome("chose:KRN:WARN")[-1].max() > 0
    assert paths.outcome("chose:KRN:ATTACK")[-1].max() > 0
    coerced = paths.outcome("chose:KRN:COERCE")[-1] > 0
    assert coerced.any()
    assert (paths.outcome("coercion").max(axis=0) > 0).tolist() == coerced.tolist()


def test_a_pivot_can_turn_from_the_old_chair_of_offers_to_the_other_pole(tmp_path):
    swapped = (
        ('"VES>KRN" = { security = 0.5, economy = 0.5, politics = 0.5',
         '"VES>KRN" = { security = 0.7, economy = 0.7, politics = 0.7'),
        ('"VES>LGE" = { security = 0.2, economy = 0.2, politics = 0.2',
         '"VES>LGE" = { security = -0.5, economy = -0.3, politics = -0.5'),
        ("engagement = { value = 0.8", "engagement = { value = 0.05"),
    )  # fmt: skip
    paths = ran(toy(tmp_path, *OLD_CHAIR_OF_OFFERS, *swapped))
    assert paths.outcome("posture:PIVOT")[-1].mean() > 0.5
    assert paths.outcome("chose:LGE:DISENGAGE")[-1].mean() > 1.0
    assert np.median(paths.outcome("tilt")[-1]) > 0.2


def test_coercion_of_the_other_pole_is_its_own(tmp_path):
    pressed = '[[interventions]]\nid = "press"\ndate = 2031-02-03\ncoercion = 0.6\nsource = "t"\n'
    scenario = toy(tmp_path, *OLD_CHAIR_OF_OFFERS, more=pressed)
    model = Simulation(scenario, range(2), luck=False)
    for _ in range(6):
        model.step()
    assert model.state.coercion[:, 0].tolist() == [0.0, 0.6]
    with_it, seats = model.outcome("welfare")[0], model.state.position.seats
    model.state.coercion[1] = 0.0
    p = model.p
    lost = p.welfare_rival_weight * p.rival_economic_dependence * seats[1, 1, 0] * 0.6
    whole = p.incumbent_economic_dependence + p.welfare_rival_weight * p.rival_economic_dependence
    assert model.outcome("welfare")[0] - with_it == pytest.approx(float((lost / whole)[0]))


def test_both_patrons_measure_their_loss_alike(tmp_path):
    p = Simulation(toy(tmp_path), range(2)).p
    tilts = a(-0.6, -0.2, 0.0, 0.4)
    assert np.array_equal(loss_of(tilts, p, 0), loss(tilts, p))
    assert np.array_equal(loss_of(tilts, p, 1), loss(-tilts, p))


def test_a_record_of_a_case_says_what_was_written_and_is_read_again(tmp_path):
    case = toy(tmp_path, *OLD_CHAIR_OF_OFFERS).case
    assert type(case).model_validate(case.model_dump()) == case
    karn = case.model_dump()["actors"]["KRN"]
    assert karn["role"] == "rival"
    assert karn["acts"] == ("NEGLECT", "WARN", "REWARD", "COERCE", "OFFER", "ATTACK")
    assert case.repertoire("rival") == (
        "NEGLECT", "WARN", "REWARD", "COERCE", "OFFER", "ATTACK",
    )  # fmt: skip
    assert set(case.model_dump()["actors"]["ISL"]) == {"name", "role"}
