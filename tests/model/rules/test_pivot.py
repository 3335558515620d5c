"""The pivot's utilities and acts: worked examples, the sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, parameters, pivot_view
from two_chairs.axes import LOYAL, PIVOT
from two_chairs.rules import (
    pivot,
)
from two_chairs.rules.pivot import ENGAGEMENTS

pytestmark = pytest.mark.unit
P = parameters()


def test_the_utility_of_staying_loyal():
    seen = pivot_view()
    protected = 1 - 0.85 * 0.40245 * 0.99076
    security = 1 - 0.45 * (1 - protected)
    economy = (0.5 * 0.95 + (0.2 + 0.25 * 0.8 * 0.8) * 0.35) / 0.95
    politics = 0.5 + 0.25 * (0.65 * 0.85 + 0.45 * 0.35)
    autonomy = 1 - 0.95 * 0.96
    overlap = 0.45 * 0.95 * 0.10 + 0.30 * 0.95 * 0.35 + 0.25 * 0.85 * 0.35
    expected = (
        0.38 * security + 0.30 * economy + 0.20 * politics + 0.12 * autonomy - 0.3 * 0.48 * overlap
    )
    assert pivot.pivot_utilities(seen, P)[0, 0] == pytest.approx(expected)


def test_overlap_costs_what_the_incumbent_can_attend_to():
    apart = {0: (0.95, 0.10), 1: (0.45, 0.45)}  # LOYAL, HEDGE: security alone has weight here
    only = {"weight_security": 1.0, "weight_economy": 0.0, "weight_politics": 0.0}
    busy = pivot_view(attention=np.array([[0.4], [0.8]]))
    free, priced = (parameters(overlap_cost=cost, **only) for cost in (0.0, 0.3))
    older = parameters(overlap_cost=0.3, overlap_attention=0.0, **only)
    for posture, (e_R, e_W) in apart.items():
        without = pivot.pivot_utilities(busy, free)[posture, 0]
        cost = 0.3 * 0.48 * e_R * e_W
        assert without - pivot.pivot_utilities(busy, older)[posture, 0] == pytest.approx(cost)
        assert without - pivot.pivot_utilities(busy, priced)[posture, 0] == pytest.approx(
            0.4 * cost
        )


def test_the_utility_of_pivoting_counts_fear_distance_and_distrust():
    hostile = np.array([[[-0.4], [0.65], [-0.2]], [[0.15], [0.35], [0.45]]])
    seen = pivot_view(alignment=hostile, coercion=np.array([[0.1], [0.0]]))
    tilt = 0.45 * 0.80 + 0.30 * 0.45 + 0.25 * 0.85
    lost = (tilt + 0.3) / 1.3
    feared = min(1.0, 0.1 + 1.4 * (lost - 0.22) * 1.0)
    economy = (0.5 * 0.45 * (1 - feared) + (0.2 + 0.25 * 0.8 * 0.8) * 0.90) / 0.95
    assert pivot.economy_wanted(ENGAGEMENTS[PIVOT], seen, P)[0] == pytest.approx(economy)
    away = 0.45 * (0.90 + 0.75) + 0.30 * (0.50 + 0.55) + 0.25 * (0.75 + 0.60)
    w = P.domain_weights
    assert pivot.distance(ENGAGEMENTS[PIVOT], seen.engagement, w)[0] == pytest.approx(away)
    distrust = 0.45 * 0.05 * 0.4 + 0.25 * 0.10 * 0.2
    assert pivot.distrust(ENGAGEMENTS[PIVOT], hostile, w)[0] == pytest.approx(distrust)


def test_the_pivot_acts_in_the_domain_of_the_largest_gap():
    step = pivot.approach(a(0.45, 0.55, 0.75)[:, None], a(0.40, 0.35, 0.60)[:, None], P)
    # gaps .05 .20 .15: economy, G = 10·.55·.20 = 1.1, words
    assert step.score[0] == pytest.approx(1.1)
    assert step.domains[:, 0].tolist() == [0.0, 1.0, 0.0]
    assert not step.material[0]
    assert step.active[0]
    small = pivot.approach(a(0.45, 0.55, 0.75)[:, None], a(0.40, 0.50, 0.70)[:, None], P)
    assert not small.active[0]
    big = pivot.approach(a(0.85, 0.9, 0.95)[:, None], a(0.1, 0.3, 0.4)[:, None], P)
    assert big.material[0]
    assert big.score[0] == pytest.approx(10 * 0.55 * 0.75)


def test_the_cost_of_both_seats_is_exacted_by_who_coerces():
    seen = pivot_view(attention=np.array([[0.4], [0.8]]))
    full = parameters(overlap_attention=1.0)
    for coercing, expected in (
        ((True, False), 0.4), ((False, True), 0.8), ((True, True), 0.8), ((False, False), 0.0)
    ):  # fmt: skip
        assert pivot.exacted(replace(seen, coercing=coercing), full)[0] == pytest.approx(expected)


def test_trade_is_opened_by_who_offers_and_cut_by_who_coerces():
    table = ENGAGEMENTS[PIVOT]
    seen = pivot_view(fatigue=np.array([[0.5], [0.2]]), attention=np.array([[0.4], [0.8]]))
    turned = replace(seen, coercing=(False, True), offering=(True, False))
    gained = (0.5 + 0.25 * 0.4 * 0.5) * 0.45
    feared = float(pivot.feared_coercion(table, turned, P, 1)[0])
    assert feared == 0.0  # a posture toward the rival gives the rival nothing to punish
    assert pivot.economy_wanted(table, turned, P)[0] == pytest.approx((gained + 0.2 * 0.9) / 0.95)
    loyal = ENGAGEMENTS[LOYAL]
    assert float(pivot.feared_coercion(loyal, turned, P, 1)[0]) > 0.2
