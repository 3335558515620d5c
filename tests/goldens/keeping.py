"""How goldens are made, stored and compared: commands run in this process, their traces as text.

A golden is one text: the commands, what they print, and every file that they leave. Long files
stand in it as a sketch: digests, their ends, and some of their numbers.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import re
import runpy
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from click.testing import CliRunner

import two_chairs
from two_chairs_lab.cli import main

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCENARIOS = ROOT / "scenarios"
FORMAT = HERE.parent / "format"
STORE = HERE / "store"
INPUTS = HERE / "inputs"
MADE_WITH = HERE / "made_with.json"
SHORT, LONGEST = 300, 30_000
"""Characters from which a file is stored once, and up to which it is stored as it is."""
TERMINAL = {"COLUMNS": "110", "LINES": "40", "TERM": "xterm", "NO_COLOR": "1"}
RELATIVE, ABSOLUTE = 1e-6, 1e-9
NUMBER = re.compile(r"[-+−]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
EXACT_ON = ("numpy", "scipy", "scikit-learn", "SALib", "matplotlib")
"""Packages whose versions decide whether every digit must agree."""


# --- running --------------------------------------------------------------------------------------


def trace(commands: Sequence[str], folder: Path) -> str:
    """Run commands one after another in a new folder, and return all that they leave as text."""
    _lay_out(folder)
    inputs = {path.relative_to(folder) for path in folder.rglob("*")}
    sections: dict[str, str] = {}
    with within(folder):
        for number, command in enumerate(commands, 1):
            said, printed = _said(command.format(scenarios=SCENARIOS))
            sections[f"{number}. {command}"] = said
            sections |= apart(f"{number}. JSON", printed)
        files = {path.relative_to(folder): path for path in sorted(folder.rglob("*"))}
    left = [name for name in files if name not in inputs and not name.name.startswith(".")]
    for name in left:
        if files[name].is_file():
            sections |= apart(name.as_posix(), text_of(files[name]))
    return joined({name: plain(text, folder) for name, text in sections.items()})


def _lay_out(folder: Path) -> None:
    """Give a folder what the commands read: scenarios, plans, claims, the case, another case."""
    shutil.copytree(INPUTS, folder, dirs_exist_ok=True)
    shutil.copy(SCENARIOS / "armenia" / "observations.csv", folder)
    case = (SCENARIOS / "armenia" / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(f'name = "armenia"\n{case}', encoding="utf-8")
    shutil.copytree(FORMAT / "valid", folder / "other" / "valid")
    shutil.copy(FORMAT / "case.toml", folder / "other")


def _said(command: str) -> tuple[str, str]:
    """Return what a command says in a terminal, and apart from it a JSON object.

    A script of Python says nothing; it leaves files.
    """
    words = shlex.split(command)
    if words[0] == "python":
        runpy.run_path(words[1])
        return "", ""
    with mock.patch.object(sys, "argv", ["two-chairs", *words]):
        result = CliRunner().invoke(main, words, catch_exceptions=False)
    ending = f"[exit {result.exit_code}]\n"
    errors = f"[standard error]\n{result.stderr}" if result.stderr else ""
    if result.stdout.startswith("{"):
        return f"{errors}{ending}", result.stdout
    return f"{result.stdout}{errors}{ending}", ""


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """Stand in a folder, at a terminal of a fixed size, where figures are described, not drawn."""
    before = Path.cwd()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, TERMINAL))
        stack.enter_context(mock.patch("matplotlib.figure.Figure.savefig", describe))
        os.environ.pop("FORCE_COLOR", None)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


# --- files as text --------------------------------------------------------------------------------


def describe(figure, target, *_, **__) -> None:
    """Take the place of ``Figure.savefig``: write what stands on a figure, without drawing it."""
    if isinstance(target, (str, Path)):
        lines = _figure_lines(figure) if Path(target).suffix == ".png" else ["a picture"]
        Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif hasattr(target, "encoding"):
        target.write('<svg viewBox="0 0 1 1"></svg>\n')
    else:
        target.write(b"a picture\n")


def _figure_lines(figure) -> Iterator[str]:
    size = figure.get_size_inches()
    yield f"figure of {size[0]:.2f} × {size[1]:.2f} inches"
    yield from _texts([*figure.texts, *_legend_texts(figure.legends)])
    for axes in figure.axes:
        yield "axes"
        titles = [axes.title, axes._left_title, axes._right_title]
        labels = [axis.label for axis in (axes.xaxis, axes.yaxis)]
        legends = [axes.get_legend()] if axes.get_legend() else []
        yield from _texts([*titles, *labels, *axes.texts, *_legend_texts(legends)])
        for axis in (axes.xaxis, axes.yaxis):
            ticks = getattr(axis.get_major_formatter(), "seq", [])
            if any(map(str, ticks)):
                yield f"ticks {[str(tick) for tick in ticks]}"
        for line in axes.lines:
            across, up = line.get_xdata(orig=False), line.get_ydata(orig=False)
            look = f"{line.get_color()} {line.get_linestyle()} {line.get_linewidth():.3g}"
            yield f"line {_numbers(across)}; {_numbers(up)}; {look}"
        for patch in axes.patches:
            yield f"patch {_numbers(patch.get_path().vertices)}; {_numbers(patch.get_facecolor())}"
        for group in axes.collections:
            paths = [path.vertices for path in group.get_paths()] or [[]]
            colours = _numbers(group.get_facecolor())
            values = "" if group.get_array() is None else f"; {_numbers(group.get_array())}"
            places = f"{_numbers(group.get_offsets())}; {_numbers(np.concatenate(paths))}"
            yield f"group {places}; {colours}{values}"
        for image in axes.images:
            yield f"image {_numbers(image.get_array())}"


def _texts(texts: Sequence) -> Iterator[str]:
    for text in texts:
        if text.get_text().strip():
            yield f"text {text.get_text()!r}"


def _legend_texts(legends: Sequence) -> list:
    return [text for legend in legends for text in (legend.get_title(), *legend.get_texts())]


def _numbers(values: object) -> str:
    """Return size and sums of an array."""
    array = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
    finite = array[np.isfinite(array)]
    return f"{array.shape} {finite.sum():.9g} {np.square(finite).sum():.9g}"


def apart(name: str, text: str) -> dict[str, str]:
    """Return a text as sections: the manifest of a JSON object and its scenarios stand apart."""
    if not text:
        return {}
    if not text.startswith("{"):
        return {name: text}
    content = json.loads(text)
    written = next((form for form in FORMS if form(content) == text), None)
    key = next((key for key in APART if not isinstance(content.get(key, ""), str)), None)
    if written is None:
        return {name: _broken(text)}
    if key is None:
        return {name: _broken(written(_in_order(content)))}
    content = _in_order(content)
    inner = {f"{name}: {key}": _broken(written(content[key]))}
    if key == "manifest":
        inner = apart(f"{name}: {key}", written(content[key]))
    return {name: _broken(written(content | {key: "<apart>"})), **inner}


def _in_order(value: Any) -> Any:
    """Return plain data with the keys of every object in the order of the alphabet."""
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value)}
    return [_in_order(entry) for entry in value] if isinstance(value, list) else value


APART = ("manifest", "scenario", "scenarios")
"""Keys of JSON objects whose values stand apart, if they are no names."""
FORMS = (
    lambda content: f"{json.dumps(content)}\n",
    lambda content: f"{json.dumps(content, indent=1, ensure_ascii=False)}\n",
)
"""How commands print JSON, and how they write it to files."""


def _broken(text: str) -> str:
    """Return JSON that is all on one line as many lines."""
    return text.replace(', "', ',\n"')


def text_of(path: Path) -> str:
    """Return a file's content as text, whatever its format."""
    if path.suffix == ".nc":
        return _netcdf(path)
    if path.suffix == ".npy":
        return "\n".join(_array("table", np.load(path))) + "\n"
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_table(path).to_pandas().to_csv(index=False)
    return path.read_text(encoding="utf-8")


