"""Many starts at once, the maxima they reach and their kind, against single runs, scipy and finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import emlib
from emlib import BinomialMixture, Coins
from emlib.landscape import em_many, finish, kind_of_point, local_maxima, random_starts, slope_and_curvature

A = BinomialMixture([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10])
B = BinomialMixture([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5, 6, 6, 7, 9, 10])
CHAPTER = BinomialMixture(emlib.chapter.heads)


@st.composite
def problems(draw):
    """Data and a valid start under which they are possible; biases and weights of exactly 0 and 1 among them."""
    tosses = draw(st.lists(st.integers(1, 12), min_size=1, max_size=8))
    heads = [draw(st.integers(0, n)) for n in tosses]
    coins = draw(st.integers(1, 4))
    biases = [draw(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])) for _ in range(coins - 1)] + [
        draw(st.floats(0.05, 0.95))
    ]
    parts = [draw(st.integers(0, 5)) for _ in range(coins - 1)] + [draw(st.integers(1, 5))]
    return heads, tosses, Coins(np.array(parts) / sum(parts), biases)


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(0, 20), st.booleans())
def test_many_runs_are_single_runs(problem, iterations, learn_weights):
    heads, tosses, start = problem
    model = BinomialMixture(heads, tosses, learn_weights)
    *_, last = emlib.em(model, start, iterations, tolerance=0)
    if last.iteration < iterations:
        iterations = last.iteration
    runs = em_many(model, [start.weights] * 3, [start.biases] * 3, iterations)
    for row in range(3):
        assert runs.weights[row] == pytest.approx(last.theta.weights, abs=1e-9)
        assert runs.biases[row] == pytest.approx(last.theta.biases, abs=1e-9)
        assert runs.log_likelihoods[row] == pytest.approx(last.log_likelihood, abs=1e-9)


def test_more_starts_than_fit_in_a_chunk_and_progress():
    weights, biases = random_starts(3, 4500, seed=2)
    told = []
    runs = em_many(A, weights, biases, 5, progress=told.append)
    assert told == [2000 / 4500, 4000 / 4500, 1]
    for row in (0, 1999, 2000, 4499):
        *_, last = emlib.em(A, Coins(weights[row] / weights[row].sum(), biases[row]), 5, tolerance=0)
        assert runs.biases[row] == pytest.approx(last.theta.biases, abs=1e-12)


def test_a_million_tosses_do_not_underflow():
    model = BinomialMixture([333_333, 500_000], 10**6)
    runs = em_many(model, [[0.5, 0.5]], [[0.01, 0.99]], 50)
    assert runs.biases[0] == pytest.approx([0.333333, 0.5]) and np.isfinite(runs.log_likelihoods[0])


@pytest.mark.parametrize(
    ("weights", "biases", "iterations", "message"),
    [
        ([[0.5, 0.5]], [[0.1]], 5, r"same shape, starts x coins; they have \(1, 2\) and \(1, 1\)"),
        ([0.5, 0.5], [0.1, 0.2], 5, "same shape, starts x coins"),
        ([[0.5, 0.6]], [[0.1, 0.2]], 5, "weights of each start must sum to 1; those of start 0 sum to 1.1"),
        ([[0.5, 0.5]], [[0.1, np.nan]], 5, "biases must lie between 0 and 1; one of them is nan"),
        ([[0.5, 0.5]], [[0.1, 0.2]], -1, "iterations must be a whole number, 0 or more; it is -1"),
        ([[0.5, 0.5], [0.5, 0.5]], [[0.1, 0.2], [0, 1]], 5, "4 heads in 10 tosses has probability 0 under start 1"),
    ],
)
def test_bad_starts_are_named(weights, biases, iterations, message):
    with pytest.raises(ValueError, match=message):
        em_many(A, weights, biases, iterations)


def test_weights_that_sum_to_less_than_one_are_named():
    with pytest.raises(ValueError, match="those of start 1 sum to 0.9"):
        em_many(A, [[0.5, 0.5], [0.5, 0.4]], [[0.1, 0.2]] * 2)


@pytest.mark.parametrize("coins", [1, 2, 3])
def test_slope_and_curvature_against_finite_differences(coins):
    theta = Coins([[1], [0.4, 0.6], [0.2, 0.5, 0.3]][coins - 1], [0.15, 0.5, 0.9][:coins])

    def height(free):
        return A.log_likelihood(Coins([*free[coins:], 1 - sum(free[coins:])], free[:coins]))

    here, steps = np.append(theta.biases, theta.weights[:-1]), 1e-4 * np.eye(2 * coins - 1)
    slope, curvature = slope_and_curvature(A, theta)
    for i, up in enumerate(steps):
        assert (height(here + up) - height(here - up)) / 2e-4 == pytest.approx(slope[i], rel=1e-4)
        for j, side in enumerate(steps):
            corners = height(here + up + side) - height(here + up - side)
            corners += height(here - up - side) - height(here - up + side)
            assert corners / 4e-8 == pytest.approx(curvature[i, j], rel=1e-4, abs=1e-2)


def test_slope_is_finite_on_the_border():
    slope, curvature = slope_and_curvature(A, Coins([0.2, 0.5, 0.3], [0, 0.5, 1]))
    inside, _ = slope_and_curvature(A, Coins([0.2, 0.5, 0.3], [1e-9, 0.5, 1 - 1e-9]))
    assert np.all(np.isfinite(curvature)) and slope == pytest.approx(inside, rel=1e-4)


KNOWN = {
    "A": (A, [-45.698144, -47.708641], [(0.0241, 0.2927, 0.8650), (0.2089, 0.8395, 0.9497)], (0.70, 0.30)),
    "B": (B, [-44.128547, -45.145462], [(0.1365, 0.5623, 0.9510), (0.0504, 0.2428, 0.7457)], (0.79, 0.21)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_known_maxima(name):
    model, heights, biases, shares = KNOWN[name]
    found = local_maxima(model)
    assert [point.log_likelihood for point in found] == pytest.approx(heights, abs=1e-6)
    for point, expected, share in zip(found, biases, shares, strict=True):
        assert point.theta.biases == pytest.approx(expected, abs=6e-5) and point.kind == "maximum"
        assert point.share == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 2000) + 0.005)
    assert sum(point.share for point in found) == pytest.approx(1)


def test_the_chapters_ridge():
    (ridge,) = local_maxima(CHAPTER, starts=300)
    assert ridge.kind == "ridge" and ridge.share == 1
    assert ridge.log_likelihood == pytest.approx(-35.15260583249254, abs=1e-10)
    assert ridge.theta.biases == pytest.approx(0.415, abs=1e-8)


def by_direct_search(model, coins, starts, seed):
    """Heights of the maxima that a general optimiser finds, started where `local_maxima` never was."""
    generator = np.random.default_rng(seed)

    def unpack(free):
        weights = np.exp(np.append(free[coins:], 0) - max(0, free[coins:].max(initial=0)))
        return Coins(weights / weights.sum(), 1 / (1 + np.exp(-free[:coins])))

    heights = []
    for _ in range(starts):
        free = generator.normal(0, 2, 2 * coins - 1)
        result = minimize(lambda free: -model.log_likelihood(unpack(free)), free, method="BFGS", options={"gtol": 1e-7})
        heights.append(-result.fun)
    return heights


@pytest.mark.parametrize("seed", range(4))
def test_unseen_data_give_what_a_direct_search_gives(seed):
    generator = np.random.default_rng(100 + seed)
    heads = generator.binomial(10, generator.choice([0.1, 0.4, 0.9], size=25))
    model = BinomialMixture(heads)
    found = local_maxima(model, coins=2, starts=500, seed=seed)
    heights = by_direct_search(model, 2, 20, seed)
    assert max(heights) == pytest.approx(found[0].log_likelihood, abs=1e-5)
    for point in found:
        assert any(height == pytest.approx(point.log_likelihood, abs=1e-4) for height in heights) or point.share < 0.2


def test_kinds_of_points():
    assert kind_of_point(A, A.one_coin()) == "maximum", "one coin has one maximum"
    bias = A.one_coin().biases[0]
    assert kind_of_point(A, Coins([0.2, 0.3, 0.5], [bias] * 3)) == "saddle", "equal coins, over-dispersed data"
    assert kind_of_point(CHAPTER, Coins([0.2, 0.3, 0.5], [0.415] * 3)) == "ridge"
    border = BinomialMixture([0, 0, 0, 5, 6, 4, 5])
    assert [point.kind for point in local_maxima(border, coins=2, starts=200)] == ["border"]
    (point,) = local_maxima(border, coins=2, starts=200)
    assert point.theta.biases[0] == 0 and point.theta.weights[0] == pytest.approx(3 / 7, abs=0.01)


def test_finishing_never_lowers_the_likelihood():
    weights, biases = random_starts(3, 40, seed=5)
    ends = em_many(A, weights, biases, 30)
    for row in range(40):
        rough = Coins(ends.weights[row] / ends.weights[row].sum(), ends.biases[row])
        assert A.log_likelihood(finish(A, rough)) >= A.log_likelihood(rough) - 1e-9


def test_where_d_is_positive_a_coin_is_missing():
    """Adding a coin at the peak of D raises the likelihood; at the best maximum of data A no coin helps."""
    grid = np.linspace(0, 1, 1001)
    best, inferior = local_maxima(A)
    gradient = emlib.gradient_function(A, inferior.theta, grid)
    assert grid[gradient.argmax()] == 0 and gradient.max() == pytest.approx(32.1, abs=0.05)
    more = Coins(np.append(0.95 * inferior.theta.weights, 0.05), np.append(inferior.theta.biases, 0))
    assert A.log_likelihood(more) > inferior.log_likelihood
    gradient = emlib.gradient_function(B, local_maxima(B)[1].theta, grid)
    assert grid[gradient.argmax()] == 1 and gradient.max() == pytest.approx(53.3, abs=0.05)
