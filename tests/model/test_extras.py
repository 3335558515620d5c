"""How to get a package that is not installed: said so that the command works."""

from __future__ import annotations

import pytest

from two_chairs import extras
from two_chairs.errors import InputError

pytestmark = pytest.mark.unit


def test_the_remedy_works_where_the_reader_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(extras, "CHECKOUT", tmp_path)
    assert extras.remedy("view") == 'pip install "two-chairs[view]"'
    (tmp_path / "pyproject.toml").touch()
    assert extras.remedy("view") == 'pip install -e ".[view]"'
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert extras.remedy("view") == f'pip install -e "{tmp_path}[view]"'


def test_what_is_missing_is_said_in_one_line():
    line = r"^here: no_such_package is not installed; install it with: pip install .*\[sweep\]\"$"
    with pytest.raises(InputError, match=line):
        extras.needed("no_such_package.inner", place="here")
    with pytest.raises(InputError, match=line):
        extras.require("no_such_package", "sweep", "here")
    assert extras.needed("json").loads("1") == 1
