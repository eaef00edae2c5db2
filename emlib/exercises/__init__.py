"""Exercises that check themselves: the right answer is computed, not stored."""

from . import (
    convergence,
    em_algorithm,
    how_fast,
    how_many_coins,
    local_maxima,
    missing_ratings,
    mixture_models,
    one_iteration,
    some_labels_known,
    why_em_climbs,
)
from .checking import advice

EXERCISES = (
    mixture_models.EXERCISES
    | em_algorithm.EXERCISES
    | one_iteration.EXERCISES
    | convergence.EXERCISES
    | local_maxima.EXERCISES
    | missing_ratings.EXERCISES
    | some_labels_known.EXERCISES
    | how_fast.EXERCISES
    | why_em_climbs.EXERCISES
    | how_many_coins.EXERCISES
)
"""Every exercise of the course by its name."""


def check(name: str, answer) -> None:
    """Say at once whether an answer is right. Numbers that are not whole may be rounded to three digits.

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
    if name not in EXERCISES:
        raise ValueError(f"name must be one of {', '.join(EXERCISES)}; it is {name!r}")
    exercise = EXERCISES[name]
    if answer is ...:
        print(f"Exercise {name}: replace the dots by your answer, then run the cell again.")
        return
    said = advice(answer, exercise.answer())
    if said == "":
        print(f"Exercise {name}: right. {exercise.why}")
    else:
        print(f"Exercise {name}: not yet. {exercise.hint if said is None else said}")
