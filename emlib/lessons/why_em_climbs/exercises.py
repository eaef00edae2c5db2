"""Exercises of notebook 8. The worked answers use the names that the notebook has."""

import numpy as np

from ... import chapter, data
from ...algorithm import em
from ...beyond import coordinate_ascent, divergence, free_energy, full, hard
from ...coins import BinomialMixture, Coins
from ...models import GeneticLinkage
from ...page.checking import exercise

coins = BinomialMixture(chapter.heads, chapter.tosses)
one = BinomialMixture([4])
joint = np.exp(one.log_joint(chapter.start)[0])
posterior = joint / joint.sum()
linkage = GeneticLinkage()
A, B = BinomialMixture(data.A), BinomialMixture(data.B)
spread = Coins([1 / 3, 1 / 3, 1 / 3], [0.2, 0.5, 0.8])


@exercise(
    "8.1",
    hints=(
        "The gap is the divergence of q from the posterior. What is left of that sum for such a q?",
        "Only coin 2 is in it: 1 times the logarithm of 1 over its posterior.",
        "The model has one sequence, and is called `one` above.",
    ),
    why="A q that is sure of coin 2 costs minus the logarithm of the posterior of coin 2.",
)
def gap_of_certainty():
    return divergence(one, [[0, 1, 0]], chapter.start)


gap_of_certainty.mistake(
    "sign", "The size is right. But F lies below the log-likelihood.", lambda: np.log(posterior[1])
)
gap_of_certainty.mistake(
    "posterior", "That is the posterior of coin 2. What does its logarithm say?", lambda: posterior[1]
)
gap_of_certainty.mistake("F", "That is F itself. How far is it below the log-likelihood?", lambda: np.log(joint[1]))
gap_of_certainty.mistake(
    "minus F", "That is F without its sign. How far is it below the log-likelihood?", lambda: -np.log(joint[1])
)
gap_of_certainty.mistake(
    "log-likelihood", "That is the log-likelihood. How far is F below it?", lambda: np.log(joint.sum())
)
gap_of_certainty.mistake(
    "prior", "You take coin 2's weight. Its posterior, after 4 heads, is another number.", lambda: -np.log(0.5)
)
gap_of_certainty.mistake(
    "weight forgotten",
    "Your F lies above the log-likelihood. Is the weight of coin 2 in it?",
    lambda: np.log(joint.sum()) - np.log(joint[1] / 0.5),
)
gap_of_certainty.mistake(
    "other logarithm", "That is in bits. This course takes natural logarithms.", lambda: -np.log2(posterior[1])
)
gap_of_certainty.mistake(
    "decimal logarithm", "You took logarithms to base 10. Here they are natural.", lambda: -np.log10(posterior[1])
)
gap_of_certainty.mistake("none", "There is no gap if q is the posterior. Is this q the posterior?", lambda: 0.0)
gap_of_certainty.mistake(
    "even q",
    "That is the gap of the even q. Here q is sure of coin 2.",
    lambda: divergence(one, [[1 / 3] * 3], chapter.start),
)


@exercise(
    "8.2",
    hints=(
        "The gain is a difference of two log-likelihoods. The gap is the divergence after the M-step.",
        "coordinate_ascent(linkage, 0.5, full, 4) ends with iterations 3 and 4: `*_, before, after = ...`.",
    ),
    why="Less is hidden in these counts, so the bound follows the likelihood closely and the gap is small.",
)
def share_of_the_gap():
    *_, before, after = coordinate_ascent(linkage, 0.5, full, 4)
    return 100 * after.divergence / (after.log_likelihood - before.log_likelihood)


share_of_the_gap.mistake(
    "over the bound",
    "That is EM's rate: the gap over what the *bound* gains. The gain of the log-likelihood has both parts.",
    lambda: 100 * share_of_the_gap() / (100 - share_of_the_gap()),
)
share_of_the_gap.mistake("no per cent", "Right, as a share. How many per cent is it?", lambda: share_of_the_gap() / 100)
share_of_the_gap.mistake(
    "no per cent, and over the bound",
    "That is EM's rate, the gap over what the bound gains. Take the whole gain, and in per cent.",
    lambda: share_of_the_gap() / (100 - share_of_the_gap()),
)
share_of_the_gap.mistake("the bound", "That is the bound's part of the gain.", lambda: 100 - share_of_the_gap())
share_of_the_gap.mistake(
    "coins", "That is the share for the chapter's coins, in the long run.", lambda: 100 * _RATE / (1 + _RATE)
)
for _number, _word in {1: "first", 2: "second", 3: "third"}.items():
    share_of_the_gap.mistake(
        f"iteration {_number}",
        f"That is the {_word} iteration. The question is about the fourth.",
        lambda number=_number: _share_at(number),
    )
