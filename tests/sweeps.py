"""A small plan and its command, shared by the tests of sweeps."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from builders import short_scenario
from two_chairs_lab.studies.sweep.study import Plan, RangeEntry


def small_plan(folder: Path, **changes) -> Plan:
    fields = {
        "title": "small",
        "question": "?",
        "scenarios": (short_scenario(folder),),
        "replicates": 50,
        "ranges": {
            "institution_share": RangeEntry(low=0.2, high=0.6, levels=10),
            "war-load": RangeEntry(low=0.0, high=1.0, levels=10),
        },
    }
    return Plan(**(fields | changes))


def command(plan: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "two_chairs_lab", "sweep", str(plan), "--out", str(out), *more]


def interrupt_itself(place: str) -> None:
    """Send this process a Ctrl-C; leave a file if it goes on all the same."""
    os.kill(os.getpid(), signal.SIGINT)
    Path(place).touch()
