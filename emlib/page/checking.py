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
    fits : callable, optional
        Where many answers are right: whether one is, given as an array of numbers. `answer` then computes an example.
    """

    answer: Callable[[], Any]
    hint: str
    why: str
    fits: Callable[[np.ndarray], bool] | None = None


def in_form(answer, right) -> np.ndarray | None:
    """An answer as numbers of the same shape as the right one, or None if it is no such thing."""
    try:
        numbers = np.asarray(answer if not isinstance(answer, str) else None, dtype=float)
    except (TypeError, ValueError):
        return None
    return None if numbers.shape != np.shape(right) or np.any(np.isnan(numbers)) else numbers


def wanted(right) -> str:
    """Which form an answer must have."""
    return f"Give {f'a list of {len(right)} numbers' if np.ndim(right) else 'one number'}, without quotes."


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
    numbers = in_form(answer, right)
    if numbers is None:
        return wanted(right)
    error = np.abs(numbers - right)
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
    right = exercise.answer()
    if exercise.fits is None:
        said = advice(answer, right)
    else:
        numbers = in_form(answer, right)
        said = wanted(right) if numbers is None else "" if exercise.fits(numbers) else None
    if said == "":
        return f"right. {exercise.why}"
    return f"not yet. {exercise.hint if said is None else said}"
