"""Every parameter of the model: default, unit, range, meaning and source.

A parameter is one number, or one number a world: in a run each field of `Parameters` is an array
that ends in the worlds axis, of length one (the same in all worlds) or of the number of worlds.
Where ``default`` is ``None`` the number belongs to a case and stands in its ``case.toml``.

What says how a patron behaves holds for both patrons. A case may give a number of its own to one of
them, by the name with the patron before it: ``rival_tolerated_tilt``. Until it does, that patron
follows the shared number (`Parameters.of`).

The *range* is what ensembles, sweeps and sensitivity studies vary by default. The *bounds* are
the values that make sense at all; anything outside them is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, make_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .axes import PATRONS, Array
from .declarations import (
    LARGEST,
    SHARE,
    UNBOUNDED,
    WEEKS,
    ParameterInfo,
    definition,
    given,
    half,
    parameter,
    switched_off,
)
from .mechanisms import MECHANISMS

GAIN = "atanh units"
UTILITY = "utility"
BROWN = (
    "Brown et al. 2024 JEL: mean 1.955; Walasek et al. 2024: 1.31 (monetary loss aversion, "
    "carried over to political acts by assumption)"
)
LEEDS = (
    "Leeds, Long & Mitchell 2000 JCR 44: 74.5 % of alliance terms kept in war; Berkemeier & "
    "Fuhrmann 2018 Research & Politics: 41 % for defence pacts"
)
SCALE = "conflict-cooperation score of the CAMEO code in the GDELT table"


@dataclass(frozen=True)
class RuleParameters:
    """The numbers of the rules, each an array ending in the worlds axis, of length 1 or worlds."""

    # --- events -------------------------------------------------------------------------------
    reception_gain: Array = parameter(
        "κ_r",
        1.0,
        (0.7, 1.4),
        GAIN,
        "how far an act of full weight and score moves its target's alignment toward the actor",
        "fitted",
        "to be fitted to polls; not separately identifiable from λ",
    )
    expression_gain: Array = parameter(
        "κ_x", 0.25, (0.1, 0.6), GAIN, "how far acting commits the actor itself toward its target"
    )
    observer_gain: Array = parameter(
        "κ_o",
        0.15,
        (0.0, 0.4),
        GAIN,
        "how far an act moves those who watch it",
        "assumption",
        "Goldstein, Pevehouse, Gerner & Telhami 2001 JCR 45(5) find few triangular responses; "
        "the size is assumed",
    )
    negativity: Array = parameter(
        "λ",
        1.95,
        (1.0, 2.5),
        "ratio",
        "how much more a hostile act weighs than a friendly one",
        "literature",
        BROWN,
    )
    verbal_weight: Array = parameter(
        "μ_v", 0.40, (0.2, 1.0), "ratio", "weight of words beside deeds", bounds=SHARE
    )
    verbal_fast_share: Array = parameter(
        "φ_v",
        0.80,
        (0.5, 1.0),
        "share",
        "share of a verbal act's impulse that fades fast",
        bounds=SHARE,
    )
    material_fast_share: Array = parameter(
        "φ_m",
        0.45,
        (0.2, 0.7),
        "share",
        "share of a material act's impulse that fades fast",
        bounds=SHARE,
    )
    fast_half_life: Array = parameter(
        "h_F", 13.0, (4.0, 26.0), "weeks", "half-life of the fast deviation", bounds=WEEKS
    )
    slow_half_life: Array = parameter(
        "h_S",
        208.0,
        (90.0, 500.0),
        "weeks",
        "half-life of the slow deviation",
        "assumption",
        "assumption; weakly fitted",
        bounds=WEEKS,
    )
    # --- alliance test ------------------------------------------------------------------------
    expectation_violation: Array = parameter(
        "ψ",
        0.9,
        (0.5, 1.15),
        "ratio",
        "how much a broken promise adds to a refusal, and an expected rescue takes from its credit",
        "fitted",
        "Snyder 1984 for the mechanism; size to be fitted",
    )
    refusal_score: Array = parameter(
        "G_no",
        -4.0,
        (-5.0, -3.0),
        "score",
        "score of refusing protection that was not promised",
        "literature",
        f"{SCALE} 1224",
        bounds=(-10.0, 0.0),
        varied=False,
    )
    defence_score: Array = parameter(
        "G_yes",
        8.5,
        (7.5, 9.5),
        "score",
        "score of giving protection",
        "literature",
        f"{SCALE} 074",
        bounds=(0.0, 10.0),
        varied=False,
    )
    incumbent_reliability: Array = given(
        "ρ_R", "probability", "prior belief that the incumbent patron defends the pivot"
    )
    rival_reliability: Array = given(
        "ρ_W", "probability", "prior belief that the rival patron defends the pivot"
    )
    belief_strength: Array = parameter(
        "n₀",
        2.0,
        (1.2, 4.0),
        "tests",
        "how many tests the prior belief is worth",
        "fitted",
        f"to be fitted; prior mean from {LEEDS}",
        bounds=(0.1, 1000.0),
    )
    belief_half_life: Array = parameter(
        "h_ρ",
        260.0,
        (130.0, 520.0),
        "weeks",
        "half-life with which belief returns to its prior",
        bounds=WEEKS,
    )
    # --- threat, protection, self-help --------------------------------------------------------
    threat_baseline: Array = parameter(
        "θ₀",
        0.45,
        (0.3, 0.6),
        "share",
        "perceived threat with no recent attack and no peace",
        bounds=SHARE,
    )
    threat_jump: Array = parameter(
        "Δθ",
        0.4,
        half(0.4),
        "share",
        "rise of perceived threat from an attack of severity one",
        bounds=SHARE,
    )
    threat_half_life: Array = parameter(
        "h_θ", 40.0, (20.0, 80.0), "weeks", "half-life of perceived threat", bounds=WEEKS
    )
    incumbent_local_protection: Array = given(
        "k_R", "share", "how much of an attack the incumbent patron can stop on the spot"
    )
    rival_local_protection: Array = given(
        "k_W", "share", "how much of an attack the rival patron can stop on the spot"
    )
    inattentive_protection: Array = parameter(
        "a₀",
        0.4,
        (0.2, 0.6),
        "share",
        "protection left when a patron's attention is zero",
        bounds=SHARE,
    )
    attention_loss: Array = parameter(
        "θ_att",
        0.6,
        (0.2, 0.9),
        "share",
        "attention that a patron bound by load loses at full war load",
        "assumption",
        "a war elsewhere takes attention; size assumed",
        bounds=SHARE,
    )
    self_help: Array = parameter(
        "σ",
        0.15,
        half(0.15),
        "share",
        "attacks the pivot stops by itself at the start",
        bounds=SHARE,
    )
    self_help_growth: Array = parameter(
        "σ′",
        0.0006,
        half(0.0006),
        "per week",
        "growth of self-help as security dependence on the incumbent falls",
        bounds=SHARE,
    )
    self_help_ceiling: Array = parameter(
        "σ_max", 0.40, (0.3, 0.5), "share", "most that self-help can stop", bounds=SHARE
    )
    # --- dependence ---------------------------------------------------------------------------
    incumbent_security_dependence: Array = given(
        "D_R^sec", "share", "material dependence on the incumbent in security at the start"
    )
    incumbent_economic_dependence: Array = given(
        "D_R^eco", "share", "material dependence on the incumbent in the economy"
    )
    rival_security_dependence: Array = given(
        "D_W^sec", "share", "material dependence on the rival in security"
    )
    rival_economic_dependence: Array = given(
        "D_W^eco",
        "share",
        "material dependence on the rival in the economy",
        bounds=(0.001, 1.0),
    )
    dependence_rate: Array = parameter(
        "δ",
        0.006,
        half(0.006),
        "per week",
        "speed at which security dependence follows the engagement wanted",
        bounds=SHARE,
    )
    # --- seats --------------------------------------------------------------------------------
    weight_security: Array = parameter(
        "w_sec",
        0.45,
        (0.0, 1.0),
        "share",
        "weight of security in the position",
        "assumption",
        "security first: Lim & Cooper 2015 Security Studies 24; the number is assumed",
        bounds=SHARE,
        group="domain_weights",
        measurement=True,
    )
    weight_economy: Array = parameter(
        "w_eco",
        0.30,
        (0.0, 1.0),
        "share",
        "weight of the economy in the position",
        bounds=SHARE,
        group="domain_weights",
        measurement=True,
    )
    weight_politics: Array = parameter(
        "w_pol",
        0.25,
        (0.0, 1.0),
        "share",
        "weight of politics in the position",
        bounds=SHARE,
        group="domain_weights",
        measurement=True,
    )
    institution_share: Array = parameter(
        "χ",
        0.40,
        (0.2, 0.6),
        "share",
        "share of a seat that institutions hold, not attitude",
        "assumption",
        "assumption; decisive for the label, and no data touch it",
        bounds=SHARE,
        measurement=True,
    )
    rival_cap_security: Array = given(
        "cap_sec", "share", "most of the rival seat in security", measurement=True
    )
    rival_cap_economy: Array = given(
        "cap_eco", "share", "most of the rival seat in the economy", measurement=True
    )
    rival_cap_politics: Array = given(
        "cap_pol", "share", "most of the rival seat in politics", measurement=True
    )
    net_seats: Array = parameter(
        "net",
        0.0,
        (0.0, 1.0),
        "switch",
        "1 lets hostility eat into membership (net seats); 0 counts both apart",
        "assumption",
        "structural alternative of the seat rule",
        bounds=SHARE,
        measurement=True,
    )
    # --- the pivot's choice -------------------------------------------------------------------
    utility_security: Array = parameter(
        "w_s",
        0.38,
        (0.0, 1.0),
        "share",
        "weight of security in the pivot's utility",
        bounds=SHARE,
        group="utility_weights",
    )
    utility_economy: Array = parameter(
        "w_e",
        0.30,
        (0.0, 1.0),
        "share",
        "weight of the economy in the pivot's utility",
        bounds=SHARE,
        group="utility_weights",
    )
    utility_politics: Array = parameter(
        "w_p",
        0.20,
        (0.0, 1.0),
        "share",
        "weight of politics in the pivot's utility",
        bounds=SHARE,
        group="utility_weights",
    )
    utility_autonomy: Array = parameter(
        "w_a",
        0.12,
        (0.0, 1.0),
        "share",
        "weight of autonomy in the pivot's utility",
        "assumption",
        "Morrow 1991 AJPS 35 for a weight above zero; the number is assumed",
        bounds=SHARE,
        group="utility_weights",
    )
    overlap_cost: Array = parameter(
        "ζ", 0.30, (0.0, 0.6), UTILITY, "cost of sitting with both hostile poles in one domain"
    )
    overlap_attention: Array = parameter(
        "a_ζ",
        1.0,
        (0.0, 1.0),
        "share",
        "share of the overlap cost that a patron who coerces must attend to in order to exact it",
        "fitted",
        "recorded decisions to 2023 favour 1 over 0, the older form: docs/calibration.md",
        bounds=SHARE,
        varied=False,
    )
    switching_cost: Array = parameter(
        "ν", 0.10, (0.0, 0.2), UTILITY, "cost of moving engagement by one unit"
    )
    distrust_cost: Array = parameter(
        "d", 0.10, half(0.10), UTILITY, "cost of engaging a patron one is hostile to"
    )
    potential_market: Array = parameter(
        "m_W", 0.25, half(0.25), "share", "economic room that a patron who offers could open"
    )
    fear: Array = parameter(
        "fear", 1.4, (0.5, 2.5), "ratio", "coercion expected for each unit of loss above τ_c"
    )
    fear_inattentive: Array = parameter(
        "fear₀",
        0.3,
        half(0.3),
        "share",
        "fear that is left when a patron has no attention",
        bounds=SHARE,
    )
    fear_attentive: Array = parameter(
        "fear₁", 0.7, half(0.7), "share", "fear that a patron's full attention adds"
    )
    choice_temperature: Array = parameter(
        "τ", 0.01, (0.005, 0.04), UTILITY, "scale of the luck in every actor's choice; 0 is argmax"
    )
    act_gain: Array = parameter(
        "γ", 0.55, (0.2, 1.0), "ratio", "score of the pivot's act, a tenth for each unit of gap"
    )
    act_threshold: Array = parameter(
        "gap₀",
        0.08,
        half(0.08),
        "share",
        "gap between seat wanted and held that calls for an act",
        bounds=SHARE,
    )
    act_ceiling: Array = parameter(
        "G_max",
        7.0,
        (6.0, 8.0),
        "score",
        "highest score of the pivot's own acts",
        bounds=(0.0, 10.0),
    )
    act_material_gap: Array = parameter(
        "gap_m",
        0.3,
        half(0.3),
        "share",
        "gap above which the pivot's act is material",
        bounds=SHARE,
    )
    # --- patrons that have something to lose ---------------------------------------------------
    tolerated_tilt: Array = parameter(
        "T₀",
        -0.30,
        half(-0.30),
        "tilt",
        "tilt away from a patron up to which it feels no loss",
        bounds=(-1.0, 0.99),
    )
    grievance_gain: Array = parameter(
        "g_F",
        1.0,
        (0.0, 3.0),
        "ratio",
        "how much a patron's passing grievance adds to the loss it feels; 0 feels none",
        "assumption",
        "reciprocity: Goldstein & Freeman 1991 APSR 85(1), Goldstein et al. 2001 JCR 45(5); the "
        "size is drawn, recorded decisions narrow it",
    )
    warning_threshold: Array = parameter(
        "τ_v", 0.12, half(0.12), "loss", "loss above which warnings pay", bounds=SHARE
    )
    warning_gain: Array = parameter(
        "b_warn", 0.25, half(0.25), UTILITY, "value of a warning for each unit of loss"
    )
    reward_gain: Array = parameter("b_rew", 0.9, half(0.9), UTILITY, "value of a reward")
    reward_cost: Array = parameter("c_rew", 0.08, half(0.08), UTILITY, "cost of a reward")
    reward_floor: Array = parameter(
        "A_rew", 0.2, half(0.2), "alignment", "what a reward is worth with no loyalty shown"
    )
    coercion_gain: Array = parameter("b_coe", 2.5, half(2.5), UTILITY, "value of coercion")
    coercion_cost: Array = parameter(
        "c_coe", 0.12, half(0.12), UTILITY, "cost of the first coercion of a spell"
    )
    coercion_threshold: Array = parameter(
        "τ_c", 0.22, half(0.22), "loss", "loss above which coercion pays", bounds=SHARE
    )
    resolve: Array = parameter(
        "resolve",
        0.3,
        half(0.3),
        "ratio",
        "readiness of a patron to use force or pressure",
        "assumption",
        "will to press, beside the means; size assumed",
    )
    leverage_floor: Array = parameter(
        "D₀", 0.5, half(0.5), "share", "leverage of coercion with no economic dependence"
    )
    coercion_inattentive: Array = parameter(
        "a_c0", 0.35, half(0.35), "share", "coercion that needs no attention", bounds=SHARE
    )
    coercion_attentive: Array = parameter(
        "a_c1", 0.65, half(0.65), "share", "coercion that full attention adds"
    )
    coercion_step: Array = parameter(
        "Δc", 0.15, half(0.15), "share", "rise of coercion in force by one act", bounds=SHARE
    )
    coercion_ceiling: Array = parameter(
        "c_max", 0.8, (0.6, 0.95), "share", "most coercion that can be in force", bounds=SHARE
    )
    coercion_neglected: Array = parameter(
        "Δc_n",
        0.05,
        half(0.05),
        "share",
        "fall of coercion in a quarter of neglect or warning",
        bounds=SHARE,
    )
    coercion_rewarded: Array = parameter(
        "Δc_r", 0.15, half(0.15), "share", "fall of coercion in a quarter of reward", bounds=SHARE
    )
    coercion_eased: Array = parameter(
        "Δc_e",
        0.10,
        half(0.10),
        "share",
        "fall of coercion in a quarter of loss below τ_c",
        bounds=SHARE,
    )
    # --- patrons that offer --------------------------------------------------------------------
    offer_gain: Array = parameter("b_off", 0.9, half(0.9), UTILITY, "value of an offer")
    offer_cost: Array = parameter("c_off", 0.18, half(0.18), UTILITY, "cost of an offer")
    wedge: Array = parameter(
        "wedge",
        0.4,
        half(0.4),
        UTILITY,
        "value of an offer for each unit of rift",
        "assumption",
        "Izumikawa 2013 and Crawford 2011 Int. Security 35(4) on wedging",
    )
    rift_level: Array = parameter(
        "rift₀",
        0.5,
        half(0.5),
        "alignment",
        "alignment to the other patron below which a rift shows",
    )
    fatigue_start: Array = parameter(
        "f", 0.2, half(0.2), "share", "enlargement fatigue at the start", bounds=SHARE
    )
    fatigue_step: Array = parameter(
        "Δf", 0.08, half(0.08), "share", "fatigue added by an offer", bounds=SHARE
    )
    fatigue_cost: Array = parameter("b_f", 0.5, half(0.5), UTILITY, "cost of fatigue to an offer")
    fatigue_half_life: Array = parameter(
        "h_f", 104.0, half(104.0), "weeks", "half-life of fatigue", bounds=WEEKS
    )
    offer_engagement: Array = parameter(
        "g_min", 0.2, half(0.2), "share", "engagement below which no offer is made", bounds=SHARE
    )
    disengagement_level: Array = parameter(
        "g_dis", 0.1, half(0.1), "share", "engagement below which leaving pays", bounds=SHARE
    )
    # --- the adversary ------------------------------------------------------------------------
    hazard_base: Array = parameter(
        "β₀", -2.6, half(-2.6), "logit", "attack hazard with all else at zero", bounds=UNBOUNDED
    )
    hazard_exposure: Array = parameter(
        "β_P", 2.2, half(2.2), "logit", "what lack of protection adds"
    )
    hazard_stake: Array = parameter("β_s", 1.6, half(1.6), "logit", "what an unmet objective adds")
    hazard_peace: Array = parameter(
        "β_π", -4.0, half(-4.0), "logit", "what peace takes away", bounds=UNBOUNDED
    )
    hazard_rival: Array = parameter(
        "β_W",
        -1.5,
        half(-1.5),
        "logit",
        "what an engaged patron that deters takes away",
        bounds=UNBOUNDED,
    )
    hazard_inattention: Array = parameter(
        "β_a", 0.8, half(0.8), "logit", "what the guarantor's inattention adds"
    )
    stake_multiplies: Array = parameter(
        "stake×",
        1.0,
        (0.0, 1.0),
        "switch",
        "1 lets the stake multiply the chance of an attack; 0 adds it to the logit",
        "assumption",
        "Fearon 1995 and Werner 1999 on bargaining over what is left; the record to 2023 can not "
        "tell the two forms apart: docs/calibration.md",
        bounds=SHARE,
        varied=False,
    )
    attack_rate: Array = parameter(
        "r", 0.35, half(0.35), "per quarter", "attacks in a quarter at full hazard", bounds=SHARE
    )
    attack_severity: Array = parameter(
        "s", 0.6, (0.3, 0.9), "share", "severity of an attack that a threat chooses", bounds=SHARE
    )
    attack_coverage: Array = parameter(
        "cov",
        1.0,
        (0.5, 1.0),
        "share",
        "treaty coverage of an attack that a threat chooses",
        "assumption",
        "such attacks are on the pivot's own territory",
        bounds=SHARE,
    )
    # --- rules that are off unless they are asked for -------------------------------------------
    dependence_on_seat: Array = switched_off(
        "D→o",
        "switch",
        "1 lets security dependence follow the seat held; 0 the engagement wanted",
        "arms orders turned with the seat, dependence by posture lags: docs/calibration.md",
    )
    refusal_step: Array = switched_off(
        "Δℓ",
        "share",
        "level of a security treaty that each recorded refusal of the pivot takes away",
        "refusals are on record, what each took away is assumed: docs/calibration.md",
    )
    freeze_spread: Array = switched_off(
        "s_ℓ",
        "share",
        "how far each world's thresholds of a freeze may lie from those of the case, as a share",
        "no threshold of a freeze was ever observed: docs/calibration.md",
    )
    two_keys: Array = switched_off(
        "key",
        "switch",
        "1 lets a rung be climbed only while the pivot is not turned from its patron",
        "accession begins with an application; the record has no rung: docs/calibration.md",
    )
    # --- definitions of the measures ----------------------------------------------------------
    seat_taken: Array = definition("o_in", 0.30, (0.25, 0.35), "occupancy at which a seat is taken")
    seat_lost: Array = definition("o_out", 0.24, (0.20, 0.28), "occupancy at which it is lost")
    two_chairs_limit: Array = definition(
        "T_out", 0.20, (0.15, 0.25), "absolute tilt at which two chairs are left"
    )
    two_chairs_entry: Array = definition(
        "T_in", 0.14, (0.10, 0.18), "absolute tilt below which two chairs are entered from a chair"
    )
    welfare_rival_weight: Array = definition(
        "m_y",
        2.0,
        (1.0, 3.0),
        "how much a unit of economic dependence on the rival is worth in welfare",
        bounds=(0.1, LARGEST),
    )

    def of(self, seat: int) -> Parameters:
        """Return the parameters as they hold for the patron of a seat: its own before shared."""
        return self._by_seat[seat]

    @cached_property
    def _by_seat(self) -> tuple[Parameters, Parameters]:
        found = [
            {
                name: own
                for name in BY_PATRON
                if (own := getattr(self, own_name(patron, name))) is not None
            }
            for patron in PATRONS
        ]
        incumbent, rival = (replace(self, **own) if own else self for own in found)
        return incumbent, rival

    def value(self, name: str) -> Array:
        """Return a parameter by name; one of a patron's own is the shared one until it is given."""
        own: Array | None = getattr(self, name)
        info = PARAMETERS[name]
        if own is None and info.follows is not None:
            own = getattr(self, info.follows)
        return np.array([info.default]) if own is None else own

    @cached_property
    def welfare_weights(self) -> tuple[Array, Array]:
        """What a unit of economic dependence on each patron is worth, each (1 or worlds,)."""
        return self.value("welfare_incumbent_weight"), self.welfare_rival_weight

    @cached_property
    def domain_weights(self) -> Array:
        """Weights w of the domains in the position, shape (domains, 1 or worlds), sum 1."""
        return _stack(self.weight_security, self.weight_economy, self.weight_politics)

    @cached_property
    def rival_caps(self) -> Array:
        """Most of the rival seat that can be had, shape (domains, 1 or worlds), in [0, 1]."""
        return _stack(self.rival_cap_security, self.rival_cap_economy, self.rival_cap_politics)

    @cached_property
    def reliability(self) -> Array:
        """Prior belief in each patron, shape (patrons, 1 or worlds), in [0, 1]."""
        return _stack(self.incumbent_reliability, self.rival_reliability)

    @cached_property
    def economic_dependence(self) -> tuple[Array, Array]:
        """Economic dependence on each patron, each of shape (1 or worlds,), in [0, 1]."""
        return self.incumbent_economic_dependence, self.rival_economic_dependence

    @cached_property
    def local_protection(self) -> Array:
        """What each patron can stop on the spot, shape (patrons, 1 or worlds), in [0, 1]."""
        return _stack(self.incumbent_local_protection, self.rival_local_protection)


