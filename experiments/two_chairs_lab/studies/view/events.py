"""The controls of events: found by words or by group, switched, weighed, and added by a form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from two_chairs.errors import InputError
from two_chairs.scenario.codebook import Codebook
from two_chairs.scenario.files import read_codebook
from two_chairs.scenario.records import Event, EventRow, Scenario
from two_chairs.scenario.text import check_table
from two_chairs_lab.render.markdown import escape_markdown

from .session import SOURCE, Session, free_id
from .widgets import DAYS, complain, day_text, given, put, usual_day

EVERY = "all events"
ATTACKS = "attacks"


def groups_of(scenario: Scenario) -> dict[str, list[str]]:
    """Return groups of events by their name: all, attacks, and the acts of each actor."""
    events = scenario.events
    found = {EVERY: [e.id for e in events], ATTACKS: [e.id for e in events if e.is_attack]}
    for key, actor in scenario.case.actors.items():
        found[f"acts of {actor.name}"] = [e.id for e in events if e.actor == key]
    return {name: ids for name, ids in found.items() if ids or name == EVERY}


def found_events(scenario: Scenario, group: Sequence[str], words: str) -> list[Event]:
    """Return the events of a group that hold every word, in the order of their dates."""
    names = scenario.case.actors
    wanted = words.casefold().split()

    def text(event: Event) -> str:
        who = f"{names[event.actor].name} {names[event.target].name}"
        return f"{event.id} {day_text(event.date)} {who} {event.action} {event.says}".casefold()

    inside = [event for event in scenario.events if event.id in group]
    held = [event for event in inside if all(word in text(event) for word in wanted)]
    return sorted(held, key=lambda event: (event.date, event.id))


def event_label(scenario: Scenario, event: Event) -> str:
    """Say in a line what an event is."""
    names = scenario.case.actors
    who = f"{names[event.actor].name} → {names[event.target].name}"
    attack = " (attack)" if event.is_attack else ""
    return f"{day_text(event.date)} · {who}{attack}: {event.says} [{event.id}]"


def event_list(session: Session) -> None:
    """Draw the events of the base: search, group, a switch for each, and one in detail."""
    scenario = session.now.base.scenario
    groups = groups_of(scenario)
    words = st.text_input("Search", key="search", placeholder="a word, a year, a name")
    group = st.selectbox("Group", list(groups), key=f"group/{session.name}")
    found = found_events(scenario, groups[group], words)
    _switches(session, [event.id for event in found])
    complain(session, "events")
    with st.container(height=330, border=False):
        for event in found:
            _switch(session, scenario, event)
    for row in session.changes.added:
        st.markdown(escape_markdown(f"Added: {day_text(row.date)}, {row.says} [{row.id}]"))
        st.button(f"Remove {row.id}", on_click=session.remove_event, args=(row.id,))
    _detail(session, scenario, found)


def _switches(session: Session, ids: Sequence[str]) -> None:
    left, right = st.columns(2)
    number = len(ids)
    off = partial(session.switch, ids, on=False)
    on = partial(session.switch, ids, on=True)
    left.button(f"All off ({number})", on_click=off, disabled=not ids, width="stretch",
                key="off all")  # fmt: skip
    right.button(f"All on ({number})", on_click=on, disabled=not ids, width="stretch",
                 key="on all")  # fmt: skip


def _switch(session: Session, scenario: Scenario, event: Event) -> None:
    place = put(f"on/{event.id}", event.id not in session.changes.off)
    label = escape_markdown(event_label(scenario, event))
    weight = session.changes.weights.get(event.id)
    if weight is not None:
        label += f" :blue-background[weight {weight:g}]"
    change = partial(_switched, session, event.id)
    st.checkbox(label, key=place, on_change=change)


def _switched(session: Session, event: str) -> None:
    session.switch([event], given(f"on/{event}"))


def _detail(session: Session, scenario: Scenario, found: Sequence[Event]) -> None:
    """Draw the weight, act and source of one event that is chosen."""
    events = {event.id: event for event in found}
    names = {key: event_label(scenario, event) for key, event in events.items()}
    chosen = st.selectbox(
        "Weight and source of", list(events), None, format_func=lambda key: names.get(key, key),
        placeholder="choose an event", key=f"detail/{session.name}",
    )  # fmt: skip
    if chosen is None:
        return
    event = events[chosen]
    place = put(f"weight/{chosen}", float(session.changes.weights.get(chosen, event.weight)))
    st.number_input(
        f"Weight of {chosen}", 0.0, 100.0, step=0.05, key=place,
        disabled=chosen in session.changes.off,
        on_change=lambda: session.weigh(chosen, float(given(place))),
    )  # fmt: skip
    st.markdown(_source(scenario, event))


def _source(scenario: Scenario, event: Event) -> str:
    document = scenario.case.documents.get(event.document)
    source = event.document if document is None else document.title
    paragraph = "" if event.paragraph is None else f", paragraph {event.paragraph}"
    lines = [
        escape_markdown(f"Act: {event.action}, score {event.goldstein:+g}. Worlds draw its weight "
                        f"from {event.weight_low:g} to {event.weight_high:g}, which follows it."),
        f"**Source:** {escape_markdown(source + paragraph)}",
    ]  # fmt: skip
    if event.correction:
        lines.append(f"**Correction:** {escape_markdown(event.correction)}")
    return "\n\n".join(lines)


# --- the form ------------------------------------------------------------------------------------


@st.cache_data(show_spinner=False)
def _codebook() -> Codebook:
    return read_codebook()


def action_labels(codebook: Codebook) -> dict[str, str]:
    """Return each action with its name of the codebook and its score, as they are searched."""
    return {
        key: f"{entry.name} ({key}, {entry.score('goldstein') or 0.0:+g})"
        for key, entry in codebook.items()
    }


def event_form(session: Session) -> None:
    """Draw the form that adds an event."""
    scenario = session.now.base.scenario
    names = {key: actor.name for key, actor in scenario.case.actors.items()}
    labels = action_labels(_codebook())
    with st.form("form", border=False):
        st.date_input("Date", usual_day(scenario), key="form/date",
                      min_value=scenario.start, max_value=scenario.end, format=DAYS)  # fmt: skip
        left, right = st.columns(2)
        left.selectbox("Who", list(names), format_func=names.__getitem__, key="form/actor")
        right.selectbox("Toward whom", list(names), 1, format_func=names.__getitem__,
                        key="form/target")  # fmt: skip
        st.selectbox("Action", list(labels), None, format_func=labels.__getitem__,
                     placeholder="type to search, e.g. aid", key="form/action")  # fmt: skip
        st.number_input(
            "Weight",
            0.0,
            100.0,
            1.0,
            step=0.05,
            key="form/weight",
            help="1 is an event as telling as an attack; most lie from .2 to 1.",
        )
        st.text_input("What happened", key="form/says")
        st.text_input("Source", key="form/document", placeholder=SOURCE)
        st.number_input("If it is an attack: how severe (0 to 1)", 0.0, 1.0, None, step=0.05,
                        key="form/severity", placeholder="empty: no attack")  # fmt: skip
        st.checkbox("If it is an attack: the ally came to help", key="form/defended")
        st.form_submit_button("Add it", on_click=_added, args=(session,))
    complain(session, "form")


def _added(session: Session) -> None:
    made: list[EventRow] = []
    if session.tried("form", lambda: made.append(_row(session))):
        session.add_event(made[0])


FIELDS = ("date", "actor", "target", "action", "weight", "says", "document", "severity")


def _row(session: Session) -> EventRow:
    """Return the event that the form describes; raises `InputError` if it is none."""
    values = {name: given(f"form/{name}") for name in FIELDS}
    for name, words in (("action", "Action"), ("says", "What happened")):
        if not (values[name] or "").strip():
            raise InputError.at(words, "is empty; fill it in")
    taken = {event.id for event in session.scenario.events} | set(session.changes.off)
    table = {key: value for key, value in values.items() if value not in (None, "")}
    table |= {"id": free_id("E", taken), "document": values["document"].strip() or SOURCE}
    if values["severity"] is not None:
        table |= {"coverage": 1.0, "defended": bool(given("form/defended"))}
    row, problems = check_table(EventRow, table, "form")
    if row is None:
        raise InputError(problems)
    return row
