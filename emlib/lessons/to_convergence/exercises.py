"""Exercises of notebook 4."""

import numpy as np

from ... import chapter
from ...algorithm import em
from ...coins import BinomialMixture, Coins
from ...page.checking import exercise


@exercise(
    "4.1",
    hints=("Run emlib.em on coins from that start for 200 iterations, and look at last.theta.biases[0].",),
    why=("On these data all coins of positive weight meet at the share of heads in all tosses."),
)
def final_bias():
    *_, last = em(BinomialMixture(chapter.heads, chapter.tosses), Coins([0.6, 0.3, 0.1], [0.7, 0.2, 0.05]), 200)
    return last.theta.biases[0]


@exercise(
    "4.3",
    hints=("What is the posterior of a coin that is never chosen? And what does the M-step make of it?",),
    why=("Weight 0 makes every posterior 0, and so the next weight is 0 again. A coin that is left out stays out."),
)
def lost_weight():
    heads = Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8]).sample(1000, tosses=10, seed=1).heads
    *_, last = em(BinomialMixture(heads), Coins([0.5, 0.5, 0], [0.2, 0.5, 0.8]), 50)
    return last.theta.weights[2]


@exercise(
    "4.2",
    hints=("Divide the variance of the counts (dividing by 6, not by 5) by the binomial variance 10 p (1 - p).",),
    why=("Sample variance over binomial variance. Near the one-coin fit, coins merge if it is below 1."),
)
def rate():
    heads = np.array([3, 4, 5, 5, 6, 7])
    mean = heads.mean() / 10
    return heads.var() / (10 * mean * (1 - mean))
