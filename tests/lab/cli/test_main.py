"""The command line starts light."""

from __future__ import annotations

import subprocess
import sys

import pytest

from commands import environment
from two_chairs.scenario.library import bundled_scenarios

pytestmark = pytest.mark.command


def test_help_and_check_import_nothing_heavy():
    code = (
        "import sys\nfrom two_chairs_lab.cli import main\n"
        "try:\n    main({words}, standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        "heavy = {{'mesa', 'matplotlib', 'pandas', 'scipy'}} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    for words in (["--help"], ["list"], ["check", str(bundled_scenarios()["armenia/baseline"])]):
        command = [sys.executable, "-c", code.format(words=words)]
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
