"""The compiled week beside NumPy and a scalar loop in C: `python benchmarks/engines.py --write`.

All is measured in turn, CPU time on one core, as in `run.py`. With ``--write`` the table replaces
the section of its heading in `docs/performance.md` and in the template that it is written from.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import run as bench
import weekly

from two_chairs.compiled.engine import VARIABLE
from two_chairs.compiled.library import library_of
from two_chairs.compiled.worlds import run_to_last
from two_chairs.world.simulation import Simulation

HEADING = "## The compiled week"
PAGES = (bench.ROOT / "docs" / "performance.md", bench.TEMPLATE)
MILLION = 1_000_000


def by(engine: str, work: Callable[[], Any]) -> Callable[[], Any]:
    """Return work that an engine does."""

    def done() -> Any:
        os.environ[VARIABLE] = engine
        return work()

    return done


def lone(scenario: Any) -> None:
    """Make one world and run it to its end."""
    run_to_last(Simulation(scenario, [0], record=("tilt",), weeks=[scenario.weeks - 1]))


def largest_difference(sweep: Any) -> float:
    """Return how far the outcomes of the two engines are apart in any world."""
    numbers = np.arange(bench.CHUNK)
    ours, theirs = (
        by(engine, partial(bench.compute, sweep, numbers))() for engine in ("numpy", "compiled")
    )
    return max(float(np.abs(ours[name] - theirs[name]).max()) for name in ours)


def first_time(scenario: Any, folder: str) -> float:
    """Return the CPU seconds of tracing and compiling a scenario that nothing is kept of."""
    os.environ["TWO_CHAIRS_CACHE"] = folder
    before = os.times()
    library_of(Simulation(scenario, [0], record=()), ["tilt", "regime"])
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def measure(rounds: int) -> list[tuple[str, str]]:
    """Return what was measured, in words and numbers."""
    sweep = bench.sweep_of(bench.CHUNK)
    scenario, worlds = sweep.scenarios[0], bench.CHUNK
    with tempfile.TemporaryDirectory() as folder, bench.on_one_core():
        made = first_time(scenario, folder)
        looped = weekly.compiled(scenario, Path(folder))
        rows = bench.parameter_rows(sweep, worlds)
        many = partial(bench.run_worlds, sweep, worlds)
        cases = {
            "numpy": by("numpy", many),
            "compiled": by("compiled", many),
            "one, numpy": by("numpy", partial(lone, scenario)),
            "one, compiled": by("compiled", partial(lone, scenario)),
        }
        if looped is not None:
            cases["loop"] = partial(looped.run, rows, luck=True)
        times = bench.interleaved(cases, rounds)
        apart = largest_difference(sweep)
    found = [
        ("NumPy / compiled", bench.ratio(times["numpy"], times["compiled"])),
        (
            "NumPy / compiled, a lone world",
            bench.ratio(times["one, numpy"], times["one, compiled"]),
        ),
    ]
    if looped is not None:
        found += [
            ("NumPy / scalar C loop", bench.ratio(times["numpy"], times["loop"])),
            ("compiled / scalar C loop", bench.ratio(times["compiled"], times["loop"])),
            (
                "a lone world, compiled / scalar C loop",
                bench.ratio(times["one, compiled"], times["loop"], worlds),
            ),
        ]
    seconds = statistics.median(times["compiled"]) / worlds * MILLION
    return [
        *((name, str(ratio)) for name, ratio in found),
        ("a million worlds, one core, seconds of CPU", f"{seconds:.3g}"),
        ("tracing and compiling, the first time, seconds of CPU", f"{made:.2g}"),
        ("largest difference from NumPy, any outcome of any world", f"{apart:.0e}"),
    ]


def section(rows: list[tuple[str, str]]) -> str:
    """Return the section of the page."""
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    day, load = time.strftime("%d %b %Y").lstrip("0"), os.getloadavg()[0]
    return (
        f"{HEADING}\n\nThe baseline, {bench.CHUNK:,} worlds side by side unless said otherwise, "
        "outcomes of the last week,\nCPU time on one core, by "
        f"`python benchmarks/engines.py --write` ({day}, load average {load:.1f}, "
        f"{os.cpu_count()} cores).\nBrackets hold the smallest and the largest ratio of a round. "
        f"[What it is](compiled.md).\n\n| | |\n|---|---|\n{table}\n\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="renew the section of the page")
    asked = parser.parse_args()
    text = section(measure(asked.rounds))
    print(text)
    for page in PAGES if asked.write else ():
        before = page.read_text(encoding="utf-8")
        pattern = rf"{HEADING}\n.*?(?=^## )"
        page.write_text(
            re.sub(pattern, lambda _: text, before, flags=re.S | re.M), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
