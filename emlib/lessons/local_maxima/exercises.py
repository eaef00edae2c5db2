"""Exercises of notebook 5. The worked answers use the names that the notebook has."""

from functools import cache

import numpy as np

import emlib
from emlib import BinomialMixture, Coins

from ... import data
from ...beyond.maxima import local_maxima
from ...page.checking import exercise

A, B = BinomialMixture(data.A), BinomialMixture(data.B)
best_B, inferior_B = local_maxima(B, starts=200)
best, inferior = local_maxima(A, starts=200)
grid = np.linspace(0, 1, 1001)
third = [1 / 3, 1 / 3, 1 / 3]


def end(model, start, iterations=100):
    """Where EM is after so many iterations. Many mistakes ask for the same runs."""
    return _end(tuple(model.heads), tuple(start.weights), tuple(start.biases), iterations)


@cache
def _end(heads, weights, biases, iterations):
    *_, last = emlib.em(BinomialMixture(heads), Coins(weights, biases), iterations)
    return last.theta


@exercise(
    "5.1",
    hints=(
        "What is the chance that n starts all miss it?",
        "You want the smallest n with 0.95 to the power n at most 0.01. Take logarithms on both sides.",
        "Logarithms of numbers below 1 are negative. And n is a whole number: round up.",
    ),
    why="Each further digit of safety costs as many starts again, not ten times as many.",
)
def enough_starts():
    return int(np.ceil(np.log(0.01) / np.log(0.95)))


enough_starts.mistake("5 %", "That is for a chance of 5 %. The question asks for 1 %.", lambda: 59)
enough_starts.mistake("not whole", "Nearly. How many starts is that?", lambda: np.log(0.01) / np.log(0.95))
enough_starts.mistake("rounded down", "With so many the chance is still a little above 1 %.", lambda: 89)
enough_starts.mistake("exchanged", "That is for a basin of 1 % and a chance of 5 %: the other way round.", lambda: 299)
enough_starts.mistake("one more", "Right, but one fewer is enough.", lambda: 91)
enough_starts.mistake(
    "rule of three",
    "That is 3 / n turned round, which is about summits that nobody has seen. Here the share is known.",
    lambda: 300,
)
enough_starts.mistake(
    "rule of three at 5 %",
    "The rule of three speaks of a chance of 5 %. The question asks for 1 %.",
    lambda: 60,
)
enough_starts.mistake(
    "one hit on average",
    "After so many you expect one hit. But you may still miss, and more often than 1 %.",
    lambda: 20,
)
enough_starts.mistake("basin and rest", "You took the share that leads there for the share that misses it.", lambda: 2)
enough_starts.mistake(
    "sign", "A number of starts is positive. Both logarithms are negative.", lambda: np.log(0.01) / -np.log(0.95)
)
enough_starts.mistake(
    "chances added",
    "So many starts at 5 % each sum to 0.99. But chances of hits do not add: they overlap.",
    lambda: 19.8,
)


@exercise(
    "5.2",
    hints=(
        "The inferior fit of data B has a name in the notebook: inferior_B.theta.",
        "emlib.gradient_function takes the model, the fit and the places where you want D.",
    ),
    why="It peaks at p = 1: this fit has no coin for the sequences with 9 and 10 heads.",
)
def missing_coin():
    return emlib.gradient_function(B, inferior_B.theta, grid).max()


def highest_d(model, theta):
    return emlib.gradient_function(model, theta, grid).max()


