"""Notebook 8: its pictures and what can be touched in it."""

from .bound import Bound
from .pictures import climbs_compared, gain_split, hard_and_soft, jensen, split, staircase

__all__ = [
    "Bound",
    "climbs_compared",
    "gain_split",
    "hard_and_soft",
    "jensen",
    "split",
    "staircase",
]
