"""Exercises: the right answer is told right, wrong ones get the hint, and answers are what the question asks."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from math import comb, log, sqrt

import numpy as np
import pytest
from oracle import joint
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit, softmax
from scipy.stats import binom, norm, poisson

from emlib.lessons import LESSONS, check, exercises
from emlib.models import IncomeGroups
from emlib.page.checking import advice

EXERCISES = {name: exercise for lesson in LESSONS for name, exercise in exercises(lesson).items()}
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


@pytest.mark.parametrize("name", EXERCISES)
def test_right_and_wrong_answers(name, capsys, monkeypatch):
    right = EXERCISES[name].answer()
    lesson = LESSONS[int(name.partition(".")[0]) - 1]
    monkeypatch.setitem(exercises(lesson), name, replace(EXERCISES[name], answer=lambda: right))  # computed once
    check(name, right.tolist() if isinstance(right, np.ndarray) else right)
    assert capsys.readouterr().out == f"Exercise {name}: right. {EXERCISES[name].why}\n"
    check(name, 2 * np.asarray(right) + 0.1)
    assert capsys.readouterr().out == f"Exercise {name}: not yet. {EXERCISES[name].hint}\n"
    check(name, "no idea")
    assert "not yet. Give " in capsys.readouterr().out
    check(name, ...)
    assert "replace the dots" in capsys.readouterr().out


A = (0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10)
B = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5, 6, 6, 7, 9, 10)
CHAPTER = (6, 5, 4, 2, 2, 6, 5, 5, 4, 2, 5, 2, 4, 4, 6, 4, 5, 6, 3, 3)
START = (QUARTER, HALF, QUARTER), (Fraction(2, 5), HALF, Fraction(13, 20))
BOYS = (3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7)


def posterior(heads, weights, biases):
    """Bayes' rule in exact fractions."""
    parts = [joint(heads, 10, w, p) for w, p in zip(weights, biases, strict=True)]
    return [part / sum(parts) for part in parts]


def one_iteration(data, weights, biases):
    rows = [(x, posterior(x, weights, biases)) for x in data]
    counts = [sum(row[j] for _, row in rows) for j in range(len(weights))]
    heads = [sum(x * row[j] for x, row in rows) for j in range(len(weights))]
    return [c / len(data) for c in counts], [h / (10 * c) for h, c in zip(heads, counts, strict=True)]


def highest(data, counts, tosses, weights, biases):
    """The summit that a direct search finds from a start: log-likelihood, weights and biases. No EM."""

    def unpack(z):
        return softmax([0, *z[: len(weights) - 1]]), expit(z[len(weights) - 1 :])

    heads, ways = np.asarray(data)[:, None], np.array([[comb(tosses, x)] for x in data], dtype=float)

    def minus(z):
        w, p = unpack(z)
        return -counts @ np.log(ways * p**heads * (1 - p) ** (tosses - heads) @ w)

    z = np.r_[np.log(weights[1:]) - np.log(weights[0]), logit(biases)]
    best = minimize(minus, z, method="BFGS", options={"gtol": 1e-7})
    return -best.fun, *unpack(best.x)


def hard_biases():
    """Every sequence goes to the likeliest coin, and every coin to the share of heads in its pile."""
    weights, biases = np.full(3, 1 / 3), np.array([0.2, 0.5, 0.8])
    for _ in range(50):
        pile = np.argmax(weights * binom.pmf(np.array(B)[:, None], 10, biases), axis=1)
        weights = np.bincount(pile, minlength=3) / len(B)
        biases = np.bincount(pile, B, 3) / (10 * np.bincount(pile, minlength=3))
    return biases


def missing_coin():
    """D(p) of the lower of the two summits of data B, over a fine grid."""
    top, _, _ = highest(B, np.ones(20), 10, [0.6, 0.3, 0.1], [0.15, 0.55, 0.95])
    height, weights, biases = highest(B, np.ones(20), 10, [1 / 3] * 3, [0.05, 0.3, 0.8])
    assert height < top - 1
    grid = np.linspace(0, 1, 1001)
    mixture = binom.pmf(np.array(B)[:, None], 10, biases) @ weights
    return (binom.pmf(np.array(B)[:, None], 10, grid) / mixture[:, None]).sum(axis=0).max() - 20


