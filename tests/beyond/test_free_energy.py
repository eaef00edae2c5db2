"""The free energy and the variants of EM that climb it, against exact sums, scipy and each other, on random models."""

from itertools import product
from math import log, log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import joint
from scipy.optimize import minimize, minimize_scalar

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import (
    PartitionedModel,
    coordinate_ascent,
    divergence,
    free_energy,
    full,
    hard,
    incremental,
    sparse,
    tempered,
)
from emlib.models import Classes, GeneticLinkage, IncomeGroups, IncomeMixture, JointCategorical, NaiveBayes

A = BinomialMixture(emlib.data.A)
TWO_HIGH = Coins([1 / 3, 1 / 3, 1 / 3], [0.2, 0.8, 0.9])


def coins(generator):
    tosses = generator.integers(1, 12, generator.integers(1, 15))
    k = generator.integers(1, 5)
    model = BinomialMixture(generator.integers(0, tosses + 1), tosses, learn_weights=bool(generator.integers(2)))
    return model, Coins(generator.dirichlet(np.ones(k)), generator.random(k))


def naive_bayes(generator):
    n, k = generator.integers(2, 20), generator.integers(2, 4)
    features = generator.choice([0, 1, 2, np.nan], (n, 3), p=[0.4, 0.3, 0.2, 0.1])
    labels = np.where(generator.random(n) < 0.3, generator.integers(0, k, n), -1)
    theta = Classes(generator.dirichlet(np.ones(k)), generator.dirichlet(np.ones(3), (k, 3)))
    return NaiveBayes(features, values=(0, 1, 2), labels=labels), theta


def incomes(generator):
    n, k = generator.integers(5, 20), generator.integers(1, 4)
    labels = np.where(generator.random(n) < 0.2, generator.integers(0, k, n), -1)
    theta = IncomeGroups(generator.dirichlet(np.ones(k)), generator.uniform(10, 40, k), generator.uniform(0.2, 1))
    return IncomeMixture(generator.lognormal(3, 1, n), labels), theta


def linkage(generator):
    return GeneticLinkage(generator.integers(1, 100, 4)), generator.uniform(0.01, 0.99)


def ratings(generator):
    answers = generator.choice([1, 2, 3, np.nan], (generator.integers(2, 15), 2))
    return JointCategorical(answers, values=(1, 2, 3)), generator.dirichlet(np.ones(9)).reshape(3, 3)


