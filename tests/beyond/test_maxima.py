"""Many starts at once, the maxima they reach and their kind, against single runs, scipy and finite differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.stats import binom
from spy import counted

import emlib
from emlib import BinomialMixture, Coins, gradient_function
from emlib.beyond import (
    basins,
    classify_stationary_point,
    em_many,
    local_maxima,
    many_starts,
    maxima,
    peak_of_gradient,
    placed_starts,
    polish,
    random_starts,
    slope_and_curvature,
    stationary,
)
from emlib.beyond.gradient import gradients, places
from emlib.beyond.many_starts import em_path, iterate_all
from emlib.beyond.stationary import natural_units

A = BinomialMixture(emlib.data.A)
B = BinomialMixture(emlib.data.B)
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


class Progress(list):
    """Takes down the shares that it is told, and ends the work at the call of this number."""

    def __init__(self, calls=None):
        super().__init__()
        self.calls = calls

    def __call__(self, share):
        self.append(share)
        if len(self) == self.calls:
            raise StopIteration


MANY = 12_000  # starts of 3 coins on data A: more than em_many takes at a time


def test_more_starts_than_are_taken_at_a_time():
    weights, biases = random_starts(3, MANY, seed=2)
    told = Progress()
    runs = em_many(A, weights, biases, 5, progress=told)
    assert len(told) > 2 and told == sorted(set(told)) and told[-1] == 1
    borders = {round(share * MANY) for share in told[:-1]}
    for row in {0, MANY - 1} | borders | {border - 1 for border in borders}:
        *_, last = emlib.em(A, Coins(weights[row] / weights[row].sum(), biases[row]), 5, tolerance=0)
        assert runs.biases[row] == pytest.approx(last.theta.biases, abs=1e-12)
        assert runs.log_likelihoods[row] == pytest.approx(last.log_likelihood, abs=1e-10)


def test_progress_within_long_runs():
    told = Progress()
    runs = em_many(A, *random_starts(3, 2, seed=2), 1250, progress=told)
    assert told == [0.4, 0.8, 1] and np.all(runs.log_likelihoods == em_many(A, *random_starts(3, 2, 2), 1250)[2])
    told = Progress()
    em_many(A, *random_starts(3, 2, seed=2), 0, progress=told)
    assert told == [1]


def test_a_stopped_em_many_returns_the_starts_that_are_done():
    weights, biases = random_starts(3, MANY, seed=2)
    full = em_many(A, weights, biases, 5)
    told = Progress(calls=2)
    part = em_many(A, weights, biases, 5, progress=told)
    assert len(told) == 2 and 0 < len(part.weights) == round(told[-1] * MANY) < MANY
    for some, all_rows in zip(part, full, strict=True):
        assert np.array_equal(some, all_rows[: len(some)])
    none = em_many(A, weights, biases, 501, progress=Progress(calls=1))
    assert none.weights.shape == none.biases.shape == (0, 3) and none.log_likelihoods.shape == (0,)
    last = em_many(A, weights[:5], biases[:5], 5, progress=Progress(calls=1))
    assert len(last.weights) == 5, "stopped when all was done"


def test_an_error_in_progress_comes_out():
    def broken(share):
        raise ZeroDivisionError

    for work in (
        lambda: em_many(A, [[1.0]], [[0.5]], progress=broken),
        lambda: local_maxima(A, starts=5, progress=broken),
        lambda: basins(A, [[1.0]], [[0.5]], local_maxima(A, coins=1, starts=2), progress=broken),
    ):
        with pytest.raises(ZeroDivisionError):
            work()


def test_starts_that_underflow_are_single_runs_and_disturb_no_other():
    """All coins near the border: 10 heads have probability 1e-600, less than any float."""
    biases = [[0.2, 0.9], [1e-60, 1e-59], [0.3, 0.6]]
    runs = em_many(A, [[0.5, 0.5]] * 3, biases, 3)
    alone = em_many(A, [[0.5, 0.5]] * 2, [biases[0], biases[2]], 3)
    assert runs.biases[[0, 2]] == pytest.approx(alone.biases, abs=1e-13)
    *_, last = emlib.em(A, Coins([0.5, 0.5], biases[1]), 3, tolerance=0)
    assert runs.biases[1] == pytest.approx(last.theta.biases, abs=1e-12)
    assert runs.log_likelihoods[1] == pytest.approx(last.log_likelihood, abs=1e-10)
    (far,) = em_many(A, [[0.5, 0.5]], [biases[1]], 0).log_likelihoods
    assert far == pytest.approx(A.log_likelihood(Coins([0.5, 0.5], biases[1])), rel=1e-13)


@pytest.mark.parametrize("tosses", [200, 500, 900, 1100, 2500])
def test_a_coin_far_from_all_data_can_come_back(tosses):
    """Its posterior is tiny at first, but not 0, though from 900 tosses on its probabilities are below all floats."""
    model = BinomialMixture(np.array([0.3, 0.31, 0.5, 0.69, 0.7]) * tosses // 1, tosses)
    start = Coins([0.6, 0.4], [0.5, 0.95])
    steps = list(emlib.em(model, start, 30, tolerance=0))
    for step in steps[1:]:
        runs = em_many(model, [start.weights], [start.biases], step.iteration)
        assert runs.biases[0] == pytest.approx(step.theta.biases, abs=1e-9)
        assert runs.weights[0] == pytest.approx(step.theta.weights, rel=1e-9)


def test_a_million_tosses_do_not_underflow():
    model = BinomialMixture([333_333, 500_000], 10**6)
    runs = em_many(model, [[0.5, 0.5]], [[0.01, 0.99]], 50)
    assert runs.biases[0] == pytest.approx([0.333333, 0.5]) and np.isfinite(runs.log_likelihoods[0])


@pytest.mark.parametrize(
    ("weights", "biases", "iterations", "message"),
    [
        ([[0.5, 0.5]], [[0.1]], 5, r"same shape, starts x coins; they have \(1, 2\) and \(1, 1\)"),
        ([0.5, 0.5], [0.1, 0.2], 5, r"weights must be numbers in an array with 2 axes; its shape is \(2,\)"),
        ([[0.5, 0.6]], [[0.1, 0.2]], 5, r"weights must sum to 1; row 0, counted from 0, \[0.5, 0.6\] sums to 1.1"),
        ([[0.5, 0.5]], [[0.1, np.nan]], 5, "biases must lie between 0 and 1; one of them is nan"),
        ([[0.5, 0.5]], [[0.1, 0.2]], -1, "iterations must be a whole number, 0 or more; it is -1"),
        ([[0.5, 0.5], [0.5, 0.5]], [[0.1, 0.2], [0, 1]], 5, "1 heads in 10 tosses has probability 0 under start 1"),
    ],
)
def test_bad_starts_are_named(weights, biases, iterations, message):
    with pytest.raises(ValueError, match=message):
        em_many(A, weights, biases, iterations)


def test_weights_that_sum_to_less_than_one_are_named():
    with pytest.raises(ValueError, match=r"row 1, counted from 0, \[0.5, 0.4\] sums to 0.9"):
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


def test_a_stopped_search_has_shares_of_the_starts_that_came_to_rest():
    told = Progress()
    full = local_maxima(A, starts=300, progress=told)
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1
    calls = next(call for call, share in enumerate(told, start=1) if share > 0)
    part = local_maxima(A, starts=300, progress=Progress(calls))
    assert 0 < told[calls - 1] < 1 and 1 <= len(part) <= len(full)
    assert sum(point.share for point in part) == pytest.approx(1)
    for point in part:
        assert any(point.theta.biases == pytest.approx(other.theta.biases, abs=1e-9) for other in full)
    assert local_maxima(A, starts=300, progress=Progress(calls=1)) == []


def test_how_many_starts_there_are_where_nothing_else_is_said(monkeypatch):
    even, placed, seeds = (
        counted(monkeypatch, maxima, name) for name in ("random_starts", "placed_starts", "random_generator")
    )
    local_maxima(A, progress=Progress(calls=1))
    local_maxima(A, 2, 59, progress=Progress(calls=1))
    assert [arguments[:2] for arguments in even[::2]] == [(3, 2000), (2, 59)], "and between them what is placed"
    assert [arguments[1:3] for arguments in placed] == [(3, 120), (2, 22)]
    assert even[0][2] is placed[0][3] and seeds == [(0,), (0,)]


def test_at_the_last_look_all_that_still_moves_counts_where_it_is(monkeypatch):
    monkeypatch.setattr(maxima, "BLOCKS", 1)
    told = Progress()
    found = local_maxima(A, 3, 40, progress=told)
    assert told[-1] == 1 and sum(point.share for point in found) == pytest.approx(1)


def test_a_polished_point_is_in_order_of_bias_then_weight():
    best = local_maxima(A, 3, 60)[0].theta
    turned = polish(A, Coins(best.weights[[2, 0, 1]], best.biases[[2, 0, 1]]))
    assert turned.biases == pytest.approx(best.biases) and turned.weights == pytest.approx(best.weights)
    equal = polish(CHAPTER, Coins([0.5, 0.2, 0.3], [0.415] * 3))
    assert equal.weights == pytest.approx([0.2, 0.3, 0.5]) and equal.biases == pytest.approx(0.415)


def test_polishing_gives_the_last_digits_of_a_maximum_known_in_closed_form_or_by_symmetry():
    assert polish(CHAPTER, Coins([1], [0.4])).biases == pytest.approx([83 / 200], rel=1e-12)
    heads = np.array([1, 2, 3, 7, 8, 9])  # heads and tails alike, so the best two coins are p and 1 - p, evenly

    def moved(p):  # what the responsibilities of sequences make of p, less p
        ours, theirs = binom.pmf(heads, 10, p), binom.pmf(heads, 10, 1 - p)
        share = ours / (ours + theirs)
        return (share @ heads + (1 - share) @ (10 - heads)) / 60 - p

    p, near = brentq(moved, 0.05, 0.4, xtol=1e-15), Coins([0.52, 0.48], [0.22, 0.77])
    for learn_weights in (True, False):
        start = near if learn_weights else Coins([0.5, 0.5], near.biases)
        found = polish(BinomialMixture(heads, 10, learn_weights), start)
        assert found.biases == pytest.approx([p, 1 - p], rel=1e-11) and found.weights == pytest.approx([0.5, 0.5])


def test_basins_are_where_long_single_runs_end():
    maxima = local_maxima(A)
    weights, biases = random_starts(3, 24, seed=4)
    weights[0], biases[0] = 1 / 3, 0.4  # equal coins stay equal
    told = Progress()
    labels = basins(A, weights, biases, maxima, progress=told)
    assert labels[0] == -1 and told == sorted(told) and told[-1] == 1
    for row in range(1, 24):
        *_, last = emlib.em(A, Coins(weights[row] / weights[row].sum(), biases[row]), 500, tolerance=0)
        nearest = np.abs([point.log_likelihood - last.log_likelihood for point in maxima]).argmin()
        away = np.abs(np.sort(last.theta.biases) - maxima[nearest].theta.biases).max()
        assert labels[row] == (nearest if away <= 0.05 else -1)
    assert np.sum(labels == -1) < 4


def test_a_ridge_is_known_by_its_height_wherever_its_coins_are():
    model = BinomialMixture([0, 0, 1, 2, 2, 2], 2)
    (top,) = local_maxima(model, 3, 60)
    starts = random_starts(3, 20, seed=1)
    far = np.abs(np.sort(em_many(model, *starts, 500).biases, axis=1) - top.theta.biases).max(axis=1)
    assert top.kind == "ridge" and far.max() > 0.05 and np.all(basins(model, *starts, [top]) == 0)


def test_a_stopped_map_knows_what_it_knew():
    maxima = local_maxima(A)
    weights, biases = random_starts(3, 200, seed=4)
    full = basins(A, weights, biases, maxima)
    assert np.all(basins(A, weights, biases, maxima, progress=Progress(calls=1)) == -1)
    part = basins(A, weights, biases, maxima, progress=Progress(calls=2))
    assert 0 < np.sum(part == -1) < 200 and np.all((part == full) | (part == -1))
    with pytest.raises(ValueError, match="weights must sum to 1; row "):
        basins(A, weights / 2, biases, maxima)


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


class TestSteps:
    """What Newton's method does with a step, and what is put on the border beforehand."""

    @pytest.mark.parametrize(
        ("step", "weights", "biases"),
        [
            ([0.05, -0.1, 0.1], [0.4, 0.6], [0.25, 0.8]),
            ([0.9, 0.2, -0.5], [0, 1], [1, 1]),
            ([-0.9, 0, 0.8], [1, 0], [0, 0.9]),
        ],
    )
    def test_a_step_ends_at_the_border(self, step, weights, biases):
        moved = stationary._moved(Coins([0.3, 0.7], [0.2, 0.9]), np.array(step))
        assert moved.weights == pytest.approx(weights) and moved.biases == pytest.approx(biases)

    def test_what_expects_almost_nothing_goes_to_its_border_first(self):
        model = BinomialMixture([0, 0, 0, 5, 6, 10])
        near = Coins([0.5, 1 / 3, 1 / 6 - 1e-8, 1e-8], [1e-9, 0.55, 1 - 1e-9, 0.3])
        found = stationary._snapped(model, near)
        assert found.weights[0] == 0 and found.biases[0] == 0.3, "a coin that matters stands last"
        assert found.biases[1:].tolist() == [1, 0.55, 0] and found.weights[1:] == pytest.approx([1 / 6, 1 / 3, 0.5])
        unused = stationary._snapped(model, Coins([0.5, 1 / 3, 1 / 6, 0], [0, 0.55, 1, 0.3]))
        assert unused.biases.tolist() == [0.3, 1, 0.55, 0], "what expects nothing at all stays"
        held = BinomialMixture(model.heads, learn_weights=False)
        kept = stationary._snapped(held, near)
        assert sorted(kept.weights) == sorted(near.weights) and set(kept.biases) == {0, 1, 0.55, 0.3}
        one = BinomialMixture([0, 0, 1, 6])
        for bias, snapped in ((1e-16, 0), (1e-11, 1e-11), (0.01, 0.01)):  # a posterior of 1e-11, of 1e-6, of 1
            assert stationary._snapped(one, Coins([0.5, 0.5], [bias, 0.7])).biases.tolist() == [snapped, 0.7]
        assert stationary._log_likelihood(model, Coins([1], [0])) == -np.inf
        assert stationary._log_likelihood(one, Coins([1], [0.7])) == one.log_likelihood(Coins([1], [0.7]))


