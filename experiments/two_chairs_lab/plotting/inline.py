"""A figure as a piece of a page: SVG with a text alternative and ids of its own, or a PNG."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from matplotlib.figure import Figure

from .style import styled

_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_POINT = r"-?[\d.]+ -?[\d.]+"
_LINES = re.compile(rf"(M {_POINT})((?: L {_POINT})*)( z)? ?")
_STRAIGHT = re.compile(f"(?:{_LINES.pattern})+")
_CORNER = re.compile(r"(-?[\d.]+) (-?[\d.]+)")
_PATH = re.compile(r' (d|points)="([^"]*)"')


def inline_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element to stand in an HTML page; its words are text, not shapes.

    Parameters
    ----------
    figure
        The figure.
    name
        Name of the figure, letters and dashes: begins every id, so that figures of one page do
        not share any.
    title, description
        Its text alternative: what it is, and what it says.
    """
    buffer = io.StringIO()
    no_metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with styled(**{"svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata=no_metadata)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = _PATH.sub(lambda found: f' {found[1]}="{_rounded(found[2])}"', text)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = text.replace('href="#', f'href="#{name}-')
    box = re.search(r'viewBox="[^"]*"', text)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{box[0] if box else ""} role="img" aria-label={quoteattr(title)} '
        f'aria-describedby="{name}-description"><title>{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )
    return head + text[text.index(">") + 1 :]


def _rounded(path: str) -> str:
    """Round the numbers of a path to tenths of a point, which no eye and no printer sees.

    A path of straight lines is told by its steps, which takes half the letters; sums of rounded
    steps drift by nothing, since each goes from one rounded corner to the next.

    Examples
    --------
    >>> _rounded("M 10.123456 20 L 11.5 20.04 L 12 21 z")
    'M10.1 20l1.4 0 .5 1z'
    """
    short = " ".join(_NUMBER.sub(lambda n: f"{float(n[0]):.2f}", path).split())
    return "".join(map(_steps, _LINES.findall(short))) if _STRAIGHT.fullmatch(short) else short


def _steps(line: tuple[str, str, str]) -> str:
    """Write a line of a path, its first corner, the others and its end, by its steps."""
    start, others, end = line
    corners = [
        (round(10 * float(x)), round(10 * float(y))) for x, y in _CORNER.findall(start + others)
    ]
    steps = [
        (here[0] - before[0], here[1] - before[1])
        for before, here in pairwise(corners)
        if here != before
    ]
    lines = " ".join(f"{_tenths(x)} {_tenths(y)}" for x, y in steps)
    first = f"M{_tenths(corners[0][0])} {_tenths(corners[0][1])}"
    return first + (f"l{lines}" if lines else "") + "z" * bool(end)


def _tenths(number: int) -> str:
    """Write a whole number of tenths."""
    whole, tenth = divmod(abs(number), 10)
    text = f"{whole or ''}.{tenth}" if tenth else f"{whole}"
    return f"-{text}" if number < 0 else text


def png(figure: Figure, dpi: int) -> bytes:
    """Return a figure as a PNG image."""
    buffer = io.BytesIO()
    with styled():
        figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()
