"""The likelihood as a landscape: EM from many starts at once, the maxima it reaches, and their kind."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .binomial import deviance, product_less
from .checks import distribution, goes_on, instance, probabilities, random_generator, whole_number
from .coins import BinomialMixture, Coins, ImpossibleData, gradient_function

CELLS = 100_000  # coins x outcomes x starts that are worked on together, few enough to stay in the processor's cache
BLOCK = 500  # iterations between two reports of progress; `local_maxima` looks as often who has come to rest
BLOCKS = 40  # how often it looks at most
NEAR = 1e-6  # expected heads, tails or sequences that a coin has left when EM drives it to the border
NEVER = -1e100  # in place of log 0 = -inf: times 0 it is 0, and its exponential is exactly 0
TINY = 1e-100  # a sum of probabilities below this is taken in logarithms; posteriors above 1e-200 are exact thus
FLAT = 1e-6  # of the information that complete data would give
REST = 1e-8  # of a weight, or of a bias in units of itself: what an iteration may still change at a point of rest


class ManyRuns(NamedTuple):
    """Where EM came to from each of R starts.

    Attributes
    ----------
    weights, biases : numpy.ndarray, shape (R, K)
    log_likelihoods : numpy.ndarray, shape (R,)
        In nats.
    """

    weights: np.ndarray
    biases: np.ndarray
    log_likelihoods: np.ndarray


def em_many(model: BinomialMixture, weights, biases, iterations: int = 200, progress=None) -> ManyRuns:
    """Run EM (Definition 6.2) from many starts at once: the same numbers as `em`, hundreds of times as fast.

    Parameters
    ----------
    model : BinomialMixture
    weights, biases : array_like, shape (R, K)
        One start in each row.
    iterations : int, default 200
        Iterations for every start.
    progress : callable, optional
        Called now and then with the share of the work that is done, from 0 to 1. If it raises StopIteration, the work
        ends.

    Returns
    -------
    ManyRuns
        One row for each start. If `progress` ended the work: for the first starts only, as many as have had all their
        iterations; perhaps none.

    Raises
    ------
    ValueError
        If a row is no valid start, or `iterations` is not a whole number of 0 or more.
    ImpossibleData
        If the data are impossible under a start.
    """
    instance("model", model, BinomialMixture)
    iterations = whole_number("iterations", iterations, least=0)
    weights, biases = _checked(weights, biases)
    runs = ManyRuns(weights, biases, np.full(len(weights), np.nan))
    _run(model, runs, iterations, progress)
    finished = ~np.isnan(runs.log_likelihoods)
    return runs if finished.all() else ManyRuns(*(values[finished] for values in runs))


def _checked(weights, biases):
    """Copies of the starts, as numbers; ValueError if they are none."""
    weights, biases = distribution("weights", weights, ndim=2), probabilities("biases", biases, ndim=2)
    if weights.shape != biases.shape:
        raise ValueError(
            f"weights and biases must have the same shape, starts x coins; they have {weights.shape} and {biases.shape}"
        )
    return weights, biases


def _run(model, runs, iterations, progress=None):
    """Take the starts in `runs` so many iterations on, in place; whether `progress` let it."""
    counts = model.occurrences[:, None].astype(float)
    starts, coins = runs.weights.shape
    size = max(1, CELLS // (coins * len(counts)))
    for first in range(0, starts, size):
        rows = slice(first, min(first + size, starts))
        weights, biases = runs.weights[rows].T, runs.biases[rows].T
        for before in range(0, max(iterations, 1), BLOCK):
            after = min(before + BLOCK, iterations)
            weights, biases, heights = climb(model, counts, weights, biases, after - before, first=first)
            if after == iterations:
                runs.weights[rows], runs.biases[rows], runs.log_likelihoods[rows] = weights.T, biases.T, heights
            share = after / iterations if iterations else 1
            if not goes_on(progress, (first + share * (rows.stop - first)) / starts):
                return False
    return True


def climb(model: BinomialMixture, counts, weights, biases, iterations: int, power: float = 1, first: int = 0):
    """EM from many starts, each on data of its own: the loop under `em_many` and `emlib.strategies.climb_all`.

    Starts stand last in memory, so that every operation runs along them. The arguments are not checked.

    Parameters
    ----------
    model : BinomialMixture
        Its outcomes; and whether weights are learned.
    counts : numpy.ndarray of float, shape (M, R) or (M, 1)
        How often each start's data have each outcome of the model; one column if all have the same data.
    weights, biases : numpy.ndarray, shape (K, R)
        The starts.
    iterations : int
    power : float, default 1
        The posterior is raised to this power and made to sum to 1 again.
    first : int, default 0
        Number of the first start, for errors.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (K, R)
    log_likelihoods : numpy.ndarray, shape (R,)
        In nats.

    Raises
    ------
    ImpossibleData
        If a start's data are impossible under it.
    """
    outcomes, tosses = model.outcomes, model.outcome_tosses
    # The log joint probability is linear in these, and the M-step needs their expected sums: two matrix products.
    statistics = np.stack([np.ones(len(outcomes)), outcomes, tosses - outcomes])
    factors = statistics.T.copy()
    weights, biases = weights.astype(float, order="C"), biases.astype(float, order="C")
    logs = np.empty((len(weights), 3, weights.shape[1]))
    joint = np.empty((len(weights), len(outcomes), weights.shape[1]))

    def fill(joint, power):
        """Log joint probabilities, less a constant of each outcome, whose posterior is to be raised to a power."""
        with np.errstate(divide="ignore"):
            for row, values in enumerate((np.log(weights), np.log(biases), np.log1p(-biases))):
                np.maximum(power * values, NEVER, out=logs[:, row])
        if not model.many_tosses:
            np.matmul(factors, logs, out=joint)
            return
        for j, own in enumerate(biases):
            lost = power * deviance(outcomes[:, None], tosses[:, None], own)
            np.maximum(logs[j, 0] - lost, NEVER, out=joint[j])

    largest, underflow = 0, False
    for iteration in range(iterations + 1):
        present = power if iteration < iterations else 1
        fill(joint, present)
        if not underflow:
            total = np.exp(joint, out=joint).sum(axis=0)
            if total.min() < TINY:  # as with many hundreds of tosses
                underflow = True
                fill(joint, present)
        if underflow:
            largest = joint.max(axis=0)
            impossible = (largest < NEVER / 2) & (counts > 0)
            if np.any(impossible):
                outcome, start = np.argwhere(impossible)[0]
                coins = f"start {first + start}: weights {weights[:, start]}, biases {biases[:, start]}"
                raise ImpossibleData(outcomes[outcome], tosses[outcome], coins)
            joint -= largest
            total = np.exp(joint, out=joint).sum(axis=0)
        if iteration < iterations:
            joint *= counts / total  # expected occurrences of each outcome with each coin
            sequences, heads, tails = np.moveaxis(statistics @ joint, 1, 0)
            tossed = heads + tails
            biases = np.divide(heads, tossed, out=biases.copy(), where=tossed > 0)
            if model.learn_weights:
                weights = sequences / sequences.sum(axis=0)
    log_marginal = np.log(total) + largest + model.log_constants[:, None]
    return weights, biases, (counts * log_marginal).sum(axis=0)


def random_starts(coins: int, starts: int, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Starts drawn evenly: weights from the whole simplex, biases from 0 to 1.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (starts, coins)
    """
    coins, starts = whole_number("coins", coins, least=1), whole_number("starts", starts, least=1)
    generator = random_generator(seed)
    return generator.dirichlet(np.ones(coins), size=starts), generator.random((starts, coins))


