"""The maxima of the likelihood that EM reaches from many starts, and the starts that lead to each."""

from dataclasses import dataclass

import numpy as np

from ..checks import brief, instance, random_generator, tally
from ..coins import BinomialMixture, Coins
from .gradient import places
from .many_starts import BLOCK, ManyRuns, checked_starts, em_many, random_starts, run_on
from .progress import check_progress, goes_on
from .stationary import classify_stationary_point, natural_units, polish, slope_and_curvature

BLOCKS = 40  # how often it looks at most
REST = 1e-8  # of a weight, or of a bias in units of itself: what an iteration may still change at a point of rest


@dataclass(frozen=True, eq=False)
class LocalMaximum:
    """A point where EM comes to rest.

    Attributes
    ----------
    theta : Coins
        In order of bias.
    log_likelihood : float
        In nats.
    share : float
        The share of the evenly drawn starts that led here; 0 if only starts that were placed near the data did.
    kind : str
        "maximum": strict, the likelihood falls in every direction. "ridge": flat in some direction. "saddle": it rises
        in some direction, perhaps once a coin of weight 0 has another bias. "border": a bias of 0 or 1, or a weight of
        0, where the likelihood falls inwards.
    free : str
        What could be changed in `theta` at no cost, in words; empty if nothing could.
    """

    theta: Coins
    log_likelihood: float
    share: float
    kind: str
    free: str = ""


