"""Results as data frames, data sets and vectors for SALib: the same numbers under other names."""

from __future__ import annotations

import csv
import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas
import pytest

from two_chairs.axes import DOMAINS
from two_chairs.errors import InputError
from two_chairs.extras import remedy
from two_chairs.outcomes import INDICES, USUAL
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs
from two_chairs_lab.connectors import dataframes as frames
from two_chairs_lab.results.parts import read_part, write_part
from two_chairs_lab.studies.sweep.study import Plan, RangeEntry, Sweep, resolve, run_sweep

xarray = pytest.importorskip("xarray", reason="xarray is not installed")
pytestmark = [pytest.mark.command, pytest.mark.long]


@pytest.fixture
def paths(short):
    return TwoChairs(load_scenario(short), range(3), vary=True).run()


@pytest.fixture
def swept(short, tmp_path):
    """Return a sweep of a Sobol' design over three inputs, and its folder with a space."""
    ranges = {
        "institution_share": RangeEntry(),
        "welfare_rival_weight": RangeEntry(low=1.0, high=3.0),
        "domain_weights": RangeEntry(),
    }
    plan = Plan(
        title="t", question="?", scenarios=(short,), design="sobol", points=16, replicates=3,
        ranges=ranges, outcomes=("tilt@end", "welfare@end", "regime:incumbent-chair@end"),
    )  # fmt: skip
    sweep = resolve(plan)
    run_sweep(sweep, tmp_path / "a folder")
    return sweep, tmp_path / "a folder"


def two_scenarios(short) -> Sweep:
    ranges = {"institution_share": RangeEntry(levels=2)}
    plan = Plan(
        title="t", question="?", scenarios=(short, "replay-2013"), replicates=2,
        ranges=ranges, outcomes=("tilt@end",),
    )  # fmt: skip
    return resolve(plan)


# --- trajectories ---------------------------------------------------------------------------------


def test_a_frame_of_a_trajectory_has_a_row_a_week_and_world(paths):
    frame = frames.to_dataframe(paths)
    assert list(frame.columns) == [*INDICES, "regime"]
    assert frame.index.names == ["week", "world"]
    assert len(frame) == 40 * 3
    last = pandas.Timestamp(paths.dates[-1])
    assert frame.loc[(last, 2), "tilt"] == paths.outcome("tilt")[-1, 2]
    share = (frame.loc[last, "regime"] == "incumbent-chair").mean()
    assert share == paths.regime_share("incumbent-chair")[-1]


def test_a_frame_of_named_outcomes(paths):
    names = ["ARM>RUS:security", "posture:HEDGE"]
    frame = frames.to_dataframe(paths, names)
    assert list(frame.columns) == names
    unstacked = frame["ARM>RUS:security"].unstack("world").to_numpy()
    assert np.array_equal(unstacked, paths.outcome("ARM>RUS:security"))


def test_a_data_set_of_a_trajectory_names_every_axis(paths):
    found = frames.to_xarray(paths)
    assert set(found.data_vars) == set(USUAL)
    security = found["alignment"].sel(holder="ARM", toward="RUS", domain="security")
    assert security.dims == ("week", "world")
    assert np.array_equal(security, paths.outcome("ARM>RUS:security"))
    assert found["institutions"].sel(institution="CSTO").shape == (40, 3)
    assert list(found["domain"].values) == list(DOMAINS)
    assert str(found["week"].values[0])[:10] == str(paths.dates[0])
    assert found["tilt"].attrs["units"] == "1"
    assert found["regime"].attrs["flag_meanings"].split()[1] == "two-chairs"
    assert found["chosen"].attrs["acts_RUS"] == "NEGLECT WARN REWARD COERCE"


def test_a_data_set_goes_to_disk_and_back(paths, tmp_path):
    found = frames.to_xarray(paths)
    found.to_netcdf(tmp_path / "paths.nc", engine="scipy")
    with xarray.open_dataset(tmp_path / "paths.nc", engine="scipy") as again:
        assert np.array_equal(again["tilt"], paths.outcome("tilt"))
        meanings = again["regime"].attrs["flag_meanings"]
        assert meanings == found["regime"].attrs["flag_meanings"]
        assert again["regime"].attrs["flag_values"].tolist() == [0, 1, 2, 3]


def test_a_data_set_of_named_outcomes(paths):
    found = frames.to_xarray(paths, ["tilt", "belief:rival"])
    assert list(found.data_vars) == ["tilt", "belief:rival"]
    assert np.array_equal(found["belief:rival"], paths.outcome("belief:rival"))


def test_what_was_not_recorded_is_refused(short):
    paths = TwoChairs(load_scenario(short), record=("tilt",)).run()
    assert list(frames.to_dataframe(paths).columns) == ["tilt"]
    with pytest.raises(InputError) as refused:
        frames.to_dataframe(paths, ["welfare"])
    message = "outcomes: welfare: 'welfare' has not been recorded; name it in the model's record"
    assert str(refused.value) == message
    with pytest.raises(InputError, match=r"^outcomes: titl: 'titl' is not an outcome; did you"):
        frames.to_xarray(paths, ["titl"])


# --- sweeps ---------------------------------------------------------------------------------------


