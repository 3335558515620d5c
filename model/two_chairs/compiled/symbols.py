"""Arrays of symbols: NumPy's rules work on them, and what they compute is kept as a graph.

A rule is run once on arrays that hold a node of a graph in every place instead of a number. NumPy
hands its calls over by its own protocols (``__array_ufunc__``, ``__array_function__``), so rules
need not know. Whatever can not be known before the worlds are run is refused: `TraceError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Kind = Literal["flag", "whole", "real"]
"""Yes or no; a number without a fraction; any number."""
KINDS: Mapping[str, Kind] = {"b": "flag", "i": "whole", "u": "whole", "f": "real"}
"""The kind of number by NumPy's letter of it."""
Nodes = NDArray[Any]
"""An array of objects, each a `Node`."""


class TraceError(Exception):
    """A rule asks for something that is not known before the worlds are run."""


class Node:
    """A value in every world: a constant, a place of the state, a uniform, or an operation.

    Attributes
    ----------
    op
        ``constant``, ``slot``, ``uniform``, or the name of an operation (`EXACT`, `CURVES`).
    args
        Nodes that an operation works on; a number for the first three.
    kind
        What its values are.
    """

    __slots__ = ("args", "kind", "op")

    def __init__(self, op: str, args: tuple[Any, ...], kind: Kind) -> None:
        self.op, self.args, self.kind = op, args, kind

    def __bool__(self) -> bool:
        """Refuse to be yes or no: NumPy asks where it has an array of nodes and no symbols."""
        raise TraceError("a value that differs between worlds is asked for as yes or no")

    def __eq__(self, other: object) -> bool:
        """Whether it is the same node; compared with a number it is refused, as yes or no is."""
        if not isinstance(other, Node):
            raise TraceError("a value that differs between worlds is compared in a plain array")
        return self is other

    __hash__ = object.__hash__

    @property
    def inner(self) -> tuple[Node, ...]:
        """The nodes that it works on."""
        return () if self.op in ("constant", "slot", "uniform") else self.args

    @property
    def constant(self) -> float | None:
        """Its number, if it is a constant."""
        return self.args[0] if self.op == "constant" else None


Exact = Callable[..., Any]
EXACT: Mapping[str, Exact] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
    "maximum": np.maximum, "minimum": np.minimum, "negative": np.negative,
    "absolute": np.absolute, "less": np.less, "less_equal": np.less_equal,
    "greater": np.greater, "greater_equal": np.greater_equal, "equal": np.equal,
    "not_equal": np.not_equal, "and": np.logical_and, "or": np.logical_or,
    "not": np.logical_not,
}  # fmt: skip
"""Operations that every machine rounds alike, so that those of constants are done at once."""
CURVES = ("tanh", "arctanh", "exp", "exp2", "log", "cbrt")
"""Functions that machines round differently: the compiled week brings its own."""
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
LOGIC = ("and", "or", "not")
NAMES = {
    "bitwise_and": "and", "logical_and": "and", "bitwise_or": "or", "logical_or": "or",
    "invert": "not", "logical_not": "not", "true_divide": "divide",
}  # fmt: skip
"""NumPy's names of operations that have another here."""


