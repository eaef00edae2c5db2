"""Pictures of notebook 4: how EM comes to rest, and why nothing beats where it rests."""

import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from ...beyond.gradient import gradient_function
from ...checks import listed
from ...page.inputs import coins_to_draw, runs_to_draw
from ...page.picture import COLOURS, INK, LINES, MARKERS, Picture, named, new_figure, of_shape, styled

__all__ = ["gap_to_maximum", "gradient", "gradient_peaks", "likelihoods"]

AS_GOOD_AS_0 = 1e-3  # nats per unit of weight


@styled
def gap_to_maximum(steps, maximum: float, rate: float) -> Picture:
    """The distance of every bias from where EM ends, on a log scale, beside a straight line of the given rate.

    Parameters
    ----------
    steps : list of Step
    maximum : float
        The bias that all coins end at.
    rate : float
        The factor by which theory shrinks the distance in every iteration.
    """
    (steps,) = runs_to_draw("steps", {"": steps}).values()
    gaps = np.abs([step.theta.biases - maximum for step in steps])
    iterations = np.arange(len(steps))
    figure = new_figure()
    axes = figure.add_subplot()
    for j in range(gaps.shape[1]):
        axes.semilogy(iterations, gaps[:, j], color=COLOURS[j], ls=LINES[j], lw=2, label=f"coin {j + 1}")
    line = 2 * gaps[:, 0].max() * rate**iterations
    axes.semilogy(iterations, line, color=INK, ls=":", lw=2, label=f"shrinks by {rate:.5f} each time")
    axes.set(xlabel="iteration", ylabel=f"distance of the bias from {maximum:g}")
    axes.legend()
    ends = listed(gaps[-1], ".0e")
    return Picture(figure, f"Distance from {maximum:g} on a log scale: straight lines down to {ends}.")


@styled
def gradient(model, theta) -> Picture:
    """Lindsay's gradient function D(p) over all biases p, with the coins of the fit marked.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins
    """
    coins_to_draw("theta", theta, most=None)
    biases = np.unique(np.append(np.linspace(0, 1, 501), theta.biases))
    values = gradient_function(model, theta, biases)
    figure = new_figure()
    axes = figure.add_subplot()
    axes.axhline(0, color=INK, lw=1)
    axes.plot(biases, values, color=COLOURS[0], lw=2.5)
    at_coins = gradient_function(model, theta, theta.biases)
    axes.plot(theta.biases, at_coins, "o", color=COLOURS[1], ms=9, clip_on=False)
    axes.set(xlabel="bias p of one more coin", ylabel="D(p)", xlim=(0, 1))
    if values.max() <= AS_GOOD_AS_0:
        description = f"D(p) is 0.000 at the coins ({listed(theta.biases)}), and nowhere above {AS_GOOD_AS_0:g}."
    else:
        description = f"D(p) is highest at p = {biases[values.argmax()]:.3f}, where it is {values.max():.3f}."
    return Picture(figure, description)


@styled
def gradient_peaks(peaks: dict) -> Picture:
    """How high Lindsay's D(p) rises under the fits to many samples, one panel for each origin of samples.

    Parameters
    ----------
    peaks : dict of str to array_like, shape (S,)
        For each origin, the highest D(p) of every sample, in nats per unit of weight. Those that are as good as 0
        stand hollow, on the lowest line.
    """
    peaks = {name: of_shape(f"peaks of {name!r}", values, None) for name, values in named("peaks", peaks).items()}
    figure = new_figure(9, 3.3)
    panels = np.atleast_1d(figure.subplots(1, len(peaks), sharey=True))
    parts = []
    for j, (axes, (name, values)) in enumerate(zip(panels, peaks.items(), strict=True)):
        samples, above = np.arange(1, len(values) + 1), values > AS_GOOD_AS_0
        colour = COLOURS[j]
        axes.vlines(samples[above], AS_GOOD_AS_0, values[above], color=colour, lw=1.5)
        axes.plot(samples[above], values[above], MARKERS[j], color=colour, ms=6)
        floor = np.full(len(values) - above.sum(), AS_GOOD_AS_0)
        axes.plot(samples[~above], floor, MARKERS[j], color=colour, mfc="white", ms=6, clip_on=False, zorder=3)
        said = f"above {AS_GOOD_AS_0:g} in {above.sum()} of {len(values)}"
        axes.set(title=f"{name}: {said}", xlabel="sample", yscale="log", ylim=(AS_GOOD_AS_0, None))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 5, 10]))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
        reach = f", there from {values[above].min():.3g} to {values[above].max():.3g}" if above.any() else ""
        parts.append(f"{name}: {said}{reach}")
    panels[0].set_ylabel("highest D(p)")
    return Picture(figure, f"Highest D(p) of each sample. {'; '.join(parts)}.")


@styled
def likelihoods(curves: dict) -> Picture:
    """Log-likelihood per iteration for several runs."""
    curves = runs_to_draw("curves", curves)
    figure = new_figure()
    axes = figure.add_subplot()
    for j, (name, steps) in enumerate(curves.items()):
        values = [step.log_likelihood for step in steps]
        axes.plot(range(len(steps)), values, color=COLOURS[j], ls=LINES[j], lw=2.5, label=name)
    axes.set(xlabel="iteration", ylabel="log-likelihood (nats)")
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.legend(loc="lower right")
    ends = "; ".join(f"{name}: {s[0].log_likelihood:.4f} to {s[-1].log_likelihood:.4f}" for name, s in curves.items())
    return Picture(figure, f"Log-likelihood per iteration. {ends}.")
