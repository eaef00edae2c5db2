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


def advice(answer, right) -> str | None:
    """What to say about an answer before the exercise's own hint.

    Text may differ in case and space, whole numbers not at all, other numbers by half a unit in the third digit.

    Parameters
    ----------
    answer : object
    right : number, array_like or str

    Returns
    -------
    str or None
        Nothing ("") if the answer is right, advice if only its form or its last digits are wrong, None if it is wrong.
    """
    if isinstance(right, str):
        return "" if str(answer).strip().lower() == right.strip().lower() else None
    right = np.asarray(right)
    wanted = f"a list of {len(right)} numbers" if right.ndim else "one number"
    try:
        answer = np.asarray(answer if not isinstance(answer, str) else None, dtype=float)
    except (TypeError, ValueError):
        answer = None
    if answer is None or answer.shape != right.shape or np.any(np.isnan(answer)):
        return f"Give {wanted}, without quotes."
    error = np.abs(answer - right)
    slack = 0 if right.dtype.kind in "iu" else 0.005 * np.abs(right) + 1e-9
    if np.all(error <= slack):
        return ""
    if right.dtype.kind == "f" and np.all(error <= 0.03 * np.abs(right)):
        return "Close: give three significant digits."
    return None


def judge(exercise: Exercise, answer) -> str:
    """What to say about an answer."""
    if answer is ...:
        return "replace the dots by your answer, then run the cell again."
    said = advice(answer, exercise.answer())
    if said == "":
        return f"right. {exercise.why}"
    return f"not yet. {exercise.hint if said is None else said}"
