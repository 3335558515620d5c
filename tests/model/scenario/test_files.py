"""Files of draws: bad ones are refused in one line."""

from __future__ import annotations

import pytest

from commands import two_chairs

pytestmark = pytest.mark.format


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no draws; write it again with 'two-chairs calibrate'"),
        ("reception_gain\n", "has no draws; write it again with 'two-chairs calibrate'"),
        ("reception_gian\n1\n", "row 1: column 'reception_gian': unknown parameter; did you mean"),
        ("reception_gain,negativity\n1\n", "row 2: has 1 cells where the header has 2"),
        ("reception_gain\nmany\n", "row 2: 'many' is not a number; write the file again"),
        ("reception_gain\nnan\n", "row 2: reception_gain is nan; it must be from 0 to 100"),
        ("reception_gain\n-1\n", "row 2: reception_gain is -1; it must be from 0 to 100"),
        ("reception_gain,reception_gain\n1,1\n", "'reception_gain' stands already"),
    ],
)
def test_bad_draws_are_refused(text, message, tmp_path):
    (tmp_path / "draws.csv").write_text(text, encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        'title = "a"\nquestion = "b"\nextends = "baseline"\n[posterior]\nfile = "draws.csv"\n'
        'frozen = 2024-01-01\nsource = "me"\n',
        encoding="utf-8",
    )
    result = two_chairs("check", tmp_path / "own.toml")
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
