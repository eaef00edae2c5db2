"""Exercises of notebook 6."""

import numpy as np

from ...algorithm import em
from ...models.categorical import Classes, JointCategorical, NaiveBayes
from ...page.checking import exercise


@exercise(
    "6.1",
    hints=(
        "E-step: 3 are sure, and the 4 with a gap are split in the ratio of the present chances of (yes, yes) and "
        "(yes, no). M-step: divide by 8. In the end nothing changes, so x = 3 + 4 x / 8.",
    ),
    why=("The gaps end up split as the complete rows are, 3 to 1: if that is all one knows, it is the best guess."),
)
def eight_users():
    """Expected (yes, yes) users in iterations 1 and 2, and in the end."""
    users = [[1, 1]] * 3 + [[1, 0]] + [[1, np.nan]] * 4
    steps = list(em(JointCategorical(users, values=(0, 1)), np.full((2, 2), 1 / 4), max_iterations=100))
    return np.array([steps[i].statistics[1, 1] for i in (1, 2, -1)])


@exercise(
    "6.2",
    hints=("First Bayes' rule: which type, given 5 stars for action? Then weigh the two chances for fun by that.",),
    why=("The star for action speaks for the second type, and that type seldom gives 5 stars for fun."),
)
def two_types():
    """Feature 0 is "5 stars for action", feature 1 "5 stars for fun"; a user said yes to the first."""
    types = Classes([0.5, 0.5], [[[0.9, 0.1], [0.4, 0.6]], [[0.5, 0.5], [0.8, 0.2]]])
    posterior = NaiveBayes([[1, np.nan]]).responsibilities(types)[0]
    return float(posterior @ types.probabilities[:, 1, 1])


@exercise(
    "6.3",
    hints=(
        "A filled-in star adds nothing to the sum of squared distances from the average, but one to the number of "
        "stars. The standard deviation is the root of the variance.",
    ),
    why=("A quarter of the variance is gone. The more stars are missing, the more alike the users look."),
)
def flattened():
    return np.sqrt(1 - 0.25)
