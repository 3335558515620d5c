"""The bundled scenarios keep to the article (numbers of the specification, section 10)."""

from __future__ import annotations

import re
import shutil

import pytest

from builders import bundled, mostly_long
from two_chairs.errors import InputError, Notice
from two_chairs.scenario import library
from two_chairs.scenario.library import (
    bundled_case,
    bundled_folder,
    bundled_scenarios,
    default_case,
    scenario_path,
)
from two_chairs.scenario.resolve import load_reference, load_scenario
from two_chairs.scenario.write import write_complete

pytestmark = pytest.mark.property


@pytest.mark.parametrize("text", [None, "", "default = 3", 'default = "atlantis"', "default ="])
def test_a_damaged_list_of_cases_is_told_in_one_line(text, tmp_path, monkeypatch):
    monkeypatch.setattr(library, "bundled_folder", lambda: tmp_path)
    if text is not None:
        (tmp_path / "library.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"library\.toml: .*; ") as caught:
        library.default_case()
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    "name", mostly_long(n for n in bundled_scenarios() if n.startswith("armenia/"))
)
def test_36_targets_never_enter_the_queue(name):
    outcomes = {"S02", "S04", "S08", "S35", "S37", "S39", "S41"}
    assert not {event.id for event in bundled(name).events} & outcomes
    assert {target.id for target in bundled(name).targets} <= outcomes


def test_36_all_dated_targets_are_scored():
    scored = {target.id for target in bundled().targets}
    assert scored == {"S02", "S04", "S08", "S37", "S39", "S41"}


def test_35_a_date_that_is_not_the_articles_carries_a_note():
    as_given = {"S12", "S13", "S13b", "S21", "S21b"}
    for entry in bundled("article").events:
        assert entry.correction or entry.id in as_given, entry.id


# What names mean


def own_case(folder, title="Mine", scenarios=("baseline",)):
    """Make a case folder: the bundled case under another title, with scenarios of its own."""
    folder.mkdir(parents=True)
    text = bundled_case().read_text(encoding="utf-8")
    (folder / "case.toml").write_text(
        re.sub("title = .*", f'title = "{title}"', text, count=1), encoding="utf-8"
    )
    for name in scenarios:
        (folder / f"{name}.toml").write_text(BARE.format(title=f"{title} {name}"), encoding="utf-8")
    return folder


BARE = 'title = "{title}"\nquestion = "?"\nstart = 2020-01-06\nend = 2020-03-30\nevents = []\n'


def test_a_full_name_means_its_case_and_a_bare_one_the_default_case(elsewhere):
    assert load_scenario("armenia/baseline") == load_scenario("baseline")
    assert load_scenario("baseline").full_name == "armenia/baseline"
    assert "armenia/baseline" in bundled_scenarios()
    assert default_case() == "armenia"


@pytest.mark.long
def test_a_second_bundled_case_changes_no_bare_name(elsewhere, monkeypatch):
    bundle = elsewhere / "bundle"
    shutil.copytree(bundled_folder(), bundle)
    own_case(bundle / "aland", scenarios=("baseline", "article", "league"))
    own_case(bundle / "zembla")
    monkeypatch.setattr("two_chairs.scenario.library.bundled_folder", lambda: bundle)
    assert load_scenario("baseline").full_name == "armenia/baseline"
    assert scenario_path("article") == bundle / "armenia" / "article.toml"
    assert load_scenario("zembla/baseline").title == "Mine baseline"
    with pytest.raises(
        InputError, match=r"^league: no scenario has this name; write aland/league$"
    ):
        load_scenario("league")
    with pytest.raises(InputError, match=r"'zembla' is a case; write zembla/baseline$"):
        load_scenario("zembla")


def test_a_bare_name_means_the_case_that_is_the_current_folder(elsewhere, monkeypatch):
    monkeypatch.chdir(own_case(elsewhere / "mine"))
    assert load_scenario("baseline").full_name == "mine/baseline"
    assert load_scenario("mine/baseline").title == "Mine baseline"
    assert load_scenario("article").full_name == "armenia/article"
    assert load_scenario("armenia/baseline").full_name == "armenia/baseline"


