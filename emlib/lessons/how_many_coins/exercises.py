"""Exercises of notebook 10. The worked answers use the names that the notebook has."""

from functools import cache
from math import comb

import numpy as np

from ... import chapter, data
from ...beyond import fit, information_criteria, standard_errors
from ...coins import BinomialMixture, Coins
from ...page.checking import exercise

families = BinomialMixture(data.boys, tosses=12)


@exercise(
    "10.1",
    hints=(
        "Above it was data.boys.var() over 12 share (1 - share). What are the two here?",
        "np.var of the list, over 10 p (1 - p), where p is the share of heads.",
    ),
    why="Far above 1: one coin cannot have done that, and two coins would fit much better.",
)
def over_dispersion():
    x = np.array([0, 1, 1, 2, 5, 6, 7, 8, 8, 9, 10, 10])
    p = x.mean() / 10
    return x.var() / (10 * p * (1 - p))


_TWELVE = np.array([0, 1, 1, 2, 5, 6, 7, 8, 8, 9, 10, 10])


def _over(tosses, share):
    return _TWELVE.var() / (tosses * share * (1 - share))


over_dispersion.mistake("variance", "That is the variance. Divide it by that of one coin.", _TWELVE.var)
over_dispersion.mistake(
    "deviation",
    "That is a ratio of standard deviations, the root of the one asked for.",
    lambda: over_dispersion() ** 0.5,
)
over_dispersion.mistake(
    "N - 1",
    "You divide the squares by 11. The ratio that this course uses divides by the number of sequences.",
    lambda: over_dispersion() * 12 / 11,
)
over_dispersion.mistake(
    "fair coin",
    "You compare with a fair coin. Take the share of heads in these sequences.",
    lambda: _over(10, 0.5),
)
over_dispersion.mistake(
    "one toss", "You divide by the variance of one toss. A sequence has ten.", lambda: 10 * over_dispersion()
)
over_dispersion.mistake(
    "twelve tosses",
    "There are twelve sequences, but ten tosses in each.",
    lambda: _over(12, _TWELVE.mean() / 10),
)
over_dispersion.mistake(
    "sequences for tosses",
    "There are twelve sequences, but ten tosses in each: the share of heads is another one.",
    lambda: _over(12, _TWELVE.mean() / 12),
)
over_dispersion.mistake(
    "chapter's coin", "You compare with the chapter's coin. Take the share of heads here.", lambda: _over(10, 0.415)
)
over_dispersion.mistake("upside down", "One coin stands below the line.", lambda: 1 / over_dispersion())
over_dispersion.mistake(
    "families",
    "That is the ratio of the families.",
    lambda: 12 * data.boys.var() / (data.boys.mean() * (12 - data.boys.mean())),
)
over_dispersion.mistake(
    "tails forgotten", "Of one coin it is 10 p times (1 - p).", lambda: _TWELVE.var() / _TWELVE.mean()
)


@exercise(
    "10.2",
    hints=(
        "BIC is k log N - 2 log L. How many free parameters have two coins, and three?",
        "Two coins have k = 3, three have k = 5. Take three minus two.",
        "information_criteria(families, fit(families, 3)).bic is the BIC of three.",
    ),
    why="The two parameters cost 2 log 6115, more than 17, and they buy 3.2.",
)
def third_coin():
    two, three = (information_criteria(families, fit(families, coins)) for coins in (2, 3))
    return three.bic - two.bic


@cache
def _height(coins):
    return families.log_likelihood(fit(families, coins))


def _gain():
    return _height(3) - _height(2)


