"""The text of a program in C: straight-line code on vector lanes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .symbols import CURVES, Node
from .tracing import Program, Step

HEAD = Path(__file__).with_name("lanes.h")
SIGNS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "less": "<", "less_equal": "<=",
    "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!=", "and": "&", "or": "|",
}  # fmt: skip
CALLS = {"maximum": "larger", "minimum": "smaller", "absolute": "size", "negative": "-", "not": "~"}
CALLS |= {name: f"v_{name}" for name in CURVES}
TYPES = {"f8": "double", "i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t", "b1": "int8_t"}
RUN = """
typedef void step(V *, const double *, long, void *const *, long);
static step *const STEPS[] = {{{steps}}};
static const int DRAWS[] = {{{draws}}}, RESULTS[] = {{{results}}};

/* Run the steps of a list on all worlds, as many at a time as there are lanes; at least one lane
   full. Each slot starts with its own number in every world, or with one number in all. */
void two_chairs_run(long worlds, long steps, const int *list, const double *const *slots,
                    const int8_t *wide, const double *uniforms, void *const *results)
{{
    for (long first = 0; first < worlds; first += W) {{
        long k = first + W <= worlds ? first : worlds - W;
        const double *drawn = uniforms;
        void *const *out = results;
        V s[{slots}];
        for (int n = 0; n < {slots}; n++) s[n] = wide[n] ? load(slots[n] + k) : all(*slots[n]);
        for (long at = 0; at < steps; at++) {{
            int number = list[at];
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
        f"static void step{number}(V *s, const double *u, long row, void *const *out, long k)\n"
        "{\n" + "\n".join(f"    {line}" for line in lines_of(step)) + "\n}\n"
        for number, step in enumerate(program.steps)
    ]
    run = RUN.format(
        steps=", ".join(f"step{number}" for number in range(len(steps))),
        draws=", ".join(str(sum(rows for _, rows in step.draws)) for step in program.steps),
        results=", ".join(str(len(step.results)) for step in program.steps),
        slots=sum(place.count for place in program.slots.values()),
    )
    return "\n".join([HEAD.read_text(), *steps, run])


def lines_of(step: Step) -> Iterator[str]:
    """Yield the statements of a step: each node once, then what is stored and read off."""
    names: dict[Node, str] = {}
    for node in ordered(step):
        names[node] = f"t{len(names)}"
        kind = "M" if node.kind == "flag" else "V"
        yield f"const {kind} {names[node]} = {_expression(node, names)};"
    for slot, node in step.stores:
        yield f"s[{slot}] = {_number(node, names)};"
    for place, (node, dtype) in enumerate(step.results):
        yield f"PUT({TYPES[dtype]}, {place}, {_number(node, names)});"


def ordered(step: Step) -> list[Node]:
    """Return all nodes that a step needs, each after those that it works on."""
    found: dict[Node, None] = {}
    waiting = [node for _, node in step.stores] + [node for node, _ in step.results]
    waiting.reverse()
    while waiting:
        node = waiting[-1]
        missing = [arg for arg in node.args if isinstance(arg, Node) and arg not in found]
        if missing:
            waiting += reversed(missing)
        else:
            found[waiting.pop()] = None
    return list(found)


def _number(node: Node, names: dict[Node, str]) -> str:
    return f"number({names[node]})" if node.kind == "flag" else names[node]


def _expression(node: Node, names: dict[Node, str]) -> str:
    op = node.op
    if op == "constant":
        return f"flags({node.args[0]:.0f})" if node.kind == "flag" else f"all({_literal(node.args[0])})"
    if op == "slot":
        return f"s[{node.args[0]}]" + (" != 0.0" if node.kind == "flag" else "")
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
    if number in (float("inf"), float("-inf")):
        return f"{'-' if number < 0 else ''}__builtin_inf()"
    return number.hex()
