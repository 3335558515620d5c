"""What a reader of a report can switch: one change of the scenario at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from two_chairs.axes import POSTURES, Posture
from two_chairs.errors import InputError, unnoticed
from two_chairs.scenario.layers import chain_of
from two_chairs.scenario.library import bundled_scenarios, scenario_path
from two_chairs.scenario.records import Event, Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.write import toml
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.render.names import role_name
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.studies.compare.variants import (
    Variant,
    with_each_posture,
    without_each,
    without_kinds,
)

from .change import change_of
from .sources import Source, source_of

MOST_EVENTS = 60
"""Events that are left out one by one: the heaviest, if there are more."""
WHAT_IF, KIND, EVENT, POSTURE = "what if", "kind", "event", "posture"
GROUPS: Mapping[str, str] = {
    WHAT_IF: "What if?",
    KIND: "Leave out all of a kind",
    EVENT: "Leave out one event",
    POSTURE: "Hold to one policy",
}
"""Groups of switches, in the order in which they are shown, with their headings."""
POLICIES: Mapping[Posture, str] = {
    "LOYAL": "{pivot} stays loyal to {incumbent}",
    "HEDGE": "{pivot} keeps both ties",
    "PIVOT": "{pivot} turns to {rival}",
    "NEUTRAL": "{pivot} keeps away from both",
}


@dataclass(frozen=True, slots=True)
class Switch:
    """One change of a scenario that a reader can choose.

    Attributes
    ----------
    group
        One of `GROUPS`.
    words, note
        What is changed, and what more there is to say.
    variant
        The scenario with the change.
    change
        The change as the table of a scenario file, without its titles.
    source
        Where the thing that is changed was read; ``None`` for what is only imagined.
    """

    group: str
    words: str
    note: str
    variant: Variant
    change: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None

    def file(self, base: str, scenario: Scenario) -> str:
        """Return the change as a scenario file that extends a scenario of a name or path."""
        set_by_hand = dict(scenario.overrides)
        table = {
            "title": f"{scenario.title}: {self.words.rstrip('.')}",
            "question": scenario.question,
            "extends": base,
            **self.change,
        }
        table["parameters"] = set_by_hand | dict(self.change.get("parameters", {}))
        return toml({key: value for key, value in table.items() if value not in ({}, [])})


def switches_of(ensemble: Ensemble, name: str | None) -> list[Switch]:
    """Return what can be switched in a scenario, in the order of `GROUPS`.

    Parameters
    ----------
    ensemble
        What is reported.
    name
        Name or path by which the scenario is found; ``None`` leaves out other scenarios.
    """
    scenario = ensemble.scenario
    return [
        *(what_ifs(ensemble, name) if name is not None else ()),
        *_kinds(scenario),
        *_events(scenario),
        *_policies(scenario),
    ]


def _switch(group: str, words: str, note: str, scenario: Scenario, variant: Variant) -> Switch:
    changed = scenario.without(*variant.muted) if variant.muted else variant.scenario
    return Switch(group, words, note, variant, change_of(scenario, changed))


def _kinds(scenario: Scenario) -> Iterator[Switch]:
    known = []
    for variant in without_kinds(scenario):
        made = _switch(KIND, f"With {variant.words}", "", scenario, variant)
        if made.change not in known:
            known.append(made.change)
            yield made


def _events(scenario: Scenario) -> Iterator[Switch]:
    events = sorted(heaviest(scenario), key=lambda event: (event.date, event.id))
    for event, variant in zip(events, without_each(scenario, events), strict=True):
        made = _switch(EVENT, event.says, date_words(event.date), scenario, variant)
        yield Switch(EVENT, made.words, made.note, variant, made.change, source_of(scenario, event))


def _policies(scenario: Scenario) -> Iterator[Switch]:
    names = {role: role_name(role, scenario.case) for role in ("pivot", "incumbent", "rival")}
    for posture, variant in zip(POSTURES, with_each_posture(scenario), strict=False):
        assert scenario.agents_act_from is not None
        since = f"From {date_words(scenario.agents_act_from)} on"
        words = POLICIES[posture].format(**names)
        yield _switch(POSTURE, words, since, scenario, variant)


def heaviest(scenario: Scenario) -> list[Event]:
    """Return the events that can move anything, at most `MOST_EVENTS`, the heaviest first."""
    moving = [event for event in scenario.events if event.weight_high > 0.0]
    return sorted(moving, key=lambda e: -abs(e.goldstein * e.weight))[:MOST_EVENTS]


# --- other scenarios, laid on this one ------------------------------------------------------------


def what_ifs(ensemble: Ensemble, name: str) -> list[Switch]:
    """Return the scenarios that change something of this one, or of the one it rests on.

    Those that extend this scenario are looked for beside it and in the bundle. What the bundled
    ones change of the bundled scenario that this one rests on is laid on this one instead; what
    does not fit is left out.
    """
    path = scenario_path(name)
    root = chain_of(path)[0][0][0]
    found = []
    for candidate in _candidates(path):
        try:
            chain = [each for each, _ in chain_of(candidate)[0]]
            if candidate.resolve() == path.resolve() or root.resolve() != chain[0].resolve():
                continue
            with unnoticed():  # what is told of files that nobody named says nothing of this one
                found.append(_what_if(ensemble, path, candidate, chain))
        except InputError:
            continue
    return [switch for switch in found if switch is not None]


def _candidates(path: Path) -> list[Path]:
    beside = sorted(path.parent.glob("*.toml"))
    return list(
        {each.resolve(): each for each in (*bundled_scenarios().values(), *beside)}.values()
    )


def _what_if(
    ensemble: Ensemble, path: Path, candidate: Path, chain: Sequence[Path]
) -> Switch | None:
    """Return what a scenario changes, laid on the one reported; nothing if that is nothing."""
    scenario = ensemble.scenario
    changed = _loaded(str(candidate), ensemble)
    if path.resolve() in [each.resolve() for each in chain]:
        change = change_of(scenario, changed)
    else:
        change = change_of(_loaded(str(chain[0]), ensemble), changed)
        laid = _laid(ensemble, path, candidate.stem, change)
        change, changed = (
            change_of(scenario, laid),
            laid.model_copy(update={"title": changed.title}),
        )
    if not change or {"start", "end"} & set(change):
        return None
    variant = Variant(changed.title, changed)
    return Switch(WHAT_IF, changed.title, changed.question, variant, change)


def _loaded(name: str, ensemble: Ensemble) -> Scenario:
    return ensemble.like(load_scenario(name, ensemble.scenario.overrides))


def _laid(ensemble: Ensemble, path: Path, stem: str, change: Mapping[str, Any]) -> Scenario:
    """Return a change laid on a scenario, resolved as the file that says so would be."""
    table = {"title": stem, "question": stem, "extends": str(path.resolve()), **change}
    with tempfile.TemporaryDirectory(prefix="two-chairs-report-") as folder:
        file = Path(folder) / f"{stem}.toml"
        file.write_text(toml(table), encoding="utf-8")
        with unnoticed():
            return _loaded(str(file), ensemble)
