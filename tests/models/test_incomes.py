"""Incomes with hidden ages against sums over all labellings, direct maximisation and counting."""

from itertools import product
from math import exp, log, pi, prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import lognorm

import emlib
from emlib.models import IncomeGroups, IncomeMixture

START = IncomeGroups([0.2, 0.5, 0.3], [20, 40, 30], 0.3)
INCOMES = [12.5, 18, 33, 31.5, 70]


def run(model, start=START, iterations=500, tolerance=1e-10):
    *_, last = emlib.em(model, start, iterations, tolerance)
    return last


def density(income, label, theta):
    distance = (log(income) - log(theta.medians[label])) / theta.spread
    return theta.weights[label] * exp(-(distance**2) / 2) / (income * theta.spread * sqrt(2 * pi))


def all_labellings(incomes, labels, theta):
    """Likelihood, posteriors, expected counts and expected sums of logarithms, by their definition."""
    choices = [range(len(theta)) if label < 0 else [label] for label in labels]
    likelihood, posterior = 0.0, np.zeros((len(incomes), len(theta)))
    for guess in product(*choices):
        probability = prod(density(x, y, theta) for x, y in zip(incomes, guess, strict=True))
        likelihood += probability
        posterior[range(len(incomes)), guess] += probability
    posterior /= likelihood
    return likelihood, posterior, posterior.sum(axis=0), np.log(incomes) @ posterior


@pytest.mark.parametrize("labels", [[-1] * 5, [-1, 0, -1, 2, -1], [0, 0, 2, 1, 1]])
def test_e_step_is_the_sum_over_all_labellings(labels):
    model = IncomeMixture(INCOMES, labels)
    likelihood, posterior, counts, logs = all_labellings(INCOMES, labels, START)
    statistics = model.e_step(START)
    assert model.log_likelihood(START) == pytest.approx(log(likelihood))
    assert model.responsibilities(START) == pytest.approx(posterior)
    assert statistics.counts == pytest.approx(counts) and statistics.logs == pytest.approx(logs)
    assert statistics.squares == pytest.approx(np.sum(np.log(INCOMES) ** 2))


def test_density_is_the_log_normal_of_scipy():
    grid = np.array([0.01, 1, 25, 1e6])
    expected = lognorm(s=START.spread, scale=START.medians).pdf(grid[:, None]) * START.weights
    with np.errstate(divide="ignore"):
        assert IncomeMixture(grid).log_joint(START) == pytest.approx(np.log(expected), rel=1e-9)


@pytest.mark.parametrize("known", [0, 30])
def test_em_ends_where_direct_maximisation_ends(known):
    sample = IncomeGroups([0.4, 0.6], [15, 40], 0.3).sample(120, seed=3)
    model = IncomeMixture(sample.incomes, np.where(np.arange(120) < known, sample.labels, -1))

    def theta(z):
        return IncomeGroups([1 / (1 + np.exp(z[0])), 1 - 1 / (1 + np.exp(z[0]))], np.exp(z[1:3]), np.exp(z[3]))

    best = minimize(lambda z: -model.log_likelihood(theta(z)), [0, 3, 3.5, -1], method="BFGS", options={"gtol": 1e-6})
    last = run(model, IncomeGroups([0.5, 0.5], [20, 33], 0.4), 5000)
    assert last.log_likelihood == pytest.approx(-best.fun, abs=1e-7)
    assert np.asarray(last.theta) == pytest.approx(np.asarray(theta(best.x)), abs=1e-4)


def test_with_all_labels_known_one_iteration_counts():
    sample = START.sample(50, seed=1)
    model = IncomeMixture(sample.incomes, sample.labels)
    after_one, after_two = (run(model, START, n).theta for n in (1, 2))
    own = [np.log(sample.incomes[sample.labels == g]) for g in range(3)]
    assert after_one.weights == pytest.approx([len(logs) / 50 for logs in own])
    assert after_one.medians == pytest.approx([np.exp(logs.mean()) for logs in own])
    assert after_one.spread == pytest.approx(np.sqrt(sum(len(logs) * logs.var() for logs in own) / 50))
    assert np.asarray(after_two) == pytest.approx(np.asarray(after_one)), "the start no longer matters"


def test_a_group_of_one_person_has_that_persons_income_as_its_median():
    theta = run(IncomeMixture([10, 12, 70], [0, 0, 2])).theta
    assert theta.medians == pytest.approx([np.sqrt(120), START.medians[1], 70])


