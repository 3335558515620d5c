"""What draws were fitted to: another case's are refused, a changed row keeps no drawn weight."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from commands import two_chairs
from two_chairs.draws import draw_inputs
from two_chairs.errors import Caution, InputError, Notice
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.library import bundled_cases
from two_chairs.scenario.provenance import at_defaults, event_fingerprint, same_draws
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.write import write_complete

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("elsewhere")]
HEAD = 'title = "t"\nquestion = "?"\nextends = "armenia/baseline"\n'


def copied(folder):
    """Copy the bundled case to a folder of one's own."""
    shutil.copytree(bundled_cases()["armenia"], folder)
    return folder


def row(event, **changes):
    """Return a ledger row as a table of ``[[add]]``, with changes."""
    table = event.model_dump(mode="json", exclude_none=True) | changes
    values = (f"{k} = {v if k == 'date' else json.dumps(v)}" for k, v in table.items() if v != "")
    return "\n".join(["[[add]]", *values]) + "\n"


def weights(scenario):
    return draw_inputs(scenario, Luck(0, np.arange(200)))[1]


def changed(elsewhere, **changes):
    """Return the baseline with a row of the same id and other content, and the id."""
    baseline = load_scenario("armenia/baseline")
    event = next(e for e in baseline.events if e.weight_low < e.weight_high)
    text = f'{HEAD}drop = ["{event.id}"]\n{row(event, **changes)}'
    (elsewhere / "own.toml").write_text(text, encoding="utf-8")
    return event.id


@pytest.mark.long
def test_the_draws_of_another_case_are_refused_by_name(elsewhere):
    folder = copied(elsewhere / "mine")
    with pytest.raises(
        InputError, match=r"file: its draws are those of the case 'armenia', and th"
    ):
        load_scenario(str(folder / "baseline.toml"))


@pytest.mark.long
def test_a_case_that_changed_since_the_fit_is_told(elsewhere):
    folder = copied(elsewhere / "armenia")
    text = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(
        text.replace("security = 0.75", "security = 0.70", 1), encoding="utf-8"
    )
    with pytest.warns(
        Caution, match=r"the case has changed in baselines since its draws were fitted"
    ):
        load_scenario(str(folder / "baseline.toml"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("institutions", "freeze_weeks = 26", "freeze_weeks = 13"),
        ("institutions", 'seat = "incumbent"\nstart = 1.0', 'seat = "incumbent"\nstart = 0.9'),
        ("decisions", 'opening = "LOYAL"', 'opening = "HEDGE"'),
        ("decisions", "score = -8.0", "score = -7.0"),
        ("decisions", "security = 0.95, economy = 0.95", "security = 0.90, economy = 0.95"),
    ],
)
def test_draws_fitted_to_other_ties_or_decisions_are_told(elsewhere, table, old, new):
    case = copied(elsewhere / "armenia") / "case.toml"
    text = case.read_text(encoding="utf-8")
    assert old in text
    case.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.warns(Caution, match=rf"the case has changed in {table} since its draws were"):
        load_scenario(str(case.with_name("baseline.toml")))


@pytest.mark.long
def test_a_record_from_before_a_table_was_recorded_is_told(elsewhere):
    folder = copied(elsewhere / "armenia")
    record = json.loads((folder / "posterior.json").read_text(encoding="utf-8"))
    del record["fitted"]["tables"]["institutions"]
    (folder / "posterior.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.warns(Caution, match=r"changed in institutions since .* or their record does not"):
        load_scenario(str(folder / "baseline.toml"))


@pytest.mark.long
def test_a_tie_or_a_posture_told_in_other_words_is_the_one_fitted(elsewhere):
    case = copied(elsewhere / "armenia") / "case.toml"
    text = case.read_text(encoding="utf-8")
    for old in ('name = "Eurasian Economic Union', 'source = "score: CAMEO 163'):
        assert old in text
        text = text.replace(old, old + " (told otherwise)")
    case.write_text(text, encoding="utf-8")
    load_scenario(str(case.with_name("baseline.toml")))


@pytest.mark.long
def test_draws_without_their_record_or_with_another_are_refused(elsewhere):
    folder = copied(elsewhere / "armenia")
    draws, record = folder / "posterior.csv", folder / "posterior.json"
    lines = draws.read_text(encoding="utf-8").splitlines()
    draws.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"posterior\.json: is the record of other draws than post"
    ):
        load_scenario(str(folder / "baseline.toml"))
    record.write_text("{", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"posterior\.json: is cut or no record of draws; copy both"
    ):
        load_scenario(str(folder / "baseline.toml"))
    record.unlink()
    with pytest.raises(
        InputError, match=r"posterior\.csv: no record posterior\.json stands beside"
    ):
        load_scenario(str(folder / "baseline.toml"))


@pytest.mark.long
def test_what_a_scenario_says_of_draws_is_what_their_record_says(elsewhere):
    folder = copied(elsewhere / "armenia")
    path = folder / "baseline.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("17 poll answers", "99 poll answers"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"baseline\.toml: posterior\.source: is not what posterior"
    ):
        load_scenario(str(path))


@pytest.mark.long
@pytest.mark.parametrize("changes", [{"goldstein": 1.5}, {"weight": 0.6}, {"date": "2023-01-02"}])
def test_a_row_of_the_same_id_and_other_content_takes_no_drawn_weight(changes, elsewhere):
    key = changed(elsewhere, **changes)
    with pytest.warns(
        Notice, match=rf"fitted to other rows of the same ids \({key}\); their weigh"
    ):
        own = load_scenario("own.toml")
    assert f"weight:{key}" in own.posterior.overruled
    baseline, bare = load_scenario("armenia/baseline"), own.without_posterior()
    assert not np.array_equal(weights(own)[key], weights(baseline)[key])
    np.testing.assert_array_equal(weights(own)[key], weights(bare)[key])
    assert not same_draws(own, baseline)


def test_a_row_told_in_other_words_keeps_its_drawn_weight(elsewhere):
    key = changed(elsewhere, says="In other words.", document="another")
    own, baseline = load_scenario("own.toml"), load_scenario("armenia/baseline")
    np.testing.assert_array_equal(weights(own)[key], weights(baseline)[key])
    assert same_draws(own, baseline)


def test_a_fingerprint_is_of_numbers_and_names():
    one, other = load_scenario("armenia/baseline").events[:2]
    assert event_fingerprint(one) != event_fingerprint(other)
    assert event_fingerprint(one) == event_fingerprint(one.model_copy(update={"says": "x"}))


@pytest.mark.long
def test_a_complete_copy_keeps_what_its_draws_rest_on(elsewhere):
    baseline = load_scenario("armenia/baseline")
    copy = load_scenario(str(write_complete(baseline, elsewhere)))
    assert copy.posterior == baseline.posterior


def test_parameters_at_the_programs_defaults_are_counted(elsewhere):
    baseline = load_scenario("armenia/baseline")
    usual = at_defaults(baseline)
    assert not set(usual) & set(baseline.case.parameters)
    assert {name for name, info in PARAMETERS.items() if info.default is None}.isdisjoint(usual)
    name = usual[0]
    value = baseline.parameters[name].value
    (elsewhere / "own.toml").write_text(f"{HEAD}[parameters]\n{name} = {value}\n", encoding="utf-8")
    assert set(at_defaults(load_scenario("own.toml"))) == set(usual) - {name}
    said = two_chairs("check", "own.toml").stdout
    assert f"{len(usual) - 1} of {len(baseline.parameters)} parameters at the program's d" in said