def test_a_frame_of_a_sweep_has_a_row_a_world(swept):
    sweep, folder = swept
    frame = frames.to_dataframe(folder)
    rows = list(csv.DictReader((folder / "runs.csv").read_text().splitlines()))
    assert len(frame) == sweep.worlds == len(rows)
    for name in ("point", "replicate", "tilt@end", "welfare@end"):
        assert frame[name].tolist() == [float(row[name]) for row in rows]
    points = list(csv.DictReader((folder / "design.csv").read_text().splitlines()))
    for name in ("institution_share", "weight_politics"):
        assert frame[name].tolist() == [float(points[int(row["point"])][name]) for row in rows]
    assert set(frame["scenario"]) == {"short"}


def test_scenarios_are_told_apart(short, tmp_path):
    run_sweep(two_scenarios(short), tmp_path / "two")
    frame = frames.to_dataframe(str(tmp_path / "two"))
    assert frame["scenario"].tolist() == ["short"] * 4 + ["replay-2013"] * 4
    found = frames.to_xarray(tmp_path / "two")
    assert found["scenario"].values.tolist() == frame["scenario"].tolist()
    means = frames.point_means(tmp_path / "two", "tilt@end", "replay-2013")
    assert means.tolist() == frame["tilt@end"].to_numpy()[4:].reshape(2, 2).mean(axis=1).tolist()
    with pytest.raises(InputError) as refused:
        frames.point_means(tmp_path / "two", "tilt@end")
    assert str(refused.value).endswith("has 2 scenarios; name one of short, replay-2013")
    with pytest.raises(InputError, match="shorts: no scenario of this sweep; did you mean 'short'"):
        frames.point_means(tmp_path / "two", "tilt@end", "shorts")


def test_a_data_set_of_a_sweep_joins_inputs_as_coordinates(swept):
    _, folder = swept
    found = frames.to_xarray(folder, ["tilt@end"])
    assert list(found.data_vars) == ["tilt@end"]
    assert found["institution_share"].dims == ("world",)
    assert found["institution_share"].attrs["units"] == "share"
    assert found.attrs["title"] == "t"
    frame = frames.to_dataframe(folder)
    again = found.to_dataframe()
    assert again["weight_security"].tolist() == frame["weight_security"].tolist()
    high = found["tilt@end"].where(found["institution_share"] > 0.4, drop=True)
    assert high.size == (frame["institution_share"] > 0.4).sum()


@pytest.mark.needs("SALib")
def test_salib_analyses_a_sweep(swept):
    from SALib.analyze import sobol

    sweep, folder = swept
    problem = sweep.problem()
    assert problem["groups"] == [
        "institution_share", "welfare_rival_weight", "domain_weights", "domain_weights",
    ]  # fmt: skip
    tilt = frames.point_means(folder, "tilt@end")
    by_hand = read_part(folder, 0)["tilt@end"].reshape(-1, 3)
    assert tilt.tolist() == [by_hand[n].mean() for n in range(16 * 5)]
    found = sobol.analyze(problem, tilt, calc_second_order=False, seed=1)
    totals = dict(zip(dict.fromkeys(problem["groups"]), found["ST"], strict=True))
    assert totals["welfare_rival_weight"] == 0.0
    assert totals["institution_share"] > 0.1
    assert totals["domain_weights"] > 0.1
    welfare = frames.point_means(folder, "welfare@end")
    found = sobol.analyze(problem, welfare, calc_second_order=False, seed=1)
    assert found["ST"][1] > 0.001


def test_failed_worlds_and_numbers_that_are_not_finite_are_refused(swept):
    _, folder = swept
    columns = read_part(folder, 0)
    columns["tilt@end"][[3, 5]] = np.nan
    write_part(folder, 0, columns)
    with pytest.raises(InputError, match="tilt@end: 2 worlds have no finite number"):
        frames.point_means(folder, "tilt@end")
    assert np.isfinite(frames.point_means(folder, "welfare@end")).all()
    columns["failed"][[3, 5]] = 1
    write_part(folder, 0, columns)
    for read in (frames.to_dataframe, frames.to_xarray):
        with pytest.raises(InputError, match="2 worlds have failed"):
            read(folder)


def test_a_sweep_without_the_outcome_or_a_part_is_refused(swept):
    _, folder = swept
    with pytest.raises(InputError, match="titl@end: no outcome of this sweep; did you mean 'tilt@"):
        frames.to_dataframe(folder, ["titl@end"])
    next((folder / "parts").glob("*.nc")).unlink()
    with pytest.raises(InputError, match="1 of 1 parts are not done"):
        frames.to_dataframe(folder)


def test_a_condition_with_the_name_of_a_column_is_refused(short, tmp_path):
    path = tmp_path / "clash.toml"
    path.write_text(Path(short).read_text().replace('id = "war-load"', 'id = "point"'))
    plan = Plan(
        title="t", question="?", scenarios=(str(path),), replicates=1,
        ranges={"point": RangeEntry(levels=2)}, outcomes=("tilt@end",),
    )  # fmt: skip
    run_sweep(resolve(plan), tmp_path / "clash")
    message = "point: names a condition and a column; give the condition another id"
    with pytest.raises(InputError, match=message):
        frames.to_dataframe(tmp_path / "clash")


# --- libraries ------------------------------------------------------------------------------------


def test_without_xarray_one_line_says_how_to_get_it(paths, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError) as refused:
        frames.to_xarray(paths)
    told = f"to_xarray: xarray is not installed; install it with: {remedy('xarray')}"
    assert str(refused.value) == told


def test_importing_the_module_imports_neither_library():
    importlib.import_module("two_chairs_lab.connectors.dataframes")
    code = (
        "import sys, importlib.util; sys.modules['mesa'] = None\n"
        "import two_chairs.world.trajectory\n"
        "assert not {'pandas', 'xarray'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})
