"""Every command that runs worlds writes the same, here, in local processes and on a cluster."""

from __future__ import annotations

from contextlib import ExitStack
from unittest import mock

import pytest

from goldens.keeping import trace

pytestmark = pytest.mark.slow

COMMANDS = (
    "run short.toml --worlds 600",
    "explain short.toml --worlds 520",
    "compare short.toml calm.toml --worlds 600",
    "compare short.toml --drop-each --worlds 6",
    "sweep grid.toml",
    "sensitivity variance.toml",
    "discover space.toml --where 'tilt@end < -0.37' --scenario short --points 64 --replicates 2",
    "claim claim-never.toml --points 40 --replicates 3",
    "calibrate polls.toml",
    "predict polls.toml --worlds 520",
    "theories polls.toml --rows 64 --worlds 4",
    "report short.toml --worlds 6",
)
"""A command of every study that runs worlds."""


def written(command: str, more: str, folder) -> str:
    """Return all that a command leaves, which is not told where the work was done."""
    with ExitStack() as stack:
        for room in ("results.manifest", "studies.report.provenance"):
            stack.enter_context(
                mock.patch(f"two_chairs_lab.{room}.command_line", return_value=["two-chairs"])
            )
        text = trace([f"{command} {more}".rstrip()], folder)
    return text.replace(f" {more}", "") if more else text


@pytest.fixture(scope="module")
def plainly(tmp_path_factory):
    """Give what a command leaves without workers; each is run once."""
    known: dict[str, str] = {}

    def plain(command: str) -> str:
        if command not in known:
            known[command] = written(command, "", tmp_path_factory.mktemp("plain") / "here")
        return known[command]

    return plain


@pytest.mark.parametrize("command", COMMANDS)
def test_two_workers_write_the_same(command, plainly, tmp_path):
    assert written(command, "--workers 2", tmp_path / "here") == plainly(command)


@pytest.fixture(scope="module")
def scheduler():
    """Give the address of a Dask cluster of two processes."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cluster_writes_the_same(command, plainly, scheduler, tmp_path):
    assert written(command, f"--dask {scheduler}", tmp_path / "here") == plainly(command)
