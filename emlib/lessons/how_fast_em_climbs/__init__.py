"""Notebook 9: its pictures."""

from .pictures import gaps_and_rates, gaps_per_iteration, next_estimates

__all__ = [
    "gaps_and_rates",
    "gaps_per_iteration",
    "next_estimates",
]
