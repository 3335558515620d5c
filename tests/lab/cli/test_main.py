"""The command line starts light."""

from __future__ import annotations

import subprocess
import sys

import pytest

from commands import environment
from two_chairs.scenario.library import bundled_scenarios

pytestmark = pytest.mark.command


@pytest.mark.long
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


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_linear_algebra_has_one_thread_unless_asked_for_more(given, threads):
    name = "OPENBLAS_NUM_THREADS"
    code = f"import os, two_chairs_lab.cli; print(os.environ['{name}'])"
    usual = {key: value for key, value in environment().items() if key != name}
    done = subprocess.run(
        [sys.executable, "-c", code], env=usual | given, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == threads
    early = "import sys, two_chairs_lab; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", early], env=usual, check=True)