missing_coin.mistake("where", "That is where the peak is. How high is it?", lambda: 1)
missing_coin.mistake(
    "data A", "That is the peak under the inferior fit of data A.", lambda: highest_d(A, inferior.theta)
)
missing_coin.mistake("best fit", "That is the peak under the best fit of data B.", lambda: highest_d(B, best_B.theta))
missing_coin.mistake(
    "best fit of A", "That is the peak under the best fit of data A.", lambda: highest_d(A, best.theta)
)
missing_coin.mistake(
    "A under B's fit",
    "That has the fit of data B, but the sequences of data A.",
    lambda: highest_d(A, inferior_B.theta),
)
missing_coin.mistake(
    "N forgotten", "You forgot to take away N, the number of sequences.", lambda: highest_d(B, inferior_B.theta) + 20
)
missing_coin.mistake(
    "bound",
    "That is how much better a mixture could be at most, in nats. D itself is asked for.",
    lambda: 20 * np.log(1 + highest_d(B, inferior_B.theta) / 20),
)
missing_coin.mistake(
    "per sequence", "That is D over the number of sequences.", lambda: highest_d(B, inferior_B.theta) / 20
)
missing_coin.mistake("at the coins", "D is 0 at the coins of the fit. Where is it highest?", lambda: 0)
missing_coin.mistake(
    "at p = 0",
    "That is D at p = 0. Which sequences does this fit serve badly?",
    lambda: emlib.gradient_function(B, inferior_B.theta, [0])[0],
)
missing_coin.mistake(
    "gap",
    "That is how much higher the best summit is, in nats. D is a gain per unit of weight.",
    lambda: best_B.log_likelihood - inferior_B.log_likelihood,
)


@exercise(
    "5.3",
    any_order=True,
    hints=(
        "Two of the coins are equal. What are their posteriors, for any sequence?",
        "emlib.em takes B, that start and 200 iterations; the last step has .theta.biases.",
    ),
    why="That is neither of the two summits. Twins stay twins, so EM searched among mixtures of two coins only, and "
    "rests on a saddle.",
)
def twins():
    *_, last = emlib.em(B, Coins([0.25, 0.25, 0.5], [0.2, 0.2, 0.8]), 200)
    return last.theta.biases


TWINS = Coins([0.25, 0.25, 0.5], [0.2, 0.2, 0.8])
twins.mistake("start", "That is where they start. Where do they end?", lambda: [0.2, 0.2, 0.8])
twins.mistake(
    "best summit", "That is the best summit. Coins that start equal cannot part.", lambda: best_B.theta.biases
)
twins.mistake(
    "inferior summit",
    "That is the inferior summit. Coins that start equal cannot part.",
    lambda: inferior_B.theta.biases,
)
twins.mistake(
    "two numbers", "Two of the three are equal, you are right. Give all three.", lambda: end(B, TWINS, 200).biases[1:]
)
twins.mistake("weights too", "Those are weights and biases. Give the biases alone.", lambda: end(B, TWINS, 200))
twins.mistake("data A", "That is where they end on data A.", lambda: end(A, TWINS, 200).biases)
twins.mistake("one iteration", "That is after one iteration. Go on.", lambda: end(B, TWINS, 1).biases)
twins.mistake("weights", "Those are the weights. The question is about the biases.", lambda: end(B, TWINS, 200).weights)
twins.mistake(
    "all equal",
    "All three at the share of heads: only two of them start equal. What does the third do?",
    lambda: [np.mean(data.B) / 10] * 3,
)
twins.mistake(
    "other twins",
    "There the two high coins are the twins. Look at the start again.",
    lambda: end(B, Coins([0.5, 0.25, 0.25], [0.2, 0.8, 0.8]), 200).biases,
)


@exercise(
    "5.4",
    choices=("higher", "lower", "neither"),
    hints=(
        "Which of the three coins is nearest to the sequences with few heads, and how many of those are there?",
        "What was it that kept 'two high' below? The heights of the summits are in best and inferior.",
    ),
    why="The lowest of the three goes down alone and serves everything from 0 to 4 heads; the other two share the high "
    "counts. On data A the low counts need two coins, so 'all low' is the better guess.",
)
def all_high():
    *_, last = emlib.em(A, Coins(third, [0.7, 0.8, 0.9]))
    middle = (best.log_likelihood + inferior.log_likelihood) / 2
    return "higher" if last.log_likelihood > middle else "lower"


