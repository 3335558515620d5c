"""The README says what the program does: its numbers, commands and snippets."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import two_chairs
import two_chairs_lab
from two_chairs.reading import load_scenario
from two_chairs_lab.cli import main
from two_chairs_lab.ensemble import Ensemble, quantiles, run_ensemble
from two_chairs_lab.printing import answer
from two_chairs_lab.results import RunResult

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
HERE = Path(__file__).parents[2]


MANY_WORLDS = {"run", "predict", "explain", "compare", "report", "theories"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def minus(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_answer_is_the_programs():
    ensemble = Ensemble(load_scenario("baseline"), 500)
    result = RunResult(ensemble, run_ensemble(ensemble), [], [])
    assert blocks("text")[0].splitlines() == answer(result)


@pytest.mark.parametrize("name", ["baseline", "article", "no-2020-war", "no-attacks"])
def test_the_table_of_findings_is_the_programs(name):
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}`"))
    _, _, default, drawn, share, _ = row.split("|")
    scenario = load_scenario(name)
    week = scenario.week_of(scenario.agents_act_from)
    one = run_ensemble(Ensemble(scenario, 1, vary=False, luck=False))
    many = run_ensemble(Ensemble(scenario, 500))
    assert minus(default) == pytest.approx(one.outcome("tilt")[week, 0], abs=0.0051)
    low, middle, high = quantiles(many.outcome("tilt")[week])
    told = [minus(number) for number in re.findall(r"−?\.\d+", drawn)]
    assert told == pytest.approx([middle, low, high], abs=0.0051)
    assert float(share.strip(" %")) == pytest.approx(
        100 * many.regime_share("two-chairs")[week], abs=0.51
    )


@pytest.mark.parametrize(
    ("start", "vary", "luck"),
    [
        ("| defaults, no chance", False, False),
        ("| defaults, chance", False, True),
        ("| drawn values, no chance", True, False),
        ("| drawn values, chance", True, True),
    ],
)
def test_the_table_of_chance_is_the_programs(start, vary, luck):
    row = next(line for line in README.splitlines() if line.startswith(start))
    tilt, *told = row.split("|")[2:6]
    paths = run_ensemble(Ensemble(load_scenario("baseline"), 500, vary=vary, luck=luck))
    assert minus(tilt) == pytest.approx(quantiles(paths.outcome("tilt")[-1])[1], abs=0.0051)
    shares = [paths.regime_share(r)[-1] for r in ("incumbent-chair", "two-chairs", "rival-chair")]
    assert [float(cell.strip(" %")) for cell in told] == pytest.approx(
        [100 * share for share in shares], abs=0.51
    )


def test_the_two_commands_stand_alone_on_their_lines():
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith("two-chairs run")
    assert commands[1].endswith("pytest")


def test_the_commands_shown_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-scenario.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (tmp_path / "experiments").symlink_to(HERE / "experiments")  # plans by their paths
    shown = [
        shlex.split(line, comments=True)[1:]
        for block in blocks("sh")
        for line in block.splitlines()
        if line.startswith("two-chairs")
    ]
    assert len(shown) >= 7
    for words in shown:
        few = ["--worlds", "2", "--json"] if words[0] in MANY_WORLDS else []
        result = CliRunner().invoke(main, [*words, *few], catch_exceptions=False)
        assert result.exit_code == 0, (words, result.output)


def test_the_python_snippet_runs():
    names: dict[str, object] = {}
    exec(blocks("python")[0].replace("range(100)", "range(3)"), names)
    assert names["paths"].worlds == 3


def test_links_and_the_picture_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http") and (HERE / "README.md").exists():
            assert (HERE / target).exists(), target


NO_MODULES = {"two_chairs_lab.__main__", "two_chairs_lab.dashboard.page"}
"""What runs when it is imported: the command, and the script of the live page."""


def modules() -> list[str]:
    """Return the names of both packages and of all their modules, however deep they lie."""
    names = []
    for package in (two_chairs, two_chairs_lab):
        walked = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        names += [package.__name__, *(entry.name for entry in walked)]
    return [name for name in names if name not in NO_MODULES]


def test_every_file_is_asked_for_examples():
    for package in (two_chairs, two_chairs_lab):
        above = Path(package.__file__).parents[1]
        for path in Path(package.__file__).parent.rglob("*.py"):
            name = ".".join(path.relative_to(above).with_suffix("").parts)
            assert name.removesuffix(".__init__") in {*modules(), *NO_MODULES}


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if str(error.name).startswith("two_chairs"):
            raise
        pytest.skip(f"{error.name} is not installed")
    failed, _ = doctest.testmod(module)
    assert failed == 0