def linkage_gap():
    """Divergence over gain of the fourth iteration, in per cent; only the first class hides anything."""
    t, heights = [0.5], []
    for _ in range(4):
        hidden = 125 * t[-1] / (2 + t[-1])
        t.append((hidden + 34) / (hidden + 34 + 18 + 20))
    for s in t[-2:]:
        heights.append(125 * log(2 + s) + 38 * log(1 - s) + 34 * log(s))
    q, p = (s / (2 + s) for s in t[-2:])
    return 100 * 125 * (q * log(q / p) + (1 - q) * log((1 - q) / (1 - p))) / (heights[1] - heights[0])


def medians_of_a_town():
    """EM for log-normals with one spread; the first 12 people have told their groups."""
    town = IncomeGroups([0.3, 0.45, 0.25], [16, 50, 32], 0.25).sample(300, seed=14)
    logs, known = np.log(town.incomes), np.eye(3)[town.labels[:12]]
    weights, means, spread = np.full(3, 1 / 3), np.log([20, 30, 40]), 0.3
    for _ in range(500):
        shares = weights * norm.pdf(logs[:, None], means, spread)
        shares /= shares.sum(axis=1, keepdims=True)
        shares[:12] = known
        weights, means = shares.mean(axis=0), logs @ shares / shares.sum(axis=0)
        spread = np.sqrt((shares * (logs[:, None] - means) ** 2).sum() / 300)
    return np.exp(means)


def linkage_rate():
    """How much of a small change an iteration leaves, at the point that no iteration changes."""

    def step(t):
        hidden = 14 * t / (2 + t)
        return (hidden + 5) / (hidden + 5 + 0 + 1)

    t = brentq(lambda t: step(t) - t, 0.5, 1)
    return (step(t + 1e-6) - step(t - 1e-6)) / 2e-6


def bic_of_a_third_coin():
    heights = [
        highest(range(13), np.array(BOYS), 12, weights, biases)[0]
        for weights, biases in (([0.5, 0.5], [0.45, 0.57]), ([0.2, 0.6, 0.2], [0.4, 0.5, 0.62]))
    ]
    return 2 * log(sum(BOYS)) - 2 * (heights[1] - heights[0])


def chances_of_success():
    """Of geometric distributions, by a direct search for the highest likelihood."""
    misses, rounds = np.arange(10), np.array([84, 39, 20, 12, 8, 6, 5, 4, 3, 3])

    def minus(z):
        p, w = expit(z[:2]), expit(z[2])
        return -rounds @ np.log(w * p[0] * (1 - p[0]) ** misses + (1 - w) * p[1] * (1 - p[1]) ** misses)

    return expit(minimize(minus, [-1, 1, 0], method="BFGS", options={"gtol": 1e-8}).x[:2])


def last_coin():
    """All eight sequences of coins for heads, tails, heads, in exact fractions."""
    biases, total, second = (Fraction(1, 5), Fraction(7, 10)), 0, 0
    for labels in product((0, 1), repeat=3):
        p = HALF
        for before, now in pairwise(labels):
            p *= Fraction(9, 10) if before == now else Fraction(1, 10)
        for label, heads in zip(labels, (True, False, True), strict=True):
            p *= biases[label] if heads else 1 - biases[label]
        total, second = total + p, second + p * labels[-1]
    return second / total


def messages_about_the_first_topic():
    """Bayes' rule, message by message, in exact fractions; the first two have told their topics."""
    messages, expected = ((1, 1, 0), (0, 0, 1), (1, 0, 0), (0, 1, 1), (0, 0, 0)), Fraction(1)
    for message in messages[2:]:
        chances = []
        for told in messages[:2]:
            p = HALF
            for word, seen in zip(message, told, strict=True):
                bias = Fraction(seen + 1, 3)
                p *= bias if word else 1 - bias
            chances.append(p)
        expected += chances[0] / sum(chances)
    return expected


SPREAD = [Fraction(n) for n in (0, 1, 1, 2, 5, 6, 7, 8, 8, 9, 10, 10)]


def over_dispersion(counts):
    mean = sum(counts) / len(counts)
    return sum((x - mean) ** 2 for x in counts) / len(counts) / (mean * (1 - mean / 10))


