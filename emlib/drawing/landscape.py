"""The landscape of the likelihood: where EM climbs from a start, and which maximum it reaches from everywhere."""

import numpy as np
from matplotlib.colors import ListedColormap, to_rgb

from ..algorithm import em
from ..coins import BinomialMixture, Coins
from ..landscape import basins, em_many
from .live import MOVING, LivePicture
from .picture import COLOURS, GREY, INK

HEIGHT = 4.2  # inches
CONTOURS = (0, 0.1, 0.3, 1, 3, 10, 30)  # nats
TINTS = ("#9CC9E8", "#F3BE95", "#93D7C2", "#E8C6DA", "#CBE6F6", "#F6D999")  # of COLOURS, to draw on


def grid_of_starts(theta: Coins, size: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Starts for every pair of the first two biases, with all else as in `theta`.

    Parameters
    ----------
    theta : Coins
        Two coins or more.
    size : int, default 100
        How many values of each bias.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (size * size, K)
        The first bias changes fastest.
    """
    values = (np.arange(size) + 0.5) / size
    biases = np.tile(theta.biases, (size * size, 1))
    biases[:, 0], biases[:, 1] = np.tile(values, size), np.repeat(values, size)
    return np.tile(theta.weights, (size * size, 1)), biases


class LandscapePicture(LivePicture):
    """A map over the first two biases with EM's path on it, and the climb beside it.

    With two coins the weights stay as they are, and the map is the log-likelihood itself. With three or more its
    colours say which maximum EM reaches.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins
        The start of the path, and the weights and the other biases of the map. Set `theta` to move.
    maxima : sequence of LocalMaximum
        The maxima that the colours stand for; not used with two coins.
    scale : float, default 1
        As in `LivePicture`.
    """

    def __init__(self, model: BinomialMixture, theta: Coins, maxima=(), scale: float = 1):
        super().__init__(HEIGHT, (*COLOURS, *TINTS), scale)
        self.theta = theta
        self.maxima = tuple(maxima)
        fixed = len(theta) == 2
        self.model = BinomialMixture(model.heads, model.tosses, learn_weights=False) if fixed else model

    def key(self):
        return [len(self.theta), self.theta.weights.tolist(), self.theta.biases[2:].tolist()]

    def moment(self, frame):
        """EM's run from the start."""
        return list(em(self.model, self.theta, 200, tolerance=1e-9))

    def draw(self, figure):
        chart = figure.add_axes((0.07, 0.14, 0.39, 0.78))
        chart.set(xlim=(0, 1), ylim=(0, 1), xlabel="bias of coin 1", ylabel="bias of coin 2")
        climb = figure.add_axes((0.6, 0.14, 0.38, 0.3))
        words = figure.add_axes((0.53, 0.5, 0.45, 0.42))
        words.set_axis_off()
        weights, biases = grid_of_starts(self.theta)
        if len(self.theta) == 2:
            heights = em_many(self.model, weights, biases, 0).log_likelihoods.reshape(100, 100)
            below = heights.max() - heights
            centres = biases[:100, 0]
            blue, white = np.array(to_rgb(COLOURS[0])), np.ones(3)
            shades = [white + share * (blue - white) for share in (1, 0.8, 0.6, 0.4, 0.25, 0.12, 0)]
            chart.contourf(centres, centres, below, levels=CONTOURS, colors=shades, extend="max")
            chart.contour(centres, centres, below, levels=CONTOURS, colors="white", linewidths=0.8)
            key = [
                ("", "log-likelihood below the highest point of the map:"),
                ("", "lines at 0.1, 0.3, 1, 3, 10, 30 nats"),
            ]
        else:
            labels = basins(self.model, weights, biases, self.maxima).reshape(100, 100)
            colours = ListedColormap([GREY, *TINTS])
            edges = np.linspace(0, 1, 101)
            chart.pcolormesh(edges, edges, np.minimum(labels, 5), cmap=colours, vmin=-1.5, vmax=5.5)
            shares = [np.mean(labels == number) for number in range(len(self.maxima))]
            key = [
                (TINTS[number % 6], f"\N{MINUS SIGN}{-maximum.log_likelihood:.3f} from {share:.0%} of the map")
                for number, (maximum, share) in enumerate(zip(self.maxima, shares, strict=True))
            ][:5]
            if np.any(labels == -1):
                key.append((GREY, "EM rests elsewhere, as on equal coins, or is slow"))
        for number, (colour, text) in enumerate(key):
            y = 0.93 - 0.13 * number
            words.text(0.06 if colour else 0, y, text, transform=words.transAxes, va="center", color=INK)
            if colour:
                words.plot([0.02], [y], "s", ms=12, color=colour, transform=words.transAxes)
        words.set(xlim=(0, 1), ylim=(0, 1))
        climb.set(xlabel="iteration", ylabel="log-lik.", xlim=(-1, 51), ylim=self._limits())
        climb.grid(axis="y", color="#E5E5E5")
        return [(chart, self._path(chart)), (climb, self._climb(climb)), (words, self._ends)]

    def _limits(self):
        top = max((maximum.log_likelihood for maximum in self.maxima), default=None)
        if top is None:
            top = em_many(self.model, *grid_of_starts(self.theta, 10), 100).log_likelihoods.max()
        return top - 12, top + 1

    def _path(self, axes):
        (line,) = axes.plot([], [], "-", color=INK, lw=1.8, **MOVING)
        (dots,) = axes.plot([], [], ".", color=INK, ms=5, **MOVING)
        (start,) = axes.plot([], [], "o", color="white", markeredgecolor=INK, ms=11, **MOVING)
        (end,) = axes.plot([], [], "*", color=INK, markeredgecolor="white", ms=17, clip_on=False, **MOVING)

        def update(steps):
            path = np.array([step.theta.biases[:2] for step in steps])
            for artist in (line, dots):
                artist.set_data(path[:, 0], path[:, 1])
            start.set_data(path[:1, 0], path[:1, 1])
            end.set_data(path[-1:, 0], path[-1:, 1])
            return ()

        return update

    def _climb(self, axes):
        (line,) = axes.plot([], [], color=INK, lw=1.8, **MOVING)

        def update(steps):
            heights = [step.log_likelihood for step in steps]
            heights += heights[-1:] * (51 - len(heights))
            line.set_data(range(len(heights)), heights)
            return ()

        return update

    def _ends(self, steps):
        for y, name, step in ((0.17, "start", steps[0]), (0.03, f"after {steps[-1].iteration} iterations", steps[-1])):
            biases = ", ".join(f"{bias:.3f}" for bias in step.theta.biases)
            yield (0, y), 10, "lm", f"{name}: {step.log_likelihood:.3f}, biases {biases}".replace("-", "\N{MINUS SIGN}")

    def describe(self) -> str:
        """What the picture shows, in words."""
        steps = self.moment(0)
        ends = [
            f"{step.log_likelihood:.4f} (biases {', '.join(f'{bias:.3f}' for bias in step.theta.biases)})"
            for step in (steps[0], steps[-1])
        ]
        return f"EM climbs from log-likelihood {ends[0]} to {ends[1]}"