def test_kinds_of_points():
    assert classify_stationary_point(A, A.pooled_fit()) == "maximum", "one coin has one maximum"
    bias = A.pooled_fit().biases[0]
    assert classify_stationary_point(A, Coins([0.2, 0.3, 0.5], [bias] * 3)) == "saddle", (
        "equal coins, over-dispersed data"
    )
    assert classify_stationary_point(CHAPTER, Coins([0.2, 0.3, 0.5], [0.415] * 3)) == "ridge"
    border = BinomialMixture([0, 0, 0, 5, 6, 4, 5])
    assert [point.kind for point in local_maxima(border, coins=2, starts=200)] == ["border"]
    (point,) = local_maxima(border, coins=2, starts=200)
    assert point.theta.biases[0] == 0 and point.theta.weights[0] == pytest.approx(3 / 7, abs=0.01)


def test_finishing_never_lowers_the_likelihood():
    weights, biases = random_starts(3, 40, seed=5)
    ends = em_many(A, weights, biases, 30)
    for row in range(40):
        rough = Coins(ends.weights[row] / ends.weights[row].sum(), ends.biases[row])
        assert A.log_likelihood(polish(A, rough)) >= A.log_likelihood(rough) - 1e-9


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


def rare(tosses, expected=(10, 30), sequences=200):
    """Heads of two coins that are tiny beside the number of tosses."""
    return Coins([0.5, 0.5], np.array(expected) / tosses).sample(sequences, tosses, seed=3).heads


