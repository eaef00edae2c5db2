"""Ways to start EM, tried on many simulated data sets at once.

A data set is a row of counts: how many sequences had 0, 1, ..., M heads in M tosses. Every strategy takes S data sets
and gives the S log-likelihoods that it reaches.
"""

import numpy as np

from ..checks import as_numbers, brief, instance, random_generator, tally, whole_number, whole_numbers
from ..coins import BinomialMixture, Coins
from .gradient import gradients
from .many_starts import checked_starts, iterate_all, random_starts
from .maxima import moves

BLOCK = 200  # iterations after which `climb_all` leaves out the runs that have come to rest
GRID = np.linspace(0.01, 0.99, 99)  # where a new coin may go; at exactly 0 or 1 it could never move again


def simulate(truth: Coins, sets: int, sequences: int, tosses: int = 10, seed=0) -> np.ndarray:
    """Data sets of a known origin, collapsed to counts.

    Parameters
    ----------
    sets, sequences : int
        How many data sets, and sequences in each.
    tosses : int, default 10
        Tosses in each sequence, M.

    Returns
    -------
    numpy.ndarray of int, shape (sets, M + 1)
    """
    instance("truth", truth, Coins)
    sets, tosses = whole_number("sets", sets, least=1), whole_number("tosses", tosses, least=1)
    sequences = whole_number("sequences", sequences, least=1)
    heads = truth.sample(sets * sequences, tosses, seed).heads.reshape(sets, sequences)
    return np.array([tally(row, least=tosses + 1) for row in heads])


def table_of_counts(counts, frame: BinomialMixture | None = None) -> tuple[np.ndarray, BinomialMixture]:
    """Data sets as rows of counts, and the outcomes that the columns count.

    Parameters
    ----------
    counts : array_like, shape (S, M)
    frame : BinomialMixture, optional
        Its distinct outcomes are the columns. Default: 0 to M - 1 heads in M - 1 tosses.
    """
    if frame is not None:
        instance("frame", frame, BinomialMixture)
    counts = whole_numbers("counts", counts, least=0)
    if counts.ndim != 2 or counts.shape[1] < (2 if frame is None else 1) or not len(counts):
        raise ValueError(f"counts must be a table, data sets x outcomes; its shape is {counts.shape}")
    if frame is None:
        frame = BinomialMixture(np.arange(counts.shape[1]), counts.shape[1] - 1)
    if counts.shape[1] != len(frame.distinct_heads):
        raise ValueError(
            f"counts must be of {len(frame.distinct_heads)} outcomes as in frame; its shape is {counts.shape}"
        )
    empty = np.flatnonzero(counts.sum(axis=1) == 0)
    if len(empty):
        raise ValueError(f"counts of each data set must not all be 0; those of set {empty[0]} are")
    return counts, frame


def climb_all(counts, weights, biases, iterations: int = 4000, inverse_temperature: float = 1, frame=None):
    """EM on many data sets at once, one run in each row.

    Parameters
    ----------
    counts, frame
        As in `table_of_counts`.
    weights, biases : array_like, shape (R, K)
        The starts.
    iterations : int, default 4000
        At most, 1 or more; a run that has come to rest stops earlier.
    inverse_temperature : float, default 1
        The posterior is raised to this power and made to sum to 1 again. Below 1 it is blurred, for annealing.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (R, K)
    log_likelihoods : numpy.ndarray, shape (R,)
        In nats.

    Raises
    ------
    ImpossibleData
        If a data set is impossible under its start.
    """
    counts, frame = table_of_counts(counts, frame)
    tossed = counts @ frame.distinct_tosses.astype(float)
    weights, biases = checked_starts(weights, biases)
    if len(weights) != len(counts):
        raise ValueError(f"weights must be of {len(counts)} starts, one for each data set; they are of {len(weights)}")
    iterations, beta = (
        whole_number("iterations", iterations, least=1),
        as_numbers("inverse_temperature", inverse_temperature),
    )
    if beta.ndim or not 0 < beta < np.inf:
        raise ValueError(f"inverse_temperature must be a finite number above 0; it is {brief(inverse_temperature)}")
    counts, weights, biases = counts.T.astype(float), weights.T, biases.T
    log_likelihoods = np.empty(counts.shape[1])
    moving = np.arange(counts.shape[1])
    for done in range(0, iterations, BLOCK):
        block = min(BLOCK, iterations - done)
        own = counts[:, moving]
        before = iterate_all(frame, own, weights[:, moving], biases[:, moving], block - 1, beta)
        after = iterate_all(frame, own, *before[:2], 1, beta)
        weights[:, moving], biases[:, moving], log_likelihoods[moving] = after
        # Weights need not rest: on a ridge they may creep on for ever.
        bias_moves = moves((0, before[1].T), (0, after[1].T), tossed[moving, None], 4e-7)
        moving = moving[bias_moves]
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
    counts, _ = table_of_counts(counts)
    starts = whole_number("starts", starts, least=1)
    weights, biases = random_starts(coins, len(counts) * starts, seed)
    _, _, ends = climb_all(np.repeat(counts, starts, axis=0), weights, np.clip(biases, 1e-3, 1 - 1e-3))
    return ends.reshape(len(counts), starts)


