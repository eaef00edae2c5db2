"""Checks for an E-step and an M-step that a reader has written."""

import numpy as np

from ... import chapter
from ...coins import BinomialMixture, Coins

ITERATIONS = 20
CLOSE = 5e-8  # as many digits as the chapter prints


def check_steps(e_step, m_step) -> None:
    """Try a reader's E-step and M-step on the chapter's data, and print which checks they pass.

    Parameters
    ----------
    e_step : callable
        Takes the heads x, the weights and the biases, and returns the posteriors, shape (20, 3).
    m_step : callable
        Takes the posteriors and x, and returns the new weights and biases. It is tried on the right posteriors, so that
        a mistake in one function is not blamed on the other.
    """
    x, start = np.array(chapter.heads), chapter.start
    model = BinomialMixture(x, chapter.tosses)
    right = model.posterior(start)
    r, new = e_step(x, start.weights, start.biases), m_step(right, x)
    if any(answer is None or answer is ... for answer in (r, new)):
        print("Replace the dots in both functions, then run the cell again.")
        return
    shapes = (np.shape(r), right.shape), (np.shape(new), (2, 3))
    for name, (found, wanted) in zip(("e_step", "m_step"), shapes, strict=True):
        say(f"{name}: returns {wanted[0]} x {wanted[1]} numbers", found == wanted, f"their shape is {found}")
    if all(found == wanted for found, wanted in shapes):
        _check_posterior(np.asarray(r), right, x)
        _check_coins(np.asarray(new), model, right, x)
        _check_climb(e_step, m_step, model, x)


def right_e_step(x, w, phi):
    """The posteriors, equation (6.9), shape (N, K)."""
    return BinomialMixture(x, chapter.tosses).posterior(Coins(w, phi))


def right_m_step(r, x):
    """The new weights and biases, equations (6.14) and (6.15)."""
    return r.sum(axis=0) / r.sum(), np.asarray(x) @ r / (chapter.tosses * r.sum(axis=0))


def _check_posterior(r, right, x):
    sums, gaps = r.sum(axis=1), np.abs(r - right)
    say("e_step: every row sums to 1", np.allclose(sums, 1), f"the first sums to {sums[0]:.4f}")
    say("e_step: the counts sum to 20", np.isclose(r.sum(), 20), f"they sum to {r.sum():.4f}")
    row, coin = np.unravel_index(gaps.argmax(), r.shape)
    found = f"of {x[row]} heads and coin {coin + 1} it has {right[row, coin]:.7f}, you have {r[row, coin]:.7f}"
    say("e_step: Table 6.1", gaps.max() < CLOSE, found)


def _check_coins(new, model, right, x):
    weights, biases = new
    after = model.m_step(model.e_step(chapter.start))
    heads = chapter.tosses * right.sum(axis=0) @ biases  # Table 6.3, if the biases are right
    found = f"bias times tosses of each coin, added up, is {heads:.4f}"
    if np.allclose(new[::-1], [after.weights, after.biases], atol=CLOSE):
        found = "weights and biases are exchanged: return the weights first"
    say("m_step: the heads sum to 83", np.isclose(heads, x.sum()), found)
    for name, yours, printed in (("(6.14)", weights, after.weights), ("Table 6.4", biases, after.biases)):
        worst = np.abs(yours - printed).argmax()
        found = f"of coin {worst + 1} it has {printed[worst]:.7f}, you have {yours[worst]:.7f}"
        say(f"m_step: {name}", np.abs(yours - printed).max() < CLOSE, found)


def _check_climb(e_step, m_step, model, x):
    what = f"both: the log-likelihood never falls in {ITERATIONS} iterations"
    theta, before = chapter.start, model.log_likelihood(chapter.start)
    for iteration in range(1, ITERATIONS + 1):
        try:
            with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 is told in words
                theta = Coins(*m_step(e_step(x, theta.weights, theta.biases), x))
        except ValueError as error:
            say(what, False, f"what iteration {iteration} returns are no coins: {error}")
            return
        after = model.log_likelihood(theta)
        if after < before - 1e-9:
            say(what, False, f"in iteration {iteration} it falls from {before:.4f} to {after:.4f}")
            return
        before = after
    say(what, True, "")


def say(what: str, passed, found: str) -> None:
    """Print a check, and what was found if it is not passed."""
    print(f"{what}: {'yes' if passed else f'NO, {found}'}")