@st.composite
def problems(draw):
    """One of five kinds of model on random data, random parameters, and a q: anything, zeros included, that can be."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    model, theta = draw(st.sampled_from([coins, naive_bayes, incomes, linkage, ratings]))(generator)
    q = generator.random(model.responsibilities(theta).shape) ** draw(st.sampled_from([0, 1, 20]))
    q *= generator.random(q.shape) > draw(st.sampled_from([0, 0.5]))
    q = np.where(np.isneginf(model.log_joint(theta)), 0, q)
    rest = model.responsibilities(theta)
    rows = q.sum(axis=1, keepdims=True)
    return model, theta, np.where(rows > 0, np.divide(q, rows, out=rest, where=rows > 0), rest)


@given(problems())
def test_free_energy_and_divergence_add_up_to_the_log_likelihood(problem):
    model, theta, q = problem
    height, below = model.log_likelihood(theta), divergence(model, q, theta)
    near = 1e-10 * (1 + abs(height) + below)
    assert free_energy(model, q, theta) + below == pytest.approx(height, abs=near)
    assert below >= -near, "F is a lower bound for any q"
    assert free_energy(model, model.responsibilities(theta), theta) == pytest.approx(height, abs=near)
    assert divergence(model, model.responsibilities(theta), theta) == pytest.approx(0, abs=near)


@given(problems())
def test_each_half_step_climbs(problem):
    model, theta, q = problem
    before, near = free_energy(model, q, theta), 1e-9 * (1 + abs(model.log_likelihood(theta)))
    better = model.m_step(model.expected_statistics(q, theta))
    after_m = free_energy(model, q, better)
    assert after_m >= before - near, "the M-step raises F for any q, not only for the posterior"
    assert model.log_likelihood(better) >= after_m - near


@given(problems(), st.integers(1, 4), st.sampled_from([0.001, 0.1, 0.4, 1]), st.integers(1, 4))
def test_f_never_falls_in_full_incremental_and_sparse_climbs(problem, rows, negligible, full_every):
    model, theta, _ = problem
    near = 1e-9 * (1 + abs(model.log_likelihood(theta)))
    for update in (full, incremental(rows), sparse(negligible, full_every)):
        steps = list(coordinate_ascent(model, theta, update, 12))
        heights = [step.free_energy for step in steps]
        assert np.all(np.diff(heights) >= -near), update
        for step in steps:
            assert np.allclose(step.responsibilities.sum(axis=1), 1)
            assert step.free_energy + step.divergence == pytest.approx(step.log_likelihood, abs=near)


@given(problems())
def test_an_em_steps_gain_is_the_bounds_gain_plus_the_gap(problem):
    model, theta, _ = problem
    steps = list(coordinate_ascent(model, theta, full, 6))
    theirs = list(emlib.em(model, theta, 6, tolerance=0))
    near = 1e-9 * (1 + abs(steps[0].log_likelihood))
    for before, step, other in zip(steps, steps[1:], theirs[1:], strict=False):
        assert np.allclose(np.asarray(step.theta), np.asarray(other.theta), rtol=0, atol=1e-12)
        posterior = model.responsibilities(before.theta)
        bound = free_energy(model, posterior, step.theta) - free_energy(model, posterior, before.theta)
        gap = divergence(model, posterior, step.theta)
        assert bound >= -near and gap >= -near
        assert step.log_likelihood - before.log_likelihood == pytest.approx(bound + gap, abs=near)


@given(problems())
def test_hard_em_raises_the_complete_data_log_likelihood(problem):
    model, theta, _ = problem
    near = 1e-9 * (1 + abs(model.log_likelihood(theta)))
    steps = list(coordinate_ascent(model, theta, hard, 12))[1:]
    for step in steps:
        labels = step.responsibilities.argmax(axis=1)
        assert np.array_equal(step.responsibilities, np.eye(step.responsibilities.shape[1])[labels])
        complete = model.occurrences @ model.log_joint(step.theta)[np.arange(len(labels)), labels]
        assert step.free_energy == pytest.approx(complete, abs=near)
    assert np.all(np.diff([step.free_energy for step in steps]) >= -near)


@given(problems(), st.sampled_from([0.1, 0.5, 1, 3]))
def test_tempered_em_raises_the_tempered_free_energy(problem, power):
    model, theta, q = problem
    near = 1e-9 * (1 + abs(model.log_likelihood(theta))) / power
    best = tempered(power)(model, q, theta, 1)
    assert free_energy(model, best, theta, power) >= free_energy(model, q, theta, power) - near
    steps = list(coordinate_ascent(model, theta, tempered(power), 12))
    heights = [free_energy(model, step.responsibilities, step.theta, power) for step in steps]
    assert np.all(np.diff(heights) >= -near)


def test_free_energy_as_defined_by_a_sum_over_all_labellings():
    heads, weights, biases = [2, 5, 6, 6], [0.25, 0.75], [0.25, 0.625]  # exact in binary
    model, theta = BinomialMixture(heads), Coins(weights, biases)
    q = {2: (1.0, 0.0), 5: (0.5, 0.5), 6: (0.1, 0.9)}  # of each distinct outcome
    expected = 0
    for labels in product(range(2), repeat=4):
        probability = np.prod([q[x][j] for x, j in zip(heads, labels, strict=True)])
        if probability > 0:
            parts = (joint(x, 10, weights[j], biases[j]) for x, j in zip(heads, labels, strict=True))
            expected += probability * (sum(log(part) for part in parts) - log(probability))
    assert free_energy(model, [q[x] for x in model.distinct_heads], theta) == pytest.approx(expected, rel=1e-12)


def test_the_m_step_is_the_top_of_the_bound():
    model = GeneticLinkage()
    for second in (0.01, 0.2, 0.9):
        q = np.eye(5)[[0, 2, 3, 4]]
        q[0, :2] = 1 - second, second
        top = minimize_scalar(
            lambda t, q=q: -free_energy(model, q, t), bounds=(1e-6, 1 - 1e-6), method="bounded", options={"xatol": 1e-9}
        )
        assert model.m_step(model.expected_statistics(q, 0.5)) == pytest.approx(top.x, abs=1e-6)


def test_a_sparse_e_step_is_the_best_for_the_labels_it_works_on():
    model, theta = BinomialMixture([4]), Coins([0.3, 0.3, 0.4], [0.2, 0.4, 0.7])
    q = np.array([[0.5, 0.45, 0.05]])  # the last is negligible and stays

    def below(free):
        share = 0.95 / (1 + np.exp(-free[0]))
        return -free_energy(model, [[share, 0.95 - share, 0.05]], theta)

    top = minimize(below, [0.0], tol=1e-12)
    updated = sparse(0.1, full_every=5)(model, q, theta, 2)
    assert free_energy(model, updated, theta) == pytest.approx(-top.fun, abs=1e-12)
    assert updated[0, 2] == 0.05
    assert sparse(0.1, full_every=5)(model, q, theta, 6) == pytest.approx(model.responsibilities(theta))


def test_incremental_goes_round_the_rows():
    q = np.full((11, 3), 1 / 3)
    update = incremental(4)
    for iteration, rows in ((1, [0, 1, 2, 3]), (3, [8, 0, 1, 2]), (10, [0, 1, 2, 3])):
        updated = update(A, q[:9], TWO_HIGH, iteration)
        assert np.flatnonzero(np.any(updated != q[:9], axis=1)).tolist() == sorted(rows)
        assert updated[rows] == pytest.approx(A.responsibilities(TWO_HIGH)[rows])


def test_variants_that_come_down_to_em():
    expected = [np.asarray(step.theta) for step in emlib.em(A, TWO_HIGH, 30, tolerance=0)]
    for update in (full, incremental(len(A.distinct_heads)), sparse(0, 7), tempered(1)):
        steps = list(coordinate_ascent(A, TWO_HIGH, update, 30))
        assert np.allclose([np.asarray(step.theta) for step in steps], expected, rtol=0, atol=1e-12)
    sharp, cut = (list(coordinate_ascent(A, TWO_HIGH, update, 30)) for update in (tempered(1e4), hard))
    assert np.allclose(np.asarray(sharp[-1].theta), np.asarray(cut[-1].theta), atol=1e-9)


def test_the_variants_end_on_the_same_summit():
    for update, iterations in ((full, 700), (incremental(), 5000), (sparse(0.05), 900)):
        *_, last = coordinate_ascent(A, TWO_HIGH, update, iterations)
        assert last.log_likelihood == pytest.approx(-47.708641, abs=1e-6)


def test_the_log_likelihood_itself_may_fall_in_an_incremental_climb():
    steps = list(coordinate_ascent(A, Coins([1 / 3, 1 / 3, 1 / 3], [0.1, 0.2, 0.3]), incremental(), 100))
    assert np.diff([step.log_likelihood for step in steps]).min() < -0.01
    assert np.diff([step.free_energy for step in steps]).min() > -1e-9


def test_powers_follow_the_iterations():
    update, joint_ = tempered(0.2, 0.6), np.exp(A.log_joint(TWO_HIGH))
    for iteration, power in ((1, 0.2), (2, 0.6), (9, 0.6)):
        expected = joint_**power / (joint_**power).sum(axis=1, keepdims=True)
        assert update(A, None, TWO_HIGH, iteration) == pytest.approx(expected)


def test_infinite_power_is_the_complete_data_log_likelihood_alone():
    q = A.responsibilities(TWO_HIGH)
    expected = A.occurrences @ (q * A.log_joint(TWO_HIGH)).sum(axis=1)
    assert free_energy(A, q, TWO_HIGH, inverse_temperature=np.inf) == pytest.approx(expected)


@pytest.mark.parametrize("power", [5e-324, 1e-320, 1e-308, 3e-308])  # beyond floats in the quotient, or in the sum
def test_at_next_to_no_power_entropy_is_all_that_counts(power):
    q = A.responsibilities(TWO_HIGH)
    assert free_energy(A, q, TWO_HIGH, inverse_temperature=power) == np.inf
    certain = np.tile([1.0, 0, 0], (len(q), 1))  # which has none
    expected = A.occurrences @ A.log_joint(TWO_HIGH)[:, 0]
    assert free_energy(A, certain, TWO_HIGH, inverse_temperature=power) == pytest.approx(expected)


def test_a_bias_that_rounds_to_1_costs_nothing_and_a_label_ruled_out_costs_all():
    model, theta = BinomialMixture([0, 0, 10, 10]), Coins([0.5, 0.5], [0.01, 0.99])
    steps = list(coordinate_ascent(model, theta, full, 3))
    assert steps[1].theta.biases[1] == 1 and steps[1].responsibilities[0, 1] > 0
    for step in steps:
        assert step.free_energy + step.divergence == pytest.approx(step.log_likelihood, abs=1e-9)
    ruled_out = Coins([0.5, 0.5], [0.5, 1])
    assert free_energy(model, [[0.5, 0.5], [0.5, 0.5]], ruled_out) == -np.inf
    assert divergence(model, [[0.5, 0.5], [0.5, 0.5]], ruled_out) == np.inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: free_energy(A, [[1, 0, 0]], TWO_HIGH), r"observations x labels, \(9, 3\); their shape is \(1, 3\)"),
        (lambda: free_energy(A, np.full((9, 3), 0.5), TWO_HIGH), "responsibilities must sum to 1"),
        (lambda: divergence(A, np.full((9, 3), np.nan), TWO_HIGH), "responsibilities must lie between 0 and 1"),
        (lambda: divergence(A, [1], TWO_HIGH), "array with 2 axes"),
        (
            lambda: free_energy(A, A.responsibilities(TWO_HIGH), TWO_HIGH, 0),
            "inverse_temperature must be above 0; it is 0",
        ),
        (lambda: coordinate_ascent(A, TWO_HIGH, iterations=-1), "iterations must be a whole number, 0 or more; it is"),
        (lambda: incremental(0), "rows must be a whole number, 1 or more; it is 0"),
        (lambda: sparse(1.5), "negligible must lie between 0 and 1; it is 1.5"),
        (lambda: sparse(full_every=0), "full_every must be a whole number, 1 or more; it is 0"),
        (lambda: tempered(), "^inverse_temperatures must be one or more; there are none"),
        (lambda: tempered(0.5, np.nan), "inverse_temperature must be above 0; it is nan"),
        (lambda: tempered(0.5, -np.inf), "inverse_temperature must be above 0; it is -inf"),
        (lambda: tempered("2"), "inverse_temperature must be numbers, alone or in lists or arrays; it is '2'"),
        (lambda: tempered([0.5, 1]), r"inverse_temperature must be one number; it is \[0.5, 1\]"),
        (lambda: tempered(None), "inverse_temperature must be above 0; it is None"),
        (
            lambda: free_energy(A, A.responsibilities(TWO_HIGH), TWO_HIGH, "1"),
            "inverse_temperature must be numbers.* it is '1'",
        ),
        (
            lambda: free_energy(A, A.responsibilities(TWO_HIGH), TWO_HIGH, np.nan),
            "inverse_temperature must be above 0; it is nan",
        ),
        (lambda: incremental(2.5), "rows must be a whole number, 1 or more; it is 2.5"),
        (lambda: incremental("1"), "rows must be a whole number, 1 or more; it is '1'"),
        (lambda: sparse("0.1"), "negligible must be numbers, alone or in lists or arrays; it is '0.1'"),
        (lambda: sparse(-0.1), "negligible must lie between 0 and 1; it is -0.1"),
        (lambda: sparse(np.nan), "negligible must lie between 0 and 1; it is nan"),
        (lambda: sparse(0.1, 1.5), "full_every must be a whole number, 1 or more; it is 1.5"),
        (lambda: coordinate_ascent(A, TWO_HIGH, full, 2.5), "iterations must be a whole number, 0 or more; it is 2.5"),
        (lambda: coordinate_ascent(A, TWO_HIGH, tempered), r"what tempered\(...\) returns; it is tempered itself"),
        (lambda: coordinate_ascent(A, TWO_HIGH, incremental), r"what incremental\(...\) returns"),
        (lambda: coordinate_ascent(A, TWO_HIGH, sparse), r"what sparse\(...\) returns"),
        (lambda: coordinate_ascent(A, TWO_HIGH, "full"), "update must be an E-step, such as full, .* it is 'full'"),
        (lambda: coordinate_ascent([1, 2], TWO_HIGH), r"model must be a Mixture; it is a list: \[1, 2\]"),
        (lambda: free_energy(None, [[1]], TWO_HIGH), "model must be a Mixture; it is a NoneType"),
        (
            lambda: divergence(PartitionedModel([A]), [[1]], TWO_HIGH),
            "model must be a Mixture; it is a PartitionedModel",
        ),
        (lambda: coordinate_ascent(A, Coins([1], [0])), "an outcome of 1 heads in 10 tosses has probability 0"),
        (lambda: hard(A, None, Coins([1], [0]), 1), "an outcome of 1 heads in 10 tosses has probability 0"),
        (lambda: tempered(2)(A, None, Coins([1], [0]), 1), "an outcome of 1 heads in 10 tosses has probability 0"),
        (lambda: list(coordinate_ascent(A, TWO_HIGH, lambda *_: None, 1)), "responsibilities must be numbers"),
        (lambda: list(coordinate_ascent(A, TWO_HIGH, lambda *_: [[1]], 1)), r"\(9, 3\); their shape is \(1, 1\)"),
    ],
)
def test_bad_input_is_named_at_the_call(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_the_climb_that_met_log_0():
    """A bias comes to be 1 by rounding, while a q of 1e-15 and less is left for an outcome with tails."""
    model = BinomialMixture([11, 0, 0, 1, 5, 6, 0, 5, 1], [11, 1, 6, 3, 9, 11, 2, 8, 4])
    weights = [0.26629712877372064, 0.3380571304472346, 0.39564574077904474]
    start = Coins(weights, [0.08528165842526947, 0.17767698664195397, 0.9440611556524767])
    steps = list(coordinate_ascent(model, start, full, 60))
    assert any(step.theta.biases[2] == 1 and step.responsibilities[0, 2] > 0 for step in steps)
    heights = [step.free_energy for step in steps]
    assert np.all(np.isfinite(heights)) and np.all(np.diff(heights) >= -1e-12)
    assert heights[11] == pytest.approx(-13.98853, abs=1e-5)
    for step in steps:
        assert step.free_energy + step.divergence == pytest.approx(step.log_likelihood, abs=1e-12)


@st.composite
def extremes(draw):
    """Few sequences of lengths from 1 to ten million, many of them all heads or all tails; starts on the border."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, k = generator.integers(1, 12), generator.integers(1, 5)
    longest = draw(st.sampled_from([12, 100, 10**4, 10**7]))
    tosses = np.where(generator.random(n) < 0.5, generator.integers(1, 12, n), generator.integers(1, longest + 1, n))
    heads = draw(
        st.sampled_from(
            [
                generator.integers(0, tosses + 1),
                np.where(generator.random(n) < 0.5, 0, tosses),
                np.maximum(tosses - generator.integers(0, 3, n), 0),
            ]
        )
    )
    biases = generator.choice([0, 1, 1e-300, 1e-17, 1e-5, 1 - 1e-9, 1 - 1e-16], k)
    biases = np.where(generator.random(k) < 0.4, biases, generator.random(k))
    repeats = draw(st.sampled_from([1, 1000]))
    model = BinomialMixture(np.repeat(heads, repeats), np.repeat(tosses, repeats), bool(generator.integers(2)))
    return model, Coins(generator.dirichlet(np.full(k, 0.3)), biases)