def test_a_bare_name_means_the_case_folder_at_hand_and_says_so(elsewhere):
    own_case(elsewhere / "mine")
    with pytest.warns(Notice, match=r"^baseline: read as mine/baseline, of the case folder here$"):
        assert load_scenario("baseline").full_name == "mine/baseline"


def test_names_that_mean_several_files_are_refused_with_their_full_names(elsewhere):
    own_case(elsewhere / "mine")
    own_case(elsewhere / "yours")
    with pytest.raises(InputError, match=r"^baseline: .* write one of mine/baseline, yours/base"):
        load_scenario("baseline")
    assert load_scenario("yours/baseline").full_name == "yours/baseline"
    own_case(elsewhere / "armenia")
    with pytest.raises(
        InputError, match=r"^armenia/baseline: is a name of a bundled case and of a"
    ):
        load_scenario("armenia/baseline")


def test_a_file_of_a_case_means_its_own_case(elsewhere):
    folder = own_case(elsewhere / "mine", scenarios=("baseline", "base"))
    head = 'title = "t"\nquestion = "?"\nextends = '
    (folder / "what-if").mkdir()
    (folder / "what-if" / "a.toml").write_text(f'{head}"baseline"', encoding="utf-8")
    (folder / "b.toml").write_text(f'{head}"article"', encoding="utf-8")
    assert load_scenario(str(folder / "what-if" / "a.toml")).full_name == "mine/a"
    with pytest.raises(InputError, match=r"b\.toml: extends: no scenario 'article' stands beside "):
        load_scenario(str(folder / "b.toml"))
    (folder / "b.toml").write_text(f'{head}"armenia/article"', encoding="utf-8")
    assert load_scenario(str(folder / "b.toml")).full_name == "armenia/b"


def test_what_is_compared_with_stands_in_the_case_that_is_extended(elsewhere, monkeypatch):
    bundle = elsewhere / "bundle"
    shutil.copytree(bundled_folder(), bundle)
    own_case(bundle / "zembla", scenarios=("baseline", "no-attacks"))
    monkeypatch.setattr("two_chairs.scenario.library.bundled_folder", lambda: bundle)
    (elsewhere / "a.toml").write_text(
        'title = "t"\nquestion = "?"\nextends = "zembla/baseline"\n[[expect]]\ntext = "x"\n'
        'outcome = "tilt"\nat = 2020-03-02\nagainst = "no-attacks"\nabove = 0.0\n',
        encoding="utf-8",
    )
    assert load_reference("a.toml", "no-attacks", {}).full_name == "zembla/no-attacks"


def test_a_case_may_be_named_in_a_scenario(elsewhere):
    (elsewhere / "a.toml").write_text(
        BARE.format(title="x") + 'case = "armenia"\n', encoding="utf-8"
    )
    assert load_scenario("a.toml").full_name == "armenia/a"


@pytest.mark.long
def test_a_case_written_out_keeps_its_name(elsewhere):
    path = write_complete(load_scenario("baseline"), elsewhere)
    assert load_scenario(str(path)).full_name == "armenia/baseline"


@pytest.mark.parametrize("odd", ["mine\udcff.toml", "folder.toml"])
def test_what_can_be_no_scenario_is_none_whatever_its_name(odd, tmp_path, monkeypatch):
    folder = own_case(tmp_path / "mine")
    (folder / odd).mkdir() if odd == "folder.toml" else (folder / odd).touch()
    shutil.copytree(folder, tmp_path / "case\udcff")
    monkeypatch.chdir(tmp_path)
    mine = [name for name in library.known_scenarios() if name not in bundled_scenarios()]
    assert mine == ["mine/baseline"]
    assert library.cases_at_hand() == {"mine": folder}
