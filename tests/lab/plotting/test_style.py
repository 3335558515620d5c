"""The style of all figures: theirs, not the user's."""

from __future__ import annotations

import io

import matplotlib as mpl
import pytest

from two_chairs_lab.plotting.style import new_figure, save, styled

pytestmark = pytest.mark.unit


def drawn(text="plain"):
    figure = new_figure(3, 2)
    axes = figure.subplots()
    axes.plot([0, 1])
    axes.set_title(text)
    return figure


@pytest.mark.long
def test_settings_of_the_user_change_no_figure(tmp_path):
    def picture(name):
        with styled():
            figure = drawn()
        save({name: figure}, tmp_path, ("png",))
        return (tmp_path / f"{name}.png").read_bytes()

    plain = picture("plain")
    theirs = {"text.usetex": True, "axes.labelcolor": "white", "figure.facecolor": "black",
              "lines.linewidth": 9, "axes.prop_cycle": mpl.cycler(color="r")}  # fmt: skip
    with mpl.rc_context(theirs):
        assert picture("theirs") == plain
        assert mpl.rcParams["text.usetex"]


@pytest.mark.long
@pytest.mark.parametrize("text", ["$65m and $32m", r"\frac{", "{a}_b^c", "<b>&amp;"])
def test_text_is_text(text):
    with styled():
        figure = drawn(text)
        assert not figure.axes[0].title.get_parse_math()
        figure.savefig(io.BytesIO(), format="png")
