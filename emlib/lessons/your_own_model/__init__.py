"""Notebook 11: its picture."""

from . import pictures
from .pictures import *

__all__ = pictures.__all__
