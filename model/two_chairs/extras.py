"""Optional packages, imported late, with one line on how to get them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import InputError

PACKAGES = {"sklearn": "scikit-learn", "python_calamine": "python-calamine",
            "ema_workbench": "EMA Workbench", "distributed": "Dask"}  # fmt: skip
"""Names under which packages are installed, where modules have another."""
CHECKOUT = Path(__file__).parents[2]


def remedy(extra: str) -> str:
    """Return the command that installs an extra here: in a checkout, or beside what is installed.

    Examples
    --------
    >>> remedy("view").split(" ", 2)[:2]
    ['pip', 'install']
    """
    if not (CHECKOUT / "pyproject.toml").is_file():
        return f'pip install "two-chairs[{extra}]"'
    if CHECKOUT == Path.cwd():
        return f'pip install -e ".[{extra}]"'
    return f'pip install -e "{CHECKOUT}[{extra}]"'


def needed(module: str, extra: str = "sweep", place: str = "sweep") -> Any:
    """Import a module of an extra; raises `InputError` that says how to get it."""
    try:
        return import_module(module)
    except ImportError:
        raise missing(module.partition(".")[0], extra, place) from None


def require(module: str, extra: str, place: str) -> None:
    """Raise `InputError` that says how to get a module, if it is not installed; imports nothing."""
    if find_spec(module) is None:
        raise missing(module, extra, place)


def missing(module: str, extra: str, place: str) -> InputError:
    """Return the error of a package that is not installed."""
    text = f"{PACKAGES.get(module, module)} is not installed; install it with: {remedy(extra)}"
    return InputError.at(place, text)
