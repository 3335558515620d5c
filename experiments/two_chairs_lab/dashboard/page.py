"""The live page, a script that Streamlit runs anew at every change of a control."""

from __future__ import annotations

import base64
import html
import sys
from collections.abc import Callable, Mapping

import matplotlib as mpl
import streamlit as st
from matplotlib.figure import Figure

from two_chairs.actors import REGIMES, TWO_CHAIRS
from two_chairs.errors import InputError
from two_chairs.reading import load_scenario
from two_chairs.scenario import Scenario
from two_chairs_lab.captions import caption
from two_chairs_lab.dashboard import controls
from two_chairs_lab.dashboard.changes import Changes, Opened, Settings, resolved
from two_chairs_lab.ensemble import Ensemble, quantiles
from two_chairs_lab.figures.inline import png
from two_chairs_lab.figures.runs import FIGURES
from two_chairs_lab.figures.style import STYLE
from two_chairs_lab.figures.worlds import difference_at, paired_figure, plane_figure, ties_figure
from two_chairs_lab.printing import (
    Sheet,
    answer,
    payoff_sheet,
    percent,
    regime_sheet,
    where_sheet,
)
from two_chairs_lab.report import escape_markdown
from two_chairs_lab.results import RunResult, run_result, scenario_digest

DPI = 110
STEP = 4
"""Weeks that the play of weeks goes on at a time."""
TICK = 0.6
"""Seconds from one step of the play to the next."""


# --- running --------------------------------------------------------------------------------------


@st.cache_resource(max_entries=6, show_spinner=False)
def ran(digest: str, settings: Settings, _scenario: Scenario) -> RunResult:  # noqa: ARG001
    """Run a scenario, or return what it came to before."""
    ensemble = Ensemble(_scenario, settings.worlds, settings.seed, settings.vary, settings.luck)
    return run_result(ensemble, None)


def run_of(scenario: Scenario, settings: Settings) -> tuple[str, RunResult]:
    """Return a run and a key that no other run has."""
    digest = scenario_digest(scenario)
    return f"{digest} {settings}", ran(digest, settings, scenario)


def remember(key: str, result: RunResult) -> None:
    """Keep the run that is shown, and the one that was shown before it."""
    current = st.session_state.get("current")
    if current is None or current[0] != key:
        st.session_state["previous"] = current
        st.session_state["current"] = (key, result)


# --- drawing --------------------------------------------------------------------------------------


def show(figure: Figure | None, title: str, description: str) -> None:
    """Show a figure as an image with a text alternative."""
    if figure is None:
        st.info("There is nothing of this to draw here.")
        return
    image = base64.b64encode(png(figure, DPI)).decode()
    st.html(
        f'<img src="data:image/png;base64,{image}" alt="{html.escape(f"{title}. {description}")}"'
        ' style="width:100%;height:auto" class="figure">'
    )


def run_panel(name: str) -> Callable[[RunResult, RunResult | None], None]:
    """Return the panel of a figure of `figures.runs`."""

    def panel(result: RunResult, behind: RunResult | None) -> None:
        with mpl.rc_context(STYLE):
            if name in {"seats", "split", "payoffs"}:
                old = None if behind is None else behind.paths
                figure = FIGURES[name](result, old)  # type: ignore[call-arg]
            else:
                figure = FIGURES[name](result)
        show(figure, *caption(name, result))

    return panel


def plane_panel(result: RunResult, behind: RunResult | None) -> None:
    """Show the plane of both seats at a week, and let the weeks play."""
    playing = st.toggle("Play the weeks", key="playing")
    every = TICK if playing else None
    st.fragment(plane_at_week, run_every=every)(result, behind)


def plane_at_week(result: RunResult, behind: RunResult | None) -> None:
    """Draw the slider of weeks and the plane; goes on by itself while the weeks play."""
    last = len(result.paths.dates) - 1
    week = min(st.session_state.get("week", last), last)
    if st.session_state.get("playing") and last > 0:
        week = 0 if week >= last else min(week + STEP, last)
    st.session_state["week"] = week
    if last > 0:
        dates = result.paths.dates
        week = st.slider("Week", 0, last, key="week", format="%d")
        st.caption(f"Week of {dates[week]:%d %b %Y}")
    figure = plane_figure(result, week, None if behind is None else behind.paths)
    seats = ", ".join(
        f"{patron} seat {quantiles(result.paths.outcome(f'{patron}_seat')[week])[1]:.2f}"
        for patron in ("incumbent", "rival")
    )
    show(figure, "The plane of both seats", f"Medians: {seats}.")


def ties_panel(result: RunResult, behind: RunResult | None) -> None:  # noqa: ARG001
    """Show postures and ties."""
    postures = result.paths.arrays["posture"][-1]
    show(ties_figure(result), "Postures and ties", f"{len(postures)} worlds, shares over time.")


