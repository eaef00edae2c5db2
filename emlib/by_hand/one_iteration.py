"""One iteration of EM, number by number: each is hidden until the reader guesses it or has it shown."""

from ..page.field import Field
from ..page.inputs import coins_to_draw
from ..page.widget import Stepped, asks, row, wide
from ..words import mark, tr
from .one_iteration_picture import OneIterationPicture, hidden_name
from .one_iteration_state import OneIterationState

TABLE = (mark("Rest of the table"), "table", mark("Show all that is hidden in this table"))


class OneIteration(Stepped):
    """The E-step and the M-step of section 6.3 for any data and start, one number after another.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins.
    projector : bool, default False
        Larger, for the last row of a lecture hall.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `start`.
    """

    drawing, invitation, unit = OneIterationPicture, mark("Guess, click or step"), "number"
    actions = (TABLE, (mark("Start again"), "undo", mark("Hide everything")))

    def __init__(self, model, start, projector=False):
        state = OneIterationState(model, start)
        coins_to_draw("start", start)
        super().__init__(state, projector)
        placeholder = tr("0.54, 7/13 or 54 %; then Enter")
        self.guess = Field(self._guessed, description=tr("your guess"), placeholder=placeholder, layout=wide(26))
        self.children = [self.view, row(self.guess)]
        self.add_class("emlib-one-iteration")

    @asks
    def _guessed(self, text, tried):
        self.frame, (before, _) = tried, self.state.verdict or (None, None)
        frame = self.state.guess(tried, text)
        only_here = frame == tried and before in (None, self.state.verdict[0])
        self.go_to(frame, same_run=only_here)  # then the page keeps the other moments
        self.guess.take(text)

    def _act(self, name, _, frame):
        if name == TABLE[0]:
            return self.state.finish_stage(frame)
        hidden = set(self.state.order) - self.state.open_cells(frame)
        found = [cell for cell in hidden if cell.row >= 0 and hidden_name(self.state, cell) == name]
        return self.state.ask(frame, *found) if found else frame