def local_maxima(
    model: BinomialMixture, coins: int = 3, starts: int = 2000, seed=0, progress=None
) -> list[LocalMaximum]:
    """Where EM comes to rest from random starts, best first.

    Starts are drawn evenly, see `random_starts`. Some more are placed among the observed shares, see `placed_starts`:
    where all biases are tiny, an even draw never hits them.

    Parameters
    ----------
    model : BinomialMixture
        Must learn its weights; with given ones, run `em_many` from starts that have them.
    starts : int, default 2000
        How many are drawn evenly.
    seed : int or numpy.random.Generator, default 0
    progress : callable, optional
        Called now and then with the share of the starts that have come to rest, from 0 to 1. If it raises
        StopIteration, the work ends.

    Returns
    -------
    list of LocalMaximum
        Points that differ only in the order of the coins are one. So are points of one likelihood on a ridge, and those
        that differ only in coins of weight 0. If `progress` ended the work: the points where starts have come to rest
        so far, perhaps none, with their shares among those starts. A maximum that EM climbs slowly has too small a
        share then, or is missing.
    """
    check_learns_weights(model)
    check_progress(progress)
    generator = random_generator(seed)
    even, placed = random_starts(coins, starts, generator), placed_starts(model, coins, 20 + starts // 20, generator)
    weights, biases = (np.vstack(parts) for parts in zip(even, placed, strict=True))
    numbers = np.append(np.ones(len(even[0])), np.zeros(len(placed[0])))  # how many even starts each row stands for
    tops = []

    def tell(_=None):
        progress(min(sum(top.number for top in tops) / starts, 1))

    report = None if progress is None else tell
    for block in range(BLOCKS):
        runs = ManyRuns(weights, biases, np.empty(len(weights)))
        if not run_on(model, runs, min(100 * 2**block, BLOCK), report):
            break
        weights, biases, numbers = _merge(weights, biases, numbers)
        after = em_many(model, weights, biases, 1)
        rests = (block == BLOCKS - 1) | ~moves((weights, biases), after[:2], _tossed(model), REST)
        left = _credit(model, tops, after, numbers, rests)
        weights, biases, numbers = weights[left], biases[left], numbers[left]
        if not len(weights):
            goes_on(report, 1)
            break
    return _without_twins(model, tops)


def placed_starts(model: BinomialMixture, coins: int, starts: int, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Starts whose biases lie between neighbours of `places`: as many among rare events as among frequent ones.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (starts, coins)
    """
    instance("model", model, BinomialMixture)
    weights, ranks = random_starts(coins, starts, seed)
    edges = places(model.distinct_heads / model.distinct_tosses)
    return weights, np.interp(ranks * (len(edges) - 1), range(len(edges)), edges)


def moves(before, after, tossed, tolerance: float) -> np.ndarray:
    """Which runs still move, by more than `tolerance` in a weight, or in a bias in proportion to it.

    Parameters
    ----------
    before, after : tuple of numpy.ndarray, shape (R, K)
        Weights and biases.
    tossed : array_like
        How many tosses the data have: a bias on its way to 0 rests when it expects no head any more.
    """
    (old_weights, old), (weights, biases) = before, after
    scale = biases * (1 - biases) + 1 / tossed
    return (np.maximum(np.abs(biases - old) / scale, np.abs(weights - old_weights)) > tolerance).any(axis=1)


def _tossed(model):
    return model.occurrences @ model.distinct_tosses.astype(float)


def _merge(weights, biases, numbers):
    """Put the coins in order of bias, and make one row of rows that agree to nine digits."""
    # The bias of a coin which no sequence uses does not matter any more.
    weights, biases = _in_order(weights, np.where(weights > 0, biases, 0.5))
    mantissas, exponents = np.frexp(np.hstack([biases, weights]))
    digits = np.ldexp(np.round(mantissas, 9), exponents)
    _, first, row = np.unique(digits, axis=0, return_index=True, return_inverse=True)
    return weights[first], biases[first], tally(row.ravel(), numbers)


@dataclass
class _Top:
    """A stationary point, and how many of the even starts led to it."""

    theta: Coins
    log_likelihood: float
    kind: str
    number: float = 0


def _credit(model, tops, runs, numbers, rests):
    """Credit the runs to the tops that they have reached or cannot miss any more, new ones too; which runs are left."""
    weights, biases, log_likelihoods = runs
    left, used = np.full(len(log_likelihoods), True), _used(weights, biases)

    def credit(top):
        point = _used(top.theta.weights[None], top.theta.biases[None])
        there = _as_high(log_likelihoods, top.log_likelihood)
        if top.kind != "ridge":
            there &= ~moves(point, used, _tossed(model), 1e-3)
        if top.kind == "maximum":
            there |= (np.abs(log_likelihoods - top.log_likelihood) < 1e-3) & ~moves(point, used, _tossed(model), 2e-2)
        top.number += numbers[left & there].sum()
        left[there] = False

    for top in tops:
        credit(top)
    tries = 3  # of the highest that still move: is there a strict maximum nearby?
    for row in np.argsort(-log_likelihoods, kind="stable"):
        if not left[row] or not (rests[row] or tries):
            continue
        tries -= not rests[row]
        theta = polish(model, Coins(weights[row] / weights[row].sum(), biases[row]))
        top = _Top(theta, model.log_likelihood(theta), classify_stationary_point(model, theta))
        if rests[row] or (top.kind == "maximum" and _is_flat(model, theta)):
            tops.append(top)
            credit(top)
        if rests[row] and left[row]:
            top.number += numbers[row]
            left[row] = False
    return left


def _is_flat(model, theta):
    """Whether the likelihood neither rises nor falls here: whether Newton's method has arrived."""
    slope, _ = slope_and_curvature(model, theta)
    free, units = natural_units(model, theta)
    return np.abs(units.T @ slope[free]).max(initial=0) < 1e-5


def _without_twins(model, tops):
    """One entry for each maximum: the same likelihood, and the same mixture or the same ridge."""
    distinct = []
    for top in sorted(tops, key=lambda top: -top.log_likelihood):
        for other in distinct:
            if _as_high(top.log_likelihood, other.log_likelihood) and (
                top.kind == other.kind == "ridge" or _one_mixture(model, top.theta, other.theta)
            ):
                other.number += top.number
                break
        else:
            distinct.append(top)
    starts = max(sum(top.number for top in distinct), 1)
    return [
        LocalMaximum(
            top.theta,
            top.log_likelihood,
            float(top.number / starts),
            top.kind,
            _what_is_free(model, top.theta, top.kind),
        )
        for top in distinct
    ]


def _as_high(log_likelihood, other):
    return np.abs(log_likelihood - other) <= 1e-9 * np.abs(other) + 1e-7


def _used(weights, biases):
    """Rows in order of bias, with coins that all but lost their weight put alike."""
    used = weights > 1e-6
    return _in_order(np.where(used, weights, 0), np.where(used, biases, 0.5))


def _in_order(weights, biases):
    """Each row in order of bias, then weight."""
    order = np.lexsort((weights, biases))
    return np.take_along_axis(weights, order, 1), np.take_along_axis(biases, order, 1)


def _one_mixture(model, theta, other):
    """Whether two thetas in order of bias say the same of all data."""
    ours, theirs = _distinct_coins(model, theta), _distinct_coins(model, other)
    return ours[0].shape == theirs[0].shape and not moves(ours, theirs, _tossed(model), 1e-3)[0]


def _distinct_coins(model, theta):
    """Weights and biases, in one row each, without coins of weight 0 and with one coin for those of one bias."""
    weights, biases = theta.weights[theta.weights > 0], theta.biases[theta.weights > 0]
    steps = (np.zeros((len(biases) - 1, 1)), biases[:-1, None]), (0, biases[1:, None])
    new = np.append(True, moves(*steps, _tossed(model), 1e-5))
    return tally(np.cumsum(new) - 1, weights)[None], biases[new][None]


def _what_is_free(model, theta, kind):
    """In words, what could be changed at no cost."""
    unused = [str(coin) for coin in np.flatnonzero(theta.weights == 0) + 1]
    if unused:
        return f"the bias of coin {', '.join(unused)}, which has weight 0"
    if len(_distinct_coins(model, theta)[0][0]) < len(theta):
        return "the weights of coins with one bias, as long as their sum stays"
    return "several parameters together" if kind == "ridge" else ""


def check_learns_weights(model: BinomialMixture) -> None:
    """For what has no place for given weights: ValueError if the model has some, TypeError if it is another model."""
    instance("model", model, BinomialMixture)
    if not model.learn_weights:
        raise ValueError(
            "model must learn its weights; it has learn_weights=False, so that every start would end with weights of "
            "its own. Run em_many from starts with your weights instead"
        )


def basins(model: BinomialMixture, weights, biases, maxima, progress=None) -> np.ndarray:
    """Which maximum EM climbs from each of many starts.

    Parameters
    ----------
    weights, biases : array_like, shape (R, K)
        One start in each row.
    maxima : sequence of LocalMaximum
    progress : callable, optional
        Called now and then with the share of the starts whose maximum is known, and at the end with 1. If it raises
        StopIteration, the work ends.

    Returns
    -------
    numpy.ndarray of int, shape (R,)
        Index into `maxima`; -1 where after 500 iterations EM is still more than 0.05 nats lower or has a bias more than
        0.05 away, as on equal coins, and where nothing is known yet because `progress` ended the work. On a ridge the
        biases may be any.

    Raises
    ------
    ValueError
        If a row is no valid start.
    ImpossibleData
        If the data are impossible under a start.
    """
    instance("model", model, BinomialMixture)
    weights, biases = checked_starts(weights, biases)
    check_progress(progress)
    if not isinstance(maxima, (list, tuple)) or not all(isinstance(top, LocalMaximum) for top in maxima):
        raise TypeError(f"maxima must be a list of LocalMaximum, as from local_maxima; it is {brief(maxima)}")
    if not len(maxima):
        raise ValueError("maxima must be one or more, as from local_maxima; there are none")
    tops = np.array([np.sort(maximum.theta.biases) for maximum in maxima])
    log_likelihoods = np.array([maximum.log_likelihood for maximum in maxima])
    ridges = np.array([maximum.kind == "ridge" for maximum in maxima])  # known by their height alone
    labels = np.full(len(weights), -1)
    open_rows = np.arange(len(weights))

    report = None if progress is None else lambda _: progress(1 - len(open_rows) / len(labels))
    for iterations in (60, 440):  # most are near a top early; the others go on
        runs = ManyRuns(weights[open_rows], biases[open_rows], np.empty(len(open_rows)))
        if not run_on(model, runs, iterations, report):
            return labels
        weights[open_rows], biases[open_rows] = runs.weights, runs.biases
        distance = np.abs(np.sort(runs.biases, axis=1)[:, None] - tops).max(axis=2)
        near = (np.abs(runs.log_likelihoods[:, None] - log_likelihoods) <= 0.05) & ((distance <= 0.05) | ridges)
        arrived = near.any(axis=1)
        labels[open_rows[arrived]] = np.where(near, distance, np.inf).argmin(axis=1)[arrived]
        open_rows = open_rows[~arrived]
        if not len(open_rows):
            break
    goes_on(progress, 1)
    return labels
