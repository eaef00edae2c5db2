"""Notebook 3: its pictures."""

from .pictures import e_step, m_step

__all__ = [
    "e_step",
    "m_step",
]
