"""What all ties have in common, and every threshold of each kind: at it, and beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import NO, YES, a, bundled, intervention, parameters, quiet, week, with_dated
from ties import TIES, P, after, both, changed, signals
from two_chairs.axes import HEDGE, LOYAL, PIVOT
from two_chairs.institutions import association_ladder, economic_union, ties
from two_chairs.institutions.security_treaty import TreatyMemory
from two_chairs.institutions.tie import counted, moved

pytestmark = pytest.mark.unit


def whole(*values):
    return np.array(values, dtype=np.int64)


def regards(incumbent, rival):
    """Return alignments toward both patrons, by domain."""
    return np.stack([np.array(each)[:, None] for each in (incumbent, rival)])


# --- what all have in common -------------------------------------------------------------------


def test_weeks_are_counted_while_a_condition_holds():
    assert counted(whole(0, 4, 4), np.array([True, True, False])).tolist() == [1, 5, 0]


def test_a_memory_starts_at_its_level_with_all_counts_at_zero():
    memory = TIES["CSTO"].memory_at(0.7, 2)
    assert memory.level.tolist() == [0.7, 0.7]
    for count in (memory.weeks_of_distrust, memory.weeks_of_goodwill, memory.promises_kept):
        assert count.tolist() == [0, 0]
        assert count.dtype == np.int64


def test_counts_start_again_where_a_level_moves_and_only_there():
    memory = TreatyMemory(a(1.0, 0.4), whole(5, 6), whole(7, 8), whole(1, 2))
    assert moved(memory, a(1.0, 0.4)) is memory
    found = moved(memory, a(0.4, 0.4))
    assert found.level.tolist() == [0.4, 0.4]
    counts = found.weeks_of_distrust, found.weeks_of_goodwill, found.promises_kept
    assert [count.tolist() for count in counts] == [[0, 6], [0, 8], [0, 2]]


def test_a_tie_without_a_rule_stays_and_needs_no_notice():
    court, union = TIES["ICC"], TIES["EAEU"]
    memory = court.memory_at(0.3, 1)
    assert court.next_week(memory, signals(), P) is memory
    assert court.refused(memory, a(0.1)) is memory
    assert court.with_record(0.9) is court
    assert court.refers_to() == {}
    assert TIES["CIS"].refers_to() == {"after": "CSTO"}
    assert union.notice(1.0, 0.0) == 0
    assert [court.notice(1.0, level) for level in (0.5, 1.0)] == [52, 0]


def test_a_tie_returns_to_what_its_case_says_or_the_record_knows():
    given, open_ = changed("CSTO", returns_to=0.7), changed("CSTO", returns_to=None, start=0.9)
    assert given.with_record(0.2) is given
    assert (given.home, open_.home) == (0.7, 0.9)
    assert open_.with_record(0.0).home == 0.0


def test_the_posture_turns_from_one_patron_toward_the_other():
    seen = signals(posture=np.array([PIVOT, LOYAL, HEDGE], dtype=np.int8))
    assert seen.turned_from(0).tolist() == [True, False, False]
    assert seen.turned_from(1).tolist() == [False, True, False]


# --- a treaty at its thresholds ----------------------------------------------------------------


def secure(x):
    """Return alignments that are x toward the incumbent in security, and far from it elsewhere."""
    return regards((x, 0.9, 0.9), (0.9, 0.9, 0.9))


def test_a_treaty_reads_security_alone_and_freezes_below_its_thresholds():
    treaty = changed("CSTO", freeze_below=-0.25, freeze_belief=0.5, freeze_weeks=2)
    start = treaty.memory_at(1.0, 1)
    low = {"regard": secure(-0.26), "belief": both(a(0.49), a(0.9))}
    assert after(treaty, start, 1, **low).level[0] == 1.0
    assert after(treaty, start, 2, **low).level[0] == 0.4
    assert after(treaty, start, 9, **(low | {"regard": secure(-0.25)})).level[0] == 1.0
    assert after(treaty, start, 9, **(low | {"belief": both(a(0.5), a(0.0))})).level[0] == 1.0
    interrupted = after(treaty, after(treaty, start, 1, **low), 1, regard=secure(0.0))
    assert after(treaty, interrupted, 1, **low).level[0] == 1.0
    assert after(treaty, treaty.memory_at(0.3, 1), 9, **low).level[0] == 0.3


@pytest.mark.parametrize(
    ("factors", "weeks"),
    [((1.0, 1.0, 1.0), 2), ((2.0, 1.0, 1.0), 9), ((1.0, 2.0, 1.0), 4), ((1.0, 1.0, 0.5), 9)],
)
def test_the_thresholds_of_a_freeze_are_multiplied_apart(factors, weeks):
    treaty = changed("CSTO", freeze_below=-0.25, freeze_belief=0.5, freeze_weeks=2)
    low = {
        "regard": secure(-0.4), "belief": both(a(0.4), a(0.4)),
        "freeze_factors": np.array(factors)[:, None],
    }  # fmt: skip
    start = treaty.memory_at(1.0, 1)
    levels = [after(treaty, start, n, **low).level[0] for n in range(1, 9)]
    assert levels == [1.0] * min(weeks - 1, 8) + [0.4] * max(0, 9 - weeks)


def test_a_frozen_treaty_is_left_below_one_threshold_and_at_another():
    treaty = changed("CSTO", leave_below=-0.5, leave_protection=0.25)
    frozen = treaty.memory_at(0.4, 1)
    gone = {"regard": secure(-0.51), "protection_without": lambda seat: a((0.25, 0.0)[seat])}
    assert after(treaty, frozen, 1, **gone).level[0] == 0.0
    assert after(treaty, frozen, 1, **(gone | {"regard": secure(-0.5)})).level[0] == 0.4
    bare = gone | {"protection_without": lambda seat: a((0.24, 1.0)[seat])}
    assert after(treaty, frozen, 1, **bare).level[0] == 0.4
    assert after(treaty, treaty.memory_at(0.5, 1), 1, **gone).level[0] == 0.5


def test_a_treaty_is_restored_above_a_threshold_after_one_promise():
    treaty = changed("CSTO", restore_above=0.25, restore_weeks=2, returns_to=0.8)
    frozen = treaty.memory_at(0.4, 1)
    good = {"regard": secure(0.26), "kept_promise": both(YES, NO)}
    assert after(treaty, frozen, 1, **good).level[0] == 0.4
    assert after(treaty, frozen, 2, **good).level[0] == 0.8
    assert after(treaty, frozen, 9, **(good | {"regard": secure(0.25)})).level[0] == 0.4
    assert after(treaty, frozen, 9, regard=secure(0.26)).level[0] == 0.4
    assert after(treaty, treaty.memory_at(0.9, 1), 9, **good).level[0] == 0.9
    counts = after(treaty, frozen, 1, **good)
    assert counts.promises_kept.tolist() == [1]
    assert after(treaty, treaty.memory_at(0.9, 1), 2, **good).promises_kept.tolist() == [2]


def test_a_refusal_lowers_a_treaty_to_no_less_than_a_freeze():
    memory = replace(TIES["CSTO"].memory_at(1.0, 3), level=a(1.0, 0.5, 0.2))
    memory = replace(memory, weeks_of_distrust=whole(3, 3, 3))
    found = TIES["CSTO"].refused(memory, a(0.2))
    assert found.level.tolist() == [0.8, 0.4, 0.2]
    assert found.weeks_of_distrust.tolist() == [3, 3, 3]


# --- an organisation at its thresholds ---------------------------------------------------------


def political(x):
    """Return alignments that are x toward the incumbent in politics, and far from it elsewhere."""
    return regards((0.0, 0.0, x), (0.0, 0.0, 0.0))


def test_an_organisation_reads_politics_and_is_left_below_its_threshold():
    loose = changed("CIS", leave_below=-0.5, leave_weeks=2)
    member, gone = loose.memory_at(1.0, 1), {"levels": signals().levels | {"CSTO": a(0.0)}}
    low = gone | {"regard": political(-0.51)}
    assert after(loose, member, 1, **low).level[0] == 1.0
    assert after(loose, member, 2, **low).level[0] == 0.0
    assert after(loose, member, 9, **(gone | {"regard": political(-0.5)})).level[0] == 1.0
    loyal = np.array([LOYAL], dtype=np.int8)
    assert after(loose, member, 9, posture=loyal, **low).level[0] == 1.0
    assert after(loose, member, 9, acting=False, **low).level[0] == 1.0
    seen = after(loose, member, 1, acting=False, **low)
    assert after(loose, seen, 1, **low).level[0] == 0.0  # hostility of the record counts


def test_an_organisation_returns_above_its_threshold_after_its_weeks():
    loose = changed("CIS", restore_above=0.25, restore_weeks=2, returns_to=0.6)
    out = loose.memory_at(0.0, 1)
    assert after(loose, out, 1, regard=political(0.26)).level[0] == 0.0
    assert after(loose, out, 2, regard=political(0.26)).level[0] == 0.6
    assert after(loose, out, 9, regard=political(0.25)).level[0] == 0.0
    assert after(loose, loose.memory_at(0.7, 1), 9, regard=political(0.9)).level[0] == 0.7


# --- a union at its thresholds -----------------------------------------------------------------


def climbed(rung):
    return {"levels": signals().levels | {"EU": a(rung)}}


def test_a_union_is_suspended_at_its_thresholds():
    union = changed("EAEU", suspend_after=3, suspend_ladder=0.5)
    member = union.memory_at(1.0, 1)
    for quarters, rung, level in ((3, 0.5, 0.5), (2, 0.5, 1.0), (3, 0.49, 1.0), (4, 0.6, 0.5)):
        coerced = {"coercions_running": both(whole(quarters), whole(0))} | climbed(rung)
        assert after(union, member, 1, **coerced).level[0] == level
        assert after(union, union.memory_at(0.4, 1), 1, **coerced).level[0] == 0.4


def test_a_union_counts_calm_below_the_threshold_of_coercion_less_a_margin():
    union = changed("EAEU", restore_margin=0.1, restore_weeks=2)
    limit = float(P.coercion_threshold[0]) - 0.1
    suspended = union.memory_at(0.5, 1)
    for loss, level in ((limit, 0.5), (limit - 0.01, 1.0), (limit + 0.05, 0.5)):
        assert after(union, suspended, 2, loss=lambda _, loss=loss: a(loss)).level[0] == level
    own = parameters(incumbent_coercion_threshold=0.9)
    seen = signals(loss=lambda _: a(0.7))
    calm = union.next_week(union.next_week(suspended, seen, own), seen, own)
    assert calm.level[0] == 1.0
    assert after(union, union.memory_at(1.0, 1), 3, loss=lambda _: a(0.0)).level[0] == 1.0


def test_without_a_ladder_of_the_other_patron_a_union_is_neither_suspended_nor_left():
    union = TIES["EAEU"]
    coerced = {"coercions_running": both(whole(9), whole(9)), "offered": both(YES, YES)}
    coerced |= {"coercion": both(a(1.0), a(0.0))} | climbed(0.65)
    for ties_ in ((union,), (union, changed("EU", seat="incumbent"))):
        assert after(union, union.memory_at(1.0, 1), 1, ties=ties_, **coerced).level[0] == 1.0
    first, second = changed("EU", id="X"), TIES["EU"]
    levels = {"levels": signals().levels | {"EU": a(0.65), "X": a(0.35)}}
    both_ = coerced | levels | {"offered": both(NO, NO)}
    for order, level in (((first, second), 1.0), ((second, first), 0.5)):
        ladders = {"ties": (changed("EU", id="Y", seat="incumbent"), *order)}
        assert after(union, union.memory_at(1.0, 1), 1, **both_, **ladders).level[0] == level


def test_what_a_union_is_worth_beside_a_step_up_the_ladder():
    union, ladder = TIES["EAEU"], TIES["EU"]
    p = parameters(welfare_incumbent_weight=1.0, welfare_rival_weight=2.0)
    worths = [float(economic_union.worth_of_seat(seat, p)[0]) for seat in (0, 1)]
    assert worths == pytest.approx([0.5, 0.4])
    seen = signals(
        economic_caps=both(a(0.8), a(0.5)), coercion=both(a(0.5), a(0.25)),
    )  # fmt: skip
    # gained .4·.5·1·(.65 − .45)·.75 = .03; lost .5·.8·.85·(level − .2)·.5 = .17·(level − .2)
    even = 0.2 + 0.03 / 0.17
    levels = a(even - 0.01, even + 0.01)
    found = economic_union.covers_loss(union, levels, ladder, a(0.45), seen, p)
    assert found.tolist() == [True, False]
    nothing = economic_union.covers_loss(union, a(0.2), ladder, a(1.0), seen, p)
    assert nothing.tolist() == [True]  # what costs nothing is covered by nothing


def test_a_union_that_is_left_already_is_not_left_again():
    union = TIES["EAEU"]
    offer = {"offered": both(NO, YES), "coercion": both(a(1.0), a(0.0))} | climbed(0.45)
    for level, left in ((0.1, 0.1), (0.2, 0.2), (0.21, 0.2)):
        assert after(union, union.memory_at(level, 1), 1, **offer).level[0] == left


# --- a ladder at its thresholds ----------------------------------------------------------------


def test_rungs_above_and_below_a_level():
    rungs = (0.8, 0.35, 1.0, 0.45)
    levels = a(0.0, 0.35, 0.4, 0.45, 1.0, 0.35 + 1e-12, 0.35 - 1e-12)
    above = association_ladder.next_rung(rungs, levels)
    assert above.tolist() == [0.35, 0.45, 0.45, 0.8, 1.0, 0.45, 0.45]
    below = association_ladder.lower_rung(rungs, a(0.3, 0.35, 0.4, 0.45, 1.0, 0.45 + 1e-12))
    assert below.tolist() == [0.3, 0.35, 0.35, 0.35, 0.8, 0.35]


def warm(x):
    """Return alignments that are x toward the rival in politics, and far from it elsewhere."""
    return regards((0.9, 0.9, -0.9), (-0.9, -0.9, x))


def test_a_ladder_is_climbed_at_its_thresholds():
    ladder = changed("EU", raise_above=0.25, fatigue_below=0.5, offers=2, step_weeks=3)
    first = ladder.memory_at(0.35, 1)
    fit = {"regard": warm(0.26), "fatigue": both(a(0.9), a(0.49)), "offered": both(NO, YES)}
    assert after(ladder, first, 2, **fit).level[0] == 0.35
    step = after(ladder, first, 3, **fit)
    assert (step.level[0], step.weeks_acting[0], step.offers[0]) == (0.45, 0, 0)
    for unfit in ({"regard": warm(0.25)}, {"fatigue": both(a(0.1), a(0.5))}):
        assert after(ladder, first, 9, **(fit | unfit)).level[0] == 0.35
    waiting = after(ladder, first, 3, **(fit | {"regard": warm(0.2)}))
    assert (waiting.weeks_acting[0], waiting.offers[0]) == (3, 3)


def test_with_two_keys_a_ladder_is_not_climbed_while_the_posture_turns_from_it():
    ladder = changed("EU", step_weeks=1, offers=1)
    fit = {"regard": warm(0.9), "offered": both(NO, YES)}
    for keys, posture, level in (
        (0.0, LOYAL, 0.45), (0.5, LOYAL, 0.35), (1.0, LOYAL, 0.35), (1.0, PIVOT, 0.45)
    ):  # fmt: skip
        seen = signals(posture=np.array([posture], dtype=np.int8), **fit)
        found = ladder.next_week(ladder.memory_at(0.35, 1), seen, parameters(two_keys=keys))
        assert found.level[0] == level


def test_a_ladder_slips_below_its_threshold_and_climbs_if_both():
    ladder = changed("EU", lower_below=-0.25, lower_weeks=2)
    second = ladder.memory_at(0.45, 1)
    assert after(ladder, second, 1, regard=warm(-0.26)).level[0] == 0.45
    slipped = after(ladder, second, 2, regard=warm(-0.26))
    assert (slipped.level[0], slipped.weeks_of_hostility[0]) == (0.35, 0)
    assert after(ladder, second, 9, regard=warm(-0.25)).level[0] == 0.45
    assert after(ladder, second, 9, acting=False, regard=warm(-0.26)).level[0] == 0.45
    odd = changed("EU", lower_below=0.9, lower_weeks=1, raise_above=0.1, offers=1, step_weeks=1)
    up = after(odd, odd.memory_at(0.45, 1), 1, regard=warm(0.5), offered=both(NO, YES))
    assert up.level[0] == 0.65


# --- all ties together -------------------------------------------------------------------------


def test_a_seat_is_its_base_and_its_ties_by_weight_and_at_most_one():
    case = bundled().case
    levels = {"CSTO": a(0.5, 1.0), "EAEU": a(0.5, 1.0), "CIS": a(0.5, 1.0), "EU": a(0.5, 1.0),
              "ICC": a(0.5, 1.0)}  # fmt: skip
    found = ties.membership(case, levels, 2)
    base = [np.array(case.seats[patron].base.values()) for patron in ("incumbent", "rival")]
    own = [np.array([0.65, 0.85, 0.5]), np.array([0.25, 1.0, 1.15])]
    for seat in (0, 1):
        for world, level in enumerate((0.5, 1.0)):
            expected = np.minimum(1.0, base[seat] + level * own[seat])
            assert found[seat, :, world] == pytest.approx(expected)


def test_a_tie_knows_the_level_that_stands_when_agents_begin_to_act():
    open_ = [changed(key, returns_to=None) if key == "EAEU" else TIES[key] for key in TIES]
    steps = (
        intervention(2, institution="EAEU", level=0.7),
        intervention(3, coercion=0.1),
        intervention(6, institution="EAEU", level=0.6),
        intervention(7, institution="EAEU", level=0.3),
    )
    scenario = with_dated(quiet(20), *steps)
    case = scenario.case.model_copy(update={"institutions": tuple(open_)})
    scenario = scenario.model_copy(update={"case": case})
    assert ties.ties_of(scenario) is scenario.case.institutions
    for start, level in ((0, 1.0), (3, 0.7), (7, 0.6), (8, 0.3)):
        acting = scenario.model_copy(update={"agents_act_from": week(start)})
        other = acting.model_copy(update={"interventions": acting.interventions[::-1]})
        for told in (acting, other):  # in whatever order a file tells them
            (union,) = (tie for tie in ties.ties_of(told) if tie.id == "EAEU")
            assert union.home == level


def test_the_weeks_in_which_changes_take_effect():
    steps = {
        "joined": intervention(2, institution="ICC", level=1.0),
        "notice": intervention(10, institution="ICC", level=0.0),
        "again": intervention(20, institution="ICC", level=0.0),
        "other": intervention(30, institution="ICC", level=0.5),
        "union": intervention(5, institution="EAEU", level=0.5),
        "force": intervention(5, coercion=0.2),
    }
    scenario = with_dated(quiet(200), *steps.values())
    found = ties.weeks_of_changes(scenario)
    named = {name: found[step.id] for name, step in steps.items() if step.id in found}
    assert named == {"joined": 2, "other": 82, "union": 5}
    late = with_dated(
        quiet(200), *list(steps.values())[:2], intervention(62, institution="ICC", level=0.5)
    )
    assert sorted(ties.weeks_of_changes(late).values()) == [2, 62, 62]


def test_a_treaty_that_was_left_promises_nothing_and_other_ties_do_not_count():
    treaty, union = TIES["CSTO"], TIES["EAEU"]
    memories = {"CSTO": replace(treaty.memory_at(0.0, 2), level=a(0.4, 0.0)),
                "EAEU": union.memory_at(0.0, 2)}  # fmt: skip
    assert ties.promised((treaty, union), memories, 0).tolist() == [True, False]
    assert ties.promised((treaty, union), memories, 1).tolist() == [True]
    assert ties.promised((union,), memories, 0).tolist() == [True]
    second = {"X": treaty.memory_at(1.0, 2)} | memories
    assert ties.promised((treaty, changed("CSTO", id="X")), second, 0).tolist() == [True, True]
