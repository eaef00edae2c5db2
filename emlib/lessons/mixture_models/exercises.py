"""Exercises of notebook 1."""

from math import comb

from ...chapter import start
from ...coins import BinomialMixture
from ...page.checking import exercise


def _joint(heads: int, coin: int) -> float:
    """P(X = heads, Y = coin) in 10 tosses under the chapter's start; coins are counted from 0."""
    bias = start.biases[coin]
    return float(start.weights[coin] * comb(10, heads) * bias**heads * (1 - bias) ** (10 - heads))


@exercise(
    "1.2",
    hints=("Sort the sequences by coin. For each coin, divide its heads by its tosses (10 per sequence).",),
    why=("With the coins known, each coin is a problem of its own: its heads divided by its tosses."),
)
def complete_data_biases():
    model = BinomialMixture([3, 9, 2, 6, 4], tosses=10)
    return model.m_step(model.complete_data_statistics([0, 1, 0, 1, 0], coins=2)).biases


@exercise(
    "1.1",
    hints=(
        "One factor per sequence, and each factor is a weight times a binomial probability. Did you use both weights?",
    ),
    why=("Two sequences, so four numbers multiplied: two weights and two binomial probabilities."),
)
def exercise_1_1():
    return _joint(2, 0) * _joint(6, 2)


@exercise(
    "1.3",
    hints=(
        "There are 9 labellings, and in most of them the two sequences come from different coins. "
        "The third line of (6.2) is the short way: sum over the coins for one sequence first, then multiply.",
    ),
    why=("Sum over the coins within a sequence, then multiply over the sequences: the third line of (6.2)."),
)
def exercise_1_3():
    return sum(_joint(6, coin) for coin in range(3)) ** 2
