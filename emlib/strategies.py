"""Ways to start EM, tried on many simulated data sets at once.

A data set is a row of counts: how many sequences had 0, 1, ..., M heads in M tosses. Every strategy takes S data sets
and gives the S log-likelihoods that it reaches.
"""

from math import comb

import numpy as np

from .coins import Coins
from .landscape import random_starts

BLOCK = 200  # iterations after which `climb_all` leaves out the runs that have come to rest
GRID = np.linspace(0.01, 0.99, 99)  # where a new coin may go; at exactly 0 or 1 it could never move again


def simulate(truth: Coins, sets: int, sequences: int, tosses: int = 10, seed=0) -> np.ndarray:
    """Data sets of a known origin, collapsed to counts.

    Parameters
    ----------
    truth : Coins
    sets, sequences : int
        How many data sets, and sequences in each.
    tosses : int, default 10
        Tosses in each sequence, M.
    seed : int or numpy.random.Generator, default 0

    Returns
    -------
    numpy.ndarray of int, shape (sets, M + 1)
    """
    heads = truth.sample(sets * sequences, tosses, seed).heads.reshape(sets, sequences)
    return np.array([np.bincount(row, minlength=tosses + 1) for row in heads])


def climb_all(counts, weights, biases, iterations: int = 4000, power: float = 1):
    """EM on many data sets at once, one run in each row.

    Parameters
    ----------
    counts : array_like, shape (R, M + 1)
    weights, biases : array_like, shape (R, K)
        The starts; biases inside (0, 1).
    iterations : int, default 4000
        At most, 1 or more; a run that has come to rest stops earlier.
    power : float, default 1
        The posterior is raised to this power and made to sum to 1 again. Below 1 it is blurred, for annealing.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (R, K)
    log_likelihoods : numpy.ndarray, shape (R,)
        In nats.
    """
    # Runs stand last in memory, so that every operation runs along them.
    counts = np.array(counts, dtype=float).T.copy()
    weights, biases = np.array(weights, dtype=float).T.copy(), np.array(biases, dtype=float).T.copy()
    log_likelihoods = np.empty(counts.shape[1])
    moving = np.arange(counts.shape[1])
    for done in range(0, iterations, BLOCK):
        ends = _block(counts[:, moving], weights[:, moving], biases[:, moving], min(BLOCK, iterations - done), power)
        weights[:, moving], biases[:, moving], log_likelihoods[moving], change = ends
        moving = moving[change > 1e-7]
        if not len(moving):
            break
    return weights.T, biases.T, log_likelihoods


def from_random(counts, coins: int, starts: int, seed=0) -> np.ndarray:
    """EM from starts that are drawn evenly.

    Parameters
    ----------
    counts : array_like, shape (S, M + 1)
    coins, starts : int
        How many coins, and starts for each data set.
    seed : int or numpy.random.Generator, default 0

    Returns
    -------
    numpy.ndarray, shape (S, starts)
    """
    weights, biases = random_starts(coins, len(counts) * starts, seed)
    _, _, ends = climb_all(np.repeat(counts, starts, axis=0), weights, np.clip(biases, 1e-3, 1 - 1e-3))
    return ends.reshape(len(counts), starts)


def from_quantiles(counts, coins: int) -> np.ndarray:
    """EM from equal weights and biases at the data's quantiles: for three coins at 1/6, 1/2 and 5/6.

    Parameters
    ----------
    counts : array_like, shape (S, M + 1)
    coins : int

    Returns
    -------
    numpy.ndarray, shape (S,)
    """
    return climb_all(counts, *_quantile_start(counts, coins))[2]


