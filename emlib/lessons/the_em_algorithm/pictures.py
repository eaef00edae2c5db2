"""Pictures of notebook 2: labels, missing ratings, Bayes' guess, expected counts, the M-step and the climb of EM."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ...beyond.ascent import free_energy
from ...checks import instance
from ...coins import BinomialMixture, Coins
from ...page.inputs import coins_to_draw, runs_to_draw, sample_to_draw
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

__all__ = ["bayes_guess", "climb", "curves_below", "expected_shares", "labels_shown", "m_step_peaks", "ratings_grid"]


@styled
def labels_shown(sample, tosses: int = 10) -> Picture:
    """The same sequences twice: with the coin of each written on it, and without.

    Parameters
    ----------
    sample : Sample
        Heads and labels, as `Coins.sample` gives them.
    tosses : int, default 10
        Tosses in each sequence.
    """
    sample_to_draw(sample, len(COLOURS))
    order = np.lexsort((sample.labels, sample.heads))
    heads, labels = sample.heads[order], sample.labels[order]
    height = np.arange(len(heads)) - np.searchsorted(heads, heads)  # place in the pile of equal outcomes
    coins = range(labels.max() + 1)
    figure = new_figure(9, 3)
    left, right = figure.subplots(1, 2, sharey=True)
    for coin in coins:
        mine = labels == coin
        left.plot(
            heads[mine], height[mine], MARKERS[coin], color=COLOURS[coin], markersize=13, label=f"coin {coin + 1}"
        )
    right.plot(heads, height, "o", color=GREY, markersize=13, label="coin unknown")
    for axes, title in ((left, "supervised: the labels are seen"), (right, "unsupervised: the labels are hidden")):
        axes.set(title=title, xlabel=f"heads in {tosses} tosses", xticks=range(tosses + 1), yticks=[])
        axes.set(xlim=(-0.7, tosses + 0.7), ylim=(-0.6, height.max() + 2.2))
        axes.spines["left"].set_visible(False)
        axes.legend(loc="upper center", ncols=len(coins), handletextpad=0.1, columnspacing=1)
    piles = "; ".join(f"coin {coin + 1}: {', '.join(map(str, heads[labels == coin]))}" for coin in coins)
    description = f"Heads per sequence, with labels: {piles}. The same {len(heads)} without labels are grey."
    return Picture(figure, description)


@styled
def ratings_grid(ratings, categories) -> Picture:
    """Who rated what, and which ratings are lost if users with a gap are dropped.

    Parameters
    ----------
    ratings : array_like of float, shape (users, categories)
        Not-a-number where a rating is missing.
    categories : sequence of str
    """
    ratings = np.asarray(ratings, dtype=float)
    given = ~np.isnan(ratings)
    complete = given.all(axis=1)
    kept, lost = int(given[complete].sum()), int(given[~complete].sum())
    looks = {
        "kept": {"facecolor": COLOURS[0], "edgecolor": "white"},
        "lost": {"facecolor": "white", "edgecolor": COLOURS[1], "linestyle": "--", "linewidth": 1.5},
        "missing": {"facecolor": "#EEEEEE", "edgecolor": "white"},
    }
    figure = new_figure(9, 2.7)
    axes = figure.add_subplot()
    for (user, category), rating in np.ndenumerate(ratings):
        look = "missing" if np.isnan(rating) else "kept" if complete[user] else "lost"
        axes.bar(user + 1, 0.84, width=0.84, bottom=category - 0.42, **looks[look])
        text = "?" if look == "missing" else f"{rating:.0f}"
        colour = "white" if look == "kept" else INK
        axes.text(user + 1, category, text, ha="center", va="center", color=colour, fontsize=12)
    axes.set(xlabel="user", xticks=range(1, len(ratings) + 1), xlim=(0.4, len(ratings) + 0.6))
    axes.set(yticks=range(len(categories)), yticklabels=categories, ylim=(len(categories) - 0.5, -0.5))
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    names = {
        "kept": f"kept: {kept}",
        "lost": f"thrown away with the incomplete user: {lost}",
        "missing": f"never given: {int((~given).sum())}",
    }
    handles = [Patch(label=names[look], **looks[look]) for look in looks]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    users = ", ".join(str(user + 1) for user in np.flatnonzero(complete))
    description = (
        f"Ratings of {len(ratings)} users in {len(categories)} categories. Complete: users {users}. "
        f"Ratings {', '.join(names.values())}."
    )
    return Picture(figure, description)


@styled
def bayes_guess(theta, heads: int, tosses: int = 10) -> Picture:
    """Weight times likelihood gives, after division by the sum, the posterior of each coin for one sequence.

    Parameters
    ----------
    theta : Coins
    heads, tosses : int
        The sequence.
    """
    coins_to_draw("theta", theta)
    tosses = tosses_to_draw(BinomialMixture([heads], tosses))  # no more heads than tosses
    likelihood = theta.probabilities(tosses)[heads]
    posterior = theta.weights * likelihood / (theta.weights @ likelihood)
    parts = {"weight": theta.weights, f"times likelihood of {heads} heads": likelihood, "gives posterior": posterior}
    coins = range(len(theta))
    figure = new_figure(9, 3)
    for axes, (title, values) in zip(figure.subplots(1, 3), parts.items(), strict=True):
        colours, hatches = [COLOURS[j] for j in coins], [HATCHES[j] for j in coins]
        bars = axes.bar([f"coin {j + 1}" for j in coins], values, color=colours, hatch=hatches, edgecolor="white")
        axes.bar_label(bars, [f"{value:.3f}" for value in values], padding=2, fontsize=12)
        axes.set(title=title, yticks=[], ylim=(0, 1.2 * max(values)))
        axes.spines["left"].set_visible(False)
        axes.tick_params(length=0)
    numbers = "; ".join(f"{title} {', '.join(f'{v:.4f}' for v in values)}" for title, values in parts.items())
    return Picture(figure, f"Coins 1 to {len(theta)}: {numbers}.")


@styled
def expected_shares(model, theta) -> Picture:
    """Every outcome's sequences, shared out among the coins by their posterior.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length.
    theta : Coins
    """
    tosses = tosses_to_draw(model)
    coins_to_draw("theta", theta)
    expected = model.occurrences[:, None] * model.responsibilities(theta)
    totals = expected.sum(axis=0)
    bottom = np.zeros(len(expected))
    lines = []
    figure = new_figure(9, 3.8)
    axes = figure.add_subplot()
    for j in range(len(theta)):
        label = f"coin {j + 1}: {totals[j]:.2f} in all"
        look = {"color": COLOURS[j], "hatch": HATCHES[j], "edgecolor": "white"}
        axes.bar(model.distinct_heads, expected[:, j], bottom=bottom, width=0.8, label=label, **look)
        for outcome, share, foot in zip(model.distinct_heads, expected[:, j], bottom, strict=True):
            if share >= 0.4:
                box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.9, "pad": 1.5}
                axes.text(outcome, foot + share / 2, f"{share:.2f}", ha="center", va="center", color=INK, bbox=box)
        bottom = bottom + expected[:, j]
        lines.append(f"coin {j + 1}: {', '.join(f'{share:.2f}' for share in expected[:, j])} (sum {totals[j]:.2f})")
    axes.set(xlabel=f"heads in {tosses} tosses", ylabel="sequences", xticks=model.distinct_heads)
    figure.legend(loc="outside right upper")
    outcomes = ", ".join(map(str, model.distinct_heads))
    return Picture(figure, f"Expected sequences with {outcomes} heads: {'; '.join(lines)}.")


@styled
def m_step_peaks(statistics, best) -> Picture:
    """What the M-step maximises, as a function of each coin's bias alone.

    Parameters
    ----------
    statistics : CoinStatistics
        Expected sufficient statistics, with the theta under which they were computed.
    best : Coins
        What the M-step returned.
    """
    coins_to_draw("best", best)
    coins_to_draw("statistics.previous", statistics.previous, len(best))
    grid = np.linspace(0.1, 0.9, 321)
    old = statistics.previous.biases
    figure = new_figure(9, 3.6)
    parts = []
    for j, axes in enumerate(figure.subplots(1, len(best), sharey=True)):

        def height(bias, j=j):
            tails = statistics.tosses[j] - statistics.heads[j]
            return statistics.heads[j] * np.log(bias) + tails * np.log(1 - bias)

        top = height(best.biases[j])
        axes.plot(grid, height(grid) - top, LINES[j], color=COLOURS[j], linewidth=2)
        axes.plot(old[j], height(old[j]) - top, "o", color="white", markeredgecolor=INK, markersize=9)
        axes.plot(best.biases[j], 0, MARKERS[j], color=COLOURS[j], markersize=10)
        axes.set(title=f"coin {j + 1}: from {old[j]:.3f} to {best.biases[j]:.3f}", xlabel="bias")
        axes.set(xlim=(0.1, 0.9), xticks=[0.2, 0.4, 0.6, 0.8], ylim=(-10, 1))
        if j == 0:
            axes.set_ylabel("log-likelihood\nbelow its peak (nats)")
        drop = top - height(old[j])
        parts.append(f"coin {j + 1}: peak at {best.biases[j]:.4f}, before {old[j]:.4f}, {drop:.4f} nats lower")
    looks = {"before (white)": "white", "after the M-step (filled)": INK}
    circle = {"marker": "o", "linestyle": "", "markeredgecolor": INK, "markersize": 9}
    handles = [Line2D([], [], color=colour, **circle) for colour in looks.values()]
    figure.legend(handles, looks, loc="outside upper center", ncols=2, handletextpad=0.1)
    return Picture(figure, f"Log-likelihood of the expected statistics by bias; {'; '.join(parts)}.")


@styled
def climb(runs: dict) -> Picture:
    """The observed log-likelihood at every iteration of one or more runs of EM.

    Parameters
    ----------
    runs : dict of str to list of Step
        A name for each run, and its steps.
    """
    runs = runs_to_draw("runs", runs)
    figure = new_figure(9, 3.6)
    axes = figure.add_subplot()
    parts = []
    for number, (name, steps) in enumerate(runs.items()):
        heights = [step.log_likelihood for step in steps]
        iterations = [step.iteration for step in steps]
        axes.plot(iterations, heights, LINES[number], marker=MARKERS[number], color=COLOURS[number], label=name)
        chosen = [0, 1, 2, *range(5, len(steps), 5)]
        heights_text = ", ".join(f"{i}: {heights[i]:.3f}" for i in chosen if i < len(steps))
        parts.append(f"{name}: at iteration {heights_text}")
    axes.set(xlabel="iteration", ylabel="log-likelihood (nats)")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="y", color=GREY, linewidth=0.5)
    if len(runs) > 1:
        axes.legend(loc="lower right")
    return Picture(figure, f"Log-likelihood of the observed data. {'. '.join(parts)}.")


@styled
def curves_below(model, theta) -> Picture:
    """The log-likelihood by each coin's bias alone, and the curve below it that has the E-step's shares.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins
        Where the E-step is done, and where the other parameters stay.
    """
    instance("model", model, BinomialMixture)
    coins_to_draw("theta", theta)
    shares = model.responsibilities(theta)
    new = model.m_step(model.expected_statistics(shares, theta)).biases
    old, highest, parts = model.log_likelihood(theta), -np.inf, []
    grid = np.linspace(0.01, 0.99, 197)
    look = {"linestyle": "", "markersize": 9, "markeredgecolor": INK}
    figure = new_figure(9, 3.8)
    for j, axes in enumerate(figure.subplots(1, len(theta), sharey=True, squeeze=False)[0]):

        def curves(bias, j=j):
            there = Coins(theta.weights, np.where(np.arange(len(theta)) == j, bias, theta.biases))
            return model.log_likelihood(there), free_energy(model, shares, there)

        heights, below = zip(*map(curves, grid), strict=True)
        above, top = curves(new[j])
        axes.plot(grid, heights, color=INK, label="log-likelihood")
        axes.plot(grid, below, "--", color=COLOURS[j], linewidth=2, label="curve below")
        axes.plot(theta.biases[j], old, "o", color="white", label="before", **look)
        axes.plot(new[j], top, MARKERS[j], color=COLOURS[j], label="M-step", **look)
        axes.plot(new[j], above, "_", color=INK, markersize=16, markeredgewidth=3, label="log-likelihood there")
        axes.set(title=f"coin {j + 1}", xlabel="bias", xlim=(0, 1))
        axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        highest = max(highest, *heights)
        parts.append(f"coin {j + 1}: from {theta.biases[j]:.4f} to {new[j]:.4f}, there {top:.4f} below {above:.4f}")
    figure.axes[0].set(ylabel="nats", ylim=(old - 5, highest + 0.5))
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=len(names), columnspacing=1.4, handletextpad=0.4)
    return Picture(figure, f"Log-likelihood by bias, and the curve below; they touch at {old:.4f}; {'; '.join(parts)}.")