class TestScale:
    """Rare events: all biases near 0, or near 1, or of several sizes at once."""

    @pytest.mark.parametrize("tosses", [1000, 10_000, 10**7, 10**12])
    def test_the_best_maximum_is_found_and_is_strict(self, tosses):
        model = BinomialMixture(rare(tosses), tosses)
        *_, last = emlib.em(model, Coins([0.5, 0.5], [10 / tosses, 30 / tosses]), 3000, tolerance=1e-9 / tosses)
        best = local_maxima(model, 2, 100)[0]
        assert best.kind == "maximum" and best.free == ""
        assert best.log_likelihood == pytest.approx(last.log_likelihood, abs=1e-6)
        assert best.theta.biases == pytest.approx(np.sort(last.theta.biases), rel=1e-5)

    def test_near_one_is_as_near_zero(self):
        low, high = (
            local_maxima(BinomialMixture(heads, 10**5), 2, 60)[0] for heads in (rare(10**5), 10**5 - rare(10**5))
        )
        assert high.log_likelihood == pytest.approx(low.log_likelihood, abs=1e-8)
        assert 1 - high.theta.biases[::-1] == pytest.approx(low.theta.biases, rel=1e-6)

    def test_two_scales_at_once(self):
        heads = np.append(rare(10**7), [5 * 10**6] * 20)
        best = local_maxima(BinomialMixture(heads, 10**7), 3, 100)[0]
        assert best.theta.biases * 1e7 == pytest.approx([10.476, 29.577, 5e6], rel=1e-3)
        assert best.theta.weights[2] == pytest.approx(20 / 220) and best.kind == "maximum"

    def test_coins_that_no_sequence_uses_are_one_entry_which_says_so(self):
        model = BinomialMixture(rare(20_000), 20_000)
        found = local_maxima(model, 2, 200)
        single = [entry for entry in found if entry.theta.weights.max() == 1]
        assert len(single) == 1 and single[0].kind == "saddle" and single[0].share > 0.9
        unused = int(single[0].theta.weights.argmin()) + 1
        assert single[0].free == f"the bias of coin {unused}, which has weight 0"
        assert sum(entry.share for entry in found) == pytest.approx(1) and found[0].share < 0.1

    def test_places_are_where_the_data_are(self):
        found = places(np.array([0, 1e-6, 3e-6, 0.5]))
        assert np.all((found > 0) & (found < 1)) and np.all(np.diff(found) > 0)
        for place in (0.01, 0.99, 1e-6, 3e-6, 5e-7, 2e-6, 0.5, 0.75):
            assert np.min(np.abs(found - place)) < 1e-16
        # 0 and 1 are left out of 200 shares, and the middles between them and themselves.
        assert len(places(np.linspace(0, 1, 100_000))) == 99 + 198 + 199
        among = [0.1025, 0.205, 0.281, 0.357, 0.6785]
        assert places([0.205, 0.357, 0.205]) == pytest.approx(np.sort([*np.arange(1, 100) / 100, *among]))
        bias, gain = peak_of_gradient(BinomialMixture([0] * 9 + [5], 10**6), Coins([1], [5e-7]))
        assert bias == pytest.approx(5e-6) and gain > 1

    def test_of_gains_beyond_all_numbers_the_largest_is_found(self):
        for occurrences, best in (([3, 1], 0.01), ([1, 3], 0.99)):
            model = BinomialMixture([100, 9900], 10_000, occurrences=occurrences)
            assert peak_of_gradient(model, Coins([1], [0.5])) == (pytest.approx(best), np.inf)
            assert peak_of_gradient(model, Coins([1], [0.4])) == (pytest.approx(0.99), np.inf), "9900 is less likely"

    def test_placed_starts_lie_between_places(self):
        model = BinomialMixture(rare(10**7), 10**7)
        weights, biases = placed_starts(model, 3, 500, seed=1)
        assert weights.sum(axis=1) == pytest.approx(1) and biases.shape == (500, 3)
        again = placed_starts(model, 3, 500, seed=1)
        assert np.array_equal(weights, again[0]) and np.array_equal(biases, again[1])
        edges = places(model.distinct_heads / 10**7)
        assert biases.max() > edges[-2], "up to the last place"
        assert biases.min() >= edges[0] and biases.max() <= edges[-1]
        assert 0.1 < np.mean(biases < 1e-5) < 0.9, "many among the rare events, many elsewhere"


