"""Exercises of notebook 4. The worked answers use the names that the notebook has."""

import numpy as np

import emlib
from emlib import BinomialMixture, Coins, chapter

from ...page.checking import exercise

coins = emlib.BinomialMixture(chapter.heads, chapter.tosses)
simulated = BinomialMixture(Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8]).sample(1000, tosses=10, seed=1).heads, tosses=10)


def end(model, weights, biases, iterations):
    *_, last = emlib.em(model, Coins(weights, biases), iterations)
    return last.theta


@exercise(
    "4.1",
    hints=(
        "Does the height depend on the start? Do the biases?",
        "emlib.em takes coins, a start and a number of iterations; the last step has .theta.biases.",
    ),
    why="On these data all coins of positive weight meet at the share of heads in all tosses.",
)
def final_bias():
    *_, last = emlib.em(coins, emlib.Coins([0.6, 0.3, 0.1], [0.7, 0.2, 0.05]), 200)
    return last.theta.biases[0]


final_bias.mistake("start", "That is where it starts. Where does it end?", lambda: 0.7)
final_bias.mistake(
    "one iteration",
    "That is its bias after a single iteration. Go on.",
    lambda: end(coins, [0.6, 0.3, 0.1], [0.7, 0.2, 0.05], 1).biases[0],
)
final_bias.mistake(
    "ten iterations",
    "That is its bias after 10 iterations, and it still moves. Go on.",
    lambda: end(coins, [0.6, 0.3, 0.1], [0.7, 0.2, 0.05], 10).biases[0],
)
final_bias.mistake(
    "all three",
    "All three end there, you are right. Give one number.",
    lambda: end(coins, [0.6, 0.3, 0.1], [0.7, 0.2, 0.05], 200).biases,
)
final_bias.mistake(
    "weight",
    "That is its weight in the end. The question is about its bias.",
    lambda: end(coins, [0.6, 0.3, 0.1], [0.7, 0.2, 0.05], 200).weights[0],
)
final_bias.mistake(
    "heads", "That is the mean number of heads. A bias is a share of the tosses.", lambda: np.mean(coins.heads)
)
final_bias.mistake(
    "average of the start", "That is the average bias of the start. The data have a say, too.", lambda: 0.485
)
final_bias.mistake(
    "chapter's first iteration",
    "That is coin 1 after one iteration from the chapter's start.",
    lambda: end(coins, chapter.start.weights, chapter.start.biases, 1).biases[0],
)


@exercise(
    "4.2",
    hints=(
        "The factor is one variance divided by another: see 'How fast?' above.",
        "Above the line the variance of the counts, divided by 6 and not by 5. Below it that of one coin.",
        "np.var gives the first. The second is 10 p (1 - p), with p the share of heads.",
    ),
    why="Sample variance over binomial variance. Near the one-coin fit, coins merge if it is below 1.",
)
def rate_of_six():
    six = np.array([3, 4, 5, 5, 6, 7])
    share = six.mean() / 10
    return six.var() / (10 * share * (1 - share))


rate_of_six.mistake(
    "divided by 5",
    "You divided the squares by one less than the number of counts. M-steps divide by the number itself.",
    lambda: np.var([3, 4, 5, 5, 6, 7], ddof=1) / 2.5,
)
rate_of_six.mistake(
    "upside down", "The two variances are exchanged: such a factor would drive the coins apart.", lambda: 1.5
)
rate_of_six.mistake("variance", "That is the variance of the counts. What would it be for one coin?", lambda: 10 / 6)
rate_of_six.mistake("binomial variance", "That is the variance of one coin. How much do the counts vary?", lambda: 2.5)
rate_of_six.mistake(
    "deviations", "You divided the standard deviations. The factor is made of variances.", lambda: (2 / 3) ** 0.5
)
rate_of_six.mistake(
    "one toss",
    "p (1 - p) is the variance of a single toss. A count has ten.",
    lambda: 10 / 6 / 0.25,
)
rate_of_six.mistake(
    "chapter's data",
    "That is the factor for the chapter's data.",
    lambda: np.var(chapter.heads) / (10 * 0.415 * 0.585),
)
rate_of_six.mistake(
    "what goes",
    "That is the part of the distance that goes, or the tails are missing in 10 p (1 - p). The factor is what stays.",
    lambda: 1 / 3,
)
rate_of_six.mistake(
    "chapter's bias",
    "You took 0.415 for the bias. What is the share of heads in these six?",
    lambda: 10 / 6 / (10 * 0.415 * 0.585),
)