@settings(max_examples=25, deadline=None)
@given(extremes(), st.sampled_from(["full", "incremental", "sparse", "tempered", "hard"]), st.integers(1, 5))
def test_f_stays_finite_and_climbs_from_the_ends_of_the_parameters(problem, name, number):
    model, theta = problem
    try:
        model.log_likelihood(theta)
    except ValueError:
        return
    update, power = {
        "full": (full, 1),
        "incremental": (incremental(number), 1),
        "sparse": (sparse([0, 1e-9, 0.01, 0.3, 1][number - 1], number), 1),
        "tempered": (tempered([0.2, 0.7, 3, 50, np.inf][number - 1]), [0.2, 0.7, 3, 50, np.inf][number - 1]),
        "hard": (hard, np.inf),
    }[name]
    steps = list(coordinate_ascent(model, theta, update, 200))
    near = 1e-9 * (1 + np.abs([step.log_likelihood for step in steps]).max() + np.abs(model.log_coefficients).max())
    heights = [free_energy(model, step.responsibilities, step.theta, power) for step in steps]
    assert np.all(np.isfinite(heights)) and np.all(np.diff(heights[1:]) >= -near)
    for step in steps:
        assert np.isfinite(step.free_energy) and step.divergence >= -near
        assert step.free_energy + step.divergence == pytest.approx(step.log_likelihood, abs=near)


