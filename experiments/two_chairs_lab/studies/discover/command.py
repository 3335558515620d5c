"""The command discover."""

from __future__ import annotations

from pathlib import Path

import click

from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import WorkOptions, work_options


@click.command()
@click.argument("source", metavar="PLAN|RESULT|SCENARIO")
@click.option(
    "--where",
    "condition",
    required=True,
    metavar="'NAME@DATE < NUMBER'",
    help="What to look for; signs: < <= > >= ==.",
)
@click.option("--scenario", metavar="NAME", help="Which scenario, where the sweep has several.")
@click.option("--points", type=click.IntRange(1), help="Points of a plan's design.")
@click.option("--replicates", type=click.IntRange(1), help="Worlds of different luck a point.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of design, luck and halves.")
@click.option(
    "--boxes",
    type=click.IntRange(1, 5),
    default=2,
    show_default=True,
    help="Regions to look for at most.",
)
@click.option(
    "--box", "step", type=int, metavar="N", help="Take this row of peeling.csv as the first region."
)
@work_options
@out_option("results/<case>/discover-<source>")
@json_option
@explained
def discover(
    source: str,
    condition: str,
    scenario: str | None,
    boxes: int,
    step: int | None,
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
    **size: int | None,
) -> None:
    """Say where in the space of a PLAN, a finished sweep or a SCENARIO something happens.

    Example: two-chairs discover baseline --where 'regime:two-chairs@end < 0.5'
    """  # fmt: skip
    from .condition import read_condition
    from .render import print_discovery
    from .study import DiscoveryResult, discovery_result, question_of

    name = Path(source).name if Path(source).is_dir() else Path(source).stem
    given = {key: value for key, value in size.items() if value is not None}
    question = question_of(source, read_condition(condition), scenario, given)
    folder = target(out, f"discover-{name}", as_json, question.scenario)
    with work.runner(question.worlds, as_json, folder, DiscoveryResult.kind) as runner:
        result = discovery_result(question, runner, boxes=boxes, box=step)
    deliver(result, folder, as_json, lambda console: print_discovery(result, console))
