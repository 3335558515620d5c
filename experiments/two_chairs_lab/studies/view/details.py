"""The tab Details: domains, postures and ties, who leans, payoffs, the plane, numbers."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from two_chairs.axes import DOMAINS, POSTURES, Array
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.inline import png
from two_chairs_lab.plotting.style import (
    BOTH,
    DOMAIN_COLOURS,
    POSTURE_COLOURS,
    styled,
)
from two_chairs_lab.render.names import role_name
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.studies.run.captions import caption
from two_chairs_lab.studies.run.figures import observed_figure
from two_chairs_lab.studies.run.rulers import ruler_table
from two_chairs_lab.studies.run.study import RunResult
from two_chairs_lab.studies.run.summary import payoff_table, regime_table, where_table

from . import charts, first_look, marks
from .looks import Look, full, full_reference
from .session import Session
from .show import chart, show_table

LEVELS = ("#E8EEF4", "#BCD3E6", "#86B3D6", "#4A8BBF", "#12558C", "#0A2F52")
"""Colours of the levels of a tie, the lowest first."""
DPI = 110
STEP = 4
"""Weeks that the play of weeks goes on at a time."""
TICK = 0.6
"""Seconds from one step of the play to the next."""


def details(session: Session, look: Look) -> None:
    """Show one of the closer looks; each is drawn from everything that a run records."""
    chosen = st.selectbox("Closer look", list(PARTS), key="details")
    with st.spinner("Running the worlds with everything recorded…"):
        result, behind = full(look), full_reference(session, look)
    PARTS[chosen](result, behind)


def _grid(specs: Sequence[marks.Spec], columns: int = 2) -> None:
    places = st.columns(columns)
    for n, spec in enumerate(specs):
        with places[n % columns]:
            chart(spec)


def _fan(
    result: RunResult, series: Sequence[marks.Series], title: str,
    domain: tuple[float, float] | None,
) -> marks.Spec:  # fmt: skip
    return charts.fan_chart(result.ensemble.scenario, result.paths.dates, series, title, domain)


def _series(
    label: str, colour: str, outcome: str, result: RunResult, behind: Trajectory | None
) -> marks.Series:
    was = None if behind is None else behind.outcome(outcome)
    return marks.Series(label, colour, result.paths.outcome(outcome), was)


def domains(result: RunResult, behind: Trajectory | None) -> None:
    """Show both seats domain by domain, and how far the domains lean different ways."""
    scenario, paths = result.ensemble.scenario, result.paths
    specs = [
        _fan(result, first_look.seats_of(scenario, paths, behind, f"seat:{{}}:{domain}"),
             domain.capitalize(), (0.0, 1.0))
        for domain in DOMAINS
    ]  # fmt: skip
    split = [_series("", BOTH, "split", result, behind)]
    _grid([*specs, _fan(result, split, "How far the domains lean different ways", None)])


def ties(result: RunResult, behind: Trajectory | None) -> None:  # noqa: ARG001
    """Show the postures and the levels of each tie as shares of worlds."""
    scenario, paths = result.ensemble.scenario, result.paths
    shares: dict[str, Array] = {
        p: np.mean(paths.outcome(f"posture:{p}"), axis=-1) for p in POSTURES
    }
    pivot = role_name("pivot", scenario.case)
    specs = [
        charts.share_chart(
            scenario, paths.dates, shares, list(POSTURE_COLOURS.values()), f"Posture of {pivot}"
        )
    ]
    for tie in scenario.case.institutions:
        levels = level_shares(paths.outcome(f"institution:{tie.id}"))
        colours = level_colours(len(levels))
        title = f"{tie.name}: level, 0 to 1"
        specs.append(charts.share_chart(scenario, paths.dates, levels, colours, title))
    _grid(specs)


def level_shares(values: Array) -> dict[str, Array]:
    """Return the share of worlds at each level that occurs, to a tenth, the lowest first."""
    rounded = np.round(values, 1)
    return {f"{level:.1f}": np.mean(rounded == level, axis=-1) for level in np.unique(rounded)}


def level_colours(number: int) -> list[str]:
    """Return colours for a number of levels, from pale to dark."""
    picked = np.linspace(0, len(LEVELS) - 1, max(number, 2)).round().astype(int)
    return [LEVELS[index] for index in picked[:number]]


def payoffs(result: RunResult, behind: Trajectory | None) -> None:
    """Show strain and the payoffs."""
    names = {
        "strain": ("Strain: both seats held between hostile poles", BOTH),
        "security": ("Payoff in security", DOMAIN_COLOURS["security"]),
        "welfare": ("Payoff in welfare", DOMAIN_COLOURS["economy"]),
        "autonomy": ("Payoff in autonomy", DOMAIN_COLOURS["politics"]),
    }
    _grid([
        _fan(result, [_series("", colour, name, result, behind)], title, (0.0, 1.0))
        for name, (title, colour) in names.items()
    ])  # fmt: skip


def leaning(result: RunResult, behind: Trajectory | None) -> None:
    """Show the alignment of every actor toward every other, by domain."""
    actors = result.ensemble.scenario.case.actors
    holder = st.selectbox("Who", list(actors), format_func=lambda key: actors[key].name)
    specs = [
        _fan(result, [
            _series(domain, DOMAIN_COLOURS[domain], f"{holder}>{key}:{domain}", result, behind)
            for domain in DOMAINS
        ], f"{actors[holder].name} → {actor.name}, −1 to 1", (-1.0, 1.0))
        for key, actor in actors.items() if key != holder
    ]  # fmt: skip
    _grid(specs)


def plane(result: RunResult, behind: Trajectory | None) -> None:
    """Show the plane of both seats at a week, and let the weeks play."""
    playing = st.toggle("Play the weeks", key="playing")
    st.fragment(_plane_at, run_every=TICK if playing else None)(result, behind)


def _plane_at(result: RunResult, behind: Trajectory | None) -> None:
    """Draw the slider of dates and the plane; goes on by itself while the weeks play."""
    dates = result.paths.dates
    last = len(dates) - 1
    week = min(st.session_state.get("week", last), last)
    if st.session_state.get("playing") and last > 0:
        week = 0 if week >= last else min(week + STEP, last)
    st.session_state["week"] = week
    if last > 0:
        st.session_state["plane day"] = dates[week]
        chosen = st.select_slider(
            "Week of",
            dates,
            key="plane day",
            format_func=date_words,
            on_change=_moved,
            args=(dates,),
        )
        week = dates.index(chosen)
    chart(charts.plane_chart(result.ensemble.scenario, result.paths, week, behind))
    st.caption("A dot is a world; the line is the path of the medians. Grey: without the changes.")


def _moved(dates: Sequence[object]) -> None:
    st.session_state["week"] = dates.index(st.session_state["plane day"])


def numbers(result: RunResult, behind: Trajectory | None) -> None:  # noqa: ARG001
    """Show the tables of a run."""
    show_table(where_table(result))
    show_table(regime_table(result.ensemble.scenario, result.paths))
    show_table(ruler_table(result.rulings))
    show_table(payoff_table(result))


PARTS: Mapping[str, Callable[[RunResult, Trajectory | None], None]] = {
    "Security, economy, politics": domains,
    "Postures and ties": ties,
    "Who leans toward whom": leaning,
    "Payoffs": payoffs,
    "The plane of both seats": plane,
    "Numbers": numbers,
}
"""The closer looks by name; only the one that is chosen is drawn."""


def observed(session: Session, look: Look) -> None:  # noqa: ARG001
    """Show observed points beside the quantities they may be compared with, if there are any."""
    if not look.scenario.observations:
        return
    result = full(look)
    drawn = _image(look.key, result)
    if drawn is None:
        return
    title, description = caption("observed", result)
    text = html.escape(f"{title}. {description}")
    data = base64.b64encode(drawn).decode()
    st.html(f'<img src="data:image/png;base64,{data}" alt="{text}" style="width:100%">')


@st.cache_data(max_entries=8, show_spinner=False)
def _image(of: str, _result: RunResult) -> bytes | None:  # noqa: ARG001
    with styled():
        figure = observed_figure(_result)
    return None if figure is None else png(figure, DPI)
