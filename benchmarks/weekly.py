"""The plain-C week (`weekly.c`): compiled from the package's own tables, called, and checked."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import CONDITIONS, INCUMBENT_ACTS, PATRONS, RIVAL_ACTS
from two_chairs.institutions.ties import weeks_of_changes
from two_chairs.parameters import PARAMETERS, Parameters, make_parameters
from two_chairs.rules import acts, alliance, choice, pivot
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import Scenario
from two_chairs.world.calendar import calendar_of
from two_chairs.world.model import TwoChairs

SOURCE = Path(__file__).with_name("weekly.c")
OUTCOMES = (
    "tilt", "breadth", "split", "strain", "incumbent_seat", "rival_seat",
    "security", "welfare", "autonomy", "coercion", "regime",
)  # fmt: skip
"""What `weekly.c` reports of a world, in its order."""
SHARED = tuple(name for name, info in PARAMETERS.items() if not info.optional)
"""The parameters that `weekly.c` reads: those that every scenario has, none of a patron alone."""
TOLERANCE = 1e-9
LUCK_TOLERANCE = 5.0
ROLES = ("pivot", "incumbent", "rival", "adversary")
TIES = {
    "security-treaty": "treaty",
    "economic-union": "union",
    "regional-organisation": "organisation",
    "association-ladder": "ladder",
    "treaty-membership": "membership",
}
ARRAYS = (
    "ENGAGEMENTS", "INCUMBENT_SCORES", "INCUMBENT_DOMAINS", "INCUMBENT_MATERIAL", "RIVAL_SCORES",
    "RIVAL_DOMAINS", "RIVAL_MATERIAL", "ATTACK_DOMAINS", "TEST_DOMAINS",
)  # fmt: skip
NUMBERS = ("ATTACK_SCORE", "DECISION_INTERVAL", "HALVING_OF_REPEATS", "WARNINGS_REMEMBERED")
INT, POINTER = ctypes.c_int, ctypes.c_void_p
EVENT = np.dtype(
    [("score", "f8"), ("omega", "f8", 3), ("weight", "f8"), ("severity", "f8"), ("coverage", "f8")]
    + [(name, "i4") for name in ("week", "actor", "target", "material", "attack", "defended")],
    align=True,
)
CHANGE = np.dtype([("value", "f8"), ("week", "i4"), ("is_tie", "i4"), ("what", "i4")], align=True)


# --- what C is told -------------------------------------------------------------------------------


def c_array(name: str, values: Any, kind: str = "double") -> str:
    """Return the definition of a constant array."""
    array = np.asarray(values, dtype=float if kind == "double" else int)
    shape = "".join(f"[{length}]" for length in array.shape)
    text = repr(array.tolist()).replace("[", "{").replace("]", "}")
    return f"static const {kind} {name}{shape} = {text};"


def table(name: str) -> Any:
    """Return a number or a table of the decision rules by its name."""
    rules = (acts, alliance, choice, pivot)
    found = next((vars(rule)[name] for rule in rules if name in vars(rule)), None)
    if found is not None:
        return found
    options, field = name.split("_", maxsplit=1)[0], name.split("_")[1].lower()
    if options == "ATTACK":
        return getattr(acts.USUAL["ATTACK"], field)
    repertoire = {"INCUMBENT": INCUMBENT_ACTS, "RIVAL": RIVAL_ACTS}[options]
    key = {"scores": "score"}.get(field, field)
    return [getattr(acts.USUAL[act], key) for act in repertoire]


def header(scenario: Scenario) -> str:
    """Return `tables.h`: names, tables of the package, baselines, ties and their thresholds."""
    case = scenario.case
    kinds = [TIES[tie.kind] for tie in case.institutions]
    if sorted(kinds) != sorted(TIES.values()) or float(scenario.parameters["balance_drift"].value):
        raise SystemExit("weekly.c knows one tie of each kind and no balance drift")
    ids = [tie.id for tie in case.institutions]
    lines = [
        f"enum {{ {', '.join(SHARED)}, PARAMETERS }};",
        f"enum {{ {', '.join(kind.upper() for kind in kinds)}, TIES }};",
        f"enum {{ ACTORS = {len(case.actors)} }};",
        *(f"enum {{ {role.upper()}_ACTOR = {case.index_of(role)} }};" for role in ROLES),
        *(f"#define {name} {table(name)!r}" for name in NUMBERS),
        *(c_array(name, table(name)) for name in ARRAYS),
        c_array("ANCHOR", anchors(scenario)),
        c_array("BASE", [case.seats[patron].base.values() for patron in PATRONS]),
        c_array("TIE_SEAT", [PATRONS.index(tie.seat) for tie in case.institutions], "int"),
        c_array("TIE_WEIGHT", [tie.weights.values() for tie in case.institutions]),
        c_array("TIE_START", [scenario.institutions[key] for key in ids]),
        c_array("RECORDED", recorded_postures(scenario), "int"),
    ]
    for tie, kind in zip(case.institutions, kinds, strict=True):
        for name, value in tie.model_dump().items():
            if name == "levels":
                lines += [c_array("LADDER_LEVELS", sorted(value)), f"#define RUNGS {len(value)}"]
            elif name == "after":
                lines.append(f"#define ORGANISATION_AFTER {ids.index(value)}")
            elif isinstance(value, int | float):
                lines.append(f"#define {kind}_{name} {value!r}")
    return "\n".join(lines) + "\n"


def recorded_postures(scenario: Scenario) -> list[int]:
    """Return the code of the posture on record in every week, −1 where there is none."""
    calendar = calendar_of(scenario)
    held = [calendar.recorded_posture(week) for week in range(scenario.weeks)]
    return [-1 if posture is None else posture for posture in held]


def anchors(scenario: Scenario) -> NDArray[np.float64]:
    """Return atanh of the baselines, shape (actors, actors, domains)."""
    ids = scenario.case.actor_ids()
    anchor = np.zeros((len(ids), len(ids), 3))
    for pair, baseline in scenario.case.baselines.items():
        holder, toward = pair.split(">")
        anchor[ids.index(holder), ids.index(toward)] = np.arctanh(baseline.values())
    return anchor


def event_rows(scenario: Scenario) -> NDArray[Any]:
    """Return the recorded events in the order in which they act."""
    ids = scenario.case.actor_ids()
    events = sorted(scenario.events, key=lambda e: (scenario.week_of(e.date), e.id))
    rows = [
        (
            e.goldstein * (1.0 if e.severity is None else e.severity), e.domains(), e.weight,
            e.severity or 0.0, e.coverage or 0.0, scenario.week_of(e.date), ids.index(e.actor),
            ids.index(e.target), e.material, e.is_attack, bool(e.defended),
        )
        for e in events
    ]  # fmt: skip
    return np.array(rows, dtype=EVENT)


def change_rows(scenario: Scenario) -> NDArray[Any]:
    """Return the dated conditions and the interventions on ties."""
    ties = [tie.id for tie in scenario.case.institutions]
    rows = [
        (c.value, scenario.week_of(c.date), 0, CONDITIONS.index(c.condition), c.date, c.id)
        for c in scenario.conditions
    ]
    effects = weeks_of_changes(scenario)
    for i in scenario.interventions:
        if i.institution is None:
            raise SystemExit("weekly.c knows no interventions but those on levels of ties")
        if i.id in effects:
            rows.append((i.level, effects[i.id], 1, ties.index(i.institution), i.date, i.id))
    rows.sort(key=lambda row: (row[1], *row[4:]))
    return np.array([row[:4] for row in rows], dtype=CHANGE)


def parameter_rows(p: Parameters, worlds: int) -> NDArray[np.float64]:
    """Return the parameters of worlds, a row each, in the order of ``SHARED``."""
    columns = [np.broadcast_to(getattr(p, name), (worlds,)) for name in SHARED]
    return np.ascontiguousarray(np.stack(columns, axis=1))


# --- compiling, calling, checking -----------------------------------------------------------------


@dataclass(frozen=True)
class Weekly:
    """A compiled `weekly.c` with the tables of one scenario."""

    library: ctypes.CDLL
    scenario: Scenario
    events: NDArray[Any]
    changes: NDArray[Any]
    conditions: NDArray[np.float64]

    def run(self, rows: NDArray[np.float64], *, luck: bool, seed: int = 0) -> NDArray[np.float64]:
        """Run a world for each row of parameters; return its outcomes, shape (worlds, outcomes)."""
        out = np.empty((len(rows), len(OUTCOMES)))
        acting = self.scenario.agents_act_from
        week = self.scenario.weeks if acting is None else self.scenario.week_of(acting)
        self.library.run(
            len(rows), self.scenario.weeks, week, rows.ctypes.data, self.conditions.ctypes.data,
            len(self.events), self.events.ctypes.data, len(self.changes), self.changes.ctypes.data,
            int(luck), seed, out.ctypes.data,
        )  # fmt: skip
        return out


def compiled(scenario: Scenario, folder: Path) -> Weekly | None:
    """Compile into a folder; return None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    (folder / "tables.h").write_text(header(scenario), encoding="utf-8")
    target = folder / "weekly.so"
    options = ["-O2", "-std=gnu11", "-Wall", "-Wno-unused-variable", "-shared", "-fPIC"]
    command = [compiler, *options, f"-I{folder}", str(SOURCE), "-o", str(target), "-lm"]
    subprocess.run(command, check=True)
    library = ctypes.CDLL(str(target))
    library.run.argtypes = [
        INT, INT, INT, POINTER, POINTER, INT, POINTER, INT, POINTER, INT, ctypes.c_uint64, POINTER,
    ]  # fmt: skip
    library.run.restype = None
    start = scenario.case.conditions
    conditions = np.array([start[name].value for name in CONDITIONS])
    return Weekly(library, scenario, event_rows(scenario), change_rows(scenario), conditions)


