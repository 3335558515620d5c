"""What a manifest says of how a result came about."""

from __future__ import annotations

import json
import sys

import pytest

from commands import two_chairs
from two_chairs_lab.results.manifest import made_by
from two_chairs_lab.results.words import command_line

pytestmark = pytest.mark.unit


def test_python_that_calls_no_command_is_not_told_as_one(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["ipykernel_launcher.py", "-f", "kernel-1234.json"])
    assert made_by()["command"] == []


@pytest.mark.long
def test_a_command_is_told_by_its_own_words(elsewhere, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["pytest", "-q"])
    words = ["run", "baseline", "--worlds", "1", "--figures", "none", "--out", "mine"]
    assert two_chairs(*words).exit_code == 0
    made = json.loads((elsewhere / "mine" / "manifest.json").read_text())["made"]
    assert made["command"] == ["two-chairs", *words]
    assert command_line() == []
