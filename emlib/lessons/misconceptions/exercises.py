"""Exercises of notebook 13."""

from itertools import combinations, permutations

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
    "e": "Think of e: where do two coins of equal bias stand still, on data A?",
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


true_sentences.mistake("all", "Some of them were refuted above. Four are false.", lambda: "abcdefgh")
true_sentences.mistake("turned round", "Those are the false ones, all four.", lambda: "cdeg")
true_sentences.mistake("none", "Some are theorems. Think of a: what if the fourth coin copies the third?", lambda: "")
for number in range(1, 8):
    for amiss in combinations(ABOUT_THE_SENTENCES, number):  # letters too many, or missing
        more = "" if number == 1 else "One thing at a time. "
        if "".join(amiss) not in ("abfh", "cdeg"):
            true_sentences.mistake(
                "".join(amiss),
                more + ABOUT_THE_SENTENCES[amiss[0]],
                lambda amiss=amiss: "".join(set("abfh") ^ set(amiss)),
            )


def ends_low(biases):
    if not np.all((biases > 0) & (biases < 1)):
        raise ValueError("Biases lie between 0 and 1, and what starts at a border stays there.")
    if np.diff(np.sort(biases)).min() < 0.05 - 1e-9:
        raise ValueError("They must be at least 0.05 apart, else EM looks for fewer coins.")
    model = BinomialMixture(data.B)
    return _end(model, [1 / 3] * 3, biases).log_likelihood < model.log_likelihood(fit(model, 3)) - 1


@exercise(
    "13.2",
    any_order=True,
    fits=ends_low,
    hints=(
        "The lower summit has no coin for the sequences with 9 and 10 heads.",
        "What if all three coins start low?",
    ),
    why="From here EM climbs without a fault, and rests more than a nat too low.",
)
def a_low_start():
    return [0.1, 0.2, 0.4]


for apart in (0.2, 0.25, 0.3, 0.4):
    a_low_start.mistake(
        f"spread out by {apart}",
        "So evenly spread, they are led to the best summit. Data B has more low counts than high ones: which coin "
        "could be lured away from its place?",
        lambda apart=apart: [0.5 - apart, 0.5, 0.5 + apart],
    )
for lowest in (0.5, 0.6, 0.7):
    a_low_start.mistake(
        f"high from {lowest}",
        "From high up EM finds the best summit: one coin has to come down to the many low counts, and the high ones "
        "keep theirs. What about the other side?",
        lambda lowest=lowest: [lowest, lowest + 0.1, lowest + 0.2],
    )
a_low_start.mistake(
    "the best summit", "That is the best summit, nearly. Where does EM never come near it?", lambda: [0.15, 0.55, 0.95]
)


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
heads_for_the_trick_coin.mistake(
    "half-way",
    "Half-way between what the two coins show on average? Compare how probable it is under each, and how rare.",
    lambda: 14,
)
heads_for_the_trick_coin.mistake("all", "Fewer than all will do. Compare the two coins at 19, at 18, ...", lambda: 20)
heads_for_the_trick_coin.mistake(
    "two more", "At this number it has long been more probable. From which on?", lambda: 19
)
heads_for_the_trick_coin.mistake("share", "That is a share of the tosses. How many heads are they?", lambda: 17 / 20)
heads_for_the_trick_coin.mistake(
    "expected", "That is how many it shows on average. When is it more probable?", lambda: 18
)


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
least_weight.mistake(
    "the notebook's", "At this weight it got nothing in sentence 7, not even for ten heads.", lambda: 0.1
)
least_weight.mistake("odds turned round", "Those are odds of the likelihoods. What must w outweigh?", lambda: 1.2**10)
least_weight.mistake("likelihood", "That is a likelihood. Which weights balance the two?", lambda: 0.6**10)
least_weight.mistake("the other likelihood", "That is a likelihood. Which weights balance the two?", lambda: 0.5**10)
least_weight.mistake(
    "no heads",
    "No heads speak most against the second coin. Which number speaks most for it?",
    lambda: 0.5**10 / (0.5**10 + 0.4**10),
)
least_weight.mistake(
    "five heads",
    "That is with 5 heads. Which number speaks most for the second coin?",
    lambda: 0.5**10 / (0.5**10 + 0.24**5),
)
least_weight.mistake(
    "six heads",
    "That is with 6 heads, the most probable number. But which speaks most for the second coin?",
    lambda: 0.5**10 / (0.5**10 + 0.6**6 * 0.4**4),
)
least_weight.mistake("per cent", "Give a weight between 0 and 1, not per cent.", lambda: 100 * least_weight())
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
heads_in_a_row.mistake("one more", "One head earlier it is already more probable.", lambda: heads_in_a_row() + 1)
heads_in_a_row.mistake(
    "natural logarithm", "That is the natural logarithm of a million. Each head is a factor of 2.", lambda: 14
)
heads_in_a_row.mistake("digits", "A million has six zeros. But each head is a factor of 2, not of 10.", lambda: 6)
heads_in_a_row.mistake(
    "not whole", "The two are equal there. After which whole number is it more probable?", lambda: np.log2(1e6 - 1)
)
heads_in_a_row.mistake("the fair ones", "That is how many are fair. How many of these show n heads?", lambda: 10**6 - 1)
heads_in_a_row.mistake("a million", "A million fair coins: how many of them show n heads?", lambda: 10**6)


