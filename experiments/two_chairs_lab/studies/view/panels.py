"""What the live page shows: it is drawn anew at every change of a control."""

from __future__ import annotations

import base64
import html
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
import streamlit as st
from matplotlib.figure import Figure

from two_chairs.axes import PATRONS, REGIMES, TWO_CHAIRS
from two_chairs.errors import InputError
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.plotting.inline import png
from two_chairs_lab.plotting.style import STYLE
from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.results.manifest import scenario_digest
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.explain.figures import waterfall
from two_chairs_lab.studies.explain.study import Explanation, explain, target_words
from two_chairs_lab.studies.run.captions import caption
from two_chairs_lab.studies.run.figures import FIGURES, payoffs_figure, seats_figure, split_figure
from two_chairs_lab.studies.run.study import RunResult, run_result
from two_chairs_lab.studies.run.summary import answer, payoff_table, regime_table, where_table

from . import controls
from .changes import PageState, Settings, resolved
from .figures import difference_at, paired_figure, plane_figure, ties_figure

DPI = 110
STEP = 4
"""Weeks that the play of weeks goes on at a time."""
MOST_EXPLAINED = 300
"""Worlds in which a change is explained at most."""
TICK = 0.6
"""Seconds from one step of the play to the next."""
LOOK = """<style>
[data-testid="stMainBlockContainer"] { padding: 2.5rem 2rem 3rem; }
[data-testid="stMain"] h3 { padding: 0; }
[data-testid="stMetric"] { padding: .4rem .8rem; }
[data-testid="stMetricValue"] { font-size: 1.6rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: #444; opacity: 1; }
.scroll { overflow-x: auto; }
.figure { width: 100%; height: auto; }
@media (max-width: 40rem) {
  [data-testid="stMainBlockContainer"] { padding: 4.5rem 1rem 3rem; }
  .figure { min-width: 42rem; max-width: none; }
}
</style>"""


@dataclass(frozen=True)
class Shown:
    """A run, under a key that no other run has."""

    key: str
    result: RunResult


Panel = Callable[[Shown, Shown | None], None]
WITH_GHOSTS: Mapping[str, Callable[[RunResult, Trajectory | None], Figure]] = {
    "seats": seats_figure,
    "split": split_figure,
    "payoffs": payoffs_figure,
}
"""Figures that another run can stand behind."""


@st.cache_resource(max_entries=6, show_spinner=False)
def ran(digest: str, settings: Settings, _scenario: Scenario) -> RunResult:  # noqa: ARG001
    """Run a scenario, or return what it came to before."""
    ensemble = Ensemble(_scenario, settings.worlds, settings.seed, settings.vary, settings.luck)
    return run_result(ensemble, None)


def run_of(scenario: Scenario, settings: Settings) -> Shown:
    """Return a run under a key that no other run has."""
    digest = scenario_digest(scenario)
    return Shown(f"{digest} {settings}", ran(digest, settings, scenario))


def remember(run: Shown) -> None:
    """Keep the run that is shown, and the one that was shown before it."""
    current: Shown | None = st.session_state.get("current")
    if current is None or current.key != run.key:
        st.session_state["previous"] = current
        st.session_state["current"] = run


@st.cache_data(max_entries=60, show_spinner=False)
def image(of: tuple[str, ...], _draw: Callable[[], Figure | None]) -> bytes | None:  # noqa: ARG001
    """Draw a figure as a PNG, or return what was drawn of the same before."""
    with mpl.rc_context(STYLE):
        figure = _draw()
    return None if figure is None else png(figure, DPI)


def show(
    of: tuple[str, ...], draw: Callable[[], Figure | None], title: str, description: str
) -> None:
    """Show a figure as an image with a text alternative; ``of`` says what it is drawn from."""
    drawn = image(of, draw)
    if drawn is None:
        st.info("There is nothing of this to draw here.")
        return
    data = base64.b64encode(drawn).decode()
    st.html(
        '<div class="scroll" role="region" tabindex="0" aria-label="Figure">'
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(f"{title}. {description}")}"'
        ' class="figure"></div>'
    )


def keys(*runs: Shown | None) -> tuple[str, ...]:
    """Return the keys of runs."""
    return tuple("" if run is None else run.key for run in runs)


