"""Make cases again: ``again.py scenario:1234``, or ``again.py --first 20000`` for so many."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import bench  # noqa: E402


def main(words: list[str]) -> int:
    """Try the cases named, or so many of every sort; print what is wrong with each."""
    names = words
    if words[0] == "--first":
        first, stop = (0, int(words[1])) if len(words) == 2 else (int(words[1]), int(words[2]))
        names = [*bench.numbers(stop)[first:], *(f"options:{n}" for n in range(first, stop, 5))]
    failed = 0
    with bench.furnished():
        for name in names:
            found = bench.try_options(name) if name.startswith("options:") else bench.try_file(name)
            if found:
                failed += 1
                sys.stdout.write(f"=== {name}: {found}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{len(names)} cases, {failed} failed\n")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
