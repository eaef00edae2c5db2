"""Exercises: the right answer is told right, wrong ones get the hint, and answers are what the question asks."""

import ast
import builtins
import json
from fractions import Fraction
from itertools import pairwise, product
from math import comb, log, sqrt

import numpy as np
import pytest
from browser import ROOT
from oracle import joint
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit, softmax
from scipy.stats import binom, norm, poisson

from emlib.lessons import LESSONS, check, exercises, hint
from emlib.models import IncomeGroups

EXERCISES = {name: exercise for lesson in LESSONS for name, exercise in exercises(lesson).items()}
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def said(name, answer, capsys):
    result = check(name, answer)
    return result, capsys.readouterr().out


@pytest.mark.parametrize("name", EXERCISES)
def test_right_wrong_and_no_answers(name, capsys, monkeypatch):
    exercise = EXERCISES[name]
    if exercise.cases:
        answer, nothing, senseless = exercise.solution, lambda *arguments: None, "no idea"
    else:
        answer, nothing, senseless = exercise.solution(), ..., lambda: 3
        monkeypatch.setattr(exercise, "solution", lambda: answer)  # computed once
    result, words = said(name, answer, capsys)
    assert (result.correct, result.mistake) == (True, None)
    assert words == f"Exercise {name}: right. {exercise.why}\n" and len(exercise.why) > 20
    for mistake, (wrong, says) in exercise.mistakes.items():
        result, words = said(name, wrong if exercise.cases else wrong(), capsys)
        assert (result.correct, result.mistake) == (False, mistake)
        assert words == f"Exercise {name}: not yet. {says}\n" and len(says) > 20
    for empty in (nothing, ...):
        result, words = said(name, empty, capsys)
        assert (result.correct, result.mistake) == (None, None) and "replace the dots" in words
    assert said(name, senseless, capsys)[0].mistake == (
        None if isinstance(answer, str) and not exercise.choices else "form"
    )
    assert not exercise.hints or exercise.asked == 0, "no hint was given without being asked for"


def notebook(name):
    number = int(name.partition(".")[0])
    return next((ROOT / "notebooks").glob(f"{number:02}-*.ipynb"))


@pytest.mark.parametrize("name", EXERCISES)
def test_the_worked_answer_runs_in_its_notebook(name):
    """It comes after the hints, and every name in it is one that the notebook has, or Python."""
    exercise = EXERCISES[name]
    assert exercise.hints
    shown = [exercise.hint() for _ in range(len(exercise.hints) + 1)]
    assert all(f"Hint {k} of" in text for k, text in enumerate(shown[:-1], start=1))
    code = shown[-1].partition("\n\n")[2]
    cells = [cell for cell in json.loads(notebook(name).read_bytes())["cells"] if cell["cell_type"] == "code"]
    known = set(dir(builtins)).union(*(bound("".join(cell["source"])) for cell in cells))
    assert used(code) - bound(code) <= known
    assert exercise.cases or "answer" in bound(code)


def bound(code):
    """Names that a piece of code makes, also those of arguments and comprehensions."""
    tree = list(ast.walk(ast.parse(code)))
    names = {node.id for node in tree if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.name for node in tree if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    names |= {node.arg for node in tree if isinstance(node, ast.arg)}
    imports = (node for node in tree if isinstance(node, (ast.Import, ast.ImportFrom)))
    return names | {alias.asname or alias.name for node in imports for alias in node.names}


def used(code):
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_exercise_stands_in_its_notebook_and_its_answer_does_not(name):
    cells = ["".join(cell["source"]) for cell in json.loads(notebook(name).read_bytes())["cells"]]
    assert sum(f'check("{name}"' in cell for cell in cells) == 1
    assert f"**{name}**" in "".join(cells) or f"**Exercise {name}" in "".join(cells)


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


def true_sentences():
    """Of notebook 13's eight: theorems on whole fractions of a small mixture, and a counterexample for each other."""
    weights, biases, data = [QUARTER, HALF, QUARTER], [Fraction(1, 5), HALF, Fraction(4, 5)], (0, 3, 3, 7, 10)
    rows = [posterior(x, weights, biases) for x in data]
    averages = [sum(row[j] for row in rows) / 5 for j in range(3)]
    alike = one_iteration(A, [Fraction(1, 5), HALF, Fraction(3, 10)], [HALF] * 3)
    twins = one_iteration(B, *one_iteration(B, [QUARTER, QUARTER, HALF], [QUARTER, QUARTER, HALF]))
    renamed = posterior(2, weights[::-1], biases[::-1])
    # A weight or a bias may be left as it is: the fourth coin of weight 0 is a mixture of three.
    four = sum(joint(3, 10, w, p) for w, p in zip([*weights, 0], [*biases, HALF], strict=True))
    sharp = [posterior(x, [HALF, HALF], [Fraction(0), Fraction(1)]) for x in (0, 0, 10)]
    holds = {
        "a": four == sum(joint(3, 10, w, p) for w, p in zip(weights, biases, strict=True)),
        "b": averages == one_iteration(data, weights, biases)[0],
        "c": all(row == weights for row in rows),
        "d": np.argmax(renamed) == np.argmax(posterior(2, weights, biases)),
        "e": twins[1][0] != twins[1][1],  # else it can rest on twins, which is no maximum where two coins are better
        "f": alike[1] == [Fraction(sum(A), 200)] * 3,
        "g": 1 / Fraction(10**6) > (1 - 1 / Fraction(10**6)) / 2**10,
        "h": [sum(row[j] for row in sharp) for j in (0, 1)] == [2, 1],
    }
    return "".join(letter for letter in holds if holds[letter])


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
    "0.1": lambda: 2 * 4 + 3 * 2 + 4 * 5 + 5 * 5 + 6 * 4,  # the occurrences of Table 6.1
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
    "13.1": true_sentences,
    "13.2": None,  # any start that ends low: test_misconceptions.py
    "13.3": lambda: next(x for x in range(21) if Fraction(9, 5) ** x * Fraction(1, 5) ** (20 - x) > 99),
    "13.4": lambda: brentq(lambda w: w * binom.pmf(10, 10, 0.6) - (1 - w) * binom.pmf(10, 10, 0.5), 0.01, 0.99),
    "13.5": lambda: next(n for n in range(99) if 2**n > 999_999),
    "13.6": None,  # any counts that one coin explains best: test_misconceptions.py
}


def test_every_exercise_has_an_answer_of_its_own_here():
    assert set(ANSWERS) == set(EXERCISES)
    assert {name for name, answer in ANSWERS.items() if answer is None} == {n for n, e in EXERCISES.items() if e.fits}


@pytest.mark.parametrize("name", [name for name, answer in ANSWERS.items() if answer])
def test_answers_worked_out_another_way(name):
    exercise, other = EXERCISES[name], ANSWERS[name]
    if exercise.cases:  # a function of one's own
        answer, right = exercise.values(exercise.solution), exercise.values(other)
    else:
        answer, right = exercise.solution(), other()
    if isinstance(right, str):
        assert answer == right
        return
    for one, another in zip(*((answer, right) if exercise.cases else ([answer], [right])), strict=True):
        assert np.shape(one) == np.shape(another)
        assert np.asarray(one, dtype=float) == pytest.approx(np.asarray(another, dtype=float), rel=1e-4, abs=1e-9)


def test_an_unknown_exercise_is_named():
    for ask in (hint, lambda name: check(name, 1)):
        with pytest.raises(ValueError, match="name must be one of 0.1, .* it is '99.9'"):
            ask("99.9")
