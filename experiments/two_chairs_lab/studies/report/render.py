"""A report as documents: one HTML page, and Markdown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files

from two_chairs_lab.render.markdown import html_of, markdown_of

from .study import Report

PACKAGE = "two_chairs_lab.studies.report"


def documents(report: Report) -> Mapping[str, str]:
    """Return both forms of a report, by the names of their files.

    The page needs no other file and no network; the Markdown is there to be pasted.
    """
    return {
        "report.html": html_of(
            PACKAGE, "report.html.jinja", report=report, script_digest=script_digest()
        ),
        "report.md": markdown_of(PACKAGE, "report.md.jinja", report=report),
    }


def script_digest() -> str:
    """Return the digest by which the page allows its own script, and no other."""
    text = (files(PACKAGE) / "templates" / "report.js").read_text(encoding="utf-8")
    return f"sha256-{b64encode(sha256(f'{chr(10)}{text}'.encode()).digest()).decode()}"
