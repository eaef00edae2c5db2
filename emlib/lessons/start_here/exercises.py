"""The exercise of the first page, which shows how exercises work."""

from ...chapter import heads
from ...page.checking import Exercise

EXERCISES = {
    "0.1": Exercise(
        answer=lambda: sum(heads),
        hint="Type sum(chapter.heads) for the dots: Python may do the adding.",
        why="Of 200 tosses, as twenty sequences have ten each. You will meet this number again.",
    ),
}
