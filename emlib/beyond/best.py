"""Where EM leads from many starts, for any model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..algorithm import ROUNDING, Model, em
from ..checks import brief, finite_number, whole_number
from .progress import goes_on

SAME = 1e-5  # nats: ends of EM that differ by less are one
OFTEN = 100  # iterations between two reports of progress


@dataclass(frozen=True, eq=False)
class End:
    """Where EM came to rest from some of the starts.

    Attributes
    ----------
    theta : object
    log_likelihood : float
        In nats.
    share : float
        The share of the starts that led here, among those from which EM came to an end.
    starts : tuple of int
        Which they are, counted from 0.
    """

    theta: Any
    log_likelihood: float
    share: float
    starts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Best:
    """What EM made of many starts.

    Attributes
    ----------
    theta : object or None
        The best end; None if `progress` ended the work before the first.
    log_likelihood : float
        Its log-likelihood, in nats.
    ends : tuple of End
        Ends of different log-likelihood, best first. Those that differ in the order of labels alone are one.
    refused : dict of int to str
        Starts from which EM could not run, and why.
    stopped : tuple of int
        Starts from which EM was stopped at the limit, so that it may end higher.
    """

    theta: Any
    log_likelihood: float
    ends: tuple[End, ...]
    refused: dict[int, str]
    stopped: tuple[int, ...]


def best_of(
    model: Model,
    starts: Iterable,
    max_iterations: int = 2000,
    tolerance: float = 1e-9,
    progress: Callable | None = None,
) -> Best:
    """Run EM from many starts; for mixtures of coins `em_many` and `local_maxima` are hundreds of times as fast.

    Parameters
    ----------
    model : Model
        Anything that `em` works with.
    starts : iterable
        Thetas, of the kind that the model works with.
    max_iterations, tolerance
        As in `em`, for every start.
    progress : callable, optional
        Called now and then with the share of the starts that are done, from 0 to 1. If it raises StopIteration, the
        work ends, and the result is that of the starts that are done.

    Raises
    ------
    ValueError
        If there are no starts, or EM can run from none of them.
    """
    max_iterations = whole_number("max_iterations", max_iterations, least=0)
    finite_number("tolerance", tolerance)
    starts = _list_of_thetas(starts)
    runs, refused = {}, {}
    for number, start in enumerate(starts):
        if not goes_on(progress, number / len(starts)):
            break
        try:
            for step in em(model, start, max_iterations, tolerance):
                if step.iteration % OFTEN == OFTEN - 1 and not goes_on(progress, number / len(starts)):
                    break
        except ValueError as error:
            refused[number] = str(error)
            continue
        if step.stop_reason is None:  # ended by progress
            break
        runs[number] = step
    else:
        goes_on(progress, 1)
    if len(refused) == len(starts):
        raise ValueError(f"starts must hold one or more from which EM can run; of start 0 it is said: {refused[0]}")
    ends = _grouped(runs)
    stopped = tuple(number for number, step in runs.items() if step.stop_reason.startswith("stopped"))
    theta, height = (ends[0].theta, ends[0].log_likelihood) if ends else (None, -np.inf)
    return Best(theta, height, ends, refused, stopped)


def _list_of_thetas(starts):
    if isinstance(starts, (str, bytes, dict)) or hasattr(starts, "_fields"):
        raise TypeError(f"starts must be a list of thetas; it is {brief(starts)}")
    try:
        starts = list(starts)
    except TypeError as error:
        raise TypeError(f"starts must be a list of thetas; it is {brief(starts)}") from error
    if not starts:
        raise ValueError("starts must be one or more thetas; there are none")
    return starts


def _grouped(runs):
    """Ends of one log-likelihood together, best first."""
    groups = []
    for number, step in sorted(runs.items(), key=lambda item: -item[1].log_likelihood):
        top = groups[-1][0][1].log_likelihood if groups else np.inf
        if top - step.log_likelihood <= max(SAME, ROUNDING * abs(step.log_likelihood)):
            groups[-1].append((number, step))
        else:
            groups.append([(number, step)])
    return tuple(
        End(
            group[0][1].theta,
            float(group[0][1].log_likelihood),
            len(group) / len(runs),
            tuple(sorted(number for number, _ in group)),
        )
        for group in groups
    )
