"""Claim files: what is claimed, where it stands in the source, and which test it is put to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from two_chairs.errors import InputError
from two_chairs.scenario.library import at_hand, bundled, find, is_path, no_such
from two_chairs.scenario.text import shown
from two_chairs.vocabulary import Frozen, Text
from two_chairs_lab.designs.plans import KINDS, RangeEntry, open_plan

from .kinds import AnyTest


class ClaimFile(Frozen):
    """A claim as an analyst writes it."""

    title: Text
    question: Text
    paragraph: int | None = None
    rows: tuple[Text, ...] = ()
    says: Text
    missing: Text | None = None
    scenario: Text = "baseline"
    points: Annotated[int, Field(ge=1, le=100_000)] = 512
    replicates: Annotated[int, Field(ge=1, le=10_000)] = 32
    seed: Annotated[int, Field(ge=0)] = 0
    coding: bool = True
    ranges: dict[str, RangeEntry] = {}
    test: AnyTest


@dataclass(frozen=True, slots=True)
class Source:
    """A claim with the file it stands in."""

    path: Path
    file: ClaimFile

    @property
    def name(self) -> str:
        """Its id: the file's name without ending."""
        return self.path.stem

    def resized(self, size: Mapping[str, int]) -> Source:
        """Return the claim with another number of points or replicates, or another seed."""
        return replace(self, file=self.file.model_copy(update=dict(size)))

    def where(self, key: str) -> str:
        """Return where a key stands, as errors name it."""
        return f"{shown(self.path)}: {key}"


def bundled_claims() -> dict[str, Path]:
    """Return the bundled claims by full name, ``case/name``."""
    return bundled("claim")


def known_claims() -> dict[str, Path]:
    """Return the bundled claims and those of the user's own cases, by full name."""
    return bundled_claims() | at_hand("claim")


def read_claim(name: str) -> Source:
    """Read a claim by its name or path; raises `InputError` with every problem."""
    found = None if is_path(name) else find(name, "claim")
    path = found or Path(name)
    if not path.is_file() and not is_path(path):
        raise InputError.at(f"claim {name}", no_such(name, "claim"))
    plan = open_plan(path)
    if plan is None or not KINDS["claim"].keys & set(plan.table):
        text = "is no claim; a claim has 'says' and a table [test]: see docs/claims.md"
        raise InputError.at(shown(path), text)
    return Source(path, plan.as_record(ClaimFile))