def places(shares) -> np.ndarray:
    """Biases at which a coin may be missed: 0.01 to 0.99, and the observed shares and the middles between them.

    With rare events all that matters lies between 0 and 0.01. At 0 and 1 themselves a coin could never move.
    """
    shares = np.unique(shares)
    shares = shares[np.unique(np.linspace(0, len(shares) - 1, 200).astype(int))]  # these are enough
    edges = np.concatenate([[0], shares, [1]])
    found = np.concatenate([np.linspace(0.01, 0.99, 99), shares, (edges[1:] + edges[:-1]) / 2])
    return np.unique(found[(found > 0) & (found < 1)])


def peak_of_gradient(model: BinomialMixture, theta: Coins) -> tuple[float, float]:
    """Where Lindsay's D(p) is largest, of a fine grid, `places`, 0 and 1; and how large it is there."""
    biases = np.unique(np.concatenate([np.linspace(0, 1, 1001), places(model.outcomes / model.outcome_tosses)]))
    gains = gradient_function(model, theta, biases)
    best = gains.argmax()
    if np.isinf(gains[best]):  # of several that are beyond all numbers
        logs = model.log_components(biases) - model.log_marginal(theta)[:, None]
        best = np.logaddexp.reduce(logs + np.log(model.occurrences)[:, None], axis=0).argmax()
    return float(biases[best]), float(gains[best])


