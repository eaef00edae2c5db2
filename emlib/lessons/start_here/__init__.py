"""The first page: the course as a table, and its map."""

from ..course import COURSE
from . import pictures
from .pictures import *

__all__ = [*pictures.__all__, "COURSE"]
