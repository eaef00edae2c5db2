"""Exercises of notebook 13."""

from math import comb

import numpy as np

from ...algorithm import em
from ...beyond.gradient import peak_of_gradient
from ...beyond.inference import fit
from ...beyond.stationary import classify_stationary_point
from ...coins import BinomialMixture, Coins
from ...data import A, B
from ...page.checking import Exercise


def _end(model, weights, biases):
    *_, last = em(model, Coins(weights, biases), max_iterations=2000, tolerance=1e-9)
    return last


def _true_sentences():
    """Each sentence is tried on data A; those that are true there are theorems."""
    model, third = BinomialMixture(A), [1 / 3] * 3
    first, again = (_end(model, third, biases) for biases in ([0.1, 0.3, 0.8], [0.8, 0.1, 0.3]))
    posterior = model.posterior(first.theta)
    favourites = [model.posterior(step.theta).argmax(axis=1) for step in (first, again)]
    twins = _end(model, [0.25, 0.25, 0.5], [0.2, 0.2, 0.8]).theta
    alike = _end(model, [0.2, 0.3, 0.5], [0.6] * 3)
    clear = BinomialMixture([0, 0, 10])
    shares = clear.posterior(Coins([0.5, 0.5], [0, 1]))
    two_headed, fair = 1e-6 * 1, (1 - 1e-6) * 0.5**10
    holds = {
        "a": model.log_likelihood(fit(model, 4)) >= model.log_likelihood(fit(model, 3)),
        "b": np.allclose(posterior.mean(axis=0), model.m_step(model.e_step(first.theta)).weights),
        "c": np.allclose(posterior, first.theta.weights, atol=0.01),
        "d": np.array_equal(*favourites),
        "e": classify_stationary_point(model, twins) == "maximum",
        "f": alike.log_likelihood <= model.log_likelihood(model.pooled_fit()) + 1e-9,
        "g": two_headed / (two_headed + fair) > 0.999,
        "h": np.array_equal(np.bincount(shares.argmax(axis=1)), shares.sum(axis=0)),
    }
    return "".join(letter for letter, true in holds.items() if true)


def _ends_low(biases):
    distinct = np.diff(np.sort(biases)).min() >= 0.05 - 1e-9
    if not (distinct and np.all((biases > 0) & (biases < 1))):
        return False
    model = BinomialMixture(B)
    return _end(model, [1 / 3] * 3, biases).log_likelihood < model.log_likelihood(fit(model, 3)) - 1


def _heads_for_the_trick_coin():
    trick = [0.01 * comb(20, x) * 0.9**x * 0.1 ** (20 - x) for x in range(21)]
    fair = [0.99 * comb(20, x) * 0.5**20 for x in range(21)]
    return int(np.argmax(np.array(trick) > np.array(fair)))


def _least_weight():
    return 1 / (1 + (0.6 / 0.5) ** 10)


def _heads_in_a_row():
    return next(n for n in range(100) if 1e-6 > (1 - 1e-6) * 0.5**n)


def _one_coin_is_best(heads):
    whole = np.all((heads >= 0) & (heads <= 10) & (heads == np.round(heads)))
    if not whole or len(np.unique(heads)) < 2:
        return False
    model = BinomialMixture(heads.astype(int))
    return peak_of_gradient(model, model.pooled_fit())[1] <= 1e-6


EXERCISES = {
    "13.1": Exercise(
        answer=_true_sentences,
        hint="Four of the eight are true. Where you doubt one, try it on data A or look at its section again.",
        why="a holds because a fourth coin can copy a third; b is the M-step; f because equal coins stay equal; "
        "and h because nothing is left to round.",
    ),
    "13.2": Exercise(
        answer=lambda: [0.1, 0.2, 0.4],
        fits=_ends_low,
        hint="The lower summit has no coin for the sequences with 9 and 10 heads. What if all three coins start low?",
        why="From here EM climbs without a fault, and rests more than a nat too low.",
    ),
    "13.3": Exercise(
        answer=_heads_for_the_trick_coin,
        hint="Compare weight times likelihood of the two coins, for every number of heads from 0 to 20.",
        why="The rarer a coin is, the more its tosses must say before it is the likelier one.",
    ),
    "13.4": Exercise(
        answer=_least_weight,
        hint="10 heads are what speaks most for the second coin. When is w times 0.6 to the power 10 as much as "
        "1 - w times 0.5 to the power 10?",
        why="With less weight, the second coin gets nothing from hard counts, however many sequences it made.",
    ),
    "13.5": Exercise(
        answer=_heads_in_a_row,
        hint="Compare 1 of a million with 999,999 of a million times one half to the power n.",
        why="Its likelihood was 1 from the first toss on. It took 20 heads to make up for how rare it is.",
    ),
    "13.6": Exercise(
        answer=lambda: [4, 5, 5, 5, 5, 6],
        fits=_one_coin_is_best,
        hint="They must spread less than the tosses of one coin: numbers that are not all equal, but close together.",
        why="No mixture does better than one coin here: more coins fit as well, and not better.",
    ),
}
