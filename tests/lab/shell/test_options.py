"""Options of the commands: bad ones are explained in one line."""

from __future__ import annotations

import re

import pytest

import two_chairs
from commands import files

pytestmark = pytest.mark.format


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["institution_shar=0.3"], ["institution_shar: unknown parameter; "
         "did you mean 'institution_share'?"]),
        (["µ_v=1"], ["µ_v: unknown parameter; did you mean 'μ_v'? ('µ' is MICRO SIGN)"]),
        (["χ=many"], ["χ=many: 'many' is not a number; write it as χ=0.5"]),
        (["χ", "=1"], ["χ: is not NAME=VALUE; write one such as negativity=1.5",
         "=1: is not NAME=VALUE; write one such as negativity=1.5"]),
        (["χ=nan", "fear=1e999"], ["χ=nan: nan is not a finite number; write one such as 0.5",
         "fear=1e999: 1e999 is not a finite number; write one such as 0.5"]),
        (["χ=0.3", "institution_share=0.3"], ["institution_share=0.3: 'institution_share' is set "
         "twice; keep one"]),
        (["χ=1.5", "fear=-1", "hazard_base=1e9"], [
            "institution_share: 1.5 is out of range; institution_share must be from 0 to 1",
            "fear: -1 is out of range; fear must be from 0 to 100",
            "hazard_base: 1e+09 is out of range; hazard_base must be from -100 to 100"]),
        (["w_sec=0.9"], ["weight_security: the domain weights sum to 1.45, not 1; set all of "
         "weight_security, weight_economy, weight_politics"]),
    ],
)  # fmt: skip
def test_a_bad_setting_is_explained(settings, expected, elsewhere):
    words = [word for setting in settings for word in ("--set", setting)]
    result = two_chairs("run", "--worlds", "2", *words)
    told = "".join(f"error: --set {line}\n" for line in expected)
    assert (result.exit_code, result.stderr) == (2, told)
    assert not files(elsewhere)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--worlds", "0"), ("run", "--worlds", "many"), ("run", "--worlds", "20001"),
        ("run", "--worlds", "nan"), ("run", "--seed", "-1"), ("run", "--world", "5"),
        ("run", "baseline", "article"), ("show",), ("check",),
    ],
)  # fmt: skip
def test_misuse_is_one_line(words, elsewhere):
    result = two_chairs(*words)
    assert result.exit_code == 2
    assert re.fullmatch(
        rf"error: two-chairs {words[0]}: .+; see 'two-chairs {words[0]} --help'\n", result.stderr
    )
    assert not files(elsewhere)


def test_an_unknown_command_is_one_line():
    result = two_chairs("rnu")
    assert result.exit_code == 2
    assert re.fullmatch(r"error: two-chairs: .*rnu.*; see 'two-chairs --help'\n", result.stderr)
