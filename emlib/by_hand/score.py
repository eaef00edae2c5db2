"""A score beside a picture: a bar that the reader raises, and a line that it cannot pass."""

import numpy as np
from matplotlib.patches import Rectangle

from ..page.live import MOVING
from ..page.picture import COLOURS, INK, signed


def score_bar(axes, own: str, limit: str):
    """A bar from the bottom of the axes; the function that is returned moves it.

    Parameters
    ----------
    own, limit : str
        What the bar is the height of, and the line.

    Returns
    -------
    callable
        Takes the two numbers and how far below the second the bar begins, and yields the numbers as text; a limit of
        None is not drawn.
    """
    axes.set(xlim=(0, 1), ylim=(0, 1.12))
    axes.set_axis_off()
    bar = axes.add_patch(Rectangle((0.15, 0), 0.7, 0, facecolor=COLOURS[4], edgecolor=INK, **MOVING))
    (line,) = axes.plot([], [], color=INK, lw=2.5, **MOVING)

    def update(score, top, span):
        bar.set_height(float(np.clip(1 - (top - score) / span, 0, 1)))
        yield (1.15, 0.62), 11, "ls", own
        yield (1.15, 0.55), 13, "ls", signed(f"{score:.4f}") if np.isfinite(score) else "\N{MINUS SIGN}\N{INFINITY}"
        line.set_data([0, 1], [1, 1])
        yield (1.15, 0.93), 11, "ls", limit
        yield (1.15, 0.86), 13, "ls", signed(f"{top:.4f}")
        yield (1.15, 0.31), 11, "ls", "below it"
        yield (1.15, 0.24), 13, "ls", f"{max(top - score, 0):.4f}"

    return update
