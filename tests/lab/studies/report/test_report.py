"""The report: whole, self-contained, escaped, computed from the result."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sys
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builders import short_scenario
from commands import refused, two_chairs
from two_chairs import __version__ as version
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.render.markdown import escape_markdown, fenced
from two_chairs_lab.render.numbers import decimal, percent
from two_chairs_lab.studies.report.switches import what_ifs
from two_chairs_lab.studies.run.manifest import read_run

pytestmark = [pytest.mark.command, pytest.mark.long]

EVIL = 'A <script>alert("x")</script> & "b" | `c` *d* [e](f) </svg>'
SHORT = f"""
title = {json.dumps(EVIL)}
question = {json.dumps(EVIL)}
note = {json.dumps(EVIL)}
extends = "{bundled_scenarios()["armenia/baseline"]}"
start = 2020-01-06
end = 2020-12-28
events = []
targets = []

[[add]]
id = "attack"
date = 2020-09-28
actor = "AZE"
target = "ARM"
action = "use-military-force"
severity = 0.5
coverage = 1.0
defended = false
document = {json.dumps(EVIL)}
says = {json.dumps(EVIL)}
correction = {json.dumps(EVIL)}

[[expect]]
text = {json.dumps(EVIL)}
outcome = "tilt"
at = 2020-12-28
above = 0.9
"""


@pytest.fixture(autouse=True)
def evil(elsewhere):
    Path("evil.toml").write_text(SHORT, encoding="utf-8")


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base") / "a report"
    done = two_chairs("report", "baseline", "--worlds", "20", "--out", str(folder), "--json")
    assert done.exit_code == 0, done.output
    return folder, json.loads(done.stdout)["answer"]


class Page(HTMLParser):
    """Collects tags, ids and where the page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in {"href", "src", "xlink:href", "data", "action"}:
                self.refers.append(value)


