"""The curves of all bundled scenarios, as `two-chairs changes` reads them from a checkout.

Renew them with ``python tests/goldens/curves.py``, and look at what moved with
``two-chairs changes``.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORLDS = 32


def write_curves(checkout: Path) -> None:
    """Write a file a scenario: medians, shares, their errors, in the last week of each quarter."""
    from two_chairs.scenario.library import bundled_scenarios
    from two_chairs_lab.studies.changes.study import GOLDENS

    for name in bundled_scenarios():
        path = checkout / GOLDENS / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{json.dumps(key)}: {json.dumps(told)}" for key, told in _summary(name).items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _summary(name: str) -> dict[str, object]:
    """Return the part of a run's summary that holds curves."""
    from two_chairs.axes import REGIMES
    from two_chairs.scenario.resolve import load_scenario
    from two_chairs_lab.engine.ensemble import Ensemble
    from two_chairs_lab.studies.run.study import FAN_INDICES, errors, run_result

    result = run_result(Ensemble(load_scenario(name), WORLDS), None)
    paths = result.paths
    days = paths.dates
    kept = [
        week for week, (day, after) in enumerate(pairwise(days))
        if (day.month - 1) // 3 != (after.month - 1) // 3
    ] + [len(days) - 1]  # fmt: skip

    def at(values: list[float]) -> list[float]:
        return [values[week] for week in kept]

    by_name = errors(paths)
    shares = by_name.pop("regime_shares")
    return {
        "scenario": name,
        "dates": [days[week].isoformat() for week in kept],
        **{i: {"p50": at(result.quantiles(i)[1].round(6).tolist())} for i in FAN_INDICES},
        "regime_shares": {r: at(paths.regime_share(r).round(6).tolist()) for r in REGIMES},
        "monte_carlo_errors": {
            **{index: at(values) for index, values in by_name.items()},
            "regime_shares": {regime: at(values) for regime, values in shares.items()},
        },
    }


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / part) for part in ("tests", "model", "experiments")]
    write_curves(ROOT)
