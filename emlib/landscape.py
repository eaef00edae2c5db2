"""The likelihood as a landscape: EM from many starts at once, the maxima it reaches, and their kind."""

from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .checks import distribution, probabilities
from .coins import BinomialMixture, Coins, ImpossibleData, gradient_function

CELLS = 100_000  # coins x outcomes x starts that are worked on together, few enough to stay in the processor's cache
BLOCK = 500  # iterations between two reports of progress; `local_maxima` looks as often who has come to rest
BLOCKS = 40  # how often it looks at most
NEAR = 1e-7  # a bias or weight this near to the border is tried on it
NEVER = -1e100  # in place of log 0 = -inf: times 0 it is 0, and its exponential is exactly 0
TINY = 1e-100  # a sum of probabilities below this is taken in logarithms; posteriors above 1e-200 are exact thus


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
    weights, biases = _checked(weights, biases)
    if not isinstance(iterations, (int, np.integer)) or iterations < 0:
        raise ValueError(f"iterations must be a whole number, 0 or more; it is {iterations!r}")
    runs = ManyRuns(weights, biases, np.full(len(weights), np.nan))
    with suppress(StopIteration):
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


def _run(model, runs, iterations, progress):
    """Take the starts in `runs` so many iterations on, in place; a StopIteration of `progress` comes out."""
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
            if progress is not None:
                share = after / iterations if iterations else 1
                progress((first + share * (rows.stop - first)) / starts)


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
    largest, underflow = 0, False
    for iteration in range(iterations + 1):
        with np.errstate(divide="ignore"):
            for row, values in enumerate((weights, biases, 1 - biases)):
                np.log(values, out=logs[:, row])
        if power != 1 and iteration < iterations:
            logs *= power
        np.maximum(logs, NEVER, out=logs)
        np.matmul(factors, logs, out=joint)
        if not underflow:
            total = np.exp(joint, out=joint).sum(axis=0)
            if total.min() < TINY:  # as with many hundreds of tosses
                underflow = True
                np.matmul(factors, logs, out=joint)
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
    log_marginal = np.log(total) + largest + model.log_coefficients[:, None]
    return weights, biases, (counts * log_marginal).sum(axis=0)


