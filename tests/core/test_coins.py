"""The coin model and the EM loop: against brute force, against direct maximisation, and by properties."""

import pickle
import subprocess
import sys
from math import comb, exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import brute_force
from scipy.optimize import minimize

import emlib
from emlib import BinomialMixture, Coins, CoinStatistics, gradient_function

probabilities = st.floats(0.01, 0.99)


@st.composite
def coins_of(draw, number):
    shares = np.array(draw(st.lists(st.floats(0.05, 1), min_size=number, max_size=number)))
    biases = draw(st.lists(probabilities, min_size=number, max_size=number))
    return Coins(shares / shares.sum(), biases)


any_coins = st.integers(1, 4).flatmap(coins_of)
sequence = st.integers(1, 12).flatmap(lambda tosses: st.tuples(st.integers(0, tosses), st.just(tosses)))
any_data = st.lists(sequence, min_size=1, max_size=30).map(lambda rows: BinomialMixture(*zip(*rows, strict=True)))
tiny_data = st.lists(sequence, min_size=1, max_size=4).map(lambda rows: BinomialMixture(*zip(*rows, strict=True)))


@given(tiny_data, st.integers(1, 3).flatmap(coins_of))
def test_e_step_and_likelihood_equal_the_sum_over_all_labellings(model, theta):
    likelihood, posterior, counts, heads, tosses = brute_force(
        model.heads.tolist(), model.tosses.tolist(), theta.weights.tolist(), theta.biases.tolist()
    )
    statistics = model.e_step(theta)
    # Hypothesis' weights sum to 1 up to rounding, which is why the comparison has a relative tolerance at all.
    assert exp(model.log_likelihood(theta)) == pytest.approx(float(likelihood), rel=1e-11)
    assert model.posterior(theta) == pytest.approx(np.array(posterior, dtype=float), abs=1e-12)
    assert statistics.counts == pytest.approx(np.array(counts, dtype=float), abs=1e-11)
    assert statistics.heads == pytest.approx(np.array(heads, dtype=float), abs=1e-10)
    assert statistics.tosses == pytest.approx(np.array(tosses, dtype=float), abs=1e-10)


@given(any_data, any_coins)
def test_m_step_maximises_the_expected_complete_log_likelihood(model, theta):
    statistics = model.e_step(theta)
    best = model.m_step(statistics)

    def expected_log_likelihood(weights, biases):
        tails = statistics.tosses - statistics.heads
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = [statistics.counts * np.log(weights), statistics.heads * np.log(biases), tails * np.log1p(-biases)]
        return np.nansum(terms)  # 0 log 0 = 0

    top = expected_log_likelihood(best.weights, best.biases)
    generator = np.random.default_rng(0)
    for _ in range(20):
        weights = 0.95 * best.weights + 0.05 * generator.dirichlet(np.ones(len(theta)))
        biases = 0.95 * best.biases + 0.05 * generator.random(len(theta))
        assert expected_log_likelihood(weights, biases) <= top + 1e-9


@pytest.mark.parametrize(
    ("heads", "start", "maximum"),
    [
        (
            [0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10],
            Coins([0.2, 0.4, 0.4], [0.05, 0.3, 0.85]),
            -45.698144,
        ),
        (
            [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5, 6, 6, 7, 9, 10],
            Coins([0.6, 0.3, 0.1], [0.15, 0.55, 0.95]),
            -44.128547,
        ),
    ],
)
def test_em_and_a_general_optimiser_find_the_same_maximum(heads, start, maximum):
    model = BinomialMixture(heads, 10)
    *_, last = emlib.em(model, start, max_iterations=5000, tolerance=1e-13)

    def negative(free):  # softmax for the weights, logistic function for the biases
        odds = np.exp(np.append(free[:2], 0))
        return -BinomialMixture(heads, 10).log_likelihood(Coins(odds / odds.sum(), 1 / (1 + np.exp(-free[2:]))))

    free = np.concatenate([np.log(start.weights[:2] / start.weights[2]), np.log(start.biases / (1 - start.biases))])
    direct = minimize(negative, free, method="BFGS", options={"gtol": 1e-7})
    assert last.log_likelihood == pytest.approx(-direct.fun, abs=1e-7)
    assert last.log_likelihood == pytest.approx(maximum, abs=1e-6)


