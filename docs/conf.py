"""Settings of the site: ``sphinx-build -W docs site`` makes it from these pages and the code.

Pages are Markdown that also reads well unbuilt: links go to the files of the checkout. README.md
and CONTRIBUTING.md, which stand outside this folder, become pages of the site here.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent

project = "Two Chairs"
author = "The Two Chairs developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "autoapi.extension"]
exclude_patterns = ["figures"]
suppress_warnings = [
    "ref.python",  # a type named as several things are: it gets no link
    "autoapi.python_import_resolution",  # names that are unpacked from a tuple
]
toc_object_entries = False

myst_heading_anchors = 4
html_theme = "furo"
html_title = "Two Chairs"
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False

autoapi_dirs = ["../model/two_chairs", "../experiments/two_chairs_lab"]
autoapi_root = "api"
autoapi_options = ["members", "undoc-members", "show-module-summary"]
autoapi_member_order = "bysource"
autoapi_ignore = ["*/__main__.py"]
autoapi_add_toctree_entry = False
autoapi_keep_files = False
napoleon_google_docstring = False
napoleon_use_ivar = True
maximum_signature_line_length = 90

OUTSIDE = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md"}
"""Files of the root → their pages on the site."""
LINK = re.compile(r"(?<=\]\()([^)#:\s]+)(?=[)#])")
CAPTION = "```{{toctree}}\n:hidden:\n:caption: {}\n\n{}\n```\n"


def relinked(text: str, folder: Path, page: Path) -> str:
    """Return ``text`` of a file in ``folder`` with links as they are on the site's ``page``."""

    def target(match: re.Match[str]) -> str:
        path = os.path.relpath(folder / match[1], ROOT)
        path = OUTSIDE.get(path, os.path.relpath(ROOT / path, DOCS))
        return os.path.relpath(DOCS / path, page.parent)

    return LINK.sub(target, text)


def unlisted(index: str) -> str:
    """Return a table of contents of the pages that the ``index`` does not name."""
    names = sorted({path.stem for path in DOCS.glob("*.md")} - set(index.splitlines()) - {"index"})
    return CAPTION.format("More", "\n".join(names)) if names else ""


def read(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Put in what stands outside the folder, the pages nobody listed, and the site's links."""
    page = DOCS / f"{docname}.md"
    if not page.exists():
        return
    text, folder = source[0], page.parent
    for name, stands_as in OUTSIDE.items():
        if page.name == stands_as and folder == DOCS:
            contents = "".join(re.findall(r"^```\{toctree\}.*?^```\n", text, flags=re.M | re.S))
            contents += unlisted(contents) if docname == "index" else ""
            text, folder = (ROOT / name).read_text(encoding="utf-8") + "\n" + contents, ROOT
    if docname == "decisions/README":
        text += "\n```{toctree}\n:hidden:\n:glob:\n\n0*\n```\n"
    source[0] = relinked(text, folder, page)


def escape(
    _app: Sphinx, _what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Take the bars of an absolute value in a docstring for what they are."""
    lines[:] = [line.replace("|", r"\|") for line in lines]


def setup(app: Sphinx) -> None:
    """Connect the reader of pages; show CSV as plain text, for which there is no highlighter."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", read)
    app.connect("autodoc-process-docstring", escape)
