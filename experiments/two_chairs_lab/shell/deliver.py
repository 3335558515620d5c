"""Leaving a result's folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from two_chairs.errors import InputError


def leave_folder(folder: Path, kind: str, fill: Callable[[Path], None]) -> None:
    """Write a result's folder whole, or say in one line why it can not be written."""
    from two_chairs_lab.results.folder import write_folder

    try:
        write_folder(folder, kind, fill)
    except OSError as error:
        text = f"can not be written ({error.strerror}); make room or choose another place"
        raise InputError.at(f"--out {folder}", text) from None
