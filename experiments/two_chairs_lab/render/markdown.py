"""Text that Markdown must not read as markup."""

from __future__ import annotations

import re

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