@given(any_data, any_coins, st.booleans())
def test_the_likelihood_never_falls(model, theta, learn_weights):
    model = BinomialMixture(model.heads, model.tosses, learn_weights)
    climbs = [step.log_likelihood for step in emlib.em(model, theta, max_iterations=20)]
    assert np.all(np.diff(climbs) >= -1e-10 * np.abs(climbs[1:]) - 1e-12)


@given(any_data, any_coins)
def test_every_step_is_valid(model, theta):
    for step in emlib.em(model, theta, max_iterations=5):
        assert step.theta.weights.sum() == pytest.approx(1, abs=1e-14)
        assert np.all((step.theta.biases >= 0) & (step.theta.biases <= 1))
        if step.iteration:
            assert step.statistics.counts.sum() == pytest.approx(len(model.heads), rel=1e-12)
            assert step.statistics.heads.sum() == pytest.approx(model.heads.sum(), rel=1e-12)
    assert model.posterior(theta).sum(axis=1) == pytest.approx(1, abs=1e-12)


@given(any_data, any_coins, st.randoms())
def test_renaming_the_coins_renames_the_result(model, theta, random):
    order = list(range(len(theta)))
    random.shuffle(order)
    *_, plain = emlib.em(model, theta, max_iterations=5, tolerance=0)
    *_, renamed = emlib.em(model, Coins(theta.weights[order], theta.biases[order]), max_iterations=5, tolerance=0)
    assert renamed.theta.weights == pytest.approx(plain.theta.weights[order], abs=1e-9)
    assert renamed.theta.biases == pytest.approx(plain.theta.biases[order], abs=1e-9)
    assert renamed.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-11)


@given(any_data, any_coins)
def test_collapsing_equal_outcomes_changes_nothing(model, theta):
    alone = [BinomialMixture([h], [n]) for h, n in zip(model.heads, model.tosses, strict=True)]
    whole = model.e_step(theta)
    for name in ("counts", "heads", "tosses"):
        parts = sum(getattr(one.e_step(theta), name) for one in alone)
        assert getattr(whole, name) == pytest.approx(parts, rel=1e-11)
    assert model.log_likelihood(theta) == pytest.approx(sum(one.log_likelihood(theta) for one in alone), rel=1e-11)
    assert model.occurrences.sum() == len(model.heads)


def test_weights_that_are_given_stay():
    model = BinomialMixture(emlib.chapter.heads, 10, learn_weights=False)
    steps = list(emlib.em(model, emlib.chapter.start, max_iterations=30))
    assert all(np.array_equal(step.theta.weights, [0.25, 0.5, 0.25]) for step in steps)
    assert steps[1].theta.biases == pytest.approx([0.3536485, 0.4278732, 0.5128013], abs=5e-8)


def test_complete_data_need_no_iteration():
    theta = Coins([0.2, 0.5, 0.3], [0.1, 0.5, 0.8])
    heads, labels = theta.sample(200, tosses=10, seed=1)
    model = BinomialMixture(heads, 10)
    fit = model.m_step(model.complete_data_statistics(labels, coins=3))
    for coin in range(3):
        assert fit.weights[coin] == pytest.approx(np.mean(labels == coin))
        assert fit.biases[coin] == pytest.approx(heads[labels == coin].sum() / (10 * np.sum(labels == coin)))


def test_sampling():
    theta = Coins([0.2, 0.8], [0, 0.75])
    heads, labels = theta.sample(20_000, tosses=4, seed=3)
    again = theta.sample(20_000, tosses=4, seed=3)
    assert np.array_equal(heads, again.heads) and np.array_equal(labels, again.labels)
    assert not np.array_equal(heads, theta.sample(20_000, tosses=4, seed=4).heads)
    assert np.all(heads[labels == 0] == 0)
    # Within four standard errors of the truth.
    assert np.mean(labels == 1) == pytest.approx(0.8, abs=4 * (0.16 / 20_000) ** 0.5)
    assert heads[labels == 1].mean() == pytest.approx(3, abs=4 * (0.75 / 16_000) ** 0.5)


def test_certain_coins_are_right_and_not_clipped():
    model = BinomialMixture([0, 3, 3, 0], 3)
    theta = Coins([0.5, 0.5], [0, 1])
    assert model.log_likelihood(theta) == pytest.approx(4 * np.log(0.5))
    assert model.posterior(theta).tolist() == [[1, 0], [0, 1], [0, 1], [1, 0]]
    *_, last = emlib.em(model, theta)
    assert last.theta.biases.tolist() == [0, 1] and last.iteration == 1


