"""All roles together: the behaviour of each, from the file of its name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from two_chairs.axes import ROLES, Role

from .actor import Behaviour

BEHAVIOURS: Mapping[Role, type[Behaviour[Any, Any]]] = {
    role: import_module(f"{__package__}.{role}").BEHAVIOUR for role in ROLES
}
