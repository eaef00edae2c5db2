"""Exercises: the right answer is told right, wrong ones get the hint, and answers are what the question asks."""

import ast
import builtins
import inspect
import json
from fractions import Fraction
from itertools import pairwise, product
from math import comb, log, sqrt

import numpy as np
import pytest
from browser import ROOT
from oracle import joint
from scipy.optimize import brentq, linear_sum_assignment, minimize
from scipy.special import expit, logit, softmax
from scipy.stats import bernoulli, binom, expon, norm, poisson

from emlib import chapter
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


def second_toss():
    """Heads twice, against the square of heads once: 433/1600 and 1681/6400."""
    once, twice = (sum(w * p**n for w, p in zip(*START, strict=True)) for n in (1, 2))
    return "more probable" if twice > once**2 else "as probable"


def half_labelled(heads, labels, theta):
    """The sum over all labellings that agree with the labels that are known."""
    allowed = [range(3) if label is None else [label] for label in labels]
    return sum(
        np.prod([joint(x, 10, theta.weights[j], theta.biases[j]) for x, j in zip(heads, labelling, strict=True)])
        for labelling in product(*allowed)
    )


def height(heads, theta):
    """The log-likelihood of mixed coins."""
    weights, biases = np.asarray(theta)
    return np.log(binom.pmf(np.array(heads)[:, None], 10, biases) @ weights).sum()


def climbed(heads, weights, biases, iterations):
    """Where plain EM is after so many iterations; coins of weight 0 rest."""
    heads, (weights, biases) = np.array(heads), np.array([weights, biases], dtype=float)
    used = weights > 0
    for _ in range(iterations):
        shares = weights[used] * binom.pmf(heads[:, None], 10, biases[used])
        shares /= shares.sum(axis=1, keepdims=True)
        weights[used], biases[used] = shares.mean(axis=0), heads @ shares / (10 * shares.sum(axis=0))
    return weights, biases


def pairs(heads, weights, biases):
    return [[heads.count(x) * share for share in posterior(x, weights, biases)] for x in sorted({*heads})]


def another_head_and_coin():
    before, after = (one_iteration(data, *START)[1] for data in (CHAPTER, (*CHAPTER, 10)))
    changes = [abs(b - a) for a, b in zip(before, after, strict=True)]
    return f"coin {1 + changes.index(max(changes))}"


def two_tossed_again():
    _, biases = climbed([*CHAPTER[:2], 0, *CHAPTER[3:8], 8, *CHAPTER[9:]], [0.5, 0.5], [0.41, 0.42], 10)
    return "part" if biases[1] - biases[0] > 0.01 else "meet"


def distance_by_aitken(path):
    one, two, three = path[-3:]
    return abs((one * three - two**2) / (one + three - 2 * two) - three)


def settled(model, theta, tolerance):
    """The first of all iterations whose biases are those of the one before."""
    path = [climbed(model.heads, *np.asarray(theta), n) for n in range(1 if tolerance < 0.001 else 50)]
    for before, after in pairwise(path):
        if np.abs(after[1] - before[1]).max() < tolerance:
            return after
    return climbed(model.heads, *np.asarray(theta), 300)


def all_high():
    low, high = (
        highest(A, np.ones(20), 10, [1 / 3] * 3, biases)[0] for biases in ([0.2, 0.85, 0.95], [0.02, 0.3, 0.9])
    )
    assert low < high - 1
    end = height(A, climbed(A, [1 / 3] * 3, [0.7, 0.8, 0.9], 100))
    return "lower" if abs(end - low) < 0.1 else "higher"


def many_starts(model, starts):
    ends = [climbed(model.heads.tolist(), start.weights, start.biases, 100) for start in starts]
    return max(ends, key=lambda theta: height(model.heads, theta))


