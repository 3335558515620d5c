"""Renew the goldens: ``python tests/goldens/renew.py [NAME…]`` makes all, or those that are named.

Look at what has changed with ``git diff`` before it is committed. Long files stand in the store as
sketches; to see them whole, before and after a change, write everything to two folders with
``--whole FOLDER`` and compare those.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]


@click.command()
@click.argument("names", nargs=-1)
@click.option("--whole", type=click.Path(path_type=Path), help="Write whole texts to this folder.")
def renew(names: tuple[str, ...], whole: Path | None) -> None:
    """Renew all goldens, or those of NAMES."""
    sys.path[:0] = [str(ROOT / part) for part in ("tests", "model", "experiments")]
    from goldens import keeping
    from goldens.cases import CASES

    if whole is not None:
        keeping.LONGEST = sys.maxsize
    store = whole or keeping.STORE
    store.mkdir(parents=True, exist_ok=True)
    for name in names or CASES:
        began = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            text = keeping.trace(CASES[name], Path(folder) / "here")
        (store / f"{name}.txt").write_text(text, encoding="utf-8")
        click.echo(f"{name}: {len(text):,} characters, {time.process_time() - began:.1f} s")
    if whole is not None:
        return
    for left in {path.stem for path in store.glob("*.txt")} - set(CASES):
        (store / f"{left}.txt").unlink()
    made = json.dumps(keeping.here(), indent=1)
    keeping.MADE_WITH.write_text(f"{made}\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
