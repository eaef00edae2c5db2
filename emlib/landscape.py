"""The likelihood as a landscape: EM from many starts at once, the maxima it reaches, and their kind."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .coins import BinomialMixture, Coins, ImpossibleData, gradient_function

CHUNK = 2000  # starts that are worked on together, few enough to stay in the processor's cache
BLOCK, BLOCKS = 500, 40  # iterations after which `local_maxima` looks who has come to rest, and how often at most
NEAR = 1e-7  # a bias or weight this near to the border is tried on it
NEVER = -1e300  # in place of log 0 = -inf: times 0 it is 0, and its exponential is exactly 0


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
        Called now and then with the share of the work that is done, from 0 to 1.

    Returns
    -------
    ManyRuns

    Raises
    ------
    ValueError
        If a row is no valid start, or `iterations` is not a whole number of 0 or more.
    ImpossibleData
        If the data are impossible under a start.
    """
    weights, biases = np.array(weights, dtype=float), np.array(biases, dtype=float)
    if weights.ndim != 2 or weights.shape != biases.shape or not weights.size:
        raise ValueError(
            f"weights and biases must have the same shape, starts x coins; they have {weights.shape} and {biases.shape}"
        )
    for name, values in (("weights", weights), ("biases", biases)):
        wrong = ~((values >= 0) & (values <= 1))  # catches nan, too
        if np.any(wrong):
            raise ValueError(f"{name} must lie between 0 and 1; one of them is {values[wrong][0]}")
    sums = weights.sum(axis=1)
    worst = np.abs(sums - 1).argmax()
    if abs(sums[worst] - 1) > 1e-6:
        raise ValueError(f"weights of each start must sum to 1; those of start {worst} sum to {sums[worst]:.7g}")
    if not isinstance(iterations, (int, np.integer)) or iterations < 0:
        raise ValueError(f"iterations must be a whole number, 0 or more; it is {iterations!r}")
    log_likelihoods = np.empty(len(weights))
    for first in range(0, len(weights), CHUNK):
        rows = slice(first, first + CHUNK)
        # Starts stand last in memory, so that every operation runs along them.
        end = _climb(model, weights[rows].T.copy(), biases[rows].T.copy(), iterations, first)
        weights[rows], biases[rows], log_likelihoods[rows] = end[0].T, end[1].T, end[2]
        if progress:
            progress(min(first + CHUNK, len(weights)) / len(weights))
    return ManyRuns(weights, biases, log_likelihoods)


