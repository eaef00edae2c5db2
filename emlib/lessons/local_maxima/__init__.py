"""Notebook 5: its pictures."""

from . import pictures
from .pictures import *

__all__ = pictures.__all__