def test_known_labels_have_a_posterior_of_exactly_one():
    posterior = IncomeMixture(INCOMES, [-1, 2, -1, 0, 1]).responsibilities(START)
    assert posterior[[1, 3, 4]].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


@st.composite
def problems(draw):
    groups = draw(st.integers(1, 3))
    incomes = draw(st.lists(st.floats(1, 200), min_size=groups + 2, max_size=12, unique=True))
    labels = [draw(st.integers(-1, groups - 1)) for _ in incomes]
    parts = [draw(st.integers(1, 5)) for _ in range(groups)]
    medians = [draw(st.floats(2, 150)) for _ in range(groups)]
    return incomes, labels, IncomeGroups(np.array(parts) / sum(parts), medians, draw(st.floats(0.1, 1)))


@given(problems())
def test_the_likelihood_never_falls_and_the_unit_does_not_matter(problem):
    incomes, labels, start = problem
    model = IncomeMixture(incomes, labels)
    cents = IncomeMixture(100 * np.array(incomes), labels)
    theta, before = start, model.log_likelihood(start)
    for _ in range(15):
        try:
            theta = model.m_step(model.e_step(theta))
        except ValueError as error:  # few incomes can be explained by groups of one income each
            assert "every group has shrunk" in str(error)
            break
        after = model.log_likelihood(theta)
        assert after >= before - 1e-8 * max(1, abs(before))
        before = after
        assert theta.weights.sum() == pytest.approx(1)
        in_cents = IncomeGroups(theta.weights, 100 * theta.medians, theta.spread)
        assert cents.log_likelihood(in_cents) == pytest.approx(after - len(incomes) * log(100), abs=1e-7)


def test_a_group_that_nobody_is_in_keeps_its_median():
    model = IncomeMixture([10, 11, 12.5], [0, 0, 0])
    theta = run(model).theta
    assert theta.weights.tolist() == [1, 0, 0] and theta.medians[1:] == pytest.approx([40, 30])
    assert theta.medians[0] == pytest.approx((10 * 11 * 12.5) ** (1 / 3))
    with pytest.raises(ValueError, match="observation 1, counted from 0, has probability 0"):
        IncomeMixture([10, 11], [-1, 2]).log_likelihood(theta)


@pytest.mark.parametrize(
    ("incomes", "labels"), [([25] * 4, None), ([1] * 3, None), ([5, 5, 60, 60], None), ([5, 5, 60, 60], [0, 0, 1, 1])]
)
def test_groups_that_shrink_to_single_incomes_are_an_error(incomes, labels):
    with pytest.raises(ValueError, match="incomes must differ within the groups; .* the spread would be 0"):
        run(IncomeMixture(incomes, labels), IncomeGroups([0.5, 0.5], [10, 50], 0.3))


@pytest.mark.parametrize(
    ("incomes", "labels", "message"),
    [
        ([], None, r"incomes must be a list of one or more numbers; its shape is \(0,\)"),
        ([[1, 2]], None, "incomes must be a list of one or more numbers"),
        ([20, 0], None, "incomes must be finite numbers above 0; one of them is 0"),
        ([20, np.nan], None, "incomes must be finite numbers above 0; one of them is nan"),
        ([20, np.inf], None, "one of them is inf"),
        (["much"], None, "incomes must be numbers, alone or in lists or arrays; it is"),
        ([20, 30], [0], r"labels must be 2, one per observation; their shape is \(1,\)"),
        ([20, 30], [0, -2], "labels must be whole numbers, -1 or more; one of them is -2"),
        ([20, 30], [0, 3], "labels must be from 0 to 2, or -1; one of them is 3"),
    ],
)
def test_bad_data_are_named(incomes, labels, message):
    with pytest.raises(ValueError, match=message):
        IncomeMixture(incomes, labels).log_likelihood(START)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.5, 0.6], [10, 20], 0.3), "weights must sum to 1; .* sums to 1.1"),
        (([0.5, 0.5], [10, -20], 0.3), "medians must be finite numbers above 0; one of them is -20"),
        (([0.5, 0.5], [10, 20, 30], 0.3), "there are 2 weights and 3 medians"),
        (([1], [10], 0), "spread must be one finite number above 0; it is 0"),
    ],
)
def test_bad_parameters_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        IncomeGroups(*arguments)


