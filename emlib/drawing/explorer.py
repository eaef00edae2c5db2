"""The explorer's picture: drawn once, after which a change redraws only the artists that moved (blitting)."""

import io

import numpy as np
from matplotlib import rc_context
from matplotlib.font_manager import findfont
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from PIL import Image, ImageColor, ImageDraw, ImageFont

from .picture import COLOURS, DPI, GREY, HATCHES, INK, LINES, MARKERS, STYLE, component_probabilities, new_figure

SUBSCRIPTS = "₁₂₃"
TITLES = {
    "start": "Start: no sequence has been given to a coin yet",
    "E": "E-step: each sequence takes the colours of its posterior",
    "M": "M-step: the coins move to their share of the sequences",
}
WIDTH, HEIGHT = 9.6, 4.2  # inches; with the controls it fits a screen of 1366 x 768


class ExplorerPicture:
    """Data and mixture on the left; the paths of biases, weights and log-likelihood on the right.

    Parameters
    ----------
    state : ExplorerState
        What to draw. The background is drawn anew only when its axes change.
    scale : int, default 1
        How many pixels there are to a pixel of the page; 2 is sharp on every screen, and slower.
    """

    def __init__(self, state, scale: int = 1):
        self.state = state
        self._scale = scale
        self._axes_key = None

    def png(self, frame: int) -> bytes:
        """The picture of a frame as PNG."""
        key = self._key()
        if key != self._axes_key:
            self._draw_background(*key)
            self._axes_key = key
        moment = self.state.moment(frame) if self.state.steps else None
        self._place(moment)
        canvas = self._figure.canvas
        canvas.restore_region(self._background)
        for artist in self._moving:
            artist.axes.draw_artist(artist)
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        self._write(image, self._texts(moment))
        file = io.BytesIO()
        image.quantize(palette=self._palette, dither=Image.Dither.NONE).save(file, "png", compress_level=1)
        return file.getvalue()

    def _write(self, image, texts):
        """The text that changes, by Pillow: matplotlib would take 4 ms for each line."""
        draw = ImageDraw.Draw(image)
        for axes, place, size, anchor, text in texts:
            x, y = axes.transAxes.transform(place)
            if size not in self._fonts:
                self._fonts[size] = ImageFont.truetype(findfont("DejaVu Sans"), size * self._figure.dpi / 72)
            font = self._fonts[size]
            draw.text((x, image.height - y), text, INK, font, anchor)

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
            figure.set_dpi(DPI * self._scale)
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
        self._fonts = {}
        self._palette = palette([*COLOURS[:coins], GREY, INK])
        figure.canvas.draw()
        self._background = figure.canvas.copy_from_bbox(figure.bbox)

    def _make_moving(self, data, biases, weights, climb, coins):
        """The artists that a change moves; `animated` keeps them out of the background."""
        heads = np.arange(self._tosses + 1)
        moving = {"animated": True}
        self._shares = [
            data.add_patch(
                PathPatch(
                    bars([], [], []), facecolor=COLOURS[j], edgecolor="white", hatch=HATCHES[j], alpha=0.75, **moving
                )
            )
            for j in range(coins)
        ]
        (self._mixture,) = data.plot(heads, heads * 0.0, color=INK, lw=2.5, **moving)
        self._components, self._coin_marks = [], []
        self._paths, self._points = [], []
        for j in range(coins):
            style = {"color": COLOURS[j], "ls": LINES[j], **moving}
            mark = {"color": COLOURS[j], "marker": MARKERS[j], "ls": "", "clip_on": False, "zorder": 5, **moving}
            self._components += data.plot(heads, heads * 0.0, lw=2, **style)
            self._coin_marks += data.plot([0], [0], markeredgecolor="white", ms=12, **mark)
            self._coin_marks += data.plot([0.03], [label_height(j)], transform=data.transAxes, ms=8, **mark)
            for axes in (biases, weights):
                self._paths += axes.plot([], [], lw=1.6, **style)
                self._points += axes.plot([], [], ms=8, markeredgecolor="white", **mark)
        self._paths += climb.plot([], [], lw=1.6, color=INK, **moving)
        self._points += climb.plot([], [], "o", ms=8, color=INK, markeredgecolor="white", clip_on=False, **moving)
        self._data, self._climb = data, climb
        lines = [*self._components, self._mixture, *self._paths, *self._points, *self._coin_marks]
        self._moving = [*self._shares, *lines]

    def _place(self, moment):
        state = self.state
        model = state.model
        theta = moment.step.theta if moment else state.start
        expected = len(model.heads) * component_probabilities(theta, self._tosses) * theta.weights
        self._mixture.set_ydata(expected.sum(axis=1))
        base = np.zeros(len(model.outcomes))
        for j in range(len(theta)):
            painted = moment is not None and moment.posterior is not None
            top = base + model.occurrences * moment.posterior[:, j] if painted else base
            self._shares[j].set_path(bars(model.outcomes, base, top))
            base = top
            self._components[j].set_ydata(expected[:, j])
            self._coin_marks[2 * j].set_xdata([self._tosses * theta.biases[j]])
        steps = [state.steps[min(i, len(state.steps) - 1)] for i in range(state.iterations + 1)] if state.steps else []
        values = []
        for j in range(len(theta)):
            values += [[s.theta.biases[j] for s in steps], [s.theta.weights[j] for s in steps]]
        values.append([s.log_likelihood for s in steps])
        now = moment.iteration - (moment.half == "E") if moment else 0
        for path, point, value in zip(self._paths, self._points, values, strict=True):
            path.set_data(range(len(value)), value)
            point.set_data([now] if value else [], value[now : now + 1])

    def _texts(self, moment):
        """The words and numbers that change: axes, place in them, size in points, anchor, text."""
        theta = moment.step.theta if moment else self.state.start
        for j in range(len(theta)):
            label = f"c{SUBSCRIPTS[j]}  bias {theta.biases[j]:.3f}  weight {theta.weights[j]:.3f}"
            yield self._data, (0.06, label_height(j)), 11, "lm", label
        if moment is None:
            yield self._data, (0, 1.03), 13, "ls", "These coins cannot give these data"
            return
        iteration = "" if moment.half == "start" else f"{moment.iteration} · "
        yield self._data, (0, 1.03), 13, "ls", iteration + TITLES[moment.half]
        value = f"{moment.step.log_likelihood:.4f}".replace("-", "\N{MINUS SIGN}")
        yield self._climb, (0.98, 0.1), 11, "rs", value


