"""What Hypothesis draws: pairs of actors, scores, weights, shares, records of events."""

from __future__ import annotations

from hypothesis import strategies as st

from builders import event

ACTORS = ("ARM", "RUS", "WST", "AZE")
PAIRS = [(a, b) for a in ACTORS for b in ACTORS if a != b]
scores = st.floats(-10, 10, allow_nan=False)
weights = st.floats(0.05, 2.0)
pairs = st.sampled_from(PAIRS)
shares = st.floats(0.0, 1.0)
inner = st.floats(0.02, 0.95)
SPREAD = (0.5, 0.3, 0.2)


@st.composite
def ledgers(draw, weeks: int = 12, largest: int = 8):
    """Some events in the first weeks of a run, with fixed ids."""
    number = draw(st.integers(1, largest))
    return [
        event(
            draw(st.integers(0, weeks - 1)),
            *draw(pairs),
            draw(scores),
            material=draw(st.booleans()),
            weight=draw(weights),
            key=f"L{index:03d}",
        )
        for index in range(number)
    ]
