"""Exercises of notebook 3. The worked answers use the names that the notebook has."""

from math import comb

import numpy as np

import emlib

from ...page.checking import exercise
from .. import one_iteration_by_hand as lesson

x, tosses = list(emlib.chapter.heads), emlib.chapter.tosses
start = emlib.chapter.start
weights, biases = start.weights, start.biases
choose = np.array([comb(tosses, heads) for heads in range(tosses + 1)])


def f(x, phi):
    x = np.array(x)[:, None]
    return choose[x] * phi**x * (1 - phi) ** (tosses - x)


def posterior_of(heads, weights, biases):
    joint = weights * f([heads], biases)[0]
    return joint / joint.sum()


outcomes, occurrences = np.unique(x, return_counts=True)
table_1 = np.array([posterior_of(heads, weights, biases) for heads in outcomes])
new_weights, new_biases = lesson.right_m_step(lesson.right_e_step(x, weights, biases), x)


@exercise(
    "3.1",
    hints=(
        "As for the first sequence: likelihood, joint probability, marginal likelihood, posterior.",
        "posterior_of does all four for one number of heads.",
    ),
    why="More heads speak for coin 3: its share is larger than for any outcome of Table 6.1.",
)
def seven_heads():
    return posterior_of(7, weights, biases)


seven_heads.mistake(
    "weights",
    "That is Bayes' rule without the weights, as if all coins were chosen equally often.",
    lambda: posterior_of(7, np.ones(3), biases),
)
seven_heads.mistake(
    "not normalised",
    "Those are the joint probabilities. What do they sum to, and what should a posterior sum to?",
    lambda: weights * f([7], biases)[0],
)
seven_heads.mistake(
    "likelihood",
    "Those are the likelihoods of 7 heads, (6.7). There are three more stations to the posterior.",
    lambda: f([7], biases)[0],
)
seven_heads.mistake(
    "marginal",
    "That is the probability of 7 heads. Which share of it came by way of each coin?",
    lambda: (weights * f([7], biases)[0]).sum(),
)
seven_heads.mistake("other order", "The right numbers, but coin 1 comes first.", lambda: seven_heads()[::-1])
seven_heads.mistake("coin 3 alone", "Right for coin 3. Give all three coins.", lambda: seven_heads()[2])
seven_heads.mistake("prior", "Those are the weights, the prior. What do 7 heads change?", lambda: weights)
seven_heads.mistake("6 heads", "That is the row of 6 heads in Table 6.1.", lambda: table_1[-1])
seven_heads.mistake(
    "tails", "That is for 7 tails. Which number is the exponent of the bias?", lambda: posterior_of(3, weights, biases)
)
seven_heads.mistake(
    "new parameters",
    "That is the posterior after the iteration. The question is about the start.",
    lambda: posterior_of(7, new_weights, new_biases),
)
seven_heads.mistake(
    "likeliest", "You gave the sequence whole to its likeliest coin. A posterior shares it out.", lambda: [0, 1, 0]
)


@exercise(
    "3.2",
    digits=9,
    hints=("What does every row of Table 6.1 sum to?", "How many rows are there?"),
    why="Every row sums to 1, so she counts the rows of the table. The check on the sum of counts finds this bug.",
)
def forgotten_occurrences():
    return table_1.sum()


forgotten_occurrences.mistake(
    "with occurrences", "That is what the counts should sum to. She forgot the occurrences.", lambda: 20
)
forgotten_occurrences.mistake(
    "one row", "That is the sum of one row. She adds the columns, and then the three counts.", lambda: 1
)
forgotten_occurrences.mistake("columns", "Each column gives a count, and there are 3. What do they sum to?", lambda: 3)
forgotten_occurrences.mistake(
    "her counts",
    "Those are her three counts, you are right. What do they sum to?",
    lambda: table_1.sum(axis=0).round(2),
)
forgotten_occurrences.mistake("cells", "That is how many cells she adds. What do their numbers sum to?", lambda: 15)