class TestGradients:
    """D(p) of many mixtures, by scipy."""

    GRID = np.array([0, 0.1, 0.35, 0.5, 0.9, 1])

    def test_each_is_in_units_of_the_least_likely_outcome_that_was_seen(self):
        counts, heads = np.array([[3, 0, 2, 5], [0, 1, 0, 4]]), np.arange(4)[:, None]
        weights, biases = np.array([[0.3, 0.7], [1, 0]]), np.array([[0.2, 0.6], [0.5, 0.9]])
        found = gradients(counts, BinomialMixture(range(4), 3), weights, biases, self.GRID)
        for row, seen, w, p in zip(found, counts, weights, biases, strict=True):
            mixture = binom.pmf(heads, 3, p) @ w
            right = seen / mixture @ binom.pmf(heads, 3, self.GRID)
            assert row == pytest.approx(right * mixture[seen > 0].min(), rel=1e-12)

    def test_nothing_overflows(self):
        frame = BinomialMixture([0, 10**6], 10**6)
        (row,) = gradients(np.array([[1, 1]]), frame, np.array([[1.0]]), np.array([[0.3]]), self.GRID)
        assert row == pytest.approx([0, 0, 0, 0, 0, 1]), "1 outcome is less likely by far"

    def test_its_peak_is_the_highest_of_thousandths_and_places(self):
        for bias in (0.3, 0.55):
            grid = np.union1d(np.linspace(0, 1, 1001), places(CHAPTER.distinct_heads / 10))
            ratios = binom.pmf(CHAPTER.heads[:, None], 10, grid) / binom.pmf(CHAPTER.heads, 10, bias)[:, None]
            gains = ratios.sum(axis=0) - 20
            assert peak_of_gradient(CHAPTER, Coins([1], [bias])) == pytest.approx((grid[gains.argmax()], gains.max()))
        model = BinomialMixture([0, 1, 1], 10)
        grid = np.linspace(0, 1, 1001)
        ratios = binom.pmf(model.heads[:, None], 10, grid) / binom.pmf(model.heads, 10, 0.9)[:, None]
        assert peak_of_gradient(model, Coins([1], [0.9]))[1] >= ratios.sum(axis=0).max() - 3


