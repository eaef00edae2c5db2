"""The landscape of the likelihood with a start to move on it."""

from functools import partial

import ipywidgets as widgets

from ..coins import Coins
from ..data import DATA
from ..explorer.view import Explorer
from ..page.live_view import drawn
from ..page.widget import Talking, asks, button, callback, deaf, probability_slider, row, wide
from .picture import LandscapePicture
from .state import LandscapeState

COARSE = 40  # values of each bias on a map that is being changed


class Landscape(Talking):
    """A map over the biases of the first two coins; sliders move the start, and EM's path follows.

    Parameters
    ----------
    model : BinomialMixture
        The data: sequences of equal length, of up to 100 tosses. With two coins the map is the log-likelihood, for the
        weights of the start. With three its colours say which maximum EM reaches.
    start : Coins
        Two or three coins.
    projector : bool, default False
        Larger, for the last row of a lecture hall.

    Raises
    ------
    ValueError
        If there are not two or three coins, the data cannot be drawn, or three coins are not to learn their weights.
    ImpossibleData
        If the data are impossible under `start`.

    Notes
    -----
    While a slider moves, the map has 40 x 40 starts; once it rests, 100 x 100, drawn twice as sharp.
    """

    def __init__(self, model, start, projector=False):
        state = LandscapeState(model, start)
        model.log_marginal(start)  # raises ImpossibleData
        super().__init__(hint="Drag the circle")
        self.state, self._given = state, model
        scale = self._size(projector)
        self._draw_with(LandscapePicture(state, scale, COARSE), LandscapePicture(state, 2 * scale))
        self.biases = self._sliders("bias", state.set_bias)
        self.weights = self._sliders("weight", state.set_weight)
        words = "Explore from here", "play", "Open an explorer on this start, below"
        self.explore = button(*words, self._open_explorer)
        self.data = widgets.Dropdown(options=[state.data, *DATA], description="data", layout=wide(28))
        self.data.observe(self._data_changed, "value")
        more = widgets.VBox([row(*self.weights), row(self.data)])
        self.below = widgets.VBox()
        self.children = [
            self.view,
            row(*self.biases, self.explore),
            widgets.Accordion([more], titles=["More: weights, data"]),
            self.below,
        ]
        self.add_class("emlib-landscape")
        self._show_controls()
        self.view.show(drawn(self.sharp, self.sharp.describe()))
        self.state.observe(self._show, "run")

    def _sliders(self, name, act):
        sliders = []
        for j in range(len(self.state.start)):
            layout = widgets.Layout(flex="1 1 15em", width="auto", max_width="22em")
            slider = probability_slider(j, f"{name} {j + 1}", partial(self._changed, act), layout)
            slider.style.description_width = "5em"
            sliders.append(slider)
        return sliders

    @asks
    def _move(self, _, biases, __):
        start = self.state.start
        self.state.show(self.state.model, Coins(start.weights, [*biases, *start.biases[2:]]), self.state.data)

    @callback
    def _changed(self, act, coin, change):
        if self.listening:
            act(coin, change["new"])

    @callback
    def _data_changed(self, change):
        if change["new"] in DATA:
            self.state.choose_data(change["new"])
        else:
            self.state.show(self._given, self.state.start)

    @callback
    def _open_explorer(self, _):
        for old in self.below.children:
            old.close()
        self.below.children = [Explorer(self.state.climbing, self.state.start)]

    @callback
    def _show(self, _):
        self._show_controls()
        if self.state.problem:  # the picture stays
            (handle,) = self.view.shown["handles"]
            moved = handle | {"value": self.state.start.biases[:2].tolist()}
            self.view.show(self.view.shown | {"handles": [moved]}, alert=self.state.problem)
        else:
            self.view.show(drawn(self.picture, self.picture.describe()))

    def _rest(self, frame, sharp):
        """Draw the map finely."""
        if not self.state.problem:
            self.view.add(frame, [drawn(self.sharp, self.sharp.describe())], sharp=True)

    def _show_controls(self):
        """Let every slider say what the state says."""
        with deaf(self):
            start = self.state.start
            for sliders, values in ((self.biases, start.biases), (self.weights, start.weights)):
                for slider, value in zip(sliders, values, strict=True):
                    slider.value = round(value, 2)

    def _still(self):
        return self.sharp.png() if self.state.steps else self.view.shown["png"]

    def savefig(self, path) -> None:
        """Write the map as SVG, PDF or PNG, as the name of the file ends; its words go with it."""
        if self.state.problem:
            raise ValueError(f"there is no map to write: {self.state.problem}")
        super().savefig(path)

    def __repr__(self):
        return self.state.problem or self.sharp.describe()
