"""Notebook 6: its pictures."""

from ..the_em_algorithm.pictures import climb, ratings_grid
from .pictures import fill_in_errors, star_bars, star_pairs, user_types

__all__ = [
    "climb",
    "fill_in_errors",
    "ratings_grid",
    "star_bars",
    "star_pairs",
    "user_types",
]
