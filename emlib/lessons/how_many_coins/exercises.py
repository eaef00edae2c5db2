"""Exercises of notebook 10."""

import numpy as np

from ... import data as geissler
from ...beyond.inference import fit, standard_errors
from ...chapter import heads
from ...coins import BinomialMixture
from ...page.checking import exercise


@exercise(
    "10.1",
    hints=("np.var of the list, over 10 p (1 - p), where p is the share of heads.",),
    why=("Far above 1: one coin cannot have done that, and two coins would fit much better."),
)
def over_dispersion():
    counts = [0, 1, 1, 2, 5, 6, 7, 8, 8, 9, 10, 10]
    p = np.mean(counts) / 10
    return np.var(counts) / (10 * p * (1 - p))


@exercise(
    "10.2",
    hints=("BIC is k log N - 2 log L. Two coins have k = 3, three have k = 5. Take three minus two.",),
    why=("The two parameters cost 2 log 6115, more than 17, and they buy 3.2."),
)
def third_coin():
    model = BinomialMixture(geissler.boys, geissler.children)
    two, three = (model.log_likelihood(fit(model, coins)) for coins in (2, 3))
    return 2 * np.log(len(geissler.boys)) - 2 * (three - two)


@exercise(
    "10.3",
    hints=("One coin: the square root of p (1 - p) / n, where n counts all 200 tosses; or ask standard_errors.",),
    why=("Take twice that to either side, and you have 0.35 to 0.48: a fair coin is only just outside."),
)
def error_of_one_coin():
    model = BinomialMixture(heads)
    return standard_errors(model, model.pooled_fit()).biases[0]
