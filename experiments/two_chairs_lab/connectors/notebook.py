"""The face for notebooks: run a scenario and see what comes of it (``import two_chairs as tc``).

Examples
--------
>>> import two_chairs as tc
>>> few = tc.run("baseline", worlds=4)
>>> few.paths.outcome("tilt").shape
(365, 4)
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from two_chairs.errors import InputError, nearest
from two_chairs.scenario.layers import input_files
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_reference, load_scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine import WORLDS
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.table import Table
from two_chairs_lab.results.manifest import hashes
from two_chairs_lab.studies.run.study import RunResult, run_result
from two_chairs_lab.studies.run.summary import regime_table, where_table

from .dataframes import to_dataframe, to_xarray

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas
    import xarray
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Run:
    """What a run leaves, for a notebook: shown, it says where the pivot sits, and how sure that is.

    Attributes
    ----------
    result
        The run with its paths, and what came of what was expected.
    """

    result: RunResult

    @property
    def paths(self) -> Trajectory:
        """Paths of all worlds; ``paths.outcome("tilt")`` has shape (weeks, worlds)."""
        return self.result.paths

    def to_dataframe(self, outcomes: Sequence[str] | None = None) -> pandas.DataFrame:
        """Return a row a week and world, a column an outcome (`dataframes.to_dataframe`)."""
        return to_dataframe(self.paths, outcomes)

    def to_xarray(self, outcomes: Sequence[str] | None = None) -> xarray.Dataset:
        """Return a data set with axes ``week`` and ``world`` (`dataframes.to_xarray`)."""
        return to_xarray(self.paths, outcomes)

    def plot(self, name: str = "seats") -> Figure:
        """Draw one figure of the run.

        Parameters
        ----------
        name
            ``seats``, ``alignment``, ``split``, ``regimes``, ``payoffs`` or ``observed``.

        Raises
        ------
        InputError
            If there is no such figure, or the run has no data for it.
        """
        from two_chairs_lab.studies.run.figures import FIGURES, draw

        if name not in FIGURES:
            raise InputError.at(f"plot('{name}')", f"no such figure; {nearest(name, FIGURES)}")
        drawn = draw(self.result, [name])
        if name not in drawn:
            text = "this run has no data for it; choose another figure"
            raise InputError.at(f"plot('{name}')", text)
        return drawn[name]

    def __repr__(self) -> str:
        """Return the answer in words."""
        return "\n".join([*self.result.sentences(), self.result.basis().conditional_on])

    def _repr_html_(self) -> str:
        """Return the answer in words and tables, as a notebook shows it."""
        result = self.result
        tables = (where_table(result), regime_table(result.ensemble.scenario, result.paths))
        return "".join(
            [
                f"<h4>{escape(result.ensemble.title())}</h4>",
                *(f"<p>{escape(sentence)}</p>" for sentence in result.sentences()),
                *map(_html, tables),
                f"<p><small>{escape(result.basis().conditional_on)}</small></p>",
            ]
        )


def _html(table: Table) -> str:
    rows = [_row("th", table.columns), *(_row("td", row) for row in table.rows)]
    return f"<table><caption>{escape(table.title)}</caption>{''.join(rows)}</table>"


def _row(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"


def run(
    scenario: str | Path | Scenario = "baseline",
    *,
    worlds: int = WORLDS,
    seed: int = 0,
    vary: bool = True,
    luck: bool = True,
    parameters: dict[str, float] | None = None,
    workers: int = 1,
) -> Run:
    """Run a scenario in many worlds: the same numbers as the command ``two-chairs run``.

    Parameters
    ----------
    scenario
        Name of a bundled scenario, a path to a TOML file, or a scenario that was loaded.
    worlds, seed
        Number of parallel worlds, and the whole number from which all luck comes.
    vary
        Draw parameters and event weights; else keep their values.
    luck
        Choices with noise and random attacks; else neither.
    parameters
        Values of parameters by name or symbol, fixed in this run; for a name or path alone.
    workers
        Local processes; the result is the same, bit for bit. In a script, more than one needs
        ``if __name__ == "__main__":``.

    Raises
    ------
    InputError
        If a file or a value can not be used; names place and remedy.
    """
    if worlds < 1:
        raise InputError.at(f"worlds={worlds}", "a run needs at least one world; give 1 or more")
    if isinstance(scenario, Scenario):
        if parameters:
            text = "a loaded scenario has its values; give them to load()"
            raise InputError.at("parameters", text)
        return _run(Ensemble(scenario, worlds, seed, vary, luck), None, workers)
    resolved = load_scenario(str(scenario), parameters)
    return _run(Ensemble(resolved, worlds, seed, vary, luck), str(scenario), workers)


def _run(ensemble: Ensemble, name: str | None, workers: int) -> Run:
    """Run an ensemble; what compares with other scenarios is judged where its file is known."""

    def load(against: str) -> Scenario:
        return load_reference(str(name), against, ensemble.scenario.overrides)

    load_compared = None if name is None else load
    inputs = {} if name is None else hashes(input_files(name))
    if workers == 1:
        return Run(run_result(ensemble, load_compared, HERE, inputs))
    with Pools(local(workers)) as pools:
        return Run(run_result(ensemble, load_compared, Runner(pools), inputs))
