"""197 animals in four classes, one of which hides two: the first example of Dempster, Laird and Rubin (1977)."""

import numpy as np

from ..checks import as_numbers, read_only, whole_numbers
from ..mixture import Mixture, shares

# Which of the five complete classes (columns) each of the four observed classes (rows) may hide.
HIDDEN = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], dtype=bool)


class GeneticLinkage(Mixture):
    """Counts of four classes with probabilities 1/2 + t/4, (1 - t)/4, (1 - t)/4 and t/4.

    The first class hides two, with probabilities 1/2 and t/4. If they could be told apart, t would be a ratio of
    counts. The parameter theta is the number t, from 0 to 1. The maximum is a root of a quadratic equation: for the
    counts of 1977, 197 t^2 - 15 t - 68 = 0, so that t = (15 + sqrt(53809)) / 394 = 0.6268214979.
    The likelihood is that of the animals one by one, without the multinomial coefficient, which does not depend on t.

    Parameters
    ----------
    counts : array_like of int, shape (4,), default (125, 18, 20, 34)

    References
    ----------
    A. P. Dempster, N. M. Laird and D. B. Rubin (1977). Maximum likelihood from incomplete data via the EM algorithm.
    Journal of the Royal Statistical Society B 39, 1-38. The example is on page 2.
    """

    def __init__(self, counts=(125, 18, 20, 34)):
        counts = whole_numbers("counts", counts, least=0)
        if counts.shape != (4,):
            raise ValueError(f"counts must be four numbers, one per class; their shape is {counts.shape}")
        if not counts.any():
            raise ValueError("counts must not all be 0; there would be nothing to learn from")
        seen = counts > 0  # a class that nobody is in may be impossible
        self.occurrences = read_only(counts[seen])
        self._hidden = HIDDEN[seen]

    def log_joint(self, theta: float) -> np.ndarray:
        """Logarithm of the probability of each complete class where the observed class may hide it.

        Returns
        -------
        numpy.ndarray, shape (M, 5)
            One row for each observed class that has animals; minus infinity where it does not hide the complete class.
        """
        t = as_numbers("theta", theta)
        if t.ndim:
            raise ValueError(f"theta must be one number, from 0 to 1; its shape is {t.shape}")
        if not 0 <= t <= 1:
            raise ValueError(f"theta must lie between 0 and 1; it is {theta!r}")
        probabilities = np.array([1 / 2, t / 4, (1 - t) / 4, (1 - t) / 4, t / 4])
        with np.errstate(divide="ignore"):  # log 0 = -inf is the right logarithm of an impossible event
            return np.log(np.where(self._hidden, probabilities, 0))

    def expected_statistics(self, responsibilities, theta: float) -> np.ndarray:
        """Expected counts of the five complete classes, shape (5,)."""
        return self.occurrences @ shares(responsibilities, len(self.occurrences), 5)

    def m_step(self, statistics) -> float:
        """The share of classes 2 and 5 among classes 2 to 5: the estimate if all five had been counted."""
        counts = as_numbers("statistics", statistics)
        if counts.shape != (5,) or not np.all((counts >= 0) & (counts < np.inf)):
            raise ValueError(f"statistics must be five finite numbers, 0 or more; they are {statistics}")
        _, second, third, fourth, fifth = counts
        if second + third + fourth + fifth == 0:
            raise ValueError(
                f"statistics must have some in classes 2 to 5, or theta can be anything; they are {statistics}"
            )
        return float((second + fifth) / (second + third + fourth + fifth))