@pytest.mark.parametrize("share", [4e-10, 1e-11, 1e-13])
def test_what_long_sequences_drown_costs_nothing(share):
    """One toss beside ten million: a q of 4e-10 is really there, but 1 - bias is 4e-17, and rounded to 0."""
    model = BinomialMixture([0, 10**7], [1, 10**7], learn_weights=False)
    q = np.array([[1 - share, share], [0, 1]])
    theta = model.m_step(model.expected_statistics(q, Coins([0.5, 0.5], [0.5, 0.5])))
    assert theta.biases.tolist() == [0, 1]
    tail = share / (10**7 + share)  # what 1 - bias would be
    first = (1 - share) * (log(0.5) - log1p(-share)) + share * (log(0.5) + log(tail) - log(share))
    assert free_energy(model, q, theta) == pytest.approx(first + log(0.5) + 10**7 * log1p(-tail), abs=1e-7)
    both = free_energy(model, q, theta) + divergence(model, q, theta)
    assert both == pytest.approx(model.log_likelihood(theta), rel=0, abs=1e-12)


@pytest.mark.parametrize("bias", [0, 1])
@pytest.mark.parametrize("share", [1e-6, 1e-9, 1e-12, 1e-16, 1e-20, 1e-300])
def test_a_share_that_no_sum_feels_costs_nothing_and_one_that_is_there_costs_all(share, bias):
    mixed = 10 if bias == 0 else 0
    model = BinomialMixture([mixed, 5, 10 * bias])
    theta = Coins([0.5, 0.5], [0.5, bias])
    q = np.zeros((3, 2))
    q[:, 0] = 1
    q[np.flatnonzero(model.distinct_heads == mixed)] = [1 - share, share]
    q[np.flatnonzero(model.distinct_heads == 10 * bias)] = [0.25, 0.75]
    height, below = free_energy(model, q, theta), divergence(model, q, theta)
    if share > 1e-15:
        assert height == -np.inf and below == np.inf
    else:
        without = np.where(q == share, 0, q)
        assert height == pytest.approx(free_energy(model, without, theta), abs=1e-12)
        assert height + below == pytest.approx(model.log_likelihood(theta), abs=1e-12)