def check(weekly: Weekly, rows: NDArray[np.float64]) -> float:
    """Return the largest difference without luck from the package; stop if it is not tiny.

    Compared are all outcomes of the fixed world and of worlds with rows of parameters.
    """
    fixed = fixed_parameters(weekly.scenario)
    return max(_difference(weekly, parameter_rows(fixed, 1)), _difference(weekly, rows))


def _difference(weekly: Weekly, rows: NDArray[np.float64]) -> float:
    apart = np.abs(_by_package(weekly, rows, luck=False) - weekly.run(rows, luck=False))
    if not apart.max() <= TOLERANCE:
        worst = OUTCOMES[int(apart.max(axis=0).argmax())]
        raise SystemExit(f"weekly.c differs from the package: {worst} by {apart.max():.3g}")
    return float(apart.max())


def check_luck(weekly: Weekly, rows: NDArray[np.float64]) -> float:
    """Return how far mean outcomes with luck lie from the package's, in standard errors.

    Pairs of worlds share their parameters and differ in luck; stop where the two can not be of one
    model. Coercion and regime are left out: most pairs are equal there.
    """
    apart = (_by_package(weekly, rows, luck=True) - weekly.run(rows, luck=True))[:, :-2]
    errors = np.abs(apart.mean(axis=0)) / (apart.std(axis=0) / np.sqrt(len(rows)))
    if not errors.max() <= LUCK_TOLERANCE:
        raise SystemExit(f"weekly.c with luck lies {errors.max():.1f} standard errors off")
    return float(errors.max())


def _by_package(weekly: Weekly, rows: NDArray[np.float64], *, luck: bool) -> NDArray[np.float64]:
    model = TwoChairs(
        weekly.scenario,
        range(len(rows)),
        parameters=make_parameters(dict(zip(SHARED, rows.T, strict=True))),
        luck=luck,
        record=OUTCOMES,
        weeks=[weekly.scenario.weeks - 1],
    )
    arrays = model.run().arrays
    return np.stack([arrays[name][-1] for name in OUTCOMES], axis=1)
