"""Exercises of notebook 11. The worked answers use the names that the notebook has."""

import math
import typing

import numpy as np

import emlib

from ...mixture import Mixture
from ...page.checking import exercise


class Rates(typing.NamedTuple):
    weights: np.ndarray
    rates: np.ndarray


class PoissonMixture(Mixture):
    """As in the notebook."""

    def __init__(self, counts, occurrences):
        self.counts, self.occurrences = np.array(counts), np.array(occurrences)
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


deaths = np.arange(10)
days = np.array([162, 267, 271, 185, 111, 61, 27, 8, 3, 1])
start = Rates(np.array([0.3, 0.7]), np.array([1.0, 2.5]))
x = np.array([-1.2, -0.3, 0.1, 0.4, 0.8, 2.9, 3.6, 4.4, 5.1, 8.0])  # any values would do


@exercise(
    "11.1",
    hints=(
        "Bayes' rule: weight times probability of each kind, over their sum.",
        "A Poisson distribution with rate r gives 0 with probability exp(-r).",
    ),
    why="The weights are equal and cancel: 1 / (1 + exp(2)).",
)
def quiet_day():
    return np.exp(-3) / (np.exp(-1) + np.exp(-3))


quiet_day.mistake("first kind", "That is the responsibility of the first kind.", lambda: 1 / (1 + np.exp(-2)))
quiet_day.mistake(
    "not normalised",
    "That is how probable a day without notice is for the second kind. Now Bayes' rule.",
    lambda: np.exp(-3),
)
quiet_day.mistake("joint", "That is weight times probability. Divide by the sum of both kinds.", lambda: np.exp(-3) / 2)
quiet_day.mistake("odds", "Those are odds, second to first. Divide by the sum of both.", lambda: np.exp(-2))
quiet_day.mistake("weight", "That is the weight. What does a day without notice say?", lambda: 0.5)
quiet_day.mistake("rates", "You weigh by the rates. How probable is 0 under each?", lambda: 0.75)
quiet_day.mistake("rates, the smaller", "You weigh by the rates. How probable is 0 under each?", lambda: 0.25)
quiet_day.mistake(
    "one notice",
    "That is a day with one notice. The question is about a day with none.",
    lambda: 3 * np.exp(-3) / (np.exp(-1) + 3 * np.exp(-3)),
)


@exercise(
    "11.2",
    hints=(
        "Take PoissonMixture and change what knows of Poisson: log_joint and m_step.",
        "log_joint needs log p + x log(1 - p). In m_step p is hits over throws; a round has one hit and x misses.",
        "Run squarem, or EM for some thousand iterations: after a hundred it has not come to rest.",
    ),
    why="Three short methods, and only two of them differ from the Poissons'.",
)
def chances_of_success():
    class Throws(PoissonMixture):
        def log_joint(self, theta):
            logs = np.log(theta.rates) + np.outer(self.counts, np.log(1 - theta.rates))
            return np.log(theta.weights) + logs

        def m_step(self, statistics):
            number, total = statistics
            return Rates(number / number.sum(), number / (number + total))

    throws = Throws(np.arange(10), [84, 39, 20, 12, 8, 6, 5, 4, 3, 3])
    *_, last = emlib.squarem(throws, Rates(np.array([0.5, 0.5]), np.array([0.3, 0.7])), max_iterations=2000)
    return last.theta.rates


def _em(iterations, rounds=(84, 39, 20, 12, 8, 6, 5, 4, 3, 3)):
    """EM written out, with the chances of a hit after so many iterations."""
    misses, rounds = np.arange(10), np.array(rounds)
    weights, hits = np.array([0.5, 0.5]), np.array([0.3, 0.7])
    for _ in range(iterations):
        joint = weights * hits * (1 - hits) ** misses[:, None]
        expected = rounds[:, None] * joint / joint.sum(axis=1, keepdims=True)
        number, total = expected.sum(axis=0), misses @ expected
        weights, hits = number / number.sum(), number / (number + total)
    return hits


for _number in (1, 2, 10, 20, 50, 100, 200):
    chances_of_success.mistake(
        f"after {_number}",
        f"There EM is after {_number} iteration{'s' * (_number > 1)}, and still on its way. Give it more, or squarem.",
        lambda number=_number: _em(number),
    )
