"""A report of a run that one can send: one HTML file with its figures inside, and Markdown.

The report is computed first (`build`), as plain texts, tables and pictures; two templates lay it
out (`render`). Whatever a scenario's author has written is escaped by the templates, never trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from two_chairs.axes import REGIMES, TWO_CHAIRS
from two_chairs.scenario.records import Event, Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.numbers import counted, percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.answer import Basis, ensemble_basis
from two_chairs_lab.studies.compare.differences import Effect
from two_chairs_lab.studies.compare.variants import (
    Variant,
    effects_of,
    with_each_posture,
    without_each,
    without_kinds,
)
from two_chairs_lab.studies.explain.study import explain
from two_chairs_lab.studies.run.dates import key_dates
from two_chairs_lab.studies.run.study import RunResult
from two_chairs_lab.studies.run.summary import (
    definition,
    payoff_table,
    regime_table,
    verdict_groups,
    verdict_table,
    where_table,
)

from .doubts import doubts
from .inputs import baseline_table, dated_table, event_table, institution_table, parameter_table
from .provenance import Provenance
from .tables import SWITCHES, effect_tables, spread_table

if TYPE_CHECKING:
    from .figures import Picture

KIND = "report"
MOST_WORLDS = 200
"""Worlds in which variants are run: enough for a median and a 5–95 % interval."""
MOST_EVENTS = 60
"""Events that are left out one by one: the heaviest, if there are more."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says, laid out by the templates."""

    kind: ClassVar[str] = KIND

    ensemble: Ensemble
    title: str
    question: str
    note: str
    conditional_on: str
    answer: Sequence[str]
    definition: str
    pictures: Mapping[str, Picture]
    where: Sequence[Table]
    why: Sequence[Table]
    what_if: Sequence[Table]
    how_sure: Sequence[Table]
    variants: str
    events: Table
    dated: Table
    parameters: Table
    institutions: Table
    baselines: Table
    doubts: Sequence[str]
    provenance: Provenance

    def basis(self) -> Basis:
        """Return what the report rests on."""
        return ensemble_basis(self.kind, self.ensemble, self.provenance.inputs)


def build(result: RunResult, provenance: Provenance, runner: Runner = HERE) -> Report:
    """Compute a report: runs variants of the scenario with the same luck, and draws."""
    from .figures import left_out_pictures, run_pictures, waterfall_picture

    scenario, ensemble = result.ensemble.scenario, result.ensemble
    few, end, at = first_worlds(ensemble), scenario.end, cut_off(scenario)
    kinds = _effects(result, without_kinds(scenario), at, runner)
    events = _effects(result, without_each(scenario, heaviest(scenario)), at, runner)
    postures = _effects(result, with_each_posture(scenario), end, runner)
    explanation = explain(few, "tilt", f":{at}", runner=runner)
    pictures = [
        *run_pictures(result),
        waterfall_picture(explanation),
        *left_out_pictures(ensemble, largest(events), at),
    ]
    verdicts = [verdict_table(title, found) for title, found in verdict_groups(result).items()]
    return Report(
        ensemble=ensemble,
        title=ensemble.title(),
        question=scenario.question,
        note=scenario.note,
        conditional_on=ensemble.conditional_on(),
        answer=answer_in_three(result, [*kinds, *events], at),
        definition=definition(scenario),
        pictures={picture.name: picture for picture in pictures},
        where=[where_table(result), regime_table(scenario, result.paths), payoff_table(result)],
        why=effect_tables("Left out, same luck", f"tilt on {at:%d %b %Y}", kinds),
        what_if=effect_tables("Posture forced, same luck", f"tilt on {end:%d %b %Y}", postures),
        how_sure=[spread_table(few, runner), *verdicts],
        variants=_about_variants(few),
        events=event_table(scenario),
        dated=dated_table(scenario),
        parameters=parameter_table(scenario),
        institutions=institution_table(scenario),
        baselines=baseline_table(scenario),
        doubts=doubts(result),
        provenance=provenance,
    )


def first_worlds(ensemble: Ensemble) -> Ensemble:
    """Return the first worlds of an ensemble, at most `MOST_WORLDS`."""
    return replace(ensemble, worlds=min(ensemble.worlds, MOST_WORLDS))


