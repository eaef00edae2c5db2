"""How fast EM is, by the Jacobian of its map, and how to be faster, by SQUAREM."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from math import prod
from typing import Any

import numpy as np

from ..algorithm import Model, Step, em, iterate, parameters
from ..checks import as_numbers, brief, methods, whole_number

SHORTEST = 1.01  # times the two iterations, a leap that is worth its name


def em_jacobian(model: Model, theta, from_array: Callable | None = None, size: float = 1e-7) -> np.ndarray:
    """The Jacobian of the EM map, theta to the next theta, by central differences.

    At a strict maximum its largest eigenvalue is the rate: the factor by which EM shrinks the distance in an iteration.

    Parameters
    ----------
    model : Model
        Anything that `em` works with.
    theta : object
        A point inside the parameter space.
    from_array : callable, optional
        As in `squarem`. Every number is moved alone, weights too, so it must allow weights whose sum is off by `size`.
    size : float, default 1e-7
        How far every number is moved, in both directions. A share of the number itself where that is more than 1, or
        so near to its border that it would be moved across.

    Returns
    -------
    numpy.ndarray, shape (P, P)
        For the P numbers of `theta`, flattened: how the next number i moves with number j.

    Raises
    ------
    ValueError
        If `theta` is so near to the border that a moved number leaves the parameter space, or cannot be made again
        from its numbers.
    """
    methods("model", model, "e_step", "m_step")
    number = as_numbers("size", size)
    if number.ndim or not 0 < number < np.inf:
        raise ValueError(f"size must be a finite number above 0; it is {size!r}")
    from_array, centre = converter(theta, from_array), parameters(theta)
    return np.transpose([_column(model, from_array, centre, index, number) for index in np.ndindex(centre.shape)])


def _column(model, from_array, centre, index, size):
    """How the next numbers move with one of these."""
    number, problem = abs(centre[index]), None
    for way in sorted({size * max(1, number), size * number} - {0}, reverse=True):
        try:
            with np.errstate(all="ignore"):  # outside the parameter space; what comes of it is looked at
                ahead, behind = (_moved(model, from_array, centre, index, move) for move in (way, -way))
        except ValueError as error:
            problem = problem or error
        else:
            return (ahead - behind) / (2 * way)
    where = f"number {index} of " if centre.size > 1 else ""
    raise ValueError(
        f"theta must lie inside its borders, so that each of its numbers can be moved; with {where}theta moved by "
        f"{size * max(1, number):g}: {problem}"
    ) from problem


def _moved(model, from_array, centre, index, way):
    moved = centre.copy()
    moved[index] += way
    following = parameters(model.m_step(model.e_step(from_array(moved)))).ravel()
    if not np.all(np.isfinite(following)):
        raise ValueError(f"the next theta is {following}")
    return following


def squarem(
    model: Model, theta, max_iterations: int = 100, tolerance: float = 1e-12, from_array: Callable | None = None
) -> Iterator[Step]:
    """EM with leaps: two iterations show the way and how slow it is, and the next one starts far ahead on it.

    From theta_0 and its two plain iterations theta_1 and theta_2, the leap is to theta_0 + 2 a r + a^2 v, where
    r = theta_1 - theta_0, v = (theta_2 - theta_1) - r and a = |r| / |v|, but 1 or more (scheme S3 of the paper). While
    that is outside the parameter space, a is halved towards 1, where the leap is to theta_2. If the iteration that
    starts there ends lower than theta_2, or cannot be made, EM goes on from theta_2. So the log-likelihood never falls,
    up to rounding, and every theta that is yielded comes from an M-step.

    Parameters
    ----------
    model : Model
        Anything that `em` works with.
    theta : object
        The start theta^(0).
    max_iterations : int, default 100
        Stop after this many iterations at the latest. One that a refused leap has cost counts, too.
    tolerance : float, default 1e-12
        Stop as soon as an iteration, one E-step and M-step, changes no parameter by more than this.
    from_array : callable, optional
        Makes a theta from an array such as `emlib.algorithm.parameters(theta)`, and raises ValueError outside the
        parameter space, if the model does not. Not needed where theta is a number, an array, a list, a NamedTuple, a
        dict or a dataclass of such, has a method `from_array(array)`, or a class that is called with the rows of the
        array, as in `Coins(weights, biases)`. The first of these have no borders of their own, so any number might be a
        rate, a probability or a correlation: no leap takes it across 0, nor from between -1 and 1 to beyond. Of other
        borders, as where one of three weights is left out, only `from_array` or the model can know.

    Yields
    ------
    Step
        Iterations 0, 1, 2, ..., each at the cost of an iteration of `em`. After one that was refused theta is what it
        was before. The last one carries a `stop_reason`.

    Raises
    ------
    ValueError
        If an argument of `em` is out of range, if the data are impossible under `theta`, or if `theta` cannot be made
        again from its numbers; on the way, if a parameter or the log-likelihood is not finite.

    References
    ----------
    R. Varadhan and C. Roland (2008). Simple and globally convergent methods for accelerating the convergence of any EM
    algorithm. Scandinavian Journal of Statistics 35, 335-353.
    """
    max_iterations = whole_number("max_iterations", max_iterations, least=0)
    first = next(em(model, theta, max_iterations, tolerance))
    own_class = hasattr(type(theta), "__array__") and not isinstance(theta, (np.ndarray, np.number))
    borders = from_array is not None or hasattr(theta, "from_array") or own_class
    return _steps(model, first, max_iterations, tolerance, converter(theta, from_array), borders)


def _steps(model, step, max_iterations, tolerance, from_array, borders):
    yield step
    trail = [step.theta]  # since the last leap; three make the next one
    for iteration in range(1, max_iterations + 1):
        leap = _leap(trail, from_array, borders) if len(trail) == 3 else None
        if leap is None:
            origin, found = step.theta, iterate(model, step.theta, iteration)
        else:
            origin, found = leap, _attempt(model, leap, iteration, step.log_likelihood)
        reason = f"stopped at the limit of {max_iterations} iterations" if iteration == max_iterations else None
        if found is not None and np.max(np.abs(parameters(found.theta) - parameters(origin))) <= tolerance:
            reason = f"no parameter changed by more than {tolerance:g}"
        step = replace(found or step, iteration=iteration, stop_reason=reason)
        trail = [step.theta] if len(trail) == 3 else [*trail, step.theta]
        yield step
        if reason:
            return


def _attempt(model, leap, iteration, least):
    """As `iterate`; None if the model refuses the leap, or the log-likelihood comes out below `least`."""
    try:
        with np.errstate(all="ignore"):  # as logarithms of negative numbers: they give nan, which `iterate` refuses
            found = iterate(model, leap, iteration)
    except (ValueError, ArithmeticError):  # the second, where Python itself divides
        return None
    # Judged after the M-step: weights of a long leap sum to 1 only nearly, which would lift its own log-likelihood.
    return found if found.log_likelihood >= least else None


def _leap(trail, from_array, borders):
    """Where three thetas seem to lead; None if they do not go on, or lead out of the parameter space at once."""
    start, middle, end = map(parameters, trail)
    way = middle - start  # r
    bend = end - middle - way  # v
    if not np.any(bend):
        return None
    stretch = max(1, np.linalg.norm(way.ravel()) / np.linalg.norm(bend.ravel()))
    while stretch > SHORTEST:
        goal = start + 2 * stretch * way + stretch**2 * bend
        if np.all(np.isfinite(goal)) and (borders or not _may_cross_a_border(end, goal)):
            try:
                return from_array(goal)
            except ValueError:  # outside; a shorter leap may not be
                pass
        stretch = (1 + stretch) / 2
    return None


def _may_cross_a_border(here, there):
    """Where nothing knows the borders. Beyond them likelihoods may look high, as those of negative weights."""
    bounded = np.abs(here) <= 1 + 1e-9  # up to rounding
    return np.any(np.sign(there) != np.sign(here)) or np.any(bounded & (np.abs(there) > np.maximum(1, np.abs(here))))


def converter(theta, from_array: Callable | None = None) -> Callable:
    """The way back from `emlib.algorithm.parameters`: makes thetas like this one from arrays of their numbers.

    Raises
    ------
    ValueError
        If it does not give `theta` back from its numbers.
    """
    if from_array is not None and not callable(from_array):
        raise TypeError(f"from_array must be callable with an array; it is {brief(from_array)}")
    remedy = (
        "from_array"
        if from_array
        else "theta's class needs a method from_array(array), or from_array must be given: it"
    )
    from_array = from_array or (lambda array: _refilled(theta, iter(np.ravel(array))))
    array = parameters(theta)
    try:
        again = parameters(from_array(array.copy()))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{remedy} must make a theta like {theta} from its array; it says: {error}") from error
    if again.shape != array.shape or not np.allclose(again, array, rtol=1e-6, atol=1e-6):
        raise ValueError(f"{remedy} must make {theta} again from its array; it makes an array like {again}")
    return from_array


def _refilled(theta, numbers) -> Any:
    """A theta of this structure with other numbers, taken from an iterator."""
    if isinstance(theta, dict):
        filled = copy(theta)
        filled.update((key, _refilled(part, numbers)) for key, part in theta.items())
        return filled
    if is_dataclass(theta) and not hasattr(theta, "__array__") and not hasattr(theta, "from_array"):
        return replace(theta, **{field.name: _refilled(getattr(theta, field.name), numbers) for field in fields(theta)})
    if isinstance(theta, (tuple, list)):
        parts = [_refilled(part, numbers) for part in theta]
        return type(theta)(*parts) if hasattr(theta, "_fields") else type(theta)(parts)
    shape = parameters(theta).shape
    array = np.array(list(islice(numbers, prod(shape)))).reshape(shape)
    if hasattr(theta, "from_array"):
        return theta.from_array(array)
    if isinstance(theta, np.ndarray):
        return array
    return float(array) if array.ndim == 0 else type(theta)(*array)
