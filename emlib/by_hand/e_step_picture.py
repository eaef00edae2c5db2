"""An E-step by eye: tall bars whose shares are dragged, and the bound as a bar beside them."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle

from ..checks import listed
from ..page.coin_panels import coin_names
from ..page.live import MOVING, Area, LivePicture, borders, rectangles
from ..page.picture import COLOURS, HATCHES, INK, signed
from ..words import mark, nats, tr
from .e_step_state import EStepState
from .outcomes import outcome_name, short_name

WIDE, THIN = 0.5, 0.22  # the reader's bar and the posterior's beside it, in shares of the room for an outcome
OWN = -THIN / 2  # where the middle of the reader's bar is, and of all that is said of the outcome
CROWDED = 8  # outcomes, from which on each has room for five characters
LEFT = -0.015  # where the rows below the bars are named
LOWEST = 0.13  # the bar of the bound at even shares


class EStepPicture(LivePicture):
    """A bar for each outcome, shared out by the reader; the first ones have the posterior beside them.

    A frame is how many do.
    """

    state: EStepState

    def handles(self, frame=0):
        state, found = self.state, []
        for place, row in enumerate(state.rows):
            x = place + OWN
            names = [border_name(state, row, j) for j in range(1, len(state.theta))]
            found += borders(self._bars, names, state.shares[row], (x, 0), (x, 1), "level")
        return found

    def areas(self, frame=0):
        found = []
        for place, row in enumerate(self.state.rows[:frame]):
            corners = (place + WIDE / 2 - THIN / 2, 0), (place + WIDE / 2 + THIN / 2, 1)
            found.append(Area(self._bars, *corners, tr("posterior {shares}", shares=listed(self.state.posterior[row]))))
        return found

    def draw(self, figure):
        state = self.state
        coins, outcomes = len(state.theta), len(state.rows)
        self._bars = bars = figure.add_axes((0.075, 0.2, 0.685, 0.58))
        bars.set(
            xlim=(-0.5, outcomes - 0.5), ylim=(0, 1), xticks=[], yticks=(0, 0.5, 1), ylabel=tr("shares of the coins")
        )
        self._crowded = outcomes >= CROWDED
        for place, row in enumerate(state.rows):
            name = short_name(state.model, row) if self._crowded else outcome_name(state.model, row)
            text = f"{name}\n×{state.model.occurrences[row]:g}"
            bars.text(place + OWN, -0.03, text, ha="center", va="top", size=max(9, min(12, 80 / outcomes)))
        if self._crowded:
            where = {"transform": bars.transAxes, "ha": "right", "va": "top", "size": 9}
            said = mark("heads /\ntosses") if np.ptp(state.model.distinct_tosses) else mark("heads")
            bars.text(LEFT, -0.03, tr(said), **where)
        look = [{"facecolor": COLOURS[j], "edgecolor": "white", "hatch": HATCHES[j]} for j in range(coins)]
        self.own, self.posterior = (
            [bars.add_patch(PathPatch(rectangles([]), **look[j], alpha=alpha, **MOVING)) for j in range(coins)]
            for alpha in (0.75, 1)
        )
        titles = figure.add_axes((0, 0.8, 1, 0.2), xlim=(0, 1), ylim=(0, 1))
        titles.set_axis_off()
        self._names = coin_names(titles, coins)
        score = figure.add_axes((0.79, 0.06, 0.05, 0.72), xlim=(0, 1), ylim=(0, 1.12))
        score.set_axis_off()
        score.plot([0, 1], [1, 1], color=INK, lw=2.5)
        look = {"facecolor": COLOURS[4], "edgecolor": INK}
        self._score = score.add_patch(Rectangle((0.15, 0), 0.7, 0, **look, **MOVING))
        return [(bars, self._shares), (titles, self._title), (score, self._scored)]

    def _shares(self, frame):
        state = self.state
        own, posterior = (
            np.cumsum(np.column_stack([np.zeros(len(q)), q]), axis=1) for q in (state.shares, state.posterior)
        )
        for j in range(len(state.theta)):
            left = -WIDE / 2 - THIN / 2
            self.own[j].set_path(
                rectangles((x + left, x + left + WIDE, *own[row, j : j + 2]) for x, row in enumerate(state.rows))
            )
            right = WIDE / 2 - THIN / 2
            self.posterior[j].set_path(
                rectangles(
                    (x + right, x + right + THIN, *posterior[row, j : j + 2])
                    for x, row in enumerate(state.rows[:frame])
                )
            )
        costs = state.costs()
        digits = 3
        if self._crowded:
            largest = max((costs[row] for row in state.rows if np.isfinite(costs[row])), default=0)
            digits = next((d for d in (2, 1) if len(nats(largest, d)) <= 5), 0)
        for x, row in enumerate(state.rows[:frame]):
            place = (x + 0.5 + OWN) / len(state.rows), -0.29
            yield place, 9 if self._crowded else 11, "ms", nats(costs[row], digits)

    def _title(self, frame):
        title = tr("Give each outcome's sequences to the coins")
        if frame:
            title = tr("Thin bars: the posterior; below: what your shares cost, in nats")
        yield (0.015, 0.7), 15, "ls", title
        yield from self._names(self.state.theta)

    def _scored(self, frame):
        """The bar of the bound, which cannot pass the line.

        From there to even shares it is as long as the bound says. Below them it has no end: the bar shrinks ever more
        slowly, so that worse is always shorter, and only minus infinity has no bar.
        """
        bound, top = self.state.bound, self.state.log_likelihood
        below = (top - bound) / max(top - self.state.even_bound, 1e-6)  # of even shares: 1
        self._score.set_height(1 - (1 - LOWEST) * below if below < 1 else LOWEST / below)
        numbers = {
            tr("log-likelihood"): signed(nats(top)),
            tr("your score F"): signed(nats(bound)),
            tr("below it"): nats(top - bound),
        }
        for (name, number), y in zip(numbers.items(), (0.86, 0.55, 0.24), strict=True):
            yield (1.15, y + 0.07), 11, "ls", name
            yield (1.15, y), 13, "ls", number


def border_name(state: EStepState, row: int, coin: int) -> str:
    """The border in the bar of an outcome between a coin, counted from 1, and the next."""
    outcome = outcome_name(state.model, row)
    return tr("{outcome}: coins {first} and {second}", outcome=outcome, first=coin, second=coin + 1)
