"""The course's pictures, drawn by matplotlib. Every function returns a `Picture`; no global state is touched."""

from .convergence import gap_to_maximum, gradient, likelihoods
from .em_algorithm import bayes_guess, climb, expected_shares, labels_shown, m_step_peaks, ratings_grid
from .local_maxima import (
    averages,
    chances_to_miss,
    cuts,
    growing_mixture,
    profile,
    side_by_side,
    strategies_compared,
)
from .mixture_models import bias_curves, graphical_model, incomes, sequences
from .one_iteration import e_step, m_step
from .picture import Picture, outcomes

__all__ = [
    "Picture",
    "averages",
    "bayes_guess",
    "bias_curves",
    "chances_to_miss",
    "climb",
    "cuts",
    "e_step",
    "expected_shares",
    "gap_to_maximum",
    "gradient",
    "graphical_model",
    "growing_mixture",
    "incomes",
    "labels_shown",
    "likelihoods",
    "m_step",
    "m_step_peaks",
    "outcomes",
    "profile",
    "ratings_grid",
    "sequences",
    "side_by_side",
    "strategies_compared",
]
