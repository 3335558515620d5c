"""The one style of all figures: the palette and its meanings, sizes, the frame, saving."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure

from two_chairs.axes import DOMAINS, PATRONS, POSTURES, REGIMES
from two_chairs.outcomes import OUTCOMES

# --- the palette: one colour, one meaning, in every figure ----------------------------------------

INCUMBENT, RIVAL, BOTH, NEITHER = "#C8502D", "#1F6FB2", "#8E5AA8", "#B59A2B"
"""Of the incumbent patron, of the rival patron, of both seats together, of neither."""
INK, GREY, FAINT, PALE = "#222222", "#8A8A8A", "#6A6A6A", "#DDDDDD"
"""What is measured and has no side; what it is held against; words in passing; what is empty."""
SECURITY, ECONOMY, POLITICS = "#0B8A6B", "#E08A00", "#7A5C3E"
MEASUREMENT, BEHAVIOUR, CODING, LUCK = "#9A6FB0", "#4D4D4D", "#C2A100", "#7FB069"
"""Of what varies in a study of sensitivity."""
SCENARIOS = ("#8C1C59", "#2A9D8F", "#9A6A00", "#5D4BB5", "#6B8E23", "#B0413E")
"""Of scenarios beside their reference, which is ink."""
PATRON_COLOURS = dict(zip(PATRONS, (INCUMBENT, RIVAL), strict=True))
REGIME_COLOURS = dict(zip(REGIMES, (INCUMBENT, BOTH, RIVAL, NEITHER), strict=True))
POSTURE_COLOURS = dict(zip(POSTURES, (INCUMBENT, BOTH, RIVAL, GREY), strict=True))
DOMAIN_COLOURS = dict(zip(DOMAINS, (SECURITY, ECONOMY, POLITICS), strict=True))
DOMAIN_STYLES = dict(zip(DOMAINS, ("-", "--", "-."), strict=True))


def side_of(outcome: str, roles: Mapping[str, str] | None = None) -> str | None:
    """Return the colour of the side on which a growing outcome lies, ``None`` where it has none.

    Parameters
    ----------
    outcome
        Name of an outcome or target, as ``tilt`` or ``A>B:security``.
    roles
        Role of each actor: alignments toward a patron lie on its side.
    """
    pair, *parts = outcome.partition("@")[0].split(":")
    if pair == "regime":
        return REGIME_COLOURS[parts[0]]  # type: ignore[index]
    if pair == "posture":
        return POSTURE_COLOURS[parts[0]]  # type: ignore[index]
    if pair == "tilt":
        return RIVAL
    key = (roles or {}).get(pair.partition(">")[2], "") if ">" in pair else pair
    for patron in PATRONS:
        if key in (patron, f"{patron}_seat") or patron in parts[:1]:
            return PATRON_COLOURS[patron]
    return None


def sides_of(outcome: str, roles: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return the colours of a rise and of a fall of an outcome: the sides it moves to.

    What has no side rises in ink and falls in grey. ``roles`` is that of `side_of`.
    """
    side = side_of(outcome, roles)
    if side == INCUMBENT:
        return INCUMBENT, RIVAL
    return (RIVAL, INCUMBENT) if side == RIVAL else (side or INK, GREY)


def colour_map(outcome: str) -> Colormap:
    """Return the map of an outcome over two inputs: from white, or from one side to the other."""
    side = side_of(outcome)
    if outcome.partition("@")[0] == "tilt":
        colours = [INCUMBENT, "#F4F1EC", RIVAL]
    else:
        colours = ["#F7F7F7", side or INK]
    return LinearSegmentedColormap.from_list(outcome, colours)


def span_of(outcome: str) -> tuple[float, float]:
    """Return the range that a map of an outcome spans at most, as it is declared."""
    name = outcome.partition("@")[0]
    return (OUTCOMES[name].low, OUTCOMES[name].high) if name in OUTCOMES else (0.0, 1.0)


# --- sizes ----------------------------------------------------------------------------------------

STYLE: Any = {
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.labelcolor": "#444444",
    "axes.edgecolor": "#999999",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#ECECEC",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "text.parse_math": False,
    "svg.hashsalt": "two-chairs",
    "svg.fonttype": "path",
}