def test_a_coin_of_weight_zero_keeps_its_bias():
    *_, last = emlib.em(BinomialMixture([2, 3], 10), Coins([1, 0], [0.5, 0.9]))
    assert last.theta.weights.tolist() == [1, 0]
    assert last.theta.biases.tolist() == [0.25, 0.9]


def test_coins_that_start_equal_stay_equal():
    *_, last = emlib.em(BinomialMixture(emlib.chapter.heads, 10), Coins([0.2, 0.3, 0.5], [0.7, 0.7, 0.7]))
    assert last.theta.biases == pytest.approx(0.415, abs=1e-14)
    assert last.theta.weights == pytest.approx([0.2, 0.3, 0.5], abs=1e-14)


def test_a_million_tosses_do_not_underflow():
    million = 10**6
    model = BinomialMixture([333_333, 500_000], million)
    *_, last = emlib.em(model, Coins([0.5, 0.5], [0.01, 0.99]))
    assert last.theta.biases == pytest.approx([0.333333, 0.5], abs=1e-12)
    assert np.isfinite(last.log_likelihood)


def test_stopping_and_its_reason():
    model = BinomialMixture(emlib.chapter.heads, 10)
    short = list(emlib.em(model, emlib.chapter.start, max_iterations=3))
    assert [step.iteration for step in short] == [0, 1, 2, 3]
    assert [step.stop_reason for step in short] == [None] * 3 + ["stopped at the limit of 3 iterations"]
    assert short[0].theta is emlib.chapter.start and short[0].statistics is None
    (only,) = emlib.em(model, emlib.chapter.start, max_iterations=0)
    assert only.stop_reason == "stopped at the limit of 0 iterations"
    *before, last = emlib.em(model, emlib.chapter.start, max_iterations=1000, tolerance=1e-4)
    assert last.stop_reason == "no parameter changed by more than 0.0001"
    changes = [
        np.abs(np.asarray(b.theta) - np.asarray(a.theta)).max() for a, b in zip(before, before[1:], strict=False)
    ]
    assert min(changes) > 1e-4 >= np.abs(np.asarray(last.theta) - np.asarray(before[-1].theta)).max()


