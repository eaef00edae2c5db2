"""Exercises that check themselves: the right answer is computed, not stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Exercise:
    """A question, and the means to judge an answer.

    Attributes
    ----------
    question : str
    answer : callable
        Takes no argument and computes the right answer: a number, a list of numbers, or a string.
    hint : str
        Shown after a wrong answer.
    why : str
        Shown after a right one.
    """

    question: str
    answer: Callable[[], Any]
    hint: str
    why: str


def check(name: str, answer) -> None:
    """Say at once whether an answer is right. Numbers may be rounded to three digits.

    Parameters
    ----------
    name : str
        The exercise, such as "1.2".
    answer : number, list of numbers or str
        `...` stands for no answer yet.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    exercises = all_exercises()
    if name not in exercises:
        raise ValueError(f"name must be one of {', '.join(exercises)}; it is {name!r}")
    exercise = exercises[name]
    if answer is ...:
        print(f"Exercise {name}: replace the dots by your answer, then run the cell again.")
    elif is_right(answer, exercise.answer()):
        print(f"Exercise {name}: right. {exercise.why}")
    else:
        print(f"Exercise {name}: not yet. {exercise.hint}")


def is_right(answer, right) -> bool:
    """Whether an answer equals the right one: text but for case and space, numbers to half a unit in the third digit."""
    if isinstance(right, str) or isinstance(answer, str):
        return str(answer).strip().lower() == str(right).strip().lower()
    try:
        answer = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return False
    right = np.asarray(right, dtype=float)
    return answer.shape == right.shape and bool(np.all(np.abs(answer - right) <= 0.005 * np.abs(right) + 1e-9))


def all_exercises() -> dict[str, Exercise]:
    """Every exercise of the course by its name."""
    from . import exercises_1, exercises_2, exercises_3, exercises_4

    modules = (exercises_1, exercises_2, exercises_3, exercises_4)
    return {name: exercise for module in modules for name, exercise in module.EXERCISES.items()}