def random_starts(coins: int, starts: int, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Starts drawn evenly: weights from the whole simplex, biases from 0 to 1.

    Parameters
    ----------
    coins, starts : int
    seed : int or numpy.random.Generator, default 0

    Returns
    -------
    weights, biases : numpy.ndarray, shape (starts, coins)
    """
    generator = np.random.default_rng(seed)
    return generator.dirichlet(np.ones(coins), size=starts), generator.random((starts, coins))


def slope_and_curvature(model: BinomialMixture, theta: Coins) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and Hessian of the log-likelihood in the free parameters: K biases, then the first K - 1 weights.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins

    Returns
    -------
    slope : numpy.ndarray, shape (2 K - 1,)
    curvature : numpy.ndarray, shape (2 K - 1, 2 K - 1)
        In nats. The last weight is 1 minus the others.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `theta`.
    """
    coins = len(theta)
    heads, tosses = model.outcomes[:, None], model.outcome_tosses[:, None]
    scale = (model.log_coefficients - model.log_marginal(theta))[:, None]  # everything is divided by the mixture
    with np.errstate(divide="ignore"):
        log_heads = np.maximum(np.log(theta.biases), NEVER)
        log_tails = np.maximum(np.log1p(-theta.biases), NEVER)

    def component(fewer_heads, fewer_tails):
        """Density of each outcome under each coin with so many factors p and 1 - p fewer; 0 where there are none."""
        up, down = heads - fewer_heads, tosses - heads - fewer_tails
        possible = (up >= 0) & (down >= 0)
        return np.where(possible, np.exp(scale + np.maximum(up, 0) * log_heads + np.maximum(down, 0) * log_tails), 0)

    # Derivatives of p^x (1 - p)^y, by the product rule.
    x, y = heads, tosses - heads
    value = component(0, 0)
    first = x * component(1, 0) - y * component(0, 1)
    second = x * (x - 1) * component(2, 0) - 2 * x * y * component(1, 1) + y * (y - 1) * component(0, 2)

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


@dataclass(frozen=True)
class LocalMaximum:
    """A point where EM comes to rest.

    Attributes
    ----------
    theta : Coins
        In order of bias.
    log_likelihood : float
        In nats.
    share : float
        The share of the starts that led here.
    kind : str
        "maximum": strict, the likelihood falls in every direction. "ridge": flat in some direction. "saddle": it rises
        in some direction. "border": a bias of 0 or 1, or a weight of 0, where the likelihood falls inwards.
    """

    theta: Coins
    log_likelihood: float
    share: float
    kind: str


def local_maxima(
    model: BinomialMixture, coins: int = 3, starts: int = 2000, seed=0, progress=None
) -> list[LocalMaximum]:
    """Where EM comes to rest from random starts, best first.

    Parameters
    ----------
    model : BinomialMixture
    coins : int, default 3
    starts : int, default 2000
        Starts drawn evenly, see `random_starts`.
    seed : int or numpy.random.Generator, default 0
    progress : callable, optional
        Called now and then with the share of the starts that have come to rest, from 0 to 1. If it raises
        StopIteration, the work ends.

    Returns
    -------
    list of LocalMaximum
        Points that differ only in the order of the coins are one. So are points of one likelihood on a ridge. If
        `progress` ended the work: the points where starts have come to rest so far, perhaps none, with their shares
        among those starts. A maximum that EM climbs slowly has too small a share then, or is missing.
    """
    weights, biases = random_starts(coins, starts, seed)
    numbers = np.ones(starts)  # how many starts each row stands for
    found, rested = [], 0

    def tell(_=None):
        if progress is not None:
            progress(rested / starts)

    with suppress(StopIteration):
        for block in range(BLOCKS):
            runs = ManyRuns(weights, biases, np.empty(len(weights)))
            _run(model, runs, BLOCK, tell)
            weights, biases, numbers = _merge(weights, biases, numbers)
            after = em_many(model, weights, biases, 1)
            change = np.maximum(np.abs(after.weights - weights), np.abs(after.biases - biases)).max(axis=1)
            rests = (change <= 1e-10) | (block == BLOCKS - 1)
            for row in np.flatnonzero(rests):
                theta = finish(model, Coins(weights[row] / weights[row].sum(), biases[row]))
                found.append((theta, model.log_likelihood(theta), kind_of_point(model, theta), numbers[row]))
                rested += numbers[row]
                if len(found) % 100 == 0:
                    tell()
            weights, biases, numbers = weights[~rests], biases[~rests], numbers[~rests]
            if not len(weights):
                tell()
                break
    return _distinct(found)


def _merge(weights, biases, numbers):
    """Put the coins in order of bias, and make one row of rows that agree to nine digits."""
    order = np.lexsort((weights, biases), axis=1)
    weights, biases = np.take_along_axis(weights, order, 1), np.take_along_axis(biases, order, 1)
    _, first, row = np.unique(np.round(np.hstack([biases, weights]), 9), axis=0, return_index=True, return_inverse=True)
    return weights[first], biases[first], np.bincount(row.ravel(), numbers)


def _distinct(found):
    """One entry for each maximum: the same likelihood, and the same coins or the same ridge."""
    maxima = []
    for theta, height, kind, number in found:
        for entry in maxima:
            same_height = abs(entry["height"] - height) <= 1e-7
            if (
                same_height
                and kind == entry["kind"]
                and (kind == "ridge" or np.allclose(theta, entry["theta"], atol=1e-4))
            ):
                entry["number"] += number
                break
        else:
            maxima.append({"theta": theta, "height": height, "number": number, "kind": kind})
    maxima.sort(key=lambda entry: -entry["height"])
    starts = sum(entry["number"] for entry in maxima)
    return [
        LocalMaximum(entry["theta"], entry["height"], float(entry["number"] / starts), entry["kind"])
        for entry in maxima
    ]


def finish(model: BinomialMixture, theta: Coins) -> Coins:
    """Newton's method from a point near which EM has come to rest, to the last digits; on the border along the border.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins

    Returns
    -------
    Coins
        In order of bias, with a log-likelihood that is not lower.
    """
    theta = _snapped(model, theta)
    height = model.log_likelihood(theta)
    for _ in range(20):
        slope, curvature = slope_and_curvature(model, theta)
        free = _free(theta)
        step = np.zeros(len(slope))
        step[free] = -np.linalg.lstsq(curvature[np.ix_(free, free)], slope[free], rcond=1e-9)[0]
        coins = len(theta)
        biases = theta.biases + step[:coins]
        weights = theta.weights + np.append(step[coins:], -step[coins:].sum())
        if not (np.all((biases >= 0) & (biases <= 1)) and np.all((weights >= 0) & (weights <= 1))):
            break
        moved = Coins(weights, biases)
        new_height = model.log_likelihood(moved)
        if new_height < height or np.abs(step).max() < 1e-15:
            break
        theta, height = moved, new_height
    order = np.lexsort((theta.weights, theta.biases))
    return Coins(theta.weights[order], theta.biases[order])


def _snapped(model, theta):
    """What EM drives to the border for ever is put there, if the likelihood agrees."""
    biases = np.where(theta.biases < NEAR, 0, np.where(theta.biases > 1 - NEAR, 1, theta.biases))
    weights = np.where(theta.weights < NEAR, 0, theta.weights)
    # The last weight is 1 minus the others, so a coin that matters stands last.
    order = np.argsort(weights, kind="stable")
    moved = Coins((weights / weights.sum())[order], biases[order])
    try:
        return moved if model.log_likelihood(moved) >= model.log_likelihood(theta) - 1e-9 else theta
    except ImpossibleData:
        return theta


def _free(theta):
    """Which of the free parameters are inside their borders, and matter."""
    inside = (theta.biases > 0) & (theta.biases < 1) & (theta.weights > 0)
    return np.append(inside, theta.weights[:-1] > 0)


def kind_of_point(model: BinomialMixture, theta: Coins) -> str:
    """What kind of stationary point this is, by the Hessian.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins
        A point where EM rests.

    Returns
    -------
    str
        "maximum", "ridge", "saddle" or "border", as in `LocalMaximum`.
    """
    order = np.argsort(theta.weights, kind="stable")
    theta = Coins(theta.weights[order], theta.biases[order])
    slope, curvature = slope_and_curvature(model, theta)
    free, coins = _free(theta), len(theta)
    outward = np.where(theta.biases == 0, slope[:coins], np.where(theta.biases == 1, -slope[:coins], 0))
    unused = gradient_function(model, theta, theta.biases)[theta.weights == 0]
    bends = np.linalg.eigvalsh(curvature[np.ix_(free, free)])
    flat = 1e-6 * max(1, np.abs(bends).max(initial=0))
    if np.any(bends > flat) or np.any(outward > flat) or np.any(unused > flat):
        return "saddle"
    if np.any(bends > -flat):
        return "ridge"
    return "maximum" if free.all() else "border"


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
    weights, biases = _checked(weights, biases)
    tops = np.array([np.sort(maximum.theta.biases) for maximum in maxima])
    heights = np.array([maximum.log_likelihood for maximum in maxima])
    ridges = np.array([maximum.kind == "ridge" for maximum in maxima])  # known by their height alone
    labels = np.full(len(weights), -1)
    open_rows = np.arange(len(weights))

    def tell(_=None):
        if progress is not None:
            progress(1 - len(open_rows) / len(labels))

    with suppress(StopIteration):
        for iterations in (60, 440):  # most are near a top early; the others go on
            runs = ManyRuns(weights[open_rows], biases[open_rows], np.empty(len(open_rows)))
            _run(model, runs, iterations, tell)
            weights[open_rows], biases[open_rows] = runs.weights, runs.biases
            distance = np.abs(np.sort(runs.biases, axis=1)[:, None] - tops).max(axis=2)
            near = (np.abs(runs.log_likelihoods[:, None] - heights) <= 0.05) & ((distance <= 0.05) | ridges)
            arrived = near.any(axis=1)
            labels[open_rows[arrived]] = np.where(near, distance, np.inf).argmin(axis=1)[arrived]
            open_rows = open_rows[~arrived]
            if not len(open_rows):
                break
        if progress is not None:
            progress(1)
    return labels
