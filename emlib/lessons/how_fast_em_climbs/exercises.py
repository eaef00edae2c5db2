"""Exercises of notebook 9."""

from math import ceil, log, sqrt

from ...page.checking import exercise


@exercise(
    "9.1",
    hints=("You want the smallest n with 0.978 to the power n at most 0.1. Take logarithms, and round up.",),
    why=("Every further digit costs as many again. That is what linear means."),
)
def iterations_per_digit():
    return ceil(log(0.1) / log(0.978))


@exercise(
    "9.2",
    hints=("Run GeneticLinkage([14, 0, 1, 5]) to its maximum t. Then divide two gaps, or missing by complete.",),
    why=("The gaps shrink by it, and it is the share of missing information: two ways to one number."),
)
def missing_share():
    """Of the counts 14, 0, 1, 5: the maximum is the positive root of 20 t^2 - 7 t - 10 = 0."""
    t = (7 + sqrt(849)) / 40
    hidden = 14 * t / (2 + t)
    complete = (hidden + 5) / t**2 + 1 / (1 - t) ** 2
    observed = 14 / (2 + t) ** 2 + 5 / t**2 + 1 / (1 - t) ** 2
    return 1 - observed / complete


@exercise(
    "9.3",
    hints=("The steps are 0.10 and 0.05, so the ratio is one half. What do 0.10 + 0.05 + 0.025 + ... add up to?",),
    why=("The way left is a geometric series. Aitken's leap adds it up."),
)
def end_of_the_series():
    first, second = 0.60 - 0.50, 0.65 - 0.60
    return 0.50 + first / (1 - second / first)
