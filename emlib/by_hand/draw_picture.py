"""A guess of a run as a line that is drawn, and the run that is drawn over it."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..page.live import MOVING, Area, Handle, LivePicture
from ..page.picture import COLOURS, GREY, INK, MARKERS, signed
from ..words import mark, tr
from .draw_state import LOG_LIKELIHOOD, DrawState, quantity_name

DRAW = "draw"
APART = mark("Iteration {iteration}: {now}; on average {apart:.3f} from your guess")
IN_NATS = mark("Iteration {iteration}: {now}; on average {apart:.3f} nats from your guess")


class DrawPicture(LivePicture):
    """The guess of a `DrawState`; frame f shows f iterations of the run."""

    state: DrawState

    def key(self):
        return self.state.quantity

    def handles(self, frame=0):
        if frame:
            return []
        low, high = self.state.scale()
        shares = np.clip((self.state.guesses[self.state.quantity] - low) / (high - low), 0, 1)
        look = {"look": "point", "colour": self._colour}
        return [
            Handle(
                f"iteration {i}",
                *(self._axes, (0, shares[i]), (i, low), (i, high)),
                words=tr("iteration {number}", number=i),
                **look,
            )
            for i in range(1, self.state.last + 1)
        ]

    def areas(self, frame=0):
        low, high = self.state.scale()
        return [] if frame else [Area(self._axes, (0, low), (self.state.last, high), DRAW, "draw")]

    def draw(self, figure):
        state, quantity = self.state, self.state.quantity
        low, high = state.scale()
        coin = 0 if quantity == LOG_LIKELIHOOD else int(quantity.split()[1]) - 1
        self._colour = INK if quantity == LOG_LIKELIHOOD else COLOURS[coin]
        self._axes = axes = figure.add_axes((0.1, 0.13, 0.87, 0.72))
        axes.set(xlim=(0, state.last + 0.3), ylim=(low, high), xlabel=tr("iteration"))
        label = tr("log-likelihood (nats)") if quantity == LOG_LIKELIHOOD else quantity_name(quantity)
        axes.set_ylabel(label, size=12)
        axes.xaxis.set_major_locator(MaxNLocator(min(state.last, 15), integer=True))
        axes.grid(color="#E5E5E5")
        marker = MARKERS[coin]
        axes.plot([0], state.runs[quantity][:1], marker, color=self._colour, ms=11, clip_on=False, zorder=4)
        look = {"color": GREY, "lw": 3, "ls": "--", "clip_on": False}
        (guess,) = axes.plot([], [], "o", ms=7, markerfacecolor="white", markeredgecolor=INK, **look, **MOVING)
        (run,) = axes.plot([], [], marker, ls="-", color=self._colour, lw=2.5, ms=8, clip_on=False, zorder=3, **MOVING)

        def update(frame):
            guess.set_data(np.arange(state.last + 1), state.guesses[quantity])
            run.set_data(np.arange(frame + 1), state.runs[quantity][: frame + 1])
            title = tr("Draw with the pointer: where will it go?")
            if frame:
                now = signed(f"{state.runs[quantity][frame]:z.4f}")
                sentence = IN_NATS if quantity == LOG_LIKELIHOOD else APART
                title = tr(sentence, iteration=frame, now=now, apart=state.distance(frame))
            yield (-0.09, 1.07), 15, "ls", title

        return [(axes, update)]