def by_adding_coins(counts, coins: int) -> np.ndarray:
    """EM with one coin, then again and again with a further coin where Lindsay's D(p) is largest.

    Parameters
    ----------
    counts : array_like, shape (S, M + 1)
    coins : int

    Returns
    -------
    numpy.ndarray, shape (S,)
    """
    counts = np.asarray(counts, dtype=float)
    tosses = counts.shape[1] - 1
    weights = np.ones((len(counts), 1))
    biases = (counts @ np.arange(tosses + 1) / (tosses * counts.sum(axis=1)))[:, None]
    biases = np.clip(biases, GRID[0], GRID[-1])
    new_coins = _joint(np.ones((1, len(GRID))), GRID[None], tosses)[0]  # shape (M + 1, P)
    for coin in range(2, coins + 1):
        mixture = _joint(weights.T, biases.T, tosses).sum(axis=0).T
        ratio = np.divide(counts, mixture, out=np.zeros_like(mixture), where=counts > 0)
        best = GRID[(ratio @ new_coins).argmax(axis=1)]
        weights = np.hstack([weights * (coin - 1) / coin, np.full((len(counts), 1), 1 / coin)])
        weights, biases, ends = climb_all(counts, weights, np.hstack([biases, best[:, None]]))
    return ends


def by_annealing(counts, coins: int, powers=(0.2, 0.4, 0.6, 0.8), seed=0) -> np.ndarray:
    """EM with blurred posteriors that grow sharper, and at last with the true ones (Ueda and Nakano 1998).

    Parameters
    ----------
    counts : array_like, shape (S, M + 1)
    coins : int
    powers : sequence of float
        Powers of the posterior, 40 iterations for each.
    seed : int or numpy.random.Generator, default 0
        For the small shake before each power, without which coins that have merged would never part.

    Returns
    -------
    numpy.ndarray, shape (S,)
    """
    generator = np.random.default_rng(seed)
    weights, biases = _quantile_start(counts, coins)
    for power in powers:
        shaken = biases + generator.normal(0, 0.01, biases.shape)
        weights, biases, _ = climb_all(counts, weights, np.clip(shaken, 1e-3, 1 - 1e-3), 40, power)
    return climb_all(counts, weights, biases)[2]


def _quantile_start(counts, coins):
    counts = np.asarray(counts, dtype=float)
    reached = counts.cumsum(axis=1) / counts.sum(axis=1, keepdims=True)
    levels = (np.arange(coins) + 0.5) / coins
    heads = (reached[:, None] < levels[:, None] - 1e-9).sum(axis=2)
    # Half a head more in one toss more: inside (0, 1), and moved apart, since equal coins would stay equal.
    biases = (heads + 0.5) / counts.shape[1] + 0.02 * (levels - 0.5)
    return np.full(biases.shape, 1 / coins), biases


def _block(counts, weights, biases, iterations, power):
    """So many iterations on arrays of shape (K, R); the last entry is how far a bias went in the last of them."""
    tosses = len(counts) - 1
    heads = np.arange(tosses + 1.0)
    for _ in range(iterations):
        posterior = _joint(weights, biases, tosses)
        if power != 1:
            posterior **= power
        total = posterior.sum(axis=0)
        # Expected sequences per coin and outcome. Where nothing was seen, the total may be 0.
        posterior *= np.divide(counts, total, out=np.zeros_like(total), where=counts > 0)
        owned = posterior.sum(axis=1)
        before, biases = biases, biases.copy()
        np.divide(np.einsum("m,kmr->kr", heads, posterior), tosses * owned, out=biases, where=owned > 0)
        np.minimum(biases, 1, out=biases)
        weights = owned / owned.sum(axis=0)
    mixture = _joint(weights, biases, tosses).sum(axis=0)
    heights = (counts * np.log(np.where(counts > 0, mixture, 1))).sum(axis=0)
    return weights, biases, heights, np.abs(biases - before).max(axis=0)


def _joint(weights, biases, tosses):
    """Weight times binomial probability, shape (K, M + 1, R), by multiplication instead of powers."""
    joint = np.empty((len(weights), tosses + 1, weights.shape[1]))
    joint[:, 0] = weights
    for x in range(tosses):
        np.multiply(joint[:, x], biases, out=joint[:, x + 1])
    tails = 1 - biases
    factor = tails.copy()
    for x in range(tosses - 1, -1, -1):
        joint[:, x] *= factor
        factor *= tails
    joint *= np.array([comb(tosses, x) for x in range(tosses + 1)], dtype=float)[:, None]
    return joint
