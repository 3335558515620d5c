"""Output in whatever encoding it is asked for, and an end that leaves nothing behind."""

from __future__ import annotations

import codecs
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PLAIN = {
    "−": "-", "–": "-", "—": "-", "…": "...", "±": "+/-", "×": "x", "→": "->", "≤": "<=",
    "≥": ">=", "≈": "~", "·": ".", "’": "'", "‘": "'", "“": '"', "”": '"', "█": "#", "░": ".",
}  # fmt: skip
"""What is written where an encoding lacks a sign."""
ENDED = ("SIGTERM", "SIGHUP")
"""Signals that ask a command to end; not every system has both."""


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks in letters that every one has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(c, c.encode("unicode_escape").decode()) for c in lacking), error.end


codecs.register_error("two-chairs", _plain)


def plain_output() -> None:
    """Let no sign that the encoding of the output lacks end a command in mid-answer."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="two-chairs")


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """End as after Ctrl-C when the system asks for it: temporary files and workers go too."""

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # once is enough: what is left is cleared now
        sys.exit(128 + number)

    ours = []
    if threading.current_thread() is threading.main_thread():
        known = [getattr(signal, name) for name in ENDED if hasattr(signal, name)]
        ours = [number for number in known if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
