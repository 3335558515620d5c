"""The pages on how to add something: their changes apply to today's code and do as they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
PARTS = ("model", "experiments", "scenarios")

pytestmark = [pytest.mark.docs, pytest.mark.long]


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def run(command: list[str], folder: Path, given: str | None = None) -> str:
    found = os.pathsep.join(str(folder / part) for part in PARTS[:2])
    environment = os.environ | {"PYTHONPATH": found}
    piped = {"capture_output": True, "text": True, "input": given}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, **piped)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.slow
def test_the_changes_of_the_page_apply_and_do_what_it_says(page, tmp_path):
    changes, scripts, commands = (blocks(page, kind) for kind in ("diff", "python", "sh"))
    assert changes
    assert scripts + commands
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for change in changes:
        run(["git", "apply", "--recount", "-C1", "-"], tmp_path, change)
    for script in scripts:
        run([sys.executable, "-c", script], tmp_path)
    for command in commands:
        words = command.replace("python ", f"{sys.executable} ", 1)
        assert run(["sh", "-c", words], tmp_path)
