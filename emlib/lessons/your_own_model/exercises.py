"""Exercises of notebook 11."""

from math import exp

import numpy as np

from ...algorithm import em
from ...mixture import Mixture
from ...page.checking import exercise

FAILURES = np.arange(10)
ROUNDS = np.array([84, 39, 20, 12, 8, 6, 5, 4, 3, 3])


class _Geometrics(Mixture):
    """Failures before the first success; theta has a row of weights and one of probabilities of success."""

    occurrences = ROUNDS

    def log_joint(self, theta):
        weights, success = theta
        return np.log(weights) + np.log(success) + np.outer(FAILURES, np.log1p(-success))

    def expected_statistics(self, responsibilities, theta):
        expected = self.occurrences[:, None] * responsibilities
        return expected.sum(axis=0), FAILURES @ expected

    def m_step(self, statistics):
        rounds, failures = statistics
        return np.array([rounds / rounds.sum(), rounds / (rounds + failures)])


@exercise(
    "11.1",
    hints=("A Poisson distribution with rate r gives 0 with probability exp(-r). Then Bayes' rule.",),
    why=("The weights are equal and cancel: 1 / (1 + exp(2))."),
)
def quiet_day():
    return exp(-3) / (exp(-1) + exp(-3))


@exercise(
    "11.2",
    hints=(
        "Copy PoissonMixture. log_joint needs log(p) + x log(1 - p). In m_step p is successes over throws, and a "
        "round has one success. Run EM, or squarem, until it rests.",
    ),
    why=("Three short methods, and only two lines of them differ from the Poissons'."),
)
def chances_of_success():
    *_, last = em(_Geometrics(), np.array([[0.5, 0.5], [0.3, 0.7]]), 20_000, 1e-11)
    return last.theta[1]


@exercise(
    "11.3",
    hints=(
        "Go forward: times the probability of the toss, divide by the sum, times the moves; three times. For the "
        "last toss nothing comes after, so the forward part is the posterior.",
    ),
    why=("On its own a head is 0.7 to 0.2 for coin 2. The tail before it speaks for coin 1, and swaps are rare."),
)
def second_coin_at_last():
    """The last coin needs the way forward alone."""
    moves, shares = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([0.5, 0.5])
    for number, seen in enumerate(([0.2, 0.7], [0.8, 0.3], [0.2, 0.7])):
        shares = (shares @ moves if number else shares) * seen
        shares /= shares.sum()
    return float(shares[1])
