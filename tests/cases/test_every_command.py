"""Cases of other states go through every command, and no result speaks of the first case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.scenario.library import bundled_folder

OTHERS_WORDS = ("Armeni", "Karabakh", "Azerb", "CSTO", "EAEU", "ledger row S", "context row C")
"""Phrases of the case of Armenia."""
CASES = bundled_folder()


@pytest.mark.command
@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("georgia", "no-candidacy"),
        ("moldova", "war-ends"),
        ("philippines", "forces-leave"),
        ("serbia", "joins-sanctions"),
    ],
)
def test_every_command_goes_through_and_speaks_of_no_other_case(case, other, elsewhere):
    base, few = f"{case}/baseline", ("--worlds", 16)
    for words in (
        ("check", *CASES.joinpath(case).rglob("*.*")),
        ("run", base, *few),
        ("compare", base, f"{case}/{other}", *few),
        ("explain", base, *few),
        ("report", base, *few, "--out", "sent"),
    ):
        result = two_chairs(*words)
        assert result.exit_code == 0, (words, result.stderr)
        assert not [word for word in OTHERS_WORDS if word in result.stdout + result.stderr], words
    told = Path("sent/report.md").read_text(encoding="utf-8")
    assert not [word for word in OTHERS_WORDS if word in told]
    manifest = json.loads(Path(f"results/{case}/baseline/manifest.json").read_text("utf-8"))
    assert manifest["scenario"]["case"]["name"] == case
