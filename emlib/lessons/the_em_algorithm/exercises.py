"""Exercises of notebook 2. The worked answers use the names that the notebook has."""

import numpy as np

import emlib

from ... import data
from ...page.checking import exercise

coins = emlib.BinomialMixture(emlib.chapter.heads, emlib.chapter.tosses)
data_a = emlib.BinomialMixture(data.A, tosses=10)
start = emlib.chapter.start


@exercise(
    "2.1",
    hints=("Which heads does the coin own? A share of 0.5 of 2 heads is 1 head.", "Divide by the tosses it owns."),
    why="Whole or fractional, the formula is the same: heads it owns over tosses it owns.",
)
def bias_of_fractions():
    shares, heads = np.array([0.5, 0.25, 0.25]), np.array([2, 5, 7])
    return shares @ heads / (10 * shares.sum())


bias_of_fractions.mistake(
    "shares forgotten",
    "That is the share of heads in all 30 tosses. The coin owns only a part of each.",
    lambda: 14 / 30,
)
bias_of_fractions.mistake("heads", "Those are the heads it owns. A bias is heads over tosses.", lambda: 4.0)
bias_of_fractions.mistake(
    "all tosses", "The heads are right. But divide by the tosses that the coin owns, not by all 30.", lambda: 4 / 30
)
bias_of_fractions.mistake(
    "not divided", "You took the heads by their shares. By what must they be divided?", lambda: [1, 1.25, 1.75]
)
bias_of_fractions.mistake("tails", "That is the share of tails.", lambda: 0.6)
bias_of_fractions.mistake("per cent", "Give a bias between 0 and 1, not per cent.", lambda: 40)


@exercise(
    "2.2",
    hints=(
        "The posterior of each sequence, summed over the twenty: one number for each coin.",
        "coins.e_step takes emlib.Coins(weights, biases). What it returns has .counts.",
    ),
    why="Coin 2 loses its head start, so the other two coins own more. The three numbers still sum to 20.",
)
def even_weights():
    even = emlib.Coins([1 / 3] * 3, start.biases)
    return coins.e_step(even).counts


even_weights.mistake(
    "old weights", "Those are the counts under the chapter's weights.", lambda: coins.e_step(start).counts
)
even_weights.mistake("shares", "Those are shares of the 20 sequences. How many are they?", lambda: even_weights() / 20)
even_weights.mistake(
    "heads",
    "Those are heads. The question is about sequences.",
    lambda: coins.e_step(emlib.Coins([1 / 3] * 3, start.biases)).heads,
)
even_weights.mistake(
    "weights only", "That would be so if the tosses told nothing about the coin.", lambda: [20 / 3] * 3
)
even_weights.mistake(
    "biases",
    "Those are the biases of the M-step. The question is about the E-step.",
    lambda: coins.m_step(coins.e_step(emlib.Coins([1 / 3] * 3, start.biases))).biases,
)
even_weights.mistake(
    "old shares",
    "Those are shares of the sequences, and under the chapter's weights.",
    lambda: coins.e_step(start).counts / 20,
)
even_weights.mistake(
    "exchanged",
    "The right numbers in another order. Coin 1 is the one of bias 0.4.",
    lambda: even_weights()[::-1],
)


@exercise(
    "2.3",
    hints=(
        "What is the posterior of three equal coins, for any sequence?",
        "emlib.em(data_a, ...) from emlib.Coins([1/3] * 3, [0.3] * 3); the last step has .theta.biases.",
    ),
    why="Equal coins get equal shares of everything, so they stay equal for ever: EM is stuck, and not even at a "
    "local maximum. On data A equal biases are a trap.",
)
def equal_biases():
    *_, last = emlib.em(data_a, emlib.Coins([1 / 3] * 3, [0.3] * 3), max_iterations=100)
    return last.theta.biases