chances_of_success.mistake("start", "That is the start. Let EM run.", lambda: [0.3, 0.7])
chances_of_success.mistake(
    "misses", "Those are the chances to miss. The question is about a hit.", lambda: 1 - chances_of_success()
)
chances_of_success.mistake(
    "misses, in the other order",
    "Those are the chances to miss. The question is about a hit.",
    lambda: 1 - chances_of_success()[::-1],
)
chances_of_success.mistake(
    "occurrences",
    "Every number of misses counts once here. How many rounds were there of each?",
    lambda: _em(5000, np.ones(10)),
)
chances_of_success.mistake(
    "order",
    "The right two, in the other order: begin with the kind that started at 0.3.",
    lambda: chances_of_success()[::-1],
)
chances_of_success.mistake(
    "mean",
    "Those are misses per round, as for Poissons. How many hits and throws has a round?",
    lambda: 1 / chances_of_success() - 1,
)
chances_of_success.mistake("one kind", "That is the chance if all players are alike.", lambda: [184 / (184 + 285)] * 2)


@exercise(
    "11.3",
    hints=(
        "Go forward, toss by toss: times the probability of the toss, divide by the sum, times the moves.",
        "For the last toss nothing comes after, so the forward part is the posterior.",
        "TwoCoins([0, 1, 1]).passes(theta) gives it as the second of its four tables.",
    ),
    why="On its own the last head is 0.7 to 0.2 for coin 2. The head before it says the same, and swaps are rare.",
)
def second_coin_at_last():
    moves, shares = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([0.5, 0.5])
    for number, seen in enumerate(([0.8, 0.3], [0.2, 0.7], [0.2, 0.7])):
        shares = (shares @ moves if number else shares) * seen
        shares = shares / shares.sum()
    return shares[1]


def _forward(swap=0.1, tosses=(0, 1, 1)):
    """Probability of the tosses together with each coin at last."""
    shares, moves = np.array([0.5, 0.5]), np.array([[1 - swap, swap], [swap, 1 - swap]])
    for number, heads in enumerate(tosses):
        shares = (shares @ moves if number else shares) * ([0.2, 0.7] if heads else [0.8, 0.3])
    return shares


def _second(shares):
    return shares[1] / shares.sum()


second_coin_at_last.mistake("first coin", "That is the first coin's.", lambda: 1 - _second(_forward()))
second_coin_at_last.mistake(
    "last toss alone", "That is what the last toss says alone. What do the two before it say?", lambda: 7 / 9
)
second_coin_at_last.mistake(
    "no swaps", "You let nobody swap: that is one coin for all three tosses.", lambda: _second(_forward(0))
)
second_coin_at_last.mistake(
    "swaps exchanged",
    "You swap nearly always. Which of 0.1 and 0.9 is the probability to keep the coin?",
    lambda: _second(_forward(0.9)),
)
second_coin_at_last.mistake(
    "joint",
    "That is the probability of the tosses *and* the second coin. Divide by that of the tosses.",
    lambda: _forward()[1],
)
second_coin_at_last.mistake("tosses", "That is the probability of the three tosses.", lambda: _forward().sum())
second_coin_at_last.mistake(
    "a toss more",
    "That is one move too many: the coin of a fourth toss.",
    lambda: _second(_forward() @ np.array([[0.9, 0.1], [0.1, 0.9]])),
)
second_coin_at_last.mistake(
    "before the toss",
    "You have moved on to the last coin, but not yet looked at its toss.",
    lambda: _second(_forward(0.1, (1, 0)) @ np.array([[0.9, 0.1], [0.1, 0.9]])),
)
second_coin_at_last.mistake(
    "second toss", "That is the coin of the second toss, before the third.", lambda: _second(_forward(0.1, (1, 0)))
)
second_coin_at_last.mistake("tails exchanged", "You took heads for tails.", lambda: _second(_forward(0.1, (0, 1, 0))))
second_coin_at_last.mistake("three heads", "The second toss was tails.", lambda: _second(_forward(0.1, (1, 1, 1))))


