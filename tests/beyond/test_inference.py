"""How many coins and how sure: against scipy, finite differences, exact fractions, and slow loops."""

from fractions import Fraction
from itertools import pairwise
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.stats import binom

import emlib
from emlib import BinomialMixture, Coins, data
from emlib.beyond import (
    fit,
    fit_all,
    information_criteria,
    likelihood_ratio_test,
    parametric_bootstrap,
    polish,
    standard_errors,
)
from emlib.beyond.inference import _simulated
from emlib.lessons import how_many_coins
from emlib.models import GeneticLinkage

FAMILIES = BinomialMixture(data.boys, data.children)
A = BinomialMixture(emlib.data.A)
SMALL = BinomialMixture([0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6] * 10, 6)


def log_likelihood(counts, weights, biases):
    """By scipy, with no emlib."""
    heads = np.arange(len(counts))
    mixture = sum(w * binom.pmf(heads, len(counts) - 1, p) for w, p in zip(weights, biases, strict=True))
    return float(np.sum(counts[counts > 0] * np.log(mixture[counts > 0])))


def highest(counts, coins, starts):
    """The highest log-likelihood that scipy's BFGS finds from random starts, in logits."""

    def parameters(x):
        weights = np.exp(np.append(x[coins:], 0) - max(0, *x[coins:], 0))
        return weights / weights.sum(), 1 / (1 + np.exp(-x[:coins]))

    generator = np.random.default_rng(0)
    found = []
    for _ in range(starts):
        start = generator.normal(0, 1.2, 2 * coins - 1)
        found.append(-minimize(lambda x: -log_likelihood(counts, *parameters(x)), start, method="BFGS").fun)
    return max(found)


def test_the_families_are_those_of_the_books():
    assert sum(data.families) == len(data.boys) == 6115 and data.boys.max() == data.children == 12
    assert np.array_equal(np.bincount(data.boys), data.families)


def test_criteria_by_their_definition():
    counts, theta = np.array(data.families), Coins([0.7, 0.3], [0.48, 0.62])
    height = log_likelihood(counts, theta.weights, theta.biases)
    criteria = information_criteria(FAMILIES, theta)
    assert criteria.log_likelihood == pytest.approx(height, abs=1e-7)
    assert criteria.parameters == 3
    assert criteria.aic == pytest.approx(6 - 2 * height, abs=1e-6)
    assert criteria.bic == pytest.approx(3 * np.log(6115) - 2 * height, abs=1e-6)
    given_weights = BinomialMixture(data.boys, 12, learn_weights=False)
    assert information_criteria(given_weights, theta).parameters == 2