class TestAPath:
    def test_it_is_em_with_all_that_it_passes(self):
        path = em_path(A, Coins([0.2, 0.3, 0.5], [0.2, 0.62, 0.9]), 40)
        steps = list(emlib.em(A, Coins([0.2, 0.3, 0.5], [0.2, 0.62, 0.9]), 40, tolerance=0))
        assert path.weights.shape == path.biases.shape == (41, 3)
        assert path.weights == pytest.approx(np.array([step.theta.weights for step in steps]), abs=1e-13)
        assert path.biases == pytest.approx(np.array([step.theta.biases for step in steps]), abs=1e-13)
        assert path.log_likelihoods == pytest.approx([step.log_likelihood for step in steps], abs=1e-10)

    def test_it_ends_where_an_iteration_changes_nothing(self):
        assert len(em_path(A, Coins([1], [0.3]), 40).weights) == 3, "one coin is there at once"
        held = BinomialMixture(A.heads, learn_weights=False)
        assert len(em_path(held, Coins([0.5, 0.5], [0.2, 0.8]), 5).weights) == 6, "only the biases move"
        with pytest.raises(emlib.coins.ImpossibleData, match="1 heads in 10 tosses has probability 0"):
            em_path(A, Coins([1], [0]), 5)


@pytest.mark.parametrize("model", [A, BinomialMixture([6000, 9990, 10_010, 14_400], 20_000)], ids=["few", "many"])
@pytest.mark.parametrize("power", [0.5, 1, 3])
def test_a_posterior_is_raised_to_its_power(model, power):
    weights, biases = np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([[0.3, 0.6], [0.45, 0.5]])
    counts = model.occurrences[:, None].astype(float)
    found = iterate_all(model, counts, weights.T, biases.T, 1, power)
    for row in range(2):
        logs = power * (np.log(weights[row]) + binom.logpmf(model.heads[:, None], model.tosses[:, None], biases[row]))
        posterior = np.exp(logs - logs.max(axis=1, keepdims=True))
        posterior /= posterior.sum(axis=1, keepdims=True)
        right = Coins(posterior.mean(axis=0), model.heads @ posterior / (model.tosses @ posterior))
        assert found[0][:, row] == pytest.approx(right.weights, rel=1e-9)
        assert found[1][:, row] == pytest.approx(right.biases, rel=1e-9)
        assert found[2][row] == pytest.approx(model.log_likelihood(right), rel=1e-10)