def label_height(coin: int) -> float:
    """Where the label of a coin stands, as a share of the height of the axes."""
    return 0.955 - 0.075 * coin


def bars(centres, bottoms, tops) -> Path:
    """Bars of width 0.8 as one path."""
    corners = [
        [(x - 0.4, a), (x - 0.4, b), (x + 0.4, b), (x + 0.4, a), (x - 0.4, a)]
        for x, a, b in zip(centres, bottoms, tops, strict=True)
    ]
    return Path.make_compound_path(*(Path(bar, closed=True) for bar in corners))


def palette(colours) -> Image.Image:
    """A palette for pictures of these colours on white: what edges mix of them, and white stays white.

    A picture of palette colours is encoded 4 times faster than one of all colours and half as large.
    """
    rgb = [np.array(ImageColor.getrgb(colour)) for colour in colours]
    grey = np.array(ImageColor.getrgb(GREY))
    base = [*rgb, *(0.75 * colour + 0.25 * grey for colour in rgb)]
    steps = np.linspace(0, 1, 256 // len(base))[:, None]
    table = np.vstack([255 + steps * (colour - 255) for colour in base]).round().astype(np.uint8)
    table = table[
        (table.min(axis=1) < 248) | (table.min(axis=1) == 255)
    ]  # Pillow's search is coarse: only white near white
    image = Image.new("P", (1, 1))
    image.putpalette(table.tobytes())
    return image
