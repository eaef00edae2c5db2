"""Pictures of notebook 8: the bound under the likelihood, the staircase in (q, theta), and climbs side by side."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...beyond.ascent import AscentStep, free_energy
from ...checks import brief, distribution, instance, listed
from ...coins import Coins
from ...models.linkage import GeneticLinkage
from ...page.picture import (
    COLOURS,
    CONTOURS,
    GREY,
    INK,
    LINES,
    MARKERS,
    Picture,
    named,
    new_figure,
    of_shape,
    shade,
    signed,
    styled,
)

__all__ = ["climbs_compared", "gain_split", "hard_and_soft", "jensen", "split", "staircase"]


@styled
def jensen(joint, qs: dict) -> Picture:
    """The logarithm of an average, and the average of logarithms, for one observation.

    Parameters
    ----------
    joint : array_like, shape (K,)
        P(X = x, Y = j) for each label.
    qs : dict of str to array_like, shape (K,)
        Name to probabilities of the labels, none of them 0.
    """
    joint, parts = of_shape("joint", joint, None), []
    if not np.all((joint > 0) & (joint < np.inf)) or len(joint) > len(COLOURS):
        raise ValueError(f"joint must be from 1 to {len(COLOURS)} probabilities above 0; it is {joint}")
    qs = {name: distribution(f"q {name!r}", q) for name, q in named("qs", qs).items()}
    for name, q in qs.items():
        if q.shape != joint.shape or np.any(q == 0):
            raise ValueError(f"q {name!r} must be {len(joint)} probabilities above 0; it is {q}")
    total = joint.sum()
    figure = new_figure(9.6, 3.7)
    ratios = {name: joint / q for name, q in qs.items()}
    widest = 1.15 * max(ratio.max() for ratio in ratios.values())
    lowest = 0.35 * min(ratio.min() for ratio in ratios.values())
    grid = np.linspace(lowest, widest, 300)
    for axes, (name, ratio) in zip(
        figure.subplots(1, len(qs), sharey=True, squeeze=False)[0], ratios.items(), strict=True
    ):
        q = qs[name]
        below = q @ np.log(ratio)
        axes.plot(grid, np.log(grid), color=GREY, lw=2)
        axes.fill(ratio, np.log(ratio), color=GREY, alpha=0.35, lw=0)  # all averages of the points lie in here
        for j, value in enumerate(ratio):
            look = {"color": COLOURS[j], "ms": 7 + 16 * np.sqrt(q[j]), "alpha": 0.75, "ls": ""}
            axes.plot([value], [np.log(value)], MARKERS[j], label=f"coin {j + 1}, q = {q[j]:.2f}", **look)
        axes.plot([total, total], [below, np.log(total)], color=INK, lw=2)
        axes.plot([total], [np.log(total)], "_", color=INK, ms=18, mew=2.5, label="logarithm of the average")
        axes.plot([total], [below], "x", color=INK, ms=10, mew=2.5, label="average of the logarithms")
        axes.set(
            title=f"{name}: gap {abs(np.log(total) - below):.3f}", xlabel="joint probability / q", xlim=(0, widest)
        )
        legend = axes.legend(loc="lower right", labelspacing=0.6)
        for handle in legend.legend_handles:
            handle.set_markersize(9)
        parts.append(f"{name}: average of logarithms {below:.4f}, gap {abs(np.log(total) - below):.4f}")
    figure.axes[0].set_ylabel("logarithm (nats)")
    return Picture(figure, f"The logarithm of the average is {np.log(total):.4f}. {'; '.join(parts)}.")


@styled
def gain_split(steps) -> Picture:
    """The gain of every EM step, split into what the bound gains in the M-step and the gap that it leaves.

    Parameters
    ----------
    steps : list of AscentStep
        From `coordinate_ascent` with the full E-step.
    """
    steps = _ascent(steps)
    heights = np.array([step.log_likelihood for step in steps])
    bounds = np.array([step.free_energy for step in steps[1:]]) - heights[:-1]
    gaps = np.array([step.divergence for step in steps[1:]])
    share = 100 * gaps / (bounds + gaps)
    iterations = range(1, len(steps))
    figure = new_figure(9.6, 3.7)
    left, right = figure.subplots(1, 2)
    left.semilogy(iterations, bounds, MARKERS[0] + "-", color=COLOURS[0], label="gain of the bound (M-step)")
    left.semilogy(iterations, gaps, MARKERS[1] + "--", color=COLOURS[1], label="gap that the M-step opens (KL)")
    left.set(xlabel="iteration", ylabel="nats")
    left.legend()
    right.bar(iterations, 100 - share, color=COLOURS[0], label="bound")
    right.bar(iterations, share, bottom=100 - share, color=COLOURS[1], hatch="//", edgecolor="white", label="gap")
    right.set(xlabel="iteration", ylabel="share of the step's gain (%)", ylim=(0, 100))
    right.legend(loc="lower left", frameon=True, framealpha=1)
    for axes in (left, right):
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    told = [i for i in (1, 2, 5, 10, 20) if i < len(steps)]
    parts = ", ".join(f"{i}: {bounds[i - 1]:.2e} + {gaps[i - 1]:.2e} ({share[i - 1]:.0f} % gap)" for i in told)
    return Picture(figure, f"Gain of the bound + gap, in nats, at iteration {parts}.")


@styled
def staircase(model, steps, near: float = 0.03) -> Picture:
    """EM on the genetic linkage counts as a climb in two numbers: theta, and the hidden share q of the second class.

    Parameters
    ----------
    model : GeneticLinkage
        All four counts above 0.
    steps : list of AscentStep
        From `coordinate_ascent`.
    near : float, default 0.03
        How much of theta around the end the second panel shows, to both sides.
    """
    instance("model", model, GeneticLinkage)
    steps = _ascent(steps)
    if len(model.occurrences) != 4:
        raise ValueError("model must have counts above 0 in all four classes")
    if not isinstance(near, (int, float, np.integer, np.floating)) or not 0 < near < 1:
        raise ValueError(f"near must be a number between 0 and 1; it is {near!r}")
    corners = [(steps[0].theta, 0.4)]
    for before, step in zip(steps, steps[1:], strict=False):
        share = step.responsibilities[0, 1]
        corners += [(before.theta, share), (step.theta, share)]
    corners = np.array(corners)
    heights = [free_energy(model, split(share), t) for t, share in corners]
    t_end, q_end = corners[-1]
    top = steps[-1].log_likelihood
    windows = [(0.02, 0.98, 0.01, 0.6), (t_end - near, t_end + near, q_end - near / 2, q_end + near / 2)]
    levels = [CONTOURS[1:], (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)]
    figure = new_figure(9.6, 4.4)
    for axes, window, drops, title in zip(
        figure.subplots(1, 2), windows, levels, ("the whole climb", "its end, enlarged"), strict=True
    ):
        ts, shares = np.linspace(*window[:2], 161), np.linspace(*window[2:], 161)
        surface = _surface(model, ts, shares)
        shade(axes, ts, shares, top - surface, (-1e-9, *drops), strength=0.6)
        axes.contour(ts, shares, top - surface, levels=drops, colors="white", linewidths=0.8)
        axes.plot(ts, ts / (2 + ts), ":", color=INK, lw=2, label="best q for each theta")
        best = [model.m_step(model.expected_statistics(split(share), t_end)) for share in shares]
        axes.plot(best, shares, "-.", color=COLOURS[2], lw=2, label="best theta for each q")
        axes.plot(corners[:, 0], corners[:, 1], "-", color=COLOURS[1], lw=2.2, label="EM")
        axes.plot(corners[:, 0], corners[:, 1], "o", color=COLOURS[1], ms=4)
        axes.set(title=title, xlabel="theta", xlim=window[:2], ylim=window[2:])
    figure.axes[0].set_ylabel("q: share of the hidden second class")
    figure.axes[0].legend(loc="upper left", frameon=True, framealpha=1)
    figure.axes[1].xaxis.set_major_locator(MaxNLocator(5))
    climb = listed(heights[:7], ".4f")
    path = ", ".join(f"{step.theta:.4f}" for step in steps[:5])
    return Picture(
        figure,
        f"Contours of F over theta and q. EM's theta: {path}. F after every half-step: {climb}; top {top:.4f}.",
    )


def _ascent(steps):
    if not isinstance(steps, (list, tuple)) or len(steps) < 2 or not all(isinstance(s, AscentStep) for s in steps):
        raise ValueError(f"steps must be two or more, as in list(coordinate_ascent(...)); it is {brief(steps)}")
    return steps


def split(share: float) -> np.ndarray:
    """The q of `GeneticLinkage`, shape (4, 5), in which the first observed class hides this share of the second."""
    q = np.eye(5)[[0, 2, 3, 4]]
    q[0, :2] = 1 - share, share
    return q


def _surface(model, ts, shares):
    """F over a grid, shape (shares, ts): linear in the logarithms of theta and 1 - theta, so one sum for all."""
    first, second, third, fourth = model.occurrences
    q = shares[:, None]
    entropy = -(q * np.log(q) + (1 - q) * np.log(1 - q))
    hidden = q * np.log(ts / 4) + (1 - q) * np.log(1 / 2) + entropy
    return first * hidden + (second + third) * np.log((1 - ts) / 4) + fourth * np.log(ts / 4)


@styled
def climbs_compared(curves: dict, xlabel: str, ylabel: str, top: float | None = None) -> Picture:
    """Several climbs in one picture.

    Parameters
    ----------
    curves : dict of str to (array_like, array_like)
        Name to abscissas (such as E-steps' worth of work) and heights in nats.
    xlabel, ylabel : str
    top : float, optional
        Draw how far below this height the curves are, on a log scale, down to 1e-8.
    """
    parts, pairs = [], {}
    for name, curve in named("curves", curves).items():
        if not isinstance(curve, (tuple, list)) or len(curve) != 2:
            raise ValueError(f"curve {name!r} must be a pair of abscissas and heights; it is {brief(curve)}")
        x = of_shape(f"abscissas of {name!r}", curve[0], None)
        pairs[name] = x, of_shape(f"heights of {name!r}", curve[1], len(x))
    figure = new_figure(9.6, 3.8)
    axes = figure.add_subplot()
    for j, (name, (x, heights)) in enumerate(pairs.items()):
        look = {"color": COLOURS[j], "ls": LINES[j], "lw": 2.5, "label": name}
        if top is None:
            axes.plot(x, heights, **look)
            parts.append(f"{name}: {heights[0]:.3f} to {heights[-1]:.3f}")
        else:
            seen = top - heights > 1e-8
            axes.semilogy(x[seen], top - heights[seen], **look)
            reached = np.flatnonzero(top - heights < 1e-6)
            parts.append(
                f"{name}: within 1e-6 after {x[reached[0]]:.0f}" if len(reached) else f"{name}: never within 1e-6"
            )
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend()
    return Picture(figure, f"{ylabel} by {xlabel}. {'; '.join(parts)}.")


@styled
def hard_and_soft(sizes, estimates: dict, truth) -> Picture:
    """Biases that two ways of fitting find on simulated data of several sizes, beside the true ones.

    Parameters
    ----------
    sizes : sequence of int
        Sequences in each data set.
    estimates : dict of str to array_like, shape (sizes, sets, K)
        Name to the biases that were found.
    truth : Coins
    """
    instance("truth", truth, Coins)
    shape = len(sizes), None, len(truth)
    estimates = {name: of_shape(f"estimates {name!r}", e, *shape) for name, e in named("estimates", estimates).items()}
    figure = new_figure(9.6, 3.8)
    axes = figure.add_subplot()
    for bias in truth.biases:
        axes.axhline(bias, color=INK, lw=1.2, ls=":")
        axes.annotate(f"true {bias:g}", (1, bias), xycoords=("axes fraction", "data"), va="center", size=11)
    parts = []
    for j, (name, found) in enumerate(estimates.items()):
        means, spreads = found.mean(axis=1), found.std(axis=1)
        for coin in range(found.shape[2]):
            x = np.arange(len(sizes)) + 0.16 * (j - (len(estimates) - 1) / 2)
            look = {"fmt": MARKERS[j], "color": COLOURS[j], "ms": 9, "capsize": 4, "lw": 2}
            axes.errorbar(x, means[:, coin], spreads[:, coin], label=name if coin == 0 else None, **look)
        told = []
        for n, centre, spread in zip(sizes, means, spreads, strict=True):
            biases = ", ".join(f"{m:.2f} ± {s:.2f}" for m, s in zip(centre, spread, strict=True))
            told.append(f"{n}: {biases}")
        parts.append(f"{name}, by number of sequences: {'; '.join(told)}")
    axes.set(xlabel="sequences in a data set", ylabel="bias found", xlim=(-0.5, len(sizes) - 0.5), ylim=(0, 1))
    axes.set_xticks(range(len(sizes)), [f"{n:,}" for n in sizes])
    axes.legend(loc="upper center", ncols=len(estimates))
    return Picture(figure, f"Biases found, average ± standard deviation. {'. '.join(parts)}.")


def _signed(value):
    return signed(f"{value:z.4f}")
