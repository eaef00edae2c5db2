"""Answers on a scale of which some are missing (section 6.2), and classes behind them whose label may be missing."""

from dataclasses import dataclass

import numpy as np

from ..checks import distribution, read_only, short
from ..mixture import Mixture, known_labels, only_known


class JointCategorical(Mixture):
    """Any joint distribution of D answers, some of them missing at random. What is hidden is the complete row.

    The parameters theta are an array of shape (L,) * D: the probability of every complete row.

    Parameters
    ----------
    answers : array_like, shape (N, D)
        Each one of `values`; nan where it is missing.
    values : sequence of numbers, default (1, 2, 3, 4, 5)
        The L values that an answer can have, ascending.

    Attributes
    ----------
    patterns : numpy.ndarray, shape (M, D)
        The distinct rows, as positions in `values`; -1 where the answer is missing.
    rows : numpy.ndarray, shape (N,)
        The pattern of each row of `answers`.

    Raises
    ------
    ValueError
        If `answers` is not a table, or an answer is neither nan nor one of `values`.
    """

    def __init__(self, answers, values=(1, 2, 3, 4, 5)):
        codes = _positions(answers, values)
        self.patterns, self.rows, self.occurrences = _distinct(codes, len(values))
        self.shape = (len(values),) * codes.shape[1]
        complete = np.indices(self.shape).reshape(len(self.shape), -1)
        given = self.patterns[:, :, None]
        self._possible = ((given == complete) | (given < 0)).all(axis=1)

    def log_joint(self, theta) -> np.ndarray:
        """Logarithm of the probability of each complete row where the pattern may hide it, shape (M, L ** D)."""
        with np.errstate(divide="ignore"):  # log 0 = -inf is the right logarithm of an impossible event
            return np.log(np.where(self._possible, np.ravel(theta), 0))

    def expected_statistics(self, responsibilities, theta) -> np.ndarray:
        """Expected number of people with each complete row, shape (L,) * D."""
        return (self.occurrences @ responsibilities).reshape(self.shape)

    def m_step(self, statistics) -> np.ndarray:
        """Their shares."""
        return statistics / statistics.sum()


@dataclass(frozen=True, eq=False, repr=False)
class Classes:
    """The parameters theta of `NaiveBayes`: how common each class is, and how it answers.

    Parameters
    ----------
    weights : array_like, shape (K,)
        Shares of the classes, probabilities that sum to 1.
    probabilities : array_like, shape (K, D, L)
        Probability of each value of each feature in each class; they sum to 1 along the last axis.

    Raises
    ------
    ValueError
        If an argument has the wrong shape or value.
    """

    weights: np.ndarray
    probabilities: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "weights", read_only(distribution("weights", self.weights)))
        object.__setattr__(self, "probabilities", read_only(distribution("probabilities", self.probabilities, ndim=3)))
        if len(self.weights) != len(self.probabilities):
            raise ValueError(
                f"weights and probabilities must be of equally many classes; there are {len(self.weights)} weights "
                f"and probabilities of {len(self.probabilities)}"
            )

    def __array__(self, dtype=None, copy=None):
        return np.concatenate([self.weights, self.probabilities.ravel()]).astype(dtype or float)

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self):
        return f"Classes(weights={short(self.weights)}, probabilities of shape {self.probabilities.shape})"


@dataclass(frozen=True, eq=False)
class ClassStatistics:
    """Sufficient statistics t(y, x) of `NaiveBayes`.

    Attributes
    ----------
    counts : numpy.ndarray, shape (K,)
        Observations per class.
    tallies : numpy.ndarray, shape (K, D, L)
        How often each value of each feature was observed per class.
    theta : Classes
        Parameters under which the expectation was taken; what nobody answered keeps its probabilities.
    """

    counts: np.ndarray
    tallies: np.ndarray
    theta: Classes


