"""The rival patron: the other pole, that sits on the second chair."""

from __future__ import annotations

from two_chairs.axes import RIVAL, RIVAL_ACTS

from .patron import Patron


class RivalPatron(Patron):
    """The other pole; holds, offers or disengages unless the case says otherwise."""

    seat = RIVAL
    options = RIVAL_ACTS


BEHAVIOUR = RivalPatron