def test_an_impossible_start_is_named_by_its_number_among_all(monkeypatch):
    monkeypatch.setattr(many_starts, "CELLS", 2 * len(A.distinct_heads) * 3)  # three starts at a time
    biases = np.full((8, 2), 0.5)
    biases[7] = 0, 1
    with pytest.raises(emlib.coins.ImpossibleData, match=r"under start 7: weights \[0.5 0.5\], biases \[0. 1.\]"):
        em_many(A, np.full((8, 2), 0.5), biases, 1)
    told = Progress()
    em_many(A, np.full((7, 2), 0.5), biases[:7], 1, progress=told)
    assert told == [3 / 7, 6 / 7, 1]


class TestGivenWeights:
    HALVES = BinomialMixture(A.heads, learn_weights=False)

    def test_finishing_keeps_them(self):
        *_, last = emlib.em(self.HALVES, Coins([0.5, 0.5], [0.2, 0.8]), 2000)
        found = polish(self.HALVES, last.theta)
        assert found.weights.tolist() == [0.5, 0.5]
        assert self.HALVES.log_likelihood(found) == pytest.approx(-48.154, abs=5e-4)
        right = minimize(lambda p: -self.HALVES.log_likelihood(Coins([0.5, 0.5], p)), [0.2, 0.8], method="Nelder-Mead")
        assert self.HALVES.log_likelihood(found) == pytest.approx(-right.fun, abs=1e-6)
        assert classify_stationary_point(self.HALVES, found) == "maximum"
        assert classify_stationary_point(A, found) != "maximum" or abs(slope_and_curvature(A, found)[0][2]) > 1e-3
        thirds = polish(self.HALVES, Coins([0.3333333, 0.3333333, 0.3333333], [0.1, 0.5, 0.9]))
        assert thirds.weights.tolist() == [0.3333333] * 3, "not even their rounding changes"
        tiny = polish(self.HALVES, Coins([1e-9, 1 - 1e-9], [0.9, 0.4]))
        assert sorted(tiny.weights) == [1e-9, 1 - 1e-9]

    def test_a_search_with_weights_of_its_own_is_refused(self):
        with pytest.raises(
            ValueError, match="model must learn its weights; .* Run em_many from starts with your weights"
        ):
            local_maxima(self.HALVES, 2)


def test_rows_of_one_height_are_told_apart_by_their_coins():
    """Heads and tails the other way round: two maxima of one height, both listed."""
    one, other = local_maxima(BinomialMixture([1, 1, 1, 5, 5, 5, 9, 9, 9]), 2, 400)
    assert one.kind == other.kind == "maximum"
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-10)
    assert one.theta.biases == pytest.approx(1 - other.theta.biases[::-1], abs=1e-9)
    assert one.share + other.share == pytest.approx(1) and 0.3 < one.share < 0.7


@pytest.fixture(scope="module")
def two():
    return [point.theta for point in local_maxima(A, 3, 100)[:2]]