third_coin.mistake("direction", "The size is right. Does BIC grow or shrink from two to three?", lambda: -third_coin())
third_coin.mistake(
    "penalty", "That is what the two parameters cost. What do they buy?", lambda: 2 * np.log(len(data.boys))
)
third_coin.mistake("gain", "That is what the third coin gains in log-likelihood. What does it cost?", _gain)
third_coin.mistake("twice the gain", "That is what the third coin buys. What does it cost?", lambda: 2 * _gain())
third_coin.mistake("AIC", "That is the growth of AIC.", lambda: 4 - 2 * _gain())
third_coin.mistake(
    "gain once",
    "BIC has twice the log-likelihood in it.",
    lambda: 2 * np.log(len(data.boys)) - _gain(),
)
third_coin.mistake(
    "one parameter",
    "A third coin brings a bias and a weight: how many parameters more?",
    lambda: np.log(len(data.boys)) - 2 * _gain(),
)
third_coin.mistake(
    "children",
    "You count the children. What is N here: how many families were there?",
    lambda: 2 * np.log(12 * len(data.boys)) - 2 * _gain(),
)
third_coin.mistake(
    "outcomes",
    "You count the outcomes, 0 to 12 boys. How many families were there?",
    lambda: 2 * np.log(13) - 2 * _gain(),
)
third_coin.mistake(
    "gain added",
    "A better fit makes BIC smaller. You added the gain.",
    lambda: 2 * np.log(len(data.boys)) + 2 * _gain(),
)
third_coin.mistake(
    "BIC of three", "That is the BIC of three coins. And of two?", lambda: 5 * np.log(len(data.boys)) - 2 * _height(3)
)
third_coin.mistake(
    "fourth",
    "That is the step from three coins to four.",
    lambda: 2 * np.log(len(data.boys)) - 2 * (_height(4) - _height(3)),
)


@exercise(
    "10.3",
    hints=(
        "One coin's bias is a share. Of how many tosses?",
        "The root of p (1 - p) / n, with p the share of heads and n all 200 tosses; or ask standard_errors.",
    ),
    why="Take twice that to either side, and you have 0.35 to 0.48: a fair coin is only just outside.",
)
def error_of_one_coin():
    model = BinomialMixture(chapter.heads)
    return standard_errors(model, model.pooled_fit()).biases[0]


error_of_one_coin.mistake(
    "null p", "You took a fair coin's p. The standard error of an estimate uses the estimate.", lambda: 0.5 / 200**0.5
)
error_of_one_coin.mistake(
    "sequences", "You count 20 sequences. How many tosses is that?", lambda: (0.415 * 0.585 / 20) ** 0.5
)
error_of_one_coin.mistake(
    "one sequence",
    "You count the 10 tosses of one sequence. How many tosses are there in all?",
    lambda: (0.415 * 0.585 / 10) ** 0.5,
)
error_of_one_coin.mistake("variance", "That is the square of the standard error.", lambda: 0.415 * 0.585 / 200)
error_of_one_coin.mistake(
    "one toss", "That is the spread of a single toss. There are 200.", lambda: (0.415 * 0.585) ** 0.5
)
error_of_one_coin.mistake("twice", "That is two standard errors.", lambda: 2 * (0.415 * 0.585 / 200) ** 0.5)
error_of_one_coin.mistake("estimate", "That is the bias itself. How sure is it?", lambda: 0.415)
for _ddof in (0, 1):
    error_of_one_coin.mistake(
        f"spread of the counts, N - {_ddof}",
        "You took the spread of the twenty counts. If they come from one coin, its bias tells how they spread.",
        lambda ddof=_ddof: np.std(chapter.heads, ddof=ddof) / 10 / 20**0.5,
    )
error_of_one_coin.mistake(
    "heads",
    "That is the error of the number of heads in a sequence, or ten times the one asked for.",
    lambda: 10 * (0.415 * 0.585 / 200) ** 0.5,
)
error_of_one_coin.mistake(
    "families",
    "That is the error for the families. The question is about the chapter's 20 sequences.",
    lambda: standard_errors(families, families.pooled_fit()).biases[0],
)


@exercise(
    "10.4",
    choices=("AIC", "BIC", "AIC and BIC", "neither"),
    hints=(
        "Every count doubles. What becomes of the gain of 1.61 nats?",
        "AIC asks for 2 nats for two parameters, always. BIC asks for log N, and N doubles.",
    ),
    why="The gain grows with the number of families, BIC's price only with its logarithm and AIC's not at all. So with "
    "data enough both want the third coin, and AIC first.",
)
def twice_the_families():
    two, three = (families.log_likelihood(fit(families, coins)) for coins in (2, 3))
    gain = 2 * (three - two)
    prices = {"AIC": 2, "BIC": np.log(2 * len(data.boys))}
    return " and ".join(name for name, price in prices.items() if gain > price) or "neither"


twice_the_families.mistake(
    "BIC", "BIC's price is the higher one, above 9 nats. Does the gain reach it before AIC's?", lambda: "BIC"
)
twice_the_families.mistake(
    "both", "AIC does. But BIC asks for log N, more than 9 nats. How large is the gain now?", lambda: "AIC and BIC"
)
twice_the_families.mistake(
    "neither", "The shares stay, you are right. But the log-likelihood is a sum over the families.", lambda: "neither"
)