class NaiveBayes(Mixture):
    """Classes in each of which the features are independent. Labels and features may be missing at random.

    Parameters
    ----------
    features : array_like, shape (N, D)
        Each one of `values`; nan where it is missing.
    values : sequence of numbers, default (0, 1)
        The L values that a feature can have, ascending.
    labels : array_like of int, shape (N,), optional
        The class of each row, counted from 0; -1 where it is not known. Default: not known for any.

    Attributes
    ----------
    patterns : numpy.ndarray, shape (M, D)
        The distinct rows, as positions in `values`; -1 where the feature is missing.
    labels : numpy.ndarray, shape (M,)
        The label of each pattern; -1 where it is not known.
    rows : numpy.ndarray, shape (N,)
        The pattern of each row of `features`.

    Raises
    ------
    ValueError
        If `features` is not a table, a feature is neither nan nor one of `values`, or the labels are not one per row.

    References
    ----------
    M. Collins. The naive Bayes model, maximum-likelihood estimation, and the EM algorithm. Lecture notes, section 4.
    """

    def __init__(self, features, values=(0, 1), labels=None):
        codes = _positions(features, values)
        labels = known_labels(labels, len(codes))
        levels = max(len(values), labels.max() + 1)
        patterns, self.rows, self.occurrences = _distinct(np.column_stack([labels, codes]), levels)
        self.labels, self.patterns = patterns[:, 0], patterns[:, 1:]
        # shape (M, D, L): 1 at the value that was observed
        self._observed = (self.patterns[:, :, None] == np.arange(len(values))).astype(float)

    def log_joint(self, theta: Classes) -> np.ndarray:
        """log P(X = x, Y = j | theta): the product of its features' probabilities in each class, shape (M, K)."""
        with np.errstate(divide="ignore"):  # log 0 = -inf is the right logarithm of an impossible event
            log_weights, log_probabilities = np.log(theta.weights), np.log(theta.probabilities)
        chosen = np.take_along_axis(log_probabilities[None], np.maximum(self.patterns, 0)[:, None, :, None], axis=3)
        seen = (self.patterns >= 0)[:, None]  # a missing feature says nothing
        return only_known(log_weights + np.where(seen, chosen[..., 0], 0).sum(axis=2), self.labels)

    def expected_statistics(self, responsibilities, theta: Classes) -> ClassStatistics:
        """Expected observations per class, and expected tallies of their features."""
        expected = self.occurrences[:, None] * responsibilities
        return ClassStatistics(expected.sum(axis=0), np.einsum("mk,mdl->kdl", expected, self._observed), theta)

    def m_step(self, statistics: ClassStatistics) -> Classes:
        """Shares of the classes, and of the values among the observed features of each class."""
        counts, tallies = statistics.counts, statistics.tallies
        answered = np.broadcast_to(tallies.sum(axis=2, keepdims=True), tallies.shape)
        probabilities = np.divide(tallies, answered, out=statistics.theta.probabilities.copy(), where=answered > 0)
        return Classes(counts / counts.sum(), probabilities)


def _positions(answers, values):
    """Where in `values` each answer stands, shape (N, D); -1 where it is nan."""
    answers, values = np.asarray(answers, dtype=float), np.asarray(values, dtype=float)
    if answers.ndim != 2 or not answers.size:
        raise ValueError(f"answers must be a table of one or more rows; their shape is {answers.shape}")
    if values.ndim != 1 or not len(values) or np.any(np.diff(values) <= 0):
        raise ValueError(f"values must be a list of ascending numbers; they are {values}")
    codes = np.minimum(np.searchsorted(values, answers), len(values) - 1)
    missing = np.isnan(answers)
    wrong = ~missing & (values[codes] != answers)
    if np.any(wrong):
        raise ValueError(f"answers must be one of {short(values)}, or nan; one of them is {answers[wrong][0]}")
    codes[missing] = -1
    return codes


def _distinct(codes, levels):
    """The distinct rows of numbers from -1 to `levels` - 1, which of them each row is, and how often each occurs."""
    keys, most = np.zeros(len(codes), dtype=int), 1
    for column in codes.T:
        if most * (levels + 1) > 2**62:  # too many possible rows for one number: go on with those that there are
            keys, most = np.unique(keys, return_inverse=True)[1], len(keys)
        keys, most = keys * (levels + 1) + column + 1, most * (levels + 1)
    _, first, rows, occurrences = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return codes[first], rows, occurrences