def from_quantiles(counts, coins: int) -> np.ndarray:
    """EM from equal weights and biases at the data's quantiles: for three coins at 1/6, 1/2 and 5/6.

    Parameters
    ----------
    counts : array_like, shape (S, M + 1)

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

    Returns
    -------
    numpy.ndarray, shape (S,)
    """
    counts, frame = table_of_counts(counts)
    coins = whole_number("coins", coins, least=1)
    shares = counts @ frame.distinct_heads / (counts @ frame.distinct_tosses)
    weights, biases = np.ones((len(counts), 1)), np.clip(shares, GRID[0], GRID[-1])[:, None]
    ends = climb_all(counts, weights, biases, 1)[2]
    for coin in range(2, coins + 1):
        best = GRID[gradients(counts, frame, weights, biases, GRID).argmax(axis=1)]
        weights = np.hstack([weights * (coin - 1) / coin, np.full((len(counts), 1), 1 / coin)])
        weights, biases, ends = climb_all(counts, weights, np.column_stack([biases, best]))
    return ends


def by_annealing(counts, coins: int, inverse_temperatures=(0.2, 0.4, 0.6, 0.8), seed=0) -> np.ndarray:
    """EM with blurred posteriors that grow sharper, and at last with the true ones (Ueda and Nakano 1998).

    Parameters
    ----------
    counts : array_like, shape (S, M + 1)
    inverse_temperatures : sequence of float
        Powers of the posterior, 40 iterations for each.
    seed : int or numpy.random.Generator, default 0
        For the small shake before each of them, without which coins that have merged would never part.

    Returns
    -------
    numpy.ndarray, shape (S,)
    """
    generator, powers = random_generator(seed), as_numbers("inverse_temperatures", inverse_temperatures)
    if powers.ndim != 1 or not np.all((powers > 0) & (powers < np.inf)):
        raise ValueError(
            f"inverse_temperatures must be a list of finite numbers above 0; they are {brief(inverse_temperatures)}"
        )
    weights, biases = _quantile_start(counts, coins)
    for beta in powers:
        shaken = biases + generator.normal(0, 0.01, biases.shape)
        weights, biases, _ = climb_all(counts, weights, np.clip(shaken, 1e-3, 1 - 1e-3), 40, beta)
    return climb_all(counts, weights, biases)[2]


def _quantile_start(counts, coins):
    counts, coins = table_of_counts(counts)[0], whole_number("coins", coins, least=1)
    reached = counts.cumsum(axis=1) / counts.sum(axis=1, keepdims=True)
    levels = (np.arange(coins) + 0.5) / coins
    heads = (reached[:, None] < levels[:, None] - 1e-9).sum(axis=2)
    # Half a head more in one toss more: inside (0, 1), and moved apart, since equal coins would stay equal.
    biases = (heads + 0.5) / counts.shape[1] + 0.02 * (levels - 0.5)
    return np.full(biases.shape, 1 / coins), biases
