"""Pictures of notebook 6: stars that were given, stars that might have been, and what filling them in costs."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import NullFormatter, PercentFormatter

from ...checks import listed
from ...page.picture import COLOURS, GREY, HATCHES, INK, LINES, MARKERS, Picture, new_figure, styled

__all__ = ["fill_in_errors", "star_bars", "star_pairs", "user_types"]


@styled
def star_bars(panels: dict, truth=None) -> Picture:
    """One small bar chart of stars for each panel, all on the same scale.

    Parameters
    ----------
    panels : dict of str to array_like, shape (L,)
        Title of each panel, and the probability of 1 to L stars.
    truth : array_like, shape (L,), optional
        The true probabilities, drawn as a line over every bar.
    """
    figure = new_figure(9.6, 2.9)
    everything = [*panels.values()] + ([] if truth is None else [truth])
    for n, (axes, (title, bars)) in enumerate(zip(_row(figure, len(panels), sharey=True), panels.items(), strict=True)):
        stars = np.arange(1, len(bars) + 1)
        axes.bar(stars, bars, width=0.8, color=COLOURS[0], alpha=0.75, label="EM" if n == 0 else None)
        if truth is not None:
            label = "truth" if n == 0 else None
            axes.hlines(truth, stars - 0.45, stars + 0.45, color=COLOURS[1], lw=3, label=label)
        axes.set(title=title, xlabel="stars", xticks=stars, ylim=(0, 1.1 * np.max(everything)))
    figure.axes[0].set_ylabel("probability")
    if truth is not None:
        figure.legend(loc="outside upper right", ncols=2)
    parts = [f"{title}: {listed(bars, '.2f')}" for title, bars in panels.items()]
    if truth is not None:
        parts.append(f"truth: {listed(truth, '.2f')}")
    return Picture(figure, f"Probability of 1 to {len(stars)} stars. {'; '.join(parts)}.")


@styled
def star_pairs(tables: dict, questions) -> Picture:
    """How often two questions get which pair of stars, in per cent, one table beside the other.

    Parameters
    ----------
    tables : dict of str to array_like, shape (L, L)
        Title, and the share of every pair of stars; the first question goes down the rows.
    questions : tuple of str
        The names of the two questions.
    """
    shades = LinearSegmentedColormap.from_list("blues", ["white", COLOURS[0]])
    highest = max(np.max(table) for table in tables.values())
    figure = new_figure(9.6, 3.1)
    for n, (axes, (title, table)) in enumerate(zip(_row(figure, len(tables)), tables.items(), strict=True)):
        table = np.asarray(table)
        axes.imshow(table, cmap=shades, vmin=0, vmax=highest, origin="lower")
        for (row, column), share in np.ndenumerate(table):
            colour = "white" if share > 0.85 * highest else INK  # whichever stands out more
            axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=colour)
        marks = range(len(table))
        axes.set(title=title, xlabel=questions[1], xticks=marks, yticks=marks)
        axes.set_xticklabels([mark + 1 for mark in marks])
        axes.set_yticklabels([mark + 1 for mark in marks])
        axes.tick_params(length=0)
        if n == 0:
            axes.set_ylabel(questions[0])
    # A table in words: of those with so many stars in the first question, the average of the second.
    stars = 1 + np.arange(len(table))
    parts = []
    for title, table in tables.items():
        averages = np.asarray(table) @ stars / np.sum(table, axis=1)
        parts.append(f"{title}: {', '.join(f'{average:.1f}' for average in averages)}")
    return Picture(
        figure, f"Average {questions[1]} of those who gave {questions[0]} 1 to {len(stars)} stars. {'; '.join(parts)}."
    )


@styled
def user_types(theta, names, questions, truth=None) -> Picture:
    """Which stars every type of user gives to every question.

    Parameters
    ----------
    theta : Classes
        The types.
    names, questions : sequence of str
        What the types and the questions are called.
    truth : Classes, optional
        The true types in the same order, drawn as lines.
    """
    stars = 1 + np.arange(theta.probabilities.shape[2])
    figure = new_figure(9.6, 1.55 * len(names) + 0.6)
    grid = figure.subplots(len(names), len(questions), sharex=True, sharey=True, squeeze=False)
    for k, name in enumerate(names):
        for d, question in enumerate(questions):
            axes, first = grid[k, d], k == d == 0
            axes.bar(stars, theta.probabilities[k, d], color=COLOURS[k], hatch=HATCHES[k], edgecolor="white")
            if truth is not None:
                lines = truth.probabilities[k, d]
                axes.hlines(lines, stars - 0.45, stars + 0.45, color=INK, lw=3, label="truth" if first else None)
            if k == 0:
                axes.set_title(question)
            if k == len(names) - 1:
                axes.set_xlabel("stars")
            axes.set_xticks(stars)
        grid[k, 0].set_ylabel(f"{name}\n({theta.weights[k]:.0%})")
    if truth is not None:
        figure.legend(loc="outside upper right")
    parts = []
    for name, weight, tables in zip(names, theta.weights, theta.probabilities, strict=True):
        averages = ", ".join(f"{q} {table @ stars:.1f}" for q, table in zip(questions, tables, strict=True))
        parts.append(f"{name} ({weight:.0%}): {averages}")
    return Picture(figure, f"Types of users and their average stars. {'; '.join(parts)}.")


@styled
def fill_in_errors(panels: dict, places, xlabel: str, log: bool = False) -> Picture:
    """The error of every way to treat missing stars, averaged over simulated data sets, with standard errors.

    Parameters
    ----------
    panels : dict of str to dict of str to array_like, shape (sets, P)
        Title of each panel; the name of each way, and its error in every data set and place.
    places : array_like, shape (P,)
        Where on the horizontal axis: shares from 0 to 1, or numbers of users.
    log : bool, default False
        Both axes logarithmic, and the places are numbers; otherwise the places are shares.
    """
    figure = new_figure(9.6, 4)
    parts = []
    highest = max(np.mean(errors, axis=0).max() for ways in panels.values() for errors in ways.values())
    for n, (axes, (title, ways)) in enumerate(zip(_row(figure, len(panels), sharey=True), panels.items(), strict=True)):
        for j, (name, errors) in enumerate(ways.items()):
            errors = np.asarray(errors)
            mean, error = errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(len(errors))
            look = {"color": COLOURS[j], "ls": LINES[j], "marker": MARKERS[j], "ms": 8, "lw": 2, "capsize": 4}
            axes.errorbar(places, mean, yerr=error, label=name if n == 0 else None, **look)
            parts.append(f"{title}, {name}: {', '.join(f'{m:.2f}' for m in mean)}")
        axes.set(title=title, xlabel=xlabel)
        axes.grid(axis="y", color=GREY, lw=0.5)
        if log:
            axes.set(xscale="log", yscale="log")
            axes.set_yticks([0.01, 0.02, 0.05, 0.1, 0.2, 0.5], ["1 %", "2 %", "5 %", "10 %", "20 %", "50 %"])
            axes.yaxis.set_minor_formatter(NullFormatter())
            axes.set_xticks(places, [f"{place:,}" for place in places])
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.minorticks_off()
        else:
            axes.set_ylim(0, 1.05 * highest)
            axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
            axes.set_xticks(places)
    figure.axes[0].set_ylabel("users in the wrong row")
    figure.legend(loc="outside upper center", ncols=len(ways), handlelength=3.5)
    where = ", ".join(f"{place:,}" if log else f"{place:.0%}" for place in places)
    return Picture(figure, f"Share of users in the wrong row. {xlabel.capitalize()} {where}. {'; '.join(parts)}.")


def _row(figure, panels, sharey=False):
    return np.atleast_1d(figure.subplots(1, panels, sharey=sharey))
