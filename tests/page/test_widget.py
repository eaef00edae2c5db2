"""What the widgets share."""

import ipywidgets
import pytest

import emlib
from emlib.models import IncomeGroups
from emlib.page import widget
from emlib.page.picture import COLOURS, Picture, new_figure
from emlib.page.widget import probability_slider
from emlib.widgets import AddACoin, Bound, Explorer, KnownAges, Landscape, Progress, Switch


def test_a_probability_slider_has_the_colour_of_its_coin_and_says_which_moved():
    heard = []
    slider = probability_slider(2, "weight 3", lambda *what: heard.append(what))
    assert (slider.min, slider.max, slider.step, slider.readout_format) == (0, 1, pytest.approx(0.01), ".2f")
    assert slider.description == "weight 3" and slider.style.handle_color == COLOURS[2]
    assert slider.layout.width == "100%" and not heard
    slider.value = 0.25
    assert [(coin, change["name"], change["new"]) for coin, change in heard] == [(2, "value", 0.25)]


TWO = emlib.Coins([0.5, 0.5], [0.3, 0.35])
A = emlib.BinomialMixture(emlib.data.A)
GROUPS = IncomeGroups([1 / 3, 1 / 3, 1 / 3], [20, 30, 40], 0.15)


def switch():
    figure = new_figure()
    return Switch({"one": Picture(figure, "one"), "two": Picture(figure, "two")})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Explorer(iterations=1),
        lambda: Landscape(A, TWO),
        lambda: Bound(A, TWO),
        lambda: KnownAges(GROUPS, {"a start": GROUPS}, people=20),
        lambda: AddACoin(A),
        lambda: Progress("work"),
        switch,
    ],
)
def test_a_cell_run_again_leaves_nothing_behind(make, monkeypatch):
    alive, cell = [], object()
    for run in range(3):
        monkeypatch.setattr(widget, "running_cell", lambda run=run: (cell, run))
        make()._repr_mimebundle_()
        alive.append(len(ipywidgets.widgets.widget._instances))
    assert alive[0] == alive[1] == alive[2]
