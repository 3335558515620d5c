"""A report of a run that one can send: one HTML file with its figures inside, and Markdown.

The report is computed first (`build`), as plain texts, tables and pictures; two templates lay it
out. Whatever a scenario's author has written is escaped by the templates, never trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from two_chairs.axes import REGIMES, TWO_CHAIRS
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Event, Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble, told
from two_chairs_lab.plotting.inline import inline_svg
from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.compare.variant_figures import differences_figure
from two_chairs_lab.studies.compare.variants import (
    MOST_EVENTS,
    MOST_WORLDS,
    Difference,
    differences,
    largest,
    with_each_posture,
    without_each_event,
    without_kinds,
)
from two_chairs_lab.studies.explain.figures import waterfall
from two_chairs_lab.studies.explain.study import Explanation, explain, target_words
from two_chairs_lab.studies.run.captions import caption
from two_chairs_lab.studies.run.expectations import Verdict
from two_chairs_lab.studies.run.figures import draw
from two_chairs_lab.studies.run.render import (
    definition,
    interval,
    key_dates,
    payoff_table,
    regime_table,
    verdict_groups,
    verdict_table,
    where_table,
)
from two_chairs_lab.studies.run.study import RunResult

Progress = Callable[[int], None] | None
WRITTEN = ("report.html", "report.md")
SHOWN = ("seats", "split", "payoffs", "alignment", "observed")
"""Figures of a run that a report shows."""
CLOSE = 0.02
"""Tilt within which a world counts as lying at the border of two chairs."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a reported result came about, and how to make it again.

    Attributes
    ----------
    commands
        Commands as a user types them.
    facts
        Seed, versions and the like, by name.
    inputs
        File → SHA-256.
    checked
        What came of making a stored result again, in a sentence; empty if none was stored.
    """

    commands: Sequence[str]
    facts: Mapping[str, str]
    inputs: Mapping[str, str]
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as SVG, with what it is and what it says."""

    name: str
    title: str
    description: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says, laid out by the templates."""

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


def build(result: RunResult, provenance: Provenance, progress: Progress = None) -> Report:
    """Compute a report: runs variants of the scenario with the same luck, and draws."""
    scenario, ensemble = result.ensemble.scenario, result.ensemble
    day = scenario.agents_act_from if "cut-off" in key_dates(scenario) else scenario.end
    at = scenario.end if day is None else day
    events = differences(ensemble, without_each_event(scenario), "tilt", at, progress)
    kinds = differences(ensemble, without_kinds(scenario), "tilt", at, progress)
    end = scenario.end
    postures = differences(ensemble, with_each_posture(scenario), "tilt", end, progress)
    sources = _sources_of_spread(result, progress)
    verdicts = [verdict_table(title, found) for title, found in verdict_groups(result).items()]
    return Report(
        title=ensemble.title(),
        question=scenario.question,
        note=scenario.note,
        conditional_on=ensemble.conditional_on(),
        answer=answer_in_three(result, [*kinds, *events], at),
        definition=definition(scenario),
        pictures=_pictures(result)
        | _waterfall(_explained(ensemble, at, progress))
        | _left_out(ensemble, largest(events), at),
        where=[where_table(result), regime_table(scenario, result.paths), payoff_table(result)],
        why=_filled(_difference_table("Left out, same luck", f"tilt on {at:%d %b %Y}", kinds)),
        what_if=_filled(
            _difference_table("Posture forced, same luck", f"tilt on {end:%d %b %Y}", postures)
        ),
        how_sure=[sources, *verdicts],
        variants=_about_variants(ensemble),
        events=_event_table(scenario),
        dated=_dated_table(scenario),
        parameters=_parameter_table(scenario),
        institutions=_institution_table(scenario),
        baselines=_baseline_table(scenario),
        doubts=_doubts(result),
        provenance=provenance,
    )


def worlds_run(ensemble: Ensemble) -> int:
    """Return how many worlds `build` runs, for a bar of progress."""
    scenario = ensemble.scenario
    made = [without_each_event(scenario), without_kinds(scenario), with_each_posture(scenario)]
    runs = 5 + sum(len(variants) + 1 for variants in made if variants)
    return runs * min(ensemble.worlds, MOST_WORLDS)


def answer_in_three(result: RunResult, changes: Sequence[Difference], at: Day) -> list[str]:
    """Answer in three sentences: where at the cut-off, where at the end, what moves it most."""
    first, *later = [
        day for name, day in key_dates(result.ensemble.scenario).items() if name != "early"
    ]
    sentences = [_position(result, first)]
    sentences.append(_position(result, later[0]) if later else _since(result))
    moving = [change for change in changes if np.any(change.values != 0.0)]
    if not moving:
        sentences.append("None of the changes tried here moves the tilt.")
        return sentences
    strongest = largest(moving, 1)[0]
    low, middle, high = strongest.interval()
    words = strongest.words.rstrip(".")
    words = f"with {words}" if words.startswith("no ") else f"without {words}"
    sentences.append(
        f"Of the {len(changes)} things left out in turn with the same luck, one moves the tilt of "
        f"{at:%d %b %Y} most: {words}, it would differ by {middle:+.2f} "
        f"(5–95 % of worlds: {low:+.2f} to {high:+.2f})."
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
        f"On {day:%d %b %Y} {lead}: {listed} of {told(paths.worlds, 'world')}; "
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


def _filled(table: Table) -> list[Table]:
    return [table] if table.rows else []


def _difference_table(title: str, of: str, found: Sequence[Difference]) -> Table:
    rows = tuple(
        (d.words, interval(d.values), percent(float(np.mean(d.values > 0.0)))) for d in found
    )
    columns = ("change", f"difference of {of}, median (5–95 %)", "worlds in which it rises")
    return Table(title, columns, rows)


def _about_variants(ensemble: Ensemble) -> str:
    worlds = min(ensemble.worlds, MOST_WORLDS)
    return (
        f"Differences are taken world by world with the same luck, in the first "
        f"{told(worlds, 'world')}; what is there because of an event goes with it; at most "
        f"{MOST_EVENTS} events, the heaviest, are left out one by one. Tilt has no unit; it "
        "reaches from −1 to 1."
    )


def _sources_of_spread(result: RunResult, progress: Progress) -> Table:
    """Return the last week's tilt and regimes with chance and drawn values on and off."""
    scenario, rows = result.ensemble.scenario, []
    few = replace(result.ensemble, worlds=min(result.ensemble.worlds, MOST_WORLDS))
    for vary, luck in ((False, False), (False, True), (True, False), (True, True)):
        paths = run_ensemble(replace(few, vary=vary, luck=luck), progress)
        shares = [percent(float(paths.regime_share(regime)[-1])) for regime in REGIMES]
        words = f"{'drawn values' if vary else 'values kept'}, {'chance' if luck else 'no chance'}"
        rows.append((words, interval(paths.outcome("tilt")[-1]), *shares))
    title = f"What the spread of {scenario.end:%d %b %Y} comes from: tilt and regimes"
    labels = [scenario.case.regimes[regime] for regime in REGIMES]
    return Table(title, ("", "tilt, median (5–95 %)", *labels), tuple(rows))


