"""The genetic linkage counts: published digits, exact fractions, every labelling, and the root of the quadratic."""

from fractions import Fraction
from itertools import product
from math import log, prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import emlib
from emlib.beyond import em_jacobian
from emlib.lessons import exercises
from emlib.models import GeneticLinkage

COUNTS = (125, 18, 20, 34)
MAXIMUM = (15 + sqrt(53809)) / 394
some_counts = st.tuples(*[st.integers(0, 200)] * 4).filter(any)


def exact_step(t, counts=COUNTS):
    """One iteration of EM in fractions, from the definition: expected count of the hidden class, then a ratio."""
    t = Fraction(t)
    hidden = counts[0] * (t / 4) / (Fraction(1, 2) + t / 4)
    return (hidden + counts[3]) / (hidden + counts[1] + counts[2] + counts[3])


def test_the_published_sequence():
    """Of Dempster, Laird and Rubin (1977), as quoted by others; one unit in the last digit is allowed."""
    published = (
        "0.500000000 0.608247423 0.624321051 0.626488879 0.626777323 0.626815632 0.626820719 0.626821395 0.626821484"
    )
    thetas = [step.theta for step in emlib.em(GeneticLinkage(), 0.5, max_iterations=8)]
    assert thetas == pytest.approx([float(digits) for digits in published.split()], rel=0, abs=1.1e-9)


def test_the_first_steps_in_fractions():
    assert exact_step(Fraction(1, 2)) == Fraction(59, 97)
    t = Fraction(1, 2)
    for step in list(emlib.em(GeneticLinkage(), 0.5, max_iterations=5))[1:]:
        t = exact_step(t)
        assert step.theta == pytest.approx(float(t), rel=1e-14)


@given(some_counts, st.fractions(Fraction(1, 100), Fraction(99, 100)))
def test_a_step_and_the_likelihood_from_any_counts(counts, t):
    model = GeneticLinkage(counts)
    statistics = model.e_step(float(t))
    assert statistics.sum() == pytest.approx(sum(counts))
    assert model.m_step(statistics) == pytest.approx(float(exact_step(t, counts)), abs=1e-13)
    cells = [Fraction(1, 2) + t / 4, (1 - t) / 4, (1 - t) / 4, t / 4]
    expected = sum(count * log(cell) for count, cell in zip(counts, cells, strict=True))
    assert model.log_likelihood(float(t)) == pytest.approx(expected, rel=1e-12)


def test_every_labelling_of_a_few_animals():
    """The hidden class of each animal by a sum over all labellings, with fractions."""
    counts, t = (4, 1, 2, 3), Fraction(2, 5)
    hidden = [Fraction(1, 2), t / 4]
    labellings = list(product((0, 1), repeat=counts[0]))
    likelihood = sum(prod(hidden[label] for label in labels) for labels in labellings)
    second = sum(sum(labels) * prod(hidden[label] for label in labels) for labels in labellings) / likelihood
    statistics = GeneticLinkage(counts).e_step(0.4)
    assert statistics == pytest.approx([float(4 - second), float(second), 1, 2, 3])
    rest = ((1 - t) / 4) ** 3 * (t / 4) ** 3
    assert GeneticLinkage(counts).log_likelihood(0.4) == pytest.approx(log(likelihood * rest))


def test_the_maximum_is_the_root_of_a_quadratic():
    assert 197 * MAXIMUM**2 - 15 * MAXIMUM - 68 == pytest.approx(0, abs=1e-12)
    assert f"{MAXIMUM:.10f}" == "0.6268214979"
    model = GeneticLinkage()
    *_, last = emlib.em(model, 0.5)
    assert last.theta == pytest.approx(MAXIMUM, abs=1e-12) and "no parameter changed" in last.stop_reason
    found = minimize_scalar(lambda t: -model.log_likelihood(t), bounds=(0.01, 0.99), options={"xatol": 1e-10})
    assert found.x == pytest.approx(MAXIMUM, abs=1e-6)


def test_the_rate_is_the_share_of_missing_information():
    """Complete, missing and observed information by hand; the variance of a binomial is the missing one."""
    model, t = GeneticLinkage(), MAXIMUM
    expected = model.e_step(t)
    complete = (expected[1] + expected[4]) / t**2 + (expected[2] + expected[3]) / (1 - t) ** 2
    size = 1e-4
    observed = (
        -(model.log_likelihood(t + size) - 2 * model.log_likelihood(t) + model.log_likelihood(t - size)) / size**2
    )
    p = t / (2 + t)
    missing = 125 * p * (1 - p) / t**2  # the score of the hidden count is count / t, up to a constant
    assert complete - observed == pytest.approx(missing, rel=1e-4)
    assert missing / complete == pytest.approx(0.1327787337, abs=1e-10)
    assert em_jacobian(model, t, from_array=float) == pytest.approx(np.array([[missing / complete]]), rel=1e-6)
    gaps = [abs(step.theta - t) for step in emlib.em(model, 0.5, max_iterations=8)]
    assert gaps[-1] / gaps[-2] == pytest.approx(missing / complete, rel=1e-5)


