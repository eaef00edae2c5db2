"""Notebook 10: its pictures."""

from ..local_maxima.pictures import growing_mixture
from .pictures import estimates, pearson_residuals, ratios

__all__ = [
    "estimates",
    "growing_mixture",
    "pearson_residuals",
    "ratios",
]
