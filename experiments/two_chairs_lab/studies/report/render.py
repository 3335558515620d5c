"""A report as documents: one HTML page, and Markdown."""

from __future__ import annotations

from collections.abc import Mapping

from two_chairs_lab.render.markdown import html_of, markdown_of

from .study import Report

PACKAGE = "two_chairs_lab.studies.report"


def documents(report: Report) -> Mapping[str, str]:
    """Return both forms of a report, by the names of their files.

    The page needs no other file and no network; the Markdown is there to be pasted.
    """
    return {
        "report.html": html_of(PACKAGE, "report.html.jinja", report=report),
        "report.md": markdown_of(PACKAGE, "report.md.jinja", report=report),
    }
