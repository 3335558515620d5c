"""The controls of the page, beside its figures: each changes the session, none keeps a state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from two_chairs.axes import CONDITIONS, POSTURES
from two_chairs.errors import InputError
from two_chairs.parameters import PARAMETERS, START_ONLY
from two_chairs.scenario.library import known_scenarios
from two_chairs.scenario.provenance import range_of
from two_chairs.scenario.records import ParameterRange, Scenario
from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.names import input_name
from two_chairs_lab.render.numbers import date_words

from .events import event_form, event_list
from .files import events_csv, save, scenario_text
from .screening import leading_parameters
from .session import Session
from .state import Settings
from .widgets import DAYS, complain, given, put, usual_day

WORLDS = (50, 100, 200, 500, 1000, 2000)
KINDS = {
    "posture": "a posture of the small state",
    "condition": "a condition outside",
    "institution": "a tie",
    "coercion": "coercion",
    "parameter": "a parameter",
}


def sidebar(session: Session) -> None:
    """Draw all controls."""
    _scenario_box(session)
    _undoing(session)
    with st.expander(f"Events ({len(session.now.base.scenario.events)})", expanded=True):
        event_list(session)
    with st.expander("Add an event"):
        event_form(session)
    with st.expander("Parameters"):
        _parameters(session)
    with st.expander("Set on a date: posture, condition, tie"):
        _dated(session)
    with st.expander("Worlds and chance"):
        _settings(session)
    with st.expander("Save, download, open"):
        _files(session)


def _scenario_box(session: Session) -> None:
    names = known_scenarios(session.scenario.case.name)
    options = names if session.name in names else [session.name, *names]

    def chosen() -> None:
        session.open("scenario", given("scenario"), session.now.settings)

    st.selectbox("Scenario", options, key=put("scenario", session.name), on_change=chosen)
    complain(session, "scenario")


def _undoing(session: Session) -> None:
    left, right = st.columns(2)
    number = session.changes.count()
    left.button("Undo", on_click=session.undo, disabled=not session.past, width="stretch")
    label = f"Reset ({number})" if number else "Reset"
    right.button(label, on_click=session.reset, disabled=not number, width="stretch")


# --- parameters ----------------------------------------------------------------------------------


@st.cache_data(show_spinner=False, max_entries=8)
def _leading(of: str, _scenario: Scenario) -> list[str]:  # noqa: ARG001 - the cache's key
    return leading_parameters(_scenario)


def _parameters(session: Session) -> None:
    """Draw what is fixed, then what is drawn; each says which it is."""
    scenario, fixed = session.now.base.scenario, session.changes.parameters
    st.caption("Drawn: every world has its own value. Moving a slider fixes it in all worlds.")
    complain(session, "parameters")
    leading = _leading(f"{session.name} {session.now.base.name}", scenario)
    alone = [name for name in scenario.parameters if PARAMETERS[name].group is None]
    for name in fixed:
        _parameter(session, name, scenario.parameters[name])
    for name in leading:
        if name not in fixed:
            _parameter(session, name, scenario.parameters[name])
    rest = [name for name in alone if name not in {*leading, *fixed}]
    another = st.selectbox(
        "Another parameter", rest, None, format_func=input_name, placeholder="type to search",
        key="another parameter",
    )  # fmt: skip
    if another is not None:
        _parameter(session, another, scenario.parameters[another])


def _parameter(session: Session, name: str, entry: ParameterRange) -> None:
    """Draw a parameter with its state: drawn from its range, or fixed and how to release it."""
    info, fixed = PARAMETERS[name], session.changes.parameters
    words = escape_markdown(input_name(name))
    if name not in fixed:
        state = f"drawn from {entry.low:.3g} to {entry.high:.3g}"
        if entry.low == entry.high:
            state = f"one value: {entry.value:.3g}"
    else:
        state = f":blue-background[fixed at {fixed[name]:.3g}]"
    value = fixed.get(name, entry.value)
    low, high = _ends(entry.low, entry.high, value, info.bounds)
    place = f"parameter/{name}"
    label, release = st.columns([4, 1.6], vertical_alignment="bottom")
    label.markdown(f"**{words}** · {state}")
    if name in fixed:
        release.button("Release", on_click=session.release, args=(name,), key=f"release/{name}")
    st.slider(
        f"{input_name(name)} ({info.unit})", low, high, key=put(place, float(value)),
        step=(high - low) / 100, format="%.3g", label_visibility="collapsed",
        on_change=lambda: session.fix(name, float(given(place))),
    )  # fmt: skip


def _ends(
    low: float, high: float, value: float, bounds: tuple[float, float]
) -> tuple[float, float]:
    """Return the ends of a slider: the range, or what makes sense where there is none."""
    if low == high:
        room = max(abs(low), 1.0)
        low, high = max(bounds[0], low - room), min(bounds[1], high + room)
    return min(low, value), max(high, value)


# --- what is set on a date -----------------------------------------------------------------------


def _dated(session: Session) -> None:
    scenario = session.scenario
    kind = st.selectbox("Set", list(KINDS), format_func=lambda kind: KINDS[kind], key="kind")
    day = st.date_input(
        "On", usual_day(scenario),
        min_value=scenario.start, max_value=scenario.end, format=DAYS, key=f"day/{session.name}",
    )  # fmt: skip
    fields = {"date": day} | _fields(session, kind)
    st.button("Set it", on_click=lambda: session.set_on_date(kind, **fields))
    complain(session, "dated")
    for entry in session.changes.dated:
        record = entry.model_dump(exclude_none=True, exclude={"source", "id", "date"})
        what = ", ".join(f"{name} {value}" for name, value in record.items())
        st.markdown(escape_markdown(f"{date_words(entry.date)}: {what} ({entry.id})"))
        st.button(f"Remove {entry.id}", on_click=session.unset, args=(entry.id,))


def _fields(session: Session, kind: str) -> dict[str, Any]:
    """Draw what belongs to one kind of thing and return its fields."""
    return FIELDS[kind](session.scenario)


def _posture(scenario: Scenario) -> dict[str, Any]:
    posture = st.selectbox("Posture", POSTURES, key="posture")
    until = st.date_input(
        "Until (empty: to the end)", None, min_value=scenario.start, max_value=scenario.end,
        format=DAYS, key="until",
    )  # fmt: skip
    return {"posture": posture, "until": until}


def _condition(scenario: Scenario) -> dict[str, Any]:  # noqa: ARG001
    condition = st.selectbox(
        "Condition", CONDITIONS, format_func=lambda name: name.replace("_", " "), key="condition"
    )
    return {"condition": condition, "value": _level("Value, 0 to 1", "value")}


def _tie(scenario: Scenario) -> dict[str, Any]:
    names = {tie.id: tie.name for tie in scenario.case.institutions}
    tie = st.selectbox("Tie", list(names), format_func=lambda key: names[key], key="tie")
    return {"institution": tie, "level": _level("Level, 0 to 1", "level")}


def _coercion(scenario: Scenario) -> dict[str, Any]:  # noqa: ARG001
    return {"coercion": _level("Coercion, 0 to 1", "coercion")}


def _parameter_on_date(scenario: Scenario) -> dict[str, Any]:
    names = [n for n, i in PARAMETERS.items() if i.group is None and n not in START_ONLY]
    name = st.selectbox("Parameter", names, format_func=input_name, key="dated parameter")
    now = range_of(scenario, name).value
    return {"parameter": name, "value": st.number_input("To", value=now, key=f"to {name}")}


def _level(label: str, name: str) -> float:
    return st.slider(label, 0.0, 1.0, 0.5, step=0.05, key=f"level/{name}")


FIELDS: dict[str, Callable[[Scenario], dict[str, Any]]] = {
    "posture": _posture,
    "condition": _condition,
    "institution": _tie,
    "coercion": _coercion,
    "parameter": _parameter_on_date,
}
"""Kind of thing → what draws its fields."""


# --- worlds, and files ---------------------------------------------------------------------------


def _settings(session: Session) -> None:
    now = session.now.settings

    def chosen() -> None:
        values = {name: given(f"settings/{name}") for name in ("worlds", "vary", "luck")}
        text = given("settings/seed").strip()

        def do() -> None:
            if not (text.isascii() and text.isdigit() and int(text) < 2**63):
                raise InputError.at("seed", "is a whole number from 0 to 9223372036854775807")
            settings = Settings(seed=int(text), **values)
            session.go_to("settings", replace(session.now, settings=settings))

        session.tried("seed", do)

    counts = sorted({*WORLDS, now.worlds})
    st.select_slider("Worlds", counts, key=put("settings/worlds", now.worlds), on_change=chosen)
    st.caption(f"'two-chairs run' takes {Settings().worlds} worlds unless it is told otherwise.")
    st.text_input("Seed", key=put("settings/seed", str(now.seed)), on_change=chosen)
    complain(session, "seed")
    st.toggle("Draw parameters and event weights", key=put("settings/vary", now.vary),
              on_change=chosen)  # fmt: skip
    st.toggle("Chance in choices and attacks", key=put("settings/luck", now.luck),
              on_change=chosen)  # fmt: skip
    st.caption("World k has the same luck before and after every change.")


def _files(session: Session) -> None:
    state, stem = session.now, session.now.base.scenario.name.removesuffix("-changed")
    st.text_input(
        "Title", key=put("title", session.changes.title or state.base.scenario.title),
        on_change=lambda: session.change("title", title=given("title")),
    )  # fmt: skip
    name = st.text_input("Save as", f"{stem}-changed.toml", key=f"save as/{session.name}")

    def saved() -> None:
        session.tried("save", lambda: setattr(session, "command", save(state, Path(name))))

    left, right = st.columns(2)
    left.button("Save", on_click=saved, width="stretch", help="In the folder the page runs in.")
    if state.base.is_kept:
        text = scenario_text(state, Path(name))
        right.download_button("Download", text, name, "application/toml", width="stretch",
                              on_click="ignore")  # fmt: skip
    if state.changes.added:
        csv = events_csv(state.changes.added)
        st.download_button("Download the added events (CSV)", csv, f"{stem}-events.csv",
                           "text/csv", on_click="ignore")  # fmt: skip
    complain(session, "save")
    if session.command:
        st.success("Saved. The same worlds:")
        st.code(session.command, language=None)
    st.text_input("Open a scenario file or the folder of a run", key="open path")
    st.button("Open it", on_click=lambda: session.open("open", given("open path").strip()))
    complain(session, "open")
