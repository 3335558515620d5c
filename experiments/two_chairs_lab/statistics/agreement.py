"""How far two or more coders agree: Cohen's κ and Krippendorff's α."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import permutations

Ratings = Sequence[Hashable | None]


def kappa(one: Ratings, other: Ratings) -> float:
    """Return Cohen's κ of two coders who each put every unit into one category.

    Parameters
    ----------
    one, other
        Categories, one a unit; units that either left blank (``None``) are passed over.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance, NaN where both use one category alone
        (Cohen 1960 Educ. Psychol. Meas. 20).
    """
    pairs = [pair for pair in zip(one, other, strict=True) if None not in pair]
    total = len(pairs)
    if not total:
        return float("nan")
    seen = sum(a == b for a, b in pairs) / total
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[key] * second[key] for key in first) / total**2
    return float("nan") if chance == 1.0 else (seen - chance) / (1.0 - chance)


def alpha(coders: Sequence[Ratings], *, interval: bool = False) -> float:
    """Return Krippendorff's α of any number of coders, some of whose units may be blank.

    Parameters
    ----------
    coders
        Values by coder, one a unit; ``None`` is blank. Units that fewer than two have coded are
        passed over.
    interval
        Whether values are numbers whose squared differences count; else equal or not.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance, NaN where there is no variation
        (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability).
    """
    units = [[v for v in unit if v is not None] for unit in zip(*coders, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    together: Counter[tuple[Hashable, Hashable]] = Counter()
    for unit in units:
        for pair in permutations(unit, 2):
            together[pair] += 1.0 / (len(unit) - 1)  # type: ignore[assignment]
    totals: Counter[Hashable] = Counter()
    for (value, _), weight in together.items():
        totals[value] += weight
    number = sum(totals.values())
    seen = sum(weight * _apart(*pair, interval) for pair, weight in together.items())
    chance = sum(
        totals[a] * totals[b] * _apart(a, b, interval) for a in totals for b in totals if a != b
    )
    return 1.0 - (number - 1.0) * seen / chance if chance else float("nan")


def _apart(one: Hashable, other: Hashable, interval: bool) -> float:
    """Return how far two values are apart: the square of numbers, else 0 or 1."""
    return (float(one) - float(other)) ** 2 if interval else float(one != other)  # type: ignore[arg-type]
