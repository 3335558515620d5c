"""One world of a sweep, act by act."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from two_chairs.axes import REGIMES
from two_chairs.outcomes import INDICES
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day, monday
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.render.numbers import signed
from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import laid_out


def world_log(paths: Trajectory, acts_from: Day | None) -> dict[str, Any]:
    """Return one world week by week: indices, and every choice that was made, with its date.

    Before agents act a choice is what the model would have done: ``acted`` is false.
    """
    return {
        "dates": [day.isoformat() for day in paths.dates],
        **{name: paths.outcome(name)[:, 0].tolist() for name in INDICES},
        "choices": [
            {
                "date": day.isoformat(),
                "actor": actor,
                "choice": choice,
                "acted": acts_from is not None and day >= monday(acts_from),
            }
            for day, actor, choice in choices_of(paths)
        ],
    }


def choices_of(paths: Trajectory) -> list[tuple[Day, str, str]]:
    """Return every decision of the first world: date, actor, what it chose."""
    codes = paths.arrays["choices"][:, :, 0]
    return [
        (day, actor, acts[codes[week, index]])
        for week, day in enumerate(paths.dates)
        for index, (actor, acts) in enumerate(paths.cast.options.items())
        if codes[week, index] >= 0
    ]


def print_world(paths: Trajectory, world: int, scenario: Scenario, console: Console) -> None:
    """Print the decisions of one world and where it stood when they were made."""
    log = world_log(paths, scenario.agents_act_from)
    actors = [actor for actor, acts in paths.cast.options.items() if acts]
    made: dict[str, list[dict[str, Any]]] = {}
    for entry in log["choices"]:
        made.setdefault(entry["date"], []).append(entry)
    rows = []
    for date, entries in made.items():
        week = log["dates"].index(date)
        regime = scenario.case.regimes[REGIMES[int(paths.arrays["regime"][week, 0])]]
        acted = "were acted on" if entries[0]["acted"] else "were only logged"
        choices = [entry["choice"] for entry in entries]
        rows.append((date, *choices, signed(log["tilt"][week]), regime, acted))
    columns = ("date", *actors, "tilt", "regime", "the choices")
    table = Table(f"World {world}: decisions and position", columns, tuple(rows))
    console.print(laid_out(table, console.width))
