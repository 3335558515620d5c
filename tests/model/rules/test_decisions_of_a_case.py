"""Numbers of the decision rules that a case gives itself: they reach the rules, others stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from builders import bundled, run
from two_chairs.axes import (
    ADVERSARY_ACTS,
    COERCE,
    HEDGE,
    INCUMBENT_ACTS,
    LOYAL,
    POSTURES,
    REWARD,
    RIVAL_ACTS,
)
from two_chairs.rules.acts import USUAL, table_of
from two_chairs.rules.alliance import TEST_DOMAINS, domains_of_test
from two_chairs.rules.pivot import ENGAGEMENTS
from two_chairs.scenario.files import read_case
from two_chairs.scenario.records import Decisions
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.unit

OWN = read_case(Path(__file__).parents[2] / "format/valid/own-decisions/case.toml").decisions


def with_decisions():
    scenario = bundled()
    case = scenario.case.model_copy(update={"decisions": OWN})
    return scenario.model_copy(update={"case": case})


def test_a_case_that_says_nothing_leaves_the_tables_and_its_record_as_they_are():
    silent = bundled().case.model_copy(update={"decisions": Decisions()})
    model = TwoChairs(bundled().model_copy(update={"case": silent}))
    table = model.actors[model.roles.incumbent].behaviour.table
    assert table.scores.tolist() == [USUAL[act].score for act in INCUMBENT_ACTS]
    assert np.array_equal(model.state.engagements, ENGAGEMENTS)
    assert "decisions" not in silent.model_dump()


def test_the_bundled_case_states_every_number_that_the_program_would_take():
    own, silent = bundled().case.decisions, Decisions()
    assert set(own.postures) == set(POSTURES)
    assert np.array_equal(own.engagements(ENGAGEMENTS), silent.engagements(ENGAGEMENTS))
    for options in (INCUMBENT_ACTS, RIVAL_ACTS, ADVERSARY_ACTS):
        assert set(options) - {"NEGLECT", "HOLD", "REFRAIN"} <= set(own.acts)
        stated, usual = table_of(options, own), table_of(options, silent)
        assert np.array_equal(stated.scores, usual.scores)
        assert np.array_equal(stated.domains, usual.domains)
        assert np.array_equal(stated.material, usual.material)
    assert np.array_equal(domains_of_test(own), TEST_DOMAINS)


@pytest.mark.long
def test_a_case_says_with_which_posture_it_opens():
    hedging = bundled().case.decisions.model_copy(update={"opening": "HEDGE"})
    case = bundled().case.model_copy(update={"decisions": hedging})
    scenario = bundled().model_copy(update={"case": case, "postures": ()})
    assert run(scenario).arrays["posture"][0, 0] == HEDGE
    assert case.model_dump()["decisions"]["opening"] == "HEDGE"


def test_what_a_case_says_reaches_the_rules_and_only_that():
    model = TwoChairs(with_decisions())
    table = model.actors[model.roles.incumbent].behaviour.table
    assert table.domains[REWARD].tolist() == [0.2, 0.6, 0.2]
    assert table.scores[REWARD] == 7.0
    assert table.material[REWARD] == USUAL["REWARD"].material
    assert tuple(table.domains[COERCE]) == USUAL["COERCE"].domains
    pivot = model.actors[model.roles.pivot].behaviour
    for engagements in (pivot.engagements, model.state.engagements):
        assert engagements[HEDGE].tolist() == [[0.5, 0.8, 0.5], [0.4, 0.6, 0.7]]
        assert engagements[LOYAL].tolist() == ENGAGEMENTS[LOYAL].tolist()
    assert domains_of_test(OWN).tolist() == [0.6, 0.1, 0.3] != TEST_DOMAINS.tolist()
    assert with_decisions().case.model_dump()["decisions"]["acts"]["REWARD"]["score"] == 7.0


@pytest.mark.long
def test_they_change_a_run():
    usual, own = run(bundled()), run(with_decisions())
    assert not np.array_equal(usual.arrays["tilt"][-1], own.arrays["tilt"][-1])
