"""Notebook 5: its pictures and what can be touched in it."""

from .growing import AddACoin, growing_by_d
from .pictures import (
    averages,
    chances_to_miss,
    growing_mixture,
    likelihood_slices,
    profile_likelihood,
    side_by_side,
    strategies_compared,
)

__all__ = [
    "AddACoin",
    "averages",
    "chances_to_miss",
    "likelihood_slices",
    "growing_by_d",
    "growing_mixture",
    "profile_likelihood",
    "side_by_side",
    "strategies_compared",
]
