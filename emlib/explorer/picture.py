"""The explorer's picture, made of panels.

A panel is a function that draws its axes for a state and returns another that moves its artists to a moment, and
yields the words and numbers to write there: place in the axes, size in points, anchor, text.
"""

from functools import partial

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from ..page.coin_panels import BIAS_AND_WEIGHT, LANE, SUBSCRIPTS, coin_handles, lanes, weights_bar, words_of_bar
from ..page.live import HEIGHT, MOVING, Area, Handle, LivePicture, rectangles
from ..page.picture import COLOURS, GREY, HATCHES, INK, LINES, MARKERS, signed
from ..words import mark, tr
from .state import end_of_climb, some_of

MOST_BARS, MOST_IN_BAR = 25, 150  # tosses, and sequences of one outcome, for bars to be dragged
TITLES = {
    "start": mark("Start: no sequence has been given to a coin yet"),
    "E": mark("{iteration} · E-step: each sequence takes the colours of its posterior"),
    "M": mark("{iteration} · M-step: the coins move to their share of the sequences"),
}
SHORTER = mark("bias {bias:.3f}  w {weight:.3f}")


def data_panel(axes, state):
    """The sequences in the colours of their coins, and what the coins and their mixture expect."""
    coins = len(state.start)
    heads = np.arange(state.tosses + 1)
    rows = min(coins, 3)  # of labels; those of four coins or more fill a second column
    places = [(column, row) for column in (0.02, 0.53) for row in range(rows)]
    if rows == coins:
        places[coins] = (0.66, 0)  # of the mixture
    places = [(x, 1 - (0.035 + 0.05 * row) / axes.get_position().height) for x, row in places]
    bottom = 1 - (0.035 + 0.05 * rows) / axes.get_position().height
    axes.set(ylim=(0, max(state.room / bottom, state.room + 1)), ylabel=tr("sequences"))
    axes.tick_params(labelbottom=False)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    observed = axes.add_patch(PathPatch(bars([], [], []), facecolor=GREY, edgecolor="none", **MOVING))
    shares, components = [], []
    for j in range(coins):
        look = {"facecolor": COLOURS[j], "edgecolor": "white", "hatch": HATCHES[j], "alpha": 0.75}
        shares.append(axes.add_patch(PathPatch(bars([], [], []), **look, **MOVING)))
    for j in range(coins):
        components += axes.plot(heads, heads * 0.0, lw=2, color=COLOURS[j], ls=LINES[j], **MOVING)
        x, y = places[j]
        look = {"color": COLOURS[j], "transform": axes.transAxes, "zorder": 5, **MOVING}
        axes.plot([x + 0.025], [y], MARKERS[j], ms=8, **look)
        axes.plot([x, x + 0.05], [y, y], ls=LINES[j], lw=2, **look)
    (mixture,) = axes.plot(heads, heads * 0.0, color=INK, lw=2.5, **MOVING)
    for x, y in places[coins : coins + 1]:  # beside six coins there is no room
        axes.plot([x, x + 0.05], [y, y], **look | {"color": INK, "lw": 2.5})
    # A high curve passes behind the labels.
    behind = {"transform": axes.transAxes, "zorder": 4, "facecolor": "white", "alpha": 0.7, **MOVING}
    axes.add_patch(Rectangle((0.005, bottom), 0.99, 1 - bottom, **behind))
    true_shares = state.true_shares() if state.reveal and state.labels is not None else None

    def update(moment):
        model = state.model
        observed.set_path(bars(model.distinct_heads, 0 * model.occurrences, model.occurrences))
        theta = moment.step.theta if moment else state.start
        posterior = moment.posterior if moment else None
        colours = true_shares if true_shares is not None else posterior
        base = np.zeros(len(model.distinct_heads))
        expected = model.occurrences.sum() * theta.probabilities(state.tosses) * theta.weights
        mixture.set_ydata(expected.sum(axis=1))
        for j in range(coins):
            top = base if colours is None else base + model.occurrences * colours[:, j]
            shares[j].set_path(bars(model.distinct_heads, base, top))
            base = top
            components[j].set_ydata(expected[:, j])
            numbers = {"bias": theta.biases[j], "weight": theta.weights[j]}
            label = f"c{SUBSCRIPTS[j]}  " + tr(BIAS_AND_WEIGHT if rows == coins else SHORTER, **numbers)
            x, y = places[j]
            yield (x + 0.065, y), 11 if rows == coins else 10, "lm", label
        for x, y in places[coins : coins + 1]:
            yield (x + 0.065, y), 11 if rows == coins else 10, "lm", tr("all coins together")
        if moment is None:
            title = tr("These coins cannot give these data")
        elif true_shares is not None:
            title = tr("{iteration} · Revealed: the colours of the true coins", iteration=moment.iteration)
        else:
            title = tr(TITLES[moment.half], iteration=moment.iteration)
        yield (0, 1.03), 13, "ls", title

    return update