all_high.mistake(
    "higher",
    "'All low' gets there, you may have thought. But the high counts of data A need one coin, and the low ones two.",
    lambda: "higher",
)
all_high.mistake("neither", "Coins that differ leave a saddle. It does come to a summit.", lambda: "neither")


def summits(answer, *arguments):
    """What is judged of a search: weights and biases, also of a step of `emlib.em`."""
    made = answer(*arguments)
    return getattr(made, "theta", made)


LOW, HIGH, SPREAD = (Coins(third, biases) for biases in ([0.1, 0.2, 0.3], [0.2, 0.8, 0.9], [0.2, 0.5, 0.8]))


@exercise(
    "5.5",
    any_order=True,
    run=summits,
    hints=(
        "Keep the best run that you have seen, at first the first. (Log-likelihoods are negative: 0 beats them all.)",
        "*_, last = emlib.em(model, start) runs EM; compare the runs by last.log_likelihood.",
        "max(..., key=...) picks the best of a list of last steps, and .theta are its coins.",
    ),
    why="Each run looks finished. Only the heights at their ends tell them apart.",
    cases={
        "three starts, the last of which is best": (A, [HIGH, Coins(third, [0.7, 0.8, 0.9]), SPREAD]),
        "a start that looks best and ends low": (A, [LOW, HIGH]),
    },
)
def highest(model, starts):
    runs = []
    for start in starts:
        *_, last = emlib.em(model, start)
        runs.append(last)
    return max(runs, key=lambda last: last.log_likelihood).theta


def ends(model, starts):
    return [end(model, start) for start in starts]


highest.mistake("last", "You return the last run, whatever its height.", lambda model, starts: ends(model, starts)[-1])
highest.mistake("first", "You return the first run. Is the return inside the loop?", lambda m, s: ends(m, s)[0])
highest.mistake(
    "lowest",
    "You keep the lowest run. Log-likelihoods are negative: the higher one is nearer to 0.",
    lambda model, starts: min(ends(model, starts), key=model.log_likelihood),
)
highest.mistake(
    "before the climb",
    "You choose the start that is highest before EM runs, and let it climb. A start that looks good may end low.",
    lambda model, starts: end(model, max(starts, key=model.log_likelihood)),
)
highest.mistake(
    "all ends",
    "You return the ends of all runs. Which one ends highest?",
    lambda model, starts: np.ravel([np.asarray(theta) for theta in ends(model, starts)]),
)
highest.mistake(
    "best start",
    "You return the start that is highest. Let EM run from it.",
    lambda model, starts: max(starts, key=model.log_likelihood),
)
highest.mistake(
    "start of the best",
    "You return the start of the best run. Where did it end?",
    lambda model, starts: max(starts, key=lambda start: model.log_likelihood(end(model, start))),
)
highest.mistake(
    "height",
    "That is how high the best run ends. Return its coins.",
    lambda model, starts: max(model.log_likelihood(theta) for theta in ends(model, starts)),
)
highest.mistake(
    "average",
    "You average over the runs. The average of two summits is no summit.",
    lambda model, starts: np.mean([np.asarray(theta) for theta in ends(model, starts)], axis=0),
)
highest.mistake("which", "That is the number of the best run. Return its coins.", lambda m, s: best_number(m, s))
highest.mistake(
    "one iteration",
    "Each run ends after a single iteration. Let EM run on.",
    lambda model, starts: max((end(model, start, 1) for start in starts), key=model.log_likelihood),
)


def best_number(model, starts):
    return int(np.argmax([model.log_likelihood(theta) for theta in ends(model, starts)]))


@highest.mistake("biases", "Those are the biases of the best run. Return its coins, weights and all.")
def biases_alone(model, starts):
    return highest(model, starts).biases


def in_order(theta, order):
    return Coins(theta.weights[order], theta.biases[order])


