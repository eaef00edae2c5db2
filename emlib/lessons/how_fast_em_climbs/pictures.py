"""Pictures of notebook 9: how fast EM climbs, and how others do."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ...checks import listed
from ...page.picture import COLOURS, GREY, INK, LINES, MARKERS, Picture, new_figure, styled

__all__ = ["gaps_and_rates", "gaps_per_iteration", "next_estimates"]


@styled
def next_estimates(em_map, start: float, iterations: int = 4) -> Picture:
    """EM on a single number from 0 to 1: up to the curve of the next estimate, across to the diagonal, and again.

    Parameters
    ----------
    em_map : callable
        From an estimate to the next one.
    iterations : int, default 4
        How many of them to draw; the text names them all.
    """
    estimates = [start]
    for _ in range(iterations):
        estimates.append(em_map(estimates[-1]))
    grid = np.linspace(0.001, 1, 300)
    curve = np.array([em_map(t) for t in grid])
    figure = new_figure(height=4.2)
    whole, near = figure.subplots(1, 2)
    for axes in (whole, near):
        axes.plot(grid, grid, color=INK, lw=1, ls="--", label="no change")
        axes.plot(grid, curve, color=COLOURS[0], lw=2.5, label="next estimate")
        axes.set(xlabel="estimate t", aspect="equal")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.yaxis.set_major_locator(MaxNLocator(5))
    corners = np.repeat(estimates, 2)
    near.plot(corners[:-1], corners[1:], color=COLOURS[1], lw=2, label="EM")
    near.plot(estimates[:-1], estimates[1:], MARKERS[0], color=COLOURS[1], ms=7)
    low, high = min(estimates), max(estimates)
    room = 0.15 * (high - low)
    near.set(xlim=(low - room, high + room), ylim=(low - room, high + room), title="the frame, enlarged")
    side = high - low + 2 * room
    frame = Rectangle((low - room, low - room), side, side, fill=False, edgecolor=COLOURS[1], lw=1.5)
    whole.add_patch(frame)
    whole.set(xlim=(0, 1), ylim=(0, 1), ylabel="next estimate", title="the whole map")
    near.legend(loc="lower right")
    numbers = listed(estimates, ".4f")
    return Picture(figure, f"Next estimate over estimate: a flat curve crosses the diagonal. EM: {numbers}.")


@styled
def gaps_and_rates(runs: dict) -> Picture:
    """Distance to the maximum per iteration on a log scale, beside straight lines of the predicted rates.

    Parameters
    ----------
    runs : dict of str to (array_like, float)
        By name, the distance after 0, 1, 2, ... iterations, and the rate, below 1.
    """
    figure = new_figure(height=4)
    axes = figure.add_subplot()
    for j, (name, (gaps, rate)) in enumerate(runs.items()):
        iterations, gaps = np.arange(len(gaps)), np.asarray(gaps, dtype=float)
        colour = COLOURS[j % len(COLOURS)]
        axes.semilogy(
            iterations, gaps, color=colour, ls=LINES[j % len(LINES)], lw=2.5, label=f"{name}:\nrate {rate:.4f}"
        )
        # Through the last point that rounding has not touched, moved up a little so that both can be seen.
        last = np.flatnonzero(gaps > 1e-9)[-1]
        axes.semilogy(iterations, 1.6 * gaps[last] * rate ** (iterations - last), color=INK, lw=1)
    axes.plot([], [], color=INK, lw=1, label="slope of each rate")
    axes.set(xlabel="iteration", ylabel="distance from the maximum", ylim=(1e-9, 2))
    figure.legend(loc="outside right center")
    words = "; ".join(f"{name}: {rate:.4f}" for name, (_, rate) in runs.items())
    return Picture(figure, f"Distance from the maximum on a log scale, each run as straight as its rate. {words}.")


@styled
def gaps_per_iteration(curves: dict, near: float = 1e-6) -> Picture:
    """How far the log-likelihood is below its maximum after so many iterations, both on log scales.

    Parameters
    ----------
    curves : dict of str to array_like
        By name, the gap in nats after 0, 1, 2, ... iterations.
    near : float, default 1e-6
        Draw a line at this gap, and say when each curve crosses it.
    """
    figure = new_figure(height=4)
    axes = figure.add_subplot()
    words = []
    for j, (name, gaps) in enumerate(curves.items()):
        gaps = np.asarray(gaps, dtype=float)
        style = {"color": COLOURS[j % len(COLOURS)], "ls": LINES[j % len(LINES)]}
        shown = np.flatnonzero(gaps > near / 100)
        shown = shown[shown > 0]
        axes.loglog(shown, gaps[shown], lw=2.5, label=name, **style)
        if np.any(gaps <= near):
            first = int(np.argmax(gaps <= near))
            axes.plot([first], [near], MARKERS[j % len(MARKERS)], color=style["color"], ms=9)
            words.append(f"{name} after about {float(f'{first:.2g}'):,.0f}")
    axes.axhline(near, color=GREY, lw=1)
    axes.set(xlabel="iterations (E-steps and M-steps)", ylabel="nats below the maximum")
    axes.legend(loc="upper right")
    return Picture(figure, f"Gap to the maximum per iteration. Within {near:g} nats: {', '.join(words)}.")
