"""Notebook 6: its pictures."""

from ..the_em_algorithm.pictures import climb, ratings_grid
from . import pictures
from .pictures import *

__all__ = [*pictures.__all__, "climb", "ratings_grid"]
