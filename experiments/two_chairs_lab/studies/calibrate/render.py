"""What calibration and prediction say: pages, sentences, and the terminal's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from two_chairs_lab.render.markdown import markdown_table
from two_chairs_lab.render.numbers import band, decimal, percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import laid_out

from .predictions import MEASURES
from .proof_tables import (
    ahead_table,
    ahead_words,
    brier_table,
    brier_words,
    proof_lines,
    simple_wins,
)
from .scoring import INTERVALS, SIMPLE, TESTS
from .study import CalibrationPlan

if TYPE_CHECKING:
    from .fit import CalibrationResult

RIVALS = {f"loses_to_{name.replace('-', '_')}": words for name, words in SIMPLE.items()}


# --- calibration ----------------------------------------------------------------------------------


def verdict(record: Mapping[str, Any]) -> list[str]:
    """Say of each simple rival where the model loses to it, or that it does not."""
    polls = [
        f"The model loses to {rival} (larger CRPS) on: {'; '.join(record[key])}."
        if record[key]
        else f"The model has the smaller CRPS than {rival} on every series."
        for key, rival in RIVALS.items()
    ]
    return polls + simple_wins(record["decisions"]) if "decisions" in record else polls


def calibration_page(result: CalibrationResult) -> str:
    """Return a calibration as a Markdown page; where the model loses stands first."""
    record = result.record()
    ids = [question.id for question in result.calibration.plan.questions]
    lines = [f"# {record['title']}", "", *map(_bold, verdict(record)), ""]
    lines += [record["conditional_on"], "", *_left_out(result)]
    moved = Table("Posterior", ("", "before", "after (median, 5–95 %)"), _moved_rows(record))
    for test, entries in record["scores"].items():
        lines += [f"## Answers left out: {TESTS[test]}", ""]
        lines += [*markdown_table(_score_page_table(entries, ids)), ""]
    lines += proof_lines(record["decisions"]) if "decisions" in record else []
    lines += ["## Posterior", "", *markdown_table(moved), ""]
    lines += ["Strongest posterior correlations:", ""]
    lines += [
        f"* {e['of']} and {e['and']}: {e['correlation']:+.2f}" for e in record["correlations"]
    ]
    lines += ["", "Depth of the evidence profile, log units (below 1 the answers say little):", ""]
    lines += [f"* {name}: {depth:.2f}" for name, depth in record["profile_depth"].items()]
    lines += ["", "## Recovery of made data", "", RECOVERY_WORDS, ""]
    lines += [*markdown_table(_recovery_table(record["recovery"])), ""]
    if "recovery_of_decisions" in record:
        lines += ["## Recovery of made decisions", "", recovery_sentence(record), ALL_ROWS, ""]
        lines += [*markdown_table(_recovery_table(record["recovery_of_decisions"])), ""]
    lines += ["## Series that stance must not move", ""]
    lines += [
        f"* {series}: {check['observed']} in {check['years']}; tilt {check['tilt']}"
        for series, check in record["null_checks"].items()
    ]
    return "\n".join([*lines, ""])


def _left_out(result: CalibrationResult) -> list[str]:
    """Name the answers that were not fitted, since they were given after the evidence ends."""
    late = result.calibration.left_out
    return [f"Left out, given after the evidence ends: {', '.join(late)}.", ""] if late else []


def _bold(sentence: str) -> str:
    """Return a sentence of `verdict` with a loss in bold."""
    if sentence.startswith("A simple rule"):
        return f"**{sentence}**"
    loss, mark, rest = sentence.partition(" (larger CRPS)")
    return f"**{loss}**{mark}{rest}" if mark else sentence


def _score_page_table(entries: Mapping[str, Any], questions: Sequence[str]) -> Table:
    rows = tuple(
        (
            theory,
            f"{entry['mean_absolute_error']:.3f}",
            f"{entry['crps']:.3f}",
            *(f"{entry['crps_by_question'][name]:.3f}" for name in questions),
            _percent(entry["coverage"]["95 %"]),
        )
        for theory, entry in entries.items()
    )
    return Table("Scores", ("theory", "MAE", "CRPS", *questions, "in 95 %"), rows)


RECOVERY_WORDS = (
    "Intervals of 50, 80 and 95 % should hold the truth as often. Departure: the largest distance "
    "of the ranks' distribution from the uniform one. Chance: how often uniform ranks depart as "
    "far, all points together; below 5 % the inference does not find what it is told."
)
ALL_ROWS = (
    "Where the truth stands among the rows, no lack of rows can move its ranks: that column tries "
    "the likelihood alone, the one before it the rows too."
)


def recovery_sentence(record: Mapping[str, Any]) -> str:
    """Say how many quantities made records of decisions give back."""
    found, rows = record["recovery_of_decisions"], record["recovery_effective_rows"]
    return (
        f"{_inside(found, 'chance_if_uniform')} have ranks inside the band that holds 95 % of "
        f"uniform ones; where the truth stands among the rows, "
        f"{_inside(found, 'chance_among_all_rows')}. Effective rows of a test: "
        f"{rows['median']:,} in the median, {rows['least']:,} at least."
    )


def _inside(found: Mapping[str, Mapping[str, float]], key: str) -> str:
    lost = [name for name, entry in found.items() if entry[key] < LEAST_CHANCE]
    but = f" (not {', '.join(lost)})" if lost else ""
    return f"{len(found) - len(lost)} of {len(found)} quantities{but}"


LEAST_CHANCE = 0.05


def _recovery_table(recovery: Mapping[str, Any]) -> Table:
    exact = any("chance_among_all_rows" in entry for entry in recovery.values())
    rows = tuple(
        (
            name,
            *map(_percent, entry["coverage"].values()),
            decimal(entry["correlation"]),
            decimal(entry["departure"]),
            percent(entry["chance_if_uniform"]),
            *([percent(entry["chance_among_all_rows"])] if exact else []),
        )
        for name, entry in recovery.items()
    )
    columns = ("", *(f"{100 * share:.0f} %" for share in INTERVALS), "correlation", "departure")
    last = ("chance, truth among the rows",) if exact else ()
    return Table("Recovery", (*columns, "chance", *last), rows)


def _moved_rows(record: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    prior = record["prior"]
    return tuple(
        (name, band(prior[name]) if name in prior else "", band(after))
        for name, after in record["posterior"].items()
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def print_calibration(result: CalibrationResult, console: Console) -> None:
    """Print what a calibration found: first where it loses, then scores and the posterior."""
    record = result.record()
    console.print(f"[bold]{escape(record['title'])}[/bold]")
    for sentence in verdict(record):
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    for line in filter(None, _left_out(result)):
        console.print(Padding(escape(line), (0, 0, 0, 2)))
    for test, entries in record["scores"].items():
        console.print(laid_out(_score_table(test, entries), console.width))
    if "decisions" in record:
        for table, words in (
            (ahead_table(told := record["decisions"]["ahead"]), ahead_words(told)),
            (brier_table(told := record["decisions"]["brier"]), brier_words(told)),
        ):
            console.print(Padding(escape(words.replace("**", "")), (0, 0, 0, 2)))
            console.print(laid_out(table, console.width))
        told_again = recovery_sentence(record)
        console.print(Padding(escape(f"Made decisions: {told_again}"), (0, 0, 0, 2)))
    columns = ("parameter", "before", "after")
    table = Table("Before and after, median (5–95 %)", columns, _moved_rows(record))
    console.print(laid_out(table, console.width))
    console.print(f"[dim]{escape(record['conditional_on'])}[/dim]")


def _score_table(test: str, entries: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            theory,
            f"{100 * entry['mean_absolute_error']:.1f} pts",
            f"{100 * entry['crps']:.1f} pts",
            _percent(entry["coverage"]["95 %"]),
        )
        for theory, entry in entries.items()
    )
    columns = ("theory", "mean abs. error", "CRPS", "inside 95 %")
    return Table(f"Answers left out, {test}", columns, rows)


# --- predictions ----------------------------------------------------------------------------------


def prediction_sentences(record: Mapping[str, Any], plan: CalibrationPlan) -> list[str]:
    """Say what a poll of each question would show at each date."""
    return [
        f"A poll on '{question}' would show {median} % in {when} (90 %: {wide})."
        for question, when, median, _, wide in _poll_table(record, plan).rows
    ]


def prediction_page(record: Mapping[str, Any], plan: CalibrationPlan) -> str:
    """Return the statements as a Markdown page."""
    lines = [
        f"# What the model says about {min(record['years'])} to {max(record['years'])}",
        "",
        f"Frozen on {record['frozen']}; version {record['version']}. Written by "
        f"`two-chairs predict`, never edited by hand. Fitted to: {record['fitted_to']}.",
        "",
        record["conditional_on"],
    ]
    if "statements" in record:
        lines += ["", *_statement_lines(record["statements"], record["frozen"])]
    if "checksums" in record:
        lines += ["", "## Checksums (SHA-256) of what this came from", ""]
        lines += [f"* `{name}`: `{digest}`" for name, digest in record["checksums"].items()]
    for table in prediction_tables(record, plan).values():
        lines += ["", f"## {table.title}", "", *markdown_table(table)]
    return "\n".join([*lines, ""])


def _statement_lines(statements: Sequence[Mapping[str, Any]], frozen: str) -> list[str]:
    """Return the dated statements with their rules of resolution, as Markdown."""
    lines = [
        f"What is dated up to {frozen} is a *retrodiction with withheld data*: the draws saw "
        "nothing "
        "later than their evidence, but those who chose the case lived later. What is dated after "
        "it was ahead when this was frozen. Each number is the share of the model's worlds in "
        "which the statement comes true, with its own sampling error (95 %); no event after the "
        "cut-off is fed in.",
        "",
        "## Dated statements and how to tell whether they came true",
        "",
    ]
    rows = tuple(
        (
            each["day"],
            each["text"],
            f"{100 * each['probability']:.0f} % ± {100 * each['sampling_error']:.1f}",
            each["kind"],
            each["resolution"],
        )
        for each in statements
    )
    columns = ("day", "statement", "share of worlds", "kind", "how to tell")
    return lines + markdown_table(Table("Statements", columns, rows))


def prediction_tables(record: Mapping[str, Any], plan: CalibrationPlan) -> dict[str, Table]:
    """Return the statements as tables of texts; those that say nothing are left out."""
    regimes = {year: entry["regime_shares"] for year, entry in record["years"].items()}
    spent = "share of the year's weeks and worlds"
    tables = {
        "polls": _poll_table(record, plan),
        "position": _position_table(record["years"]),
        "regimes": _share_table(f"Regimes, {spent}", regimes),
        "postures": _share_table(f"Postures, {spent}", record["posture_shares"]),
        "happened": _share_table("Has happened by the date, share of worlds", record["by"]),
    }
    always = ("polls", "position")
    return {name: table for name, table in tables.items() if table.rows or name in always}


def _poll_table(record: Mapping[str, Any], plan: CalibrationPlan) -> Table:
    labels = {question.id: question.label for question in plan.questions}
    rows = tuple(
        (
            labels.get(key, key),
            when,
            f"{q['p50']:.0f}",
            f"{q['p25']:.0f} to {q['p75']:.0f}",
            f"{q['p05']:.0f} to {q['p95']:.0f}",
        )
        for key, dates in record["questions"].items()
        for when, q in dates.items()
    )
    columns = ("question", "when", "median", "50 %", "90 %")
    return Table("What a poll would show, percent", columns, rows)


def _position_table(years: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            year,
            name.replace("_", " "),
            f"{entry[name]['p50']:+.2f}",
            f"{entry[name]['p05']:+.2f} to {entry[name]['p95']:+.2f}",
        )
        for year, entry in years.items()
        for name in MEASURES
    )
    return Table("Position, mean of the year", ("year", "measure", "median", "90 %"), rows)


def _share_table(title: str, shares: Mapping[str, Mapping[str, float]]) -> Table:
    names = list(next(iter(shares.values()), {}))
    columns = ("", *(name.replace("_", " ") for name in names))
    rows = tuple((key, *(_percent(row[name]) for name in names)) for key, row in shares.items())
    return Table(title, columns, rows)
