"""Incomes of people whose age group is hidden, for all or for some of them (section 6.1)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..checks import as_numbers, distribution, instance, random_generator, read_only, short, whole_number
from ..mixture import Mixture, shares
from .labels import known_labels, mask_known_labels, numbers_like

# A variance below this share of the mean square is nothing but the rounding error of their difference.
ROUNDING = 1e-12


class IncomeSample(NamedTuple):
    """People drawn from known groups.

    Attributes
    ----------
    incomes : numpy.ndarray, shape (N,)
        Observed data x: everybody's income.
    labels : numpy.ndarray, shape (N,)
        Latent data y: everybody's age group, counted from 0.
    """

    incomes: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class IncomeGroups:
    """The parameters theta: how large each age group is, and how its incomes are spread.

    Parameters
    ----------
    weights : array_like, shape (K,)
        Shares of the groups, probabilities that sum to 1.
    medians : array_like, shape (K,)
        Median income of each group, above 0.
    spread : float
        Standard deviation of the logarithm of income in every group, above 0.
    """

    weights: np.ndarray
    medians: np.ndarray
    spread: float

    def __post_init__(self):
        object.__setattr__(self, "weights", read_only(distribution("weights", self.weights)))
        object.__setattr__(self, "medians", read_only(_amounts("medians", self.medians)))
        spread = as_numbers("spread", self.spread)
        if spread.ndim or not 0 < spread < np.inf:
            raise ValueError(f"spread must be one finite number above 0; it is {self.spread!r}")
        object.__setattr__(self, "spread", float(spread))
        if self.weights.shape != self.medians.shape:
            raise ValueError(
                f"weights and medians must be equally many; there are {len(self.weights)} weights "
                f"and {len(self.medians)} medians"
            )

    def __array__(self, dtype=None, copy=None):
        # Logarithms, so that a change of a median counts in proportion to it.
        return np.concatenate([self.weights, np.log(self.medians), [self.spread]]).astype(dtype or float)

    def from_array(self, array) -> "IncomeGroups":
        """As many groups from an array such as `numpy.asarray` makes of these."""
        weights, log_medians, spread = np.split(numbers_like("array", array, self), [len(self), 2 * len(self)])
        with np.errstate(over="ignore"):  # to infinity, which is refused
            return IncomeGroups(weights, np.exp(log_medians), *spread)

    def __len__(self) -> int:
        return len(self.weights)

    def sample(self, people: int, seed=0) -> IncomeSample:
        """Draw people: choose an age group by its weight, then an income of this group.

        Parameters
        ----------
        people : int
            How many people, N.
        seed : int or numpy.random.Generator, default 0
            The same seed draws the same people.

        Returns
        -------
        IncomeSample
            `incomes` and `labels`, both of shape (N,).
        """
        people = whole_number("people", people, least=1)
        generator = random_generator(seed)
        labels = generator.choice(len(self), size=people, p=self.weights / self.weights.sum()).astype(np.intp)
        return IncomeSample(self.medians[labels] * np.exp(self.spread * generator.standard_normal(people)), labels)

    def __repr__(self):
        return f"IncomeGroups(weights={short(self.weights)}, medians={short(self.medians)}, spread={self.spread:.7g})"


@dataclass(frozen=True, eq=False)
class IncomeStatistics:
    """Sufficient statistics t(y, x) of incomes.

    Attributes
    ----------
    counts : numpy.ndarray, shape (K,)
        People per group.
    logs : numpy.ndarray, shape (K,)
        Sum of the logarithms of income per group.
    squares : float
        Sum of the squared logarithms over all people.
    previous : IncomeGroups
        Parameters under which the expectation was taken: a group that nobody is in keeps its median.
    """

    counts: np.ndarray
    logs: np.ndarray
    squares: float
    previous: IncomeGroups


class IncomeMixture(Mixture):
    """A mixture of log-normals: incomes multiply rather than add, so their logarithms are normal in each age group.

    All groups have the same spread. If each had its own, one group could shrink to a single income, and the likelihood
    would grow without bound (Day 1969). With one spread it is bounded if there are more distinct incomes than groups.

    Parameters
    ----------
    incomes : array_like, shape (N,)
        Amounts above 0, in any unit.
    labels : array_like of int, shape (N,), optional
        The age group of each person, counted from 0; -1 or nan where it is not known. Default: not known for anybody.

    References
    ----------
    N. E. Day (1969). Estimating the components of a mixture of normal distributions. Biometrika 56, 463-474.
    """

    def __init__(self, incomes, labels=None):
        self.incomes = read_only(_amounts("incomes", incomes))
        self.labels = known_labels(labels, len(self.incomes))
        self.occurrences = np.ones(len(self.incomes))
        self._logs = np.log(self.incomes)

    def log_joint(self, theta: IncomeGroups) -> np.ndarray:
        """log P(X = x, Y = j | theta): logarithm of the density of each income in each group, shape (N, K)."""
        instance("theta", theta, IncomeGroups)
        with np.errstate(divide="ignore"):
            log_weights = np.log(theta.weights)
        # Groups first in memory: numpy is slow along short rows.
        distance = (self._logs - np.log(theta.medians)[:, None]) / theta.spread
        log_scale = self._logs + np.log(theta.spread * np.sqrt(2 * np.pi))
        return mask_known_labels((log_weights[:, None] - distance**2 / 2 - log_scale).T, self.labels)

    def expected_statistics(self, responsibilities, theta: IncomeGroups) -> IncomeStatistics:
        """Expected people and sums of logarithms per group."""
        instance("theta", theta, IncomeGroups)
        responsibilities = shares(responsibilities, len(self.incomes), len(theta))
        counts = responsibilities.sum(axis=0)
        return IncomeStatistics(counts, self._logs @ responsibilities, float(self._logs @ self._logs), theta)

    def m_step(self, statistics: IncomeStatistics) -> IncomeGroups:
        """Shares, medians, and the one spread around them.

        Raises
        ------
        ValueError
            If every group has shrunk to a single income: the spread would be 0, and the likelihood has no maximum.
        """
        instance("statistics", statistics, IncomeStatistics)
        counts, logs = statistics.counts, statistics.logs
        means = np.divide(logs, counts, out=np.log(statistics.previous.medians), where=counts > 0)
        squares = statistics.squares - logs @ means
        if squares <= ROUNDING * statistics.squares:
            raise ValueError(
                "incomes must differ within the groups; every group has shrunk to a single income, "
                f"and the spread would be 0, with medians {short(np.exp(means))}"
            )
        return IncomeGroups(counts / counts.sum(), np.exp(means), np.sqrt(squares / counts.sum()))


def _amounts(name, values):
    array = as_numbers(name, values)
    if array.ndim != 1 or len(array) == 0:
        raise ValueError(f"{name} must be a list of one or more numbers; its shape is {array.shape}")
    wrong = ~((array > 0) & (array < np.inf))  # catches nan, too
    if np.any(wrong):
        raise ValueError(f"{name} must be finite numbers above 0; one of them is {array[wrong][0]}")
    return array
