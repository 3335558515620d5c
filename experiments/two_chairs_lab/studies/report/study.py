"""A report of a run that one can send: one HTML file with its figures inside, and Markdown.

The report is computed first (`build`), as plain texts, tables and pictures; two templates lay it
out (`render`). Whatever a scenario's author has written is escaped by the templates, never trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from two_chairs.axes import REGIMES, TWO_CHAIRS
from two_chairs.scenario.library import is_path
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.names import role_name
from two_chairs_lab.render.numbers import counted, date_words, percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.monte_carlo import share_error
from two_chairs_lab.studies.answer import Basis, ensemble_basis
from two_chairs_lab.studies.compare.differences import Effect
from two_chairs_lab.studies.explain.study import explain
from two_chairs_lab.studies.run.dates import key_dates
from two_chairs_lab.studies.run.rulers import ruler_table
from two_chairs_lab.studies.run.study import RunResult
from two_chairs_lab.studies.run.summary import (
    definition,
    payoff_table,
    record_table,
    regime_table,
    seats,
    tilt_words,
    verdict_groups,
    verdict_table,
    where_table,
)

from .chart import Chart, chart_of
from .courses import Shift, course_of, shifts_of, watched
from .doubts import doubts
from .inputs import baseline_table, dated_table, event_table, institution_table, parameter_table
from .provenance import Provenance
from .switches import EVENT, GROUPS, KIND, MOST_EVENTS, Switch
from .tables import DRAWN, change_tables, spread_table, strongest_table
from .words import moved

if TYPE_CHECKING:
    from .figures import Picture

KIND_OF_RESULT = "report"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says, laid out by the templates."""

    kind: ClassVar[str] = KIND_OF_RESULT

    ensemble: Ensemble
    title: str
    question: str
    note: str
    answer: Sequence[str]
    worlds: str
    heading: str
    definition: str
    chart: Chart
    shifts: Sequence[Shift]
    groups: Mapping[str, str]
    stands_beside: str
    strongest: Table
    pictures: Mapping[str, Picture]
    where: Sequence[Table]
    changes: Sequence[Table]
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


def build(
    result: RunResult,
    provenance: Provenance,
    switches: Sequence[Switch] = (),
    name: str | None = None,
    runner: Runner = HERE,
) -> Report:
    """Compute a report: run every change in the worlds of the run, and draw.

    Parameters
    ----------
    result
        The run; every number of the report comes from its worlds.
    provenance
        How it came about.
    switches
        What a reader can change, one at a time.
    name
        Name or path by which the scenario is found, for files that extend it.
    runner
        Where worlds are run.
    """
    scenario, ensemble = result.ensemble.scenario, result.ensemble
    at = cut_off(scenario)
    shifts = shifts_of(result, switches, sorted({at, scenario.end}), runner)
    verdicts = [verdict_table(title, found) for title, found in verdict_groups(result).items()]
    pivot = role_name("pivot", scenario.case)
    return Report(
        ensemble=ensemble,
        title=ensemble.title(),
        question=scenario.question,
        note=scenario.note,
        answer=answer_in_three(result, shifts, at),
        worlds=about_worlds(ensemble),
        heading=f"Where {pivot} sits, {scenario.start.year} to {scenario.end.year}",
        definition=definition(scenario),
        chart=chart_of(scenario, course_of(watched(result)), shifts, name),
        shifts=shifts,
        groups=GROUPS,
        stands_beside=name if name is not None and is_path(name) else "",
        strongest=strongest_table(scenario, shifts),
        pictures={each.name: each for each in _pictures(result, shifts, at, runner)},
        where=[
            where_table(result),
            regime_table(scenario, result.paths),
            payoff_table(result),
            ruler_table(result.rulings),
        ],
        changes=change_tables(scenario, shifts, at),
        how_sure=[spread_table(result, runner), record_table(scenario), *verdicts],
        variants=_about_variants(),
        events=event_table(scenario),
        dated=dated_table(scenario),
        parameters=parameter_table(scenario),
        institutions=institution_table(scenario),
        baselines=baseline_table(scenario),
        doubts=doubts(result),
        provenance=provenance,
    )