@exercise(
    "11.4",
    choices=("higher", "lower", "the same"),
    hints=(
        "The posteriors stay, and means and deviations are 100 times as large. So what is left to change?",
        "A density is probability per unit of length. One centimetre is a hundredth of a metre.",
        "Each value's density becomes a hundredth. By how much does its logarithm change?",
    ),
    why="Each value loses log 100, so a hundred values lose 460 nats, and nothing has been learned or lost. So "
    "compare log-likelihoods of densities only in one and the same unit.",
)
def in_centimetres():
    def highest(x):  # one bell is enough to see it
        return -len(x) / 2 * (np.log(2 * np.pi * x.var()) + 1)

    metres, centimetres = highest(x), highest(100 * x)
    return "lower" if centimetres < metres else "higher"


in_centimetres.mistake(
    "higher",
    "The numbers are larger, and so is the variance. What does that do to the height of a bell?",
    lambda: "higher",
)
in_centimetres.mistake(
    "the same",
    "The posteriors and the weights are the same. But is a density per centimetre the one per metre?",
    lambda: "the same",
)


class Waits(PoissonMixture):
    def log_joint(self, theta):
        return np.log(theta.weights) + np.log(theta.rates) - np.outer(self.counts, theta.rates)

    def m_step(self, statistics):
        number, total = statistics
        return Rates(number / number.sum(), number / total)


def _try(answer, values, occurrences, theta, what):
    """The table of a model, or theta after one iteration; None if the methods are not written yet."""
    model = answer(values, occurrences)
    table = None if model is None else model.log_joint(theta)
    if table is None or table is ... or what == "table":
        return table
    return model.m_step(model.e_step(theta))


waits = exercise(
    "11.5",
    Waits,
    run=_try,
    hints=(
        "The logarithm of weight times density, a row for each wait and a column for each kind: like that of "
        "PoissonMixture, without factorials.",
        "log w + log r - r x. np.outer(self.counts, theta.rates) is the table of r x.",
        "The M-step: if the mean wait is total / number, what is the rate?",
    ),
    why="What to sum up is the same as for Poissons. Only the density and the last line differ.",
    cases={
        "log_joint of three waits": (
            [0.2, 1.0, 2.5],
            [1, 1, 2],
            Rates(np.array([0.5, 0.5]), np.array([0.4, 3.0])),
            "table",
        ),
        "log_joint with uneven weights": (
            [0.5, 4.0],
            [1, 1],
            Rates(np.array([0.9, 0.1]), np.array([2.0, 0.5])),
            "table",
        ),
        "one iteration": (
            [0.2, 1.0, 2.5],
            [1, 1, 2],
            Rates(np.array([0.5, 0.5]), np.array([0.4, 3.0])),
            "iteration",
        ),
        "one iteration with one kind": ([0.5, 1.5], [2, 1], Rates(np.array([1.0]), np.array([2.0])), "iteration"),
    },
)


@waits.mistake(
    "mean for rate", "log_joint is right. But total / number is the mean wait. If one waits long, is the rate high?"
)
class MeanForRate(Waits):
    def m_step(self, statistics):
        number, total = statistics
        return Rates(number / number.sum(), total / number)


waits.mistake("Poissons", "These are still Poissons. A wait of 2.5 minutes is no count.", PoissonMixture)


@waits.mistake("no factor", "Your density is exp(-r x). What must stand before it so that it has area 1?")
class NoFactor(Waits):
    def log_joint(self, theta):
        return np.log(theta.weights) - np.outer(self.counts, theta.rates)


@waits.mistake("weights", "Where are the weights in log_joint?")
class NoWeights(Waits):
    def log_joint(self, theta):
        return np.log(theta.rates) - np.outer(self.counts, theta.rates)


@waits.mistake("no logarithm", "Your table holds densities. log_joint is their logarithm.")
class NoLogarithm(Waits):
    def log_joint(self, theta):
        return np.exp(super().log_joint(theta))


@waits.mistake(
    "mean",
    "That is the exponential density with the mean for its parameter, and a model in itself. Here theta holds rates.",
)
class MeanThroughout(MeanForRate):
    def log_joint(self, theta):
        return super().log_joint(Rates(theta.weights, 1 / theta.rates))


@waits.mistake("mean in the table", "The M-step is right, but log_joint takes a rate for a mean.")
class MeanInTable(Waits):
    def log_joint(self, theta):
        return super().log_joint(Rates(theta.weights, 1 / theta.rates))


