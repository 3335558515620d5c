"""What is done to files and words: bytes turned over, lines exchanged, odd values put in."""

from __future__ import annotations

import random
from collections.abc import Callable

import click

from two_chairs_lab.cli.main import main
from two_chairs_lab.cli.registry import COMMANDS

ODD = [
    b"", b" ", b"nan", b"inf", b"-inf", b"1e400", b"-1", b"0", b"1", b"99999999999999999999",
    b"1e-320", "−1".encode(), b"0.5", b"0,5", b"50%", b"true", b"null", b"NA", b"\x00",
    b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", "é".encode("latin-1"), "ԵՀԱ".encode(),
    "\u202e".encode(), "\u2028".encode(), b"[bold]x[/bold]", b"[/]", b"$x$ $", b"{x}", b"{0}",
    b"%s", b"\\frac", b"=1+1", b"<b>&", b"\x1b[31m", b"9999-12-31", b"0001-01-01", b"2031-02-30",
    b"2031-01-06", b"1969-12-31", b"2031-01-06T10:00:00Z", b"[[", b"]]", b"[", b"{", b'"', b"'''",
    b'"""', b"\r", b"\n\n", b",", b";", b"\t", b"#", b"=", b":", b">", b"VES", b"KRN>VES",
    b"VES>VES", b"E1", b"A1", b"war", b"fear", b"../..", b"/dev/zero", b"case.toml", b"main.toml",
    b"plain.toml", b"events.csv", b"a" * 5000, b"[" * 3000, b"9" * 5000, b"1" + b"0" * 400,
]  # fmt: skip
Change = Callable[[bytearray, random.Random], bytearray]


def _span(data: bytearray, luck: random.Random, most: int = 40) -> tuple[int, int]:
    first = luck.randrange(len(data) + 1)
    return first, min(len(data), first + luck.randrange(1, most))


def _flip(data: bytearray, luck: random.Random) -> bytearray:
    if data:
        data[luck.randrange(len(data))] = luck.randrange(256)
    return data


def _insert(data: bytearray, luck: random.Random) -> bytearray:
    at = luck.randrange(len(data) + 1)
    return data[:at] + luck.choice(ODD) + data[at:]


def _cut(data: bytearray, luck: random.Random) -> bytearray:
    first, stop = _span(data, luck)
    return data[:first] + data[stop:]


def _end(data: bytearray, luck: random.Random) -> bytearray:
    return data[: luck.randrange(len(data) + 1)]


def _repeat(data: bytearray, luck: random.Random) -> bytearray:
    first, stop = _span(data, luck, 200)
    return data[:stop] + data[first:stop] * luck.choice([1, 1, 2, 50]) + data[stop:]


def _lines(change: Callable[[list[bytes], random.Random], None]) -> Change:
    def changed(data: bytearray, luck: random.Random) -> bytearray:
        lines = bytes(data).split(b"\n")
        change(lines, luck)
        return bytearray(b"\n".join(lines))

    return changed


def _drop_line(lines: list[bytes], luck: random.Random) -> None:
    lines.pop(luck.randrange(len(lines)))


def _repeat_line(lines: list[bytes], luck: random.Random) -> None:
    lines.insert(luck.randrange(len(lines)), luck.choice(lines))


def _swap_lines(lines: list[bytes], luck: random.Random) -> None:
    one, other = luck.randrange(len(lines)), luck.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _odd_value(lines: list[bytes], luck: random.Random) -> None:
    """Put an odd value after the sign = of a line, or into a cell of a row."""
    number = luck.randrange(len(lines))
    key, sign, _ = lines[number].partition(b"=")
    odd = luck.choice(ODD)
    if sign:
        quoted = luck.choice([odd, b'"' + odd + b'"', b"[" + odd + b"]", b"{ a = " + odd + b" }"])
        lines[number] = key + b"= " + quoted
        return
    cells = lines[number].split(b",")
    cells[luck.randrange(len(cells))] = odd
    lines[number] = b",".join(cells)


