"""Notebook 11: its picture."""

from .pictures import hidden_coins

__all__ = ["hidden_coins"]
