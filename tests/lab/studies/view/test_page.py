"""The page without a browser: odd scenarios through every panel, and no exception."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from two_chairs_lab.studies import view

pytestmark = [pytest.mark.command, pytest.mark.long]

testing = pytest.importorskip("streamlit.testing.v1", reason="Streamlit is not installed")
PAGE = Path(view.__file__).parent / "page.py"
HEAD = 'title = "<b>t</b> | `x`"\nquestion = "q"\nextends = "baseline"\nevents = []\ntargets = []\n'
PANELS = (
    "Two chairs", "Plane", "By domain", "Postures and ties", "Payoffs", "Who leans", "Observed",
    "Why", "Beside", "Numbers",
)  # fmt: skip


def opened(name: str, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["page.py", name])
    page = testing.AppTest.from_file(str(PAGE), default_timeout=120)
    return page.run()


def well(page) -> bool:
    return not page.exception and not page.error


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("end", ["2020-01-06", "2020-12-28"])
def test_a_short_scenario_goes_through_every_panel(end, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a path" / "short.toml"
    path.parent.mkdir()
    path.write_text(f"{HEAD}start = 2020-01-06\nend = {end}\n")
    page = opened(str(path), monkeypatch)
    assert well(page), (page.exception, page.error)
    page.select_slider[0].set_value(50).run()
    for name in PANELS:
        page.segmented_control[0].set_value(name).run()
        assert well(page), (name, page.exception, page.error)
    assert any("&lt;b&gt;t&lt;/b&gt;" in text.value for text in page.markdown)
    assert not any("<b>" in text.value for text in page.markdown)


@pytest.mark.filterwarnings("ignore")
def test_what_can_not_be_run_is_told_and_the_last_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "short.toml"
    path.write_text(f"{HEAD}start = 2020-01-06\nend = 2020-06-29\n")
    page = opened(str(path), monkeypatch)
    before = page.metric[0].value
    add = next(button for button in page.button if button.label == "Add")
    add.click().run()
    next(button for button in page.button if button.label == "Add").click().run()
    assert not page.exception
    assert "is set twice; drop one of the two" in page.error[0].value
    assert page.metric
    next(button for button in page.button if button.label.startswith("Remove")).click().run()
    next(button for button in page.button if button.label.startswith("Remove")).click().run()
    assert well(page)
    assert page.metric[0].value == before