share_of_the_gap.mistake(
    "nats",
    "That is the gap itself, in nats. What share of the gain is it?",
    lambda: list(coordinate_ascent(linkage, 0.5, full, 4))[-1].divergence,
)
_RATE = np.var(chapter.heads) / (10 * 0.415 * 0.585)


def _share_at(iteration):
    *_, before, after = coordinate_ascent(linkage, 0.5, full, iteration)
    return 100 * after.divergence / (after.log_likelihood - before.log_likelihood)


@exercise(
    "8.3",
    any_order=True,
    hints=(
        "It is the same loop as EM's, with another E-step.",
        "coordinate_ascent takes `hard` for its E-step; the last of its steps has .theta.biases.",
    ),
    why="Each bias is the share of heads in one pile of sequences: as in k-means, the piles have sharp borders.",
)
def hard_biases():
    *_, last = coordinate_ascent(B, spread, hard, 50)
    return last.theta.biases


def _last_biases(model, update, iterations=50):
    return list(coordinate_ascent(model, spread, update, iterations))[-1].theta.biases


hard_biases.mistake(
    "EM",
    "That is where EM ends. Hard EM gives each sequence whole to one coin.",
    lambda: list(em(B, spread, 500))[-1].theta.biases,
)
hard_biases.mistake("start", "That is the start. It moves once at least.", lambda: spread.biases)
hard_biases.mistake("data A", "That is where it rests on data A.", lambda: _last_biases(A, hard))
hard_biases.mistake(
    "one iteration of EM",
    "That is one iteration of EM, with soft shares. Hard EM gives each sequence whole to one coin.",
    lambda: _last_biases(B, full, 1),
)
hard_biases.mistake(
    "weights",
    "Those are the weights, or shares of the sequences. The question is about biases.",
    lambda: list(coordinate_ascent(B, spread, hard, 50))[-1].theta.weights,
)
hard_biases.mistake(
    "heads", "Those are heads per sequence of 10 tosses. A bias is heads per toss.", lambda: 10 * _last_biases(B, hard)
)


@exercise(
    "8.4",
    choices=("half the way", "three times the way", "both", "neither"),
    hints=(
        "With q held, F is a curve over theta with one hill, and the M-step goes to its top.",
        "How high is that curve half-way to the top, compared with where you stood? And far beyond the top?",
    ),
    why="To keep the promise it is enough that the M-step raises F; it need not reach the top. Such EM is called "
    "*generalised*. Beyond the top F comes down again, and the log-likelihood may as well.",
)
def part_of_the_way():
    def gain(t, part):
        new = t + part * (linkage.m_step(linkage.e_step(t)) - t)
        return linkage.log_likelihood(new) - linkage.log_likelihood(t)

    thetas = np.linspace(0.5, 0.7, 21)
    safe = [
        name
        for name, part in {"half the way": 0.5, "three times the way": 3}.items()
        if all(gain(t, part) > 0 for t in thetas)
    ]
    return safe[0] if len(safe) == 1 else "both" if safe else "neither"


part_of_the_way.mistake(
    "a leap",
    "Beyond its top the bound falls. What is there left that holds the log-likelihood up?",
    lambda: "three times the way",
)
part_of_the_way.mistake(
    "direction", "The direction is right for both. But how far does the bound rise in that direction?", lambda: "both"
)
part_of_the_way.mistake(
    "the top alone",
    "Must theta be at the top of the bound for the proof? Look at what it says of the two values of F.",
    lambda: "neither",
)


@exercise(
    "8.5",
    hints=(
        "One term for each row and coin: q times the logarithm of (joint over q).",
        "Sum each row, then count it as often as the outcome occurred.",
        "0 log 0 is 0: take only the entries with q > 0.",
    ),
    why="That is F for any mixture, and a share of 0 costs nothing by itself.",
    cases={
        "even shares": (np.full((2, 2), 0.5), np.array([[0.1, 0.2], [0.3, 0.05]]), np.array([1, 1])),
        "outcomes that occurred 3 times and once": (
            np.array([[0.2, 0.8], [0.6, 0.4]]),
            np.array([[0.1, 0.2], [0.3, 0.05]]),
            np.array([3, 1]),
        ),
        "the posterior for q": (
            np.array([[0.25, 0.75], [0.5, 0.5]]),
            np.array([[0.1, 0.3], [0.2, 0.2]]),
            np.array([2, 5]),
        ),
        "a share of 0": (np.array([[0.0, 1.0], [0.6, 0.4]]), np.array([[0.1, 0.2], [0.3, 0.05]]), np.array([3, 1])),
        "a coin that cannot make the outcome, with a share of 0": (
            np.array([[0.0, 0.3, 0.7]]),
            np.array([[0.0, 0.2, 0.1]]),
            np.array([2]),
        ),
    },
)
def lower_bound(q, joint, occurrences):
    some = q > 0
    terms = np.zeros(q.shape)
    terms[some] = q[some] * np.log(joint[some] / q[some])
    return occurrences @ terms.sum(axis=1)