def test_the_sums_are_those_of_all_occurrences():
    """10^12 sequences cannot be listed; 10^6 equal ones make a share of 1e-14 a real one, of one in a row."""
    model = BinomialMixture([10] * 10**6 + [0], 10)
    theta = Coins([0.5, 0.5], [0.5, 1])
    q = np.array([[1 - 1e-10, 1e-10], [0, 1]])  # row 0: no heads, once; 1e-16 of the coin's total
    assert np.isfinite(free_energy(model, q, theta))
    assert free_energy(model, [[1 - 1e-8, 1e-8], [0, 1]], theta) == -np.inf


def test_what_is_ruled_out_by_a_known_label_or_a_given_weight_costs_all():
    known = NaiveBayes([[0], [1]], labels=[0, -1])
    theta = Classes([0.5, 0.5], [[[0.5, 0.5]], [[0.5, 0.5]]])
    q = known.responsibilities(theta)
    row = int(np.flatnonzero(q[:, 1] == 0)[0])
    q[row] = [1 - 1e-9, 1e-9]
    assert free_energy(known, q, theta) == -np.inf
    given_weights = BinomialMixture([3, 4], learn_weights=False)
    assert free_energy(given_weights, [[0.5, 0.5], [0.5, 0.5]], Coins([1, 0], [0.3, 0.6])) == -np.inf


