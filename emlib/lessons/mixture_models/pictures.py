"""Pictures of notebook 1: people and coins with their labels hidden or revealed, and Figure 6.1."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from ...checks import instance
from ...coins import BinomialMixture, Coins
from ...page.inputs import coins_to_draw, sample_to_draw
from ...page.picture import (
    COLOURS,
    GREY,
    HATCHES,
    INK,
    LINES,
    MARKERS,
    Picture,
    new_figure,
    styled,
    tosses_to_draw,
)

__all__ = ["bias_curves", "graphical_model", "incomes", "outcomes", "sequences"]


@styled
def outcomes(model, theta=None) -> Picture:
    """How many sequences had each number of heads, and how many a mixture expects.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length, of up to 1,000 tosses.
    theta : Coins, optional
        Draw the expected number of sequences per outcome under these coins, too.
    """
    tosses = tosses_to_draw(model)
    if theta is not None:
        instance("theta", theta, Coins)
    figure = new_figure()
    axes = figure.add_subplot()
    axes.bar(model.distinct_heads, model.occurrences, width=0.8, color=GREY, label="observed")
    observed = ", ".join(f"{x}: {c}" for x, c in zip(model.distinct_heads, model.occurrences, strict=True))
    description = f"Sequences per number of heads: {observed}."
    if theta is not None:
        expected = model.occurrences.sum() * theta.probabilities(tosses) @ theta.weights
        name = "one coin expects" if len(theta) == 1 else f"{len(theta)} coins expect"
        axes.plot(range(tosses + 1), expected, "o-", color=INK, label=name)
        description += f" Expected: {', '.join(f'{value:.1f}' for value in expected)} for 0 to {tosses} heads."
    marks = range(0, tosses + 1, max(1, tosses // 10))
    axes.set(xlabel=f"heads in {tosses} tosses", ylabel="sequences", xticks=marks, xlim=(-0.7, tosses + 0.7))
    axes.legend()
    return Picture(figure, description)


@styled
def incomes(income, group, names, reveal: bool) -> Picture:
    """A histogram of incomes, with the group of every person hidden or revealed.

    Parameters
    ----------
    income : array_like, shape (N,)
        Yearly incomes, in thousands.
    group : array_like of int, shape (N,)
        Everybody's group, counted from 0: the latent variable.
    names : sequence of str
        The names of the groups.
    reveal : bool
        False draws one grey histogram, True stacks one colour per group.
    """
    income, group = np.asarray(income), np.asarray(group)
    edges = np.arange(np.floor(income.min() / 5) * 5, income.max() + 5.1, 5)
    figure = new_figure()
    axes = figure.add_subplot()
    if reveal:
        parts = [np.histogram(income[group == g], edges)[0] for g in range(len(names))]
    else:
        parts = [np.histogram(income, edges)[0]]
    bottom = np.zeros(len(edges) - 1)
    for g, counts in enumerate(parts):
        axes.bar(
            edges[:-1],
            counts,
            width=5,
            bottom=bottom,
            align="edge",
            color=COLOURS[g] if reveal else GREY,
            hatch=HATCHES[g] if reveal else "",
            edgecolor="white",
            label=names[g] if reveal else "age hidden",
        )
        bottom += counts
    axes.set(xlabel="income (thousands a year)", ylabel="people", xlim=(edges[0], edges[-1]))
    axes.legend()
    shown = [f"{names[g] if reveal else 'everybody'}: {', '.join(map(str, counts))}" for g, counts in enumerate(parts)]
    description = (
        f"Histogram of {len(income)} incomes, age {'revealed' if reveal else 'hidden'}. "
        f"People per 5 thousand from {edges[0]:.0f} thousand upwards. {'; '.join(shown)}."
    )
    return Picture(figure, description)


@styled
def graphical_model(pairs: int = 4) -> Picture:
    """Figure 6.1: every latent Y_i (light) has one arrow, to its own observed X_i (shaded).

    Parameters
    ----------
    pairs : int, default 4
        How many data points to draw.
    """
    radius = 0.42
    figure = new_figure(7, 3.3)
    axes = figure.add_subplot()
    for i in range(1, pairs + 1):
        x = 1.5 * i
        for name, y, colour in (("Y", 2.0, "white"), ("X", 0.5, GREY)):
            axes.add_patch(Circle((x, y), radius, facecolor=colour, edgecolor=INK, linewidth=1.5))
            axes.text(x, y, f"${name}_{i}$", ha="center", va="center", fontsize=17, color=INK)
        axes.add_patch(
            FancyArrowPatch((x, 2.0 - radius), (x, 0.5 + radius), arrowstyle="-|>", mutation_scale=18, color=INK)
        )
    axes.text(0.8, 2.0, "latent", ha="right", va="center", fontsize=13, color=INK)
    axes.text(0.8, 0.5, "observed", ha="right", va="center", fontsize=13, color=INK)
    axes.set(xlim=(-0.4, 1.5 * pairs + 0.6), ylim=(-0.05, 2.55), aspect="equal")
    axes.set_axis_off()
    description = (
        f"Graphical model with {pairs} light (latent) nodes Y_1 to Y_{pairs} in a row above {pairs} shaded (observed) "
        f"nodes X_1 to X_{pairs}. {pairs} arrows, each from Y_i down to the X_i of the same number, and no others."
    )
    return Picture(figure, description)


@styled
def sequences(sample, tosses: int, reveal: bool, coins: int = 3) -> Picture:
    """The heads of every sequence, with the coin behind it hidden or revealed.

    Parameters
    ----------
    sample : Sample
        Heads and labels, as `Coins.sample` draws them.
    tosses : int
        Tosses in each sequence.
    reveal : bool
        False draws grey question marks, True one colour and marker per coin.
    coins : int, default 3
        How many coins there are.
    """
    sample_to_draw(sample, coins)
    number = np.arange(1, len(sample.heads) + 1)
    figure = new_figure(9, 3.7)
    axes = figure.add_subplot()
    if reveal:
        for j in range(coins):
            own = sample.labels == j
            label = f"coin $c_{j + 1}$"
            axes.plot(number[own], sample.heads[own], MARKERS[j], color=COLOURS[j], markersize=11, label=label)
    else:
        axes.plot(number, sample.heads, "o", color=GREY, markersize=17, label="coin hidden")
        for x, y in zip(number, sample.heads, strict=True):
            axes.text(x, y, "?", ha="center", va="center_baseline", fontsize=12, color=INK)
    axes.set(
        xlabel="sequence",
        ylabel=f"heads in {tosses} tosses",
        xticks=number,
        xlim=(0.2, len(number) + 0.8),
        yticks=range(0, tosses + 1, 2),
        ylim=(-0.8, tosses + 0.8),
    )
    figure.legend(loc="outside upper right", ncols=coins)
    shown = ", ".join(f"c_{j + 1}" for j in sample.labels) if reveal else "hidden"
    description = (
        f"Heads in {tosses} tosses of {len(number)} sequences: {', '.join(map(str, sample.heads))}. "
        f"Their coins: {shown}."
    )
    return Picture(figure, description)


@styled
def bias_curves(sample, theta: Coins, second_biases, tosses: int = 10) -> Picture:
    """Log-likelihood against the first coin's bias, for several biases of the second: coins revealed, and hidden.

    Parameters
    ----------
    sample : Sample
        Heads and labels of the sequences.
    theta : Coins
        The parameters that are held still.
    second_biases : sequence of float
        One curve for each.
    tosses : int, default 10
        Tosses in each sequence.

    Returns
    -------
    Picture
        Each curve is drawn relative to its own highest point, which carries a marker.
    """
    coins_to_draw("theta", theta)
    sample_to_draw(sample, len(theta))
    grid = np.arange(1, 161) / 200
    model = BinomialMixture(sample.heads, tosses)

    def revealed(coins):
        joint = coins.weights * coins.probabilities(tosses)[sample.heads]
        return np.log(joint[np.arange(len(sample.heads)), sample.labels]).sum()

    sentences = []
    figure = new_figure(9, 3.8)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, title, height in zip(
        panels, ("coins revealed", "coins hidden"), (revealed, model.log_likelihood), strict=True
    ):
        peaks = []
        for k, second in enumerate(second_biases):
            curve = np.array([height(Coins(theta.weights, [first, second, *theta.biases[2:]])) for first in grid])
            best = int(np.argmax(curve))
            label = rf"$\phi_2 = {second:g}$"
            axes.plot(grid, curve - curve[best], LINES[k], color=COLOURS[k], linewidth=5 - 3 * (k > 0), label=label)
            axes.plot(grid[best], 0, MARKERS[k], color=COLOURS[k], markersize=13 - 5 * (k > 0), clip_on=False)
            peaks.append(f"{grid[best]:.3f} if the second bias is {second:g}")
        axes.set(title=title, xlabel=r"bias $\phi_1$ of the first coin")
        axes.set(ylim=(-8, 0.6), xlim=(0, 0.81), xticks=np.arange(5) / 5)
        sentences.append(f"{title.capitalize()}, the best first bias is {', '.join(peaks)}.")
    panels[0].set_ylabel("log-likelihood\nbelow its peak")
    panels[1].legend(loc="lower right")
    return Picture(figure, f"Log-likelihood against the first coin's bias, in two panels. {' '.join(sentences)}")
