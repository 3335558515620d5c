"""The compiled week beside NumPy and a scalar loop in C: `python benchmarks/engines.py --write`.

All is measured in turn, CPU time on one core, as in `run.py`. With ``--write`` the table replaces
the section of its heading in `docs/performance.md` and in the template that it is written from.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import run as bench
import weekly

import two_chairs
from two_chairs.compiled.engine import VARIABLE
from two_chairs.compiled.library import OPTIONS, compiler_found, library_of
from two_chairs.compiled.symbols import CURVES
from two_chairs.compiled.tracing import ordered, trace
from two_chairs.compiled.worlds import run_to_last
from two_chairs.scenario.records import Scenario
from two_chairs.world.simulation import Simulation

HEADING = "## The compiled week"
PAGES = (bench.ROOT / "docs" / "performance.md", bench.TEMPLATE)
MILLION = 1_000_000
KERNEL = 16_000_000
"""Operations of a kernel; a sixteenth of them are calls where it calls a function."""
ALONE = "compiled / its arithmetic alone, waiting for no memory"


def by(engine: str, work: Callable[[], Any]) -> Callable[[], Any]:
    """Return work that an engine does."""

    def done() -> Any:
        os.environ[VARIABLE] = engine
        return work()

    return done


def lone(scenario: Any) -> None:
    """Make one world and run it to its end."""
    run_to_last(Simulation(scenario, [0], record=("tilt",), weeks=[scenario.weeks - 1]))


def plain(scenario: Scenario) -> None:
    """Run one world without luck in plain Python: the tests' second writing of the model."""
    sys.path.append(str(bench.ROOT / "tests" / "model"))
    world = import_module("plain_world").PlainWorld
    values = {name: float(entry.value) for name, entry in scenario.parameters.items()}
    for _ in world(scenario, values, {}, None).weeks():
        pass


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


# --- the yardstick: what vector registers do at best ----------------------------------------------


@dataclass(frozen=True)
class Work:
    """What the compiled week computes in one world, from the first week to the last."""

    operations: int
    curves: int
    """Calls of `tanh` and its like, which are operations of their own."""


def work_of(scenario: Scenario, names: Collection[str]) -> Work:
    """Count what a program computes in a world, read at the end of its last week."""
    program = trace(Simulation(scenario, [0, 1], vary=True, record=()), names)
    read = {number for reading in program.readings.values() for number in reading.steps}
    last = {reading.steps[-1] for reading in program.readings.values()}
    done = [number for week in program.weeks for number in week if number not in read]
    counts = {
        number: Counter(
            "curve" if node.op in CURVES else "operation"
            for node in ordered(program.steps[number])
            if node.op not in ("constant", "slot", "uniform")
        )
        for number in {*done, *last}
    }
    total = sum((counts[number] for number in [*done, *last]), Counter())
    return Work(total["operation"], total["curve"])


def yardstick(folder: Path) -> tuple[Callable[[], Any], Callable[[], Any], int] | None:
    """Return the two kernels of `lanes.c`, each doing `KERNEL` things, and the number of lanes."""
    compiler = compiler_found()
    if compiler is None:
        return None
    library = folder / "lanes.so"
    here = Path(__file__).parent
    include = f"-I{Path(two_chairs.__file__).parent / 'compiled'}"
    command = [*compiler[:-1], *OPTIONS, include, here / "lanes.c", "-o", library]
    if subprocess.run(list(map(str, command)), capture_output=True, check=False).returncode:
        return None
    found = ctypes.CDLL(str(library))
    kept = np.full(8, 0.1)

    def call(name: str, rounds: int) -> Callable[[], Any]:
        kernel = getattr(found, name)
        kernel.argtypes, kernel.restype = [ctypes.c_long, ctypes.c_void_p], None
        return partial(kernel, rounds, kept.ctypes.data_as(ctypes.c_void_p))

    return call("operations", KERNEL // 16), call("curves", KERNEL // 16), found.lanes()


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
            "plain": partial(plain, scenario),
        }
        if looped is not None:
            cases["loop"] = partial(looped.run, rows, luck=True)
        kernels = yardstick(Path(folder))
        if kernels is not None:
            cases["operations"], cases["curves"] = kernels[:2]
        times = bench.interleaved(cases, rounds)
        apart = largest_difference(sweep)
    counts: list[tuple[str, str]] = []
    found = [
        ("NumPy / compiled", bench.ratio(times["numpy"], times["compiled"])),
        (
            "NumPy / compiled, a lone world",
            bench.ratio(times["one, numpy"], times["one, compiled"]),
        ),
        (
            "a world in plain Python / in NumPy",
            bench.ratio(times["plain"], times["numpy"], worlds),
        ),
        (
            "a world in plain Python / compiled",
            bench.ratio(times["plain"], times["compiled"], worlds),
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
    if kernels is not None:
        done = work_of(scenario, ("tilt", "regime"))
        at_best = [
            worlds / kernels[2] * (16 * done.curves * curve + done.operations * operation) / KERNEL
            for curve, operation in zip(times["curves"], times["operations"], strict=True)
        ]
        found.append((ALONE, bench.ratio(times["compiled"], at_best)))
        counts = [
            ("additions, comparisons and the like of a world", f"{done.operations:,}"),
            ("tanh, exp and the like of a world", f"{done.curves:,}"),
            ("worlds side by side in a register", str(kernels[2])),
        ]
    seconds = statistics.median(times["compiled"]) / worlds * MILLION
    return [
        *((name, str(ratio)) for name, ratio in found),
        *counts,
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
