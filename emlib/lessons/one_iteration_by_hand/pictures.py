"""Pictures of one iteration: the E-step shares the sequences out, the M-step moves the coins."""

import numpy as np

from ...checks import listed
from ...page.inputs import coins_to_draw
from ...page.picture import COLOURS, GREY, HATCHES, INK, MARKERS, Picture, new_figure, styled, tosses_to_draw
from ...words import mark, tr

__all__ = ["e_step", "m_step"]

BOXES = mark(
    "Sequences as boxes, stacked by their number of heads and split among coins 1 to {coins} by posterior. {columns}."
)
COLUMN = mark("{heads} heads, {number} sequences: {shares}")
LABEL = mark("coin {coin}\nbias {old_bias:.3f} to {bias:.3f}\nweight {old_weight:.3f} to {weight:.3f}")
MOVE = mark("coin {coin} bias {old_bias:.4f} to {bias:.4f}, weight {old_weight:.4f} to {weight:.4f}")


@styled
def e_step(model, theta) -> Picture:
    """Every sequence as a box, split among the coins by their posterior.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length.
    theta : Coins
    """
    tosses, width = tosses_to_draw(model), 0.84
    coins_to_draw("theta", theta)
    shares = model.responsibilities(theta)
    left = model.distinct_heads[:, None] + width * (np.cumsum(shares, axis=1) - shares - 0.5)
    figure = new_figure(9, 4.4)
    axes = figure.add_subplot()
    for j, bias in enumerate(theta.biases):
        look = {"facecolor": COLOURS[j], "hatch": HATCHES[j], "edgecolor": "white", "linewidth": 0}
        label = tr("coin {coin} (bias {bias:.2f})", coin=j + 1, bias=bias)
        axes.bar(left[:, j], model.occurrences, width * shares[:, j], align="edge", label=label, **look)
    for outcome, occurrences in zip(model.distinct_heads, model.occurrences, strict=True):
        edges = [outcome - width / 2, outcome + width / 2]
        for height in range(1, occurrences):
            axes.plot(edges, [height, height], color="white", linewidth=3)
    axes.set(
        xlabel=tr("heads in {tosses} tosses", tosses=tosses),
        ylabel=tr("sequences"),
        xticks=model.distinct_heads,
        yticks=range(int(model.occurrences.max()) + 1),
    )
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=min(len(theta), 3))
    columns = "; ".join(
        tr(COLUMN, heads=outcome, number=occurrences, shares=listed(row))
        for outcome, occurrences, row in zip(model.distinct_heads, model.occurrences, shares, strict=True)
    )
    return Picture(figure, tr(BOXES, coins=len(theta), columns=columns))


@styled
def m_step(before, after) -> Picture:
    """Every coin as a point, bias across and weight up, with an arrow from where it was to where it is.

    Parameters
    ----------
    before, after : Coins
    """
    coins_to_draw("before", before)
    coins_to_draw("after", after, len(before))
    biases, weights = (np.stack(pair) for pair in ((before.biases, after.biases), (before.weights, after.weights)))
    arrow = {"arrowstyle": "-|>", "linewidth": 2, "shrinkA": 7, "shrinkB": 7, "mutation_scale": 18}
    moves = []
    figure = new_figure(9, 4.4)
    axes = figure.add_subplot()
    for j in range(len(before)):
        (old_bias, bias), (old_weight, weight) = biases[:, j], weights[:, j]
        axes.annotate(
            "",
            xy=(bias, weight),
            xytext=(old_bias, old_weight),
            arrowprops=arrow | {"color": COLOURS[j]},
        )
        look = {"marker": MARKERS[j], "markersize": 12, "linestyle": "none", "markeredgecolor": COLOURS[j]}
        axes.plot(old_bias, old_weight, markerfacecolor="white", markeredgewidth=2, **look)
        axes.plot(bias, weight, markerfacecolor=COLOURS[j], **look)
        right = old_bias >= bias
        move = {"coin": j + 1, "old_bias": old_bias, "bias": bias, "old_weight": old_weight, "weight": weight}
        axes.annotate(
            tr(LABEL, **move),
            (old_bias, old_weight),
            xytext=(14 if right else -14, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            color=INK,
        )
        moves.append(tr(MOVE, **move))
    neutral = {"marker": "o", "markersize": 10, "linestyle": "none", "markeredgecolor": GREY}
    axes.plot([], [], markerfacecolor="white", markeredgewidth=2, label=tr("before"), **neutral)
    axes.plot([], [], markerfacecolor=GREY, label=tr("after"), **neutral)
    axes.set(
        xlabel=tr("bias: probability of heads"),
        ylabel=tr("weight: how often the coin is chosen"),
        xlim=(max(biases.min() - 0.06, 0), min(biases.max() + 0.14, 1.05)),
        ylim=(0, min(weights.max() + 0.1, 1.05)),
    )
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    words = tr("The coins before and after the M-step: {moves}.", moves="; ".join(moves))
    return Picture(figure, words)
