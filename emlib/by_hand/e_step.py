"""An E-step by eye: the reader shares out each outcome's sequences, and sees the posterior beside it."""

from ..page.inputs import coins_to_draw
from ..page.widget import Stepped, asks
from .e_step_picture import EStepPicture
from .e_step_state import EStepState
from .outcomes import outcome_name

CHECK = ("Check", "check", "Show the posterior beside every outcome")
E_STEP = ("E-step", "arrow-up", "Let Bayes' rule share out all sequences")
AGAIN = ("Start again", "undo", "Share out evenly, and hide the posterior")


class EStepByEye(Stepped):
    """Drag the shares of the coins in each outcome; the bound F is the score, and the log-likelihood its limit.

    Parameters
    ----------
    model : BinomialMixture
    theta : Coins
        One to six coins.
    projector : bool, default False
        Larger, for the last row of a lecture hall.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `theta`.
    """

    def __init__(self, model, theta, projector=False):
        state = EStepState(model, theta)
        coins_to_draw("theta", theta)
        view = {"hint": "Drag the borders in the bars", "unit": "outcome", "actions": [CHECK, E_STEP, AGAIN]}
        super().__init__(state, EStepPicture, projector, **view)
        self.add_class("emlib-e-step")

    @asks
    def _move(self, name, value, frame):
        rows = {outcome_name(self.state.model, row): row for row in self.state.rows}
        outcome, _, coins = name.partition(": coins ")
        if name == CHECK[0]:
            frame = self.state.last
        elif name == E_STEP[0]:
            self.state.take_posterior()
        elif name == AGAIN[0]:
            self.state.restart()
            frame = 0
        elif outcome in rows:
            self.state.move(rows[outcome], int(coins.split()[0]) - 1, value[1])
        self._go_to(frame)
