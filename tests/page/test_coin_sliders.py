"""Sliders of biases and weights, without a browser."""

import pytest

from emlib import Coins
from emlib.page.coin_sliders import CoinSliders

THREE = Coins([0.2, 0.3, 0.5], [0.1, 0.504, 0.9])


def sliders_in(panel):
    return [[slider.description for slider in grid.children] for grid in panel.children]


def test_there_is_a_slider_for_every_bias_and_every_weight():
    panel = CoinSliders(lambda *what: None)
    assert sliders_in(panel) == [[], []] and panel.biases == panel.weights == []
    panel.show(THREE)
    assert sliders_in(panel) == [["bias 1", "bias 2", "bias 3"], ["weight 1", "weight 2", "weight 3"]]
    assert [slider.value for slider in panel.biases] == [0.1, 0.5, 0.9]
    assert [slider.value for slider in panel.weights] == [0.2, 0.3, 0.5]
    assert panel.children[0].layout.width == panel.children[1].layout.width == "100%"
    assert panel.children[0].layout.grid_template_columns.startswith("repeat(auto-fit")


def test_sliders_stay_when_the_coins_change():
    panel = CoinSliders(lambda *what: None)
    panel.show(THREE)
    once = list(panel.biases)
    panel.show(Coins([1], [0.25]))
    assert sliders_in(panel) == [["bias 1"], ["weight 1"]]
    assert panel.children[0].children == (once[0],) and panel.biases == once and once[0].value == 0.25
    children = panel.children[0].children
    panel.show(Coins([1], [0.75]))
    assert panel.children[0].children is children and once[0].value == 0.75
    panel.show(Coins([0.5, 0.5], [0.3, 0.4]))
    assert panel.children[0].children == tuple(once[:2]) and [slider.value for slider in once] == [0.3, 0.4, 0.9]


def test_weights_can_be_left_out():
    panel = CoinSliders(lambda *what: None, weights=False)
    panel.show(THREE)
    assert sliders_in(panel) == [["bias 1", "bias 2", "bias 3"]] and panel.weights == []


def test_it_tells_who_moves_and_hears_the_reader_alone():
    told = []
    panel = CoinSliders(lambda kind, coin, change: told.append((kind, coin, change["new"], panel.hears(coin))))
    assert not panel.hears(0)
    panel.show(THREE)
    assert told and not any(heard for *_, heard in told)  # what `show` does
    told.clear()
    panel.biases[1].value = 0.75
    panel.weights[2].value = 0.25
    assert told == [("bias", 1, 0.75, True), ("weight", 2, 0.25, True)]
    panel.show(Coins([0.5, 0.5], [0.75, 0.75]))
    told.clear()
    panel.biases[2].value = 0.3  # late news of a coin that has gone
    assert told == [("bias", 2, 0.3, False)] and panel.hears(1)


def test_after_an_error_the_reader_is_heard_again():
    panel = CoinSliders(lambda *what: None)
    panel.show(THREE)

    def broken(change):
        raise ArithmeticError("broken")

    panel.biases[0].observe(broken, "value")
    with pytest.raises(ArithmeticError, match="broken"):
        panel.show(Coins([0.2, 0.3, 0.5], [0.2, 0.5, 0.9]))
    assert panel.hears(0)
