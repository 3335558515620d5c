"""The economic union: suspended, left."""

from __future__ import annotations

import numpy as np
import pytest

from builders import NO, YES, a, intervention, quiet, run, week, with_dated
from ties import TIES, after, both, changed, signals

pytestmark = pytest.mark.unit
THREE = both(np.array([3]), np.array([0]))


def test_the_union_is_suspended_by_coercion_and_returns_in_calm():
    member = TIES["EAEU"].memory_at(1.0, 1)
    climbed = {"levels": signals().levels | {"EU": a(0.65)}}
    coerced = {"coercions_running": THREE, **climbed}
    assert after("EAEU", member, 1, **coerced).level[0] == 0.5
    assert after("EAEU", member, 1, coercions_running=THREE).level[0] == 1.0
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    assert (
        after("EAEU", suspended, 51, loss=lambda seat: a(0.1 if seat == 0 else 0.9)).level[0] == 0.5
    )
    assert (
        after("EAEU", suspended, 52, loss=lambda seat: a(0.1 if seat == 0 else 0.9)).level[0] == 1.0
    )


def test_the_union_is_left_when_an_offer_covers_the_loss():
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    offer = {"offered": both(NO, YES), "levels": signals().levels | {"EU": a(0.45)}}
    # lost .5·.85·.3·(1 − c) = .1275(1 − c); gained 2·.2·.85·1·(.65 − .45) = .068
    assert after("EAEU", suspended, 1, coercion=both(a(0.4), a(0.0)), **offer).level[0] == 0.5
    assert after("EAEU", suspended, 1, coercion=both(a(0.5), a(0.0)), **offer).level[0] == 0.2
    assert (
        after("EAEU", suspended, 1, coercion=both(a(0.5), a(0.0)), levels=offer["levels"]).level[0]
        == 0.5
    )


def test_a_union_of_the_rival_reads_the_rival():
    new = changed("EAEU", seat="rival")
    ladder = changed("EU", seat="incumbent")
    sees = {"levels": signals().levels | {"EU": a(0.65)}, "ties": (new, ladder)}
    member = new.memory_at(1.0, 1)
    assert after(new, member, 1, coercions_running=THREE, **sees).level[0] == 1.0
    theirs = both(np.array([0]), np.array([3]))
    assert after(new, member, 1, coercions_running=theirs, **sees).level[0] == 0.5
    calm = {"loss": lambda seat: a(0.1 if seat == 1 else 0.9)}
    suspended = new.memory_at(0.5, 1)
    assert after(new, suspended, 52, **calm).level[0] == 1.0
    # lost 2·.2·.85·.85·.3·(1 − c); gained .5·1·1·(.8 − .65) = .075: more from c = .14 on
    offer = {"offered": both(YES, NO), **sees}
    assert after(new, suspended, 1, coercion=both(a(0.9), a(0.0)), **offer).level[0] == 0.5
    assert after(new, suspended, 1, coercion=both(a(0.0), a(0.2)), **offer).level[0] == 0.2


def test_a_union_returns_to_its_level_and_not_to_one():
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    calm = {"loss": lambda seat: a(0.1)}
    assert after(changed("EAEU", start=0.6, returns_to=None), suspended, 52, **calm).level[0] == 0.6
    assert after(changed("EAEU", returns_to=0.7), suspended, 52, **calm).level[0] == 0.7
    assert after(changed("EAEU", returns_to=0.3), suspended, 80, **calm).level[0] == 0.5
    assert after(changed("EAEU", restore_weeks="never"), suspended, 80, **calm).level[0] == 0.5


def test_calm_is_counted_from_the_week_in_which_agents_act():
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    calm = {"loss": lambda seat: a(0.1)}
    before = after("EAEU", suspended, 200, acting=False, **calm)
    assert after("EAEU", before, 51, **calm).level[0] == 0.5
    assert after("EAEU", before, 52, **calm).level[0] == 1.0


def test_a_union_that_the_record_lowered_does_not_jump_when_agents_begin_to_act():
    recorded = with_dated(quiet(140), intervention(5, institution="EAEU", level=0.6))
    ties = [changed(tie, returns_to=None) if tie == "EAEU" else TIES[tie] for tie in TIES]
    case = recorded.case.model_copy(update={"institutions": tuple(ties)})
    scenario = recorded.model_copy(update={"agents_act_from": week(70), "case": case})
    level = run(scenario).outcome("institution:EAEU")[:, 0]
    assert level[4] == 1.0
    assert set(level[5:]) == {0.6}