@exercise(
    "10.5",
    hints=(
        "For each outcome x: the probability of x under the new coin, over that under the mixture.",
        "Sum these ratios, each as often as x occurred, and take away the number of sequences.",
        "x = np.arange(len(counts)) are the outcomes, and len(counts) - 1 is the number of tosses. The binomial "
        "coefficient is above and below the line.",
    ),
    why="That is D(p). Under the best mixture it is nowhere above 0, and 0 at every coin that is in use.",
    cases={
        "two coins": (0.3, np.array([4, 3, 2, 5]), Coins([0.4, 0.6], [0.2, 0.7])),
        "a coin of the mixture": (0.7, np.array([4, 3, 2, 5]), Coins([0.4, 0.6], [0.2, 0.7])),
        "p = 0": (0.0, np.array([4, 3, 2, 5]), Coins([0.4, 0.6], [0.2, 0.7])),
        "an outcome that never occurred": (0.9, np.array([0, 6, 0, 1, 3]), Coins([0.5, 0.5], [0.3, 0.6])),
        "one coin": (0.5, np.array([2, 0, 1]), Coins([1.0], [0.25])),
    },
)
def new_coin(p, counts, theta):
    x = np.arange(len(counts))
    tosses = len(counts) - 1

    def probability(bias):
        return bias**x * (1 - bias) ** (tosses - x)

    mixture = theta.weights @ np.array([probability(bias) for bias in theta.biases])
    return counts @ (probability(p) / mixture) - counts.sum()


def _table(p, counts, theta):
    """How probable each outcome is, but for the binomial coefficients, under the new coin and under each of theta."""
    x = np.arange(len(counts))
    of = [bias**x * (1 - bias) ** (len(counts) - 1 - x) for bias in (p, *theta.biases)]
    return of[0], np.array(of[1:])


@new_coin.mistake("N", "The ratios are right. If the new coin changed nothing, they would sum to N, and D would be 0.")
def n_forgotten(p, counts, theta):
    return new_coin(p, counts, theta) + counts.sum()


@new_coin.mistake("counts", "Every outcome counts once in your sum. How often did it occur?")
def counts_forgotten(p, counts, theta):
    new, each = _table(p, counts, theta)
    return np.sum(new / (theta.weights @ each)) - counts.sum()


@new_coin.mistake("weights", "Your mixture does not know its weights.")
def weights_forgotten(p, counts, theta):
    new, each = _table(p, counts, theta)
    return counts @ (new / each.mean(axis=0)) - counts.sum()


@new_coin.mistake("weights left out", "Your mixture is a sum of its coins. Where are their weights?")
def weights_left_out(p, counts, theta):
    new, each = _table(p, counts, theta)
    return counts @ (new / each.sum(axis=0)) - counts.sum()


@new_coin.mistake("share", "That is D for one sequence. Count all of them.")
def per_sequence(p, counts, theta):
    return new_coin(p, counts, theta) / counts.sum()


@new_coin.mistake("outcomes for N", "You take away the number of outcomes. Take away the number of sequences.")
def outcomes_for_n(p, counts, theta):
    return new_coin(p, counts, theta) + counts.sum() - len(counts)


@new_coin.mistake(
    "tosses", "len(counts) is the number of outcomes, 0 heads among them. It is one more than the tosses."
)
def a_toss_too_many(p, counts, theta):
    new, each = _table(p, counts, theta)
    each = each * (1 - theta.biases)[:, None]
    return counts @ (new * (1 - p) / (theta.weights @ each)) - counts.sum()


@new_coin.mistake("coefficient", "The binomial coefficient is only above the line. It belongs to both, or to none.")
def coefficient_once(p, counts, theta):
    new, each = _table(p, counts, theta)
    ways = [comb(len(counts) - 1, x) for x in range(len(counts))]
    return counts @ (ways * new / (theta.weights @ each)) - counts.sum()


@new_coin.mistake("1 for N", "You take away 1. That is right for one sequence. How many are there?")
def one_for_n(p, counts, theta):
    return new_coin(p, counts, theta) + counts.sum() - 1


@new_coin.mistake("tails", "You took heads for tails: x heads are bias to the power x.")
def tails_for_heads(p, counts, theta):
    return new_coin(1 - p, counts, theta)


@new_coin.mistake("sign", "The sign is wrong: where a coin is missing, D is above 0.")
def sign(p, counts, theta):
    return -new_coin(p, counts, theta)


