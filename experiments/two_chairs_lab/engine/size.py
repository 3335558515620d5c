"""How much work is too much: refused before it begins, with what it would take."""

from __future__ import annotations

import shutil
from pathlib import Path

from two_chairs.errors import InputError

MOST_KEPT = 10**9
"""Worlds of a study that leaves its parts on disk."""
MOST_HELD = 10**8
"""Worlds of a study that holds what it finds in memory."""
A_SECOND = 13_000
"""Worlds that a core runs in a second, some."""
MANY = 50_000_000
"""Worlds from which a sweep says what it takes: an hour of one core."""
BYTES = 8
"""Bytes of one number of one world."""
MOST_AT_ONCE = 512 * 10**6
"""Bytes that worlds which run side by side leave week by week, at most."""


def check_worlds(worlds: int, numbers: int, *, kept: bool = False) -> None:
    """Refuse more worlds than can be kept or held.

    Parameters
    ----------
    worlds
        What is asked for.
    numbers
        Numbers that are wanted of each world.
    kept
        Whether these go to disk part by part, and not all to memory.

    Raises
    ------
    InputError
        With the time and the room that so many would take.
    """
    most = MOST_KEPT if kept else MOST_HELD
    if worlds <= most:
        return
    days, room = worlds / A_SECOND / 86_400, worlds * numbers * BYTES / 1e9
    has = f"{worlds:,}" if worlds < 10**15 else f"about 10^{len(str(worlds)) - 1}"
    time = f"{days:,.0f} days" if days < 10**9 else f"{days:.0e} days"
    size = f"{room:,.0f} GB" if room < 10**9 else f"{room:.0e} GB"
    where = "on disk" if kept else "in memory"
    text = f"{has} worlds would take some {time} of one core and {size} {where}, more than"
    remedy = "lower --replicates, --points or the number of scenarios"
    raise InputError.at("worlds", f"{text} the {most:,} that can be run; {remedy}")


def cost(worlds: int, numbers: int, folder: Path) -> str:
    """Say what very many worlds take, and what there is room for; nothing of fewer."""
    if worlds < MANY:
        return ""
    near = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    hours, room = worlds / A_SECOND / 3600, worlds * numbers * BYTES / 1e9
    free = shutil.disk_usage(near).free / 1e9
    return (
        f"; some {hours:,.0f} hours of one core, {room:,.0f} GB on disk ({free:,.0f} GB are free)"
    )
