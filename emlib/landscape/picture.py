"""The landscape of the likelihood: where EM climbs from a start, and which maximum it reaches from everywhere."""

import numpy as np
from matplotlib.colors import ListedColormap

from ..beyond.many_starts import em_many
from ..checks import listed, whole_number
from ..page.live import MOVING, Handle, LivePicture
from ..page.picture import COLOURS, CONTOURS, GREY, INK, TINTS, shade, signed
from .state import LandscapeState, grid_of_starts

KEY = (0.94, 0.81, 0.68, 0.55, 0.42)  # where the lines of the key stand
TOLERANCE = 0.001  # what D may be for no coin to be missing: no mixture is higher by more than this, in nats


class LandscapePicture(LivePicture):
    """A map over the first two biases with EM's path on it, and the climb beside it.

    With two coins the map is the log-likelihood itself. With three its colours say which maximum EM reaches.

    Parameters
    ----------
    scale : float, default 1
        As in `LivePicture`.
    size : int, default 100
        How many values of each bias the colours stand for, at least.
    """

    colours = *COLOURS, *TINTS

    def __init__(self, state: LandscapeState, scale: float = 1, size: int = 100):
        super().__init__(state, scale)
        self._size_of_map = whole_number("size", size, least=1)

    def key(self):
        state = self.state
        weights = state.start.weights.tolist() if len(state.start) == 2 else ()
        return [len(state.start), state.climbing, state.maxima, weights]

    def moment(self, frame):
        return self.state.steps

    def handles(self, frame=0):
        value = tuple(self.state.start.biases[:2])
        return [Handle("start: biases of coins 1 and 2", self._chart, value, low=(0, 0), high=(1, 1))]

    def draw(self, figure):
        self._chart = chart = figure.add_axes((0.07, 0.14, 0.36, 0.8))
        chart.set(xlim=(0, 1), ylim=(0, 1), xlabel="bias of coin 1", ylabel="bias of coin 2")
        climb = figure.add_axes((0.58, 0.14, 0.4, 0.3))
        words = figure.add_axes((0.49, 0.52, 0.5, 0.42), xlim=(0, 1), ylim=(0, 1))
        words.set_axis_off()
        climb.set(xlabel="iteration", ylabel="log-lik.", xlim=(-1, 51), ylim=self._limits())
        climb.grid(axis="y", color="#E5E5E5")
        key = self._contours(chart) if len(self.state.start) == 2 else self._basins(chart, words)
        return [(words, key), (chart, self._path(chart)), (climb, self._climb(climb)), (words, self._ends)]

    def _contours(self, chart):
        """With two coins: the log-likelihood, which only other weights or data change."""
        weights, biases = grid_of_starts(self.state.start)
        heights = em_many(self.state.climbing, weights, biases, 0).log_likelihoods.reshape(100, 100)
        below = heights.max() - heights
        centres = biases[:100, 0]
        shade(chart, centres, centres, below)
        chart.contour(centres, centres, below, levels=CONTOURS, colors="white", linewidths=0.8)
        texts = "log-likelihood below the highest point of the map:", f"lines at {str(CONTOURS[1:])[1:-1]} nats"
        return lambda steps: [((0, KEY[row]), 11, "lm", text) for row, text in enumerate(texts)]

    def _basins(self, chart, words):
        """With three coins: the basins, and a line of the key for each."""
        colours = ListedColormap([GREY, *TINTS])
        limits = {"vmin": -1.5, "vmax": 5.5, "extent": (0, 1, 0, 1), "aspect": "auto"}
        tiles = chart.imshow([[0]], cmap=colours, origin="lower", interpolation="nearest", zorder=0, **limits, **MOVING)
        listed = self.state.maxima[: len(KEY) - 1]
        colours = (*TINTS[: len(listed)], GREY)
        squares = [
            words.plot([0.02], [y], "s", ms=12, color=c, **MOVING)[0] for c, y in zip(colours, KEY, strict=False)
        ]

        def update(steps):
            labels, shares = self.state.basin_map(self._size_of_map), self.state.shares(self._size_of_map)
            tiles.set_data(np.minimum(labels, len(TINTS) - 1))
            squares[-1].set_visible(bool(np.any(labels == -1)))
            texts = [
                signed(f"{maximum.log_likelihood:z.3f} from {share:.0%} of the map")
                for maximum, share in zip(listed, shares, strict=False)
            ]
            if squares[-1].get_visible():
                texts.append("EM rests elsewhere, as on equal coins, or is slow")
            return [((0.06, y), 11, "lm", text) for y, text in zip(KEY, texts, strict=False)]

        return update

    def _limits(self):
        top = max((maximum.log_likelihood for maximum in self.state.maxima), default=None)
        if top is None:
            top = em_many(self.state.climbing, *grid_of_starts(self.state.start, 10), 100).log_likelihoods.max()
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
            yield (0, y), 10, "lm", signed(f"{name}: {step.log_likelihood:z.3f}, biases {listed(step.theta.biases)}")

    def describe(self) -> str:
        """What the picture shows, in words."""
        steps = self.state.steps
        (start, start_biases), (end, end_biases) = (
            (f"{step.log_likelihood:z.3f}", listed(step.theta.biases)) for step in (steps[0], steps[-1])
        )
        shares = zip(self.state.maxima, self.state.shares(self._size_of_map), strict=True)
        parts = ", ".join(f"{share:.0%} to {maximum.log_likelihood:z.3f}" for maximum, share in shares)
        shown = f". Map: {parts}" if parts else ""
        return f"Log-likelihood {start} (biases {start_biases}) climbs to {end} ({end_biases}){shown}"
