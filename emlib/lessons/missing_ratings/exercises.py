"""Exercises of notebook 6. The worked answers use the names that the notebook has."""

import numpy as np

import emlib

from ...models import JointCategorical
from ...page.checking import exercise


@exercise(
    "6.1",
    hints=(
        "Four users have a gap. Which complete rows can each of them be, and how probable are these at present?",
        "E-step: 3 are sure, and the 4 are split in the ratio of the chances of (yes, yes) and (yes, no). M-step: "
        "divide by 8, and split again.",
        "In the end nothing changes any more: x = 3 + 4 x / 8.",
    ),
    why="The gaps end up split as the complete rows are, 3 to 1: if that is all one knows, it is the best guess.",
)
def eight_users():
    users = [[1, 1]] * 3 + [[1, 0]] + [[1, np.nan]] * 4
    steps = list(emlib.em(JointCategorical(users, values=(0, 1)), np.full((2, 2), 1 / 4), max_iterations=100))
    return [steps[number].statistics[1, 1] for number in (1, 2, -1)]


eight_users.mistake(
    "the split ones only",
    "Those are (yes, yes) among the four with a gap. Who else said so?",
    lambda: [2, 2.5, 3],
)
eight_users.mistake("(yes, no)", "Those are the users with (yes, no).", lambda: [3, 2.5, 2])
eight_users.mistake(
    "shares", "Those are shares of the eight. How many users are they?", lambda: [5 / 8, 5.5 / 8, 6 / 8]
)
eight_users.mistake(
    "four rows",
    "You split each gap over all four rows. But these users did say yes to the first question.",
    lambda: [4, 5, 6],
)
eight_users.mistake(
    "always even",
    "Even halves are right only at first. What are the chances after the first M-step?",
    lambda: [5, 5, 5],
)
eight_users.mistake(
    "the end at once",
    "That is where it ends. But EM starts with equal chances, not with those of the complete rows.",
    lambda: [6, 6, 6],
)
eight_users.mistake(
    "third iteration",
    "The last number is that of the third E-step. Where does it stop moving?",
    lambda: [5, 5.5, 5.75],
)
eight_users.mistake(
    "an iteration late", "The first number belongs to the start, an even split of the four.", lambda: [5.5, 5.75, 6]
)


@exercise(
    "6.2",
    hints=(
        "First Bayes' rule: which type, given 5 stars for action?",
        "Then average the two chances for fun, weighted by the posterior of the types.",
    ),
    why="The star for action speaks for the second type, and that type seldom gives 5 stars for fun.",
)
def two_types():
    joint = np.array([0.5 * 0.1, 0.5 * 0.5])
    return joint / joint.sum() @ [0.6, 0.2]


two_types.mistake(
    "prior",
    "That is the chance for a user of whom you know nothing. What do 5 stars for action say about the type?",
    lambda: 0.4,
)
two_types.mistake(
    "not normalised",
    "That is the chance of 5 stars for action *and* for fun. The stars for action are given: divide by their chance.",
    lambda: 0.5 * 0.1 * 0.6 + 0.5 * 0.5 * 0.2,
)
two_types.mistake("likeliest", "You take the likelier type for certain. The other one is still possible.", lambda: 0.2)
two_types.mistake("exchanged", "Which type gives 5 stars for action more often? You weigh it less.", lambda: 8 / 15)
two_types.mistake("type", "That is the posterior of a type. The question is about 5 stars for fun.", lambda: 5 / 6)
two_types.mistake(
    "other type", "That is the posterior of a type. The question is about 5 stars for fun.", lambda: 1 / 6
)
two_types.mistake(
    "likelihoods added", "You multiplied and added, but the weights of the types do not sum to 1.", lambda: 0.16
)


@exercise(
    "6.3",
    hints=(
        "The variance is the sum of squared distances from the average, over the number of stars.",
        "A filled-in star adds nothing to that sum, but one to the number of stars.",
        "The standard deviation is the root of the variance.",
    ),
    why="A quarter of the variance is gone. The more stars are missing, the more alike the users look.",
)
def flattened():
    return np.sqrt(1 - 0.25)


