"""The command discover."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import plan_kind, plan_path
from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import bar, console

if TYPE_CHECKING:
    from two_chairs.scenario.records import Scenario
    from two_chairs_lab.studies.sweep.study import Plan, Sweep

    from .condition import Where
    from .study import Cases, Discovery

POINTS, REPLICATES = 4096, 16
"""Size of the sweep where a scenario is named instead of a plan."""


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
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for tables and figures.  [default: results/discover-<source>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; a folder only with --out."
)
@explained
def discover(
    source: str,
    condition: str,
    scenario: str | None,
    boxes: int,
    step: int | None,
    out: Path | None,
    as_json: bool,
    **size: int | None,
) -> None:
    """Say where in the space of a PLAN, a finished sweep or a SCENARIO something happens.

    Example: two-chairs discover baseline --where 'regime:two-chairs@end < 0.5'
    """  # fmt: skip
    from two_chairs_lab.results.folder import check_folder

    from .condition import read_where
    from .study import check_cases
    from .study import discover as search

    where = read_where(condition)
    name = Path(source).name if Path(source).is_dir() else Path(source).stem
    folder = out if out is not None else Path("results") / f"discover-{name}"
    writing = out is not None or not as_json
    if writing:
        check_folder(folder, "discovery")
    given = {key: value for key, value in size.items() if value is not None}
    swept, index, cases = _cases(source, where, scenario, given)
    check_cases(cases, f"--where {where}")
    found = search(cases, swept.plan.seed, boxes=boxes, step=step)
    asked = {"where": str(where), "boxes": boxes, "box": step}
    _deliver(swept.scenarios[index], swept, where, cases, found, asked,
             folder if writing else None, as_json)  # fmt: skip


def _cases(
    source: str, where: Where, scenario: str | None, size: dict[str, int]
) -> tuple[Sweep, int, Cases]:
    """Return the sweep of a source, the number of the scenario looked at, and its cases."""
    from two_chairs_lab.results.manifest import MANIFEST
    from two_chairs_lab.studies.sweep.study import load_sweep, read_columns, settle

    from .condition import check_kept, check_where
    from .study import cases_of, computed

    path = Path(source)
    if path.is_dir():
        if size:
            text = "a finished sweep has its size; leave --points, --replicates and --seed out"
            raise InputError.at(f"{source}", text)
        if not (path / MANIFEST).is_file():
            raise InputError.at(source, "is no sweep's folder; name one that 'sweep' has written")
        swept = load_sweep(path)
        index = _index(swept, scenario)
        check_kept(where, swept)
        column = read_columns(path, swept, [where.outcome])[where.outcome]
        shape = len(swept.scenarios), swept.design.points, swept.plan.replicates
        return swept, index, cases_of(swept, where.holds(column.reshape(shape)[index]))
    plan = _plan(plan_path(source), source, size)
    settled = settle(plan.model_copy(update={"outcomes": ()}))
    index = _index(settled, scenario)
    only = settled.scenarios[index]
    check_where(where, only)
    alone = plan.model_copy(update={"scenarios": (plan.scenarios[index],),
                                    "outcomes": (where.outcome,)})  # fmt: skip
    swept = type(settled)(alone, (only,), settled.design)
    with bar(swept.worlds) as advance:
        values = computed(swept, [where.outcome], advance)[where.outcome][0]
    return swept, 0, cases_of(swept, where.holds(values))


def _plan(path: Path, source: str, size: dict[str, int]) -> Plan:
    """Return the plan of a file, or one over all parameters of a scenario."""
    from two_chairs_lab.studies.sweep.study import Plan, read_plan

    kind = plan_kind(path)
    if kind == "claim":
        raise InputError.at(source, f"is a claim; run it with 'two-chairs claim {source}'")
    if kind is not None:
        return read_plan(path).model_copy(update=size)
    chosen: dict[str, Any] = {"points": POINTS, "replicates": REPLICATES} | size
    return Plan(title=f"All parameters of {source}", question="Where does it happen?",
                scenarios=(source,), design="lhs", coding=True, **chosen)  # fmt: skip


def _index(swept: Sweep, scenario: str | None) -> int:
    """Return the number of the scenario that is looked at."""
    from two_chairs.errors import nearest

    names = [each.name for each in swept.scenarios]
    if scenario is None and len(names) == 1:
        return 0
    if scenario is None:
        text = f"it has {len(names)} scenarios; choose one of {', '.join(names)}"
        raise InputError.at("--scenario", text)
    if scenario not in names:
        text = f"no scenario of this sweep; {nearest(scenario, names)}"
        raise InputError.at(f"--scenario {scenario}", text)
    return names.index(scenario)


def _deliver(
    scenario: Scenario,
    swept: Sweep,
    where: Where,
    cases: Cases,
    found: Discovery,
    asked: dict[str, Any],
    folder: Path | None,
    as_json: bool,
) -> None:
    """Leave the folder and print the answer."""
    from two_chairs_lab.render.table import write_tables
    from two_chairs_lab.results.folder import write_json
    from two_chairs_lab.results.manifest import MANIFEST, made_by

    from . import render as telling

    told, note = telling.sentence(found, where, scenario), telling.conditional_on(swept)
    made = swept.manifest(made_by()) | {"kind": "discovery", "asked": asked}
    content = {"where": str(where), "scenario": scenario.name, "sentence": told,
               "conditional_on": note, **telling.content(found)}  # fmt: skip

    def fill(new: Path) -> None:
        from two_chairs_lab.plotting.style import save

        from .figures import draw

        write_json(new / MANIFEST, made)
        write_json(new / "discovery.json", content)
        write_tables(new, telling.tables(found) | {"points": telling.points_table(cases)})
        save(draw(found, cases, str(where), note), new)

    if folder is not None:
        leave_folder(folder, "discovery", fill)
    if as_json:
        click.echo(json.dumps(content | {"manifest": made}))
        return
    from .render import print_discovery

    print_discovery(swept.plan.title, told, found, note, console())
    click.echo(f"Figures, tables and manifest: {folder}")
