"""Exercises of notebook 13."""

import numpy as np

import emlib

from ... import data
from ...beyond import classify_stationary_point, fit
from ...beyond.gradient import peak_of_gradient
from ...coins import BinomialMixture, Coins
from ...page.checking import exercise

ABOUT_THE_SENTENCES = {
    "a": "Think of a: what if the fourth coin is a copy of the third?",
    "b": "Think of b: what does the M-step do with the sum of a coin's posteriors?",
    "c": "Think of c: does a sequence of ten heads tell as much about every coin?",
    "d": "Think of d: section 4 had two such runs.",
    "e": "Think of e: twins, on data B or A, stand still on a saddle.",
    "f": "Think of f: can equal coins ever part?",
    "g": "Think of g: in section 8 the coin with two heads has likelihood 1.",
    "h": "Think of h: what is there to round, if every posterior is 0 or 1?",
}


def _end(model, weights, biases):
    *_, last = emlib.em(model, Coins(weights, biases), max_iterations=2000, tolerance=1e-9)
    return last


def sentences_true_on_data_a():
    """Those that are true there are theorems."""
    model, third = BinomialMixture(data.A), [1 / 3] * 3
    first, again = (_end(model, third, biases) for biases in ([0.1, 0.3, 0.8], [0.8, 0.1, 0.3]))
    posterior = model.posterior(first.theta)
    favourites = [model.posterior(step.theta).argmax(axis=1) for step in (first, again)]
    twins = _end(model, [0.25, 0.25, 0.5], [0.2, 0.2, 0.8]).theta
    alike = _end(model, [0.2, 0.3, 0.5], [0.6] * 3)
    shares = BinomialMixture([0, 0, 10]).posterior(Coins([0.5, 0.5], [0, 1]))
    two_headed, fair = 1e-6, (1 - 1e-6) * 0.5**10
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


@exercise(
    "13.1",
    any_order=True,
    hints=("Four of the eight are true.", "a, b and h are. Which of the others is a theorem about equal coins?"),
    why="a holds because a fourth coin can copy a third; b is the M-step; f because equal coins stay equal; and h "
    "because nothing is left to round.",
)
def true_sentences():
    return "abfh"


for letter, says in ABOUT_THE_SENTENCES.items():
    true_sentences.mistake(f"only {letter}", says, lambda letter=letter: "".join(set("abfh") ^ {letter}))
true_sentences.mistake("all", "Half of the sentences are those of this notebook.", lambda: "abcdefgh")


def ends_low(biases):
    distinct = np.diff(np.sort(biases)).min() >= 0.05 - 1e-9
    if not (distinct and np.all((biases > 0) & (biases < 1))):
        return False
    model = BinomialMixture(data.B)
    return _end(model, [1 / 3] * 3, biases).log_likelihood < model.log_likelihood(fit(model, 3)) - 1


@exercise(
    "13.2",
    fits=ends_low,
    hints=(
        "The lower summit has no coin for the sequences with 9 and 10 heads.",
        "What if all three coins start low?",
    ),
    why="From here EM climbs without a fault, and rests more than a nat too low.",
)
def a_low_start():
    return [0.1, 0.2, 0.4]


a_low_start.mistake(
    "spread out", "From there EM finds the best summit. Where is none of the coins needed?", lambda: [0.2, 0.5, 0.8]
)
a_low_start.mistake("equal", "They must be 0.05 apart, else EM looks for fewer coins.", lambda: [0.2, 0.2, 0.2])


@exercise(
    "13.3",
    hints=(
        "Bayes' rule: compare weight times likelihood of the two coins, for every number of heads from 0 to 20.",
        "The binomial coefficients are the same on both sides: 0.01 * 0.9**x * 0.1**(20 - x) against 0.99 * 0.5**20.",
    ),
    why="The rarer a coin is, the more its tosses must say before it is the likelier one.",
)
def heads_for_the_trick_coin():
    trick, fair = ([w * p**x * (1 - p) ** (20 - x) for x in range(21)] for w, p in ((0.01, 0.9), (0.99, 0.5)))
    return int(np.argmax(np.array(trick) > np.array(fair)))


