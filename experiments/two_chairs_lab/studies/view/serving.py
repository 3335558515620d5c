"""Serving the page on this machine alone."""

from __future__ import annotations

import os
import socket
import threading
import time
import webbrowser
from contextlib import closing
from pathlib import Path

from two_chairs.errors import InputError
from two_chairs.extras import require

HOST = "127.0.0.1"
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
    from streamlit.web import cli

    forget_settings()
    page = Path(__file__).with_name("page.py")
    cli.main(["run", str(page), *options(port), "--", name], standalone_mode=False)


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


def options(port: int) -> list[str]:
    """Return Streamlit's options; all others are as Streamlit has them."""
    settings = {
        "server.address": HOST,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.enableCORS": "true",
        "server.enableXsrfProtection": "true",
        "browser.serverAddress": HOST,
        "browser.gatherUsageStats": "false",
        "runner.magicEnabled": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "theme.base": "light",
        "theme.primaryColor": "#0072B2",
        "theme.textColor": "#1a1a1a",
    }
    return [f"--{name}={value}" for name, value in settings.items()]


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
