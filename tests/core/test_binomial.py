"""Binomial probabilities of any size, against integers and against sixty digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emlib import BinomialMixture, Coins, em_many
from emlib.binomial import deviance, log_coefficient, log_peak, log_probability
from emlib.coins import MANY

SIZES = [1, 2, 3, 8, 9, 10, 11, 15, 16, 100, 1000, MANY, MANY + 1, 10**7, 10**12, 10**15, 2**53 - 1, 2**53]


def exact_coefficient(x, n):
    with mpmath.workdps(60):
        return mpmath.loggamma(n + 1) - mpmath.loggamma(x + 1) - mpmath.loggamma(n - x + 1)


def exact(x, n, p):
    """log f(x; n, p) to sixty digits, of which the first seventeen count."""
    with mpmath.workdps(60):
        p = mpmath.mpf(float(p))
        return exact_coefficient(x, n) + x * mpmath.log(p) + (n - x) * mpmath.log(1 - p)


@pytest.mark.parametrize("n", SIZES)
def test_the_coefficient_keeps_its_digits(n):
    for x in {0, 1, n // 3, n // 2, n - 1, n}:
        right = float(exact_coefficient(x, n))
        assert log_coefficient(x, n) == pytest.approx(right, rel=1e-13, abs=1e-13), x
        assert log_coefficient(x, n) == pytest.approx(float(log_coefficient(n - x, n)), rel=1e-13, abs=1e-13)


@settings(max_examples=60)
@given(st.sampled_from(SIZES), st.floats(0, 1), st.sampled_from([-30, -12, -8, -3, 0, 1, 3, 30]), st.data())
def test_every_probability_keeps_its_digits(n, share, spreads, data):
    x = round(share * n)
    spread = np.sqrt(max(share * (1 - share), 1 / n) / n)
    near = data.draw(st.sampled_from([share + spreads * spread, 0.5, 1e-12, 1 - 1e-12, share * 1e-3]))
    p = float(np.clip(near, 1e-18, 1 - 1e-16))
    right = exact(x, n, p)
    assert abs(float((mpmath.mpf(float(log_probability(x, n, p))) - right) / right)) < 1e-12


def test_the_peak_and_what_is_less():
    """The share itself is the best bias for its heads; 0 log 0 is 0, and the impossible infinitely unlikely."""
    assert deviance([0, 3, 10], 10, [0, 0.3, 1]) == pytest.approx([0, 0, 0], abs=1e-15)
    assert log_peak([0, 5, 10], 10) == pytest.approx([0, np.log(252 / 1024), 0], abs=1e-14)
    assert np.all(np.isneginf(log_probability([1, 10, 9, 0], 10, [0, 0, 1, 1])))
    assert np.all(deviance(np.arange(11)[:, None], 10, np.linspace(0.01, 0.99, 99)) >= 0)
    assert np.exp(log_probability(np.arange(13), 12, 0.3)).sum() == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize(
    ("heads", "tosses", "theta"),
    [
        ([4 * 10**11, 5 * 10**11, 0], 10**12, Coins([0.3, 0.7], [0.4, 0.5 + 1e-6])),
        ([2**52], 2**53, Coins([1], [0.5])),
        ([3, 0, 17], [2**53, 10**12, 20], Coins([0.5, 0.25, 0.25], [1e-15, 0.9, 1e-12])),
    ],
)
def test_a_mixture_of_very_many_tosses(heads, tosses, theta):
    with mpmath.workdps(60):
        right = mpmath.mpf(0)
        for x, n in zip(heads, np.broadcast_to(tosses, len(heads)).tolist(), strict=True):
            terms = [
                mpmath.mpf(float(w)) * mpmath.exp(exact(x, n, p))
                for w, p in zip(theta.weights, theta.biases, strict=True)
            ]
            right += mpmath.log(sum(terms))
        right = float(right)
    model = BinomialMixture(heads, tosses)
    assert model.log_likelihood(theta) == pytest.approx(right, rel=1e-12)
    assert em_many(model, [theta.weights], [theta.biases], 0).log_likelihoods[0] == pytest.approx(right, rel=1e-12)


def test_the_two_forms_agree_where_one_takes_over():
    biases = np.array([0, 1e-9, 0.1, 0.5, 0.999, 1])
    for n in (MANY, MANY + 1):
        model = BinomialMixture([0, 1, n // 7, n // 2, n - 1, n], n)
        assert model.many_tosses == (n > MANY)
        textbook = model.log_coefficients[:, None] + np.array(
            [[x * np.log(p) if x else 0 for p in np.maximum(biases, 1e-300)] for x in model.distinct_heads]
        )
        textbook += [
            [(n - x) * np.log1p(-p) if x < n else 0 for p in np.minimum(biases, 1 - 1e-16)]
            for x in model.distinct_heads
        ]
        found = model.log_components(biases)
        possible = np.isfinite(found)
        assert found[possible] == pytest.approx(textbook[possible], rel=1e-10, abs=1e-9)
        assert possible.sum() == 26, "heads by a coin of bias 0 and tails by one of bias 1 are impossible"
