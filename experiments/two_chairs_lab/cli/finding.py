"""The commands that answer: discover, claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs.errors import InputError

from .shell import bar, console, explained, leave_folder, main, plan_kind

if TYPE_CHECKING:
    from two_chairs.scenario import Scenario

    from ..claims.answer import Answer
    from ..discovery.condition import Where
    from ..discovery.search import Cases, Discovery
    from ..sweep import Plan, Sweep

POINTS, REPLICATES = 4096, 16
"""Size of the sweep where a scenario is named instead of a plan."""


@main.command()
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
    from ..discovery.condition import read_where
    from ..discovery.search import check_cases
    from ..discovery.search import discover as search
    from ..results import check_folder

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
    from ..discovery.condition import check_kept, check_where
    from ..discovery.search import cases_of, computed
    from ..results import MANIFEST
    from ..sweep import load_sweep, read_columns, settle

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
    plan = _plan(path, source, size)
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
    from ..sweep import Plan, read_plan

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
    from ..discovery import telling
    from ..results import MANIFEST, made_by, write_json
    from ..sheets import write_sheets

    told, note = telling.sentence(found, where, scenario), telling.conditional_on(swept)
    made = swept.manifest(made_by()) | {"kind": "discovery", "asked": asked}
    content = {"where": str(where), "scenario": scenario.name, "sentence": told,
               "conditional_on": note, **telling.content(found)}  # fmt: skip

    def fill(new: Path) -> None:
        from ..figures.discoveries import draw
        from ..figures.style import save

        write_json(new / MANIFEST, made)
        write_json(new / "discovery.json", content)
        write_sheets(new, telling.sheets(found) | {"points": telling.points_sheet(cases)})
        save(draw(found, cases, str(where), note), new)

    if folder is not None:
        leave_folder(folder, "discovery", fill)
    if as_json:
        click.echo(json.dumps(content | {"manifest": made}))
        return
    from ..findings import print_discovery

    print_discovery(swept.plan.title, told, found, note, console())
    click.echo(f"Figures, tables and manifest: {folder}")


@main.command()
@click.argument("name", required=False, metavar="[NAME|FILE]")
@click.option("--points", type=click.IntRange(1, 100_000), help="Points of the space.")
@click.option(
    "--replicates", type=click.IntRange(1, 10_000), help="Worlds of different luck a point."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of points, luck and halves.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for tables and figures.  [default: results/claim-<name>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; a folder only with --out."
)
@explained
def claim(name: str | None, out: Path | None, as_json: bool, **size: int | None) -> None:
    """Put a claim to the test over the space of the model; without a NAME, list the claims."""
    given = {key: value for key, value in size.items() if value is not None}
    if name is None:
        _list_claims(out, given, as_json)
        return
    from ..claims.files import read_claim
    from ..claims.run import answer, settle_claim, worlds_of
    from ..results import check_folder

    source = read_claim(name)
    folder = out if out is not None else Path("results") / f"claim-{source.name}"
    writing = out is not None or not as_json
    if writing:
        check_folder(folder, "claim")
    space = settle_claim(source.resized(given))
    with bar(worlds_of(space)) as advance:
        found = answer(space, advance)
    _deliver_claim(found, folder if writing else None, as_json)


def _list_claims(out: Path | None, given: dict[str, int], as_json: bool) -> None:
    from ..claims.files import bundled_claims, read_claim
    from ..findings import print_claims

    if out is not None or given:
        raise InputError.at("claim", "names no claim; see 'two-chairs claim' for the names")
    files = [read_claim(name).file for name in bundled_claims()]
    rows = [(n, f.title, f.question) for n, f in zip(bundled_claims(), files, strict=True)]
    if as_json:
        click.echo(json.dumps({n: {"title": t, "question": q} for n, t, q in rows}))
        return
    print_claims(rows, console())


def _deliver_claim(found: Answer, folder: Path | None, as_json: bool) -> None:
    from ..results import MANIFEST, made_by, write_json
    from ..sheets import write_sheets

    source = found.space.source
    made = found.space.sweep.manifest(made_by())
    made |= {"kind": "claim", "claim": source.file.model_dump(mode="json"), "name": source.name}
    content = found.as_json()

    def fill(new: Path) -> None:
        from ..figures.claims import draw
        from ..figures.style import save

        write_json(new / MANIFEST, made)
        write_json(new / "claim.json", content)
        write_sheets(new, found.sheets())
        save(draw(found), new)

    if folder is not None:
        leave_folder(folder, "claim", fill)
    if as_json:
        click.echo(json.dumps(content | {"manifest": made}))
        return
    from ..findings import print_answer

    print_answer(found, console())
    click.echo(f"Figures, tables and manifest: {folder}")