def slope_and_curvature(model: BinomialMixture, theta: Coins) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and Hessian of the log-likelihood in the free parameters: K biases, then the first K - 1 weights.

    Returns
    -------
    slope : numpy.ndarray, shape (2 K - 1,)
        In nats. At a bias of 0 or 1 it is that towards the inside.
    curvature : numpy.ndarray, shape (2 K - 1, 2 K - 1)
        The last weight is 1 minus the others. Of no use for biases of 0 and 1, at which nothing bends to both sides.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `theta`.
    """
    coins, p = len(theta), theta.biases
    heads, tosses = model.outcomes[:, None], model.outcome_tosses[:, None]
    tails, log_marginal = tosses - heads, model.log_marginal(theta)[:, None]
    inside = (p > 0) & (p < 1)
    p = np.where(inside, p, 0.5)
    score = -product_less(tosses, p, heads) / (p * (1 - p))  # (log f)' = x / p - (n - x) / (1 - p)
    at_zero, at_one = tosses * (1.0 * (heads == 1) - (heads == 0)), tosses * (1.0 * (tails == 0) - (tails == 1))
    # A coin of weight 0 may be all that can give some outcome: without bound, and of no use to those who ask for it.
    with np.errstate(over="ignore", invalid="ignore"):
        value = np.exp(model.log_components(theta.biases) - log_marginal)  # f / mixture
        border = np.where(theta.biases == 0, at_zero, at_one) * np.exp(-log_marginal)
        first = np.where(inside, value * score, border)  # f' / mixture
        second = np.where(inside, value * (score**2 - heads / p**2 - tails / (1 - p) ** 2), 0)
        gradient = np.hstack([theta.weights * first, value[:, :-1] - value[:, -1:]])
        slope = model.occurrences @ gradient
        curvature = -np.einsum("m,mi,mj->ij", model.occurrences, gradient, gradient)
        own, cross = model.occurrences @ second, model.occurrences @ first
        curvature[range(coins), range(coins)] += theta.weights * own
        for j in range(coins - 1):
            for bias, sign in ((j, 1), (coins - 1, -1)):
                curvature[bias, coins + j] += sign * cross[bias]
                curvature[coins + j, bias] += sign * cross[bias]
    return slope, curvature


def natural_units(model: BinomialMixture, theta: Coins) -> tuple[np.ndarray, np.ndarray]:
    """Which of the 2 K - 1 free parameters can move to both sides, and units in which to move them.

    A step of length 1 in these units, in any direction, is one standard error of the estimate if all labels were known.
    So curvatures can be compared, whatever the scale of the biases: at a maximum they lie between minus 1, where
    nothing is hidden, and 0, where all is.

    Returns
    -------
    free : numpy.ndarray of bool, shape (2 K - 1,)
    units : numpy.ndarray, shape (F, F)
        One in each column, for the F free ones.
    """
    tosses = model.e_step(theta).tosses
    inside = (theta.biases > 0) & (theta.biases < 1) & (tosses > 0)
    weighted = (theta.weights[:-1] > 0) & (theta.weights[:-1] < 1) & (theta.weights[-1] > 0) & model.learn_weights
    tosses, biases, weights = tosses[inside], theta.biases[inside], theta.weights[:-1][weighted]
    units = np.zeros((len(biases) + len(weights),) * 2)
    units[range(len(biases)), range(len(biases))] = np.sqrt(biases * (1 - biases) / tosses)
    covariance = (np.diag(weights) - np.outer(weights, weights)) / model.occurrences.sum()
    units[len(biases) :, len(biases) :] = np.linalg.cholesky(covariance)
    return np.append(inside, weighted), units


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
    coins : int, default 3
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

    Raises
    ------
    ValueError
        If the weights are given, or `coins` or `starts` is no whole number of 1 or more.
    """
    check_learns_weights(model)
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
        if not _run(model, runs, min(100 * 2**block, BLOCK), report):
            break
        weights, biases, numbers = _merge(weights, biases, numbers)
        after = em_many(model, weights, biases, 1)
        rests = (block == BLOCKS - 1) | ~moves((weights, biases), after[:2], _tossed(model), REST)
        left = _credit(model, tops, after, numbers, rests)
        weights, biases, numbers = weights[left], biases[left], numbers[left]
        if not len(weights):
            goes_on(report, 1)
            break
    return _distinct(model, tops)


