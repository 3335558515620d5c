"""How fast Two Chairs is, as ratios: `python benchmarks/run.py --help`.

All that is compared is measured in turn, round after round, so that a slow spell of the machine
falls on both sides; reported are ratios of medians. Times within one process are CPU times on one
core; times of whole commands are wall times.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from string import Template
from typing import Any

import mesa
import numpy as np
import weekly

from two_chairs.errors import InputError
from two_chairs.parameters import make_parameters
from two_chairs.scenario.records import Actor, Scenario
from two_chairs_lab.connectors.mesa import OneWorld
from two_chairs_lab.results.folder import make_place
from two_chairs_lab.results.manifest import made_by
from two_chairs_lab.results.parts import write_part
from two_chairs_lab.results.store import open_store
from two_chairs_lab.studies.sweep.study import (
    CHUNK,
    OUTCOMES,
    PART,
    Plan,
    RangeEntry,
    Sweep,
    compute,
    resolve,
)

try:
    from mesa.batchrunner import batch_run
except ImportError:  # Mesa 4
    batch_run = None

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).with_name("performance.md.in")
REPLICATES = 64
LIMIT_OF_C, TIMES_BATCH_RUN, SPEED_UP, SECONDS_A_MILLION = 6.0, 300.0, 1.8, 120.0
FLAT, MOST_MIB = 1.1, 1000.0
MILLION, TEN_MILLION = 1_000_000, 10_000_000
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class Size:
    """How much to measure."""

    rounds: int
    batch_runs: int
    sweep_rounds: int
    sweep_worlds: int
    large_worlds: int
    read_worlds: int
    starts: int


FULL = Size(7, 3, 3, 800_000, MILLION, TEN_MILLION, 7)
QUICK = Size(3, 1, 1, 32_000, 128_000, MILLION, 3)


@dataclass(frozen=True)
class Ratio:
    """A ratio of medians, and the smallest and largest ratio of one round."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """Show three figures."""
        return f"{self.median:.3g} ({self.low:.3g} to {self.high:.3g})"


Times = dict[str, list[float]]


# --- measuring ------------------------------------------------------------------------------------


def interleaved(
    cases: Mapping[str, Callable[[], Any]],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> Times:
    """Time every case once a round, after a round that does not count."""
    times: Times = {name: [] for name in cases}
    for count in range(rounds + 1):
        for name, work in cases.items():
            start = clock()
            work()
            if count:
                times[name].append(clock() - start)
    return times


def ratio(above: Sequence[float], below: Sequence[float], scale: float = 1.0) -> Ratio:
    """Return the ratio of two measured series, times a scale (worlds of the one by the other)."""
    each = [scale * a / b for a, b in zip(above, below, strict=True)]
    return Ratio(scale * statistics.median(above) / statistics.median(below), min(each), max(each))


def relative(times: Times, base: str) -> dict[str, Ratio]:
    """Return every case relative to one of them."""
    return {name: ratio(series, times[base]) for name, series in times.items()}


@contextmanager
def on_one_core() -> Iterator[bool]:
    """Keep this process on one core, where the system can; say whether it does."""
    if not hasattr(os, "sched_setaffinity"):
        yield False
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, cores)


# --- what is measured -----------------------------------------------------------------------------


def sweep_of(worlds: int) -> Sweep:
    """Return a sweep of the baseline over all parameters, outcomes only."""
    plan = Plan(
        title="Benchmark",
        question="How fast?",
        design="lhs",
        points=max(1, worlds // REPLICATES),
        replicates=REPLICATES,
    )
    return resolve(plan)


def run_worlds(sweep: Sweep, worlds: int, chunk: int = CHUNK) -> None:
    """Compute the first worlds of a sweep in chunks."""
    for first in range(0, worlds, chunk):
        compute(sweep, np.arange(first, min(first + chunk, worlds)))


class TiltAlone(OneWorld):
    """One world as `mesa.batch_run` wants it, with a data collector of the tilt alone."""

    outcomes = ("tilt",)


def run_batch(scenario: Scenario, worlds: int) -> None:
    """Run single worlds with Mesa's own batch runner."""
    batch_run(
        TiltAlone,
        parameters={"scenario": [scenario], "replicate": range(worlds)},
        number_processes=1,
        max_steps=scenario.weeks,
        display_progress=False,
    )


