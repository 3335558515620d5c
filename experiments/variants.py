"""Rules that were tried: their log evidence on the record, and what their free run says.

    python experiments/variants.py [ROWS]

prints the table of rules of docs/calibration.md. Every variant is the shipped plan with some
parameters or assumptions set; its rows are drawn from the prior alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

import click
import numpy as np

from two_chairs.axes import Array
from two_chairs_lab.designs.plans import plan_path
from two_chairs_lab.engine.batch import Batch, Draw, rows_of, values_of
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner, gather
from two_chairs_lab.render.markdown import markdown_table
from two_chairs_lab.render.numbers import decimal, percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.scores import effective_size, normalised, resampled
from two_chairs_lab.studies.calibrate import sample, study
from two_chairs_lab.studies.calibrate.sample import ImportanceSample
from two_chairs_lab.studies.calibrate.terms import Terms, log_mean, terms_of

ROWS, FREE, CHUNK = 8_192, 500, 2_048
RULES: Mapping[str, Mapping[str, float]] = {
    "as built": {},
    "dependence follows the seat (`dependence_on_seat=1`)": {"dependence_on_seat": 1.0},
    "refusals take .1 each (`refusal_step=0.1`)": {"refusal_step": 0.1},
    "thresholds of a freeze drawn ± 25 % (`freeze_spread=0.25`)": {"freeze_spread": 0.25},
    "two keys for a rung (`two_keys=1`)": {"two_keys": 1.0},
}
LINKS: Mapping[str, Mapping[str, float]] = {
    "discrepancy of the West twice that of Russia": {"rival_discrepancy": 2.0},
    "discrepancy grows with time (τ² by half a year)": {"discrepancy_growth": 0.5},
    "both": {"rival_discrepancy": 2.0, "discrepancy_growth": 0.5},
}
SOURCES = ("polls", "ARM", "RUS", "WST", "AZE", "all")
FREE_RUN = (
    "LOYAL end 2021", "HEDGE end 2023", "alliance below .7 by Sep 2024", "rung by Jun 2026",
    "attacks by Jun 2026",
)  # fmt: skip
SEEN = (
    ("posture:LOYAL", date(2021, 12, 27)),
    ("posture:HEDGE", date(2023, 12, 25)),
    ("institution:CSTO", date(2024, 9, 30)),
    ("institution:EU", date(2026, 6, 29)),
    ("chose:AZE:ATTACK", date(2026, 6, 29)),
)


def main(rows: int) -> None:
    """Print both tables."""
    path = plan_path(Path("calibration"))
    plan = study.read_plan(path)
    rules = {
        f"rule-{n}": study.Rival(label=words, parameters=dict(values))
        for n, (words, values) in enumerate(RULES.items())
    }
    plan = plan.model_copy(update={"rivals": rules, "rival_rows": rows, "wrong_model": None})
    calibration = study.resolve(plan, str(path))
    with Pools(local(2)) as pools:
        runner = Runner(pools)
        found = {name: run(calibration, name, rows, runner) for name in rules}
        told = [line(calibration, name, *found[name], runner) for name in rules]
    click.echo(
        "\n".join(markdown_table(Table("Rules", ("variant", *SOURCES, *FREE_RUN), tuple(told))))
    )
    predictors = found["rule-0"][0]
    for words, link in LINKS.items():
        other = plan.model_copy(update={"link": plan.link.model_copy(update=dict(link))})
        survey = study.calibration_of(other, calibration.scenario).survey
        even = np.full(rows, 1.0 / rows)
        click.echo(f"{words}: {decimal(log_mean(survey.log_evidence(predictors), even))}")


def run(
    calibration: study.Calibration, name: str, rows: int, runner: Runner
) -> tuple[Array, Terms]:
    """Run the rows of a rule; return what the polls see of them, and their terms."""
    batch = sample.batch_of(calibration, name, np.arange(rows))
    (seen,) = sample.run_rows(calibration, [batch], runner, calibration.decided)
    answers = len(calibration.observations)
    rest = ImportanceSample(
        seen[:answers], {}, np.zeros(rows), (rows, 0), None, seen[answers:-1], 1.0, seen[-1]
    )
    return seen[:answers], terms_of(calibration, rest)


def line(
    calibration: study.Calibration, name: str, _: Array, terms: Terms, runner: Runner
) -> tuple[str, ...]:
    """Return a rule's line: log evidence by source, and its free run."""
    rows = len(terms.polls)
    even, sources = np.full(rows, 1.0 / rows), terms.sources()
    weights = normalised(sources["all"])
    chosen = resampled(weights, FREE, np.random.default_rng(0))
    parameters = sample.parameters_of(calibration, name, np.arange(rows))
    scenario = calibration.scenario_of(name).without_record()
    picked = Batch(scenario, np.arange(FREE), 0, Draw(weights=True), rows_of(parameters, chosen))
    seen = np.concatenate(gather([picked], partial(values_of, SEEN), runner, CHUNK), axis=1)
    loyal, hedge, alliance, rung, attacks = seen
    shares = (loyal.mean(), hedge.mean(), (alliance < 0.7).mean(), (rung > 0.4).mean())
    words = [decimal(log_mean(sources[key], even)) for key in SOURCES]
    click.echo(f"{name}: {effective_size(weights):.0f} effective rows", err=True)
    label = calibration.plan.rivals[name].label
    return (label, *words, *map(percent, map(float, shares)), decimal(float(attacks.mean())))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
