"""What ablations say: sentences, and the terminal's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from two_chairs_lab.render.terminal import shown
from two_chairs_lab.studies.calibrate.scoring import MODEL, TESTS

from .landscape import landscape_sentence

if TYPE_CHECKING:
    from .study import TheoryComparison

NOT_SHOWN = ("polls", "scores", "landscape")
"""Tables that only the folder holds: a figure shows them better."""


def print_theories(comparison: TheoryComparison, console: Console) -> None:
    """Print the ablations: where the model loses, what each predicts, how each scores."""
    record, tables = comparison.record(), comparison.tables()
    console.print(f"[bold]The model and its ablations on '{escape(record['scenario'])}'[/bold]")
    for sentence in sentences(record):
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    console.print()
    shares = {"in 95 %", *tables["regimes"].columns[2:]}
    for name, table in tables.items():
        if name not in NOT_SHOWN:
            rows = tuple((str(name).replace("-", " "), *rest) for name, *rest in table.rows)
            console.print(shown(replace(table, rows=rows), shares))
            console.print()
    for theory in record["theories"].values():
        fixed = ", ".join(f"{key} = {value:g}" for key, value in theory["parameters"].items())
        text = f"{theory['label']} ({fixed})" if fixed else theory["label"]
        console.print(f"[dim]{escape(text)}[/dim]", soft_wrap=False)
    console.print(f"\n[dim]{escape(record['conditional_on'])}[/dim]")


def sentences(record: Mapping[str, Any]) -> list[str]:
    """Say, first, where the model loses, then what the polls leave open."""
    lines = [
        f"The model loses to {name} (larger CRPS): {_listed(where, record['questions'])}."
        for name, where in record["loses_to"].items()
        if where
    ]
    if not lines:
        lines = ["The model has a smaller CRPS than every other predictor on every question."]
    theories = record["theories"]
    day = next(iter(theories[MODEL]["at"]))
    tilts = {name: entry["at"][day]["tilt"]["p50"] for name, entry in theories.items()}
    alike = [f"{name} ({tilts[name]:+.2f})" for name in theories if _alike(record, name)]
    if alike:
        lines.append(
            f"The polls do not tell the model (median tilt {tilts[MODEL]:+.2f} on {day}) from: "
            f"{', '.join(alike)}."
        )
    lines += [
        f"Not testable by polls: {name}. It answers every poll as the model does, by construction; "
        f"yet its median tilt on {day} is {tilts[name]:+.2f}, the model's {tilts[MODEL]:+.2f}."
        for name in record["not_testable"]
    ]
    if record["landscape"] is not None:
        lines.append(landscape_sentence(record["landscape"]))
    low, high = min(tilts, key=lambda n: tilts[n]), max(tilts, key=lambda n: tilts[n])
    lines.append(
        f"Median tilts of the model and its ablations on {day} run from {tilts[low]:+.2f} ({low}) "
        f"to {tilts[high]:+.2f} ({high})."
    )
    return lines


def _alike(record: Mapping[str, Any], theory: str) -> bool:
    """Whether no test tells an ablation from the model: each interval holds zero."""
    differences = [record["crps_less_models"][test].get(theory) for test in TESTS]
    return all(more is not None and more["p05"] <= 0.0 <= more["p95"] for more in differences)


def _listed(lost: Sequence[str], labels: Mapping[str, str]) -> str:
    """Return ``test: question`` losses by test, in words."""
    tests: dict[str, list[str]] = {}
    for loss in lost:
        test, _, question = loss.partition(": ")
        tests.setdefault(TESTS[test], []).append(labels.get(question, question))
    return "; ".join(f"{test}: {', '.join(questions)}" for test, questions in tests.items())