def coin_by_coin(runs):
    coins = [sorted(zip(run.biases, run.weights, strict=True)) for run in runs]
    return np.mean(coins, axis=0).T[::-1]


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
    """All eight sequences of coins for tails, heads, heads, in exact fractions."""
    biases, total, second = (Fraction(1, 5), Fraction(7, 10)), 0, 0
    for labels in product((0, 1), repeat=3):
        p = HALF
        for before, now in pairwise(labels):
            p *= Fraction(9, 10) if before == now else Fraction(1, 10)
        for label, heads in zip(labels, (False, True, True), strict=True):
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
        for told, weight in zip(messages[:2], (Fraction(3, 5), Fraction(2, 5)), strict=True):
            p = weight
            for word, seen in zip(message, told, strict=True):
                bias = Fraction(seen + 1, 3)
                p *= bias if word else 1 - bias
            chances.append(p)
        expected += chances[0] / sum(chances)
    return expected


def what_doubles():
    """One iteration on the chapter's sequences, and on each of them twice, in exact fractions."""
    assert one_iteration(CHAPTER, *START) == one_iteration(CHAPTER + CHAPTER, *START), "neither weights nor biases"
    return "the counts"


def biases_by_loops(posterior, heads, tosses):
    def sums(j, times):
        return sum(row[j] * number for row, number in zip(posterior, times, strict=True))

    return [sums(j, heads) / sums(j, [tosses] * len(heads)) for j in range(len(posterior[0]))]


def counts_by_loops(likelihood, weights):
    rows = [[f * w for f, w in zip(row, weights, strict=True)] for row in likelihood]
    return [sum(row[j] / sum(row) for row in rows) for j in range(len(weights))]


def log_likelihood_person_by_person(joint, labels):
    people = zip(joint.tolist(), labels.tolist(), strict=True)
    return sum(log(row[label] if label in range(len(row)) else sum(row)) for row, label in people)


def spread_of_highest_likelihood(logs, r):
    """By a search for the highest expected complete-data log-likelihood, over means and spread at once."""

    def minus(z):
        return -np.sum(r * norm.logpdf(logs[:, None], z[:-1], np.exp(z[-1])))

    best = minimize(minus, [*np.full(r.shape[1], logs.mean()), 0], method="BFGS", options={"gtol": 1e-7})
    return np.exp(best.x[-1])


def biases_of_messages(x, r):
    """Message by message, in fractions, with the two messages that smoothing adds."""
    rows = [[1] * x.shape[1], [0] * x.shape[1], *x.tolist()]
    shares = [[1] * r.shape[1]] * 2 + [[Fraction(share) for share in row] for row in r.tolist()]
    return [
        [
            float(sum(s[k] * row[d] for row, s in zip(rows, shares, strict=True)) / sum(s[k] for s in shares))
            for d in range(x.shape[1])
        ]
        for k in range(r.shape[1])
    ]


def messages_in_two_topics(x, labels, w, p):
    """All labellings that the known labels allow, each by its probability."""
    total, counts = 0, np.zeros(2)
    for topics in product((0, 1), repeat=len(x)):
        if all(label in (-1, k) for label, k in zip(labels, topics, strict=True)):
            chance = np.prod([w[k] * bernoulli.pmf(row, p[k]).prod() for row, k in zip(x, topics, strict=True)])
            total, counts = total + chance, counts + chance * np.bincount(topics, minlength=2)
    return counts / total


def agreement(first, second, coins):
    """The best one-to-one partners, by linear assignment."""
    together = np.zeros((coins, coins))
    np.add.at(together, (first, second), 1)
    return together[linear_sum_assignment(together, maximize=True)].sum()


def first_small_step(biases, tolerance):
    steps = [max(abs(a - b) for a, b in zip(*two, strict=True)) for two in pairwise(biases.tolist())]
    return next(k for k, step in enumerate(steps, start=1) if step <= tolerance)


def height_with_ages(theta):
    """What twelve known ages do to the log-likelihood, if it is the same in many places."""
    town = IncomeGroups([0.3, 0.45, 0.25], [16, 50, 32], 0.25).sample(300, seed=0)
    logs, ages = np.log(town.incomes[:12])[:, None], town.labels[:12]
    rows = theta[:, :3, None] * norm.pdf(logs.T, np.log(theta[:, 3:, None]), 0.3)
    return np.log(rows[:, ages, np.arange(12)]).sum(axis=1) - np.log(rows.sum(axis=1)).sum(axis=1)


