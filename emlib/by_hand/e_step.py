"""An E-step by eye: the reader shares out each outcome's sequences, and sees the posterior beside it."""

from ..page.inputs import coins_to_draw
from ..page.widget import Stepped
from ..words import mark
from .e_step_picture import EStepPicture, border_name
from .e_step_state import EStepState

CHECK = (mark("Check"), "check", mark("Show the posterior beside every outcome"))
E_STEP = (mark("E-step"), "arrow-up", mark("Let Bayes' rule share out all sequences"))


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

    drawing, invitation, unit = EStepPicture, mark("Drag the borders in the bars"), "outcome"
    actions = (CHECK, E_STEP, (mark("Start again"), "undo", mark("Share out evenly, and hide the posterior")))

    def __init__(self, model, theta, projector=False):
        state = EStepState(model, theta)
        coins_to_draw("theta", theta)
        super().__init__(state, projector)
        self.add_class("emlib-e-step")

    def _act(self, name, value, frame):
        coins = range(1, len(self.state.theta))
        places = {border_name(self.state, row, j): (row, j - 1) for row in self.state.rows for j in coins}
        if name == CHECK[0]:
            return self.state.last
        if name == E_STEP[0]:
            self.state.take_posterior()
        elif name in places:
            self.state.move(*places[name], value[1])
        return frame
