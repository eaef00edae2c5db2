"""Exercises of notebook 4."""

import numpy as np

from .. import chapter
from ..algorithm import em
from ..coins import BinomialMixture, Coins
from .checking import Exercise


def _final_bias():
    *_, last = em(BinomialMixture(chapter.heads, chapter.tosses), Coins([0.1, 0.2, 0.7], [0.9, 0.8, 0.1]), 200)
    return last.theta.biases[0]


def _rate():
    heads = np.array([3, 4, 5, 5, 6, 7])
    mean = heads.mean() / 10
    return heads.var() / (10 * mean * (1 - mean))


EXERCISES = {
    "4.1": Exercise(
        answer=_final_bias,
        hint="Run it: *_, last = emlib.em(coins, emlib.Coins([0.1, 0.2, 0.7], [0.9, 0.8, 0.1]), 200), then last.theta.",
        why="From every start with different biases inside (0, 1), all coins meet at the share of heads in all tosses.",
    ),
    "4.2": Exercise(
        answer=_rate,
        hint="Divide the variance of the counts (dividing by 6, not by 5) by the binomial variance 10 p (1 - p).",
        why="Sample variance over binomial variance. Below 1, the coins merge; above 1, they would drift apart.",
    ),
    "4.3": Exercise(
        answer=lambda: 1,
        hint="Equal coins have equal likelihoods, so every posterior equals the weights. What then do the M-steps see?",
        why="Equal coins stay equal for ever. It is a fixed point, and that is why a start must tell the coins apart.",
    ),
}
