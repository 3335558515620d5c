"""The tab What if: what the changes move, and scenarios that were kept side by side."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from two_chairs.axes import PATRONS
from two_chairs.scenario.library import known_scenarios
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.style import BOTH, PATRON_COLOURS
from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.names import outcome_label, regime_words
from two_chairs_lab.render.numbers import date_words, decimal, percent
from two_chairs_lab.render.table import Table

from . import charts, first_look, marks
from .files import base_of
from .looks import TWO, Look, look_of, paired
from .session import Session
from .show import chart, moved_text, show_table
from .state import PageState
from .widgets import complain


def what_if(session: Session, look: Look) -> None:
    """Show what the changes move, world by world, and what lies in the tray beside it."""
    if look.reference is None:
        st.info("Nothing is changed yet: switch an event off, or add one, and see what it moves.")
    else:
        moved(look, look.reference)
    _tray(session, look)


def moved(look: Look, reference: Trajectory) -> None:
    """Show the paired difference over time, and at the end."""
    outcomes = ["tilt", *(f"{patron}_seat" for patron in PATRONS)]
    outcomes += [f"regime:{regime}" for regime in look.scenario.case.regimes]
    colours = (BOTH, *(PATRON_COLOURS[patron] for patron in PATRONS))
    places = st.columns(3)
    for place, outcome, colour in zip(places, outcomes, colours, strict=False):
        values = look.paths.outcome(outcome) - reference.outcome(outcome)
        name = outcome_label(outcome, look.scenario.case)
        series = [marks.Series("", colour, values)]
        with place:
            chart(charts.fan_chart(look.scenario, look.paths.dates, series,
                                   f"{name}: moved by the changes", None))  # fmt: skip
    rows = []
    for outcome in outcomes:
        found = paired(outcome, reference, look.paths)
        rows.append((
            outcome_label(outcome, look.scenario.case),
            *(_number(found.kind, value) for value in (found.reference, found.other)),
            moved_text(found),
            percent(found.above), percent(found.below),
        ))  # fmt: skip
    heads = ("", "without", "with", "moved by the changes", "worlds up", "worlds down")
    title = f"On {date_words(look.paths.dates[-1])}, the same worlds with and without the changes"
    show_table(Table(title, heads, tuple(rows)))
    st.caption(
        "Moved: median of the differences in the same worlds (5 to 95 % of them); of a share, the "
        "difference and its 90 % interval. It need not be the difference of the two medians."
    )


def _number(kind: str, value: float) -> str:
    return percent(value) if kind == "share" else decimal(value)


# --- the tray -------------------------------------------------------------------------------------


def _tray(session: Session, look: Look) -> None:
    """Keep the state that is shown, and show what was kept side by side."""
    st.markdown("**Side by side**")
    left, right = st.columns(2, vertical_alignment="bottom")
    left.button("Keep what is shown", on_click=partial(keep, session))
    other = right.selectbox(
        "Put a scenario beside", known_scenarios(look.scenario.case.name), None, key="beside",
        placeholder="choose a scenario",
    )  # fmt: skip
    if other is not None and other not in session.tray:
        session.tried("tray", partial(_beside, session, other))
    complain(session, "tray")
    states = {"shown": session.now, **session.tray}
    if len(states) > 1:
        _compare(session, look, states)


def keep(session: Session) -> None:
    """Keep the state that is shown, under a name that tells its changes."""
    name = what_changed(session.now)
    session.tray[name] = session.now


def what_changed(state: PageState) -> str:
    """Say in short what is changed in a state."""
    changes = state.changes
    parts = [f"without {key}" for key in changes.off]
    parts += [f"{key} at weight {weight:g}" for key, weight in changes.weights.items()]
    parts += [f"with {row.says}" for row in changes.added]
    parts += [f"{name.replace('_', ' ')} = {v:.3g}" for name, v in changes.parameters.items()]
    parts += [entry.id for entry in changes.dated]
    listed = ", ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")
    name = changes.title or state.base.scenario.name
    return f"{name}: {listed}" if listed else name


def _beside(session: Session, name: str) -> None:
    session.tray[name] = PageState(base_of(name), settings=session.now.settings)


def _compare(session: Session, look: Look, states: dict[str, PageState]) -> None:
    looks = {name: look if name == "shown" else look_of(state) for name, state in states.items()}
    rows = [_line(name, entry, look) for name, entry in looks.items()]
    heads = (
        "scenario",
        regime_words(TWO, look.scenario.case),
        "tilt, median",
        "tilt against shown",
    )
    day = date_words(look.paths.dates[-1])
    show_table(Table(f"Scenarios side by side, {day} or their end", heads, tuple(rows)))
    places = st.columns(2)
    for n, (name, entry) in enumerate(looks.items()):
        with places[n % 2]:
            seats = first_look.seats_of(entry.scenario, entry.paths, None)
            chart(charts.fan_chart(entry.scenario, entry.paths.dates, seats, name, (0.0, 1.0)))
    for name in session.tray:
        label = escape_markdown(f"Remove {name}")
        st.button(label, on_click=partial(_drop, session, name), key=f"drop/{name}")


def _line(name: str, entry: Look, shown: Look) -> tuple[str, ...]:
    share = percent(entry.share(TWO), entry.error(TWO))
    tilt = decimal(float(np.median(entry.paths.outcome("tilt")[-1])))
    if entry is shown:
        return name, share, tilt, ""
    same = (entry.ensemble.worlds, entry.ensemble.seed) == (
        shown.ensemble.worlds, shown.ensemble.seed,
    )  # fmt: skip
    against = moved_text(paired("tilt", shown.paths, entry.paths)) if same else "other worlds"
    return name, share, tilt, against


def _drop(session: Session, name: str) -> None:
    session.tray.pop(name, None)
    st.session_state["beside"] = None
