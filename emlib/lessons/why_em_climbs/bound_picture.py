"""The bound under the likelihood, drawn live."""

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection

from ...beyond.many_starts import em_many
from ...landscape.state import grid_of_starts
from ...page.live import MOVING, Handle, LivePicture
from ...page.picture import COLOURS, CONTOURS, GREY, INK, shade
from .bound_state import BoundState
from .pictures import _signed

SHOWN = 7  # half-steps in the table


class BoundPicture(LivePicture):
    """The slice of a `BoundState`: curves over one free bias, or a map of two, and a table of the latest half-steps."""

    state: BoundState

    def key(self):
        return [self.state.theta.weights.tolist(), self.state.theta.biases[self.state.free :].tolist()]

    def moment(self, frame):
        return self.state

    def handles(self, frame=0):
        _, theta, _, log_likelihood = self.state.history[-1]
        if self.state.free == 2:
            return [Handle("start: both biases", self._chart, tuple(theta.biases), low=(0, 0), high=(1, 1))]
        ends = (0, log_likelihood), (1, log_likelihood)
        return [Handle("start: bias of coin 1", self._chart, (theta.biases[0], 0), *ends)]

    def draw(self, figure):
        curves = self.state.free == 1
        self._chart = chart = figure.add_axes((0.095, 0.14, 0.485 if curves else 0.39, 0.78))
        words = figure.add_axes((0.61 if curves else 0.54, 0.08, 0.37 if curves else 0.44, 0.86))
        words.set(xlim=(0, 1), ylim=(0, 1))
        words.set_axis_off()
        update = self._curves(chart) if curves else self._map(chart)
        key = {
            1: [
                ("-", COLOURS[0], "log-likelihood"),
                ("--", COLOURS[1], "bound of the latest E-step"),
                ("-", COLOURS[2], "gap between the two"),
                ("", INK, "where EM stands; top of the bound"),
            ],
            2: [
                ("-", GREY, "log-likelihood, 0.1 to 30 nats down"),
                ("-", INK, "as high as at the latest E-step"),
                ("--", COLOURS[1], "bound, at the same heights"),
                ("-", COLOURS[2], "EM's path and place; top of the bound"),
            ],
        }[self.state.free]
        for number, (line, colour, text) in enumerate(key):
            y = 0.98 - 0.065 * number
            words.plot([0, 0.07], [y, y], ls=line, color=colour, lw=2.5)
            words.text(0.1, y, text, va="center", size=10, color=INK)
        words.plot([0.015], [y], "o", color=INK, markeredgecolor="white", ms=8)
        words.plot([0.06], [y], "^", color=COLOURS[1], markeredgecolor="white", ms=9)
        for x, name in zip((0.48, 0.7, 1), ("bound", "gap", "log-lik."), strict=True):
            words.text(x, 0.7, name, ha="right", va="center", size=10, color=INK)
        words.plot([0, 1], [0.655, 0.655], color=GREY, lw=1)
        return [(chart, update), (words, self._table)]

    def _curves(self, axes):
        grid = np.linspace(0, 1, 401)
        with np.errstate(invalid="ignore"):  # at 0 and 1 the data may be impossible: minus infinity
            heights = np.array([self._height(bias) for bias in grid])
        low, high = heights[np.isfinite(heights)].min(), heights.max()
        room = max(high - low, 1e-3)
        axes.plot(grid, heights, color=COLOURS[0], lw=3)
        axes.set(xlim=(0, 1), ylim=(low - 0.45 * room, high + 0.08 * room), ylabel="nats")
        axes.set_xlabel(f"bias of coin 1 (coin 2 is held at {self.state.theta.biases[1]:g})")
        (bound,) = axes.plot([], [], "--", color=COLOURS[1], lw=2.5, **MOVING)
        (gap,) = axes.plot([], [], "-", color=COLOURS[2], lw=4, **MOVING)
        (top,) = axes.plot([], [], "^", color=COLOURS[1], ms=8, **MOVING)
        (here,) = axes.plot([], [], "o", color=INK, ms=7, clip_on=False, **MOVING)

        def update(state):
            _, theta, below, height = state.history[-1]
            x = theta.biases[0]
            here.set_data([x], [height])
            for artist in (gap, bound, top):
                artist.set_data([], [])
            if below is not None:
                values = state.bound(grid[1:-1, None])
                bound.set_data(grid[1:-1], values)
                gap.set_data([x, x], [below, height])
                peak = state.top()
                top.set_data(peak[:1], state.bound(peak[None, :1]))
            return ()

        return update

    def _height(self, bias):
        return self.state.model.occurrences @ np.logaddexp.reduce(
            self.state.model.log_joint(self.state.at([bias])), axis=1
        )

    def _map(self, axes):
        weights, biases = grid_of_starts(self.state.theta)
        heights = em_many(self.state.model, weights, biases, 0).log_likelihoods.reshape(100, 100)
        centres, highest = biases[:100, 0], heights.max()
        shade(axes, centres, centres, highest - heights, strength=0.6)
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

        def update(state):
            trail = np.array([theta.biases for _, theta, _, _ in state.history])
            path.set_data(*trail.T)
            here.set_data(*trail[-1:].T)
            for lines in (around, others, touching):
                lines.set_segments([])
            top.set_data([], [])
            touched = [height for name, _, _, height in state.history if name == "E-step"]
            if touched:
                bound = contour_generator(fine, fine, state.bound(places).reshape(200, 200))
                around.set_segments(own.lines(touched[-1]))
                touching.set_segments(bound.lines(touched[-1]))
                others.set_segments([line for drop in CONTOURS[1:] for line in bound.lines(highest - drop)])
                top.set_data(*state.top()[:, None])
            return ()

        return update

    def _table(self, state):
        first = max(0, len(state.history) - SHOWN)
        for row, (name, _, below, height) in enumerate(state.history[first:]):
            y, number = 0.58 - 0.085 * row, (first + row + 1) // 2
            yield (0, y), 10, "lm", name if name == "start" else f"{name} {number}"
            yield (1, y), 10, "rm", _signed(height)
            if below is not None:
                yield (0.48, y), 10, "rm", _signed(below)
                yield (0.7, y), 10, "rm", f"{abs(height - below):.4f}"
