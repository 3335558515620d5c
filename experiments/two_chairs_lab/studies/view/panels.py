"""What the live page shows: the answer, its numbers, and one tab for each question."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

import streamlit as st

from two_chairs.axes import PATRONS, Regime
from two_chairs.errors import InputError
from two_chairs_lab.plotting.style import REGIME_COLOURS
from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.names import regime_words, role_name
from two_chairs_lab.render.numbers import counted, date_words, decimal, percent, points
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.compare.differences import Difference
from two_chairs_lab.studies.run.summary import seats

from . import charts, details, first_look, whatif, why
from .controls import sidebar
from .looks import FIRST_WORLDS, TWO, Look, is_slow, likeliest, look_at
from .session import Session
from .show import chart, moved_text, show_table
from .state import link_text
from .widgets import complain

LOOK = """<style>
[data-testid="stMainBlockContainer"] { padding: 2.6rem 2rem 3rem; }
[data-testid="stMainBlockContainer"] > div { gap: .6rem; }
[data-testid="stMain"] h3 { padding: 0 0 .5rem; font-size: 1.35rem; }
[data-testid="stMetric"] { padding: .3rem .8rem; }
[data-testid="stMetricValue"] { font-size: 1.5rem; }
[data-testid="stMetricLabel"] p { white-space: normal; font-size: .85rem; color: #333; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: #444; opacity: 1; }
@media (min-width: 64rem) { [data-testid="stSidebar"][aria-expanded="true"] { min-width: 22rem; } }
[data-testid="stSidebar"] [data-testid="stCheckbox"] p { font-size: .85rem; line-height: 1.25; }
@media (max-width: 40rem) {
  [data-testid="stMainBlockContainer"] { padding: 4rem .8rem 3rem; }
  [data-testid="stMain"] h3 { font-size: 1.1rem; }
  .st-key-answer [data-testid="stMarkdownContainer"] p { font-size: .88rem; line-height: 1.3; }
  .st-key-answer [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; gap: .3rem; }
  .st-key-answer [data-testid="stColumn"] { min-width: 0; }
  .st-key-answer [data-testid="stMetric"], .st-key-answer [data-testid="stMetric"] > div {
    padding: .1rem .2rem; }
  .st-key-answer [data-testid="stMetricLabel"] p { font-size: .72rem; line-height: 1.15; }
  .st-key-answer [data-testid="stMetricValue"], .st-key-answer [data-testid="stMetricValue"] * {
    font-size: .95rem; white-space: normal; overflow: visible; }
  .st-key-answer [data-testid="stMetricDelta"], .st-key-answer [data-testid="stMetricDelta"] * {
    font-size: .72rem; line-height: 1.15; padding: 0; background: none;
    white-space: normal; overflow: visible; height: auto; }
}
</style>"""
HOW = "Line: median of the worlds; band: 5 to 95 % of them. Move the pointer for numbers, drag to \
move, Shift and the wheel to zoom, two clicks to go back; the buttons above it save the chart."


def main() -> None:
    """Draw the page for the scenario or result that the command line names."""
    st.set_page_config(page_title="Two Chairs", layout="wide", initial_sidebar_state="auto")
    st.html(LOOK)
    session = _session()
    if session is None:
        return
    body(session, lambda: beside(session))


def beside(session: Session) -> None:
    """Draw the controls, and let the address hold the state."""
    with st.sidebar:
        sidebar(session)
    _keep_link(session)


def _session() -> Session | None:
    """Return what the page remembers; at the first look it opens what was asked for."""
    if "session" in st.session_state:
        found: Session = st.session_state["session"]
        return found
    try:
        session = Session.of(sys.argv[1] if len(sys.argv) > 1 else "baseline")
    except (InputError, OSError) as error:
        for line in str(error).splitlines():
            st.error(escape_markdown(line))
        return None
    if link := st.query_params.get("state"):
        session.follow(link)
    st.session_state["session"] = session
    return session


def _keep_link(session: Session) -> None:
    """Let the address of the page hold its state."""
    record = session.now.record()
    if session.changes.count() or record.settings != type(record.settings)():
        st.query_params["state"] = link_text(record)
    else:
        st.query_params.pop("state", None)


def body(session: Session, controls: Callable[[], None]) -> None:
    """Show what is found, and one tab of it; what takes long is shown in few worlds first.

    The controls are drawn when there is a first answer.
    """
    complain(session, "link")
    scenario = session.scenario
    st.markdown(f"### {escape_markdown(scenario.title)}")
    top = st.container(key="answer").empty()
    chosen = st.segmented_control(
        "Question", list(TABS), default=HAPPENS, key="tab", label_visibility="collapsed"
    )
    tab, below = chosen or HAPPENS, st.empty()
    slow = is_slow(session)
    if slow:
        few = look_at(session, FIRST_WORLDS)
        with top.container():
            answer(few, session.now.settings.worlds)
        if tab == HAPPENS:
            with below.container():
                what_happens(session, few)
        controls()
    look = look_at(session)
    with top.container():
        answer(look, look.ensemble.worlds)
    with below.container():
        TABS[tab](session, look)
        foot(session, look)
    if not slow:
        controls()


def foot(session: Session, look: Look) -> None:
    """Say what all of it is conditional on."""
    number = session.changes.count()
    said = f"{counted(number, 'change')} to {session.name}. "
    st.caption(escape_markdown(said + look.ensemble.conditional_on()))


# --- the answer -----------------------------------------------------------------------------------


def answer(look: Look, worlds: int) -> None:
    """Say what is found and what the changes make of it, each with its sampling error."""
    few = (
        "" if look.ensemble.worlds == worlds else f" **First {look.ensemble.worlds} of {worlds}…**"
    )
    st.markdown(escape_markdown(seats(look.scenario, look.paths, look.paths.dates[-1])) + few)
    tiles = st.columns(3)
    first = likeliest(look)
    _share_tile(tiles[0], look, TWO)
    _share_tile(tiles[1], look, first if first != TWO else _next(look))
    low, middle, high = look.tilt()
    _tile(
        tiles[2], f"Tilt: −1 all {_name(look, 0)}, 1 all {_name(look, 1)}",
        f"{decimal(middle)} ({decimal(low)} to {decimal(high)})", look.against("tilt"),
    )  # fmt: skip


def _next(look: Look) -> Regime:
    others = [regime for regime in look.scenario.case.regimes if regime != TWO]
    return max(others, key=look.share)


def _name(look: Look, patron: int) -> str:
    case = look.scenario.case
    return role_name(PATRONS[patron], case)


def _share_tile(place: st.delta_generator.DeltaGenerator, look: Look, regime: Regime) -> None:
    words = regime_words(regime, look.scenario.case)
    label = f"{words[:1].upper()}{words[1:]}, {date_words(look.paths.dates[-1])}"
    value = percent(look.share(regime), look.error(regime))
    _tile(place, label, value, look.against(f"regime:{regime}"))


def _tile(
    place: st.delta_generator.DeltaGenerator, words: str, value: str, moved: Difference | None
) -> None:
    place.metric(
        words, value, None if moved is None else f"{moved_text(moved)} by the changes",
        delta_color="off", delta_arrow="off", border=True,
    )  # fmt: skip


# --- what happens, and how sure -------------------------------------------------------------------


def what_happens(session: Session, look: Look) -> None:  # noqa: ARG001
    """Show both seats, the regimes and the events over time."""
    chart(first_look.main_chart(look.scenario, look.paths, look.reference))
    said = " Broken lines: without the changes." if look.reference is not None else ""
    st.caption(HOW + said)
    with st.expander("In words"):
        for line in look.result.sentences():
            st.markdown(escape_markdown(line))


def how_sure(session: Session, look: Look) -> None:
    """Show how far the worlds lie apart, and how well this number of them tells it."""
    worlds, case = look.ensemble.worlds, look.scenario.case
    st.markdown(
        "Two things are unsure. **Worlds differ**: parameters, the weight of events and chance "
        "are drawn anew in each. **Worlds are few**: with others, a share would come out a "
        "little otherwise. The first is a finding; the second goes with more worlds."
    )
    rows = [
        (
            regime_words(regime, case),
            percent(look.share(regime)),
            f"± {points(look.error(regime))} points",
        )
        for regime in case.regimes
    ]
    day = date_words(look.paths.dates[-1])
    show_table(Table(f"Share of {worlds} worlds, {day}", ("", "share", "Monte-Carlo error, 95 %"),
                     tuple(rows)))  # fmt: skip
    behind = None if look.reference is None else look.reference.outcome("tilt")[-1]
    values = look.paths.outcome("tilt")[-1]
    title = f"Tilt on {day}: share of worlds"
    chart(charts.histogram(values, behind, title, REGIME_COLOURS[TWO]))
    details.observed(session, look)


HAPPENS = "What happens"
Tab = Callable[[Session, Look], None]
TABS: Mapping[str, Tab] = {
    HAPPENS: what_happens,
    "Why": why.why,
    "What if": whatif.what_if,
    "How sure": how_sure,
    "Details": details.details,
}
"""The tabs by the question they answer; only the one that is chosen is drawn."""
