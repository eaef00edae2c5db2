"""Exercises that check themselves: the right answer is computed, not stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Exercise:
    """The means to judge an answer. The question stands in the notebook.

    Attributes
    ----------
    answer : callable
        Takes no argument and computes the right answer: a number, a list of numbers, or a string.
    hint : str
        Shown after a wrong answer.
    why : str
        Shown after a right one.
    """

    answer: Callable[[], Any]
    hint: str
    why: str


def is_right(answer, right) -> bool:
    """Whether an answer equals the right one.

    Text may differ in case and space, whole numbers not at all, other numbers by half a unit in the third digit.
    """
    if isinstance(right, str) or isinstance(answer, str):
        return str(answer).strip().lower() == str(right).strip().lower()
    try:
        answer = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return False
    right = np.asarray(right)
    slack = 0 if right.dtype.kind in "iu" else 0.005 * np.abs(right) + 1e-9
    return answer.shape == right.shape and bool(np.all(np.abs(answer - right) <= slack))
