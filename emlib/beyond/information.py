"""How sure the estimates of any mixture are, and how many there are: from the observed information.

Nobody has to say which numbers of a theta are free. The M-step shows it: where its result goes if each observation with
each label counts a little more or less, theta is free to go. Weights keep their sum there, and what is given stays.
"""

from typing import NamedTuple

import numpy as np

from ..algorithm import iterate, parameters, start
from ..checks import as_numbers, brief
from ..mixture import Mixture
from .acceleration import converter

SMALL = 1e-4  # logarithm of how much more or less an observation counts
STEP = 0.02  # of a derivative, in standard errors that complete data would give
FLAT = 1e-5  # of the information that complete data would give
BORDER = "theta must lie inside its borders, where estimates can err to both sides"


class Errors(NamedTuple):
    """How far the estimates of a model scatter, if there are many data.

    Attributes
    ----------
    errors : numpy.ndarray
        A standard error for each of the P numbers of theta, in the shape of `emlib.algorithm.parameters(theta)`; 0 for
        numbers that are given.
    covariance : numpy.ndarray, shape (P, P)
    free : int
        Dimension of the parameter space.
    """

    errors: np.ndarray
    covariance: np.ndarray
    free: int


class Criteria(NamedTuple):
    """What a fit is worth, with a price for every parameter.

    Attributes
    ----------
    log_likelihood : float
        In nats.
    parameters : int
        Free parameters k.
    aic : float
        Akaike's criterion 2 k - 2 log L; the smaller, the better.
    bic : float
        Schwarz's criterion k log N - 2 log L; the smaller, the better.
    """

    log_likelihood: float
    parameters: int
    aic: float
    bic: float


def standard_errors(model: Mixture, theta, from_array=None) -> Errors:
    """Standard errors from the observed information, minus the Hessian of the log-likelihood at its maximum.

    It takes some 4 k^2 likelihoods, for k free parameters. What binds the numbers of theta to each other must be
    linear, as that weights sum to 1.

    Parameters
    ----------
    theta : object
        A strict maximum inside the borders, to the last digits: from EM that was run to its end.
    from_array : callable, optional
        As in `emlib.squarem`.

    Raises
    ------
    ValueError
        If `theta` lies on a border, is no maximum, or the information has no inverse, as on a ridge.
    """
    log_likelihood, from_array = _height(model, theta), converter(theta, from_array)
    directions, free = _free_directions(model, theta, from_array)
    if len(directions) < free:
        raise ValueError(f"{BORDER}; at {theta!r} only {len(directions)} of {free} free parameters can move")
    if not free:
        raise ValueError(f"theta must have a number that the data can change; at {theta!r} the M-step changes none")
    longer = f"theta must be a maximum; at {theta!r} the log-likelihood still rises: run EM longer"
    if iterate(model, theta, 1).log_likelihood > log_likelihood + 1e-4:
        raise ValueError(longer)
    flat = f"theta must be a strict maximum; at {theta!r} the log-likelihood "
    on_a_ridge = flat + "is flat in some direction, as on a ridge, or where a number is on its way to a border"
    _, complete = _derivatives(_expected_height(model, theta), theta, from_array, directions)
    values = np.linalg.eigvalsh(complete)
    if values[0] <= 1e-9 * values[-1]:
        raise ValueError(on_a_ridge)
    directions = np.linalg.inv(np.linalg.cholesky(complete)) @ directions  # in standard errors of complete data
    slope, observed = _derivatives(model.log_likelihood, theta, from_array, directions)
    least = np.linalg.eigvalsh(observed)[0]
    noise = max(FLAT, 1e-14 * abs(log_likelihood) / STEP**2)
    if least < noise:
        raise ValueError(on_a_ridge if least > -10 * noise else flat + "rises in some direction")
    inverse = np.linalg.inv(observed)
    if slope @ inverse @ slope > 1e-3:
        raise ValueError(longer)
    covariance = directions.T @ inverse @ directions
    return Errors(np.sqrt(np.diag(covariance)).reshape(parameters(theta).shape), covariance, free)


def information_criteria(model: Mixture, theta, observations=None, from_array=None) -> Criteria:
    """AIC and BIC of a fitted mixture.

    Both are derived for models whose parameters are all identified. With one component too many they are not, so there
    they are rules of thumb. Parameters that these data cannot change, as the probability of an answer that nobody gave,
    are not counted.

    Parameters
    ----------
    theta : object
        The maximum-likelihood fit.
    observations : int, optional
        How many there are, N. Default: the sum of the model's `occurrences`.
    from_array : callable, optional
        As in `emlib.squarem`.

    Raises
    ------
    ValueError
        If the data are impossible under `theta`, or `observations` are no number of more than 0.
    """
    log_likelihood = float(_height(model, theta))
    number = as_numbers("observations", np.sum(model.occurrences) if observations is None else observations)
    if number.ndim or not 0 < number < np.inf:
        raise ValueError(f"observations must be one finite number above 0; they are {observations}")
    free = _free_directions(model, theta, converter(theta, from_array))[1]
    return Criteria(
        log_likelihood, free, 2 * free - 2 * log_likelihood, float(free * np.log(number) - 2 * log_likelihood)
    )


