"""All kinds of tie: a file each."""

from __future__ import annotations

from typing import get_args

import pytest

from ties import CASE
from two_chairs.institutions.ties import KINDS

pytestmark = pytest.mark.unit


def test_a_kind_of_tie_is_a_file_of_its_name():
    kinds = [get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS]
    assert len(set(kinds)) == len(kinds) == 5
    files = [kind.__module__.rpartition(".")[2] for kind in KINDS]
    assert files == [name.replace("-", "_") for name in kinds]
    assert all(type(tie) in KINDS for tie in CASE.institutions)