def lower_or_higher():
    generator = np.random.default_rng(0)
    change = height_with_ages(np.hstack([generator.dirichlet([2] * 3, 50), generator.uniform(10, 60, (50, 3))]))
    return "lower" if np.all(change < 0) else "higher" if np.all(change > 0) else "it depends"


SPREAD = [Fraction(n) for n in (0, 1, 1, 2, 5, 6, 7, 8, 8, 9, 10, 10)]


def over_dispersion(counts):
    mean = sum(counts) / len(counts)
    return sum((x - mean) ** 2 for x in counts) / len(counts) / (mean * (1 - mean / 10))


def never_told():
    """Two questions; who says 1 to the first is not asked the second. EM on a table, from two starts."""
    ends = []
    for start in ([[0.2, 0.3], [0.1, 0.4]], [[0.2, 0.3], [0.35, 0.15]]):
        table = np.array(start)
        for _ in range(50):
            table = (np.array([[10.0, 20.0], [0.0, 0.0]]) + 30 * np.diag([0, 1]) @ table / table[1].sum()) / 60
        ends.append((table[1] / table[1].sum()).tolist())
    return "the start" if np.allclose(ends, [[0.2, 0.8], [0.7, 0.3]]) else "another"


def split_by_listing(theta, given):
    """All complete rows, one at a time."""
    fits = {
        row: theta[row] * all(star in (0, place + 1) for star, place in zip(given, row, strict=True))
        for row in product(*map(range, theta.shape))
    }
    return np.array([share / sum(fits.values()) for share in fits.values()]).reshape(theta.shape)


def chances_one_by_one(posterior, given):
    table = np.zeros((3, posterior.shape[1]))
    for shares, star in zip(posterior, given, strict=True):
        for kind, share in enumerate(shares):
            answered = sum(row[kind] for row, other in zip(posterior, given, strict=True) if other > 0)
            if star > 0:
                table[star - 1, kind] += share / answered
    return table


def which_part_is_safe():
    """Of the way from t to the M-step's, on a fine grid of t, by the formula of the likelihood."""

    def height(t):
        return 125 * np.log(2 + t) + 38 * np.log(1 - t) + 34 * np.log(t)

    t = np.linspace(0.01, 0.99, 999)
    hidden = 125 * t / (2 + t)
    step = (hidden + 34) / (hidden + 72) - t
    assert np.all(height(t + step / 2) >= height(t))
    t, step = t[np.abs(step) < 0.05], step[np.abs(step) < 0.05]
    assert np.any(height(t + 3 * step) < height(t))
    return "half the way"


def bound_by_loops(q, joint, occurrences):
    terms = (
        (n, share, p)
        for n, shares, row in zip(occurrences, q, joint, strict=True)
        for share, p in zip(shares, row, strict=True)
    )
    return sum(n * share * log(p / share) for n, share, p in terms if share > 0)


def bound_of_the_twenty(q, theta):
    """Sequence by sequence; the rows of q are for 2 to 6 heads."""
    total = 0
    for x in CHAPTER:
        for share, w, p in zip(q[x - 2], theta.weights, theta.biases, strict=True):
            total += share * log(joint(x, 10, w, p) / share)
    return total


def same_pace():
    """The slope of the EM map where it rests, for the animals and for ten times as many."""

    def rate(times):
        def step(t):
            hidden = times * 125 * t / (2 + t)
            return (hidden + times * 34) / (hidden + times * 72)

        t = brentq(lambda t: step(t) - t, 0.1, 0.9)
        return (step(t + 1e-6) - step(t - 1e-6)) / 2e-6

    return {-1: "faster", 0: "as fast as before", 1: "slower"}[round(rate(10) - rate(1), 6)]


def iterations_to_come(estimates, close):
    """Step after step, and the end is where a thousand steps lead."""
    *_, t0, t1, t2 = estimates
    steps = [(t2 - t1) * ((t2 - t1) / (t1 - t0)) ** n for n in range(1, 1000)]
    return next(n for n in range(1000) if abs(sum(steps[n:])) <= close)


