"""The indices of a study of sensitivity as plain data, and as rows of one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from two_chairs.vocabulary import Day
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.sobol import ElementaryEffect, VarianceDecomposition
from two_chairs_lab.studies.run.study import DIGITS

from .plan import FAMILIES
from .space import family_of

if TYPE_CHECKING:
    from .study import Sensitivity

MEASURES = (
    "first", "first_error", "total", "total_error", "mu_star", "mu_star_error", "sigma",
)  # fmt: skip


def sensitivity_record(answer: Sensitivity) -> dict[str, Any]:
    """Return the answer of a study as plain data; indices by outcome and date."""
    study = answer.study
    return {
        "title": study.plan.title,
        "question": study.plan.question,
        "scenario": study.space.scenario.name,
        "conditional_on": answer.conditional_on(),
        "notes": study.space.notes(),
        "worlds": study.worlds,
        "points": study.plan.points,
        "seed": study.plan.seed,
        "outcomes": list(study.plan.outcomes),
        "dates": [day.isoformat() for day in study.dates],
        "varied": {family: len(study.space.groups(family)) for family in FAMILIES},
        "families": _nested(answer.families, _split_record),
        "axes": _nested(answer.singles, _ranked_records),
        "morris": _nested(answer.effects, _effect_records),
    }


def _nested(table: Mapping[tuple[str, Day], Any], record: Callable[[Any], Any]) -> dict[str, Any]:
    nested: dict[str, dict[str, Any]] = {}
    for (outcome, day), entry in table.items():
        nested.setdefault(outcome, {})[day.isoformat()] = record(entry)
    return nested


def _rounded(**numbers: float) -> dict[str, float]:
    return {name: round(value, DIGITS) + 0.0 for name, value in numbers.items()}


def _index_records(split: VarianceDecomposition) -> list[dict[str, Any]]:
    records = [asdict(index) for index in split.indices]
    return [{"name": entry.pop("name")} | _rounded(**entry) for entry in records]


def _split_record(split: VarianceDecomposition) -> dict[str, Any] | None:
    """Return a split by family; nothing where the outcome does not vary."""
    if not split.indices:
        return None
    numbers = _rounded(
        deviation=split.deviation,
        interaction=split.interaction,
        interaction_error=split.interaction_error,
    )
    return numbers | {entry.pop("name"): entry for entry in _index_records(split)}


def _ranked_records(split: VarianceDecomposition) -> list[dict[str, Any]]:
    ranked = sorted(_index_records(split), key=lambda entry: (-entry["total"], entry["name"]))
    return [{"family": family_of(entry["name"])} | entry for entry in ranked]


def _effect_records(effects: Sequence[ElementaryEffect]) -> list[dict[str, Any]]:
    ranked = sorted(effects, key=lambda effect: (-effect.mu_star, effect.name))
    return [
        {"family": family_of(effect.name), "name": effect.name}
        | _rounded(mu_star=effect.mu_star, mu_star_error=effect.mu_star_error)
        | {"sigma": None if effect.sigma is None else round(effect.sigma, DIGITS)}
        for effect in ranked
    ]


def indices_table(record: Mapping[str, Any]) -> Table:
    """Return all indices of a record as one table; what a method does not give is empty."""
    rows = [
        (method, outcome, day, entry["name"], entry["family"], *map(entry.get, MEASURES))
        for method in ("families", "axes", "morris")
        for outcome, days in record[method].items()
        for day, entries in days.items()
        for entry in (_family_entries(entries) if method == "families" else entries)
    ]
    columns = ("method", "outcome", "date", "name", "family", *MEASURES)
    return Table("Indices by method, outcome and date", columns, tuple(rows))


def _family_entries(split: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if split is None:
        return []
    rows = [
        {"name": family, "family": family} | split[family] for family in FAMILIES if family in split
    ]
    rest = {"first": split["interaction"], "first_error": split["interaction_error"]}
    return [*rows, {"name": "interaction", "family": ""} | rest]
