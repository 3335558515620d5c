"""Scenarios written as files that stand alone."""

from pathlib import Path

from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.write import write_complete

for name in ("short.toml", "held.toml", "other/valid/every-key.toml"):
    folder = Path("written") / Path(name).stem
    folder.mkdir(parents=True)
    write_complete(load_scenario(name), folder)