@exercise(
    "4.3",
    digits=None,
    hints=(
        "What is the posterior of a coin that is never chosen?",
        "And what does the M-step make of it?",
        "emlib.em(simulated, ...) from that start, with 50 iterations; the last step has .theta.weights.",
    ),
    why="Weight 0 makes every posterior 0, and so the next weight is 0 again. A coin that is left out stays out.",
)
def lost_weight():
    *_, last = emlib.em(simulated, emlib.Coins([0.5, 0.5, 0], [0.2, 0.5, 0.8]), 50)
    return last.theta.weights[2]


lost_weight.mistake("truth", "That is its true weight. Can EM get there from 0?", lambda: 0.3)
lost_weight.mistake("bias", "That is its bias, which does not move. What is its weight?", lambda: 0.8)
lost_weight.mistake("the others", "That is where the other two start. What becomes of a weight of 0?", lambda: 0.5)
lost_weight.mistake("a third", "Why should it come to a third? Follow one sequence.", lambda: 1 / 3)
lost_weight.mistake("a third in digits", "Why should it come to a third? Follow one sequence.", lambda: 0.333)
lost_weight.mistake(
    "another start",
    "That is where EM brings it from the chapter's start. Here its weight starts at 0.",
    lambda: end(simulated, chapter.start.weights, chapter.start.biases, 50).weights[2],
)
lost_weight.mistake(
    "all weights",
    "Those are all three weights. Give the third, as one number.",
    lambda: end(simulated, [0.5, 0.5, 0], [0.2, 0.5, 0.8], 50).weights,
)


@exercise(
    "4.4",
    choices=("meet", "part", "stay"),
    hints=(
        "What has changed is how widely the counts spread. What decides whether coins merge?",
        "Work out the variance of the new counts, and that of one coin of the same mean.",
    ),
    why="Two counts far from the mean are enough: the ratio of the variances is now above 1, so that the one-coin fit "
    "is no place of rest for coins that differ.",
)
def two_tossed_again():
    changed = np.array(chapter.heads)
    changed[[2, 8]] = 0, 8
    share = changed.mean() / 10
    return "part" if changed.var() > 10 * share * (1 - share) else "meet"


two_tossed_again.mistake(
    "meet",
    "So it was before. The mean is still 4.15, but the variance is another: compare it with that of one coin.",
    lambda: "meet",
)
two_tossed_again.mistake(
    "stay",
    "Only coins that are equal stay. These differ a little, and the factor of 'How fast?' is not 1.",
    lambda: "stay",
)

HALVES = 0.4 + 0.2 * 0.5 ** np.arange(6)


@exercise(
    "4.5",
    hints=(
        "By which factor r did the last change shrink? It is the last change over the one before.",
        "The changes to come are r, r squared, r cubed, ... times the last one. What do they sum to?",
        "r + r² + r³ + ... is r / (1 - r). A distance has no sign.",
    ),
    why="Stop when this is small: the last change alone says little about a slow climber. It needs changes that "
    "shrink by one factor, so it is right only late in a run.",
    cases={
        "a distance that halves each time": (HALVES,),
        "a slow climber": (0.7 - 0.3 * 0.99 ** np.arange(50),),
        "a bias that falls": (0.2 + 0.5 * 0.9 ** np.arange(10),),
        "steps that change sign": (0.5 + 0.1 * (-0.5) ** np.arange(8),),
        "coin 1 from the chapter's start": (
            np.array([step.theta.biases[0] for step in emlib.em(coins, chapter.start, 30)]),
        ),
    },
)
def distance_left(path):
    step = path[-1] - path[-2]
    r = step / (path[-2] - path[-3])
    return abs(step * r / (1 - r))


