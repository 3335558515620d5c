"""The text of a program in C: straight-line code on vector lanes, and what running it needs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .symbols import CURVES, Node
from .tracing import Program, Step, ordered

HEAD = Path(__file__).with_name("lanes.h")
SIGNS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "less": "<", "less_equal": "<=",
    "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!=", "and": "&", "or": "|",
}  # fmt: skip
CALLS = {"maximum": "larger", "minimum": "smaller", "absolute": "size", "negative": "-", "not": "~"}
CALLS |= {name: f"v_{name}" for name in CURVES}
TYPES = {"f8": "double", "i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t"}
"""Types of C by those of NumPy."""
ARGUMENTS = "V *s, const double *u, int64_t row, void *const *out, int64_t k"
"""Of a step: the state, luck and the length of its rows, where results go, the first world."""
RUN = """
typedef void step({arguments});
static step *const STEPS[] = {{{steps}}};
static const int DRAWS[] = {{{draws}}}, RESULTS[] = {{{results}}};

EXPORT const char *two_chairs_plan(void) {{ return {plan}; }}

/* Run a list of steps on all worlds, which are at least as many as there are lanes. A slot starts
   with a number of its own in every world where `wide` says so, else with one number. */
EXPORT void two_chairs_run(int64_t worlds, int64_t steps, const int32_t *list,
                           const double *const *slots, const int8_t *wide,
                           const double *uniforms, void *const *results)
{{
    for (int64_t first = 0; first < worlds; first += W) {{
        int64_t k = first + W <= worlds ? first : worlds - W;
        const double *drawn = uniforms;
        void *const *out = results;
        V s[{slots}];
        for (int n = 0; n < {slots}; n++) s[n] = wide[n] ? load(slots[n] + k) : all(*slots[n]);
        for (int64_t at = 0; at < steps; at++) {{
            int32_t number = list[at];
            STEPS[number](s, drawn, worlds, out, k);
            drawn += DRAWS[number] * worlds;
            out += RESULTS[number];
        }}
    }}
}}
"""


def source_of(program: Program) -> str:
    """Return the program as C."""
    steps = [
        f"static void step{number}({ARGUMENTS})\n{{\n"
        + "\n".join(f"    {line}" for line in _lines(step, program.places))
        + "\n}\n"
        for number, step in enumerate(program.steps)
    ]
    run = RUN.format(
        arguments=ARGUMENTS,
        steps=", ".join(f"step{number}" for number in range(len(steps))),
        draws=", ".join(str(sum(rows for _, rows in step.draws)) for step in program.steps),
        results=", ".join(str(len(step.results)) for step in program.steps),
        slots=max(1, len(program.places)),
        plan=json.dumps(json.dumps(plan_of(program))),
    )
    return "\n".join([HEAD.read_text(encoding="utf-8"), *steps, run])


def plan_of(program: Program) -> dict[str, Any]:
    """Return what running a program needs, as plain data.

    ``slots``: name of an array → pairs of a row of it and where that is kept. ``draws``: of every
    step, the streams it draws from with their rows. ``weeks``: the steps of every week.
    ``readings``: name of an array of a run → its steps by week, shape, and NumPy type.
    """
    rows = {
        name: [
            (row, program.places[slot])
            for row, slot in enumerate(range(place.first, place.first + place.count))
            if slot in program.places
        ]
        for name, place in program.slots.items()
    }
    return {
        "slots": {name: pairs for name, pairs in rows.items() if pairs},
        "count": len(program.places),
        "draws": [step.draws for step in program.steps],
        "weeks": program.weeks,
        "readings": {
            name: [reading.steps, reading.shape, reading.dtype]
            for name, reading in program.readings.items()
        },
    }


def _lines(step: Step, places: Mapping[int, int]) -> Iterator[str]:
    """Yield the statements of a step: each node once, then what is stored and read off."""
    names: dict[Node, str] = {}
    for node in ordered(step):
        names[node] = f"t{len(names)}"
        kind = "M" if node.kind == "flag" else "V"
        yield f"const {kind} {names[node]} = {_expression(node, names, places)};"
    for slot, node in step.stores:
        yield f"s[{places[slot]}] = {_number(node, names)};"
    for place, (node, dtype) in enumerate(step.results):
        yield f"PUT({TYPES[dtype]}, {place}, {_number(node, names)});"


def _number(node: Node, names: Mapping[Node, str]) -> str:
    return f"number({names[node]})" if node.kind == "flag" else names[node]


def _expression(node: Node, names: Mapping[Node, str], places: Mapping[int, int]) -> str:
    op, flag = node.op, node.kind == "flag"
    if op == "constant":
        return f"flags({node.args[0]:.0f})" if flag else f"all({_literal(node.args[0])})"
    if op == "slot":
        return f"s[{places[node.args[0]]}]" + (" != 0.0" if flag else "")
    if op == "uniform":
        return f"load(u + {node.args[0]} * row + k)"
    if op == "where":
        condition, *sides = node.args
        return f"where({names[condition]}, {', '.join(_number(side, names) for side in sides)})"
    logic = op in ("and", "or", "not")
    words = [names[arg] if logic else _number(arg, names) for arg in node.args]
    if op in SIGNS:
        return f"{words[0]} {SIGNS[op]} {words[1]}"
    return f"{CALLS[op]}({', '.join(words)})"


def _literal(number: float) -> str:
    """Return a number as C writes it; NaN stands for a threshold that is never met."""
    if math.isnan(number):
        return '__builtin_nan("")'
    if math.isinf(number):
        return f"{'-' if number < 0 else ''}__builtin_inf()"
    return number.hex()
