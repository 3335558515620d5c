"""What the figures of a run are and say, in words: text alternatives, computed from the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from two_chairs.axes import DOMAINS, PATRONS, REGIMES, Array, Role
from two_chairs.rules.payoffs import PAYOFFS
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.statistics.summaries import quantiles

from .dates import key_dates
from .study import RunResult

Words = Callable[[RunResult], str]


def caption(name: str, result: RunResult) -> tuple[str, str]:
    """Return the title and the description of a figure of `figures.runs`."""
    title, words = CAPTIONS[name]
    return title, f"{words(result)} {result.ensemble.conditional_on()}"


def _names(scenario: Scenario) -> dict[str, str]:
    roles: tuple[Role, ...] = (*PATRONS, "pivot")
    return {role: scenario.case.actors[scenario.case.with_role(role)].name for role in roles}


def _phrase(values: Array) -> str:
    low, middle, high = quantiles(values)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _over_time(result: RunResult, outcomes: Mapping[str, str]) -> str:
    """Name outcomes at the key dates, median and 5–95 % of worlds."""
    dates = list(key_dates(result.ensemble.scenario).values())
    return " ".join(_at(result, day, outcomes) for day in dates)


def _at(result: RunResult, day: Day, outcomes: Mapping[str, str]) -> str:
    week = result.paths.week_of(day)
    phrases = [f"{words} {_phrase(result.paths.outcome(o)[week])}" for o, words in outcomes.items()]
    return f"On {day:%d %b %Y}: {', '.join(phrases)}."


def _seats(result: RunResult) -> str:
    names = _names(result.ensemble.scenario)
    outcomes = {f"{patron}_seat": f"{names[patron]}'s seat" for patron in PATRONS}
    return (
        "Curves over time with bands of 5 to 95 % of worlds: both seats, the tilt, the share of "
        f"worlds in each regime, and the recorded acts. {_over_time(result, outcomes | _TILT)} "
        f"{_regimes(result)}"
    )


_TILT = {"tilt": "tilt"}


def _regimes(result: RunResult) -> str:
    labels = result.ensemble.scenario.case.regimes
    shares = [f"{labels[regime]} {result.paths.regime_share(regime)[-1]:.0%}" for regime in REGIMES]
    return f"In the last week: {', '.join(shares)} of worlds."


def _split(result: RunResult) -> str:
    names = _names(result.ensemble.scenario)
    outcomes = {
        f"seat:{patron}:{domain}": f"{names[patron]}'s seat in {domain}"
        for patron in PATRONS
        for domain in DOMAINS
    }
    last = result.paths.dates[-1]
    return f"Both seats over time, a panel a domain, and the split. {_at(result, last, outcomes)}"


def _payoffs(result: RunResult) -> str:
    outcomes = {name: name for name in ("strain", *PAYOFFS)}
    return f"Strain and three payoffs over time, 0 to 1. {_over_time(result, outcomes)}"


def _alignment(result: RunResult) -> str:
    case = result.ensemble.scenario.case
    pivot = case.with_role("pivot")
    outcomes = {
        f"{pivot}>{case.with_role(patron)}:{domain}": (
            f"{case.actors[pivot].name} toward {case.actors[case.with_role(patron)].name} "
            f"in {domain}"
        )
        for patron in PATRONS
        for domain in DOMAINS
    }
    last = result.paths.dates[-1]
    return f"Alignment of every actor toward every other, −1 to 1. {_at(result, last, outcomes)}"


def _observed(result: RunResult) -> str:
    number = len(result.ensemble.scenario.observations)
    return f"{number} observed numbers beside the curves of the model; none is fitted."


CAPTIONS: Mapping[str, tuple[str, Words]] = {
    "alignment": ("Who leans toward whom", _alignment),
    "seats": ("The two chairs", _seats),
    "split": ("The chairs by domain", _split),
    "regimes": ("Share of worlds in each regime", _regimes),
    "payoffs": ("Strain and payoffs", _payoffs),
    "observed": ("Observed points beside the curves", _observed),
}
"""Title and description of each figure of a run."""
