"""Past the chapter: many starts, maxima and their kind, free energy, acceleration, inference, data in parts."""

from .acceleration import em_jacobian, squarem
from .ascent import AscentStep, coordinate_ascent, divergence, free_energy, full, hard, incremental, sparse, tempered
from .best import Best, End, best_of
from .gradient import gradient_function, peak_of_gradient
from .inference import fit, fit_all, information_criteria, likelihood_ratio_test, parametric_bootstrap, standard_errors
from .many_starts import ManyRuns, em_many, random_starts
from .maxima import LocalMaximum, basins, local_maxima, placed_starts
from .own_model import check_model
from .parts import PartitionedModel, on_dask, on_processes
from .stationary import classify_stationary_point, polish, slope_and_curvature
from .strategies import by_adding_coins, by_annealing, climb_all, from_quantiles, from_random, simulate, table_of_counts

__all__ = [
    "AscentStep",
    "Best",
    "End",
    "LocalMaximum",
    "ManyRuns",
    "PartitionedModel",
    "basins",
    "best_of",
    "by_adding_coins",
    "by_annealing",
    "check_model",
    "climb_all",
    "coordinate_ascent",
    "divergence",
    "em_jacobian",
    "em_many",
    "polish",
    "fit",
    "fit_all",
    "free_energy",
    "from_quantiles",
    "from_random",
    "full",
    "gradient_function",
    "hard",
    "incremental",
    "information_criteria",
    "classify_stationary_point",
    "likelihood_ratio_test",
    "local_maxima",
    "on_dask",
    "on_processes",
    "parametric_bootstrap",
    "peak_of_gradient",
    "placed_starts",
    "random_starts",
    "simulate",
    "slope_and_curvature",
    "sparse",
    "squarem",
    "standard_errors",
    "table_of_counts",
    "tempered",
]
