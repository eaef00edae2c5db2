"""Notebook 4: its pictures."""

from ..mixture_models.pictures import outcomes
from . import pictures
from .pictures import *

__all__ = [*pictures.__all__, "outcomes"]
