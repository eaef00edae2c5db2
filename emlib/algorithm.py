"""The EM algorithm of Definition 6.2: one loop for every model with hidden data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Model(Protocol):
    """What `em` asks of a model: an E-step, an M-step and a likelihood.

    `numpy.asarray(theta)` must give the parameters as an array of numbers, so that the loop can see whether they
    still change.
    """

    def e_step(self, theta) -> Any:
        """Expected sufficient statistics of observed and hidden data under `theta`, equation (6.4)."""

    def m_step(self, statistics) -> Any:
        """Maximum-likelihood parameters if `statistics` had been observed, equation (6.5)."""

    def log_likelihood(self, theta) -> float:
        """Natural logarithm (nats) of the likelihood of the observed data, equation (6.3)."""


@dataclass(frozen=True)
class Step:
    """Where EM stands after an iteration.

    Attributes
    ----------
    iteration : int
        The l of Definition 6.2. Step 0 is the start.
    theta : object
        The parameters theta^(l).
    statistics : object or None
        The expected sufficient statistics t^(l) from which the M-step made `theta`. None at the start, which was given.
    log_likelihood : float
        Log-likelihood of the observed data under `theta`, in nats.
    stop_reason : str or None
        Why EM ends here, on the last step; None on all others.
    """

    iteration: int
    theta: Any
    statistics: Any
    log_likelihood: float
    stop_reason: str | None = None


def em(model: Model, theta, max_iterations: int = 100, tolerance: float = 1e-12) -> Iterator[Step]:
    """Run the EM algorithm (Definition 6.2) and yield every step of it, the start first.

    Parameters
    ----------
    model : Model
        Anything with `e_step`, `m_step` and `log_likelihood`.
    theta : object
        The start theta^(0), of the kind that the model works with.
    max_iterations : int, default 100
        Stop after this many iterations at the latest.
    tolerance : float, default 1e-12
        Stop as soon as an iteration changes no parameter by more than this.

    Yields
    ------
    Step
        Iterations 0, 1, 2, ... The last one carries a `stop_reason`.

    Raises
    ------
    ValueError
        If `max_iterations` or `tolerance` is out of range, or if the data are impossible under `theta`.
    """
    if not isinstance(max_iterations, (int, np.integer)) or max_iterations < 0:
        raise ValueError(f"max_iterations must be a whole number, 0 or more; it is {max_iterations!r}")
    if not isinstance(tolerance, (int, float, np.number)) or not 0 <= tolerance < np.inf:
        raise ValueError(f"tolerance must be a finite number, 0 or more; it is {tolerance!r}")
    return _steps(model, theta, max_iterations, tolerance)


def _steps(model, theta, max_iterations, tolerance):
    limit = f"stopped at the limit of {max_iterations} iterations"
    yield Step(0, theta, None, model.log_likelihood(theta), None if max_iterations else limit)
    for iteration in range(1, max_iterations + 1):
        statistics = model.e_step(theta)  # (6.4)
        new_theta = model.m_step(statistics)  # (6.5)
        change = np.max(np.abs(np.asarray(new_theta) - np.asarray(theta)))
        theta = new_theta
        reason = None
        if change <= tolerance:
            reason = f"no parameter changed by more than {tolerance:g}"
        elif iteration == max_iterations:
            reason = limit
        yield Step(iteration, theta, statistics, model.log_likelihood(theta), reason)
        if reason:
            return
