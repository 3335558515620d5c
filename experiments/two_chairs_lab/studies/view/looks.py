"""What the page has run, remembered: the first look of a state, and all that can be read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256

import numpy as np
import streamlit as st

from two_chairs.axes import REGIMES, TWO_CHAIRS, Regime
from two_chairs.compiled.engine import Engine
from two_chairs.scenario.records import Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.statistics.monte_carlo import share_error
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.compare.differences import Difference, difference
from two_chairs_lab.studies.run.study import RunResult

from . import runs
from .changes import resolved
from .session import Session
from .state import PageState

FIRST_WORLDS = 64
"""Worlds that are shown first while a change that reaches far back is run in all."""
QUICK = 60_000
"""Weeks times worlds that are run at once."""


@dataclass(frozen=True)
class Look:
    """A state and its reference, the same worlds side by side.

    Attributes
    ----------
    key
        A text that no other look has.
    ensemble, paths
        What is shown, and the paths of its worlds (`runs.MAIN`).
    reference
        The same worlds without the changes, ``None`` where nothing is changed.
    """

    key: str
    ensemble: Ensemble
    paths: Trajectory
    reference: Trajectory | None

    @property
    def scenario(self) -> Scenario:
        """What ran."""
        return self.ensemble.scenario

    @cached_property
    def result(self) -> RunResult:
        """The run, as what other parts of the program take it."""
        return RunResult(self.ensemble, self.paths, (), ())

    def share(self, regime: Regime) -> float:
        """Return the share of worlds in a regime in the last week."""
        return float(np.mean(self.paths.outcome(f"regime:{regime}")[-1]))

    def error(self, regime: Regime) -> float:
        """Return half of the 95 % interval of that share: its Monte-Carlo error, 0 to 1."""
        return float(share_error(self.paths.outcome(f"regime:{regime}")[-1]))

    def tilt(self) -> tuple[float, float, float]:
        """Return the tilt of the last week: 5th percentile, median, 95th percentile."""
        low, middle, high = map(float, quantiles(self.paths.outcome("tilt")[-1]))
        return low, middle, high

    def against(self, outcome: str) -> Difference | None:
        """Return what the changes move in the last week, world by world."""
        return None if self.reference is None else paired(outcome, self.reference, self.paths)


def paired(outcome: str, reference: Trajectory, other: Trajectory) -> Difference:
    """Return the difference of an outcome in the last week that two runs of the same luck share."""
    day = min(reference.dates[-1], other.dates[-1])
    here, there = (run.outcome(outcome)[run.week_of(day)] for run in (reference, other))
    return difference(outcome, day, here, there)


def likeliest(look: Look) -> Regime:
    """Return the regime in which most worlds end."""
    return max(REGIMES, key=look.share)


TWO = REGIMES[TWO_CHAIRS]


# --- running, remembered --------------------------------------------------------------------------


@st.cache_resource(max_entries=4, show_spinner=False)
def _steps(key: str, _ensemble: Ensemble) -> runs.Steps:  # noqa: ARG001 - the cache's key
    return runs.Steps(_ensemble)


@st.cache_resource(max_entries=4, show_spinner=False)
def _reference(key: str, engine: Engine, _ensemble: Ensemble) -> runs.Run:
    return runs.Run(_steps(key, _ensemble), engine)


@st.cache_resource(max_entries=24, show_spinner=False)
def _pair(
    key: str,  # noqa: ARG001 - the cache's key
    engine: Engine,  # noqa: ARG001 - the cache's key
    _reference: runs.Run,
    _ensemble: Ensemble,
) -> runs.Pair:
    return runs.run_like(_reference, _ensemble)


@st.cache_resource(max_entries=3, show_spinner=False)
def _all_paths(key: str, _ensemble: Ensemble) -> Trajectory:  # noqa: ARG001
    return run_ensemble(_ensemble)


@st.cache_resource(max_entries=64, show_spinner=False)
def _resolved(record: str, _state: PageState) -> Scenario:  # noqa: ARG001
    return resolved(_state.base, _state.changes)


def key_of(ensemble: Ensemble) -> str:
    """Return a text that no other ensemble has."""
    chosen = (ensemble.worlds, ensemble.seed, ensemble.vary, ensemble.luck)
    return f"{_digest(_Same(ensemble.scenario))} {chosen}"


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A scenario that is equal to itself alone, so that it is found again at once."""

    scenario: Scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scenario is self.scenario


@lru_cache(maxsize=64)
def _digest(same: _Same) -> str:
    return sha256(same.scenario.model_dump_json().encode()).hexdigest()


def reference_of(ensemble: Ensemble) -> runs.Run:
    """Return the run of an unchanged ensemble, by what can run it now."""
    program = f"{_digest(_Same(ensemble.scenario))} {ensemble.vary} {ensemble.luck}"
    return _reference(key_of(ensemble), runs.PROGRAMS.engine(program, ensemble), ensemble)


def look_at(session: Session, worlds: int | None = None) -> Look:
    """Run what is shown, or remember it; ``worlds``: only the first ones of them."""
    return _look(session.now, session.scenario, worlds)


def look_of(state: PageState) -> Look:
    """Run another state, or remember it."""
    return _look(state, _resolved(state.record().model_dump_json(), state), None)


def _look(state: PageState, scenario: Scenario, worlds: int | None) -> Look:
    number = min(worlds or state.settings.worlds, state.settings.worlds)
    ensemble = replace(state.ensemble(scenario), worlds=number)
    before = replace(ensemble, scenario=state.base.scenario)
    reference, key = reference_of(before), key_of(ensemble)
    if not state.changes.count():
        return Look(key, before, reference.paths, None)
    pair = _pair(key, reference.engine, reference, ensemble)
    return Look(key, ensemble, pair.after, pair.before)


def is_slow(session: Session) -> bool:
    """Say whether to show the first worlds first: a change that reaches far back, not yet run."""
    ensemble = session.now.ensemble(session.scenario)
    before = replace(ensemble, scenario=session.now.base.scenario)
    key = key_of(ensemble)
    ran: set[str] = st.session_state.setdefault("ran", set())
    known = key in ran
    ran.add(key)
    if known or ensemble.worlds <= 2 * FIRST_WORLDS:
        return False
    reference = reference_of(before)
    if runs.other_numbers(reference, ensemble) is not None:
        return False
    week = runs.start_week(reference, ensemble)
    return week is not None and (session.scenario.weeks - week) * ensemble.worlds > QUICK


def full(look: Look) -> RunResult:
    """Return a run of which everything is recorded."""
    return RunResult(look.ensemble, _all_paths(look.key, look.ensemble), (), ())


def full_reference(session: Session, look: Look) -> Trajectory | None:
    """Return everything of the same worlds without the changes, ``None`` without any."""
    if look.reference is None:
        return None
    before = replace(look.ensemble, scenario=session.now.base.scenario)
    return _all_paths(key_of(before), before)
