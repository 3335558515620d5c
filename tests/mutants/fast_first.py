"""A plug-in of pytest for runs on mutants: no time is lost beside the tests, fast ones first."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest

TIMES = Path("mutmut-stats.json")


def pytest_configure():
    """Leave garbage where it lies: a process that runs a second or two is soon gone."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Sort tests by the time that mutmut has measured for each, if it has."""
    if TIMES.exists():
        seconds = json.loads(TIMES.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
