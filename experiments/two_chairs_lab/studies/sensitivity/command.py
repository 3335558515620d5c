"""The command sensitivity: the variance of outcomes split among its causes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs_lab.designs.plans import find_plan, said_of_plan
from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import WorkOptions, day_of, overrides, work_options

if TYPE_CHECKING:
    from .plan import SensitivityPlan

QUESTION = "How much of the spread is the ruler, how much behaviour, coding of events, luck?"
"""What is asked of a scenario without a plan."""


@click.command()
@click.argument("plan", default="baseline", metavar="[PLAN|SCENARIO]")
@click.option("--points", type=int, help="Base sample, a power of two.  [default: 4096]")
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Split its variance.")
@click.option("--at", "dates", multiple=True, metavar="DATE", help="Split it at this date.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of points and luck.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Fix a parameter.")
@work_options
@out_option("results/<case>/sensitivity-<plan>")
@json_option
@explained
def sensitivity(
    plan: str,
    dates: tuple[str, ...],
    settings: tuple[str, ...],
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
    **choices: Any,
) -> None:
    """Split the variance of outcomes among ruler, behaviour, coding, luck, by PLAN or SCENARIO."""
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.manifest import hashes

    from .render import print_sensitivity
    from .study import Sensitivity, resolve_study, run_study

    days = tuple(day_of(f"--at {text}", text) for text in dates)
    given = {key: value for key, value in choices.items() if value not in (None, ())}
    asked = _plan(plan).model_copy(update=given | ({"dates": days} if days else {}))
    with said_of_plan(plan, given | ({"dates": days} if days else {})):
        study = resolve_study(asked, overrides(settings))
    folder = target(out, f"sensitivity-{Path(plan).stem}", as_json, study.space.scenario)
    with work.runner(study.worlds, as_json, folder, Sensitivity.kind) as runner:
        answer = run_study(study, runner, hashes(input_files(asked.scenario)))
    deliver(answer, folder, as_json, lambda console: print_sensitivity(answer, console))


def _plan(name: str) -> SensitivityPlan:
    """Return the plan of a file, or the default one of a scenario."""
    from two_chairs.scenario.library import settled

    from .plan import SensitivityPlan

    file = find_plan(name)
    if file is not None:
        return file.as_record(SensitivityPlan)
    title = f"Sensitivity of {name}"
    return SensitivityPlan(title=title, question=QUESTION, scenario=settled(name))
