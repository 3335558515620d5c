"""How a parameter of the model is declared: default, unit, range, meaning and source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["literature", "fitted", "assumption", "given"]
LARGEST = 100.0
"""Size of a parameter that its meaning does not bound, above which arithmetic may overflow."""
UNBOUNDED = (-LARGEST, LARGEST)
SHARE = (0.0, 1.0)
NONNEGATIVE = (0.0, LARGEST)
WEEKS = (0.5, 5200.0)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """What is known of one parameter apart from its value in a run.

    Attributes
    ----------
    name, symbol
        Full word used in files and at the borders of functions; symbol of ``docs/model.md``.
    default
        Value unless a case or scenario says otherwise; ``None`` where a case must give it.
    low, high
        Range that is varied by default; ``None`` with a ``None`` default.
    unit, meaning, source, reference
        Prose for people: ``source`` is ``literature``, ``fitted``, ``assumption`` or ``given``
        (by the case file, which carries its own source).
    bounds
        Smallest and largest value that makes sense.
    group
        Name of the simplex to which the parameter belongs, if any: its members sum to one.
    varied
        Whether default ensembles draw it from its range (definitions and switches are not drawn).
    measurement
        Whether it says how the position is measured and not how anybody behaves: a stated
        convention, which a study of sensitivity varies as a family of its own.
    is_switched_off
        Whether it belongs to a rule that is off unless it is asked for: its range is a point, and
        it has no coordinate among the points of ensembles.
    optional
        Whether a scenario has it only where a file gives it: a patron's own number.
    follows
        The shared parameter whose number stands until a patron's own is given, if there is one.
    """

    name: str
    symbol: str
    default: float | None
    low: float | None
    high: float | None
    unit: str
    meaning: str
    source: Source
    reference: str
    bounds: tuple[float, float]
    group: str | None
    varied: bool
    measurement: bool
    is_switched_off: bool = False
    optional: bool = False
    follows: str | None = None


def parameter(
    symbol: str,
    default: float | None,
    range_: tuple[float, float] | None,
    unit: str,
    meaning: str,
    source: Source = "assumption",
    reference: str = "assumption; the range is a judgement",
    *,
    bounds: tuple[float, float] = NONNEGATIVE,
    group: str | None = None,
    varied: bool = True,
    measurement: bool = False,
    after: str | None = None,
    is_switched_off: bool = False,
) -> Any:
    """Declare one field of `Parameters`.

    Arguments are those of `ParameterInfo`; ``after`` names the parameter that it follows in tables,
    where it is declared elsewhere.
    """
    low, high = range_ if range_ is not None else (None, None)
    info = (symbol, default, low, high, unit, meaning, source, reference, bounds, group)
    drawn = (varied and not measurement, measurement, is_switched_off)
    return field(metadata={"info": (*info, *drawn), "after": after})


def switched_off(symbol: str, unit: str, meaning: str, reference: str) -> Any:
    """Declare a rule that is off at zero and never drawn: its range is a point, until one is given.

    Such a field has no coordinate among the points of ensembles, so that adding one moves none.
    """
    return parameter(
        symbol,
        0.0,
        (0.0, 0.0),
        unit,
        meaning,
        "assumption",
        reference,
        bounds=SHARE,
        varied=False,
        is_switched_off=True,
    )


def given(
    symbol: str,
    unit: str,
    meaning: str,
    *,
    bounds: tuple[float, float] = SHARE,
    measurement: bool = False,
) -> Any:
    """Declare a field whose number, range and source stand in the case file."""
    return parameter(
        symbol,
        None,
        None,
        unit,
        meaning,
        "given",
        "case file",
        bounds=bounds,
        measurement=measurement,
    )


def half(value: float) -> tuple[float, float]:
    """Return the range of half to one and a half times a value, smaller end first."""
    low, high = sorted((0.5 * value, 1.5 * value))
    return round(low, 6), round(high, 6)


def definition(
    symbol: str, default: float, range_: tuple[float, float], meaning: str, *, bounds: Any = SHARE
) -> Any:
    """Declare a number that defines a measure: it has a range but is not drawn by default."""
    return parameter(symbol, default, range_, "share", meaning, bounds=bounds, varied=False)
