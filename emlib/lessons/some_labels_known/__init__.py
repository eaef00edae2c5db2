"""Notebook 7: its pictures and what can be touched in it."""

from ..mixture_models.pictures import incomes
from .known_ages import KnownAges
from .pictures import against_labels, income_groups

__all__ = [
    "KnownAges",
    "against_labels",
    "income_groups",
    "incomes",
]
