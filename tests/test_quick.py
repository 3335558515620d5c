"""The quick set asks every module of the rules and every command something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

NOT_QUICK = {"long", "slow", "browser"}

TESTS = Path(__file__).parent
MODEL = TESTS.parent / "model" / "two_chairs"
NAMES_ALONE = {"roles", "mechanism"}
"""Modules that only say what others are called or look like."""
STUDIES = TESTS.parent / "experiments" / "two_chairs_lab" / "studies"


def marks_of(tree: ast.AST) -> set[str]:
    return {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)} & NOT_QUICK


def quick_tests(path: Path) -> list[str]:
    """Return the tests of a file that bear no mark of what is not quick, nor does their file."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    marks = [n.value for n in body if isinstance(n, ast.Assign)
             and getattr(n.targets[0], "id", "") == "pytestmark"]  # fmt: skip
    if any(map(marks_of, marks)):
        return []
    return [
        n.name for n in body
        if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
        and not any(map(marks_of, n.decorator_list))
    ]  # fmt: skip


def names(folder: Path, ends: str) -> list[str]:
    return sorted(path.stem for path in folder.glob(ends) if not path.stem.startswith("_"))


@pytest.mark.parametrize("topic", ["rules", "mechanisms", "institutions"])
def test_every_rule_is_asked_something(topic):
    asked = {
        path.stem.removeprefix("test_").removesuffix("_properties")
        for path in (TESTS / "model" / topic).glob("test_*.py") if quick_tests(path)
    }  # fmt: skip
    assert set(names(MODEL / topic, "*.py")) <= asked | NAMES_ALONE


def test_every_command_is_asked_something():
    asked = {
        command for command in names(STUDIES, "*/")
        if any(map(quick_tests, (TESTS / "lab" / "studies" / command).rglob("test_*.py")))
    }  # fmt: skip
    assert {path.parent.name for path in STUDIES.glob("*/command.py")} <= asked