@contextmanager
def styled(**more: Any) -> Iterator[None]:
    """Draw and save in the style of all figures, whatever the user's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE | more)
        yield


DPI = 144
"""Two pixels a point."""
TITLE, READING, NOTE = 13.0, 9.5, 7.5
"""Sizes of letters, in points: the finding, how to read the figure, what it is conditional on."""
WIDTHS: Mapping[float, float] = {TITLE: 0.62, READING: 0.53, NOTE: 0.54}
"""Width of a letter of each size on average, as a share of it."""
LINE = 1.32
"""Height of a line of text, as a share of the size of its letters."""
EDGE = 0.08
"""Room around a figure, in inches."""
Kind = Literal["png", "svg"]
SAVING: Mapping[Kind, Any] = {
    "png": {"pil_kwargs": {"compress_level": 3}},
    "svg": {"metadata": {"Date": None}},
}
"""How each format is written: a PNG packed as far as is quick, an SVG without its date."""


class Picture(Figure):
    """A figure with its own canvas and no global state, which notebooks show by themselves."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(self)

    def _repr_png_(self) -> bytes:
        """Return the figure as notebooks show it."""
        buffer = BytesIO()
        with styled():
            settle(self)
            self.savefig(buffer, format="png", dpi=DPI)
        return buffer.getvalue()


class Figures(Mapping[str, Figure]):
    """Figures by name, each drawn when it is asked for.

    Parameters
    ----------
    drawings
        Name → a function that draws the figure.
    """

    def __init__(self, drawings: Mapping[str, Callable[[], Figure]]) -> None:
        self._drawings = dict(drawings)

    def __getitem__(self, name: str) -> Figure:
        with styled():
            return self._drawings[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawings)

    def __len__(self) -> int:
        return len(self._drawings)

    def __or__(self, others: Figures) -> Figures:
        """Return these figures and others."""
        return Figures(self._drawings | others._drawings)

    def under(self, start: str) -> Figures:
        """Return the figures under names that start so, as a folder does."""
        return Figures({f"{start}{name}": drawn for name, drawn in self._drawings.items()})


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches."""
    return Picture(width, height)


def frame(figure: Figure, title: str, note: str, reading: str = "") -> Figure:
    """Write above a figure what it finds and how to read it, below it what it is conditional on.

    All are folded to the width of the figure. The figure grows by their height, which is known
    beforehand, so that laying out has only the panels to care for.

    Parameters
    ----------
    figure
        A figure with all its panels.
    title
        The finding, as a sentence without a full stop.
    note
        What all is conditional on.
    reading
        What is drawn, and how it is read.
    """
    width, inner = figure.get_figwidth(), figure.get_figheight()
    texts = [(title, TITLE), (reading, READING), (note, NOTE)]
    folded = [_folded(text, size, width) for text, size in texts]
    heights = [
        len(lines) * size * LINE / 72.0 + (EDGE if lines else 0.0)
        for lines, (_, size) in zip(folded, texts, strict=True)
    ]
    above, below = EDGE + heights[0] + heights[1], EDGE + heights[2]
    height = inner + above + below
    figure.set_figheight(height)
    left = EDGE / width
    written = figure.suptitle(
        "\n".join(folded[0]), x=left, y=1.0 - EDGE / height, ha="left", va="top",
        fontsize=TITLE, fontweight="bold", linespacing=1.15,
    )  # fmt: skip
    figure.text(
        left, 1.0 - (EDGE + heights[0]) / height, "\n".join(folded[1]), ha="left", va="top",
        fontsize=READING, color=FAINT, linespacing=1.15,
    ).set_in_layout(False)  # fmt: skip
    noted = figure.supxlabel(
        "\n".join(folded[2]), x=left, y=EDGE / height, ha="left", va="bottom", fontsize=NOTE,
        color=GREY, linespacing=1.15,
    )  # fmt: skip
    written.set_in_layout(False)
    noted.set_in_layout(False)
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0.0, below / height, 1.0, inner / height))
    return figure


def _folded(text: str, size: float, width: float) -> list[str]:
    """Fold a text to lines of a width in inches."""
    letters = (width - 2.0 * EDGE) * 72.0 / (size * WIDTHS[size])
    return wrap(" ".join(text.split()), int(letters))


# --- saving ---------------------------------------------------------------------------------------


def settle(figure: Figure) -> None:
    """Lay a figure out once and for all, however often it is drawn."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)  # the usual one is none, and then nothing is laid out again


def save(
    figures: Mapping[str, Figure],
    folder: Path,
    kinds: Sequence[Kind] = ("png",),
    names: Collection[str] | None = None,
) -> list[Path]:
    """Save figures under names that any file system takes, or in folders below.

    Parameters
    ----------
    figures
        By the names of their files.
    folder
        Where they go.
    kinds
        Formats; each figure is laid out once for all of them.
    names
        Those to be saved; all by default.
    """
    paths = []
    with styled():
        for name in figures if names is None else names:
            figure = figures[name]
            settle(figure)
            stem = name.replace("@", "-at-").replace(":", "-").replace(">", "-to-")
            for kind in kinds:
                path = folder / f"{stem}.{kind}"
                path.parent.mkdir(exist_ok=True)
                figure.savefig(path, dpi=DPI, **SAVING[kind])
                paths.append(path)
    return paths
