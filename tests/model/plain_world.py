"""The model a second time: one world, plain floats, slow and obvious.

Written from the specification alone, so that a slip in one of the two versions shows. Sections
(§) are those of the specification. It takes a resolved `Scenario`, the parameters and event
weights of one world as floats, and a function that deals luck; it knows nothing of the rules in
the package. No NumPy: dicts, lists, floats and `math` (the tables are unpacked into lists).

Readings, where the specification leaves room
---------------------------------------------
* Weeks are counted from the Monday of the start; all is observed at the end of the week. Decisions
  fall in the weeks numbered 13, 26, … from 1. Conditions change first, then interventions, each in
  the order of (date, id). Agents act from the week that holds ``agents_act_from``; if it is None,
  never.
* A half-life h keeps 2^(−1/h) a week. Both patrons' n⁺ and n⁻ relax to ρ·n₀ and (1 − ρ)·n₀; θ
  starts at and relaxes to θ₀(1 − π); f decays to 0.
* An attack row acts with score G·severity and the weight of the row; the incumbent then acts on
  the pivot with weight (weight · severity). Belief and threat are updated once for each attack of
  weight above 0, by severity and coverage alone. All acts of a week come from one snapshot.
* An act of an agent is received, expressed and observed like that of an event.
* Sphere rule, domain by domain: the incumbent watching x > 0 toward the pivot by an actor to which
  its own alignment is below 0 takes q = that alignment; else q = its alignment to the target.
* A patron's institutions: min(1, base + Σ weight · level) by domain. ``net_seats`` > .5 switches
  to the structural alternative. The rival's cap in the economy is multiplied by ``transit``.
* What patrons may choose beside doing nothing is open only where it is worth more than 0.
* A recorded posture is in force before agents act, from the first Monday that does not lie before
  its date; it is sensed and stays, but what the model would have chosen is what is recorded of the
  choice. Where the record says "free" the model's choice takes effect.
* Attention of the incumbent: 1 − θ_att · war load; of the rival: engagement g. The .4 of §5 is
  ``inattentive_protection``, the .6 is one minus it.
* A choice is the argmax of U + τ·(−ln(−ln u)); without luck of U; the first of equals wins.
  Streams: "choice/pivot" 4 rows, "choice/incumbent" 4, "choice/rival" 3, "choice/adversary" 2
  (attack if u₀ < probability; defended if u₁ < probability of defence), in every decision week.
* The adversary's protection P is that of the seats held. The guarantor's probability of defence is
  reliability · attention · goodwill. Reliability is the pivot's belief ρ_R of §1.
* All sense and decide on the snapshot after the week's recorded events. Before agents act only the
  posture takes effect. A forced posture overrules the choice and is set at once when it begins; it
  binds from the week of its date to the week before that of its ``until``; the one that begins
  last wins while several bind.
* The quarters with loss > τ_c (COERCE needs two running) and the memory of warnings run from the
  start. WARN is open while fewer than 2 are remembered; its act has weight ½^n_w (n_w before it);
  a warning adds one to the memory, any other act takes one away.
* Observers remember the approaches that the pivot made toward each patron: an approach adds one, a
  quarter without one takes one away. They notice ½^n of an approach at n remembered; its reception
  and expression are whole. The memory runs while agents act (docs/decisions/0008).
* Coercion: c ← clip(c + step − eased, 0, c_max). n += 1 if COERCE was chosen; n = 0 if then c = 0.
  "Three quarters running" counts COERCE choices since agents act.
* The pivot acts toward each patron by its new posture and the seats sensed.
* D_R^sec follows the posture in force; self-help then grows by the new D_R^sec:
  min(σ + σ′(1 − D), max(σ, σ_max)).
* Institutions: all ties respond to the state at the start of stage (6). A counter counts this
  week too. Counters run from the start, levels move once agents act, a change of level restarts
  all counters of the tie, as does an intervention on it. The weeks since the last step of the
  ladder and its offers count only while agents act. Restoring goes before freezing and leaving;
  climbing before slipping; returning to the union before leaving it, leaving before suspension.
  A treaty or organisation that is whole is not restored, which hinders no other change; a ladder
  that could climb but for its end does not slip. The next rung is worth what cap and transit leave.
* Where a world has left its security treaties with the guarantor (all at level 0 when the attack
  comes), an attack is covered by nothing, be it recorded or chosen; with no such tie in the case
  it is covered as it is coded.
* Treaty membership moves by intervention alone; one that lowers the level in force waits
  for ``notice_weeks``, unless another on the same tie comes before that and withdraws it; one that
  repeats it changes nothing.
* A tie returns to ``returns_to``, else to its level on record before the week in which agents
  begin to act. Weeks of calm and goodwill are counted while agents act.
* An intervention on a reliability resets the belief in that patron to its prior.
* The recorded dependence is that in security: the state D_R^sec and the parameter D_W^sec.
* Recorded choices under a forced posture are the forced posture.
* Balance drift is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from two_chairs.axes import POSTURES, REGIMES
from two_chairs.rules.acts import USUAL, WARNINGS_REMEMBERED
from two_chairs.rules.alliance import TEST_DOMAINS
from two_chairs.rules.choice import DECISION_INTERVAL, HALVING_OF_REPEATS
from two_chairs.rules.pivot import ENGAGEMENTS
from two_chairs.scenario.records import Scenario

Deal = Callable[[str, int], list[float]]
"""Deals the next uniforms of a named stream: (stream, rows) → rows floats."""

DOMAINS = ("security", "economy", "politics")
PATRONS = ("incumbent", "rival")
SEC, ECO, POL = 0, 1, 2

OTHER = {"incumbent": "rival", "rival": "incumbent"}
TURNED_FROM = {"incumbent": "PIVOT", "rival": "LOYAL"}
"""The posture by which the pivot turns from each patron (§6)."""
NEVER = "never"


def below(value: float, threshold: Any) -> bool:
    """Whether a value lies below a threshold; nothing lies below one that is never met."""
    return threshold != NEVER and value < threshold


def above(value: float, threshold: Any) -> bool:
    """Whether a value lies above a threshold; nothing lies above one that is never met."""
    return threshold != NEVER and value > threshold


def long(value: float, threshold: Any) -> bool:
    """Whether a value has reached a threshold; nothing reaches one that is never met."""
    return threshold != NEVER and value >= threshold


class PlainWorld:
    """One world of a scenario.

    Parameters
    ----------
    scenario
        A resolved scenario.
    parameters
        Parameter name → float.
    weights
        Event id → weight; events that are not in it have the weight of their row.
    deal
        Source of luck, or None for a run without luck.
    turns
        Sizes of shifts by their streams; those that are not in it have the size of their file.
    """

    def __init__(
        self,
        scenario: Scenario,
        parameters: dict[str, float],
        weights: dict[str, float],
        deal: Deal | None,
        turns: dict[str, float] | None = None,
    ) -> None:
        self.scenario = scenario
        self.case = scenario.case
        self.par = dict(parameters)
        self.weights = dict(weights)
        self.deal = deal
        self.turn_sizes = dict(turns or {})

        self.actors = list(self.case.actors)
        self.pivot = self.case.with_role("pivot")
        self.incumbent = self.case.with_role("incumbent")
        self.rival = self.case.with_role("rival")
        self.patron_id = {"incumbent": self.incumbent, "rival": self.rival}
        self.seat_of = {self.incumbent: "incumbent", self.rival: "rival"}
        self.role = {key: actor.role for key, actor in self.case.actors.items()}
        self.options = {key: self.case.options(key) for key in self.actors}
        self.bonds = {p: self.case.actors[self.patron_id[p]].bonds() for p in PATRONS}
        self.coercers = [p for p in PATRONS if "COERCE" in self.options[self.patron_id[p]]]
        self.offerers = [p for p in PATRONS if "OFFER" in self.options[self.patron_id[p]]]
        self.threats = [key for key in self.actors if "ATTACK" in self.options[key]]
        self.engagement = self.engagements()

        # §1 state
        self.pairs = [(i, j) for i in self.actors for j in self.actors if i != j]
        self.baseline = {}
        for i, j in self.pairs:
            entry = self.case.baselines.get(f"{i}>{j}")
            self.baseline[i, j] = list(entry.values()) if entry else [0.0, 0.0, 0.0]
        self.fast = {pair: [0.0, 0.0, 0.0] for pair in self.pairs}
        self.slow = {pair: [0.0, 0.0, 0.0] for pair in self.pairs}
        neutral = {"war_load": 0.0, "engagement": 1.0, "peace": 0.0, "stake": 0.0, "transit": 1.0}
        given = {key: entry.value for key, entry in self.case.conditions.items()}
        self.condition: dict[str, float] = {**neutral, **given}
        self.n_plus = {p: self.prior(p)[0] for p in PATRONS}
        self.n_minus = {p: self.prior(p)[1] for p in PATRONS}
        self.threat = self.par["threat_baseline"] * (1.0 - self.condition["peace"])
        self.coercion = dict.fromkeys(PATRONS, 0.0)
        self.fatigue = {
            p: self.own(p, "fatigue_start") if "fatigue" in self.bonds[p] else 0.0 for p in PATRONS
        }
        self.self_help = self.par["self_help"]
        self.dependence_security = {p: self.par[p + "_security_dependence"] for p in PATRONS}
        self.posture: str = self.case.decisions.opening
        self.forced: str | None = None
        self.recorded: str | None = None

        # memory of the patrons, and of those who watch the pivot
        self.quarters_of_loss = dict.fromkeys(PATRONS, 0)  # running, with loss > τ_c
        self.warnings = dict.fromkeys(PATRONS, 0)  # remembered
        self.approaches = dict.fromkeys(PATRONS, 0)  # of the pivot, remembered by observers
        self.coercions = dict.fromkeys(PATRONS, 0)  # n, of the spell
        self.coerced_running = dict.fromkeys(PATRONS, 0)  # quarters of COERCE, since agents act

        # institutions
        self.ties = {tie.id: tie for tie in self.case.institutions}
        self.level = {tie: scenario.institutions[tie] for tie in self.ties}
        self.counter: dict[str, dict[str, int]] = {tie: {} for tie in self.ties}
        self.on_record = dict(self.level)

        # regime
        self.regime: str | None = None
        self.held: dict[str, bool] = {}

        # what happened this week
        self.kept_promise = dict.fromkeys(PATRONS, False)
        self.offered = dict.fromkeys(PATRONS, False)
        self.choice: dict[str, str | None] = {}
        self.attack_defended: bool | None = None

    # ----- what the case says -------------------------------------------------------------------

    def own(self, patron: str | None, name: str) -> float:
        """A number of a patron's own, else the one that all share."""
        return self.par.get(f"{patron}_{name}", self.par[name])

    def engagements(self) -> dict[str, dict[str, list[float]]]:
        """Engagement e wanted: posture → patron → three numbers (§7)."""
        found = {}
        for posture, usual in zip(POSTURES, ENGAGEMENTS.tolist(), strict=True):
            entry = self.case.decisions.postures.get(posture)
            tables = usual if entry is None else (entry.incumbent.values(), entry.rival.values())
            found[posture] = {p: list(table) for p, table in zip(PATRONS, tables, strict=True)}
        return found

    def numbers_of_act(self, act: str) -> tuple[float, list[float], bool]:
        """Score, domain weights, deed or word of an act."""
        usual, entry = USUAL[act], self.case.decisions.acts.get(act)
        if entry is None:
            return usual.score, list(usual.domains), usual.material
        score = usual.score if entry.score is None else entry.score
        material = usual.material if entry.material is None else entry.material
        return score, list(entry.values()), material

    def guarantor(self, attacker: str) -> str:
        """The seat of the patron that is to answer an attack."""
        return "rival" if attacker == self.incumbent else "incumbent"

    # ----- alignment (§1) -----------------------------------------------------------------------

    def alignment(self, i: str, j: str) -> list[float]:
        """A_ij = tanh(atanh b + F + S), three domains."""
        b, fast, slow = self.baseline[i, j], self.fast[i, j], self.slow[i, j]
        return [math.tanh(math.atanh(b[d]) + fast[d] + slow[d]) for d in range(3)]

    def all_alignments(self) -> dict[tuple[str, str], list[float]]:
        return {pair: self.alignment(*pair) for pair in self.pairs}

    def prior(self, patron: str) -> tuple[float, float]:
        """n⁺ and n⁻ of the prior."""
        rho, n0 = self.par[patron + "_reliability"], self.par["belief_strength"]
        return rho * n0, (1.0 - rho) * n0

    def belief(self, patron: str) -> float:
        return self.n_plus[patron] / (self.n_plus[patron] + self.n_minus[patron])

    def weight_of_domain(self, d: int) -> float:
        return self.par["weight_" + DOMAINS[d]]

    def weighted(self, numbers: list[float]) -> float:
        """Σ w_d x_d."""
        return sum(self.weight_of_domain(d) * numbers[d] for d in range(3))

    # ----- (1) what comes from outside ------------------------------------------------------------

    def external_changes(self, week: int) -> None:
        scenario = self.scenario
        for change in sorted(scenario.conditions, key=lambda entry: (entry.date, entry.id)):
            if scenario.week_of(change.date) == week:
                self.condition[change.condition] = change.value
        due = [entry for day, entry in self.dated_interventions() if scenario.week_of(day) == week]
        due += [turn for turn in scenario.turns if scenario.week_of(turn.date) == week]
        for entry in sorted(due, key=lambda entry: (entry.date, entry.id)):
            if hasattr(entry, "shifts"):
                self.turn(entry)
            else:
                self.intervene(entry)
        self.forced = self.forced_posture(week)
        self.recorded = self.recorded_posture(week)
        if self.recorded is not None:
            self.posture = self.recorded
        if self.forced is not None:
            self.posture = self.forced

    def turn(self, turn: Any) -> None:
        """Shift baselines, dependence and parameters for good (§ turns)."""
        for shift in turn.shifts:
            size = self.turn_sizes.get(turn.stream(shift), shift.size)

            def after(value: float, low: float, high: float, size=size, shift=shift) -> float:
                return min(max(size if shift.by is None else value + size, low), high)

            if ">" in shift.what:
                pair, domain = shift.what.split(":")
                numbers = self.baseline[tuple(pair.split(">"))]
                numbers[DOMAINS.index(domain)] = after(numbers[DOMAINS.index(domain)], -0.99, 0.99)
            elif shift.what.endswith("_security_dependence"):
                patron = shift.what.removesuffix("_security_dependence")
                held = self.dependence_security[patron]
                self.dependence_security[patron] = after(held, 0.0, 1.0)
            else:
                raise NotImplementedError(shift.what)

    def recorded_posture(self, week: int) -> str | None:
        begins, found = self.scenario.agents_act_from, None
        if begins is not None and week >= self.scenario.week_of(begins):
            return None
        for entry in self.scenario.postures:
            if self.scenario.week_of(entry.date + timedelta(days=6)) <= week:
                found = None if entry.posture == "free" else entry.posture
                ends = entry.until
                if ends and self.scenario.week_of(ends + timedelta(days=6)) <= week:
                    found = None
        return found

    def forced_posture(self, week: int) -> str | None:
        forced = None
        for entry in sorted(self.scenario.interventions, key=lambda entry: (entry.date, entry.id)):
            if entry.posture is None or week < self.scenario.week_of(entry.date):
                continue
            if entry.until is None or week < self.scenario.week_of(entry.until):
                forced = entry.posture
        return forced

    def dated_interventions(self) -> list[tuple[Any, Any]]:
        """Interventions with the date on which they take effect (notice of treaties, §6)."""
        entries = sorted(self.scenario.interventions, key=lambda entry: (entry.date, entry.id))
        dated = [(entry.date, entry) for entry in entries if entry.institution is None]
        for tie in self.ties.values():
            sets = [(entry.date, entry) for entry in entries if entry.institution == tie.id]
            dated += self.noticed(tie, sets)
        return sorted(dated, key=lambda pair: (pair[1].date, pair[1].id))

    def noticed(self, tie: Any, sets: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """The same changes of one tie, with the days on which they take effect."""
        if tie.kind != "treaty-membership":
            return sets
        weeks_of = self.scenario.week_of
        found: list[tuple[Any, Any]] = []
        for day, entry in sets:
            done = [e.level for effect, e in found if weeks_of(effect) <= weeks_of(day)]
            waits = [pair for pair in found if weeks_of(pair[0]) > weeks_of(day)]
            if waits and waits[0][1].level == entry.level:
                continue
            found = [pair for pair in found if pair not in waits]
            in_force = done[-1] if done else self.scenario.institutions[tie.id]
            notice = tie.notice_weeks if entry.level < in_force else 0
            found.append((day + timedelta(weeks=notice), entry))
        return found

    def intervene(self, entry: Any) -> None:
        if entry.institution is not None:
            self.level[entry.institution] = entry.level
            self.counter[entry.institution] = {}
        if entry.coercion is not None:
            first = self.coercers[0]
            self.coercion[first] = min(entry.coercion, self.own(first, "coercion_ceiling"))
        if entry.parameter is not None:
            self.par[entry.parameter] = entry.value
            for patron in PATRONS:
                if entry.parameter == patron + "_reliability":
                    self.n_plus[patron], self.n_minus[patron] = self.prior(patron)

    # ----- (2) decay (§2, §4) ---------------------------------------------------------------------

    def decay(self) -> None:
        def kept(half_life: str) -> float:
            return 2.0 ** (-1.0 / self.par[half_life])

        for pair in self.pairs:
            for d in range(3):
                self.fast[pair][d] *= kept("fast_half_life")
                self.slow[pair][d] *= kept("slow_half_life")
        for patron in PATRONS:
            plus, minus = self.prior(patron)
            share = kept("belief_half_life")
            self.n_plus[patron] = plus + (self.n_plus[patron] - plus) * share
            self.n_minus[patron] = minus + (self.n_minus[patron] - minus) * share
        rest = self.par["threat_baseline"] * (1.0 - self.condition["peace"])
        self.threat = rest + (self.threat - rest) * kept("threat_half_life")
        for patron in PATRONS:
            self.fatigue[patron] *= 2.0 ** (-1.0 / self.own(patron, "fatigue_half_life"))

    # ----- (3) events (§3) ------------------------------------------------------------------------

    def v(self, x: float) -> float:
        """Negativity: hostile acts weigh λ times as much."""
        return x if x >= 0.0 else self.par["negativity"] * x

    def impulses(
        self, act: dict[str, Any], A: dict[tuple[str, str], list[float]]
    ) -> list[tuple[tuple[str, str], int, float, float]]:
        """What an act adds: (pair, domain, to F, to S), from the snapshot A."""
        a, g, omega = act["actor"], act["target"], act["domains"]
        x = act["score"] / 10.0
        m = act["weight"] * (1.0 if act["material"] else self.par["verbal_weight"])
        phi = self.par["material_fast_share" if act["material"] else "verbal_fast_share"]
        found = []
        for d in range(3):
            # reception: the target toward the actor
            dz = {(g, a): self.par["reception_gain"] * m * omega[d] * self.v(x)}
            # a share of what is received counts toward the patron that the act counts as
            shares = (self.case.actors[a].counts_as or {}) if g == self.pivot else {}
            for patron, share in shares.items():
                dz[g, self.patron_id[patron]] = share * dz[g, a]
            # expression: the actor toward the target
            dz[a, g] = self.par["expression_gain"] * m * omega[d] * x
            # observers toward the actor
            for k in self.actors:
                if k in (a, g):
                    continue
                q = A[k, g][d]
                holds = self.case.actors[k].has_sphere()
                if holds and g == self.pivot and x > 0.0 and A[k, a][d] < 0.0:
                    q = A[k, a][d]  # sphere rule
                dz[k, a] = self.par["observer_gain"] * m * omega[d] * self.v(x * q)
                dz[k, a] *= act.get("noticed", 1.0)
            for pair, size in dz.items():
                found.append((pair, d, phi * size, (1.0 - phi) * size))
        return found

    def apply_acts(self, acts: list[dict[str, Any]]) -> None:
        """Compute all acts from one snapshot, then add them in their order."""
        A = self.all_alignments()
        found = [impulse for act in acts for impulse in self.impulses(act, A)]
        for pair, d, to_fast, to_slow in found:
            self.fast[pair][d] += to_fast
            self.slow[pair][d] += to_slow

    def covered(self, coverage: float, attacker: str) -> float:
        """What a promise covers of an attack: nothing once no treaty with the guarantor stands."""
        seat = self.guarantor(attacker)
        treaties = [t for t in self.ties.values() if t.kind == "security-treaty" and t.seat == seat]
        if treaties and all(self.level[tie.id] <= 0.0 for tie in treaties):
            return 0.0
        return coverage

    def coverage_of(self, attacker: str) -> float:
        """What a promise covers of an attack that an actor chooses."""
        return self.covered(self.own(self.seat_of.get(attacker), "attack_coverage"), attacker)

    def alliance_test(
        self, severity: float, cov: float, defended: bool, weight: float, attacker: str
    ) -> Any:
        """The guarantor's act of an alliance test (§4)."""
        psi, par = self.par["expectation_violation"], self.par
        if defended:
            score = par["defence_score"] * (1.0 - 0.5 * psi * cov)
        else:
            score = par["refusal_score"] - par["defence_score"] * psi * cov
        entry = self.case.decisions.acts.get("TEST")
        return {
            "actor": self.patron_id[self.guarantor(attacker)],
            "target": self.pivot,
            "score": score,
            "weight": weight * severity,
            "material": True,
            "domains": TEST_DOMAINS.tolist() if entry is None else list(entry.values()),
        }

    def learn(self, severity: float, cov: float, defended: bool, attacker: str) -> None:
        """What an attack does to belief and threat (§4)."""
        guarantor = self.guarantor(attacker)
        if defended:
            self.n_plus[guarantor] += severity * cov
            if severity * cov > 0.0:
                self.kept_promise[guarantor] = True
        else:
            self.n_minus[guarantor] += severity * cov
        self.threat = min(1.0, self.threat + self.par["threat_jump"] * severity)

    def recorded_events(self, week: int) -> None:
        acts, attacks = [], []
        for event in sorted(self.scenario.events, key=lambda event: event.id):
            if self.scenario.week_of(event.date) != week:
                continue
            weight = self.weights.get(event.id, event.weight)
            score = event.goldstein
            if event.severity is not None:
                score = event.goldstein * event.severity
            acts.append(
                {
                    "actor": event.actor,
                    "target": event.target,
                    "score": score,
                    "weight": weight,
                    "material": event.material,
                    "domains": list(event.domains()),
                }
            )
            if event.severity is not None:
                coverage = self.covered(event.coverage, event.actor)
                test = (event.severity, coverage, event.defended)
                acts.append(self.alliance_test(*test, weight, event.actor))
                if weight > 0.0:
                    attacks.append((*test, event.actor))
        self.apply_acts(acts)
        for test in attacks:
            self.learn(*test)

    # ----- protection and seats (§5) --------------------------------------------------------------

    def attention(self, patron: str) -> float:
        """a_p, by what binds the patron."""
        a = 1.0
        if "load" in self.bonds[patron]:
            a *= 1.0 - self.own(patron, "attention_loss") * self.condition["war_load"]
        if "attention" in self.bonds[patron]:
            a *= self.condition["engagement"]
        return a

    def protection_from(self, attacker: str | None, e: dict[str, float]) -> float:
        """P(e_R, e_W) against one attacker: nobody protects from himself."""
        unprotected = 1.0 - self.self_help
        for p in PATRONS:
            if self.patron_id[p] == attacker:
                continue
            k, a0 = self.par[p + "_local_protection"], self.own(p, "inattentive_protection")
            a = self.attention(p)
            unprotected *= 1.0 - e[p] * self.belief(p) * k * (a0 + (1.0 - a0) * a)
        return 1.0 - unprotected

    def protection(self, e: dict[str, float]) -> float:
        """P against whom it is least."""
        return min(self.protection_from(attacker, e) for attacker in self.threats or [None])

    def institutional_part(self, patron: str, d: int) -> float:
        """I_p^d."""
        total = self.case.seats[patron].base.values()[d]
        for tie in self.ties.values():
            if tie.seat == patron:
                total += tie.weights.values()[d] * self.level[tie.id]
        return min(1.0, total)

    def seats(self) -> dict[str, list[float]]:
        """o_p^d."""
        chi = self.par["institution_share"]
        o = {}
        for p in PATRONS:
            A = self.alignment(self.pivot, self.patron_id[p])
            o[p] = []
            for d in range(3):
                inst = self.institutional_part(p, d)
                if self.par["net_seats"] > 0.5:
                    seat = max(0.0, (1.0 - chi) * A[d] + chi * inst)
                else:
                    seat = (1.0 - chi) * max(0.0, A[d]) + chi * inst
                if p == "rival":
                    seat *= self.par["rival_cap_" + DOMAINS[d]]
                    if d == ECO:
                        seat *= self.condition["transit"]
                o[p].append(seat)
        return o

    def tilt(self, o: dict[str, list[float]]) -> float:
        return self.weighted(o["rival"]) - self.weighted(o["incumbent"])

    def loss(self, tilt: float, patron: str) -> float:
        T0 = self.own(patron, "tolerated_tilt")
        away = tilt if patron == "incumbent" else -tilt
        return max(0.0, (away - T0) / (1.0 - T0))

    def hostility(self) -> float:
        """h of §7."""
        there = self.alignment(self.incumbent, self.rival)
        back = self.alignment(self.rival, self.incumbent)
        return max(0.0, -0.5 * self.weighted([there[d] + back[d] for d in range(3)]))

    # ----- (4) decisions (§7) ---------------------------------------------------------------------

    def choose(self, role: str, utilities: dict[str, float]) -> str:
        """Argmax of U + τ·Gumbel; the first of equals."""
        values = list(utilities.values())
        if self.deal is not None:
            uniforms = self.deal("choice/" + role, len(values))  # pivot and patrons are one each
            values = [
                u + self.par["choice_temperature"] * -math.log(-math.log(uniform))
                for u, uniform in zip(values, uniforms, strict=True)
            ]
        return list(utilities)[values.index(max(values))]

    def posture_utility(self, posture: str) -> float:
        par = self.par
        e, now = self.engagement[posture], self.engagement[self.posture]
        A = {p: self.alignment(self.pivot, self.patron_id[p]) for p in PATRONS}

        P = self.protection({p: e[p][SEC] for p in PATRONS})
        sec = 1.0 - self.threat * (1.0 - P)

        aut = 1.0 - max(e[p][SEC] * self.dependence_security[p] for p in PATRONS)

        eco, most = 0.0, 0.0
        for p in PATRONS:
            trade = par[p + "_economic_dependence"]
            most += trade
            if p in self.offerers:
                market = self.own(p, "potential_market")
                trade += market * self.attention(p) * (1.0 - self.fatigue[p])
                most += market
            if p in self.coercers:
                excess = self.loss(self.tilt(e), p) - self.own(p, "coercion_threshold")
                reach = self.own(p, "fear_inattentive")
                reach += self.own(p, "fear_attentive") * self.attention(p)
                feared = self.own(p, "fear") * max(0.0, excess) * reach
                trade *= 1.0 - min(1.0, self.coercion[p] + feared)
            eco += trade * e[p][ECO]
        eco /= most

        pol = 0.5 + 0.25 * sum(A[p][POL] * e[p][POL] for p in PATRONS)

        overlap = self.weighted([e["incumbent"][d] * e["rival"][d] for d in range(3)])
        exacted = 1.0 - par["overlap_attention"]
        if self.coercers:
            exacted = max(
                1.0 - self.own(p, "overlap_attention") * (1.0 - self.attention(p))
                for p in self.coercers
            )
        distance = sum(self.weighted([abs(e[p][d] - now[p][d]) for d in range(3)]) for p in PATRONS)
        distrust = sum(
            self.weighted([e[p][d] * max(0.0, -A[p][d]) for d in range(3)]) for p in PATRONS
        )
        return (
            par["utility_security"] * sec
            + par["utility_economy"] * eco
            + par["utility_politics"] * pol
            + par["utility_autonomy"] * aut
            - par["overlap_cost"] * self.hostility() * overlap * exacted
            - par["switching_cost"] * distance
            - par["distrust_cost"] * distrust
        )

    def patron_utilities(self, patron: str, loss: float) -> dict[str, float]:
        """What the acts of a patron's repertoire are worth; an attack is none that is chosen."""

        def own(name: str) -> float:
            return self.own(patron, name)

        me, att = self.patron_id[patron], self.attention(patron)
        felt = loss + own("grievance_gain") * max(0.0, -self.weighted(self.fast[me, self.pivot]))
        regard = {p: self.weighted(self.alignment(self.pivot, self.patron_id[p])) for p in PATRONS}
        shown = max(0.0, regard[patron])

        warn = own("warning_gain") * max(0.0, felt - own("warning_threshold"))
        if self.warnings[patron] >= WARNINGS_REMEMBERED:
            warn = -math.inf

        reward = att * own("reward_gain") * 2.0 * min(felt, 0.5) * (shown + own("reward_floor"))
        reward -= own("reward_cost")

        coerce = own("coercion_gain") * max(0.0, felt - own("coercion_threshold"))
        coerce *= own("leverage_floor") + self.par[patron + "_economic_dependence"]
        coerce *= own("coercion_inattentive") + own("coercion_attentive") * att
        coerce *= 1.0 + own("resolve")
        coerce -= own("coercion_cost") * (1.0 + self.coercions[patron])
        if self.quarters_of_loss[patron] < 2:
            coerce = -math.inf

        rift = max(0.0, own("rift_level") - regard[OTHER[patron]])
        offer = att * (0.5 * own("offer_gain") * shown + own("wedge") * rift)
        offer -= own("fatigue_cost") * self.fatigue[patron] + own("offer_cost")
        if att < own("offer_engagement"):
            offer = -math.inf

        worth = {
            "WARN": warn,
            "REWARD": reward,
            "COERCE": coerce,
            "OFFER": offer,
            "DISENGAGE": own("disengagement_level") - att,
        }
        found = {}
        for act in self.options[me]:
            if act in ("NEGLECT", "HOLD"):
                found[act] = 0.0
            elif act != "ATTACK":
                found[act] = worth[act] if worth[act] > 0.0 else -math.inf
        return found

    def attack_probability(self, attacker: str, o: dict[str, list[float]]) -> float:
        con, seat = self.condition, self.seat_of.get(attacker)

        def own(name: str) -> float:
            return self.own(seat, name)

        stake = con["stake"]
        if seat is not None:
            stake *= self.loss(self.tilt(o), seat)
        if stake == 0.0:
            return 0.0
        guarantor = self.guarantor(attacker)
        deters = "rival" if seat is None else guarantor
        held = {p: o[p][SEC] for p in PATRONS}
        logit = own("hazard_base")
        logit += own("hazard_exposure") * (1.0 - self.protection_from(attacker, held))
        multiplies = own("stake_multiplies") > 0.5
        logit += own("hazard_stake") * (1.0 if multiplies else stake)
        logit += own("hazard_peace") * con["peace"]
        logit += own("hazard_rival") * self.attention(deters) * o[deters][SEC]
        logit += own("hazard_inattention") * (1.0 - self.attention(guarantor))
        rate = own("attack_rate") * (stake if multiplies else 1.0)
        chance = rate / (1.0 + math.exp(-logit))
        return chance if seat is None else chance * self.attention(seat)

    def defence_probability(self, attacker: str) -> float:
        guarantor = self.guarantor(attacker)
        goodwill = max(0.0, self.alignment(self.patron_id[guarantor], self.pivot)[SEC])
        return self.belief(guarantor) * self.attention(guarantor) * goodwill

    def stream_of_attacks(self, attacker: str) -> str:
        """The luck of attacks: an adversary's is its choice; a second one's bears its id."""
        if attacker in self.seat_of:
            return f"attack/{attacker}"
        first = next(key for key in self.actors if self.role[key] == "adversary")
        return "choice/adversary" + ("" if attacker == first else f"/{attacker}")

    def pivot_act(self, patron: str, o: dict[str, list[float]]) -> dict[str, Any]:
        """The pivot's act toward a patron, by its new posture and the seats it sensed."""
        par = self.par
        gaps = [self.engagement[self.posture][patron][d] - o[patron][d] for d in range(3)]
        gap = max(gaps)
        return {
            "actor": self.pivot,
            "target": self.patron_id[patron],
            "score": max(0.0, min(10.0 * par["act_gain"] * gap, par["act_ceiling"])),
            "weight": 1.0 if gap > par["act_threshold"] else 0.0,
            "material": gap > par["act_material_gap"],
            "domains": [1.0 if d == gaps.index(gap) else 0.0 for d in range(3)],
            "noticed": HALVING_OF_REPEATS ** self.approaches[patron],
        }

    def quarter(self, acting: bool) -> None:
        """All sense, all decide; once agents act, all act."""
        # sense: one snapshot for all
        o = self.seats()
        loss = {p: self.loss(self.tilt(o), p) for p in PATRONS}
        for p in PATRONS:
            above = loss[p] > self.own(p, "coercion_threshold")
            self.quarters_of_loss[p] = self.quarters_of_loss[p] + 1 if above else 0

        # decide
        posture = self.choose("pivot", {p: self.posture_utility(p) for p in POSTURES})
        if self.forced is not None:
            posture = self.forced
        did = {p: self.choose(p, self.patron_utilities(p, loss[p])) for p in PATRONS}
        attacks: dict[str, bool] = {}  # who attacks, and whether that is answered
        for actor in self.threats:
            if self.deal is None:
                continue
            first, second = self.deal(self.stream_of_attacks(actor), 2)
            if first < self.attack_probability(actor, o):
                attacks[actor] = second < self.defence_probability(actor)
        did |= {self.seat_of[actor]: "ATTACK" for actor in attacks if actor in self.seat_of}
        self.choice = {self.pivot: posture} | {self.patron_id[p]: did[p] for p in PATRONS}
        for actor in self.actors:
            if self.role[actor] == "adversary":
                self.choice[actor] = "ATTACK" if actor in attacks else "REFRAIN"

        # memory of warnings
        warning_weight = {p: HALVING_OF_REPEATS ** self.warnings[p] for p in PATRONS}
        for p in PATRONS:
            self.warnings[p] = max(0, self.warnings[p] + (1 if did[p] == "WARN" else -1))

        # take effect
        if self.recorded is None or self.forced is not None:
            self.posture = posture
        if not acting:
            return

        # act, in the order of the case's actors
        acts = []
        for actor in self.actors:
            if actor == self.pivot:
                acts += [self.pivot_act(patron, o) for patron in PATRONS]
            seat = self.seat_of.get(actor)
            if seat is not None and did[seat] not in ("NEGLECT", "HOLD", "ATTACK"):
                score, domains, material = self.numbers_of_act(did[seat])
                weight = warning_weight[seat] if did[seat] == "WARN" else 1.0
                acts.append(self.agent_act(actor, score, domains, material, weight))
            if actor in attacks:
                severity, cov = self.own(seat, "attack_severity"), self.coverage_of(actor)
                score, domains, material = self.numbers_of_act("ATTACK")
                acts.append(self.agent_act(actor, score * severity, domains, material, 1.0))
                acts.append(self.alliance_test(severity, cov, attacks[actor], 1.0, actor))
        self.apply_acts(acts)
        for patron in PATRONS:
            approached = self.pivot_act(patron, o)["weight"] > 0.0
            self.approaches[patron] += 1 if approached else -1
            self.approaches[patron] = max(0, self.approaches[patron])
        for actor, defended in attacks.items():
            seat = self.seat_of.get(actor)
            severity, cov = self.own(seat, "attack_severity"), self.coverage_of(actor)
            self.learn(severity, cov, defended, actor)
            self.attack_defended = bool(self.attack_defended) or defended

        for patron in self.coercers:
            self.press(patron, did[patron], loss[patron])

        # offers tire
        for patron in self.offerers:
            if did[patron] == "OFFER":
                self.offered[patron] = True
                if "fatigue" in self.bonds[patron]:
                    tired = self.fatigue[patron] + self.own(patron, "fatigue_step")
                    self.fatigue[patron] = min(1.0, tired)

    def press(self, patron: str, did: str, loss: float) -> None:
        """Coercion in force, by one patron."""
        step = -self.own(patron, "coercion_neglected")
        if did == "REWARD":
            step = -self.own(patron, "coercion_rewarded")
        if did == "COERCE":
            step = self.own(patron, "coercion_step")
        low = loss < self.own(patron, "coercion_threshold")
        left = self.coercion[patron] + step - (self.own(patron, "coercion_eased") if low else 0.0)
        ceiling = self.own(patron, "coercion_ceiling")
        self.coercion[patron] = 0.0 if left < 1e-9 else min(left, ceiling)
        coerced = did == "COERCE"
        self.coerced_running[patron] = self.coerced_running[patron] + 1 if coerced else 0
        self.coercions[patron] += coerced
        if self.coercion[patron] == 0.0:
            self.coercions[patron] = 0

    def agent_act(
        self, actor: str, score: float, domains: list[float], material: bool, weight: float
    ) -> dict[str, Any]:
        return {
            "actor": actor,
            "target": self.pivot,
            "score": score,
            "weight": weight,
            "material": material,
            "domains": domains,
        }

    # ----- (5) dependence and self-help -----------------------------------------------------------

    def dependence(self) -> None:
        par = self.par
        wanted = self.engagement[self.posture]["incumbent"][SEC]
        held = self.dependence_security["incumbent"]
        held += par["dependence_rate"] * (wanted - held)
        self.dependence_security["incumbent"] = held
        self.self_help = min(
            self.self_help + par["self_help_growth"] * (1.0 - held),
            max(self.self_help, par["self_help_ceiling"]),
        )

    # ----- (6) institutions (§6) ------------------------------------------------------------------

    def institutions(self, acting: bool) -> None:
        before = dict(self.level)
        o = self.seats()
        after = {}
        for tie in self.ties.values():
            A = self.alignment(self.pivot, self.patron_id[tie.seat])
            if tie.kind == "security-treaty":
                after[tie.id] = self.security_treaty(tie, before, A, o, acting)
            elif tie.kind == "economic-union":
                after[tie.id] = self.economic_union(tie, before, o, acting)
            elif tie.kind == "regional-organisation":
                after[tie.id] = self.regional_organisation(tie, before, A, acting)
            elif tie.kind == "association-ladder":
                after[tie.id] = self.association_ladder(tie, before, A, acting)
            else:
                after[tie.id] = before[tie.id]
        if not acting:
            return
        for tie_id, level in after.items():
            if level != before[tie_id]:
                self.level[tie_id] = level
                self.counter[tie_id] = {}

    def running(self, tie: str, name: str, holds: bool) -> int:
        """Count the weeks running in which something held, this one included."""
        counters = self.counter[tie]
        counters[name] = counters.get(name, 0) + 1 if holds else 0
        return counters[name]

    def total(self, tie: str, name: str, adds: bool) -> int:
        """Count the weeks in which something happened since the counters were restarted."""
        counters = self.counter[tie]
        counters[name] = counters.get(name, 0) + (1 if adds else 0)
        return counters[name]

    def home(self, tie: Any) -> float:
        own = tie.returns_to
        return float(self.on_record[tie.id] if own is None else own)

    def security_treaty(self, tie: Any, before: Any, A: list[float], o: Any, acting: bool) -> float:
        level = before[tie.id]
        cold = self.running(tie.id, "freeze", below(A[SEC], tie.freeze_below))
        warm = self.running(tie.id, "restore", acting and above(A[SEC], tie.restore_above))
        kept = self.total(tie.id, "kept", self.kept_promise[tie.seat])
        if level < self.home(tie) and long(warm, tie.restore_weeks) and kept >= 1:
            return self.home(tie)
        if level == tie.frozen_level:
            held = {p: 0.0 if p == tie.seat else o[p][SEC] for p in PATRONS}
            if (
                below(A[SEC], tie.leave_below)
                and long(self.protection(held), tie.leave_protection)
                and self.posture == TURNED_FROM[tie.seat]
            ):
                return 0.0
        if level > tie.frozen_level:
            doubted = below(self.belief(tie.seat), tie.freeze_belief)
            if long(cold, tie.freeze_weeks) and doubted:
                return float(tie.frozen_level)
        return float(level)

    def worth_of_union(self, seat: str) -> float:
        """V_p of §6: what a whole economic seat counts in the welfare payoff."""
        worth = self.par[seat + "_economic_dependence"] * self.market(seat)
        if seat == "rival":
            worth *= self.par["rival_cap_economy"] * self.condition["transit"]
        return worth

    def market(self, seat: str) -> float:
        """What a unit of economic dependence on a patron is worth in welfare."""
        if seat == "rival":
            return self.par["welfare_rival_weight"]
        return self.par.get("welfare_incumbent_weight", 1.0)

    def economic_union(self, tie: Any, before: Any, o: Any, acting: bool) -> float:
        seat = tie.seat
        old = level = before[tie.id]
        loss = self.loss(self.tilt(o), seat)
        threshold = self.own(seat, "coercion_threshold") - tie.restore_margin
        calm = self.running(tie.id, "restore", acting and loss < threshold)
        ladders = [t for t in self.ties.values() if t.kind == "association-ladder"]
        ladder = next((t for t in ladders if t.seat == OTHER[seat]), None)
        if ladder is not None:
            rung = before[ladder.id]
            if (
                old > tie.suspended_level
                and long(self.coerced_running[seat], tie.suspend_after)
                and long(rung, tie.suspend_ladder)
            ):
                level = tie.suspended_level
            higher = [step for step in ladder.levels if step > rung]
            gained = (min(higher) - rung) if higher else 0.0
            gained *= self.worth_of_union(ladder.seat) * ladder.weights.economy
            gained *= 1.0 - self.coercion[ladder.seat]
            lost = self.worth_of_union(seat) * tie.weights.economy
            lost *= (old - tie.left_level) * (1.0 - self.coercion[seat])
            if old > tie.left_level and acting and self.offered[ladder.seat] and gained >= lost:
                level = tie.left_level
        if level < self.home(tie) and long(calm, tie.restore_weeks):
            level = self.home(tie)
        return float(level)

    def regional_organisation(self, tie: Any, before: Any, A: list[float], acting: bool) -> float:
        level = before[tie.id]
        cold = self.running(tie.id, "leave", below(A[POL], tie.leave_below))
        warm = self.running(tie.id, "restore", acting and above(A[POL], tie.restore_above))
        if level < self.home(tie) and long(warm, tie.restore_weeks):
            return self.home(tie)
        gone = tie.after is None or before[tie.after] == 0.0
        if gone and long(cold, tie.leave_weeks) and self.posture == TURNED_FROM[tie.seat]:
            return 0.0
        return float(level)

    def association_ladder(self, tie: Any, before: Any, A: list[float], acting: bool) -> float:
        level = before[tie.id]
        cold = self.running(tie.id, "lower", below(A[POL], tie.lower_below))
        offers = self.total(tie.id, "offers", acting and self.offered[tie.seat])
        weeks = self.total(tie.id, "weeks", acting)
        higher = [step for step in tie.levels if step > level]
        lower = [step for step in tie.levels if step < level]
        if (
            offers >= tie.offers
            and below(self.fatigue[tie.seat], tie.fatigue_below)
            and above(A[POL], tie.raise_above)
            and weeks >= tie.step_weeks
        ):
            return min(higher, default=level)
        if long(cold, tie.lower_weeks):
            return max(lower, default=level)
        return float(level)

    # ----- (7) measures (§8) ----------------------------------------------------------------------

    def next_regime(self, R: float, W: float, T: float) -> str:
        par = self.par
        for patron, seat in (("incumbent", R), ("rival", W)):
            limit = par["seat_lost"] if self.held.get(patron) else par["seat_taken"]
            self.held[patron] = seat >= limit
        if not self.held["incumbent"] and not self.held["rival"]:
            return "between-chairs"
        if not self.held["rival"]:
            return "incumbent-chair"
        if not self.held["incumbent"]:
            return "rival-chair"
        from_a_chair = self.regime in ("incumbent-chair", "rival-chair")
        if abs(T) < par["two_chairs_entry" if from_a_chair else "two_chairs_limit"]:
            return "two-chairs"
        return "rival-chair" if T > 0.0 else "incumbent-chair"

    def measure(self) -> dict[str, Any]:
        par = self.par
        o = self.seats()
        R, W = self.weighted(o["incumbent"]), self.weighted(o["rival"])
        T = W - R
        h = self.hostility()
        self.regime = self.next_regime(R, W, T)
        P = self.protection({p: o[p][SEC] for p in PATRONS})
        worth = {p: self.market(p) * par[p + "_economic_dependence"] for p in PATRONS}
        welfare = sum(worth[p] * o[p][ECO] * (1.0 - self.coercion[p]) for p in PATRONS)
        return {
            "tilt": T,
            "breadth": 2.0 * min(R, W) / (R + W) if R + W > 0.0 else 0.0,
            "level": max(R, W),
            "split": self.weighted(
                [abs((o["rival"][d] - o["incumbent"][d]) - T) for d in range(3)]
            ),
            "strain": (R * W * h) ** (1.0 / 3.0),
            "incumbent_seat": R,
            "rival_seat": W,
            "security": 1.0 - self.threat * (1.0 - P),
            "welfare": welfare / sum(worth.values()),
            "autonomy": 1.0 - max(o[p][SEC] * self.dependence_security[p] for p in PATRONS),
            "loss": self.loss(T, "incumbent"),
            "coercion": max(self.coercion.values()),
            "threat": self.threat,
            "fatigue": max(self.fatigue.values()),
            "self_help": self.self_help,
            "protection": P,
            "hostility": h,
            "alignment": self.all_alignments(),
            "seats": o,
            "belief": {p: self.belief(p) for p in PATRONS},
            "dependence": dict(self.dependence_security),
            "institutions": dict(self.level),
            "regime": REGIMES.index(self.regime),
            "posture": POSTURES.index(self.posture),
            "choices": dict(self.choice),
            "defended": self.attack_defended,
        }

    # ----- the week (§7) --------------------------------------------------------------------------

    def weeks(self) -> Iterator[dict[str, Any]]:
        """Run the scenario; yield what can be observed at the end of every week."""
        begins = self.scenario.agents_act_from
        for week in range(self.scenario.weeks):
            acting = begins is not None and week >= self.scenario.week_of(begins)
            self.kept_promise = dict.fromkeys(PATRONS, False)
            self.offered = dict.fromkeys(PATRONS, False)
            self.choice = {}
            self.attack_defended = None
            self.external_changes(week)
            if not acting:
                self.on_record = dict(self.level)
            self.decay()
            self.recorded_events(week)
            if (week + 1) % DECISION_INTERVAL == 0:
                self.quarter(acting)
            self.dependence()
            self.institutions(acting)
            yield self.measure()
