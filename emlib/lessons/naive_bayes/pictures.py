"""Picture of notebook 12: the words that two classes of messages prefer."""

import numpy as np

from ...checks import instance
from ...models.categorical import Classes
from ...page.picture import COLOURS, GREY, INK, MARKERS, Picture, new_figure, styled

__all__ = ["preferred_words"]


@styled
def preferred_words(words, theta, names) -> Picture:
    """How probable every word is in each of two classes, the words that each prefers in a panel of their own.

    Parameters
    ----------
    words : sequence of str, length D
    theta : Classes
        Two classes; the features are the words, of which 1 stands for "in the message".
    names : sequence of str
        The names of the classes.
    """
    instance("theta", theta, Classes)
    words, names = np.asarray(words), tuple(names)
    if theta.probabilities.shape != (2, len(words), 2) or len(names) != 2:
        raise ValueError(
            f"theta must have 2 classes, one per name, and {len(words)} features of 2 values, one per word; "
            f"there are {len(names)} names, and its probabilities have shape {theta.probabilities.shape}"
        )
    probabilities = theta.probabilities[:, :, 1]
    gap = probabilities[0] - probabilities[1]
    order = np.argsort(-gap, kind="stable")
    sides = [order[gap[order] >= 0], order[gap[order] < 0][::-1]]
    tallest = max(map(len, sides))
    figure = new_figure(9, 0.235 * tallest + 1.1)
    parts = []
    for k, (axes, side) in enumerate(zip(figure.subplots(1, 2, sharex=True), sides, strict=True)):
        rows = np.arange(len(side))
        axes.hlines(rows, *probabilities[:, side], color=GREY, lw=2, zorder=1)
        for j, name in enumerate(names):
            style = {"color": COLOURS[j], "ms": 7, "clip_on": False, "zorder": 3}
            axes.plot(probabilities[j, side], rows, MARKERS[j], label=name, **style)
        axes.set(ylim=(tallest - 0.5, -0.7), xlim=(0, None), xlabel="probability that it is in a message")
        axes.set_title(f"words that “{names[k]}” prefers", color=INK)
        axes.set_yticks(rows, words[side])
        axes.tick_params(axis="y", length=0, pad=9)
        parts.append(f"{names[k]}: {', '.join(words[side][:5])}")
    axes.legend(loc="lower right")
    return Picture(figure, f"Words and their probabilities. Most preferred by {'; by '.join(parts)}.")
