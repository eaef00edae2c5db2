"""The first page: the course as a table, and its map."""

from .course import COURSE
from .pictures import course_map

__all__ = ["COURSE", "course_map"]
