"""Designs of experiments: which points of a parameter space to run, as plain tables.

Points are drawn by SciPy and SALib. A simplex (weights that sum to one) enters as independent
uniforms, one fewer than its members, which are named as one group; so every design stays valid.
"""

from __future__ import annotations

import csv
import math
import warnings
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal, get_args

import numpy as np

from two_chairs.axes import Array
from two_chairs.draws import on_simplex
from two_chairs.errors import InputError, nearest
from two_chairs.extras import needed
from two_chairs.parameters import GROUPS, PARAMETERS
from two_chairs.scenario.layers import canonical
from two_chairs.scenario.provenance import range_of
from two_chairs.scenario.records import ParameterRange, Scenario

Kind = Literal["grid", "lhs", "sobol", "morris", "sequence"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GRID_LEVELS = 5
"""Levels of a grid's axis that names no number of them."""
MOST_NUMBERS = 90_000_000
"""Numbers, points times axes, that a design may hold: 720 MB."""
DRAWN_TWICE = ("morris",)
"""Kinds that need their table twice while it is drawn."""
BLOCK = 2**16
"""Points of one Sobol' sequence."""
PIECE = 2**20
"""Rows that are looked at together where only some columns are wanted."""
ROWS_AT_ONCE = 4096
MORRIS_LEVELS = 4
"""Levels of a Morris design; the field's usual choice."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One column of a design.

    Attributes
    ----------
    name
        A parameter, a dated condition's id, or a coordinate of a simplex (``domain_weights.1``).
    low, high
        Range; [0, 1] for the coordinate of a simplex.
    group
        What the axis is reported under: its own name, or that of its simplex.
    levels
        Number of levels on a grid.
    """

    name: str
    low: float
    high: float
    group: str
    levels: int = GRID_LEVELS


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows that follow from their number and a seed, and are drawn when they are looked at.

    Every `BLOCK` of them are the first points of a Sobol' sequence that is scrambled by the number
    of the block, so that they are spread evenly, and the millionth costs no more than the first.

    Attributes
    ----------
    axes, seed
        The columns, and what scrambles.
    shape
        Number of rows, and of columns.
    """

    axes: tuple[Axis, ...]
    seed: int
    shape: tuple[int, int]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> Array:
        """Return rows that follow each other, shape (rows, axes), in the units of each axis."""
        first, last, _ = rows.indices(len(self))
        unit = [np.empty((0, len(self.axes)))]
        for block in range(first // BLOCK, -(-last // BLOCK)):
            start = block * BLOCK
            unit.append(self._block(block, max(first, start) - start, min(last - start, BLOCK)))
        low, high = (np.array([getattr(a, end) for a in self.axes]) for end in ("low", "high"))
        return np.asarray(low + np.concatenate(unit) * (high - low))

    def _block(self, block: int, first: int, last: int) -> Array:
        """Return some points of a block in the unit cube."""
        from scipy.stats import qmc  # SciPy is slow to load

        stream = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(block,)))
        sequence = qmc.Sobol(len(self.axes), seed=stream)
        if first:  # SciPy can not go forward by nothing
            sequence.fast_forward(first)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of numbers that are no power of two
            return np.asarray(sequence.random(max(0, last - first)))


@dataclass(frozen=True, slots=True)
class Design:
    """Points of a parameter space.

    Attributes
    ----------
    kind, axes
        How the points were chosen, and the columns.
    table
        Shape (points, axes), in the units of each axis.
    """

    kind: Kind
    axes: tuple[Axis, ...]
    table: Array | Numbered

    @property
    def points(self) -> int:
        """Number of points."""
        return int(self.table.shape[0])

    def values(self, points: slice = slice(None)) -> dict[str, Array]:
        """Return what points set: parameter or condition → values, shape (points,)."""
        found: dict[str, Array] = {}
        table = self.table[points]
        for group in dict.fromkeys(axis.group for axis in self.axes):
            columns = [n for n, axis in enumerate(self.axes) if axis.group == group]
            if group in GROUPS:
                shares = on_simplex(table[:, columns].T)
                found |= dict(zip(GROUPS[group], shares, strict=True))
            else:
                found[group] = table[:, columns[0]]
        return found

    def value(self, name: str) -> Array:
        """Return what all points set one parameter or condition to, shape (points,)."""
        groups = [group for group, members in GROUPS.items() if name in members]
        group = groups[0] if groups else name
        axes = [axis for axis in self.axes if axis.group == group]
        columns = [self.axes.index(axis) for axis in axes]
        pieces = [
            Design(self.kind, tuple(axes), self.table[first : first + PIECE][:, columns])
            for first in range(0, self.points, PIECE)
        ]
        return np.concatenate([piece.values()[name] for piece in pieces])

    def columns(self, points: slice = slice(None)) -> dict[str, Array]:
        """Return the axes and the members of simplexes: name → values, shape (points,)."""
        table = self.table[points]
        return {axis.name: table[:, n] for n, axis in enumerate(self.axes)} | self.values(points)

    def write(self, file: IO[str]) -> None:
        """Write the points as CSV: a row a point, the axes and the members of simplexes."""
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["point", *self.columns(slice(0))])
        for first in range(0, self.points, ROWS_AT_ONCE):
            columns = self.columns(slice(first, first + ROWS_AT_ONCE))
            values = (column.tolist() for column in columns.values())
            writer.writerows(zip(range(first, self.points), *values, strict=False))


def axis_of(
    name: str, low: float | None, high: float | None, levels: int | None, scenario: Scenario
) -> list[Axis]:
    """Return the axes of one name: a parameter, a simplex, or the id of a dated condition.

    Ends that are ``None`` are those of the parameter's range in the scenario, or 0 and 1.
    """
    full = canonical(name)
    number = GRID_LEVELS if levels is None else levels
    if full in GROUPS:
        if (low or 0.0, 1.0 if high is None else high) != (0.0, 1.0):
            text = "weights that sum to one have no range of their own; leave out low and high"
            raise InputError.at(f"--param {name}", text)
        rows = range(1, len(GROUPS[full]))
        return [Axis(f"{full}.{row}", 0.0, 1.0, full, number) for row in rows]
    dated = {condition.id for condition in scenario.conditions}
    if full not in PARAMETERS and full not in dated:
        known = [*PARAMETERS, *GROUPS, *dated]
        raise InputError.at(f"--param {name}", f"nothing of this name; {nearest(name, known)}")
    if full in PARAMETERS and PARAMETERS[full].group is not None:
        group = PARAMETERS[full].group
        raise InputError.at(f"--param {name}", f"is one of a sum; vary all of it as '{group}'")
    smallest, largest = PARAMETERS[full].bounds if full in PARAMETERS else (0.0, 1.0)
    whole = ParameterRange(value=0.0, low=0.0, high=1.0)
    own = range_of(scenario, full) if full in PARAMETERS else whole
    low, high = own.low if low is None else low, own.high if high is None else high
    if not smallest <= low < high <= largest:
        text = f"the range {low:g} to {high:g} must rise and lie in {smallest:g} to {largest:g}"
        raise InputError.at(f"--param {name}", f"{text}; change its ends")
    return [Axis(full, low, high, full, number)]


def refuse_repeated(names: Iterable[str], where: str) -> None:
    """Refuse a thing that is named twice, be it by its name and its symbol; raises `InputError`."""
    seen: dict[str, str] = {}
    for name in names:
        full = canonical(name)
        if full in seen:
            both = f"'{seen[full]}' and '{name}' are" if seen[full] != name else f"'{name}' is"
            same = " the same and" if seen[full] != name else ""
            raise InputError.at(where, f"{both}{same} given twice; keep one")
        seen[full] = name


def default_axes(scenario: Scenario) -> list[Axis]:
    """Return an axis for every parameter that ensembles vary, over its range in the scenario."""
    single = [
        Axis(name, entry.low, entry.high, name)
        for name, entry in scenario.parameters.items()
        if PARAMETERS[name].varied and PARAMETERS[name].group is None and entry.low < entry.high
    ]
    drawn = [group for group, members in GROUPS.items() if PARAMETERS[members[0]].varied]
    return single + [axis for group in drawn for axis in axis_of(group, 0, 1, None, scenario)]


def measurement_axes(scenario: Scenario) -> list[Axis]:
    """Return an axis for every convention of measurement, over its range in the scenario."""
    conventions = [name for name, info in PARAMETERS.items() if info.measurement]
    single = [name for name in conventions if PARAMETERS[name].group is None]
    groups = [group for group, members in GROUPS.items() if members[0] in conventions]
    found = [
        Axis(n, e.low, e.high, n) for n in single if (e := scenario.parameters[n]).low < e.high
    ]
    return found + [axis for group in groups for axis in axis_of(group, 0, 1, None, scenario)]


def problem(axes: Sequence[Axis]) -> dict[str, Any]:
    """Return the axes as SALib describes a problem; simplexes as groups."""
    return {
        "num_vars": len(axes),
        "names": [axis.name for axis in axes],
        "bounds": [[axis.low, axis.high] for axis in axes],
        "groups": [axis.group for axis in axes],
    }


def make_design(kind: Kind, axes: Sequence[Axis], points: int, seed: int) -> Design:
    """Choose the points.

    Parameters
    ----------
    kind
        ``grid`` (all combinations of levels), ``lhs``, ``sobol``, ``morris``, or ``sequence``:
        points of scrambled Sobol' sequences, which follow from their numbers and need no table.
    axes
        The columns.
    points
        Points of an LHS or of a sequence, base sample of Sobol' (a power of two), trajectories of
        Morris; a grid's points follow from its levels.
    seed
        Seed of the draw; grids have none.
    """
    if not axes:
        raise InputError.at("design", "no parameter varies; name one with --param NAME=LOW:HIGH")
    if kind == "sequence":
        return Design(kind, tuple(axes), Numbered(tuple(axes), seed, (points, len(axes))))
    _check_size(kind, axes, points)
    draw: Mapping[Kind, Any] = {
        "grid": lambda: _grid(axes),
        "lhs": lambda: _latin(axes, points, seed),
        "sobol": lambda: _sobol(axes, points, seed),
        "morris": lambda: _morris(axes, points, seed),
    }
    return Design(kind, tuple(axes), np.ascontiguousarray(draw[kind](), dtype="<f8"))


def _check_size(kind: Kind, axes: Sequence[Axis], points: int) -> None:
    """Refuse a design that memory can not hold; say what to lower."""
    groups = len({axis.group for axis in axes})
    rows = {"lhs": 1, "sobol": groups + 2, "morris": groups + 1}
    number = math.prod(axis.levels for axis in axes) if kind == "grid" else points * rows[kind]
    most = MOST_NUMBERS // (2 if kind in DRAWN_TWICE else 1) // len(axes)
    if number <= most:
        return
    has = f"{number:,}" if number < 10**12 else f"about 10^{math.log10(number):.0f}"
    text = f"the {kind} design over {len(axes)} axes has {has} points, more than {most:,}"
    if kind == "grid":
        raise InputError.at("design", f"{text}; name a few with --param, or choose --design lhs")
    lower = f"lower --points to {most // rows[kind]}, or name fewer parameters with --param"
    more = "more worlds come from --replicates, more points from --design sequence"
    raise InputError.at("design", f"{text}; {lower} ({more})")


def _grid(axes: Sequence[Axis]) -> Array:
    shape = tuple(axis.levels for axis in axes)
    table = np.empty((math.prod(shape), len(axes)))
    for column, axis in enumerate(axes):
        levels = np.linspace(axis.low, axis.high, axis.levels)
        along = [-1 if n == column else 1 for n in range(len(axes))]
        table[:, column] = np.broadcast_to(levels.reshape(along), shape).reshape(-1)
    return table


def _latin(axes: Sequence[Axis], points: int, seed: int) -> Array:
    """Draw a Latin hypercube axis by axis, each from a stream of its own name.

    The strata of an axis are shuffled by themselves in any case; so the table is needed once, and
    an axis more or less changes no other.
    """
    from scipy.stats import qmc  # SciPy is slow to load

    table = np.empty((points, len(axes)))
    for column, axis in enumerate(axes):
        key = (zlib.crc32(axis.name.encode()),)
        stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
        unit = qmc.LatinHypercube(d=1, rng=stream).random(points)[:, 0]
        table[:, column] = axis.low + unit * (axis.high - axis.low)
    return table


def _sobol(axes: Sequence[Axis], points: int, seed: int) -> Array:
    if points < 1 or points & (points - 1):
        raise InputError.at("--points", f"{points} is no power of two; Sobol' needs 64, 128, 256 …")
    sobol = needed("SALib.sample.sobol")
    return np.asarray(sobol.sample(problem(axes), points, calc_second_order=False, seed=seed))


def _morris(axes: Sequence[Axis], points: int, seed: int) -> Array:
    morris = needed("SALib.sample.morris")
    return np.asarray(morris.sample(problem(axes), points, num_levels=MORRIS_LEVELS, seed=seed))