@exercise(
    "3.3",
    hints=(
        "Once more the E-step and the M-step, but from where the first iteration ended.",
        "Your e_step takes x, new_weights and new_biases, and your m_step what it returns, and x.",
        "m_step returns the weights first, then the biases.",
    ),
    why="The three biases have moved closer together. The next notebook follows them to the end.",
)
def second_iteration():
    r = lesson.right_e_step(x, new_weights, new_biases)
    return lesson.right_m_step(r, x)[1]


def biases_after(w, phi, x=x):
    return lesson.right_m_step(lesson.right_e_step(x, w, phi), x)[1]


second_iteration.mistake(
    "iteration 1", "Those are the biases after the first iteration, Table 6.4. Go once more.", lambda: new_biases
)
second_iteration.mistake(
    "weights",
    "Those are the weights after the second iteration. The question is about the biases.",
    lambda: lesson.right_e_step(x, new_weights, new_biases).mean(axis=0),
)
second_iteration.mistake(
    "weights too",
    "Those are weights and biases, in this order. Give the biases alone.",
    lambda: lesson.right_m_step(lesson.right_e_step(x, new_weights, new_biases), x),
)
second_iteration.mistake(
    "old weights",
    "You used the new biases, but the weights of the start.",
    lambda: biases_after(weights, new_biases),
)
second_iteration.mistake(
    "old biases", "You used the new weights, but the biases of the start.", lambda: biases_after(new_weights, biases)
)
second_iteration.mistake(
    "iteration 3",
    "That is one iteration too many.",
    lambda: biases_after(*lesson.right_m_step(lesson.right_e_step(x, new_weights, new_biases), x)),
)
second_iteration.mistake(
    "no weights",
    "Your E-step forgets the weights, as program a does.",
    lambda: biases_after([1 / 3] * 3, new_biases),
)
second_iteration.mistake(
    "occurrences",
    "You counted each outcome once, as program b does.",
    lambda: biases_after(new_weights, new_biases, outcomes),
)
second_iteration.mistake(
    "heads",
    "Those are the expected heads of each coin. A bias is heads over tosses.",
    lambda: np.array(x) @ lesson.right_e_step(x, new_weights, new_biases),
)
second_iteration.mistake(
    "per sequence", "Those are heads per sequence. A bias is heads per toss.", lambda: tosses * second_iteration()
)
second_iteration.mistake(
    "all tosses",
    "You divided by the tosses of all sequences. A coin's heads belong over the tosses that it owns.",
    lambda: np.array(x) @ lesson.right_e_step(x, new_weights, new_biases) / (tosses * len(x)),
)


@exercise(
    "3.4",
    choices=("coin 1", "coin 2", "coin 3"),
    hints=(
        "Who owns a sequence of 10 heads? Look at the columns of Table 6.1 from top to bottom.",
        "The coin that owns most of it gets its 10 heads. How many heads and sequences did that coin have before?",
        "Put 10 at the end of x, and do one iteration from the start.",
    ),
    why="Coin 3 gets nearly all of it: 10 heads in 10 tosses. And it owned fewer than 3 sequences before, so that one "
    "more weighs much.",
)
def one_more_sequence():
    more = [*x, 10]
    r = lesson.right_e_step(more, weights, biases)
    change = np.abs(lesson.right_m_step(r, more)[1] - new_biases)
    return f"coin {change.argmax() + 1}"


one_more_sequence.mistake(
    "coin 1", "Coin 1 hardly ever shows 10 heads, so it owns next to nothing of that sequence.", lambda: "coin 1"
)
one_more_sequence.mistake(
    "coin 2",
    "Coin 2 is chosen most often. But compare its chance to show 10 heads, 0.5 to the power 10, with that of coin 3.",
    lambda: "coin 2",
)