def first_near_iteration(heights, close):
    """The gap is what the gains to come would add up to; where they do not shrink, there is no end to it."""
    for i in range(2, len(heights)):
        gain, before = heights[i] - heights[i - 1], heights[i - 1] - heights[i - 2]
        to_come = sum(gain * (gain / before) ** n for n in range(1, 400)) if gain < before else np.inf
        if to_come < close:
            return i
    return len(heights) - 1


def judges_of_twice_the_families():
    counts = 2 * np.array(BOYS)
    heights = [
        highest(range(13), counts, 12, weights, biases)[0]
        for weights, biases in (([0.5, 0.5], [0.45, 0.57]), ([0.2, 0.6, 0.2], [0.4, 0.5, 0.62]))
    ]
    aic = [2 * k - 2 * height for k, height in zip((3, 5), heights, strict=True)]
    bic = [k * log(counts.sum()) - 2 * height for k, height in zip((3, 5), heights, strict=True)]
    wanted = [name for name, (two, three) in (("AIC", aic), ("BIC", bic)) if three < two]
    return " and ".join(wanted) or "neither"


def slope_towards_a_new_coin(p, counts, theta):
    """D(p) is the slope of the log-likelihood as the new coin takes weight from all others."""
    heads, tosses = np.arange(len(counts)), len(counts) - 1
    old = binom.pmf(heads[:, None], tosses, theta.biases) @ theta.weights

    def height(weight):
        return counts @ np.log((1 - weight) * old + weight * binom.pmf(heads, tosses, p))

    return (height(1e-6) - height(-1e-6)) / 2e-6


def chance_by_tosses(heads, tosses):
    """Toss by toss, with other random numbers."""
    rng = np.random.default_rng(5)
    worlds = (rng.random((4000, len(heads), tosses)) < sum(heads) / (tosses * len(heads))).sum(axis=2)
    return np.mean(worlds.var(axis=1) > np.var(heads) - 1e-9)


class Exponentials:
    """Only what the exercise asks for, each wait as often as it was made."""

    def __init__(self, waits, occurrences):
        self.waits = np.repeat(waits, occurrences)
        self.distinct = waits

    def log_joint(self, theta):
        densities = [[w * expon.pdf(x, scale=1 / r) for w, r in zip(*theta, strict=True)] for x in self.distinct]
        return np.log(densities)

    def e_step(self, theta):
        shares = np.array([[w * expon.pdf(x, scale=1 / r) for w, r in zip(*theta, strict=True)] for x in self.waits])
        return shares / shares.sum(axis=1, keepdims=True)

    def m_step(self, shares):
        return shares.mean(axis=0), 1 / np.average(np.tile(self.waits, (shares.shape[1], 1)).T, axis=0, weights=shares)


def day_by_day(model, theta):
    """One iteration, with every day by itself."""
    deaths = np.repeat(model.counts, model.occurrences)
    shares = theta.weights * poisson.pmf(deaths[:, None], theta.rates)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares.mean(axis=0), deaths @ shares / shares.sum(axis=0)


