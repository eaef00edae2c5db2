"""Notebook 4: its pictures."""

from ..mixture_models.pictures import outcomes
from .pictures import gap_to_maximum, gradient, gradient_peaks, likelihoods

__all__ = [
    "gap_to_maximum",
    "gradient",
    "gradient_peaks",
    "likelihoods",
    "outcomes",
]
