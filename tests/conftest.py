"""Shared settings and fixtures of the tests."""

import gc
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from two_chairs.extras import remedy

HERE = Path(__file__).parent
WHOLE = {"docs": ("docs", "long"), "goldens": ("regression", "long")}
"""Folders whose files all bear the same marks, and need every optional package."""
OPTIONAL = ("SALib", "sklearn", "pyarrow", "xarray", "ema_workbench", "streamlit", "distributed")
NOT_QUICK = {"long", "slow", "browser"}
ALL_NOT_QUICK = re.compile(rf"^pytestmark = (\[[^]]*|.*)\bmark\.({'|'.join(NOT_QUICK)})\b", re.M)
"""In the text of a file: its tests are all not quick."""

sys.path.insert(0, str(HERE))

for profile, examples in (("default", 25), ("quick", 5)):
    settings.register_profile(
        profile,
        deadline=None,
        max_examples=examples,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )


def pytest_configure(config):
    """Try fewer examples of what holds for any input where the quick set is asked for."""
    settings.load_profile("quick" if quick(config) else "default")
    gc.set_threshold(20_000)  # most of what is made here stays: look for garbage less often


def quick(config) -> bool:
    return config.option.markexpr == "quick"


def pytest_ignore_collect(collection_path, config):
    """Do not even read a file, with all that it imports, of which the quick set has nothing."""
    if not quick(config) or collection_path.is_dir():
        return None
    whole = collection_path.relative_to(HERE).parts[0] in WHOLE
    text = "" if whole or collection_path.suffix != ".py" else collection_path.read_text("utf-8")
    return True if whole or ALL_NOT_QUICK.search(text) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what is quick, and skip with the reason what needs a package that is not there."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        for name in WHOLE.get(folder, ()):
            item.add_marker(name)
        if not NOT_QUICK & {mark.name for mark in item.iter_markers()}:
            item.add_marker("quick")
        needed = [name for mark in item.iter_markers("needs") for name in mark.args]
        for name in OPTIONAL if folder in WHOLE else needed:
            if find_spec(name) is None:
                reason = f"{name} is not installed ({remedy('dev')})"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Stand in an empty folder; gives its path."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch):
    """Draw no figure, or an empty one, where all that is asked is what stands beside it."""

    def leave(_, target, **__):
        file = Path(target) if isinstance(target, str | Path) else None
        write = file.write_text if file else target.write
        write('<svg viewBox="0 0 1 1"></svg>\n')

    monkeypatch.setattr("two_chairs_lab.shell.deliver._drawn", lambda *_: {})
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", leave)