equal_biases.mistake("start", "That is where they start. One M-step moves them.", lambda: [0.3] * 3)
equal_biases.mistake(
    "other data", "That is where they end on the chapter's data. The question is about data A.", lambda: [0.415] * 3
)
equal_biases.mistake(
    "a half", "Equal they stay, but a half is not where. What share of data A's tosses are heads?", lambda: [0.5] * 3
)
equal_biases.mistake(
    "best summit",
    "That is where EM ends from start P, whose coins differ. These three start equal.",
    lambda: list(emlib.em(data_a, emlib.Coins([1 / 3] * 3, [0.2, 0.5, 0.8]), max_iterations=100))[-1].theta.biases,
)
equal_biases.mistake("weights", "Those are the weights. The question is about the biases.", lambda: [1 / 3] * 3)
equal_biases.mistake("start, once", "That is where they start. One M-step moves them.", lambda: 0.3)
equal_biases.mistake("heads", "Those are heads per sequence. A bias is heads per toss.", lambda: [4.7] * 3)
equal_biases.mistake("tails", "Those are shares of tails.", lambda: [0.53] * 3)
equal_biases.mistake(
    "one number",
    "They stay equal, you are right. Give all three, as a list.",
    lambda: equal_biases()[0],
)


@exercise(
    "2.4",
    choices=("the counts", "the weights", "the biases", "all of them"),
    hints=(
        "Every sequence now stands there twice. What does that do to the sum over the sequences?",
        "The M-step divides sums by sums.",
    ),
    why="Each sum over the sequences doubles. Weights and biases are one sum over another, so they stay.",
)
def every_sequence_twice():
    twice = emlib.BinomialMixture([*coins.heads, *coins.heads], tosses=10)
    now, then = coins.e_step(start), twice.e_step(start)
    same_weights = np.allclose(twice.m_step(then).weights, coins.m_step(now).weights)
    same_biases = np.allclose(twice.m_step(then).biases, coins.m_step(now).biases)
    return "the counts" if same_weights and same_biases and not np.allclose(then.counts, now.counts) else "all of them"


every_sequence_twice.mistake(
    "weights", "A weight is a count over the number of sequences, and both have doubled.", lambda: "the weights"
)
every_sequence_twice.mistake("biases", "A bias is heads over tosses, and both have doubled.", lambda: "the biases")
every_sequence_twice.mistake("all", "Counts double. What does the M-step divide them by?", lambda: "all of them")


@exercise(
    "2.5",
    hints=(
        "A coin's bias: heads that it owns over tosses that it owns.",
        "Column j of the posterior holds the shares of coin j. Multiply it by the heads, and sum.",
        "heads @ posterior does that for all coins at once.",
    ),
    why="These are the biases of the M-step, for any data and any number of coins.",
    cases={
        "three sequences and two coins": (np.array([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]]), np.array([2, 4, 6]), 10),
        "shares of 0 and 1": (np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.array([3, 0, 5]), 5),
        "the twenty sequences": (coins.posterior(emlib.Coins([1 / 3] * 3, start.biases)), coins.heads, 10),
    },
)
def new_biases(posterior, heads, tosses):
    return heads @ posterior / (tosses * posterior.sum(axis=0))


