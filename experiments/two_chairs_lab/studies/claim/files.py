"""Claim files: what is claimed, where it stands in the source, and which test it is put to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from two_chairs.axes import Patron, Posture
from two_chairs.errors import InputError, nearest
from two_chairs.scenario.library import bundled_folder
from two_chairs.scenario.text import check_table, read_toml, shown
from two_chairs.vocabulary import Day, Frozen, Text, Weeks
from two_chairs_lab.studies.sweep.study import RangeEntry

FOLDER = "claims"
Direction = Literal["falls", "rises"]


class Payoff(Frozen):
    """What a posture pays an actor: an outcome of the model, or its opposite."""

    id: Text
    of: Patron | Literal["pivot"]
    outcome: Text
    sign: Literal[1, -1] = 1


class ForcedPostures(Frozen):
    """That one posture is no better than the best of others, all forced from the same date."""

    kind: Literal["forced-postures"]
    tested: Posture
    against: Annotated[tuple[Posture, ...], Field(min_length=1)]
    since: Day
    until: Day
    before: Day
    after: Day
    map: tuple[Text, Text]
    payoffs: Annotated[tuple[Payoff, ...], Field(min_length=1)]


class FirstBreak(Frozen):
    """That one shock is the first to push an outcome below a threshold."""

    kind: Literal["first-break"]
    claimed: Text
    outcome: Text
    thresholds: Annotated[tuple[float, ...], Field(min_length=1)]
    until: Day
    shocks: dict[str, tuple[Text, ...]]


class Never(Frozen):
    """That a state is never reached between two dates."""

    kind: Literal["never"]
    claimed: Text
    since: Day
    until: Day
    states: dict[str, Text]


class Steps(Frozen):
    """That outcomes move as claimed with some steps, against the same luck without them."""

    kind: Literal["steps"]
    at: Day
    weeks: Weeks
    expected: dict[str, Direction]
    steps: dict[str, tuple[Text, ...]]


class Dose(Frozen):
    """That a parameter's size keeps something from happening which a smaller one lets happen."""

    kind: Literal["dose"]
    parameter: Text
    claimed: float
    levels: Annotated[tuple[float, ...], Field(min_length=2)]
    where: Text
    beside: tuple[Text, ...] = ()
    also: tuple[Text, ...] = ()


AnyTest = Annotated[ForcedPostures | FirstBreak | Never | Steps | Dose, Field(discriminator="kind")]


class ClaimFile(Frozen):
    """A claim as an analyst writes it."""

    title: Text
    question: Text
    paragraph: int | None = None
    rows: tuple[Text, ...] = ()
    says: Text
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

    def place(self, key: str) -> str:
        """Return the place of a key, as errors name it."""
        return f"{shown(self.path)}: {key}"


def bundled_claims() -> dict[str, Path]:
    """Return the bundled claims by name, the file's stem."""
    return {path.stem: path for path in sorted(bundled_folder().glob(f"*/{FOLDER}/*.toml"))}


def read_claim(name: str) -> Source:
    """Read a claim by its name or path; raises `InputError` with every problem."""
    bundled = bundled_claims()
    path = bundled.get(name) or Path(name)
    if not path.is_file() and path.suffix != ".toml":
        raise InputError.at(f"claim {name}", f"no claim of this name; {nearest(name, bundled)}")
    table = read_toml(path)
    if not {"test", "says"} & set(table):
        text = "is no claim; a claim has 'says' and a table [test]: see docs/claims.md"
        raise InputError.at(shown(path), text)
    file, problems = check_table(ClaimFile, table, shown(path))
    if file is None or problems:
        raise InputError(problems)
    if file.scenario.endswith(".toml"):
        file = file.model_copy(update={"scenario": str(path.parent / file.scenario)})
    return Source(path, file)