def last_change(path):
    return abs(path[-1] - path[-2])


def factor(path):
    return (path[-1] - path[-2]) / (path[-2] - path[-3])


distance_left.mistake(
    "last change", "That is the last change. A slow climber has much more than that before it.", last_change
)
distance_left.mistake(
    "with the last change",
    "That is the distance before the last change, part of which has been walked. (Or is your r upside down?)",
    lambda path: abs((path[-1] - path[-2]) / (1 - factor(path))),
)
distance_left.mistake(
    "one iteration",
    "That is the next change only. There are more to come: sum them.",
    lambda path: abs((path[-1] - path[-2]) * factor(path)),
)
distance_left.mistake(
    "sign",
    "That is how far the bias still moves, with its sign. A distance is never below 0.",
    lambda path: (path[-1] - path[-2]) * factor(path) / (1 - factor(path)),
)
distance_left.mistake(
    "the other sign",
    "That is with a sign, and a distance has none.",
    lambda path: (path[-2] - path[-1]) * factor(path) / (1 - factor(path)),
)
distance_left.mistake(
    "no step",
    "That is how many times the last change is left. How large is the last change?",
    lambda path: factor(path) / (1 - factor(path)),
)
distance_left.mistake(
    "factor", "That is the factor by which the changes shrink. What do all changes to come sum to?", factor
)
distance_left.mistake(
    "chapter's factor",
    "You use the factor of the chapter's data for every path. Take it from the path itself.",
    lambda path: last_change(path) * 1.9275 / (2.42775 - 1.9275),
)
distance_left.mistake(
    "ratio of biases",
    "You divide a bias by the one before. The factor is that of the changes.",
    lambda path: abs((path[-1] - path[-2]) * (path[-1] / path[-2]) / (1 - path[-1] / path[-2])),
)
distance_left.mistake(
    "the end itself",
    "That is where the bias will end. How far is that from where it is?",
    lambda path: path[-1] + (path[-1] - path[-2]) * factor(path) / (1 - factor(path)),
)
distance_left.mistake(
    "first changes",
    "You take the factor from the first changes. It settles only late in a run: take the last ones.",
    lambda path: abs((path[-1] - path[-2]) / ((path[1] - path[0]) / (path[2] - path[1]) - 1)),
)


def rows(answer, *arguments):
    """What is judged of a run: weights and biases, also of a step of `emlib.em`."""
    made = answer(*arguments)
    return getattr(made, "theta", made)


@exercise(
    "4.6",
    run=rows,
    hints=(
        "Which way do the three biases go in the first iteration? Print the three differences.",
        "What is the largest of three negative numbers? Is it below the tolerance?",
        "A change has a size, whichever way it goes: np.abs.",
    ),
    why="All three biases fall in the first iteration, and a negative number is below any tolerance. Coins that rise "
    "would have hidden this bug.",
    cases={
        "the chapter's start": (coins, chapter.start, 1e-7),
        "coins that rise at first": (coins, Coins([0.3, 0.3, 0.4], [0.1, 0.2, 0.3]), 1e-7),
        "coins that fall, and one of weight 0": (coins, Coins([0.5, 0.5, 0], [0.5, 0.6, 0.9]), 1e-7),
        "coins that rise, and one of weight 0": (coins, Coins([0, 0.5, 0.5], [0.9, 0.2, 0.3]), 1e-7),
        "a large tolerance": (coins, Coins([0.5, 0.3, 0.2], [0.1, 0.5, 0.9]), 0.007),
        "two coins that part": (BinomialMixture([1, 2, 8, 9]), Coins([0.5, 0.5], [0.4, 0.6]), 1e-7),
        "two coins, one of which falls": (
            BinomialMixture([0, 1, 1, 2, 8, 9, 9]),
            Coins([0.5, 0.5], [0.3, 0.6]),
            1e-7,
        ),
    },
)
def settle(model, theta, tolerance):
    for _ in range(200):
        new = model.m_step(model.e_step(theta))
        if np.abs(new.biases - theta.biases).max() < tolerance:
            break
        theta = new
    return new


