"""Serving the page on this machine alone, to itself alone."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import webbrowser
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from two_chairs.errors import InputError
from two_chairs.extras import require

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
HTTP = 80
"""The port that browsers leave out of a page's name."""

REFUSAL = "This page answers to its own address alone; open the address that two-chairs printed.\n"

PATIENCE = 30.0
"""Seconds that the browser waits for the page to be there."""


def serve(name: str, port: int, browser: bool) -> None:
    """Serve the page until it is interrupted.

    It listens on the loopback address only, sends no usage statistics and asks for nothing from
    outside.

    Raises
    ------
    InputError
        If Streamlit is not installed or the port is taken.
    """
    require("streamlit", "view", "two-chairs view")
    refuse_taken(port)
    if browser:
        threading.Thread(target=_open_when_there, args=(port,), daemon=True).start()
    import streamlit
    from starlette.middleware import Middleware

    from .runs import PROGRAMS

    forget_settings()
    PROGRAMS.begun = True
    page = Path(__file__).with_name("page.py")
    sys.argv = [str(page), name]
    guarded = [Middleware(OwnPageOnly, port=port)]
    with suppress(KeyboardInterrupt):
        streamlit.App(page, middleware=guarded).run(config=options(port))


class OwnPageOnly:
    """Refuse every request that does not come to this page by its own name, from itself.

    A page of another site may lead its own name to this machine (DNS rebinding). Its requests then
    reach this server, but they carry that name as `Host`, and that site as `Origin`.

    Parameters
    ----------
    app
        The ASGI application that is guarded.
    port
        The port of the page.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        if port == HTTP:
            self.hosts |= {HOST, "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request of the page's own on, and answer any other with 403."""
        if scope["type"] == "lifespan" or self._is_own(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse(REFUSAL, status_code=403)(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        given = [
            (name.lower(), value.decode("latin-1").lower()) for name, value in scope["headers"]
        ]
        hosts = [value for name, value in given if name == b"host"]
        origins = [value for name, value in given if name == b"origin"]
        known = len(hosts) == 1 and hosts[0] in self.hosts
        return known and all(o.removeprefix("http://") in self.hosts for o in origins)


def forget_settings() -> None:
    """Let Streamlit read no settings of the user's own: no files, no variables.

    A base path, a certificate or a theme of another page of theirs would change this one, or where
    it is found.
    """
    from streamlit import config

    def none(file_name: str) -> list[str]:  # noqa: ARG001
        return []

    config.get_config_files = none
    for name in [name for name in os.environ if name.startswith("STREAMLIT_")]:
        del os.environ[name]


def options(port: int) -> dict[str, object]:
    """Return Streamlit's options; all others are as Streamlit has them."""
    return {
        "server.address": HOST,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "browser.serverAddress": HOST,
        "browser.gatherUsageStats": False,
        "runner.magicEnabled": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "theme.base": "light",
        "theme.primaryColor": "#0072B2",
        "theme.textColor": "#1a1a1a",
    }


def refuse_taken(port: int) -> None:
    """Say in one line that a port is taken, and which one is free."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            text = f"is taken or not allowed; try --port {free_port()}"
            raise InputError.at(f"--port {port}", text) from None


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Say whether something listens on a port of the loopback address."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def _open_when_there(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answers(port):
            webbrowser.open(f"http://{HOST}:{port}")
            return
        time.sleep(0.2)
