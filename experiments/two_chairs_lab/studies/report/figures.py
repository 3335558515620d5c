"""The pictures of a report: figures as SVG, each with what it is and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from two_chairs.vocabulary import Day
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.plotting.inline import inline_svg
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.studies.compare.differences import Effect
from two_chairs_lab.studies.compare.figures import effects_figure
from two_chairs_lab.studies.explain.figures import waterfall
from two_chairs_lab.studies.explain.study import Explanation, target_words
from two_chairs_lab.studies.run.captions import caption
from two_chairs_lab.studies.run.figures import draw
from two_chairs_lab.studies.run.study import RunResult

from .words import moved

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("split", "payoffs", "alignment", "observed")
"""Figures of a run that a report shows."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as SVG, with what it is and what it says."""

    name: str
    title: str
    description: str
    svg: Markup


def run_pictures(result: RunResult) -> list[Picture]:
    """Return the figures of a run that it has data for."""
    drawn = draw(result, SHOWN)
    return [_picture(name, *caption(name, result), figure) for name, figure in drawn.items()]


def waterfall_picture(found: Explanation) -> Picture:
    """Return the waterfall of the tilt until a day, told by its three largest causes."""
    means = found.means()
    causes = "; ".join(f"{found.causes[row].name} {means[row]:+.3f}" for row in found.by_size()[:3])
    change = float(np.mean(found.change))
    description = (
        f"The mean change of the {target_words(found)} from {found.window.words()}, "
        f"{change:+.3f}, as an exact sum over causes. Largest: {causes}. "
        f"{found.ensemble.conditional_on()}"
    )
    title = f"What moved the tilt until {date_words(found.window.to)}"
    return _picture("waterfall", title, description, waterfall(found))


def left_out_pictures(ensemble: Ensemble, effects: Sequence[Effect], at: Day) -> list[Picture]:
    """Return the figure of events left out one by one, if there are any."""
    if not effects:
        return []
    title = f"Each event left out, same luck: tilt on {date_words(at)}"
    figure = effects_figure(
        effects, title, "difference of tilt (−1 to 1): without the event, less with it",
        f"Dot: median; line: 5–95 % of worlds. {ensemble.conditional_on()}",
    )  # fmt: skip
    first = "; ".join(f"{each.words} {_interval_words(each)}" for each in effects[:3])
    description = f"The {len(effects)} largest paired differences; first: {first}"
    return [_picture("events", title, description, figure)]


def _interval_words(effect: Effect) -> str:
    made = effect.difference
    return moved(made.value, made.low, made.high)


def _picture(name: str, title: str, description: str, figure: Figure) -> Picture:
    return Picture(name, title, description, Markup(inline_svg(figure, name, title, description)))