class Graph:
    """Nodes, each made once: what is computed twice in the same way is one node."""

    def __init__(self) -> None:
        self._made: dict[Any, Node] = {}

    def node(self, op: str, args: tuple[Any, ...], kind: Kind) -> Node:
        """Return the node of an operation on some nodes."""
        key = (op, kind, *(id(arg) if isinstance(arg, Node) else arg for arg in args))
        if key not in self._made:
            self._made[key] = Node(op, args, kind)
        return self._made[key]

    def constant(self, value: Any) -> Node:
        """Return the node of a number, or of yes or no."""
        if isinstance(value, Node):
            return value
        kind = KINDS.get(np.asarray(value).dtype.kind)
        if kind is None:
            raise TraceError(f"{type(value).__name__} is no number")
        return self.node("constant", (float(value) + 0.0,), kind)  # minus zero is zero

    def operation(self, name: str, *values: Any) -> Node:
        """Return the node of an operation by NumPy's name of it."""
        op, args = NAMES.get(name, name), tuple(self.constant(value) for value in values)
        if op == "where":
            return self._where(*args)
        if op == "power":
            return self._power(*args)
        if op in CURVES:
            odd = op in ("tanh", "arctanh", "cbrt") and args[0].constant == 0.0
            return args[0] if odd else self.node(op, args, "real")
        if op not in EXACT:
            raise TraceError(f"the operation '{name}' has no counterpart")
        flags = [arg.kind == "flag" for arg in args]
        if op in LOGIC and not all(flags):
            raise TraceError(f"'{name}' of numbers")
        if op not in (*LOGIC, *COMPARISONS) and all(flags):
            raise TraceError(f"'{name}' of flags alone")
        short = self._shorter(op, args)
        return self.node(op, args, _kind(op, args)) if short is None else short

    def _shorter(self, op: str, args: tuple[Node, ...]) -> Node | None:
        """Return what an operation comes to without being done, if it does."""
        known, kind = [arg.constant for arg in args], _kind(op, args)
        if None not in known:
            with np.errstate(all="ignore"):
                found = EXACT[op](*(bool(v) if op in LOGIC else v for v in known))
            return self.node("constant", (float(found) + 0.0,), kind)
        for place in (1, 0) if op in NEUTRAL else ():
            value, other = known[place], args[1 - place]
            if value == NEUTRAL[op] and other.kind == kind and (place or op != "subtract"):
                return other
            if value is not None and value != NEUTRAL[op] and op in LOGIC:
                return self.constant(op == "or")
        return None

    def _where(self, condition: Node, yes: Node, no: Node) -> Node:
        """Return the node of a choice between two."""
        if condition.kind != "flag":
            raise TraceError("'where' by a number")
        if condition.constant is not None:
            return yes if condition.constant else no
        if yes is no:
            return yes
        if yes.kind == no.kind == "flag":
            chosen = self.operation("and", condition, yes)
            other = self.operation("and", self.operation("not", condition), no)
            return self.operation("or", chosen, other)
        kind: Kind = "real" if "real" in (yes.kind, no.kind) else "whole"
        return self.node("where", (condition, yes, no), kind)

    def _power(self, base: Node, exponent: Node) -> Node:
        """Return the node of a power, of a base that is itself a power of two."""
        if base.constant is None or math.frexp(base.constant)[0] != 0.5:
            raise TraceError("a power of another base than of two")
        twos = math.frexp(base.constant)[1] - 1
        return self.operation("exp2", self.operation("multiply", exponent, float(twos)))


NEUTRAL = {"add": 0.0, "subtract": 0.0, "multiply": 1.0, "and": 1.0, "or": 0.0}
"""What changes nothing in an operation; of `subtract`, on the right."""


def _kind(op: str, args: Sequence[Node]) -> Kind:
    """Return the kind of an operation's values."""
    if op in (*COMPARISONS, *LOGIC):
        return "flag"
    return "real" if op == "divide" or any(arg.kind == "real" for arg in args) else "whole"


class Symbols(NDArrayOperatorsMixin):
    """An array of nodes; its last axis, worlds, has length one.

    Attributes
    ----------
    graph
        Where its nodes, and all that is computed of them, are kept.
    nodes
        An array of `Node`.
    """

    def __init__(self, graph: Graph, nodes: Nodes) -> None:
        self.graph, self.nodes = graph, nodes

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return self.nodes.shape

    @property
    def ndim(self) -> int:
        """As of an array."""
        return self.nodes.ndim

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Symbols]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, key: Any) -> Symbols:
        found = self.nodes[key]
        return Symbols(self.graph, found) if isinstance(found, np.ndarray) else self._refused()

    def __setitem__(self, key: Any, value: Any) -> None:
        self.nodes[key] = nodes_of(self.graph, value)

    def astype(self, dtype: Any, **_: Any) -> Symbols:
        """Return numbers of another kind; a fraction is never cut off."""
        kind = KINDS[np.dtype(dtype).kind]

        def made(node: Node) -> Node:
            if node.kind == "flag" and kind != "flag":
                return self.graph.operation(
                    "where", node, *(1.0, 0.0) if kind == "real" else (1, 0)
                )
            if node.kind == kind or (node.kind, kind) == ("whole", "real"):
                return node
            raise TraceError(f"a {node.kind} number is made a {kind} one")

        return Symbols(
            self.graph, nodes_of(self.graph, [made(n) for n in self.nodes.flat]).reshape(self.shape)
        )

    def copy(self) -> Symbols:
        """Return an array that shares no place with this one."""
        return Symbols(self.graph, self.nodes.copy())

    def reshape(self, *shape: Any) -> Symbols:
        """As of an array."""
        return Symbols(self.graph, self.nodes.reshape(*shape))

    def max(self, axis: int) -> Symbols:
        """As of an array, along one axis."""
        return _max(self, axis)

    def any(self) -> bool:
        """As of an array, where it is known."""
        return bool(np.any(self._known()))

    def all(self) -> bool:
        """As of an array, where it is known."""
        return bool(np.all(self._known()))

    def _known(self) -> list[float]:
        known = [node.constant for node in self.nodes.flat]
        if None in known:
            raise TraceError("a rule goes one way or another by what happens in the worlds")
        return [value for value in known if value is not None]

    def __bool__(self) -> bool:
        return self.all()

    def _refused(self, *_: Any) -> NoReturn:
        raise TraceError("a rule takes a number out of an array of worlds")

    __float__ = __int__ = __index__ = _refused

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Nodes:
        if dtype not in (None, np.dtype(object)):
            self._refused()
        return self.nodes.copy() if copy else self.nodes

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        out = options.pop("out", (None,))[0]
        if method != "__call__" or options:
            raise TraceError(f"{ufunc.__name__} with options")
        found = elementwise(self.graph, ufunc.__name__, *inputs)
        if out is None:
            return found
        if not isinstance(out, Symbols):
            raise TraceError("worlds are written into an array that was known before")
        out.nodes[...] = found.nodes
        return out

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        del types
        name = func.__name__
        if name in SHAPES:
            return _shaped(self.graph, func, args, kwargs)
        if name not in FUNCTIONS:
            raise TraceError(f"NumPy's '{name}' has no counterpart")
        return FUNCTIONS[name](*args, **kwargs)


