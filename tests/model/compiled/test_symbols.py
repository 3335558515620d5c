"""Symbols: what NumPy makes of them, and what is refused because it is not known yet."""

import numpy as np
import pytest

from builders import quiet
from two_chairs.axes import everywhere
from two_chairs.compiled.symbols import Graph, Symbols, TraceError, nodes_of
from two_chairs.compiled.tracing import trace
from two_chairs.rules import regimes
from two_chairs.rules.choice import looked_up
from two_chairs.world import week
from two_chairs.world.simulation import Simulation

pytestmark = pytest.mark.unit


def symbols(*shape, kind="real"):
    graph = Graph()
    nodes = np.empty(shape, dtype=object)
    nodes.flat[:] = [graph.node("slot", (n,), kind) for n in range(nodes.size)]
    return Symbols(graph, nodes)


def told(array):
    """Return the one node of an array in words."""

    def words(node):
        parts = ", ".join(words(arg) for arg in node.inner) or str(node.args[0])
        return f"{node.op}({parts})"

    (node,) = nodes_of(Graph(), array).flat
    return words(node)


def test_what_numpy_computes_is_kept_as_a_graph():
    x = symbols(2, 1)
    assert (
        told(np.tanh(x[0] + 2.0) * x[1]) == "multiply(tanh(add(slot(0), constant(2.0))), slot(1))"
    )
    assert told(np.where(x[0] > 0.0, x[1], -x[1])) == (
        "where(greater(slot(0), constant(0.0)), slot(1), negative(slot(1)))"
    )


def test_the_same_sum_is_one_node_and_constants_are_computed_at_once():
    x = symbols(1)
    assert (x + 1.0).nodes[0] is (x + 1.0).nodes[0]
    assert told((x + (2.0 + 3.0)) * 1.0 + 0.0) == "add(slot(0), constant(5.0))"
    assert told(Symbols(x.graph, nodes_of(x.graph, [2.0])) < 3.0) == "constant(1.0)"


def test_a_curve_of_a_constant_is_left_to_the_compiled_week():
    x = symbols(1)
    assert told(np.tanh(Symbols(x.graph, nodes_of(x.graph, [0.5])))) == "tanh(constant(0.5))"


def test_symbols_are_written_in_place_through_views():
    x = symbols(2, 2, 1)
    x[1] += 1.0
    x[0, 0] = 7.0
    assert [told(x[i, j]) for i in (0, 1) for j in (0, 1)] == [
        "constant(7.0)", "slot(1)", "add(slot(2), constant(1.0))", "add(slot(3), constant(1.0))",
    ]  # fmt: skip


def test_the_first_of_the_largest_is_chosen_and_looked_up():
    x = symbols(3, 1)
    place = np.argmax(x, axis=0)
    assert place.nodes[0].kind == "whole"
    known = Symbols(x.graph, nodes_of(x.graph, [[1.0], [3.0], [3.0]]))
    assert told(np.argmax(known, axis=0)) == "constant(1.0)"
    table = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    code = Symbols(x.graph, nodes_of(x.graph, np.array([2])))
    assert [told(row) for row in looked_up(table, code)] == [
        "constant(5.0)", "constant(6.0)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda x: (x > 0.0).any(), id="any"),
        pytest.param(lambda x: np.all(x > 0.0), id="all"),
        pytest.param(lambda x: 1.0 if x > 0.0 else 2.0, id="if"),
        pytest.param(lambda x: float(x[0]), id="a number taken out"),
        pytest.param(lambda x: x[0], id="the number of one world"),
        pytest.param(np.sum, id="a sum over worlds"),
        pytest.param(np.sort, id="worlds sorted"),
        pytest.param(np.sin, id="a function without counterpart"),
        pytest.param(np.add.reduce, id="a reduction"),
        pytest.param(
            lambda x: np.where(np.logical_or.reduce([x > 0.0]), 1.0, 0.0), id="flags of a list"
        ),
        pytest.param(lambda x: np.equal(np.maximum.reduce([x]), 0.0), id="a list compared"),
        pytest.param(lambda x: x.astype(int), id="a fraction cut off"),
        pytest.param(lambda x: np.power(x, 2.0), id="a power"),
        pytest.param(lambda x: np.add(np.zeros(1), x, out=np.zeros(1)), id="written elsewhere"),
        pytest.param(lambda x: np.zeros(1).__setitem__(0, x), id="stored elsewhere"),
        pytest.param(lambda x: (x > 0.0) + (x > 1.0), id="a sum of flags"),
        pytest.param(lambda x: np.array([1.0, 2.0])[x.astype(float)], id="an index"),
    ],
)
def test_what_is_not_known_before_the_worlds_are_run_is_refused(ask):
    with pytest.raises((TraceError, TypeError, ValueError, IndexError, AttributeError)):
        ask(symbols(1))


def test_a_shortcut_is_never_taken():
    assert everywhere(np.array([True, True]))
    assert not everywhere(np.array([True, False]))
    assert not everywhere(symbols(1) == symbols(1))


def test_a_rule_that_goes_two_ways_is_refused(monkeypatch):
    held = regimes.seats_held

    def seats_held(before, occupied, p):
        return held(before, occupied if (occupied > 0.9).any() else -occupied, p)

    monkeypatch.setattr(week.regimes, "seats_held", seats_held)
    with pytest.raises(TraceError, match="one way or another"):
        trace(Simulation(quiet(3)), ["regime"])


def test_a_rule_that_counts_weeks_by_itself_is_refused(monkeypatch):
    def decay(model):
        model.state.threat = model.state.threat * (0.5 if model.week > 1 else 1.0)

    stages = tuple(decay if stage is week.decay else stage for stage in week.WEEK)
    monkeypatch.setattr("two_chairs.compiled.tracing.WEEK", stages)
    with pytest.raises(TraceError, match="week"):
        trace(Simulation(quiet(3)), ["threat"])
