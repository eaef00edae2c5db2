"""Exercises of notebook 1. The worked answers use the names that the notebook has."""

from math import comb, log, prod

from ... import chapter
from ...coins import Coins
from ...page.checking import exercise

theta = chapter.start


def binomial(heads, bias):
    return comb(10, heads) * bias**heads * (1 - bias) ** (10 - heads)


def joint(heads, labels, theta):
    return prod(theta.weights[j] * binomial(x, theta.biases[j]) for x, j in zip(heads, labels, strict=True))


def one_sequence(heads, theta):
    return sum(joint([heads], [j], theta) for j in range(3))


@exercise(
    "1.1",
    hints=(
        "One factor of (6.1) for each sequence, and each factor is a weight times a binomial probability.",
        "joint takes the heads, the labels and theta. Python counts from 0, so coin 1 has the label 0.",
    ),
    why="Two sequences, so four numbers multiplied: two weights and two binomial probabilities.",
)
def both_coins_known():
    return joint([2, 6], [0, 2], chapter.start)


both_coins_known.mistake(
    "coefficients",
    "That is the probability of two orders of heads and tails. In how many orders can 2 heads come, and 6?",
    lambda: both_coins_known() / (comb(10, 2) * comb(10, 6)),
)
both_coins_known.mistake(
    "weights",
    "Those are the two binomial probabilities, multiplied. How probable was the choice of the coins?",
    lambda: binomial(2, 0.4) * binomial(6, 0.65),
)
both_coins_known.mistake(
    "one weight",
    "You counted a weight once. But a coin was chosen twice, once for each sequence.",
    lambda: both_coins_known() / 0.25,
)
both_coins_known.mistake(
    "even weights",
    "You gave all coins the same weight. What are the weights of the start?",
    lambda: both_coins_known() / 0.25**2 / 9,
)
both_coins_known.mistake(
    "weight of coin 2", "One of your weights is that of coin 2, which made neither.", lambda: both_coins_known() * 2
)
both_coins_known.mistake(
    "two factors",
    "Those are the two factors of (6.1). What becomes of them?",
    lambda: [joint([2], [0], chapter.start), joint([6], [2], chapter.start)],
)
both_coins_known.mistake(
    "exchanged",
    "The two coins are exchanged. Which of them made the 2 heads?",
    lambda: joint([2, 6], [2, 0], chapter.start),
)
both_coins_known.mistake(
    "coin 2",
    "That has coin 2 for the second sequence. Python counts the coins from 0.",
    lambda: joint([2, 6], [0, 1], chapter.start),
)
both_coins_known.mistake(
    "one later",
    "Those are coins 2 and 3. Python counts the coins from 0.",
    lambda: joint([2, 6], [1, 2], chapter.start),
)
both_coins_known.mistake(
    "added",
    "You added. Both things happened: the first sequence and the second.",
    lambda: joint([2], [0], chapter.start) + joint([6], [2], chapter.start),
)
both_coins_known.mistake(
    "hidden",
    "You summed over all the coins, as in (6.2). Here you know which coins they were.",
    lambda: one_sequence(2, chapter.start) * one_sequence(6, chapter.start),
)
both_coins_known.mistake(
    "given the heads",
    "That is how probable these coins are once the heads are known. The question is about heads and coins together.",
    lambda: both_coins_known() / (one_sequence(2, chapter.start) * one_sequence(6, chapter.start)),
)
both_coins_known.mistake(
    "logarithm", "That is the logarithm of the answer. Give the probability.", lambda: log(both_coins_known())
)


@exercise(
    "1.2",
    hints=(
        "Sort the five sequences into two piles, one for each coin.",
        "In each pile, divide the heads by the tosses: 10 for each sequence.",
    ),
    why="With the coins known, each coin is a problem of its own: its heads divided by its tosses.",
)
def complete_data_biases():
    return [(3 + 2 + 4) / 30, (9 + 6) / 20]


