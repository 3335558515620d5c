"""All roles together: the behaviour of each, from the file of its name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from two_chairs.axes import ROLES, Role

from .actor import Behaviour, Part, Tables

BEHAVIOURS: Mapping[Role, type[Behaviour[Any, Any]]] = {
    role: import_module(f"{__package__}.{role}").BEHAVIOUR for role in ROLES
}


def behaviour_of(role: Role, part: Part, tables: Tables) -> Behaviour[Any, Any]:
    """Return the behaviour of an actor by its role and the part that it plays in its case."""
    return BEHAVIOURS[role](part, tables)