class TestCredit:
    """Which runs count as having reached a known top."""

    def credited(self, kind, theta, rows, model=A, rests=None):
        """The tops, how many runs each has, and which runs are left, if one top of a kind is known beforehand."""
        tops = [maxima._Top(theta, model.log_likelihood(theta), kind, number=100)]
        weights, biases = np.array([row.weights for row in rows]), np.array([row.biases for row in rows])
        numbers = 2.0 ** np.arange(len(rows))  # so that a sum tells which rows are in it
        rests = np.zeros(len(rows), bool) if rests is None else np.array(rests)
        left = maxima._credit(model, tops, em_many(model, weights, biases, 0), numbers, rests)
        return tops, [top.number for top in tops], left.tolist()

    def near(self, theta):
        """Lower by less than 1e-3 nats, by more than rounding; biases moved by less than 2 %."""
        found = Coins(theta.weights, theta.biases * [1, 1.004, 1])
        assert 1e-5 < A.log_likelihood(theta) - A.log_likelihood(found) < 1e-3
        return found

    def test_a_strict_maximum_gets_what_is_near_enough_that_it_cannot_miss_it(self, two):
        best, second = two
        tops, numbers, left = self.credited("maximum", best, [best, self.near(best), second])
        assert numbers == [100 + 1 + 2, 4] and left == [False] * 3
        assert tops[1].theta.biases == pytest.approx(second.biases) and tops[1].kind == "maximum"

    def test_what_is_lower_by_more_may_miss_it(self, two):
        best, _ = two
        lower = Coins(best.weights + [0.019, -0.019, 0], best.biases)
        assert A.log_likelihood(best) - A.log_likelihood(lower) > 1e-3
        _, numbers, left = self.credited("maximum", best, [best, lower])
        assert numbers[0] == 100 + 1 and left == [False, True]

    def test_other_tops_get_only_what_is_there(self, two):
        best, second = two
        _, numbers, left = self.credited("saddle", best, [best, self.near(best)])
        assert numbers[0] == 100 + 1
        other = Coins(second.weights, second.biases)
        tops, numbers, left = self.credited("saddle", other, [best, other])
        assert numbers == [100 + 2, 1] and tops[1].theta.biases == pytest.approx(best.biases)

    def test_what_is_as_high_elsewhere_is_another_top(self):
        one, other = Coins([0.2, 0.3, 0.5], [0.415] * 3), Coins([0.6, 0.3, 0.1], [0.415] * 3)
        _, numbers, left = self.credited("saddle", one, [one, other], CHAPTER)
        assert numbers == [100 + 1] and left == [False, True]

    def test_a_ridge_gets_all_that_are_as_high(self):
        one = Coins([0.2, 0.3, 0.5], [0.415] * 3)
        rows = [one, Coins([0.6, 0.3, 0.1], [0.415] * 3), Coins([0.5, 0.3, 0.2], [0.4, 0.42, 0.44])]
        _, numbers, left = self.credited("ridge", one, rows, CHAPTER)
        assert numbers == [100 + 1 + 2] and left == [False, False, True]

    def test_a_coin_that_lost_its_weight_may_have_any_bias(self):
        two = local_maxima(A, 2, 100)[0].theta
        known = Coins([0, *two.weights], [0.5, *two.biases])
        rows = [Coins([*two.weights * (1 - 1e-9), 1e-9], [*two.biases, bias]) for bias in (0.1, 0.9)]
        _, numbers, left = self.credited("saddle", known, rows)
        assert numbers == [100 + 1 + 2] and left == [False, False]

    def test_what_rests_elsewhere_is_a_top_of_its_own(self):
        middle = Coins([0.25, 0.5, 0.25], [A.heads.mean() / 10] * 3)
        lower = Coins([0.4, 0.6], [0.1, 0.7])
        for rests in (True, False):
            rows = [Coins([*lower.weights, 0], [*lower.biases, 0.5]), middle]
            tops, numbers, left = self.credited("ridge", Coins([1, 0, 0], [0.2, 0.5, 0.5]), rows, rests=[False, rests])
            assert numbers[0] == 100 and left[1] is not rests
            assert (len(tops) == 2 and numbers[1] == 2) == rests

    def test_what_rests_short_of_its_top_is_counted_there(self):
        short = Coins([0.25, 0.45, 0.3], [0.05, 0.35, 0.8])
        tops, numbers, left = self.credited("ridge", Coins([1, 0, 0], [0.2, 0.5, 0.5]), [short], rests=[True])
        assert numbers == [100, 1] and left == [False] and tops[1].kind == "maximum"

    def test_ridges_of_one_height_are_one(self):
        one, other = Coins([0.2, 0.3, 0.5], [0.415] * 3), Coins([0.1, 0.1, 0.8], [0.4, 0.41, 0.42])
        tops = [maxima._Top(theta, -35.0, "ridge", number) for theta, number in ((one, 3), (other, 1))]
        (entry,) = maxima._without_twins(CHAPTER, tops)
        assert entry.theta is one and entry.share == 1
        tops = [maxima._Top(theta, -35.0, "maximum", number) for theta, number in ((one, 3), (other, 1))]
        assert [entry.share for entry in maxima._without_twins(CHAPTER, tops)] == [0.75, 0.25]

    def test_it_tries_the_three_highest_that_still_move(self):
        rows = [Coins([0.2, 0.3, 0.5], [0.39 + d, 0.415, 0.45 + d]) for d in (0, 0.01, 0.02, 0.03, 0.04)]
        heights = [CHAPTER.log_likelihood(row) for row in rows]
        tried = []

        def watched(model, theta):
            tried.append(model.log_likelihood(theta))
            return theta

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(maxima, "polish", watched)
            tops, _, left = self.credited("saddle", Coins([1, 0, 0], [0.1, 0.5, 0.5]), rows, CHAPTER)
        assert tried == pytest.approx(sorted(heights, reverse=True)[:3]) and all(left) and len(tops) == 1


def test_merged_rows_are_sorted_and_counted():
    weights = np.array([[0.2, 0.8], [0.8, 0.2], [0.2, 0.8], [0.2, 0.8], [0.0, 1.0], [0.0, 1.0]])
    biases = np.array(
        [[0.3, 0.4], [0.4, 0.3 * (1 + 1e-12)], [0.3, 0.41], [0.3 * (1 + 1e-7), 0.4], [0.1, 0.6], [0.9, 0.6]]
    )
    found = maxima._merge(weights, biases, np.array([1.0, 2, 4, 8, 16, 32]))
    rows = {(round(b[0], 9), round(b[1], 9)): (list(w), n) for w, b, n in zip(*found, strict=True)}
    assert rows == {
        (0.3, 0.4): ([0.2, 0.8], 3),
        (0.3, 0.41): ([0.2, 0.8], 4),
        (0.30000003, 0.4): ([0.2, 0.8], 8),
        (0.5, 0.6): ([0, 1], 48),
    }