complete_data_biases.mistake("exchanged", "The right numbers, but coin 1 comes first.", lambda: [0.75, 0.3])
complete_data_biases.mistake(
    "all tosses",
    "The heads are right. But divide by the coin's own tosses, not by all 50.",
    lambda: [9 / 50, 15 / 50],
)
complete_data_biases.mistake("heads", "Those are the heads. A bias is heads over tosses.", lambda: [9, 15])
complete_data_biases.mistake(
    "per sequence", "Those are heads per sequence. A bias is heads per toss.", lambda: [9 / 3, 15 / 2]
)
complete_data_biases.mistake(
    "weights", "Those are the weights: shares of the sequences. The question is about heads.", lambda: [3 / 5, 2 / 5]
)
complete_data_biases.mistake(
    "weights too",
    "Those are weights and biases. Give the two biases alone.",
    lambda: [[3 / 5, 2 / 5], [9 / 30, 15 / 20]],
)
complete_data_biases.mistake(
    "shares of the heads",
    "You divided by all the heads. A bias is the coin's heads over the coin's tosses.",
    lambda: [9 / 24, 15 / 24],
)
complete_data_biases.mistake("tails", "Those are the shares of tails.", lambda: [1 - 9 / 30, 1 - 15 / 20])
complete_data_biases.mistake(
    "one coin", "That is one coin for all five sequences. Here you know who made which.", lambda: [24 / 50] * 2
)
complete_data_biases.mistake(
    "the same tosses",
    "You gave both coins equally many tosses. Count the sequences of each.",
    lambda: [9 / 25, 15 / 25],
)


@exercise(
    "1.3",
    hints=(
        "There are 9 labellings, and in most of them the two sequences come from different coins.",
        "The third line of (6.2) is the short way: sum over the coins within a sequence, then multiply.",
    ),
    why="Sum over the coins within a sequence, then multiply over the sequences: the third line of (6.2).",
)
def both_coins_hidden():
    return one_sequence(6, chapter.start) ** 2


both_coins_hidden.mistake(
    "one sequence", "That is the probability of one such sequence. There are two.", lambda: one_sequence(6, theta)
)
both_coins_hidden.mistake(
    "doubled", "You doubled. Both sequences must show 6 heads: is that a sum?", lambda: 2 * one_sequence(6, theta)
)
both_coins_hidden.mistake(
    "one coin for both",
    "That is for a single coin, chosen once, which makes both sequences. Here a coin is chosen for each.",
    lambda: sum(w * binomial(6, p) ** 2 for w, p in zip(theta.weights, theta.biases, strict=True)),
)
both_coins_hidden.mistake(
    "equal labels",
    "Those are only the three labellings in which both sequences have the same coin. There are nine.",
    lambda: sum(joint([6, 6], [j, j], theta) for j in range(3)),
)
both_coins_hidden.mistake(
    "one labelling",
    "That is one labelling of nine, the most probable. Add over all of them.",
    lambda: joint([6, 6], [1, 1], theta),
)
both_coins_hidden.mistake(
    "average labelling",
    "You divided by the nine labellings. Their probabilities are added, not averaged.",
    lambda: both_coins_hidden() / 9,
)
both_coins_hidden.mistake("weights", "Where are the weights?", lambda: sum(binomial(6, p) for p in theta.biases) ** 2)
both_coins_hidden.mistake(
    "even weights",
    "You gave all coins the same weight. What are the weights of the start?",
    lambda: (sum(binomial(6, p) for p in theta.biases) / 3) ** 2,
)
both_coins_hidden.mistake(
    "coefficients",
    "That is the probability of two orders of heads and tails. In how many orders can 6 heads come?",
    lambda: (one_sequence(6, theta) / comb(10, 6)) ** 2,
)
both_coins_hidden.mistake(
    "the average bias",
    "That is one coin with the average bias. A mixture averages probabilities, not biases.",
    lambda: binomial(6, theta.weights @ theta.biases) ** 2,
)
both_coins_hidden.mistake(
    "logarithm", "That is the logarithm of the answer. Give the probability.", lambda: log(both_coins_hidden())
)


@exercise(
    "1.4",
    choices=("more probable", "as probable", "less probable"),
    hints=(
        "Which coins are more probable once the first toss has shown heads?",
        "Heads first: sum the weights times the biases. Heads twice: sum the weights times the squared biases.",
        "Divide the second number by the first, and compare with the first.",
    ),
    why="The first heads make the coins of large bias more probable. The tosses of a sequence are independent only if "
    "one knows the coin.",
)
def second_toss():
    w, phi = chapter.start.weights, chapter.start.biases
    once, twice = w @ phi, w @ phi**2
    return "more probable" if twice / once > once else "as probable"


second_toss.mistake(
    "independent",
    "Yes, if you knew the coin. But it is hidden, and the first toss has said something about it.",
    lambda: "as probable",
)
second_toss.mistake(
    "made up for",
    "No coin makes up for the heads that it has shown. What does the first toss say about the coin?",
    lambda: "less probable",
)


