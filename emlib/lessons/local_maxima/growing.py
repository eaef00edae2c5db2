"""A mixture that grows where it should: a coin is added where D is largest."""

import numpy as np

from ...algorithm import ROUNDING
from ...beyond.acceleration import squarem
from ...beyond.gradient import gradient_function, peak_of_gradient, places
from ...checks import instance
from ...coins import BinomialMixture, Coins
from ...landscape.picture import TOLERANCE
from ...page.live import HEIGHT, WIDTH
from ...page.picture import (
    COLOURS,
    GREY,
    INK,
    MARKERS,
    Picture,
    enlarge,
    new_figure,
    styled,
    tosses_to_draw,
)
from ...page.widget import LEAST, Talking, button, callback, row

GRID = np.linspace(0, 1, 1001)


@styled
def growing_by_d(model: BinomialMixture, fits, tolerance: float = TOLERANCE) -> Picture:
    """The latest of several fits on the data, Lindsay's D(p) under it, and the log-likelihood of each fit.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length, of up to 1,000 tosses.
    fits : sequence of Coins
        Each with one coin more than the one before.
    tolerance : float, default 0.001
        What D may be for no coin to be missing, in nats.
    """
    tosses, theta = tosses_to_draw(model), fits[-1]
    bias, highest = peak_of_gradient(model, theta)
    log_likelihoods = [model.log_likelihood(fit) for fit in fits]
    coins = f"{len(theta)} coin" + "s" * (len(theta) > 1)
    figure = new_figure(WIDTH, HEIGHT)
    figure.set_layout_engine("none")  # all stays where it is from one fit to the next
    data = figure.add_axes((0.1, 0.59, 0.52, 0.33), xlim=(-0.06, 1.06))
    data.bar(model.distinct_heads / tosses, model.occurrences, width=0.8 / tosses, color=GREY, label="observed")
    expected = [model.occurrences.sum() * fit.probabilities(tosses) @ fit.weights for fit in fits]
    label = f"expected with {coins}"
    data.plot(np.arange(tosses + 1) / tosses, expected[-1], "o-", color=INK, label=label, clip_on=False)
    data.set_ylim(0, 1.1 * max(model.occurrences.max(), expected[0].max()))
    data.set_title("sequences", loc="left", size=11)
    data.legend(loc="lower right", bbox_to_anchor=(1, 0.97), ncols=2, borderaxespad=0)
    marks = range(0, tosses + 1, max(1, tosses // 10))
    data.set_xticks([mark / tosses for mark in marks], marks)
    data.set_xlabel(f"heads in {tosses} tosses", labelpad=2)

    limit = max(2.2, 1.25 * min(highest, 1e300))
    below = figure.add_axes((0.1, 0.12, 0.52, 0.28), xlabel="p")
    below.set_title("D(p)", loc="left", size=11)
    below.set(xlim=(-0.06, 1.06), xticks=np.linspace(0, 1, 11), ylim=(-limit / 2, limit))
    below.axhline(0, color=INK, lw=1)
    below.plot(GRID, np.minimum(gradient_function(model, theta, GRID), limit), color=COLOURS[0], lw=2)
    below.plot(theta.biases, np.zeros(len(theta)), MARKERS[0], color=COLOURS[2], ms=8, zorder=3)
    if highest > tolerance:
        below.plot(bias, min(highest, limit), MARKERS[2], color=COLOURS[1], ms=10, zorder=3)

    most = max(4, len(fits))
    climb = figure.add_axes((0.73, 0.12, 0.25, 0.8), xlabel="coins", xticks=range(1, most + 1))
    climb.set(xlim=(0.6, most + 0.4))
    climb.plot(range(1, len(fits) + 1), log_likelihoods, "o-", color=INK, clip_on=False)
    climb.set_title("log-likelihood (nats)", size=11)
    value = f"{highest:,.2f}" if highest < 1e15 else f"{min(highest, 1e300):.3g} or more"
    advice = f"D(p) is largest at p = {bias:.3f}, where it is {value}: there a coin is missing"
    if highest <= tolerance:
        advice = (
            f"D(p) is nowhere above {tolerance:g}: "
            f"no mixture of any number of coins is more than {tolerance:g} nats higher"
        )
    return Picture(figure, f"{coins}: log-likelihood {log_likelihoods[-1]:.4f}. {advice}.")


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
    """

    def __init__(self, model):
        instance("model", model, BinomialMixture)
        if not model.learn_weights:
            raise ValueError("a coin is added to a model with learn_weights=True; it has False")
        self.model, self.fits = model, [model.pooled_fit()]
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
        log_likelihood = self.model.log_likelihood(self.fits[-1])
        *_, last = squarem(self.model, self.with_a_coin(bias, log_likelihood), 5000, tolerance=1e-9)
        higher = last.log_likelihood > log_likelihood + ROUNDING * max(1, abs(log_likelihood))
        *others, new = last.theta.biases
        # Beside a coin of the same bias a new one is none; it shows that EM has not quite arrived.
        if higher and np.abs(others - new).min() > 1e-3 * np.sqrt(new * (1 - new) / self.model.distinct_tosses.max()):
            self._next = last.theta
        else:
            unit = 10.0 ** (np.floor(np.log10(highest)) - 2)
            self.tolerance = float(np.ceil(highest / unit) * unit)  # as it is printed, and not below D

    def with_a_coin(self, bias, log_likelihood):
        """The fit with a coin beside: the first that is higher, or else the highest of those that were tried."""
        theta, tried = self.fits[-1], []
        # A coin at exactly 0 or 1 could never move; so it is put there only if it is of no use beside.
        inside = places(self.model.distinct_heads / self.model.distinct_tosses)
        for place in (np.clip(bias, inside[0], inside[-1]), bias):
            for weight in 0.1 ** np.arange(1, 9):
                start = Coins(np.append((1 - weight) * theta.weights, weight), np.append(theta.biases, place))
                tried.append((self.model.log_likelihood(start), start))
                if tried[-1][0] > log_likelihood:
                    return start
        return max(tried, key=lambda pair: pair[0])[1]


class AddACoin(Talking):
    """The fit, D(p) under it, and a button that adds a coin where D is largest, until no coin is missing.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length, of up to 1,000 tosses.
    projector : bool, default False
        Larger, for the last row of a lecture hall.
    """

    def __init__(self, model, projector=False):
        tosses_to_draw(model)
        state = GrowingMixture(model)
        super().__init__()
        self._size(projector)
        self.state = state
        self.add = button("Add a coin where D is largest", "plus", "Add it, and run EM to the end", self._add_coin)
        self.add.add_class("emlib-next")  # which the page presses for the keys of a remote
        self.again = button("Start again", "undo", "Back to a single coin", self._start_again)
        self.children = [self.view, row(self.add, self.again)]
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
        self.add.disabled = self.state.done
        self.picture = growing_by_d(self.state.model, self.state.fits, self.state.tolerance)
        enlarge(self.picture.figure, LEAST * self.projector)
        self.view.show({"png": self._still(), "words": repr(self), "handles": [], "areas": []})

    def _rest(self, frame, sharp):
        """It is sharp already."""

    def _still(self):
        return self.picture.png()

    def savefig(self, path) -> None:
        """Write the picture on show as SVG, PDF or PNG, as the name of the file ends; its words go with it."""
        self.picture.savefig(path)

    def __repr__(self):
        return self.picture.description