def nodes_of(graph: Graph, value: Any) -> Nodes:
    """Return the nodes of symbols, of an array of nodes or of numbers, as an array."""
    if isinstance(value, Symbols):
        return value.nodes
    array = np.asarray(value)
    made = np.empty(array.shape, dtype=object)
    made.flat[:] = [graph.constant(each) for each in array.reshape(-1).tolist()]
    return made


def elementwise(graph: Graph, name: str, *values: Any) -> Symbols:
    """Return an operation on every element of some arrays, side by side as NumPy lays them."""
    arrays = np.broadcast_arrays(*(nodes_of(graph, value) for value in values))
    made = np.empty(arrays[0].shape, dtype=object)
    columns = zip(*(array.flat for array in arrays), strict=True)
    made.flat[:] = [graph.operation(name, *column) for column in columns]
    return Symbols(graph, made)


# --- NumPy's functions ---------------------------------------------------------------------------

SHAPES = (
    "stack", "concatenate", "moveaxis", "swapaxes", "broadcast_to", "broadcast_arrays", "reshape",
)  # fmt: skip
"""Functions that move elements and compute nothing."""


def _shaped(graph: Graph, func: Any, args: Any, kwargs: Any) -> Any:
    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple) and any(isinstance(v, Symbols) for v in value):
            return [nodes_of(graph, each) for each in value]
        return value.nodes if isinstance(value, Symbols) else value

    if func.__name__ == "broadcast_arrays":
        args = [nodes_of(graph, value) for value in args]
    found = func(*map(plain, args), **kwargs)
    if isinstance(found, list | tuple):
        return tuple(Symbols(graph, each.copy()) for each in found)
    return Symbols(graph, found.copy())


def _graph_of(*values: Any) -> Graph:
    return next(value.graph for value in values if isinstance(value, Symbols))


def _max(array: Symbols, axis: int = 0) -> Symbols:
    first, *others = _rows(array, axis)
    for other in others:
        first = elementwise(array.graph, "maximum", first, other)
    return first


def _argmax(array: Symbols, axis: int = 0) -> Symbols:
    """Return the place of the largest; of equal ones, the first."""
    best, *others = _rows(array, axis)
    place = _filled(best, 0)
    for number, row in enumerate(others, start=1):
        larger = row > best
        best, place = _where(larger, row, best), _where(larger, number, place)
    return place


def _rows(array: Symbols, axis: int) -> list[Symbols]:
    return [Symbols(array.graph, row) for row in np.moveaxis(array.nodes, axis, 0)]


def _where(condition: Any, yes: Any, no: Any) -> Symbols:
    return elementwise(_graph_of(condition, yes, no), "where", condition, yes, no)


def _clip(value: Any, low: Any, high: Any) -> Any:
    return np.minimum(np.maximum(value, low), high)


def _filled(like: Symbols, value: Any, dtype: Any = None) -> Symbols:
    number = value if dtype is None else np.dtype(dtype).type(value)
    return elementwise(like.graph, "where", np.full(like.shape, True), number, number)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "where": _where,
    "clip": _clip,
    "argmax": _argmax,
    "max": _max,
    "amax": _max,
    "any": lambda array: array.any(),
    "all": lambda array: array.all(),
    "zeros_like": lambda like, dtype=float: _filled(like, 0, dtype),
    "ones_like": lambda like, dtype=float: _filled(like, 1, dtype),
    "full_like": _filled,
}
"""NumPy's functions that compute something."""
