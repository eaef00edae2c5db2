"""The landscape of the likelihood with a start to move on it."""

import ipywidgets as widgets

from ..coins import Coins
from ..drawing.landscape import LandscapePicture
from ..drawing.picture import COLOURS
from ..landscape import local_maxima
from .common import SLIDER_STEP, Talking, asks, button, callback, picture_frame, row, wide
from .explorer import Explorer


class Landscape(Talking):
    """A map over the biases of the first two coins; sliders move the start, and EM's path follows.

    Parameters
    ----------
    model : BinomialMixture
        The data. With two coins the map is the log-likelihood, for the weights of the start. With three its colours
        say which maximum EM reaches.
    start : Coins
        Two or three coins. Their weights stay as they are.

    Raises
    ------
    ValueError
        If there are not two or three coins.
    """

    def __init__(self, model, start):
        super().__init__()
        if len(start) not in (2, 3):
            raise ValueError(f"the landscape is drawn for 2 or 3 coins; the start has {len(start)}")
        self.model = model
        self.picture = LandscapePicture(model, start, local_maxima(model) if len(start) == 3 else ())
        self._image = picture_frame()
        self._sliders = []
        for j, bias in enumerate(start.biases):
            slider = widgets.FloatSlider(
                value=bias, min=0, max=1, step=SLIDER_STEP, description=f"bias {j + 1}", layout=wide(20)
            )
            slider.style.handle_color = COLOURS[j]
            slider.observe(self._start_changed, "value")
            self._sliders.append(slider)
        explore = button("Explore from here", "play", "Open an explorer on this start, below", self._explore)
        self._below = widgets.VBox()
        self.children = [self._style, self._image, self._message, row(*self._sliders, explore), self._below]
        self.add_class("emlib-landscape")
        self._show()

    @asks
    def _start_changed(self, _):
        self.picture.theta = Coins(self.picture.theta.weights, [slider.value for slider in self._sliders])
        self._show()

    @callback
    def _explore(self, _):
        for old in self._below.children:
            old.close()
        self._below.children = [Explorer(self.model, self.picture.theta)]

    def _show(self):
        self._image.value = self.picture.png()
        self._say(self.picture.describe(), role="status")

    def _still(self):
        return LandscapePicture(self.model, self.picture.theta, self.picture.maxima, scale=2).png()

    def __repr__(self):
        return self.picture.describe()
