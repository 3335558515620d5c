"""Every command writes what it wrote when the goldens were made: numbers, texts, files.

The goldens are renewed with: python tests/goldens/renew.py
"""

from __future__ import annotations

import re

import pytest

from goldens.cases import CASES, COMMANDS, SLOW
from goldens.keeping import STORE, exactly, first_difference, told, trace

RENEW = "python tests/goldens/renew.py"


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in CASES],
)
def test_the_golden_is_as_it_was(name, tmp_path_factory):
    folder = tmp_path_factory.mktemp(name)
    now = trace(CASES[name], folder / "here")
    stored = (STORE / f"{name}.txt").read_text(encoding="utf-8")
    words = told(stored, now, exactly())
    if words is not None:
        (folder / "now.txt").write_text(now, encoding="utf-8")
        pytest.fail(
            f"{name}: {words}\nthe whole of it now: {folder / 'now.txt'}; its files: "
            f"{folder / 'here'}; if it is meant: {RENEW} {name}",
            pytrace=False,
        )


def test_every_golden_is_stored_and_every_command_has_one():
    assert {path.stem for path in STORE.glob("*.txt")} == set(CASES)
    group = (STORE / "help.txt").read_text(encoding="utf-8").partition("=== 2. ")[0]
    commands = {name.split()[0] for name in COMMANDS}
    assert set(re.findall(r"^  (\w+)  ", group, flags=re.MULTILINE)) == commands
    used = {line.split()[0] for name, lines in CASES.items() if name != "help" for line in lines}
    assert commands <= used


@pytest.mark.parametrize(
    ("stored", "now", "close"),
    [
        ("tilt 0.1", "tilt 0.1", True),
        ("tilt 0.1, 3", "tilt 0.10000000001, 3", True),
        ("tilt 1e-17", "tilt 0.0", True),
        ("−.5", "−0.5", True),
        ("tilt 0.1", "tilt 0.1001", False),
        ("tilt 0.1", "split 0.1", False),
        ("tilt 0.1", "tilt 0.1 0.2", False),
        ("tilt 0.1 and", "tilt 0.1", False),
        (f"{0:064x}", f"{1:064x}", True),
        (f"{0:064x}", "0", False),
    ],
)
def test_on_another_machine_last_digits_may_differ(stored, now, close):
    assert (first_difference(stored, now, exact=False) is None) is close
    assert (first_difference(stored, now, exact=True) is None) is (stored == now)
