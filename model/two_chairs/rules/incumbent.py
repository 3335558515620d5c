"""The incumbent patron: the pole of old, that sits on the first chair."""

from __future__ import annotations

from two_chairs.axes import INCUMBENT, INCUMBENT_ACTS

from .patron import Patron


class IncumbentPatron(Patron):
    """The patron of old; neglects, warns, rewards or coerces unless the case says otherwise."""

    seat = INCUMBENT
    options = INCUMBENT_ACTS


BEHAVIOUR = IncumbentPatron
