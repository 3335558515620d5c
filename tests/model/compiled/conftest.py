"""A folder of libraries of their own for the tests of compiled programs, and a compiler."""

import sys
from pathlib import Path

import pytest

from two_chairs.compiled import engine, library

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def libraries(tmp_path_factory):
    """Return a folder that starts empty."""
    return tmp_path_factory.mktemp("libraries")


@pytest.fixture(autouse=True)
def own_folder(libraries, monkeypatch):
    """Keep libraries there; nothing is known yet of engines that ran."""
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(libraries))
    monkeypatch.setattr(engine, "_used", set())
    monkeypatch.setattr(library, "_loaded", {})


@pytest.fixture
def compiler():
    """Skip where there is no C compiler."""
    if library.compiler_found() is None:
        pytest.skip("there is no C compiler")
