"""Results as other people's tables: pandas data frames, xarray data sets, vectors for SALib.

A result is a `Trajectory`, or the folder of a finished sweep. Importing this module imports
neither pandas nor xarray.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import DOMAINS, PATRONS, POSTURES, REGIMES, Array
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.extras import needed
from two_chairs.outcomes import AXES, INDICES, Cast
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import names_of
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.studies.sweep.study import (
    COORDS,
    Sweep,
    input_columns,
    load_sweep,
    read_columns,
)

if TYPE_CHECKING:
    import pandas
    import xarray

Result = Trajectory | Path | str


def to_dataframe(result: Result, outcomes: Sequence[str] | None = None) -> pandas.DataFrame:
    """Return a result as a pandas data frame.

    Parameters
    ----------
    result
        A `Trajectory`, or the folder of a finished sweep.
    outcomes
        Names of outcomes; by default all indices that were recorded and the regime, or all
        outcomes of the sweep.

    Returns
    -------
    pandas.DataFrame
        Of a trajectory: a row a week and world (both in the index; a week is its Monday), a
        column an outcome. Of a sweep: a row a world (the index), columns ``scenario``, ``point``,
        ``replicate``, everything that varied, and the outcomes. All are plain numbers without
        unit, but ``scenario`` and ``regime``, which are categories.

    Raises
    ------
    InputError
        If an outcome is not there, the folder holds no finished sweep, or worlds have failed.
    """
    import pandas

    if isinstance(result, Trajectory):
        columns: dict[str, Any] = {n: v.ravel() for n, v in _paths(result, outcomes).items()}
        if outcomes is None and "regime" in result.arrays:
            codes = result.arrays["regime"].ravel()
            columns["regime"] = pandas.Categorical.from_codes(codes, list(REGIMES))
        axes = [_days(result), np.arange(result.worlds)]
        return pandas.DataFrame(
            columns, index=pandas.MultiIndex.from_product(axes, names=["week", "world"])
        )
    sweep, coords, inputs, found = _swept(Path(result), outcomes)
    all_names = names_of(sweep.scenarios)
    names = list(dict.fromkeys(all_names))
    codes = np.array([names.index(name) for name in all_names])
    columns = coords | inputs | found
    columns["scenario"] = pandas.Categorical.from_codes(codes[coords["scenario"]], names)
    return pandas.DataFrame(columns, index=pandas.RangeIndex(sweep.worlds, name="world"))


def to_xarray(result: Result, outcomes: Sequence[str] | None = None) -> xarray.Dataset:
    """Return a result as an xarray data set with named axes, units and what it hangs on.

    Parameters
    ----------
    result
        A `Trajectory`, or the folder of a finished sweep.
    outcomes
        Names of outcomes; by default all arrays that were recorded, with all their axes, or all
        outcomes of the sweep.

    Returns
    -------
    xarray.Dataset
        Of a trajectory: axes ``week`` (Mondays), then those of ``AXES``, then ``world``; codes
        carry their meanings (``flag_values``, ``flag_meanings``). Of a sweep: axis ``world``, the
        outcomes as variables, and as coordinates what identifies a world and what varied.

    Raises
    ------
    InputError
        As `to_dataframe`, and if xarray is not installed.
    """
    xarray = needed("xarray", "xarray", "to_xarray")
    if isinstance(result, Trajectory):
        return _paths_set(xarray, result, outcomes)
    sweep, coords, inputs, found = _swept(Path(result), outcomes)
    names = np.array(names_of(sweep.scenarios))
    coordinates = {name: ("world", values) for name, values in coords.items()}
    coordinates["scenario"] = ("world", names[coords["scenario"]])
    for name, values in inputs.items():
        info = PARAMETERS.get(name)
        said = {"units": info.unit, "long_name": info.meaning} if info else {"units": "1"}
        coordinates[name] = ("world", values, said)  # type: ignore[assignment]
    attributes = {
        "title": sweep.plan.title,
        "question": sweep.plan.question,
        "seed": sweep.plan.seed,
        "comment": "Conditional on the model and its coding; not a forecast.",
    }
    variables = {name: ("world", values, {"units": "1"}) for name, values in found.items()}
    coordinates["world"] = ("world", np.arange(sweep.worlds))
    return xarray.Dataset(variables, coordinates, attributes)


def point_means(folder: Path | str, outcome: str, scenario: str | None = None) -> Array:
    """Return an outcome of a finished sweep as SALib wants it: one number a point, in order.

    Parameters
    ----------
    folder
        Folder of a finished sweep.
    outcome
        One of its outcomes, such as ``tilt@end``.
    scenario
        Name of the scenario; needed if the sweep has several.

    Returns
    -------
    array
        Means over replicates, shape (points,); row n belongs to row n of ``sweep.design.table``.

    Raises
    ------
    InputError
        If something is not there or not unique, or any number is not finite: one NaN would turn
        every index of SALib into a NaN or a zero without a word.
    """
    sweep, coords, _, found = _swept(Path(folder), [outcome])
    wanted = _scenario_index(sweep, scenario, str(folder))
    values = found[outcome][coords["scenario"] == wanted]
    wrong = int((~np.isfinite(values)).sum())
    if wrong:
        raise InputError.at(f"{folder}: {outcome}", f"{wrong} worlds have no finite number")
    return values.reshape(sweep.design.points, sweep.plan.replicates).mean(axis=-1)


def _days(paths: Trajectory) -> NDArray[np.datetime64]:
    return np.array(paths.dates, dtype="datetime64[ns]")


def _paths(paths: Trajectory, outcomes: Sequence[str] | None) -> dict[str, Array]:
    """Return outcomes of a trajectory, each (weeks, worlds)."""
    names = [n for n in INDICES if n in paths.arrays] if outcomes is None else outcomes
    found = {}
    for name in names:
        try:
            found[name] = paths.outcome(name)
        except InputError as error:
            problems = (Problem(f"outcomes: {name}", p.message) for p in error.problems)
            raise InputError(problems) from None
    return found


def _paths_set(xarray: Any, paths: Trajectory, outcomes: Sequence[str] | None) -> xarray.Dataset:
    coordinates: dict[str, Any] = {"week": _days(paths), "world": np.arange(paths.worlds)}
    note = {"comment": "Conditional on the model and its coding; not a forecast."}
    if outcomes is not None:
        found = _paths(paths, outcomes).items()
        plain = {name: (("week", "world"), values, {"units": "1"}) for name, values in found}
        return xarray.Dataset(plain, coordinates, note)
    variables = {
        name: (("week", *AXES[name], "world"), array, _said_of(name, paths.cast))
        for name, array in paths.arrays.items()
    }
    middle = {axis for name in paths.arrays for axis in AXES[name]}
    coordinates |= {axis: values for axis, values in _axes(paths.cast).items() if axis in middle}
    return xarray.Dataset(variables, coordinates, note)


def _axes(cast: Cast) -> dict[str, list[str]]:
    """Return what stands along the middle axes."""
    actors = list(cast.actors)
    return {
        "holder": actors,
        "toward": actors,
        "actor": actors,
        "domain": list(DOMAINS),
        "patron": list(PATRONS),
        "institution": list(cast.institutions),
    }


def _said_of(name: str, cast: Cast) -> dict[str, Any]:
    """Return units and, of codes, their meanings."""
    acts = {f"acts_{key}": " ".join(acts) for key, acts in cast.options.items()}
    codes: Mapping[str, dict[str, Any]] = {
        "regime": {"flag_values": [0, 1, 2, 3], "flag_meanings": " ".join(REGIMES)},
        "posture": {"flag_values": [0, 1, 2, 3], "flag_meanings": " ".join(POSTURES)},
        "defended": {"flag_values": [-1, 0, 1], "flag_meanings": "no-attack broken kept"},
        "choices": {"comment": "code of the actor's acts; -1 without a decision", **acts},
        "chosen": {"units": "quarters", "comment": "by code of the actor's acts", **acts},
    }
    return {"units": "1"} | codes.get(name, {})


def _swept(
    folder: Path, outcomes: Sequence[str] | None
) -> tuple[Sweep, dict[str, NDArray[Any]], dict[str, Array], dict[str, Array]]:
    """Return a finished sweep: itself, what identifies worlds, what varied, outcomes."""
    sweep = load_sweep(folder)
    names = list(sweep.plan.outcomes if outcomes is None else outcomes)
    for name in names:
        if name not in sweep.plan.outcomes:
            text = f"no outcome of this sweep; {nearest(name, sweep.plan.outcomes)}"
            raise InputError.at(f"{folder}: {name}", text)
    columns = read_columns(folder, sweep, [*COORDS, *names])
    inputs = input_columns(sweep, columns["point"])
    for name in inputs:
        if name in (*COORDS, "world"):
            text = "names a condition and a column; give the condition another id"
            raise InputError.at(f"{folder}: {name}", text)
    coords = {name: columns[name] for name in COORDS}
    return sweep, coords, inputs, {name: columns[name] for name in names}


def _scenario_index(sweep: Sweep, name: str | None, folder: str) -> int:
    names = names_of(sweep.scenarios)
    if name is None and len(names) == 1:
        return 0
    if name is None:
        text = f"has {len(names)} scenarios; name one of {', '.join(names)}"
        raise InputError.at(folder, text)
    if name not in names:
        raise InputError.at(
            f"{folder}: {name}", f"no scenario of this sweep; {nearest(name, names)}"
        )
    return names.index(name)
