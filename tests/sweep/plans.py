"""A short scenario and a small plan, shared by the tests of sweeps."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import two_chairs
from two_chairs_lab.studies.sweep import study as sweeping
from two_chairs_lab.studies.sweep.study import Plan, RangeEntry


def short_scenario(folder: Path) -> str:
    """Write a scenario of forty weeks, with an attack and acting agents."""
    path = folder / "short.toml"
    path.write_text(
        'title = "short"\nquestion = "?"\nextends = "baseline"\nevents = []\ntargets = []\n'
        "end = 2020-10-05\nagents_act_from = 2020-03-02\n"
        '[[conditions]]\nid = "war"\ndate = 2020-02-03\ncondition = "war_load"\nvalue = 0.5\n'
        'source = "test"\n',
        encoding="utf-8",
    )
    return str(path)


def small_plan(folder: Path, **changes) -> Plan:
    fields = {
        "title": "small",
        "question": "?",
        "scenarios": (short_scenario(folder),),
        "replicates": 50,
        "ranges": {
            "institution_share": RangeEntry(low=0.2, high=0.6, levels=10),
            "war": RangeEntry(low=0.0, high=1.0, levels=10),
        },
    }
    return Plan(**(fields | changes))


def command(plan: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "two_chairs_lab", "sweep", str(plan), "--out", str(out), *more]


def environment() -> dict[str, str]:
    paths = [str(Path(m.__file__).parents[1]) for m in (sweeping, two_chairs)]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def interrupt_itself(place: str) -> None:
    """Send this process a Ctrl-C; leave a file if it goes on all the same."""
    os.kill(os.getpid(), signal.SIGINT)
    Path(place).touch()
