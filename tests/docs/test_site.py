"""The site is built from the pages without a warning, and loads nothing from elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "use": "href",
}  # fmt: skip
"""Tags that make a browser load something → the attribute that says what."""


class Loads(HTMLParser):
    """Collects the addresses that a page loads, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if found.get(LOADED.get(tag, "")):
            self.loads.append(found[LOADED[tag]])
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])


def read(page: str) -> Loads:
    reader = Loads()
    reader.feed(page)
    return reader


def elsewhere(address: str) -> bool:
    return address.startswith(("http:", "https:", "//"))


def test_the_reader_sees_what_is_loaded_from_elsewhere():
    page = (
        '<link href="//fonts.example/x.css"><script src="a.js"></script><a href="https://b">b</a>'
    )
    assert [elsewhere(address) for address in read(page).loads] == [True, False]
    assert read(page).links == ["https://b"]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Build the site from a copy of the pages, so that the checkout stays as it is."""
    pytest.importorskip("sphinx", reason='Sphinx is not installed: pip install -e ".[docs]"')
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("api"))
    for name in ("README.md", "CONTRIBUTING.md", "CITATION.cff", "model", "experiments"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "docs" / "new-page.md").write_text("# A new page\n\nIn no list.\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "docs", "site"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return folder / "site"


@pytest.mark.slow
def test_pages_load_nothing_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 100
    for page in pages:
        loads = read(page.read_text(encoding="utf-8")).loads
        assert loads
        assert not [address for address in loads if elsewhere(address)], page
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8").replace("'", "").replace('"', "")
        assert "url(http" not in text, sheet
        assert "url(//" not in text, sheet
        assert "@import" not in text, sheet


@pytest.mark.slow
def test_every_page_and_every_module_is_there_and_can_be_reached(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "What it answers" in page  # the README
    reached = {link.partition("#")[0] for link in read(page).links}
    for source in (ROOT / "docs").glob("*.md"):
        assert (site / f"{source.stem}.html").is_file(), source
        assert f"{source.stem}.html" in reached or source.stem == "index", source
    assert "new-page.html" in reached
    for record in (ROOT / "docs" / "decisions").glob("*.md"):
        assert (site / "decisions" / f"{record.stem}.html").is_file(), record
    for base in ("model/two_chairs", "experiments/two_chairs_lab"):
        for module in (ROOT / base).rglob("*.py"):
            path = module.relative_to((ROOT / base).parent).with_suffix("")
            name = ".".join(path.parts).removesuffix(".__init__")
            if path.name != "__main__":
                assert (site / "api" / name.replace(".", "/") / "index.html").is_file(), name


@pytest.mark.slow
def test_links_between_pages_lead_to_pages(site):
    for page in site.rglob("*.html"):
        for link in read(page.read_text(encoding="utf-8")).links:
            path = link.partition("#")[0]
            if path and not elsewhere(path) and not path.startswith("mailto:"):
                assert (page.parent / path).exists(), (page, link)