SUMMIT = best.theta
SHUFFLED = [in_order(SUMMIT, order) for order in ([2, 0, 1], [1, 2, 0], [0, 2, 1])]


@exercise(
    "5.6",
    any_order=True,
    run=summits,
    hints=(
        "Average two runs by hand whose coins are numbered differently. Which weight stands beside which bias?",
        "The biases of each run are sorted. Its weights stay as they came, so a coin loses its own.",
        "order = np.argsort(theta.biases) says in which order the coins are to be taken: theta.weights[order].",
    ),
    why="A coin is a pair, a weight and a bias. Sort the coins, not one of their two numbers.",
    cases={
        "three runs, their coins numbered differently": (SHUFFLED,),
        "one run": ([SHUFFLED[0]],),
        "two runs of equal weights": ([Coins([1 / 3] * 3, [0.1, 0.5, 0.9]), Coins([1 / 3] * 3, [0.9, 0.1, 0.5])],),
        "two runs of two coins that do not quite agree": (
            [Coins([0.7, 0.3], [0.2, 0.8]), Coins([0.42, 0.58], [0.92, 0.26])],
        ),
    },
)
def average(runs):
    weights, biases = [], []
    for theta in runs:
        order = np.argsort(theta.biases)
        weights.append(theta.weights[order])
        biases.append(theta.biases[order])
    return Coins(np.mean(weights, axis=0), np.mean(biases, axis=0))


@average.mistake(
    "untouched", "This is still the program as it stood. Try it on two runs that number their coins differently."
)
def as_it_stood(runs):
    weights, biases = [], []
    for theta in runs:
        weights.append(theta.weights)
        biases.append(np.sort(theta.biases))
    return Coins(np.mean(weights, axis=0), np.mean(biases, axis=0))


def averaged(weights, biases):
    """A wrong `average` that takes these of each run."""
    return lambda runs: Coins(np.mean([*map(weights, runs)], axis=0), np.mean([*map(biases, runs)], axis=0))


average.mistake(
    "both sorted",
    "Now the weights are sorted as well, by their own size. Do they still stand beside their biases?",
    averaged(lambda theta: np.sort(theta.weights), lambda theta: np.sort(theta.biases)),
)
average.mistake(
    "as they came",
    "Now nothing is sorted: you average over different coins. See 'Label switching' above.",
    averaged(lambda theta: theta.weights, lambda theta: theta.biases),
)
average.mistake(
    "weights alone",
    "Now the weights are in the order of the biases, but the biases are as they came.",
    averaged(lambda theta: theta.weights[np.argsort(theta.biases)], lambda theta: theta.biases),
)
average.mistake(
    "first run's weights",
    "You sort the biases, and take the weights of one run as they came.",
    lambda runs: Coins(runs[0].weights, np.mean([np.sort(theta.biases) for theta in runs], axis=0)),
)
average.mistake(
    "other end first",
    "The weights are now in order of the biases, but from the other end.",
    averaged(lambda theta: theta.weights[np.argsort(-theta.biases)], lambda theta: np.sort(theta.biases)),
)
average.mistake(
    "ranks",
    "argsort twice gives ranks. Which weight comes first is what argsort says once.",
    averaged(lambda theta: theta.weights[np.argsort(np.argsort(theta.biases))], lambda theta: np.sort(theta.biases)),
)
average.mistake("one run", "You return one of the runs. Average over all of them.", lambda runs: runs[0])
average.mistake(
    "biases alone",
    "Those are the right biases. Return coins, weights and all.",
    lambda runs: np.mean([np.sort(theta.biases) for theta in runs], axis=0),
)
average.mistake(
    "even weights",
    "You gave all coins the same weight. The runs have weights.",
    lambda runs: Coins(
        np.full(len(runs[0]), 1 / len(runs[0])), np.mean([np.sort(theta.biases) for theta in runs], axis=0)
    ),
)
