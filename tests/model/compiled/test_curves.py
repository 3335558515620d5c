"""The functions that the compiled week brings: as good as NumPy's, alike on every machine."""

import ctypes
import subprocess

import numpy as np
import pytest

from two_chairs.compiled import library
from two_chairs.compiled.source import HEAD
from two_chairs.compiled.symbols import CURVES

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("compiler")]

UNITS = 3.0
"""Units in the last place by which one may differ from NumPy's."""
LOOP = """
EXPORT void {name}(int64_t n, const double *from, double *to)
{{
    for (int64_t k = 0; k < n; k += W) {{
        V v = v_{name}(load(from + k));
        memcpy(to + k, &v, sizeof v);
    }}
}}
"""
RANGES = {
    "tanh": (-25.0, 25.0), "arctanh": (-0.999999, 0.999999), "exp": (-700.0, 700.0),
    "exp2": (-900.0, 900.0), "log": (1e-300, 50.0), "cbrt": (-50.0, 50.0),
}  # fmt: skip
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5]


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    """Return the functions, over arrays of numbers."""
    folder = tmp_path_factory.mktemp("curves")
    source, built = folder / "curves.c", folder / "curves.so"
    text = HEAD.read_text(encoding="utf-8") + "".join(LOOP.format(name=name) for name in CURVES)
    source.write_text(text, encoding="utf-8")
    command = [*library.compiler_found()[:-1], *library.OPTIONS, str(source), "-o", str(built)]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(built))

    def call(name, numbers):
        given = np.array(numbers, dtype=float)
        found = np.empty_like(given)
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (given, found)]
        getattr(loaded, name)(ctypes.c_int64(len(given)), *pointers)
        return found

    return call


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_good_to_the_last_places(curves, name):
    rng = np.random.default_rng(3)
    numbers = rng.uniform(*RANGES[name], 2**12)
    if name in ("tanh", "log", "cbrt"):  # and where they are small
        small = numbers * 10.0 ** rng.uniform(-200.0, 0.0, numbers.size)
        numbers = np.concatenate([numbers, small[small > 1e-300] if name == "log" else small])
        numbers = numbers[: numbers.size // 8 * 8]
    wanted = getattr(np, name)(numbers)
    scale = np.maximum(np.abs(wanted), 1e-12 if name == "arctanh" else 1e-300)
    error = np.abs(curves(name, numbers) - wanted) / scale
    assert error.max() < (1e-11 if name == "arctanh" else UNITS * np.finfo(float).eps)


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_ends_as_numpy_says(curves, name):
    with np.errstate(all="ignore"):
        wanted = getattr(np, name)(SPECIAL)
    assert np.allclose(curves(name, SPECIAL), wanted, rtol=1e-15, atol=0, equal_nan=True)


def test_powers_of_two_are_exact(curves):
    whole = np.arange(-64.0, 64.0)
    assert np.array_equal(curves("exp2", whole), np.exp2(whole))
