"""Sliders for the biases and the weights of some coins."""

from functools import partial

import ipywidgets as widgets

from ..words import mark, tr
from .widget import probability_slider

NAMES = {"bias": mark("bias {coin}"), "weight": mark("weight {coin}")}
GRID = {
    "grid_template_columns": "repeat(auto-fit, minmax(260px, 1fr))",
    "grid_gap": "0 12px",
    "width": "100%",
    "overflow": "visible",
}


class CoinSliders(widgets.VBox):
    """A slider for every bias and every weight.

    Parameters
    ----------
    moved : callable
        Called with "bias" or "weight", the coin, counted from 0, and the change. It may come late, from a thread of its
        own: ask `hears` then.
    weights : bool, default True
        Whether there are sliders of weights.

    Attributes
    ----------
    biases, weights : list of ipywidgets.FloatSlider
        As many as there have been coins.
    """

    def __init__(self, moved, weights: bool = True):
        self._moved, self._showing, self._coins = moved, False, 0
        self.biases, self.weights = [], []
        super().__init__([widgets.GridBox(layout=widgets.Layout(**GRID)) for _ in range(1 + weights)])
        self.add_class("emlib-sliders")

    def hears(self, coin: int) -> bool:
        """Whether a change of this coin is the reader's: not what `show` does, nor of a coin that has gone."""
        return not self._showing and coin < self._coins

    def show(self, theta) -> None:
        """Let every slider say what the coins are."""
        both = (self.biases, theta.biases), (self.weights, theta.weights)
        self._showing, self._coins = True, len(theta)
        try:
            for name, grid, (sliders, values) in zip(NAMES, self.children, both, strict=False):
                while len(sliders) < self._coins:
                    coin = len(sliders)
                    sliders.append(probability_slider(coin, tr(NAMES[name], coin=coin + 1), partial(self._moved, name)))
                if len(grid.children) != self._coins:
                    grid.children = sliders[: self._coins]
                for slider, value in zip(sliders, values, strict=False):
                    slider.value = round(value, 2)
        finally:
            self._showing = False