def coins_panel(axes, state):
    """A lane for every coin: where it is, and the way it has come in this half-step."""
    data = tr(state.data)
    axes.set_xlabel(tr("heads in {tosses} tosses: {data}", tosses=state.tosses, data=data[:1].lower() + data[1:]))
    axes.xaxis.set_major_locator(MaxNLocator(11, integer=True))
    move = lanes(axes, len(state.start), state.tosses)

    def update(moment):
        now = moment.step.theta if moment else state.start
        return move(now.biases, (moment.came_from if moment else now).biases)

    return update


def weights_panel(axes, state):
    """The weights side by side, from 0 to 1."""
    move = weights_bar(axes, len(state.start))
    return lambda moment: move((moment.step.theta if moment else state.start).weights)


def run_lines(axes, state, values, marker="o", **style):
    """A line over the iterations of the run with a point at the moment on show, and thin ones for kept runs."""
    others = [axes.plot([], [], lw=1, color=GREY, zorder=1, **MOVING)[0] for _ in state.kept]
    (line,) = axes.plot([], [], lw=1.6, **style, **MOVING)
    point_style = {"ms": 8, "color": style["color"], "markeredgecolor": "white", "clip_on": False}
    (point,) = axes.plot([], [], marker, **point_style, **MOVING)

    def update(moment):
        steps = state.steps
        run = values(steps)[np.minimum(range(state.iterations + 1), len(steps) - 1)] if steps else []
        now = moment.iteration - (moment.half == "E") if moment else 0
        drawn = run if state.ahead else run[: now + 1]
        line.set_data(range(len(drawn)), drawn)
        point.set_data([now] if steps else [], run[now : now + 1])
        for other, kept in zip(others, state.kept, strict=True):
            other.set_data(range(len(kept)), values(kept))
        return run[now] if steps else None

    return update


def roomy(axes) -> bool:
    """Whether three labels fit one above the other."""
    return axes.get_position().height * HEIGHT * 72 > 45


def parameter_panel(axes, state, name, label):
    """The paths of the biases, or of the weights."""
    axes.set(ylim=(-0.06, 1.06), yticks=(0, 0.5, 1) if roomy(axes) else (0, 1), ylabel=tr(label))

    def value_of(j):
        return lambda run: getattr(run, name)[:, j] if j < run.biases.shape[1] else np.full(len(run), np.nan)

    style = [{"color": COLOURS[j], "ls": LINES[j], "marker": MARKERS[j]} for j in range(len(state.start))]
    updates = [run_lines(axes, state, value_of(j), **style[j]) for j in range(len(state.start))]

    def update(moment):
        for move in updates:
            move(moment)
        return ()

    return update


