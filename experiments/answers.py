"""Make the figures of docs/answers.md: run its commands, keep one figure of each.

    python experiments/answers.py [FOLDER] [NAME…]

FOLDER (by default results/answers) takes the whole results, NAME… makes some figures only. All of
them take some minutes, most of it the calibration.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "answers.md"
FIGURES = ROOT / "docs" / "figures" / "answers"
COLOURS = 128
"""Colours kept of a figure, to keep files small; the drawings have few."""


@dataclass(frozen=True)
class Figure:
    """One figure of the page.

    Attributes
    ----------
    command
        The command that draws it, without ``two-chairs`` and ``--out``.
    drawn
        Path of the figure in the folder that the command leaves.
    """

    command: str
    drawn: str


ANSWERS = {
    "where": Figure("run", "seats.png"),
    "why": Figure("explain --window 2020-01-06:2023-12-04 --fading own", "waterfall.png"),
    "what-if": Figure("compare baseline no-2020-war no-attacks", "paths.png"),
    "how-sure": Figure("sensitivity", "variance.png"),
    "where-it-falls": Figure("discover", "regions.png"),
    "claims": Figure("claim first-breaking-point", "paths.png"),
    "theories": Figure("theories", "theories.png"),
    "calibration": Figure(
        "calibrate experiments/plans/calibration.toml", "figures/predictive.png"
    ),
}
"""Name of a figure in docs/figures/answers → how it is made."""


def make(name: str, folder: Path) -> Path:
    """Run a figure's command and put the figure in its place; return where it is."""
    figure = ANSWERS[name]
    words = [sys.executable, "-m", "two_chairs_lab", *figure.command.split()]
    subprocess.run([*words, "--out", str(folder / name)], cwd=ROOT, check=True)
    target = FIGURES / f"{name}.png"
    FIGURES.mkdir(parents=True, exist_ok=True)
    with Image.open(folder / name / figure.drawn) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def main(words: list[str]) -> None:
    """Make the figures that are named, or all."""
    folder = Path(words[0] if words else "results/answers").resolve()
    for name in words[1:] or ANSWERS:
        path = make(name, folder)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
