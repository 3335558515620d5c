"""README and the pages that carry its details say what the program does."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import two_chairs
import two_chairs_lab
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.cli.main import main
from two_chairs_lab.engine import WORLDS
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.run.conventions import convention_rows
from two_chairs_lab.studies.run.rulers import RULERS, rulings
from two_chairs_lab.studies.run.study import RunResult
from two_chairs_lab.studies.run.summary import answer

HERE = Path(__file__).parents[2]
NOTEBOOK = (HERE / "docs" / "notebook.md").read_text(encoding="utf-8")
README = (HERE / "README.md").read_text(encoding="utf-8")
COMMANDS = (HERE / "docs" / "commands.md").read_text(encoding="utf-8")
ANSWERS = (HERE / "docs" / "answers.md").read_text(encoding="utf-8")

MANY_WORLDS = {"run", "predict", "explain", "compare", "report", "theories"}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def minus(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_answer_is_the_programs():
    ensemble = Ensemble(load_scenario("baseline"), WORLDS)
    result = RunResult(ensemble, run_ensemble(ensemble), [], [])
    assert blocks(COMMANDS, "text")[0].splitlines() == answer(result)


@pytest.mark.slow
def test_the_shares_of_the_readme_are_the_programs():
    """Each share as the README words it, and the error of a share."""
    text = " ".join(README.split())
    end: dict[str, list[str]] = {}
    two: dict[str, str] = {}
    for name in ("baseline", "article", "no-2020-war", "no-attacks"):
        scenario = load_scenario(name)
        paths = run_ensemble(Ensemble(scenario, WORLDS))
        week = scenario.week_of(scenario.agents_act_from)
        two[name] = f"{100 * paths.regime_share('two-chairs')[week]:.0f} %"
        if name == "baseline":
            regimes = ("incumbent-chair", "two-chairs", "rival-chair")
            shares = np.array([paths.regime_share(regime)[[week, -1]] for regime in regimes])
            now, end = ([f"{100 * share:.0f} %" for share in column] for column in shares.T)
            share = paths.regime_share("two-chairs")
            first = paths.dates[int(np.argmax(share >= 0.5))]
            events = len(scenario.events)
            result = RunResult(Ensemble(scenario, WORLDS), paths, [], [])
    assert f"react to {events} dated, sourced events" in text
    assert (
        f"in {now[1]} of simulated worlds Armenia keeps both ties, "
        f"in {now[0]} it leans mostly on Russia"
    ) in text
    assert now[2] == "0 %"
    assert f"both for the first time on {first.day} {first:%B %Y}." in text
    assert (
        f"**At the end of 2026**: {end[1]} both, {end[0]} mostly Russia, {end[2]} mostly the West"
    ) in text
    sure = re.findall(r"± [\d.]+ points at most", " ".join(answer(result)))
    assert re.findall(r"± [\d.]+ points at most", text) == sure
    assert f"Without any of them {two['no-attacks']} of worlds sit on two chairs" in text
    assert f"instead of {two['baseline']}" in text
    assert f"(without it still {two['no-2020-war']})" in text
    assert f"the article's own events by themselves ({two['article']})" in text


@pytest.mark.slow
def test_the_rulers_of_the_readme_are_the_programs():
    """What other rulers say of the same worlds at the cut-off, as the README words it."""
    text = " ".join(README.split())
    scenario = load_scenario("baseline")
    paths = run_ensemble(Ensemble(scenario, WORLDS))
    week = scenario.week_of(scenario.agents_act_from)
    by = {
        (row["institution_share"], row["seats"]): row["regime_shares"]
        for row in convention_rows(scenario, paths, [week])
    }
    russian = by[0.6, "clipped"]["incumbent-chair"]
    western = by[0.4, "net"]["rival-chair"]
    assert f"χ = .6 and the same worlds, {100 * russian:.0f} % stay on the Russian chair" in text
    assert f"(net seats), {100 * western:.0f} % are on the Western one" in text
    found = rulings(scenario, paths)
    hedging = [found.share(ruler.key, 0)[0] for ruler in RULERS]
    assert f"{100 * min(hedging[:5]):.0f} to over 99 % keep both ties" in text
    assert 0.99 < max(hedging[:5]) < 1.0
    assert hedging[5] == 0.0
    assert "by a sixth, a plain sum of acts, none does" in text


@pytest.mark.parametrize("name", ["baseline", "article", "no-2020-war", "no-attacks"])
@pytest.mark.slow
def test_the_table_of_findings_is_the_programs(name):
    row = next(line for line in ANSWERS.splitlines() if line.startswith(f"| `{name}`"))
    _, _, default, drawn, share, _ = row.split("|")
    scenario = load_scenario(name)
    week = scenario.week_of(scenario.agents_act_from)
    one = run_ensemble(Ensemble(scenario, 1, vary=False, luck=False))
    many = run_ensemble(Ensemble(scenario, WORLDS))
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
@pytest.mark.slow
def test_the_table_of_chance_is_the_programs(start, vary, luck):
    row = next(line for line in ANSWERS.splitlines() if line.startswith(start))
    tilt, *told = row.split("|")[2:6]
    paths = run_ensemble(Ensemble(load_scenario("baseline"), WORLDS, vary=vary, luck=luck))
    assert minus(tilt) == pytest.approx(quantiles(paths.outcome("tilt")[-1])[1], abs=0.0051)
    shares = [paths.regime_share(r)[-1] for r in ("incumbent-chair", "two-chairs", "rival-chair")]
    assert [float(cell.strip(" %")) for cell in told] == pytest.approx(
        [100 * share for share in shares], abs=0.51
    )


def test_the_two_commands_stand_alone_on_their_lines():
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith("two-chairs run")
    assert commands[1].endswith("pytest -n auto")


@pytest.mark.slow
def test_the_commands_shown_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "early-peace.toml").write_text(blocks(COMMANDS, "toml")[0], encoding="utf-8")
    shown = [
        shlex.split(line, comments=True)[1:]
        for page in (README, COMMANDS)
        for block in blocks(page, "sh")
        for line in block.splitlines()
        if line.startswith("two-chairs")
    ]
    assert len(shown) >= 21
    for words in shown:
        few = ["--json"] if words[0] in MANY_WORLDS else []
        few += ["--worlds", "2"] if few and "--worlds" not in words else []
        result = CliRunner().invoke(main, [*words, *few], catch_exceptions=False)
        assert result.exit_code == 0, (words, result.output)


def test_the_python_snippet_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(blocks(README, "python")[0].replace("worlds=100", "worlds=3"), names)
    assert names["worlds"].paths.worlds == 3
    assert (tmp_path / "seats.png").is_file()


@pytest.mark.slow
def test_the_notebook_runs_from_top_to_bottom(capsys):
    names: dict[str, object] = {}
    for block in blocks(NOTEBOOK, "python"):
        exec(block.replace("worlds=40", "worlds=21"), names)
    assert "IncumbentPatron" in capsys.readouterr().out


@pytest.mark.parametrize(
    "page",
    [HERE / "README.md", HERE / "CONTRIBUTING.md", *sorted((HERE / "docs").rglob("*.md"))],
    ids=lambda page: page.name,
)
def test_links_and_pictures_exist(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


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