def test_the_page_needs_nothing_but_itself(baseline):
    text = (baseline[0] / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not {"link", "img", "iframe", "object"} & set(page.tags)
    assert page.tags.count("script") == 2
    assert "src=" not in text
    outside = {target for target in page.refers if not target.startswith("#")}
    assert outside
    assert all(target.startswith(("http://", "https://")) for target in outside)
    assert {target[1:] for target in page.refers if target.startswith("#")} <= set(page.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(page.ids)
    assert "@import" not in text
    assert '<html lang="en">' in text
    assert len(text.encode()) <= 1_500_000


def test_the_page_allows_its_own_script_alone(baseline):
    text = (baseline[0] / "report.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert len(script) == 1
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "eval" not in script[0]


def test_no_id_stands_twice(baseline):
    ids = Page((baseline[0] / "report.html").read_text(encoding="utf-8")).ids
    assert len(ids) > 100
    assert len(ids) == len(set(ids))


def test_every_figure_has_a_text_alternative_with_numbers(baseline):
    text = (baseline[0] / "report.html").read_text(encoding="utf-8")
    heads = re.findall(
        r'<svg[^>]*role="img" aria-label="([^"]+)"[^>]*><title>([^<]+)</title><desc[^>]*>([^<]+)<',
        text,
    )
    assert len(heads) == 6
    for label, title, description in heads:
        assert label
        assert title
        assert re.search(r"\d", description)
        assert "not a forecast" in description or "left out" in title


def test_the_answer_is_three_sentences_with_intervals(baseline):
    folder, answer = baseline
    assert len(answer) == 3
    for sentence in answer:
        assert re.search(r"\d\.\d\d \([+−]?\d\.\d\d…[+−]?\d\.\d\d\)", sentence), sentence
    for name in ("report.html", "report.md"):
        text = (folder / name).read_text(encoding="utf-8").replace("&lt;", "<")
        assert all(sentence.replace("~", "") in text for sentence in answer)


def stored_of(folder: Path) -> dict:
    text = (folder / "report.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'id="numbers">(.*?)</script>', text, re.DOTALL)[1])


def test_all_numbers_come_from_the_same_worlds(baseline):
    folder, answer = baseline
    stored = stored_of(folder)
    as_it_is = dict(zip(stored["names"], stored["asIs"], strict=True))
    case = read_run_of(folder)["case"]
    for sentence, day in zip(answer, ("4 Dec 2023", "28 Dec 2026"), strict=False):
        point = stored["dates"].index(day)
        for regime in case["regimes"]:
            share = as_it_is[f"regime:{regime}"][point] / stored["step"]
            assert share == 0 or f"in {percent(share)} " in sentence, sentence
        low, middle, high = (
            decimal(as_it_is[f"tilt:{end}"][point] / stored["step"])
            for end in ("p05", "p50", "p95")
        )
        assert re.search(rf"Tilt {middle} ± 0\.\d\d \({low}…{high}\)", sentence), sentence
    html, markdown = (
        (folder / name).read_text(encoding="utf-8") for name in ("report.html", "report.md")
    )
    for page in (html, markdown):
        text = "".join(line for line in page.splitlines() if "Its author notes" not in line)
        assert set(re.findall(r"(\d+) (?:simulated )?worlds?\b", text)) == {"20"}


def test_a_difference_is_the_same_wherever_it_stands(baseline):
    folder, answer = baseline
    stored = stored_of(folder)
    markdown = (folder / "report.md").read_text(encoding="utf-8")
    names, point = stored["changedNames"], stored["dates"].index("28 Dec 2026")
    assert len(stored["switches"]) >= 60
    for switch in stored["switches"]:
        made = dict(zip(names, switch["series"], strict=True))
        at = point - switch["since"]
        told = [
            decimal(made[f"difference:{end}"][at] / stored["step"] if at >= 0 else 0.0, sign=True)
            for end in ("p50", "p05", "p95")
        ]
        line = next(row for row in markdown.splitlines() if row.startswith(f"| {switch['words']}"))
        assert f"| {told[0]} ({told[1]}…{told[2]}) |" in line
    attacks = next(s for s in stored["switches"] if s["words"] == "With no recorded attack")
    made = dict(zip(names, attacks["series"], strict=True))["difference:p50"]
    at = stored["dates"].index("4 Dec 2023") - attacks["since"]
    assert f"{abs(made[at]) / stored['step']:.2f} further towards Russia" in answer[2]


@pytest.mark.slow
def test_every_switch_is_a_scenario_that_check_takes_and_that_runs_as_shown(baseline, elsewhere):
    stored, base = stored_of(baseline[0]), load_scenario("baseline")
    assert len({switch["file"] for switch in stored["switches"]}) == len(stored["switches"])
    for number, switch in enumerate(stored["switches"]):
        path = elsewhere / f"change-{number}.toml"
        path.write_text(switch["file"], encoding="utf-8")
        if number % 8 == 0:
            done = two_chairs("check", path.name)
            assert done.exit_code == 0, done.output
            assert "good" in done.stdout
    bundled = load_scenario("no-attacks")
    mine = load_scenario(str(elsewhere / f"change-{numbered(stored, 'Without any attack')}.toml"))
    for part in ("events", "conditions", "interventions", "parameters", "institutions"):
        assert {str(entry) for entry in getattr(mine, part)} == {
            str(entry) for entry in getattr(bundled, part)
        }
    left = load_scenario(str(elsewhere / f"change-{numbered(stored, 'Azerbaijan took')}.toml"))
    assert left.events == base.without("C07").events
    assert left.conditions == base.without("C07").conditions


def numbered(stored: dict, words: str) -> int:
    found = [n for n, s in enumerate(stored["switches"]) if s["words"].startswith(words)]
    assert len(found) == 1
    return found[0]


def test_every_section_event_and_parameter_is_there(baseline):
    html, markdown = (
        (baseline[0] / name).read_text(encoding="utf-8") for name in ("report.html", "report.md")
    )
    record = read_run_of(baseline[0])
    heads = (
        "Where it sits", "Why", "Every change tried", "How sure", "What not to believe",
        "Events and sources", "Numbers that went in", "How to make it again",
    )  # fmt: skip
    for head in heads:
        assert f"## {head}" in markdown
        assert f"<h2>{head}</h2>" in html
    for event in record["events"]:
        assert f">{event['id']}</td>" in html
        assert f"| {event['id']} |\n" in markdown
        if event["document"].startswith("http"):
            assert f'<a href="{event["document"]}"' in html
    for name in record["parameters"]:
        assert f'<th scope="row">{name.replace("_", " ")}' in html
    assert "<dt>seed</dt><dd>0</dd>" in html


def read_run_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["scenario"]


def test_every_row_of_markdown_has_the_cells_of_its_head(baseline):
    lines = (baseline[0] / "report.md").read_text(encoding="utf-8").splitlines()
    tables = 0
    for number, line in enumerate(lines):
        if line.startswith("| ---"):
            tables += 1
            assert lines[number - 1].startswith("|")
            assert lines[number - 2] == ""
            width = line.count("|")
            row = number + 1
            while lines[row].startswith("|"):
                assert len(re.findall(r"(?<!\\)\|", lines[row])) == width, lines[row]
                row += 1
            assert lines[row] == ""
    assert tables >= 12


@pytest.mark.slow
def test_a_scenario_can_inject_nothing():
    assert two_chairs("report", "evil.toml", "--worlds", "3", "--out", "r").exit_code == 0
    html, markdown = (
        Path("r", n).read_text(encoding="utf-8") for n in ("report.html", "report.md")
    )
    page = Page(html)
    assert page.tags.count("script") == html.count("<script") == 2
    assert page.tags.count("svg") == html.count("</svg>")
    assert html.count("&lt;script&gt;") > 6
    assert "<script" not in markdown
    assert EVIL in json.dumps(stored_of(Path("r")), ensure_ascii=False).replace('\\"', '"')
    for line in markdown.splitlines():
        if "alert" in line and not line.startswith("two-chairs"):
            assert "\\`c\\` \\*d\\* \\[e\\](f)" in line, line
            assert " \\| " in line
    assert "~~~\ntwo-chairs run evil.toml --worlds 3 --seed 0\n" in markdown


@pytest.mark.slow
def test_workers_change_no_letter():
    words = ("report", "evil.toml", "--worlds", "3", "--out")
    two_chairs(*words, "here")
    two_chairs(*words, "there", "--workers", "2")
    for name in ("report.html", "report.md"):
        here, there = (
            Path(folder, name).read_text(encoding="utf-8") for folder in ("here", "there")
        )
        assert there.replace("--out there --workers 2", "--out here") == here


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_a_result_is_made_again_bit_for_bit(monkeypatch):
    words = ["run", "evil.toml", "--worlds", "5", "--seed", "7", "--no-luck", "--out", "my run"]
    monkeypatch.setattr(sys, "argv", ["two-chairs", *words])
    two_chairs(*words)
    Path("evil.toml").unlink()
    assert two_chairs("report", "my run", "--out", "r").exit_code == 0
    text = Path("r/report.md").read_text(encoding="utf-8")
    assert "every number of its summary came out the same" in text
    assert "no chance in choices or attacks; " in text
    assert "; 5 worlds, seed 7" in text
    assert "two-chairs run evil.toml --worlds 5 --seed 7 --no-luck --out 'my run'" in text
    assert read_run(Path("my run")).ensemble().scenario.name == "evil"


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_a_changed_summary_is_told():
    two_chairs("run", "evil.toml", "--worlds", "3", "--out", "run")
    path = Path("run/summary.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["tilt"]["p50"][3] += 0.001
    path.write_text(json.dumps(stored), encoding="utf-8")
    two_chairs("report", "run", "--out", "r")
    assert "differs in: tilt. Other" in Path("r/report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_what_compares_with_lost_files_is_left_out_and_told():
    Path("mine.toml").write_text(
        'title = "x"\nquestion = "y"\nextends = "evil"\n[[expect]]\ntext = "t"\n'
        'outcome = "tilt"\nat = 2020-12-28\nagainst = "evil"\nabove = -2.0\n',
        encoding="utf-8",
    )
    two_chairs("run", "mine.toml", "--worlds", "3", "--out", "run")
    two_chairs("report", "run", "--out", "with")
    Path("evil.toml").unlink()
    assert two_chairs("report", "run", "--out", "without").exit_code == 0
    assert "no longer at hand" not in Path("with/report.md").read_text(encoding="utf-8")
    text = Path("without/report.md").read_text(encoding="utf-8")
    assert "came out the same. The scenarios that some expectations compare with" in text
    assert "and so is what other scenarios would change" in text


@pytest.mark.parametrize("more", [(), ("--fixed", "--no-luck")])
@pytest.mark.slow
def test_one_world_and_one_week(more):
    week = SHORT.replace("end = 2020-12-28", "end = 2020-01-06").split("[[add]]", maxsplit=1)[0]
    Path("week.toml").write_text(week, encoding="utf-8")
    done = two_chairs("report", "week.toml", "--worlds", "1", *more)
    assert done.exit_code == 0, done.output
    [page] = Path("results").rglob("report.html")
    text = page.read_text(encoding="utf-8")
    assert "The scenario has no recorded event." in text
    assert "None of the recorded events moves the tilt." in text
    assert "the same 1 simulated world." in text


@pytest.mark.usefixtures("undrawn")
def test_nothing_is_told_of_files_that_the_report_makes_for_itself():
    Path("rows.csv").write_text(
        "id,date,actor,target,action,says,document\nE1,2020-03-02,RUS,ARM,visit,a visit,a note\n"
    )
    late = SHORT.replace("events = []", 'events = ["rows.csv"]\nagents_act_from = 2020-01-13')
    Path("late.toml").write_text(late, encoding="utf-8")
    told = two_chairs("report", "late.toml", "--worlds", "1").stderr
    assert "late.toml: agents_act_from: " in told
    assert "two-chairs-report-" not in told


@pytest.mark.usefixtures("undrawn")
def test_bad_input_is_told_in_one_line():
    assert refused("report", "basline") == (
        "error: basline: no scenario has this name; did you mean 'baseline'?"
    )
    Path("empty").mkdir()
    assert refused("report", "empty") == (
        "error: empty: is no folder of results: it holds no manifest.json; "
        "name one that a command has left"
    )
    shutil.copytree("empty", "cut")
    Path("cut/manifest.json").write_text('{"kind": "ru')
    assert refused("report", "cut") == (
        "error: cut/manifest.json: is damaged: it holds no object of JSON; make the result again, "
        "in another folder"
    )
    Path("cut/manifest.json").write_text('{"kind": "sweep"}')
    assert refused("report", "cut") == (
        "error: cut: is a result of another kind (sweep); "
        "name a folder that 'two-chairs run' has left"
    )
    two_chairs("run", "evil.toml", "--worlds", "1", "--out", "run")
    assert refused("report", "run", "--worlds", "9") == (
        "error: --worlds: run is a result and keeps its own; leave it out, or name the scenario"
    )
    manifest = json.loads(Path("run/manifest.json").read_text(encoding="utf-8"))
    manifest["scenario"]["parameters"]["negativity"]["value"] = 1.0
    Path("run/manifest.json").write_text(json.dumps(manifest))
    assert refused("report", "run") == (
        "error: run/manifest.json: scenario: was changed since the run; "
        "make the result again with 'two-chairs run'"
    )
    del manifest["seed"]
    Path("run/manifest.json").write_text(json.dumps(manifest))
    assert refused("report", "run") == (
        f"error: run/manifest.json: seed: Field required: was changed, or is of version {version}; "
        f"this is {version}; make the result again"
    )


def test_markdown_shows_a_text_as_it_is():
    assert escape_markdown("a_b | `c`\n- d") == "a\\_b \\| \\`c\\` - d"
    assert escape_markdown("- no list") == "\\- no list"
    assert escape_markdown("1. no list") == "1\\. no list"
    assert escape_markdown("-0.17") == "-0.17"
    assert escape_markdown("---") == "\\---"
    assert fenced("a\n~~~\nb") == "~~~~\na\n~~~\nb\n~~~~"


def test_what_other_files_of_the_folder_say_is_not_told_of_this_one(elsewhere):
    short_scenario(elsewhere)
    lines = ['title = "o"', 'question = "q"', 'extends = "short.toml"', "[[add]]", 'id = "Z1"']
    lines += ["date = 2020-02-03", 'actor = "RUS"', 'target = "ARM"', 'action = "visit"']
    lines += ["weight = 60", 'document = "d"', 'says = "s"']
    (elsewhere / "other.toml").write_text("\n".join(lines), encoding="utf-8")
    ensemble = Ensemble(load_scenario("short.toml"), 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [switch.words for switch in what_ifs(ensemble, "short.toml")] == ["o"]
