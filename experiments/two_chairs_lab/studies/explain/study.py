"""Why a target moved: its change over a window as a sum over causes, in every world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import PATRONS, Array
from two_chairs.rules.attitudes import Channel
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.batch import Batch
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.answer import Basis, ensemble_basis

from .attribution import Fading, Watched
from .causes import Cause, Window, causes_of, window_of
from .targets import patron_name, target_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOTHING = 1e-9
"""Size of a contribution that tables and figures pass over in silence; files never do."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The change of a target over a window as a sum over causes, world by world.

    Attributes
    ----------
    ensemble
        What was run.
    target
        Name of the target.
    window
        From when to when.
    fading
        Whether fading stands apart or with what fades (`explain`).
    causes
        All that can move the target and falls into the window, also what did not move it.
    values
        What each cause added, shape (causes, worlds); sums over causes to `change`.
    start, end
        The target before and after, shape (worlds,); an alignment as z = atanh A.
    channels
        Channel through which each act moved the target, by its cause's name.
    """

    ensemble: Ensemble
    target: str
    window: Window
    fading: Fading
    causes: tuple[Cause, ...]
    values: Array
    start: Array
    end: Array
    channels: Mapping[str, Channel]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the causes."""
        return tuple(cause.name for cause in self.causes)

    @property
    def change(self) -> Array:
        """End less start, shape (worlds,)."""
        return self.end - self.start

    @property
    def unit(self) -> str:
        """What the values are measured in."""
        return "atanh units" if ">" in self.target else "tilt" if self.target == "tilt" else "seat"

    def asked(self) -> dict[str, Any]:
        """Return what was asked, as plain data."""
        after, to = self.window.after, self.window.to
        return {
            "target": self.target,
            "unit": self.unit,
            "fading": self.fading,
            "window": {"from": after and after.isoformat(), "to": to.isoformat()},
        }

    def means(self) -> Array:
        """Return the mean of each cause over worlds, shape (causes,): they sum to the mean change.

        Medians do not.
        """
        return np.mean(self.values, axis=-1)

    def by_size(self) -> list[int]:
        """Return the rows of the causes that moved any world, the largest mean first.

        What is below `NOTHING` in all worlds is rounding, or cause of nothing.
        """
        means = np.abs(self.means())
        moved = [row for row, values in enumerate(self.values) if np.any(abs(values) > NOTHING)]
        return sorted(moved, key=lambda row: (-means[row], row))