ANSWERS = {
    "0.1": lambda: 2 * 4 + 3 * 2 + 4 * 5 + 5 * 5 + 6 * 4,  # the occurrences of Table 6.1
    "1.1": lambda: joint(2, 10, QUARTER, Fraction(2, 5)) * joint(6, 10, QUARTER, Fraction(13, 20)),
    "1.2": lambda: [Fraction(3 + 2 + 4, 30), Fraction(9 + 6, 20)],
    "1.3": lambda: sum(joint(6, 10, w, p) for w, p in zip(*START, strict=True)) ** 2,
    "1.4": second_toss,
    "1.5": half_labelled,
    "1.6": height,
    "2.1": lambda: (HALF * 2 + QUARTER * 5 + QUARTER * 7) / 10,
    "2.2": lambda: np.sum([posterior(x, [Fraction(1, 3)] * 3, START[1]) for x in CHAPTER], axis=0),
    "2.3": lambda: [Fraction(sum(A), 10 * len(A))] * 3,
    "2.4": what_doubles,
    "2.5": biases_by_loops,
    "2.6": counts_by_loops,
    "3.1": lambda: posterior(7, *START),
    "3.2": lambda: len(set(CHAPTER)),
    "3.3": lambda: one_iteration(CHAPTER, *one_iteration(CHAPTER, *START))[1],
    "3.4": another_head_and_coin,
    "3.5": pairs,
    "3.6": one_iteration,
    "4.1": lambda: Fraction(sum(CHAPTER), 200),
    "4.2": lambda: over_dispersion([Fraction(n) for n in (3, 4, 5, 5, 6, 7)]),
    "4.3": lambda: 0,
    "4.4": two_tossed_again,
    "4.5": distance_by_aitken,
    "4.6": settled,
    "5.1": lambda: next(n for n in range(1, 1000) if Fraction(95, 100) ** n <= Fraction(1, 100)),
    "5.2": missing_coin,
    "5.3": lambda: highest(B, np.ones(20), 10, [0.5, 0.5], [0.2, 0.8])[2][[0, 0, 1]],
    "5.4": all_high,
    "5.5": many_starts,
    "5.6": coin_by_coin,
    "6.1": lambda: [3 + 4 * HALF, 3 + 4 * Fraction(5, 8), 6],  # 5 of 8 and 3 of 8 after the first; 6 = 3 + 4 * 6 / 8
    "6.2": lambda: (Fraction(1, 10) * Fraction(6, 10) + HALF * Fraction(2, 10)) / (Fraction(1, 10) + HALF),
    "6.3": lambda: np.std([1, 2, 4, 7 / 3]) / np.std([1, 2, 4]),
    "6.4": never_told,
    "6.5": split_by_listing,
    "6.6": chances_one_by_one,
    "7.1": lambda: 1 + 2 * norm.pdf(0) / (norm.pdf(0) + norm.pdf(1)) + 0,
    "7.2": medians_of_a_town,
    "7.3": lambda: Fraction(25 * 3, 30 * 30 + 45 * 30 + 25 * 3),
    "7.4": lower_or_higher,
    "7.5": log_likelihood_person_by_person,
    "7.6": spread_of_highest_likelihood,
    "8.1": lambda: -log(posterior(4, *START)[1]),
    "8.2": linkage_gap,
    "8.3": hard_biases,
    "8.4": which_part_is_safe,
    "8.5": bound_by_loops,
    "8.6": bound_of_the_twenty,
    "9.1": lambda: next(n for n in range(1, 1000) if Fraction(985, 1000) ** n <= Fraction(1, 10)),
    "9.2": linkage_rate,
    "9.3": lambda: Fraction(40, 100) + sum(Fraction(20, 100) / 5**n for n in range(40)),
    "9.4": same_pace,
    "9.5": iterations_to_come,
    "9.6": first_near_iteration,
    "10.1": lambda: over_dispersion(SPREAD),
    "10.2": bic_of_a_third_coin,
    "10.3": lambda: sqrt(0.415 * 0.585 / 200),
    "10.4": judges_of_twice_the_families,
    "10.5": slope_towards_a_new_coin,
    "10.6": chance_by_tosses,
    "11.1": lambda: poisson.pmf(0, 3) / poisson.pmf(0, [1, 3]).sum(),
    "11.2": chances_of_success,
    "11.3": last_coin,
    "11.4": lambda: "lower" if norm.logpdf(150, 100, 50) < norm.logpdf(1.5, 1, 0.5) else "higher",
    "11.5": Exponentials,
    "11.6": day_by_day,
    "12.1": lambda: Fraction(1 * 8, 1 * 8 + 3 * 6),
    "12.2": lambda: Fraction(1 * 1 * 8, 1 * 1 * 8 + 3 * 3 * 6),
    "12.3": lambda: Fraction(9 + 6, 9 + 6 + 3 + 7),
    "12.4": lambda: Fraction(0 + 1, 3 + 2),
    "12.5": messages_about_the_first_topic,
    "12.6": lambda: "cooking" if Fraction(0 + 1, 1 + 2) > Fraction(0 + 1, 6 + 2) else "football",
    "12.7": biases_of_messages,
    "12.8": messages_in_two_topics,
    "13.1": true_sentences,
    "13.2": None,  # any start that ends low: test_misconceptions.py
    "13.3": lambda: next(x for x in range(21) if Fraction(9, 5) ** x * Fraction(1, 5) ** (20 - x) > 99),
    "13.4": lambda: brentq(lambda w: w * binom.pmf(10, 10, 0.6) - (1 - w) * binom.pmf(10, 10, 0.5), 0.01, 0.99),
    "13.5": lambda: next(n for n in range(99) if 2**n > 999_999),
    "13.6": None,  # any counts that one coin explains best: test_misconceptions.py
    "13.7": agreement,
    "13.8": first_small_step,
}