def placed_starts(model: BinomialMixture, coins: int, starts: int, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Starts whose biases lie between neighbours of `places`: as many among rare events as among frequent ones.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (starts, coins)
    """
    weights, ranks = random_starts(coins, starts, seed)
    edges = places(model.outcomes / model.outcome_tosses)
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
    return model.occurrences @ model.outcome_tosses.astype(float)


def _merge(weights, biases, numbers):
    """Put the coins in order of bias, and make one row of rows that agree to nine digits."""
    biases = np.where(weights > 0, biases, 0.5)  # that of a coin which no sequence uses does not matter any more
    order = np.lexsort((weights, biases), axis=1)
    weights, biases = np.take_along_axis(weights, order, 1), np.take_along_axis(biases, order, 1)
    mantissas, exponents = np.frexp(np.hstack([biases, weights]))
    digits = np.ldexp(np.round(mantissas, 9), exponents)
    _, first, row = np.unique(digits, axis=0, return_index=True, return_inverse=True)
    return weights[first], biases[first], np.bincount(row.ravel(), numbers)


@dataclass
class _Top:
    """A stationary point, and how many of the even starts led to it."""

    theta: Coins
    log_likelihood: float
    kind: str
    number: float = 0


def _credit(model, tops, runs, numbers, rests):
    """Credit the runs to the tops that they have reached or cannot miss any more, new ones too; which runs are left."""
    weights, biases, heights = runs
    left, used = np.full(len(heights), True), _used(weights, biases)

    def credit(top):
        point = _used(top.theta.weights[None], top.theta.biases[None])
        there = _as_high(heights, top.log_likelihood)
        if top.kind != "ridge":
            there &= ~moves(point, used, _tossed(model), 1e-3)
        if top.kind == "maximum":
            there |= (np.abs(heights - top.log_likelihood) < 1e-3) & ~moves(point, used, _tossed(model), 2e-2)
        top.number += numbers[left & there].sum()
        left[there] = False

    for top in tops:
        credit(top)
    tries = 3  # of the highest that still move: is there a strict maximum nearby?
    for row in np.argsort(-heights, kind="stable"):
        if not left[row] or not (rests[row] or tries):
            continue
        tries -= not rests[row]
        theta = finish(model, Coins(weights[row] / weights[row].sum(), biases[row]))
        top = _Top(theta, model.log_likelihood(theta), kind_of_point(model, theta))
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


def _distinct(model, tops):
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


def _as_high(height, other):
    return np.abs(height - other) <= 1e-9 * np.abs(other) + 1e-7


def _used(weights, biases):
    """Rows in order of bias, with coins that all but lost their weight put alike."""
    used = weights > 1e-6
    weights, biases = np.where(used, weights, 0), np.where(used, biases, 0.5)
    order = np.lexsort((weights, biases), axis=1)
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
    return np.bincount(np.cumsum(new) - 1, weights)[None], biases[new][None]


def _what_is_free(model, theta, kind):
    """In words, what could be changed at no cost."""
    unused = [str(coin) for coin in np.flatnonzero(theta.weights == 0) + 1]
    if unused:
        return f"the bias of coin {', '.join(unused)}, which has weight 0"
    if len(_distinct_coins(model, theta)[0][0]) < len(theta):
        return "the weights of coins with one bias, as long as their sum stays"
    return "several parameters together" if kind == "ridge" else ""


def finish(model: BinomialMixture, theta: Coins) -> Coins:
    """Newton's method from a point near which EM has come to rest, to the last digits; on the border along the border.

    Returns
    -------
    Coins
        In order of bias, with a log-likelihood that is not lower. Weights that are given stay with their coins.
    """
    instance("model", model, BinomialMixture)
    theta = _snapped(model, theta)
    height = model.log_likelihood(theta)
    for _ in range(20):
        slope, curvature = slope_and_curvature(model, theta)
        free, units = natural_units(model, theta)
        way = np.linalg.lstsq(units.T @ curvature[np.ix_(free, free)] @ units, -units.T @ slope[free], rcond=1e-9)[0]
        step = np.zeros(len(slope))
        step[free] = units @ way
        for part in (1, 0.5, 0.25, 0.1):
            moved = _moved(theta, part * step)
            new_height = _log_likelihood(model, moved)
            if new_height >= height:
                break
        else:
            break
        theta, height = moved, new_height
        if np.abs(way).max(initial=0) < 1e-12:
            break
    order = np.lexsort((theta.weights, theta.biases))
    return Coins(theta.weights[order], theta.biases[order])


def _moved(theta, step):
    """Theta after a step of its free parameters, which ends at the border if it leads beyond."""
    coins = len(theta)
    weights = np.maximum(theta.weights + np.append(step[coins:], -step[coins:].sum()), 0)
    return Coins(_scaled(weights, theta.weights), np.clip(theta.biases + step[:coins], 0, 1))


def _scaled(weights, given):
    """With the sum of those given, which is 1 but for rounding: unchanged ones stay so to the last digit."""
    return weights * (given.sum() / weights.sum())


def _snapped(model, theta):
    """What EM drives to the border for ever is put there, if the likelihood agrees."""
    expected = model.e_step(theta)
    least = NEAR * np.minimum(expected.tosses, 1)
    biases = np.where(expected.heads < least, 0, np.where(expected.tosses - expected.heads < least, 1, theta.biases))
    weights = np.where(expected.counts < NEAR, 0, theta.weights) if model.learn_weights else theta.weights
    # The last weight is 1 minus the others, so a coin that matters stands last.
    order = np.argsort(weights, kind="stable")
    moved = Coins(_scaled(weights, theta.weights)[order], biases[order])
    return moved if _log_likelihood(model, moved) >= model.log_likelihood(theta) - 1e-9 else theta


def _log_likelihood(model, theta):
    """Minus infinity where the data are impossible."""
    try:
        return model.log_likelihood(theta)
    except ImpossibleData:
        return -np.inf


def kind_of_point(model: BinomialMixture, theta: Coins) -> str:
    """What kind of stationary point this is, by the Hessian.

    Parameters
    ----------
    theta : Coins
        A point where EM rests.

    Returns
    -------
    str
        "maximum", "ridge", "saddle" or "border", as in `LocalMaximum`.
    """
    instance("model", model, BinomialMixture)
    order = np.argsort(theta.weights, kind="stable")
    theta = Coins(theta.weights[order], theta.biases[order])
    slope, curvature = slope_and_curvature(model, theta)
    free, units = natural_units(model, theta)
    bends = np.linalg.eigvalsh(units.T @ curvature[np.ix_(free, free)] @ units)
    # What one head expected at a bias of 0, or one tail at a bias of 1, would gain.
    inward = np.where(theta.biases == 0, slope[: len(theta)], np.where(theta.biases == 1, -slope[: len(theta)], 0))
    tosses = model.e_step(theta).tosses
    gains = inward[tosses > 0] / tosses[tosses > 0]
    unused = model.learn_weights and np.any(theta.weights == 0)
    if (
        np.any(bends > FLAT)
        or np.any(gains > FLAT)
        or (unused and peak_of_gradient(model, theta)[1] > FLAT * model.occurrences.sum())
    ):
        return "saddle"
    if np.any(bends > -FLAT):
        return "ridge"
    return "maximum" if free[: len(theta)].all() else "border"


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
    model : BinomialMixture
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
    weights, biases = _checked(weights, biases)
    if not len(maxima):
        raise ValueError("maxima must be one or more, as from local_maxima; there are none")
    tops = np.array([np.sort(maximum.theta.biases) for maximum in maxima])
    heights = np.array([maximum.log_likelihood for maximum in maxima])
    ridges = np.array([maximum.kind == "ridge" for maximum in maxima])  # known by their height alone
    labels = np.full(len(weights), -1)
    open_rows = np.arange(len(weights))

    report = None if progress is None else lambda _: progress(1 - len(open_rows) / len(labels))
    for iterations in (60, 440):  # most are near a top early; the others go on
        runs = ManyRuns(weights[open_rows], biases[open_rows], np.empty(len(open_rows)))
        if not _run(model, runs, iterations, report):
            return labels
        weights[open_rows], biases[open_rows] = runs.weights, runs.biases
        distance = np.abs(np.sort(runs.biases, axis=1)[:, None] - tops).max(axis=2)
        near = (np.abs(runs.log_likelihoods[:, None] - heights) <= 0.05) & ((distance <= 0.05) | ridges)
        arrived = near.any(axis=1)
        labels[open_rows[arrived]] = np.where(near, distance, np.inf).argmin(axis=1)[arrived]
        open_rows = open_rows[~arrived]
        if not len(open_rows):
            break
    goes_on(progress, 1)
    return labels
