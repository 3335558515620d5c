"""One digest for each scenario: equal for this NumPy and these CPU features, near for any others.

Renew the file, and tell the change in CHANGELOG.md, with: python tests/model/test_equal_bits.py
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from two_chairs.outcomes import INDICES
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

pytestmark = [pytest.mark.regression, pytest.mark.long]

FILE = Path(__file__).with_name("digests.json")
WORLDS = 3
NEAR = 1e-9
"""How far an index may lie from itself where NumPy takes other paths through the CPU."""
QUICK = ("armenia/baseline", "georgia/baseline")


def features() -> list[str]:
    """Return what NumPy found in this CPU, beyond what it was built for."""
    return list(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))


def measured(name: str) -> dict[str, object]:
    """Return the digest of all indices of some worlds of a scenario, and where they end."""
    paths = TwoChairs(load_scenario(name), range(WORLDS), seed=5, vary=True, record=INDICES).run()
    values = np.stack([paths.outcome(index) for index in INDICES])
    digest = hashlib.sha256(np.ascontiguousarray(values, dtype="<f8").tobytes()).hexdigest()
    return {"digest": digest, "end": values[:, -1].ravel().tolist()}


def here(names) -> dict[str, object]:
    """Return what a file of digests holds."""
    made = {name: measured(name) for name in names}
    return {"numpy": np.__version__, "features": features(), "scenarios": made}


def same(names) -> None:
    stored, now = json.loads(FILE.read_text(encoding="utf-8")), here(names)
    alike = all(stored[key] == now[key] for key in ("numpy", "features"))
    for name in names:
        then, found = stored["scenarios"][name], now["scenarios"][name]
        assert found["end"] == pytest.approx(then["end"], abs=NEAR), name
        assert not alike or found["digest"] == then["digest"], name


def test_two_scenarios_are_bit_for_bit_what_they_were():
    same(QUICK)


@pytest.mark.slow
def test_every_scenario_is_bit_for_bit_what_it_was():
    same(sorted(json.loads(FILE.read_text(encoding="utf-8"))["scenarios"]))


@pytest.mark.slow
@pytest.mark.parametrize("level", ["none of them", "half of them"])
def test_other_paths_through_the_cpu_lead_to_the_same_numbers(level):
    found = features()
    if not found:
        pytest.skip("NumPy has found nothing in this CPU beyond what it was built for")
    off = found if level == "none of them" else found[len(found) // 2 :]
    ended = subprocess.run(
        [sys.executable, __file__, *QUICK], check=True, capture_output=True, text=True,
        env=os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(off),
                          "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    now = json.loads(ended.stdout)
    assert not set(off) & set(now["features"])
    stored = json.loads(FILE.read_text(encoding="utf-8"))["scenarios"]
    for name in QUICK:
        assert now["scenarios"][name]["end"] == pytest.approx(stored[name]["end"], abs=NEAR), name


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write(json.dumps(here(sys.argv[1:])))
    else:
        text = json.dumps(here(sorted(bundled_scenarios())), indent=1)
        FILE.write_text(text + "\n", encoding="utf-8")
