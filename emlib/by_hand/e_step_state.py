"""An E-step by eye: each outcome's sequences shared out by hand, and the bound that these shares reach."""

import numpy as np

from ..checks import instance, listed
from ..coins import BinomialMixture, Coins
from ..page.shares import with_border
from ..words import mark, nats, tr
from .outcomes import outcome_name

MOST_OUTCOMES = 11  # that can be shared out by hand
CHECKED = mark("{outcome}, {times} times: yours {yours}, posterior {posterior}, cost {cost}")
CHECKED_ONCE = mark("{outcome}, once: yours {yours}, posterior {posterior}, cost {cost}")


class EStepState:
    """The reader's responsibilities, beside the posterior.

    Parameters
    ----------
    model : BinomialMixture
        Of more than 11 distinct outcomes, 11 are shared out by the reader; the others have their posterior.
    theta : Coins
        One to six coins.

    Attributes
    ----------
    shares : numpy.ndarray, shape (M, K)
        The reader's q: how each distinct outcome is shared out.
    posterior : numpy.ndarray, shape (M, K)
    rows : numpy.ndarray of int
        The distinct outcomes that the reader shares out.
    log_likelihood : float
    even_bound : float
        The bound of even shares, where the reader begins.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `theta`.
    """

    def __init__(self, model: BinomialMixture, theta: Coins):
        instance("model", model, BinomialMixture)
        instance("theta", theta, Coins)
        self.model, self.theta = model, theta
        self.posterior, self.log_likelihood = model.responsibilities(theta), model.log_likelihood(theta)
        outcomes = len(model.occurrences)
        self.rows = np.unique(np.linspace(0, outcomes - 1, MOST_OUTCOMES).round().astype(int))
        self.restart()

    def restart(self) -> None:
        """Share all rows out evenly among the coins that can give the outcome."""
        self.shares = self.posterior.copy()
        able = np.isfinite(self.model.log_joint(self.theta))[self.rows]
        self.shares[self.rows] = able / able.sum(axis=1, keepdims=True)
        self.even_bound = self.bound

    def move(self, row: int, border: int, place: float) -> None:
        """Put the border between a coin, counted from 0, and the next elsewhere in a distinct outcome."""
        self.shares[row] = with_border(self.shares[row], border, place)

    def take_posterior(self) -> None:
        """The E-step itself."""
        self.shares = self.posterior.copy()

    @property
    def last(self) -> int:
        """The last frame, which shows the posterior of all rows."""
        return len(self.rows)

    def costs(self) -> np.ndarray:
        """By how much each distinct outcome lowers the bound, in nats, shape (M,): its divergence."""
        log_posterior = self.model.log_joint(self.theta) - self.model.log_marginal(self.theta)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(self.shares > 0, self.shares * (np.log(self.shares) - log_posterior), 0)
        return self.model.occurrences * terms.sum(axis=1).clip(min=0)  # rounding alone takes a divergence below 0

    @property
    def bound(self) -> float:
        """F of these shares, in nats; minus infinity where a coin has a share in what it cannot give."""
        return self.log_likelihood - max(float(self.costs().sum()), 0)

    def describe(self, checked: int) -> str:
        """The score, and what is known of the first rows that were checked."""
        costs = self.costs()
        said = [
            tr(
                CHECKED if self.model.occurrences[row] != 1 else CHECKED_ONCE,
                outcome=outcome_name(self.model, row),
                times=self.model.occurrences[row],
                yours=listed(self.shares[row]),
                posterior=listed(self.posterior[row]),
                cost=nats(costs[row]),
            )
            for row in self.rows[:checked]
        ]
        score = tr("Your bound F {bound}, log-likelihood {top}", bound=nats(self.bound), top=nats(self.log_likelihood))
        return ". ".join([score, *said])