def _pictures(result: RunResult) -> dict[str, Picture]:
    pictures = {}
    for name, figure in draw(result, SHOWN).items():
        title, description = caption(name, result)
        pictures[name] = _picture(name, title, description, figure)
    return pictures


def _explained(ensemble: Ensemble, at: Day, progress: Progress) -> Explanation:
    few = replace(ensemble, worlds=min(ensemble.worlds, MOST_WORLDS))
    return explain(few, "tilt", f":{at}", progress=progress)


def _waterfall(found: Explanation) -> dict[str, Picture]:
    """Return the waterfall of the tilt until a day, told by its three largest causes."""
    means = found.means()
    told_of = "; ".join(
        f"{found.causes[row].name} {means[row]:+.3f}" for row in found.by_size()[:3]
    )
    change = float(np.mean(found.change))
    description = (
        f"The mean change of the {target_words(found)} over the {found.window.words()}, "
        f"{change:+.3f}, as an exact sum over causes. Largest: {told_of}. "
        f"{found.ensemble.conditional_on()}"
    )
    title = f"What moved the tilt until {found.window.to:%d %b %Y}"
    return {"waterfall": _picture("waterfall", title, description, waterfall(found))}


def _left_out(ensemble: Ensemble, events: Sequence[Difference], at: Day) -> dict[str, Picture]:
    """Return the figure of events left out one by one, if there are any."""
    if not events:
        return {}
    title = f"Each event left out, same luck: tilt on {at:%d %b %Y}"
    told_of = "; ".join(f"{d.words} {interval(d.values)}" for d in events[:3])
    figure = differences_figure(
        events, title, "difference of tilt (−1 to 1): without the event, less with it",
        f"Dot: median; line: 5–95 % of worlds. {ensemble.conditional_on()}",
    )  # fmt: skip
    description = f"The {len(events)} largest paired differences; first: {told_of}"
    return {"events": _picture("events", title, description, figure)}