@dataclass(frozen=True, slots=True)
class ExplainResult:
    """The answer of ``explain``: why a target moved, in all worlds and in the fixed one.

    Attributes
    ----------
    explanation
        Of all worlds.
    fixed
        Of the single world with all values at their defaults and no chance.
    inputs
        File → SHA-256 of every file that the scenario is made of.
    """

    kind: ClassVar[str] = "explain"
    name: ClassVar[str] = "explain"

    explanation: Explanation
    fixed: Explanation
    inputs: Mapping[str, str] = field(default_factory=dict)

    def basis(self) -> Basis:
        """Return what the explanation rests on."""
        ensemble, asked = self.explanation.ensemble, self.explanation.asked()
        return ensemble_basis(self.kind, ensemble, self.inputs, **asked)

    def sentences(self) -> list[str]:
        """Say what the target is, and from where to where it moved."""
        from .render import sentences

        return sentences(self.explanation)

    def tables(self) -> Mapping[str, Table]:
        """Return the causes, a row each."""
        from .record import causes_table

        return {"explain": causes_table(self)}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the waterfall."""
        from two_chairs_lab.plotting.style import Figures

        from .figures import waterfall

        return Figures({"waterfall": lambda: waterfall(self.explanation)})

    def record(self) -> dict[str, Any]:
        """Return the explanation as plain data."""
        from .record import explain_record

        return explain_record(self)


def explain(
    ensemble: Ensemble,
    target: str = "tilt",
    window: str = ":",
    *,
    fading: Fading = "apart",
    runner: Runner = HERE,
) -> Explanation:
    """Explain the change of a target over a window in every world of an ensemble.

    Parameters
    ----------
    ensemble
        What to run.
    target
        ``tilt``, ``incumbent_seat``, ``rival_seat``, ``seat:PATRON:DOMAIN`` or ``A>B:DOMAIN``.
    window
        ``FROM:TO``, two dates; one left out is that end of the run.
    fading
        ``apart``: all fading is a cause of its own, ``decay``. ``own``: what fades of a cause is
        charged to it, so that its value is what is left of it; ``decay`` is then the fading of
        what had gathered before the window.
    runner
        Where worlds are run.

    Raises
    ------
    InputError
        The target or the window can not be used.
    """
    scenario = ensemble.scenario
    target_of(target, scenario)
    span = window_of(window, scenario)
    causes = causes_of(scenario, span)
    names = tuple(cause.name for cause in causes)
    work = partial(attribution_of, target, names, span.weeks(scenario), fading)
    parts = gather([ensemble.batch()], work, runner)
    joined = {
        name: np.concatenate([part[name] for part in parts], axis=-1)
        for name in ("values", "start", "end")
    }
    channels = _channels(names, [part["channels"] for part in parts])
    return Explanation(ensemble, target, span, fading, causes, channels=channels, **joined)


def attribution_of(
    target: str, causes: Sequence[str], weeks: range, fading: Fading, batch: Batch
) -> dict[str, NDArray[Any]]:
    """Run a batch and return what each cause adds to a target; runs in any process.

    Parameters
    ----------
    target
        Name of the target.
    causes
        Names of all that can move it.
    weeks
        Weeks whose changes are counted, from zero.
    fading
        As in `explain`.
    batch
        Worlds.

    Returns
    -------
    dict
        ``values``, shape (causes, worlds); ``start`` and ``end``, the target before and after,
        shape (worlds,); ``channels``, the channel of each cause or nothing, shape (causes,).
    """
    scenario, draw = batch.scenario, batch.draw
    watched = Watched(
        target_of(target, scenario), causes, weeks, scenario, batch.replicates,
        seed=batch.seed, vary=draw.parameters, luck=draw.luck, record=(), fading=fading,
    )  # fmt: skip
    start, end = watched.account()
    asked = slice(batch.worlds)
    return {
        "values": watched.ledger[:, asked],
        "start": start[asked],
        "end": end[asked],
        "channels": np.array([watched.channels.get(cause, "") for cause in causes]),
    }


def _channels(names: Sequence[str], parts: Sequence[NDArray[Any]]) -> dict[str, Channel]:
    """Return the channel of each act that moved the target in any part."""
    found = zip(names, map(max, zip(*parts, strict=True)), strict=True)
    return {name: cast(Channel, str(channel)) for name, channel in found if channel}


def explain_result(
    ensemble: Ensemble,
    target: str = "tilt",
    window: str = ":",
    *,
    fading: Fading = "apart",
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
) -> ExplainResult:
    """Explain a change in all worlds of an ensemble, and in its fixed world (`explain`)."""
    all_worlds, fixed = (
        explain(worlds, target, window, fading=fading, runner=runner)
        for worlds in (ensemble, fixed_world(ensemble))
    )
    return ExplainResult(all_worlds, fixed, inputs or {})


def fixed_world(ensemble: Ensemble) -> Ensemble:
    """Return the single world with all values at their defaults and no chance."""
    return replace(ensemble, worlds=1, vary=False, luck=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a table or figure: a cause, or all the small ones together."""

    label: str
    says: str
    date: Day | None
    values: Array
    """Shape (worlds,)."""
    fixed: float | None = None
    """Value in the fixed world, if that was asked."""


def bars(explanation: Explanation, most: int, fixed: Explanation | None = None) -> list[Bar]:
    """Return the causes by size; beyond a number of rows the small ones are one row together."""
    rows = explanation.by_size()
    kept = rows if len(rows) <= most else rows[: most - 1]
    ones = None if fixed is None else fixed.values[:, 0]
    listed = [
        Bar(
            cause.name,
            cause.says,
            cause.date,
            explanation.values[row],
            None if ones is None else float(ones[row]),
        )
        for row, cause in ((row, explanation.causes[row]) for row in kept)
    ]
    small = [row for row in range(len(explanation.causes)) if row not in kept]
    if len(rows) > len(kept):
        label = f"other ({len(rows) - len(kept)})"
        one = None if ones is None else float(np.sum(ones[small]))
        listed.append(
            Bar(label, "smaller causes together", None, explanation.values[small].sum(axis=0), one)
        )
    return listed


def target_words(explanation: Explanation) -> str:
    """Say what the target is, in words and with its unit."""
    scenario, target = explanation.ensemble.scenario, explanation.target
    incumbent, rival = (patron_name(scenario, patron) for patron in PATRONS)
    if ">" in target:
        pair, domain = target.split(":")
        holder, toward = (scenario.case.actors[key].name for key in pair.split(">"))
        return f"alignment of {holder} toward {toward} in {domain}, as atanh"
    if target.startswith("seat:"):
        _, patron, domain = target.split(":")
        return f"{incumbent if patron == PATRONS[0] else rival}'s seat in {domain}, 0 to 1"
    words = {
        "tilt": f"tilt: {rival}'s seat less {incumbent}'s, −1 to 1",
        "incumbent_seat": f"{incumbent}'s seat, 0 to 1",
        "rival_seat": f"{rival}'s seat, 0 to 1",
    }
    return words[target]
