"""Kinds of test that a claim can be put to: a file each, and a name in the union here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .dose import Dose
from .first_break import FirstBreak
from .forced_postures import ForcedPostures
from .never import Never
from .steps import Steps

AnyTest = Annotated[ForcedPostures | FirstBreak | Never | Steps | Dose, Field(discriminator="kind")]
"""The test of a claim, told apart by its ``kind``."""
