"""What the figures of a run are and say, in words computed from the result: headlines, captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from two_chairs.axes import DOMAINS, PATRONS, REGIMES, Array, Role
from two_chairs.rules.payoffs import PAYOFFS
from two_chairs.scenario.records import Observation, Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.render.names import regime_words, role_name
from two_chairs_lab.render.numbers import counted, date_words, decimal, percent
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
    return {role: role_name(role, scenario.case) for role in roles}


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
    return f"On {date_words(day)}: {', '.join(phrases)}."


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
            f"{case.actors[pivot].name} toward {role_name(patron, case)} in {domain}"
        )
        for patron in PATRONS
        for domain in DOMAINS
    }
    last = result.paths.dates[-1]
    return f"Alignment of every actor toward every other, −1 to 1. {_at(result, last, outcomes)}"


def _observed(result: RunResult) -> str:
    seen, fitted = observed_in(result), used_in_fit(result.ensemble)
    used = sum(entry.id in fitted for entry in seen)
    return (
        f"{counted(len(seen), 'observed number')} beside the curves of the model: {used} filled, "
        f"which the fit used, {len(seen) - used} hollow, which it did not."
    )


CAPTIONS: Mapping[str, tuple[str, Words]] = {
    "alignment": ("Who leans toward whom", _alignment),
    "seats": ("The two chairs", _seats),
    "split": ("The chairs by domain", _split),
    "regimes": ("Share of worlds in each regime", _regimes),
    "payoffs": ("Strain and payoffs", _payoffs),
    "observed": ("Observed points beside the curves", _observed),
}
"""Title and description of each figure of a run."""


# --- what was observed, and what of it was fitted -------------------------------------------------


def observed_in(result: RunResult) -> list[Observation]:
    """Return the observations that stand beside something and whose middle lies in a run."""
    first, last = result.paths.dates[0], result.paths.dates[-1]
    return [
        entry
        for entry in result.ensemble.scenario.observations
        if entry.beside != "none" and first <= entry.start + (entry.end - entry.start) / 2 <= last
    ]


def used_in_fit(ensemble: Ensemble) -> frozenset[str]:
    """Return the ids of the observations that the drawn values of an ensemble were fitted to.

    None where nothing is drawn from a posterior, where parameters set by hand or by the scenario
    overrule it, or where it does not say what it was fitted to.
    """
    posterior = ensemble.scenario.posterior
    if posterior is None or not ensemble.vary:
        return frozenset()
    if posterior.overruled or ensemble.scenario.overrides:
        return frozenset()
    return frozenset(posterior.answers)


# --- headlines: what a figure finds ---------------------------------------------------------------


def headline(name: str, result: RunResult) -> str:
    """Return the title of a figure of `run.figures`: what it finds, in one sentence."""
    return HEADLINES[name](result)


def _pivot(result: RunResult) -> str:
    return role_name("pivot", result.ensemble.scenario.case)


def _most_held(result: RunResult) -> list[tuple[str, float]]:
    """Return the regimes of the last week with their shares, the most common first."""
    held = {regime: float(result.paths.regime_share(regime)[-1]) for regime in REGIMES}
    return sorted(held.items(), key=lambda entry: -entry[1])


def _end(result: RunResult) -> str:
    last = result.paths.dates[-1]
    return f"at the end of {last.year}" if last.month == 12 else f"in {last:%B %Y}"


def _leans(result: RunResult) -> str:
    """Say what the pivot does in most worlds of the last week, and in the most of the others."""
    case = result.ensemble.scenario.case
    (first, most), (second, more), *_ = _most_held(result)
    lead = f"{_pivot(result)} {regime_words(first, case)}"
    if more == 0.0:
        number = result.paths.arrays["regime"].shape[-1]
        worlds = "in the single world" if number == 1 else "in all worlds"
        return f"{lead} {_end(result)}, {worlds}"
    return (
        f"{lead} in {percent(most)} of worlds {_end(result)}, "
        f"{regime_words(second, case)} in {percent(more)}"
    )


def _leads_since(result: RunResult) -> str:
    """Say what the pivot does most often in the last week, and since when."""
    codes = np.argmax([result.paths.regime_share(regime) for regime in REGIMES], axis=0)
    others = np.flatnonzero(codes != codes[-1])
    words = regime_words(REGIMES[codes[-1]], result.ensemble.scenario.case)
    if not others.size:
        return f"{_pivot(result)} {words} more often than anything else in every week"
    since = result.paths.dates[int(others[-1]) + 1]
    return f"Since {since:%B %Y} {_pivot(result)} most often {words}"


def _middles(result: RunResult, outcome: str) -> tuple[float, float]:
    """Return the median of an outcome in the first and in the last week."""
    values = result.paths.outcome(outcome)
    return float(np.median(values[0])), float(np.median(values[-1]))


def _turns(result: RunResult) -> str:
    """Name the alignment of the pivot that moves most."""
    case = result.ensemble.scenario.case
    pivot = case.with_role("pivot")
    moves = {
        (patron, domain): _middles(result, f"{pivot}>{case.with_role(patron)}:{domain}")
        for patron in PATRONS
        for domain in DOMAINS
    }
    patron, domain = max(moves, key=lambda key: abs(moves[key][1] - moves[key][0]))
    before, after = moves[patron, domain]
    goes = "falls" if after < before else "rises"
    return (
        f"{_pivot(result)}'s {domain} alignment toward {role_name(patron, case)} {goes} most: "
        f"from {decimal(before)} to {decimal(after)}"
    )


def _domains(result: RunResult) -> str:
    """Name the domains in which the pivot leans most to each side."""
    case = result.ensemble.scenario.case
    tilts = {
        domain: float(
            np.median(
                result.paths.outcome(f"seat:rival:{domain}")[-1]
                - result.paths.outcome(f"seat:incumbent:{domain}")[-1]
            )
        )
        for domain in DOMAINS
    }
    low, high = min(tilts, key=tilts.__getitem__), max(tilts, key=tilts.__getitem__)
    incumbent, rival = (role_name(patron, case) for patron in PATRONS)
    lean = f"{_pivot(result)} leans most to {incumbent} in {low} (tilt {decimal(tilts[low])})"
    if tilts[high] > 0.0:
        return f"{lean}, most to {rival} in {high} ({decimal(tilts[high])})"
    return f"{lean}, least in {high} ({decimal(tilts[high])})"


def _pays(result: RunResult) -> str:
    """Say how the payoffs go from the first week to the last."""
    sentences = [
        f"{name} {decimal(before)} to {decimal(after)}"
        for name, (before, after) in ((n, _middles(result, n)) for n in PAYOFFS)
    ]
    listed = ", ".join(sentences)
    return f"From {result.paths.dates[0]:%Y} to {result.paths.dates[-1]:%Y}: {listed}"


def _used(result: RunResult) -> str:
    """Say how many of the observed points the fit used."""
    seen, fitted = observed_in(result), used_in_fit(result.ensemble)
    used = sum(entry.id in fitted for entry in seen)
    if not used:
        return f"None of the {len(seen)} observed points was used to fit these worlds"
    rest = len(seen) - used
    return f"{used} of the {len(seen)} observed points were used in the fit, {rest} were not"


HEADLINES: Mapping[str, Words] = {
    "alignment": _turns,
    "seats": _leans,
    "split": _domains,
    "regimes": _leads_since,
    "payoffs": _pays,
    "observed": _used,
}
"""What each figure of a run finds."""
