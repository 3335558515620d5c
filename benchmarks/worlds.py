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
from two_chairs_lab.engine.batch import Batch, Draw
from two_chairs_lab.engine.runner import evaluate

SAMPLES = 24
"""Samples of each kind."""
REACH = 1.96
POINT = 0.01


def main() -> None:
    """Measure and print the table."""
    baseline = load_scenario("baseline")
    print("| worlds drawn from | day | by chance | as `run` draws | factor |")
    print("|---|---|---|---|---|")
    for worlds in (100, 500, 1000):
        table("posterior", baseline, worlds)
    table("ranges (`--defaults`)", baseline.without_posterior(), 512)


def table(name: str, scenario: Scenario, worlds: int) -> None:
    """Print the rows of one way to draw, for samples of some worlds."""
    days = (scenario.agents_act_from or scenario.start, scenario.end)
    asked = [("regime:two-chairs", day) for day in days]
    if scenario.posterior is None:
        spread = [_sobol(scenario, worlds, seed) for seed in range(SAMPLES)]
        luck = [_plain(scenario, worlds, seed) for seed in range(SAMPLES)]
        seen, chance = (evaluate(b, asked).reshape(2, SAMPLES, worlds) for b in (spread, luck))
        truth = np.concatenate([seen, chance], axis=1).mean(axis=(1, 2))
    else:
        rows = len(scenario.posterior.rows)
        everything = evaluate([Batch(scenario, np.arange(16 * rows))], asked)
        truth, chance = everything.mean(axis=-1), everything
        seen = _windows(everything.reshape(2, 16, rows), worlds)
    for number, day in enumerate(days):
        errors = (seen[number].mean(axis=-1) - truth[number]) ** 2
        variance = float(chance[number].var())
        factor = variance / worlds / max(float(errors.mean()), 1e-12)
        spread_of = (
            factor * errors.std(ddof=1) / max(float(errors.mean()), 1e-12) / len(errors) ** 0.5
        )
        plain = REACH**2 * variance / POINT**2
        told = f"{factor:.1f} ± {spread_of:.1f}"
        needed = f"{plain:,.0f} | {plain / factor:,.0f}"
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
