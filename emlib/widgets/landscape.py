"""The landscape of the likelihood with a start to move on it, and a mixture that grows where it should."""

import asyncio
import functools

import ipywidgets as widgets
import numpy as np

from ..acceleration import squarem
from ..algorithm import ROUNDING
from ..checks import instance
from ..coins import BinomialMixture, Coins
from ..drawing.landscape import TOLERANCE, LandscapePicture, growing_by_d
from ..drawing.picture import COLOURS, tosses_to_draw
from ..explorer import DATA, ExplorerState
from ..landscape import local_maxima, peak_of_gradient, places
from .common import SLIDER_STEP, Talking, button, callback, is_news, picture_frame, row, wide
from .explorer import REST, Explorer

GIVEN = "the data given"
COARSE = 40  # values of each bias on a map that is being changed


class LandscapeState(ExplorerState):
    """Data and start of a landscape: no run, for the picture has one of its own."""

    def _find_steps(self):
        self.model.log_marginal(self.start)  # raises ImpossibleData
        return ()


class Landscape(Talking):
    """A map over the biases of the first two coins; sliders move the start, and EM's path follows.

    Parameters
    ----------
    model : BinomialMixture
        The data: sequences of equal length, of up to 100 tosses. With two coins the map is the log-likelihood, for the
        weights of the start. With three its colours say which maximum EM reaches.
    start : Coins
        Two or three coins.

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

    def __init__(self, model, start):
        instance("model", model, BinomialMixture)
        instance("start", start, Coins)
        if len(start) not in (2, 3):
            raise ValueError(f"the landscape is drawn for 2 or 3 coins; the start has {len(start)}")
        if len(start) == 3 and not model.learn_weights:
            raise ValueError("the map for 3 coins needs a model with learn_weights=True; it has False")
        state = LandscapeState(model, start)
        model.log_marginal(start)  # raises ImpossibleData
        shown = model, start, local_maxima(model) if len(start) == 3 else ()
        self.picture, self._sharp = LandscapePicture(*shown, size=COARSE), LandscapePicture(*shown, scale=2)
        super().__init__()
        self.state, self._given, self._listening = state, model, True
        self._maxima = {GIVEN: self.picture.maxima}
        self._image = picture_frame()
        self._biases = self._sliders("bias", self._bias_changed)
        self._weights = self._sliders("weight", self._weight_changed)
        explore = button("Explore from here", "play", "Open an explorer on this start, below", self._explore)
        self._data = widgets.Dropdown(options=[GIVEN, *DATA], description="data", layout=wide(28))
        self._data.observe(self._data_changed, "value")
        more = widgets.VBox([row(*self._weights), row(self._data)])
        self._below = widgets.VBox()
        self.children = [
            self._style,
            self._image,
            self._message,
            row(*self._biases, explore),
            widgets.Accordion([more], titles=["More: weights, data"]),
            self._below,
        ]
        self.add_class("emlib-landscape")
        self._show_controls()
        self._draw_sharply()
        self.state.observe(self._show, "run")

    def _sliders(self, name, changed):
        sliders = []
        for j in range(len(self.state.start)):
            layout = widgets.Layout(flex="1 1 15em", width="auto", max_width="22em")
            slider = widgets.FloatSlider(
                min=0, max=1, step=SLIDER_STEP, description=f"{name} {j + 1}", readout_format=".2f", layout=layout
            )
            slider.style.handle_color, slider.style.description_width = COLOURS[j], "5em"
            slider.observe(functools.partial(changed, j), "value")
            sliders.append(slider)
        return sliders

    @callback
    def _bias_changed(self, coin, change):
        if self._listening and is_news(change["new"], self.state.start.biases[coin]):
            self.state.set_bias(coin, change["new"])

    @callback
    def _weight_changed(self, coin, change):
        if self._listening and is_news(change["new"], self.state.start.weights[coin]):
            self.state.set_weight(coin, change["new"])

    @callback
    def _data_changed(self, change):
        if change["new"] in DATA:
            self.state.choose_data(change["new"])
        else:
            self.state.show(self._given, self.state.start, GIVEN)

    @callback
    def _explore(self, _):
        for old in self._below.children:
            old.close()
        self._below.children = [Explorer(self.picture.model, self.state.start)]

    @callback
    def _show(self, _):
        self._show_controls()
        if self.state.problem:
            self._say(self.state.problem, role="alert")
            return
        name = self._data.value
        if name not in self._maxima:
            # Those of DATA are known, and no basin is so small that 200 starts miss it.
            self._maxima[name] = local_maxima(self.state.model, starts=200) if len(self.state.start) == 3 else ()
        for picture in (self.picture, self._sharp):
            picture.show(self.state.model, self.state.start, self._maxima[name])
        try:
            later = asyncio.get_running_loop().call_later
        except RuntimeError:  # outside a kernel there is no page that waits
            self._draw_sharply()
        else:
            self._draw(self.picture)
            later(REST, self._rest, self.state.run)

    @callback
    def _rest(self, run):
        """Draw the map finely, unless another change has come in the meantime."""
        if run == self.state.run and self.comm is not None:
            self._draw_sharply()

    def _draw_sharply(self):
        self._draw(self._sharp)
        self.picture.take_map(self._sharp)

    def _draw(self, picture):
        self._image.value = picture.png()
        self._say(picture.describe(), role="status")

    def _show_controls(self):
        """Let every slider say what the state says."""
        self._listening = False
        try:
            start = self.state.start
            for sliders, values in ((self._biases, start.biases), (self._weights, start.weights)):
                for slider, value in zip(sliders, values, strict=True):
                    slider.value = round(value, 2)
        finally:
            self._listening = True

    def _still(self):
        return self._sharp.png()

    def __repr__(self):
        return self._sharp.describe()


class GrowingMixture:
    """A mixture that starts with one coin and gets another where Lindsay's D(p) is largest.

    Parameters
    ----------
    model : BinomialMixture
        Weights to be learned.

    Attributes
    ----------
    fits : list of Coins
        The fit with one coin, and all since.
    tolerance : float
        What D may be for no coin to be missing, in nats: `TOLERANCE`, or more where D is above it and yet one coin more
        raises the log-likelihood by nothing but rounding, as with very many sequences.

    Raises
    ------
    ValueError
        If the model is not to learn the weights.
    """

    def __init__(self, model):
        instance("model", model, BinomialMixture)
        if not model.learn_weights:
            raise ValueError("a coin is added to a model with learn_weights=True; it has False")
        self.model, self.fits = model, [model.one_coin()]
        self._look_ahead()

    @property
    def done(self) -> bool:
        """Whether D is nowhere above `tolerance`, so that no coin is missing."""
        return self._next is None

    def add_coin(self) -> None:
        """Add a coin where D is largest, and run EM; the log-likelihood rises. Nothing happens if it is done."""
        if not self.done:
            self.fits.append(self._next)
            self._look_ahead()

    def _look_ahead(self):
        """Find the next fit, if there is one that is higher."""
        self.tolerance, self._next = TOLERANCE, None
        bias, highest = peak_of_gradient(self.model, self.fits[-1])
        if highest <= TOLERANCE:
            return
        height = self.model.log_likelihood(self.fits[-1])
        *_, last = squarem(self.model, self._start(bias, height), 5000, tolerance=1e-9)
        higher = last.log_likelihood > height + ROUNDING * max(1, abs(height))
        *others, new = last.theta.biases
        # Beside a coin of the same bias a new one is none; it shows that EM has not quite arrived.
        if higher and np.abs(others - new).min() > 1e-3 * np.sqrt(new * (1 - new) / self.model.outcome_tosses.max()):
            self._next = last.theta
        else:
            unit = 10.0 ** (np.floor(np.log10(highest)) - 2)
            self.tolerance = float(np.ceil(highest / unit) * unit)  # as it is printed, and not below D

    def _start(self, bias, height):
        """The fit with a coin beside: the first that is higher, or else the highest of those that were tried."""
        theta, tried = self.fits[-1], []
        # A coin at exactly 0 or 1 could never move; so it is put there only if it is of no use beside.
        inside = places(self.model.outcomes / self.model.outcome_tosses)
        for place in (np.clip(bias, inside[0], inside[-1]), bias):
            for weight in 0.1 ** np.arange(1, 9):
                start = Coins(np.append((1 - weight) * theta.weights, weight), np.append(theta.biases, place))
                tried.append((self.model.log_likelihood(start), start))
                if tried[-1][0] > height:
                    return start
        return max(tried, key=lambda pair: pair[0])[1]


class AddACoin(Talking):
    """The fit, D(p) under it, and a button that adds a coin where D is largest, until no coin is missing.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length, of up to 1,000 tosses.

    Raises
    ------
    ValueError
        If the sequences differ in length or are longer, or the model is not to learn the weights.
    """

    def __init__(self, model):
        tosses_to_draw(model)
        state = GrowingMixture(model)
        super().__init__()
        self.state = state
        self._image = picture_frame()
        self._add = button("Add a coin where D is largest", "plus", "Add it, and run EM to the end", self._add_coin)
        again = button("Start again", "undo", "Back to a single coin", self._start_again)
        self.children = [self._style, self._image, self._message, row(self._add, again)]
        self.add_class("emlib-add-a-coin")
        self._show()

    @callback
    def _add_coin(self, _):
        self.state.add_coin()
        self._show()

    @callback
    def _start_again(self, _):
        self.state = GrowingMixture(self.state.model)
        self._show()

    def _show(self):
        self._add.disabled = self.state.done
        self.picture = growing_by_d(self.state.model, self.state.fits, self.state.tolerance)
        self._image.value = self.picture.png()
        self._say(self.picture.description, role="status")

    def _still(self):
        return self.picture.png()

    def __repr__(self):
        return self.picture.description
