"""Models as readers write them, right ones and ones with a mistake, for the tests of what is said about them."""

import math
from typing import NamedTuple

import numpy as np

from emlib import Mixture


class Rates(NamedTuple):
    weights: np.ndarray
    rates: np.ndarray


class Poissons(Mixture):
    """A mixture of Poisson distributions."""

    def __init__(self, counts, occurrences):
        self.counts, self.occurrences = np.asarray(counts, dtype=float), np.asarray(occurrences, dtype=float)
        self.log_factorials = np.array([math.lgamma(x + 1) for x in counts])

    def log_joint(self, theta):
        logs = np.outer(self.counts, np.log(theta.rates)) - theta.rates - self.log_factorials[:, None]
        return np.log(theta.weights) + logs

    def expected_statistics(self, responsibilities, theta):
        expected = self.occurrences[:, None] * responsibilities
        return expected.sum(axis=0), self.counts @ expected

    def m_step(self, statistics):
        number, total = statistics
        return Rates(number / number.sum(), total / number)


def poissons(kind=Poissons):
    """Deaths of women of 80 and more, per day, in The Times (Hasselblad 1969), and a start."""
    return kind(range(10), (162, 267, 271, 185, 111, 61, 27, 8, 3, 1)), Rates(np.array([0.4, 0.6]), np.array([1.0, 3]))


class ZeroInflated(Mixture):
    """Counts that are 0 for sure with a probability, and else Poisson; theta is two bare numbers in a list."""

    occurrences = np.array([60.0, 20, 22, 15, 8, 3, 1])

    def log_joint(self, theta):
        zero, rate = theta
        x = np.arange(7)
        logs = x * np.log(rate) - rate - [math.lgamma(k + 1) for k in x]
        return np.stack([np.where(x == 0, np.log(zero), -np.inf), np.log1p(-zero) + logs], axis=1)

    def expected_statistics(self, responsibilities, theta):
        expected = self.occurrences[:, None] * responsibilities
        return [*expected.sum(axis=0), np.arange(7) @ expected[:, 1]]

    def m_step(self, statistics):
        zeros, others, total = statistics
        return [zeros / (zeros + others), total / others]


class Gaussians(Mixture):
    """Every label has a variance of its own; theta is a dict."""

    def __init__(self, x):
        self.x, self.occurrences = np.asarray(x), np.ones(len(x))

    def log_joint(self, theta):
        distance = (self.x[:, None] - theta["means"]) ** 2 / theta["variances"]
        return np.log(theta["weights"]) - (distance + np.log(2 * np.pi * theta["variances"])) / 2

    def expected_statistics(self, responsibilities, theta):
        return np.stack([np.ones(len(self.x)), self.x, self.x**2]) @ responsibilities

    def m_step(self, statistics):
        number, first, second = statistics
        means = first / number
        return {"weights": number / len(self.x), "means": means, "variances": second / number - means**2}


def gaussians(kind=Gaussians):
    generator = np.random.default_rng(4)
    x = np.concatenate([generator.normal(0, 1, 60), generator.normal(4, 2, 90)])
    return kind(x), {"weights": np.array([0.5, 0.5]), "means": np.array([-1.0, 5]), "variances": np.array([1.0, 1])}


class Lifetimes(Mixture):
    """Exponential lifetimes of two kinds; of some it is only known that they were longer."""

    def __init__(self, times, censored):
        self.times, self.censored, self.occurrences = np.asarray(times), np.asarray(censored), np.ones(len(times))

    def log_joint(self, theta):
        weights, rates = theta
        return np.log(weights) - np.outer(self.times, rates) + np.where(self.censored[:, None], 0, np.log(rates))

    def expected_statistics(self, responsibilities, theta):
        lasted = self.times[:, None] + np.where(self.censored[:, None], 1 / theta[1], 0)
        return np.array([responsibilities.sum(axis=0), (responsibilities * lasted).sum(axis=0)])

    def m_step(self, statistics):
        number, total = statistics
        return np.array([number / number.sum(), number / total])