def reweighted(model: Mixture, theta, shares, more):
    """What the M-step makes of the data if each observation with each label counts exp(more) times as much."""
    counted = shares * np.exp(more)
    total, now = (np.sum(model.occurrences @ part) for part in (shares, counted))
    return model.m_step(model.expected_statistics(counted * total / now, theta))  # an M-step may divide by N


def _height(model, theta):
    if not isinstance(model, Mixture):
        raise TypeError(
            f"model must be a Mixture, so that its data can be counted in other ways: write it as one; it is a "
            f"{type(model).__name__}: {brief(model)}"
        )
    return start(model, theta).log_likelihood


def _free_directions(model, theta, from_array):
    """Directions in which theta's numbers can move, a row each, and how many there are away from the borders."""
    clear = model.responsibilities(theta)
    generator = np.random.default_rng(0)
    mixed = (clear + generator.dirichlet(np.ones(clear.shape[1]), size=len(clear))) / 2
    away = _moves(model, theta, mixed, generator)[0]
    moves, units = _moves(model, theta, clear, generator)
    found = len(moves)
    # What the M-step takes from the data however they are counted, as a spread around all means, is free by itself.
    for number in np.flatnonzero(units):
        # Numbers that it keeps equal, as one variance for all that is written down for each, go together.
        together = np.all(np.abs(moves - moves[:, [number]]) < 1e-6, axis=0)
        single = together[None] / np.sqrt(together.sum())
        if np.linalg.norm(single - single @ np.linalg.pinv(moves) @ moves) > 1e-3:
            more = np.vstack([moves, single])
            if _is_free(model, theta, from_array, single * units, more * units):
                moves = more
    return moves * units, len(away) + len(moves) - found


def _moves(model, theta, shares, generator):
    """An orthonormal basis of where the M-step goes, in units of how far each number goes; and these units."""
    size = parameters(theta).size
    tries = SMALL * generator.standard_normal((size + 4, *shares.shape))
    tries /= np.sqrt(np.maximum(model.occurrences, 1))[:, None]  # then the units are about standard errors
    moved = [[parameters(reweighted(model, theta, shares, way)).ravel() for way in (z, -z)] for z in tries]
    moves = np.array([up - down for up, down in moved]) / (2 * SMALL)
    rounding = 1e-14 / SMALL * np.abs(moved[0][0])
    units = np.abs(moves).max(axis=0)
    units[units <= rounding] = 0
    moving = units > 0
    if not moving.any():
        return np.zeros((0, size)), units
    least = max(1e-6, np.max(rounding[moving] / units[moving]))
    _, sizes, basis = np.linalg.svd(np.where(moving, moves, 0) / np.where(moving, units, 1), full_matrices=False)
    return basis[sizes > least * sizes[0]], units


def _is_free(model, theta, from_array, single, directions):
    """Whether the log-likelihood rests along a single number, unlike along one of weights; nothing is said twice."""
    ask = _expected_height(model, theta)
    try:
        slope, bend = _derivatives(ask, theta, from_array, single)
        if not slope**2 < 0.1 * bend:
            return False
        _, bends = _derivatives(ask, theta, from_array, directions)
    except ValueError:  # out of the parameter space
        return False
    units = np.sqrt(np.abs(np.diag(bends)))
    return np.linalg.eigvalsh(bends / np.outer(units, units))[0] > FLAT


def _expected_height(model, theta):
    """The expected log-likelihood of complete data, as a function; its slope at theta is that of the observed ones."""
    expected = np.asarray(model.occurrences)[:, None] * model.responsibilities(theta)
    return lambda other: np.where(expected > 0, expected * model.log_joint(other), 0).sum()


def _derivatives(ask, theta, from_array, directions):
    """Slope of a function of theta, and minus its Hessian, along the directions.

    By differences at a step and at half of it, extrapolated to none (Richardson).
    """
    now = parameters(theta)

    def at(place):
        try:
            with np.errstate(all="ignore"):
                log_likelihood = ask(from_array(now + (place @ directions).reshape(now.shape)))
        except ValueError as error:
            raise ValueError(f"{BORDER}; near {theta!r} it is said: {error}") from error
        if not np.isfinite(log_likelihood):
            raise ValueError(f"{BORDER}; near {theta!r} the log-likelihood is {log_likelihood}")
        return log_likelihood

    def differences(step):
        steps, here = step * np.eye(len(directions)), at(np.zeros(len(directions)))
        up, down = (np.array([at(sign * way) for way in steps]) for sign in (1, -1))
        bends = np.diag(2 * here - up - down)
        for i, one in enumerate(steps):
            for j, other in enumerate(steps[:i]):
                both = at(one + other) + at(-one - other)
                bends[i, j] = bends[j, i] = (up[i] + down[i] + up[j] + down[j] - 2 * here - both) / 2
        return (up - down) / (2 * step), bends / step**2

    return [(4 * fine - coarse) / 3 for fine, coarse in zip(differences(STEP / 2), differences(STEP), strict=True)]
