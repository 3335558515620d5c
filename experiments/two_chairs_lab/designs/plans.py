"""Plans: where they stand, and which kind a TOML file is."""

from __future__ import annotations

from pathlib import Path

from two_chairs.scenario.library import bundled_folder

FOLDER = "plans"
"""Folder of a case's plans."""
SWEEP_KEYS = frozenset({"scenarios", "ranges", "design", "replicates", "outcomes"})
CLAIM_KEYS = frozenset({"test", "says"})
"""Keys by which a plan that names no kind is known for one of a sweep, or for a claim."""


def bundled_plans() -> dict[str, Path]:
    """Return the bundled plans by name, the file's stem."""
    return {path.stem: path for path in sorted(bundled_folder().glob(f"*/{FOLDER}/*.toml"))}


def plan_path(name: str | Path) -> Path:
    """Return the file of a bundled plan of this name, else the name as a path."""
    return bundled_plans().get(str(name)) or Path(name)


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