@exercise(
    "1.5",
    digits=6,
    hints=(
        "One factor for each sequence. What is it if you know the coin, and what if you do not?",
        "A known coin: a factor of (6.1), joint([x], [label], theta). A hidden one: a sum, one_sequence(x, theta).",
        "label is None asks whether it is hidden. (if label will not do: the label 0 is a coin.)",
    ),
    why="Known labels pick one term, hidden ones sum over all: (6.1) and (6.2) are the two ends of one formula. In "
    "notebook 7 some labels are known.",
    cases={
        "two known coins": ([2, 6], [0, 2], chapter.start),
        "two hidden coins": ([2, 6], [None, None], chapter.start),
        "one known and two hidden coins": ([3, 8, 5], [None, 1, None], chapter.start),
        "coins of bias 0.1, 0.5 and 0.9": (
            [1, 9, 5, 8],
            [0, None, None, 2],
            Coins([0.3, 0.1, 0.6], [0.1, 0.5, 0.9]),
        ),
    },
)
def probability(heads, labels, theta):
    result = 1
    for x, label in zip(heads, labels, strict=True):
        if label is None:
            result *= one_sequence(x, theta)
        else:
            result *= joint([x], [label], theta)
    return result


def with_factors(known, hidden):
    """A wrong `probability` that has these factors in place of the right ones."""
    return lambda heads, labels, theta: prod(
        hidden(x, theta) if j is None else known(x, j, theta) for x, j in zip(heads, labels, strict=True)
    )


def known(x, j, theta):
    return joint([x], [j], theta)


probability.mistake(
    "label 0",
    "The label 0 is coin 1, and you take it for hidden: to Python 0 is as good as False. Ask is None.",
    lambda heads, labels, theta: probability(heads, [label or None for label in labels], theta),
)
probability.mistake(
    "labels forgotten",
    "You sum over all the coins of every sequence, also where the coin is known.",
    lambda heads, labels, theta: prod(one_sequence(x, theta) for x in heads),
)
probability.mistake(
    "left out",
    "You leave out the sequences whose coin is hidden. Their heads were seen.",
    with_factors(known, lambda x, theta: 1),
)
probability.mistake(
    "None in joint",
    "You hand the label None to joint, which needs a coin. What stands in (6.2) for a sequence whose coin is hidden?",
    lambda heads, labels, theta: joint(heads, labels, theta),
)
probability.mistake(
    "None is coin 1",
    "You take coin 1 wherever the coin is hidden.",
    lambda heads, labels, theta: joint(heads, [label or 0 for label in labels], theta),
)
probability.mistake(
    "all or nothing",
    "As soon as one coin is hidden, you sum over the coins of all sequences. Decide for each sequence by itself.",
    lambda heads, labels, theta: (
        prod(one_sequence(x, theta) for x in heads) if None in labels else joint(heads, labels, theta)
    ),
)
probability.mistake(
    "likeliest",
    "You give each hidden sequence to its likeliest coin. It may have come from any of the three.",
    with_factors(known, lambda x, theta: max(known(x, j, theta) for j in range(3))),
)
probability.mistake(
    "weight of a known coin",
    "You know the coin, but its choice had a probability, too: where is its weight?",
    with_factors(lambda x, j, theta: binomial(x, theta.biases[j]), one_sequence),
)
probability.mistake(
    "weights of the hidden",
    "For a hidden coin you add the binomial probabilities without the weights.",
    with_factors(known, lambda x, theta: sum(binomial(x, bias) for bias in theta.biases)),
)
probability.mistake(
    "even weights",
    "For a hidden coin you average over the three. They are not chosen equally often.",
    with_factors(known, lambda x, theta: sum(binomial(x, bias) for bias in theta.biases) / 3),
)
probability.mistake(
    "no weights",
    "Where are the weights, of the known coins and of the hidden ones?",
    with_factors(
        lambda x, j, theta: binomial(x, theta.biases[j]),
        lambda x, theta: sum(binomial(x, bias) for bias in theta.biases),
    ),
)
probability.mistake(
    "coins from 1",
    "You count the known coins from 1. The labels 0, 1, 2 stand for coins 1, 2 and 3.",
    with_factors(lambda x, j, theta: known(x, j - 1, theta), one_sequence),
)
probability.mistake(
    "logarithm",
    "That is the logarithm of the probability. Give the probability.",
    lambda heads, labels, theta: log(probability(heads, labels, theta)),
)


