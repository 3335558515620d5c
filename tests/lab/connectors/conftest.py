"""A scenario short enough to run world by world."""

import pytest

from builders import short_scenario


@pytest.fixture
def short(tmp_path) -> str:
    """Return the path of a scenario of forty weeks, with agents that act."""
    return short_scenario(tmp_path)
