"""Pictures of notebook 5: where EM ends, how to know that it is the top, and what to do."""

import numpy as np

from ...beyond.gradient import gradient_function
from ...checks import brief, instance, probabilities, whole_number
from ...coins import BinomialMixture, Coins
from ...page.picture import (
    COLOURS,
    GREY,
    INK,
    LINES,
    MARKERS,
    Picture,
    mixed,
    named,
    new_figure,
    of_shape,
    signed,
    styled,
)

__all__ = [
    "averages",
    "chances_to_miss",
    "growing_mixture",
    "likelihood_slices",
    "profile_likelihood",
    "side_by_side",
    "strategies_compared",
]


@styled
def side_by_side(panels: dict) -> Picture:
    """Log-likelihood per iteration for several runs on several data sets, side by side.

    Parameters
    ----------
    panels : dict of str to dict of str to list of Step
        Name of the data, then name of the start.
    """
    for title, runs in named("panels", panels).items():
        for name, steps in named(f"runs of {title!r}", runs).items():
            if not isinstance(steps, (list, tuple)) or not steps:
                raise ValueError(f"run {name!r} must be one step or more, as in list(em(...)); it is {brief(steps)}")
    figure = new_figure(9.6, 3.8)
    parts = []
    all_axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, (title, runs) in zip(all_axes, panels.items(), strict=True):
        tops = []
        for j, (name, steps) in enumerate(runs.items()):
            heights = [step.log_likelihood for step in steps]
            tops.append(heights[-1])
            axes.plot(heights, color=COLOURS[j], ls=LINES[j], lw=2.5, marker=MARKERS[j], markevery=5, label=name)
        axes.set(title=title, xlabel="iteration", ylabel="log-likelihood (nats)")
        axes.set_ylim(max(tops) - 8, max(tops) + 0.6)
        axes.legend(loc="lower right")
        ends = ", ".join(f"{name} at {top:.3f}" for name, top in zip(runs, tops, strict=True))
        parts.append(f"{title}, after {len(steps) - 1} iterations: {ends}.")
    return Picture(figure, " ".join(parts))


@styled
def chances_to_miss(shares, most: int = 60) -> Picture:
    """The chance that n random starts all miss a basin, for basins of several shares.

    Parameters
    ----------
    shares : sequence of float
        Shares of the starts that lead to the basin.
    most : int, default 60
        The largest n.
    """
    shares, most = probabilities("shares", shares), whole_number("most", most, least=1)
    if np.any((shares == 0) | (shares == 1)) or len(shares) > len(COLOURS):
        raise ValueError(f"shares must be 1 to {len(COLOURS)} numbers above 0 and below 1; they are {shares}")
    numbers = np.arange(1, most + 1)
    figure = new_figure(9, 3.6)
    axes = figure.add_subplot()
    parts = []
    for j, share in enumerate(shares):
        missed = (1 - share) ** numbers
        axes.semilogy(numbers, missed, color=COLOURS[j], ls=LINES[j], lw=2.5, label=f"{share:.0%}")
        enough = int(np.ceil(np.log(0.05) / np.log(1 - share)))
        parts.append(f"share {share:.0%}: {enough}")
        if enough <= most:
            axes.plot(enough, (1 - share) ** enough, MARKERS[j], color=COLOURS[j], ms=9)
    axes.axhline(0.05, color=INK, lw=1)
    axes.set(xlabel="random starts n", ylabel="chance to miss it", ylim=(1e-3, 4), xlim=(0, most + 0.5))
    axes.set_yticks([1, 0.1, 0.05, 0.01, 0.001], ["100 %", "10 %", "5 %", "1 %", "0.1 %"])
    axes.minorticks_off()
    axes.spines["left"].set_bounds(1e-3, 1)
    axes.legend(title="the basin's share of the starts", ncols=len(shares), loc="upper right")
    return Picture(figure, f"Starts that miss a basin with a chance of at most 5 %; {', '.join(parts)}.")


