"""How likely the recorded decisions are in each world: a structural likelihood, quarter by quarter.

With history scripted and recorded postures in force, a world's path follows from its parameters.
The record supports each choice k of an actor in a quarter by c(k), not below a floor.

* The pivot's posture is hidden. α(k) ∝ c(k) Σ_j α₋(j) P(k | j), where P(k | j) is the logit of the
  utilities at the end of the quarter before, seen from posture j; at first it is the posture of the
  start. A quarter's term is log Σ_k α(k).
* A patron's term is log Σ_k c(k) P(k), P averaged over some weeks of the quarter. What it remembers
  of its own warnings comes from the record.
* The adversary attacks at the hazard h of the end of the quarter before: log[c h + (1 − c)(1 − h)];
  and so many attacks in the quarters before the start, at the state of the start.
* A treaty that is not frozen by the end: likely unless the counter of its freeze has run out, at
  thresholds drawn anew in every world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from two_chairs.axes import ATTACK, LOYAL, WARN, Array, Counts, Flags
from two_chairs.institutions.security_treaty import SecurityTreaty
from two_chairs.institutions.tie import Tie
from two_chairs.randomness import Luck
from two_chairs.rules.actor import remembered
from two_chairs.rules.acts import utilities
from two_chairs.rules.choice import DECISION_INTERVAL
from two_chairs.rules.pivot import pivot_utilities
from two_chairs.scenario.decided import RecordedDecision, options_of
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Frozen, Text, UnitInterval, threshold

if TYPE_CHECKING:
    from two_chairs.rules.actor import Scene
    from two_chairs.world.simulation import Simulation

Share = Annotated[float, Field(gt=0.0, lt=1.0)]
BEFORE, TREATY = "before", "treaty"
"""Terms of the likelihood that are no row of the record."""
STRICT = "strict"
"""The log likelihood of all rows of the record, each read as its best supported choice alone."""


class Treaty(Frozen):
    """A treaty that stood unfrozen all the time, and what that says of its thresholds."""

    institution: Text
    spread: UnitInterval = 0.25
    still: Share = 0.98
    fired: Share = 0.2


class DecisionPlan(Frozen):
    """What is assumed of recorded decisions.

    Attributes
    ----------
    floor
        Least support of a choice.
    power
        Power of all terms: below 1 decisions count for less.
    weeks
        Weeks of a quarter, from 0, at which patrons are asked.
    attacks, quarters
        Attacks in so many quarters before the start.
    source
        Where the count comes from.
    treaty
        What did not happen, if that is to count.
    """

    floor: Share = 0.01
    power: UnitInterval = 1.0
    weeks: tuple[Annotated[int, Field(ge=0, lt=DECISION_INTERVAL)], ...] = (1, 4, 7, 10, 12)
    attacks: Annotated[int, Field(ge=0)] = 0
    quarters: Annotated[int, Field(ge=0)] = 0
    source: str = ""
    treaty: Treaty | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Recorded decisions as numbers.

    Attributes
    ----------
    plan
        What is assumed of them.
    support
        Role → quarter of the run → c, shape (options,).
    terms
        Role → quarter → name of the term.
    warnings
        Quarter → warnings of the incumbent that are remembered as it begins.
    """

    plan: DecisionPlan
    support: Mapping[str, Mapping[int, Array]]
    terms: Mapping[str, Mapping[int, str]]
    warnings: Mapping[int, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all terms, in the order of the rows."""
        rows = [name for terms in self.terms.values() for name in terms.values()]
        besides = [BEFORE] * (self.plan.quarters > 0) + [TREATY] * (self.plan.treaty is not None)
        return (*rows, *besides)

    def options(self, role: str) -> int:
        """Return among how many choices a role has decided."""
        return len(next(iter(self.support[role].values())))

    def chance_sizes(self) -> dict[str, int]:
        """Return how many chances each term rests on.

        Those of every choice, for the pivot from every posture; the hazard alone of an attack.
        """
        sizes = {"pivot": self.options("pivot") ** 2 if "pivot" in self.support else 0}
        sizes |= {role: self.options(role) for role in ("incumbent", "rival") if role in self.terms}
        found = {
            name: sizes.get(role, 1)
            for role, terms in self.terms.items()
            for name in terms.values()
        }
        return found | ({BEFORE: 1} if self.plan.quarters > 0 else {})

    @property
    def last_week(self) -> int:
        """Return the last week of the last quarter, −1 without any."""
        quarters = [quarter for terms in self.terms.values() for quarter in terms]
        return DECISION_INTERVAL * (max(quarters, default=-1) + 1) - 1


def security_treaties(ties: Iterable[Tie]) -> list[SecurityTreaty]:
    """Return the ties that are frozen after long distrust."""
    return [tie for tie in ties if isinstance(tie, SecurityTreaty)]


def quarter_of(row: RecordedDecision, scenario: Scenario) -> int:
    """Return the quarter of the run, from 0, in which the middle of a row's quarter lies."""
    return scenario.week_of(row.start + (row.end - row.start) / 2) // DECISION_INTERVAL


def decided_of(rows: Sequence[RecordedDecision], plan: DecisionPlan, scenario: Scenario) -> Decided:
    """Return recorded decisions as numbers; rows outside the run are refused before."""
    support: dict[str, dict[int, Array]] = {}
    terms: dict[str, dict[int, str]] = {}
    warned: dict[int, bool] = {}
    for row in rows:
        role, quarter = scenario.case.actors[row.actor].role, quarter_of(row, scenario)
        options, shares = options_of(scenario.case, row.actor), row.shares()
        c = np.array([max(plan.floor, shares.get(option, 0.0)) for option in options])
        support.setdefault(role, {})[quarter] = c
        terms.setdefault(role, {})[quarter] = row.id
        if role == "incumbent":
            warned[quarter] = options.index(row.chosen) == WARN
    return Decided(plan, support, terms, _remembered(warned))


def _remembered(warned: Mapping[int, bool]) -> dict[int, int]:
    """Return how many warnings are remembered as each quarter begins."""
    found, number = {}, np.array(0)
    for quarter in range(max(warned, default=-1) + 1):
        found[quarter] = int(number)
        number = remembered(number, np.array(warned.get(quarter, False)))
    return found


def choice_probabilities(utilities: Array, temperature: Array) -> Array:
    """Return the logit probabilities of choices, shape (options, worlds).

    Parameters
    ----------
    utilities
        Shape (options, worlds); −∞ is not open.
    temperature
        τ > 0, shape (1 or worlds,).
    """
    scaled = np.exp((utilities - utilities.max(axis=0)) / temperature)
    return np.asarray(scaled / scaled.sum(axis=0))


def sharpened(c: Array, floor: float) -> Array:
    """Return support that knows the best supported choice alone, all others at the floor."""
    return np.where(np.arange(len(c)) == np.argmax(c), 1.0, floor)


def forward(before: Array, steps: Iterable[Array], c: Array) -> tuple[Array, Array]:
    """Go a step of the recursion over a hidden posture: log Σ α and the normalised α.

    Parameters
    ----------
    before
        α of the quarter before, (postures, worlds), summing to one.
    steps
        P(k | j) for every j, each (postures, worlds).
    c
        Support of every posture, (postures,).
    """
    came = np.zeros_like(before)
    for share, step in zip(before, steps, strict=True):
        came += share * step
    joint = c[:, np.newaxis] * came
    total = joint.sum(axis=0)
    return np.log(total), joint / total


@dataclass(slots=True)
class Likelihood:
    """The terms of a model's worlds, gathered while it runs.

    Attributes
    ----------
    decided, model
        What was decided, and the worlds.
    keeps
        Whether to keep the chances behind the terms.
    found
        Term → log likelihood, shape (worlds,).
    strict
        Log likelihood of all rows at their best supported choice alone, shape (worlds,).
    chances
        Term → the chances it rests on, (chances, worlds): see `Decided.chance_sizes`.
    """

    decided: Decided
    model: Simulation
    keeps: bool = False
    found: dict[str, Array] = field(default_factory=dict)
    strict: Array = field(init=False)
    chances: dict[str, Array] = field(default_factory=dict)
    posture: Array = field(init=False)
    strict_posture: Array = field(init=False)
    asked: dict[str, Array] = field(default_factory=dict)
    thresholds: Array = field(init=False)
    distrusted: Counts = field(init=False)
    fired: Flags = field(init=False)

    def __post_init__(self) -> None:
        worlds, luck = self.model.worlds, self.model.luck
        self.posture = np.zeros((len(self.model.state.engagements), worlds))
        self.posture[LOYAL] = 1.0
        self.strict_posture, self.strict = self.posture.copy(), np.zeros(worlds)
        uniforms = Luck(luck.seed, luck.replicates).uniforms("thresholds", 3)
        spread = 0.0 if self.decided.plan.treaty is None else self.decided.plan.treaty.spread
        self.thresholds = 1.0 + spread * (2.0 * uniforms - 1.0)
        self.distrusted, self.fired = np.zeros(worlds, dtype=np.int64), np.zeros(worlds, dtype=bool)

    def look(self) -> None:
        """Take from the end of the present week what the terms need; −1 is the start."""
        from two_chairs.world.week import scene  # Mesa is slow to load

        week, plan = self.model.week, self.decided.plan
        quarter, weeks_in = divmod(week, DECISION_INTERVAL)
        if plan.treaty is not None and week >= 0:
            self._watch_treaty(plan.treaty)
        closes = weeks_in == DECISION_INTERVAL - 1
        asks = week >= 0 and weeks_in in plan.weeks
        if not (closes or asks):
            return
        now = scene(self.model)
        if asks:
            self._ask_patrons(now, quarter)
        if closes:
            self._close(quarter)
            self._pivot(now, quarter + 1)
            self._adversary(now, quarter + 1)

    def _ask_patrons(self, now: Scene, quarter: int) -> None:
        for role, ask in (("incumbent", self._incumbent), ("rival", self._rival)):
            if quarter in self.decided.support.get(role, {}):
                chances = choice_probabilities(ask(now, quarter), now.p.choice_temperature)
                self.asked[role] = self.asked.get(role, 0.0) + chances / len(
                    self.decided.plan.weeks
                )

    def _incumbent(self, now: Scene, quarter: int) -> Array:
        """Return its utilities, by the warnings and the quarters of loss of the record."""
        actor = self.model.actors[now.roles.incumbent]
        view, _ = actor.sense(now)
        counted = now.state.memories[actor.key].quarters_of_loss
        running = counted if self.model.deciding else view.quarters_of_loss
        recorded = replace(
            view,
            quarters_of_loss=running,
            warnings=np.full(self.model.worlds, self.decided.warnings.get(quarter, 0)),
            coercions=np.zeros(self.model.worlds, dtype=np.int64),
        )
        return utilities(actor.options, recorded, now.p)

    def _rival(self, now: Scene, quarter: int) -> Array:
        del quarter
        actor = self.model.actors[now.roles.rival]
        view, _ = actor.sense(now)
        return utilities(actor.options, view, now.p)

    def _close(self, quarter: int) -> None:
        """Turn what patrons were asked in the quarter into its terms."""
        for role, chances in self.asked.items():
            c, term = self.decided.support[role][quarter], self.decided.terms[role][quarter]
            self.found[term] = np.log(c @ chances)
            self.strict += np.log(sharpened(c, self.decided.plan.floor) @ chances)
            self._keep(term, chances)
        self.asked = {}

    def _keep(self, term: str, chances: Array) -> None:
        if self.keeps:
            self.chances[term] = chances

    def _pivot(self, now: Scene, quarter: int) -> None:
        """Go a step of the recursion over its hidden posture."""
        c = self.decided.support.get("pivot", {}).get(quarter)
        if c is None:
            return
        view = self.model.actors[now.roles.pivot].sense(now)
        table, steps = now.state.engagements, []
        for engagement in table:
            seen = replace(view, engagement=engagement[..., np.newaxis])
            worth = pivot_utilities(seen, now.p, table)
            steps.append(choice_probabilities(worth, now.p.choice_temperature))
        term, best = self.decided.terms["pivot"][quarter], sharpened(c, self.decided.plan.floor)
        self.found[term], self.posture = forward(self.posture, steps, c)
        strict, self.strict_posture = forward(self.strict_posture, steps, best)
        self.strict += strict
        self._keep(term, np.concatenate(steps))

    def _adversary(self, now: Scene, quarter: int) -> None:
        plan, c = self.decided.plan, self.decided.support.get("adversary", {}).get(quarter)
        first = quarter == 0 and plan.quarters > 0
        threats = [self.model.actors[index] for index, _ in now.roles.threats]
        adversary = next((actor for actor in threats if actor.role == "adversary"), None)
        if adversary is None or (c is None and not first):
            return
        hazard = adversary.sense(now).hazard
        hazard = np.broadcast_to(np.clip(hazard, 1e-12, 1.0 - 1e-12), (self.model.worlds,))
        if first:
            quiet = plan.quarters - plan.attacks
            self.found[BEFORE] = plan.attacks * np.log(hazard) + quiet * np.log1p(-hazard)
            self._keep(BEFORE, hazard[np.newaxis])
        if c is not None:
            attacks = c[ATTACK] * hazard + (c.sum() - c[ATTACK]) * (1.0 - hazard)
            term = self.decided.terms["adversary"][quarter]
            self.found[term] = np.log(attacks)
            self.strict += np.log(sharpened(c, plan.floor) @ np.stack([1.0 - hazard, hazard]))
            self._keep(term, hazard[np.newaxis])

    def _watch_treaty(self, treaty: Treaty) -> None:
        """Count weeks of distrust by each world's own thresholds."""
        state, roles = self.model.state, self.model.roles
        ties = self.model.resolved.case.institutions
        tie = next(t for t in security_treaties(ties) if t.id == treaty.institution)
        below, weeks, belief = self.thresholds
        patron = roles.patrons[0 if tie.seat == "incumbent" else 1]
        cold = state.regard(roles.pivot, patron)[0] < below * threshold(tie.freeze_below)
        self.distrusted = np.where(cold, self.distrusted + 1, 0)
        doubted = state.belief()[0] < belief * threshold(tie.freeze_belief)
        self.fired |= (self.distrusted >= weeks * threshold(tie.freeze_weeks)) & doubted

    def terms(self) -> dict[str, Array]:
        """Return every term, each of shape (worlds asked for,)."""
        treaty = self.decided.plan.treaty
        if treaty is not None:
            chance = np.where(self.fired, treaty.fired, treaty.still)
            self.found[TREATY] = np.log(chance)
        asked = self.model.asked_worlds
        found = {name: self.found[name][:asked] for name in self.decided.names}
        return found | {STRICT: self.strict[:asked]}

    def kept(self) -> list[Array]:
        """Return the chances kept, in the order of `Decided.chance_sizes`; none unless asked."""
        return [self.chances[term] for term in self.decided.chance_sizes()] if self.keeps else []