def test_samples_follow_their_groups():
    sample = START.sample(20_000, seed=5)
    own = [np.log(sample.incomes[sample.labels == g]) for g in range(3)]
    for g, logs in enumerate(own):  # within five standard errors
        assert len(logs) / 20_000 == pytest.approx(START.weights[g], abs=5 * sqrt(0.25 / 20_000))
        assert logs.mean() == pytest.approx(log(START.medians[g]), abs=5 * 0.3 / sqrt(len(logs)))
        assert logs.std() == pytest.approx(0.3, rel=5 / sqrt(2 * len(logs)))
    assert START.sample(9, seed=5).incomes.tolist() == START.sample(9, seed=5).incomes.tolist()
    with pytest.raises(ValueError, match="people must be a whole number, 1 or more; it is 0"):
        START.sample(0)


def test_the_way_to_numbers_and_back():
    again = START.from_array(np.asarray(START))
    assert np.asarray(again) == pytest.approx(np.asarray(START), rel=1e-15)
    assert np.asarray(START)[3:6] == pytest.approx(np.log(START.medians))
    for wrong, words in (
        (np.asarray(START)[1:], r"array must be of shape \(7,\); its shape is \(6,\)"),
        (np.asarray(START) - 1, "weights must lie between 0 and 1"),
        (
            np.where(np.arange(7) == 4, 800, np.asarray(START)),
            "medians must be finite numbers above 0; one of them is inf",
        ),
        (np.where(np.arange(7) == 6, -0.1, np.asarray(START)), "spread must be one finite number above 0; it is"),
    ):
        with pytest.raises(ValueError, match=words):
            START.from_array(wrong)


def test_incomes_and_labels_of_other_kinds():
    pandas = pytest.importorskip("pandas")
    plain = IncomeMixture([10, 20.5, 30], [0, -1, 1])
    for incomes, labels in (
        (pandas.Series([10, 20.5, 30]), pandas.Series([0, None, 1], dtype="Int64")),
        (np.array([10, 20.5, 30], dtype=np.float32), [0, np.nan, 1]),
        ((10, 20.5, 30), np.ma.masked_array([0, 5, 1], [False, True, False])),
    ):
        assert IncomeMixture(incomes, labels).log_likelihood(START) == plain.log_likelihood(START)
    with pytest.raises(ValueError, match="incomes must be finite numbers above 0; one of them is nan"):
        IncomeMixture(np.ma.masked_array([10, 5], [False, True]))
    with pytest.raises(ValueError, match="incomes must be finite numbers above 0; one of them is -3"):
        IncomeMixture([10, -3])


@pytest.mark.parametrize("theta", [[0.5, 0.5], np.ones(3), 0.5, None, {"weights": [1]}, emlib.Coins([1], [0.5])])
def test_a_theta_of_another_kind_is_named(theta):
    model = IncomeMixture(INCOMES)
    for call in (model.log_likelihood, model.e_step, lambda theta: model.expected_statistics(np.ones((5, 1)), theta)):
        with pytest.raises(TypeError, match=f"theta must be a IncomeGroups; it is a {type(theta).__name__}"):
            call(theta)
    with pytest.raises(TypeError, match="statistics must be a IncomeStatistics; it is a"):
        model.m_step(theta)


def test_responsibilities_of_another_shape_are_named():
    with pytest.raises(ValueError, match=r"responsibilities must be of shape \(5, 3\); their shape is \(3, 5\)"):
        IncomeMixture(INCOMES).expected_statistics(np.ones((3, 5)) / 3, START)


@pytest.mark.parametrize("people", [0, -1, 2.5, "two", [3, 4], True, np.nan])
def test_a_sample_is_of_a_number_of_people(people):
    with pytest.raises(ValueError, match="people must be "):
        START.sample(people)


def test_a_seed_is_a_number_or_a_generator():
    with pytest.raises(ValueError, match="seed must be a whole number, 0 or more; it is 'x'"):
        START.sample(3, seed="x")
    same = START.sample(5, seed=2).incomes
    assert (
        START.sample(5, np.random.default_rng(2)).incomes.tolist() == same.tolist() != START.sample(5).incomes.tolist()
    )


@pytest.mark.parametrize("spread", [0, -1, np.nan, np.inf, [0.3], "wide", None])
def test_a_spread_is_one_number(spread):
    with pytest.raises(ValueError, match="spread must be "):
        IncomeGroups([1], [10], spread)
