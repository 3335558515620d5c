"""What a run must not be taken for."""

from __future__ import annotations

import numpy as np

from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.provenance import at_defaults
from two_chairs.scenario.records import Case, Scenario
from two_chairs_lab.render.names import input_name
from two_chairs_lab.render.numbers import date_words, percent
from two_chairs_lab.studies.run.expectations import Verdict
from two_chairs_lab.studies.run.study import RunResult

CLOSE = 0.02
"""Tilt within which a world counts as lying at the border of two chairs."""


def doubts(result: RunResult) -> list[str]:
    """Say what the result must not be taken for; numbers are those of this result."""
    scenario = result.ensemble.scenario
    listed = [
        result.ensemble.conditional_on(),
        "A share of worlds is a share of what this model does inside the ranges it was given; it "
        "is no probability that something happens.",
        _border(result),
        _assumed(scenario),
        _usual(scenario),
        "Baselines, thresholds of institutions and of regimes, and the severity of recorded "
        "attacks are the same in all worlds: the intervals do not hold what is unsure of them.",
    ]
    if scenario.agents_act_from is not None and scenario.agents_act_from <= scenario.end:
        listed.append(
            f"From {date_words(scenario.agents_act_from)} on no recorded act of a state is fed in "
            "unless the events say so: what comes then is made by the rules of the model's agents."
        )
    listed += onlookers(scenario.case)
    if scenario.observations:
        listed.append(_observed(result))
    failing = [v for v in (*result.expectations, *result.targets) if not v.held]
    return listed + [_failed(verdict) for verdict in failing]


def onlookers(case: Case) -> list[str]:
    """Say in a line which actors can move no chair, if there are any."""
    names = [
        actor.name
        for actor in case.actors.values()
        if actor.role == "bystander" and not actor.counts_as
    ]
    if not names:
        return []
    text = "what they do moves attitudes and no chair (the case gives no counts_as)."
    return [f"Bystanders here: {', '.join(names)}; {text}"]


def _observed(result: RunResult) -> str:
    """Say which observed points the drawn values were fitted to, and which stand for themselves."""
    posterior = result.ensemble.scenario.posterior
    if posterior is None or not result.ensemble.vary:
        fitted = "none of them was used here"
    else:
        fitted = f"the drawn values were fitted to the filled ones alone ({posterior.source})"
    return (
        f"Observed points are drawn beside the curves: {fitted}. This report makes no comparison "
        "with a forecast of no change."
    )


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


def _usual(scenario: Scenario) -> str:
    """List the parameters that nobody has set for this case."""
    usual = at_defaults(scenario)
    listed = ", ".join(map(input_name, usual)) or "none"
    return (
        f"Numbers that are not this case's own: {len(usual)} of {len(scenario.parameters)} "
        f"parameters stand at the program's defaults ({listed})."
    )


def _failed(verdict: Verdict) -> str:
    return (
        f"What was expected and does not hold: “{verdict.expectation.text}” is so in "
        f"{percent(verdict.share)} of worlds; {percent(verdict.expectation.share)} were expected."
    )
