"""Coins that can be taken in the hand: a lane for every bias, a bar of all weights, and their names."""

import numpy as np
from matplotlib.patches import Rectangle

from ..checks import listed
from ..words import mark, tr
from .live import MOVING, Handle, borders
from .picture import COLOURS, HATCHES, MARKERS

LANE = 0.25  # inches: what a finger hits
SUBSCRIPTS = "₁₂₃₄₅₆"
BIAS_AND_WEIGHT = mark("bias {bias:.3f}  weight {weight:.3f}")


def words_of_bar(heads, tosses, number, posterior=None) -> str:
    """What a bar of sequences with the same heads tells whoever points at it."""
    bar = {"heads": heads, "tosses": tosses, "number": number}
    if posterior is None:
        return tr("{heads} heads in {tosses} tosses: {number:g} sequences", **bar)
    sentence = mark("{heads} heads in {tosses} tosses: {number:g} sequences; posterior {posterior}")
    return tr(sentence, **bar, posterior=listed(posterior))


def coin_names(axes, coins: int):
    """The coins' marks at the bottom of the axes, up to three in a line; the update writes their numbers."""
    places = [(0.02 + 0.315 * (j % 3), 0.4 - 0.27 * (j // 3)) for j in range(coins)]
    for j, (x, y) in enumerate(places):
        axes.plot([x], [y], MARKERS[j], color=COLOURS[j], ms=8, transform=axes.transAxes, clip_on=False)

    def update(theta):
        for j, (x, y) in enumerate(places):
            text = tr(BIAS_AND_WEIGHT, bias=theta.biases[j], weight=theta.weights[j])
            yield (x + 0.015, y), 11, "lm", f"c{SUBSCRIPTS[j]}  {text}"

    return update


def lanes(axes, coins: int, end: float = 1):
    """A lane for every coin: where it is, and the way it has come.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    coins : int
    end : float, default 1
        Where on the axis a bias of 1 is.
    """
    axes.set(ylim=(coins - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_visible(False)
    for j in range(coins):
        axes.axhline(j, color="#E5E5E5", lw=1)
    trails = [
        axes.plot([], [], color=COLOURS[j], lw=5, alpha=0.4, solid_capstyle="butt", **MOVING)[0] for j in range(coins)
    ]
    style = {"markeredgecolor": "white", "ms": 11, "clip_on": False}
    marks = [axes.plot([], [], MARKERS[j], color=COLOURS[j], **style, **MOVING)[0] for j in range(coins)]

    def update(now, before):
        for j in range(coins):
            marks[j].set_data([end * now[j]], [j])
            trails[j].set_data([end * before[j], end * now[j]], [j, j])
        yield (-0.015, 0.5), 10, "rm", tr("coins", "lanes")

    return update


def weights_bar(axes, coins: int):
    """The weights side by side, from 0 to 1."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    parts = [
        axes.add_patch(
            Rectangle((0, 0), 0, 1, facecolor=COLOURS[j], edgecolor="white", hatch=HATCHES[j], alpha=0.75, **MOVING)
        )
        for j in range(coins)
    ]

    def update(weights):
        for part, weight, end in zip(parts, weights, np.cumsum(weights), strict=True):
            part.set(x=end - weight, width=weight)
        yield (-0.015, 0.5), 10, "rm", tr("weights", "bar")

    return update


def coin_handles(lanes_axes, weights_axes, theta, end: float = 1) -> list[Handle]:
    """What is grabbed: every coin in its lane, and the borders between the weights."""
    found = []
    for j, bias in enumerate(theta.biases):
        places = (bias, 0), (0, j), (end, j)
        look = {"look": "coin", "colour": COLOURS[j], "words": tr("bias {coin}", coin=j + 1)}
        found.append(Handle(f"bias {j + 1}", lanes_axes, *places, **look))
    names = [f"weights {j} and {j + 1}" for j in range(1, len(theta))]
    edges = borders(weights_axes, names, theta.weights, (0, 0.5), (1, 0.5), "edge")
    words = (tr("weights {first} and {second}", first=j, second=j + 1) for j in range(1, len(theta)))
    return [*found, *(edge._replace(words=word) for edge, word in zip(edges, words, strict=True))]