def test_values_are_frozen_and_the_callers_arrays_are_not_touched():
    heads = np.array([1, 2, 3])
    weights = np.array([0.5, 0.5])
    model, theta = BinomialMixture(heads, 10), Coins(weights, [0.1, 0.2])
    heads[0], weights[0] = 9, 9
    assert model.heads.tolist() == [1, 2, 3] and theta.weights.tolist() == [0.5, 0.5]
    for array in (model.heads, model.occurrences, theta.weights, theta.biases):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Coins([0.5, 0.6], [0.1, 0.2]), r"weights must sum to 1; \[0.5, 0.6\] sums to 1.1"),
        (lambda: Coins([1.5, -0.5], [0.1, 0.2]), "weights must lie between 0 and 1; one of them is 1.5"),
        (lambda: Coins([0.5, 0.5], [0.1, 1.2]), "biases must lie between 0 and 1; one of them is 1.2"),
        (lambda: Coins([0.5, 0.5], [0.1, np.nan]), "biases must lie between 0 and 1; one of them is nan"),
        (lambda: Coins([0.5, 0.5], [0.1]), "2 weights and 1 biases"),
        (lambda: Coins([], []), "weights must be a list of one or more numbers"),
        (lambda: Coins(1.0, [0.5]), r"weights must be a list of one or more numbers; its shape is \(\)"),
        (lambda: Coins(["a"], [0.5]), r"weights must be numbers, .*; it is \['a'\]"),
        (lambda: BinomialMixture([]), r"heads must be a list of one or more numbers; its shape is \(0,\)"),
        (lambda: BinomialMixture([[1, 2]]), r"heads must be a list of one or more numbers; its shape is \(1, 2\)"),
        (lambda: BinomialMixture([1, -1]), "heads must be whole numbers, 0 or more; one of them is -1"),
        (lambda: BinomialMixture([1, 2.5]), "heads must be whole numbers, 0 or more; one of them is 2.5"),
        (lambda: BinomialMixture([1, np.nan]), "heads must be whole numbers, 0 or more; one of them is nan"),
        (lambda: BinomialMixture([1, np.inf]), "heads must be whole numbers, 0 or more; one of them is inf"),
        (lambda: BinomialMixture("abc"), "heads must be numbers, .*; it is 'abc'"),
        (lambda: BinomialMixture([1, 11]), "heads must not exceed tosses; sequence 1 has 11 heads in 10"),
        (lambda: BinomialMixture([1, 3], [4, 2]), "heads must not exceed tosses; sequence 1 has 3 heads in 2"),
        (lambda: BinomialMixture([1, 2], [3, 4, 5]), "tosses must be one number or 2, one per sequence"),
        (lambda: BinomialMixture([0], 0), "tosses must be whole numbers, 1 or more; one of them is 0"),
        (lambda: Coins([1], [0.5]).sample(0), "sequences must be a whole number, 1 or more; it is 0"),
        (lambda: Coins([1], [0.5]).sample(2, [1, 2, 3]), "tosses must be one number or 2"),
        (lambda: BinomialMixture([1, 2]).complete_data_statistics([0], 2), "labels must be 2, one per sequence"),
        (
            lambda: BinomialMixture([1, 2]).complete_data_statistics([0, 2], 2),
            "labels must be from 0 to 1; one of them is 2",
        ),
        (lambda: emlib.em(BinomialMixture([1]), emlib.chapter.start, -1), "max_iterations must be .* it is -1"),
        (lambda: emlib.em(BinomialMixture([1]), emlib.chapter.start, 2.5), "max_iterations must be .* it is 2.5"),
        (lambda: emlib.em(BinomialMixture([1]), emlib.chapter.start, 9, np.nan), "tolerance must be .* it is nan"),
        (lambda: emlib.Table({"a": [1, 2], "b": [1]}), "columns must be flat and equally long"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_coin_without_sequences_cannot_be_estimated_from_complete_data():
    model = BinomialMixture([1, 2])
    with pytest.raises(ValueError, match=r"tosses per coin: \[20, 0\]"):
        model.m_step(model.complete_data_statistics([0, 0], coins=2))


def test_impossible_data_say_which_outcome_and_which_coins():
    model = BinomialMixture([0, 5, 10])
    impossible = Coins([0.5, 0.5, 0], [0, 1, 0.5])
    for ask in (model.e_step, model.log_likelihood, model.posterior, model.table):
        with pytest.raises(emlib.ImpossibleData, match=r"5 heads in 10 tosses .* biases \[0, 1, 0.5\]"):
            ask(impossible)


def test_the_table_names_its_columns():
    table = BinomialMixture(emlib.chapter.heads).table(emlib.chapter.start)
    assert table.columns == ("outcome", "occurrences", "c_1", "c_2", "c_3") and len(table) == 5
    assert table["outcome"].tolist() == [2, 3, 4, 5, 6] and table["occurrences"].tolist() == [4, 2, 5, 5, 4]
    assert repr(table).splitlines()[1].split() == ["2", "4", "0.5674795", "0.4124300", "0.0200905"]
    assert "<td>0.0200905</td>" in table._repr_html_()
    assert BinomialMixture([1, 1], [2, 3]).table(emlib.chapter.start).columns[1] == "tosses"


def test_the_core_imports_numpy_alone():
    code = "import sys, emlib; print([m for m in ('matplotlib', 'ipywidgets', 'IPython', 'scipy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


class TestFrequencies:
    """Data that come as a table: so many sequences had so many heads."""

    def test_a_table_is_its_sequences_one_by_one(self):
        heads, tosses, times = [3, 0, 7, 3], [10, 10, 12, 12], [2, 5, 0, 3]
        table = BinomialMixture(heads, tosses, occurrences=times)
        rows = BinomialMixture(np.repeat(heads, times), np.repeat(tosses, times))
        assert table.heads.tolist() == [3, 0, 3] and table.tosses.tolist() == [10, 10, 12]
        for name in ("distinct_heads", "distinct_tosses", "occurrences"):
            assert getattr(table, name).tolist() == getattr(rows, name).tolist()
        theta = Coins([0.4, 0.6], [0.1, 0.5])
        assert table.log_likelihood(theta) == rows.log_likelihood(theta)
        assert table.pooled_fit().biases[0] == rows.pooled_fit().biases[0] == 15 / 106
        found, right = (
            table.complete_data_statistics([0, 1, 1], 2),
            rows.complete_data_statistics([0, 0, 1, 1, 1, 1, 1, 1, 1, 1], 2),
        )
        for name in ("counts", "heads", "tosses"):
            assert getattr(found, name).tolist() == getattr(right, name).tolist()
        assert table.posterior(theta).shape == (3, 2) and table.posterior(theta)[2] == pytest.approx(
            rows.posterior(theta)[-1]
        )

    def test_billions_of_sequences(self):
        table = BinomialMixture([0, 1, 1], 1, occurrences=[3 * 10**9, 10**9, 2 * 10**9])
        assert table.occurrences.tolist() == [3 * 10**9, 3 * 10**9]
        assert table.log_likelihood(Coins([1], [0.5])) == pytest.approx(6e9 * np.log(0.5))

    @pytest.mark.parametrize(
        ("times", "words"),
        [
            ([1], r"occurrences must be 2 numbers, one per row of heads, and not all 0; their shape is \(1,\)"),
            ([0, 0], "occurrences must be 2 numbers, .*, their sum 0"),
            ([1, 1.5], "occurrences must be whole numbers, 0 or more; one of them is 1.5"),
            ([1, -1], "occurrences must be whole numbers, 0 or more; one of them is -1"),
            (3, "occurrences must be 2 numbers"),
        ],
    )
    def test_bad_tables_are_named(self, times, words):
        with pytest.raises(ValueError, match=words):
            BinomialMixture([1, 2], occurrences=times)


def test_sums_do_not_overflow():
    heads = [2**52] * 3000
    assert BinomialMixture(heads, 2**53).pooled_fit().biases[0] == 0.5
    lengths = 2**53 - np.arange(3000)
    model = BinomialMixture(heads, lengths)
    assert len(model.distinct_heads) == 3000 and set(model.distinct_tosses.tolist()) == set(lengths.tolist())
    assert np.all(model.distinct_heads == 2**52)


def test_a_bias_does_not_exceed_1():
    """Heads and tosses of a coin are summed in another order, so their ratio may round to just above 1."""
    statistics = CoinStatistics(np.array([1.0]), np.array([1 + 2e-16]), np.array([1.0]))
    assert BinomialMixture([1], 1).m_step(statistics).biases.tolist() == [1]


def test_samples_follow_weights_and_biases():
    theta = Coins([0.2000004, 0.8], [0.9, 0.25])  # sums to 1 only nearly
    sample = theta.sample(40_000, 10, seed=5)
    for coin in range(2):
        own = sample.heads[sample.labels == coin]
        assert len(own) / 40_000 == pytest.approx(theta.weights[coin], abs=0.01)
        assert own.mean() / 10 == pytest.approx(theta.biases[coin], abs=0.01)
    assert np.array_equal(theta.sample(9, seed=5).heads, theta.sample(9, seed=np.random.default_rng(5)).heads)
    assert theta.sample(3, [1, 2, 3]).heads.shape == (3,) and theta.sample(1).heads <= 10
    for bad, words in [
        (([3, 4],), r"sequences must be one whole number, 1 or more; it is \[3, 4\]"),
        ((3, [1, 2]), r"tosses must be one number or 3, one per sequence; its shape is \(2,\)"),
        ((3, 10, "x"), "seed must be a whole number"),
    ]:
        with pytest.raises(ValueError, match=words):
            theta.sample(*bad)


def test_the_gradient_function_of_rare_and_of_impossible_heads():
    """D(p) by its definition; infinite where theta all but rules out what was seen."""
    model, theta = BinomialMixture([0, 1, 3], 4), Coins([0.5, 0.5], [0.2, 0.6])
    mixture = [0.5 * binomial(x, 4, 0.2) + 0.5 * binomial(x, 4, 0.6) for x in (0, 1, 3)]
    right = [sum(binomial(x, 4, p) / m for x, m in zip((0, 1, 3), mixture, strict=True)) - 3 for p in (0, 0.3, 1)]
    assert gradient_function(model, theta, [0, 0.3, 1]) == pytest.approx(right)
    table = BinomialMixture([0, 1, 3], 4, occurrences=[1, 5, 2])
    rows = BinomialMixture([0, 1, 1, 1, 1, 1, 3, 3], 4)
    assert gradient_function(table, theta, [0.3]) == pytest.approx(gradient_function(rows, theta, [0.3]))
    with np.errstate(all="raise", under="ignore"):
        assert gradient_function(BinomialMixture([1000], 1000), Coins([1], [1e-3]), [1])[0] == np.inf
    with pytest.raises(TypeError, match="model must be a BinomialMixture; it is a list"):
        gradient_function([1, 2], theta, [0.3])


def binomial(heads, tosses, bias):
    return comb(tosses, heads) * bias**heads * (1 - bias) ** (tosses - heads)


def test_impossible_data_say_what_would_help_and_come_back_from_another_process():
    with pytest.raises(emlib.ImpossibleData) as caught:
        BinomialMixture([1, 2], 3).log_likelihood(Coins([0.5, 0.5], [0, 1]))
    words = "an outcome of 1 heads in 3 tosses has probability 0 under weights [0.5, 0.5] and biases [0, 1]; "
    assert str(caught.value) == words + "some coin of positive weight must be able to give this outcome"
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is emlib.ImpossibleData and str(again) == str(caught.value)
    assert (again.heads, again.tosses) == (1, 3)


def test_coins_as_text_and_as_numbers():
    theta = Coins([1 / 3, 2 / 3], [0.125, 1])
    assert repr(theta) == "Coins(weights=[0.3333333, 0.6666667], biases=[0.125, 1])"
    assert np.asarray(theta).dtype == float and np.asarray(theta, dtype=np.float32).dtype == np.float32
    assert np.asarray(theta).tolist() == [[1 / 3, 2 / 3], [0.125, 1]]


def test_samples_by_default_are_of_ten_tosses_and_repeatable():
    theta = Coins([0.5, 0.5], [0.2, 0.8])
    assert np.array_equal(theta.sample(50).heads, theta.sample(50, tosses=10, seed=0).heads)
    assert theta.sample(200).heads.max() == 10


def test_known_labels_are_counted_exactly():
    model = BinomialMixture([3, 0, 7, 3], [10, 10, 12, 12], occurrences=[2, 5, 1, 3])
    assert model.tosses.tolist() == [10, 10, 12, 12] and model.occurrences.dtype.kind == "i"
    counted = model.complete_data_statistics([0, 1, 1, 0], 2)
    assert counted.counts.tolist() == [5, 6] and counted.heads.tolist() == [15, 7]
    assert counted.tosses.tolist() == [56, 62] and counted.previous is None
    assert model.complete_data_statistics([0, 0, 0, 0], 1).counts.tolist() == [11]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: BinomialMixture([10, 3, 11, 12]), "heads must not exceed tosses; sequence 2 has 11 heads in 10"),
        (lambda: Coins([1], [1]).sample(3, "x"), "tosses must be numbers"),
        (
            lambda: BinomialMixture([1]).complete_data_statistics([0], 0),
            "coins must be a whole number, 1 or more; it is 0",
        ),
        (
            lambda: BinomialMixture([1]).complete_data_statistics([-1], 1),
            "labels must be whole numbers, 0 or more; one of them is -1",
        ),
        (lambda: gradient_function(BinomialMixture([1]), Coins([1], [0.5]), [2]), "biases must lie between 0 and 1"),
    ],
)
def test_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        call()