flattened.mistake("variance", "By that factor it multiplies the variance.", lambda: 0.75)
flattened.mistake("the missing share", "You kept the quarter that is missing. Which share stays?", lambda: 0.5)
flattened.mistake("a quarter", "A quarter is missing. Which share of the squared distances stays?", lambda: 0.25)
flattened.mistake(
    "upside down", "That would make the spread larger. Does it grow or shrink?", lambda: 1 / np.sqrt(0.75)
)
flattened.mistake("the loss", "By so much it falls. By which factor is it multiplied?", lambda: 1 - np.sqrt(0.75))
flattened.mistake("no change", "Users on the average add nothing to the squares, but they are counted.", lambda: 1)


@exercise(
    "6.4",
    choices=("the start", "users with 4 for entertainment", "all who answered", "the truth"),
    hints=(
        "The E-step splits such a user in the proportion of the present chances of (4, 5, 1) to (4, 5, 5). Who else is "
        "counted there?",
        "If nobody is, the next chances have the same proportion. And the next?",
    ),
    why="No such user ever told, so the likelihood is flat there, and EM stays where it began. To be missing at "
    "random is not enough: somebody like them must have answered.",
)
def never_asked():
    asked = [[0, 1]] * 3 + [[0, 0]] + [[1, np.nan]] * 4  # who said 1 is not asked for the second
    *_, last = emlib.em(JointCategorical(asked, values=(0, 1)), np.array([[0.3, 0.3], [0.1, 0.3]]), 100)
    chances = last.theta[1] / last.theta[1].sum()
    return "the start" if np.allclose(chances, [0.25, 0.75]) else "all who answered"


never_asked.mistake(
    "like some who were asked",
    "The table assumes nothing about how rows go together. Whose answers would (4, 5, ?) be split by?",
    lambda: "users with 4 for entertainment",
)
never_asked.mistake(
    "like everybody",
    "That is what filling in does. EM splits a row over complete rows that agree with it.",
    lambda: "all who answered",
)
never_asked.mistake(
    "at random",
    "The gap does depend only on a star that is seen. But what would EM learn the chances from?",
    lambda: "the truth",
)


@exercise(
    "6.5",
    hints=(
        "Which complete rows agree with what was given? All others get 0.",
        "The rest keep their proportions, and are divided by their sum.",
        "np.indices(theta.shape) + 1 holds, for each question, the stars of every complete row.",
    ),
    why="This is the posterior of the E-step, for any number of questions and stars. Times the occurrences of the "
    "pattern, and added up, it gives the expected statistics.",
    cases={
        "one gap": (np.array([[0.1, 0.2, 0.1], [0.3, 0.1, 0.2]]), (1, 0)),
        "a gap in the first question": (np.array([[0.1, 0.2, 0.1], [0.3, 0.1, 0.2]]), (0, 2)),
        "no gap": (np.array([[0.1, 0.2, 0.1], [0.3, 0.1, 0.2]]), (1, 2)),
        "nothing given": (np.array([[0.1, 0.2, 0.1], [0.3, 0.1, 0.2]]), (0, 0)),
        "three questions": (np.arange(1, 9).reshape(2, 2, 2) / 36, (0, 1, 0)),
        "a row of probability 0": (np.array([[0.2, 0.0, 0.3], [0.1, 0.1, 0.3]]), (1, 0)),
    },
)
def split_row(theta, given):
    possible = np.ones(theta.shape, dtype=bool)
    stars_of = np.indices(theta.shape) + 1
    for question, star in enumerate(given):
        possible &= (star == 0) | (stars_of[question] == star)
    split = possible * theta
    return split / split.sum()


def _possible(theta, given, first=1):
    """Where the complete rows agree with what was given, if stars are counted from `first`."""
    agree = [
        (star == 0) | (complete == star) for star, complete in zip(given, np.indices(theta.shape) + first, strict=True)
    ]
    return np.all(agree, axis=0)


@split_row.mistake(
    "not normalised", "The rows that agree are right. But one user is split: what must the shares sum to?"
)
def not_normalised(theta, given):
    return _possible(theta, given) * theta


