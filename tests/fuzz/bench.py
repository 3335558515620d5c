"""Good files and folders of results, one of which is spoilt at a time, and what must not happen.

A case is a kind of file and a number: the number seeds what is done to the file. So a case is made
again by its name, as in ``python tests/fuzz/again.py scenario:1234``.
"""

from __future__ import annotations

import contextlib
import random
import resource
import shutil
import signal
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from mutations import odd_words, spoilt

from commands import ROOT, two_chairs
from two_chairs_lab.engine import runner
from two_chairs_lab.studies.sweep import study as sweep_study

SECONDS, BEFORE_WORK = 2.0, 8.0
"""Seconds of processor time that a refusal, or a small piece of work, may take; and that a command
with good options may take before its worlds are run, as a study that draws its design does."""
ROOM = 500 * 2**20
"""Bytes of memory that may come on top."""
LETTERS = 400
LINES = 25
NO_LONGER = 1
"""What ``predict --check`` ends with where frozen predictions no longer follow."""
ARMENIA = ROOT / "scenarios" / "armenia"
QUIET = ("--worlds", "1", "--fixed", "--json")
SWEPT, RAN = "swept", "ran"


def _results(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the commands that read a folder of results."""
    return {
        SWEPT: (
            ("export", SWEPT, "--out", "export.csv"),
            ("replay", SWEPT, "--world", "0", "--json"),
            ("discover", SWEPT, "--where", "tilt@end < 9", "--json"),
            ("sweep", "plan.toml", "--out", SWEPT),
        ),
        RAN: (
            ("run", "valid/plain.toml", *QUIET[:-1], "--figures", "none", "--out", RAN),
            ("theories", "--from", RAN),
            ("explain", "valid/plain.toml", *QUIET, "--out", RAN, "--figures", "none"),
            ("plot", RAN),
        ),
    }[name]


KINDS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "scenario": ("valid/every-key.toml", (("check", "{}"), ("show", "{}", "--json"))),
    "plain": ("valid/plain.toml", (("check", "valid/every-key.toml"), ("check", "{}"))),
    "small": ("small.toml", (("run", "{}", *QUIET), ("explain", "{}", *QUIET))),
    "case": ("case.toml", (("check", "{}"), ("check", "valid/plain.toml"))),
    "own-case": ("valid/lone/case.toml", (("check", "{}"), ("new", "ledger", "n", "--case", "{}"))),
    "events": ("valid/events.csv", (("check", "{}"), ("check", "valid/plain.toml"))),
    "workbook": ("events.xlsx", (("check", "{}"), ("import", "{}", "--format", "ledger",
                                                   "--case", "case.toml", "--out", "i.csv"))),
    "map": ("map.csv", (("import", "events.csv", "--format", "ledger", "--map", "{}",
                         "--case", "case.toml", "--out", "i.csv"),)),
    "coded": ("events.csv", (("import", "{}", "--format", "gdelt", "--out", "i.csv"),
                             ("import", "{}", "--format", "icews", "--out", "i.csv"),
                             ("import", "{}", "--format", "polecat", "--out", "i.csv"),
                             ("agree", "{}", "valid/events.csv", "--json"))),
    "plan": ("plan.toml", (("check", "{}"),)),
    "sensitivity": ("sensitivity.toml", (("check", "{}"),)),
    "calibration": ("calibration.toml", (("check", "{}"),)),
    "claim": ("claim.toml", (("check", "{}"),)),
    "observations": ("observations.csv", (("check", "{}"), ("check", "case.toml"))),
    "decisions": ("decisions.csv", (("check", "{}"), ("check", "case.toml"))),
    "codebook": ("codebook.csv", (("check", "{}"), ("codebook", "war", "--case", "case.toml"))),
    "draws": ("drawn/posterior.csv", (("check", "drawn/main.toml"),)),
    "draws-record": ("drawn/posterior.json", (("check", "drawn/main.toml"),)),
    "predictions": ("predictions.json", (("predict", "--check", "{}"),
                                         ("score", "{}", "--against", "observations.csv"))),
    "swept-manifest": (f"{SWEPT}/manifest.json", _results(SWEPT)),
    "swept-part": (f"{SWEPT}/parts/part-000000.nc", _results(SWEPT)),
    "swept-table": (f"{SWEPT}/design.npy", _results(SWEPT)),
    "ran-manifest": (f"{RAN}/manifest.json", _results(RAN)),
    "ran-summary": (f"{RAN}/summary.json", (("report", RAN, "--out", RAN),)),
}  # fmt: skip
"""Kind → the file that is spoilt, and the commands that may meet it; ``{}`` is the file."""
OFTEN = {"scenario": 6, "events": 6, "case": 4, "plain": 3, "observations": 3, "decisions": 3,
         "codebook": 2, "coded": 2, "swept-manifest": 2, "draws": 2, "draws-record": 2}  # fmt: skip
"""How many cases of a kind there are to one of the others."""

SMALL = """\
title = "Small"
question = "What is small?"
case = "case.toml"
start = 2031-01-06
end = 2031-06-30
agents_act_from = 2031-06-09
events = ["events.csv"]

[[conditions]]
id = "war"
date = 2031-03-03
condition = "war_load"
value = 1
source = "invented"
"""
PLAN = """\
title = "A plan"
question = "What does it do?"
scenarios = ["small.toml"]
replicates = 2
outcomes = ["tilt@end", "regime:two-chairs@2031-05-05"]

[ranges]
fear = { low = 0.2, high = 0.6, levels = 2 }
"""
SENSITIVITY = """\
kind = "sensitivity"
title = "A split"
question = "Which part?"
scenario = "small.toml"
outcomes = ["tilt"]
dates = [2031-05-05]
points = 64
"""
DRAWN = """\
title = "Drawn"
question = "From draws?"
case = "../case.toml"
start = 2030-01-07
end = 2030-03-04

[posterior]
file = "posterior.csv"
frozen = 2030-01-01
source = "made up"
answers = []
"""
MAP = "code,means\nKRN,KRN\nvisit,visit\n"


def furnish(folder: Path) -> None:
    """Fill a folder with one good file of every kind, and with results."""
    here = ROOT / "tests" / "format"
    shutil.copy(here / "case.toml", folder)
    shutil.copytree(here / "valid", folder / "valid")
    for name in ("events", "observations", "decisions"):
        shutil.copy(here / "valid" / f"{name}.csv", folder)
    shutil.copy(here / "sheets" / "libreoffice.xlsx", folder / "events.xlsx")
    shutil.copy(ROOT / "scenarios" / "codebook.csv", folder)
    plan = (ARMENIA / "plans" / "calibration.toml").read_text()
    (folder / "calibration.toml").write_text(plan.replace('"baseline"', '"armenia/baseline"'))
    claim = (ARMENIA / "claims" / "threat-to-the-sphere.toml").read_text()
    (folder / "claim.toml").write_text('scenario = "armenia/baseline"\n' + claim)
    shutil.copy(ROOT / "docs" / "predictions-2023-12.json", folder / "predictions.json")
    (folder / "drawn").mkdir()
    shutil.copy(here / "invalid" / "fitted-to-nothing" / "posterior.csv", folder / "drawn")
    record = (here / "invalid" / "fitted-to-nothing" / "posterior.json").read_text()
    (folder / "drawn" / "posterior.json").write_text(record.replace('"a-poll-of-nobody"', ""))
    for name, text in (("small", SMALL), ("plan", PLAN), ("sensitivity", SENSITIVITY)):
        (folder / f"{name}.toml").write_text(text)
    (folder / "drawn" / "main.toml").write_text(DRAWN)
    (folder / "map.csv").write_text(MAP)
    for words in (
        ("sweep", "plan.toml", "--out", SWEPT),
        ("export", SWEPT, "--out", "right.csv"),
        ("run", "small.toml", "--worlds", "2", "--figures", "none", "--out", RAN),
    ):
        result = two_chairs(*words)
        assert result.exit_code == 0, (words, result.stderr)


class Begun(BaseException):
    """A command has read its options and files, and would run worlds now."""


class Overtime(BaseException):
    """A command took more than its share of time."""


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Allow what follows so much memory on top, and no more."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextlib.contextmanager
def _timed(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Overtime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def wrong(words: tuple[str, ...], seconds: float = SECONDS) -> str:
    """Give a command in the current folder; return what is wrong with how it ended, or nothing."""
    before = set(Path().rglob("*"))
    try:
        with limited(), _timed(seconds):
            result = two_chairs(*words)
    except Overtime:
        return f"takes more than {seconds} seconds\n{traceback.format_exc()[-1500:]}"
    except Begun:
        result = None
    except BaseException:
        return traceback.format_exc()[-3000:]
    new = {path for path in set(Path().rglob("*")) - before if path.name != ".lock"}
    found = ""
    if result is not None:
        found = _wrong_end(
            result.exit_code,
            result.stdout,
            result.stderr,
            new,
            checked=words.count("check") == 1 and len(words) > 2,
        )  # tells each file
    if result is not None and words[0] == "export" and result.exit_code == 0:
        same = Path("export.csv").read_bytes() == Path("right.csv").read_bytes()
        found = found or ("" if same else "exports other numbers without a word")
    for path in new:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return found


def _wrong_end(code: int, out: str, err: str, new: set[Path], *, checked: bool = False) -> str:
    lines = err.splitlines()
    errors = [line for line in lines if line.startswith("error: ")]
    if code == NO_LONGER and out and not errors:
        return ""
    if code not in (0, 2):
        return f"ends with {code}: {err[-500:]}"
    if any(not line.startswith(("error: ", "warning: ", "note: ")) for line in lines):
        return f"says something else on standard error: {err[-500:]}"
    if any(len(line) > LETTERS for line in lines) or len(errors) > LINES:
        return f"says too much: {max(map(len, lines))} letters, {len(errors)} errors: {err[:900]}"
    if code == 0:
        return f"ends well with an error: {errors[0]}" if errors else ""
    if not errors or (out and not checked) or new:
        return f"leaves {sorted(map(str, new))}, prints {out[:200]!r}, says {err[:500]}"
    for line in errors:
        place, mark, rest = line.removeprefix("error: ").partition(": ")
        if not (place.strip() and mark and (";" in rest or rest.endswith("add it"))):
            if not line.endswith("mend these first"):
                return f"lacks a place or a remedy: {line}"
    return ""


def numbers(count: int) -> list[str]:
    """Return the names of so many cases, kinds taken in turn as often as each is due."""
    round_ = [kind for kind in KINDS for _ in range(OFTEN.get(kind, 1))]
    return [f"{round_[n % len(round_)]}:{n}" for n in range(count)]


def try_file(name: str) -> str:
    """Spoil a file as a case says, give a command that meets it; return what is wrong with it."""
    kind = name.partition(":")[0]
    luck = random.Random(name)
    file, commands = KINDS[kind]
    good = Path(file).read_bytes()
    words = tuple(word.replace("{}", file) for word in luck.choice(commands))
    try:
        Path(file).write_bytes(spoilt(good, luck))
        found = wrong(words)
        return found and f"two-chairs {' '.join(words)}\n{found}"
    finally:
        Path(file).write_bytes(good)


def try_options(name: str) -> str:
    """Give a command with options as a case says; return what is wrong with its end, or nothing.

    A command whose options are good is stopped where its worlds would be run.
    """

    def begin(*_: object, **__: object) -> None:
        raise Begun

    words = odd_words(random.Random(name))
    with patch.object(runner, "execute", begin), patch.object(sweep_study, "execute", begin):
        found = wrong(words, BEFORE_WORK)
    return found and f"two-chairs {words}\n{found}"


@contextlib.contextmanager
def furnished() -> Iterator[Path]:
    """Stand in a new folder of good files; temporary ones of the program go below it, too."""
    temporary = tempfile.TemporaryDirectory(prefix="two-chairs-fuzz-")
    with temporary as folder, contextlib.chdir(folder):
        furnish(Path())
        yield Path(folder)
