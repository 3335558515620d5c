"""The page is served as it says, whatever the user has set for pages of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from commands import environment
from two_chairs_lab.studies.view.serving import REFUSAL, OwnPageOnly, answers, free_port

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


def answered(kind: str, port: int = 8501, **headers: str) -> str:
    """Return what the guard lets a request of these headers meet."""
    sent: list[dict] = []

    async def page(scope, receive, send):
        sent.append({"type": "page"})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.request"}

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "headers": pairs, "method": "GET", "path": "/"}
    asyncio.run(OwnPageOnly(page, port)(scope, receive, send))
    first = sent[0]
    if first["type"] == "http.response.start":
        assert sent[1]["body"].decode() == REFUSAL
    return {"page": "page", "websocket.close": "refused"}.get(
        first["type"], str(first.get("status"))
    )


def test_the_page_answers_to_its_own_name_and_to_itself_alone():
    own = {"host": "127.0.0.1:8501", "origin": "http://localhost:8501"}
    assert answered("http", host="localhost:8501") == "page"
    assert answered("http", **own) == answered("websocket", **own) == "page"
    assert answered("http", port=80, host="localhost") == "page"
    foreign = {"host": "rebound.example:8501", "origin": "http://rebound.example:8501"}
    assert answered("http", **foreign) == "403"
    assert answered("websocket", **foreign) == "refused"
    for changed in (
        {"host": "127.0.0.1:8502"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:8501.rebound.example"},
        {"origin": "http://rebound.example"},
        {"origin": "https://127.0.0.1:8501"},
        {"origin": "null"},
    ):
        assert answered("websocket", **(own | changed)) == "refused"
    assert answered("websocket", origin="http://localhost:8501") == "refused"


def test_a_page_is_served_guarded_and_ends_with_ctrl_c(tmp_path):
    port = free_port()
    words = [sys.executable, "-m", "two_chairs_lab", "view", "--no-browser", "--port", str(port)]
    served = subprocess.Popen(words, env=environment() | {"HOME": str(tmp_path)}, cwd=tmp_path)
    try:
        while not answers(port):
            assert served.poll() is None
            time.sleep(0.2)
        assert status(port, f"127.0.0.1:{port}") == 200
        assert status(port, f"rebound.example:{port}") == 403
        os.kill(served.pid, signal.SIGINT)
        assert served.wait(60) == 0
    finally:
        served.kill()


def status(port: int, host: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as asked:
        asked.request("GET", "/", headers={"Host": host})
        return asked.getresponse().status
