"""Plans: which kind a TOML file is."""

from __future__ import annotations

from pathlib import Path

SWEEP_KEYS = frozenset({"scenarios", "ranges", "design", "replicates", "outcomes"})
CLAIM_KEYS = frozenset({"test", "says"})
"""Keys by which a plan that names no kind is known for one of a sweep, or for a claim."""


def plan_kind(path: Path) -> str | None:
    """Return what kind of plan a TOML file says it is, ``None`` for anything else."""
    from two_chairs.scenario.text import read_toml

    if path.suffix != ".toml" or not path.is_file():
        return None
    table = read_toml(path)
    if "kind" in table and "actors" not in table:
        return str(table["kind"])
    kinds = {"claim": CLAIM_KEYS, "sweep": SWEEP_KEYS}
    return next((kind for kind, known in kinds.items() if known & set(table)), None)