def one_coin_is_best(heads):
    if not np.all((heads >= 0) & (heads <= 10) & (heads == np.round(heads))):
        raise ValueError("Heads in ten tosses are whole numbers from 0 to 10.")
    if len(np.unique(heads)) < 2:
        raise ValueError("They must not be all equal.")
    model = BinomialMixture(heads.astype(int))
    return bool(peak_of_gradient(model, model.pooled_fit())[1] <= 1e-6)


@exercise(
    "13.6",
    any_order=True,
    fits=one_coin_is_best,
    hints=(
        "When do counts call for several coins: when they spread more than the tosses of one, or less?",
        "Numbers that are not all equal, but close together.",
    ),
    why="No mixture does better than one coin here: more coins fit as well, and not better.",
)
def six_that_one_coin_explains():
    return [4, 5, 5, 5, 5, 6]


six_that_one_coin_explains.mistake(
    "extremes", "Two coins, of bias 0 and 1, would explain these much better.", lambda: [0, 0, 0, 10, 10, 10]
)
six_that_one_coin_explains.mistake(
    "evenly", "These spread more than one coin's tosses do.", lambda: [0, 2, 4, 6, 8, 10]
)
for first in range(6):
    six_that_one_coin_explains.mistake(
        f"in a row from {first}",
        "These are still too far apart: their variance is more than that of one coin's tosses. Compare the two.",
        lambda first=first: list(range(first, first + 6)),
    )
six_that_one_coin_explains.mistake(
    "far out", "The two far out call for coins of their own, though the others are equal.", lambda: [0, 5, 5, 5, 5, 10]
)
six_that_one_coin_explains.mistake(
    "two kinds", "There are two kinds of numbers, and two coins fit them better.", lambda: [2, 2, 2, 8, 8, 8]
)


def _path(*iterations):
    """Biases of each iteration; the last stands twice, so that they come to rest by any rule."""
    return np.array([*iterations, iterations[-1]])


LABELS = np.array([0, 0, 1, 1, 2, 2, 2, 0])


@exercise(
    "13.7",
    hints=(
        "The numbers of the second run may be exchanged. In how many ways?",
        "permutations(range(coins)) goes through all of them: new[k] is the new name of coin k.",
        "np.array(new)[second] renames all sequences at once. Count, each time, where that equals first.",
    ),
    why="Names of coins are free, so no comparison may depend on them. (One that counts equal numbers says that two "
    "equal fits differ.)",
    cases={
        "two runs that differ in one sequence": (LABELS, np.array([1, 1, 2, 2, 0, 0, 0, 2]), 3),
        "the same run twice": (LABELS, LABELS, 3),
        "two coins, exchanged": (np.array([0, 0, 0, 1, 1]), np.array([1, 1, 1, 0, 0]), 2),
        "a run that uses a coin for two groups": (LABELS, np.array([2, 2, 2, 2, 1, 1, 1, 2]), 3),
        "a run that cuts a group in two": (np.array([0, 0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 2, 2]), 3),
        "three coins that take turns": (np.array([0, 1, 2, 0, 1, 2]), np.array([0, 2, 1, 1, 0, 2]), 3),
        "a large overlap that costs more elsewhere": (
            np.array([0, 0, 0, 0, 0, 1, 1]),
            np.array([0, 0, 0, 1, 1, 0, 0]),
            2,
        ),
        "four coins": (np.array([0, 1, 2, 3, 3, 2, 0]), np.array([2, 3, 1, 0, 0, 0, 2]), 4),
    },
)
def in_common(first, second, coins):
    return max(np.sum(np.array(new)[second] == first) for new in permutations(range(coins)))


