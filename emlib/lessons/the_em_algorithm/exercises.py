"""Exercises of notebook 2."""

import numpy as np

from ... import chapter
from ...algorithm import em
from ...coins import BinomialMixture, Coins, CoinStatistics
from ...data import A
from ...page.checking import Exercise


def _fractional_bias():
    shares, heads = np.array([0.5, 0.25, 0.25]), np.array([2, 5, 7])
    statistics = CoinStatistics(*(np.array([total]) for total in (shares.sum(), shares @ heads, 10 * shares.sum())))
    return BinomialMixture(heads).m_step(statistics).biases[0]


def _even_weights():
    coins = BinomialMixture(chapter.heads, chapter.tosses)
    return coins.e_step(Coins([1 / 3] * 3, chapter.start.biases)).counts


def _equal_biases():
    coins = BinomialMixture(A)
    *_, last = em(coins, Coins([1 / 3] * 3, [0.3] * 3), max_iterations=100)
    return last.theta.biases


EXERCISES = {
    "2.1": Exercise(
        answer=_fractional_bias,
        hint="Add up share times heads, and divide by the sum of share times 10 tosses.",
        why="Whole or fractional, the formula is the same: heads it owns over tosses it owns.",
    ),
    "2.2": Exercise(
        answer=_even_weights,
        hint="Make the start with emlib.Coins, hand it to coins.e_step, and answer with list(....counts).",
        why="Coin 2 loses its head start, so the other two coins own more. The three numbers still sum to 20.",
    ),
    "2.3": Exercise(
        answer=_equal_biases,
        hint="Run emlib.em from emlib.Coins([1/3] * 3, [0.3] * 3) on data A, and look at the last step's theta.biases.",
        why="Equal coins get equal shares of everything, so they stay equal for ever: EM is stuck, and not even at a "
        "local maximum. On data A equal biases are a trap.",
    ),
}
