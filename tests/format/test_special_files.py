"""Files that are none: devices, pipes, folders, and what is far too large."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builders import scenario_file
from commands import refused
from two_chairs.errors import MOST_LETTERS, InputError, Problem
from two_chairs_lab.shell.errors import MOST_TOLD

pytestmark = [pytest.mark.format, pytest.mark.usefixtures("elsewhere")]

HEAD = "id,date,actor,target,action,says,document"


@pytest.mark.parametrize("kind", ["device", "pipe"])
@pytest.mark.parametrize("entrance", ["scenario", "extends", "events"])
def test_what_is_no_plain_file_is_refused_and_not_read(kind, entrance):
    odd = Path("odd.csv" if entrance == "events" else "odd.toml")
    odd.symlink_to("/dev/zero") if kind == "device" else os.mkfifo(odd)
    if entrance == "scenario":
        told = refused("check", odd)
    else:
        line = 'events = ["odd.csv"]' if entrance == "events" else f'extends = "{odd}"'
        head = "" if entrance == "extends" else 'extends = "baseline"\n'
        Path("mine.toml").write_text(f'title = "t"\nquestion = "?"\n{head}{line}\n')
        told = refused("check", "mine.toml")
    assert told == f"error: {odd}: is a device, a pipe or a socket; name a plain file"


def test_a_file_that_is_far_too_large_is_refused_by_its_size():
    with Path("large.csv").open("wb") as file:
        file.truncate(60_000_000)
    assert refused("check", "large.csv") == (
        "error: large.csv: holds 60 MB, more than 50; name a smaller file"
    )
    scenario_file("large", f'note = "{"x" * 3_000_000}"\n')
    assert refused("check", "large.toml").endswith("holds 3 MB, more than 2; name a smaller file")


def test_long_values_are_cut_in_the_middle():
    line = str(Problem("here", f"'{'a' * 3000}' is no such thing; write another"))
    assert len(line) <= MOST_LETTERS
    assert line.startswith("here: 'aaa")
    assert line.endswith("aaa' is no such thing; write another")
    assert len(str(Problem("here", "a b " * 3000))) <= MOST_LETTERS
    assert str(InputError.at("a", "b")) == "a: b"


@pytest.mark.long
def test_of_many_problems_the_first_are_told_and_the_rest_counted():
    rows = [f"E{n},2023-01-01,NOBODY,NOBODY,accuse,x,article" for n in range(500)]
    Path("bad.csv").write_text("\n".join([HEAD, *rows]))
    lines = refused("check", "bad.csv").splitlines()
    assert len(lines) == MOST_TOLD + 1
    assert lines[-1].endswith("more problems; mend these first")
