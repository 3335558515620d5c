"""Where things were read, as a reader of a report can follow it."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from two_chairs.scenario.records import Event, Scenario


class Source(str):
    """Where something was read, in words; ``address`` is its address on the web, if it has one."""

    __slots__ = ("address",)
    address: str

    def __new__(cls, words: str, address: str = "") -> Self:
        """Return the words of a source, with its address."""
        made = super().__new__(cls, words)
        made.address = address
        return made


def source_of(scenario: Scenario, event: Event) -> Source:
    """Return the source of an event: the document's title with the paragraph, or its address."""
    document = scenario.case.documents.get(event.document)
    if document is None:
        return linked(event.document)
    paragraph = "" if event.paragraph is None else f", paragraph {event.paragraph}"
    return Source(f"{document.title}{paragraph}")


def linked(text: str) -> Source:
    """Return a text as a source, with its address if it is one of the web and nothing else.

    Examples
    --------
    >>> linked("https://www.example.org/a/b.html"), linked("javascript:alert(1)").address
    ('www.example.org', '')
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return Source(text)
    plain = parts.scheme in ("http", "https") and not set(text) & set(" <>\"'")
    return Source(parts.hostname, text) if plain and parts.hostname else Source(text)
