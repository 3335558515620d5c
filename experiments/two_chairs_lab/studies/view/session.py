"""What a page remembers between two looks: the state, those before it, the tray, the problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from two_chairs.errors import InputError
from two_chairs.scenario.library import find, settled
from two_chairs.scenario.records import DatedCondition, EventRow, Intervention, Scenario
from two_chairs_lab.studies.run.manifest import is_result

from .changes import resolved
from .files import at_home, base_of, opened
from .state import Changes, Dated, PageState, Settings, read_link

MOST_UNDONE = 50
SOURCE = "added on the live page"


@dataclass
class Session:
    """A page while it is open.

    Attributes
    ----------
    name
        What is open, as the user named it.
    now
        The state that is shown; it always resolves.
    scenario
        What ``now`` resolves to.
    past
        States before it, the last one last.
    tray
        Name → state that was kept to be shown beside others.
    problems
        Control → what is wrong with what was asked there last.
    command
        The command that runs what was saved last.
    """

    name: str
    now: PageState
    scenario: Scenario
    past: list[PageState] = field(default_factory=list)
    tray: dict[str, PageState] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    command: str = ""

    @classmethod
    def of(cls, name: str, settings: Settings | None = None) -> Session:
        """Open a scenario or a result; raises `InputError` if it can not be."""
        state = opened(name, settings)
        named = name if is_result(name) else settled(name)
        return cls(named, state, resolved(state.base, state.changes))

    @property
    def changes(self) -> Changes:
        """What is changed now."""
        return self.now.changes

    def reference(self) -> PageState:
        """Return what all differences are against: the base as opened, in the same worlds."""
        return replace(self.now, changes=Changes())

    # --- changing, each with the control that a problem belongs to --------------------------------

    def change(self, where: str, **updates: Any) -> None:
        """Change what is laid on the base."""
        changes = self.changes.model_copy(update=updates)
        self.go_to(where, replace(self.now, changes=changes))

    def go_to(self, where: str, state: PageState) -> None:
        """Show another state and remember this one; a state that does not resolve is refused."""
        self.tried(where, lambda: self._go_to(state))

    def tried(self, where: str, do: Callable[[], None]) -> bool:
        """Do something, and keep what is wrong at its control; say whether it could be done."""
        try:
            do()
        except (InputError, OSError) as error:
            self.problems[where] = str(error).splitlines()
            return False
        self.problems.pop(where, None)
        return True

    def _go_to(self, state: PageState) -> None:
        if state == self.now:
            return
        scenario = resolved(state.base, state.changes)
        self.past = [*self.past, self.now][-MOST_UNDONE:]
        self.now, self.scenario, self.command = state, scenario, ""

    def undo(self) -> None:
        """Go back by one state."""
        if self.past:
            past = self.past
            self._go_to(past[-1])
            self.past, self.problems = past[:-1], {}

    def reset(self) -> None:
        """Go back to the base as opened, without any change; the worlds stay."""
        self._go_to(self.reference())
        self.problems = {}

    def open(self, where: str, name: str, settings: Settings | None = None) -> None:
        """Open something else of the page's own folder; what was kept in the tray stays."""

        def do() -> None:
            if find(name) is None:
                at_home(Path(name))
            fresh = Session.of(name, settings)
            fresh.tray = self.tray
            self.__dict__.update(fresh.__dict__)

        self.tried(where, do)

    def follow(self, text: str) -> None:
        """Show the state that a link holds."""

        def do() -> None:
            here = self.now.base
            record = read_link(text, (here.name,))
            base = here if record.scenario == here.name else base_of(record.scenario)
            self._go_to(PageState(base, record.changes, record.settings))
            self.name, self.past = base.name, []

        self.tried("link", do)

    # --- events -----------------------------------------------------------------------------------

    def switch(self, ids: Sequence[str], on: bool) -> None:
        """Switch events on or off."""
        off = [key for key in self.changes.off if key not in ids]
        self.change("events", off=tuple(off if on else [*off, *ids]))

    def weigh(self, event: str, weight: float) -> None:
        """Give an event another weight; its own weight undoes the change."""
        own = next(e.weight for e in self.now.base.scenario.events if e.id == event)
        weights = {k: v for k, v in self.changes.weights.items() if k != event}
        self.change("events", weights=weights | ({} if weight == own else {event: weight}))

    def add_event(self, row: EventRow) -> None:
        """Add an event."""
        self.change("form", added=(*self.changes.added, row))

    def remove_event(self, event: str) -> None:
        """Remove an event that was added."""
        self.change("events", added=tuple(r for r in self.changes.added if r.id != event))

    # --- parameters and what is set on a date -----------------------------------------------------

    def fix(self, name: str, value: float) -> None:
        """Fix a parameter at a value in every world."""
        self.change("parameters", parameters=self.changes.parameters | {name: value})

    def release(self, name: str) -> None:
        """Let a parameter be drawn again, as it was when the page was opened."""
        kept = {key: value for key, value in self.changes.parameters.items() if key != name}
        self.change("parameters", parameters=kept)

    def set_on_date(self, kind: str, **fields: Any) -> None:
        """Set a posture, a condition, a tie, coercion or a parameter on a date."""
        taken = {entry.id for entry in self.scenario.conditions}
        taken |= {entry.id for entry in self.scenario.interventions}
        record: dict[str, Any] = {"id": free_id(f"{kind}-", taken), "source": SOURCE}
        values = record | fields
        made: Dated = DatedCondition(**values) if kind == "condition" else Intervention(**values)
        dated = sorted((*self.changes.dated, made), key=lambda d: isinstance(d, Intervention))
        self.change("dated", dated=tuple(dated))

    def unset(self, entry: str) -> None:
        """Remove what was set on a date."""
        self.change("dated", dated=tuple(d for d in self.changes.dated if d.id != entry))


def free_id(stem: str, taken: set[str]) -> str:
    """Return the first numbered id that is not taken.

    Examples
    --------
    >>> free_id("E", {"E1", "E3"})
    'E2'
    """
    return next(f"{stem}{n}" for n in range(1, 10_000) if f"{stem}{n}" not in taken)