def test_every_exercise_has_an_answer_of_its_own_here():
    assert set(EXERCISES) - set(ANSWERS) == set(ANSWERS) - set(EXERCISES) == set(), "a line in ANSWERS"
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


def programs():
    return [name for name, exercise in EXERCISES.items() if "untouched" in exercise.mistakes]


@pytest.mark.parametrize("name", programs())
def test_the_planted_bug_is_the_one_in_the_notebook(name):
    cells = ["".join(cell["source"]) for cell in json.loads(notebook(name).read_bytes())["cells"]]
    cell = next(cell for cell in cells if f'check("{name}"' in cell)
    kept = inspect.getsource(EXERCISES[name].mistakes["untouched"][0])
    (shown,), (known,) = (
        [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)] for code in (cell, kept)
    )
    assert [*map(ast.dump, (shown.args, *shown.body))] == [*map(ast.dump, (known.args, *known.body))]
    assert shown.name == EXERCISES[name].solution.__name__


def untouched(name, *arguments):
    return EXERCISES[name].mistakes["untouched"][0](*arguments)


class TestPlantedBugsDoWhatTheQuestionSays:
    def test_a_log_likelihood_is_always_too_low(self):
        for heads, theta in EXERCISES["1.6"].cases.values():
            assert untouched("1.6", heads, theta) < height(heads, theta)

    def test_an_iteration_climbs_and_then_falls(self):
        thetas = [np.asarray(chapter.start)]
        for _ in range(2):
            thetas.append(np.array(untouched("3.6", list(CHAPTER), *thetas[-1])))
        start, once, twice = (height(CHAPTER, theta) for theta in thetas)
        assert start < once > twice and np.allclose([theta[0].sum() for theta in thetas], 1)

    def test_a_rule_stops_after_one_iteration(self):
        model, start, _ = EXERCISES["4.6"].cases["the chapter's start"]
        stopped = untouched("4.6", model, start, 1e-12)
        assert np.asarray(stopped) == pytest.approx(np.array(one_iteration(CHAPTER, *START), dtype=float))

    def test_an_average_is_lower_than_each_run(self):
        (runs,) = EXERCISES["5.6"].cases["three runs, their coins numbered differently"]
        assert height(A, untouched("5.6", runs)) < min(height(A, theta) for theta in runs) - 0.1

    def test_at_the_summit_the_likelihood_falls_where_groups_differ_in_size(self):
        for logs, r in EXERCISES["7.6"].cases.values():
            summit, spread = spread_of_highest_likelihood(logs, r), untouched("7.6", logs, r)
            means = logs @ r / r.sum(axis=0)
            before, after = (np.sum(r * norm.logpdf(logs[:, None], means, s)) for s in (summit, spread))
            assert after < before - 1e-4

    def test_counts_sum_to_more_than_there_are_messages(self):
        for x, labels, w, p in EXERCISES["12.8"].cases.values():
            many = untouched("12.8", x, labels, w, p).sum()
            assert many > len(x) + 0.1 if np.any(labels >= 0) else many == pytest.approx(len(x))

    def test_a_rule_is_content_where_all_coins_fall(self):
        biases, tolerance = EXERCISES["13.8"].cases["two coins that fall"]
        assert untouched("13.8", biases, tolerance) == 1 and np.all(biases[1] < biases[0] - tolerance)


def test_an_unknown_exercise_is_named():
    for ask in (hint, lambda name: check(name, 1)):
        with pytest.raises(ValueError, match="name must be one of 0.1, .* it is '99.9'"):
            ask("99.9")
