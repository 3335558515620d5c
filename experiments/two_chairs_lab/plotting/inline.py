"""A figure as a piece of a page: SVG with a text alternative and ids of its own, or a PNG."""

from __future__ import annotations

import io
import re
from xml.sax.saxutils import escape, quoteattr

import matplotlib as mpl
from matplotlib.figure import Figure

from .style import STYLE

_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_PATH = re.compile(r' (d|points)="([^"]*)"')


def inline_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element to stand in an HTML page.

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
    with mpl.rc_context(STYLE):
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
    """Round the numbers of a path to hundredths of a point, which no eye and no printer sees."""
    return " ".join(_NUMBER.sub(lambda n: f"{float(n[0]):.2f}", path).split())


def png(figure: Figure, dpi: int) -> bytes:
    """Return a figure as a PNG image."""
    buffer = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()