def test_a_row_that_theta_makes_impossible_costs_all():
    assert free_energy(BinomialMixture([5, 10]), [[0, 1], [0, 1]], Coins([0.5, 0.5], [1, 1])) == -np.inf


def test_f_of_certain_data_is_0_without_a_sign():
    model = BinomialMixture([0])
    assert str(free_energy(model, [[1]], Coins([1], [0]))) == "0.0"


def test_a_share_counts_in_its_own_label():
    """A q of 1e-13 is lost in the 1,000 sequences of the other coin, but not among those of its own."""
    model = BinomialMixture([0, 10] + [5] * 1000)
    q = np.array([[1 - 1e-13, 1e-13], [1, 0], [0, 1]])  # outcomes 0, 5 and 10
    assert free_energy(model, q, Coins([0.5, 0.5], [0.5, 1])) == -np.inf


def test_shares_are_lost_in_two_ways_at_once():
    """A tiny one where the bias is 0, which an M-step would not make, and one that long sequences drown."""
    model = BinomialMixture([0, 10**7, 5], [1, 10**7, 10])
    q = np.array([[1 - 4e-10, 0, 4e-10], [1, 1e-20, 0], [0, 0, 1]])
    assert model.distinct_heads.tolist() == [0, 5, 10**7], "the rows of q"
    assert np.isfinite(free_energy(model, q, Coins([0.4, 0.3, 0.3], [0.5, 0, 1])))


