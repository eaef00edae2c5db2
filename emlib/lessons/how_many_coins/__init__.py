"""Notebook 10: its pictures."""

from ..local_maxima.pictures import growing_mixture
from . import pictures
from .pictures import *

__all__ = [*pictures.__all__, "growing_mixture"]
