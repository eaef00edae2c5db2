"""Notebook 12: its pictures."""

from ..some_labels_known.pictures import against_labels
from . import pictures
from .pictures import *

__all__ = [*pictures.__all__, "against_labels"]