def sequential_runner(scenario: Scenario, experiments: int) -> Callable[[], Any] | None:
    """Return EMA Workbench's sequential run of single worlds, if it is installed.

    It is imported here, so that the processes whose memory is measured do not carry it.
    """
    try:
        ema = import_module("two_chairs_lab.connectors.ema")
    except InputError:
        return None
    perform = import_module("ema_workbench").perform_experiments
    model = ema.TwoChairsModel(scenario, outcomes=OUTCOMES)
    return partial(perform, model, scenarios=experiments, log_progress=True)


def compare_engines(size: Size, folder: Path) -> dict[str, Any]:
    """Time a world of the sweep engine, of the C loop, and of others' runners of single worlds."""
    sweep = sweep_of(CHUNK)
    scenario = sweep.scenarios[0]
    cases: dict[str, Callable[[], Any]] = {"engine": partial(run_worlds, sweep, CHUNK)}
    found: dict[str, Any] = {"weeks": scenario.weeks, "events": len(scenario.events)}
    looped = weekly.compiled(scenario, folder)
    if looped is not None:
        found |= check_c(sweep, looped)
        rows = parameter_rows(sweep, CHUNK)
        cases["c"] = partial(looped.run, rows, luck=True)
    if batch_run is not None:
        cases["batch_run"] = partial(run_batch, scenario, size.batch_runs)
    sequential = sequential_runner(scenario, size.batch_runs)
    if sequential is not None:
        cases["EMA"] = sequential
    times = interleaved(cases, size.rounds)
    found["seconds a world"] = statistics.median(times["engine"]) / CHUNK
    if "c" in times:
        found["engine / C"] = ratio(times["engine"], times["c"])
    scale = CHUNK / size.batch_runs
    for name in {"batch_run", "EMA"} & set(times):
        found[f"{name} / engine"] = ratio(times[name], times["engine"], scale)
    return found


def parameter_rows(sweep: Sweep, worlds: int) -> Any:
    """Return the parameters of the first worlds of a sweep, a row a world."""
    _, point, _ = sweep.coords(np.arange(worlds))
    scenario = sweep.scenarios[0]
    fixed = {name: np.full(worlds, entry.value) for name, entry in scenario.parameters.items()}
    values = fixed | {name: column[point] for name, column in sweep.design.values().items()}
    p = make_parameters(values)
    return weekly.parameter_rows(p, worlds)


def check_c(sweep: Sweep, looped: weekly.Weekly) -> dict[str, float]:
    """Return how well the C loop agrees with the package; stop if it does not."""
    rows = parameter_rows(sweep, CHUNK)
    return {
        "C without luck, largest difference": weekly.check(looped, rows),
        "C with luck, standard errors": weekly.check_luck(looped, rows),
    }


# --- cost against size ----------------------------------------------------------------------------


def with_weeks(scenario: Scenario, weeks: int) -> Scenario:
    """Return a scenario that runs for a number of weeks."""
    return scenario.model_copy(update={"end": scenario.start + timedelta(weeks=weeks - 1)})


