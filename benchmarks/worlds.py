"""Worlds needed for one point of error: drawn by chance, and as the program draws them.

    python benchmarks/worlds.py

Prints the table of docs/performance.md. A share of two chairs is told by many samples of worlds,
once of rows (or points) drawn by chance, once of those that `run` takes; the factor is the variance
of the first over the mean squared error of the second, and its own error comes from samples left
out in turn.
"""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array
from two_chairs.draws import draw_parameters, draw_weights
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.batch import Batch, Draw
from two_chairs_lab.engine.runner import evaluate

SAMPLES = 24
"""Samples of each kind."""
LUCKS = 16
"""Worlds that stand for the truth, of each row of the posterior."""
REACH = 1.96
POINT = 0.01


def main() -> None:
    """Measure and print the table."""
    baseline = load_scenario("baseline")
    assert baseline.posterior is not None
    rows = len(baseline.posterior.rows)
    every = evaluate([Batch(baseline, np.arange(LUCKS * rows))], asked_of(baseline))
    print("| worlds drawn from | day | by chance | as `run` draws | factor |")
    print("|---|---|---|---|---|")
    for worlds in (100, 500, 1000):
        table("posterior", baseline, worlds, every)
    table("ranges (`--defaults`)", baseline.without_posterior(), 512)


def asked_of(scenario: Scenario) -> list[tuple[str, Day]]:
    """Return the share that is told: at the cut-off and at the end."""
    days = (scenario.agents_act_from or scenario.start, scenario.end)
    return [("regime:two-chairs", day) for day in days]


def table(name: str, scenario: Scenario, worlds: int, every: Array | None = None) -> None:
    """Print the rows of one way to draw, for samples of some worlds.

    ``every`` holds what is asked of every row of a posterior, with each of its lucks.
    """
    asked = asked_of(scenario)
    if every is None:
        spread = [_sobol(scenario, worlds, seed) for seed in range(SAMPLES)]
        luck = [_plain(scenario, worlds, seed) for seed in range(SAMPLES)]
        seen, chance = (evaluate(b, asked).reshape(2, SAMPLES, worlds) for b in (spread, luck))
        truth = np.concatenate([seen, chance], axis=1).mean(axis=(1, 2))
    else:
        truth, chance = every.mean(axis=-1), every
        seen = _windows(every.reshape(2, LUCKS, -1), worlds)
    for number, (_, day) in enumerate(asked):
        errors = (seen[number].mean(axis=-1) - truth[number]) ** 2
        variance = float(chance[number].var())
        factor = variance / worlds / max(float(errors.mean()), 1e-12)
        spread_of = (
            factor * errors.std(ddof=1) / max(float(errors.mean()), 1e-12) / len(errors) ** 0.5
        )
        plain = REACH**2 * variance / POINT**2
        exact = float(errors.max()) < 1e-12
        told = "no error left" if exact else f"{factor:.1f} ± {spread_of:.1f}"
        needed = f"{plain:,.0f} | {worlds if exact else plain / factor:,.0f}"
        print(f"| {name}, {worlds:,} worlds | {day} | {needed} | {told} |", flush=True)


def _windows(lucks: Array, worlds: int) -> Array:
    """Return samples of rows that follow each other, each row with one of its lucks."""
    generator, rows = np.random.default_rng(0), lucks.shape[-1]
    samples = []
    for sample in range(SAMPLES):
        places = (sample * rows // SAMPLES + np.arange(worlds)) % rows
        samples.append(lucks[:, generator.integers(0, lucks.shape[1], worlds), places])
    return np.stack(samples, axis=1)


def _sobol(scenario: Scenario, worlds: int, seed: int) -> Batch:
    return Batch(scenario, np.arange(worlds), seed)


def _plain(scenario: Scenario, worlds: int, seed: int) -> Batch:
    luck = Luck(10_000 + seed, np.arange(worlds))
    drawn = draw_parameters(scenario, luck), draw_weights(scenario, luck)
    return Batch(scenario, np.arange(worlds), 10_000 + seed, Draw(), *drawn)


if __name__ == "__main__":
    main()
