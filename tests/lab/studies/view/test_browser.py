"""The live page in a real browser: changed, played, saved, opened again, seen at two widths."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.statistics.summaries import quantiles

pytestmark = pytest.mark.browser
PATIENCE = 60_000
SHOTS = os.environ.get("TWO_CHAIRS_SCREENSHOTS", "")
CHANGED = "src => { const i = document.querySelector('img.figure'); return i && i.src !== src; }"


class Watched:
    """A page of which every request and every complaint is noted."""

    def __init__(self, browser, port: int, width: int, height: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        self.page.goto(f"http://127.0.0.1:{port}")
        self.page.wait_for_selector("img.figure")

    def figure(self) -> str:
        return self.page.locator("img.figure").get_attribute("src")

    def after(self, act) -> float:
        """Do something and wait for another figure; return the seconds it took."""
        old, start = self.figure(), time.monotonic()
        act()
        self.page.wait_for_function(CHANGED, arg=old)
        return time.monotonic() - start

    def tilt(self) -> float:
        self.settle()
        tile = self.page.locator('[data-testid="stMetric"]').filter(has_text="Tilt")
        return float(tile.locator('[data-testid="stMetricValue"]').inner_text())

    def settle(self) -> None:
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=\"stStatusWidget\"]')"
            " && !document.querySelector('[data-stale=\"true\"]')"
        )

    def event(self, key: str):
        boxes = self.page.locator('[data-testid="stSidebar"] [data-testid="stCheckbox"]')
        return boxes.filter(has_text=f"{key} ·")

    def expand(self, name: str) -> None:
        self.page.locator("summary").filter(has_text=name).click()
        self.page.wait_for_timeout(800)  # it unfolds slowly, and a button that moves is missed
        self.settle()

    def panel(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).or_(
            self.page.get_by_role("button", name=name, exact=True)
        ).first.click()

    def shoot(self, name: str) -> bytes:
        self.settle()
        image = self.page.screenshot(full_page=True)
        if SHOTS:
            (Path(SHOTS) / f"{name}.png").write_bytes(image)
        return image


@pytest.fixture
def page(browser, served):
    watched = Watched(browser, served[0], 1280, 900)
    yield watched
    watched.context.close()
    assert watched.complaints == []
    outside = [u for u in watched.requests if urlsplit(u).hostname != "127.0.0.1"
               and urlsplit(u).scheme not in {"data", "blob"}]  # fmt: skip
    assert outside == []
    assert any(urlsplit(u).scheme == "ws" for u in watched.requests)


def median_tilt(scenario) -> float:
    return float(quantiles(run_ensemble(Ensemble(scenario, 300)).outcome("tilt")[-1])[1])


def test_an_event_is_switched_off_and_on(page):
    assert page.tilt() == round(median_tilt(load_scenario("baseline")), 3)
    first = page.figure()
    page.after(lambda: page.event("C07").click())
    changed = page.tilt()
    assert changed == round(median_tilt(load_scenario("baseline").without("C07")), 3)
    page.shoot("desktop-event-off")
    page.after(lambda: page.event("C07").click())
    assert page.tilt() == round(median_tilt(load_scenario("baseline")), 3)
    assert page.figure() != first  # the curves of the state before stand behind


def test_a_weight_is_changed(page):
    before = page.tilt()
    page.page.get_by_role("button", name=re.compile("^C07: weight 1, source")).click()
    field = page.page.get_by_label("Weight of C07")
    field.fill("0.25")
    page.after(lambda: field.press("Enter"))
    assert page.tilt() != before
    assert "Correction:" in page.page.locator('[data-testid="stPopoverBody"]').inner_text()


def test_a_slider_is_moved(page):
    before = page.tilt()
    page.expand("Parameters")
    slider = (
        page.page.locator('[data-testid="stSidebar"] [data-testid="stSlider"]')
        .filter(has_text="negativity")
        .locator('input[type="range"], [role="slider"]')
        .first
    )
    slider.focus()
    page.after(lambda: [slider.press("End"), slider.press("Tab")])
    assert page.tilt() != before


def test_a_posture_is_forced_on_a_date(page):
    page.expand("Set on a date")
    page.after(lambda: page.page.get_by_role("button", name="Add", exact=True).click())
    assert "posture-1" in page.page.locator('[data-testid="stSidebar"]').inner_text()
    page.after(lambda: page.page.get_by_role("button", name="Remove posture-1").click())


def test_the_weeks_play(page):
    page.panel("Plane")
    page.page.get_by_text("Play the weeks").wait_for()
    week = page.page.get_by_text(re.compile(r"^Week of \d\d \w+ \d{4}$"))
    week.wait_for()
    page.settle()
    page.page.get_by_text("Play the weeks").click()
    seen, figures = [], set()
    for _ in range(60):
        seen.append(week.inner_text())
        figures.add(page.figure())
        if len(figures) >= 4:
            break
        page.page.wait_for_timeout(500)
    assert len(figures) >= 4
    assert "Week of 06 Jan 2020" in seen or len(set(seen)) >= 4
    page.page.get_by_text("Play the weeks").click()
    page.shoot("desktop-plane")


def test_only_the_chosen_panel_is_drawn(page):
    alternatives = set()
    names = ("By domain", "Postures and ties", "Payoffs", "Who leans", "Observed", "Why", "Beside")
    for name in names:
        page.after(lambda name=name: page.panel(name))
        page.settle()
        assert page.page.locator("img.figure").count() == 1
        alternatives.add(page.page.locator("img.figure").get_attribute("alt"))
        page.shoot(f"desktop-{name}")
    assert len(alternatives) == len(names)
    assert all(re.search(r"\d", text) for text in alternatives)
    page.panel("Numbers")
    page.page.get_by_role("table").first.wait_for()


def test_a_second_scenario_stands_beside(page):
    page.after(lambda: page.panel("Beside"))
    page.settle()
    assert "+0.000 (+0.000 to +0.000)" in page.page.locator('[data-testid="stMain"]').inner_text()
    page.page.get_by_role("combobox", name="Beside").click()
    page.after(lambda: page.page.get_by_role("option", name="no-attacks", exact=True).click())
    page.settle()
    told = page.page.locator('[data-testid="stMain"]').inner_text()
    assert re.search(r"Difference of tilt in the last week both have: \+0\.\d+", told)
    page.shoot("desktop-beside")


def test_a_state_is_saved_and_opened_again(page, served):
    _, folder, _ = served
    page.after(lambda: page.event("C03").click())
    page.after(lambda: page.event("C07").click())
    shown = page.tilt()
    page.expand("Save and open")
    page.page.get_by_label("Save as").fill("from page.toml")
    page.page.get_by_label("Save as").press("Enter")
    page.settle()
    page.page.get_by_role("button", name="Save", exact=True).click()
    page.page.get_by_text("two-chairs run 'from page.toml' --worlds 300 --seed 0").wait_for()
    saved = load_scenario(str(folder / "from page.toml"))
    assert not {"C03", "C07"} & {event.id for event in saved.events}
    assert round(median_tilt(saved), 3) == shown
    page.after(lambda: page.event("C07").click())
    assert page.tilt() != shown
    page.page.get_by_label("Open a scenario file").fill("from page.toml")
    page.page.get_by_label("Open a scenario file").press("Enter")
    page.settle()
    page.after(lambda: page.page.get_by_role("button", name="Open it", exact=True).click())
    assert page.tilt() == shown
    assert not page.event("C07").locator("input").is_checked()
    assert page.event("C02").locator("input").is_checked()


def test_what_can_not_be_opened_is_told_on_the_page(page):
    page.expand("Save and open")
    page.page.get_by_label("Open a scenario file").fill("basline")
    page.page.get_by_label("Open a scenario file").press("Enter")
    page.settle()
    page.page.get_by_role("button", name="Open it", exact=True).click()
    page.page.get_by_text("did you mean 'baseline'?").wait_for()
    assert page.page.locator("img.figure").count() == 1


def test_on_a_phone(browser, served):
    phone = Watched(browser, served[0], 390, 844)
    phone.shoot("phone")
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    title = phone.page.locator("h3").first.bounding_box()
    header = phone.page.locator('[data-testid="stHeader"]').bounding_box()
    assert title["y"] >= header["y"] + header["height"]
    assert phone.page.locator("img.figure").bounding_box()["width"] > 600
    assert phone.complaints == []
    phone.context.close()


def test_it_listens_on_loopback_only(served):
    port = served[0]
    table = Path("/proc/net/tcp")
    if not table.is_file():
        pytest.skip("no /proc/net/tcp to read what listens")
    listening = [
        line.split()[1].split(":")[0]
        for name in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(name).is_file()
        for line in Path(name).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == port
    ]
    assert listening == ["0100007F"]
