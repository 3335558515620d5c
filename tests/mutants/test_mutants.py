"""The harness of mutation testing: it works, and its list of survivors is of today's rules."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import measure

ENTRIES = [(module, one) for module in measure.modules_known() for one in measure.known(module)]


@pytest.mark.unit
@pytest.mark.parametrize(("module", "one"), ENTRIES)
def test_a_survivor_that_is_known_is_a_change_of_a_line_that_there_is(module, one):
    source = (measure.ROOT / f"model/two_chairs/{module}.py").read_text(encoding="utf-8")
    lines = {line.strip() for line in source.splitlines()}
    gone = [line[2:] for line in one.change.splitlines() if line.startswith("- ")]
    assert gone
    assert set(gone) <= lines


@pytest.mark.unit
def test_every_survivor_that_is_known_has_a_reason():
    reasons = [
        text for module in measure.modules_known() for text in measure.known(module).values()
    ]
    assert all(len(reason.split()) > 3 for reason in reasons)


@pytest.mark.unit
def test_a_survivor_that_is_not_known_is_told_as_it_would_be_listed():
    new = measure.Survivor("security_payoff", "- return 1.0 - x\n+ return 2.0 - x")
    told = measure.report(measure.Measured("rules/payoffs", 10, (new,)))
    assert told.startswith("rules/payoffs: 9 of 10 noticed (90 %), 1 not, of them 1 new\n")
    for line in ("[[survivor]]", 'module = "rules/payoffs"', 'function = "security_payoff"',
                 "- return 1.0 - x", "+ return 2.0 - x"):  # fmt: skip
        assert f"\n{line}\n" in told


@pytest.mark.unit
def test_a_rule_is_tried_by_the_tests_by_hand_of_its_folder():
    found = measure.by_hand(["rules/payoffs"])
    assert "tests/model/rules/test_payoffs.py" in found
    assert not [name for name in found if "_properties" in name or "/rules/" not in name]


@pytest.mark.unit
def test_of_a_module_without_functions_mutmut_is_not_asked(monkeypatch):
    monkeypatch.setattr(measure, "mutmut", None)
    assert not measure.has_functions("rules/rival")
    assert not measure.has_functions("mechanisms/mechanism")
    assert measure.has_functions("rules/bystander")
    found = measure.measure(["rules/rival", "rules/incumbent"])
    assert found == [measure.Measured(name, 0, ()) for name in ("rules/rival", "rules/incumbent")]
    told = measure.report(found[0])
    assert told == "rules/rival: there is nothing in it that mutmut changes\n"


@pytest.mark.unit
def test_a_module_whose_functions_all_have_decorators_has_none_to_change(monkeypatch, tmp_path):
    monkeypatch.setattr(measure, "ROOT", tmp_path)
    (tmp_path / "model/two_chairs").mkdir(parents=True)
    file = tmp_path / "model/two_chairs/one.py"
    file.write_text("class A:\n    @property\n    def b(self):\n        return 1\n", "utf-8")
    assert not measure.has_functions("one")
    file.write_text("class A:\n    def b(self):\n        return 1\n", "utf-8")
    assert measure.has_functions("one")


@pytest.mark.unit
def test_what_tests_by_hand_do_not_notice_is_tried_by_whole_runs(monkeypatch):
    name = "two_chairs.rules.payoffs.x_autonomy_payoff__mutmut_{}".format
    rounds, asked = [{1: "killed", 2: "survived", 3: "no tests"}, {2: "killed", 3: "survived"}], []

    def mutmut(stage, command, *words, shown=False):
        if command == "show":
            return "# x: survived\n--- a.py\n+++ a.py\n@@ -1 +1 @@\n-    one\n+    two\n"
        if command == "results":
            return "".join(f"    {name(n)}: {end}\n" for n, end in rounds[len(asked) - 1].items())
        asked.append((words[2:], (stage / "pyproject.toml").read_text(encoding="utf-8")))
        return ""

    monkeypatch.setattr(measure, "mutmut", mutmut)
    (found,) = measure.measure(["rules/payoffs"])
    assert (found.total, found.killed) == (3, 2)
    assert found.survivors == (measure.Survivor("autonomy_payoff", "- one\n+ two"),)
    (first, by_hand), (second, whole) = asked
    assert (first, second) == ((), (name(2), name(3)))
    for settings, test, marks in (
        (by_hand, "rules/test_payoffs.py", "not long and not slow"),
        (whole, "test_stored_run.py", "not (unit and long) and not slow"),
    ):
        chosen = tomllib.loads(settings)["tool"]["mutmut"]
        assert chosen["only_mutate"] == ["src/two_chairs/rules/payoffs.py"]
        assert f"tests/model/{test}" in chosen["pytest_add_cli_args_test_selection"]
        assert chosen["pytest_add_cli_args"][-2:] == ["-m", marks]


@pytest.mark.command
@pytest.mark.slow
@pytest.mark.needs("mutmut")
def test_changes_of_one_small_module_are_noticed():
    (found,) = measure.measure(["rules/payoffs"], shown=False)
    assert found.total > 20
    assert found.killed >= 0.9 * found.total
    assert set(found.survivors) <= set(measure.known("rules/payoffs"))


@pytest.mark.command
@pytest.mark.slow
@pytest.mark.needs("mutmut")
def test_changes_that_no_test_looks_at_survive(monkeypatch):
    monkeypatch.setattr(measure, "by_hand", lambda _: ["tests/model/rules/test_choice.py"])
    monkeypatch.setattr(measure, "WHOLE_RUNS", ["tests/model/rules/test_payoffs.py"])
    (found,) = measure.measure(["rules/choice"], shown=False)
    assert "worthwhile" in {one.function for one in found.survivors}
    assert found.killed > 0