def test_the_rate_of_the_other_litter():
    thetas = np.array([step.theta for step in emlib.em(GeneticLinkage((14, 0, 1, 5)), 0.5)])
    gaps = np.abs(thetas - thetas[-1])
    assert exercises("how_fast_em_climbs")["9.2"].solution() == pytest.approx(gaps[5] / gaps[4], rel=1e-3)


def test_borders():
    assert GeneticLinkage((5, 0, 0, 0)).m_step(GeneticLinkage((5, 0, 0, 0)).e_step(0.5)) == 1
    *_, last = emlib.em(GeneticLinkage((0, 3, 1, 0)), 0.5)
    assert last.theta == 0
    assert GeneticLinkage((5, 0, 0, 2)).log_likelihood(1) == pytest.approx(5 * log(3 / 4) + 2 * log(1 / 4))


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((125, 18, 20), r"counts must be four numbers, one per class; their shape is \(3,\)"),
        (125, r"counts must be four numbers, one per class; their shape is \(\)"),
        ((125, 18, -20, 34), "counts must be whole numbers, 0 or more; one of them is -20"),
        ((125, 18, 20.5, 34), "counts must be whole numbers, 0 or more; one of them is 20.5"),
        (("a", 1, 2, 3), "counts must be numbers, .*; it is"),
        ((0, 0, 0, 0), "counts must not all be 0"),
    ],
)
def test_bad_counts_are_named(counts, message):
    with pytest.raises(ValueError, match=message):
        GeneticLinkage(counts)


@pytest.mark.parametrize("theta", [-0.1, 1.1, np.nan])
def test_bad_parameters_are_named(theta):
    with pytest.raises(ValueError, match=f"theta must lie between 0 and 1; it is {theta}"):
        GeneticLinkage().log_likelihood(theta)
    with pytest.raises(ValueError, match="theta must lie between 0 and 1"):
        list(emlib.em(GeneticLinkage(), theta))


def test_impossible_data_and_empty_statistics_are_errors():
    with pytest.raises(ValueError, match="distinct observation 1, counted from 0, has probability 0 under 1"):
        GeneticLinkage().log_likelihood(1)
    with pytest.raises(ValueError, match="statistics must have some in classes 2 to 5"):
        GeneticLinkage((5, 0, 0, 0)).m_step([5, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("theta", "words"),
    [
        ([0.5], r"theta must be one number, from 0 to 1; its shape is \(1,\)"),
        (emlib.Coins([1], [0.5]), r"theta must be one number, from 0 to 1; its shape is \(2, 1\)"),
        (None, "theta must lie between 0 and 1; it is None"),
        ("half", "theta must be numbers"),
        ({"t": 0.5}, "theta must be numbers"),
    ],
)
def test_a_theta_of_another_kind_is_named(theta, words):
    for call in (GeneticLinkage().log_likelihood, GeneticLinkage().e_step):
        with pytest.raises(ValueError, match=words):
            call(theta)


@pytest.mark.parametrize("statistics", [[1, 2, 3], 5, [1, 2, 3, 4, -1], [1, 2, 3, 4, np.nan], [1, 2, 3, 4, np.inf]])
def test_statistics_are_five_numbers(statistics):
    with pytest.raises(ValueError, match="statistics must be five finite numbers, 0 or more; they are"):
        GeneticLinkage().m_step(statistics)


def test_statistics_in_text_are_named():
    with pytest.raises(ValueError, match="^statistics must be numbers, alone or in lists or arrays; it is 'five'"):
        GeneticLinkage().m_step("five")


def test_numbers_of_any_kind_are_a_theta():
    right = GeneticLinkage().log_likelihood(0.5)
    for theta in (np.float32(0.5), np.array(0.5), Fraction(1, 2)):
        assert GeneticLinkage().log_likelihood(theta) == right
    with pytest.raises(ValueError, match=r"responsibilities must be of shape \(4, 5\); their shape is \(5, 4\)"):
        GeneticLinkage().expected_statistics(np.ones((5, 4)), 0.5)
