"""Many data sets at once against single runs, and what each strategy promises."""

import numpy as np
import pytest

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import local_maxima, placed_starts, random_starts, strategies

TRUTH = Coins([0.2, 0.4, 0.4], [0.1, 0.3, 0.85])
DATA_A = BinomialMixture(emlib.data.A)
COUNTS = strategies.simulate(TRUTH, sets=6, sequences=20, seed=3)


def model(row):
    return BinomialMixture(np.repeat(np.arange(len(row)), row), len(row) - 1)


def test_simulated_sets_are_complete_and_repeatable():
    assert COUNTS.shape == (6, 11) and np.all(COUNTS.sum(axis=1) == 20)
    assert np.all(COUNTS == strategies.simulate(TRUTH, sets=6, sequences=20, seed=3))


def test_runs_on_many_data_sets_are_single_runs():
    weights, biases, heights = strategies.climb_all(COUNTS, [[0.3, 0.3, 0.4]] * 6, [[0.2, 0.5, 0.9]] * 6, iterations=25)
    for row in range(6):
        *_, last = emlib.em(model(COUNTS[row]), Coins([0.3, 0.3, 0.4], [0.2, 0.5, 0.9]), 25, tolerance=0)
        assert biases[row] == pytest.approx(last.theta.biases, abs=1e-12)
        assert weights[row] == pytest.approx(last.theta.weights, abs=1e-12)
        assert heights[row] == pytest.approx(last.log_likelihood, abs=1e-9)


def test_biases_of_0_and_1_and_dead_coins():
    """On the border runs are still single runs, whatever was not seen; and impossible data are named."""
    row = [0, 0, 4, 0, 1, 0, 0, 2, 0, 0, 0]
    start = Coins([0.2, 0.3, 0.5, 0], [0, 1, 0.4, 0.5])
    with np.errstate(all="raise", under="ignore"):
        weights, biases, heights = strategies.climb_all([row], [start.weights], [start.biases], iterations=7)
    *_, last = emlib.em(model(row), start, 7, tolerance=0)
    assert weights[0] == pytest.approx(last.theta.weights, abs=1e-12)
    assert biases[0] == pytest.approx(last.theta.biases, abs=1e-12)
    assert heights[0] == pytest.approx(last.log_likelihood, abs=1e-9)
    ends = strategies.climb_all([[3] + 9 * [0] + [1]], [[0.5, 0.5]], [[0, 1]], iterations=2)
    for found, exact in zip(ends, ([0.75, 0.25], [0, 1], 3 * np.log(0.75) + np.log(0.25)), strict=True):
        assert found[0] == pytest.approx(exact)
    with pytest.raises(emlib.ImpossibleData, match="2 heads in 10 tosses has probability 0 under start 1"):
        strategies.climb_all([row, row], [[0.5, 0.5]] * 2, [[0.1, 0.9], [0, 1]])


def test_a_power_blurs_the_posterior():
    """Against the definition, on one data set and one iteration."""
    row, theta = COUNTS[0], Coins([0.3, 0.7], [0.2, 0.6])
    _, biases, _ = strategies.climb_all([row], [theta.weights], [theta.biases], 1, inverse_temperature=0.5)
    blurred = np.sqrt(model(row).posterior(theta))
    blurred /= blurred.sum(axis=1, keepdims=True)
    assert biases[0] == pytest.approx(model(row).heads @ blurred / (10 * blurred.sum(axis=0)), abs=1e-12)


def test_every_strategy_ends_on_a_maximum_and_none_beats_a_long_search():
    best = [emlib.local_maxima(model(row), starts=60)[0].log_likelihood for row in COUNTS]
    random = strategies.from_random(COUNTS, coins=3, starts=20, seed=0)
    assert random.max(axis=1) == pytest.approx(best, abs=1e-3)
    for ends in (strategies.from_quantiles(COUNTS, 3), strategies.by_adding_coins(COUNTS, 3)):
        assert ends.shape == (6,) and np.all(ends <= np.array(best) + 1e-6)
        assert np.abs(ends[:, None] - random).min(axis=1) == pytest.approx(np.zeros(6), abs=0.01)
    ends = strategies.by_annealing(COUNTS, 3)
    assert ends.shape == (6,) and np.all(ends <= np.array(best) + 1e-6)


def test_random_starts_are_those_of_the_seed():
    """Drawn evenly, and kept a little off the border."""
    weights, biases = random_starts(2, 3 * len(COUNTS), seed=8)
    starts = zip(np.repeat(COUNTS, 3, axis=0), weights, np.clip(biases, 0.001, 0.999), strict=True)
    ends = [list(emlib.em(model(row), Coins(w, p), 4000, 1e-9))[-1].log_likelihood for row, w, p in starts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strategies, "climb_all", lambda counts, weights, biases: (weights, biases, biases[:, 0]))
        assert strategies.from_random(COUNTS, 2, 3, seed=8).ravel() == pytest.approx(
            np.clip(biases[:, 0], 0.001, 0.999)
        )
    assert strategies.from_random(COUNTS, 2, 3, seed=8) == pytest.approx(np.reshape(ends, (-1, 3)), abs=1e-4)
    assert np.array_equal(strategies.from_random(COUNTS, 2, 3, seed=8), strategies.from_random(COUNTS, 2, 3, seed=8))


