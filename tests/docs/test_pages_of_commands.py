"""The commands that a page shows work as they stand, one after another in one folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from commands import two_chairs

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("agree", "changes", "codebook", "import", "new", "score", "update")

pytestmark = [pytest.mark.docs, pytest.mark.usefixtures("elsewhere")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.slow
def test_the_commands_of_the_page_work(page):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    for name, written in re.findall(r"`([\w.-]+)`:\n\n```\w+\n(.*?)^```", text, re.DOTALL | re.M):
        Path(name).write_text(written, encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.M)
        for line in block.splitlines()
        if line.strip()
    ]
    assert lines
    for line in lines:
        program, *words = shlex.split(line, comments=True)
        assert program == "two-chairs"
        result = two_chairs(*words)
        assert result.exit_code == 0, f"{line}: {result.stderr}"
