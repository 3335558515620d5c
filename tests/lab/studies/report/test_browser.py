"""The report in a real browser: at two widths, driven, printed, and without scripts."""

from __future__ import annotations

import re

import pytest

from commands import two_chairs

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [(1440, 1000), (390, 844)]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Report a short scenario with two events; gives the address of the page."""
    folder = tmp_path_factory.mktemp("report")
    head = 'title = "t"\nquestion = "q"\nextends = "baseline"\nevents = []\ntargets = []\n'
    dates = "start = 2022-01-03\nend = 2022-12-26\n"
    rows = [
        f'[[add]]\nid = "{key}"\ndate = {day}\nactor = "RUS"\ntarget = "ARM"\naction = "threaten"\n'
        f'document = "https://www.example.org/{key}"\nsays = "{says}"\n'
        for key, day, says in (("A", "2022-03-07", "A warning."), ("B", "2022-05-02", "Another."))
    ]
    (folder / "short.toml").write_text(head + dates + "\n".join(rows))
    words = [str(folder / "short.toml"), "--worlds", "5", "--out", str(folder / "r")]
    done = two_chairs("report", *words)
    assert done.exit_code == 0, done.output
    return (folder / "r" / "report.html").as_uri()


class Seen:
    """A page of which every request and every complaint is noted."""

    def __init__(self, browser, address: str, size: tuple[int, int], **options: object) -> None:
        width, height = size
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def wide(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth")

    def drawn(self) -> list[str]:
        paths = self.page.locator("#chart path[data-series]")
        return paths.evaluate_all("all => all.map(path => path.getAttribute('d'))")

    def number(self, series: str) -> str:
        return self.page.locator(f"tr[data-series='{series}'] td.changed").inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_asks_for_nothing_and_complains_of_nothing(browser, address, size):
    seen = Seen(browser, address, size)
    assert seen.wide() <= size[0]
    seen.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert seen.wide() <= size[0]
    chart = seen.page.locator("#chart .seats .plot").bounding_box()
    assert chart["x"] + chart["width"] <= size[0]
    assert chart["y"] < size[1]
    assert len(seen.requests) == 1
    assert seen.complaints == []
    assert seen.page.locator("svg[role=img]").count() >= 3
    seen.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_switch_changes_the_chart_and_the_difference(browser, address, size):
    seen = Seen(browser, address, size)
    as_it_is = seen.drawn()
    assert not seen.page.locator("#difference").is_visible()
    seen.page.get_by_label("A warning.").check()
    assert seen.page.locator("#difference").is_visible()
    one = seen.drawn()
    assert one != as_it_is
    assert re.fullmatch(r"[+−]0\.\d\d ± 0\.\d\d \(.*….*\)", seen.number("difference"))
    seen.page.get_by_label("Another.").check()
    assert seen.drawn() not in (one, as_it_is)
    assert 'drop = ["B"]' in seen.page.locator("#file").input_value()
    seen.page.get_by_label("As it is").check()
    assert seen.drawn() == as_it_is
    assert not seen.page.locator("#take").is_visible()
    assert seen.complaints == []
    seen.context.close()


def test_the_pointer_reads_the_numbers_of_its_week(browser, address):
    seen = Seen(browser, address, SIZES[0])
    box = seen.page.locator("#chart .seats .plot").bounding_box()
    told = []
    for part in (0.05, 0.95):
        seen.page.mouse.move(box["x"] + part * box["width"], box["y"] + 20)
        told.append(
            (seen.page.locator("#at").inner_text(), seen.page.locator("#readout").inner_text())
        )
    assert [day.split()[1] for day, _ in told] == ["Jan", "Dec"]
    assert told[0][1] != told[1][1]
    seen.context.close()


def test_a_change_is_found_by_its_words(browser, address):
    seen = Seen(browser, address, SIZES[0])
    seen.page.get_by_label("Find a change").fill("warning")
    assert seen.page.get_by_label("A warning.").is_visible()
    assert not seen.page.get_by_label("Another.").is_visible()
    source = seen.page.locator(".choices a[href='https://www.example.org/A']")
    assert source.inner_text() == "www.example.org"
    seen.context.close()


def test_the_page_is_whole_without_scripts(browser, address):
    seen = Seen(browser, address, SIZES[1], java_script_enabled=False)
    assert not seen.page.locator(".drive").is_visible()
    lines = seen.page.locator("#chart .seats path.line.as-is")
    assert lines.count() == 2
    assert lines.first.get_attribute("d").startswith("M0 ")
    assert seen.page.locator("#readout td").first.inner_text()
    seen.page.locator("summary", has_text="Every change tried").click()
    assert seen.page.locator("#what-if td").first.is_visible()
    seen.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_prints_whole(browser, address, scripts):
    seen = Seen(browser, address, SIZES[0], java_script_enabled=scripts)
    seen.page.emulate_media(media="print")
    assert seen.page.locator("#again").is_visible()
    assert not seen.page.locator(".drive").is_visible()
    assert seen.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    seen.context.close()
