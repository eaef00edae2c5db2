"""Notebook 3: its pictures, and checks of what its reader writes."""

from .pictures import e_step, m_step
from .steps import check_steps, right_e_step, right_m_step

__all__ = [
    "check_steps",
    "e_step",
    "m_step",
    "right_e_step",
    "right_m_step",
]
