"""Every parameter is declared whole."""

from __future__ import annotations

import pytest

from two_chairs.parameters import PARAMETERS, SYMBOLS

pytestmark = pytest.mark.unit


def test_every_assumption_has_a_range_and_every_number_a_source():
    for info in PARAMETERS.values():
        assert info.unit, info.name
        assert info.meaning, info.name
        assert info.reference, info.name
        if info.follows is not None:
            assert info.default is None, info.name
            assert info.optional, info.name
            continue
        if info.default is None:
            assert info.source == "given"
            continue
        assert info.low <= info.default <= info.high, info.name
        if info.source == "assumption" and not (
            info.is_switched_off or info.name == "balance_drift"
        ):
            assert info.low < info.high, info.name


def test_every_symbol_names_one_parameter():
    """Else `--set` would fix another parameter than the one that was meant, without a word."""
    assert {SYMBOLS[info.symbol] for info in PARAMETERS.values()} == set(PARAMETERS)
