"""The command compare: scenarios side by side, events dropped in turn or exchanged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import (
    Asked,
    WorkOptions,
    day_of,
    ensemble_options,
    work_options,
)


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…")
@click.option("--at", "dates", multiple=True, metavar="DATE", help="Compare at this date.")
@click.option("--drop-each", is_flag=True, help="Rank the events of one scenario by effect.")
@click.option("--outcome", metavar="NAME", help="Outcome to rank events by.  [default: tilt]")
@click.option("--swap", nargs=2, metavar="E1 E2", help="Exchange the dates of two events.")
@ensemble_options
@work_options
@out_option("results/<case>/compare-<scenarios>")
@json_option
@explained
def compare(
    scenarios: tuple[str, ...],
    dates: tuple[str, ...],
    drop_each: bool,
    outcome: str | None,
    swap: tuple[str, str] | None,
    asked: Asked,
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare SCENARIOs with the first one, world by world, with the same luck."""
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.manifest import hashes

    from . import study
    from .render import print_answer
    from .variants import swapped

    _check_choice(scenarios, drop_each, outcome, swap, dates)
    days = [day_of(f"--at {text}", text) for text in dates]
    labels = _labels(scenarios)
    ensembles = [asked.of(name) for name in scenarios]
    if swap is not None:
        ensembles += [replace(ensembles[0], scenario=swapped(ensembles[0].scenario, *swap))]
        labels += [f"{swap[0]} and {swap[1]} swapped"]
    name = "-".join(["compare", *(ensemble.name() for ensemble in ensembles)])
    folder = target(out, name + "-each-dropped" * drop_each, as_json, ensembles[0].scenario)
    runs = 1 + len(ensembles[0].scenario.events) if drop_each else len(ensembles)
    inputs = hashes(dict.fromkeys(path for name in scenarios for path in input_files(name)))
    answer: study.Comparison | study.Ranking
    with work.runner(runs * asked.worlds, as_json, folder, study.KIND) as runner:
        if drop_each:
            at = days[0] if days else None
            answer = study.drop_each(ensembles[0], outcome or "tilt", at, runner, inputs)
        else:
            answer = study.compare(*ensembles, at=days, labels=labels, runner=runner, inputs=inputs)
    deliver(answer, folder, as_json, lambda console: print_answer(answer, console))


def _check_choice(
    scenarios: Sequence[str],
    drop_each: bool,
    outcome: str | None,
    swap: tuple[str, str] | None,
    dates: Sequence[str],
) -> None:
    """Refuse options that do not go together."""
    if drop_each and swap is not None:
        raise InputError.at("compare", "--drop-each and --swap are two questions; give one")
    for option, given in (("--drop-each", drop_each), ("--swap", swap is not None)):
        if given and len(scenarios) != 1:
            raise InputError.at(option, f"takes one scenario, not {len(scenarios)}; name one")
    if outcome is not None and not drop_each:
        raise InputError.at("--outcome", "goes with --drop-each alone; all outcomes are compared")
    if drop_each and len(dates) > 1:
        raise InputError.at("--at", "is given twice; --drop-each ranks events at one date")
    if not (drop_each or swap is not None):
        _check_names(scenarios)


def _check_names(scenarios: Sequence[str]) -> None:
    """Refuse a lone scenario, and one that is named twice."""
    from two_chairs.scenario.library import settled

    if len(scenarios) == 1:
        text = f"'{scenarios[0]}' has nothing to be compared with"
        remedy = "name another scenario, or add --drop-each or --swap E1 E2"
        raise InputError.at("compare", f"{text}; {remedy}")
    for name, times in Counter(map(settled, scenarios)).items():
        if times > 1:
            raise InputError.at("compare", f"'{name}' is named twice; name another scenario")


def _labels(scenarios: Sequence[str]) -> list[str]:
    """Return a name for each scenario: its file's, or the path where two files share one."""
    from two_chairs.scenario.library import is_path

    stems = [Path(name).stem if is_path(name) else name for name in scenarios]
    times = Counter(stems)
    return [stem if times[stem] == 1 else name for stem, name in zip(stems, scenarios, strict=True)]
