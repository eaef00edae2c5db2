"""Coins in the reader's hand: an M-step by eye, and a climb against EM."""

from ..page.coin_sliders import CoinSliders
from ..page.inputs import coins_to_draw
from ..page.widget import Stepped, callback
from ..words import mark
from .climb_picture import ClimbPicture
from .climb_state import AgainstEMState, MStepState

AGAIN = (mark("Start again"), "undo", mark("Back to the start, with no moves"))


class _Climb(Stepped):
    """Coins that are moved to a height. The first action shows what the rival does, the second does as it does."""

    drawing, invitation, unit = ClimbPicture, mark("Drag coins and weights"), "answer"

    def __init__(self, state, projector):
        coins_to_draw("start", state.start)
        self.sliders = CoinSliders(self._slider_moved, weights=state.model.learn_weights)
        super().__init__(state, projector)
        self.children = [self.view, self.sliders]
        self.add_class("emlib-climb")

    def go_to(self, frame):
        self.sliders.show(self.state.theta)
        super().go_to(frame)

    def _act(self, name, value, frame):
        check, step, _ = (name for name, *_ in self.actions)
        kind, _, coin = name.partition(" ")
        if name == check:
            return 1
        if name == step:
            self.state.step()
        else:
            (self.state.set_bias if kind == "bias" else self.state.set_border)(int(coin.split()[0]) - 1, value[0])
        return frame

    @callback
    def _slider_moved(self, kind, coin, change):
        if self.sliders.hears(coin):
            (self.state.set_bias if kind == "bias" else self.state.set_weight)(coin, change["new"])
            self.go_to(self.frame)


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

    actions = (
        (mark("Check"), "check", mark("Show the score of the formulas")),
        (mark("M-step"), "arrow-right", mark("Let the formulas move the coins")),
        AGAIN,
    )

    def __init__(self, model, start, projector=False):
        super().__init__(MStepState(model, start), projector)


class AgainstEM(_Climb):
    """Climb the log-likelihood by hand; EM does an iteration for each of your moves.

    All that is done to one bias or border until another is moved is one move, by pointer and by key.

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

    actions = (
        (mark("EM's end"), "flag-checkered", mark("Show where EM ends")),
        (mark("EM step"), "arrow-right", mark("Let EM move your coins once")),
        AGAIN,
    )

    def __init__(self, model, start, projector=False):
        super().__init__(AgainstEMState(model, start), projector)
