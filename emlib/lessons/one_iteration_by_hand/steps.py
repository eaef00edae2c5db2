"""Checks for an E-step and an M-step that a reader has written."""

import numpy as np

from ... import chapter
from ...coins import BinomialMixture, Coins
from ...words import mark, tr

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
        print(tr("Replace the dots in both functions, then run the cell again."))
        return
    shapes = (np.shape(r), right.shape), (np.shape(new), (2, 3))
    for name, (found, wanted) in zip(("e_step", "m_step"), shapes, strict=True):
        what = tr("{name}: returns {rows} x {columns} numbers", name=name, rows=wanted[0], columns=wanted[1])
        say(what, found == wanted, tr("their shape is {shape}", shape=found))
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
    found = tr("the first sums to {total:.4f}", total=sums[0])
    say(tr("e_step: every row sums to 1"), np.allclose(sums, 1), found)
    found = tr("they sum to {total:.4f}", total=r.sum())
    say(tr("e_step: the counts sum to 20"), np.isclose(r.sum(), 20), found)
    row, coin = np.unravel_index(gaps.argmax(), r.shape)
    found = {"heads": x[row], "coin": coin + 1, "right": right[row, coin], "yours": r[row, coin]}
    found = tr("of {heads} heads and coin {coin} it has {right:.7f}, you have {yours:.7f}", **found)
    say(tr("e_step: Table 6.1"), gaps.max() < CLOSE, found)


def _check_coins(new, model, right, x):
    weights, biases = new
    after = model.m_step(model.e_step(chapter.start))
    heads = chapter.tosses * right.sum(axis=0) @ biases  # Table 6.3, if the biases are right
    found = tr("bias times tosses of each coin, added up, is {heads:.4f}", heads=heads)
    if np.allclose(new[::-1], [after.weights, after.biases], atol=CLOSE):
        found = tr("weights and biases are exchanged: return the weights first")
    say(tr("m_step: the heads sum to 83"), np.isclose(heads, x.sum()), found)
    for name, yours, printed in (("(6.14)", weights, after.weights), ("Table 6.4", biases, after.biases)):
        worst = np.abs(yours - printed).argmax()
        found = {"coin": worst + 1, "right": printed[worst], "yours": yours[worst]}
        found = tr("of coin {coin} it has {right:.7f}, you have {yours:.7f}", **found)
        say(f"m_step: {tr(name)}", np.abs(yours - printed).max() < CLOSE, found)


def _check_climb(e_step, m_step, model, x):
    what = tr("both: the log-likelihood never falls in {number} iterations", number=ITERATIONS)
    theta, before = chapter.start, model.log_likelihood(chapter.start)
    for iteration in range(1, ITERATIONS + 1):
        try:
            with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 is told in words
                theta = Coins(*m_step(e_step(x, theta.weights, theta.biases), x))
        except ValueError as error:
            sentence = mark("what iteration {iteration} returns are no coins: {error}")
            say(what, False, tr(sentence, iteration=iteration, error=error))
            return
        after = model.log_likelihood(theta)
        if after < before - 1e-9:
            sentence = mark("in iteration {iteration} it falls from {before:.4f} to {after:.4f}")
            say(what, False, tr(sentence, iteration=iteration, before=before, after=after))
            return
        before = after
    say(what, True, "")


def say(what: str, passed, found: str) -> None:
    """Print a check, and what was found if it is not passed."""
    sentence = mark("{what}: yes") if passed else mark("{what}: NO, {found}")
    print(tr(sentence, what=what, found=found))