def likelihood_panel(axes, state):
    """The log-likelihood per iteration.

    Its scale moves with every start. So the axis is drawn once, in shares of the scale, and its numbers are written.
    """
    ticks = (0, 0.5, 1) if roomy(axes) else (0, 1)
    axes.set(ylim=(-0.2, 1.1), yticks=ticks, yticklabels=[], ylabel=tr("log-lik."))

    def shares(run):
        low, high = likelihood_scale(state)
        return (run.log_likelihoods - low) / (high - low)

    move = run_lines(axes, state, shares, color=INK)

    def update(moment):
        move(moment)
        if state.steps or state.kept:
            low, high = likelihood_scale(state)
            for tick in ticks:
                yield (-0.025, (tick + 0.2) / 1.3), 10.5, "rm", signed(f"{low + tick * (high - low):zg}")
        if moment:
            last = state.steps[-1]
            ends = [moment.step, *([last] if state.ahead and last.iteration > moment.step.iteration else [])]
            heights = " \N{RIGHTWARDS ARROW} ".join(f"{step.log_likelihood:z.4f}" for step in ends)
            yield (0.98, 0.1), 11, "rs", signed(heights)

    return update


def gap_panel(axes, state):
    """How far below the end of the climb, on a log scale: linear convergence is a straight line."""
    axes.set(yscale="log", ylim=(1e-13, 1e3), yticks=(1e-12, 1e-6, 1) if roomy(axes) else (1e-12, 1), ylabel=tr("gap"))
    axes.minorticks_off()

    def gaps(run):
        return np.maximum(end_of_climb(state.model, run) - run.log_likelihoods, 0)

    move = run_lines(axes, state, gaps, color=INK)

    def update(moment):
        value = move(moment)
        if value is not None:
            yield (0.98, 0.8), 11, "rs", signed(f"{value:z.1e}")

    return update


def table_panel(axes, state, least=0):
    """Table 6.1 live: the posterior of every coin for every outcome, or for some of them where there are many."""
    axes.set_axis_off()
    coins = len(state.start)
    points = 72 * HEIGHT * axes.get_position().height
    most = min(11, int(points / 1.2 / max(8, least)) - 1)  # rows of 8 points or larger
    places = np.linspace(0.12, 1, coins + 1)

    def update(moment):
        rows = np.unique(np.linspace(0, len(state.model.distinct_heads) - 1, most).astype(int))
        heights = 1 - (np.arange(len(rows) + 1) + 0.5) / (len(rows) + 1)
        size = min(11, points / (len(rows) + 1) / 1.2, 66 / (coins + 1))
        yield (places[0], heights[0]), size, "rm", tr("heads")
        for j in range(coins):
            yield (places[j + 1], heights[0]), size, "rm", f"c{SUBSCRIPTS[j]}"
        for row, height in zip(rows, heights[1:], strict=True):
            yield (places[0], height), size, "rm", str(state.model.distinct_heads[row])
            for j in range(coins) if moment and moment.posterior is not None else ():
                yield (places[j + 1], height), size, "rm", f"{moment.posterior[row, j]:.3f}"

    return update


PANELS = {
    mark("biases"): partial(parameter_panel, name="biases", label=mark("bias")),
    mark("weights"): partial(parameter_panel, name="weights", label=mark("weight")),
    mark("log-likelihood"): likelihood_panel,
    mark("gap"): gap_panel,
    mark("table"): table_panel,
}

"""The panels on the right by name. A new one is a function and a line here."""

DEFAULT_PANELS = ("biases", "weights", "log-likelihood")


