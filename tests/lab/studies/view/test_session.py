"""What the page remembers: changes, undoing, the link, problems at their controls."""

from __future__ import annotations

import datetime

import pytest

from builders import own_row
from two_chairs.errors import InputError
from two_chairs_lab.studies.view.session import Session
from two_chairs_lab.studies.view.state import Changes, PageRecord, Settings, link_text, read_link

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("elsewhere")]

DAY = datetime.date(2024, 6, 3)
ROW = own_row(DAY)


@pytest.fixture
def session():
    return Session.of("baseline")


@pytest.mark.long
def test_each_change_can_be_undone_and_all_be_reset(session):
    session.switch(["C03", "C07"], on=False)
    session.fix("negativity", 1.2)
    assert session.changes == Changes(off=("C03", "C07"), parameters={"negativity": 1.2})
    session.undo()
    assert session.changes == Changes(off=("C03", "C07"))
    session.switch(["C03"], on=True)
    assert session.changes.off == ("C07",)
    session.reset()
    assert session.changes == Changes()
    assert session.scenario.events == session.now.base.scenario.events
    session.undo()
    assert session.changes.off == ("C07",)
    assert "C07" not in {event.id for event in session.scenario.events}


@pytest.mark.long
def test_undoing_goes_back_to_what_was_opened_and_no_further(session):
    session.switch(["C07"], on=False)
    session.undo()
    session.undo()
    assert session.changes == Changes()
    assert session.past == []


@pytest.mark.long
def test_a_fixed_parameter_is_released(session):
    session.fix("negativity", 1.2)
    session.fix("fear", 1.0)
    session.release("negativity")
    assert session.changes.parameters == {"fear": 1.0}


@pytest.mark.long
def test_a_weight_that_is_given_back_is_no_change(session):
    session.weigh("C07", 0.25)
    assert session.changes.weights == {"C07": 0.25}
    session.weigh("C07", 1.0)
    assert session.changes == Changes()


def test_the_reference_is_what_was_opened_and_not_the_last_change(session):
    session.switch(["C07"], on=False)
    session.switch(["C03"], on=False)
    assert session.reference().changes == Changes()
    assert session.reference().settings == session.now.settings


def test_events_are_added_and_removed(session):
    session.add_event(ROW)
    assert "E1" in {event.id for event in session.scenario.events}
    session.remove_event("E1")
    assert session.changes == Changes()


@pytest.mark.long
def test_what_can_not_be_is_told_at_its_control_and_changes_nothing(session):
    session.add_event(ROW.model_copy(update={"action": "provide-ait"}))
    (problem,) = session.problems["form"]
    assert problem.startswith("add[E1].action: 'provide-ait' is not in the codebook")
    assert session.changes == Changes()
    assert session.past == []
    session.add_event(ROW)
    assert session.problems == {}
    session.set_on_date("posture", date=DAY, posture="PIVOT", until=None)
    session.set_on_date("posture", date=DAY, posture="LOYAL", until=None)
    assert "is set twice" in session.problems["dated"][0]


@pytest.mark.long
def test_a_link_holds_the_whole_state(session):
    session.switch(["C07"], on=False)
    session.add_event(ROW)
    session.set_on_date("condition", date=DAY, condition="peace", value=0.4)
    session.set_on_date("posture", date=DAY, posture="PIVOT", until=None)
    session.go_to("settings", session.now.__class__(
        session.now.base, session.changes, Settings(worlds=64, seed=3, luck=False)
    ))  # fmt: skip
    other = Session.of("no-attacks")
    other.follow(link_text(session.now.record()))
    assert other.now == session.now
    assert other.scenario == session.scenario
    assert other.name == "armenia/baseline"


def test_a_link_opens_no_other_file_than_the_page_has():
    record = PageRecord(scenario="/etc/scenario.toml")
    with pytest.raises(InputError, match="start the page with: two-chairs view '/etc/scen"):
        read_link(link_text(record), ["mine.toml"])
    assert read_link(link_text(record), ["/etc/scenario.toml"]) == record
    with pytest.raises(InputError, match="copy it again"):
        read_link('{"scenario": "baseline", "worlds": 3}', [])


@pytest.mark.long
def test_opening_something_else_keeps_the_tray(session):
    session.tray["kept"] = session.now
    session.open("scenario", "no-atacks")
    assert "did you mean 'no-attacks'?" in session.problems["scenario"][0]
    assert session.name == "armenia/baseline"
    session.open("scenario", "no-attacks")
    assert (session.name, list(session.tray), session.problems) == (
        "armenia/no-attacks",
        ["kept"],
        {},
    )


@pytest.mark.long
def test_the_page_opens_no_file_outside_the_folder_it_was_started_in(
    session, tmp_path, monkeypatch
):
    home = tmp_path / "home"
    home.mkdir()
    elsewhere = tmp_path / "theirs.toml"
    elsewhere.write_text('extends = "baseline"\ntitle = "t"\nquestion = "q"\n', encoding="utf-8")
    (home / "link.toml").symlink_to(elsewhere)
    monkeypatch.chdir(home)
    for name in (str(elsewhere), "../theirs.toml", "link.toml"):
        session.open("open", name)
        assert session.problems["open"] == [
            f"{name}: lies outside {home}, the folder that the page was started in; "
            "choose a place in it"
        ]
        assert session.name == "armenia/baseline"
    (home / "mine.toml").write_text(elsewhere.read_text())
    session.open("open", "mine.toml")
    assert (session.problems, session.name) == ({}, "mine.toml")