class TestFit:
    @pytest.mark.parametrize(("coins", "starts"), [(1, 1), (2, 4), (3, 12)])
    def test_as_high_as_direct_maximisation(self, coins, starts):
        theta = fit(FAMILIES, coins)
        height = log_likelihood(np.array(data.families), theta.weights, theta.biases)
        best = highest(np.array(data.families), coins, starts) if coins > 1 else -12534.172147576308
        assert height == pytest.approx(best, abs=1e-4)

    def test_a_fit_has_the_last_digits_of_a_maximum_known_by_symmetry(self):
        """Heads and tails alike, so the best two coins are p and 1 - p, evenly, and p is the mean of their shares."""
        heads = np.array([1, 2, 3, 7, 8, 9])

        def moved(p):
            ours, theirs = binom.pmf(heads, 10, p), binom.pmf(heads, 10, 1 - p)
            return (ours * heads + theirs * (10 - heads)) @ (1 / (ours + theirs)) / 60 - p

        p = brentq(moved, 0.05, 0.4, xtol=1e-15)
        found = fit(BinomialMixture(heads), 2)
        assert found.biases == pytest.approx([p, 1 - p], rel=1e-11) and found.weights == pytest.approx([0.5, 0.5])

    def test_four_coins_are_the_best_mixture_of_any_number(self):
        """Exactly: D(p) <= 0.001 on all of [0, 1], so no mixture is more than 0.001 nats above these four coins.

        D is a polynomial, and in Bernstein form its largest coefficient is a bound; halving the interval sharpens it.
        """
        theta = fit(FAMILIES, 4)
        assert theta.biases[-1] == 1 and FAMILIES.log_likelihood(theta) == pytest.approx(-12490.769788, abs=1e-6)
        weights, biases = [Fraction(w) for w in theta.weights], [Fraction(p) for p in theta.biases]
        weights = [w / sum(weights) for w in weights]
        mixture = [
            sum(w * comb(12, x) * p**x * (1 - p) ** (12 - x) for w, p in zip(weights, biases, strict=True))
            for x in range(13)
        ]
        # Rounded upwards to multiples of 2^-40: still a bound, and the fractions stay short.
        coefficients = [
            Fraction(-(-(2**40) * (c / f - 6115) // 1), 2**40) for c, f in zip(data.families, mixture, strict=True)
        ]
        pieces, most = [coefficients], 0
        while pieces:
            piece = pieces.pop()
            most += 1
            if max(piece) <= Fraction(1, 1000):
                continue
            left, right = [piece[0]], [piece[-1]]
            while len(piece) > 1:  # de Casteljau
                piece = [(a + b) / 2 for a, b in pairwise(piece)]
                left.append(piece[0])
                right.append(piece[-1])
            pieces += [left, right[::-1]]
            assert most < 2000, "D may be above 0.001"

    def test_many_data_sets_are_fitted_as_each_alone(self):
        counts = np.random.default_rng(1).multinomial(40, np.ones(8) / 8, size=5)
        together = fit_all(counts, 3)
        for row, weights, biases, height in zip(counts, *together, strict=True):
            assert log_likelihood(row, weights, biases) == pytest.approx(height, abs=1e-7)
            assert fit_all([row], 3).log_likelihoods[0] == pytest.approx(height, abs=1e-5)
            assert height >= highest(row, 3, 3) - 2e-3

    @settings(deadline=None, max_examples=40)  # each runs EM to its end, six times
    @given(st.lists(st.integers(0, 30), min_size=3, max_size=9).filter(any))
    def test_a_further_coin_never_costs_likelihood(self, counts):
        heights = [fit_all([counts], coins).log_likelihoods[0] for coins in (1, 2, 3)]
        mean = np.arange(len(counts)) @ counts / sum(counts) / (len(counts) - 1)
        assert heights[0] == pytest.approx(log_likelihood(np.array(counts), [1], [mean]), abs=1e-7)
        assert heights[1] >= heights[0] - 1e-4 and heights[2] >= heights[1] - 1e-4

    def test_extreme_data(self):
        with np.errstate(all="raise", under="ignore"):
            runs = fit_all([[20, 0, 0, 0], [0, 0, 0, 20], [10, 0, 0, 10]], 2)
        assert runs.log_likelihoods == pytest.approx([0, 0, 20 * np.log(0.5)], abs=1e-6)


class TestStandardErrors:
    def test_one_coin_by_the_formula(self):
        errors = standard_errors(FAMILIES, FAMILIES.pooled_fit())
        p = data.boys.mean() / 12
        assert errors.biases == pytest.approx([np.sqrt(p * (1 - p) / (12 * 6115))], rel=1e-9)
        assert errors.weights == pytest.approx([0], abs=1e-12)

    @pytest.mark.parametrize("coins", [2, 3])
    def test_by_finite_differences(self, coins):
        model, counts = A, np.bincount(A.heads, minlength=11)
        theta = fit(model, coins)

        def height(free):
            return log_likelihood(counts, np.append(free[coins:], 1 - free[coins:].sum()), free[:coins])

        centre, step = np.append(theta.biases, theta.weights[:-1]), 2e-4
        eye = step * np.eye(len(centre))
        hessian = [
            [
                (height(centre + a + b) - height(centre + a - b) - height(centre - a + b) + height(centre - a - b))
                for b in eye
            ]
            for a in eye
        ]
        expected = np.linalg.inv(-np.array(hessian) / (4 * step**2))
        errors = standard_errors(model, theta)
        free = len(centre)
        assert errors.covariance[:free, :free] == pytest.approx(expected, rel=5e-3, abs=1e-6)
        last = np.sqrt(expected[coins:, coins:].sum())  # of 1 minus the other weights
        assert errors.weights[-1] == pytest.approx(last, rel=5e-3)
        assert errors.covariance[:, coins:].sum(axis=1) == pytest.approx(np.zeros(2 * coins), abs=1e-9)

    def test_the_order_of_the_coins_does_not_matter(self):
        theta = fit(A, 3)
        errors = standard_errors(A, theta)
        turned = standard_errors(A, Coins(theta.weights[[2, 0, 1]], theta.biases[[2, 0, 1]]))
        assert turned.weights == pytest.approx(errors.weights[[2, 0, 1]], rel=1e-6)
        assert turned.biases == pytest.approx(errors.biases[[2, 0, 1]], rel=1e-6)

    def test_known_weights_make_biases_surer(self):
        theta = fit(FAMILIES, 2)
        known = BinomialMixture(data.boys, 12, learn_weights=False)
        errors, learned = standard_errors(known, theta), standard_errors(FAMILIES, theta)
        assert np.all(errors.biases < learned.biases) and np.all(errors.weights == 0)

    def test_95_percent_intervals_hold_the_truth_95_times_in_100(self):
        truth, sets = Coins([0.4, 0.6], [0.25, 0.7]), 400
        probabilities = truth.weights @ [binom.pmf(np.arange(11), 10, p) for p in truth.biases]
        counts = np.random.default_rng(7).multinomial(500, probabilities / probabilities.sum(), size=sets)
        inside, fits = [], fit_all(counts, 2)
        for row, weights, biases in zip(counts, fits.weights, fits.biases, strict=True):
            model = BinomialMixture(np.arange(11), occurrences=row)
            theta = polish(model, Coins(weights, biases))
            errors = standard_errors(model, theta)
            off = np.append(theta.biases - truth.biases, theta.weights - truth.weights)
            inside.append(np.abs(off) < 1.96 * np.append(errors.biases, errors.weights))
        hits = np.sum(inside, axis=0)
        low, high = binom.interval(0.9999, sets, 0.95)
        assert np.all((hits >= low) & (hits <= high)), hits

    @pytest.mark.parametrize(
        ("model", "theta", "words"),
        [
            (
                BinomialMixture(emlib.chapter.heads),
                Coins([0.2, 0.3, 0.5], [0.415] * 3),
                "log-likelihood is flat in some direction, and the information has no inverse$",
            ),
            (A, Coins([0.2, 0.3, 0.5], [A.heads.mean() / 10] * 3), "log-likelihood rises in some direction$"),
            (FAMILIES, Coins([0.7, 0.3], [0.47, 0.62]), "still rises: run EM longer"),
            (A, Coins([0.5, 0.5], [0, 0.6]), "inside its borders"),
            (A, Coins([1, 0], [0.5, 0.6]), "inside its borders"),
        ],
        ids=["ridge", "saddle", "slope", "bias 0", "weight 0"],
    )
    def test_no_errors_where_there_is_no_strict_maximum(self, model, theta, words):
        with pytest.raises(ValueError, match=f"^theta must .*Coins.*{words}|^theta must .*{words}.*Coins"):
            standard_errors(model, theta)

    def test_how_near_to_a_maximum_is_near_enough(self):
        """Within a thirtieth of a standard error; the expected gain of what is left is 0.001 / 2 nats then."""
        theta = fit(FAMILIES, 1)
        (error,) = standard_errors(FAMILIES, theta).biases
        for times, near in ((0.031, True), (0.032, False)):
            off = Coins([1], theta.biases + times * error)
            if near:
                assert standard_errors(FAMILIES, off).biases == pytest.approx([error], rel=1e-3)
            else:
                with pytest.raises(ValueError, match="still rises: run EM longer"):
                    standard_errors(FAMILIES, off)


class TestBootstrap:
    def test_200_data_sets_from_seed_0_where_nothing_else_is_said(self):
        few = BinomialMixture([0, 1, 2], 2)
        usual, same = likelihood_ratio_test(few, 1), likelihood_ratio_test(few, 1, 200, np.random.default_rng(0))
        assert len(usual.simulated) == 200 and np.array_equal(usual.simulated, same.simulated)
        theta = Coins([1], [0.4])
        runs, again = parametric_bootstrap(few, theta), parametric_bootstrap(few, theta, 200, 0)
        assert len(runs.biases) == 200 and np.array_equal(runs.biases, again.biases)

    def test_estimates_come_in_order_of_bias(self):
        theta = fit(SMALL, 2)
        turned = parametric_bootstrap(SMALL, Coins(theta.weights[::-1], theta.biases[::-1]), 20, seed=1)
        runs = parametric_bootstrap(SMALL, theta, 20, seed=1)
        assert np.all(runs.biases[:, 0] < runs.biases[:, 1])
        assert turned.biases == pytest.approx(runs.biases, abs=1e-6)
        assert turned.weights == pytest.approx(runs.weights, abs=1e-6)

    def test_likelihood_ratios_by_a_slow_loop(self):
        """The same simulated data, simulated and fitted with scipy, one by one."""
        test = likelihood_ratio_test(SMALL, coins=1, replicates=6, seed=4)
        counts = np.bincount(SMALL.heads, minlength=7)
        probabilities = binom.pmf(np.arange(7), 6, SMALL.heads.mean() / 6)
        simulated = np.random.default_rng(4).multinomial(len(SMALL.heads), probabilities, size=6)

        def ratio(row):
            one = log_likelihood(row, [1], [np.arange(7) @ row / row.sum() / 6])
            return 2 * (max(highest(row, 2, 6), one) - one)

        assert test.observed == pytest.approx(ratio(counts), abs=1e-3)
        assert test.simulated == pytest.approx([ratio(row) for row in simulated], abs=0.02)
        assert test.p_value == (1 + sum(test.simulated >= test.observed)) / 7

    def test_estimates_by_a_slow_loop(self):
        theta = fit(SMALL, 2)
        runs = parametric_bootstrap(SMALL, theta, replicates=4, seed=9)
        probabilities = theta.weights @ [binom.pmf(np.arange(7), 6, p) for p in theta.biases]
        simulated = np.random.default_rng(9).multinomial(len(SMALL.heads), probabilities / probabilities.sum(), size=4)
        for row, weights, biases, height in zip(simulated, *runs, strict=True):
            model = BinomialMixture(np.repeat(np.arange(7), row), 6)
            *_, last = emlib.em(model, theta, 4000, tolerance=1e-9)
            assert biases == pytest.approx(last.theta.biases, abs=1e-3)
            assert weights == pytest.approx(last.theta.weights, abs=5e-3)
            assert height == pytest.approx(last.log_likelihood, abs=1e-3)

    def test_its_spread_is_the_standard_error_where_data_are_many(self):
        truth = Coins([0.4, 0.6], [0.25, 0.7])
        model = BinomialMixture(truth.sample(20_000, seed=1).heads)
        theta = fit(model, 2)
        errors = standard_errors(model, theta)
        runs = parametric_bootstrap(model, theta, replicates=800, seed=2)
        assert runs.biases.std(axis=0) == pytest.approx(errors.biases, rel=0.12)  # 800 replicates: 2.5 %
        assert runs.weights.std(axis=0) == pytest.approx(errors.weights, rel=0.12)

    def test_two_coins_are_plain_and_a_third_is_not(self):
        assert likelihood_ratio_test(FAMILIES, 1, replicates=99).p_value == 0.01
        third = likelihood_ratio_test(FAMILIES, 2, replicates=99)
        assert third.observed == pytest.approx(3.2122, abs=1e-3) and third.p_value > 0.05

    def test_progress_rises_to_1_and_changes_nothing(self):
        shares = []
        watched = likelihood_ratio_test(SMALL, 1, replicates=120, seed=3, progress=shares.append)
        assert len(shares) > 1 and shares == sorted(shares) and shares[-1] == 1
        assert np.array_equal(watched.simulated, likelihood_ratio_test(SMALL, 1, replicates=120, seed=3).simulated)

    def test_stopped_it_keeps_what_is_done(self):
        def stop(share):
            raise StopIteration

        theta = fit(SMALL, 2)
        whole = likelihood_ratio_test(SMALL, 1, replicates=120, seed=3)
        part = likelihood_ratio_test(SMALL, 1, replicates=120, seed=3, progress=stop)
        done = len(part.simulated)
        assert 0 < done < 120 and np.array_equal(part.simulated, whole.simulated[:done])
        assert part.p_value == (1 + np.sum(part.simulated >= part.observed)) / (1 + done)
        assert len(parametric_bootstrap(SMALL, theta, 120, progress=stop).biases) == done


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fit(BinomialMixture([1, 2], 3, learn_weights=False), 2), "model must learn its weights"),
        (lambda: fit(A, 0), "coins must be a whole number, 1 or more; it is 0"),
        (lambda: fit_all([1, 2], 1), r"counts must be a table, data sets x outcomes; its shape is \(2,\)"),
        (lambda: fit_all([[1, 2], [0, 0]], 1), "counts of each data set must not all be 0; those of set 1 are"),
        (lambda: fit_all([[1.5, 2]], 1), "counts must be whole numbers, 0 or more; one of them is 1.5"),
        (lambda: likelihood_ratio_test(A, 1, replicates=0), "replicates must be a whole number, 1 or more; it is 0"),
        (lambda: likelihood_ratio_test(A, 1.5), "coins must be a whole number, 1 or more; it is 1.5"),
        (lambda: parametric_bootstrap(BinomialMixture([1], 2, False), Coins([1], [0.5])), "model must learn"),
        (lambda: information_criteria(A, Coins([1], [0])), "probability 0"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


class TestPictures:
    def test_misfit_says_its_residuals(self):
        picture = how_many_coins.pearson_residuals([9, 20, 9], {"even": [9, 16, 16], "same": [9, 20, 9]})
        assert "even: 0.0, 1.0, -1.8; same: 0.0, 0.0, 0.0." in picture.description
        assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960

    def test_ratios_near_and_far(self):
        near = likelihood_ratio_test(SMALL, 1, replicates=20)._replace(observed=2.5)
        picture = how_many_coins.ratios({"near": near, "far": near._replace(observed=90.0)})
        assert "near: observed 2.5; of 20 simulated" in picture.description
        assert "far: observed 90.0" in picture.description and picture.width <= 960
        assert [line.get_xdata()[0] for line in picture.figure.axes[0].lines][-1] == 2.5
        assert picture.png(scale=1).startswith(b"\x89PNG")

    def test_an_ellipse_holds_95_percent_of_normal_estimates(self):
        theta, covariance = Coins([1, 0], [0.5, 0.5]), np.zeros((4, 4))
        covariance[np.ix_([0, 2], [0, 2])] = own = np.array([[4e-4, 3e-4], [3e-4, 9e-4]])
        draws = np.random.default_rng(0).multivariate_normal([0.5, 1], own, size=4000)
        runs = emlib.beyond.ManyRuns(draws[:, [1, 1]], draws[:, [0, 0]], draws[:, 0])
        picture = how_many_coins.estimates(theta, runs, covariance)
        ellipse = picture.figure.axes[0].patches[0]
        inside = ellipse.get_path().contains_points(ellipse.get_patch_transform().inverted().transform(draws))
        assert inside.mean() == pytest.approx(0.95, abs=0.015)
        assert "coin 1: bias 0.500 ± 0.020, weight 1.000 ± 0.031" in picture.description


class TestAnyData:
    """Rare events, sequences of several lengths, tables of frequencies; and gains that are nothing but rounding."""

    LENGTHS = [4, 10, 10, 10, 12, 12, 12, 4, 10]
    MIXED = BinomialMixture([1, 2, 3, 8, 9, 10, 1, 4, 2], LENGTHS)
    RARE = BinomialMixture(Coins([0.5, 0.5], [1e-6, 3e-6]).sample(200, 10**7, seed=3).heads, 10**7)

    def test_sequences_of_several_lengths(self):
        def minus(x):
            weight, low, high = 1 / (1 + np.exp(-x))
            heads, tosses = self.MIXED.heads, self.MIXED.tosses
            return -np.log(weight * binom.pmf(heads, tosses, low) + (1 - weight) * binom.pmf(heads, tosses, high)).sum()

        best = max(-minimize(minus, start, method="BFGS").fun for start in ([0, -1, 1], [1, -2, 2], [-1, 0, 2]))
        assert self.MIXED.log_likelihood(fit(self.MIXED, 2)) == pytest.approx(best, abs=1e-7)
        test = likelihood_ratio_test(self.MIXED, 1, 30)
        one = np.sum(binom.logpmf(self.MIXED.heads, self.MIXED.tosses, self.MIXED.heads.sum() / sum(self.LENGTHS)))
        assert test.observed == pytest.approx(2 * (best - one), abs=1e-4) and 0 < test.p_value <= 1

    def test_rare_events(self):
        assert fit(self.RARE, 2).biases == pytest.approx([1.0476e-6, 2.9577e-6], rel=1e-4)
        test = likelihood_ratio_test(self.RARE, 1, 9)
        pooled = self.RARE.heads.sum() / (200 * 10**7)
        one = binom.logpmf(self.RARE.heads, 10**7, pooled).sum()
        assert test.observed == pytest.approx(2 * (-697.49650 - one), abs=1e-3) and test.p_value == 0.1
        assert test.simulated.max() < 20

    @pytest.mark.parametrize("heads", [emlib.chapter.heads, [5] * 10, [0] * 10, [10] * 4, [3, 4] * 10])
    def test_a_gain_of_nothing_is_reached_by_all(self, heads):
        assert likelihood_ratio_test(BinomialMixture(heads), 1, 20).p_value == 1

    def test_standard_errors_do_not_depend_on_the_scale(self):
        """Poisson counts in effect: expected heads have the same errors whatever the number of tosses."""
        errors = []
        for tosses in (10**5, 10**7, 10**12):
            heads = Coins([0.5, 0.5], [10 / tosses, 30 / tosses]).sample(200, tosses, seed=3).heads
            model = BinomialMixture(heads, tosses)
            errors.append(standard_errors(model, fit(model, 2)).biases * tosses)
        assert errors[0] == pytest.approx(errors[2], rel=2e-3) and errors[1] == pytest.approx(errors[2], rel=2e-5)

    def test_standard_errors_against_numerical_curvature(self):
        theta = fit(self.MIXED, 2)

        def height(x):
            return self.MIXED.log_likelihood(Coins([x[2], 1 - x[2]], x[:2]))

        centre, steps = np.array([*theta.biases, theta.weights[0]]), 1e-4 * np.eye(3)
        information = -np.array(
            [
                [
                    height(centre + a + b) - height(centre + a - b) - height(centre - a + b) + height(centre - a - b)
                    for a in steps
                ]
                for b in steps
            ]
        ) / (4e-8)
        covariance = np.linalg.inv(information)
        found = standard_errors(self.MIXED, theta)
        assert found.biases == pytest.approx(np.sqrt(np.diag(covariance))[:2], rel=1e-4)
        assert found.weights == pytest.approx(np.sqrt(covariance[2, 2]), rel=1e-4)
        assert found.covariance[0, 3] == pytest.approx(-covariance[0, 2], rel=1e-3)

    def test_tables_count_their_sequences(self):
        table = BinomialMixture(range(13), 12, occurrences=data.families)
        theta = Coins([0.7, 0.3], [0.48, 0.62])
        assert information_criteria(table, theta) == information_criteria(FAMILIES, theta)
        assert fit(table, 2).biases.tolist() == fit(FAMILIES, 2).biases.tolist()

    def test_simulated_data_have_the_sequences_and_lengths_of_the_data(self):
        """The estimates from them scatter around the truth as many single samples do."""
        theta = Coins([0.4, 0.6], [0.3, 0.8])
        counts, frame = _simulated(self.MIXED, theta, 500, np.random.default_rng(1))
        for length in (4, 10, 12):
            assert np.all(counts[:, frame.distinct_tosses == length].sum(axis=1) == self.LENGTHS.count(length))
        mean = counts.sum(axis=0) @ frame.distinct_heads / (500 * sum(self.LENGTHS))
        assert mean == pytest.approx(0.4 * 0.3 + 0.6 * 0.8, abs=0.01)
        few, frame = _simulated(self.RARE, Coins([1], [2e-6]), 7, np.random.default_rng(1))
        assert few.shape[0] == 7 and np.all(few.sum(axis=1) == 200) and few.any(axis=0).all()
        assert few.sum(axis=0) @ frame.distinct_heads / 1400 == pytest.approx(20, abs=1)
        again, frame = _simulated(self.RARE, Coins([1], [2e-6]), 7, np.random.default_rng(1))
        assert np.array_equal(few, again)

    def test_a_model_or_theta_of_another_kind_is_named(self):
        theta, parts = Coins([0.5, 0.5], [0.2, 0.8]), emlib.beyond.PartitionedModel([A, A])
        for call in (
            lambda: fit(parts, 2),
            lambda: likelihood_ratio_test(parts, 1),
            lambda: parametric_bootstrap(parts, theta),
        ):
            with pytest.raises(TypeError, match="model must be a BinomialMixture; it is a PartitionedModel"):
                call()
        for call in (information_criteria, standard_errors):
            with pytest.raises(TypeError, match="model must be a Mixture; it is a PartitionedModel"):
                call(parts, theta)
        with pytest.raises(TypeError, match="theta must be a Coins; it is a list"):
            parametric_bootstrap(A, [0.5, 0.5])

    def test_other_mixtures_have_errors_and_criteria_by_the_same_names(self):
        """The linkage counts of 1977: one parameter, whose curvature is a sum of four terms."""
        t = (15 + 53809**0.5) / 394
        curvature = 125 / (2 + t) ** 2 + 38 / (1 - t) ** 2 + 34 / t**2
        model = GeneticLinkage()
        assert standard_errors(model, t).errors == pytest.approx(curvature**-0.5, rel=1e-5)
        assert information_criteria(model, t).parameters == 1