def test_which_runs_still_move():
    """A weight as such; a bias in proportion to it, or to one head in all tosses where that is more."""
    before = np.full((4, 2), 0.5), np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 1e-9], [0.5, 0.01]])
    weights = before[0] + [[0.0009, -0.0009], [0.0011, -0.0011], [0, 0], [0, 0]]
    biases = before[1] + [[0, 0], [0, 0], [0, 9e-7], [0, 1.15e-5]]
    assert maxima.moves(before, (weights, biases), 1000, 1e-3).tolist() == [False, True, False, True]
    assert maxima.moves(before, (weights, biases), 500, 1e-3).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("heads", "tosses", "coins", "free"),
    [
        (emlib.chapter.heads, 10, 3, "the weights of coins with one bias, as long as their sum stays"),
        ([0, 0, 1, 2, 2, 2], 2, 3, "several parameters together"),
        (A.heads, 10, 2, ""),
    ],
)
def test_what_is_free_is_said(heads, tosses, coins, free):
    assert local_maxima(BinomialMixture(heads, tosses), coins, 60)[0].free == free


def test_kinds_with_a_coin_of_weight_0():
    """It may have any bias, so what counts is whether it would help anywhere."""
    three = Coins([0.1767297, 0.4304433, 0.392827], [0.02405407, 0.292654, 0.8649556])
    assert peak_of_gradient(A, three)[1] > 1
    extended = Coins([*polish(A, three).weights, 0], [*polish(A, three).biases, 0.6])
    assert gradient_function(A, extended, [0.6])[0] < 0 and classify_stationary_point(A, extended) == "saddle"
    one = BinomialMixture(emlib.chapter.heads)
    assert classify_stationary_point(one, Coins([1, 0], [0.415, 0.9])) == "border"


def test_a_bias_of_1_from_which_the_likelihood_rises_inwards_is_a_saddle():
    model = BinomialMixture([10] * 5 + [9] * 5 + [2] * 10)
    assert classify_stationary_point(model, Coins([0.5, 0.5], [0.2, 1])) == "saddle"
    assert classify_stationary_point(BinomialMixture(10 - model.heads), Coins([0.5, 0.5], [0.8, 0])) == "saddle"


def test_natural_units_are_standard_errors_of_known_coins():
    """With coins that never overlap nothing is hidden: the curvature is minus 1 in every direction."""
    model = BinomialMixture([0, 1, 0, 100, 99, 100, 98], 100)
    theta = polish(model, model.m_step(model.complete_data_statistics([0, 0, 0, 1, 1, 1, 1], 2)))
    free, units = natural_units(model, theta)
    _, curvature = slope_and_curvature(model, theta)
    assert free.tolist() == [True] * 3
    assert units.T @ curvature @ units == pytest.approx(-np.eye(3), abs=1e-6)
    assert units[2, 2] == pytest.approx(np.sqrt(3 / 7 * 4 / 7 / 7), abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: local_maxima(A, 0), "coins must be a whole number, 1 or more; it is 0"),
        (lambda: local_maxima(A, "2"), "coins must be a whole number, 1 or more; it is '2'"),
        (lambda: local_maxima(A, 2, starts=0), "starts must be a whole number, 1 or more; it is 0"),
        (lambda: local_maxima(A, 2, seed="x"), "seed must be a whole number"),
        (lambda: random_starts(2, 1.5), "starts must be a whole number, 1 or more; it is 1.5"),
        (lambda: basins(A, [[1.0]], [[0.5]], []), "maxima must be one or more, as from local_maxima; there are none"),
    ],
)
def test_bad_searches_are_named(call, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        local_maxima,
        lambda m: polish(m, Coins([1], [0.5])),
        lambda m: em_many(m, [[1]], [[1]]),
        lambda m: peak_of_gradient(m, Coins([1], [0.5])),
        lambda m: gradient_function(m, Coins([1], [0.5]), [0.5]),
        lambda m: slope_and_curvature(m, Coins([1], [0.5])),
        lambda m: classify_stationary_point(m, Coins([1], [0.5])),
        lambda m: placed_starts(m, 1, 1),
        lambda m: basins(m, [[1]], [[0.5]], []),
    ],
)
def test_a_model_of_another_kind_is_named(call):
    with pytest.raises(TypeError, match="^model must be a BinomialMixture; it is a PartitionedModel"):
        call(emlib.beyond.PartitionedModel([A, B]))


@pytest.mark.parametrize("wrong", [3, [3], None, "ab"])
def test_maxima_of_another_kind_are_named(wrong):
    with pytest.raises(TypeError, match="^maxima must be a list of LocalMaximum, as from local_maxima; it is "):
        basins(A, [[1.0]], [[0.5]], wrong)


@pytest.mark.parametrize(
    "call",
    [
        lambda theta: gradient_function(A, theta, [0.5]),
        lambda theta: slope_and_curvature(A, theta),
        lambda theta: polish(A, theta),
        lambda theta: classify_stationary_point(A, theta),
    ],
)
def test_a_theta_of_another_kind_is_named(call):
    with pytest.raises(TypeError, match=r"^theta must be a Coins; it is a list: \[0.5\]"):
        call([0.5])