def run_panel(name: str) -> Panel:
    """Return the panel of a figure of `figures.runs`."""

    def panel(now: Shown, old: Shown | None) -> None:
        def draw() -> Figure | None:
            if name not in WITH_GHOSTS:
                return FIGURES[name](now.result)
            return WITH_GHOSTS[name](now.result, None if old is None else old.result.paths)

        behind = old if name in WITH_GHOSTS else None
        show((name, *keys(now, behind)), draw, *caption(name, now.result))

    return panel


def plane_panel(now: Shown, old: Shown | None) -> None:
    """Show the plane of both seats at a week, and let the weeks play."""
    playing = st.toggle("Play the weeks", key="playing")
    st.fragment(plane_at_week, run_every=TICK if playing else None)(now, old)


def plane_at_week(now: Shown, old: Shown | None) -> None:
    """Draw the slider of weeks and the plane; goes on by itself while the weeks play."""
    paths = now.result.paths
    last = len(paths.dates) - 1
    week = min(st.session_state.get("week", last), last)
    if st.session_state.get("playing") and last > 0:
        week = 0 if week >= last else min(week + STEP, last)
    st.session_state["week"] = week
    left, right = st.columns([2, 1])
    if last > 0:
        week = right.slider("Week", 0, last, key="week", format="%d")
    right.caption(f"Week of {paths.dates[week]:%d %b %Y}")
    seats = ", ".join(
        f"{patron} seat {quantiles(paths.outcome(f'{patron}_seat')[week])[1]:.2f}"
        for patron in PATRONS
    )

    def draw() -> Figure:
        return plane_figure(now.result, week, None if old is None else old.result.paths)

    with left:
        of = ("plane", str(week), *keys(now, old))
        show(of, draw, "The plane of both seats", f"Medians: {seats}.")


def ties_panel(now: Shown, old: Shown | None) -> None:  # noqa: ARG001
    """Show postures and ties."""
    text = f"Shares of {now.result.paths.worlds} worlds over time."
    show(("ties", now.key), lambda: ties_figure(now.result), "Postures and ties", text)


@st.cache_resource(max_entries=4, show_spinner=False)
def explained(key: str, target: str, window: str, _ensemble: Ensemble) -> Explanation:  # noqa: ARG001
    """Explain a change, or return what it came to before."""
    return explain(_ensemble, target, window)


def why_panel(now: Shown, old: Shown | None) -> None:  # noqa: ARG001
    """Show the change of a target over a window as a sum over causes."""
    target, window = controls.explanation(now.result.ensemble.scenario)
    ensemble = replace(now.result.ensemble, worlds=min(now.result.ensemble.worlds, MOST_EXPLAINED))
    try:
        found = explained(now.key, target, window, ensemble)
    except InputError as error:
        st.info(escape_markdown(error.problems[0].message))
        return
    change = f"Mean change of the {target_words(found)}: {float(np.mean(found.change)):+.3f}"
    st.caption(escape_markdown(f"{change}, {ensemble.worlds} worlds, the exact sum of its causes."))
    show(("why", target, window, now.key), lambda: waterfall(found), "What moved it", change)


def beside_panel(now: Shown, old: Shown | None) -> None:  # noqa: ARG001
    """Show a second scenario beside this one, and the difference with the same luck."""
    opened: PageState = st.session_state["opened"]
    name = controls.compared(opened.base)
    scenario = opened.base.scenario if name is None else load_scenario(name)
    other = run_of(scenario, st.session_state["settings"])
    made = difference_at(now.result, other.result, "tilt")
    if made is None:
        st.info("The two scenarios share no week.")
        return
    text = (
        "Difference of tilt in the last week both have: "
        f"{made.value:+.3f} ({made.low:+.3f} to {made.high:+.3f})."
    )
    st.markdown(escape_markdown(text))

    def draw() -> Figure | None:
        return paired_figure(now.result, other.result)

    show(("beside", *keys(now, other)), draw, "Beside another scenario", text)


def numbers_panel(now: Shown, old: Shown | None) -> None:  # noqa: ARG001
    """Show the tables of a run."""
    result = now.result
    tables = (
        where_table(result),
        regime_table(result.ensemble.scenario, result.paths),
        payoff_table(result),
    )
    for table in tables:
        st.markdown(f"**{escape_markdown(table.title)}**\n\n{_table(table)}")