def _stack(*rows: Array) -> Array:
    return np.stack(np.broadcast_arrays(*rows))


BY_PATRON: tuple[str, ...] = (
    "inattentive_protection",
    "attention_loss",
    "overlap_attention",
    "potential_market",
    "fear",
    "fear_inattentive",
    "fear_attentive",
    "tolerated_tilt",
    "grievance_gain",
    "warning_threshold",
    "warning_gain",
    "reward_gain",
    "reward_cost",
    "reward_floor",
    "coercion_gain",
    "coercion_cost",
    "coercion_threshold",
    "resolve",
    "leverage_floor",
    "coercion_inattentive",
    "coercion_attentive",
    "coercion_step",
    "coercion_ceiling",
    "coercion_neglected",
    "coercion_rewarded",
    "coercion_eased",
    "offer_gain",
    "offer_cost",
    "wedge",
    "rift_level",
    "fatigue_start",
    "fatigue_step",
    "fatigue_cost",
    "fatigue_half_life",
    "offer_engagement",
    "disengagement_level",
    "hazard_base",
    "hazard_exposure",
    "hazard_stake",
    "hazard_peace",
    "hazard_rival",
    "hazard_inattention",
    "stake_multiplies",
    "attack_rate",
    "attack_severity",
    "attack_coverage",
)
"""Parameters of what a patron does, and of what is feared or had from it: each may have its own.

Those of an attack are a patron's own where it is a threat; adversaries share the shared ones."""


