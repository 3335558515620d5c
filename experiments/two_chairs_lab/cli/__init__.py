"""The command line ``two-chairs``.

Its matrices are small: threads of linear algebra would wait for each other most of their time, and
would take the cores of workers. So there is one, unless the environment says how many.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded

from .main import main

__all__ = ["main"]
