"""The page on two codings of the decisions says what the two files say."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from two_chairs_lab.statistics.agreement import alpha, kappa

ROOT = Path(__file__).parents[2]
FIRST = ROOT / "scenarios" / "armenia" / "decisions.csv"
SECOND = ROOT / "docs" / "decisions-second-coder.csv"
PAGE = ROOT / "docs" / "agreement.md"

pytestmark = pytest.mark.docs


def choices(path: Path) -> dict[str, str]:
    """Return the choice of each row; the second coder wrote QUIET where the model says REFRAIN."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: row["chosen"].replace("QUIET", "REFRAIN") for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("row", ["ARM", "RUS", "WST", "AZE", ""])
def test_the_page_gives_the_agreement_of_the_files(row):
    first, second = choices(FIRST), choices(SECOND)
    assert first.keys() == second.keys()
    ids = [key for key in first if key.startswith(row)]
    one, other = [first[key] for key in ids], [second[key] for key in ids]
    same = sum(a == b for a, b in zip(one, other, strict=True))
    figures = f"{same} of {len(ids)} | {kappa(one, other):.2f} | {alpha([one, other]):.2f}"
    label = rf"\| [^|]*\({row}\)" if row else r"\| \*\*all\*\*"
    assert re.search(rf"^{label} \| {re.escape(figures)} ", PAGE.read_text("utf-8"), re.M)


def test_the_page_names_every_row_that_differs():
    first, second = choices(FIRST), choices(SECOND)
    text = PAGE.read_text("utf-8")
    assert all(key in text for key in first if first[key] != second[key])