ANSWERS = {
    "1.1": lambda: joint(2, 10, QUARTER, Fraction(2, 5)) * joint(6, 10, QUARTER, Fraction(13, 20)),
    "1.2": lambda: [Fraction(3 + 2 + 4, 30), Fraction(9 + 6, 20)],
    "1.3": lambda: sum(joint(6, 10, w, p) for w, p in zip(*START, strict=True)) ** 2,
    "2.1": lambda: (HALF * 2 + QUARTER * 5 + QUARTER * 7) / 10,
    "2.2": lambda: np.sum([posterior(x, [Fraction(1, 3)] * 3, START[1]) for x in CHAPTER], axis=0),
    "2.3": lambda: [Fraction(sum(A), 10 * len(A))] * 3,
    "3.1": lambda: posterior(7, *START),
    "3.2": lambda: len(set(CHAPTER)),
    "3.3": lambda: one_iteration(CHAPTER, *one_iteration(CHAPTER, *START))[1],
    "4.1": lambda: Fraction(sum(CHAPTER), 200),
    "4.2": lambda: over_dispersion([Fraction(n) for n in (3, 4, 5, 5, 6, 7)]),
    "4.3": lambda: 0,
    "5.1": lambda: next(n for n in range(1, 1000) if Fraction(95, 100) ** n <= Fraction(1, 100)),
    "5.2": missing_coin,
    "5.3": lambda: highest(B, np.ones(20), 10, [0.5, 0.5], [0.2, 0.8])[2][[0, 0, 1]],
    "6.1": lambda: [3 + 4 * HALF, 3 + 4 * Fraction(5, 8), 6],  # 5 of 8 and 3 of 8 after the first; 6 = 3 + 4 * 6 / 8
    "6.2": lambda: (Fraction(1, 10) * Fraction(6, 10) + HALF * Fraction(2, 10)) / (Fraction(1, 10) + HALF),
    "6.3": lambda: np.std([1, 2, 4, 7 / 3]) / np.std([1, 2, 4]),
    "7.1": lambda: 1 + 2 * norm.pdf(0) / (norm.pdf(0) + norm.pdf(1)) + 0,
    "7.2": medians_of_a_town,
    "7.3": lambda: Fraction(25 * 3, 30 * 30 + 45 * 30 + 25 * 3),
    "8.1": lambda: -log(posterior(4, *START)[1]),
    "8.2": linkage_gap,
    "8.3": hard_biases,
    "9.1": lambda: next(n for n in range(1, 1000) if Fraction(978, 1000) ** n <= Fraction(1, 10)),
    "9.2": linkage_rate,
    "9.3": lambda: Fraction(60, 100) + sum(Fraction(5, 100) * HALF**n for n in range(60)),
    "10.1": lambda: over_dispersion(SPREAD),
    "10.2": bic_of_a_third_coin,
    "10.3": lambda: sqrt(0.415 * 0.585 / 200),
    "11.1": lambda: poisson.pmf(0, 3) / poisson.pmf(0, [1, 3]).sum(),
    "11.2": chances_of_success,
    "11.3": last_coin,
    "12.1": lambda: Fraction(1 * 8, 1 * 8 + 3 * 6),
    "12.2": lambda: Fraction(1 * 1 * 8, 1 * 1 * 8 + 3 * 3 * 6),
    "12.3": lambda: Fraction(9 + 6, 9 + 6 + 3 + 2),
    "12.4": lambda: Fraction(0 + 1, 3 + 2),
    "12.5": messages_about_the_first_topic,
}


def test_every_exercise_has_an_answer_of_its_own_here():
    assert set(ANSWERS) == set(EXERCISES)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_worked_out_another_way(name):
    answer, right = EXERCISES[name].answer(), ANSWERS[name]()
    assert answer == pytest.approx(np.asarray(right, dtype=float) if np.ndim(right) else float(right), rel=1e-4)
    assert np.ndim(answer) == np.ndim(right)


def is_right(answer, right):
    return advice(answer, right) == ""


def test_rounding():
    assert is_right(0.333, 1 / 3) and not is_right(0.34, 1 / 3)
    assert is_right([0.1, 0.2], np.array([0.1, 0.2])) and not is_right([0.2, 0.1], np.array([0.1, 0.2]))
    assert is_right(comb(10, 4), 210) and not is_right(211, 210), "whole numbers are exact"
    assert is_right(" Coin 2 ", "coin 2")


@pytest.mark.parametrize(
    ("answer", "right", "said"),
    [
        (0.002, 0.00181, None),
        (0.00185, 0.00181, "Close: give three significant digits."),
        ("0.5", 0.5, "Give one number, without quotes."),
        ([0.5], 0.5, "Give one number, without quotes."),
        (0.49, np.array([0.49, 0.49, 0.49]), "Give a list of 3 numbers, without quotes."),
        (None, 0.5, "Give one number, without quotes."),
        (5.01, 5, None),
    ],
)
def test_form_and_last_digits(answer, right, said):
    assert advice(answer, right) == said


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match="name must be one of 1.1, .* it is '9.9'"):
        check("9.9", 1)
