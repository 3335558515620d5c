"""Tables as files."""

from __future__ import annotations

import csv

import pytest

from two_chairs_lab.render.table import Table, write_tables
from two_chairs_lab.statistics.resampling import Estimate

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_text_that_a_spreadsheet_would_run_stays_text(text, tmp_path):
    write_tables(tmp_path, {"t": Table("t", ("says", "x"), ((text, -0.5),))})
    with (tmp_path / "t.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["says", "x"], [f"'{text}", "-0.5"]]


@pytest.mark.parametrize("rows", [(), (("a", Estimate(0.5, 0.4, 0.6)),), (("a", None),)])
def test_a_file_has_the_same_columns_with_rows_and_without(rows):
    table = Table("t", ("name", "share"), rows, intervals=("share",))
    columns, _ = table.flat()
    assert columns == ["name", "share", "share_p05", "share_p95"]