def _table(table: Table) -> str:
    rows = [table.columns, ("---",) * len(table.columns), *table.rows]
    cells = [[c if c == "---" else escape_markdown(str(c)) for c in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


PANELS: Mapping[str, Panel] = {
    "Two chairs": run_panel("seats"),
    "Plane": plane_panel,
    "By domain": run_panel("split"),
    "Postures and ties": ties_panel,
    "Payoffs": run_panel("payoffs"),
    "Who leans": run_panel("alignment"),
    "Observed": run_panel("observed"),
    "Why": why_panel,
    "Beside": beside_panel,
    "Numbers": numbers_panel,
}
"""The panels by name; only the one that is chosen is drawn."""


def headline(result: RunResult, old: Shown | None) -> None:
    """Show tilt and the share on two chairs in the last week, and how they have changed."""
    paths, scenario = result.paths, result.ensemble.scenario
    low, middle, high = quantiles(paths.outcome("tilt")[-1])
    two = REGIMES[TWO_CHAIRS]
    share = float(paths.regime_share(two)[-1])
    moved, shifted = None, None
    if old is not None:
        before = old.result
        moved = f"{middle - quantiles(before.paths.outcome('tilt')[-1])[1]:+.3f} from before"
        shifted = f"{100 * (share - before.paths.regime_share(two)[-1]):+.1f} points"
    left, right = st.columns(2)
    day = f"{paths.dates[-1]:%d %b %Y}"
    left.metric(
        f"Tilt, {day} (5–95 %: {low:+.2f} to {high:+.2f})",
        f"{middle:+.3f}",
        moved,
        delta_color="off",
        delta_arrow="off",
        border=True,
    )
    label = f"On {scenario.case.regimes[two]}, {day} (of {paths.worlds} worlds)"
    right.metric(label, percent(share), shifted, delta_color="off", delta_arrow="off", border=True)


def behind() -> Shown | None:
    """Return the run whose curves stand faintly behind."""
    choice = st.session_state.get("behind", "the state before")
    if choice == "as opened":
        opened: PageState = st.session_state["opened"]
        return run_of(resolved(opened.base, opened.changes), st.session_state["settings"])
    return st.session_state.get("previous") if choice == "the state before" else None


def body(made: PageState) -> None:
    """Show what a state of the page comes to; a state that can not be run leaves the last one."""
    st.session_state["settings"] = made.settings
    problems = list(st.session_state.get("problems", ()))
    try:
        scenario = resolved(made.base, made.changes)
        remember(run_of(scenario, made.settings))
    except InputError as error:
        problems += [str(problem) for problem in error.problems]
    for problem in problems:
        st.error(escape_markdown(problem))
    if "current" not in st.session_state:
        return
    now: Shown = st.session_state["current"]
    result = now.result
    st.markdown(f"### {escape_markdown(result.ensemble.title())}")
    st.markdown(escape_markdown(result.ensemble.scenario.question))
    headline(result, behind())
    chosen = st.segmented_control(
        "Show", list(PANELS), default="Two chairs", key="panel", label_visibility="collapsed"
    )
    PANELS[chosen or "Two chairs"](now, behind())
    with st.expander("In words"):
        for sentence in answer(result):
            st.markdown(escape_markdown(sentence))
    foot(made, result)


def foot(made: PageState, result: RunResult) -> None:
    """Say what all of it is conditional on, and choose what stands behind."""
    st.selectbox("Faintly behind", ("the state before", "as opened", "nothing"), key="behind")
    text = f"{made.changes.count()} changes. {result.ensemble.conditional_on()}"
    st.caption(escape_markdown(text))


def main() -> None:
    """Draw the page for the scenario or result that the command line names."""
    st.set_page_config(page_title="Two Chairs", layout="wide", initial_sidebar_state="auto")
    st.html(LOOK)
    if "opened" not in st.session_state:
        controls.open_on_page(sys.argv[1] if len(sys.argv) > 1 else "baseline")
    if "opened" not in st.session_state:
        for problem in st.session_state["problems"]:
            st.error(escape_markdown(problem))
        return
    with st.sidebar:
        made = controls.state()
    body(made)