def test_another_theta_is_named():
    for theta in ([[1], [0.5]], None, emlib.chapter.start.biases):
        with pytest.raises(TypeError, match="^theta must be a Coins; it is a "):
            BinomialMixture([1]).log_likelihood(theta)


def test_nothing_is_impossible_by_a_warning():
    """Weights and biases at their borders, and all of numpy's warnings made errors."""
    with np.errstate(all="raise", under="ignore"):
        logs = BinomialMixture([0, 1, 2], 2).log_joint(Coins([0, 0.5, 0.5], [0.5, 0, 1]))
    assert np.isneginf(logs).tolist() == [[True, False, True], [True, True, True], [True, True, False]]
    assert logs[0, 1] == logs[2, 2] == np.log(0.5)


def test_probabilities_of_every_number_of_heads():
    coins = Coins([0.5, 0.5], [0.25, 1])
    for tosses in (1, 4):
        expected = [[comb(tosses, x) * p**x * (1 - p) ** (tosses - x) for p in (0.25, 1)] for x in range(tosses + 1)]
        assert coins.probabilities(tosses) == pytest.approx(np.array(expected))
    with pytest.raises(ValueError, match="^tosses must be .*1.*; it is 0"):
        coins.probabilities(0)


def test_what_is_no_start_and_no_statistics_is_named():
    model = BinomialMixture([1, 2], tosses=3)
    with pytest.raises(TypeError, match="^theta must be"):
        model.expected_statistics(np.array([[1.0], [1.0]]), [0.5])
    with pytest.raises(TypeError, match="^statistics must be"):
        model.m_step([1, 2])
