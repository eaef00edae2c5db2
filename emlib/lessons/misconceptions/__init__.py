"""Notebook 13: its pictures."""

from .pictures import added_up, fit_and_fresh, named_groups, posterior_beside_weight

__all__ = ["added_up", "fit_and_fresh", "named_groups", "posterior_beside_weight"]