def _netcdf(path: Path) -> str:
    from scipy.io import netcdf_file

    lines = []
    with netcdf_file(str(path), mmap=False) as file:
        lines += [
            f"attribute {name}: {value!r}" for name, value in sorted(file._attributes.items())
        ]
        lines += [f"axis {name}: {size}" for name, size in file.dimensions.items()]
        for name, variable in file.variables.items():
            axes = ", ".join(variable.dimensions)
            notes = " ".join(f"{k}={v!r}" for k, v in sorted(variable._attributes.items()))
            lines.append(f"variable {name}({axes}) {notes}")
            lines += _array(name, np.array(variable.data))
    return "\n".join(lines) + "\n"


def _array(name: str, values: np.ndarray) -> list[str]:
    """Return the numbers of an array as lines, a line for a row, ten for a vector."""
    flat = values.ravel().tolist()
    step = values.shape[-1] if values.ndim > 1 else 10
    rows = [",".join(map(str, flat[n : n + step])) for n in range(0, len(flat), step)]
    return [f"{name} {values.dtype.kind}{values.shape}", *rows]


FACTS = "two-chairs|Python|numpy|mesa|pydantic|processor features"
FACT = re.compile(rf"(- |<dt>)((?:{FACTS})(?:: |</dt><dd>))[^\n<]*")
"""A line of a report's table of versions."""


# --- the stored form ------------------------------------------------------------------------------


