"""Markdown and HTML: texts that must not be read as markup, tables, templates."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .table import Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_LEADING = re.compile(r"^(?:([-+=])(?=[\s=-]|$)|(\d+)([.)])(?=\s|$))")


def escape_markdown(text: str) -> str:
    r"""Return a text that Markdown shows as it is, in one line; safe in the cell of a table.

    Examples
    --------
    >>> print(escape_markdown("a|b <i>*c*</i>"))
    a\|b &lt;i&gt;\*c\*&lt;/i&gt;
    """
    line = " ".join(text.split())
    escaped = _SPECIAL.sub(lambda found: _MARKDOWN.get(found[1], f"\\{found[1]}"), line)
    return _LEADING.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped
    )


_MARKDOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def markdown_table(table: Table) -> list[str]:
    r"""Return the lines of a table of texts; its title is left to the page.

    Examples
    --------
    >>> print(*markdown_table(Table("Seats", ("", "tilt"), (("2020", "0.1"),))), sep="\n")
    | | tilt |
    | --- | --- |
    | 2020 | 0.1 |
    """
    head = "".join(f" {column} |" if column else " |" for column in table.columns)
    rule = " --- |" * len(table.columns)
    return [f"|{head}", f"|{rule}", *(f"| {' | '.join(map(str, row))} |" for row in table.rows)]


def html_of(package: str, template: str, **values: object) -> str:
    """Fill a template of HTML that lies in a package's ``templates``; texts are escaped."""
    return _environment(package, autoescape=True).get_template(template).render(**values)


def markdown_of(package: str, template: str, **values: object) -> str:
    """Fill a template of Markdown that lies in a package's ``templates``; texts are escaped."""
    environment = _environment(package, autoescape=False, finalize=_escaped)
    environment.filters["fenced"] = fenced
    return environment.get_template(template).render(**values)


def fenced(text: str) -> Markup:
    """Return a text as a block of code that nothing inside it can end."""
    longest = max((len(run) for run in re.findall(r"~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return Markup(f"{fence}\n{text}\n{fence}")


def _escaped(value: object) -> object:
    return value if isinstance(value, Markup) else escape_markdown(str(value))


def _environment(package: str, **settings: Any) -> Environment:
    return Environment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **settings,
    )
