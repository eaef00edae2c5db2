"""A room for every notebook, in their order, named as they are: its pictures, its widgets and its exercises."""

from importlib import import_module

from ..page.checking import judge

LESSONS = (
    "mixture_models",
    "the_em_algorithm",
    "one_iteration_by_hand",
    "to_convergence",
    "local_maxima",
    "missing_ratings",
    "some_labels_known",
    "why_em_climbs",
    "how_fast_em_climbs",
    "how_many_coins",
    "your_own_model",
    "naive_bayes",
)


def exercises(lesson: str) -> dict:
    """The exercises of a lesson by their names."""
    return import_module(f".{lesson}.exercises", __package__).EXERCISES


def check(name: str, answer) -> None:
    """Say at once whether an answer is right. Numbers that are not whole may be rounded to three digits.

    Parameters
    ----------
    name : str
        The exercise, such as "1.2": the second of the first lesson.
    answer : number, list of numbers or str
        `...` stands for no answer yet.
    """
    number = str(name).partition(".")[0]
    known = exercises(LESSONS[int(number) - 1]) if number in map(str, range(1, len(LESSONS) + 1)) else {}
    if name not in known:
        every = ", ".join(name for lesson in LESSONS for name in exercises(lesson))
        raise ValueError(f"name must be one of {every}; it is {name!r}")
    print(f"Exercise {name}: {judge(known[name], answer)}")
