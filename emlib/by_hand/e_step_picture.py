"""An E-step by eye: tall bars whose shares are dragged, and the bound as a bar beside them."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle

from ..checks import listed
from ..page.coin_panels import coin_names
from ..page.live import MOVING, Area, LivePicture, borders, rectangles
from ..page.picture import COLOURS, HATCHES, INK, signed
from ..words import tr
from .e_step_state import EStepState
from .outcomes import outcome_name

WIDE, THIN = 0.5, 0.22  # the reader's bar and the posterior's beside it, in shares of the room for an outcome


class EStepPicture(LivePicture):
    """A bar for each outcome, shared out by the reader; the first ones have the posterior beside them.

    A frame is how many do.
    """

    state: EStepState

    def handles(self, frame=0):
        state, found = self.state, []
        for place, row in enumerate(state.rows):
            x = place - THIN / 2
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
        size = min(12, 480 / outcomes / 6)
        for place, row in enumerate(state.rows):
            name = outcome_name(state.model, row)
            text = f"{name}\n×{state.model.occurrences[row]}" if outcomes < 9 else name.replace(" ", "\n")
            bars.text(place, -0.03, text, ha="center", va="top", size=max(size, 9))
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
        for x, row in enumerate(state.rows[:frame]):
            yield ((x + 0.5) / len(state.rows), -0.29), 11 if len(state.rows) < 9 else 9, "ms", f"{costs[row]:.3f}"

    def _title(self, frame):
        title = tr("Give each outcome's sequences to the coins")
        if frame:
            title = tr("Thin bars: the posterior; below: what your shares cost, in nats")
        yield (0.015, 0.7), 15, "ls", title
        yield from self._names(self.state.theta)

    def _scored(self, frame):
        """The bar of the bound, which begins below that of even shares and cannot pass the line."""
        bound, top = self.state.bound, self.state.log_likelihood
        span = 1.15 * max(top - self.state.even_bound, 1e-6)
        self._score.set_height(float(np.clip(1 - (top - bound) / span, 0, 1)))
        finite = np.isfinite(bound)
        numbers = {
            tr("log-likelihood"): signed(f"{top:.4f}"),
            tr("your score F"): signed(f"{bound:.4f}") if finite else "\N{MINUS SIGN}\N{INFINITY}",
            tr("below it"): f"{max(top - bound, 0):.4f}" if finite else "\N{INFINITY}",
        }
        for (name, number), y in zip(numbers.items(), (0.86, 0.55, 0.24), strict=True):
            yield (1.15, y + 0.07), 11, "ls", name
            yield (1.15, y), 13, "ls", number


def border_name(state: EStepState, row: int, coin: int) -> str:
    """The border in the bar of an outcome between a coin, counted from 1, and the next."""
    outcome = outcome_name(state.model, row)
    return tr("{outcome}: coins {first} and {second}", outcome=outcome, first=coin, second=coin + 1)
