"""What every mixture model shares: data with hidden labels, whatever the data are (Definition 6.1)."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from .checks import as_numbers


class Mixture(ABC):
    """A model for `emlib.em` in which every observation has a hidden label, one of K.

    A subclass says how likely an observation is together with each label (`log_joint`), what to sum up
    (`expected_statistics`), and what the best parameters are for such sums (`m_step`). Bayes' rule does the rest.
    `emlib.check_model` tries what you have written, and says what is wrong with it.

    Attributes
    ----------
    occurrences : numpy.ndarray, shape (M,)
        How often each distinct observation was made. Equal observations share a posterior, so they are worked on once.
        For data that were not collapsed: `numpy.ones(N)`.

    Notes
    -----
    Theta may be a number, an array, or a structure of such; a NamedTuple with a row for each kind of parameter reads
    best.

    Where an observation has probability 0 under theta, or `log_joint` is no table of logarithms, all methods that need
    its rows raise ValueError.

    `responsibilities` are the posterior of the labels under the present theta, one row per distinct observation. So
    the statistics of all data are sums over `occurrences[:, None] * responsibilities`: forget the occurrences, and all
    distinct observations count alike.

    Where more than the label is hidden, as in lifetimes of which only "longer than c" is known, the statistics hold
    what is expected of the rest, under the theta that `expected_statistics` is given. EM is right then, too. But
    `emlib.beyond.free_energy` is that of labels alone, and such an M-step climbs it but does not maximise it.

    Examples
    --------
    Goals in 40 games, by two kinds of teams that nobody wrote down: a mixture of Poisson distributions.

    >>> import math, typing, numpy as np, emlib
    >>> class Goals(typing.NamedTuple):  # theta
    ...     weights: np.ndarray
    ...     rates: np.ndarray
    >>> class PoissonMixture(emlib.Mixture):
    ...     def __init__(self, counts, occurrences):  # the distinct counts, and how often each was seen
    ...         self.counts, self.occurrences = np.array(counts), np.array(occurrences)
    ...         self.log_factorials = np.array([math.lgamma(x + 1) for x in counts])
    ...     def log_joint(self, theta):  # log(weight times probability): rows are counts, columns are labels
    ...         logs = np.outer(self.counts, np.log(theta.rates)) - theta.rates - self.log_factorials[:, None]
    ...         return np.log(theta.weights) + logs
    ...     def expected_statistics(self, responsibilities, theta):
    ...         expected = self.occurrences[:, None] * responsibilities  # the occurrences belong into every statistic
    ...         return expected.sum(axis=0), self.counts @ expected  # games, and goals, of each kind
    ...     def m_step(self, statistics):
    ...         games, goals = statistics
    ...         return Goals(games / games.sum(), goals / games)
    >>> model = PoissonMixture([0, 1, 2, 3, 4, 5, 7], [9, 11, 8, 5, 3, 3, 1])
    >>> start = Goals(np.array([0.5, 0.5]), np.array([1.0, 3.0]))
    >>> emlib.check_model(model, start)
    nothing wrong was found
    >>> *_, last = emlib.em(model, start, max_iterations=2000)
    >>> print(last.theta.weights.round(3), last.theta.rates.round(3), round(last.log_likelihood, 3))
    [0.555 0.445] [0.985 3.042] -71.906
    """

    occurrences: np.ndarray

    @abstractmethod
    def log_joint(self, theta) -> np.ndarray:
        """log P(X = x, Y = j | theta) in nats for every distinct observation and label, shape (M, K).

        The logarithm of the label's weight is part of it. Minus infinity where a label cannot give an observation.
        """

    @abstractmethod
    def expected_statistics(self, responsibilities, theta) -> Any:
        """Expected sufficient statistics, equation (6.4), if the labels have these probabilities, of shape (M, K).

        Every distinct observation counts as often as it was made. `theta` is what the probabilities were found under.
        """

    @abstractmethod
    def m_step(self, statistics) -> Any:
        """Maximum-likelihood parameters as if `statistics` had been observed, equation (6.5)."""

    def e_step(self, theta):
        """Expected sufficient statistics under `theta`, equation (6.4)."""
        return self.expected_statistics(self.responsibilities(theta), theta)

    def log_likelihood(self, theta) -> float:
        """Log-likelihood of the observed data, equations (6.2) and (6.3), in nats."""
        log_marginal = self.log_marginal(theta)  # which looks at the occurrences, too
        return float(self.occurrences @ log_marginal)

    def responsibilities(self, theta) -> np.ndarray:
        """Posterior of each label for every distinct observation, as in equation (6.9), shape (M, K)."""
        log_joint, log_marginal = self._logarithms(theta)
        return np.exp(log_joint - log_marginal[:, None])

    def log_marginal(self, theta) -> np.ndarray:
        """log P(X = x | theta) in nats, the inner sum of (6.2), for every distinct observation, shape (M,)."""
        return self._logarithms(theta)[1]

    def _logarithms(self, theta):
        """`log_joint` and `log_marginal`. The checks cost a few microseconds: E-steps may be tiny, and many."""
        log_joint = np.asarray(self.log_joint(theta))
        occurrences = getattr(self, "occurrences", None)
        if np.ndim(occurrences) != 1 or log_joint.ndim != 2 or len(log_joint) != len(occurrences) or not log_joint.size:
            raise ValueError(wrong_shape(log_joint.shape, occurrences))
        with np.errstate(invalid="ignore"):  # nan is told below
            log_marginal = np.logaddexp.reduce(np.ascontiguousarray(log_joint.T))  # twice as fast as along short rows
        if not np.isfinite(log_marginal).all():
            raise self._not_finite(log_joint, log_marginal, theta)
        return log_joint, log_marginal

    def _not_finite(self, log_joint, log_marginal, theta):
        wrong = ~(log_joint < np.inf)  # catches nan, too
        if not wrong.any():
            return self._impossible(int(np.argmin(log_marginal)), theta)
        row, label = np.argwhere(wrong)[0]
        return ValueError(
            "log_joint must be logarithms, finite or minus infinity; of distinct observation "
            f"{row} with label {label}, both counted from 0, it is {log_joint[row, label]} under {theta}"
        )

    def _impossible(self, row, theta):
        """The error to raise for an observation that has probability 0."""
        return ValueError(f"distinct observation {row}, counted from 0, has probability 0 under {theta}")


def wrong_shape(shape, occurrences):
    """What is wrong with the shape of `log_joint`, or with the occurrences."""
    if occurrences is None:
        return (
            "occurrences must say how often each distinct observation was made; the model has none: set "
            "self.occurrences, to numpy.ones(N) if no observations were put together"
        )
    if np.ndim(occurrences) != 1:
        return (
            f"occurrences must be a list, one number per distinct observation; their shape is {np.shape(occurrences)}"
        )
    wanted = f"(M, K) = ({len(occurrences)}, K), a row for each of the {len(occurrences)} occurrences and a column for "
    transposed = len(shape) == 2 and shape[1] == len(occurrences)
    return f"log_joint must be of shape {wanted}each label; its shape is {shape}" + "; transpose it" * transposed


def shares(responsibilities, observations: int, labels: int) -> np.ndarray:
    """Responsibilities as an array; ValueError unless there is a row for each observation, a column for each label."""
    plain = type(responsibilities) is np.ndarray and responsibilities.dtype == float
    array = responsibilities if plain else as_numbers("responsibilities", responsibilities)
    if array.shape != (observations, labels):
        raise ValueError(f"responsibilities must be of shape ({observations}, {labels}); their shape is {array.shape}")
    if not (array.min() >= 0 and array.max() < np.inf):  # catches nan, too; scaled ones may exceed 1
        wrong = array[~((array >= 0) & (array < np.inf))][0]
        raise ValueError(f"responsibilities must be finite numbers, 0 or more; one of them is {wrong}")
    return array
