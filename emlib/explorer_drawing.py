"""The explorer's picture: drawn once, after which a change redraws only the artists that moved (blitting)."""

import io

import numpy as np
from matplotlib import rc_context
from matplotlib.collections import PolyCollection
from matplotlib.ticker import MaxNLocator
from PIL import Image

from .drawing import COLOURS, GREY, HATCHES, INK, LINES, MARKERS, STYLE, Picture, component_probabilities, new_figure

SUBSCRIPTS = "₁₂₃"
WIDTH, HEIGHT = 9.6, 4.2  # inches; with the controls it fits a screen of 1366 x 768


class ExplorerPicture:
    """Data and mixture on the left; the paths of biases, weights and log-likelihood on the right.

    Parameters
    ----------
    state : ExplorerState
        What to draw. The background is drawn anew only when its axes change.
    """

    def __init__(self, state):
        self.state = state
        self._axes_key = None

    def png(self, frame: int) -> bytes:
        """The picture of a frame as PNG, by blitting."""
        self._update(frame)
        canvas = self._figure.canvas
        canvas.restore_region(self._background)
        for artist in self._moving:
            artist.axes.draw_artist(artist)
        file = io.BytesIO()
        Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").save(file, "png", compress_level=1)
        return file.getvalue()

    def still(self, frame: int) -> Picture:
        """The picture of a frame for readers without a kernel."""
        self._update(frame)
        return Picture(self._figure, self.state.describe(frame))

    def _update(self, frame):
        key = self._key()
        if key != self._axes_key:
            self._draw_background(*key)
            self._axes_key = key
        self._place(frame)

    def _key(self):
        """All that the background depends on: axes and ticks."""
        state = self.state
        if not state.steps:
            return (id(state.model), len(state.start), state.iterations, -1.0, 0.0)
        first, last = state.steps[0].log_likelihood, state.steps[-1].log_likelihood
        span = last - first
        # The axis grows in round steps, so that it rests while a start is dragged.
        rounded = next(s for e in range(-1, 12) for s in (10.0**e, 2 * 10.0**e, 5 * 10.0**e) if s >= span)
        return (id(state.model), len(state.start), state.iterations, last - 1.1 * rounded, last + 0.2 * rounded)

    def _draw_background(self, _, coins, iterations, lowest, highest):
        model = self.state.model
        if np.ptp(model.tosses) > 0 or model.tosses[0] > 100:
            raise ValueError("the explorer draws sequences of equal length, of 100 tosses or fewer")
        if coins > 3:
            raise ValueError(f"the explorer has room for 1 to 3 coins; the start has {coins}")
        self._tosses = int(model.tosses[0])
        with rc_context(STYLE):
            figure = new_figure(WIDTH, HEIGHT)
            figure.set_layout_engine("none")
            data = figure.add_axes((0.06, 0.13, 0.5, 0.78))
            biases = figure.add_axes((0.66, 0.69, 0.325, 0.22))
            weights = figure.add_axes((0.66, 0.41, 0.325, 0.22))
            climb = figure.add_axes((0.66, 0.13, 0.325, 0.22))
            top = model.occurrences.max()
            data.set(xlim=(-0.7, self._tosses + 0.7), ylim=(0, 1.45 * top), ylabel="sequences")
            data.set_xlabel(f"heads in {self._tosses} tosses")
            data.xaxis.set_major_locator(MaxNLocator(11, integer=True))
            data.yaxis.set_major_locator(MaxNLocator(5, integer=True))
            data.bar(model.outcomes, model.occurrences, width=0.8, color=GREY)
            for axes, name in ((biases, "bias"), (weights, "weight"), (climb, "log-lik.")):
                axes.set(xlim=(-0.5, iterations + 0.5), ylim=(0, 1))
                axes.set_ylabel(name)
                axes.grid(axis="y", color="#E5E5E5")
            biases.tick_params(labelbottom=False)
            weights.tick_params(labelbottom=False)
            biases.set_ylim(-0.04, 1.04)
            weights.set_ylim(-0.04, 1.04)
            climb.set(xlabel="iteration", ylim=(lowest, highest))
            climb.yaxis.set_major_locator(MaxNLocator(3))
            climb.ticklabel_format(axis="y", useOffset=False)
            self._make_moving(data, biases, weights, climb, coins)
        figure.align_ylabels([biases, weights, climb])
        self._figure = figure
        figure.canvas.draw()
        self._background = figure.canvas.copy_from_bbox(figure.bbox)

    def _make_moving(self, data, biases, weights, climb, coins):
        """The artists that a change moves; `animated` keeps them out of the background."""
        heads = np.arange(self._tosses + 1)
        moving = {"animated": True}
        self._shares = [
            data.add_collection(
                PolyCollection([], facecolor=COLOURS[j], edgecolor="white", hatch=HATCHES[j], alpha=0.75, **moving),
                autolim=False,
            )
            for j in range(coins)
        ]
        (self._mixture,) = data.plot(heads, heads * 0.0, color=INK, lw=2.5, **moving)
        self._components, self._coin_marks, self._labels = [], [], []
        self._paths, self._points = [], []
        for j in range(coins):
            style = {"color": COLOURS[j], "ls": LINES[j], **moving}
            mark = {"color": COLOURS[j], "marker": MARKERS[j], "ls": "", "clip_on": False, "zorder": 5, **moving}
            self._components += data.plot(heads, heads * 0.0, lw=2, **style)
            self._coin_marks += data.plot([0], [0], markeredgecolor="white", ms=12, **mark)
            y = 0.955 - 0.075 * j
            self._labels.append(data.text(0.06, y, "", color=INK, va="center", transform=data.transAxes, **moving))
            self._coin_marks += data.plot([0.03], [y], transform=data.transAxes, ms=8, **mark)
            for axes in (biases, weights):
                self._paths += axes.plot([], [], lw=1.6, **style)
                self._points += axes.plot([], [], ms=8, markeredgecolor="white", **mark)
        self._paths += climb.plot([], [], lw=1.6, color=INK, **moving)
        self._points += climb.plot([], [], "o", ms=8, color=INK, markeredgecolor="white", clip_on=False, **moving)
        self._title = data.text(0, 1.03, "", transform=data.transAxes, color=INK, fontsize=13, **moving)
        self._value = climb.text(0.98, 0.1, "", transform=climb.transAxes, ha="right", color=INK, **moving)
        lines = [*self._components, self._mixture, *self._paths, *self._points, *self._coin_marks]
        self._moving = [*self._shares, *lines, *self._labels, self._title, self._value]

    def _place(self, frame):
        state = self.state
        model, coins = state.model, len(state.start)
        moment = state.moment(frame) if state.steps else None
        theta = moment.step.theta if moment else state.start
        expected = len(model.heads) * component_probabilities(theta, self._tosses) * theta.weights
        self._mixture.set_ydata(expected.sum(axis=1))
        colours = moment.posterior if moment else None
        base = np.zeros(len(model.outcomes))
        for j in range(coins):
            height = model.occurrences * colours[:, j] if colours is not None else base * 0
            bars = zip(model.outcomes, base, base + height, strict=True)
            self._shares[j].set_verts([[(x - 0.4, a), (x - 0.4, b), (x + 0.4, b), (x + 0.4, a)] for x, a, b in bars])
            base = base + height
            self._components[j].set_ydata(expected[:, j])
            self._coin_marks[2 * j].set_xdata([self._tosses * theta.biases[j]])
            self._labels[j].set_text(f"c{SUBSCRIPTS[j]}  bias {theta.biases[j]:.3f}  weight {theta.weights[j]:.3f}")
        last = len(state.steps) - 1
        now = frame // 2
        iterations = range(state.iterations + 1) if state.steps else []
        steps = [state.steps[min(i, last)] for i in iterations]
        values = []
        for j in range(coins):
            values += [[s.theta.biases[j] for s in steps], [s.theta.weights[j] for s in steps]]
        values.append([s.log_likelihood for s in steps])
        for path, point, value in zip(self._paths, self._points, values, strict=True):
            path.set_data(iterations, value)
            point.set_data([now] if value else [], value[now : now + 1])
        titles = {
            "start": "Start: no sequence has been given to a coin yet",
            "E": "E-step: each sequence takes the colours of its posterior",
            "M": "M-step: the coins move to their share of the sequences",
        }
        if moment:
            self._title.set_text(("" if frame == 0 else f"{moment.iteration} · ") + titles[moment.half])
            self._value.set_text(f"{moment.step.log_likelihood:.4f}".replace("-", "\N{MINUS SIGN}"))
        else:
            self._title.set_text("These coins cannot give these data")
            self._value.set_text("")