def test_every_seed_draws_its_own():
    for seed in (3, 4):
        heads = TRUTH.sample(40, 10, seed).heads
        counts = [[list(heads[:20]).count(x) for x in range(11)], [list(heads[20:]).count(x) for x in range(11)]]
        assert strategies.simulate(TRUTH, sets=2, sequences=20, seed=seed).tolist() == counts
    draws = {
        "random starts": lambda seed: np.hstack(random_starts(3, 4, seed)),
        "placed starts": lambda seed: np.hstack(placed_starts(model(COUNTS[0]), 3, 4, seed)),
        "shares of maxima": lambda seed: np.array([top.share for top in local_maxima(DATA_A, 3, 20, seed)[:1]]),
    }
    for name, draw in draws.items():
        assert np.array_equal(draw(1), draw(1)) and not np.allclose(draw(1), draw(2), rtol=1e-9), name


def test_quantiles_by_hand():
    """Heads at 1/4 and 3/4 of the sequences: 1 and 3, as (1 + 1/2) / 5 and (3 + 1/2) / 5, moved apart by 0.01."""
    weights, biases = strategies._quantile_start([[1, 2, 2, 3, 0]], 2)
    assert weights.tolist() == [[0.5, 0.5]] and biases[0] == pytest.approx([0.3 - 0.005, 0.7 + 0.005])


def test_annealing_shakes_by_its_seed_and_only_a_little():
    row = [COUNTS[0]]
    assert np.array_equal(strategies.by_annealing(row, 3, seed=2), strategies.by_annealing(row, 3, seed=2))
    shaken = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strategies, "climb_all", lambda counts, w, p, *rest: (w, shaken.append(p) or p, np.zeros(len(p))))
        strategies.by_annealing(np.tile(COUNTS, (50, 1)), 3, inverse_temperatures=(0.5,), seed=4)
        strategies.by_annealing(np.tile(COUNTS, (50, 1)), 3, inverse_temperatures=(0.5,), seed=5)
    assert not np.allclose(*shaken[::2]), "other shakes by another seed"
    moved = shaken[0] - strategies._quantile_start(np.tile(COUNTS, (50, 1)), 3)[1]
    assert moved.shape == (300, 3) and moved.std() == pytest.approx(0.01, rel=0.1) and abs(moved.mean()) < 0.002
    assert len(np.unique(moved)) == moved.size


def test_extreme_data_do_not_break_a_strategy():
    extreme = np.zeros((2, 11), dtype=int)
    extreme[0, 0] = extreme[1, 10] = 20
    with np.errstate(all="raise", under="ignore"):
        for ends in (
            strategies.from_quantiles(extreme, 3),
            strategies.by_adding_coins(extreme, 3),
            strategies.by_annealing(extreme, 3),
            strategies.from_random(extreme, 3, 4)[:, 0],
        ):
            assert ends == pytest.approx([0, 0], abs=1e-6)


def test_tables_of_other_outcomes():
    """A frame says what the columns count, sequences of several lengths among them."""
    frame = BinomialMixture([0, 3, 1], [2, 5, 5])
    counts, same = strategies.table_of_counts([[1, 0, 2]], frame)
    assert same is frame and counts.tolist() == [[1, 0, 2]]
    ends = strategies.climb_all([[4, 1, 2]], [[0.5, 0.5]], [[0.2, 0.7]], 6, frame=frame)
    rows = BinomialMixture([0, 0, 0, 0, 1, 3, 3], [2, 2, 2, 2, 5, 5, 5])
    *_, last = emlib.em(rows, Coins([0.5, 0.5], [0.2, 0.7]), 6, tolerance=0)
    assert ends[1][0] == pytest.approx(last.theta.biases) and ends[2][0] == pytest.approx(last.log_likelihood)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: strategies.from_quantiles([1, 2], 2),
            r"counts must be a table, data sets x outcomes; its shape is \(2,\)",
        ),
        (lambda: strategies.from_quantiles([[1]], 2), r"counts must be a table, .*; its shape is \(1, 1\)"),
        (lambda: strategies.by_annealing([[1, 0], [0, 0]], 2), "must not all be 0; those of set 1 are"),
        (lambda: strategies.by_adding_coins(COUNTS, 0), "coins must be a whole number, 1 or more; it is 0"),
        (lambda: strategies.from_random(COUNTS, 2, 0), "starts must be a whole number, 1 or more; it is 0"),
        (lambda: strategies.simulate(TRUTH, 0, 5), "sets must be a whole number, 1 or more; it is 0"),
        (lambda: strategies.simulate(TRUTH, 5, 5, 0), "tosses must be a whole number, 1 or more; it is 0"),
        (lambda: strategies.simulate(TRUTH, 5, 2.5), "sequences must be a whole number, 1 or more; it is 2.5"),
        (
            lambda: strategies.climb_all([[1, 2]], [[1]], [[0.5]], 0),
            "iterations must be a whole number, 1 or more; it is 0",
        ),
        (
            lambda: strategies.table_of_counts([[1, 2]], BinomialMixture([0, 1, 2])),
            r"counts must be of 3 outcomes as in frame; its shape is \(1, 2\)",
        ),
    ],
)
def test_bad_tables_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_simulation_wants_coins():
    with pytest.raises(TypeError, match="truth must be a Coins; it is a list"):
        strategies.simulate([0.5], 2, 2)


def test_one_coin_by_every_strategy():
    best = [model(row).log_likelihood(model(row).pooled_fit()) for row in COUNTS]
    for ends in (strategies.by_adding_coins(COUNTS, 1), strategies.from_quantiles(COUNTS, 1)):
        assert ends == pytest.approx(best, abs=1e-6)
