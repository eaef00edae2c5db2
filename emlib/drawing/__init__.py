"""The course's pictures, drawn by matplotlib. Every function returns a `Picture`; no global state is touched."""

from .convergence import gap_to_maximum, gradient, likelihoods
from .em_algorithm import bayes_guess, climb, expected_shares, labels_shown, m_step_peaks, ratings_grid
from .free_energy import climbs_compared, gain_split, hard_and_soft, jensen, staircase
from .labels import against_labels, income_groups, preferred_words
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
from .ratings import fill_in_errors, star_bars, star_pairs, user_types
from .real_data import estimates, misfit, ratios
from .speed import gaps_and_rates, gaps_per_iteration, next_estimates

__all__ = [
    "Picture",
    "against_labels",
    "averages",
    "bayes_guess",
    "bias_curves",
    "chances_to_miss",
    "climb",
    "climbs_compared",
    "cuts",
    "e_step",
    "estimates",
    "expected_shares",
    "fill_in_errors",
    "gain_split",
    "gap_to_maximum",
    "gaps_and_rates",
    "gaps_per_iteration",
    "gradient",
    "graphical_model",
    "growing_mixture",
    "hard_and_soft",
    "income_groups",
    "incomes",
    "jensen",
    "labels_shown",
    "likelihoods",
    "m_step",
    "m_step_peaks",
    "misfit",
    "next_estimates",
    "outcomes",
    "preferred_words",
    "profile",
    "ratings_grid",
    "ratios",
    "sequences",
    "side_by_side",
    "staircase",
    "star_bars",
    "star_pairs",
    "strategies_compared",
    "user_types",
]