@probability.mistake("added", "You add the factors. All sequences were seen: multiply.")
def added(heads, labels, theta):
    return sum(probability([x], [label], theta) for x, label in zip(heads, labels, strict=True))


@probability.mistake("first only", "Your function returns after the first sequence. Is the return inside the loop?")
def first_only(heads, labels, theta):
    return probability(heads[:1], labels[:1], theta)


@probability.mistake("last only", "That is the factor of the last sequence. All of them belong together.")
def last_only(heads, labels, theta):
    return probability(heads[-1:], labels[-1:], theta)


@exercise(
    "1.6",
    digits=6,
    hints=(
        "Take a single sequence. Of which number is the logarithm wanted? Of which does the program take it?",
        "The logarithm turns a product into a sum. Over the coins there is a sum already.",
        "So add the three joint probabilities first, and take the logarithm of the sum.",
    ),
    why="The logarithm stops in front of the sum over the coins. That is why the best coins have no formula.",
    cases={
        "one sequence of 6 heads": ([6], chapter.start),
        "two sequences": ([3, 8], Coins([0.3, 0.1, 0.6], [0.1, 0.5, 0.9])),
        "the chapter's sequences": (chapter.heads, chapter.start),
    },
)
def log_likelihood(heads, theta):
    total = 0
    for x in heads:
        total += log(sum(joint([x], [j], theta) for j in range(3)))
    return total


@log_likelihood.mistake(
    "untouched", "This is still the program as it stood, too low for any data. Try it on a single sequence."
)
def as_it_stood(heads, theta):
    total = 0
    for x in heads:
        for j in range(3):
            total += log(joint([x], [j], theta))
    return total


log_likelihood.mistake(
    "one logarithm",
    "You add over the coins, which is right, but over the sequences, too, before you take the logarithm.",
    lambda heads, theta: log(sum(one_sequence(x, theta) for x in heads)),
)
log_likelihood.mistake(
    "no logarithm",
    "You add the probabilities of the sequences. Where did the logarithm go?",
    lambda heads, theta: sum(one_sequence(x, theta) for x in heads),
)
log_likelihood.mistake(
    "not the logarithm",
    "That is the likelihood, and right. Its logarithm is wanted.",
    lambda heads, theta: prod(one_sequence(x, theta) for x in heads),
)
log_likelihood.mistake(
    "weights",
    "You add over the coins first, which is right. But where did the weights go?",
    lambda heads, theta: sum(log(sum(binomial(x, bias) for bias in theta.biases)) for x in heads),
)
log_likelihood.mistake(
    "weighted logarithms",
    "You average the logarithms, each with the weight of its coin. The average belongs inside the logarithm.",
    lambda heads, theta: sum(
        w * log(binomial(x, bias)) for x in heads for w, bias in zip(theta.weights, theta.biases, strict=True)
    ),
)
log_likelihood.mistake(
    "likeliest",
    "You take only the likeliest coin of each sequence. All three could have made it.",
    lambda heads, theta: sum(log(max(known(x, j, theta) for j in range(3))) for x in heads),
)
log_likelihood.mistake(
    "per sequence",
    "That is the log-likelihood per sequence. Give that of all of them.",
    lambda heads, theta: log_likelihood(heads, theta) / len(heads),
)
log_likelihood.mistake(
    "sign",
    "The right size, but probabilities are below 1: what sign has their logarithm?",
    lambda heads, theta: -log_likelihood(heads, theta),
)
log_likelihood.mistake(
    "mean of the coins",
    "You divide the sum over the coins by 3. Their weights average already.",
    lambda heads, theta: sum(log(one_sequence(x, theta) / 3) for x in heads),
)
log_likelihood.mistake(
    "first only",
    "That is the first sequence alone. Is the return inside the loop?",
    lambda heads, theta: log(one_sequence(heads[0], theta)),
)
log_likelihood.mistake(
    "last only",
    "That is the last sequence alone. The total should grow with each.",
    lambda heads, theta: log(one_sequence(heads[-1], theta)),
)
log_likelihood.mistake(
    "per coin",
    "You divide by the number of coins. The logarithms are still taken too early.",
    lambda heads, theta: as_it_stood(heads, theta) / 3,
)
