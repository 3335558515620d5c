"""What check says of the first day: what was lost before it, and treaties that are not there."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from builders import attack, bundled, event, mostly_long, quiet, run, with_events
from toys import ATTACKING_PATRON, FAR_FROM_KARN, TWO_ADVERSARIES, written_toy
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.opening import opening_tilt, silent_events
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.state import start_state

pytestmark = pytest.mark.format


def told(folder, *changes, more=""):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        load_scenario(str(written_toy(folder, *changes, more=more)))
    return sorted({str(warning.message) for warning in heard})


def test_a_patron_that_feels_a_loss_before_anything_has_happened_is_named(tmp_path):
    (line,) = [line for line in told(tmp_path, *FAR_FROM_KARN) if "feels a loss" in line]
    assert "toy.toml: parameters.incumbent_tolerated_tilt: Karn feels a loss of 0." in line
    assert "−0.30 is tolerated" in line
    assert "set incumbent_tolerated_tilt in the case" in line


def test_one_that_says_what_it_tolerates_means_it(tmp_path):
    own = "[parameters]\nincumbent_tolerated_tilt = -0.30\n"
    assert not [line for line in told(tmp_path, *FAR_FROM_KARN, more=own) if "feels a" in line]


def test_a_patron_without_an_act_that_heeds_a_loss_is_not_named(tmp_path):
    assert not [line for line in told(tmp_path) if "the League feels" in line]


def test_an_attack_is_not_covered_in_silence_by_a_treaty_that_is_not_there(tmp_path):
    (line,) = [line for line in told(tmp_path, *ATTACKING_PATRON) if "count as covered" in line]
    assert "parameters.attack_coverage: attacks by Karn count as covered by a treaty" in line
    assert "with the League, and no security-treaty stands on its seat" in line


@pytest.mark.parametrize("name", ["attack_coverage", "incumbent_attack_coverage"])
def test_coverage_that_is_given_is_meant(tmp_path, name):
    more = f"[parameters]\n{name} = 0.0\n"
    assert not [x for x in told(tmp_path, *ATTACKING_PATRON, more=more) if "count as covered" in x]


def test_threats_that_the_same_patron_is_to_answer_are_told_in_one_line(tmp_path):
    no_pact = ('seat = "incumbent"', 'seat = "rival"')
    lines = [x for x in told(tmp_path, *TWO_ADVERSARIES, no_pact) if "count as covered" in x]
    assert len(lines) == 1
    assert "the Isle count as covered by a treaty with Karn" in lines[0]
    assert " and " in lines[0].partition(" count as")[0]


def test_a_treaty_with_the_guarantor_covers(tmp_path):
    assert not [line for line in told(tmp_path) if "count as covered" in line]


@pytest.mark.parametrize("name", mostly_long(bundled_scenarios()))
def test_no_bundled_scenario_says_so_of_itself(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scenario = bundled(name)
    p = fixed_parameters(scenario)
    assert opening_tilt(scenario, p) == start_state(scenario, 1, p).position.tilt


def test_events_of_no_patron_move_no_seat_attacks_apart():
    hit = attack(4, 1.0, 1.0, defended=False)
    blockade = event(4, "AZE", "ARM", -8.0)
    visit = event(5, "WST", "ARM", 4.0)
    scenario = with_events(quiet(30, acting=True), hit, blockade, visit)
    assert silent_events(scenario) == [blockade]
    without = with_events(quiet(30, acting=True), hit, visit)
    seats = [run(each).arrays["seats"] for each in (scenario, without)]
    assert np.array_equal(*seats)


def test_with_a_mechanism_on_every_act_may_move_a_seat():
    blockade = event(4, "AZE", "ARM", -8.0)
    assert silent_events(with_events(quiet(30), blockade)) == [blockade]
    assert silent_events(with_events(quiet(30, balance_drift=0.1), blockade)) == []