def beside_panel(result: RunResult, behind: RunResult | None) -> None:  # noqa: ARG001
    """Show a second scenario beside this one, and the difference with the same luck."""
    opened: Opened = st.session_state["opened"]
    name = controls.compared(opened.base)
    scenario = resolved(opened.base, Changes()) if name is None else load_scenario(name)
    settings: Settings = st.session_state["settings"]
    other = run_of(scenario, settings)[1]
    figure = paired_figure(result, other)
    if figure is None:
        st.info("The two scenarios share no week.")
        return
    low, middle, high = difference_at(result, other, "tilt")
    told = f"Difference of tilt in the last week: {middle:+.3f} ({low:+.3f} to {high:+.3f})."
    st.markdown(escape_markdown(told))
    show(figure, "Beside another scenario", told)


def numbers_panel(result: RunResult, behind: RunResult | None) -> None:  # noqa: ARG001
    """Show the tables of a run."""
    sheets = (
        where_sheet(result),
        regime_sheet(result.ensemble.scenario, result.paths),
        payoff_sheet(result),
    )
    for sheet in sheets:
        st.markdown(f"**{escape_markdown(sheet.title)}**\n\n{_table(sheet)}")


def _table(sheet: Sheet) -> str:
    rows = [sheet.columns, ("---",) * len(sheet.columns), *sheet.rows]
    cells = [[c if c == "---" else escape_markdown(c) for c in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


PANELS: Mapping[str, Callable[[RunResult, RunResult | None], None]] = {
    "Two chairs": run_panel("seats"),
    "Plane": plane_panel,
    "By domain": run_panel("split"),
    "Postures and ties": ties_panel,
    "Payoffs": run_panel("payoffs"),
    "Who leans": run_panel("alignment"),
    "Observed": run_panel("observed"),
    "Beside": beside_panel,
    "Numbers": numbers_panel,
}
"""The panels by name; only the one that is chosen is drawn."""


# --- the page -------------------------------------------------------------------------------------


def headline(result: RunResult, before: RunResult | None) -> None:
    """Show tilt and the share on two chairs in the last week, and how they have changed."""
    paths, scenario = result.paths, result.ensemble.scenario
    low, middle, high = quantiles(paths.outcome("tilt")[-1])
    two = REGIMES[TWO_CHAIRS]
    share = float(paths.regime_share(two)[-1])
    moved, shifted = None, None
    if before is not None:
        moved = f"{middle - quantiles(before.paths.outcome('tilt')[-1])[1]:+.3f}"
        shifted = f"{100 * (share - before.paths.regime_share(two)[-1]):+.0f} points"
    left, right = st.columns(2)
    day = f"{paths.dates[-1]:%d %b %Y}"
    left.metric(f"Tilt, {day}", f"{middle:+.3f}", moved, delta_color="off", border=True)
    left.caption(f"5–95 % of worlds: {low:+.2f} to {high:+.2f}")
    label = f"On {scenario.case.regimes[two]}, {day}"
    right.metric(label, percent(share), shifted, delta_color="off", border=True)
    right.caption(f"of {paths.worlds} worlds")


def behind() -> RunResult | None:
    """Return the run whose curves stand faintly behind."""
    choice = st.session_state.get("behind", "the state before")
    if choice == "nothing":
        return None
    if choice == "as opened":
        opened: Opened = st.session_state["opened"]
        return run_of(opened.base.scenario, st.session_state["settings"])[1]
    previous = st.session_state.get("previous")
    return None if previous is None else previous[1]


def body(made: Opened) -> None:
    """Show what a state of the page comes to; a state that can not be run leaves the last one."""
    st.session_state["settings"] = made.settings
    problems = list(st.session_state.get("problems", ()))
    try:
        scenario = resolved(made.base, made.changes)
        remember(*run_of(scenario, made.settings))
    except InputError as error:
        problems += [str(problem) for problem in error.problems]
    for problem in problems:
        st.error(escape_markdown(problem))
    if "current" not in st.session_state:
        return
    result: RunResult = st.session_state["current"][1]
    st.markdown(f"## {escape_markdown(result.ensemble.title())}")
    st.markdown(escape_markdown(result.ensemble.scenario.question))
    headline(result, behind())
    chosen = st.segmented_control(
        "Show", list(PANELS), default="Two chairs", key="panel", label_visibility="collapsed"
    )
    PANELS[chosen or "Two chairs"](result, behind())
    with st.expander("In words"):
        for sentence in answer(result):
            st.markdown(escape_markdown(sentence))
    foot(made, result)


def foot(made: Opened, result: RunResult) -> None:
    """Say what all of it is conditional on, and choose what stands behind."""
    st.selectbox("Faintly behind", ("the state before", "as opened", "nothing"), key="behind")
    told = result.ensemble.conditional_on()
    st.caption(escape_markdown(f"{made.changes.count()} changes. {told}"))


def main() -> None:
    """Draw the page for the scenario or result that the command line names."""
    st.set_page_config(page_title="Two Chairs", layout="wide", initial_sidebar_state="auto")
    if "opened" not in st.session_state:
        controls.open_on_page(sys.argv[1] if len(sys.argv) > 1 else "baseline")
    if "opened" not in st.session_state:
        for problem in st.session_state["problems"]:
            st.error(escape_markdown(problem))
        return
    with st.sidebar:
        made = controls.state()
    body(made)


main()
