"""The pages of answers and of theories say what the program says, and show what it draws."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import sys

import numpy as np
import pytest

from commands import ROOT, two_chairs
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine import WORLDS
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.run.conventions import convention_rows
from two_chairs_lab.studies.sensitivity.plan import FAMILIES

pytestmark = pytest.mark.docs

PAGE = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
THEORIES = (ROOT / "docs" / "theories.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
CUT_OFF = "2023-12-04"
FEWER = {
    "run": ["--worlds", "4"],
    "explain": ["--worlds", "4"],
    "compare": ["--worlds", "4"],
    "sensitivity": ["--points", "64"],
    "discover": ["--points", "64", "--replicates", "2", "--where", "tilt@end < -0.2"],
    "claim": ["--points", "48", "--replicates", "2"],
    "theories": ["--rows", "64", "--worlds", "4"],
    "predict": ["--worlds", "4"],
}


def commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("two-chairs ") for line in lines)
    return [line.removeprefix("two-chairs ") for line in lines]


def script():
    """Import the script that makes the figures; it is no module of the program."""
    spec = importlib.util.spec_from_file_location("answers", ROOT / "experiments" / "answers.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["answers"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def near(value: float, digits: int = 2) -> str:
    """Write a number as the pages do: no zero before the point, a true minus."""
    sign = "−" if round(value, digits) < 0.0 else ""
    return sign + f"{abs(value):.{digits}f}".removeprefix("0")


def band(values: np.ndarray, digits: int = 2) -> str:
    low, middle, high = (near(value, digits) for value in quantiles(values))
    return f"{middle} ({low} to {high})"


def ran(*words: str) -> dict:
    result = two_chairs(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("command", [c for c in commands() if not c.startswith("calibrate")])
@pytest.mark.slow
def test_the_commands_work(command, monkeypatch):
    """With few worlds; calibrate has tests of its own."""
    monkeypatch.chdir(ROOT)
    words = shlex.split(command)
    if words[0] == "discover":
        words = words[:2]  # with few points the page's condition bounds no region
    assert ran(*words, *FEWER[words[0]])


def test_the_figures_are_those_of_the_script_and_small():
    made = script().ANSWERS
    assert {figure.command for figure in made.values()} <= set(commands())
    shown = re.findall(r"!\[[^]]+\]\(figures/answers/(.*?)\.png\)", PAGE)
    assert shown == list(made)
    kept = {path.stem: path for path in (ROOT / "docs" / "figures" / "answers").iterdir()}
    assert sorted(kept) == sorted(made)
    for path in kept.values():
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size < 200_000, path


def test_the_script_keeps_a_figure_of_results_that_are_there(tmp_path, monkeypatch):
    module = script()
    monkeypatch.setattr(module, "FIGURES", tmp_path / "kept")
    (tmp_path / "run").mkdir()
    drawn = ROOT / "docs" / "figures" / "seats.png"
    (tmp_path / "run" / "seats.png").write_bytes(drawn.read_bytes())
    figure = module.ANSWERS["where"]
    folder = module.results_of(figure, tmp_path)  # nothing runs: the folder is there
    path = module.keep("where", folder / figure.drawn)
    assert path.stat().st_size < drawn.stat().st_size


@pytest.mark.slow
def test_where_is_the_programs():
    paths = run_ensemble(Ensemble(load_scenario("baseline"), WORLDS))
    week = paths.dates.index(load_scenario("baseline").agents_act_from)
    shares = {
        regime: [round(100 * float(paths.regime_share(regime)[w])) for w in (week, -1)]
        for regime in ("incumbent-chair", "two-chairs", "rival-chair")
    }
    russian, two, western = shares.values()
    assert f"on two chairs in {two[0]} % of the model's worlds" in TEXT
    assert (
        f"on the Russian chair in {russian[0]} %; by the end of 2026 in {two[1]} % and "
        f"{russian[1]} %" in TEXT
    )
    assert f"with {western[1]} % on the Western chair" in TEXT
    tilt = paths.outcome("tilt")
    assert np.ptp(tilt[0]) == 0.0
    assert f"with a tilt of {near(tilt[0, 0])}, the same in all worlds" in TEXT
    assert f"the tilt is {band(tilt[week])}" in TEXT
    assert f"Russia's seat {band(paths.outcome('incumbent_seat')[week])}" in TEXT
    assert f"the Western seat {band(paths.outcome('rival_seat')[week])}" in TEXT
    first = paths.dates[int(np.argmax(paths.regime_share("two-chairs") >= 0.5))]
    assert f"half of the worlds are on two chairs from {first.day} {first:%B %Y}" in TEXT


@pytest.mark.slow
def test_the_rulers_are_the_programs():
    """The table of χ and the rule of seats at the cut-off."""
    scenario = load_scenario("baseline")
    paths = run_ensemble(Ensemble(scenario, WORLDS))
    rows = convention_rows(scenario, paths, [scenario.week_of(scenario.agents_act_from)])
    words = {
        "incumbent-chair": "Russian chair",
        "two-chairs": "two chairs",
        "rival-chair": "Western chair",
    }
    for row in rows:
        share, most = max((value, name) for name, value in row["regime_shares"].items())
        cell = f"{near(row['tilt'])}; {100 * share:.0f} % {words[most]}"
        line = next(
            text
            for text in PAGE.splitlines()
            if text.startswith(f"| χ = {row['institution_share']:.1f}".replace("0.", "."))
        )
        column = {"clipped": 2, "net": 3}[row["seats"]]
        told = line.split("|")[column].replace("**", "").replace("tilt", "").partition(" (")[0]
        assert told.strip() == cell


@pytest.mark.slow
def test_why_is_the_programs():
    told = ran("explain", "--window", f"2020-01-06:{CUT_OFF}", "--fading", "own")["ensemble"]
    each = told["contributions"]
    refusals = [entry for name, entry in each.items() if re.fullmatch(r"[CS]\d+:test", name)]
    assert len(refusals) == 5
    for entry in refusals:
        mean, low, high = (near(entry[q], 3) for q in ("mean", "p05", "p95"))
        assert f"+{mean} ({low} to {high})" in TEXT
    assert f"rise of the tilt by about {near(told['change']['mean'])}" in TEXT
    assert f"makes up {near(sum(entry['mean'] for entry in refusals))}" in TEXT


@pytest.mark.slow
def test_what_if_is_the_programs():
    told = ran("compare", "baseline", "no-2020-war", "no-attacks")["differences"]
    for name in told:
        entry = told[name]["tilt"][CUT_OFF]
        value, low, high = (near(-entry[q], 3) for q in ("value", "high", "low"))
        assert f"lower by {value} ({low} to {high})" in TEXT
    assert f"down to {near(-told['no-attacks']['tilt']['2026-12-28']['value'], 3)}" in TEXT
    two = told["no-attacks"]["regime:two-chairs"][CUT_OFF]
    assert (
        f"and {100 * two['other']:.0f} % of worlds instead of {100 * two['reference']:.0f} %"
        in TEXT
    )
    war = told["no-2020-war"]["regime:two-chairs"][CUT_OFF]
    ends = [f"{-100 * war[q]:.0f}" for q in ("value", "high", "low")]
    assert f"on two chairs by {ends[0]} points ({ends[1]} to {ends[2]}" in TEXT


@pytest.mark.slow
def test_how_sure_is_the_programs():
    told = ran("sensitivity")["families"]
    at = told["tilt"][CUT_OFF]

    def share(family: dict, key: str) -> str:
        return f"{100 * family[key]:.0f} % ± {100 * family[f'{key}_error']:.0f}"

    measurement, behaviour, coding = (
        share(at[family], "first") for family in ("measurement", "behaviour", "coding")
    )
    assert (
        f"{measurement} of the spread of the tilt is measurement alone, {behaviour} behaviour, "
        f"{coding} coding of events, and nothing luck"
    ) in TEXT
    assert at["luck"]["total"] == 0.0
    late = told["tilt"]["2026-12-28"]
    measurement, behaviour, coding, luck = (
        share(late[family], "first") for family in late if family in FAMILIES
    )
    assert (
        f"measurement has {measurement}, behaviour {behaviour}, coding {coding} and luck {luck}."
    ) in TEXT
    label = told["regime:two-chairs"]["2026-12-28"]
    assert (
        f"measurement has a part in {share(label['measurement'], 'total')}, "
        f"and luck in {share(label['luck'], 'total')}."
    ) in TEXT


@pytest.mark.slow
@pytest.mark.parametrize("name", [c.split()[1] for c in commands() if c.startswith("claim")])
def test_the_claims_are_the_programs(name):
    holds = ran("claim", name)["holds"]
    value, low, high = (f"{100 * holds[q]:.0f}" for q in ("value", "p05", "p95"))
    assert f"| {value} % ({low} to {high}) |" in PAGE


@pytest.mark.slow
def test_where_it_falls_is_the_programs(monkeypatch):
    monkeypatch.chdir(ROOT)
    command = next(c for c in commands() if c.startswith("discover"))
    sentence = ran(*shlex.split(command))["sentence"]
    for found in re.findall(r"(\d+)% \((\d+)–(\d+)%\)", sentence):
        assert "{} % ({} to {})".format(*found) in TEXT


@pytest.mark.slow
def test_theories_are_the_programs(monkeypatch):
    monkeypatch.chdir(ROOT)
    told = ran("theories")
    for name, entry in told["theories"].items():
        at = list(entry["at"].values())
        cells = [
            "{} ({} to {})".format(*(near(day["tilt"][q]) for q in ("p50", "p05", "p95")))
            for day in at
        ]
        shares = ", ".join(f"{100 * day['regime_shares']['two-chairs']:.0f} %" for day in at)
        score = f"{100 * told['scores']['forward'][name]['crps']:.1f}"
        title = "**model**" if name == "model" else name.replace("-", " ")
        start = f"| {title} | {' | '.join(cells)} | {shares} | {score} |"
        assert start in THEORIES, start
    for name, more in told["crps_less_models"]["forward"].items():
        wanted = "| not testable |"
        if more is not None:
            ends = (near(100 * more[q], 1) for q in ("value", "p05", "p95"))
            wanted = "| {} ({} to {}) |".format(*ends)
        row = next(
            r for r in THEORIES.splitlines() if r.startswith(f"| {name.replace('-', ' ')} |")
        )
        assert row.endswith(wanted), wanted
    western = told["theories"]["no-institutions"]["at"][CUT_OFF]["regime_shares"]["rival-chair"]
    assert f"in {100 * western:.0f} % of worlds" in TEXT
