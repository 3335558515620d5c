"""A stored run: today's program must give yesterday's numbers, or say why it does not.

Renew it, and tell the change in CHANGELOG.md, with: python tests/model/test_stored_run.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.regression

STORED = Path(__file__).parent / "stored_run.json"
NAMES = (
    "tilt", "split", "strain", "security", "welfare", "autonomy", "coercion", "fatigue",
    "ARM>RUS:security", "WST>ARM:politics", "belief:incumbent", "dependence:incumbent",
    "institution:CSTO", "chose:RUS:WARN", "chose:AZE:ATTACK", "regime:two-chairs",
)  # fmt: skip
EVERY = 26


def measured() -> dict[str, list[list[float]]]:
    """Return some outcomes of four worlds of the baseline, every half year."""
    paths = TwoChairs(load_scenario("baseline"), range(4), seed=11, vary=True).run()
    return {name: paths.outcome(name)[::EVERY].tolist() for name in NAMES}


def test_the_stored_run_is_reproduced():
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    now = measured()
    assert set(now) == set(stored)
    for name, values in now.items():
        assert np.array(values) == pytest.approx(np.array(stored[name]), abs=1e-10), name


if __name__ == "__main__":
    STORED.write_text(json.dumps(measured(), indent=0) + "\n", encoding="utf-8")
