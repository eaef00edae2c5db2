"""The reader's coins under the data, and the height that they have reached."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.ticker import MaxNLocator

from ..checks import tally
from ..page.coin_panels import LANE, coin_handles, coin_names, lanes, weights_bar, words_of_bar
from ..page.live import HEIGHT, MOVING, Area, LivePicture, rectangles
from ..page.picture import COLOURS, GREY, HATCHES, INK, MARKERS, signed
from ..words import mark, nats, tr
from .climb_state import AgainstEMState, ClimbState, MStepState

# No coin's colours and marks: the reader's line, the rival's, and where the rival ends.
YOURS = {"color": INK, "marker": "*", "ms": 9}
RIVAL = {"color": "#777777", "marker": "x", "ms": 6, "markeredgewidth": 2}
END = {"color": "#777777", "ls": "--"}
FIRST = 10  # moves for which there is room at the beginning
EDGES = (-0.05, 1.05)  # of the axis of biases
MOST_TOSSES = 100  # of sequences over which the mixture is drawn
GOAL = mark("Hollow marks: where the M-step puts the coins")
GOAL_AND_BORDERS = mark("Hollow marks: the M-step's coins; triangles: the borders of its weights")


class ClimbPicture(LivePicture):
    """Data in the colours of the coins, the coins to be moved, and their score after every move.

    Frame 1 shows what frame 0 hides: where the rival ends.
    """

    state: ClimbState

    def handles(self, frame=0):
        found = coin_handles(self._lanes, self._weights, self.state.theta)
        return [handle for handle in found if handle.look == "coin" or self.state.model.learn_weights]

    def areas(self, frame=0):
        model, colours = self.state.model, self.state.colours
        found = []
        for row, (heads, tosses, n) in enumerate(
            zip(model.distinct_heads, model.distinct_tosses, model.occurrences, strict=True)
        ):
            text = words_of_bar(heads, tosses, n, None if colours is None else colours[row])
            place = heads / tosses
            found.append(Area(self._data, (place - self._width / 2, 0), (place + self._width / 2, n), text))
        return found

    def draw(self, figure):
        state, coins = self.state, len(self.state.start)
        height = LANE * coins / HEIGHT
        titles = figure.add_axes((0, 0.8, 1, 0.2), xlim=(0, 1), ylim=(0, 1))
        titles.set_axis_off()
        self._names = coin_names(titles, coins)
        self._lanes = figure.add_axes((0.065, 0.215, 0.515, height), xlim=EDGES)
        self._lanes.set_xlabel(tr("share of heads; bias"))
        self._lanes.set_xticks(np.linspace(0, 1, 11))
        self._data = figure.add_axes((0.065, 0.235 + height, 0.515, 0.55 - height), xlim=EDGES)
        self._weights = figure.add_axes((0.08, 0.015, 0.485, 0.065))
        move_lanes, move_weights = lanes(self._lanes, coins), weights_bar(self._weights, coins)
        goal = self._goal(coins)
        history = figure.add_axes((0.69, 0.13, 0.295, 0.4))
        numbers = figure.add_axes((0.62, 0.55, 0.37, 0.2), xlim=(0, 1), ylim=(0, 1))
        numbers.set_axis_off()
        self._marks = [numbers.plot([], [], lw=2, clip_on=False, **look, **MOVING)[0] for look in (YOURS, RIVAL, END)]
        return [
            (titles, self._title),
            (self._data, self._draw_data(self._data, coins)),
            (self._lanes, lambda frame: [*goal(frame), *move_lanes(state.theta.biases, state.start.biases)]),
            (self._weights, lambda frame: move_weights(state.theta.weights)),
            (history, self._draw_history(history)),
            (numbers, self._numbers),
        ]

    def _goal(self, coins):
        """Open marks where the M-step puts the coins, and the borders of its weights."""
        look = {"markerfacecolor": "white", "markeredgewidth": 2, "ms": 12, "clip_on": False, "zorder": 3}
        marks = [self._lanes.plot([], [], MARKERS[j], color=COLOURS[j], **look, **MOVING)[0] for j in range(coins)]
        (ends,) = self._weights.plot([], [], "v", color=INK, ms=9, clip_on=False, zorder=6, **MOVING)

        def update(frame):
            theta = self.state.rival[-1].theta
            seen = frame == 1 and isinstance(self.state, MStepState)
            for j, point in enumerate(marks):
                point.set_data([theta.biases[j]] if seen else [], [j] if seen else [])
            borders = np.cumsum(theta.weights)[:-1] if seen else []
            ends.set_data(borders, np.ones(len(borders)))
            return ()

        return update

    def _title(self, frame):
        title = self.state.title
        if frame and isinstance(self.state, MStepState):
            title = GOAL_AND_BORDERS if self.state.model.learn_weights and len(self.state.start) > 1 else GOAL
        yield (0.015, 0.7), 15, "ls", tr(title)
        yield from self._names(self.state.theta)

    def _draw_data(self, axes, coins):
        model = self.state.model
        places = model.distinct_heads / model.distinct_tosses
        tosses = int(model.distinct_tosses.max())
        self._width = 0.8 / min(tosses, MOST_TOSSES)
        grid, which = np.unique(places, return_inverse=True)  # 1 head of 2 and 2 of 4 are one bar
        totals = tally(which, model.occurrences)
        axes.set(ylim=(0, 1.3 * totals.max()), ylabel=tr("sequences"))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.tick_params(labelbottom=False)
        axes.set_xticks(np.linspace(0, 1, 11))
        axes.bar(grid, totals, width=self._width, color=GREY)
        parts = [
            axes.add_patch(
                PathPatch(
                    rectangles([]), facecolor=COLOURS[j], edgecolor="white", hatch=HATCHES[j], alpha=0.75, **MOVING
                )
            )
            for j in range(coins)
        ]
        (mixture,) = axes.plot([], [], color=INK, lw=2.5, **MOVING)
        # The M-step does not look at the curve: fitting it to the bars is another game.
        fits = isinstance(self.state, AgainstEMState) and np.ptp(model.distinct_tosses) == 0 and tosses <= MOST_TOSSES

        def update(frame):
            colours, base = self.state.colours, np.zeros(len(grid))
            for j in range(coins):
                own = 0 if colours is None else tally(which, model.occurrences * colours[:, j])
                parts[j].set_path(
                    rectangles(
                        (x - self._width / 2, x + self._width / 2, a, b)
                        for x, a, b in zip(grid, base, base + own, strict=True)
                    )
                )
                base = base + own
            if fits:
                expected = model.occurrences.sum() * self.state.theta.probabilities(tosses) @ self.state.theta.weights
                mixture.set_data(np.arange(tosses + 1) / tosses, expected)
            return ()

        return update

    def _draw_history(self, axes):
        state = self.state
        low, high = state.rival[0].score, state.rival[-1].score
        room = max(high - low, 1e-3)
        bottom, top = low - 0.35 * room, high + 0.15 * room
        axes.set(ylim=(bottom, top), xticks=[], xlabel=tr("moves"), ylabel=tr("score (nats)"))
        axes.yaxis.set_major_locator(MaxNLocator(3))  # round numbers: none tells where the rival ends
        axes.ticklabel_format(axis="y", useOffset=False)
        rival, limit, own = (
            axes.plot([], [], lw=2, clip_on=False, **look, **MOVING)[0] for look in (RIVAL, END, YOURS)
        )

        def update(frame):
            scores = np.clip([move.score for move in state.moves], bottom, top)  # on an edge: there, or beyond
            most = max(FIRST, len(scores) - 1)
            x = np.arange(len(scores)) / most
            own.set_data(x, scores)
            if isinstance(state, AgainstEMState):
                beside = [move.score for move in state.rival[: most + 1 if frame else len(scores)]]
                rival.set_data(np.arange(len(beside)) / most, beside)
            limit.set_data([0, 1] if frame else [], [high, high] if frame else [])
            yield (0, -0.06), 10, "mt", "0"
            yield (1, -0.06), 10, "mt", str(most)

        axes.set_xlim(0, 1)
        axes.margins(0)
        return update

    def _numbers(self, frame):
        """The scores, each beside the mark of its line."""
        state = self.state
        moves, done = len(state.moves) - 1, min(len(state.moves), len(state.rival)) - 1
        against = isinstance(state, AgainstEMState)
        yours = mark("yours after {moves} move") if moves == 1 else mark("yours after {moves} moves")
        lines = [(tr(yours, moves=moves), state.moves[-1].score), (tr("your best"), state.best)]
        if against:
            after = mark("EM after {done} iteration") if done == 1 else mark("EM after {done} iterations")
            lines.append((tr(after, done=done), state.rival[done].score))
        if frame:
            lines.append((tr("EM's end") if against else tr("the M-step"), state.rival[-1].score))
        for number, (name, score) in enumerate(lines):
            y = 0.88 - 0.25 * number
            yield (0.08, y), 12, "ls", name
            yield (1, y), 13, "rs", signed(nats(score))
        for shown, sample, number in zip((True, against, frame), self._marks, (0, 2, len(lines) - 1), strict=True):
            x = np.array([0, 0.065]) if sample is self._marks[-1] else np.array([0.03])
            sample.set_data(x if shown else [], 0 * x + 0.93 - 0.25 * number if shown else [])
