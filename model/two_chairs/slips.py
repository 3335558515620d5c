"""Slips of the pen: whether a word is another one written wrongly, and never its opposite."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

REVERSING = frozenset(
    ("against", "break", "cancel", "cut", "defy", "deny", "end", "expel", "freeze", "halt", "lift",
     "reduce", "refuse", "reject", "skip", "stop", "suspend", "violate", "withdraw")
)  # fmt: skip
"""Words that turn what stands behind them into its opposite."""
_NEGATING = ("un", "dis", "de", "non", "in", "ir", "im", "a", "anti", "counter")
_TURNING = REVERSING | {
    "delete", "drop", "high", "low", "max", "min", "never", "no", "non", "not", "remove", "without",
}  # fmt: skip
_ALIKE = 0.85
"""How alike two parts of names must be, of 1, where no single letter tells them apart."""
_PARTS = re.compile(r"[\W_]+")


def slipped(word: str, other: str, ratio: float = 0.88) -> bool:
    """Whether a word is another one with a slip, and not its opposite.

    Examples
    --------
    >>> slipped("treaten", "threaten"), slipped("resume", "reduce"), slipped("able", "unable")
    (True, False, False)
    """
    long, short = sorted((word, other), key=len, reverse=True)
    if long != short and long.endswith(short) and long.removesuffix(short) in _NEGATING:
        return False
    if min(len(word), len(other)) < 4:
        return word == other
    return one_slip(word, other) or SequenceMatcher(None, word, other).ratio() >= ratio


def one_slip(word: str, other: str) -> bool:
    """Whether two words differ by one letter: another, one more or less, or two exchanged."""
    long, short = sorted((word, other), key=len, reverse=True)
    if len(long) == len(short):
        wrong = [n for n, (a, b) in enumerate(zip(long, short, strict=True)) if a != b]
        exchanged = len(wrong) == 2 and sorted(long) == sorted(short) and wrong[1] - wrong[0] == 1
        return len(wrong) <= 1 or exchanged
    return len(long) == len(short) + 1 and any(
        long[:n] + long[n + 1 :] == short for n in range(len(long))
    )


def means(word: str, other: str) -> bool:
    """Say whether a name of several parts is another one with slips, or with parts left out.

    What differs turns no sense: no part is exchanged for another, and none that is left out or
    added is one that reverses. Numbers, as of years, are no slips.

    Examples
    --------
    >>> means("basline", "baseline"), means("replay", "replay-2013")
    (True, True)
    >>> means("attacks", "no-attacks"), means("reception_loss", "reception_gain")
    (False, False)
    """
    parts, others = _PARTS.split(word), _PARTS.split(other)
    if "".join(parts) == "".join(others):
        return True
    if len(parts) == len(others):
        return all(map(_same_part, parts, others))
    long, short = sorted((parts, others), key=len, reverse=True)
    rest = list(long)
    for part in short:
        if part not in rest:
            return False
        rest.remove(part)
    return not _TURNING & set(rest)


def _same_part(part: str, other: str) -> bool:
    if any(map(str.isdigit, part + other)):
        return part == other
    if min(len(part), len(other)) < 4:
        return part[:1] == other[:1] and one_slip(part, other)
    return slipped(part, other, _ALIKE)
