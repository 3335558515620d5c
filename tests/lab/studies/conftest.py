"""A real page in a real browser, or the reason why there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

from commands import environment
from two_chairs.extras import remedy

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--disable-quic",
)  # fmt: skip


def why_not() -> str:
    """Say what is missing for these tests, nothing if all is there."""
    for package in ("playwright", "streamlit"):
        if find_spec(package) is None:
            return f"{package} is not installed ({remedy('dev')})"
    if not any(map(shutil.which, BROWSERS)):
        return "no Chromium on this machine (Debian: apt-get install chromium)"
    return ""


def pytest_collection_modifyitems(items):
    reason = why_not()
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=[*QUIET, *(["--no-sandbox"] if root else [])]
        )
        yield opened
        opened.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve the page from an empty folder; gives its port, folder and process."""
    folder, port = tmp_path_factory.mktemp("a folder"), free_port()
    env = environment() | {"HOME": str(folder)}
    words = ["-m", "two_chairs_lab", "view", "baseline", "--no-browser", "--port", str(port)]
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, *words], cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        for _ in range(240):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.25)
        yield port, folder, process
    finally:
        process.terminate()
        process.wait(20)
        log.close()
