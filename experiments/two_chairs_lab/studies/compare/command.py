"""The command compare: scenarios side by side, events dropped in turn or exchanged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, day_of, ensemble_options
from two_chairs_lab.shell.progress import console, progress

if TYPE_CHECKING:
    from two_chairs_lab.engine.ensemble import Ensemble

    from .study import Comparison, Ranking


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…")
@click.option("--at", "dates", multiple=True, metavar="DATE", help="Compare at this date.")
@click.option("--drop-each", is_flag=True, help="Rank the events of one scenario by effect.")
@click.option("--outcome", metavar="NAME", help="Outcome to rank events by.  [default: tilt]")
@click.option("--swap", nargs=2, metavar="E1 E2", help="Exchange the dates of two events.")
@ensemble_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for figures and tables.  [default: results/compare-<scenarios>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; figures only with --out."
)
@explained
def compare(
    scenarios: tuple[str, ...],
    dates: tuple[str, ...],
    drop_each: bool,
    outcome: str | None,
    swap: tuple[str, str] | None,
    out: Path | None,
    as_json: bool,
    asked: Asked,
) -> None:
    """Compare SCENARIOs with the first one, world by world, with the same luck."""
    _check_choice(scenarios, drop_each, outcome, swap, dates)
    days = [day_of(f"--at {text}", text) for text in dates]
    labels = _labels(scenarios)
    ensembles = [asked.of(name) for name in scenarios]
    if swap is not None:
        from .study import swapped

        ensembles += [replace(ensembles[0], scenario=swapped(ensembles[0].scenario, *swap))]
        labels += [f"{swap[0]} and {swap[1]} swapped"]
    name = "-".join(["compare", *(ensemble.name() for ensemble in ensembles)])
    name += "-each-dropped" * drop_each
    folder = out if out is not None else Path("results") / name
    writing = out is not None or not as_json
    if writing:
        from two_chairs_lab.results.folder import check_folder

        check_folder(folder, "compare")
    target = folder if writing else None
    if drop_each:
        _rank(ensembles[0], outcome or "tilt", days, scenarios, target, as_json)
    else:
        _pair(ensembles, days, labels, scenarios, target, as_json)


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
    if len(scenarios) == 1:
        text = f"'{scenarios[0]}' has nothing to be compared with"
        remedy = "name another scenario, or add --drop-each or --swap E1 E2"
        raise InputError.at("compare", f"{text}; {remedy}")
    for name, times in Counter(scenarios).items():
        if times > 1:
            raise InputError.at("compare", f"'{name}' is named twice; name another scenario")


def _labels(scenarios: Sequence[str]) -> list[str]:
    """Return a name for each scenario: its file's, or the path where two files share one."""
    stems = [Path(name).stem if name.endswith(".toml") else name for name in scenarios]
    times = Counter(stems)
    return [stem if times[stem] == 1 else name for stem, name in zip(stems, scenarios, strict=True)]


def _pair(
    ensembles: list[Ensemble],
    days: list[date],
    labels: list[str],
    names: Sequence[str],
    folder: Path | None,
    as_json: bool,
) -> None:
    from .study import compare as run_comparison
    from .study import comparison_record, difference_rows

    with progress(sum(ensemble.worlds for ensemble in ensembles), as_json) as advance:
        made = run_comparison(*ensembles, at=days, labels=labels, progress=advance)
    record = comparison_record(made)
    if folder is not None:
        from .figures import draw_comparison

        figures = draw_comparison(made)
        _leave(folder, ensembles, names, record, ("differences", difference_rows(made)), figures)
    _tell(made, record, folder, as_json)


def _rank(
    ensemble: Ensemble,
    outcome: str,
    days: list[date],
    names: Sequence[str],
    folder: Path | None,
    as_json: bool,
) -> None:
    from .study import drop_each, effect_rows, ranking_record

    variants = 1 + len(ensemble.scenario.events)
    with progress(variants * ensemble.worlds, as_json) as advance:
        made = drop_each(ensemble, outcome, days[0] if days else None, advance)
    record = ranking_record(made)
    if folder is not None:
        from .figures import draw_ranking

        figures = draw_ranking(made)
        _leave(folder, [ensemble], names, record, ("effects", effect_rows(made)), figures)
    _tell(made, record, folder, as_json)


def _leave(
    folder: Path,
    ensembles: Sequence[Ensemble],
    names: Sequence[str],
    record: dict[str, Any],
    table: tuple[str, Any],
    figures: Any,
) -> None:
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.plotting.style import save
    from two_chairs_lab.results.folder import write_json, write_rows
    from two_chairs_lab.results.manifest import MANIFEST, command_line

    from .study import compare_manifest

    inputs = list(dict.fromkeys(path for name in names for path in input_files(name)))

    def fill(new: Path) -> None:
        write_json(new / MANIFEST, compare_manifest(ensembles, command_line(), inputs))
        write_json(new / f"{table[0]}.json", record)
        write_rows(new / f"{table[0]}.csv", table[1])
        save(figures, new)

    leave_folder(folder, "compare", fill)


def _tell(
    made: Comparison | Ranking, record: dict[str, Any], folder: Path | None, as_json: bool
) -> None:
    if as_json:
        click.echo(json.dumps(record))
        return
    from .render import print_comparison, print_ranking
    from .study import Comparison

    if isinstance(made, Comparison):
        print_comparison(made, console())
    else:
        print_ranking(made, console())
    click.echo(f"Figures, tables and manifest: {folder}")