@new_coin.mistake("exchanged", "Your ratio stands on its head: the mixture belongs below the line.")
def on_its_head(p, counts, theta):
    new, each = _table(p, counts, theta)
    new = np.where(new > 0, new, 1)
    return counts @ (theta.weights @ each / new) - counts.sum()


def _classes(answer, *arguments):
    """A probability that is known by simulation, to one decimal: other random numbers give the same."""
    value = answer(*arguments)
    return None if value is None else round(float(value), 1)


@exercise(
    "10.6",
    run=_classes,
    hints=(
        "Which world does it simulate? Sequences that are drawn from the data spread as widely as the data do.",
        "To ask what chance does if there is one coin, simulate one coin. Which bias would you give it?",
        "Draw the worlds by rng.binomial(tosses, p, size=...), with p the share of heads.",
    ),
    why="A test asks what would happen if the simpler model were true, so it must simulate that model. "
    "Drawing from the data themselves gives standard errors, but no test.",
    cases={
        "data A": (np.array(data.A), 10),
        "heads that spread little": (np.array([3, 4, 4, 4, 4, 4, 4, 5] * 3), 10),
        "heads as one coin makes them": (np.array([0] * 21 + [1] * 22 + [2] * 11 + [3] * 3), 10),
        "four tosses": (np.array([1, 1, 2, 3, 2, 2, 1, 3, 0, 3] * 2), 4),
    },
)
def chance_of_the_spread(heads, tosses):
    rng = np.random.default_rng(0)
    p = heads.mean() / tosses
    worlds = rng.binomial(tosses, p, size=(4000, len(heads)))
    return np.mean(worlds.var(axis=1) >= heads.var())


def _chance(draw):
    """The same with other worlds: `draw` takes a generator, the heads, the tosses and the shape."""

    def chance(heads, tosses):
        worlds = draw(np.random.default_rng(0), heads, tosses, (4000, len(heads)))
        return np.mean(worlds.var(axis=1) >= heads.var())

    return chance


@chance_of_the_spread.mistake(
    "untouched",
    "It finds nothing remarkable in any data, as the program did as it stood. Whose spread do its worlds have?",
)
def as_it_stood(heads, tosses):
    rng = np.random.default_rng(0)
    worlds = rng.choice(heads, size=(4000, len(heads)))
    return np.mean(worlds.var(axis=1) >= heads.var())


chance_of_the_spread.mistake(
    "all worlds in one",
    "You compare one variance, that of all worlds together. Each world has its own: axis=1.",
    lambda heads, tosses: float(
        np.random.default_rng(0).binomial(tosses, heads.mean() / tosses, size=(4000, len(heads))).var() >= heads.var()
    ),
)
chance_of_the_spread.mistake(
    "ten tosses",
    "It is one coin now. But not all sequences have ten tosses: `tosses` says how many.",
    _chance(lambda rng, heads, tosses, shape: rng.binomial(10, heads.mean() / 10, size=shape)),
)
chance_of_the_spread.mistake(
    "fair coin",
    "You simulate a fair coin. Nobody said that it is fair: which bias fits these heads best?",
    _chance(lambda rng, heads, tosses, shape: rng.binomial(tosses, 0.5, size=shape)),
)
chance_of_the_spread.mistake(
    "a coin for each sequence",
    "You give every sequence a coin of its own. The question is what *one* coin does.",
    _chance(lambda rng, heads, tosses, shape: rng.binomial(tosses, heads / tosses, size=shape)),
)
chance_of_the_spread.mistake(
    "Poisson",
    "You draw Poisson numbers, which know no largest one. A sequence has only so many tosses.",
    _chance(lambda rng, heads, tosses, shape: rng.poisson(heads.mean(), size=shape)),
)
chance_of_the_spread.mistake(
    "other side",
    "It is one coin now. But you count the worlds that spread less than the data.",
    lambda heads, tosses: 1 - chance_of_the_spread(heads, tosses),
)
chance_of_the_spread.mistake(
    "all outcomes alike",
    "You draw all numbers of heads alike. A coin makes some of them far more often.",
    _chance(lambda rng, heads, tosses, shape: rng.integers(0, tosses + 1, size=shape)),
)
chance_of_the_spread.mistake(
    "shuffled",
    "You only shuffle the data, and that never changes their spread. Simulate tosses.",
    lambda heads, tosses: 1.0,
)
