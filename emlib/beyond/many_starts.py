"""EM from many starts at once."""

from typing import NamedTuple

import numpy as np

from ..binomial import deviance
from ..checks import distribution, instance, probabilities, random_generator, whole_number
from ..coins import BinomialMixture, Coins, ImpossibleData
from .progress import goes_on

CELLS = 100_000  # coins x outcomes x starts that are worked on together, few enough to stay in the processor's cache
BLOCK = 500  # iterations between two reports of progress; `local_maxima` looks as often who has come to rest
NEVER = -1e100  # in place of log 0 = -inf: times 0 it is 0, and its exponential is exactly 0
ROUNDING = 2**-52  # of a weight or a bias near 1
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
    weights, biases = checked_starts(weights, biases)
    runs = ManyRuns(weights, biases, np.full(len(weights), np.nan))
    run_on(model, runs, iterations, progress)
    finished = ~np.isnan(runs.log_likelihoods)
    return ManyRuns(*(values[finished] for values in runs))


def em_path(model: BinomialMixture, theta: Coins, iterations: int) -> ManyRuns:
    """One run with all that it passes, a row for each iteration: the numbers of `em`, several times as fast.

    It ends before its limit where an iteration changes no parameter by more than rounding does.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `theta`.
    """
    counts = model.occurrences[:, None].astype(float)
    path = [(theta.weights[:, None], theta.biases[:, None])]
    iterate_all(model, counts, *path[0], iterations, path=path)
    weights, biases = (np.hstack(values) for values in zip(*path, strict=True))
    *_, log_likelihoods = iterate_all(model, counts, weights, biases, 0)
    return ManyRuns(weights.T, biases.T, log_likelihoods)


def checked_starts(weights, biases):
    """Copies of the starts, as numbers; ValueError if they are none."""
    weights, biases = distribution("weights", weights, ndim=2), probabilities("biases", biases, ndim=2)
    if weights.shape != biases.shape:
        raise ValueError(
            f"weights and biases must have the same shape, starts x coins; they have {weights.shape} and {biases.shape}"
        )
    return weights, biases


def run_on(model, runs, iterations, progress=None):
    """Take the starts in `runs` so many iterations on, in place; whether `progress` let it."""
    counts = model.occurrences[:, None].astype(float)
    starts, coins = runs.weights.shape
    size = max(1, CELLS // (coins * len(counts)))
    for first in range(0, starts, size):
        rows = slice(first, min(first + size, starts))
        weights, biases = runs.weights[rows].T, runs.biases[rows].T
        for before in range(0, max(iterations, 1), BLOCK):
            after = min(before + BLOCK, iterations)
            weights, biases, log_likelihoods = iterate_all(model, counts, weights, biases, after - before, first=first)
            if after == iterations:
                runs.weights[rows], runs.biases[rows], runs.log_likelihoods[rows] = weights.T, biases.T, log_likelihoods
            share = after / iterations if iterations else 1
            if not goes_on(progress, (first + share * (rows.stop - first)) / starts):
                return False
    return True


def iterate_all(
    model: BinomialMixture,
    counts,
    weights,
    biases,
    iterations: int,
    inverse_temperature: float = 1,
    first: int = 0,
    path: list | None = None,
):
    """EM from many starts, each on data of its own: the loop under `em_many` and `emlib.beyond.strategies.climb_all`.

    Starts stand last in memory, so that every operation runs along them. The arguments are not checked.

    Parameters
    ----------
    model : BinomialMixture
        Its outcomes; and whether weights are learned.
    counts : numpy.ndarray of float, shape (M, R) or (M, 1)
        How often each start's data have each outcome of the model; one column if all have the same data.
    weights, biases : numpy.ndarray, shape (K, R)
        The starts.
    inverse_temperature : float, default 1
        The posterior is raised to this power and made to sum to 1 again.
    first : int, default 0
        Number of the first start, for errors.
    path : list, optional
        Gets the weights and biases after each iteration, until one changes no more than rounding does.

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
    outcomes, tosses = model.distinct_heads, model.distinct_tosses
    # The log joint probability is linear in these, and the M-step needs their expected sums: two matrix products.
    statistics = np.stack([np.ones(len(outcomes)), outcomes, tosses - outcomes])
    factors = statistics.T.copy()
    weights, biases = weights.astype(float, order="C"), biases.astype(float, order="C")
    logs = np.empty((len(weights), 3, weights.shape[1]))
    joint = np.empty((len(weights), len(outcomes), weights.shape[1]))

    def fill(joint, power):
        """Log joint probabilities, less a constant of each outcome, whose posterior is to be raised to a power."""
        with np.errstate(divide="ignore"):
            np.log(weights, out=logs[:, 0])
            np.log(biases, out=logs[:, 1])
            np.log1p(-biases, out=logs[:, 2])
        if power != 1:
            np.multiply(logs, power, out=logs)
        np.maximum(logs, NEVER, out=logs)
        if not model.many_tosses:
            np.matmul(factors, logs, out=joint)
            return
        for j, own in enumerate(biases):
            lost = power * deviance(outcomes[:, None], tosses[:, None], own)
            np.maximum(logs[j, 0] - lost, NEVER, out=joint[j])

    largest, underflow = 0, False
    for iteration in range(iterations + 1):
        present = inverse_temperature if iteration < iterations else 1
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
            sequences, heads, tails = (statistics @ joint).transpose(1, 0, 2)
            before = weights, biases
            weights, biases = model.maximise(sequences, heads, heads + tails, weights, biases)
            if path is not None:
                path.append((weights, biases))
                if all(
                    np.abs(now - then).max() <= ROUNDING for now, then in zip((weights, biases), before, strict=True)
                ):
                    break
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
