"""The live page in a real browser: changed, played, saved, opened again, seen at two widths."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine import WORLDS
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.statistics.summaries import quantiles

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60_000
SHOTS = os.environ.get("TWO_CHAIRS_SCREENSHOTS", "")
CHART = '[data-testid="stVegaLiteChart"]'
TABS = ("What happens", "Why", "What if", "How sure", "Details")


class Watched:
    """A page of which every request and every complaint is noted."""

    def __init__(self, browser, port: int, width: int, height: int, state: str = "") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True
        )
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
        self.page.goto(f"http://127.0.0.1:{port}/{state}")
        self.drawn()

    def drawn(self) -> None:
        self.page.locator(f"{CHART} canvas, {CHART} svg").first.wait_for()
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_timeout(300)  # the page has heard of the click by then
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=\"stStatusWidget\"]')"
            " && !document.querySelector('[data-stale=\"true\"]')"
        )

    def tile(self, part: str = "Value") -> str:
        self.settle()
        tile = self.page.locator('[data-testid="stMetric"]').filter(has_text="Tilt")
        return tile.locator(f'[data-testid="stMetric{part}"]').inner_text()

    def event(self, key: str):
        boxes = self.page.locator('[data-testid="stSidebar"] [data-testid="stCheckbox"]')
        return boxes.filter(has_text=f"[{key}]")

    def switch(self, key: str) -> None:
        self.event(key).click()
        self.settle()

    def expand(self, name: str) -> None:
        self.page.locator("summary").filter(has_text=name).click()
        self.page.wait_for_timeout(800)  # it unfolds slowly, and a button that moves is missed
        self.settle()

    def fill(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")
        self.settle()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def tab(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).or_(
            self.page.get_by_role("button", name=name, exact=True)
        ).first.click()
        self.settle()

    def main(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()

    def shoot(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.fixture
def page(browser, served):
    watched = Watched(browser, served[0], 1440, 1000)
    yield watched
    watched.context.close()
    assert watched.complaints == []
    outside = [u for u in watched.requests if urlsplit(u).hostname != "127.0.0.1"
               and urlsplit(u).scheme not in {"data", "blob"}]  # fmt: skip
    assert outside == []
    assert any(urlsplit(u).scheme == "ws" for u in watched.requests)


def median_tilt(*off: str, worlds: int = WORLDS) -> float:
    scenario = load_scenario("baseline").without(*off)
    return float(quantiles(run_ensemble(Ensemble(scenario, worlds)).outcome("tilt")[-1])[1])


def written(tilt: float) -> str:
    return f"{tilt:.2f}".replace("-", "−")


def bottom(box) -> float:
    return box["y"] + box["height"]


def test_the_main_chart_with_its_years_is_above_the_fold(page):
    assert bottom(page.page.locator(CHART).first.bounding_box()) <= 1000
    page.shoot("desktop")


def test_an_event_is_switched_off_and_the_difference_is_told(page):
    assert page.tile().startswith(written(median_tilt()))
    page.switch("C07")
    assert page.tile().startswith(written(median_tilt("C07")))
    assert "by the changes" in page.tile("Delta")
    page.shoot("desktop-event-off")
    page.press("Undo")
    assert page.tile().startswith(written(median_tilt()))


def test_the_chart_tells_the_week_under_the_pointer(page):
    box = page.page.locator(CHART).first.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 90)
    page.page.wait_for_timeout(200)
    page.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 90)
    tip = page.page.locator("#vg-tooltip-element")
    tip.get_by_text("week of").wait_for()
    assert re.search(r"Russia's seat\s+0\.\d\d", tip.inner_text())


def test_the_chart_is_saved_as_a_picture(page):
    page.page.locator(CHART).first.hover()
    with page.page.expect_download() as given:
        page.page.get_by_role("button", name="Download as PNG").first.click()
    assert given.value.suggested_filename.endswith(".png")


def test_every_tab_is_shown(page):
    page.switch("C07")
    for name in TABS[1:]:
        page.tab(name)
        page.page.locator(CHART).first.wait_for()
        page.shoot(f"desktop-{name}")
    assert "error" not in page.main().casefold()


def test_the_weeks_play(page):
    page.tab("Details")
    page.page.get_by_role("combobox", name="Closer look").click()
    page.page.get_by_role("option", name="The plane of both seats").click()
    page.settle()
    week = page.page.locator('[data-testid="stMain"] [data-testid="stSliderThumbValue"]').first
    page.page.get_by_text("Play the weeks").click()
    seen = set()
    for _ in range(40):
        seen.add(week.inner_text())
        if len(seen) >= 4:
            break
        page.page.wait_for_timeout(500)
    page.page.get_by_text("Play the weeks").click()
    assert len(seen) >= 4
    assert all(re.fullmatch(r"\d{1,2} \w{3} \d{4}", text) for text in seen)


def test_an_event_is_added_by_the_form(page):
    before = page.tile()
    page.expand("Add an event")
    page.page.get_by_role("combobox", name="Action").click()
    page.page.get_by_role("combobox", name="Action").fill("military aid")
    page.page.get_by_role("option", name=re.compile("provide-military-aid")).first.click()
    page.page.get_by_label("What happened", exact=True).fill("Arms came.")
    page.press("Add it")
    assert "Arms came." in page.page.locator('[data-testid="stSidebar"]').inner_text()
    assert page.tile() != before or page.tile("Delta")


def test_a_state_is_saved_linked_and_opened_again(page, browser, served):
    port, folder, _ = served
    page.switch("C03")
    page.switch("C07")
    shown = page.tile()
    page.expand("Save, download, open")
    page.fill("Save as", "from page.toml")
    page.press("Save")
    page.page.get_by_text("two-chairs run 'from page.toml' --worlds").wait_for()
    saved = load_scenario(str(folder / "from page.toml"))
    assert not {"C03", "C07"} & {event.id for event in saved.events}
    with page.page.expect_download() as given:
        page.page.get_by_role("button", name="Download", exact=True).click()
    given.value.save_as(folder / "downloaded.toml")
    assert load_scenario(str(folder / "downloaded.toml")).events == saved.events
    link = page.page.url.rpartition("/")[2]
    other = Watched(browser, port, 1440, 1000, link)
    assert other.tile() == shown
    assert not other.event("C07").locator("input").is_checked()
    other.context.close()
    page.switch("C07")
    page.fill("Open a scenario file or the folder of a run", "from page.toml")
    page.press("Open it")
    assert page.tile() == shown
    assert page.event("C02").locator("input").is_checked()


def test_what_can_not_be_opened_is_told_at_its_control(page):
    page.expand("Save, download, open")
    page.fill("Open a scenario file or the folder of a run", "basline")
    page.press("Open it")
    told = page.page.locator('[data-testid="stSidebar"]').get_by_text("did you mean 'baseline'?")
    told.wait_for()
    assert page.page.locator(CHART).count() == 1


def test_on_a_phone(browser, served):
    phone = Watched(browser, served[0], 390, 844)
    phone.shoot("phone")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    title = phone.page.locator("h3").first.bounding_box()
    header = phone.page.locator('[data-testid="stHeader"]').bounding_box()
    assert title["y"] >= header["y"] + header["height"]
    chart = phone.page.locator(CHART).first.bounding_box()
    assert chart["width"] <= 390
    assert chart["y"] < 844 / 2 + 60
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
