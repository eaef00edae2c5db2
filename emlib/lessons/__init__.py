"""A room for every notebook, in their order, named as they are: its pictures, its widgets and its exercises."""

from importlib import import_module

from ..page.checking import EXERCISES, Result, exercise
from ..words import mark, tr
from .course import COURSE

__all__ = ["LESSONS", "check", "exercise", "exercises", "hint"]

LESSONS = tuple(notebook.name for notebook in COURSE)

VERDICTS = {
    True: mark("Exercise {name}: right. {says}"),
    False: mark("Exercise {name}: not yet. {says}"),
    None: mark("Exercise {name}: {says}"),
}


def exercises(lesson: str) -> dict:
    """The exercises of a lesson by their names."""
    import_module(f".{lesson}.exercises", __package__)
    start = f"{LESSONS.index(lesson)}."
    return {name: made for name, made in EXERCISES.items() if name.startswith(start)}


def check(name: str, answer) -> Result:
    """Say at once whether an answer is right: rounded to the digits that are asked for, whole numbers exactly.

    Parameters
    ----------
    name : str
        The exercise, such as "1.2": the second of notebook 1; or one made by `exercise`.
    answer : number, array_like, Coins, str or callable
        `...` stands for no answer yet.

    Returns
    -------
    Result
        `correct` (None: no answer yet) and `mistake`; it shows nothing, since all is printed.
    """
    result = _find(name).judge(answer)
    print(tr(VERDICTS[result.correct], name=name, says=result.says).rstrip())
    return result


def hint(name: str) -> None:
    """Print the next hint of an exercise, direction first; after the last one a worked answer."""
    print(_find(name).hint())


def _find(name):
    number = str(name).partition(".")[0]
    if number in map(str, range(len(LESSONS))):
        exercises(LESSONS[int(number)])
    if not isinstance(name, str) or name not in EXERCISES:
        every = ", ".join(name for lesson in LESSONS for name in exercises(lesson))
        raise ValueError(f"name must be one of {every}; it is {name!r}")
    return EXERCISES[name]
