"""Libraries: programs compiled by the C compiler of the machine, and kept for the next time.

Nothing here stops a run. Where there is no compiler, or it fails, or takes too long, the answer is
`LibraryError`, and NumPy goes on as ever. Where the folder can not be written, nothing is kept.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import two_chairs
from two_chairs.scenario.records import Scenario
from two_chairs.world.simulation import Simulation

from .source import source_of
from .symbols import TraceError
from .tracing import known_parameters, trace

COMPILERS = ("cc", "gcc", "clang")
"""Looked for in this order, where the variable CC names none."""
OPTIONS = (
    "-O1", "-std=gnu11", "-w", "-shared", "-fPIC",
    "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math",
)  # fmt: skip
"""A higher level compiles half as long again and runs no faster; nothing may be fused."""
NATIVE = "-march=native"
SECONDS = 120.0
"""After which a compiler is given up."""
KEPT = 64
"""Libraries that are kept; the oldest are removed."""
ASIDE = ("title", "question", "note", "posterior", "parameters", "overrides", "expect", "targets",
         "observations", "evidence_until", "record_complete_to")  # fmt: skip
"""Parts of a scenario that no step depends on; parameters come with the worlds."""


class Library:
    """A program that has been compiled.

    Attributes
    ----------
    run
        `two_chairs_run` of the C text.
    plan
        What running it needs (`source.plan_of`).
    """

    def __init__(self, path: Path) -> None:
        loaded = ctypes.CDLL(str(path))
        loaded.two_chairs_plan.restype = ctypes.c_char_p
        self.plan: dict[str, Any] = json.loads(loaded.two_chairs_plan())
        self.run = loaded.two_chairs_run
        self.run.argtypes = [ctypes.c_int64] * 2 + [ctypes.c_void_p] * 5
        self.run.restype = None


class LibraryError(Exception):
    """A program can not be compiled here; says why."""


_loaded: dict[str, Library | LibraryError] = {}


def library_of(model: Simulation, names: Collection[str]) -> Library:
    """Return the compiled program of a model that has just been made.

    Parameters
    ----------
    model
        The model; it stays as it is.
    names
        Arrays of a run that are to be read.

    Raises
    ------
    LibraryError
        If there is no compiler, if it fails, or if a rule can not be traced.
    """
    compiler = compiler_found()
    if compiler is None:
        raise LibraryError("there is no C compiler here (cc, gcc or clang)")
    key = key_of(model, names, compiler)
    if key not in _loaded:
        try:
            _loaded[key] = _kept(key) or _made(key, model, names, compiler)
        except LibraryError as reason:
            _loaded[key] = reason
    found = _loaded[key]
    if isinstance(found, LibraryError):
        raise found
    return found


def key_of(model: Simulation, names: Collection[str], compiler: Compiler) -> str:
    """Return a digest of all that a library depends on.

    That is the program's own text, NumPy, the compiler and what it makes of this machine, the
    scenario, and which of its numbers come with the worlds.
    """
    case = {
        "program": program_digest(),
        "compiler": compiler,
        "scenario": _digest_of(model.resolved),
        "known": known_parameters(model),
        "given": [model.luck_varies, sorted(model.condition_values), sorted(model.turns)],
        "read": sorted(names),
    }
    return hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()[:32]


_digests: dict[int, tuple[Scenario, str]] = {}


def _digest_of(scenario: Scenario) -> str:
    """Return a digest of what steps depend on in a scenario; computed once for each."""
    if id(scenario) not in _digests:
        if len(_digests) >= KEPT:
            _digests.clear()
        text = scenario.model_dump_json(exclude=set(ASIDE))
        _digests[id(scenario)] = scenario, hashlib.sha256(text.encode()).hexdigest()
    return _digests[id(scenario)][1]


@cache
def program_digest() -> str:
    """Return a digest of the model's own files and of NumPy's version."""
    digest = hashlib.sha256(np.__version__.encode())
    folder = Path(two_chairs.__file__).parent
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.h")]):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


Compiler = tuple[str, ...]
"""The command of a compiler with its options, and a digest of what it says of the machine."""


def compiler_found() -> Compiler | None:
    """Return the C compiler of this machine, if it has one that works."""
    return _compiler(os.environ.get("CC", ""), os.environ.get("PATH", ""))


@lru_cache(maxsize=8)
def _compiler(named: str, path: str) -> Compiler | None:
    for words in [shlex.split(named)] if named.strip() else [[name] for name in COMPILERS]:
        found = shutil.which(words[0], path=path)
        for native in ([NATIVE], []) if found else ():
            command = [str(found), *words[1:], *native]
            described = _done([*command, "-dM", "-E", "-x", "c", "-"])
            if described is not None:
                return (*command, hashlib.sha256(described).hexdigest())
    return None


def _done(command: Sequence[str]) -> bytes | None:
    """Return what a command says; ``None`` if it fails or takes too long."""
    try:
        ran = subprocess.run(command, input=b"", capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout if ran.returncode == 0 else None


# --- what is kept --------------------------------------------------------------------------------


def cache_folder() -> Path:
    """Return the folder in which libraries are kept: ``TWO_CHAIRS_CACHE``, or the user's own."""
    named = os.environ.get("TWO_CHAIRS_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")
    return Path(base) / "two-chairs"


def _kept(key: str) -> Library | None:
    """Return a library that was kept; one that is damaged, or not the user's own, is not taken.

    The name of its file ends in the digest of its bytes.
    """
    for path in sorted(cache_folder().glob(f"{key}-*.so")):
        try:
            if _own(path.parent) and path.stem == _name(key, path.read_bytes()):
                return Library(path)
        except OSError:
            continue
    return None


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()[:32]}"


def _own(folder: Path) -> bool:
    """Say whether a folder is the user's, and nobody else can write to it."""
    if sys.platform == "win32":
        return True
    held = folder.stat()
    return held.st_uid == os.getuid() and not held.st_mode & 0o022


def _made(key: str, model: Simulation, names: Collection[str], compiler: Compiler) -> Library:
    """Trace, compile and load; keep the library, if that can be done."""
    try:
        text = source_of(trace(model, names))
    except TraceError as reason:
        raise LibraryError(f"the rules can not be compiled ({reason})") from reason
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        source, built = Path(work, "week.c"), Path(work, "week.so")
        source.write_text(text, encoding="utf-8")
        if _done([*compiler[:-1], *OPTIONS, str(source), "-o", str(built)]) is None:
            raise LibraryError(f"the C compiler fails ({compiler[0]})")
        try:
            return Library(_keep(key, built) or built)
        except OSError as reason:
            raise LibraryError(
                f"what the C compiler has made can not be loaded ({reason})"
            ) from reason


def _keep(key: str, built: Path) -> Path | None:
    """Move a library into the folder, whole or not at all; ``None`` if it can not be kept there.

    Another process may do the same at the same time: both have made the same.
    """
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(folder):
            return None
        place = folder / f"{_name(key, built.read_bytes())}.so"
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy:
            copy.write(built.read_bytes())
        os.replace(copy.name, place)
        old = sorted(folder.glob("*.so"), key=lambda path: path.stat().st_mtime)[:-KEPT]
        for path in old:
            path.unlink(missing_ok=True)
    except OSError:
        return None
    return place