def own_name(patron: str, name: str) -> str:
    """Return the name of a patron's own number of a parameter.

    Examples
    --------
    >>> own_name("rival", "tolerated_tilt")
    'rival_tolerated_tilt'
    """
    return f"{patron}_{name}"


def _own_field() -> Any:
    return field(default=None, metadata={"info": None, "after": None})


_OwnParameters = make_dataclass(
    "_OwnParameters",
    [
        *(
            (own_name(patron, name), Array, _own_field())
            for patron in PATRONS
            for name in BY_PATRON
        ),
        ("welfare_incumbent_weight", Array, _own_field()),
    ],
    frozen=True,
)

if TYPE_CHECKING:
    Parameters = RuleParameters
else:

    @dataclass(frozen=True)
    class Parameters(
        _OwnParameters, RuleParameters, *(mechanism.parameters for mechanism in MECHANISMS)
    ):
        """The numbers of a run: those of the rules, of every mechanism, and of a patron's own.

        Own numbers that nobody gives are ``None``.
        """


def _declared() -> dict[str, ParameterInfo]:
    """Return every parameter in the order of tables."""
    declared = {
        entry.name: entry.metadata for entry in fields(Parameters) if entry.metadata["info"]
    }
    order = [name for name, entry in declared.items() if entry["after"] is None]
    for name, entry in declared.items():
        if entry["after"] is not None:
            order.insert(order.index(entry["after"]) + 1, name)
    return {name: ParameterInfo(name, *declared[name]["info"]) for name in order}


