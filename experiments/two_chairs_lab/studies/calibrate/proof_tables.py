"""What recorded decisions teach, as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from two_chairs_lab.render.markdown import markdown_table
from two_chairs_lab.render.numbers import decimal
from two_chairs_lab.render.table import Table

FORECASTERS = {
    "persistence": "persistence, learned on the way",
    "shares": "shares so far",
    "inertia": "inertia, staying .95",
    "random-walk": "shares that wander",
    "attacks": "shares after as many attacks",
}


def proof_lines(record: Mapping[str, Any]) -> list[str]:
    """Return the sections of a page on decisions; where a simple rule wins stands first."""
    found = []
    for table, words in (
        (ahead_table(record["ahead"]), ahead_words(record["ahead"])),
        (brier_table(record["brier"]), brier_words(record["brier"])),
        (source_table(record["sources"]), SOURCE_WORDS),
        (left_out_table(record["left_out"]), LEFT_OUT_WORDS),
        (acts_table(record), acts_words(record)),
    ):
        found += [f"## {table.title}", "", words, "", *markdown_table(table), ""]
    return found


LEAST_ROWS = 100
"""Effective rows below which nothing is said of what moved."""
SOURCE_WORDS = (
    "Each source by itself against the prior. KL is the information in nats; the parameters are "
    "those that it narrows or moves most: the ratio of standard deviations after and before, and "
    "the shift of the mean in deviations of the prior."
)
LEFT_OUT_WORDS = (
    "What moves most if a part of the evidence is left out or counts otherwise: the mean of that "
    "parameter, in deviations of the prior. A quarter is left out with all that was decided in it. "
    "At half power the log likelihood of decisions counts half; read strictly, each decision is "
    "its best supported choice and nothing else. Nothing is said where fewer than 100 rows are "
    "effective."
)


def ahead_words(ahead: Mapping[str, Mapping[str, float]]) -> str:
    """Say where a simple forecaster foresees an actor better than the model, by log score."""
    return (
        f"{_won(ahead, larger=True)} Mean log score a quarter, larger is better; each quarter is "
        "foreseen from all decisions before it."
    )


def brier_words(brier: Mapping[str, Mapping[str, float]]) -> str:
    """Say where a simple forecaster foresees an actor better than the model, by Brier score."""
    return (
        f"{_won(brier, larger=False)} Mean Brier score a quarter, ½ Σ (p − o)²: 0 is perfect, 1 "
        "wholly wrong. The rules are told in docs/calibration.md."
    )


def simple_wins(record: Mapping[str, Any]) -> list[str]:
    """Say by which score a simple rule foresees decisions better than the model, if one does."""
    return [
        f"{_won(record[score], larger=larger).strip('*')} ({words})"
        for score, larger, words in (("ahead", True, "log score"), ("brier", False, "Brier score"))
        if _won(record[score], larger=larger).startswith("**")
    ]


def _won(scores: Mapping[str, Mapping[str, float]], *, larger: bool) -> str:
    sign, digits = (1.0, 2) if larger else (-1.0, 3)
    won = "; ".join(
        f"{actor}: {FORECASTERS[name]} ({decimal(score, digits)} against "
        f"{decimal(each['model'], digits)})"
        for actor, each in scores.items()
        for name, score in each.items()
        if name != "model" and sign * score >= sign * each["model"]
    )
    return f"**A simple rule wins on {won}.**" if won else "No simple rule beats the model."


def ahead_table(ahead: Mapping[str, Mapping[str, float]]) -> Table:
    """Return the log score of each actor's decisions, one quarter ahead."""
    return _score_table("Foreseen a quarter ahead", ahead, 2)


def brier_table(brier: Mapping[str, Mapping[str, float]]) -> Table:
    """Return the Brier score of each actor's decisions, one quarter ahead."""
    return _score_table("Foreseen a quarter ahead, Brier score", brier, 3)


def _score_table(title: str, scores: Mapping[str, Mapping[str, float]], digits: int) -> Table:
    named = {"model": "the model"} | FORECASTERS
    rows = tuple(
        (words, *(decimal(each[name], digits) for each in scores.values()))
        for name, words in named.items()
    )
    return Table(title, ("", *scores), rows)


def source_table(sources: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return what each source teaches by itself."""
    rows = tuple(
        (
            name,
            f"{told['log_evidence']:.2f}",
            f"{told['kl']:.2f}",
            f"{told['effective_rows']:,.0f}",
            ", ".join(
                f"{entry['name']} {entry['sd_ratio']:.2f} ({entry['shift']:+.2f})"
                for entry in told["moved"]
            ),
        )
        for name, told in sources.items()
    )
    columns = ("source", "log evidence", "KL", "effective rows", "narrowed (moved)")
    return Table("What each source teaches", columns, rows)


def left_out_table(left_out: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return what moves if a part of the evidence is left out."""
    rows = tuple(
        (label, *_most_moved(told), f"{told['effective_rows']:,.0f}")
        for label, told in left_out.items()
    )
    columns = ("", "most moved", "by", "effective rows")
    return Table("What moves if evidence is left out", columns, rows)


def _most_moved(told: Mapping[str, Any]) -> tuple[str, str]:
    """Say what moved most, or that too few rows are left to tell."""
    if told["effective_rows"] < LEAST_ROWS:
        return "too few rows", ""
    return str(told["most_moved"]), decimal(told["shift"], sign=True)


def acts_words(record: Mapping[str, Any]) -> str:
    """Say what the table of acts shows."""
    return (
        f"Worlds ({record['free_worlds']:,}) in which the model chooses postures from the "
        "start, as a check. Postures: share of weeks. Other acts: share of quarters in which they "
        "are chosen; before the cut-off the ledger acts, so they are not done."
    )


def acts_table(record: Mapping[str, Any]) -> Table:
    """Return what free worlds choose by year, before any fit and after it."""
    before, after = record["acts_before_any_fit"], record["acts_after_the_fit"]
    names = list(next(iter(before.values())))
    rows = tuple(
        (
            year,
            *(
                f"{100 * before[year][name]:.0f} → {100 * after[year][name]:.0f} %"
                for name in names
            ),
        )
        for year in before
    )
    columns = ("year", *(name.partition(":")[2] for name in names))
    return Table("Acts in free worlds, before any fit → after it", columns, rows)
