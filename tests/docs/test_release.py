"""What is said of the program in several files is the same in all of them."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.docs

OTHERWISE = {"sklearn": "scikit_learn"}
"""What is imported under another name than it is installed."""


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_version_licence_and_description_are_the_same_everywhere():
    project, code = (
        tomllib.loads(text("pyproject.toml"))["project"],
        json.loads(text("codemeta.json")),
    )
    cited = dict(re.findall(r"^(version|license): (.+)$", text("CITATION.cff"), re.M))
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert code["version"] == project["version"]
    assert code["license"].endswith(project["license"])
    assert (code["identifier"], code["description"]) == (project["name"], project["description"])


def imported(path: Path) -> set[str]:
    """Return the packages that a module imports, at its head or later."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


def test_what_is_imported_is_declared():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    declared = list(chain(project["dependencies"], *project["optional-dependencies"].values()))
    names = {re.split(r"[\[<>=~!; ]", name)[0].lower().replace("-", "_") for name in declared}
    folders = (ROOT / "model", ROOT / "experiments" / "two_chairs_lab")
    used = set().union(*(imported(path) for folder in folders for path in folder.rglob("*.py")))
    others = used - sys.stdlib_module_names - {"two_chairs", "two_chairs_lab"}
    assert {OTHERWISE.get(name, name).lower() for name in others} <= names
