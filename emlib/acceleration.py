"""How fast EM is, by the Jacobian of its map, and how to be faster, by SQUAREM."""

from collections.abc import Callable, Iterator

import numpy as np

from .algorithm import Model, Step, em


def em_jacobian(model: Model, theta, rebuild: Callable | None = None, size: float = 1e-7) -> np.ndarray:
    """The Jacobian of the EM map, theta to the next theta, by central differences.

    At a strict maximum its largest eigenvalue is the rate: the factor by which EM shrinks the distance in an iteration.

    Parameters
    ----------
    model : Model
        Anything that `em` works with.
    theta : object
        A point inside the parameter space.
    rebuild : callable, optional
        As in `squarem`. Every number is moved alone, weights too, so it must allow weights whose sum is off by `size`.
    size : float, default 1e-7
        How far every number is moved, in both directions.

    Returns
    -------
    numpy.ndarray, shape (P, P)
        For the P numbers of `numpy.asarray(theta)`, flattened: how the next number i moves with number j.

    Raises
    ------
    ValueError
        If `theta` is so near to the border that a moved number leaves the parameter space, or if `rebuild` is
        missing or does not give `theta` back from its array.
    """
    rebuild = _checked(rebuild, theta)
    centre = np.asarray(theta, dtype=float)
    columns = []
    for move in size * np.eye(centre.size):
        move = move.reshape(centre.shape)
        ahead, behind = (model.m_step(model.e_step(rebuild(moved))) for moved in (centre + move, centre - move))
        columns.append(np.ravel(np.asarray(ahead) - np.asarray(behind)) / (2 * size))
    return np.transpose(columns)


def squarem(
    model: Model, theta, max_iterations: int = 100, tolerance: float = 1e-12, rebuild: Callable | None = None
) -> Iterator[Step]:
    """EM with leaps: two iterations show the way and how slow it is, and the next one starts far ahead on it.

    From theta_0 and its two plain iterations theta_1 and theta_2, the leap is to theta_0 + 2 a r + a^2 v, where
    r = theta_1 - theta_0, v = (theta_2 - theta_1) - r and a = |r| / |v|, but 1 or more (scheme S3 of the paper). If the
    iteration that starts there ends lower than theta_2, or cannot be made, EM goes on from theta_2. So the
    log-likelihood never falls, up to rounding, and every theta that is yielded comes from an M-step.

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
    rebuild : callable, optional
        Makes a theta from an array such as `numpy.asarray(theta)`. Outside the parameter space it must raise
        ValueError, or else the model's E-step must. By default theta's own class is called with the rows of the array,
        as in `Coins(weights, biases)`. Numbers and arrays know no borders, so they need a `rebuild`.

    Yields
    ------
    Step
        Iterations 0, 1, 2, ..., each at the cost of an iteration of `em`. After one that was refused theta is what it
        was before. The last one carries a `stop_reason`.

    Raises
    ------
    ValueError
        If an argument of `em` is out of range, if the data are impossible under `theta`, or if `rebuild` is missing
        or does not give `theta` back from its array.

    References
    ----------
    R. Varadhan and C. Roland (2008). Simple and globally convergent methods for accelerating the convergence of any EM
    algorithm. Scandinavian Journal of Statistics 35, 335-353.
    """
    em(model, theta, max_iterations, tolerance)  # checks these arguments
    return _steps(model, theta, max_iterations, tolerance, _checked(rebuild, theta))


def _steps(model, theta, max_iterations, tolerance, rebuild):
    limit = f"stopped at the limit of {max_iterations} iterations"
    statistics, height = None, model.log_likelihood(theta)
    yield Step(0, theta, statistics, height, None if max_iterations else limit)
    trail = [theta]  # since the last leap; three make the next one
    for iteration in range(1, max_iterations + 1):
        leap = _leap(trail, rebuild) if len(trail) == 3 else None
        if leap is None:
            origin, found = theta, _iterate(model, theta)
        else:
            origin, found = leap, _attempt(model, leap, height)
        reason = limit if iteration == max_iterations else None
        if found is not None:
            theta, statistics, height = found
            if np.max(np.abs(np.asarray(theta) - np.asarray(origin))) <= tolerance:
                reason = f"no parameter changed by more than {tolerance:g}"
        trail = [theta] if len(trail) == 3 else [*trail, theta]
        yield Step(iteration, theta, statistics, height, reason)
        if reason:
            return


def _iterate(model, theta):
    """The next theta, the statistics that it is made from, and its log-likelihood."""
    statistics = model.e_step(theta)  # (6.4)
    theta = model.m_step(statistics)  # (6.5)
    return theta, statistics, model.log_likelihood(theta)


def _attempt(model, leap, least):
    """As `_iterate`; None if the data are impossible under the leap, or the log-likelihood comes out below `least`."""
    try:
        with np.errstate(invalid="ignore"):  # logarithms of negative numbers: they give nan, which is not >= least
            found = _iterate(model, leap)
    except ValueError:
        return None
    # Judged after the M-step: weights of a long leap sum to 1 only nearly, which would lift its own log-likelihood.
    return found if found[2] >= least else None


def _leap(trail, rebuild):
    """Where three thetas seem to lead; None if they do not go on, or lead out of the parameter space."""
    start, middle, end = (np.asarray(theta, dtype=float) for theta in trail)
    way = middle - start  # r
    bend = end - middle - way  # v
    if not np.any(bend):
        return None
    stretch = max(1, np.linalg.norm(way.ravel()) / np.linalg.norm(bend.ravel()))
    try:
        return rebuild(start + 2 * stretch * way + stretch**2 * bend)
    except ValueError:
        return None


def _checked(rebuild, theta):
    """`rebuild`, or the default for such a theta, once it is known to give theta back from its array."""
    array = np.array(theta, dtype=float)
    if rebuild is None:
        if array.ndim == 0 or isinstance(theta, np.ndarray):
            raise ValueError(
                "rebuild must be given where theta is a number or an array, which have no borders of their own; "
                "for a number it can be float if the model raises ValueError outside the borders"
            )
        rebuild = lambda rows: type(theta)(*rows)  # noqa: E731
    try:
        again = np.asarray(rebuild(array), dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"rebuild must make a theta like {theta} from its array; it says: {error}") from error
    if again.shape != array.shape or not np.allclose(again, array, rtol=0, atol=1e-6):
        raise ValueError(f"rebuild must make {theta} again from its array; it makes an array like {again}")
    return rebuild
