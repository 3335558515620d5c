"""A scenario short enough to run world by world."""

import pytest


@pytest.fixture
def short(tmp_path) -> str:
    """Return the path of a scenario of forty weeks, with agents that act."""
    path = tmp_path / "short.toml"
    path.write_text(
        'title = "short"\nquestion = "?"\nextends = "baseline"\nevents = []\ntargets = []\n'
        "end = 2020-10-05\nagents_act_from = 2020-03-02\n"
        '[[conditions]]\nid = "war-load"\ndate = 2020-02-03\ncondition = "war_load"\nvalue = 0.5\n'
        'source = "test"\n',
        encoding="utf-8",
    )
    return str(path)
