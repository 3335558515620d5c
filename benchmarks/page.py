"""CPU time of the live page from a change to the first answer, and to the whole one.

Run: python benchmarks/page.py [EVENT…]. Each event is switched off and on again, then a slider is
moved and released, and an event added; without a browser, by NumPy and by the compiled week.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

from two_chairs.compiled.engine import VARIABLE
from two_chairs_lab.studies.view import panels

EVENTS = ("S03", "C02", "C03", "C07", "S20")
PAGE = Path(panels.__file__).with_name("page.py")
BACK = "released"
Change = tuple[str, Callable[[], object]]


def changes(page: AppTest, events: tuple[str, ...]) -> Iterator[Change]:
    """Yield changes by their names; each is made by what sets the controls."""
    for event in events:
        yield f"{event} off", page.checkbox(key=f"on/{event}").uncheck
        yield f"{event} on", page.checkbox(key=f"on/{event}").check
    slider = next(s for s in page.slider if str(s.key).startswith("parameter/"))
    yield f"{slider.key}", lambda: slider.set_value(slider.max)
    yield BACK, next(b for b in page.button if b.label == "Release").click
    page.selectbox(key="form/action").select_index(3)
    page.text_input(key="form/says").set_value("Something happened.")
    yield "an event added", next(b for b in page.button if b.label == "Add it").click


def main() -> None:
    """Print the CPU time of each change, and the medians, by each engine."""
    events = tuple(sys.argv[1:]) or EVENTS
    sys.argv = ["page.py", "baseline"]
    shown: list[float] = []
    whole = panels.what_happens

    def noted(*arguments: object) -> None:
        whole(*arguments)  # type: ignore[arg-type]
        shown.append(time.process_time())

    panels.TABS = {**panels.TABS, panels.HAPPENS: noted}
    panels.what_happens = noted
    for engine in ("numpy", "compiled"):
        os.environ[VARIABLE] = engine
        measure(engine, events, shown)


def measure(engine: str, events: tuple[str, ...], shown: list[float]) -> None:
    """Measure one engine; what is gone back to is remembered, and counts in no median."""
    page = AppTest.from_file(str(PAGE), default_timeout=600).run()
    firsts, alls = [], []
    for name, do in changes(page, events):
        do()
        shown.clear()
        start = time.process_time()
        page.run()
        first, whole = shown[0] - start, time.process_time() - start
        print(f"{engine}, {name}: first answer {first:.2f} s, whole {whole:.2f} s")
        if name != BACK and not name.endswith(" on"):
            firsts.append(first)
            alls.append(whole)
    for what, times in (("first answer", firsts), ("whole", alls)):
        print(f"{engine}, {what}: median {statistics.median(times):.2f} s, most {max(times):.2f} s")


if __name__ == "__main__":
    main()
