"""The binomial distribution, right to the last digits however many tosses there are.

The textbook's log n! - log x! - log (n - x)! + x log p + (n - x) log (1 - p) is a small difference of large numbers: of
a trillion tosses it knows no digit. Here

    log f(x; n, p) = log f(x; n, x / n) - n KL(x / n || p),

where the first term is moderate, by Stirling's series, and the second a sum of two that are both 0 or more (C. Loader,
Fast and accurate computation of binomial probabilities, 2000).
"""

from math import lgamma

import numpy as np

STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)  # to 3e-17 from 10 on
# log n! - log(sqrt(2 pi n) (n / e)^n) below 10
FEW = np.array([0] + [lgamma(n + 1) - (n + 0.5) * np.log(n) + n - np.log(2 * np.pi) / 2 for n in range(1, 10)])
ARTANH = 1 / np.arange(3, 21, 2)  # (artanh v - v) / v^3 in powers of v^2, to 1e-17 for |v| < 0.1
SPLIT = 2**27 + 1
TINIEST = np.finfo(float).tiny


def log_peak(heads, tosses) -> np.ndarray:
    """log f(x; n, x / n), in nats: what a coin gives to just the heads that it expects; arguments broadcast."""
    n, x = np.asarray(tosses, dtype=float), np.asarray(heads, dtype=float)
    inside = (x > 0) & (x < n)
    n, x = np.where(inside, n, 2), np.where(inside, x, 1)
    y = n - x
    return np.where(inside, _stirling(n) - _stirling(x) - _stirling(y) + np.log(n / x / y / (2 * np.pi)) / 2, 0)


def log_coefficient(heads, tosses) -> np.ndarray:
    """Logarithm of the binomial coefficient; arguments broadcast."""
    x = np.asarray(heads)
    y = np.asarray(tosses) - x
    return log_peak(x, x + y) + x * np.log1p(y / np.maximum(x, 1)) + y * np.log1p(x / np.maximum(y, 1))


def log_probability(heads, tosses, biases) -> np.ndarray:
    """log f(x; n, p), in nats; arguments broadcast."""
    return log_peak(heads, tosses) - deviance(heads, tosses, biases)


def _stirling(n):
    """log n! less Stirling's log(sqrt(2 pi n) (n / e)^n), for n >= 1."""
    series = np.polynomial.polynomial.polyval(1 / n**2, STIRLING) / n
    return np.where(n < len(FEW), FEW[np.minimum(n, len(FEW) - 1).astype(int)], series)


def deviance(heads, tosses, biases) -> np.ndarray:
    """n KL(x / n || p), in nats: how much less than the peak a coin of bias p gives; infinite if it cannot at all."""
    heads, tosses, biases = (np.asarray(values, dtype=float) for values in (heads, tosses, biases))
    excess = product_less(tosses, biases, heads)  # the expected heads are so many more than x
    tails = tosses - heads
    return _term(heads, tosses * biases, excess) + _term(tails, tosses * (1 - biases), -excess)


def product_less(a, b, c):
    """a b - c with one rounding, not two: with 10^15 tosses the difference is what counts (T. J. Dekker, 1971)."""
    product = a * b
    a_high, b_high = SPLIT * a - (SPLIT * a - a), SPLIT * b - (SPLIT * b - b)
    a_low, b_low = a - a_high, b - b_high
    rest = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return (product - c) + rest


def _term(x, mean, excess):
    """x log(x / mean) + mean - x >= 0, where excess = mean - x."""
    total = x + mean
    v = -excess / np.maximum(total, TINIEST)
    # log(x / mean) is 2 artanh v; near 0 its first terms cancel with mean - x, and what is left of them is -excess v.
    series = -excess * v + 2 * x * v**3 * np.polynomial.polynomial.polyval(v * v, ARTANH)
    with np.errstate(divide="ignore"):
        log_mean = np.log(np.where(x > 0, mean, 1))  # of 0 it is -inf: what never happens cannot have happened
    far = x * (np.log(np.maximum(x, 1)) - log_mean) + excess
    return np.where(np.abs(v) < 0.1, series, far)
