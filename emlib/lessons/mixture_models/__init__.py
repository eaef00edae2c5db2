"""Notebook 1: its pictures."""

from .pictures import bias_curves, graphical_model, incomes, outcomes, sequences

__all__ = [
    "bias_curves",
    "graphical_model",
    "incomes",
    "outcomes",
    "sequences",
]