def _table(first, second, coins):
    """How many sequences have each pair of numbers."""
    return np.array([[np.sum((first == a) & (second == b)) for b in range(coins)] for a in range(coins)])


in_common.mistake(
    "numbers as they are",
    "You count equal numbers. What if a run calls the same groups by other names?",
    lambda first, second, coins: np.sum(first == second),
)
in_common.mistake(
    "names used twice",
    "You give each coin of the second run its likeliest partner, so two coins may get the same name. A renaming is "
    "one to one.",
    lambda first, second, coins: _table(first, second, coins).max(axis=0).sum(),
)
in_common.mistake(
    "partners used twice",
    "You give each coin of the first run its likeliest partner, and two may choose the same. A renaming is one to one.",
    lambda first, second, coins: _table(first, second, coins).max(axis=1).sum(),
)


@in_common.mistake(
    "greedy",
    "You match the largest overlap first. What it leaves for the other coins may be worse: try all renamings.",
)
def largest_first(first, second, coins):
    table, found = _table(first, second, coins), 0
    for _ in range(coins):
        a, b = np.unravel_index(table.argmax(), table.shape)
        found += table[a, b]
        table[a], table[:, b] = -1, -1
    return found


def _in_order_of_appearance(labels):
    seen = list(dict.fromkeys(labels.tolist()))
    return np.array([seen.index(label) for label in labels])


in_common.mistake(
    "first seen",
    "You name the coins in the order in which they occur. One sequence that differs can spoil that: try all renamings.",
    lambda first, second, coins: np.sum(_in_order_of_appearance(first) == _in_order_of_appearance(second)),
)
in_common.mistake(
    "pairs",
    "You count pairs of sequences that share a coin in both. That needs no names, but the question is about sequences.",
    lambda first, second, coins: sum(
        (first[i] == first[j]) == (second[i] == second[j]) for i, j in combinations(range(len(first)), 2)
    ),
)
in_common.mistake(
    "sizes",
    "You compare how large the groups are. Are the same sequences in them?",
    lambda first, second, coins: np.minimum(
        np.sort(np.bincount(first, minlength=coins)), np.sort(np.bincount(second, minlength=coins))
    ).sum(),
)
in_common.mistake(
    "sorted",
    "You sort the numbers, and lose which sequence each belongs to.",
    lambda first, second, coins: np.sum(np.sort(first) == np.sort(second)),
)
in_common.mistake(
    "turns only",
    "You try to count on from each name. That makes three of the six renamings of three coins.",
    lambda first, second, coins: max(np.sum((second + shift) % coins == first) for shift in range(coins)),
)
in_common.mistake(
    "fewest",
    "You take the renaming under which the fewest agree.",
    lambda first, second, coins: min(np.sum(np.array(new)[second] == first) for new in permutations(range(coins))),
)
in_common.mistake(
    "summed",
    "You add up over all renamings. Which one is the best?",
    lambda first, second, coins: sum(np.sum(np.array(new)[second] == first) for new in permutations(range(coins))),
)
in_common.mistake(
    "share",
    "That is a share. How many sequences are they?",
    lambda first, second, coins: in_common(first, second, coins) / len(first),
)
in_common.mistake(
    "different",
    "That is how many do not agree. The question is how many do.",
    lambda first, second, coins: len(first) - in_common(first, second, coins),
)


