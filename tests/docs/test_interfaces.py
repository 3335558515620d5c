"""The page on interfaces: its blocks run, from top to bottom, on the libraries that are there."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "interfaces.md").read_text(encoding="utf-8")
LIBRARIES = {
    "mesa.batchrunner": "this Mesa has no batch_run",
    "ema_workbench": "EMA Workbench is not installed (two-chairs[ema])",
    "xarray": "xarray is not installed (two-chairs[xarray])",
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:ema_workbench.*")
@pytest.mark.slow
def test_the_blocks_of_the_page_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    warnings.filterwarnings("ignore", message="ipyparallel not installed")
    for library, reason in LIBRARIES.items():
        pytest.importorskip(library, reason=reason)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 9
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks:
        exec(block, names)
    assert (tmp_path / "variance" / "manifest.json").is_file()
    assert "['ARM', 'RUS', 'WST', 'AZE']" in capsys.readouterr().out
