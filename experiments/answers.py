"""Make the figures of docs/answers.md: run its commands, keep one figure of each.

    python experiments/answers.py [FOLDER]

FOLDER (by default results/answers) takes the whole results; what it holds already is not made
again. All take tens of minutes on one core.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs" / "figures" / "answers"
COLOURS = 256
"""Colours kept of a figure, to keep files small; the drawings have few."""


@dataclass(frozen=True)
class Figure:
    """One figure of the page.

    Attributes
    ----------
    command
        The command that draws it, as the page shows it, without ``two-chairs``.
    drawn
        Path of the figure in the folder that the command leaves.
    """

    command: str
    drawn: str


CALIBRATE = "calibrate calibration"
SURVIVES = "two-chairs-survives"
ANSWERS = {
    "where": Figure("run", "seats.png"),
    "why": Figure("explain --window 2020-01-06:2023-12-04 --fading own", "waterfall.png"),
    "what-if": Figure("compare baseline no-2020-war no-attacks", "paths.png"),
    "how-sure": Figure("sensitivity", "variance.png"),
    "where-it-falls": Figure(
        f"discover {SURVIVES} --where 'regime:two-chairs@end < 0.5'", "regions.png"
    ),
    "claims": Figure("claim first-breaking-point", "paths.png"),
    "theories": Figure("theories", "theories.png"),
    "calibration": Figure(CALIBRATE, "figures/posterior.png"),
    "recovery": Figure(CALIBRATE, "figures/predictive.png"),
}
"""Name of a figure in docs/figures/answers → how it is made."""


def results_of(figure: Figure, folder: Path) -> Path:
    """Return the folder of a figure's results; run its command if it is not there."""
    found = folder / figure.command.split()[0]
    if not found.is_dir():
        words = [sys.executable, "-m", "two_chairs_lab", *shlex.split(figure.command)]
        alike = [one.drawn for one in ANSWERS.values() if one.command == figure.command]
        drawn = ",".join(Path(name).stem for name in alike)
        subprocess.run([*words, "--out", str(found), "--figures", drawn], cwd=ROOT, check=True)
    return found


def keep(name: str, drawn: Path) -> Path:
    """Put a figure in its place in few colours; return where it is."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    target = FIGURES / f"{name}.png"
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def main(folder: Path) -> None:
    """Make all figures."""
    for name, figure in ANSWERS.items():
        path = keep(name, results_of(figure, folder) / figure.drawn)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/answers").resolve())
