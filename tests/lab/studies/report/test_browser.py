"""The report in a real browser, at two widths."""

from __future__ import annotations

import pytest

from commands import two_chairs

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_report_in_a_browser(browser, tmp_path, width, height):
    head = 'title = "t"\nquestion = "q"\nextends = "baseline"\nevents = []\ntargets = []\n'
    text = f"{head}start = 2022-01-03\nend = 2022-12-26\n"
    (tmp_path / "short.toml").write_text(text)
    words = [str(tmp_path / "short.toml"), "--worlds", "5", "--out", str(tmp_path / "r")]
    assert two_chairs("report", *words).exit_code == 0
    page = browser.new_page(viewport={"width": width, "height": height})
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto((tmp_path / "r" / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(requests) == 1
    assert complaints == []
    assert page.locator("svg[role=img]").count() >= 4
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
