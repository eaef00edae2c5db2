"""The EM algorithm of Definition 6.2: one loop for every model with hidden data."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Protocol

import numpy as np

from .checks import as_numbers, finite_number, methods, whole_number

ROUNDING = 1e-9  # of the log-likelihood, or of 1 nat if that is more


class Model(Protocol):
    """What `em` asks of a model: an E-step, an M-step and a likelihood.

    A theta may be a number, an array, a NamedTuple of rows, or whatever else `parameters` finds numbers in.
    """

    def e_step(self, theta) -> Any:
        """Expected sufficient statistics of observed and hidden data under `theta`, equation (6.4)."""

    def m_step(self, statistics) -> Any:
        """Maximum-likelihood parameters if `statistics` had been observed, equation (6.5)."""

    def log_likelihood(self, theta) -> float:
        """Natural logarithm (nats) of the likelihood of the observed data, equation (6.3)."""


@dataclass(frozen=True, eq=False)
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


class LikelihoodFell(RuntimeWarning):
    """The log-likelihood fell in an iteration, which that of EM never does: a step or the likelihood has a mistake.

    `warnings.simplefilter("ignore", emlib.LikelihoodFell)` turns it off for steps that are not EM's and may fall.
    """


def em(model: Model, theta, max_iterations: int = 100, tolerance: float = 1e-12) -> Iterator[Step]:
    """Run the EM algorithm (Definition 6.2) and yield every step of it, the start first.

    What the E-step and the likelihood of one theta have in common is computed twice, so that the loop stays that of
    the definition.

    Parameters
    ----------
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
        If the data are impossible under `theta`; on the way, if a parameter or the log-likelihood is not finite.

    Warns
    -----
    LikelihoodFell
        If the log-likelihood falls by more than rounding.
    """
    max_iterations = whole_number("max_iterations", max_iterations, least=0)
    finite_number("tolerance", tolerance)
    return _steps(model, start(model, theta), max_iterations, tolerance)


def _steps(model, step, max_iterations, tolerance):
    limit = f"stopped at the limit of {max_iterations} iterations"
    yield replace(step, stop_reason=None if max_iterations else limit)
    for iteration in range(1, max_iterations + 1):
        before, step = step, iterate(model, step.theta, iteration)
        _warn_if_it_fell(before, step)
        reason = None
        if np.abs(parameters(step.theta) - parameters(before.theta)).max() <= tolerance:
            reason = f"no parameter changed by more than {tolerance:g}"
        elif iteration == max_iterations:
            reason = limit
        yield replace(step, stop_reason=reason)
        if reason:
            return


def _warn_if_it_fell(before, step):
    if step.log_likelihood < before.log_likelihood - ROUNDING * max(1, abs(before.log_likelihood)):
        fell = f"fell from {before.log_likelihood:.10g} to {step.log_likelihood:.10g} in iteration {step.iteration}"
        advice = "with EM it never does, so look for a mistake in e_step, m_step or log_likelihood"
        warnings.warn(f"the log-likelihood {fell}; {advice}", LikelihoodFell, stacklevel=3)


def start(model: Model, theta) -> Step:
    """Step 0 of a run; ValueError if the model cannot begin there, TypeError if it is none."""
    methods("model", model, "e_step", "m_step", "log_likelihood")
    if not parameters(theta).size:
        raise ValueError(f"theta must hold one or more numbers; it is {theta!r}")
    return _checked(Step(0, theta, None, model.log_likelihood(theta)))


def iterate(model: Model, theta, iteration: int) -> Step:
    """The step to which one E-step and one M-step lead from `theta`; ValueError if it is not finite."""
    statistics = model.e_step(theta)  # (6.4)
    theta = model.m_step(statistics)  # (6.5)
    return _checked(Step(iteration, theta, statistics, model.log_likelihood(theta)))


def _checked(step):
    """A step whose numbers are finite. An infinite or undefined one would run on to the limit without a word."""
    if not np.isfinite(parameters(step.theta)).all():
        raise ValueError(f"theta must be finite numbers; in iteration {step.iteration} it is {step.theta}")
    if np.ndim(step.log_likelihood) or not np.isfinite(step.log_likelihood):
        raise ValueError(
            f"log_likelihood must be one finite number; in iteration {step.iteration}, under {step.theta}, "
            f"it is {step.log_likelihood}"
        )
    return step


def parameters(theta) -> np.ndarray:
    """A copy of the numbers in a theta: an array where numpy can make one of it, else what its parts hold, in a row."""
    if isinstance(theta, dict):
        parts = theta.values()
    elif is_dataclass(theta) and not hasattr(theta, "__array__"):
        parts = [getattr(theta, field.name) for field in fields(theta)]
    else:
        if hasattr(theta, "__array__") and (array := np.array(theta)).dtype == float:  # the common case, in a hurry
            return array
        try:
            return as_numbers("theta", theta)
        except ValueError:
            if not isinstance(theta, (tuple, list)):
                raise
            parts = theta  # rows of unequal length
    return np.concatenate([np.empty(0), *(np.ravel(parameters(part)) for part in parts)])
