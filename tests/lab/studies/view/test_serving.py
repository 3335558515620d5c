"""The page is served as it says, whatever the user has set for pages of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from commands import environment

pytestmark = [pytest.mark.command, pytest.mark.long, pytest.mark.needs("streamlit")]

ASK = (
    "from two_chairs_lab.studies.view.serving import forget_settings\n"
    "forget_settings()\n"
    "from streamlit import config\n"
    "for name in ('baseUrlPath', 'maxUploadSize'):\n"
    "    print(repr(config.get_option(f'server.{name}')))\n"
)


def test_settings_of_the_user_do_not_count(tmp_path):
    own = tmp_path / ".streamlit"
    own.mkdir()
    (own / "config.toml").write_text('[server]\nbaseUrlPath = "lab"\n', encoding="utf-8")
    theirs = {"HOME": str(tmp_path), "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "7"}
    ended = subprocess.run(
        [sys.executable, "-c", ASK], env=environment() | theirs, cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout.split() == ["''", "200"]
