"""Pictures of notebook 7: incomes of which some ages are known, and what a few labels are worth."""

import numpy as np
from matplotlib.ticker import NullLocator

from ...checks import instance, tally
from ...models.incomes import IncomeGroups, IncomeMixture
from ...page.picture import (
    COLOURS,
    HATCHES,
    INK,
    LINES,
    MARKERS,
    TINTS,
    Picture,
    named,
    new_figure,
    of_shape,
    styled,
)

__all__ = ["against_labels", "income_groups"]

HEIGHT = 4.6  # inches
TICKS = (5, 10, 20, 30, 50, 100, 200)
AGES = ("under 30", "30 to 59", "60 and over")


@styled
def income_groups(model: IncomeMixture, theta: IncomeGroups, truth: IncomeGroups | None = None, names=AGES) -> Picture:
    """A histogram of incomes in the colours of their posterior, under the curves of the groups.

    Parameters
    ----------
    model : IncomeMixture
        The incomes, and the ages that are known.
    theta : IncomeGroups
        The posterior's parameters. Their curves say how many people each group expects.
    truth : IncomeGroups, optional
        Draw the curves of these, too.
    names : sequence of str
        The names of the groups.
    """
    instance("model", model, IncomeMixture)
    names = tuple(names)
    for what, groups in {"theta": theta, "truth": truth}.items():
        if groups is not None or what == "theta":
            check_groups(what, groups, names)
    figure = new_figure(9, 3.5)
    axes = figure.add_subplot()
    update = _histogram(axes, model.incomes, names, truth)
    # A few tiny incomes would take half of the width.
    axes.set(xlabel="income (thousands a year)", xlim=(0.97 * np.quantile(model.incomes, 0.005), None))
    update(model, theta)
    groups = zip(names, theta.weights, theta.medians, strict=True)
    words = [f"{name}: {weight:.2f} of the people around {median:.1f}" for name, weight, median in groups]
    text = f"{len(model.incomes)} incomes in the colours of their posterior. Groups: {'; '.join(words)}."
    if truth is not None:
        text += f" True groups around {', '.join(f'{median:.4g}' for median in truth.medians)}."
    return Picture(figure, text)


def check_groups(name, groups, names=AGES):
    """TypeError or ValueError unless these are as many groups as there are names."""
    instance(name, groups, IncomeGroups)
    if len(groups) != len(names):
        raise ValueError(f"{name} must have {len(names)} groups, one per name; it has {len(groups)}")


def _histogram(axes, incomes, names, truth=None, **style):
    """Draw what rests of a histogram; returns a function of model and theta that draws or moves all else."""
    edges = _edges(incomes)
    grid = np.geomspace(edges[0], edges[-1], 200)
    people = len(incomes) * np.log(edges[1] / edges[0])  # what a density of log income is multiplied by
    empty = np.zeros(len(edges) - 1)
    highest = np.histogram(incomes, edges)[0].max()
    axes.set(xscale="log", xlim=(edges[0], edges[-1]), ylim=(0, 1.2 * highest), ylabel="people")
    bars, lines = [], []
    for g, name in enumerate(names):
        bars.append(
            axes.stairs(empty, edges, fill=True, fc=TINTS[g], ec="white", hatch=HATCHES[g], baseline=0, **style)
        )
        look = {"color": COLOURS[g], "ls": LINES[g], "lw": 2.5}
        lines += axes.plot(grid, 0 * grid, **look, **style)
        axes.plot([], [], **look, label=name)  # for the legend, where what moves cannot stand
    if truth is not None:
        look = {"color": INK, "ls": (0, (1, 2)), "lw": 1.8}
        for curve in _curves(truth, grid):
            axes.plot(grid, people * curve, **look, zorder=2.5, **style)
        axes.plot([], [], **look, label="true groups")
    _income_ticks(axes)
    axes.legend(loc="upper left", fontsize=9.5, borderaxespad=0.2, handlelength=3)

    def update(model, theta):
        place = np.digitize(incomes, edges[1:-1])
        posterior = model.responsibilities(theta)
        bottom = empty
        for g, (bar, line, curve) in enumerate(zip(bars, lines, _curves(theta, grid), strict=True)):
            top = bottom + tally(place, posterior[:, g], len(bottom))
            bar.set_data(top, edges, bottom)
            bottom = top
            line.set_ydata(people * curve)

    return update


def _income_ticks(axes):
    lowest, highest = axes.get_xlim()
    axes.set_xticks([tick for tick in TICKS if lowest <= tick <= highest])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())


def _edges(incomes):
    """Edges of a histogram, evenly spaced for the logarithm."""
    return np.geomspace(0.97 * np.min(incomes), 1.03 * np.max(incomes), 31)


def _curves(theta, grid):
    """Density of the logarithm of income, group by group, each times its weight."""
    with np.errstate(divide="ignore"):
        return (np.exp(IncomeMixture(grid).log_joint(theta)) * grid[:, None]).T


@styled
def against_labels(known, results: dict, xlabel: str, ylabel: str, decimals: int = 3) -> Picture:
    """Averages over many data sets, with standard errors, against how much is labelled.

    Parameters
    ----------
    known : sequence of str
        How much is labelled, in ascending order; evenly spaced in the picture.
    results : dict of str to array_like, shape (S, len(known))
        For each method, a number for every data set.
    xlabel, ylabel : str
    decimals : int, default 3
        Digits after the point in the description.
    """
    results = {
        name: of_shape(f"results {name!r}", r, None, len(known)) for name, r in named("results", results).items()
    }
    figure = new_figure(9, 3.6)
    axes = figure.add_subplot()
    parts = []
    for j, (name, values) in enumerate(results.items()):
        mean, error = values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))
        axes.errorbar(
            np.arange(len(known)) + 0.04 * j,
            mean,
            yerr=error,
            color=COLOURS[j],
            ls=LINES[j],
            marker=MARKERS[j],
            ms=7,
            lw=2,
            capsize=4,
            label=name,
        )
        shown = [f"{m:.{decimals}f} (± {e:.{decimals}f})" for m, e in zip(mean, error, strict=True)]
        parts.append(f"{name}: {', '.join(shown)}")
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.set_xticks(range(len(known)), known)
    axes.grid(axis="y", color="#E5E5E5")
    axes.legend()
    return Picture(figure, f"{ylabel} against {xlabel}: {', '.join(known)}. {'; '.join(parts)}.")
