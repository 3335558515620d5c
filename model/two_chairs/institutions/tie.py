"""What all kinds of tie have in common: the record of a tie in a case."""

from __future__ import annotations

from two_chairs.axes import Patron
from two_chairs.vocabulary import ByDomain, Frozen, Key, Text, UnitInterval


class Tie(Frozen):
    """One institutional tie of the pivot: common part of all kinds."""

    id: Key
    name: Text
    seat: Patron
    start: UnitInterval
    weights: ByDomain
    source: Text
