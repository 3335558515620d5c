"""Figures of a sweep: what is so or not is drawn as a share, in panels that share their axes."""

from __future__ import annotations

import numpy as np
import pytest

from builders import bundled
from two_chairs_lab.studies.sweep.figures import Swept, draw

pytestmark = pytest.mark.unit

LEVELS, WORLDS = np.array([0.2, 0.4, 0.6]), 8
SHARES = (0.25, 0.75, 1.0)
SO = "regime:two-chairs@end"


def swept(worlds: int = WORLDS, *, scenarios: int = 1, more: int = 0) -> Swept:
    """Return a sweep over three levels, in which a quarter, three quarters and all are so."""
    level = np.repeat(np.arange(3), worlds)
    so = (np.tile(np.arange(worlds), 3) < np.repeat(SHARES, worlds) * worlds).astype(float)
    inputs = {"institution_share": LEVELS}
    inputs |= dict.fromkeys(("fear", "negativity")[:more], LEVELS[::-1])
    return Swept(
        "A sweep", "Conditional. Not a forecast.", tuple(f"S{n}" for n in range(scenarios)), inputs,
        {SO: np.tile(so, scenarios), "tilt@end": np.tile(so - 0.5, scenarios)},
        np.repeat(np.arange(scenarios), len(so)), np.tile(level, scenarios), bundled().case,
    )  # fmt: skip


def test_a_yes_or_no_over_one_input_is_its_share_with_the_interval_of_the_share():
    axes = draw(swept(), [SO], [])[SO].axes[0]
    assert axes.lines[0].get_ydata().tolist() == list(SHARES)
    ends = axes.collections[0].get_paths()[0].vertices[:, 1]
    squared = 1.6448536**2
    middle = (0.25 + squared / 16) / (1 + squared / 8)
    reach = np.sqrt(squared * (0.25 * 0.75 / 8 + squared / 256)) / (1 + squared / 8)
    for end in (middle - reach, middle + reach):
        assert np.isclose(ends, end, atol=1e-6).any()
    assert axes.get_ylabel() == "share of worlds"


def test_a_number_is_still_drawn_by_its_median():
    axes = draw(swept(), ["tilt@end"], [])["tilt@end"].axes[0]
    assert axes.lines[0].get_ydata().tolist() == [-0.5, 0.5, 0.5]


def test_one_world_at_a_level_has_no_band():
    figure = draw(swept(1), [SO], [])[SO]
    assert not figure.axes[0].collections
    assert "A single world" in figure.texts[1].get_text()


def test_panels_of_scenarios_share_their_axes():
    for outcome in (SO, "tilt@end"):
        one, other = draw(swept(scenarios=2), [outcome], [])[outcome].axes
        assert other in one.get_shared_y_axes().get_siblings(one)
        assert other in one.get_shared_x_axes().get_siblings(one)


def test_a_map_of_yes_and_no_spans_none_to_all_and_names_its_cells():
    figure = draw(swept(more=1), [SO], [])[SO]
    mesh, axes = figure.axes[0].collections[0], figure.axes[0]
    assert mesh.get_clim() == (0.0, 1.0)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0.2", "0.4", "0.6"]
    assert axes.get_xticks().tolist() == [0, 1, 2]  # the middles of the cells


def test_a_scatter_of_yes_and_no_shows_shares_and_no_dots():
    figure = draw(swept(more=2), [SO], [])[SO]
    assert all(len(axes.lines) == 1 for axes in figure.axes)
    assert figure.axes[0].lines[0].get_ydata().tolist() == list(SHARES)


def test_no_identifier_stands_on_a_figure():
    for figure in draw(swept(), [], []).values():
        texts = [figure._suptitle.get_text(), *(t.get_text() for t in figure.texts)]
        texts += [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
        assert not any(mark in text for text in texts for mark in ("@", "_", "regime:", "χ"))
