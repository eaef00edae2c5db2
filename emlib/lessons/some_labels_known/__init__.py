"""Notebook 7: its pictures."""

from ..mixture_models.pictures import incomes
from . import pictures
from .pictures import *

__all__ = [*pictures.__all__, "incomes"]
