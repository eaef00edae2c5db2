"""The course, a row for each notebook. Its number is the place of its row."""

from typing import NamedTuple


class Notebook(NamedTuple):
    """What a reader wants to know before it is opened.

    Attributes
    ----------
    title : str
    minutes : int
        Those of a person, exercises included.
    place : pair of numbers, optional
        Column and row on the map, from the upper left. The first page is not on it.
    needs : tuple of int
        The notebooks to read before.
    partly : tuple of int
        Those that only a part of it needs.
    """

    title: str
    minutes: int
    place: tuple[float, float] | None = None
    needs: tuple[int, ...] = ()
    partly: tuple[int, ...] = ()


COURSE = (
    Notebook("Start here", 15),
    Notebook("Mixture models", 45, (0, 0)),
    Notebook("The EM algorithm", 100, (1, 0), needs=(1,)),
    Notebook("One iteration by hand", 110, (2, 0), needs=(1, 2)),
    Notebook("To convergence", 75, (3, 0), needs=(1, 2, 3)),
    Notebook("Local maxima", 100, (2.5, 1), needs=(1, 2, 3, 4)),
    Notebook("Missing ratings", 60, (1, 1), needs=(2,), partly=(5,)),
    Notebook("Some labels are known", 60, (2, 2), needs=(1, 2, 5)),
    Notebook("Why EM climbs", 60, (3, 2), needs=(2, 4, 5)),
    Notebook("How fast EM climbs", 50, (3.6, 1), needs=(4,)),
    Notebook("How many coins?", 60, (1, 2), needs=(4, 5), partly=(7,)),
    Notebook("Your own model", 100, (3, 3), needs=(2, 3, 8)),
    Notebook("Naive Bayes", 50, (2, 3), needs=(7,)),
    Notebook("Eight misconceptions", 60, (4, 2), needs=(1, 2, 3, 4, 5), partly=(8,)),
)
CHAPTER = (1, 2, 3, 4)  # the notebooks that are the chapter itself