@styled
def profile_likelihood(biases, heights, marks: dict) -> Picture:
    """The best log-likelihood for each value of the lowest and the middle bias, from an exhaustive grid.

    Parameters
    ----------
    biases : array_like, shape (R, 3)
        Triples in ascending order.
    heights : array_like, shape (R,)
        The best log-likelihood of each triple.
    marks : dict of str to Coins
        Points to mark.
    """
    biases = of_shape("biases", biases, None, 3)
    heights = of_shape("heights", heights, len(biases))
    for name, theta in marks.items():
        instance(f"mark {name!r}", theta, Coins)
    values = np.unique(biases[:, 0])
    column, row = (np.searchsorted(values, biases[:, j]) for j in (0, 1))
    best = np.full((len(values), len(values)), -np.inf)
    np.maximum.at(best, (row, column), heights)
    below = heights.max() - best
    levels = (0, 0.25, 0.5, 1, 1.5, 2.5, 4, 6, 10, 20)
    figure = new_figure(6.6, 4.8)
    axes = figure.add_subplot()
    shades = [mixed(COLOURS[0], share) for share in np.linspace(1, 0.06, len(levels))]
    shown = np.where(np.isfinite(below), below, np.nan)
    filled = axes.contourf(values, values, shown, levels=levels, colors=shades, extend="max")
    axes.contour(values, values, shown, levels=levels, colors="white", linewidths=0.8)
    bar = figure.colorbar(filled, ax=axes, ticks=levels, format="%g")
    bar.set_label("nats below the best triple of the grid")
    for j, (name, theta) in enumerate(marks.items()):
        x, y = theta.biases[:2]
        axes.plot(x, y, "*" if j == 0 else "^", ms=17 if j == 0 else 12, color=COLOURS[1], mec="white", mew=1.2)
        axes.annotate(name, (x, y), (12, 0), textcoords="offset points", va="center", color=INK,
                      bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2})  # fmt: skip
    axes.plot([0, 1], [0, 1], color=INK, lw=1, ls=":")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="lowest bias", ylabel="middle bias", aspect="equal")
    top = biases[np.argmax(heights)]
    names = "; ".join(f"{name} at {x.biases[0]:.3f}, {x.biases[1]:.3f}" for name, x in marks.items())
    text = f"Best triple of the grid: {', '.join(f'{bias:.4f}' for bias in top)}, at {heights.max():.3f}."
    return Picture(figure, f"{text} Marked: {names}.")


@styled
def growing_mixture(model, fits) -> Picture:
    """Lindsay's D(p) under several fits, each with its coins, side by side.

    Parameters
    ----------
    model : BinomialMixture
    fits : list of Coins
    """
    instance("model", model, BinomialMixture)
    if not isinstance(fits, (list, tuple)) or not fits:
        raise ValueError(f"fits must be a list of one or more Coins; it is {brief(fits)}")
    for theta in fits:
        instance("each of fits", theta, Coins)
    grid = np.linspace(0, 1, 501)
    figure = new_figure(9.6, 2.9)
    parts = []
    panels = np.atleast_1d(figure.subplots(1, len(fits)))
    for axes, theta in zip(panels, fits, strict=True):
        values = gradient_function(model, theta, grid)
        highest = values.max()
        limit = max(2.0, 1.15 * highest)
        axes.axhline(0, color=INK, lw=1)
        axes.plot(grid, values, color=COLOURS[0], lw=2)
        axes.plot(theta.biases, np.zeros(len(theta)), MARKERS[0], color=COLOURS[2], ms=8, clip_on=False, zorder=3)
        coins = f"{len(theta)} coin" + "s" * (len(theta) > 1)
        axes.set(
            xlim=(-0.04, 1.04),
            ylim=(-limit / 2, limit),
            xlabel="p",
            xticks=[0, 0.5, 1],
            xticklabels=["0", "½", "1"],
        )
        axes.set_title(signed(f"{coins}\n{model.log_likelihood(theta):.3f}"))
        if highest > 1e-3:
            where = grid[values.argmax()]
            axes.plot(where, highest, MARKERS[2], color=COLOURS[1], ms=10, clip_on=False, zorder=3)
            parts.append(f"{coins}: {highest:.2f} at p = {where:.3f}")
        else:
            parts.append(f"{coins}: nowhere above 0.001")
    panels[0].set_ylabel("D(p)")
    return Picture(figure, f"Highest value of D(p). {'; '.join(parts)}.")


@styled
def likelihood_slices(points: dict) -> Picture:
    """The log-likelihood along straight lines through points.

    Parameters
    ----------
    points : dict of str to tuple of (BinomialMixture, Coins, Coins, ...)
        The data, the point, and one to three others, towards which a line each goes; it goes as far the other way,
        where that is allowed.
    """
    for name, point in named("points", points).items():
        if not isinstance(point, (list, tuple)) or not 3 <= len(point) <= 5:
            raise ValueError(f"point {name!r} must be a model and two to four Coins; it is {brief(point)}")
        for value, kind in zip(point, (BinomialMixture, *[Coins] * (len(point) - 1)), strict=True):
            instance(f"{kind.__name__} of point {name!r}", value, kind)
        for other in point[2:]:
            if len(point[1]) != len(other):
                raise ValueError(f"points of {name!r} must have equally many coins; {len(point[1])} and {len(other)}")
    figure = new_figure(9.6, 2.8)
    parts = []
    panels = np.atleast_1d(figure.subplots(1, len(points), sharey=True))
    for axes, (name, (model, theta, *others)) in zip(panels, points.items(), strict=True):
        axes.axhline(0, color=GREY, lw=1)
        ends = []
        for j, other in enumerate(others):
            way, heights = _walk(model, theta, other)
            axes.plot(way, heights, color=COLOURS[2 * j], ls=LINES[j], lw=2.5)
            left, right = (abs(heights[k]) if abs(heights[k]) < 5e-3 else heights[k] for k in (0, -1))  # no minus 0.00
            to_the_left = f"{left:+.2f} on the left" if way[0] < 0 else "no way to the left"
            ends.append(f"{to_the_left}, {right:+.2f} on the right")
        axes.plot(0, 0, "o", color=COLOURS[1], ms=9, zorder=3)
        axes.set(title=name, xlim=(-1.05, 1.05), xticks=[0], xticklabels=["the point"])
        parts.append(f"{name}: {', and on another line '.join(ends)}")
    panels[0].set_ylabel("change (nats)")
    return Picture(figure, f"Change of the log-likelihood at the ends of each line. {'; '.join(parts)}.")


