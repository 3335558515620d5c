"""What one scenario changes of another, as the table of a scenario file that extends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario, Turn
from two_chairs.scenario.write import event_table, plain

Dated = TypeVar("Dated", Event, DatedCondition, Intervention, Turn)
SETTINGS = ("start", "end", "agents_act_from", "scale")
"""Settings that a scenario file may change; its titles are no part of what runs."""


def change_of(base: Scenario, changed: Scenario) -> dict[str, Any]:
    """Return what makes one scenario another: the keys of a scenario file that extends the first.

    Laid on the first, they resolve to all that runs of the other. Empty where nothing differs.

    Parameters
    ----------
    base, changed
        Two resolved scenarios of one case.
    """
    kept = {event.id for event in changed.events}
    dropped = _gone(base.events, changed.events)
    for name in ("conditions", "interventions", "turns"):
        gone = _gone(getattr(base, name), getattr(changed, name))
        because = {entry.id: entry.because for entry in getattr(base, name)}
        dropped += [key for key in gone if because[key] is None or because[key] in kept]
    table = {
        **{key: getattr(changed, key) for key in SETTINGS if _differ(base, changed, key)},
        "drop": dropped,
        "parameters": {
            name: entry.model_dump()
            for name, entry in changed.parameters.items()
            if entry != base.parameters.get(name)
        },
        "institutions": {
            key: level
            for key, level in changed.institutions.items()
            if level != base.institutions.get(key)
        },
        "add": [event_table(event) for event in _new(base.events, changed.events)],
        "conditions": [plain(entry) for entry in _new(base.conditions, changed.conditions)],
        "interventions": [
            plain(entry) for entry in _new(base.interventions, changed.interventions)
        ],
        "turns": [plain(entry) for entry in _new(base.turns, changed.turns)],
    }
    table = {key: value for key, value in table.items() if value not in ([], {})}
    if changed.postures != base.postures:
        table["postures"] = [plain(entry) for entry in changed.postures]
    return table


def _differ(base: Scenario, changed: Scenario, key: str) -> bool:
    return bool(getattr(base, key) != getattr(changed, key))


def _gone(before: Sequence[Dated], after: Iterable[Dated]) -> list[str]:
    """Return the ids of what stands no more, or stands otherwise."""
    left = {entry.id: entry for entry in after}
    return [entry.id for entry in before if left.get(entry.id) != entry]


def _new(before: Iterable[Dated], after: Sequence[Dated]) -> list[Dated]:
    """Return what did not stand before, or stood otherwise."""
    known = {entry.id: entry for entry in before}
    return [entry for entry in after if known.get(entry.id) != entry]
