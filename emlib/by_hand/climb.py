"""Coins in the reader's hand: an M-step by eye, and a climb against EM."""

from ..page.coin_sliders import CoinSliders
from ..page.inputs import coins_to_draw
from ..page.widget import Stepped, asks, callback, shown
from ..words import mark, tr
from .climb_picture import ClimbPicture
from .climb_state import AgainstEMState, MStepState

AGAIN = (mark("Start again"), "undo", mark("Back to the start, with no moves"))


class _Climb(Stepped):
    """Coins that are moved to a height. `check` and `step` are buttons: what shows the rival, and what moves as it."""

    def __init__(self, state, check, step, projector):
        coins_to_draw("start", state.start)
        self._check, self._step = check, step
        actions = [shown(check), shown(step), shown(AGAIN)]
        view = {"hint": tr("Drag coins and weights"), "unit": "answer", "actions": actions}
        super().__init__(state, ClimbPicture, projector, **view)
        self.sliders = CoinSliders(self._slider_moved, weights=state.model.learn_weights)
        self.sliders.show(state.theta)
        self.children = [self.view, self.sliders]
        self.add_class("emlib-climb")

    @asks
    def _move(self, name, value, frame):
        kind, _, coin = name.partition(" ")
        if name == self._check[0]:
            frame = 1
        elif name == self._step[0]:
            self.state.step()
        elif name == AGAIN[0]:
            self.state.restart()
            frame = 0
        else:
            (self.state.set_bias if kind == "bias" else self.state.set_border)(int(coin.split()[0]) - 1, value[0])
        self.sliders.show(self.state.theta)
        self.go_to(frame)

    @callback
    def _slider_moved(self, kind, coin, change):
        if self.sliders.hears(coin):
            (self.state.set_bias if kind == "bias" else self.state.set_weight)(coin, change["new"])
            self.sliders.show(self.state.theta)
            self.go_to(self.frame)

    @callback
    def _rest(self, frame, sharp):
        self.state.settle()
        super()._rest(frame, sharp)


class MStepByEye(_Climb):
    """Drag coins and weights to where the M-step goes; the score is the expected log-likelihood of the complete data.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins, whose posterior the E-step has found.
    projector : bool, default False
        Larger, for the last row of a lecture hall.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model, start, projector=False):
        check = (mark("Check"), "check", mark("Show the score of the formulas"))
        step = (mark("M-step"), "arrow-right", mark("Let the formulas move the coins"))
        super().__init__(MStepState(model, start), check, step, projector)


class AgainstEM(_Climb):
    """Climb the log-likelihood by hand; EM does an iteration for each of your moves.

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

    def __init__(self, model, start, projector=False):
        check = (mark("EM's end"), "flag-checkered", mark("Show where EM ends"))
        step = (mark("EM step"), "arrow-right", mark("Let EM move your coins once"))
        super().__init__(AgainstEMState(model, start), check, step, projector)
