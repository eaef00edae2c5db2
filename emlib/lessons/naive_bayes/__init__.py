"""Notebook 12: its pictures."""

from ..some_labels_known.pictures import against_labels
from .pictures import preferred_words

__all__ = ["against_labels", "preferred_words"]
