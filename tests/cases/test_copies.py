"""A copy of a shipped case, where people begin their own, loads as quietly as the case itself."""

from __future__ import annotations

import shutil

import pytest

from two_chairs.scenario.library import bundled_cases
from two_chairs.scenario.resolve import load_scenario

pytestmark = pytest.mark.format


@pytest.mark.long
@pytest.mark.parametrize("case", bundled_cases())
def test_a_copied_case_is_read_without_a_caution(case, tmp_path, monkeypatch):
    shutil.copytree(bundled_cases()[case], tmp_path / case)
    monkeypatch.chdir(tmp_path)
    for path in sorted((tmp_path / case).glob("*.toml")):
        if path.name != "case.toml":
            copied = load_scenario(f"{case}/{path.name}")
            assert copied == load_scenario(str(bundled_cases()[case] / path.name))