def cut_off(scenario: Scenario) -> Day:
    """Return the day from which agents act, if it lies inside the run, or else its end."""
    return key_dates(scenario).get("cut-off", scenario.end)


def heaviest(scenario: Scenario) -> list[Event]:
    """Return the events that can move anything, at most `MOST_EVENTS`, the heaviest first."""
    moving = [event for event in scenario.events if event.weight_high > 0.0]
    return sorted(moving, key=lambda e: -abs(e.goldstein * e.weight))[:MOST_EVENTS]


def _effects(
    result: RunResult, variants: Sequence[Variant], day: Day, runner: Runner
) -> list[Effect]:
    """Return what variants make of the tilt on a day, in the first worlds of a run."""
    few = first_worlds(result.ensemble)
    reference = result.paths.outcome("tilt")[result.paths.week_of(day), : few.worlds]
    return effects_of(few, variants, "tilt", day, reference, runner)


def worlds_run(ensemble: Ensemble) -> int:
    """Return how many worlds `build` runs, for a bar of progress."""
    scenario = ensemble.scenario
    variants = len(without_kinds(scenario)) + len(with_each_posture(scenario))
    explained = 1
    runs = len(heaviest(scenario)) + variants + explained + len(SWITCHES)
    return runs * first_worlds(ensemble).worlds


def largest(effects: Sequence[Effect], number: int = 10) -> list[Effect]:
    """Return the effects of the largest medians, the largest first."""
    return sorted(effects, key=lambda effect: -abs(effect.difference.value))[:number]


def answer_in_three(result: RunResult, effects: Sequence[Effect], at: Day) -> list[str]:
    """Answer in three sentences: where at the cut-off, where at the end, what moves it most."""
    first, *later = [
        day for name, day in key_dates(result.ensemble.scenario).items() if name != "early"
    ]
    sentences = [_position(result, first)]
    sentences.append(_position(result, later[0]) if later else _since(result))
    moving = [effect for effect in effects if effect.difference.above or effect.difference.below]
    if not moving:
        sentences.append("None of the changes tried here moves the tilt.")
        return sentences
    strongest = largest(moving, 1)[0]
    made, words = strongest.difference, strongest.words.rstrip(".")
    words = f"with {words}" if words.startswith("no ") else f"without {words}"
    sentences.append(
        f"Of the {len(effects)} things left out in turn with the same luck, one moves the tilt of "
        f"{at:%d %b %Y} most: {words}, it would differ by {made.value:+.2f} "
        f"(5–95 % of worlds: {made.low:+.2f} to {made.high:+.2f})."
    )
    return sentences


def _position(result: RunResult, day: Day) -> str:
    """Say where the pivot sits on a day, with the intervals."""
    scenario, paths = result.ensemble.scenario, result.paths
    week = paths.week_of(day)
    low, middle, high = quantiles(paths.outcome("tilt")[week])
    shares = sorted(((float(paths.regime_share(r)[week]), r) for r in REGIMES), reverse=True)
    listed = ", ".join(
        f"{scenario.case.regimes[r]} in {percent(share)}" for share, r in shares if share > 0
    )
    pivot = scenario.case.actors[scenario.case.with_role("pivot")].name
    acting = scenario.agents_act_from is not None and day > scenario.agents_act_from
    lead = f"the model leads {pivot} to" if acting else f"{pivot} sits in"
    return (
        f"On {day:%d %b %Y} {lead}: {listed} of {counted(paths.worlds, 'world')}; "
        f"tilt {middle:+.2f} (5–95 % of worlds: {low:+.2f} to {high:+.2f})."
    )


def _since(result: RunResult) -> str:
    scenario, paths = result.ensemble.scenario, result.paths
    share = paths.regime_share(REGIMES[TWO_CHAIRS])
    most = int(np.argmax(share))
    return (
        f"Over the run, most worlds on {scenario.case.regimes[REGIMES[TWO_CHAIRS]]} were "
        f"{percent(float(share[most]))}, in the week of {paths.dates[most]:%d %b %Y}."
    )


def _about_variants(few: Ensemble) -> str:
    return (
        f"Differences are taken world by world with the same luck, in the first "
        f"{counted(few.worlds, 'world')}; what is there because of an event goes with it; at most "
        f"{MOST_EVENTS} events, the heaviest, are left out one by one. Tilt has no unit; it "
        "reaches from −1 to 1."
    )
