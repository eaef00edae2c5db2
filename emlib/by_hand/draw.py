"""Draw, then see: the reader draws where a number will go before EM shows it."""

import ipywidgets as widgets

from ..page.inputs import coins_to_draw
from ..page.widget import Stepped, callback, row, wide
from ..words import mark, tr
from .draw_picture import DRAW, DrawPicture
from .draw_state import DrawState, quantity_name


class DrawThenSee(Stepped):
    """Draw where the log-likelihood, a bias or a weight goes over the first iterations; then the run is drawn over it.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins.
    iterations : int, default 10
        From 1 to 30.
    projector : bool, default False
        Larger, for the last row of a lecture hall.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `start`.
    """

    drawing, invitation, unit = DrawPicture, mark("Draw in the picture"), "iteration"
    actions = ((mark("Start again"), "undo", mark("Forget what was drawn, and hide the run")),)

    def __init__(self, model, start, iterations=10, projector=False):
        state = DrawState(model, start, iterations)
        coins_to_draw("start", start)
        super().__init__(state, projector)
        options = [(quantity_name(quantity), quantity) for quantity in state.runs]
        self.quantity = widgets.Dropdown(options=options, description=tr("draw the"), layout=wide(18))
        self.quantity.observe(self._quantity_chosen, "value")
        self.children = [self.view, row(self.quantity)]
        self.add_class("emlib-draw")

    @callback
    def _quantity_chosen(self, change):
        self.state.settle()
        self.state.quantity = change["new"]
        self.go_to(0)

    def _act(self, name, value, frame):
        if name == DRAW:
            self.state.draw(*value)
        else:
            self.state.set(int(name.removeprefix("iteration ")), value[1])
        return frame

    def _rest(self, frame, sharp):
        self.state.settle()
        super()._rest(frame, sharp)