def lifetimes(kind=Lifetimes):
    generator = np.random.default_rng(2)
    times = np.concatenate([generator.exponential(1, 80), generator.exponential(6, 120)])
    return kind(np.minimum(times, 7), times > 7), np.array([[0.5, 0.5], [2, 0.3]])


class HiddenChain:
    """A hidden Markov chain that emits symbols (Baum and Welch); no mixture, but a model for `em`."""

    def __init__(self, symbols):
        self.symbols = np.asarray(symbols)

    def _passes(self, theta):
        first, moves, emits = theta
        seen = emits[:, self.symbols].T
        forward, scale = np.empty(seen.shape), np.empty(len(seen))
        for t, now in enumerate(seen):
            forward[t] = now * (first if t == 0 else forward[t - 1] @ moves)
            scale[t] = forward[t].sum()
            forward[t] /= scale[t]
        backward = np.ones(seen.shape)
        for t in range(len(seen) - 2, -1, -1):
            backward[t] = moves @ (seen[t + 1] * backward[t + 1]) / scale[t + 1]
        return seen, forward, backward, scale

    def log_likelihood(self, theta):
        return float(np.log(self._passes(theta)[-1]).sum())

    def e_step(self, theta):
        seen, forward, backward, scale = self._passes(theta)
        at = forward * backward
        onwards = (seen * backward / scale[:, None])[1:]
        pairs = np.einsum("ti,ij,tj->ij", forward[:-1], theta[1], onwards)
        tallies = np.array([at[self.symbols == symbol].sum(axis=0) for symbol in range(theta[2].shape[1])]).T
        return at[0], pairs, tallies

    def m_step(self, statistics):
        first, pairs, tallies = statistics
        return first, pairs / pairs.sum(axis=1, keepdims=True), tallies / tallies.sum(axis=1, keepdims=True)


def hidden_chain(kind=HiddenChain):
    generator = np.random.default_rng(5)
    state, symbols = 0, []
    for _ in range(80):
        state = state if generator.random() < 0.9 else 1 - state
        symbols.append(generator.choice(3, p=[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]][state]))
    theta = np.array([0.6, 0.4]), np.array([[0.8, 0.2], [0.3, 0.7]]), np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    return kind(symbols), theta


class OneKnown(Poissons):
    """The first of the two rates is known."""

    def m_step(self, statistics):
        number, total = statistics
        return Rates(number / number.sum(), np.array([1.25, total[1] / number[1]]))


class Biases(NamedTuple):
    moves: np.ndarray
    biases: np.ndarray


class SwappedCoins:
    """Two coins that somebody swaps now and then; says nothing of a bias above 1."""

    def __init__(self, tosses):
        self.tosses = np.asarray(tosses)

    def _passes(self, theta):
        seen = np.where(self.tosses[:, None] == 1, theta.biases, 1 - theta.biases)
        ahead, behind, scale = np.empty(seen.shape), np.ones(seen.shape), np.empty(len(seen))
        now = np.array([0.5, 0.5])
        for t, likely in enumerate(seen):
            scale[t] = (now * likely).sum()
            ahead[t] = now * likely / scale[t]
            now = ahead[t] @ theta.moves
        for t in range(len(seen) - 2, -1, -1):
            behind[t] = theta.moves @ (seen[t + 1] * behind[t + 1]) / scale[t + 1]
        return seen, ahead, behind, scale

    def log_likelihood(self, theta):
        return float(np.log(self._passes(theta)[-1]).sum())

    def e_step(self, theta):
        seen, ahead, behind, scale = self._passes(theta)
        moves = theta.moves * (ahead[:-1].T @ ((seen * behind)[1:] / scale[1:, None]))
        at = ahead * behind
        return moves, at.sum(axis=0), self.tosses @ at

    def m_step(self, statistics):
        moves, tosses, heads = statistics
        return Biases(moves / moves.sum(axis=1, keepdims=True), heads / tosses)


def swapped_coins(tosses=(1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0)):
    """From here one coin's bias goes to 1."""
    return SwappedCoins(tosses), Biases(np.array([[0.8, 0.2], [0.2, 0.8]]), np.array([0.4, 0.8]))
