"""One iteration of EM, number by number: each is hidden until the reader guesses it or has it shown."""

import ipywidgets as widgets

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
        self.guess = widgets.Text(description=tr("your guess"), layout=wide(20))
        self.guess.placeholder = tr("0.54, 7/13 or 54 %")
        self.guess.continuous_update = False
        self.guess.observe(self._guessed, "value")
        self.children = [self.view, row(self.guess)]
        self.add_class("emlib-one-iteration")

    @asks
    def _guessed(self, change):
        if change["new"]:
            tried = self.frame
            self.go_to(self.state.guess(tried, change["new"]), same_run=self.state.verdict[0] == tried)
            self.guess.value = ""  # so that the same number can be typed for the next cell

    def _act(self, name, _, frame):
        if name == TABLE[0]:
            return self.state.finish_stage(frame)
        hidden = set(self.state.order) - self.state.open_cells(frame)
        found = [cell for cell in hidden if cell.row >= 0 and hidden_name(self.state, cell) == name]
        return self.state.ask(frame, *found) if found else frame
