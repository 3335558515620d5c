"""Kills at random moments, full disks, vanished folders: what is done is kept, the end is the same.

The moments are seeded. `TWO_CHAIRS_KILLS=50` tries so many of them in the test of sweeps.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from builders import short_scenario
from commands import PLANS, environment, two_chairs

pytestmark = [pytest.mark.command, pytest.mark.slow, pytest.mark.usefixtures("elsewhere")]

KILLS = int(os.environ.get("TWO_CHAIRS_KILLS", "10"))
PATIENCE = 300
PLAN = """\
title = "t"
question = "?"
scenarios = ["short.toml"]
replicates = 1500
[ranges]
institution_share = { low = 0.2, high = 0.6, levels = 100 }
"""
SPLIT = """\
kind = "sensitivity"
title = "t"
question = "?"
scenario = "short.toml"
outcomes = ["tilt"]
points = 2048
"""
DISCOVERED = ("--where", "tilt@end < -0.5", "--replicates", "256", "--figures", "none")
LONG = {
    "sensitivity": ("sensitivity", "split.toml", "--figures", "none"),
    "discover": ("discover", "plan.toml", *DISCOVERED),
    "claim": ("claim", "threat-to-the-sphere", "--points", "512", "--figures", "none"),
    "calibrate": ("calibrate", "small.toml", "--figures", "none"),
}
SMALL = {"rows": 9000, "rival_rows": 64, "draws": 40, "tests": 20, "refine_below": 0,
         "least_effective": 0}  # fmt: skip


def furnish() -> None:
    """Write the files that the commands read."""
    short_scenario(Path())
    Path("plan.toml").write_text(PLAN)
    Path("split.toml").write_text(SPLIT)
    lines = (PLANS / "calibration.toml").read_text(encoding="utf-8").splitlines()
    for key, value in SMALL.items():
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[place] = f"{key} = {value}"
    text = "\n".join(lines).replace("worlds = 4000", "worlds = 16")
    Path("small.toml").write_text(text + "\n", encoding="utf-8")


def begun(words: Sequence[str], limit: int | None = None) -> subprocess.Popen[str]:
    """Start a command in a session of its own; ``limit`` is the size of the largest file."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "two_chairs_lab", *words], env=environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - no thread runs here
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command; return its exit code, output and errors, once its workers are gone."""
    out, err = process.communicate(timeout=PATIENCE)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return process.returncode, out, err
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError("workers are left behind")


def whole(words: Sequence[str]) -> tuple[dict[str, bytes], float]:
    """Return what a command leaves that nobody stops, and how long it took."""
    start = time.monotonic()
    code, _, err = ended(begun([*words, "--workers", "2", "--out", "whole"]))
    assert code == 0, err
    return content(Path("whole")), time.monotonic() - start


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by name; of manifests, what is not about how they were made."""
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
    manifest = json.loads(found["manifest.json"]) | {"made": None}
    return found | {"manifest.json": json.dumps(manifest, sort_keys=True).encode()}


def stop(process: subprocess.Popen[str], how: signal.Signals, luck: random.Random) -> str:
    """Send a signal: Ctrl-C to all, as a terminal does; others to the command or to a worker."""
    if how == signal.SIGINT:
        os.killpg(process.pid, how)
        return "all"
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")  # there is one on Linux
    with contextlib.suppress(OSError):
        workers = [
            int(number)
            for number in listed.read_text().split()
            if b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()
        ]
        if workers and luck.random() < 0.4:
            os.kill(luck.choice(workers), how)
            return "worker"
    process.send_signal(how)
    return "command"


def parts(folder: Path) -> dict[Path, int]:
    """Return the finished parts of a folder and when each was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.n[cp][z]*")}


def try_moment(words: Sequence[str], right: dict[str, bytes], seconds: float, number: int) -> None:
    """Stop a command at a moment, go on, and compare what it leaves at last."""
    luck = random.Random(f"{words[0]} {number}")
    folder = Path(f"stopped-{number}")
    process = begun([*words, "--workers", "2", "--out", str(folder)])
    moment, how = luck.uniform(0.0, seconds), luck.choice(list(SIGNALS))
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(moment)
    whom = stop(process, how, luck)
    code, _, err = ended(process)
    where = f"{number}: {how.name} to the {whom} after {moment:.2f} s, ends with {code}\n{err}"
    assert "Traceback" not in err or "import" in err, where
    assert whom != "worker" or code == 0, where
    kept = parts(folder)
    assert not [p for p in Path().glob(".*") if whom != "command" or how != signal.SIGKILL], where
    for left in Path().glob(f".{folder.name}-*"):
        shutil.rmtree(left)
    result = two_chairs(*words, "--out", folder, "--resume")
    assert result.exit_code == 0, where + result.stderr
    now = parts(folder)
    assert {path: now.get(path, kept[path]) for path in kept} == kept, where
    assert content(folder) == right, where
    shutil.rmtree(folder)


SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def test_a_sweep_stopped_at_any_moment_ends_the_same():
    furnish()
    words = ("sweep", "plan.toml")
    right, seconds = whole(words)
    for number in range(KILLS):
        try_moment(words, right, seconds, number)


@pytest.mark.parametrize("name", LONG)
def test_a_long_study_stopped_at_any_moment_ends_the_same(name):
    furnish()
    right, seconds = whole(LONG[name])
    for number in range(max(1, KILLS // 5)):
        try_moment(LONG[name], right, seconds, number)


def test_a_disk_that_fills_is_told_and_gone_on_with():
    furnish()
    words = ("sweep", "plan.toml", "--out", "out")
    code, _, err = ended(begun(words, limit=200_000))
    assert (code, len(err.splitlines())) == (2, 1), err
    assert err.startswith("error: --out out: ")
    assert two_chairs(*words, "--resume").exit_code == 0
    assert content(Path("out")) == whole(words[:2])[0]


def test_a_folder_that_vanishes_is_told():
    furnish()
    process = begun(["sweep", "plan.toml", "--out", "out", "--replicates", "20000"])
    while not list(Path("out", "parts").glob("*.nc")) and process.poll() is None:
        time.sleep(0.02)
    shutil.rmtree("out", ignore_errors=True)
    code, _, err = ended(process)
    assert (code, len(err.splitlines())) == (2, 1), err
    assert err.startswith("error: --out out: ")


def test_of_two_commands_on_one_folder_one_works_and_one_is_refused():
    furnish()
    words = ["sweep", "plan.toml", "--out", "out", "--resume"]
    both = [begun(words), begun(words)]
    ends = sorted(ended(process) for process in both)
    assert [code for code, _, _ in ends] in ([0, 2], [0, 0])  # the other may come when all is done
    for code, out, err in ends:
        if code == 2:
            assert out == ""
            assert (
                err
                == "error: --out out: another process works on it; wait or name another folder\n"
            )
    assert content(Path("out")) == whole(words[:2])[0]
