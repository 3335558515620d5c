"""Names of outcomes are explained."""

from __future__ import annotations

import pytest

from builders import quiet, run
from two_chairs.errors import InputError

pytestmark = pytest.mark.unit


def test_outcome_names_are_explained():
    paths = run(quiet(2))
    for name, message in (
        ("tlit", "did you mean 'tilt'"),
        ("ARM>RUS:securty", "did you mean 'security'"),
        ("chose:RUS:REWRAD", "did you mean 'REWARD'"),
        ("seat:incumbent", "'seat:incumbent' is not an outcome; did you mean"),
    ):
        with pytest.raises(InputError, match=message.replace("(", r"\(")):
            paths.outcome(name)
