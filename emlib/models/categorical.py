"""Answers on a scale of which some are missing (section 6.2), and classes behind them whose label may be missing."""

from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from ..checks import as_numbers, distribution, instance, random_generator, read_only, short, whole_number
from ..mixture import Mixture, shares
from .labels import known_labels, mask_known_labels, numbers_like

CELLS = 2**25  # patterns x complete rows of `JointCategorical`: an array of them takes 270 MB, an E-step about four
AXES = 32  # that an array can have with every numpy


class JointCategorical(Mixture):
    """Any joint distribution of D answers, some of them missing at random. What is hidden is the complete row.

    The parameters theta are an array of shape (L,) * D: the probability of every complete row. Their log-likelihood is
    concave, so EM cannot end on an inferior maximum; but a probability of 0 stays 0, so start from none.

    An iteration costs M * L ** D operations, where M, the number of distinct rows, is at most (L + 1) ** D. It does
    not depend on N. M * L ** D may be at most 2 ** 25 = 33,554,432, which takes 1 GB of memory. For more than a few
    answers per row `NaiveBayes` is the smaller model.

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
    occurrences : numpy.ndarray, shape (M,)
        How many rows have each pattern.
    values : numpy.ndarray, shape (L,)
    shape : tuple of int
        The shape of theta, (L,) * D.

    Raises
    ------
    ValueError
        If `answers` is not a table, an answer is neither nan nor one of `values`, or M * L ** D is too large.
    """

    def __init__(self, answers, values=(1, 2, 3, 4, 5)):
        self.values = _ascending(values)
        codes = _positions("answers", answers, self.values)
        self.patterns, self.rows, self.occurrences = _distinct(codes, len(self.values))
        self.shape = (len(self.values),) * codes.shape[1]
        (number, questions), levels = self.patterns.shape, len(self.values)
        if number * levels**questions > CELLS or questions > AXES:
            raise ValueError(
                f"answers must be few enough for a table of distinct rows x complete rows with at most {CELLS:,} cells "
                f"and {AXES} answers a row; it would be {number:,} x {levels}**{questions}. "
                "NaiveBayes has no such limit"
            )
        self._possible = np.ones((number, levels**questions), dtype=bool)
        for given, complete in zip(self.patterns.T[:, :, None], np.indices(self.shape), strict=True):
            self._possible &= (given == complete.ravel()) | (given < 0)

    def log_joint(self, theta) -> np.ndarray:
        """Logarithm of the probability of each complete row where the pattern may hide it, shape (M, L ** D)."""
        if np.shape(theta) != self.shape:
            raise ValueError(f"theta must be of shape {self.shape}; its shape is {np.shape(theta)}")
        probabilities = distribution("theta", np.ravel(theta))
        with np.errstate(divide="ignore"):  # log 0 = -inf is the right logarithm of an impossible event
            return np.where(self._possible, np.log(probabilities), -np.inf)

    def expected_statistics(self, responsibilities, theta) -> np.ndarray:
        """Expected number of people with each complete row, shape (L,) * D."""
        return (self.occurrences @ shares(responsibilities, *self._possible.shape)).reshape(self.shape)

    def m_step(self, statistics) -> np.ndarray:
        """Their shares."""
        counts = as_numbers("statistics", statistics)
        if counts.shape != self.shape:
            raise ValueError(f"statistics must be of shape {self.shape}; their shape is {counts.shape}")
        if not np.all((counts >= 0) & (counts < np.inf)) or not counts.any():
            raise ValueError(f"statistics must be finite numbers, 0 or more, and not all 0; they are {statistics}")
        return counts / counts.sum()

    def _impossible(self, row, theta):
        return _impossible(self.patterns[row], self.values)


