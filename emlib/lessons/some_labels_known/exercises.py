"""Exercises of notebook 7."""

from math import log

import numpy as np

from ...algorithm import em
from ...models.incomes import IncomeGroups, IncomeMixture
from ...page.checking import exercise


@exercise(
    "7.1",
    hints=(
        "Two people are certain: they count 1 and 0. The other two earn just the median of the first group, "
        "and are one spread away from that of the second.",
    ),
    why=("1 for the person who told, twice 1 / (1 + exp(-1/2)) for those who did not, and 0 for the last."),
)
def people_in_the_first_group():
    model = IncomeMixture([10, 20, 20, 80], labels=[0, -1, -1, 1])
    return model.e_step(IncomeGroups([0.5, 0.5], [20, 40], log(2))).counts[0]


@exercise(
    "7.2",
    hints=("Give IncomeMixture the labels told(other, 12), start emlib.em from rising, and take last.theta.medians.",),
    why=("Twelve ages out of 300 turned the names round: the middle group earns most, as it should."),
)
def medians_with_twelve_ages():
    town = IncomeGroups([0.3, 0.45, 0.25], [16, 50, 32], 0.25).sample(300, seed=14)
    labels = np.where(np.arange(300) < 12, town.labels, -1)
    *_, last = em(IncomeMixture(town.incomes, labels), IncomeGroups([1 / 3] * 3, [20, 30, 40], 0.3), 500, 1e-6)
    return last.theta.medians


@exercise(
    "7.3",
    hints=("Bayes' rule: the weight of a group times the chance that its people tell, over the sum of all three.",),
    why=("0.0075 of 0.2325, about 3 in 100: that is the weight that counting gives to a quarter of the town."),
)
def old_among_those_who_tell():
    telling = np.array([0.3, 0.45, 0.25]) * [0.3, 0.3, 0.03]
    return telling[2] / telling.sum()
