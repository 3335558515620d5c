"""The state of a page as typed records: what is open, what was changed on it, which worlds run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from two_chairs.errors import InputError
from two_chairs.scenario.library import bundled_scenarios, find
from two_chairs.scenario.records import DatedCondition, EventRow, Intervention, Scenario
from two_chairs.vocabulary import Frozen, Weight
from two_chairs_lab.engine import WORLDS as USUAL
from two_chairs_lab.engine.ensemble import Ensemble

Dated = DatedCondition | Intervention
MOST_WORLDS = 2000
"""Worlds that a page runs at most: the first ones of a larger result."""
TEMPORARY = "two-chairs-view-"
"""What the names of folders begin with that go with the page."""


class Settings(Frozen):
    """Which worlds the page runs: by default those of ``two-chairs run``."""

    worlds: Annotated[int, Field(ge=1, le=MOST_WORLDS)] = USUAL
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    vary: bool = True
    luck: bool = True


class Changes(Frozen):
    """What was changed on the page.

    Attributes
    ----------
    off
        Ids of events that are switched off.
    weights
        Id of an event → its weight here; its range follows.
    added
        Events that were added.
    parameters
        Parameter → value, the same in all worlds.
    dated
        Conditions and interventions added.
    title, question
        Of the scenario with its changes; those of the base if empty.
    """

    off: tuple[str, ...] = ()
    weights: dict[str, Weight] = {}
    added: tuple[EventRow, ...] = ()
    parameters: dict[str, float] = {}
    dated: tuple[Dated, ...] = ()
    title: str = ""
    question: str = ""

    def count(self) -> int:
        """Return how many things were changed."""
        parts = (self.off, self.weights, self.added, self.parameters, self.dated)
        return sum(map(len, parts))


class PageRecord(Frozen):
    """A state of the page by itself, as a link, a saved file and the tray hold it."""

    scenario: str
    changes: Changes = Changes()
    settings: Settings = Settings()


@dataclass(frozen=True, slots=True)
class Base:
    """The scenario that changes are laid on.

    Attributes
    ----------
    name
        Bundled name or absolute path, as a file that extends it names it.
    scenario
        The scenario as it resolves.
    """

    name: str
    scenario: Scenario

    @property
    def is_kept(self) -> bool:
        """Whether its files stay when the page is closed: else they are saved with the changes."""
        temporary = any(part.startswith(TEMPORARY) for part in Path(self.name).parts)
        return self.name in bundled_scenarios() or not temporary


@dataclass(frozen=True, slots=True)
class PageState:
    """A base, the changes on it, and the worlds to run: the whole state of a page."""

    base: Base
    changes: Changes = Changes()
    settings: Settings = Settings()

    def record(self) -> PageRecord:
        """Return the state by itself."""
        return PageRecord(scenario=self.base.name, changes=self.changes, settings=self.settings)

    def ensemble(self, scenario: Scenario) -> Ensemble:
        """Return the worlds of this state, of its scenario as it resolves."""
        chosen = self.settings
        return Ensemble(scenario, chosen.worlds, chosen.seed, chosen.vary, chosen.luck)


def link_text(record: PageRecord) -> str:
    """Return a record as a link holds it: as JSON, without what is as usual.

    Examples
    --------
    >>> link_text(PageRecord(scenario="armenia/baseline", settings=Settings(seed=3)))
    '{"scenario":"armenia/baseline","settings":{"seed":3}}'
    """
    content = record.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def read_link(text: str, allowed: Sequence[str]) -> PageRecord:
    """Return the record that a link holds.

    Parameters
    ----------
    text
        What `link_text` returned.
    allowed
        Scenarios that a link may open besides those that have names: it opens no other file.

    Raises
    ------
    InputError
        If it holds none, or opens a file that this page was not started with.
    """
    try:
        record = PageRecord.model_validate_json(text)
    except ValidationError:
        remedy = "is not one that this version of the page has made; copy it again"
        raise InputError.at("link", remedy) from None
    if record.scenario in allowed or find(record.scenario) is not None:
        return record
    text = f"opens '{record.scenario}'; start the page with: two-chairs view '{record.scenario}'"
    raise InputError.at("link", text)
