"""Notebook 3: its pictures, and checks of what its reader writes."""

from . import pictures
from .pictures import *
from .steps import check_steps, right_e_step, right_m_step

__all__ = [*pictures.__all__, "check_steps", "right_e_step", "right_m_step"]
