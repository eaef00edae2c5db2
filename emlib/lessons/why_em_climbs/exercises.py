"""Exercises of notebook 8."""

import numpy as np

from ... import chapter
from ...beyond.ascent import coordinate_ascent, divergence, full, hard
from ...coins import BinomialMixture, Coins
from ...data import B
from ...models.linkage import GeneticLinkage
from ...page.checking import exercise


@exercise(
    "8.1",
    hints=("The model has one sequence, emlib.BinomialMixture([4]); q is [[0, 1, 0]], theta is chapter.start.",),
    why=("A q that is sure of coin 2 costs minus the logarithm of the posterior of coin 2."),
)
def gap_of_certainty():
    return divergence(BinomialMixture([4]), [[0, 1, 0]], chapter.start)


@exercise(
    "8.2",
    hints=("coordinate_ascent(linkage, 0.5, full, 4) ends with iterations 3 and 4. Gap over gain, times 100.",),
    why=("Less is hidden in these counts, so the bound follows the likelihood closely and the gap is small."),
)
def share_of_the_gap():
    *_, before, after = coordinate_ascent(GeneticLinkage(), 0.5, full, 4)
    return 100 * after.divergence / (after.log_likelihood - before.log_likelihood)


@exercise(
    "8.3",
    hints=("Run coordinate_ascent(B, start, hard, 50); the answer is list(last.theta.biases).",),
    why=("Each bias is the share of heads in one pile of sequences: as in k-means, the piles have sharp borders."),
)
def hard_biases():
    *_, last = coordinate_ascent(BinomialMixture(B), Coins([1 / 3, 1 / 3, 1 / 3], [0.2, 0.5, 0.8]), hard, 50)
    return np.array(last.theta.biases)
