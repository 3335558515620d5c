"""A resolved scenario and its parts: frozen records, checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from two_chairs.axes import (
    ACTS,
    PATRONS,
    POSTURES,
    ROLES,
    Act,
    Array,
    Bond,
    Condition,
    Patron,
    Posture,
    Regime,
    Role,
    constant,
)
from two_chairs.institutions.ties import AnyTie
from two_chairs.rules.actor import ActTable, Part
from two_chairs.rules.roles import BEHAVIOURS
from two_chairs.vocabulary import (
    Alignment,
    ByDomain,
    Day,
    Frozen,
    Key,
    Score,
    Sparse,
    Text,
    UnitInterval,
    Weight,
    monday,
)

from .codebook import OwnAction

CaseName = Annotated[str, Field(pattern=r"^[^\s:>/]*$")]
"""Name of a case: no spaces, and it names a folder."""


class Baseline(ByDomain):
    """Long-run alignment of one actor toward another, each in (−1, 1), with its source."""

    security: Alignment
    economy: Alignment
    politics: Alignment
    source: Text


def _codes(value: object) -> object:
    return (value,) if isinstance(value, str | int) and not isinstance(value, bool) else value


Codes = Annotated[tuple[Text, ...], BeforeValidator(_codes)]
CowCodes = Annotated[tuple[Annotated[int, Field(ge=2, le=999)], ...], BeforeValidator(_codes)]


def _act(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


KnownAct = Annotated[Act, BeforeValidator(_act)]
BONDS: Mapping[str, tuple[Bond, ...]] = {
    "incumbent": ("load",),
    "rival": ("attention", "fatigue"),
}
"""What binds a patron whose record does not say."""


class Actor(Frozen):
    """One actor: an id of the case, a name for readers, a role in the model.

    ``iso3`` and ``cow`` are the codes by which data sets know it, one or several: ISO 3166-1
    alpha-3, and the Correlates of War's state numbers.

    Attributes
    ----------
    role
        One role, or a patron's and ``adversary`` together: the patron is then a threat too.
    acts
        Repertoire of a patron, instead of that of its role.
    bound_by
        What binds a patron, instead of what binds its role.
    sphere
        Whether it takes others' gifts to the pivot for hostile; by default the incumbent does.
    counts_as
        Share of what its acts do to the pivot's attitude that counts toward a patron too.
    """

    name: Text
    role: Role
    acts: Annotated[tuple[KnownAct, ...], Field(min_length=1)] | None = None
    bound_by: tuple[Bond, ...] | None = None
    sphere: bool | None = None
    counts_as: dict[Patron, UnitInterval] | None = None
    iso3: Codes = ()
    cow: CowCodes = ()

    @model_validator(mode="before")
    @classmethod
    def _one_role(cls, table: Any) -> Any:
        """Read a patron that is an adversary too as a patron whose repertoire holds an attack."""
        roles = table.get("role") if isinstance(table, Mapping) else None
        if not isinstance(roles, list | tuple):
            return table
        patrons = [role for role in roles if role in PATRONS]
        if len(roles) == 1 and roles[0] in ROLES:
            return {**table, "role": roles[0]}
        if len(patrons) != 1 or sorted({*roles} - {*patrons}) != ["adversary"]:
            text = (
                f"the roles {', '.join(map(str, roles))} have no rule together; only a patron "
                "(incumbent or rival) can be an adversary too: name one role, or those two"
            )
            raise PydanticCustomError("no_rule", "{error}", {"error": text})
        usual = BEHAVIOURS[patrons[0]].options
        return {"acts": (*usual, "ATTACK"), **table, "role": patrons[0]}

    def options(self) -> tuple[str, ...]:
        """Return what it chooses among: its acts in the order of ``ACTS``, or those of its role."""
        usual = BEHAVIOURS[self.role].options
        return usual if self.acts is None else tuple(act for act in ACTS if act in self.acts)

    def bonds(self) -> frozenset[str]:
        """Return what binds it as a patron."""
        return frozenset(BONDS.get(self.role, ()) if self.bound_by is None else self.bound_by)

    def has_sphere(self) -> bool:
        """Say whether it takes others' gifts to the pivot for hostile."""
        return self.role == "incumbent" if self.sphere is None else self.sphere

    @model_serializer(mode="wrap")
    def _only_own_codes(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        table: dict[str, Any] = plain(self)
        return {key: value for key, value in table.items() if value not in ((), None)}


class Document(Frozen):
    """A source that events refer to by its key."""

    title: Text
    author: str = ""
    date: str = ""
    note: str = ""


class CaseParameter(Frozen):
    """A number that belongs to a case, with the range that ensembles draw it from."""

    value: float
    low: float
    high: float
    source: Literal["literature", "fitted", "assumption"]
    note: Text


class StartCondition(Frozen):
    """Value of an external condition at the start of a run."""

    value: UnitInterval
    source: Text


class Seat(Frozen):
    """What of a patron's seat stands without any of the listed institutions, by domain."""

    base: ByDomain
    source: Text


class PostureEntry(Frozen):
    """The engagement that a posture wants with each patron, by domain, with its source."""

    incumbent: ByDomain
    rival: ByDomain
    spread: UnitInterval
    source: Text


class ActEntry(ByDomain):
    """The numbers of an act that agents choose: domain weights, score, deed or word.

    A test of an alliance has no score here: its score follows from what was expected of it.
    """

    score: Score | None = None
    material: bool | None = None
    spread: UnitInterval
    source: Text


NEUTRAL_CONDITIONS: Mapping[Condition, float] = {
    "war_load": 0.0,
    "engagement": 1.0,
    "peace": 0.0,
    "stake": 0.0,
    "transit": 1.0,
}
"""Values of conditions that a case leaves out: as if there were no such thing."""
ChosenAct = Literal["WARN", "REWARD", "COERCE", "OFFER", "DISENGAGE", "ATTACK", "TEST"]


class Decisions(Frozen):
    """Numbers of the decision rules that a case gives instead of those of the program."""

    opening: Posture = "LOYAL"
    postures: dict[Posture, PostureEntry] = {}
    acts: dict[ChosenAct, ActEntry] = {}

    def engagements(self, usual: Array) -> Array:
        """Return the engagement that each posture wants, (postures, patrons, domains)."""
        table = usual.copy()
        for posture, entry in self.postures.items():
            own = (entry.incumbent.values(), entry.rival.values())
            table[POSTURES.index(posture)] = own
        return constant(table)

    def act_table(self, options: tuple[str, ...], usual: ActTable) -> ActTable:
        """Return the table of some acts, by code of the options."""
        scores, domains = usual.scores.copy(), usual.domains.copy()
        material = usual.material.copy()
        for act, entry in self.acts.items():
            if act in options:
                code = options.index(act)
                domains[code] = entry.values()
                scores[code] = scores[code] if entry.score is None else entry.score
                material[code] = material[code] if entry.material is None else entry.material
        return ActTable(constant(scores), constant(domains), constant(material))


class Case(Frozen):
    """The actors, institutions and numbers of one small state between two poles.

    Its name is that of its folder where the file gives none.
    """

    name: CaseName = ""
    title: Text
    actors: dict[Key, Actor]
    regimes: dict[Regime, Text]
    seats: dict[Patron, Seat]
    baselines: dict[str, Baseline]
    conditions: dict[Condition, StartCondition]
    institutions: tuple[AnyTie, ...]
    parameters: dict[str, CaseParameter]
    documents: dict[str, Document] = {}
    decisions: Decisions = Decisions()
    actions: dict[Key, OwnAction] = {}
    record_complete_to: Day | None = None

    @model_serializer(mode="wrap")
    def _only_own_decisions(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        table: dict[str, Any] = plain(self)
        if self.decisions == Decisions():
            table.pop("decisions", None)
        if not self.actions:
            table.pop("actions", None)
        if self.record_complete_to is None:
            table.pop("record_complete_to", None)
        return table

    def actor_ids(self) -> tuple[str, ...]:
        """Return the ids of the actors in the order of the actors axis."""
        return tuple(self.actors)

    def with_role(self, role: Role) -> str:
        """Return the id of the one actor that has a role."""
        return next(key for key, actor in self.actors.items() if actor.role == role)

    def repertoire(self, patron: Patron) -> tuple[str, ...]:
        """Return the acts that the patron of a seat chooses among."""
        return self.options(self.with_role(patron))

    def options(self, key: str) -> tuple[str, ...]:
        """Return what an actor chooses among."""
        return self.actors[key].options()

    def threats(self) -> tuple[tuple[int, int], ...]:
        """Return the index of every actor that may attack, with the code of its attack."""
        found = [(index, self.options(key)) for index, key in enumerate(self.actors)]
        return tuple((i, options.index("ATTACK")) for i, options in found if "ATTACK" in options)

    def part(self, key: str) -> Part:
        """Return the part that an actor plays; luck is named by role, that of a second by its id.

        An adversary's luck is that of its attacks.
        """
        actor = self.actors[key]
        same = [other for other, each in self.actors.items() if each.role == actor.role]
        stream = f"choice/{actor.role}" + ("" if same[0] == key else f"/{key}")
        attacks = stream if actor.role == "adversary" else f"attack/{key}"
        index = self.actor_ids().index(key)
        return Part(key, index, actor.options(), actor.bonds(), stream, attacks)

    def conditions_at_start(self) -> dict[Condition, float]:
        """Return the value of every condition at the start; those left out are neutral."""
        return {**NEUTRAL_CONDITIONS} | {key: entry.value for key, entry in self.conditions.items()}

    def index_of(self, role: Role) -> int:
        """Return the index on the actors axis of the one actor that has a role."""
        return self.actor_ids().index(self.with_role(role))


class EventRow(Frozen):
    """An event as an analyst writes it: blanks are filled from the codebook."""

    id: Text
    date: Day
    actor: Text
    target: Text
    action: Text
    goldstein: Score | None = None
    security: UnitInterval | None = None
    economy: UnitInterval | None = None
    politics: UnitInterval | None = None
    material: bool | None = None
    weight: Weight = 1.0
    weight_low: Weight | None = None
    weight_high: Weight | None = None
    severity: UnitInterval | None = None
    coverage: UnitInterval | None = None
    defended: bool | None = None
    document: Text
    paragraph: int | None = None
    says: Text
    correction: str = ""


class Event(EventRow):
    """One coded event, complete: an actor's act toward a target, with its source.

    A row with a severity is an attack on the pivot and a test of its guarantor.
    """

    goldstein: Score
    security: UnitInterval
    economy: UnitInterval
    politics: UnitInterval
    material: bool
    weight: Weight
    weight_low: Weight
    weight_high: Weight

    @property
    def is_attack(self) -> bool:
        """Whether the event is an attack, and so an alliance test."""
        return self.severity is not None

    def domains(self) -> tuple[float, float, float]:
        """Return the domain weights ω in the order of the domains axis."""
        return self.security, self.economy, self.politics


class DatedCondition(Frozen):
    """An external condition that takes a new value on a date."""

    id: Text
    date: Day
    condition: Condition
    value: UnitInterval
    because: str | None = None
    source: Text


class Intervention(Frozen):
    """One thing set from outside on a date; exactly one kind of thing in each."""

    id: Text
    date: Day
    institution: str | None = None
    level: UnitInterval | None = None
    posture: Posture | None = None
    until: Day | None = None
    coercion: UnitInterval | None = None
    parameter: str | None = None
    value: float | None = None
    because: str | None = None
    source: Text

    def kinds(self) -> tuple[str, ...]:
        """Name what is set: institution, posture, coercion, parameter (one, if all is well)."""
        kinds = ("institution", "posture", "coercion", "parameter")
        return tuple(kind for kind in kinds if getattr(self, kind) is not None)


class Shift(Sparse):
    """One number that a turn shifts: by so much or to so much, in a range that is drawn from.

    Attributes
    ----------
    what
        A baseline, as ``A>B:politics``, or the full name of a parameter.
    by, to
        Exactly one of the two.
    low, high
        Range of that number; without it the number is kept.
    """

    what: Text
    by: float | None = None
    to: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def size(self) -> float:
        """The number given, by or to."""
        return self.by if self.by is not None else (self.to or 0.0)

    @property
    def span(self) -> tuple[float, float]:
        """Range of the number: its low and high end."""
        low, high = self.low, self.high
        return self.size if low is None else low, self.size if high is None else high

    @property
    def pair(self) -> str | None:
        """The pair whose baseline is shifted, if it is one."""
        return self.what.partition(":")[0] if ">" in self.what else None

    def told(self) -> str:
        """Say what is shifted, and by how much or to what.

        Examples
        --------
        >>> Shift(what="fear", by=0.5).told(), Shift(what="A>B:economy", to=-0.2).told()
        ('fear +0.5', 'A>B:economy = −0.2')
        """
        number = f" {self.by:+g}" if self.by is not None else f" = {self.to:g}"
        return f"{self.what}{number}".replace("-", "−")

    def words(self) -> tuple[str, str, str]:
        """Return holder, other actor and domain of a baseline."""
        pair, _, domain = self.what.partition(":")
        holder, _, toward = pair.partition(">")
        return holder, toward, domain


class Turn(Sparse):
    """A change of leader or line on a date: what it shifts from that day on."""

    id: Text
    date: Day
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    because: str | None = None
    source: Text

    def stream(self, shift: Shift) -> str:
        """Return the name of the luck by which a shift is drawn."""
        return f"turn/{self.id}/{shift.what}"


FREE: Literal["free"] = "free"
"""Stands for a posture in a record where the model is to choose."""


class RecordedPosture(Frozen):
    """The posture that the pivot is known to have held from a date until the next one.

    It is in force before agents act, from the first Monday that does not lie before its date; with
    ``free`` the model chooses.
    """

    date: Day
    until: Day | None = None
    posture: Literal[Posture, "free"]
    source: Text


class Observation(Frozen):
    """One observed number that may be drawn beside a model quantity; never an input."""

    id: Text
    series: Text
    start: Day
    end: Day
    value: float
    error: Annotated[float, Field(ge=0.0)] | None = None
    beside: Text
    house: Text
    question: Text
    document: Text
    note: str = ""


class Expectation(Frozen):
    """What an author expects of an outcome, in numbers; `against` compares with the same luck."""

    text: Text
    outcome: Text
    at: Day
    since: Day | None = None
    against: str | None = None
    above: float | None = None
    below: float | None = None
    share: UnitInterval = 0.5


class Target(Expectation):
    """What the source says came of it: a ledger row that is scored against, never fed in.

    One with ``because`` is scored only where the event of that id is present.
    """

    id: Text
    paragraph: int | None = None
    because: str | None = None


class ParameterRange(Frozen):
    """Value of a parameter in a scenario and the range that ensembles draw it from."""

    value: float
    low: float
    high: float


class Fitted(Frozen):
    """What a posterior was fitted to.

    The name of the case, the fingerprint of each table of it, and of each ledger row by id; and
    the last day of the evidence.
    """

    case: CaseName
    evidence_until: Day | None = None
    tables: dict[str, str] = {}
    rows: dict[str, str] = {}


class PosteriorTable(Frozen):
    """Draws of parameters and event weights that a calibration has left, one row a draw.

    Rows are kept as the text of their file, cells separated by commas, so that a record holds
    exactly what was frozen. Columns that the scenario overrules, by parameters of its own or by a
    ledger row that is not the one fitted, are named, and so are the observations that were fitted
    (``answers``; empty where nothing says which).
    """

    file: Text
    frozen: Day
    source: Text
    answers: tuple[Text, ...] = ()
    fitted: Fitted | None = None
    names: tuple[Text, ...]
    rows: tuple[Text, ...]
    overruled: tuple[Text, ...] = ()


def names_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Return a name for each of several scenarios: with their cases' where two share one."""
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len({scenario.full_name for scenario in scenarios}):
        return [scenario.full_name for scenario in scenarios]
    return names


class Scenario(Frozen):
    """A complete scenario."""

    name: Text
    title: Text
    question: Text
    note: str = ""
    start: Day
    end: Day
    agents_act_from: Day | None = None
    evidence_until: Day | None = None
    record_complete_to: Day | None = None
    scale: Literal["goldstein", "plover"] = "goldstein"
    overrides: dict[str, float] = {}
    case: Case
    events: tuple[Event, ...]
    conditions: tuple[DatedCondition, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    turns: tuple[Turn, ...] = ()
    postures: tuple[RecordedPosture, ...] = ()
    institutions: dict[str, UnitInterval]
    parameters: dict[str, ParameterRange]
    expect: tuple[Expectation, ...] = ()
    targets: tuple[Target, ...] = ()
    observations: tuple[Observation, ...] = ()
    posterior: PosteriorTable | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end < self.start:
            raise ValueError("the end lies before the start")
        return self

    @model_serializer(mode="wrap")
    def _only_own_turns(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        table: dict[str, Any] = plain(self)
        if not self.turns:
            table.pop("turns", None)
        return table

    @property
    def full_name(self) -> str:
        """The scenario's name after its case's: ``case/name``."""
        return f"{self.case.name}/{self.name}" if self.case.name else self.name

    @property
    def weeks(self) -> int:
        """Number of weeks from that of the start to that of the end, both included."""
        return (monday(self.end) - monday(self.start)).days // 7 + 1

    def mondays(self) -> tuple[Day, ...]:
        """Return the Monday of every week of the run."""
        first = monday(self.start)
        return tuple(first + timedelta(weeks=week) for week in range(self.weeks))

    def without(self, *events: str) -> Self:
        """Return the scenario as if events had been dropped, with what stands because of them."""
        kept = {
            name: tuple(entry for entry in getattr(self, name) if entry.because not in events)
            for name in ("conditions", "interventions", "turns", "targets")
        }
        left = tuple(event for event in self.events if event.id not in events)
        return self.model_copy(update={"events": left, **kept})

    def changes_of(self, parameter: str) -> dict[str, Day]:
        """Return what changes a parameter during the run: id of an intervention or turn → day."""
        set_anew = {e.id: e.date for e in self.interventions if e.parameter == parameter}
        shifted = {
            turn.id: turn.date
            for turn in self.turns
            if parameter in [shift.what for shift in turn.shifts]
        }
        return set_anew | shifted

    def without_posterior(self) -> Self:
        """Return the scenario with its posterior set aside: values come from the ranges."""
        return self.model_copy(update={"posterior": None})

    def without_record(self) -> Self:
        """Return the scenario with its recorded postures set aside: the model chooses them."""
        return self.model_copy(update={"postures": ()})

    def without_onlookers(self) -> Self:
        """Return the scenario without bystanders that no event and no turn names.

        They are moved by others and move nobody, unless a rival mechanism is switched on.
        """
        named = {who for event in self.events for who in (event.actor, event.target)}
        named |= {who for turn in self.turns for shift in turn.shifts for who in shift.words()[:2]}
        actors = {
            key: actor
            for key, actor in self.case.actors.items()
            if actor.role != "bystander" or key in named
        }
        pairs = self.case.baselines.items()
        baselines = {pair: base for pair, base in pairs if {*pair.split(">")} <= actors.keys()}
        case = self.case.model_copy(update={"actors": actors, "baselines": baselines})
        return self.model_copy(update={"case": case})

    def week_of(self, day: Day) -> int:
        """Return the week, counted from zero, that holds a date (Monday to Sunday)."""
        return (monday(day) - monday(self.start)).days // 7
