"""The bound under the likelihood, stepped by hand, drawn live."""

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from ...beyond.ascent import LOST, free_energy
from ...beyond.many_starts import em_many
from ...checks import instance, whole_number
from ...coins import BinomialMixture, Coins
from ...landscape.picture import CONTOURS, grid_of_starts
from ...page.live import MOVING, LivePicture
from ...page.picture import COLOURS, GREY, INK
from .pictures import _signed

HEIGHT = 4.2  # inches
SHOWN = 7  # half-steps in the table


class BoundPicture(LivePicture):
    """EM by half-steps on a slice of the likelihood of two coins, with the lower bound of the latest E-step.

    The weights are held as the start gives them. With one free bias, the second bias is held, too.

    Parameters
    ----------
    model : BinomialMixture
        The data; its `learn_weights` does not matter.
    start : Coins
        Two coins.
    free : int, default 1
        1: the first bias is learnt, and the picture shows curves over it. 2: both are, and it shows a map.
    scale : float, default 1
        As in `LivePicture`.

    Attributes
    ----------
    theta : Coins
        Where EM stands.
    responsibilities : numpy.ndarray or None, shape (M, 2)
        The q of the latest E-step; None before the first.
    history : list of (str, Coins, float or None, float)
        Every half-step since the start: its name, theta, the bound and the log-likelihood there.

    Raises
    ------
    ValueError
        If there are not two coins, or `free` is not 1 or 2.
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model: BinomialMixture, start: Coins, free: int = 1, scale: float = 1):
        super().__init__(HEIGHT, COLOURS, scale)
        instance("model", model, BinomialMixture)
        self.model, self.free = model, whole_number("free", free, least=1)
        if self.free > 2:
            raise ValueError(f"free must be 1 or 2; it is {free!r}")
        self.restart(start)

    def restart(self, start: Coins) -> None:
        """Go to a start, where there is no bound yet. Nothing changes if it cannot be one."""
        instance("start", start, Coins)
        if len(start) != 2:
            raise ValueError(f"the slice is drawn for 2 coins; the start has {len(start)}")
        height = self.model.log_likelihood(start)
        self.theta, self.responsibilities, self.history = start, None, [("start", start, None, height)]

    @property
    def start(self) -> Coins:
        """Where EM started."""
        return self.history[0][1]

    def copy(self, scale: float) -> "BoundPicture":
        """The same moment in another sharpness."""
        twin = BoundPicture(self.model, self.theta, self.free, scale)
        twin.responsibilities, twin.history = self.responsibilities, list(self.history)
        return twin

    def e_step(self) -> None:
        """Make q the posterior: the bound rises until it touches the log-likelihood at theta."""
        self._go("E-step", self.model.responsibilities(self.theta), self.theta)

    def m_step(self) -> None:
        """Move the free biases to the top of the bound.

        Raises
        ------
        ValueError
            If there was no E-step yet.
        """
        if self.responsibilities is None:
            raise ValueError("there is no bound yet whose top one could move to; an E-step comes first")
        self._go("M-step", self.responsibilities, self._at(self._top()))

    def _go(self, name, q, theta):
        if self.history[-1][0] != name:  # the same half-step again changes nothing, and is not counted
            heights = free_energy(self.model, q, theta), self.model.log_likelihood(theta)
            self.responsibilities, self.theta = q, theta
            self.history.append((name, theta, *heights))

    def _top(self):
        """The biases where the bound is highest."""
        return self.model.m_step(self.model.expected_statistics(self.responsibilities, self.theta)).biases

    def bound(self, biases) -> np.ndarray:
        """The free energy of the latest q at many values of the free biases, (P, free), in nats, shape (P,)."""
        statistics = self.model.expected_statistics(self.responsibilities, self.theta)
        heads, tails = statistics.heads[: self.free], (statistics.tosses - statistics.heads)[: self.free]
        # What rounding has left of nothing costs nothing, as in `free_energy`.
        heads, tails = (np.where(sums > LOST * statistics.tosses[: self.free], sums, 0) for sums in (heads, tails))

        def expected(values):
            with np.errstate(divide="ignore", invalid="ignore"):
                terms = np.where(heads > 0, heads * np.log(values), 0) + np.where(
                    tails > 0, tails * np.log1p(-values), 0
                )
            return terms.sum(axis=-1)

        middle = np.full(self.free, 0.5)  # a bias that rules nothing out
        known = free_energy(self.model, self.responsibilities, self._at(middle))
        return known + expected(np.asarray(biases, dtype=float)) - expected(middle)

    def _at(self, biases):
        return Coins(self.theta.weights, [*biases[: self.free], *self.theta.biases[self.free :]])

    def key(self):
        return [self.theta.weights.tolist(), self.theta.biases[self.free :].tolist()]

    def moment(self, frame):
        """The present state."""
        return self

    def draw(self, figure):
        chart = figure.add_axes((0.095, 0.14, 0.485 if self.free == 1 else 0.39, 0.78))
        words = figure.add_axes((0.61 if self.free == 1 else 0.54, 0.08, 0.37 if self.free == 1 else 0.44, 0.86))
        words.set(xlim=(0, 1), ylim=(0, 1))
        words.set_axis_off()
        update = self._curves(chart) if self.free == 1 else self._map(chart)
        key = {
            1: [
                ("-", COLOURS[0], "log-likelihood"),
                ("--", COLOURS[1], "bound of the latest E-step"),
                ("-", COLOURS[2], "gap between the two"),
                ("", INK, "where EM stands; top of the bound"),
            ],
            2: [
                ("-", GREY, "log-likelihood: 0.1, 0.3, 1, 3, 10, 30 nats below its top"),
                ("-", INK, "log-likelihood as high as at the latest E-step"),
                ("--", COLOURS[1], "bound, at the same heights"),
                ("-", COLOURS[2], "EM's path, and where it stands; top of the bound"),
            ],
        }[self.free]
        for number, (line, colour, text) in enumerate(key):
            y = 0.98 - 0.065 * number
            words.plot([0, 0.07], [y, y], ls=line, color=colour, lw=2.5)
            words.text(0.1, y, text, va="center", size=10, color=INK)
        words.plot([0.015], [y], "o", color=INK, markeredgecolor="white", ms=8)
        words.plot([0.06], [y], "^", color=COLOURS[1], markeredgecolor="white", ms=9)
        for x, name in zip((0.45, 0.68, 1), ("bound", "gap", "log-likelihood"), strict=True):
            words.text(x, 0.7, name, ha="right", va="center", size=10, color=INK)
        words.plot([0, 1], [0.655, 0.655], color=GREY, lw=1)
        return [(chart, update), (words, self._table)]

    def _curves(self, axes):
        grid = np.linspace(0, 1, 401)
        with np.errstate(invalid="ignore"):  # at 0 and 1 the data may be impossible: minus infinity
            heights = np.array([self._height([bias]) for bias in grid])
        low, high = heights[np.isfinite(heights)].min(), heights.max()
        room = max(high - low, 1e-3)
        axes.plot(grid, heights, color=COLOURS[0], lw=3)
        axes.set(xlim=(0, 1), ylim=(low - 0.45 * room, high + 0.08 * room), ylabel="nats")
        axes.set_xlabel(f"bias of coin 1 (coin 2 is held at {self.theta.biases[1]:g})")
        (bound,) = axes.plot([], [], "--", color=COLOURS[1], lw=2.5, **MOVING)
        (gap,) = axes.plot([], [], "-", color=COLOURS[2], lw=4, **MOVING)
        (top,) = axes.plot([], [], "^", color=COLOURS[1], ms=8, **MOVING)
        (here,) = axes.plot([], [], "o", color=INK, ms=7, clip_on=False, **MOVING)

        def update(picture):
            _, theta, below, height = picture.history[-1]
            x = theta.biases[0]
            here.set_data([x], [height])
            for artist in (gap, bound, top):
                artist.set_data([], [])
            if below is not None:
                values = picture.bound(grid[1:-1, None])
                bound.set_data(grid[1:-1], values)
                gap.set_data([x, x], [below, height])
                peak = picture._top()
                top.set_data(peak[:1], picture.bound(peak[None, :1]))
            return ()

        return update

    def _height(self, biases):
        return self.model.occurrences @ np.logaddexp.reduce(self.model.log_joint(self._at(biases)), axis=1)

    def _map(self, axes):
        weights, biases = grid_of_starts(self.theta)
        heights = em_many(self.model, weights, biases, 0).log_likelihoods.reshape(100, 100)
        centres, highest = biases[:100, 0], heights.max()
        blue, white = np.array(to_rgb(COLOURS[0])), np.ones(3)
        shades = [white + 0.6 * share * (blue - white) for share in (1, 0.8, 0.6, 0.4, 0.25, 0.12, 0)]
        axes.contourf(centres, centres, highest - heights, levels=CONTOURS, colors=shades, extend="max")
        axes.contour(centres, centres, highest - heights, levels=CONTOURS[1:], colors=GREY, linewidths=0.8)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="bias of coin 1", ylabel="bias of coin 2")
        fine = np.linspace(0.0025, 0.9975, 200)
        places = np.column_stack([np.tile(fine, 200), np.repeat(fine, 200)])
        own = contour_generator(centres, centres, heights)
        around = LineCollection([], colors=INK, linewidths=1.6, **MOVING)
        others = LineCollection([], colors=COLOURS[1], linewidths=1.2, linestyles="--", **MOVING)
        touching = LineCollection([], colors=COLOURS[1], linewidths=2.6, linestyles="--", **MOVING)
        for lines in (around, others, touching):
            axes.add_collection(lines, autolim=False)
        (path,) = axes.plot([], [], "-", color=COLOURS[2], lw=2.2, **MOVING)
        (top,) = axes.plot([], [], "^", color=COLOURS[1], markeredgecolor="white", ms=12, **MOVING)
        (here,) = axes.plot([], [], "o", color=INK, markeredgecolor="white", ms=10, clip_on=False, **MOVING)

        def update(picture):
            trail = np.array([theta.biases for _, theta, _, _ in picture.history])
            path.set_data(*trail.T)
            here.set_data(*trail[-1:].T)
            for lines in (around, others, touching):
                lines.set_segments([])
            top.set_data([], [])
            touched = [height for name, _, _, height in picture.history if name == "E-step"]
            if touched:
                bound = contour_generator(fine, fine, picture.bound(places).reshape(200, 200))
                around.set_segments(own.lines(touched[-1]))
                touching.set_segments(bound.lines(touched[-1]))
                others.set_segments([line for drop in CONTOURS[1:] for line in bound.lines(highest - drop)])
                top.set_data(*picture._top()[:, None])
            return ()

        return update

    def _table(self, picture):
        first = max(0, len(picture.history) - SHOWN)
        for row, (name, _, below, height) in enumerate(picture.history[first:]):
            y, number = 0.58 - 0.085 * row, (first + row + 1) // 2
            yield (0, y), 10, "lm", name if name == "start" else f"{name} {number}"
            yield (1, y), 10, "rm", _signed(height)
            if below is not None:
                yield (0.45, y), 10, "rm", _signed(below)
                yield (0.68, y), 10, "rm", f"{abs(height - below):.4f}"

    def describe(self) -> str:
        """What the picture shows, in words."""
        name, theta, below, height = self.history[-1]
        places = " and ".join(f"{bias:.3f}" for bias in theta.biases[: self.free])
        where = f"bias {places}" if self.free == 1 else f"biases {places}"
        if below is None:
            return f"Start at {where}: log-likelihood {height:.4f}. No bound yet: press E-step"
        number = len(self.history) // 2
        gap = f"bound {below:.4f}, gap {abs(height - below):.4f}, log-likelihood {height:.4f}"
        did = "the bound touches at" if name == "E-step" else "to the top of the bound, at"
        return f"{name} {number}: {did} {where}; {gap}"
