"""The one style of all figures: colours, sizes, an empty figure, saving."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from two_chairs.axes import DOMAINS, PATRONS, REGIMES

# Okabe and Ito's palette, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY, BLACK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#888888", "#222222",
)  # fmt: skip
DOMAIN_COLOURS = dict(zip(DOMAINS, (BLUE, ORANGE, GREEN), strict=True))
DOMAIN_STYLES = dict(zip(DOMAINS, ("-", "--", "-."), strict=True))
PATRON_COLOURS = dict(zip(PATRONS, (RED, BLUE), strict=True))
REGIME_COLOURS = dict(zip(REGIMES, ("#F2C9B3", "#D9CFE8", "#B9D6EA", "#FFF3B0"), strict=True))
STYLE: Any = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "svg.hashsalt": "two-chairs",
    "svg.fonttype": "path",
}
DPI = 160


class Picture(Figure):
    """A figure with its own canvas and no global state, which notebooks show by themselves."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(self)

    def _repr_png_(self) -> bytes:
        """Return the figure as notebooks show it."""
        buffer = BytesIO()
        with mpl.rc_context(STYLE):
            self.savefig(buffer, format="png", dpi=DPI)
        return buffer.getvalue()


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches."""
    return Picture(width, height)


def frame(figure: Figure, title: str, note: str) -> Figure:
    """Write a figure's title above it, and below it how to read it and what it is conditional on.

    Both are folded to the width of the figure.
    """
    figure.suptitle(fill(title, int(figure.get_figwidth() * 9)), x=0.01, ha="left", fontsize=12)
    footnote(figure, note)
    return figure


def footnote(figure: Figure, note: str, letters: int | None = None) -> None:
    """Write below a figure how to read it and what it is conditional on.

    It is folded to some letters a line, by default to the width of the figure.
    """
    text = fill(" ".join(note.split()), letters or int(figure.get_figwidth() * 15.5))
    figure.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color="#555555")


def save(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Save figures as PNG and SVG under names that any file system takes, or in folders below."""
    paths = []
    with mpl.rc_context(STYLE):
        for name, figure in figures.items():
            stem = name.replace("@", "-at-").replace(":", "-").replace(">", "-to-")
            for kind in ("png", "svg"):
                path = folder / f"{stem}.{kind}"
                path.parent.mkdir(exist_ok=True)
                figure.savefig(path, dpi=DPI, metadata={"Date": None} if kind == "svg" else None)
                paths.append(path)
    return paths
