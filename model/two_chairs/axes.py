"""The axes of the model: domains, patrons, roles, postures, regimes.

Arrays are written by named axes. ``domains`` has length three, ``patrons`` length two (the
incumbent first), ``postures`` length four, and the last axis is always ``worlds``.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]
Domain = Literal["security", "economy", "politics"]
DOMAINS: tuple[Domain, ...] = get_args(Domain)
SECURITY, ECONOMY, POLITICS = range(3)
Patron = Literal["incumbent", "rival"]
PATRONS: tuple[Patron, ...] = get_args(Patron)
INCUMBENT, RIVAL = range(2)
Role = Literal["pivot", "incumbent", "rival", "adversary", "bystander"]
ROLES: tuple[Role, ...] = get_args(Role)
NEEDED_ROLES: tuple[Role, ...] = ("pivot", "incumbent", "rival")
"""Roles that exactly one actor of a case holds; any number may hold another, or nobody."""
Posture = Literal["LOYAL", "HEDGE", "PIVOT", "NEUTRAL"]
POSTURES: tuple[Posture, ...] = get_args(Posture)
LOYAL, HEDGE, PIVOT, NEUTRAL = range(4)
Act = Literal["NEGLECT", "HOLD", "WARN", "REWARD", "COERCE", "OFFER", "DISENGAGE", "ATTACK"]
ACTS: tuple[Act, ...] = get_args(Act)
"""The acts that patrons have in common; a repertoire is a part of them, in this order."""
SILENT_ACTS = ("NEGLECT", "HOLD", "REFRAIN", "ATTACK")
"""Choices by which no act of the choice itself reaches the pivot; an attack is an act apart."""
Bond = Literal["load", "attention", "fatigue"]
"""What may bind a patron: a war elsewhere, attention to the neighbourhood, fatigue of offers."""
IncumbentAct = Literal["NEGLECT", "WARN", "REWARD", "COERCE"]
INCUMBENT_ACTS: tuple[IncumbentAct, ...] = get_args(IncumbentAct)
NEGLECT, WARN, REWARD, COERCE = range(4)
RivalAct = Literal["HOLD", "OFFER", "DISENGAGE"]
RIVAL_ACTS: tuple[RivalAct, ...] = get_args(RivalAct)
HOLD, OFFER, DISENGAGE = range(3)
AdversaryAct = Literal["REFRAIN", "ATTACK"]
ADVERSARY_ACTS: tuple[AdversaryAct, ...] = get_args(AdversaryAct)
REFRAIN, ATTACK = range(2)
Regime = Literal["incumbent-chair", "two-chairs", "rival-chair", "between-chairs"]
REGIMES: tuple[Regime, ...] = get_args(Regime)
INCUMBENT_CHAIR, TWO_CHAIRS, RIVAL_CHAIR, BETWEEN_CHAIRS = range(4)
Condition = Literal["war_load", "engagement", "peace", "stake", "transit"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)


def everywhere(flags: Flags) -> bool:
    """Say whether flags hold in every world: for shortcuts alone, which change no result.

    A week that is traced (`two_chairs.compiled`) never takes the shortcut: what it spares must
    come to the same.
    """
    return isinstance(flags, np.ndarray) and bool(flags.all())


def constant(values: object) -> NDArray[Any]:
    """Return an array that nothing can write to: a table of a rule."""
    table = np.array(values)
    table.flags.writeable = False
    return table
