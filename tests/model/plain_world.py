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

from two_chairs.axes import INCUMBENT_ACTS, POSTURES, REGIMES, RIVAL_ACTS
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

ENGAGEMENT = {
    posture: dict(zip(PATRONS, table, strict=True))
    for posture, table in zip(POSTURES, ENGAGEMENTS.tolist(), strict=True)
}
"""Engagement e wanted: posture → patron → three numbers (§7)."""

INCUMBENT_TABLE = {
    act: (USUAL[act].score, list(USUAL[act].domains), USUAL[act].material) for act in INCUMBENT_ACTS
}
RIVAL_TABLE = {
    act: (USUAL[act].score, list(USUAL[act].domains), USUAL[act].material) for act in RIVAL_ACTS
}
ATTACK_SCORE, ATTACK_DOMAINS = USUAL["ATTACK"].score, list(USUAL["ATTACK"].domains)


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
    """

    def __init__(
        self,
        scenario: Scenario,
        parameters: dict[str, float],
        weights: dict[str, float],
        deal: Deal | None,
    ) -> None:
        self.scenario = scenario
        self.case = scenario.case
        self.par = dict(parameters)
        self.weights = dict(weights)
        self.deal = deal

        self.actors = list(self.case.actors)
        self.pivot = self.case.with_role("pivot")
        self.incumbent = self.case.with_role("incumbent")
        self.rival = self.case.with_role("rival")
        self.adversary = self.case.with_role("adversary")
        self.patron_id = {"incumbent": self.incumbent, "rival": self.rival}

        # §1 state
        self.pairs = [(i, j) for i in self.actors for j in self.actors if i != j]
        self.baseline = {}
        for i, j in self.pairs:
            entry = self.case.baselines.get(f"{i}>{j}")
            self.baseline[i, j] = list(entry.values()) if entry else [0.0, 0.0, 0.0]
        self.fast = {pair: [0.0, 0.0, 0.0] for pair in self.pairs}
        self.slow = {pair: [0.0, 0.0, 0.0] for pair in self.pairs}
        self.condition = {key: entry.value for key, entry in self.case.conditions.items()}
        self.n_plus = {p: self.prior(p)[0] for p in PATRONS}
        self.n_minus = {p: self.prior(p)[1] for p in PATRONS}
        self.threat = self.par["threat_baseline"] * (1.0 - self.condition["peace"])
        self.coercion = 0.0
        self.fatigue = self.par["fatigue_start"]
        self.self_help = self.par["self_help"]
        self.dependence_security = self.par["incumbent_security_dependence"]
        self.posture = "LOYAL"
        self.forced: str | None = None
        self.recorded: str | None = None

        # memory of the incumbent
        self.quarters_of_loss = 0  # running, with loss > τ_c
        self.warnings = 0  # remembered
        self.approaches = dict.fromkeys(PATRONS, 0)  # of the pivot, remembered by observers
        self.coercions = 0  # n, of the spell
        self.coerced_running = 0  # quarters of COERCE running, since agents act

        # institutions
        self.ties = {tie.id: tie for tie in self.case.institutions}
        self.level = {tie: scenario.institutions[tie] for tie in self.ties}
        self.counter: dict[str, dict[str, int]] = {tie: {} for tie in self.ties}
        self.on_record = dict(self.level)

        # regime
        self.regime: str | None = None
        self.held: dict[str, bool] = {}

        # what happened this week
        self.kept_promise = False
        self.offered = False
        self.choice: dict[str, str | None] = {}
        self.attack_defended: bool | None = None

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
        for day, entry in self.dated_interventions():
            if scenario.week_of(day) == week:
                self.intervene(entry)
        self.forced = self.forced_posture(week)
        self.recorded = self.recorded_posture(week)
        if self.recorded is not None:
            self.posture = self.recorded
        if self.forced is not None:
            self.posture = self.forced

    def recorded_posture(self, week: int) -> str | None:
        begins, found = self.scenario.agents_act_from, None
        if begins is not None and week >= self.scenario.week_of(begins):
            return None
        for entry in self.scenario.postures:
            if self.scenario.week_of(entry.date + timedelta(days=6)) <= week:
                found = None if entry.posture == "free" else entry.posture
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
            self.coercion = min(entry.coercion, self.par["coercion_ceiling"])
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
        self.fatigue *= kept("fatigue_half_life")

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
            # expression: the actor toward the target
            dz[a, g] = self.par["expression_gain"] * m * omega[d] * x
            # observers toward the actor
            for k in self.actors:
                if k in (a, g):
                    continue
                q = A[k, g][d]
                if k == self.incumbent and g == self.pivot and x > 0.0 and A[k, a][d] < 0.0:
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

    def alliance_test(self, severity: float, cov: float, defended: bool, weight: float) -> Any:
        """The guarantor's act of an alliance test (§4)."""
        psi, par = self.par["expectation_violation"], self.par
        if defended:
            score = par["defence_score"] * (1.0 - 0.5 * psi * cov)
        else:
            score = par["refusal_score"] - par["defence_score"] * psi * cov
        return {
            "actor": self.incumbent,
            "target": self.pivot,
            "score": score,
            "weight": weight * severity,
            "material": True,
            "domains": TEST_DOMAINS.tolist(),
        }

    def learn(self, severity: float, cov: float, defended: bool) -> None:
        """What an attack does to belief and threat (§4)."""
        if defended:
            self.n_plus["incumbent"] += severity * cov
            if severity * cov > 0.0:
                self.kept_promise = True
        else:
            self.n_minus["incumbent"] += severity * cov
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
                test = (event.severity, event.coverage, event.defended)
                acts.append(self.alliance_test(*test, weight))
                if weight > 0.0:
                    attacks.append(test)
        self.apply_acts(acts)
        for test in attacks:
            self.learn(*test)

    # ----- protection and seats (§5) --------------------------------------------------------------

    def attention(self) -> float:
        return 1.0 - self.par["attention_loss"] * self.condition["war_load"]

    def protection(self, e_incumbent: float, e_rival: float) -> float:
        """P(e_R, e_W)."""
        e = {"incumbent": e_incumbent, "rival": e_rival}
        a = {"incumbent": self.attention(), "rival": self.condition["engagement"]}
        a0 = self.par["inattentive_protection"]
        unprotected = 1.0 - self.self_help
        for p in PATRONS:
            k = self.par[p + "_local_protection"]
            unprotected *= 1.0 - e[p] * self.belief(p) * k * (a0 + (1.0 - a0) * a[p])
        return 1.0 - unprotected

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

    def loss(self, tilt: float) -> float:
        T0 = self.par["tolerated_tilt"]
        return max(0.0, (tilt - T0) / (1.0 - T0))

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
            uniforms = self.deal("choice/" + role, len(values))
            values = [
                u + self.par["choice_temperature"] * -math.log(-math.log(uniform))
                for u, uniform in zip(values, uniforms, strict=True)
            ]
        return list(utilities)[values.index(max(values))]

    def posture_utility(self, posture: str) -> float:
        par = self.par
        e, now = ENGAGEMENT[posture], ENGAGEMENT[self.posture]
        A = {p: self.alignment(self.pivot, self.patron_id[p]) for p in PATRONS}
        att, g = self.attention(), self.condition["engagement"]

        P = self.protection(e["incumbent"][SEC], e["rival"][SEC])
        sec = 1.0 - self.threat * (1.0 - P)

        aut = 1.0 - max(
            e["incumbent"][SEC] * self.dependence_security,
            e["rival"][SEC] * par["rival_security_dependence"],
        )

        loss = self.loss(self.tilt(e))
        feared = par["fear"] * max(0.0, loss - par["coercion_threshold"])
        feared *= par["fear_inattentive"] + par["fear_attentive"] * att
        c_x = min(1.0, self.coercion + feared)
        D_R, D_W = par["incumbent_economic_dependence"], par["rival_economic_dependence"]
        market = par["potential_market"]
        eco = D_R * e["incumbent"][ECO] * (1.0 - c_x)
        eco += (D_W + market * g * (1.0 - self.fatigue)) * e["rival"][ECO]
        eco /= D_R + D_W + market

        pol = 0.5 + 0.25 * sum(A[p][POL] * e[p][POL] for p in PATRONS)

        overlap = self.weighted([e["incumbent"][d] * e["rival"][d] for d in range(3)])
        exacted = (1.0 - par["overlap_attention"]) + par["overlap_attention"] * att
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

    def incumbent_utilities(self, loss: float) -> dict[str, float]:
        par, att = self.par, self.attention()
        grievance = max(0.0, -self.weighted(self.fast[self.incumbent, self.pivot]))
        loss += par["grievance_gain"] * grievance
        shown = max(0.0, self.weighted(self.alignment(self.pivot, self.incumbent)))
        warn = par["warning_gain"] * max(0.0, loss - par["warning_threshold"])
        if self.warnings >= WARNINGS_REMEMBERED or warn <= 0.0:
            warn = -math.inf
        reward = att * par["reward_gain"] * 2.0 * min(loss, 0.5) * (shown + par["reward_floor"])
        reward -= par["reward_cost"]
        if reward <= 0.0:
            reward = -math.inf
        coerce = par["coercion_gain"] * max(0.0, loss - par["coercion_threshold"])
        coerce *= par["leverage_floor"] + par["incumbent_economic_dependence"]
        coerce *= par["coercion_inattentive"] + par["coercion_attentive"] * att
        coerce *= 1.0 + par["resolve"]
        coerce -= par["coercion_cost"] * (1.0 + self.coercions)
        if self.quarters_of_loss < 2 or coerce <= 0.0:
            coerce = -math.inf
        return {"NEGLECT": 0.0, "WARN": warn, "REWARD": reward, "COERCE": coerce}

    def rival_utilities(self) -> dict[str, float]:
        par, g = self.par, self.condition["engagement"]
        shown = max(0.0, self.weighted(self.alignment(self.pivot, self.rival)))
        rift = max(
            0.0, par["rift_level"] - self.weighted(self.alignment(self.pivot, self.incumbent))
        )
        offer = g * (0.5 * par["offer_gain"] * shown + par["wedge"] * rift)
        offer -= par["fatigue_cost"] * self.fatigue + par["offer_cost"]
        if g < par["offer_engagement"] or offer <= 0.0:
            offer = -math.inf
        leave = par["disengagement_level"] - g
        return {"HOLD": 0.0, "OFFER": offer, "DISENGAGE": leave if leave > 0.0 else -math.inf}

    def attack_probability(self, o: dict[str, list[float]]) -> float:
        par, con = self.par, self.condition
        if con["stake"] == 0.0:
            return 0.0
        logit = par["hazard_base"]
        logit += par["hazard_exposure"] * (
            1.0 - self.protection(o["incumbent"][SEC], o["rival"][SEC])
        )
        multiplies = par["stake_multiplies"] > 0.5
        logit += par["hazard_stake"] * (1.0 if multiplies else con["stake"])
        logit += par["hazard_peace"] * con["peace"]
        logit += par["hazard_rival"] * con["engagement"] * o["rival"][SEC]
        logit += par["hazard_inattention"] * (1.0 - self.attention())
        rate = par["attack_rate"] * (con["stake"] if multiplies else 1.0)
        return rate / (1.0 + math.exp(-logit))

    def defence_probability(self) -> float:
        goodwill = max(0.0, self.alignment(self.incumbent, self.pivot)[SEC])
        return self.belief("incumbent") * self.attention() * goodwill

    def pivot_act(self, patron: str, o: dict[str, list[float]]) -> dict[str, Any]:
        """The pivot's act toward a patron, by its new posture and the seats it sensed."""
        par = self.par
        gaps = [ENGAGEMENT[self.posture][patron][d] - o[patron][d] for d in range(3)]
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
        par = self.par

        # sense: one snapshot for all
        o = self.seats()
        loss = self.loss(self.tilt(o))
        above = loss > par["coercion_threshold"]
        self.quarters_of_loss = self.quarters_of_loss + 1 if above else 0

        # decide
        posture = self.choose("pivot", {p: self.posture_utility(p) for p in POSTURES})
        if self.forced is not None:
            posture = self.forced
        incumbent = self.choose("incumbent", self.incumbent_utilities(loss))
        rival = self.choose("rival", self.rival_utilities())
        attack = defended = False
        if self.deal is not None:
            first, second = self.deal("choice/adversary", 2)
            attack = first < self.attack_probability(o)
            defended = second < self.defence_probability()
        self.choice = {
            self.pivot: posture,
            self.incumbent: incumbent,
            self.rival: rival,
            self.adversary: "ATTACK" if attack else "REFRAIN",
        }

        # memory of warnings
        warning_weight = HALVING_OF_REPEATS**self.warnings
        self.warnings = self.warnings + 1 if incumbent == "WARN" else max(0, self.warnings - 1)

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
            elif actor == self.incumbent:
                score, domains, material = INCUMBENT_TABLE[incumbent]
                weight = warning_weight if incumbent == "WARN" else 1.0
                acts.append(self.agent_act(actor, score, domains, material, weight))
            elif actor == self.rival:
                score, domains, material = RIVAL_TABLE[rival]
                acts.append(self.agent_act(actor, score, domains, material, 1.0))
            elif actor == self.adversary and attack:
                severity, cov = par["attack_severity"], par["attack_coverage"]
                score = ATTACK_SCORE * severity
                acts.append(self.agent_act(actor, score, ATTACK_DOMAINS, True, 1.0))
                acts.append(self.alliance_test(severity, cov, defended, 1.0))
        self.apply_acts(acts)
        for patron in PATRONS:
            approached = self.pivot_act(patron, o)["weight"] > 0.0
            self.approaches[patron] += 1 if approached else -1
            self.approaches[patron] = max(0, self.approaches[patron])
        if attack:
            self.learn(par["attack_severity"], par["attack_coverage"], defended)
            self.attack_defended = defended

        # coercion in force
        step = {
            "NEGLECT": -par["coercion_neglected"],
            "WARN": -par["coercion_neglected"],
            "REWARD": -par["coercion_rewarded"],
            "COERCE": par["coercion_step"],
        }[incumbent]
        eased = par["coercion_eased"] if loss < par["coercion_threshold"] else 0.0
        left = self.coercion + step - eased
        self.coercion = 0.0 if left < 1e-9 else min(left, par["coercion_ceiling"])
        self.coerced_running = self.coerced_running + 1 if incumbent == "COERCE" else 0
        if incumbent == "COERCE":
            self.coercions += 1
        if self.coercion == 0.0:
            self.coercions = 0

        # offers tire
        if rival == "OFFER":
            self.offered = True
            self.fatigue = min(1.0, self.fatigue + par["fatigue_step"])

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
        wanted = ENGAGEMENT[self.posture]["incumbent"][SEC]
        self.dependence_security += par["dependence_rate"] * (wanted - self.dependence_security)
        self.self_help = min(
            self.self_help + par["self_help_growth"] * (1.0 - self.dependence_security),
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
        cold = self.running(tie.id, "freeze", A[SEC] < tie.freeze_below)
        warm = self.running(tie.id, "restore", acting and A[SEC] > tie.restore_above)
        kept = self.total(tie.id, "kept", self.kept_promise)
        if level < self.home(tie) and warm >= tie.restore_weeks and kept >= 1:
            return self.home(tie)
        if level == tie.frozen_level:
            other = self.protection(0.0, o["rival"][SEC])
            if (
                A[SEC] < tie.leave_below
                and other >= tie.leave_protection
                and self.posture == "PIVOT"
            ):
                return 0.0
        if level > tie.frozen_level:
            if cold >= tie.freeze_weeks and self.belief("incumbent") < tie.freeze_belief:
                return float(tie.frozen_level)
        return float(level)

    def economic_union(self, tie: Any, before: Any, o: Any, acting: bool) -> float:
        par = self.par
        old = level = before[tie.id]
        loss = self.loss(self.tilt(o))
        calm = self.running(
            tie.id, "restore", acting and loss < par["coercion_threshold"] - tie.restore_margin
        )
        ladder = next(t for t in self.ties.values() if t.kind == "association-ladder")
        rung = before[ladder.id]
        if (
            old > tie.suspended_level
            and self.coerced_running >= tie.suspend_after
            and rung >= tie.suspend_ladder
        ):
            level = tie.suspended_level
        higher = [step for step in ladder.levels if step > rung]
        gained = (min(higher) - rung) if higher else 0.0
        gained *= par["welfare_rival_weight"] * par["rival_economic_dependence"]
        gained *= par["rival_cap_economy"] * self.condition["transit"] * ladder.weights.economy
        lost = par["incumbent_economic_dependence"] * tie.weights.economy
        lost *= (old - tie.left_level) * (1.0 - self.coercion)
        if old > tie.left_level and acting and self.offered and gained >= lost:
            level = tie.left_level
        if level < self.home(tie) and calm >= tie.restore_weeks:
            level = self.home(tie)
        return float(level)

    def regional_organisation(self, tie: Any, before: Any, A: list[float], acting: bool) -> float:
        level = before[tie.id]
        cold = self.running(tie.id, "leave", A[POL] < tie.leave_below)
        warm = self.running(tie.id, "restore", acting and A[POL] > tie.restore_above)
        if level < self.home(tie) and warm >= tie.restore_weeks:
            return self.home(tie)
        if before[tie.after] == 0.0 and cold >= tie.leave_weeks and self.posture == "PIVOT":
            return 0.0
        return float(level)

    def association_ladder(self, tie: Any, before: Any, A: list[float], acting: bool) -> float:
        level = before[tie.id]
        cold = self.running(tie.id, "lower", A[POL] < tie.lower_below)
        offers = self.total(tie.id, "offers", acting and self.offered)
        weeks = self.total(tie.id, "weeks", acting)
        higher = [step for step in tie.levels if step > level]
        lower = [step for step in tie.levels if step < level]
        if (
            offers >= tie.offers
            and self.fatigue < tie.fatigue_below
            and A[POL] > tie.raise_above
            and weeks >= tie.step_weeks
        ):
            return min(higher, default=level)
        if cold >= tie.lower_weeks:
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
        P = self.protection(o["incumbent"][SEC], o["rival"][SEC])
        D_R, D_W = par["incumbent_economic_dependence"], par["rival_economic_dependence"]
        m_y = par["welfare_rival_weight"]
        welfare = D_R * o["incumbent"][ECO] * (1.0 - self.coercion) + m_y * D_W * o["rival"][ECO]
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
            "welfare": welfare / (D_R + m_y * D_W),
            "autonomy": 1.0
            - max(
                o["incumbent"][SEC] * self.dependence_security,
                o["rival"][SEC] * par["rival_security_dependence"],
            ),
            "loss": self.loss(T),
            "coercion": self.coercion,
            "threat": self.threat,
            "fatigue": self.fatigue,
            "self_help": self.self_help,
            "protection": P,
            "hostility": h,
            "alignment": self.all_alignments(),
            "seats": o,
            "belief": {p: self.belief(p) for p in PATRONS},
            "dependence": {
                "incumbent": self.dependence_security,
                "rival": par["rival_security_dependence"],
            },
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
            self.kept_promise = self.offered = False
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