new_biases.mistake(
    "all sequences",
    "You divide by the tosses of all sequences. A coin's heads belong over the tosses that it owns.",
    lambda posterior, heads, tosses: heads @ posterior / (tosses * len(heads)),
)
new_biases.mistake(
    "tosses forgotten",
    "Those are heads per sequence. A bias is heads per toss.",
    lambda posterior, heads, tosses: heads @ posterior / posterior.sum(axis=0),
)
new_biases.mistake(
    "weights", "Those are the new weights.", lambda posterior, heads, tosses: posterior.sum(axis=0) / len(heads)
)
new_biases.mistake(
    "hard",
    "You give each sequence to its likeliest coin. EM shares it out.",
    lambda posterior, heads, tosses: new_biases(np.eye(posterior.shape[1])[posterior.argmax(axis=1)], heads, tosses),
)
new_biases.mistake(
    "heads",
    "Those are the heads that each coin owns. A bias is heads over tosses.",
    lambda posterior, heads, tosses: heads @ posterior,
)
new_biases.mistake(
    "counts",
    "Those are the sequences that each coin owns. Where are the heads?",
    lambda posterior, heads, tosses: posterior.sum(axis=0),
)
new_biases.mistake(
    "tails", "Those are shares of tails.", lambda posterior, heads, tosses: 1 - new_biases(posterior, heads, tosses)
)
new_biases.mistake(
    "shares of the heads",
    "You share out the heads among the coins. A bias is the coin's heads over the coin's own tosses.",
    lambda posterior, heads, tosses: heads @ posterior / heads.sum(),
)
new_biases.mistake(
    "ten tosses",
    "You wrote 10 for the tosses. How many there are is handed to your function.",
    lambda posterior, heads, tosses: heads @ posterior / (10 * posterior.sum(axis=0)),
)


@exercise(
    "2.6",
    hints=(
        "Try it on three sequences and two coins. What should the counts sum to, and what do they sum to?",
        "A posterior shares out one sequence among the coins: which numbers must sum to 1?",
        "A row is a sequence. keepdims=True keeps the sums as a column, so that each row is divided by its own.",
    ),
    why="Each row, a sequence, is shared out among the coins. By columns each coin would own one sequence, always.",
    cases={
        "three sequences and two coins": (np.array([[0.3, 0.1], [0.2, 0.2], [0.1, 0.4]]), np.array([0.5, 0.5])),
        "uneven weights": (np.array([[0.3, 0.1], [0.2, 0.2], [0.1, 0.4]]), np.array([0.9, 0.1])),
        "one sequence and three coins": (np.array([[0.3, 0.1, 0.2]]), np.array([0.2, 0.5, 0.3])),
    },
)
def expected_counts(likelihood, weights):
    joint = weights * likelihood
    posterior = joint / joint.sum(axis=1, keepdims=True)
    return posterior.sum(axis=0)


@expected_counts.mistake(
    "untouched", "This is still the program as it stood: for two coins its counts are 1 and 1, whatever the data."
)
def as_it_stood(likelihood, weights):
    joint = weights * likelihood
    posterior = joint / joint.sum(axis=0)
    return posterior.sum(axis=0)


expected_counts.mistake(
    "weights forgotten",
    "The rows now sum to 1, but where did the weights go?",
    lambda likelihood, weights: (likelihood / likelihood.sum(axis=1, keepdims=True)).sum(axis=0),
)
expected_counts.mistake(
    "counts made to sum",
    "You scale the counts until they sum. But is each sequence shared out among the coins?",
    lambda likelihood, weights: np.full(len(weights), len(likelihood) / len(weights)),
)
expected_counts.mistake(
    "all at once",
    "You divide by the sum of the whole table. Each sequence is shared out by itself.",
    lambda likelihood, weights: (weights * likelihood / (weights * likelihood).sum()).sum(axis=0),
)
expected_counts.mistake(
    "all at once, scaled",
    "You divide by the sum of the whole table. Each sequence is shared out by itself.",
    lambda likelihood, weights: len(likelihood) * (weights * likelihood / (weights * likelihood).sum()).sum(axis=0),
)
expected_counts.mistake(
    "mean",
    "Those are shares of the sequences. How many sequences are they?",
    lambda likelihood, weights: expected_counts(likelihood, weights) / len(likelihood),
)
expected_counts.mistake(
    "hard",
    "You give each sequence to its likeliest coin. EM shares it out.",
    lambda likelihood, weights: np.bincount((weights * likelihood).argmax(axis=1), minlength=len(weights)),
)
expected_counts.mistake(
    "not divided",
    "Those are sums of joints. Each row must be divided by its sum.",
    lambda likelihood, weights: (weights * likelihood).sum(axis=0),
)