def plain(text: str, folder: Path) -> str:
    """Leave out of a text what may differ from machine to machine: versions, places."""
    installed = Path(two_chairs.__file__).parent / "scenarios"
    places = {
        folder.resolve(): "<here>",
        SCENARIOS: "<scenarios>",
        installed: "<scenarios>",
    }
    for place, name in places.items():
        escaped = str(place).replace("_", "\\_")  # as it stands in Markdown
        text = text.replace(str(place), name).replace(escaped, name)
    text = re.sub(r"\bversion \d+\.\d+\.\d+", "version <version>", text)
    # the sum over the program's files is its version: it changes with every line of code
    text = re.sub(r'(`code`: `|"code": ")[0-9a-f]{64}', r"\1<version>", text)
    text = FACT.sub(r"\1\2<version>", text)
    text = re.sub(
        r'"(version|python|numpy|mesa|pydantic|sweep_sha256|record_sha256)": "[^"]*"',
        r'"\1": "<version>"',
        text,
    )
    return re.sub(r'"cpu_features": \[[^\]]*\]', '"cpu_features": "<features>"', text)


def joined(sections: Mapping[str, str]) -> str:
    """Return sections as one text: long ones as sketches, one seen before as a reference."""
    first: dict[str, str] = {}
    for name, text in sections.items():
        first.setdefault(text, name)
    shown = {
        name: shortened(text) if first[text] == name or len(text) < SHORT else f"= {first[text]}\n"
        for name, text in sections.items()
    }
    return "".join(f"=== {name}\n{text}" for name, text in shown.items())


def shortened(text: str) -> str:
    """Return a text as it is stored: whole, or a sketch of it."""
    if len(text) <= LONGEST:
        return text if text.endswith("\n") or not text else f"{text}[no end of line]\n"
    numbers = NUMBER.findall(DIGEST.sub("", text))
    values = [_value(number) for number in numbers]
    lines = text.splitlines()
    record = {
        "sketch of lines": len(lines),
        "numbers": len(numbers),
        "sha256": _sha256(text),
        "words": _sha256(_words(text))[:32],
        "sum of those up to 10": math.fsum(value for value in values if abs(value) <= 10.0),
        "some of them": str(values[:: len(values) // 60 + 1]),
        "first": [_words(line)[:160] for line in lines[:6]],
        "last": [_words(line)[:160] for line in lines[-3:]],
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _words(text: str) -> str:
    return NUMBER.sub("#", DIGEST.sub("#", text))


def _value(number: str) -> float:
    return float(number.replace("−", "-"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- comparing ------------------------------------------------------------------------------------


def here() -> dict[str, object]:
    """Return what the last digits depend on."""
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    packages = {name: version(name) for name in EXACT_ON}
    return {"machine": platform.machine(), "packages": packages, "cpu_features": list(simd)}


def exactly() -> bool:
    """Say whether the store was made with what is installed here: then every digit must agree."""
    return json.loads(MADE_WITH.read_text(encoding="utf-8")) == json.loads(json.dumps(here()))


def first_difference(stored: str, now: str, exact: bool) -> tuple[int, int] | None:
    """Return where two texts first differ, as a place in each, or ``None`` if they agree.

    If not exact, numbers may differ in their last digits, and digests at will.
    """
    if stored == now:
        return None
    if exact:
        pairs = enumerate(zip(stored, now, strict=False))
        place = next((n for n, (a, b) in pairs if a != b), min(len(stored), len(now)))
        return place, place
    theirs, ours = list(_tokens(stored)), list(_tokens(now))
    for (a, place, _), (b, here_, _) in zip(theirs, ours, strict=False):
        if a != b and not _close(a, b):
            return place, here_
    if len(theirs) == len(ours):
        return None
    n = min(len(theirs), len(ours)) - 1
    return theirs[n][2], ours[n][2]


TOKEN = re.compile(rf"{DIGEST.pattern}|{NUMBER.pattern}")


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the pieces of a text with their places: words and numbers in turn; digests blank."""
    start = 0
    for found in TOKEN.finditer(text):
        yield text[start : found.start()], start, found.start()
        blank = DIGEST.fullmatch(found[0]) is not None
        yield ("digest" if blank else found[0]), found.start(), found.end()
        start = found.end()
    yield text[start:], start, len(text)


def _close(one: str, other: str) -> bool:
    if not (NUMBER.fullmatch(one) and NUMBER.fullmatch(other)):
        return False
    return math.isclose(_value(one), _value(other), rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def told(stored: str, now: str, exact: bool) -> str | None:
    """Return in words where a text departs from the stored one, or ``None``."""
    places = first_difference(stored, now, exact)
    if places is None:
        return None
    then, this = places
    headings = ["", *re.findall(r"^=== (.*)$", now[: this + 1], flags=re.MULTILINE)]
    line = now.count("\n", 0, this) + 1
    return (
        f"differs first in: {headings[-1]} (line {line} of the text)\n"
        f"stored: …{stored[max(0, then - 120) : then + 120]!r}…\n"
        f"now:    …{now[max(0, this - 120) : this + 120]!r}…"
    )
