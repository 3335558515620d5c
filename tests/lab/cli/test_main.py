"""The command line starts light."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from commands import environment, refused, two_chairs
from two_chairs.scenario.library import bundled_scenarios
from two_chairs_lab.cli.main import main
from two_chairs_lab.cli.registry import COMMANDS

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


def options_of_one_value():
    """Return every option of every command that takes a single value, as one writes it."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        for option in command.params:
            one = isinstance(option, click.Option) and not option.multiple and not option.is_flag
            yield from [(name, option.opts[0], option.nargs)] if one else []


@pytest.mark.parametrize(("command", "option", "cells"), [*options_of_one_value()])
def test_an_option_of_one_value_is_given_one_value(command, option, cells, elsewhere):
    one, other = [option, *["1"] * cells], [option, *["2"] * cells]
    line = refused(command, *one, *other)
    assert line.startswith(f"error: {option}: is given more than once, as ")
    assert line.endswith("; keep one")
    assert two_chairs(command, *one, *one, "--help").exit_code == 0


def test_options_of_many_values_are_given_many_and_misuse_is_still_the_commands_own(elsewhere):
    assert two_chairs("run", "--set", "fear=1", "--set", "fear=2", "--help").exit_code == 0
    assert two_chairs("run", "--help", "--help").exit_code == 0
    assert refused("run", "--worlds").startswith("error: two-chairs run: ")
