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
from two_chairs.scenario.library import bundled_cases, bundled_scenarios
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

pytestmark = [pytest.mark.regression, pytest.mark.long]

FILE = Path(__file__).with_name("digests.json")
WORLDS = 3
NEAR = 1e-9
"""How far an index may lie from itself where NumPy takes other paths through the CPU."""
CLOSE = 1e-12
"""How far any index of any week may lie from itself there, with the same NumPy."""
QUICK = ("armenia/baseline", "georgia/baseline")
CASES = tuple(f"{case}/baseline" for case in sorted(bundled_cases()))
NUMPY, LIBRARY = "NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES"
LAST_PLACES = "TEST_LAST_PLACES"
WITHOUT = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX,-SSE4_1"


def features() -> list[str]:
    """Return what NumPy found in this CPU, beyond what it was built for."""
    return list(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))


def paths_of(name: str) -> np.ndarray:
    """Return all indices of some worlds of a scenario, week by week."""
    paths = TwoChairs(load_scenario(name), range(WORLDS), seed=5, vary=True, record=INDICES).run()
    return np.stack([paths.outcome(index) for index in INDICES])


def measured(name: str) -> dict[str, object]:
    """Return the digest of all indices of some worlds of a scenario, and where they end."""
    values = paths_of(name)
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


LEVELS = {
    "NumPy's first half": lambda found: {NUMPY: " ".join(found[len(found) // 2 :])},
    "none of NumPy's": lambda found: {NUMPY: " ".join(found)},
    "none of the C library's": lambda _: {LIBRARY: WITHOUT},
    "none at all": lambda found: {NUMPY: " ".join(found), LIBRARY: WITHOUT},
    "four last places away": lambda _: {LAST_PLACES: "4"},
}
"""What is switched off → the environment that does it. The last is no processor: it puts every
transcendental function by up to so many last places beside itself, as any may lie (NumPy's own
widest, AVX-512, promises four)."""


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_other_paths_through_the_cpu_lead_to_the_same_numbers(level, tmp_path):
    changed = LEVELS[level](features())
    if changed.get(NUMPY) == "":
        pytest.skip("NumPy has found nothing in this CPU beyond what it was built for")
    ended = subprocess.run(
        [sys.executable, __file__, str(tmp_path / "paths.npz"), *CASES], check=True,
        capture_output=True, text=True,
        env=os.environ | changed | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert not set(changed.get(NUMPY, "").split()) & set(ended.stdout.split())
    with np.load(tmp_path / "paths.npz") as there:
        for name in CASES:
            here = paths_of(name)
            assert np.abs(there[name] - here).max() < CLOSE, name
            assert level != "four last places away" or not np.array_equal(there[name], here)


def beside(function, places: int):
    """Return a function whose values lie up to some last places beside it; exact ones stay."""

    def moved(x, **how):
        values = function(x, **how)
        bits = np.asarray(x, dtype=float).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        steps = (bits >> np.uint64(40)) % np.uint64(2 * places + 1)
        exact = np.isin(np.abs(values), (0.0, 1.0)) | ~np.isfinite(values)
        off = np.spacing(np.abs(values)) * (steps.astype(float) - places)
        return values + np.where(exact, 0.0, off)

    return moved


if __name__ == "__main__":
    if sys.argv[1:]:
        if places := int(os.environ.get(LAST_PLACES, "0")):
            for curve in ("exp", "log", "tanh", "arctanh", "cbrt"):
                setattr(np, curve, beside(getattr(np, curve), places))
        np.savez(sys.argv[1], **{name: paths_of(name) for name in sys.argv[2:]})
        sys.stdout.write(" ".join(features()))
    else:
        text = json.dumps(here(sorted(bundled_scenarios())), indent=1)
        FILE.write_text(text + "\n", encoding="utf-8")
