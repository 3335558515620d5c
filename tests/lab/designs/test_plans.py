"""Plans: found by name or path, known for what they are, read as records."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import PLANS, refused
from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import KINDS, bundled_plans, find_plan, open_plan, plan_path
from two_chairs_lab.studies.sweep.study import Plan

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("elsewhere")]

HEAD = 'title = "t"\nquestion = "?"\n'


def written(folder, text):
    path = folder / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('kind = "sensitivity"', "sensitivity"),
        ('kind = "nothing"', "nothing"),
        ('scenarios = ["baseline"]', "sweep"),
        ('replicates = 2\nsays = "Yes."', "claim"),
        ("start = 2020-01-06", None),
        ('kind = "x"\n[actors]', None),
    ],
)
def test_a_file_is_known_for_what_it_is(text, kind, tmp_path):
    plan = open_plan(written(tmp_path, text))
    assert kind == (None if plan is None else plan.kind)


def test_bundled_plans_are_found_by_name_and_by_path():
    assert set(bundled_plans()) == {f"armenia/{path.stem}" for path in PLANS.glob("*.toml")}
    for name, path in bundled_plans().items():
        by_name, by_path = find_plan(name), find_plan(path)
        assert by_name == by_path
        assert by_name.kind in KINDS


def test_what_is_no_plan_is_none(tmp_path):
    assert find_plan("baseline") is None
    assert find_plan(tmp_path) is None
    assert find_plan("nothing.toml") is None
    assert plan_path("a folder/plan.toml").parts == ("a folder", "plan.toml")
    with pytest.raises(InputError, match=r"nothing\.toml: there is no such file"):
        open_plan(plan_path("nothing.toml"))
    with pytest.raises(
        InputError, match=r"wieghts: no plan has this name; did you mean 'weights'?"
    ):
        open_plan(plan_path("wieghts"))


@pytest.mark.parametrize("name", bundled_plans())
def test_every_bundled_plan_is_read_as_the_record_of_its_kind(name):
    plan = find_plan(name)
    record = plan.read()
    assert record == plan.as_record(type(record))
    assert f"{type(record).__module__}:{type(record).__name__}".endswith(KINDS[plan.kind].record)


def test_scenarios_that_are_files_stand_beside_the_plan(tmp_path):
    (tmp_path / "below").mkdir()
    path = written(tmp_path / "below", 'scenarios = ["mine/own.toml", "baseline"]')
    assert open_plan(path).as_record(Plan).scenarios == (
        str(tmp_path / "below" / "mine/own.toml"),
        "armenia/baseline",
    )


def test_an_unknown_kind_and_unknown_keys_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"mine\.toml: kind: 'swep' is no kind of plan; did you "):
        open_plan(written(tmp_path, 'kind = "swep"')).read()
    with pytest.raises(InputError, match=r"mine\.toml: point: unknown key; did you mean 'points'"):
        open_plan(written(tmp_path, "replicates = 2\npoint = 3")).read()


BAD = """title = "t"
question = "q"
scenario{s} = {name}
[ranges]
fear = {{ low = 1.5, high = 0.5 }}
"""


@pytest.mark.parametrize(
    ("command", "s", "name", "more"),
    [
        ("sweep", "s", '["baseline"]', ()),
        ("sensitivity", "", '"baseline"', ()),
        ("discover", "s", '["baseline"]', ("--where", "tilt@end < 0")),
    ],
)
def test_what_is_wrong_in_a_plan_is_said_of_its_file(command, s, name, more):
    Path("plan.toml").write_text(BAD.format(s=s, name=name), encoding="utf-8")
    said = refused(command, "plan.toml", *more)
    assert said.startswith("error: plan.toml: ranges.fear: the range 1.5 to 0.5 must rise")


def test_what_an_option_sets_is_said_of_the_option():
    Path("plan.toml").write_text(BAD.format(s="s", name='["baseline"]'), encoding="utf-8")
    said = refused("sweep", "plan.toml", "--param", "fear=3:2")
    assert said.splitlines()[-1].startswith("error: --param fear: the range 3 to 2 must rise")
