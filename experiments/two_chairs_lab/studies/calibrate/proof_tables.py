"""What recorded decisions teach, as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from two_chairs_lab.render.markdown import markdown_table
from two_chairs_lab.render.table import Table

FORECASTERS = {
    "persistence": "persistence, learned on the way",
    "shares": "shares so far",
    "inertia": "inertia, staying .95",
}


def proof_lines(record: Mapping[str, Any]) -> list[str]:
    """Return the sections of a page on decisions; where a simple rule wins stands first."""
    found = []
    for table, words in (
        (ahead_table(record["ahead"]), ahead_words(record["ahead"])),
        (source_table(record["sources"]), SOURCE_WORDS),
        (left_out_table(record["left_out"]), LEFT_OUT_WORDS),
        (acts_table(record), acts_words(record)),
    ):
        found += [f"## {table.title}", "", words, "", *markdown_table(table), ""]
    return found


SOURCE_WORDS = (
    "Each source by itself against the prior. KL is the information in nats; the parameters are "
    "those that it narrows or moves most: the ratio of standard deviations after and before, and "
    "the shift of the mean in deviations of the prior."
)
LEFT_OUT_WORDS = (
    "What moves most if a part of the evidence is left out: the mean of that parameter, in "
    "deviations of the prior. A quarter is left out with all that was decided in it."
)


def ahead_words(ahead: Mapping[str, Mapping[str, float]]) -> str:
    """Say where a simple forecaster foresees an actor better than the model."""
    losses = [
        f"{actor}: {FORECASTERS[name]} ({score:.2f} against {scores['model']:.2f})"
        for actor, scores in ahead.items()
        for name, score in scores.items()
        if name != "model" and score >= scores["model"]
    ]
    won = "; ".join(losses)
    first = f"**A simple rule wins on {won}.**" if won else "No simple rule beats the model."
    return (
        f"{first} Mean log score a quarter, larger is better; each quarter is foreseen from all "
        "decisions before it."
    )


def ahead_table(ahead: Mapping[str, Mapping[str, float]]) -> Table:
    """Return the log score of each actor's decisions, one quarter ahead."""
    rows = tuple(
        (actor, f"{scores['model']:.2f}", *(f"{scores[name]:.2f}" for name in FORECASTERS))
        for actor, scores in ahead.items()
    )
    return Table("Foreseen a quarter ahead", ("", "model", *FORECASTERS.values()), rows)


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
        (label, told["most_moved"], f"{told['shift']:+.2f}", f"{told['effective_rows']:,.0f}")
        for label, told in left_out.items()
    )
    columns = ("", "most moved", "by", "effective rows")
    return Table("What moves if evidence is left out", columns, rows)


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
