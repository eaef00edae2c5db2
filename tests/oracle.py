"""Independent answers for the tests: exact fractions and sums over every labelling. No emlib in here."""

from fractions import Fraction
from itertools import product
from math import comb, prod


def joint(heads, tosses, weight, bias):
    """P(X = x, Y = c_j), as an exact fraction."""
    weight, bias = Fraction(weight), Fraction(bias)
    return weight * comb(tosses, heads) * bias**heads * (1 - bias) ** (tosses - heads)


def brute_force(heads, tosses, weights, biases):
    """Likelihood, posteriors and expected statistics, as defined: by a sum over all K^N labellings, (6.2) line one."""
    coins, sequences = range(len(weights)), range(len(heads))
    likelihood = Fraction(0)
    posterior = [[Fraction(0)] * len(coins) for _ in sequences]
    for labels in product(coins, repeat=len(heads)):
        probability = prod((joint(heads[i], tosses[i], weights[j], biases[j]) for i, j in enumerate(labels)))
        likelihood += probability
        for i, j in enumerate(labels):
            posterior[i][j] += probability
    posterior = [[p / likelihood for p in row] for row in posterior]
    counts = [sum(posterior[i][j] for i in sequences) for j in coins]
    expected_heads = [sum(posterior[i][j] * heads[i] for i in sequences) for j in coins]
    expected_tosses = [sum(posterior[i][j] * tosses[i] for i in sequences) for j in coins]
    return likelihood, posterior, counts, expected_heads, expected_tosses
