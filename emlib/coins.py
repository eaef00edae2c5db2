"""The chapter's model: every sequence of tosses comes from one of K coins, and nobody saw which.

A mixture of binomials (Definition 6.1, section 6.3) as a model for `emlib.em`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .binomial import deviance, log_coefficient, log_peak, log_probability
from .checks import (
    distribution,
    instance,
    probabilities,
    random_generator,
    read_only,
    short,
    tally,
    whole_number,
    whole_numbers,
)
from .mixture import Mixture, shares
from .tables import Table

MANY = 10_000  # tosses; with more, differences of logarithms lose digits


class ImpossibleData(ValueError):
    """The data have probability 0 under the parameters, so that there is no posterior to compute.

    Attributes
    ----------
    heads, tosses : int
        The outcome that none of the coins can give.
    """

    def __init__(self, heads, tosses, coins):
        super().__init__(
            f"an outcome of {heads} heads in {tosses} tosses has probability 0 under {coins}; "
            "some coin of positive weight must be able to give this outcome"
        )
        self.heads, self.tosses, self._coins = heads, tosses, coins

    def __reduce__(self):  # so that it can come back from another process
        return type(self), (self.heads, self.tosses, self._coins)


@dataclass(frozen=True, eq=False, repr=False)
class Coins:
    """The parameters theta of the model: how often each coin is chosen, and how often it shows heads.

    Parameters
    ----------
    weights : array_like, shape (K,)
        Mixture weights w_j = P(Y = c_j): probabilities that sum to 1 (to within 1e-6, so that rounded numbers from a
        page can be typed in).
    biases : array_like, shape (K,)
        Biases phi_j: each coin's probability of heads, from 0 to 1, both included.
    """

    weights: np.ndarray
    biases: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "weights", read_only(distribution("weights", self.weights)))
        object.__setattr__(self, "biases", read_only(probabilities("biases", self.biases)))
        if self.weights.shape != self.biases.shape:
            raise ValueError(
                f"weights and biases must be equally many; there are {len(self.weights)} weights "
                f"and {len(self.biases)} biases"
            )

    def __array__(self, dtype=None, copy=None):
        return np.array([self.weights, self.biases], dtype=dtype or float)

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self):
        return f"Coins(weights={short(self.weights)}, biases={short(self.biases)})"

    def probabilities(self, tosses: int) -> np.ndarray:
        """P(X = x | Y = c_j), equation (6.7), for 0 to `tosses` heads x and every coin, shape (tosses + 1, K)."""
        tosses = whole_number("tosses", tosses, least=1)
        return np.exp(log_probability(np.arange(tosses + 1)[:, None], tosses, self.biases))

    def sample(self, sequences: int, tosses=10, seed=0) -> "Sample":
        """Draw sequences: choose a coin by its weight, toss it, write down the heads and, in secret, the coin.

        Parameters
        ----------
        sequences : int
            How many sequences, N.
        tosses : int or array_like of int, shape (N,)
            Tosses in each sequence.
        seed : int or numpy.random.Generator, default 0
            The same seed draws the same sequences.
        """
        sequences = whole_number("sequences", sequences, least=1)
        tosses = _tosses_of(sequences, tosses)
        generator = random_generator(seed)
        labels = generator.choice(len(self), size=sequences, p=self.weights / self.weights.sum()).astype(np.intp)
        return Sample(generator.binomial(tosses, self.biases[labels]), labels)


class Sample(NamedTuple):
    """Sequences drawn from known coins.

    Attributes
    ----------
    heads : numpy.ndarray, shape (N,)
        Observed data x: the heads in each sequence.
    labels : numpy.ndarray, shape (N,)
        Latent data y: the coin behind each sequence, counted from 0.
    """

    heads: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class CoinStatistics:
    """Sufficient statistics t(y, x): counted where the coin of each sequence is known, expected where it is hidden.

    Attributes
    ----------
    counts : numpy.ndarray, shape (K,)
        Sequences per coin, (6.10).
    heads : numpy.ndarray, shape (K,)
        Heads per coin, (6.13) and Table 6.3.
    tosses : numpy.ndarray, shape (K,)
        Tosses per coin, the denominator of (6.15).
    previous : Coins or None
        Parameters under which the expectation was taken; None for counts of known coins. The M-step keeps from them
        what it does not estimate: weights that are given, and the bias of a coin that no sequence came from.
    """

    counts: np.ndarray
    heads: np.ndarray
    tosses: np.ndarray
    previous: Coins | None = None


class BinomialMixture(Mixture):
    """A mixture of binomials: N sequences of tosses, each from one of K coins.

    Sequences with the same outcome share a posterior. So the data are collapsed, once, into distinct outcomes and how
    often each occurs; the cost of an iteration does not depend on N.

    Parameters
    ----------
    heads : array_like of int, shape (N,)
        Heads in each sequence.
    tosses : int or array_like of int, shape (N,), default 10
        Tosses in each sequence: one number for all, or one per sequence.
    learn_weights : bool, default True
        False leaves the weights as the start gives them and learns the biases only.
    occurrences : array_like of int, shape (N,), optional
        For data that come as a table of frequencies: how many sequences each row stands for. Rows of 0 are left out.

    Attributes
    ----------
    heads, tosses : numpy.ndarray, shape (N,)
        The data, read-only.
    distinct_heads, distinct_tosses : numpy.ndarray, shape (M,)
        The distinct outcomes: heads, and tosses.
    occurrences : numpy.ndarray, shape (M,)
        How many sequences had each outcome.
    log_coefficients : numpy.ndarray, shape (M,)
        Logarithm of the binomial coefficient of each outcome.
    many_tosses : bool
        Whether there are so many that probabilities are computed as in `emlib.binomial`.
    log_constants : numpy.ndarray, shape (M,)
        What log P(X = x | Y = c_j) has in common for all coins: the coefficient; with many tosses, the peak.

    Raises
    ------
    ImpossibleData
        By all methods that need a posterior or a likelihood, if none of the coins can give an outcome.
    """

    def __init__(self, heads, tosses=10, learn_weights: bool = True, occurrences=None):
        heads = whole_numbers("heads", heads, least=0)
        if heads.ndim != 1 or len(heads) == 0:
            raise ValueError(f"heads must be a list of one or more numbers; its shape is {heads.shape}")
        tosses = _tosses_of(len(heads), tosses)
        alike, tosses, times = tosses.ndim == 0, np.broadcast_to(tosses, heads.shape), None
        if np.any(heads > tosses):
            first = int(np.argmax(heads > tosses))
            raise ValueError(
                f"heads must not exceed tosses; sequence {first} has {heads[first]} heads in {tosses[first]}"
            )
        if occurrences is not None:
            times = whole_numbers("occurrences", occurrences, least=0)
            if times.shape != heads.shape or not times.any():
                raise ValueError(
                    f"occurrences must be {len(heads)} numbers, one per row of heads, and not all 0; "
                    f"their shape is {times.shape}, their sum {times.sum()}"
                )
            heads, tosses, times = heads[times > 0], tosses[times > 0], times[times > 0]

        self.learn_weights = learn_weights
        self.heads, self.tosses, self._times = read_only(heads), read_only(tosses), times
        # Pairs as complex numbers, whose order is by tosses, then by heads. Whole numbers are sorted faster.
        self._pairs = heads if alike else tosses + 1j * heads
        self._outcomes, occurrences = _count(self._pairs, times)
        pairs = tosses[0] + 1j * self._outcomes if alike else self._outcomes
        self.distinct_heads = read_only(pairs.imag.astype(np.int64))
        self.distinct_tosses = read_only(pairs.real.astype(np.int64))
        self.occurrences = read_only(occurrences)
        outcomes = self.distinct_heads, self.distinct_tosses
        self.log_coefficients = read_only(log_coefficient(*outcomes))
        self.many_tosses = bool(self.distinct_tosses.max() > MANY)
        self.log_constants = read_only(log_peak(*outcomes)) if self.many_tosses else self.log_coefficients

    def expected_statistics(self, responsibilities, theta: Coins) -> CoinStatistics:
        """Expected sufficient statistics, (6.10) and (6.13), if the coins have these probabilities, of shape (M, K)."""
        instance("theta", theta, Coins)
        responsibilities = shares(responsibilities, len(self.occurrences), len(theta))
        expected = self.occurrences[:, None] * responsibilities  # Table 6.2
        return CoinStatistics(
            counts=expected.sum(axis=0),
            heads=self.distinct_heads @ expected,
            tosses=self.distinct_tosses @ expected,
            previous=theta,
        )

    def m_step(self, statistics: CoinStatistics) -> Coins:
        """Maximum-likelihood parameters as if `statistics` had been observed, equations (6.5), (6.14) and (6.15).

        Raises
        ------
        ValueError
            If the statistics say nothing of some parameters, and have nothing previous to keep them from.
        """
        instance("statistics", statistics, CoinStatistics)
        counts, heads, tosses, previous = statistics.counts, statistics.heads, statistics.tosses, statistics.previous
        if previous is None and (not self.learn_weights or np.any(tosses == 0)):
            raise ValueError(
                f"statistics hold nothing previous and say nothing of some parameters; tosses per coin: {short(tosses)}"
            )
        weights, biases = (counts, np.zeros(len(counts))) if previous is None else (previous.weights, previous.biases)
        return Coins(*self.maximise(counts, heads, tosses, weights, biases))

    def maximise(self, counts, heads, tosses, weights, biases) -> tuple[np.ndarray, np.ndarray]:
        """Weights (6.14) and biases (6.15), of shape (K,) or, for R mixtures at once, (K, R).

        What is not estimated stays as it is in `weights` and `biases`.
        """
        if self.learn_weights:
            weights = counts / counts.sum(axis=0)  # footnote 8: not by N, so that rounding errors do not add up
        shares = np.divide(heads, tosses, out=biases.copy(), where=tosses > 0)
        return weights, np.minimum(shares, 1)  # may round to just above 1

    def posterior(self, theta: Coins) -> np.ndarray:
        """Posterior (responsibility) of each coin for each sequence, equation (6.9), shape (N, K)."""
        return self.responsibilities(theta)[np.searchsorted(self._outcomes, self._pairs)]

    def table(self, theta: Coins) -> Table:
        """The posterior of each coin for each distinct outcome, as in Table 6.1.

        The columns are "outcome" (heads), "tosses" if sequences differ in length, "occurrences", and "c_1" to "c_K".
        """
        columns = {"outcome": self.distinct_heads}
        if np.ptp(self.distinct_tosses) > 0:
            columns["tosses"] = self.distinct_tosses
        columns["occurrences"] = self.occurrences
        posterior = self.responsibilities(theta)
        return Table(columns | {f"c_{j}": posterior[:, j - 1] for j in range(1, len(theta) + 1)})

    def complete_data_statistics(self, labels, coins: int) -> CoinStatistics:
        """Sufficient statistics when the coin of each sequence is known: complete data.

        `m_step` of the result is the complete-data maximum-likelihood estimate.

        Parameters
        ----------
        labels : array_like of int, shape (N,)
            The coin of each sequence, counted from 0.
        coins : int
            How many coins there are, K.
        """
        coins = whole_number("coins", coins, least=1)
        labels = whole_numbers("labels", labels, least=0)
        if labels.shape != self.heads.shape:
            raise ValueError(f"labels must be {len(self.heads)}, one per sequence; their shape is {labels.shape}")
        if labels.max() >= coins:
            raise ValueError(f"labels must be from 0 to {coins - 1}; one of them is {labels.max()}")
        times = np.ones(len(labels)) if self._times is None else self._times
        return CoinStatistics(*(tally(labels, times * of, coins) for of in (1.0, self.heads, self.tosses)))

    def pooled_fit(self) -> Coins:
        """Maximum-likelihood fit of a single coin: the share of heads among all tosses."""
        counts = self.occurrences.astype(float)  # sums of whole numbers might overflow
        return Coins([1], [counts @ self.distinct_heads / (counts @ self.distinct_tosses)])

    def log_joint(self, theta: Coins) -> np.ndarray:
        """log P(X = x, Y = c_j | theta), equation (6.8), for every distinct outcome and coin, shape (M, K).

        In nats; minus infinity where a coin cannot give an outcome.
        """
        instance("theta", theta, Coins)
        with np.errstate(divide="ignore"):  # log 0 = -inf is the right logarithm of an impossible event
            return np.log(theta.weights) + self.log_components(theta.biases)

    def log_components(self, biases: np.ndarray) -> np.ndarray:
        """log P(X = x | Y = c_j), equation (6.7), for every distinct outcome and each of K biases, shape (M, K)."""
        heads, tosses = self.distinct_heads[:, None], self.distinct_tosses[:, None]
        if self.many_tosses:
            return self.log_constants[:, None] - deviance(heads, tosses, biases)
        tails = tosses - heads
        with np.errstate(divide="ignore", invalid="ignore"):  # 0 log 0 = 0: what never happened costs nothing
            log_heads = np.where(heads > 0, heads * np.log(biases), 0)
            log_tails = np.where(tails > 0, tails * np.log1p(-biases), 0)
        return self.log_coefficients[:, None] + log_heads + log_tails

    def _impossible(self, row, theta):
        coins = f"weights {short(theta.weights)} and biases {short(theta.biases)}"
        return ImpossibleData(self.distinct_heads[row], self.distinct_tosses[row], coins)


def _tosses_of(sequences, tosses):
    """One number for all the sequences, or one for each."""
    tosses = whole_numbers("tosses", tosses, least=1)
    if tosses.shape not in ((), (sequences,)):
        raise ValueError(f"tosses must be one number or {sequences}, one per sequence; its shape is {tosses.shape}")
    return tosses


def _count(pairs, times):
    """The distinct pairs and how often each occurs, `times` once for each; None stands for ones."""
    if times is None:
        return np.unique(pairs, return_counts=True)
    distinct, which = np.unique(pairs, return_inverse=True)
    return distinct, tally(which, times).astype(np.int64)
