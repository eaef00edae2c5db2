"""Points where EM rests: their slope, their curvature and their kind."""

import numpy as np

from ..binomial import product_less
from ..checks import instance
from ..coins import BinomialMixture, Coins, ImpossibleData
from .gradient import peak_of_gradient

NEAR = 1e-6  # expected heads, tails or sequences that a coin has left when EM drives it to the border
FLAT = 1e-6  # of the information that complete data would give


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
    instance("model", model, BinomialMixture)
    instance("theta", theta, Coins)
    coins, p = len(theta), theta.biases
    heads, tosses = model.distinct_heads[:, None], model.distinct_tosses[:, None]
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


def polish(model: BinomialMixture, theta: Coins) -> Coins:
    """Newton's method from a point near which EM has come to rest, to the last digits; on the border along the border.

    Returns
    -------
    Coins
        In order of bias, with a log-likelihood that is not lower. Weights that are given stay with their coins.
    """
    instance("model", model, BinomialMixture)
    instance("theta", theta, Coins)
    theta = _snapped(model, theta)
    log_likelihood = model.log_likelihood(theta)
    for _ in range(20):
        slope, curvature = slope_and_curvature(model, theta)
        free, units = natural_units(model, theta)
        way = np.linalg.lstsq(units.T @ curvature[np.ix_(free, free)] @ units, -units.T @ slope[free], rcond=1e-9)[0]
        step = np.zeros(len(slope))
        step[free] = units @ way
        for part in (1, 0.5, 0.25, 0.1):
            moved = _moved(theta, part * step)
            new_log_likelihood = _log_likelihood(model, moved)
            if new_log_likelihood >= log_likelihood:
                break
        else:
            break
        theta, log_likelihood = moved, new_log_likelihood
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


def classify_stationary_point(model: BinomialMixture, theta: Coins) -> str:
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
    instance("theta", theta, Coins)
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