class Answers(NamedTuple):
    """Answers drawn from known classes.

    Attributes
    ----------
    features : numpy.ndarray, shape (N, D)
        Observed data x, none of them missing.
    labels : numpy.ndarray, shape (N,)
        Latent data y: the class behind each row, counted from 0.
    """

    features: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Classes:
    """The parameters theta of `NaiveBayes`: how common each class is, and how it answers.

    Parameters
    ----------
    weights : array_like, shape (K,)
        Shares of the classes, probabilities that sum to 1.
    probabilities : array_like, shape (K, D, L)
        Probability of each value of each feature in each class; they sum to 1 along the last axis.
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

    def from_array(self, array) -> "Classes":
        """As many classes, features and values from an array such as `numpy.asarray` makes of these."""
        weights, probabilities = np.split(numbers_like("array", array, self), [len(self)])
        return Classes(weights, probabilities.reshape(self.probabilities.shape))

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self):
        return f"Classes(weights={short(self.weights)}, probabilities of shape {self.probabilities.shape})"

    def joint(self) -> np.ndarray:
        """The probability of every complete row with the class summed out, shape (L,) * D."""
        _, questions, levels = self.probabilities.shape
        if questions > AXES or levels**questions > CELLS:
            raise ValueError(
                f"probabilities must be of few enough features for a table of at most {CELLS:,} complete rows and "
                f"{AXES} axes; it would be {levels}**{questions}"
            )
        parts = zip(self.weights, self.probabilities, strict=True)
        return sum(weight * reduce(np.multiply.outer, features) for weight, features in parts)

    def sample(self, rows: int, values=(0, 1), seed=0) -> Answers:
        """Draw complete rows: choose a class by its weight, then each feature by that class's probabilities.

        Parameters
        ----------
        rows : int
            How many rows, N.
        values : sequence of numbers, default (0, 1)
            The L values that a feature can have, ascending.
        seed : int or numpy.random.Generator, default 0
            The same seed draws the same rows.

        Returns
        -------
        Answers
            `features` of shape (N, D) and `labels` of shape (N,).
        """
        count = whole_number("rows", rows, least=1)
        values = _ascending(values)
        classes, questions, levels = self.probabilities.shape
        if len(values) != levels:
            raise ValueError(f"values must be {levels}, one per probability; there are {len(values)}")
        generator = random_generator(seed)
        labels = generator.choice(classes, size=count, p=self.weights / self.weights.sum()).astype(np.intp)
        features = np.empty((count, questions))
        for label, tables in enumerate(self.probabilities):
            own = np.flatnonzero(labels == label)
            for question, table in enumerate(tables):
                features[own, question] = generator.choice(values, size=len(own), p=table / table.sum())
        return Answers(features, labels)


@dataclass(frozen=True, eq=False)
class ClassStatistics:
    """Sufficient statistics t(y, x) of `NaiveBayes`.

    Attributes
    ----------
    counts : numpy.ndarray, shape (K,)
        Observations per class.
    tallies : numpy.ndarray, shape (K, D, L)
        How often each value of each feature was observed per class.
    previous : Classes
        Parameters under which the expectation was taken; what nobody answered keeps its probabilities.
    """

    counts: np.ndarray
    tallies: np.ndarray
    previous: Classes


class NaiveBayes(Mixture):
    """Classes in each of which the features are independent. Labels and features may be missing at random.

    Rows with the same label and features share a posterior, so they are worked on once: an iteration costs M * K * D
    operations, where M is the number of distinct rows.

    Parameters
    ----------
    features : array_like, shape (N, D)
        Each one of `values`; nan where it is missing.
    values : sequence of numbers, default (0, 1)
        The L values that a feature can have, ascending.
    labels : array_like of int, shape (N,), optional
        The class of each row, counted from 0; -1 or nan where it is not known. Default: not known for any.

    Attributes
    ----------
    patterns : numpy.ndarray, shape (M, D)
        The distinct rows, as positions in `values`; -1 where the feature is missing.
    labels : numpy.ndarray, shape (M,)
        The label of each pattern; -1 where it is not known.
    rows : numpy.ndarray, shape (N,)
        The pattern of each row of `features`.
    occurrences : numpy.ndarray, shape (M,)
        How many rows have each pattern and label.
    values : numpy.ndarray, shape (L,)

    References
    ----------
    M. Collins. The naive Bayes model, maximum-likelihood estimation, and the EM algorithm. Lecture notes, section 4.
    """

    def __init__(self, features, values=(0, 1), labels=None):
        self.values = _ascending(values)
        codes = _positions("features", features, self.values)
        labels = known_labels(labels, len(codes))
        levels = max(len(self.values), int(labels.max()) + 1)  # Python's whole numbers know no largest one
        patterns, self.rows, self.occurrences = _distinct(np.column_stack([labels, codes]), levels)
        self.labels, self.patterns = patterns[:, 0], patterns[:, 1:]
        # shape (M, D, L): 1 at the value that was observed
        self._observed = (self.patterns[:, :, None] == np.arange(len(self.values))).astype(float)

    def log_joint(self, theta: Classes) -> np.ndarray:
        """log P(X = x, Y = j | theta): the product of its features' probabilities in each class, shape (M, K)."""
        instance("theta", theta, Classes)
        if theta.probabilities.shape[1:] != self._observed.shape[1:]:
            raise ValueError(
                f"theta.probabilities must be of shape (classes, features, values) = (K, {self._observed.shape[1]}, "
                f"{len(self.values)}); their shape is {theta.probabilities.shape}"
            )
        with np.errstate(divide="ignore"):  # log 0 = -inf is the right logarithm of an impossible event
            log_weights, log_probabilities = np.log(theta.weights), np.log(theta.probabilities)
        chosen = np.take_along_axis(log_probabilities[None], np.maximum(self.patterns, 0)[:, None, :, None], axis=3)
        seen = (self.patterns >= 0)[:, None]  # a missing feature says nothing
        return mask_known_labels(log_weights + np.where(seen, chosen[..., 0], 0).sum(axis=2), self.labels)

    def expected_statistics(self, responsibilities, theta: Classes) -> ClassStatistics:
        """Expected observations per class, and expected tallies of their features."""
        instance("theta", theta, Classes)
        expected = self.occurrences[:, None] * shares(responsibilities, len(self.occurrences), len(theta))
        return ClassStatistics(expected.sum(axis=0), np.einsum("mk,mdl->kdl", expected, self._observed), theta)

    def m_step(self, statistics: ClassStatistics) -> Classes:
        """Shares of the classes, and of the values among the observed features of each class."""
        instance("statistics", statistics, ClassStatistics)
        counts, tallies = statistics.counts, statistics.tallies
        answered = np.broadcast_to(tallies.sum(axis=2, keepdims=True), tallies.shape)
        probabilities = np.divide(tallies, answered, out=statistics.previous.probabilities.copy(), where=answered > 0)
        return Classes(counts / counts.sum(), probabilities)

    def _impossible(self, row, theta):
        return _impossible(self.patterns[row], self.values, self.labels[row])


