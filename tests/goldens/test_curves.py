"""No curve of any bundled scenario moves unless it is meant to; what moved is told."""

from __future__ import annotations

import pytest

from goldens.curves import ROOT, write_curves
from goldens.keeping import exactly
from two_chairs_lab.studies.changes.study import compare_versions

pytestmark = [pytest.mark.regression, pytest.mark.slow]


def test_no_curve_has_moved(tmp_path):
    write_curves(tmp_path)
    found = compare_versions(ROOT, tmp_path)
    allowed = 0.0 if exactly() else 1e-6
    told = "\n".join(found.sentences())
    assert not found.changes[0].part > allowed, (
        f"{told}\nsee all of it with: two-chairs changes {ROOT} {tmp_path}; "
        "if it is meant: python tests/goldens/curves.py"
    )
    assert found.only == ((), ()), told
