"""The exercise of the first page, which shows how exercises work."""

from ... import chapter
from ...page.checking import exercise


@exercise(
    "0.1",
    hints=("All twenty numbers of heads, added up.", "Type sum(chapter.heads) for the dots: Python may do the adding."),
    why="Of 200 tosses, as twenty sequences have ten each. You will meet this number again.",
)
def all_heads():
    return sum(chapter.heads)


all_heads.mistake("tosses", "Those are all tosses, heads and tails. How many of them are heads?", lambda: 200)
all_heads.mistake("sequences", "Those are the sequences. How many heads do they show, all together?", lambda: 20)
all_heads.mistake("tails", "Those are the tails, all 117.", lambda: 200 - sum(chapter.heads))
