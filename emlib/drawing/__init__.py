"""The course's pictures, drawn by matplotlib. Every function returns a `Picture`; no global state is touched."""

from .convergence import gap_to_maximum, gradient, likelihoods
from .em_algorithm import bayes_guess, climb, expected_shares, labels_shown, m_step_peaks, ratings_grid
from .mixture_models import bias_curves, graphical_model, incomes, sequences
from .one_iteration import e_step, m_step
from .picture import Picture, outcomes

__all__ = [
    "Picture",
    "bayes_guess",
    "bias_curves",
    "climb",
    "e_step",
    "expected_shares",
    "gap_to_maximum",
    "gradient",
    "graphical_model",
    "incomes",
    "labels_shown",
    "likelihoods",
    "m_step",
    "m_step_peaks",
    "outcomes",
    "ratings_grid",
    "sequences",
]