def _walk(model, theta, other):
    """Steps of a straight walk through theta, 1 at other, and the change of the log-likelihood at each of them."""
    here, towards = np.asarray(theta), np.asarray(other) - np.asarray(theta)
    way, heights = [], []
    for t in np.linspace(-1, 1, 81):
        weights, biases = here + t * towards
        if min(weights.min(), biases.min()) >= -1e-12 and biases.max() <= 1 + 1e-12:
            moved = Coins(np.clip(weights, 0, 1), np.clip(biases, 0, 1))
            way.append(t)
            heights.append(model.log_likelihood(moved) - model.log_likelihood(theta))
    return way, heights


@styled
def averages(unsorted, ordered) -> Picture:
    """The biases from many runs, as they came and sorted, with their averages.

    Parameters
    ----------
    unsorted, ordered : array_like, shape (R, K)
    """
    unsorted = of_shape("unsorted", unsorted, None, None)
    ordered = of_shape("ordered", ordered, *unsorted.shape)
    if unsorted.shape[1] > len(COLOURS):
        raise ValueError(f"unsorted must have at most {len(COLOURS)} coins; it has {unsorted.shape[1]}")
    figure = new_figure(9.6, 3.6)
    parts = []
    panels = figure.subplots(1, 2, sharey=True)
    for axes, title, biases in zip(panels, ("as they came", "sorted by bias"), (unsorted, ordered), strict=True):
        spread = np.linspace(-0.25, 0.25, len(biases))
        for j in range(biases.shape[1]):
            label = "one run" if j == 0 else None
            axes.plot(j + 1 + spread, biases[:, j], MARKERS[j], color=COLOURS[j], ms=5, label=label, zorder=3)
            label = "average over the runs" if j == 0 else None
            axes.plot([j + 0.6, j + 1.4], [biases[:, j].mean()] * 2, color=INK, lw=3, label=label)
        axes.set(title=title, xlabel="coin", ylim=(-0.03, 1), xlim=(0.5, biases.shape[1] + 0.5))
        axes.set_xticks(range(1, biases.shape[1] + 1))
        parts.append(f"{title}: {', '.join(f'{bias:.2f}' for bias in biases.mean(axis=0))}")
    panels[0].set_ylabel("bias")
    panels[1].legend(loc="upper left")
    return Picture(figure, f"Average biases of {len(unsorted)} runs, {'; '.join(parts)}.")


@styled
def strategies_compared(reached: dict) -> Picture:
    """How often each strategy reaches the best maximum known, with binomial standard errors.

    Parameters
    ----------
    reached : dict of str to array_like of bool, shape (S,)
        For each strategy, in which data sets it did.
    """
    named("reached", reached, most=30)
    reached = {name: of_shape(f"reached by {name!r}", values, None) for name, values in reached.items()}
    figure = new_figure(8.6, 0.55 * len(reached) + 1.2)
    axes = figure.add_subplot()
    parts = []
    for row, (name, values) in enumerate(reached.items()):
        share, sets = np.mean(values), len(values)
        error = np.sqrt(share * (1 - share) / sets)
        axes.barh(row, share, color=mixed(COLOURS[0], 0.35), height=0.62)
        axes.errorbar(share, row, xerr=error, fmt="o", color=INK, capsize=5, lw=1.8)
        axes.text(0.02, row, name, va="center", color=INK)
        axes.text(share + error + 0.015, row, f"{share:.0%}", va="center", color=INK)
        parts.append(f"{name} {share:.0%} (± {error:.1%})")
    axes.set(xlim=(0, 1.08), yticks=[], xlabel=f"share of {sets} data sets where it reaches the best maximum known")
    axes.set_xticks(np.linspace(0, 1, 6), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])
    axes.invert_yaxis()
    return Picture(figure, f"Best maximum reached: {', '.join(parts)}.")
