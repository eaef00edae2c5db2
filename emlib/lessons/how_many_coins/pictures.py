"""Pictures of notebook 10: where a fit misses, what a likelihood ratio is by chance, and how far estimates scatter."""

import numpy as np
from matplotlib.patches import Ellipse

from ...page.picture import COLOURS, GREY, INK, LINES, MARKERS, Picture, new_figure, styled

__all__ = ["estimates", "pearson_residuals", "ratios"]


@styled
def pearson_residuals(counts, expected: dict) -> Picture:
    """Observed counts beside expected ones, and below them how many standard deviations they miss by.

    Parameters
    ----------
    counts : array_like of int, shape (M + 1,)
        How many sequences had 0, 1, ..., M heads.
    expected : dict of str to array_like, shape (M + 1,)
        The name of a fit, and how many it expects.

    Returns
    -------
    Picture
        Heights are drawn as square roots, so that small counts can be seen. The misses are Pearson residuals,
        (observed - expected) / sqrt(expected).
    """
    counts = np.asarray(counts)
    heads = np.arange(len(counts))
    ticks = [t for t in (10, 100, 400, 1000, 4000) if t <= 1.2 * counts.max()]
    residuals = {name: (counts - values) / np.sqrt(values) for name, values in expected.items()}
    limit = 1.1 * max(4.5, *(np.abs(values).max() for values in residuals.values()))
    figure = new_figure(9.6, 4.6)
    panels = figure.subplots(2, len(expected), sharex=True, sharey="row", squeeze=False, height_ratios=[3, 2])
    for column, (name, values) in enumerate(expected.items()):
        top, bottom = panels[:, column]
        top.bar(heads, np.sqrt(counts), width=0.8, color=GREY, label="observed")
        top.plot(heads, np.sqrt(values), color=INK, marker="o", ms=5, lw=1.5, label="expected")
        top.set_title(name)
        bottom.axhspan(-2, 2, color=GREY, alpha=0.35, lw=0)
        bottom.axhline(0, color=INK, lw=1)
        wrong = np.abs(residuals[name]) > 2
        for where, colour, marker in ((~wrong, COLOURS[0], MARKERS[0]), (wrong, COLOURS[1], MARKERS[1])):
            bottom.vlines(heads[where], 0, residuals[name][where], color=colour, lw=3)
            bottom.plot(heads[where], residuals[name][where], marker, color=colour, ms=6)
        bottom.set(ylim=(-limit, limit), xlabel="boys", xticks=heads[::2], yticks=[-4, -2, 0, 2, 4])
    panels[0, 0].set(ylabel="families\n(root scale)", yticks=np.sqrt(ticks), yticklabels=[f"{t:,}" for t in ticks])
    panels[1, 0].set_ylabel("standard\ndeviations off")
    figure.legend(*top.get_legend_handles_labels(), loc="outside upper right", ncols=2)
    parts = [
        f"{name}: {', '.join(f'{value:.1f}' for value in np.round(row, 1) + 0.0)}" for name, row in residuals.items()
    ]
    return Picture(
        figure,
        f"Observed and expected families for 0 to {len(counts) - 1} boys. Standard deviations by which the observed "
        f"ones are above the expected ones. {'; '.join(parts)}.",
    )


@styled
def ratios(tests: dict) -> Picture:
    """Likelihood ratios of simulated data sets, with the observed one and the chi-squared curve that does not hold."""
    figure = new_figure(9.6, 3.6)
    parts = []
    for axes, (name, test) in zip(figure.subplots(1, len(tests), squeeze=False)[0], tests.items(), strict=True):
        edge = max(8.0, np.ceil(test.simulated.max()))
        axes.hist(test.simulated, np.arange(0, edge + 0.5, 0.5), density=True, color=GREY, edgecolor="white",
                  label="simulated")  # fmt: skip
        x = np.linspace(0, 1.6 * edge, 200)
        axes.plot(x, np.exp(-x / 2) / 2, color=COLOURS[0], ls=LINES[1], lw=2, label=r"$\chi^2$, 2 d.f.")
        if test.observed <= 1.5 * edge:
            axes.axvline(test.observed, color=COLOURS[1], lw=3, label=f"observed, {test.observed:.1f}")
            axes.set_xlim(0, max(edge, 1.05 * test.observed))
        else:
            axes.set_xlim(0, 1.25 * edge)
            axes.annotate(f"observed:\n{test.observed:.1f}", (1.25 * edge, 0.3), (1.01 * edge, 0.3), va="center",
                          ha="center", color=COLOURS[1], fontweight="bold",
                          arrowprops={"arrowstyle": "-|>", "color": COLOURS[1], "lw": 3})  # fmt: skip
        axes.set(title=name, xlabel="twice the gain in log-likelihood", ylim=(0, 1.1), yticks=[0, 0.5, 1])
        axes.legend(loc="upper right")
        parts.append(
            f"{name}: observed {test.observed:.1f}; of {len(test.simulated)} simulated values half are below "
            f"{np.median(test.simulated):.1f}, 95 % below {np.quantile(test.simulated, 0.95):.1f}, and the largest "
            f"is {test.simulated.max():.1f}"
        )
    figure.axes[0].set_ylabel("density")
    return Picture(figure, f"Likelihood ratios by chance. {'. '.join(parts)}.")


@styled
def estimates(theta, runs, covariance) -> Picture:
    """Bias and weight of each coin in every bootstrap sample, with the ellipses of the standard errors.

    Parameters
    ----------
    theta : Coins
        The fit.
    runs : ManyRuns
        From `parametric_bootstrap`.
    covariance : array_like, shape (2 K, 2 K)
        From `standard_errors`.

    Returns
    -------
    Picture
        An ellipse holds 95 % of the estimates of one coin, if they are normal.
    """
    coins = len(theta)
    figure = new_figure(9, 4)
    axes = figure.add_subplot()
    parts = []
    for j in range(coins):
        label = f"coin {j + 1}"
        axes.plot(runs.biases[:, j], runs.weights[:, j], MARKERS[j], color=COLOURS[j], ms=4, alpha=0.35, mew=0)
        own = np.asarray(covariance)[np.ix_([j, coins + j], [j, coins + j])]
        spread, directions = np.linalg.eigh(own)
        angle = np.degrees(np.arctan2(directions[1, 1], directions[0, 1]))
        centre = theta.biases[j], theta.weights[j]
        size = 2 * np.sqrt(-2 * np.log(0.05) * spread)
        axes.add_patch(Ellipse(centre, size[1], size[0], angle=angle, fill=False, ec=INK, lw=2,
                               label=None if j else "95 %, from the\ninformation"))  # fmt: skip
        axes.plot(*centre, MARKERS[j], color=COLOURS[j], mec=INK, mew=1.5, ms=11, label=label)
        bias, weight = runs.biases[:, j].std(), runs.weights[:, j].std()
        parts.append(f"{label}: bias {centre[0]:.3f} ± {bias:.3f}, weight {centre[1]:.3f} ± {weight:.3f}")
    axes.set(xlabel="bias", ylabel="weight", ylim=(-0.05, 1.05))
    axes.legend(loc="best")
    return Picture(figure, f"Estimates from {len(runs.biases)} simulated data sets. {'; '.join(parts)}.")
