"""EM by half-steps on a slice of the likelihood of two coins."""

import numpy as np

from ...beyond.ascent import LOST, free_energy
from ...checks import instance, whole_number
from ...coins import BinomialMixture, Coins
from ...words import nats


class BoundState:
    """EM by half-steps on a slice of the likelihood of two coins, with the lower bound of the latest E-step.

    The weights are held as the start gives them. With one free bias, the second bias is held, too.

    Parameters
    ----------
    model : BinomialMixture
        The data; its `learn_weights` does not matter.
    start : Coins
        Two coins.
    free : int, default 1
        1: the first bias is learnt. 2: both are.

    Attributes
    ----------
    theta : Coins
        Where EM stands.
    responsibilities : numpy.ndarray or None, shape (M, 2)
        The q of the latest E-step; None before the first.
    history : list of (str, Coins, float or None, float)
        Every half-step since the start: its name, theta, the bound and the log-likelihood there.

    Raises
    ------
    ValueError
        If there are not two coins, or `free` is not 1 or 2.
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model: BinomialMixture, start: Coins, free: int = 1):
        instance("model", model, BinomialMixture)
        self.model, self.free = model, whole_number("free", free, least=1)
        if self.free > 2:
            raise ValueError(f"free must be 1 or 2; it is {free!r}")
        self.restart(start)

    def restart(self, start: Coins) -> None:
        """Go to a start, where there is no bound yet. Nothing changes if it cannot be one."""
        instance("start", start, Coins)
        if len(start) != 2:
            raise ValueError(f"the slice is drawn for 2 coins; the start has {len(start)}")
        log_likelihood = self.model.log_likelihood(start)
        self.theta, self.responsibilities, self.history = start, None, [("start", start, None, log_likelihood)]

    @property
    def start(self) -> Coins:
        """Where EM started."""
        return self.history[0][1]

    def e_step(self) -> None:
        """Make q the posterior: the bound rises until it touches the log-likelihood at theta."""
        self._go("E-step", self.model.responsibilities(self.theta), self.theta)

    def m_step(self) -> None:
        """Move the free biases to the top of the bound."""
        if self.responsibilities is None:
            raise ValueError("there is no bound yet whose top one could move to; an E-step comes first")
        self._go("M-step", self.responsibilities, self.at(self.top()))

    def _go(self, name, q, theta):
        if self.history[-1][0] != name:  # the same half-step again changes nothing, and is not counted
            log_likelihoods = free_energy(self.model, q, theta), self.model.log_likelihood(theta)
            self.responsibilities, self.theta = q, theta
            self.history.append((name, theta, *log_likelihoods))

    def top(self):
        """The biases where the bound is highest."""
        return self.model.m_step(self.model.expected_statistics(self.responsibilities, self.theta)).biases

    def bound(self, biases) -> np.ndarray:
        """The free energy of the latest q at many values of the free biases, (P, free), in nats, shape (P,)."""
        statistics = self.model.expected_statistics(self.responsibilities, self.theta)
        heads, tails = statistics.heads[: self.free], (statistics.tosses - statistics.heads)[: self.free]
        # What rounding has left of nothing costs nothing, as in `free_energy`.
        heads, tails = (np.where(sums > LOST * statistics.tosses[: self.free], sums, 0) for sums in (heads, tails))

        def expected(values):
            with np.errstate(divide="ignore", invalid="ignore"):
                terms = np.where(heads > 0, heads * np.log(values), 0) + np.where(
                    tails > 0, tails * np.log1p(-values), 0
                )
            return terms.sum(axis=-1)

        middle = np.full(self.free, 0.5)  # a bias that rules nothing out
        known = free_energy(self.model, self.responsibilities, self.at(middle))
        return known + expected(np.asarray(biases, dtype=float)) - expected(middle)

    def at(self, biases) -> Coins:
        """The coins with other free biases."""
        return Coins(self.theta.weights, [*biases[: self.free], *self.theta.biases[self.free :]])

    def describe(self) -> str:
        """What the picture shows, in words."""
        name, theta, below, log_likelihood = self.history[-1]
        places = " and ".join(f"{bias:.3f}" for bias in theta.biases[: self.free])
        where = f"bias {places}" if self.free == 1 else f"biases {places}"
        if below is None:
            return f"Start at {where}: log-likelihood {nats(log_likelihood)}. No bound yet: press E-step"
        number = len(self.history) // 2
        gap = f"bound {nats(below)}, gap {abs(log_likelihood - below):.4f}, log-likelihood {nats(log_likelihood)}"
        did = "the bound touches at" if name == "E-step" else "to the top of the bound, at"
        return f"{name} {number}: {did} {where}; {gap}"