@exercise(
    "3.5",
    digits=6,
    hints=(
        "np.unique(x, return_counts=True) gives the outcomes in order, and how often each occurs.",
        "A row of Table 6.1 is the posterior: w * f(outcomes, phi), divided by the sum of its row.",
        "Table 6.2 has each row times its occurrences. occurrences[:, None] is a column.",
    ),
    why="Each row sums to its occurrences, and each column to a count of (6.10): both checks in one table.",
    cases={
        "the second iteration": (x, new_weights, new_biases),
        "two coins and sequences in no order": ([9, 0, 9, 3, 9], np.array([0.7, 0.3]), np.array([0.2, 0.8])),
        "a single outcome": ([4, 4, 4], np.array([0.2, 0.5, 0.3]), np.array([0.3, 0.5, 0.6])),
        "a coin of weight 0": ([5, 2, 5, 8], np.array([0.5, 0.0, 0.5]), np.array([0.3, 0.5, 0.6])),
    },
)
def pairs(x, w, phi):
    outcomes, occurrences = np.unique(x, return_counts=True)
    joint = w * f(outcomes, phi)
    return occurrences[:, None] * joint / joint.sum(axis=1, keepdims=True)


def distinct(x, w, phi):
    outcomes, occurrences = np.unique(x, return_counts=True)
    return outcomes, occurrences[:, None], w * f(outcomes, phi)


@pairs.mistake("occurrences", "That is Table 6.1: one sequence in each row. How often does each outcome occur?")
def one_of_each(x, w, phi):
    _, _, joint = distinct(x, w, phi)
    return joint / joint.sum(axis=1, keepdims=True)


@pairs.mistake("weights", "The rows sum to the occurrences, as they should. But where are the weights?")
def no_weights(x, w, phi):
    return pairs(x, np.ones(len(w)), phi)


@pairs.mistake("not normalised", "Those are joint probabilities times occurrences. What should each row sum to?")
def not_normalised(x, w, phi):
    _, often, joint = distinct(x, w, phi)
    return often * joint


@pairs.mistake("columns", "You divide by the sums of the columns. A sequence is shared out among the coins: a row.")
def along_columns(x, w, phi):
    _, often, joint = distinct(x, w, phi)
    with np.errstate(invalid="ignore"):  # a coin of weight 0
        return often * np.nan_to_num(joint / joint.sum(axis=0))


@pairs.mistake("whole table", "You divide by the sum of the whole table. Each row is shared out by itself.")
def whole_table(x, w, phi):
    _, often, joint = distinct(x, w, phi)
    return often * joint / joint.sum()


@pairs.mistake("heads", "You multiplied by the outcomes, too: those are expected heads. The table counts sequences.")
def expected_heads(x, w, phi):
    outcomes, _, _ = distinct(x, w, phi)
    return outcomes[:, None] * pairs(x, w, phi)


@pairs.mistake("counts", "Those are the expected counts of (6.10), the sums of the columns. Return the table.")
def column_sums(x, w, phi):
    return pairs(x, w, phi).sum(axis=0)


@pairs.mistake("every sequence", "Your table has a row for every sequence. Equal outcomes share one row.")
def every_sequence(x, w, phi):
    joint = w * f(x, phi)
    return joint / joint.sum(axis=1, keepdims=True)


@pairs.mistake("shares", "You divided by the number of sequences. The table holds counts.")
def shares_of_all(x, w, phi):
    return pairs(x, w, phi) / len(x)


@pairs.mistake("order", "The right rows, but in the order in which the outcomes appear. Sort them by outcome.")
def as_they_appear(x, w, phi):
    outcomes, _, _ = distinct(x, w, phi)
    return pairs(x, w, phi)[[outcomes.tolist().index(outcome) for outcome in dict.fromkeys(x)]]


@pairs.mistake("all outcomes", "You have a row for every possible outcome. Give those that occur.")
def from_zero_to_ten(x, w, phi):
    table = np.zeros((tosses + 1, len(w)))
    table[np.unique(x)] = pairs(x, w, phi)
    return table


@pairs.mistake("outcomes too", "The first column holds the outcomes. Give a column for each coin, and no other.")
def with_outcomes(x, w, phi):
    return np.column_stack([np.unique(x), pairs(x, w, phi)])