@waits.mistake(
    "numbers for weights", "log_joint is right. The weights of your M-step are numbers of waits, and no shares."
)
class NumbersForWeights(Waits):
    def m_step(self, statistics):
        number, total = statistics
        return Rates(number, number / total)


@waits.mistake(
    "factorials", "You kept the factorials. They belong to Poisson counts; the exponential density has none."
)
class FactorialsKept(Waits):
    def log_joint(self, theta):
        return super().log_joint(theta) - self.log_factorials[:, None]


@waits.mistake("exchanged", "log_joint is right. Rates takes the weights first, and then the rates.")
class Exchanged(Waits):
    def m_step(self, statistics):
        return Rates(*super().m_step(statistics)[::-1])


@waits.mistake(
    "kinds together", "log_joint is right. But each kind has waits of its own: do not add them up over the kinds."
)
class OneRate(Waits):
    def m_step(self, statistics):
        number, total = statistics
        return Rates(number / number.sum(), number / total.sum())


@waits.mistake("sign", "In your density long waits are more probable than short ones.")
class SignOfRate(Waits):
    def log_joint(self, theta):
        return np.log(theta.weights) + np.log(theta.rates) + np.outer(self.counts, theta.rates)


poissons = PoissonMixture(deaths, days)


@exercise(
    "11.6",
    hints=(
        "How many deaths were there on how many days? The weights and rates that it returns should agree with that.",
        "m_step divides deaths by days. Are both summed over the same days?",
        "Every statistic is a sum over `expected`, the responsibilities times the occurrences.",
    ),
    why="Every statistic is a sum over all days, and the formulas of the M-step are right for such sums alone.",
    cases={
        "the deaths": (poissons, start),
        "another start": (poissons, Rates(np.array([0.5, 0.5]), np.array([0.5, 4.0]))),
        "every count once": (PoissonMixture([0, 1, 3], [1, 1, 1]), start),
        "two counts": (PoissonMixture([0, 4], [5, 2]), start),
    },
)
def iteration(model, theta):
    responsibilities = model.responsibilities(theta)
    expected = model.occurrences[:, None] * responsibilities
    return model.m_step((expected.sum(axis=0), model.counts @ expected))


@iteration.mistake(
    "untouched",
    "This is still the program as it stood: its rates come out near 0, though there were two deaths a day.",
)
def as_it_stood(model, theta):
    responsibilities = model.responsibilities(theta)
    expected = model.occurrences[:, None] * responsibilities
    return model.m_step((expected.sum(axis=0), model.counts @ responsibilities))


def _sums(statistics):
    """The iteration with other statistics, made of the model, the responsibilities and what is expected."""

    def other(model, theta):
        responsibilities = model.responsibilities(theta)
        return model.m_step(statistics(model, responsibilities, model.occurrences[:, None] * responsibilities))

    return other


iteration.mistake(
    "forgotten twice",
    "The two sums agree now, but ten rows count alike. How many days were there?",
    _sums(lambda model, q, expected: (q.sum(axis=0), model.counts @ q)),
)
iteration.mistake(
    "the other one",
    "Now the deaths are summed over all days, and the days are not.",
    _sums(lambda model, q, expected: (q.sum(axis=0), model.counts @ expected)),
)
iteration.mistake(
    "twice",
    "The occurrences are in the second sum twice: `expected` has them already.",
    _sums(lambda model, q, expected: (expected.sum(axis=0), (model.counts * model.occurrences) @ expected)),
)
iteration.mistake(
    "days only",
    "Both sums are over days now. Where are the deaths?",
    _sums(lambda model, q, expected: (expected.sum(axis=0), model.occurrences @ q)),
)
iteration.mistake(
    "exchanged",
    "Your sums are right, in the wrong order: first the days, then the deaths.",
    _sums(lambda model, q, expected: (model.counts @ expected, expected.sum(axis=0))),
)
iteration.mistake(
    "kinds together",
    "Both kinds get the same sum. Each has its own deaths.",
    _sums(lambda model, q, expected: (expected.sum(axis=0), np.full(q.shape[1], model.counts @ model.occurrences))),
)
iteration.mistake(
    "statistics",
    "Those are the sums that the M-step needs. What does it make of them?",
    lambda model, theta: model.e_step(theta),
)
