"""Exercises of notebook 3."""

from ... import chapter
from ...algorithm import em
from ...coins import BinomialMixture
from ...page.checking import exercise


def _model():
    return BinomialMixture(chapter.heads, chapter.tosses)


@exercise(
    "3.1",
    hints=("Likelihood of 7 heads, times weight, divided by the sum of the three products. Give a list of three.",),
    why=("More heads speak for coin 3: its share is larger than for any outcome of Table 6.1."),
)
def seven_heads():
    return BinomialMixture([7], chapter.tosses).posterior(chapter.start)[0]


@exercise(
    "3.2",
    hints=("What does every row of Table 6.1 sum to, and how many rows are there?",),
    why=("Every row sums to 1, so she counts the rows of the table. The check on the sum of counts finds this bug."),
)
def forgotten_occurrences():
    table = _model().table(chapter.start)
    return sum(table[name].sum() for name in ("c_1", "c_2", "c_3"))


@exercise(
    "3.3",
    hints=("E-step and M-step once more, starting from the new weights and biases. Give a list of three.",),
    why=("The three biases have moved closer together. The next notebook follows them to the end."),
)
def second_iteration():
    *_, last = em(_model(), chapter.start, max_iterations=2)
    return last.theta.biases