def _odd_word(data: bytearray, luck: random.Random) -> bytearray:
    """Put an odd value in the stead of a word."""
    words = bytes(data).split(b" ")
    words[luck.randrange(len(words))] = luck.choice(ODD)
    return bytearray(b" ".join(words))


def _encoded(data: bytearray, luck: random.Random) -> bytearray:
    text = bytes(data).decode("utf-8", "replace")
    return bytearray(
        text.encode(luck.choice(["utf-16", "utf-16-le", "latin-1", "cp1252"]), "replace")
    )


def _windows(data: bytearray, _: random.Random) -> bytearray:
    return data.replace(b"\n", b"\r\n")


CHANGES: list[Change] = [
    _flip, _flip, _insert, _insert, _cut, _end, _repeat, _odd_word, _odd_word,
    *map(_lines, (_drop_line, _repeat_line, _swap_lines, *[_odd_value] * 4)), _encoded, _windows,
]  # fmt: skip


def spoilt(good: bytes, luck: random.Random) -> bytes:
    """Return the bytes of a file with one to four things done to them."""
    data = bytearray(good)
    for _ in range(luck.choice([1, 1, 1, 2, 3, 4])):
        data = luck.choice(CHANGES)(data, luck)
    return bytes(data)


# --- words of a command line ---------------------------------------------------------------------

WORDS = [
    "", " ", "-", "--", "-inf", "nan", "0", "-1", "1e9", "99999999999999999999", "2", "1", "0.5",
    "½", "x" * 3000, "nothing", "baseline", "small.toml", "plan.toml", "case.toml", "events.csv",
    "swept", "ran", "valid", "/", "..", "/dev/zero", "/dev/null", "/proc/self/mem", "no/such",
    "\x00", "\x1b[31m", "[bold]", "$x$", "{}", "=", ":", ">", "fear=0.1", "fear=nan",
    "fear=1e400", "fear=", "=1", "fear=0:1:2", "fear=1:0", "fear=0:1:0", "fear=0:1:99999999",
    "tilt", "tilt@end", "tilt@2031-05-05", "tilt < 0", "tilt@end < 0", "tilt@end < nan",
    "VES>KRN:security", "ARM>RUS", "2031-05-05", "2031-02-30", ":", "2031-01-06:2031-05-05",
    "2031-05-05:2031-01-06", "9999-12-31", "seat:rival:security", "regime:two-chairs@end",
    "--json", "--fixed", "--figures", "none", "--format", "csv", "\udcff", "ԵՀԱ", "−1", "~", "*",
    "a\nb", "CON", "C:\\x\\y.toml",
]  # fmt: skip
"""Words as people, shells and other programs give them."""
LEFT_OUT = {"view", "workers", "dask", "help"}
"""A page that does not end by itself, and work elsewhere."""
LIGHT = ("--worlds", "1")
SMALL = {"sensitivity": ("--points", "64")}
"""Commands that draw a large design before they begin → what makes it small."""


def odd_words(luck: random.Random) -> tuple[str, ...]:
    """Return a command line: a command, and odd values for some of its options and arguments."""
    name = luck.choice(sorted(COMMANDS.keys() - LEFT_OUT))
    command = main.get_command(click.Context(main), name)
    assert command is not None
    words = [name, *SMALL.get(name, ())]
    options = [p for p in command.params if isinstance(p, click.Option) and p.name not in LEFT_OUT]
    given = luck.sample(options, min(len(options), luck.choice([0, 1, 1, 2, 3])))
    for option in given:
        words.append(luck.choice(option.opts))
        if not option.is_flag:
            words.append(_value(option, luck))
    for argument in (p for p in command.params if isinstance(p, click.Argument)):
        if argument.required or luck.random() < 0.7:
            words.append(luck.choice(["small.toml", luck.choice(WORDS)]))
    if luck.random() < 0.1:
        words.insert(luck.randrange(len(words) + 1), luck.choice(WORDS))
    return tuple(words)


def _value(option: click.Option, luck: random.Random) -> str:
    if isinstance(option.type, click.Choice) and luck.random() < 0.5:
        return str(luck.choice(list(option.type.choices)))
    return luck.choice(WORDS)
