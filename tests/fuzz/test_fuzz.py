"""Spoilt files and odd command lines: each ends well, or with exit 2 and one line for each problem.

`bench.py` says what may not happen, `again.py` makes a case again.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import bench

pytestmark = [pytest.mark.format, pytest.mark.long]

FEW, MANY = 200, 10_000
TABLES = {name: file for name, (file, _) in bench.KINDS.items() if file.endswith(".csv")}
TREES = {name: file for name, (file, _) in bench.KINDS.items() if file.endswith((".toml", ".json"))}


@pytest.fixture(scope="module")
def folder():
    with bench.furnished() as made:
        yield made


def told(names):
    found = {name: bench.try_options(name) if "options" in name else bench.try_file(name)
             for name in names}  # fmt: skip
    return "".join(
        f"\n=== python tests/fuzz/again.py {name}\n{text}" for name, text in found.items() if text
    )


def cases(first, stop):
    """Return the names of cases: four of spoilt files to one of odd words."""
    return [*bench.numbers(stop)[first:], *(f"options:{n}" for n in range(first, stop, 4))]


@pytest.mark.usefixtures("folder")
def test_a_few_hundred_spoilt_files_and_odd_command_lines():
    assert not told(cases(0, FEW))


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("part", range(8))
def test_thousands_of_spoilt_files_and_odd_command_lines(part):
    bounds = [FEW + n * (MANY // 8) * 4 // 5 for n in (part, part + 1)]
    assert not told(cases(*bounds))


# --- structure: a good tree or table in which something is put in the stead of something ----------

texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["VES", "KRN>VES", "E1", "war", "visit", "tilt", "2031-05-05", "a" * 4000]),
)
plain = st.one_of(
    st.booleans(), st.integers(), st.floats(), texts,
    st.dates(), st.sampled_from([0, 1, -1, 0.5, 1e308, 10**30]),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
few = settings(max_examples=25, suppress_health_check=list(HealthCheck), print_blob=True)
many = settings(few, max_examples=200)


def toml(value) -> str:
    """Write a value of TOML, tables in braces."""
    if isinstance(value, dict):
        entries = (f"{json.dumps(k)} = {toml(v)}" for k, v in value.items())
        return "{ " + ", ".join(entries) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value.encode("utf-8", "replace").decode()).replace("\x7f", "\\u007f")
    return str(value).lower()


def written(name: str, tree: dict) -> str:
    if name.endswith(".json"):
        return json.dumps(tree, default=str)
    return "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in tree.items())


def spoil(data, tree):
    """Change a tree at a place: another value, nothing, another key, or the same twice."""
    holder = tree
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(holder[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            break
        holder = holder[key]
    match data.draw(st.sampled_from(["value", "value", "value", "drop", "rename", "twice"])):
        case "value":
            holder[key] = data.draw(values)
        case "drop":
            del holder[key]
        case "rename" if isinstance(holder, dict):
            holder[data.draw(texts)] = holder.pop(key)
        case _ if isinstance(holder, list):
            holder.append(holder[key])


def tried(kind, file, text, number):
    good = Path(file).read_bytes()
    commands = bench.KINDS[kind][1]
    words = tuple(word.replace("{}", file) for word in commands[number % len(commands)])
    try:
        Path(file).write_bytes(text.encode("utf-8", "replace"))
        found = bench.wrong(words)
        assert not found, f"two-chairs {' '.join(words)}\n{found}\nwith {file}:\n{text[:3000]}"
    finally:
        Path(file).write_bytes(good)


def try_tree(data):
    kind = data.draw(st.sampled_from(sorted(TREES)))
    file = TREES[kind]
    text = Path(file).read_text(encoding="utf-8")
    tree = json.loads(text) if file.endswith(".json") else tomllib.loads(text)
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(data, tree)
    tried(kind, file, written(file, tree), data.draw(st.integers(0, 3)))


def try_table(data):
    kind = data.draw(st.sampled_from(sorted(TABLES)))
    rows = list(csv.reader(io.StringIO(Path(TABLES[kind]).read_text(encoding="utf-8-sig"))))
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(rows))
        place = data.draw(st.integers(0, max(0, len(row) - 1)))
        cell = str(data.draw(st.one_of(plain, st.sampled_from([c for r in rows for c in r]))))
        row[place : place + data.draw(st.sampled_from([0, 1, 1, 1, 1, 1]))] = [cell]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    tried(kind, TABLES[kind], file.getvalue(), data.draw(st.integers(0, 3)))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("attempt", [try_tree, try_table])
@few
@given(data=st.data())
def test_trees_and_tables_of_odd_values(attempt, data):
    attempt(data)


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("attempt", [try_tree, try_table])
@many
@given(data=st.data())
def test_many_trees_and_tables_of_odd_values(attempt, data):
    attempt(data)