def _own(shared: Mapping[str, ParameterInfo]) -> Iterator[ParameterInfo]:
    """Yield what only a file gives: a patron's own numbers, and what the incumbent's market is."""
    for patron, letter in zip(PATRONS, "RW", strict=True):
        for follows in BY_PATRON:
            info = shared[follows]
            yield replace(
                info,
                name=own_name(patron, follows),
                symbol=f"{info.symbol}_{letter}",
                default=None,
                low=None,
                high=None,
                meaning=f"{info.meaning}: of the {patron} patron",
                optional=True,
                follows=follows,
            )
    market = shared["welfare_rival_weight"]
    yield replace(
        market,
        name="welfare_incumbent_weight",
        symbol="m_x",
        default=1.0,
        low=1.0,
        high=3.0,
        meaning=market.meaning.replace("rival", "incumbent"),
        optional=True,
    )


_SHARED = _declared()
PARAMETERS: Mapping[str, ParameterInfo] = _SHARED | {info.name: info for info in _own(_SHARED)}
"""Every parameter by name: first those that every scenario has, then those that a file may give."""
SYMBOLS: Mapping[str, str] = {info.symbol: name for name, info in PARAMETERS.items()}
GROUPS: Mapping[str, tuple[str, ...]] = {
    group: tuple(name for name, info in PARAMETERS.items() if info.group == group)
    for group in dict.fromkeys(info.group for info in PARAMETERS.values() if info.group)
}
"""Simplex groups: the members of each sum to one and are drawn together."""


def make_parameters(values: Mapping[str, float | Array]) -> Parameters:
    """Make the parameters of a run from a value, or an array over worlds, for every name.

    A patron's own numbers may be left out.
    """
    given = [name for name, info in PARAMETERS.items() if name in values or not info.optional]
    return Parameters(
        **{name: np.atleast_1d(np.asarray(values[name], dtype=float)) for name in given}
    )


START_ONLY = frozenset(
    {
        "incumbent_security_dependence",
        "rival_security_dependence",
        "self_help",
        "fatigue_start",
        *(own_name(patron, "fatigue_start") for patron in PATRONS),
    }
)
"""Parameters that only set the start of a run: to set one at a later date would do nothing."""