@split_row.mistake("even", "You split evenly over the rows that agree. Some of them are more probable.")
def even(theta, given):
    possible = _possible(theta, given)
    return possible / possible.sum()


@split_row.mistake("counted from 0", "1 star stands at position 0 of its axis: your rows are those of one star more.")
def counted_from_zero(theta, given):
    split = _possible(theta, given, first=0) * theta
    return split / split.sum()


@split_row.mistake(
    "all users",
    "You fill the gap as all users answer that question. But what this user gave elsewhere says something about it.",
)
def as_all_users(theta, given):
    table = np.ones(theta.shape)
    for question, star in enumerate(given):
        others = tuple(axis for axis in range(theta.ndim) if axis != question)
        table *= theta.sum(axis=others, keepdims=True) if star == 0 else 1
    return table * _possible(theta, given)


@split_row.mistake("hard", "You write in the likeliest row. EM shares the user out.")
def likeliest(theta, given):
    split = _possible(theta, given) * theta
    return 1.0 * (split == split.max())


@split_row.mistake(
    "the gap alone", "The numbers are right. Give them as a table of the shape of theta, with 0 for all other rows."
)
def gap_alone(theta, given):
    split = theta[_possible(theta, given)]
    return split / split.sum()


split_row.mistake(
    "a part of theta",
    "Those are the entries of theta that agree. One user is split: what must they sum to? And all others are 0.",
    lambda theta, given: theta[_possible(theta, given)],
)
split_row.mistake("theta", "That is theta itself. Which rows are possible for this user?", lambda theta, given: theta)


@exercise(
    "6.6",
    hints=(
        "What do the three chances of a type sum to, if nobody skips? And if one of three users does?",
        "A user who skips says nothing about the stars, and should not make the others' stars rarer.",
        "Divide by the users of each type who answered: the sum of the rows of `expected`.",
    ),
    why="A missing answer is left out, above and below the line. So the chances of each type sum to 1.",
    cases={
        "a user who skips": (np.array([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9], [0.4, 0.6]]), np.array([1, 2, 3, 0])),
        "nobody who skips": (np.array([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9], [0.4, 0.6]]), np.array([1, 2, 3, 3])),
        "most who skip": (
            np.array([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9], [1.0, 0.0], [1.0, 0.0], [0.7, 0.3]]),
            np.array([1, 2, 3, 0, 0, 0]),
        ),
    },
)
def chances_of_answers(posterior, given):
    expected = np.array([posterior[given == star].sum(axis=0) for star in (1, 2, 3)])
    return expected / expected.sum(axis=0)


def _expected(posterior, given):
    return np.array([posterior[given == star].sum(axis=0) for star in (1, 2, 3)])


@chances_of_answers.mistake(
    "untouched", "This is still the program as it stood: as soon as one user skips, its chances sum to less than 1."
)
def as_it_stood(posterior, given):
    expected = np.array([posterior[given == star].sum(axis=0) for star in (1, 2, 3)])
    return expected / posterior.sum(axis=0)


chances_of_answers.mistake(
    "over the types",
    "Now each row sums to 1. But a type's chances stand in a column: 1, 2 or 3 is what one type can answer.",
    lambda posterior, given: _expected(posterior, given) / _expected(posterior, given).sum(axis=1, keepdims=True),
)
chances_of_answers.mistake(
    "spread evenly",
    "They sum to 1 now. But you let those who skipped answer all alike, and that draws the chances together.",
    lambda posterior, given: (
        (_expected(posterior, given) + posterior[given == 0].sum(axis=0) / 3) / posterior.sum(axis=0)
    ),
)
chances_of_answers.mistake(
    "all who answered",
    "You divide both types by the same number. How many of those who answered are of this type?",
    lambda posterior, given: _expected(posterior, given) / np.sum(given > 0),
)
chances_of_answers.mistake(
    "all users",
    "You divide by the number of all users. Who of them are of this type, and answered?",
    lambda posterior, given: _expected(posterior, given) / len(given),
)
chances_of_answers.mistake("counts", "Those are expected users, no chances yet.", _expected)