def _first(trick, fair, weight=0.01, tosses=20):
    return next(x for x in range(99) if weight * trick**x * (1 - trick) ** (tosses - x) > (1 - weight) * fair**tosses)


heads_for_the_trick_coin.mistake(
    "weights forgotten", "From there on it is the better fit. But it is rare.", lambda: _first(0.9, 0.5, weight=0.5)
)
heads_for_the_trick_coin.mistake(
    "one less",
    "At this number a fair coin is still more probable. From which on is the trick coin?",
    lambda: heads_for_the_trick_coin() - 1,
)
heads_for_the_trick_coin.mistake(
    "ten tosses", "That would be so for ten tosses. Here are twenty.", lambda: _first(0.9, 0.5, tosses=10)
)
heads_for_the_trick_coin.mistake("expected", "So many it shows on average. When is it more probable?", lambda: 18)


@exercise(
    "13.4",
    hints=(
        "Which number of heads speaks most for the second coin?",
        "10 heads. When is w times 0.6 to the power 10 as much as 1 - w times 0.5 to the power 10?",
    ),
    why="With less weight, the second coin gets nothing from hard counts, however many sequences it made.",
)
def least_weight():
    return 0.5**10 / (0.5**10 + 0.6**10)


least_weight.mistake("odds", "Those are odds, w over 1 - w. The question is about w.", lambda: (0.5 / 0.6) ** 10)
least_weight.mistake("the other coin", "That is the weight of the first coin.", lambda: 1 - least_weight())
least_weight.mistake("one toss", "Ten heads are ten factors.", lambda: 0.5 / (0.5 + 0.6))
least_weight.mistake("weight of a half", "Is there no number of heads for which less is enough?", lambda: 0.5)


@exercise(
    "13.5",
    hints=(
        "Bayes' rule again, with a likelihood of 1 for the coin with two heads.",
        "Compare 1 of a million with 999,999 of a million times one half to the power n.",
    ),
    why="Its likelihood was 1 from the first toss on. It took 20 heads to make up for how rare it is.",
)
def heads_in_a_row():
    return next(n for n in range(100) if 1e-6 > (1 - 1e-6) * 0.5**n)


heads_in_a_row.mistake("likelihood", "Its likelihood is higher from then on. But how rare is it?", lambda: 1)
heads_in_a_row.mistake("one less", "Then it is not quite as probable as a fair one.", lambda: heads_in_a_row() - 1)
heads_in_a_row.mistake(
    "ten", "Ten heads make it a thousand times as probable as before. It was one in a million.", lambda: 10
)
heads_in_a_row.mistake("a million", "A million fair coins: how many of them show n heads?", lambda: 10**6)


def one_coin_is_best(heads):
    whole = np.all((heads >= 0) & (heads <= 10) & (heads == np.round(heads)))
    if not whole or len(np.unique(heads)) < 2:
        return False
    model = BinomialMixture(heads.astype(int))
    return bool(peak_of_gradient(model, model.pooled_fit())[1] <= 1e-6)


@exercise(
    "13.6",
    fits=one_coin_is_best,
    hints=(
        "When do counts call for several coins: when they spread more than the tosses of one, or less?",
        "Numbers that are not all equal, but close together.",
    ),
    why="No mixture does better than one coin here: more coins fit as well, and not better.",
)
def six_that_one_coin_explains():
    return [4, 5, 5, 5, 5, 6]


six_that_one_coin_explains.mistake("all equal", "They must not be all equal.", lambda: [5] * 6)
six_that_one_coin_explains.mistake(
    "extremes", "Two coins, of bias 0 and 1, would explain these much better.", lambda: [0, 0, 0, 10, 10, 10]
)
six_that_one_coin_explains.mistake(
    "in a row", "These spread more than one coin's tosses do.", lambda: [0, 2, 4, 6, 8, 10]
)
