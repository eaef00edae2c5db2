"""Every number printed in section 6.3, against exact fractions that know nothing of emlib's formulas."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from oracle import joint

import emlib
from emlib import chapter

HEADS = [6, 5, 4, 2, 2, 6, 5, 5, 4, 2, 5, 2, 4, 4, 6, 4, 5, 6, 3, 3]
WEIGHTS = [Fraction(1, 4), Fraction(1, 2), Fraction(1, 4)]
BIASES = [Fraction(2, 5), Fraction(1, 2), Fraction(13, 20)]
OUTCOMES = sorted(set(HEADS))


def exact_numbers():
    """Label to the exact fractions behind the printed numbers, from the definitions."""
    joints = {x: [joint(x, 10, w, p) for w, p in zip(WEIGHTS, BIASES, strict=True)] for x in OUTCOMES}
    posteriors = {x: [value / sum(row) for value in row] for x, row in joints.items()}
    table_2 = {x: [HEADS.count(x) * value for value in row] for x, row in posteriors.items()}
    counts = [sum(column) for column in zip(*table_2.values(), strict=True)]
    heads = [sum(x * row[j] for x, row in table_2.items()) for j in range(3)]
    biases = [h / (10 * c) for h, c in zip(heads, counts, strict=True)]
    return {
        "(6.7)": [value / weight for value, weight in zip(joints[6], WEIGHTS, strict=True)],
        "(6.8)": joints[6],
        "(6.9)": posteriors[6],
        "Table 6.1": list(posteriors.values()),
        "(6.10)": counts,
        "(6.11)": [table_2[2][0]],
        "(6.12)": [table_2[4][2]],
        "Table 6.2": list(table_2.values()),
        "(6.13)": [heads[0]],
        "Table 6.3": heads,
        "(6.14)": [count / 20 for count in counts],
        "(6.15)": [biases[0]],
        "Table 6.4": biases,
    }


def emlib_numbers():
    """The same from emlib."""
    coins = emlib.BinomialMixture(chapter.heads, chapter.tosses)
    table = coins.table(chapter.start)
    posteriors = np.asarray(table)[:, 2:]
    statistics = coins.e_step(chapter.start)
    theta = coins.m_step(statistics)
    expected = posteriors * table["occurrences"][:, None]
    first = coins.posterior(chapter.start)[0]
    single = emlib.BinomialMixture([6], 10)
    likelihoods = [np.exp(single.log_likelihood(emlib.Coins([1], [bias]))) for bias in chapter.start.biases]
    return {
        "(6.7)": likelihoods,
        "(6.8)": likelihoods * chapter.start.weights,
        "(6.9)": first,
        "Table 6.1": posteriors,
        "(6.10)": statistics.counts,
        "(6.11)": expected[0, 0],
        "(6.12)": expected[2, 2],
        "Table 6.2": expected,
        "(6.13)": statistics.heads[0],
        "Table 6.3": statistics.heads,
        "(6.14)": theta.weights,
        "(6.15)": theta.biases[0],
        "Table 6.4": theta.biases,
    }


def test_data_and_start_are_the_chapters():
    assert list(chapter.heads) == HEADS and chapter.tosses == 10
    assert chapter.start.weights.tolist() == WEIGHTS
    assert chapter.start.biases.tolist() == [float(bias) for bias in BIASES]


@pytest.mark.parametrize("label", chapter.printed)
def test_printed_numbers(label):
    assert "agree" in chapter.compare(label, np.array(exact_numbers()[label], dtype=float))
    assert "agree" in chapter.compare(label, emlib_numbers()[label])


@pytest.mark.parametrize("label", chapter.printed)
def test_every_printed_digit_counts(label, monkeypatch):
    exact = np.array(exact_numbers()[label], dtype=float)
    original = chapter.printed[label]
    texts = np.ravel(original).tolist()
    for position, text in enumerate(texts):
        for place, digit in enumerate(text):
            if digit == ".":
                continue
            other = text[:place] + str((int(digit) + 1) % 10) + text[place + 1 :]
            monkeypatch.setitem(chapter.printed, label, (*texts[:position], other, *texts[position + 1 :]))
            with pytest.raises(AssertionError, match=f"number {position + 1}: computed {text}, printed {other}"):
                chapter.compare(label, exact)


def test_compare_says_how_many_numbers_agree():
    assert chapter.compare("(6.12)", 0.47205689) == "(6.12): the number agrees with the chapter in every printed digit"
    three = chapter.compare("Table 6.4", [0.3536485, 0.42787323, 0.51280134])
    assert three == "Table 6.4: all 3 numbers agree with the chapter in every printed digit"


def test_compare_refuses_what_the_chapter_does_not_print():
    with pytest.raises(ValueError, match=r"label must be one of \(6\.7\), \(6\.8\), .* it is '\(6\.99\)'"):
        chapter.compare("(6.99)", [1])
    with pytest.raises(ValueError, match="^values must be numbers"):
        chapter.compare("(6.7)", ["a", "b", "c"])
    with pytest.raises(ValueError, match="prints 3 numbers; values holds 2"):
        chapter.compare("(6.7)", [1, 2])


def test_convergence_from_the_chapters_start():
    coins = emlib.BinomialMixture(chapter.heads, chapter.tosses)
    steps = list(emlib.em(coins, chapter.start))
    assert steps[0].log_likelihood == pytest.approx(-38.92686931, abs=5e-9)
    assert steps[1].log_likelihood == pytest.approx(-35.41646413, abs=5e-9)
    assert steps[-1].log_likelihood == pytest.approx(-35.15260583249254, abs=1e-11)
    assert steps[-1].theta.biases == pytest.approx(0.415, abs=1e-10)
    assert steps[-1].theta.weights == pytest.approx([0.32650871, 0.54204597, 0.13144532], abs=5e-9)
    assert coins.log_likelihood(coins.pooled_fit()) == pytest.approx(-35.15260583249254, abs=1e-11)


def test_no_mixture_beats_one_coin_on_the_chapters_data():
    """D(p) = (p - 83/200)^2 Q(p) with Q < 0 on [0, 1], over the rationals."""
    root = Fraction(83, 200)
    assert Fraction(sum(HEADS), 200) == root
    # D in the Bernstein basis of degree 10: one coefficient per outcome.
    coefficients = [Fraction(HEADS.count(x)) / joint(x, 10, 1, root) - 20 for x in range(11)]
    quotient, first = divide_by_root(monomials(coefficients), root)
    quotient, second = divide_by_root(quotient, root)
    assert first == second == 0
    # A polynomial lies in the convex hull of its Bernstein coefficients; degree 9 is high enough to see the sign.
    assert max(bernstein(quotient, degree=9)) < 0
    grid = np.linspace(0, 1, 101)
    exact = [sum(quotient[i] * Fraction(p) ** i for i in range(9)) * (Fraction(p) - root) ** 2 for p in grid]
    coins = emlib.BinomialMixture(chapter.heads, chapter.tosses)
    assert emlib.gradient_function(coins, coins.pooled_fit(), grid) == pytest.approx(
        [float(d) for d in exact], abs=1e-9
    )


def monomials(bernstein_coefficients):
    n = len(bernstein_coefficients) - 1
    return [
        sum((-1) ** (k - i) * comb(n, k) * comb(k, i) * b for i, b in enumerate(bernstein_coefficients[: k + 1]))
        for k in range(n + 1)
    ]


def bernstein(monomial_coefficients, degree):
    return [
        sum(Fraction(comb(i, k), comb(degree, k)) * a for k, a in enumerate(monomial_coefficients[: i + 1]))
        for i in range(degree + 1)
    ]


def divide_by_root(coefficients, root):
    """Divide a polynomial (constant term first) by (p - root): quotient and remainder, by Horner's rule."""
    quotient, carry = [], Fraction(0)
    for coefficient in reversed(coefficients):
        carry = coefficient + root * carry
        quotient.append(carry)
    return quotient[-2::-1], quotient[-1]