def _impossible(pattern, values, label=-1):
    """The error for a row that has probability 0: what was answered, and the label if it is known."""
    answers = ", ".join("missing" if code < 0 else f"{values[code]:g}" for code in pattern)
    known = f" with label {label}" if label >= 0 else ""
    return ValueError(f"the row ({answers}){known} has probability 0 under theta; its probability must be above 0")


def _ascending(values):
    """`values` as an array of finite, ascending numbers."""
    array = as_numbers("values", values)
    if array.ndim != 1 or not len(array) or not np.all(np.isfinite(array)) or np.any(np.diff(array) <= 0):
        raise ValueError(f"values must be a list of one or more finite numbers, ascending; they are {values!r}")
    return read_only(array)


def _positions(name, answers, values):
    """Where in `values` each answer stands, shape (N, D); -1 where it is nan."""
    answers = as_numbers(name, answers)
    if answers.ndim != 2 or not answers.size:
        raise ValueError(f"{name} must be a table of one or more rows; its shape is {answers.shape}")
    codes = np.empty(answers.shape, dtype=np.int32)
    for code, column in zip(codes.T, answers.T, strict=True):  # column by column: the data may be millions of rows
        code[:] = np.minimum(np.searchsorted(values, column), len(values) - 1)
        missing = np.isnan(column)
        wrong = ~missing & (values[code] != column)
        if np.any(wrong):
            found = np.unique(answers[~np.isnan(answers)])
            few = 1 < len(found) <= 10 and np.all(np.isfinite(found))
            codes = f"({', '.join(f'{code:g}' for code in found)})" if few else "..."
            raise ValueError(
                f"{name} must be one of {short(values)}, or nan; one of them is {column[wrong][0]:g}. "
                f"If that is right, say which there are: values={codes}"
            )
        code[missing] = -1
    return codes


def _distinct(codes, levels):
    """The distinct rows of numbers from -1 to `levels` - 1, which of them each row is, and how often each occurs."""
    keys, most = np.zeros(len(codes), dtype=np.int64), 1
    for column in codes.T:
        if most * (levels + 1) > 2**62:  # too many possible rows for one number: go on with those that there are
            keys, most = np.unique(keys, return_inverse=True)[1].astype(np.int64), len(keys)
        keys, most = keys * (levels + 1) + column + 1, most * (levels + 1)
    # For millions of rows a sort of the keys alone, and a search, are much faster than unique's own inverse.
    distinct, occurrences = np.unique(keys, return_counts=True)
    rows = np.searchsorted(distinct, keys)
    example = np.empty(len(distinct), dtype=int)
    example[rows] = np.arange(len(rows))
    return codes[example], rows, occurrences
