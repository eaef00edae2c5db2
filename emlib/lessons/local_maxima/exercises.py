"""Exercises of notebook 5."""

from math import ceil, log

import numpy as np

from ...algorithm import em
from ...beyond.gradient import gradient_function
from ...beyond.maxima import local_maxima
from ...coins import BinomialMixture, Coins
from ...data import B
from ...page.checking import exercise


@exercise(
    "5.1",
    hints=("You want the smallest n with 0.95 to the power n at most 0.01. Take logarithms, and round up.",),
    why=("Each further digit of safety costs as many starts again, not ten times as many."),
)
def enough_starts():
    return ceil(log(0.01) / log(0.95))


@exercise(
    "5.2",
    hints=("The inferior fit is local_maxima(B)[1].theta. Ask emlib.gradient_function for D on a grid from 0 to 1.",),
    why=("It peaks at p = 1: this fit has no coin for the sequences with 9 and 10 heads."),
)
def missing_coin():
    model = BinomialMixture(B)
    return gradient_function(model, local_maxima(model, starts=200)[1].theta, np.linspace(0, 1, 1001)).max()


@exercise(
    "5.3",
    hints=("Run emlib.em on B from Coins([0.25, 0.25, 0.5], [0.2, 0.2, 0.8]); the answer is list(last.theta.biases).",),
    why=("Twins stay twins. So EM only searched among mixtures of two coins, and what it found is a saddle."),
)
def twins():
    *_, last = em(BinomialMixture(B), Coins([0.25, 0.25, 0.5], [0.2, 0.2, 0.8]), 200)
    return last.theta.biases