@exercise(
    "13.8",
    hints=(
        "Follow the program through one iteration in which every bias falls a lot. What is change.max() then?",
        "A tolerance is about the size of a change, whatever its sign.",
        "np.abs(change) has the sizes; then take the largest.",
    ),
    why="A bias that falls by a half has changed by a half. Without the size the rule sees only coins that rise: it "
    "stops at once where all of them fall, and calls it convergence.",
    cases={
        "two coins that fall": (_path([0.9, 0.8], [0.5, 0.7], [0.4, 0.69], [0.3995, 0.69]), 0.001),
        "one that falls and one that hardly moves": (_path([0.8, 0.2], [0.5, 0.2], [0.4, 0.2]), 0.01),
        "changes that cancel": (_path([0.2, 0.6], [0.3, 0.5], [0.35, 0.45]), 0.001),
        "coins that rise": (_path([0.1, 0.2], [0.2, 0.25], [0.201, 0.2502], [0.2011, 0.2502]), 0.01),
        "one that rises and one that rests": (_path([0.1, 0.5], [0.3, 0.5], [0.35, 0.5], [0.352, 0.5]), 0.01),
        "a large fall and a small rise": (
            _path([0.5, 0.5, 0.5], [0.502, 0.4, 0.5], [0.503, 0.35, 0.5], [0.503, 0.34, 0.5], [0.503, 0.338, 0.5]),
            0.005,
        ),
        "coins that move alike": (_path([0.2, 0.5], [0.3, 0.6], [0.35, 0.65], [0.3501, 0.6501]), 0.001),
        "a change as large as the tolerance": (_path([0.25, 0.5], [0.5, 0.5], [0.625, 0.5], [0.6875, 0.5]), 0.125),
        "a rest, and then a move": (_path([0.2, 0.5], [0.3, 0.5], [0.3001, 0.5], [0.4, 0.5], [0.4, 0.5]), 0.001),
        "many small falls": (_path([0.1, 0.2, 0.3], [0.096, 0.196, 0.296], [0.095, 0.195, 0.295]), 0.005),
    },
)
def rests_at(biases, tolerance):
    for iteration in range(1, len(biases)):
        change = biases[iteration] - biases[iteration - 1]
        if np.abs(change).max() <= tolerance:
            return iteration


def _first_with(size):
    """A rule that stops where this of the change is within the tolerance."""
    return lambda biases, tolerance: next(
        (k for k, change in enumerate(np.diff(biases, axis=0), start=1) if size(change) <= tolerance), len(biases)
    )


@rests_at.mistake("untouched", "This is still the program as it stood: where all biases fall, it stops at once.")
def as_it_stood(biases, tolerance):
    for iteration in range(1, len(biases)):
        change = biases[iteration] - biases[iteration - 1]
        if change.max() <= tolerance:
            return iteration


rests_at.mistake(
    "size of the maximum",
    "You take the size of the largest change. But a large fall is not the largest: take the sizes first.",
    _first_with(lambda change: abs(change.max())),
)
rests_at.mistake(
    "sum",
    "You add the changes, and a rise can hide a fall. Take each by its size.",
    _first_with(lambda c: abs(c.sum())),
)
rests_at.mistake(
    "mean", "One coin can still move a lot while the average is small.", _first_with(lambda c: np.abs(c).mean())
)
rests_at.mistake(
    "minimum", "You look at the largest fall, with its sign. Rises count as well as falls.", _first_with(np.min)
)
rests_at.mistake("falls only", "Now a fall counts, and a rise does not.", _first_with(lambda change: (-change).max()))
rests_at.mistake(
    "any coin",
    "It stops where one coin rests. All of them must.",
    _first_with(lambda change: np.abs(change).min()),
)
rests_at.mistake("first coin", "You look at the first coin alone.", _first_with(lambda change: abs(change[0])))
rests_at.mistake(
    "sum of the sizes",
    "You put all the sizes together. The rule is about each bias: none changed by more.",
    _first_with(lambda change: np.abs(change).sum()),
)
rests_at.mistake(
    "from the start",
    "You compare with the start, not with the iteration before.",
    lambda biases, tolerance: next(
        (k for k in range(1, len(biases)) if np.abs(biases[k] - biases[0]).max() <= tolerance), len(biases)
    ),
)
rests_at.mistake(
    "one early", "That is the iteration before.", lambda biases, tolerance: rests_at(biases, tolerance) - 1
)
rests_at.mistake("one late", "That is the iteration after.", lambda biases, tolerance: rests_at(biases, tolerance) + 1)
rests_at.mistake(
    "other way round",
    "It now stops where something changes by more than the tolerance.",
    lambda biases, tolerance: next(
        k for k in range(1, len(biases)) if np.abs(biases[k] - biases[k - 1]).max() > tolerance or k == len(biases) - 1
    ),
)
