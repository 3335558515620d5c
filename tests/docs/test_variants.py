"""The table of rules that were tried can be printed again."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from commands import ROOT

pytestmark = [pytest.mark.docs, pytest.mark.slow]


def test_rules_that_were_tried_are_those_of_the_page():
    script = ROOT / "experiments" / "variants.py"
    ran = subprocess.run([sys.executable, script, "64"], capture_output=True, text=True, check=True)
    rows = [row.split(" | ")[0].strip("| ") for row in ran.stdout.splitlines() if "%" in row]
    page = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    part = page.split("## Rules that were tried and are off")[1]
    table = re.findall(r"^\| \*\*as built\*\*.*?\n\n", part, re.DOTALL | re.MULTILINE)[0]
    told = [row.split(" | ")[0].strip("| *") for row in table.strip().splitlines()]
    assert [words.split(" (")[0].split(" ±")[0] for words in rows] == told
