"""Notebook 5: its pictures."""

from . import pictures
from .growing import growing_by_d
from .pictures import *

__all__ = [*pictures.__all__, "growing_by_d"]