def stopping(when):
    """`settle` with another rule."""

    def run(model, theta, tolerance):
        for _ in range(200):
            new = model.m_step(model.e_step(theta))
            if when(new.biases - theta.biases, tolerance):
                break
            theta = new
        return new

    return run


@settle.mistake("untouched", "This is still the program as it stood. Print what it compares with the tolerance.")
def as_it_stood(model, theta, tolerance):
    for _ in range(200):
        new = model.m_step(model.e_step(theta))
        if (new.biases - theta.biases).max() < tolerance:
            break
        theta = new
    return new


settle.mistake(
    "size of the largest",
    "You take the largest difference first, and then its size. A coin that rests hides those that fall.",
    stopping(lambda change, tolerance: abs(change.max()) < tolerance),
)
settle.mistake(
    "smallest",
    "It stops as soon as one coin has settled. All must have.",
    stopping(lambda change, tolerance: np.abs(change).min() < tolerance),
)
settle.mistake(
    "exchanged",
    "You exchanged new and old. Then coins that rise stop it at once.",
    stopping(lambda change, tolerance: (-change).max() < tolerance),
)
settle.mistake(
    "minimum",
    "It stops as soon as one difference is below the tolerance, and a negative one always is.",
    stopping(lambda change, tolerance: change.min() < tolerance),
)
settle.mistake(
    "sum",
    "Changes of opposite sign cancel in a sum: add their sizes.",
    stopping(lambda change, tolerance: abs(change.sum()) < tolerance),
)
settle.mistake(
    "mean",
    "It looks at the average change. No bias may change by more.",
    stopping(lambda change, tolerance: np.abs(change).mean() < tolerance),
)
settle.mistake(
    "sum of the sizes",
    "It adds the changes. Each by itself should be small.",
    stopping(lambda change, tolerance: np.abs(change).sum() < tolerance),
)
settle.mistake(
    "first coin",
    "You look at the first coin only. All must have settled.",
    stopping(lambda change, tolerance: abs(change[0]) < tolerance),
)
settle.mistake(
    "one iteration",
    "It still ends after a single iteration. Which way round is the comparison?",
    stopping(lambda change, tolerance: True),
)


@settle.mistake("never", "It never stops before the 200 iterations are over. When is the tolerance reached?")
def never(model, theta, tolerance):
    for _ in range(200):
        theta = model.m_step(model.e_step(theta))
    return theta


@settle.mistake("one too early", "You return the coins before the last iteration. Return what you have compared last.")
def one_too_early(model, theta, tolerance):
    while np.abs((new := model.m_step(model.e_step(theta))).biases - theta.biases).max() >= tolerance:
        theta = new
    return theta


@settle.mistake("weights", "You look at the weights. The question is about the biases.")
def weights_only(model, theta, tolerance):
    while np.abs((new := model.m_step(model.e_step(theta))).weights - theta.weights).max() >= tolerance:
        theta = new
    return new


@settle.mistake("height", "You look at the log-likelihood. The question is about the biases.")
def height(model, theta, tolerance):
    new = model.m_step(model.e_step(theta))
    while model.log_likelihood(new) - model.log_likelihood(theta) >= tolerance:
        theta, new = new, model.m_step(model.e_step(new))
    return new