def _picture(name: str, title: str, description: str, figure: Any) -> Picture:
    svg = inline_svg(figure, name, title, description)
    return Picture(name, title, description, Markup(svg))


def _event_table(scenario: Scenario) -> Table:
    columns = (
        "id",
        "date",
        "who",
        "act (score)",
        "weight",
        "what happened",
        "source",
        "correction",
    )
    rows = tuple(
        (
            e.id,
            str(e.date),
            f"{scenario.case.actors[e.actor].name} → {scenario.case.actors[e.target].name}",
            f"{e.action} ({e.goldstein:+g}){_attack(e)}",
            _ranged(e.weight, e.weight_low, e.weight_high),
            e.says,
            _source(scenario, e),
            e.correction,
        )
        for e in sorted(scenario.events, key=lambda e: (e.date, e.id))
    )
    return Table("Recorded events, with their sources and corrections", columns, rows)


def _attack(event: Event) -> str:
    if not event.is_attack:
        return ""
    answered = "defended" if event.defended else "not defended"
    return f"; attack of severity {event.severity:g}, covered {event.coverage:g}, {answered}"


def _ranged(value: float, low: float, high: float) -> str:
    return f"{value:g}" if low == high else f"{value:g} ({low:g}–{high:g})"


def _source(scenario: Scenario, event: Event) -> str:
    document = scenario.case.documents.get(event.document)
    name = event.document if document is None else document.title
    return name if event.paragraph is None else f"{name}, paragraph {event.paragraph}"


def _dated_table(scenario: Scenario) -> Table:
    rows = [
        (c.id, str(c.date), f"{c.condition} = {c.value:g}", c.source) for c in scenario.conditions
    ]
    for entry in scenario.interventions:
        set_to = entry.model_dump(exclude_none=True, exclude={"id", "date", "source", "because"})
        told_of = ", ".join(f"{key} {value}" for key, value in set_to.items())
        rows.append((entry.id, str(entry.date), told_of, entry.source))
    title = "Set by the scenario on a date"
    return Table(
        title, ("id", "date", "what", "source"), tuple(sorted(rows, key=lambda r: str(r[1])))
    )


def _parameter_table(scenario: Scenario) -> Table:
    rows = []
    for name, entry in scenario.parameters.items():
        info, given = PARAMETERS[name], scenario.case.parameters.get(name)
        source, note = (
            (info.source, info.reference) if given is None else (given.source, given.note)
        )
        drawn = "drawn" if info.varied and entry.low < entry.high else "kept"
        value = f"{_ranged(entry.value, entry.low, entry.high)} {info.unit}"
        rows.append((f"{name} {info.symbol}", value, drawn, info.meaning, f"{source}: {note}"))
    columns = ("parameter", "value (range)", "in worlds", "meaning", "source")
    return Table("Parameters", columns, tuple(rows))


def _institution_table(scenario: Scenario) -> Table:
    case = scenario.case
    rows = tuple(
        (
            tie.name,
            case.actors[case.with_role(tie.seat)].name,
            f"{scenario.institutions[tie.id]:g}",
            ", ".join(f"{d} {w:g}" for d, w in tie.weights.model_dump().items()),
            tie.source,
        )
        for tie in case.institutions
    )
    columns = ("institution", "seat of", "level at the start", "weights by domain", "source")
    return Table("Institutions", columns, rows)


def _baseline_table(scenario: Scenario) -> Table:
    names = {key: actor.name for key, actor in scenario.case.actors.items()}
    rows = []
    for pair, base in scenario.case.baselines.items():
        holder, toward = pair.split(">")
        numbers = (f"{value:g}" for value in base.values())
        rows.append((f"{names[holder]} → {names[toward]}", *numbers, base.source))
    columns = ("who toward whom", "security", "economy", "politics", "source")
    return Table("Long-run alignments at the start, −1 to 1", columns, tuple(rows))


