"""The picture of notebook 11: which of two coins was tossed, when somebody swaps them now and then."""

import numpy as np

from ...page.picture import COLOURS, GREY, INK, Picture, new_figure, of_shape, styled

__all__ = ["hidden_coins"]


@styled
def hidden_coins(tosses, shares, truth) -> Picture:
    """The posterior of the second coin, toss by toss, over grey spans where it was really tossed.

    Parameters
    ----------
    tosses : array_like of int, shape (T,)
        1 for heads, 0 for tails; drawn as strokes above and below.
    shares : array_like, shape (T,)
        Posterior probability of the second coin.
    truth : array_like of int, shape (T,)
        The coin that was tossed, 0 or 1.
    """
    tosses = of_shape("tosses", tosses, None)
    shares, truth = (of_shape(name, rows, len(tosses)) for name, rows in (("shares", shares), ("truth", truth)))
    toss = np.arange(1, len(tosses) + 1)
    figure = new_figure(height=3.2)
    axes = figure.add_subplot()
    borders = np.flatnonzero(np.diff(truth)) + 1.5
    edges = [0.5, *borders, len(tosses) + 0.5]
    second = [(left, right) for left, right in zip(edges, edges[1:], strict=False) if truth[int(left)] == 1]
    for number, (left, right) in enumerate(second):
        axes.axvspan(left, right, color=GREY, alpha=0.5, lw=0, label=None if number else "coin 2 was tossed")
    axes.axhline(0.5, color=INK, lw=0.8)
    axes.plot(toss, shares, color=COLOURS[1], lw=2, label="posterior of coin 2")
    for side, height in ((1, 1.1), (0, -0.1)):
        there = toss[tosses == side]
        axes.plot(there, np.full(len(there), height), "|", color=COLOURS[0], ms=9)
    axes.set(xlabel="toss", ylim=(-0.2, 1.2), xlim=(0, len(tosses) + 1))
    axes.set_yticks([-0.1, 0, 0.5, 1, 1.1], ["tails", "0", "0.5", "1", "heads"])
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=2)
    right = np.sum((shares > 0.5) == (truth == 1))
    return Picture(
        figure,
        f"Posterior of coin 2 over {len(tosses)} tosses, {int(tosses.sum())} of them heads. The coins were swapped "
        f"{len(borders)} times, the posterior crosses one half {np.sum(np.diff(shares > 0.5))} times, and the likelier "
        f"coin is the true one in {right} tosses.",
    )
