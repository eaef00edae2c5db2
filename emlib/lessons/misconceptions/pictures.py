"""Pictures of notebook 13: what more coins are worth, posterior and weight, groups that are none, two ways to add."""

import numpy as np

from ...checks import listed
from ...page.picture import COLOURS, HATCHES, INK, LINES, MARKERS, Picture, new_figure, of_shape, styled

__all__ = ["added_up", "fit_and_fresh", "named_groups", "posterior_beside_weight"]


@styled
def fit_and_fresh(own, fresh) -> Picture:
    """What each number of coins gains over one coin, on the sequences that were fitted and on fresh ones.

    Parameters
    ----------
    own, fresh : array_like, shape (K, S)
        Log-likelihoods of the best fits with 1 to K coins, of S data sets.
    """
    own = of_shape("own", own, None, None)
    fresh = of_shape("fresh", fresh, *own.shape)
    coins = np.arange(1, len(own) + 1)
    figure = new_figure(8, 3.4)
    axes = figure.add_subplot()
    axes.axhline(0, color=INK, lw=0.8)
    parts = []
    for number, (name, heights) in enumerate({"the sequences fitted": own, "fresh sequences": fresh}.items()):
        gains = (heights - heights[0]).mean(axis=1)
        look = {"color": COLOURS[number], "marker": MARKERS[number], "ls": LINES[number]}
        axes.plot(coins, gains, lw=2, ms=8, label=f"on {name}", **look)
        parts.append(f"on {name} {listed(gains, '+.3f')}")
    axes.set(xlabel="coins in the mixture", xticks=coins, ylabel="gain over one coin\n(nats, average)")
    figure.legend(loc="outside right upper")
    description = f"Average gain over one coin with {coins[0]} to {coins[-1]} coins: {'; '.join(parts)}."
    return Picture(figure, description)


@styled
def posterior_beside_weight(posterior, counted, weight: float, coin: str = "coin") -> Picture:
    """A coin's posterior for every outcome, the share that was really its own, and its weight.

    Parameters
    ----------
    posterior, counted : array_like, shape (T + 1,)
        For 0 to T heads. Not-a-number in `counted`: nobody has seen this outcome.
    weight : float
    coin : str, default "coin"
        Its name in the legend.
    """
    posterior = of_shape("posterior", posterior, None)
    counted = np.asarray(counted, dtype=float)
    if counted.shape != posterior.shape:
        raise ValueError(f"counted must be {len(posterior)} numbers, as posterior; its shape is {counted.shape}")
    outcomes = np.arange(len(posterior))
    figure = new_figure(8.6, 3.4)
    axes = figure.add_subplot()
    axes.bar(outcomes, posterior, width=0.7, color=COLOURS[4], label=f"posterior of the {coin}")
    axes.plot(outcomes, counted, MARKERS[3], color=COLOURS[1], ms=8, label="share counted", clip_on=False, zorder=3)
    axes.axhline(weight, color=INK, ls=LINES[1], lw=2, label=f"its weight, {weight:g}")
    axes.set(xlabel=f"heads in {len(posterior) - 1} tosses", xticks=outcomes, ylim=(0, 1))
    figure.legend(loc="outside right upper")
    seen = [f"{value:.3f}" if np.isfinite(value) else "none" for value in counted]
    return Picture(
        figure,
        f"Posterior of the {coin} for 0 to {outcomes[-1]} heads: {listed(posterior)}. Share counted: "
        f"{', '.join(seen)}. Weight: {weight:g} throughout.",
    )


@styled
def named_groups(biases, labels, coins: int) -> Picture:
    """How many sequences of each true bias were given to each of the fitted coins.

    Parameters
    ----------
    biases : array_like, shape (N,)
        The true bias of every sequence.
    labels : array_like of int, shape (N,)
        Its most probable coin, from 0.
    coins : int
    """
    biases = of_shape("biases", biases, None)
    labels = of_shape("labels", labels, len(biases)).astype(int)
    if not 1 <= coins <= len(COLOURS) or labels.min() < 0 or labels.max() >= coins:
        raise ValueError(
            f"labels must be from 0 to coins - 1, with 1 to {len(COLOURS)} coins; there are {coins} coins, "
            f"and labels from {labels.min()} to {labels.max()}"
        )
    edges = np.linspace(0, 1, 21)
    figure = new_figure(8.6, 3.2)
    axes = figure.add_subplot()
    bottom, parts = np.zeros(len(edges) - 1), []
    for coin in range(coins):
        own = biases[labels == coin]
        number, _ = np.histogram(own, edges)
        look = {"color": COLOURS[coin], "hatch": HATCHES[coin], "edgecolor": "white"}
        label = f"given to coin {coin + 1}: {len(own)}"
        axes.bar(edges[:-1], number, width=0.05, bottom=bottom, align="edge", label=label, **look)
        bottom += number
        span = f", true biases {own.min():.2f} to {own.max():.2f}" if len(own) else ""
        parts.append(f"coin {coin + 1}: {len(own)} sequences{span}")
    axes.set(xlabel="true bias of the sequence", ylabel="sequences", xlim=(0, 1))
    figure.legend(loc="outside right upper")
    return Picture(figure, f"{len(biases)} sequences, each of a bias of its own. Given to {'; to '.join(parts)}.")


@styled
def added_up(outcomes, models, bias: float, heads: int) -> Picture:
    """One coin's likelihood for all outcomes, and one outcome's likelihood under many coins, with their sums.

    Parameters
    ----------
    outcomes : array_like, shape (T + 1,)
        Probabilities of 0 to T heads under the coin of this `bias`.
    models : array_like, shape (K,)
        Probabilities of that many `heads` under K coins, whose biases go evenly from 0 to 1.
    """
    outcomes, models = of_shape("outcomes", outcomes, None), of_shape("models", models, None)
    tosses = len(outcomes) - 1
    titles = f"one coin, {bias:g}: all outcomes", f"one outcome, {heads} heads: {len(models)} coins"
    places = np.arange(tosses + 1), np.linspace(0, 1, len(models))
    figure = new_figure(9.4, 3.2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, colour, title, place, values in zip(panels, COLOURS[:2], titles, places, (outcomes, models), strict=True):
        axes.bar(place, values, width=0.8 * (place[1] - place[0]), color=colour)
        axes.set_title(f"{title}; sum {values.sum():.3f}", loc="left")
    panels[0].set(xlabel=f"heads in {tosses} tosses", xticks=places[0], ylabel="likelihood")
    panels[1].set(xlabel="bias of the coin", xticks=np.linspace(0, 1, 6))
    return Picture(
        figure,
        f"Likelihoods under {titles[0]}, sum {outcomes.sum():.3f}. Likelihoods of {titles[1]}, sum {models.sum():.3f}, "
        f"highest at bias {places[1][models.argmax()]:.2f}.",
    )
