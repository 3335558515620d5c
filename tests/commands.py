"""Commands as tests give them: in this process, refused, or in a process of their own."""

from __future__ import annotations

import os
import pkgutil
import signal
from pathlib import Path

from click.testing import CliRunner, Result

import two_chairs as model
import two_chairs_lab
from two_chairs_lab.cli.main import main

ROOT = Path(__file__).parents[1]
PLANS = ROOT / "scenarios" / "armenia" / "plans"


def two_chairs(*words: object, **options: object) -> Result:
    """Give a command in this process."""
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False, **options)


def refused(*words: object) -> str:
    """Return what a command says to input that it refuses; nothing is printed, nothing left."""
    before = files(Path())
    result = two_chairs(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert files(Path()) == before
    assert result.stderr.endswith("\n")
    return result.stderr.removesuffix("\n")


def files(folder: Path) -> set[Path]:
    """Return all that lies in a folder and below it."""
    return set(folder.rglob("*"))


def environment() -> dict[str, str]:
    """Return the environment of a process that is to find the program where this one does."""
    paths = [str(Path(package.__file__).parents[1]) for package in (model, two_chairs_lab)]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def dies_once(name: str, *asked: object) -> object:
    """Do the work of a function given by ``module:name``; the first who tries is killed."""
    if not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return pkgutil.resolve_name(name)(*asked)
