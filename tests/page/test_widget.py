"""What the widgets share."""

import pytest

from emlib.page.picture import COLOURS
from emlib.page.widget import probability_slider


def test_a_probability_slider_has_the_colour_of_its_coin_and_says_which_moved():
    heard = []
    slider = probability_slider(2, "weight 3", lambda *what: heard.append(what))
    assert (slider.min, slider.max, slider.step, slider.readout_format) == (0, 1, pytest.approx(0.01), ".2f")
    assert slider.description == "weight 3" and slider.style.handle_color == COLOURS[2]
    assert slider.layout.width == "100%" and not heard
    slider.value = 0.25
    assert [(coin, change["name"], change["new"]) for coin, change in heard] == [(2, "value", 0.25)]
