"""The course, a row for each notebook. Its number is the place of its row."""

from typing import NamedTuple


class Notebook(NamedTuple):
    """What a reader wants to know before it is opened.

    Attributes
    ----------
    name : str
        Of its room in `emlib.lessons`, and of its file.
    title : str
    question : str
        What it answers.
    minutes : int
        Those of a person, exercises included.
    place : pair of numbers, optional
        Column and row on the map, from the upper left. The first page is not on it.
    needs : tuple of int
        The notebooks to read before.
    partly : tuple of int
        Those that only a part of it needs.
    """

    name: str
    title: str
    question: str
    minutes: int
    place: tuple[float, float] | None = None
    needs: tuple[int, ...] = ()
    partly: tuple[int, ...] = ()


COURSE = (
    Notebook("start_here", "Start here", "Where does one begin, and how is a cell run?", 15),
    Notebook(
        "mixture_models",
        "Mixture models",
        "What is hidden, and why is there no formula for the best coins?",
        45,
        (0, 0),
    ),
    Notebook("the_em_algorithm", "The EM algorithm", "How can one count what nobody saw?", 100, (1, 0), needs=(1,)),
    Notebook(
        "one_iteration_by_hand",
        "One iteration by hand",
        "Where does every number of section 6.3 come from?",
        110,
        (2, 0),
        needs=(1, 2),
    ),
    Notebook(
        "to_convergence",
        "To convergence",
        "What do these twenty sequences really say, and how can one be sure?",
        75,
        (3, 0),
        needs=(1, 2, 3),
    ),
    Notebook(
        "local_maxima",
        "Local maxima",
        "Which starts lead where, and how does one know the highest summit?",
        100,
        (2.5, 1),
        needs=(1, 2, 3, 4),
    ),
    Notebook(
        "missing_ratings",
        "Missing ratings",
        "What would the people who did not answer have said?",
        60,
        (1, 1),
        needs=(2,),
        partly=(5,),
    ),
    Notebook(
        "some_labels_known",
        "Some labels are known",
        "What do a few known ages change, and when do unlabelled data do harm?",
        60,
        (2, 2),
        needs=(1, 2, 5),
    ),
    Notebook(
        "why_em_climbs",
        "Why EM climbs",
        "Why does the likelihood never fall, though EM never looks at it?",
        60,
        (3, 2),
        needs=(2, 4, 5),
    ),
    Notebook(
        "how_fast_em_climbs",
        "How fast EM climbs",
        "What makes EM slow, and what can one do about it?",
        50,
        (3.6, 1),
        needs=(4,),
    ),
    Notebook(
        "how_many_coins",
        "How many coins?",
        "Real data: are there two kinds of families?",
        60,
        (1, 2),
        needs=(4, 5),
        partly=(7,),
    ),
    Notebook(
        "your_own_model",
        "Your own model",
        "How does one write a model, and find what is wrong with it? (After 8)",
        100,
        (3, 3),
        needs=(2, 3, 8),
    ),
    Notebook(
        "naive_bayes",
        "Naive Bayes",
        "How does one find topics that nobody named, and what are two labels worth? (After 7)",
        50,
        (2, 3),
        needs=(7,),
    ),
    Notebook(
        "misconceptions",
        "Eight misconceptions",
        "Which of eight sentences about EM are true? (After 5)",
        60,
        (4, 2),
        needs=(1, 2, 3, 4, 5),
        partly=(8,),
    ),
)
CHAPTER = (1, 2, 3, 4)  # the notebooks that are the chapter itself
