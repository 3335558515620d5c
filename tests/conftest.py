"""Shared settings and fixtures of the tests."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "default",
    deadline=None,
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("default")


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Stand in an empty folder; gives its path."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