def _pictures(result: RunResult, shifts: Sequence[Shift], at: Day, runner: Runner) -> list[Picture]:
    """Draw what a report shows beside the chart that can be driven."""
    from .figures import left_out_pictures, run_pictures, waterfall_picture

    ensemble = result.ensemble
    left_out = [
        Effect(shift.switch.words, shift.of_tilt(at))
        for shift in shifts
        if shift.switch.group == EVENT
    ]
    explanation = explain(ensemble, "tilt", f":{at}", runner=runner)
    return [
        *run_pictures(result),
        waterfall_picture(explanation),
        *left_out_pictures(ensemble, largest(left_out), at),
    ]


def cut_off(scenario: Scenario) -> Day:
    """Return the day from which agents act, if it lies inside the run, or else its end."""
    return key_dates(scenario).get("cut-off", scenario.end)


def worlds_run(ensemble: Ensemble, switches: Sequence[Switch]) -> int:
    """Return how many worlds `build` runs, for a bar of progress."""
    explained = 1
    return (len(switches) + explained + len(DRAWN)) * ensemble.worlds


def largest(effects: Sequence[Effect], number: int = 10) -> list[Effect]:
    """Return the effects of the largest medians, the largest first."""
    return sorted(effects, key=lambda effect: -abs(effect.difference.value))[:number]


def about_worlds(ensemble: Ensemble) -> str:
    """Say once for the whole report which worlds its numbers come from."""
    return (
        f"Every number here comes from the same {counted(ensemble.worlds, 'simulated world')}. "
        "A range in brackets holds 5–95 % of the worlds. A number after ± is the error of "
        "sampling: so far this many worlds may lie from what ever more would say (95 %; of a "
        f"share, in points). {ensemble.conditional_on()}"
    )


def answer_in_three(result: RunResult, shifts: Sequence[Shift], at: Day) -> list[str]:
    """Answer in three sentences: where at the cut-off, where at the end, what moves it most."""
    first, *later = [
        day for name, day in key_dates(result.ensemble.scenario).items() if name != "early"
    ]
    sentences = [_position(result, first)]
    sentences.append(_position(result, later[0]) if later else _since(result))
    recorded = [shift for shift in shifts if shift.switch.group in (KIND, EVENT)]
    moving = [s for s in recorded if s.of_tilt(at).above or s.of_tilt(at).below]
    if not moving:
        sentences.append("None of the recorded events moves the tilt.")
        return sentences
    strongest = max(moving, key=lambda shift: abs(shift.of_tilt(at).value))
    made, change = strongest.of_tilt(at), strongest.switch
    words = change.words.rstrip(".")
    lead = words if change.group == KIND else f"Had this not happened ({words})"
    scenario = result.ensemble.scenario
    towards = scenario.case.with_role("rival" if made.value > 0 else "incumbent")
    sentences.append(
        f"What matters most of all that is recorded: {_small(lead)}, the tilt of {date_words(at)} "
        f"would lie {abs(made.value):.2f} further towards {scenario.case.actors[towards].name}: "
        f"{moved(made.value, made.low, made.high)}, world by world."
    )
    return sentences


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _position(result: RunResult, day: Day) -> str:
    """Say where the pivot sits on a day, with the errors."""
    scenario, paths = result.ensemble.scenario, result.paths
    return f"{seats(scenario, paths, day)} {tilt_words(paths, day)}"


def _since(result: RunResult) -> str:
    scenario, paths = result.ensemble.scenario, result.paths
    regime = REGIMES[TWO_CHAIRS]
    most = int(np.argmax(paths.regime_share(regime)))
    held = paths.outcome(f"regime:{regime}")[most]
    return (
        f"The largest share of worlds on {scenario.case.regimes[regime]} was "
        f"{percent(float(held.mean()), float(share_error(held)))}, in the week of "
        f"{date_words(paths.dates[most])}."
    )


def _about_variants() -> str:
    return (
        "One thing is changed at a time, and every change runs in the same worlds with the same "
        "luck. So a difference is taken world by world: with the change, less as it is. What is "
        "there only because of an event goes with it. Of a long list of events the "
        f"{MOST_EVENTS} heaviest are left out in turn. The tilt reaches from −1 to 1."
    )
