"""Terminal output at several widths, with and without colour: nothing is cut, all is aligned."""

from __future__ import annotations

import io
from functools import cache

import pytest
from rich.cells import cell_len
from rich.console import Console

from builders import bundled
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import laid_out
from two_chairs_lab.studies.run.expectations import judge
from two_chairs_lab.studies.run.render import print_run, verdict_grid
from two_chairs_lab.studies.run.study import RunResult
from two_chairs_lab.studies.scenarios.render import print_differences, print_scenario

pytestmark = pytest.mark.unit

WIDTHS = (60, 80, 110)


@cache
def result() -> RunResult:
    ensemble = Ensemble(bundled(), 20)
    paths = run_ensemble(ensemble)
    verdicts = [judge(target, paths, {}) for target in ensemble.scenario.targets]
    return RunResult(ensemble, paths, verdicts[:1], verdicts)


def printed(draw, width: int, **settings) -> str:
    console = Console(file=io.StringIO(), width=width, **settings)
    draw(console)
    return console.file.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
def test_a_run_is_whole_at_every_width(width):
    text = printed(lambda console: print_run(result(), console), width)
    assert "…\n" not in text.replace(" ", "")
    assert max(cell_len(line) for line in text.splitlines()) <= width
    for label in ("tilt", "Russia's seat", "autonomy first", "two chairs"):
        assert any(line.strip().startswith(label) for line in text.splitlines()), label
    for number, tables in (("29 Jun 2020", 2), ("4 Dec 2023", 3), ("28 Dec 2026", 3)):
        assert text.count(number) >= tables
    assert "fear of the future" in " ".join(text.split())


@pytest.mark.long
def test_the_same_numbers_stand_at_every_width():
    def numbers(width):
        text = printed(lambda console: print_run(result(), console), width)
        return sorted(word for word in text.split() if "…" in word)

    assert numbers(60) == numbers(80) == numbers(110)
    assert len(numbers(60)) == 2 + 3 * (6 + 7) + len(result().targets) + 1


def test_a_narrow_table_stands_column_below_column():
    table = Table("t", ("", "before", "after"), (("a", "1", "20"), ("bee", "3", "4")))
    wide = printed(lambda console: console.print(laid_out(table, 18)), 40).splitlines()
    assert [line.rstrip() for line in wide] == [
        "t", "     before  after", "a         1     20", "bee       3      4",
    ]  # fmt: skip
    narrow = printed(lambda console: console.print(laid_out(table, 17)), 40).splitlines()
    assert [line.rstrip() for line in narrow] == [
        "t", "before", "  a      1", "  bee    3", "after", "  a     20", "  bee    4",
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
def test_a_scenario_is_whole_at_every_width(width):
    text = printed(lambda console: print_scenario(bundled(), console), width)
    assert "…" not in text
    joined = "".join(text.split())
    for event in bundled().events:
        assert event.action in joined
        assert event.id in joined


@pytest.mark.parametrize("width", WIDTHS)
def test_differences_are_whole_at_every_width(width):
    one, other = bundled("no-attacks"), bundled()
    text = printed(lambda console: print_differences(one, other, console), width)
    assert "…" not in text
    assert "action=use-military-force" in "".join(text.split())


def test_colours_respect_no_color_and_what_is_no_terminal(monkeypatch):
    def draw(console):
        console.print(verdict_grid("t", result().targets, 80))

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32mholds" in printed(draw, 80, force_terminal=True, color_system="standard")
    assert "\x1b" not in printed(draw, 80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in printed(draw, 80, force_terminal=True)
