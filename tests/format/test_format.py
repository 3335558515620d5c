"""The input door: good files pass; bad ones give exactly the promised lines and leave nothing.

Every `invalid/NAME.expected` holds what standard error says of NAME.toml, NAME.csv or the main
file of the folder NAME, read with `invalid` as the working directory.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

import two_chairs as package
import two_chairs_lab
from builders import mostly_long
from commands import files, two_chairs
from two_chairs.errors import Caution, InputError
from two_chairs.scenario.files import read_case
from two_chairs.scenario.layers import input_files
from two_chairs.scenario.library import bundled_folder, bundled_scenarios, default_case
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario

pytestmark = pytest.mark.format

HERE = Path(__file__).parent
VALID = sorted(
    path.relative_to(HERE).as_posix()
    for path in (HERE / "case.toml", *(HERE / "valid").rglob("*.*"))
)
SCENARIOS = [name for name in VALID if name.endswith(".toml") and not name.endswith("case.toml")]
MAIN_FILES = ("main.toml", "codebook.csv", "observations.csv", "decisions.csv", "case.toml")


def main_file(name: str) -> str:
    places = [f"{name}.toml", f"{name}.csv", *(f"{name}/{file}" for file in MAIN_FILES)]
    return next(place for place in places if (HERE / "invalid" / place).is_file())


INVALID = {path.stem: main_file(path.stem) for path in sorted(HERE.glob("invalid/*.expected"))}
INVALID_SCENARIOS = {
    name: file
    for name, file in INVALID.items()
    if file.endswith(".toml") and not name.startswith("case-")
}


def lines(name: str) -> str:
    return (HERE / "invalid" / f"{name}.expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", VALID)
def test_a_good_file_passes(name, monkeypatch):
    monkeypatch.chdir(HERE)
    result = two_chairs("check", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{name}: ")
    assert result.stdout.endswith(": good\n")


@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_good_scenario_runs(name, elsewhere):
    result = two_chairs("run", HERE / name, "--worlds", "2", "--json", "--fixed")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    ids = ("ORL", "BIG", "FAR", "FOE") if "lone" in name else ("VES", "KRN", "LGE", "DOL", "ISL")
    assert set(answer["alignment"]) == {f"{a}>{b}" for a in ids for b in ids if a != b}
    assert not files(elsewhere)


@pytest.mark.parametrize(
    "name",
    mostly_long(name for name in bundled_scenarios() if name.startswith(f"{default_case()}/")),
)
def test_every_scenario_of_the_default_case_resolves_on_both_scales(name, tmp_path):
    words = f'title = "t"\nquestion = "q"\nextends = "{name}"\nscale = "plover"\n'
    (tmp_path / "other.toml").write_text(words, encoding="utf-8")
    other, usual = load_scenario(str(tmp_path / "other.toml")), load_scenario(name)
    assert other.scale == "plover"
    assert [event.id for event in other.events] == [event.id for event in usual.events]
    scores = [[event.goldstein for event in each.events] for each in (other, usual)]
    assert scores[0] != scores[1] or scores == [[], []]


def test_what_good_scenarios_resolve_to():
    every = load_scenario(str(HERE / "valid" / "every-key.toml"))
    assert [event.id for event in every.events] == ["E1", "E3", "E4", "B1", "B2", "A1", "A2"]
    assert every.events[3].says == 'Karn threatened\non two lines, and said "no".'
    assert [entry.id for entry in every.conditions] == ["peace"]
    assert [entry.id for entry in every.interventions] == ["hold", "press", "guard"]
    assert every.parameters["observer_gain"].low == 0.1
    assert every.institutions == {"PACT": 0.4, "LADDER": 0.2}
    top = load_scenario(str(HERE / "valid" / "chain-3.toml"))
    assert [(event.id, event.action) for event in top.events] == [
        ("E2", "visit"), ("E4", "criticise"), ("E1", "praise"),
    ]  # fmt: skip
    assert top.parameters["negativity"].value == 1.4
    symbols = load_scenario(str(HERE / "valid" / "parameters-by-symbol.toml"))
    assert symbols.parameters["institution_share"].value == 0.0
    assert symbols.parameters["utility_autonomy"].value == 0.25


@pytest.mark.parametrize("name", INVALID)
def test_a_bad_file_is_explained(name, monkeypatch):
    monkeypatch.chdir(HERE / "invalid")
    before = files(HERE)
    result = two_chairs("check", INVALID[name])
    assert result.stderr == lines(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert files(HERE) == before


@pytest.mark.long
@pytest.mark.parametrize("name", INVALID_SCENARIOS)
def test_a_bad_scenario_does_not_run(name, monkeypatch):
    monkeypatch.chdir(HERE / "invalid")
    before = files(HERE)
    result = two_chairs("run", f"./{INVALID_SCENARIOS[name]}", "--worlds", "2", "--out", "new")
    assert result.stderr == lines(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert files(HERE) == before


def test_lines_name_a_file_and_a_remedy():
    for name in INVALID:
        told = lines(name).splitlines()
        assert told
        assert len(told) == len(set(told))
        for line in told:
            if line.startswith("note: "):
                assert re.fullmatch(r"note: [\w./-]+: read as .+", line), line
                continue
            assert re.fullmatch(r"error: [\w./-]+\.(toml|csv): .+(; .+|\?( \(.+\))?)", line), line


def test_all_files_are_told_at_once(monkeypatch):
    monkeypatch.chdir(HERE / "invalid")
    result = two_chairs("check", "extra-cell.csv", "../case.toml", "extends-a-number.toml")
    assert result.stderr == lines("extra-cell") + lines("extends-a-number")
    assert result.stdout.count("good") == 1
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("check", "scnario.toml"), "scnario.toml: there is no such file; "
         "did you mean 'scenario.toml'?"),
        (("check", "rows.csv"), "rows.csv: there is no such file; check the path"),
        (("check", "folder.toml"), "folder.toml: this is a folder; name a file in it"),
        (("run", "./folder.toml"), "folder.toml: this is a folder; name a file in it"),
        (("check", "notes.txt"), "notes.txt: is neither .toml nor a table such as .csv; "
         "name a scenario, case or event file"),
        (("check", "scenario.toml/x.toml"), "scenario.toml/x.toml: can not be read "
         "(Not a directory); check the file"),
        (("check", "loop.toml"), "loop.toml: can not be read "
         "(Too many levels of symbolic links); check the file"),
        (("run", "basline"), "basline: no scenario has this name; "
         "did you mean 'baseline'?"),
        (("show", "basline"), "basline: no scenario has this name; "
         "did you mean 'baseline'?"),
        (("show", "baseline", "--against", "scnario.toml"), "scnario.toml: there is no such file; "
         "did you mean 'scenario.toml'?"),
    ],
)  # fmt: skip
def test_a_place_that_holds_no_file(words, line, elsewhere):
    (elsewhere / "folder.toml").mkdir()
    (elsewhere / "scenario.toml").write_text("")
    (elsewhere / "loop.toml").symlink_to("loop.toml")
    before = files(elsewhere)
    result = two_chairs(*words)
    assert (result.exit_code, result.stderr) == (2, f"error: {line}\n")
    assert files(elsewhere) == before


@pytest.mark.parametrize("name", mostly_long(bundled_scenarios()))
def test_a_bundled_scenario_resolves_and_survives_json(name):
    assert two_chairs("check", bundled_scenarios()[name]).exit_code == 0
    scenario = load_scenario(name)
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


@pytest.mark.long
def test_bundled_tables_are_good():
    tables = list(bundled_folder().rglob("*.csv"))
    assert len(tables) >= 3
    result = two_chairs("check", *tables, *bundled_folder().rglob("case.toml"))
    assert (result.exit_code, result.stderr) == (0, "")


def words_of_the_case() -> list[str]:
    """Ids stand as whole words; names also begin words, as in Armenian."""
    found = []
    for path in bundled_folder().rglob("case.toml"):
        case = read_case(path)
        ids = [*case.actors, *(tie.id for tie in case.institutions)]
        names = [entry.name for entry in (*case.actors.values(), *case.institutions)]
        found += [rf"\b{re.escape(word)}\b" for word in ids]
        found += [rf"(?i:\b{re.escape(word)})" for word in names]
    return [
        *found,
        r"(?i:\b(armenian?|russian?|azer[bi]|azeri|georgian?|ukrain|karabakh|syunik)\b)",
    ]


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [
                line
                for line in body
                if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ]
    return tree


@pytest.mark.slow
def test_the_code_knows_no_word_of_the_case():
    words = re.compile("|".join(words_of_the_case()))
    sources = [
        path
        for package in (package, two_chairs_lab)
        for path in sorted(Path(package.__file__).parent.rglob("*.py"))
    ]
    assert len(sources) > 20
    for path in sources:
        code = ast.unparse(without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))
        hits = [line for line in code.splitlines() if words.search(line)]
        assert not hits, f"{path.name}: {hits}"


@pytest.mark.long
@pytest.mark.slow
def test_an_invented_state_is_told_of_in_its_own_words(elsewhere):
    result = two_chairs(
        "run", HERE / "valid" / "lone" / "plain.toml", "--worlds", "2", "--format", "svg"
    )
    assert result.exit_code == 0
    assert "of simulated worlds Orla " in " ".join(result.stdout.split())
    drawings = [path.read_text(encoding="utf-8") for path in elsewhere.rglob("*.svg")]
    drawn = re.findall(r"<!--(.*?)-->", "".join(drawings))  # the texts of the figures
    assert any("Orla" in text for text in drawn)
    words = re.compile("|".join(words_of_the_case()))
    assert not [text for text in (*drawn, result.stdout) if words.search(text)]


def test_event_files_of_the_scenario_extended_need_no_path(tmp_path):
    (tmp_path / "mine.csv").write_text(EVENT_HEADER + OWN_EVENT, encoding="utf-8")
    head = 'title = "a"\nquestion = "b"\nextends = "baseline"\n'
    own = tmp_path / "own.toml"
    own.write_text(head + 'events = ["events/article.csv", "mine.csv"]\n', encoding="utf-8")
    with pytest.warns(Caution, match="leaves out the 30 events of baseline"):
        ids = {event.id for event in load_scenario(str(own)).events}
    assert {"S03", "MINE"} <= ids
    assert "C01" not in ids
    used = {path.name for path in input_files(str(own))}
    assert {"own.toml", "baseline.toml", "case.toml", "article.csv", "mine.csv"} <= used
    own.write_text(head + 'events = ["events/articel.csv"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"there is no file 'events/articel\.csv'"):
        load_scenario(str(own))


def test_actions_are_checked_even_far_from_a_case(tmp_path):
    table = tmp_path / "deep" / "far" / "mine.csv"
    table.parent.mkdir(parents=True)
    table.write_text(EVENT_HEADER + OWN_EVENT.replace("joint-exercise", "joint-exercize"),
                     encoding="utf-8")  # fmt: skip
    result = two_chairs("check", table)
    assert result.exit_code == 2
    assert (
        "'joint-exercize' is not in the codebook; did you mean 'joint-exercise'?" in result.stderr
    )


def test_a_file_named_without_its_ending_is_pointed_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gas.toml").write_text("", encoding="utf-8")
    result = two_chairs("run", "gas")
    problem = "no scenario has this name; to use the file here write gas.toml"
    assert (result.exit_code, result.stderr) == (2, f"error: gas: {problem}\n")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("baseline/", "baseline"), ("./baseline", "baseline"),
        ("armenia\\baseline", "armenia/baseline"), ("armenia/baseline/", "armenia/baseline"),
        ("armenia/", "armenia/baseline"), ("gas.toml/", "gas.toml"),
    ],
)  # fmt: skip
def test_a_name_with_more_signs_than_it_needs_is_told_in_full(name, meant, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = two_chairs("run", name)
    assert result.exit_code == 2
    assert result.stderr.endswith(f"write {meant}\n")


def test_a_file_may_end_in_capitals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = 'title = "Mine"\nquestion = "?"\nextends = "baseline"\n'
    Path("MINE.TOML").write_text(text, encoding="utf-8")
    plan = 'title = "P"\nquestion = "?"\nscenarios = ["MINE.TOML"]\n[ranges]\nfear = [0.2, 0.6]\n'
    Path("PLAN.TOML").write_text(
        plan.replace("[0.2, 0.6]", "{ low = 0.2, high = 0.6, levels = 2 }")
    )
    for words in (("check", "MINE.TOML"), ("show", "MINE.TOML"), ("check", "PLAN.TOML")):
        result = two_chairs(*words)
        assert result.exit_code == 0, result.stderr


def test_a_plan_names_the_scenario_that_it_does_not_find(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = 'title = "P"\nquestion = "?"\nscenarios = ["baseline", "nowhere"]\n'
    Path("plan.toml").write_text(
        f"{plan}[ranges]\nfear = {{ low = 0.2, high = 0.6, levels = 2 }}\n", encoding="utf-8"
    )
    told = two_chairs("check", "plan.toml").stderr
    assert told.startswith("error: plan.toml: scenarios: nowhere: no scenario has this name; ")


EVENT_HEADER = (
    "id,date,actor,target,action,goldstein,security,economy,politics,material,weight,weight_low,"
    "weight_high,severity,coverage,defended,document,paragraph,says,correction\n"
)
OWN_EVENT = "MINE,2023-05-01,WST,ARM,joint-exercise,,,,,,1,,,,,,me,,A drill of my own.,\n"