def with_events(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with the first events of its list, or with copies in other weeks."""
    events = []
    days = 7 * scenario.weeks
    for count in range(number):
        copy, place = divmod(count, len(scenario.events))
        event = scenario.events[place]
        day = ((event.date - scenario.start).days + 35 * copy) % days
        moved = {"id": f"{event.id}.{copy}", "date": scenario.start + timedelta(days=day)}
        events.append(event.model_copy(update=moved))
    return scenario.model_copy(update={"events": tuple(events)})


def with_bystanders(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with more actors, which only watch."""
    more = {f"X{n}": Actor(name=f"Bystander {n}", role="bystander") for n in range(number)}
    case = scenario.case.model_copy(update={"actors": scenario.case.actors | more})
    return scenario.model_copy(update={"case": case})


def compare_costs(size: Size) -> dict[str, dict[str, Ratio]]:
    """Time a world against chunk, weeks, events and actors, relative to the baseline."""
    sweep = sweep_of(PART)
    scenario = sweep.scenarios[0]
    weeks, events, actors = scenario.weeks, len(scenario.events), len(scenario.case.actors)
    chunks = {str(n): partial(run_worlds, sweep, PART, n) for n in (256, 512, 1024, 2048, 4096)}

    def table(change: Callable[[Scenario, int], Scenario], numbers: Sequence[int]) -> Times:
        sweeps = {n: replace(sweep, scenarios=(change(scenario, n),)) for n in numbers}
        cases = {str(n): partial(run_worlds, sweeps[n], CHUNK) for n in numbers}
        return interleaved(cases, size.rounds)

    by_weeks = table(with_weeks, (52, 104, 208, weeks, 2 * weeks))
    by_events = table(with_events, (0, events // 2, events, 2 * events, 4 * events, 8 * events))
    by_actors = table(lambda s, n: with_bystanders(s, n - actors), (4, 5, 6, 8, 12))
    return {
        "chunk": relative(interleaved(chunks, size.rounds), str(CHUNK)),
        "weeks": relative(by_weeks, str(weeks)),
        "events": relative(by_events, str(events)),
        "actors": relative(by_actors, str(actors)),
    }


# --- several processes ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Watched:
    """What a whole command took: wall time, CPU time and peak memory of all its processes."""

    wall: float
    spent: float
    peaks: tuple[float, ...]
    """Peak of each process in MiB, largest first."""


def watched(words: Sequence[str]) -> Watched:
    """Run the command line in processes of its own and watch it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "two_chairs_lab", *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for pid in family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0.0), peak_memory(pid))
        time.sleep(LOOK_EVERY)
    took = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Watched(took, spent, tuple(sorted(peaks.values(), reverse=True)))


def family(root: int) -> set[int]:
    """Return a process and all that it started (Linux; elsewhere itself alone)."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, more = {root}, {root}
    while more:
        more = {pid for pid, parent in parents.items() if parent in more} - found
        found |= more
    return found


def peak_memory(pid: int) -> float:
    """Return the peak memory of a process so far in MiB, 0 where the system does not tell."""
    try:
        high = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(high[1]) / 1024 if high else 0.0


def sweep_words(worlds: int, workers: int, folder: Path) -> list[str]:
    """Return a sweep of the baseline over all parameters, outcomes only, as words."""
    return [
        "sweep", "baseline", "--design", "lhs", "--points", str(worlds // REPLICATES),
        "--replicates", str(REPLICATES), "--workers", str(workers), "--out", str(folder),
    ]  # fmt: skip


def compare_processes(size: Size, folder: Path) -> dict[str, Any]:
    """Time whole sweeps with one and with two processes, in turn, and a large one with two."""
    seen: dict[str, list[Watched]] = {"1": [], "2": []}
    for count in range(size.sweep_rounds):
        for name, runs in seen.items():
            words = sweep_words(size.sweep_worlds, int(name), folder / f"sweep-{count}-{name}")
            runs.append(watched(words))
    large = watched(sweep_words(size.large_worlds, 2, folder / "large"))
    wall = {name: [run.wall for run in runs] for name, runs in seen.items()}
    spent = {name: [run.spent for run in runs] for name, runs in seen.items()}
    return {
        "worlds": size.sweep_worlds,
        "large": size.large_worlds,
        "one / two, wall": ratio(wall["1"], wall["2"]),
        "two / one, CPU": ratio(spent["2"], spent["1"]),
        "seconds a million worlds": MILLION / size.large_worlds * large.wall,
        "seconds a million worlds, CPU": MILLION / size.large_worlds * large.spent / 2,
        "busy cores, one": ratio(spent["1"], wall["1"]),
        "busy cores, two": ratio(spent["2"], wall["2"]),
        "free cores, CPU": ratio(spent["1"], spent["2"], 2.0),
        "peaks": {
            f"sweep of {size.sweep_worlds:,} worlds, one process": seen["1"][0].peaks,
            f"sweep of {size.sweep_worlds:,} worlds, two processes": seen["2"][0].peaks,
            f"sweep of {size.large_worlds:,} worlds, two processes": large.peaks,
        },
    }


def store_of(worlds: int, folder: Path) -> None:
    """Make the store of a large sweep whose parts are all copies of one."""
    levels = {"institution_share": RangeEntry(levels=10), "negativity": RangeEntry(levels=10)}
    plan = Plan(title="Large", question="How much?", replicates=worlds // 100, ranges=levels)
    sweep = resolve(plan)
    make_place(folder)
    open_store(folder, sweep.manifest(made_by()), sweep.design)
    columns = compute(sweep, np.arange(PART))
    for part in range(sweep.parts):
        numbers = np.array(sweep.worlds_in(part))
        names = ("scenario", "point", "replicate")
        placed = dict(zip(names, sweep.coords(numbers), strict=True))
        copied = {name: values[: len(numbers)] for name, values in columns.items()}
        copied |= {name: values.astype(np.int32) for name, values in placed.items()}
        write_part(folder, part, copied)


def compare_memory(size: Size, folder: Path, peaks: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    """Return the peak memory of whole commands, in MiB: sweeping, and reading a large store."""
    store_of(size.read_worlds, folder / "copied")
    drawn = watched(["plot", str(folder / "copied"), "--outcome", "tilt@end"])
    all_peaks = peaks | {f"plot of {size.read_worlds:,} worlds": drawn.peaks}
    small, large = [sum(found) for name, found in peaks.items() if "two processes" in name]
    return {
        "MiB": {name: sum(found) for name, found in all_peaks.items()},
        "largest process": {name: max(found) for name, found in all_peaks.items()},
        "large / small": large / small,
        "large, small": (size.large_worlds, size.sweep_worlds),
        "most": max(sum(found) for found in all_peaks.values()),
    }


def compare_starts(size: Size) -> dict[str, float]:
    """Return how long whole processes of the command line take, in seconds."""
    program = [sys.executable, "-m", "two_chairs_lab"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "two-chairs --help": [*program, "--help"],
        "two-chairs check scenarios/armenia/baseline.toml": [
            *program, "check", "scenarios/armenia/baseline.toml",
        ],
    }  # fmt: skip

    def started(command: list[str]) -> None:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    cases = {name: partial(started, command) for name, command in commands.items()}
    times = interleaved(cases, size.starts, time.perf_counter)
    return {name: statistics.median(series) for name, series in times.items()}


# --- reporting ------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """Name the kind of machine, and nothing that tells which one it is."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "Mesa": mesa.__version__,
        "load average before": round(os.getloadavg()[0], 1),
    }


def processor() -> str:
    """Return the model of the processor."""
    info = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.is_file() else None
    return named[1] if named else platform.machine()


def measure(size: Size) -> dict[str, Any]:
    """Measure everything."""
    found: dict[str, Any] = {"date": datetime.now(tz=UTC).date(), "machine": machine()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with on_one_core() as pinned:
            found |= {"pinned": pinned, "rounds": size.rounds, "batch_runs": size.batch_runs}
            found["a world"] = compare_engines(size, folder)
            found["cost"] = compare_costs(size)
        found["sweep rounds"] = size.sweep_rounds
        found["processes"] = compare_processes(size, folder)
        peaks = found["processes"].pop("peaks")
        found["memory"] = compare_memory(size, folder, peaks)
        found["starts"], found["start-up"] = size.starts, compare_starts(size)
    found["machine"]["load average after"] = round(os.getloadavg()[0], 1)
    found["targets"] = targets(found)
    return found


def targets(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return every target with what was measured and whether it is met."""
    world, processes = found["a world"], found["processes"]
    loop, batch = world.get("engine / C"), world.get("batch_run / engine")
    speed = processes["one / two, wall"]
    million = processes["seconds a million worlds"]
    projected = "" if processes["large"] == MILLION else " (projected)"
    rows = [
        (f"a world at most {LIMIT_OF_C:g} × the C loop", loop, loop and loop.median <= LIMIT_OF_C),
        (
            f"about {TIMES_BATCH_RUN:g} × as fast as `batch_run`, a core",
            batch,
            batch and batch.median >= TIMES_BATCH_RUN,
        ),
        (f"two processes at least {SPEED_UP:g} × one", speed, speed.median >= SPEED_UP),
        (
            f"a million worlds in {SECONDS_A_MILLION:g} s on two cores{projected}",
            f"{million:.0f} s",
            million <= SECONDS_A_MILLION,
        ),
        (
            f"peak memory of a large sweep at most {FLAT:g} × that of a small one",
            f"{found['memory']['large / small']:.3g}",
            found["memory"]["large / small"] <= FLAT,
        ),
        (
            f"all processes together below {MOST_MIB:g} MiB",
            f"{found['memory']['most']:.0f} MiB at most",
            found["memory"]["most"] < MOST_MIB,
        ),
    ]
    return [
        (text, "left out" if value is None else str(value), verdict(value, met))
        for text, value, met in rows
    ]


def verdict(value: object, met: object) -> str:
    """Say whether a target is met."""
    return "not measured" if value is None else "met" if met else "not met"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def ratio_rows(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headline ratios, as text."""
    world, processes, memory = found["a world"], found["processes"], found["memory"]
    large, small = memory["large, small"]
    pairs = {
        "a world: sweep engine / C loop": world.get("engine / C"),
        "a world: `mesa.batch_run` / sweep engine": world.get("batch_run / engine"),
        "a world: EMA Workbench, sequential / sweep engine": world.get("EMA / engine"),
        f"{processes['worlds']:,} worlds: one process / two, wall": processes["one / two, wall"],
        "the same: CPU time of two / one": processes["two / one, CPU"],
        "the same: CPU time / wall time of one": processes["busy cores, one"],
        "the same: CPU time / wall time of two": processes["busy cores, two"],
        f"peak memory: {large:,} / {small:,} worlds": f"{memory['large / small']:.3f}",
    }
    left_out = "left out: no C compiler, a Mesa without `batch_run`, or no EMA Workbench"
    return [(name, left_out if value is None else str(value)) for name, value in pairs.items()]


def cost_tables(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table for everything that costs are measured against."""
    names = {
        "chunk": "worlds side by side",
        "weeks": "weeks",
        "events": "recorded events",
        "actors": "actors",
    }
    for key, table in found["cost"].items():
        rows = [(name, value) for name, value in table.items()]
        yield markdown_table((names[key], "time a world, relative"), rows)


def agreement(found: Mapping[str, Any]) -> str:
    """Say how well the C loop agrees with the package."""
    world = found["a world"]
    if "engine / C" not in world:
        return "The C loop is left out: no C compiler was found."
    apart = world["C without luck, largest difference"]
    errors = world["C with luck, standard errors"]
    return (
        f"It agrees with the package: without luck, in the fixed world and in {CHUNK} worlds with\n"
        f"  drawn parameters, all final outcomes differ by less than {1.05 * apart:.1g};\n"
        f"  with luck of its own their means lie within {errors:.1f} standard errors."
    )


def document(found: Mapping[str, Any], command: str) -> str:
    """Return `docs/performance.md`: the template, filled in."""
    memory, processes, world = found["memory"], found["processes"], found["a world"]
    peaks = [
        (name, f"{mib:.0f}", f"{memory['largest process'][name]:.0f}")
        for name, mib in memory["MiB"].items()
    ]
    starts = [(f"`{name}`", f"{took:.2f}") for name, took in found["start-up"].items()]
    fields = {name.replace(" ", "_"): value for name, value in found["machine"].items()}
    fields |= {
        "date": found["date"],
        "command": command,
        "chunk": CHUNK,
        "part": PART,
        "rounds": found["rounds"],
        "batch_runs": found["batch_runs"],
        "sweep_rounds": found["sweep rounds"],
        "starts": found["starts"],
        "weeks": world["weeks"],
        "events": world["events"],
        "pinned": "pinned to one core" if found["pinned"] else "not pinned (the system cannot)",
        "worlds": f"{processes['worlds']:,}",
        "large": f"{processes['large']:,}",
        "agreement": agreement(found),
        "reading": reading(found),
        "ratio_table": markdown_table(("what", "ratio"), ratio_rows(found)),
        "target_table": markdown_table(("target", "measured", "verdict"), found["targets"]),
        "cost_tables": "\n\n".join(cost_tables(found)),
        "memory_reading": memory_reading(memory),
        "memory_table": markdown_table(
            ("command", "MiB, all processes", "MiB, the largest"), peaks
        ),
        "start_table": markdown_table(("command", "seconds"), starts),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(fields)


def reading(found: Mapping[str, Any]) -> str:
    """Say in words which targets are met."""
    sorted_by: dict[str, list[str]] = {"met": [], "not met": [], "not measured": []}
    for text, _, met in found["targets"]:
        sorted_by[met].append(text)
    parts = [f"{met.capitalize()}: {'; '.join(rows)}." for met, rows in sorted_by.items() if rows]
    processes = found["processes"]
    alone = processes["busy cores, one"].median
    busy = processes["busy cores, two"].median
    if busy < SPEED_UP:
        free = processes["free cores, CPU"].median
        million = processes["seconds a million worlds, CPU"]
        parts.append(
            f"The two processes had {busy:.2f} cores between them (one alone: {alone:.2f}): other\n"
            "work held the rest, so both verdicts on processes can be unfair to the program. From\n"
            f"CPU times alone two free cores would be {free:.2f} times as fast as one and take\n"
            f"{million:.0f} s for a million worlds; that is a projection, not a measurement."
        )
    return "\n".join(parts)


def memory_reading(memory: Mapping[str, Any]) -> str:
    """Say whether memory is flat, and by how much it grows if not."""
    if memory["large / small"] <= FLAT:
        return "It is flat."
    return f"It is not flat: the large sweep takes {memory['large / small']:.2f} × the small one's."


def show(found: Mapping[str, Any]) -> None:
    """Print everything as text."""
    rows = [
        *ratio_rows(found),
        *((text, f"{value}: {met}") for text, value, met in found["targets"]),
    ]
    rows += [(f"{name}, s", f"{took:.2f}") for name, took in found["start-up"].items()]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")
    for key, table in found["cost"].items():
        print(f"\ntime a world by {key}, relative")
        for name, value in table.items():
            print(f"{name:>8}  {value}")
    print(f"\n{agreement(found)}")


def as_json(value: object) -> object:
    """Turn what JSON does not know into what it does."""
    return asdict(value) if isinstance(value, Ratio) else str(value)


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds and small sweeps")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write docs/performance.md")
    asked = parser.parse_args()
    found = measure(QUICK if asked.quick else FULL)
    show(found)
    if asked.json:
        asked.json.write_text(json.dumps(found, default=as_json, indent=1) + "\n", "utf-8")
    if asked.write:
        command = "python benchmarks/run.py" + (" --quick" if asked.quick else "")
        text = document(found, f"{command} --write docs/performance.md")
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
