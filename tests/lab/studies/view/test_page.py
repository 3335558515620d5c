"""The page without a browser: every control does what it says, and odd scenarios are shown."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies import view

pytestmark = [pytest.mark.command, pytest.mark.long, pytest.mark.filterwarnings("ignore")]

testing = pytest.importorskip("streamlit.testing.v1", reason="Streamlit is not installed")
PAGE = Path(view.__file__).parent / "page.py"
HEAD = 'title = "<b>t</b> | `x`"\nquestion = "q"\nextends = "baseline"\nevents = []\ntargets = []\n'
TABS = ("What happens", "Why", "What if", "How sure", "Details")
LINK = '{"scenario":"baseline","settings":{"worlds":50}}'


@pytest.fixture
def page(monkeypatch, elsewhere):
    """Open the baseline in fifty worlds, which a link asks for."""
    return opened("baseline", monkeypatch, LINK)


def opened(name: str, monkeypatch, link: str = ""):
    monkeypatch.setattr(sys, "argv", ["page.py", name])
    page = testing.AppTest.from_file(str(PAGE), default_timeout=120)
    if link:
        page.query_params["state"] = link
    page.run()
    assert well(page), (page.exception, page.error)
    return page


def well(page) -> bool:
    return not page.exception and not page.error


def link_of(page):
    found = page.query_params["state"]
    return json.loads(found if isinstance(found, str) else found[0])


def button(page, label: str):
    return next(button for button in page.button if button.label.startswith(label))


def text_of(page) -> str:
    return "\n".join(entry.value for entry in (*page.markdown, *page.caption))


def paired_tilt(*off: str) -> float:
    with_all, without = (
        run_ensemble(Ensemble(scenario, 50)).outcome("tilt")[-1]
        for scenario in (load_scenario("baseline"), load_scenario("baseline").without(*off))
    )
    return float(np.median(without - with_all))


def moved(page) -> str:
    return page.metric[2].delta


def test_a_tile_tells_the_paired_difference_from_what_was_opened(page):
    assert moved(page) == ""
    page.checkbox(key="on/C07").uncheck().run()
    page.checkbox(key="on/C03").uncheck().run()
    assert well(page)
    told = f"{paired_tilt('C07', 'C03'):+.3f}".replace("-", "−")
    assert moved(page).startswith(f"{told} (")
    page.segmented_control(key="tab").set_value("What if").run()
    assert "| tilt | " in text_of(page)
    assert told in next(line for line in text_of(page).splitlines() if line.startswith("| tilt"))
    page.checkbox(key="on/C07").check().run()
    page.checkbox(key="on/C03").check().run()
    assert moved(page) == ""


def test_the_page_says_how_many_worlds_it_runs_and_how_many_run_does(page):
    assert "50 worlds" in text_of(page)
    assert re.search(r"'two-chairs run' takes \d+ worlds", text_of(page))
    page.select_slider[0].set_value(100).run()
    assert "100 worlds" in text_of(page)


def test_events_are_found_by_words_and_switched_by_group(page):
    page.text_input(key="search").set_value("peacekeepers 2020").run()
    keys = [box.key for box in page.checkbox if (box.key or "").startswith("on/")]
    assert keys == ["on/C01"]
    page.text_input(key="search").set_value("").run()
    page.selectbox(key="group/armenia/baseline").set_value("attacks").run()
    attacks = {event.id for event in load_scenario("baseline").events if event.is_attack}
    button(page, "All off").click().run()
    assert set(link_of(page)["changes"]["off"]) == attacks
    button(page, "Undo").click().run()
    assert "changes" not in link_of(page)


def test_an_event_is_added_by_the_form_and_removed(page):
    page.selectbox(key="form/actor").set_value("WST")
    page.selectbox(key="form/target").set_value("ARM")
    page.text_input(key="form/says").set_value("Aid came.")
    button(page, "Add it").click().run()
    assert [error.value for error in page.error] == ["Action: is empty; fill it in"]
    page.selectbox(key="form/action").set_value("provide-military-aid")
    button(page, "Add it").click().run()
    assert well(page)
    (row,) = link_of(page)["changes"]["added"]
    assert (row["id"], row["actor"], row["says"]) == ("E1", "WST", "Aid came.")
    assert "1 change to armenia/baseline" in text_of(page)
    button(page, "Remove E1").click().run()
    assert "changes" not in link_of(page)


def test_a_parameter_is_fixed_and_released(page):
    slider = next(one for one in page.slider if (one.key or "").startswith("parameter/"))
    assert "drawn from" in text_of(page)
    slider.set_value(slider.max).run()
    assert ":blue-background[fixed at " in text_of(page)
    name = slider.key.removeprefix("parameter/")
    assert link_of(page)["changes"]["parameters"] == {name: slider.max}
    button(page, "Release").click().run()
    assert "fixed at" not in text_of(page)
    assert "changes" not in link_of(page)


def test_a_posture_set_twice_is_told_where_it_is_set(page):
    button(page, "Set it").click().run()
    assert well(page)
    before = page.metric[2].value
    button(page, "Set it").click().run()
    assert "is set twice; drop one of the two" in page.error[0].value
    assert page.metric[2].value == before
    button(page, "Remove posture-1").click().run()
    assert well(page)


def test_a_seed_that_is_none_is_told_where_it_is_written(page):
    page.text_input(key="settings/seed").set_value("x").run()
    assert "is a whole number" in page.error[0].value
    page.text_input(key="settings/seed").set_value("3").run()
    assert well(page)
    assert link_of(page)["settings"]["seed"] == 3


def test_states_are_kept_side_by_side(page):
    page.checkbox(key="on/C07").uncheck().run()
    page.segmented_control(key="tab").set_value("What if").run()
    button(page, "Keep what is shown").click().run()
    button(page, "Reset").click().run()
    page.selectbox(key="beside").set_value("armenia/no-attacks").run()
    assert well(page)
    told = text_of(page)
    assert "| baseline: without C07 |" in told
    assert "armenia/no" in told or "armenia/no\\-attacks" in told
    button(page, "Remove baseline: without C07").click().run()
    assert "| baseline: without C07 |" not in text_of(page)


def test_a_link_opens_what_it_was_made_from(page, monkeypatch):
    page.checkbox(key="on/C07").uncheck().run()
    again = opened("baseline", monkeypatch, json.dumps(link_of(page)))
    assert not again.checkbox(key="on/C07").value
    assert [tile.value for tile in again.metric] == [tile.value for tile in page.metric]


def test_a_link_to_another_file_is_refused_in_words(monkeypatch, elsewhere):
    monkeypatch.setattr(sys, "argv", ["page.py", "baseline"])
    page = testing.AppTest.from_file(str(PAGE), default_timeout=120)
    page.query_params["state"] = '{"scenario":"/etc/x.toml"}'
    page.run()
    assert not page.exception
    assert "start the page with" in page.error[0].value


@pytest.mark.parametrize("end", ["2020-01-06", "2020-12-28"])
def test_a_short_scenario_goes_through_every_tab(end, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a path" / "short.toml"
    path.parent.mkdir()
    path.write_text(f"{HEAD}start = 2020-01-06\nend = {end}\n")
    page = opened(str(path), monkeypatch)
    page.select_slider[0].set_value(50).run()
    for name in TABS:
        page.segmented_control(key="tab").set_value(name).run()
        assert not page.exception, (name, page.exception)
        assert not page.error or name == "Why", (name, page.error)
    for name in page.selectbox(key="details").options:
        page.selectbox(key="details").set_value(name).run()
        assert well(page), (name, page.exception, page.error)
    assert any("&lt;b&gt;t&lt;/b&gt;" in text.value for text in page.markdown)
    assert not any("<b>" in text.value for text in page.markdown)
