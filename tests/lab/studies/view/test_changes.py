"""What is changed on the live page: as a file and back, and run bit for bit."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from builders import bundled
from commands import environment, refused, two_chairs
from two_chairs import extras
from two_chairs.errors import InputError
from two_chairs.scenario.files import read_events
from two_chairs.scenario.records import DatedCondition, EventRow, Intervention
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.results.folder import write_json
from two_chairs_lab.results.manifest import MANIFEST
from two_chairs_lab.studies.answer import ensemble_basis
from two_chairs_lab.studies.run.rerun import open_scenario
from two_chairs_lab.studies.view import serving
from two_chairs_lab.studies.view.changes import resolved
from two_chairs_lab.studies.view.files import events_csv, opened, record_path, save
from two_chairs_lab.studies.view.state import Base, Changes, PageRecord, PageState, Settings

pytestmark = [pytest.mark.command, pytest.mark.long, pytest.mark.usefixtures("elsewhere")]

DAY = datetime.date(2024, 6, 3)
AID = EventRow(
    id="E1", date=DAY, actor="WST", target="ARM", action="provide-military-aid", weight=0.4,
    document="a page", says="Aid, with a comma and a \"quote\"",
)  # fmt: skip
CHANGES = Changes(
    off=("S03",),
    weights={"C07": 0.3, "S09": 0.2, "C12": 1.7},
    added=(AID,),
    parameters={"negativity": 1.37},
    dated=(
        DatedCondition(id="c", date=DAY, condition="peace", value=0.4, source="page"),
        Intervention(id="i", date=DAY, posture="PIVOT", source="page"),
    ),
    title='A "title" with | and \\ and ü',
)
SETTINGS = Settings(worlds=12, seed=3, vary=True, luck=False)


def leave_result(folder, name, worlds, seed, **given):
    """Leave the manifest of a run, without its figures."""
    opened_one = open_scenario(name, Ensemble(load_scenario(name, given), worlds, seed))
    record = ensemble_basis("run", opened_one.ensemble, opened_one.inputs).manifest()
    Path(folder).mkdir()
    write_json(Path(folder) / MANIFEST, record)


def paths_of(scenario, settings=SETTINGS):
    asked = (settings.worlds, settings.seed, settings.vary, settings.luck)
    return run_ensemble(Ensemble(scenario, *asked))


def assert_same_bits(one, other):
    assert one.dates == other.dates
    for name, array in one.arrays.items():
        assert np.array_equal(array, other.arrays[name]), name


def test_changes_do_what_they_say():
    base = opened("baseline").base
    scenario = resolved(base, CHANGES)
    events = {event.id: event for event in scenario.events}
    before = {event.id: event for event in base.scenario.events}
    assert set(before) - set(events) == {"S03"}
    assert (events["C07"].weight, events["S09"].weight) == (0.3, 0.2)
    scale = 1.7 / before["C12"].weight
    assert events["C12"].weight_low == before["C12"].weight_low * scale
    assert events["C12"].weight_high == before["C12"].weight_high * scale
    assert events["C07"].says == before["C07"].says
    assert scenario.parameters["negativity"].low == scenario.parameters["negativity"].high == 1.37
    assert {entry.id for entry in scenario.interventions} >= {"i"}
    assert (events["E1"].weight, events["E1"].says) == (0.4, AID.says)
    assert resolved(base, Changes()).events == base.scenario.events


@pytest.mark.filterwarnings("ignore::two_chairs.errors.Notice")
def test_a_saved_state_checks_and_runs_bit_for_bit_and_opens_again():
    state = PageState(opened("baseline").base, CHANGES, SETTINGS)
    command = save(state, Path("my page.toml"))
    assert command == "two-chairs run 'my page.toml' --worlds 12 --seed 3 --no-luck"
    assert two_chairs("check", "my page.toml").exit_code == 0
    shown = paths_of(resolved(state.base, state.changes))
    assert_same_bits(paths_of(load_scenario("my page.toml")), shown)
    words = ["run", "my page.toml", "--worlds", "12", "--seed", "3", "--no-luck", "--json"]
    tilt = json.loads(two_chairs(*words).stdout)["tilt"]["p50"]
    assert tilt == [round(float(v), 6) for v in np.quantile(shown.outcome("tilt"), 0.5, axis=-1)]
    assert opened("my page.toml") == state
    save(state, Path("my page.toml"))


@pytest.mark.filterwarnings("ignore::two_chairs.errors.Notice")
def test_what_is_saved_beside_a_scenario_is_a_typed_record():
    state = PageState(opened("baseline").base, CHANGES, SETTINGS)
    save(state, Path("mine.toml"))
    record = PageRecord.model_validate_json(record_path(Path("mine.toml")).read_bytes())
    assert record == state.record()
    text = Path("mine.toml").read_text()
    Path("mine.toml").write_text(text.replace("run it again with", "run it some day with"))
    assert opened("mine.toml") == state  # the prose of the note is for people alone
    Path("mine.toml").write_text(text.replace("negativity = 1.37", "negativity = 1.2"))
    assert opened("mine.toml").changes.parameters == {"negativity": 1.2}
    record_path(Path("mine.toml")).unlink()
    assert opened("mine.toml").changes == Changes()


def test_added_events_are_an_event_file():
    Path("own.csv").write_text(events_csv((AID,)))
    assert two_chairs("check", "own.csv").exit_code == 0
    rows, problems = read_events(Path("own.csv"))
    assert [row for _, row in rows] == [AID]
    assert problems == []


@pytest.mark.slow
def test_a_state_over_a_file_of_ones_own(tmp_path):
    Path("mine").mkdir()
    Path("mine/own.toml").write_text('title = "t"\nquestion = "q"\nextends = "no-attacks"\n')
    base = opened("mine/own.toml").base
    state = PageState(base, Changes(parameters={"negativity": 1.2}), Settings(worlds=3))
    for place in ("mine/saved.toml", "here.toml"):
        save(state, Path(place))
        assert opened(place) == state
        assert_same_bits(
            paths_of(load_scenario(place), state.settings),
            paths_of(resolved(base, state.changes), state.settings),
        )


@pytest.mark.slow
def test_a_result_whose_files_are_gone_is_opened_and_saved_whole():
    Path("own.toml").write_text(
        'title = "t"\nquestion = "q"\nextends = "baseline"\n[parameters]\nnegativity = 1.1\n'
    )
    leave_result("run", "own.toml", 4, 5)
    shown = paths_of(load_scenario("own.toml"), Settings(worlds=4, seed=5))
    Path("own.toml").unlink()
    state = opened("run")
    assert state.settings == Settings(worlds=4, seed=5)
    assert not state.base.is_kept
    save(PageState(state.base, Changes(off=("C07",)), state.settings), Path("saved.toml"))
    save(PageState(state.base, Changes(), state.settings), Path("same.toml"))
    assert_same_bits(paths_of(load_scenario("same.toml"), Settings(worlds=4, seed=5)), shown)
    assert "C07" not in {event.id for event in load_scenario("saved.toml").events}


def test_a_result_whose_files_stand_keeps_what_was_set_by_hand():
    leave_result("run", "baseline", 2, 0, negativity=1.2)
    state = opened("run")
    assert state.base.name == "armenia/baseline"
    assert state.changes.parameters == {"negativity": 1.2}


def test_problems_are_told_by_the_key_of_the_file():
    base = opened("baseline").base
    twice = Intervention(id="i", date=DAY, parameter="negativity", value=-1.0, source="page")
    with pytest.raises(InputError) as caught:
        resolved(base, Changes(dated=(twice,)))
    assert str(caught.value) == (
        "interventions[i].value: -1 is out of range; negativity must be from 0 to 100"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mine", "mine: is no name for a scenario file; write one such as mine.toml"),
        ("case.toml", "case.toml: is no name for a scenario file; write one such as mine.toml"),
        (
            "other.toml",
            "other.toml: is a file that the page has not saved; choose another name",
        ),
        (
            "nowhere/x.toml",
            "nowhere/x.toml: can not be written (No such file or directory); choose another place",
        ),
    ],
)
def test_what_can_not_be_saved_is_told(name, text):
    Path("other.toml").write_text('title = "kept"\n')
    with pytest.raises(InputError) as caught:
        save(PageState(opened("baseline").base, CHANGES, SETTINGS), Path(name))
    assert str(caught.value) == text
    assert [p.name for p in Path().iterdir()] == ["other.toml"]
    assert Path("other.toml").read_text() == 'title = "kept"\n'


@pytest.mark.parametrize("name", ["../x.toml", "out/x.toml", "/x.toml"])
def test_nothing_is_saved_outside_the_folder_the_page_was_started_in(name, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / "out").symlink_to(tmp_path)
    monkeypatch.chdir(home)
    with pytest.raises(InputError, match=r"x\.toml: lies outside .*choose a place in it"):
        save(PageState(opened("baseline").base, CHANGES, SETTINGS), Path(name))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home"]


def test_a_file_that_would_run_otherwise_is_not_left():
    """A file of the same name beside the saved one would be taken for the bundled scenario."""
    Path("baseline.toml").write_text('title = "t"\nquestion = "q"\nextends = "article"\n')
    with pytest.raises(InputError, match="would not run as the page shows it"):
        save(PageState(Base("baseline", bundled()), Changes(), SETTINGS), Path("x.toml"))
    assert [p.name for p in Path().iterdir()] == ["baseline.toml"]


@pytest.mark.needs("streamlit")
def test_view_refuses_in_one_line(monkeypatch):
    import socket

    with socket.socket() as taken:
        taken.bind((serving.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        _, told = refused("view", "--port", port, "--no-browser").splitlines()
    assert told.startswith(f"error: --port {port}: is taken or not allowed; try --port ")
    assert "did you mean 'baseline'?" in refused("view", "basline")
    Path("empty").mkdir()
    assert refused("view", "empty") == (
        "error: empty: is no folder of results: it holds no manifest.json; "
        "name one that a command has left"
    )
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    _, told = refused("view", "--no-browser").splitlines()
    assert told == (
        "error: two-chairs view: streamlit is not installed; "
        f"install it with: {extras.remedy('view')}"
    )


def test_view_needs_no_streamlit_to_be_refused():
    import subprocess

    code = (
        "import sys\nfrom two_chairs_lab.studies.view.files import opened\nopened('baseline')\n"
        "assert 'streamlit' not in sys.modules\nassert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True)
