"""What every mixture model shares: data with hidden labels, whatever the data are (Definition 6.1)."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from .checks import whole_numbers


class Mixture(ABC):
    """A model for `emlib.em` in which every observation has a hidden label, one of K.

    A subclass says how likely an observation is together with each label (`log_joint`), what to sum up
    (`expected_statistics`), and what the best parameters are for such sums (`m_step`). Bayes' rule does the rest.

    Attributes
    ----------
    occurrences : numpy.ndarray, shape (M,)
        How often each distinct observation was made. Equal observations share a posterior, so they are worked on once.
    """

    occurrences: np.ndarray

    @abstractmethod
    def log_joint(self, theta) -> np.ndarray:
        """log P(X = x, Y = j | theta) in nats for every distinct observation and label, shape (M, K)."""

    @abstractmethod
    def expected_statistics(self, responsibilities, theta) -> Any:
        """Expected sufficient statistics, equation (6.4), if the labels have these probabilities, of shape (M, K)."""

    @abstractmethod
    def m_step(self, statistics) -> Any:
        """Maximum-likelihood parameters as if `statistics` had been observed, equation (6.5)."""

    def e_step(self, theta):
        """Expected sufficient statistics under `theta`, equation (6.4).

        Raises
        ------
        ValueError
            If an observation has probability 0 under `theta`.
        """
        return self.expected_statistics(self.responsibilities(theta), theta)

    def log_likelihood(self, theta) -> float:
        """Log-likelihood of the observed data, equations (6.2) and (6.3), in nats.

        Raises
        ------
        ValueError
            If an observation has probability 0 under `theta`.
        """
        return float(self.occurrences @ self.log_marginal(theta))

    def responsibilities(self, theta) -> np.ndarray:
        """Posterior of each label for every distinct observation, as in equation (6.9).

        Returns
        -------
        numpy.ndarray, shape (M, K)
            Probabilities; every row sums to 1.

        Raises
        ------
        ValueError
            If an observation has probability 0 under `theta`.
        """
        log_joint = self.log_joint(theta)
        return np.exp(log_joint - self._sum(theta, log_joint)[:, None])

    def log_marginal(self, theta) -> np.ndarray:
        """log P(X = x | theta), the inner sum of (6.2), for every distinct observation.

        Returns
        -------
        numpy.ndarray, shape (M,)
            In nats.

        Raises
        ------
        ValueError
            If an observation has probability 0 under `theta`.
        """
        return self._sum(theta, self.log_joint(theta))

    def _sum(self, theta, log_joint):
        log_marginal = np.logaddexp.reduce(log_joint, axis=1)
        if np.any(np.isneginf(log_marginal)):
            raise self._impossible(int(np.argmin(log_marginal)), theta)
        return log_marginal

    def _impossible(self, row, theta):
        """The error to raise for an observation that has probability 0."""
        return ValueError(f"distinct observation {row}, counted from 0, has probability 0 under {theta}")


def known_labels(labels, observations: int) -> np.ndarray:
    """Labels counted from 0, with -1 where they are not known, shape (N,); `None` stands for none known.

    Raises
    ------
    ValueError
        If they are not whole numbers of -1 or more, one per observation.
    """
    labels = whole_numbers("labels", np.full(observations, -1) if labels is None else labels, least=-1)
    if labels.shape != (observations,):
        raise ValueError(f"labels must be {observations}, one per observation; their shape is {labels.shape}")
    return labels


def only_known(log_joint, labels) -> np.ndarray:
    """Make all other labels impossible where one is known: then its posterior is 1, whatever the parameters.

    Parameters
    ----------
    log_joint : array_like, shape (M, K)
    labels : array_like of int, shape (M,)
        Counted from 0; -1 where not known.

    Raises
    ------
    ValueError
        If a label is not below K.
    """
    classes = log_joint.shape[1]
    if labels.max() >= classes:
        raise ValueError(f"labels must be from 0 to {classes - 1}, or -1; one of them is {labels.max()}")
    known = labels[:, None]
    return np.where((known < 0) | (known == np.arange(classes)), log_joint, -np.inf)