def _times_log(q, x):
    """q log x, and 0 where q is 0."""
    return (q * np.log(np.where(q > 0, x, 1))).sum(axis=1)


def _log_likelihood(q, joint, occurrences):
    return occurrences @ np.log(joint.sum(axis=1))


lower_bound.mistake(
    "occurrences forgotten",
    "You count every row once. How often did the outcome occur?",
    lambda q, joint, occurrences: (_times_log(q, joint) - _times_log(q, q)).sum(),
)
lower_bound.mistake(
    "no entropy",
    "That is the first part, the log-likelihood of the completed data. What of the entropy of q?",
    lambda q, joint, occurrences: occurrences @ _times_log(q, joint),
)
lower_bound.mistake(
    "sign of the entropy",
    "Both parts are there, but one with the wrong sign. Being unsure should cost less, not more.",
    lambda q, joint, occurrences: occurrences @ (_times_log(q, joint) + _times_log(q, q)),
)
lower_bound.mistake(
    "KL",
    "That is the gap, the KL. F is what is left of the log-likelihood below it.",
    lambda q, joint, occurrences: _log_likelihood(q, joint, occurrences) - lower_bound(q, joint, occurrences),
)
lower_bound.mistake(
    "log-likelihood",
    "That is the log-likelihood, whatever q is. F depends on q.",
    _log_likelihood,
)
lower_bound.mistake(
    "sign", "That is minus F. What stands above, and what below the line?", lambda *table: -lower_bound(*table)
)
lower_bound.mistake(
    "log of the average",
    "You took the average first and then its logarithm. Which of the two is the bound?",
    lambda q, joint, occurrences: occurrences @ np.log((q * joint).sum(axis=1)),
)
lower_bound.mistake(
    "rows apart",
    "Those are the parts of the rows. F is one number.",
    lambda q, joint, occurrences: occurrences * (_times_log(q, joint) - _times_log(q, q)),
)


@exercise(
    "8.6",
    hints=(
        "Try it with an even q and chapter.start. What is the sign of what is taken away?",
        "The KL is an average of log(q / posterior), with q as the weights. Compare.",
        "Exchange two logarithms.",
    ),
    why="A KL is never negative. A bound that rises above the log-likelihood is a sure sign of a mistake.",
    cases={
        "an even q": (np.full((5, 3), 1 / 3), chapter.start),
        "uneven shares": (np.array([[0.7, 0.2, 0.1]] * 2 + [[0.1, 0.3, 0.6]] * 3), chapter.start),
        "other coins": (np.full((5, 3), 1 / 3), Coins([0.2, 0.3, 0.5], [0.1, 0.6, 0.7])),
        "the posterior for q": (coins.responsibilities(chapter.start), chapter.start),
    },
)
def F_by_KL(q, theta):
    posterior = coins.responsibilities(theta)
    terms = q * (np.log(q) - np.log(posterior))
    return coins.log_likelihood(theta) - coins.occurrences @ terms.sum(axis=1)


@F_by_KL.mistake("untouched", "This is still the program as it stood: it lies above the log-likelihood.")
def as_it_stood(q, theta):
    posterior = coins.responsibilities(theta)
    terms = q * (np.log(posterior) - np.log(q))
    return coins.log_likelihood(theta) - coins.occurrences @ terms.sum(axis=1)


@F_by_KL.mistake(
    "the other way round",
    "It is never above the log-likelihood now. But F needs the divergence of q from the posterior.",
)
def other_way_round(q, theta):
    posterior = coins.responsibilities(theta)
    terms = posterior * (np.log(posterior) - np.log(q))
    return coins.log_likelihood(theta) - coins.occurrences @ terms.sum(axis=1)


@F_by_KL.mistake(
    "weighted by the posterior", "It still lies above the log-likelihood. And which weights does the KL of q have?"
)
def weighted_by_the_posterior(q, theta):
    return 2 * coins.log_likelihood(theta) - other_way_round(q, theta)


@F_by_KL.mistake("occurrences", "The sign is right. But now every outcome counts once.")
def occurrences_forgotten(q, theta):
    return coins.log_likelihood(theta) - (q * np.log(q / coins.responsibilities(theta))).sum()


F_by_KL.mistake(
    "joint",
    "You took the joint probabilities for the posterior. The log-likelihood is in your sum twice.",
    lambda q, theta: coins.log_likelihood(theta) + free_energy(coins, q, theta),
)
F_by_KL.mistake("KL", "That is what is to be taken away, the KL itself.", lambda q, theta: divergence(coins, q, theta))
F_by_KL.mistake(
    "log-likelihood",
    "It never exceeds the log-likelihood now, since it is the log-likelihood. F depends on q.",
    lambda q, theta: coins.log_likelihood(theta),
)