class ExplorerPicture(LivePicture):
    """Data, mixture and coins on the left; the panels that were asked for on the right.

    Parameters
    ----------
    state : ExplorerState
        What to draw.
    panels : sequence of str
        Keys of `PANELS`, from top to bottom; the table stands first.
    scale : float, default 1
        As in `LivePicture`.
    """

    def __init__(self, state, panels=DEFAULT_PANELS, scale: float = 1):
        super().__init__(state, scale)
        panels = some_of("panels", panels, PANELS, least=1)
        self.panels = sorted(panels, key=lambda name: name != "table")  # the axis of iterations stands at the bottom

    def key(self):
        state = self.state
        coloured = state.model if state.reveal else None
        return [state.room, state.tosses, state.data, len(state.start), state.iterations, coloured, state.kept]

    def moment(self, frame):
        return self.state.moment(frame) if self.state.steps else None

    def handles(self, frame=0):
        moment = self.moment(frame)
        theta = moment.step.theta if moment else self.state.start
        return [*coin_handles(self._coins, self._weights, theta, self.state.tosses), *self._bar_handles()]

    def _bar_handles(self):
        """A handle on every bar, and where one can be; none where a hand cannot tell whole sequences or bars apart."""
        counts, tosses = self.state.counts, self.state.tosses
        if tosses > MOST_BARS or counts.max() > MOST_IN_BAR:
            return []
        top = min(int(self._data.get_ylim()[1]), MOST_IN_BAR)
        found = []
        for heads, n in enumerate(counts):
            limits = int(n == counts.sum()) / top, 1  # one sequence must remain
            places = (0, n / top), (heads, 0), (heads, top)
            words = tr("sequences of {heads} heads", heads=heads)
            look = {"look": "top", "steps": top, "group": "data", "words": words}
            found.append(Handle(f"sequences of {heads} heads", self._data, *places, limits, **look))
        return found

    def areas(self, frame=0):
        model, moment = self.state.model, self.moment(frame)
        posterior, found = moment and moment.posterior, []
        for row, (x, n) in enumerate(zip(model.distinct_heads, model.occurrences, strict=True)):
            text = words_of_bar(x, self.state.tosses, n, None if posterior is None else posterior[row])
            found.append(Area(self._data, (x - 0.4, 0), (x + 0.4, n), text))
        runs = [axes for name, axes in zip(self.panels, self._right, strict=True) if name != "table"]
        ends = 0, self.state.iterations
        return [*found, *(Area(axes, *zip(ends, axes.get_ylim(), strict=True), use="time") for axes in runs)]

    def draw(self, figure):
        state = self.state
        height = LANE * len(state.start) / HEIGHT
        self._coins = coins = figure.add_axes((0.06, 0.215, 0.5, height))
        self._data = data = figure.add_axes((0.06, 0.235 + height, 0.5, 0.68 - height))
        for axes in (data, coins):
            axes.set_xlim(-0.7, state.tosses + 0.7)
        updates = [(data, data_panel(data, state)), (coins, coins_panel(coins, state))]
        shares = np.cumsum([0] + [2 if name == "table" else 1 for name in self.panels])
        bottoms = 0.97 - 0.83 * shares / shares[-1]
        right = []
        for name, top, bottom in zip(self.panels, bottoms, bottoms[1:], strict=False):
            axes = figure.add_axes((0.66, bottom, 0.325, top - bottom - 0.06))
            axes.set_xlim(-0.5, state.iterations + 0.5)
            axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
            axes.grid(axis="y", color="#E5E5E5")
            axes.tick_params(labelbottom=False)
            look = {"least": self.least} if name == "table" else {}
            updates.append((axes, PANELS[name](axes, state, **look)))
            right.append(axes)
        right[-1].tick_params(labelbottom=True)
        right[-1].set_xlabel(tr("iteration"))
        for axes in right:
            axes.yaxis.set_label_coords(-0.22 if self.least else -0.2, 0.5)  # clear of larger numbers
        self._right = right
        self._weights = figure.add_axes((0.09, 0.015, 0.44, 0.065))
        return [*updates, (self._weights, weights_panel(self._weights, state))]


def likelihood_scale(state) -> tuple[float, float]:
    """Two round numbers, between which the climb lies; they change in steps, so that the axis rests in a drag."""
    steps = state.steps or state.kept[-1]
    first, last = steps.log_likelihoods[[0, -1]].tolist()
    climb = next(s for e in range(-1, 12) for s in (10.0**e, 2 * 10.0**e, 5 * 10.0**e) if s >= last - first)
    high = climb / 10 * np.ceil(last / (climb / 10))  # round, too: the end of the climb moves with every start
    return high - climb, high


def bars(centres, bottoms, tops):
    """Bars of width 0.8 as one path."""
    return rectangles((x - 0.4, x + 0.4, *ends) for x, *ends in zip(centres, bottoms, tops, strict=True))