def _doubts(result: RunResult) -> list[str]:
    """Say what the result must not be taken for; numbers are those of this result."""
    scenario = result.ensemble.scenario
    doubts = [
        result.ensemble.conditional_on(),
        "A share of worlds is a share of what this model does inside the ranges it was given; it "
        "is no probability that something happens.",
        _border(result),
        _assumed(scenario),
        "Baselines, thresholds of institutions and of regimes, and the severity of recorded "
        "attacks are the same in all worlds: the intervals do not hold what is unsure of them.",
    ]
    if scenario.agents_act_from is not None and scenario.agents_act_from <= scenario.end:
        doubts.append(
            f"From {scenario.agents_act_from:%d %b %Y} on no recorded act of a state is fed in "
            "unless the events say so: what comes then is made by the rules of the model's agents."
        )
    if scenario.observations:
        doubts.append(
            "Observed points are drawn beside the curves; nothing was fitted to them here, and "
            "this report makes no comparison with a forecast of no change."
        )
    failing = [v for v in (*result.expectations, *result.targets) if not v.held]
    return doubts + [_failed(verdict) for verdict in failing]


def _border(result: RunResult) -> str:
    """Say how many worlds lie so near a threshold that their label hangs on a hair."""
    limits = result.ensemble.scenario.parameters
    tilt = np.abs(result.paths.outcome("tilt")[-1])
    names = ("two_chairs_limit", "two_chairs_entry")
    near = [np.abs(tilt - limits[name].value) < CLOSE for name in names]
    share = float(np.mean(near[0] | near[1]))
    return (
        f"A label alone: in the last week {percent(share)} of worlds lie within {CLOSE:g} of a "
        "threshold of tilt, where a little more or less changes the label and hardly the position."
    )


def _assumed(scenario: Scenario) -> str:
    given = scenario.case.parameters
    sources = [
        given[name].source if name in given else PARAMETERS[name].source
        for name in scenario.parameters
    ]
    assumed = sources.count("assumption")
    return (
        f"Precision of the numbers that went in: {assumed} of {len(sources)} parameters are "
        "assumptions with a range, not measurements."
    )


def _failed(verdict: Verdict) -> str:
    return (
        f"What was expected and does not hold: “{verdict.expectation.text}” is so in "
        f"{percent(verdict.share)} of worlds; {percent(verdict.expectation.share)} were expected."
    )


def _finalized(value: object) -> object:
    return value if isinstance(value, Markup) else escape_markdown(str(value))


def _environment(**settings: Any) -> Environment:
    return Environment(
        loader=PackageLoader("two_chairs_lab.studies.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **settings,
    )


def html(report: Report) -> str:
    """Return a report as one HTML document that needs no other file and no network."""
    environment = _environment(autoescape=True)
    return environment.get_template("report.html.jinja").render(report=report)


def markdown(report: Report) -> str:
    """Return a report as Markdown: sentences and tables, to be pasted."""
    environment = _environment(autoescape=False, finalize=_finalized)
    environment.filters["fenced"] = fenced
    return environment.get_template("report.md.jinja").render(report=report)


def fenced(text: str) -> Markup:
    """Return a text as a block of code that nothing inside it can end."""
    longest = max((len(run) for run in re.findall(r"~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return Markup(f"{fence}\n{text}\n{fence}")


def write(report: Report, folder: Path) -> None:
    """Write both forms of a report into a folder."""
    for name, content in zip(WRITTEN, (html(report), markdown(report)), strict=True):
        (folder / name).write_text(content, encoding="utf-8")


def compared(again: Mapping[str, Any], stored: Mapping[str, Any], judged: bool) -> str:
    """Say whether a summary made again holds the numbers of the stored one.

    Parameters
    ----------
    again, stored
        Summaries: of now and of then.
    judged
        Whether every expectation could be judged again; if not, verdicts are not compared.
    """
    left_out = {"manifest"} if judged else {"manifest", "expectations", "targets"}
    names = [name for name in stored if name not in left_out]
    differing = [name for name in names if again.get(name) != stored[name]]
    told_of = "The run was made again from its manifest"
    missing = (
        ""
        if judged
        else (
            " The scenarios that some expectations compare with are no longer at hand: "
            "those are left out."
        )
    )
    if not differing:
        return f"{told_of}: every number of its summary came out the same.{missing}"
    return (
        f"{told_of}, and the summary stored with it differs in: {', '.join(differing)}. Other "
        "versions of the program or of NumPy, or another processor, may be why; what stands here "
        f"is what was computed now.{missing}"
    )
