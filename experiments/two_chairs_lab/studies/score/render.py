"""How past predictions fared, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from two_chairs_lab.render.numbers import counted, date_words, decimal, percent
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.render.terminal import NONE, folding_table

from .study import CENTRAL, FORECASTERS, MODEL, NO_CHANGE, TREND, Answered, Happened, Scores

ALL = "all"


def sentences(scores: Scores) -> list[str]:
    """Say how the predictions fared beside the simple ones, the point first."""
    return [*_of_answers(scores), *_of_chances(scores)]


def _of_answers(scores: Scores) -> list[str]:
    answered, waiting = scores.answered, len(scores.waiting)
    if not answered:
        return [
            f"No predicted answer has come in yet; {waiting} are waited for.",
            *_of_unscored(scores.unscored),
        ]
    both = [entry for entry in answered if NO_CHANGE in entry.crps]
    means = {name: _mean([e.crps[name] for e in both]) for name in FORECASTERS} if both else {}
    lines = []
    if both:
        best = min(means, key=lambda name: means[name])
        better = sum(entry.crps[MODEL] < entry.crps[NO_CHANGE] for entry in both)
        lines.append(
            f"Of {counted(len(both), 'answer')} that came in, "
            f"{best if best == NO_CHANGE else f'the {best}'} told best: CRPS "
            f"{decimal(means[MODEL], 1)} points for the model, "
            f"{decimal(means[NO_CHANGE], 1)} for no change, {decimal(means[TREND], 1)} for the "
            f"trend (smaller is better). The model was nearer than no change in {better} of "
            f"{len(both)}. Answers of one wave share their errors, so this is fewer than it looks."
        )
    inside = ", ".join(
        f"{sum(e.inside(name) for e in answered)} of {len(answered)} inside the {name} interval"
        for name in CENTRAL
    )
    lines.append(f"Coverage: {inside}.")
    if waiting:
        lines.append(f"{counted(waiting, 'predicted answer')} still waited for.")
    return lines + _of_unscored(scores.unscored)


def _of_unscored(ids: Sequence[str]) -> list[str]:
    """Say which later answers count for no predicted date, if there are any."""
    if not ids:
        return []
    why = "a date has a nearer answer, or lies too far off (--within)"
    return [f"{counted(len(ids), 'later answer')} not scored ({why}): {', '.join(ids)}."]


def _of_chances(scores: Scores) -> list[str]:
    if not scores.happened:
        return []
    resolved, rest = scores.resolved, len(scores.happened) - len(scores.resolved)
    lines = []
    if resolved:
        lines.append(
            f"Of {counted(len(resolved), 'dated chance')} that can be told, "
            f"{sum(bool(e.came) for e in resolved)} came true. Brier score "
            f"{decimal(_mean([e.brier() for e in resolved]), 3)}; saying that nothing happens "
            f"{decimal(_mean([e.brier(0.0) for e in resolved]), 3)}, saying one half of all "
            f"{decimal(_mean([e.brier(0.5) for e in resolved]), 3)} (smaller is better)."
        )
    if rest:
        names = list(dict.fromkeys(e.name for e in scores.happened if e.came is None))
        lines.append(
            f"{counted(rest, 'dated chance')} can not be told yet: {', '.join(names)}. Say what "
            "came by --resolve NAME=EVENT, DATE or never, and how far the record reaches by "
            "--known-to."
        )
    return lines


def tables(scores: Scores) -> Mapping[str, Table]:
    """Return scores by answer, by question and by happening."""
    made = {}
    if scores.answered:
        made = {"answers": _answers(scores.answered), "questions": _questions(scores.answered)}
    if scores.happened:
        made["happenings"] = _happenings(scores.happened)
    return made


def _answers(answered: Sequence[Answered]) -> Table:
    columns = (
        "answer", "question", "predicted_for", "house", "observed", "p05", "p50", "p95",
        "inside_50", "inside_90",
        *(f"{kind}_{name.replace(' ', '_')}" for kind in ("crps", "pinball")
          for name in FORECASTERS),
    )  # fmt: skip
    rows = tuple(
        (
            e.row.id, e.question, e.label, e.row.house, e.observed,
            *(e.quantiles[MODEL][name] for name in ("p05", "p50", "p95")),
            e.inside("50 %"), e.inside("90 %"),
            *(kind.get(name) for kind in (e.crps, e.loss) for name in FORECASTERS),
        )
        for e in answered
    )  # fmt: skip
    return Table("Each answer, percent", columns, rows)


def _questions(answered: Sequence[Answered]) -> Table:
    groups = {e.question: [x for x in answered if x.question == e.question] for e in answered}
    groups[ALL] = list(answered)
    columns = (
        "question", "answers", *(f"crps_{name.replace(' ', '_')}" for name in FORECASTERS),
        *(f"pinball_{name.replace(' ', '_')}" for name in FORECASTERS),
        *(f"inside_{name[:2]}" for name in CENTRAL),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for name, group in groups.items():
        rows.append(
            (
                name, len(group),
                *(_mean([e.crps.get(f, np.nan) for e in group]) for f in FORECASTERS),
                *(_mean([e.loss.get(f, np.nan) for e in group]) for f in FORECASTERS),
                *(sum(e.inside(interval) for e in group) / len(group) for interval in CENTRAL),
            )
        )  # fmt: skip
    return Table("Scores by question, points", columns, tuple(rows))


def _happenings(happened: Sequence[Happened]) -> Table:
    columns = ("happening", "by", "chance", "came", "brier", "brier_nothing", "text")
    rows = tuple(
        (e.name, e.day.isoformat(), e.chance, e.came, e.brier(), e.brier(0.0), e.text)
        for e in happened
    )
    return Table("Each dated chance", columns, rows)


def print_scores(scores: Scores, console: Console) -> None:
    """Print sentences, scores by question, and happenings."""
    for line in sentences(scores):
        console.print(escape(line), highlight=False)
    console.print()
    if scores.answered:
        console.print(_question_grid(scores))
    if scores.resolved:
        console.print(_happening_grid(scores.resolved))
    console.print(f"[dim]{escape(scores.basis().conditional_on)}[/dim]", highlight=False)


def _question_grid(scores: Scores) -> Grid:
    grid = folding_table(
        "CRPS by question, points (smaller is better), and answers inside the model's intervals",
        "question", "answers", *FORECASTERS, *CENTRAL,
    )  # fmt: skip
    for row in _questions(scores.answered).rows:
        number = int(str(row[1]))
        marks = [f"{round(float(str(share)) * number)} of {number}" for share in row[8:]]
        grid.add_row(escape(str(row[0])), str(number), *(_number(x, 1) for x in row[2:5]), *marks)
    return grid


def _happening_grid(resolved: Sequence[Happened]) -> Grid:
    grid = folding_table("Dated chances that can be told", "what", "by", "chance", "came", "Brier")
    for e in resolved:
        came = "yes" if e.came else "no"
        grid.add_row(
            escape(e.name), date_words(e.day), percent(e.chance), came, decimal(e.brier(), 3)
        )
    return grid


def _number(cell: Cell, digits: int) -> str:
    value = float(str(cell))
    return NONE if np.isnan(value) else decimal(value, digits)


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")
