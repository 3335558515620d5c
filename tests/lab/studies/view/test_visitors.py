"""Visitors come and go, and what the page keeps of one who has left is little and bounded."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands import environment
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.studies.view.serving import answers, free_port
from two_chairs_lab.studies.view.session import Session

pytestmark = [
    pytest.mark.command, pytest.mark.slow, pytest.mark.needs("streamlit"),
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]  # fmt: skip

VISITORS = 100
MOST_EACH = 3.0
"""MiB that a visitor who has left may cost; 1 of them is the scenario that they looked at."""


def memory(process: int) -> float:
    """Return the memory of a process, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def visit(port: int) -> None:
    """Open the page, wait until it is drawn, and leave."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    address = f"127.0.0.1:{port}"
    asked, said = BackMsg(), ForwardMsg()
    asked.rerun_script.query_string = ""
    with connect(
        f"ws://{address}/_stcore/stream", origin=f"http://{address}", subprotocols=["streamlit"],
        max_size=None,
    ) as page:  # fmt: skip
        page.send(asked.SerializeToString())
        while said.WhichOneof("type") != "script_finished":
            said.ParseFromString(page.recv(timeout=300))
            assert not said.delta.new_element.HasField("exception")
    assert said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def test_a_hundred_visitors_are_served_and_leave_little(tmp_path):
    port = free_port()
    words = [sys.executable, "-m", "two_chairs_lab", "view", "--no-browser", "--port", str(port)]
    served = subprocess.Popen(
        words, env=environment() | {"HOME": str(tmp_path)}, cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not answers(port):
            assert served.poll() is None
            time.sleep(0.2)
        for _ in range(10):
            visit(port)
        before = memory(served.pid)
        for _ in range(VISITORS):
            visit(port)
        assert memory(served.pid) - before < VISITORS * MOST_EACH
    finally:
        served.kill()
        served.wait()


def test_two_who_look_at_a_scenario_share_the_draws_of_its_posterior():
    one, other = Session.of("baseline"), Session.of("baseline")
    rows = one.scenario.posterior.rows
    assert len(rows) > 1000
    for scenario in (one.now.base.scenario, other.scenario, load_scenario("article")):
        assert scenario.posterior.rows[0] is rows[0]
