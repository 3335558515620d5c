"""The command score."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError, Problem
from two_chairs_lab.shell.deliver import deliver, json_option
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import day_of, figure_options

from .frozen import WITHIN, same_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from two_chairs.scenario.records import Observation

    from .frozen import Frozen


@click.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--against",
    required=True,
    type=click.Path(path_type=Path),
    metavar="observations.csv",
    help="Answers that came, with any that came before.",
)
@click.option(
    "--events",
    type=click.Path(path_type=Path),
    metavar="ledger.csv",
    help="Events that happenings are resolved by.",
)
@click.option(
    "--resolve",
    multiple=True,
    metavar="NAME=WHAT",
    help="What came: an event's id, a date, never; true or false of a statement.",
)
@click.option(
    "--known-to",
    metavar="DATE",
    help="How far the record of events reaches.  [default: its last event]",
)
@click.option(
    "--within",
    default=WITHIN,
    show_default=True,
    type=click.IntRange(0),
    help="Most days between a predicted date and its answer.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for tables and a figure."
)
@figure_options
@json_option
@explained
def score(
    predictions: Path, against: Path, events: Path | None, resolve: tuple[str, ...],
    known_to: str | None, within: int, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how frozen PREDICTIONS fared: polls that came since, and things that happened or not.

    PREDICTIONS is a JSON file that 'predict --out' has left, of any version.
    """
    from two_chairs.scenario.files import raise_all, read_events
    from two_chairs_lab.results.manifest import hashes

    from .frozen import read_frozen, resolutions
    from .render import print_scores
    from .study import score as scored

    frozen = read_frozen(predictions)
    rows = _answers(frozen, against)
    placed, problems = ([], []) if events is None else read_events(events)
    raise_all(problems)
    days = {row.id: row.date for _, row in placed}
    came = resolutions(frozen, resolve, days)
    reach = max(days.values(), default=None)
    known = reach if known_to is None else day_of(f"--known-to {known_to}", known_to)
    files = [predictions, against, *([] if events is None else [events])]
    answer = scored(frozen, rows, came, known, within, hashes(files))
    deliver(answer, out, as_json, lambda console: print_scores(answer, console))


def _answers(frozen: Frozen, against: Path) -> list[Observation]:
    """Return the answers of a file, and those of the case from before the end of the evidence."""
    from two_chairs.scenario.files import raise_all, read_observations
    from two_chairs.scenario.text import shown

    if not against.is_file():
        raise InputError.at(f"--against {shown(against)}", "there is no such file; check the path")
    placed = read_observations(against)
    raise_all(_no_shares(frozen, placed))
    rows = {row.id: row for _, row in placed}
    for row in _of_the_case(frozen):
        if row.end <= frozen.evidence_until:
            rows.setdefault(row.id, row)
    return list(rows.values())


def _no_shares(frozen: Frozen, placed: Sequence[tuple[str, Observation]]) -> list[Problem]:
    """Return answers to predicted questions that are no shares, whatever they stand beside."""
    from two_chairs.scenario.files import share_problems

    return [
        problem
        for where, row in placed
        if any(same_series(question, row.series) for question in frozen.questions)
        for problem in share_problems(where, row)
    ]


def _of_the_case(frozen: Frozen) -> list[Observation]:
    """Return the answers that the case of the predictions has, if it still stands."""
    from two_chairs.errors import notice
    from two_chairs.scenario.files import read_observations
    from two_chairs.scenario.layers import case_path_of, chain_of
    from two_chairs.scenario.library import OBSERVATIONS_FILE, scenario_path

    name = str(frozen.record.get("scenario", ""))
    try:
        folder = case_path_of(chain_of(scenario_path(name))[0]).parent
    except InputError:
        text = f"its scenario '{name}' is not here, so earlier answers come from --against alone"
        notice(frozen.place, text)
        return []
    return [row for _, row in read_observations(folder / OBSERVATIONS_FILE)]