def _climb(model, weights, biases, iterations, first):
    """EM on arrays of shape (K, R); returns weights, biases and log-likelihoods."""
    heads = model.outcomes[:, None].astype(float)
    tails = (model.outcome_tosses - model.outcomes)[:, None].astype(float)
    tosses = model.outcome_tosses.astype(float)
    occurrences = model.occurrences.astype(float)
    shape = (len(weights), len(heads), weights.shape[1])
    log_joint, term = np.empty(shape), np.empty(shape)
    same_length = np.ptp(tosses) == 0
    for iteration in range(iterations + 1):
        with np.errstate(divide="ignore"):
            logs = [np.maximum(np.log(values), NEVER) for values in (weights, biases, 1 - biases)]
        log_weights, log_heads, log_tails = (values[:, None, :] for values in logs)
        np.multiply(heads, log_heads, out=log_joint)
        log_joint += np.multiply(tails, log_tails, out=term)
        log_joint += log_weights
        largest = log_joint.max(axis=0)
        if iteration == 0 and largest.min() < NEVER / 2:
            outcome, start = np.unravel_index(largest.argmin(), largest.shape)
            coins = f"start {first + start}: weights {weights[:, start]}, biases {biases[:, start]}"
            raise ImpossibleData(model.outcomes[outcome], model.outcome_tosses[outcome], coins)
        log_joint -= largest
        posterior = np.exp(log_joint, out=log_joint)
        marginal = posterior.sum(axis=0)
        if iteration == iterations:
            return weights, biases, occurrences @ (np.log(marginal) + largest + model.log_coefficients[:, None])
        posterior *= occurrences[:, None] / marginal
        counts = posterior.sum(axis=1)
        owned = tosses[0] * counts if same_length else np.einsum("m,kmr->kr", tosses, posterior)
        biases = np.divide(np.einsum("m,kmr->kr", heads[:, 0], posterior), owned, out=biases.copy(), where=owned > 0)
        np.minimum(biases, 1, out=biases)
        if model.learn_weights:
            weights = counts / counts.sum(axis=0)
    raise AssertionError("the last iteration returns")


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
        Called now and then with the share of the starts that have come to rest, from 0 to 1.

    Returns
    -------
    list of LocalMaximum
        Points that differ only in the order of the coins are one. So are points of one likelihood on a ridge.
    """
    weights, biases = random_starts(coins, starts, seed)
    found = []
    numbers = np.ones(len(weights))  # how many starts each row stands for
    for block in range(BLOCKS):
        weights, biases, _ = em_many(model, weights, biases, BLOCK)
        weights, biases, numbers = _merge(weights, biases, numbers)
        after = em_many(model, weights, biases, 1)
        change = np.maximum(np.abs(after.weights - weights), np.abs(after.biases - biases)).max(axis=1)
        rests = (change <= 1e-10) | (block == BLOCKS - 1)
        found += [
            (finish(model, Coins(w / w.sum(), b)), number)
            for w, b, number in zip(weights[rests], biases[rests], numbers[rests], strict=True)
        ]
        weights, biases, numbers = weights[~rests], biases[~rests], numbers[~rests]
        if progress:
            progress(1 - numbers.sum() / starts)
        if not len(weights):
            break
    return _distinct(model, found, starts)


def _merge(weights, biases, numbers):
    """Put the coins in order of bias, and make one row of rows that agree to nine digits."""
    order = np.lexsort((weights, biases), axis=1)
    weights, biases = np.take_along_axis(weights, order, 1), np.take_along_axis(biases, order, 1)
    _, first, row = np.unique(np.round(np.hstack([biases, weights]), 9), axis=0, return_index=True, return_inverse=True)
    return weights[first], biases[first], np.bincount(row.ravel(), numbers)


def _distinct(model, found, starts):
    """One entry for each maximum: the same likelihood, and the same coins or the same ridge."""
    maxima = []
    for theta, number in found:
        height, kind = model.log_likelihood(theta), kind_of_point(model, theta)
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


def basins(model: BinomialMixture, weights, biases, maxima) -> np.ndarray:
    """Which maximum EM climbs from each of many starts.

    Parameters
    ----------
    model : BinomialMixture
    weights, biases : array_like, shape (R, K)
        One start in each row.
    maxima : sequence of LocalMaximum

    Returns
    -------
    numpy.ndarray of int, shape (R,)
        Index into `maxima`; -1 where EM still stands more than 0.05 nats lower, as on equal coins.
    """
    tops = np.array([np.sort(maximum.theta.biases) for maximum in maxima])
    heights = np.array([maximum.log_likelihood for maximum in maxima])
    labels = np.full(len(weights), -1)
    weights, biases = np.asarray(weights, dtype=float), np.asarray(biases, dtype=float)
    for iterations in (60, 500):  # most are near a top early; the others go on
        open_rows = np.flatnonzero(labels == -1)
        if len(open_rows):
            ends = em_many(model, weights[open_rows], biases[open_rows], iterations)
            ordered = np.sort(ends.biases, axis=1)
            distance = np.abs(ordered[:, None] - tops).max(axis=2)
            nearest = distance.argmin(axis=1)
            arrived = (np.abs(ends.log_likelihoods - heights[nearest]) <= 0.05) & (distance.min(axis=1) <= 0.05)
            labels[open_rows[arrived]] = nearest[arrived]
    return labels
