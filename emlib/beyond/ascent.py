"""Why EM climbs: the free energy F(q, theta), which every E-step and every M-step raises (Neal and Hinton 1998).

q holds, for every distinct observation, probabilities of its labels: any probabilities, not only the posterior.
F(q, theta) is the log-likelihood minus the divergence of q from the posterior, and so a lower bound of the
log-likelihood. EM and its variants are one climb of F, in turns in q and in theta. They differ in the E-step alone.

R. M. Neal and G. E. Hinton (1998). A view of the EM algorithm that justifies incremental, sparse, and other variants.
In M. I. Jordan (ed.), Learning in Graphical Models, 355-368. Kluwer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import as_numbers, brief, distribution, instance, whole_number
from ..mixture import Mixture

LOST = 1e-15  # a share that a sum does not feel


def free_energy(model: Mixture, responsibilities, theta, inverse_temperature: float = 1) -> float:
    """F(q, theta): the expected log-likelihood of the complete data, plus the entropy of q divided by beta.

    Parameters
    ----------
    responsibilities : array_like, shape (M, K)
        q: probabilities of the labels of every distinct observation; every row sums to 1.
    theta : object
        Parameters of the model.
    inverse_temperature : float, default 1
        Beta, above 0. Above 1 entropy counts less, and for infinity not at all. The best q is the posterior to the
        power beta.

    Returns
    -------
    float
        In nats. For beta 1 it is the log-likelihood minus the `divergence`. Minus infinity if `theta` rules out a
        label that q allows, unless by rounding errors alone.
    """
    instance("model", model, Mixture)
    inverse_temperature = _inverse_temperature(inverse_temperature)
    return 0.0 - _excess(model, responsibilities, theta, model.log_joint(theta), inverse_temperature)  # not minus 0


def divergence(model: Mixture, responsibilities, theta) -> float:
    """Kullback-Leibler divergence of q from the posterior, summed over all observations: how far F is too low.

    Parameters
    ----------
    responsibilities : array_like, shape (M, K)
        q, as in `free_energy`.
    theta : object

    Returns
    -------
    float
        In nats; 0 if q is the posterior, above 0 if not.
    """
    instance("model", model, Mixture)
    log_posterior = model.log_joint(theta) - model.log_marginal(theta)[:, None]
    return _excess(model, responsibilities, theta, log_posterior, 1)


def _excess(model, responsibilities, theta, log_p, beta):
    """Sum of q (log q / beta - log p) over all labels and observations, with 0 log 0 = 0."""
    q = _probabilities(responsibilities, log_p.shape)
    ruled_out = (q > 0) & np.isneginf(log_p)
    if np.any(ruled_out):
        left = np.where(_lost(model, q, theta, ruled_out), 0, q)
        rows = left.sum(axis=1, keepdims=True)
        q = np.divide(left, rows, out=q, where=rows > 0)
    some = q > 0
    terms = np.zeros(q.shape)
    with np.errstate(over="ignore"):  # an entropy divided by next to nothing is infinite
        terms[some] = q[some] * (np.log(q[some]) / beta - log_p[some])
        return float(model.occurrences @ terms.sum(axis=1))


def _lost(model, q, theta, ruled_out):
    """Which of the labels that q allows and `theta` rules out are ruled out by rounding errors alone.

    An M-step without them never rules out what q allows. With them it may: a bias of 1 - 1e-20 is rounded to 1. What
    was next to impossible before must not cost infinity now.
    """
    felt = model.occurrences[:, None] * q
    lost = ruled_out & (felt <= LOST * np.maximum(model.occurrences[:, None], felt.sum(axis=0)))
    if np.any(ruled_out & ~lost):
        even = np.full(q.shape, 1 / q.shape[1])  # rules out only what every theta does, or one that is given
        by_q, by_even = (
            np.isneginf(model.log_joint(model.m_step(model.expected_statistics(any_q, theta)))) for any_q in (q, even)
        )
        lost |= ruled_out & by_q & ~by_even
    return lost


def _probabilities(responsibilities, shape):
    q = distribution("responsibilities", responsibilities, ndim=2)
    if q.shape != shape:
        raise ValueError(f"responsibilities must be distinct observations x labels, {shape}; their shape is {q.shape}")
    return q


@dataclass(frozen=True, eq=False)
class AscentStep:
    """Where a climb of F stands after an E-step and an M-step.

    Attributes
    ----------
    iteration : int
        Step 0 is the start.
    theta : object
    responsibilities : numpy.ndarray, shape (M, K)
        The q from which the M-step made `theta`; at the start, the posterior under it.
    free_energy, divergence, log_likelihood : float
        Of `responsibilities` and `theta`, in nats. The first two add up to the third.
    """

    iteration: int
    theta: Any
    responsibilities: np.ndarray
    free_energy: float
    divergence: float
    log_likelihood: float


Update = Callable[[Mixture, np.ndarray, Any, int], np.ndarray]

"""An E-step: from the model, the present q and theta and the number of the iteration (from 1) to the next q."""


def full(model: Mixture, responsibilities, theta, iteration: int) -> np.ndarray:
    """The E-step of EM: q becomes the posterior, for which F is highest and equal to the log-likelihood."""
    instance("model", model, Mixture)
    return model.responsibilities(theta)


def coordinate_ascent(model: Mixture, theta, update: Update = full, iterations: int = 100) -> Iterator[AscentStep]:
    """Climb F in turns: `update` moves q, and the M-step of the model moves theta to the best place for that q.

    Parameters
    ----------
    theta : object
        The start. q starts at the posterior under it.
    update : callable, default `full`
        The E-step: `full`, `hard`, or what `incremental`, `sparse` and `tempered` return.

    Yields
    ------
    AscentStep
        Iterations 0, 1, 2, ... With `full` they are those of `emlib.em`.

    Raises
    ------
    ValueError
        If `iterations` is not a whole number of 0 or more, or the data are impossible under `theta`; on the way, if
        they are under a later theta, or `update` returns no such probabilities.
    """
    instance("model", model, Mixture)
    if any(update is factory for factory in (incremental, sparse, tempered)):
        raise ValueError(f"update must be what {update.__name__}(...) returns; it is {update.__name__} itself")
    if not callable(update):
        raise TypeError(f"update must be an E-step, such as full, hard or incremental(); it is {brief(update)}")
    iterations = whole_number("iterations", iterations, least=0)
    model.log_marginal(theta)  # raises the model's own error, here and not at the first step
    return _climb(model, theta, _checked(update), iterations)


def _checked(update):
    """The E-step, with an error of ours if what it returns is no q."""

    def checked(model, responsibilities, theta, iteration):
        return _probabilities(update(model, responsibilities, theta, iteration), responsibilities.shape)

    return checked


def _climb(model, theta, update, iterations):
    q = model.responsibilities(theta)
    yield _step(model, 0, theta, q)
    for iteration in range(1, iterations + 1):
        q = update(model, q, theta, iteration)  # up in q
        theta = model.m_step(model.expected_statistics(q, theta))  # up in theta
        yield _step(model, iteration, theta, q)


def _step(model, iteration, theta, q):
    log_joint, log_marginal = model.log_joint(theta), model.log_marginal(theta)
    bound = 0.0 - _excess(model, q, theta, log_joint, 1)
    missing = _excess(model, q, theta, log_joint - log_marginal[:, None], 1)
    return AscentStep(iteration, theta, q, bound, missing, float(model.occurrences @ log_marginal))


def incremental(rows: int = 1) -> Update:
    """The posterior for a few distinct observations at a time, in turn; the others keep the q that they have.

    F never falls, but the log-likelihood may. q must be kept for every observation. In a program that is after speed,
    only what changed would be taken from the expected statistics and put back; here they are summed anew.

    Parameters
    ----------
    rows : int, default 1
        How many distinct observations.
    """
    rows = whole_number("rows", rows, least=1)

    def update(model, responsibilities, theta, iteration):
        turn = np.arange((iteration - 1) * rows, iteration * rows) % len(responsibilities)
        chosen = np.zeros(responsibilities.shape, dtype=bool)
        chosen[turn] = True
        return _best(model, responsibilities, theta, chosen)

    return update


def sparse(negligible: float = 0.01, full_every: int = 5) -> Update:
    """Only labels with more than a negligible responsibility are worked on; now and then, all of them.

    What a row gives to its other labels stays as it is. F never falls.

    Parameters
    ----------
    negligible : float, default 0.01
        From 0 to 1.
    full_every : int, default 5
        Every so many iterations, beginning with the first, the E-step is full.
    """
    if not 0 <= _number("negligible", negligible) <= 1:
        raise ValueError(f"negligible must lie between 0 and 1; it is {negligible!r}")
    full_every = whole_number("full_every", full_every, least=1)

    def update(model, responsibilities, theta, iteration):
        if (iteration - 1) % full_every == 0:
            return model.responsibilities(theta)
        return _best(model, responsibilities, theta, responsibilities > negligible)

    return update


def hard(model: Mixture, responsibilities, theta, iteration: int) -> np.ndarray:
    """Each observation goes to its most probable label alone (the first of equals), as in k-means.

    Such a q has no entropy, so F is the log-likelihood of the data completed in this way. It never falls, from
    iteration 1 on; the log-likelihood of the observed data may.
    """
    below = _below_the_best(model, theta)
    return np.eye(below.shape[1])[below.argmax(axis=1)]


def tempered(*inverse_temperatures: float) -> Update:
    """The posterior to a power, normalised: blurred below 1, sharpened above 1, and `hard` for infinity.

    F with entropy divided by the same number never falls while it stays the same. Ascending numbers up to 1 are
    annealing: N. Ueda and R. Nakano (1998). Deterministic annealing EM algorithm. Neural Networks 11, 271-282.

    Parameters
    ----------
    inverse_temperatures : float
        One for each iteration; the last one stays.
    """
    if not inverse_temperatures:
        raise ValueError("inverse_temperatures must be one or more; there are none")
    inverse_temperatures = [_inverse_temperature(value) for value in inverse_temperatures]

    def update(model, responsibilities, theta, iteration):
        beta = inverse_temperatures[min(iteration, len(inverse_temperatures)) - 1]
        if beta == np.inf:
            return hard(model, responsibilities, theta, iteration)
        with np.errstate(over="ignore"):  # to -inf, for which the exponential is right
            shares = np.exp(beta * _below_the_best(model, theta))
        return shares / shares.sum(axis=1, keepdims=True)

    return update


def _below_the_best(model, theta):
    """How much less probable each label is than the most probable one, as a logarithm: 0 or less."""
    instance("model", model, Mixture)
    model.log_marginal(theta)  # raises the model's own error if an observation is impossible
    log_joint = model.log_joint(theta)
    return log_joint - log_joint.max(axis=1, keepdims=True)


def _best(model, responsibilities, theta, chosen):
    """The q with the highest F among those that differ in the chosen labels only: there, in the posterior's shares."""
    log_joint = np.where(chosen, model.log_joint(theta), -np.inf)
    total = np.logaddexp.reduce(log_joint, axis=1)[:, None]
    to_share = np.minimum(np.where(chosen, responsibilities, 0).sum(axis=1, keepdims=True), 1)  # may round to above
    with np.errstate(invalid="ignore"):  # -inf - -inf where nothing is chosen
        return np.where(chosen & (total > -np.inf), to_share * np.exp(log_joint - total), responsibilities)


def _inverse_temperature(beta):
    if not _number("inverse_temperature", beta) > 0:  # catches nan, too
        raise ValueError(f"inverse_temperature must be above 0; it is {beta!r}")
    return float(beta)


def _number(name, value):
    """One number, nan and infinity included; ValueError if it is none."""
    array = as_numbers(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be one number; it is {brief(value)}")
    return float(array)
