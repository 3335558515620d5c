"""CPU time of the live page from a change to the first answer, and to the whole one.

Run: python benchmarks/page.py [EVENT…]. Each event is switched off and on again, without a browser.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from two_chairs_lab.studies.view import panels

EVENTS = ("S03", "C02", "C03", "C07", "S20")
PAGE = Path(panels.__file__).with_name("page.py")


def main() -> None:
    """Print the CPU time of each change, and the medians."""
    events = sys.argv[1:] or EVENTS
    sys.argv = ["page.py", "baseline"]
    shown: list[float] = []
    whole = panels.what_happens

    def noted(*arguments: object) -> None:
        whole(*arguments)  # type: ignore[arg-type]
        shown.append(time.process_time())

    panels.TABS = {**panels.TABS, panels.HAPPENS: noted}
    panels.what_happens = noted
    page = AppTest.from_file(str(PAGE), default_timeout=600).run()
    firsts, alls = [], []
    for event in events:
        box = page.checkbox(key=f"on/{event}")
        box.set_value(not box.value)
        shown.clear()
        start = time.process_time()
        page.run()
        alls.append(time.process_time() - start)
        firsts.append(shown[0] - start)
        print(f"{event}: first answer {firsts[-1]:.2f} s, all worlds {alls[-1]:.2f} s")
    print(f"medians: {statistics.median(firsts):.2f} s and {statistics.median(alls):.2f} s of CPU")


if __name__ == "__main__":
    main()