@pairs.mistake("occurrences too", "The first columns hold outcomes and occurrences. Give a column for each coin only.")
def with_occurrences(x, w, phi):
    return np.column_stack([*np.unique(x, return_counts=True), pairs(x, w, phi)])


@exercise(
    "3.6",
    digits=6,
    hints=(
        "What should the counts of the first two sequences sum to, and what do they sum to?",
        "What is total for the first sequence, and what is it for the second?",
        "The marginal likelihood belongs to one sequence. It must not remember the ones before.",
    ),
    why="Each sequence is divided by its own marginal likelihood. The weights summed to 1 all the same, for the sum of "
    "the wrong counts was in their denominator.",
    cases={
        "the chapter's start": (x, weights, biases),
        "two coins": ([9, 0, 9, 3], np.array([0.7, 0.3]), np.array([0.2, 0.8])),
        "one sequence": ([7], np.array([0.7, 0.3]), np.array([0.2, 0.8])),
    },
)
def iteration(x, w, phi):
    counts, heads = 0, 0
    for x_i in x:
        joint = w * f([x_i], phi)[0]
        total = joint.sum()
        counts = counts + joint / total
        heads = heads + x_i * joint / total
    return counts / counts.sum(), heads / (tosses * counts)


@iteration.mistake(
    "untouched", "This is still the program as it stood. Print its counts after each sequence: what should they sum to?"
)
def as_it_stood(x, w, phi):
    counts, heads, total = 0, 0, 0
    for x_i in x:
        joint = w * f([x_i], phi)[0]
        total = total + joint.sum()
        counts = counts + joint / total
        heads = heads + x_i * joint / total
    return counts / counts.sum(), heads / (tosses * counts)


@iteration.mistake("not normalised", "Now nothing is divided by its marginal likelihood. Each sequence counts for 1.")
def never_divided(x, w, phi):
    joint = w * f(x, phi)
    return joint.sum(axis=0) / joint.sum(), x @ joint / (tosses * joint.sum(axis=0))


@iteration.mistake("in the end", "You divide once, after the loop. Each sequence has a marginal likelihood of its own.")
def divided_at_the_end(x, w, phi):
    joint = w * f(x, phi) / (w * f(x, phi)).sum()
    return joint.sum(axis=0), x @ joint / tosses


@iteration.mistake("weights", "The running total is gone, and so are the weights: the joint needs them.")
def weights_gone(x, w, phi):
    return lesson.right_m_step(lesson.right_e_step(x, np.full(len(w), 1 / len(w)), phi), x)


@iteration.mistake("sum of the counts", "The weights are counts now: they sum to the number of sequences, not to 1.")
def counts_for_weights(x, w, phi):
    new, bias = iteration(x, w, phi)
    return len(x) * new, bias


@iteration.mistake("all tosses", "The counts are right now. But a coin's heads belong over the tosses that it owns.")
def all_tosses(x, w, phi):
    new, bias = iteration(x, w, phi)
    return new, new * bias


@iteration.mistake("exchanged", "Weights and biases are exchanged: return the weights first.")
def exchanged(x, w, phi):
    return iteration(x, w, phi)[::-1]


@iteration.mistake("per sequence", "The counts are right now. But a bias is heads per toss, not per sequence.")
def heads_per_sequence(x, w, phi):
    new, bias = iteration(x, w, phi)
    return new, tosses * bias


@iteration.mistake("heads", "The counts are right now. But you return the heads of each coin in place of its bias.")
def heads_for_biases(x, w, phi):
    new, bias = iteration(x, w, phi)
    return new, tosses * len(x) * new * bias


@iteration.mistake("heads not divided", "The counts are right now. But the heads are shared out in another way.")
def heads_by_joint(x, w, phi):
    new, _ = iteration(x, w, phi)
    return new, x @ (w * f(x, phi)) / (tosses * len(x) * new)


@iteration.mistake("last only", "That is the last sequence alone. The counts should grow with each sequence.")
def last_only(x, w, phi):
    return iteration(x[-1:], w, phi)
