"""The controls of the page, beside its figures: from widgets to `Changes` and `Settings`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from two_chairs.axes import CONDITIONS, DOMAINS, PATRONS, POSTURES
from two_chairs.errors import InputError
from two_chairs.parameters import PARAMETERS, START_ONLY
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario
from two_chairs_lab.engine import WORLDS
from two_chairs_lab.render.markdown import escape_markdown

from .changes import Base, Changes, Dated, PageState, Settings, opened, save
from .screening import leading_parameters

CHOICES = (50, 100, 300, 500, WORLDS, 2000)
SOURCE = "added on the live page"
KINDS = ("posture", "condition", "institution", "coercion", "parameter")


def open_on_page(name: str, settings: Settings | None = None) -> None:
    """Open a scenario or result on the page; what was changed before is left."""
    try:
        found = opened(name, settings)
    except (InputError, OSError) as error:
        st.session_state["problems"] = str(error).splitlines()
        return
    st.session_state["opened"] = found
    st.session_state["name"] = name
    st.session_state["generation"] = st.session_state.get("generation", 0) + 1
    st.session_state["dated"] = list(found.changes.dated)
    for key in ("problems", "current", "previous", "saved"):
        st.session_state.pop(key, None)


def key(name: str) -> str:
    """Return the key of a widget, new with everything that is opened."""
    return f"{st.session_state['generation']}/{name}"


def state() -> PageState:
    """Draw the controls and return the state of the page."""
    found: PageState = st.session_state["opened"]
    _scenario_box()
    settings = _settings(found.settings)
    scenario = found.base.scenario
    with st.expander(f"Events ({len(scenario.events)})", expanded=True):
        off, weights = _events(scenario, found.changes)
    with st.expander("Parameters"):
        parameters = _parameters(scenario, found.changes)
    with st.expander("Set on a date: posture, condition, tie"):
        dated = _dated(scenario)
    with st.expander("Save and open"):
        title = st.text_input("Title", found.changes.title or scenario.title, key=key("title"))
        changes = Changes(
            off, weights, parameters, dated,
            title="" if title == scenario.title else title, question=found.changes.question,
        )  # fmt: skip
        made = PageState(found.base, changes, settings)
        _files(made)
    return made


def _scenario_box() -> None:
    names = list(bundled_scenarios())
    now = st.session_state["name"]
    options = names if now in names else [now, *names]

    def chosen() -> None:
        open_on_page(st.session_state["scenario"])

    st.session_state["scenario"] = now
    st.selectbox("Scenario", options, key="scenario", on_change=chosen)


def _settings(start: Settings) -> Settings:
    with st.expander("Worlds and luck"):
        counts = sorted({*CHOICES, start.worlds})
        worlds = st.select_slider("Worlds", counts, start.worlds, key=key("worlds"))
        text = st.text_input("Seed", str(start.seed), key=key("seed")).strip()
        is_seed = text.isascii() and text.isdigit() and int(text) < 2**63
        if not is_seed:
            st.error("A seed is a whole number from 0 to 9223372036854775807.")
        seed = int(text) if is_seed else start.seed
        vary = st.toggle("Draw parameters and event weights", start.vary, key=key("vary"))
        luck = st.toggle("Chance in choices and attacks", start.luck, key=key("luck"))
        st.caption("World k has the same luck before and after every change.")
    return Settings(int(worlds), seed, vary, luck)


def _events(scenario: Scenario, start: Changes) -> tuple[tuple[str, ...], dict[str, float]]:
    """Draw the list of events; return the ids switched off and the weights changed."""
    off, weights = [], {}
    with st.container(height=460, border=False):
        for event in sorted(scenario.events, key=lambda e: (e.date, e.id)):
            on, weight = _event(scenario, event, start)
            if not on:
                off.append(event.id)
            elif weight != event.weight:
                weights[event.id] = weight
    return tuple(off), weights


def _event(scenario: Scenario, event: Event, start: Changes) -> tuple[bool, float]:
    names = scenario.case.actors
    who = f"{names[event.actor].name} → {names[event.target].name}"
    attack = ", attack" if event.is_attack else ""
    label = escape_markdown(f"{event.id} · {event.date:%d %b %Y} · {who}{attack}")
    on = st.checkbox(label, event.id not in start.off, key=key(f"on/{event.id}"))
    st.caption(escape_markdown(event.says))
    with st.popover(f"{event.id}: weight {_weight_label(event, start)}, source", width="stretch"):
        weight = st.number_input(
            f"Weight of {event.id}", 0.0, 100.0, start.weights.get(event.id, event.weight),
            step=0.05, key=key(f"weight/{event.id}"), disabled=not on,
        )  # fmt: skip
        act = f"Act: {event.action}, score {event.goldstein:+g}."
        ends = f"Range {event.weight_low:g} to {event.weight_high:g}, which follows the weight."
        st.markdown(escape_markdown(f"{act} {ends}"))
        document = scenario.case.documents.get(event.document)
        source = event.document if document is None else document.title
        paragraph = "" if event.paragraph is None else f", paragraph {event.paragraph}"
        st.markdown(f"**Source:** {escape_markdown(source + paragraph)}")
        if event.correction:
            st.markdown(f"**Correction:** {escape_markdown(event.correction)}")
    return on, float(weight)


def _weight_label(event: Event, start: Changes) -> str:
    now = st.session_state.get(key(f"weight/{event.id}"))
    return f"{start.weights.get(event.id, event.weight) if now is None else now:g}"


@st.cache_data(show_spinner=False, max_entries=8)
def _leading(of: str, _scenario: Scenario) -> list[str]:  # noqa: ARG001 - the cache's key
    return leading_parameters(_scenario)


def _parameters(scenario: Scenario, start: Changes) -> dict[str, float]:
    """Draw the sliders; return the parameters that were moved."""
    st.caption(
        "The ten whose ranks go most with the tilt of the last week. A slider that was not moved "
        "leaves its parameter drawn from its range; one that was fixes it in every world."
    )
    names = _leading(f"{st.session_state['generation']} {scenario.name}", scenario)
    alone = [n for n in scenario.parameters if PARAMETERS[n].group is None and n not in names]
    kept = [name for name in start.parameters if name in alone]
    more = st.multiselect("More parameters", alone, kept, key=key("more"))
    return {
        name: value
        for name in [*names, *more]
        if (value := _slider(scenario, name, start)) is not None
    } | {n: v for n, v in start.parameters.items() if PARAMETERS[n].group is not None}


def _slider(scenario: Scenario, name: str, start: Changes) -> float | None:
    entry, info = scenario.parameters[name], PARAMETERS[name]
    given = start.parameters.get(name, entry.value)
    low, high = _ends(entry.low, entry.high, given, info.bounds)
    value = st.slider(
        f"{name.replace('_', ' ')} ({info.symbol}, {info.unit})", low, high, given,
        step=(high - low) / 100, format="%.3g", key=key(f"parameter/{name}"),
        help=escape_markdown(f"{info.meaning}. {info.source}: {info.reference}"),
    )  # fmt: skip
    return None if value == entry.value else float(value)


def _ends(
    low: float, high: float, value: float, bounds: tuple[float, float]
) -> tuple[float, float]:
    """Return the ends of a slider: the range, or what makes sense where there is none."""
    if low == high:
        room = max(abs(low), 1.0)
        low, high = max(bounds[0], low - room), min(bounds[1], high + room)
    return min(low, value), max(high, value)


def _dated(scenario: Scenario) -> tuple[Dated, ...]:
    added: list[Dated] = st.session_state["dated"]
    kind = st.selectbox("Set", KINDS, key=key("kind"))
    day = st.date_input(
        "On", min(scenario.agents_act_from or scenario.start, scenario.end),
        min_value=scenario.start, max_value=scenario.end, key=key("day"),
    )  # fmt: skip
    fields = _fields(scenario, kind)
    st.button("Add", on_click=_add, args=(kind, day, fields), key=key("add"))
    for entry in added:
        shown = {k: v for k, v in entry.model_dump(exclude_none=True).items() if k != "source"}
        st.markdown(escape_markdown(", ".join(str(value) for value in shown.values())))
        st.button(f"Remove {entry.id}", on_click=_remove, args=(entry.id,), key=key(entry.id))
    conditions = [entry for entry in added if isinstance(entry, DatedCondition)]
    return (*conditions, *(entry for entry in added if isinstance(entry, Intervention)))


def _fields(scenario: Scenario, kind: str) -> dict[str, Any]:
    """Draw what belongs to one kind of thing and return its fields."""
    if kind == "posture":
        posture = st.selectbox("Posture", POSTURES, key=key("posture"))
        until = st.date_input(
            "Until (empty: to the end)", None, min_value=scenario.start, max_value=scenario.end,
            key=key("until"),
        )  # fmt: skip
        return {"posture": posture, "until": until}
    if kind == "condition":
        condition = st.selectbox("Condition", CONDITIONS, key=key("condition"))
        return {"condition": condition, "value": _level("Value", "value")}
    if kind == "institution":
        ids = [tie.id for tie in scenario.case.institutions]
        tie = st.selectbox("Tie", ids, key=key("institution"))
        return {"institution": tie, "level": _level("Level", "level")}
    if kind == "coercion":
        return {"coercion": _level("Coercion", "coercion")}
    names = [n for n, i in PARAMETERS.items() if i.group is None and n not in START_ONLY]
    name = st.selectbox("Parameter", names, key=key("dated parameter"))
    now = scenario.parameters[name].value
    return {"parameter": name, "value": st.number_input("To", value=now, key=key(f"to {name}"))}


def _level(label: str, name: str) -> float:
    return st.slider(label, 0.0, 1.0, 0.5, step=0.05, key=key(f"level/{name}"))


def _add(kind: str, day: date, fields: dict[str, Any]) -> None:
    taken = {entry.id for entry in st.session_state["dated"]}
    scenario: Scenario = st.session_state["opened"].base.scenario
    taken |= {entry.id for entry in scenario.conditions}
    taken |= {entry.id for entry in scenario.interventions}
    number = next(n for n in range(1, 10_000) if f"{kind}-{n}" not in taken)
    record = {"id": f"{kind}-{number}", "date": day, "source": SOURCE, **fields}
    made: Dated = DatedCondition(**record) if kind == "condition" else Intervention(**record)
    st.session_state["dated"].append(made)


def _remove(entry: str) -> None:
    st.session_state["dated"] = [d for d in st.session_state["dated"] if d.id != entry]


def _files(made: PageState) -> None:
    name = st.text_input(
        "Save as", f"{made.base.scenario.name.removesuffix('-changed')}-changed.toml",
        key=key("save as"),
    )  # fmt: skip
    st.button("Save", on_click=_save, args=(made, name), key=key("save"))
    if command := st.session_state.get("saved"):
        st.success("Saved. The same run, bit for bit:")
        st.code(command, language=None)
    st.text_input("Open a scenario file or the folder of a run", key="open path")
    st.button("Open it", on_click=lambda: open_on_page(st.session_state["open path"]), key="open")


def _save(made: PageState, name: str) -> None:
    try:
        st.session_state["saved"] = save(made, Path(name))
        st.session_state.pop("problems", None)
    except InputError as error:
        st.session_state["problems"] = str(error).splitlines()


def compared(base: Base) -> str | None:
    """Draw the choice of a second scenario; return its name, ``None`` for the one as opened."""
    as_opened = "the same without the changes"
    others: Sequence[str] = [as_opened, *bundled_scenarios()]
    chosen = st.selectbox("Beside", others, key=key("beside"))
    return None if chosen in (as_opened, base.name) else chosen


def explanation(scenario: Scenario) -> tuple[str, str]:
    """Draw the choice of what is explained and over which window; return both by their names."""
    case = scenario.case
    pivot = case.with_role("pivot")
    targets = ["tilt", *(f"{patron}_seat" for patron in PATRONS)]
    targets += [f"{pivot}>{case.with_role(patron)}:{d}" for patron in PATRONS for d in DOMAINS]
    columns = st.columns(3)
    target = columns[0].selectbox("What moved", targets, key=key("target"))
    first, last = scenario.start, scenario.end
    begin = columns[1].date_input(
        "From the end of the week of", first, min_value=first, max_value=last, key=key("from")
    )
    until = min(scenario.agents_act_from or last, last)
    end = columns[2].date_input(
        "To the end of the week of", until, min_value=first, max_value=last, key=key("to")
    )
    return target, f"{begin}:{end}"
