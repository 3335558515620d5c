"""The vocabulary of files: days, shares, scores, weights, texts, and records that are frozen."""

from __future__ import annotations

import datetime
import math
from datetime import timedelta
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
)


def _iso_day(value: object) -> object:
    """Accept a date or its ISO text, and nothing that would only be taken for one."""
    if isinstance(value, datetime.datetime):
        raise ValueError("is a time; give the date alone, as YYYY-MM-DD")
    if isinstance(value, datetime.date):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("is not a date of the calendar; write it as YYYY-MM-DD")


Day = Annotated[datetime.date, BeforeValidator(_iso_day)]
SUM_TOLERANCE = 1e-6
UnitInterval = Annotated[float, Field(ge=0.0, le=1.0)]
Alignment = Annotated[float, Field(gt=-1.0, lt=1.0)]
Score = Annotated[float, Field(ge=-10.0, le=10.0)]
Weight = Annotated[float, Field(ge=0.0, le=100.0)]
Weeks = Annotated[int, Field(ge=1, le=5200)]
NEVER = "never"


def _or_never(value: object, number: ValidatorFunctionWrapHandler) -> Any:
    return value if value == NEVER else number(value)


OrNever = (WrapValidator(_or_never), PlainSerializer(lambda value: value))
"""What lets a threshold be the word ``never`` instead of a number: see `threshold`."""
AlignmentOrNever = Annotated[Alignment, *OrNever]
ShareOrNever = Annotated[UnitInterval, *OrNever]
WeeksOrNever = Annotated[Weeks, *OrNever]


def threshold(value: float | str) -> float:
    """Return the number of a threshold; ``never`` is a number that nothing is above or below.

    Examples
    --------
    >>> 0.9 > threshold("never"), 0.9 > threshold(0.5)
    (False, True)
    """
    return math.nan if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, Field(pattern=r"^[^\s:>]+$")]
"""An id that outcomes are named by, as in ``A>B:security`` and ``institution:T``."""


class Frozen(BaseModel):
    """A checked record that can not be changed and knows its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Sparse(Frozen):
    """A record whose keys that are not given are not written either."""

    @model_serializer(mode="wrap")
    def _only_what_is_given(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        table: dict[str, Any] = plain(self)
        return {key: value for key, value in table.items() if value is not None}


class ByDomain(Frozen):
    """One number for each domain: a share, unless a kind of its own says otherwise."""

    security: UnitInterval
    economy: UnitInterval
    politics: UnitInterval

    def values(self) -> tuple[float, float, float]:
        """Return the numbers in the order of the domains axis."""
        return self.security, self.economy, self.politics


def monday(day: Day) -> Day:
    """Return the Monday of the week that holds a date.

    Examples
    --------
    >>> monday(datetime.date(2023, 12, 10)).isoformat()
    '2023-12-04'
    """
    return day - timedelta(days=day.weekday())
