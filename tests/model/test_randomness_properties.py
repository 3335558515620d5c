"""Face-validity properties of luck (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest

from builders import bundled, intervention, run, with_dated
from two_chairs import randomness
from two_chairs.axes import POSTURES

pytestmark = [pytest.mark.property, pytest.mark.long]


def test_32_same_seed_same_path_and_without_noise_the_seed_is_irrelevant():
    scenario = bundled()
    lucky = [run(scenario, range(3), vary=True, luck=True, seed=s).arrays for s in (5, 5, 6)]
    assert all(np.array_equal(lucky[0][name], lucky[1][name]) for name in lucky[0])
    assert not np.array_equal(lucky[0]["tilt"], lucky[2]["tilt"])
    still = [run(scenario, seed=s).arrays for s in (5, 6)]
    assert all(np.array_equal(still[0][name], still[1][name]) for name in still[0])


def test_33_forced_postures_share_events_and_luck(monkeypatch):
    drawn: dict[str, list[tuple[str, bytes]]] = {}
    whole = randomness.Luck.uniforms

    def logged(self, stream, rows):
        values = whole(self, stream, rows)
        log.append((stream, values.tobytes()))
        return values

    monkeypatch.setattr(randomness.Luck, "uniforms", logged)
    paths = {}
    for posture in POSTURES:
        log = drawn.setdefault(posture, [])
        scenario = bundled()
        forced = intervention(0, posture=posture).model_copy(
            update={"date": scenario.agents_act_from}
        )
        paths[posture] = run(with_dated(scenario, forced), range(4), vary=True, luck=True)
    cut = bundled().week_of(bundled().agents_act_from)
    for posture in POSTURES[1:]:
        assert drawn[posture] == drawn[POSTURES[0]]
        one, other = paths[posture].arrays["tilt"], paths[POSTURES[0]].arrays["tilt"]
        assert np.array_equal(one[:cut], other[:cut])
        assert not np.array_equal(one[-1], other[-1])
        assert (paths[posture].arrays["posture"][cut:] == POSTURES.index(posture)).all()


@pytest.mark.parametrize("k", [0, 1, 255, 256, 300])
def test_37_a_world_of_an_ensemble_equals_that_world_alone(k):
    whole = run(bundled(), range(301), vary=True, luck=True, seed=3)
    alone = run(bundled(), [k], vary=True, luck=True, seed=3)
    for name, array in whole.arrays.items():
        assert np.array_equal(array[..., k], alone.arrays[name][..., 0]), name


@pytest.mark.parametrize("chunk", [1, 7, 64])
@pytest.mark.slow
def test_37_the_size_of_a_chunk_changes_no_bit(chunk):
    whole = run(bundled(), range(70), vary=True, luck=True)
    for first in range(0, 70, chunk):
        part = range(first, min(first + chunk, 70))
        if chunk == 1 and first % 9:
            continue
        paths = run(bundled(), part, vary=True, luck=True)
        for name in ("tilt", "alignment", "choices", "institutions", "strain"):
            assert np.array_equal(
                whole.arrays[name][..., part.start : part.stop], paths.arrays[name]
            ), name


def test_luck_of_one_stream_does_not_shift_another():
    first, second = (randomness.Luck(1, np.arange(4)) for _ in range(2))
    other = first.uniforms("one more draw for somebody", 4)
    assert not np.array_equal(other, randomness.Luck(1, np.arange(4)).uniforms("choice/pivot", 4))
    assert np.array_equal(first.uniforms("choice/pivot", 4), second.uniforms("choice/pivot", 4))