@pytest.mark.filterwarnings("error")
def test_a_row_keeps_its_q_where_theta_rules_out_all_that_is_worked_on():
    model, theta = BinomialMixture([0, 10]), Coins([0.5, 0.5], [0, 1])
    q = np.array([[0.005, 0.995], [0.5, 0.5]])
    updated = sparse(0.01, 5)(model, q, theta, 2)
    assert updated.tolist() == [[0.005, 0.995], [0, 1]]


def test_the_defaults_are_those_that_are_written():
    model, theta = BinomialMixture([3, 4, 5]), Coins([0.5, 0.5], [0.3, 0.6])
    q = np.array([[0.009, 0.991], [0.011, 0.989], [0.5, 0.5]])
    best = model.responsibilities(theta)
    assert np.flatnonzero((incremental()(model, q, theta, 2) != q).any(axis=1)).tolist() == [1]
    assert (sparse()(model, q, theta, 2) != q).any(axis=1).tolist() == [False, True, True]
    assert np.array_equal(sparse()(model, q, theta, 6), best) and not np.array_equal(sparse()(model, q, theta, 5), best)
    assert [step.iteration for step in coordinate_ascent(model, theta)] == list(range(101))


@pytest.mark.filterwarnings("error")
def test_an_infinite_power_is_hard_and_a_huge_one_nearly():
    equal = Coins([1 / 3, 1 / 3, 1 / 3], [0.7, 0.2, 0.7])  # the first of equals
    for theta in (TWO_HIGH, equal, Coins([0.5, 0.25, 0.25], [0.5, 0, 1])):
        expected = hard(A, None, theta, 1)
        assert np.array_equal(tempered(np.inf)(A, None, theta, 1), expected)
        assert np.array_equal(tempered(0.5, np.inf)(A, None, theta, 2), expected)
        assert free_energy(A, expected, theta, np.inf) == pytest.approx(
            A.occurrences @ A.log_joint(theta).max(axis=1), abs=1e-9
        )
    assert np.array_equal(hard(A, None, equal, 1)[:, 2], np.zeros(9)), "never the second of equals"
    for power in (1e6, 1e200, 1.7e308):
        assert tempered(power)(A, None, TWO_HIGH, 1) == pytest.approx(hard(A, None, TWO_HIGH, 1))
    assert tempered(1e308)(A, None, equal, 1)[A.distinct_heads == 10].tolist() == [[0.5, 0, 0.5]]
    many = BinomialMixture([0, 1000], 1000)
    assert tempered(1e-300)(many, None, Coins([0.5, 0.5], [0.1, 0.9]), 1) == pytest.approx(np.full((2, 2), 0.5))


def test_the_tempered_posterior_is_the_best_q_for_its_power():
    model, theta = BinomialMixture([4]), Coins([0.3, 0.7], [0.2, 0.7])
    for power in (0.3, 1, 4):

        def below(free, power=power):
            share = 1 / (1 + np.exp(-free[0]))
            return -free_energy(model, [[share, 1 - share]], theta, power)

        top = minimize(below, [0.0], tol=1e-10)
        best = tempered(power)(model, None, theta, 1)
        assert free_energy(model, best, theta, power) == pytest.approx(-top.fun, abs=1e-10)
