"""Markdown: texts that it must not read as markup, and tables."""

from __future__ import annotations

import re

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
