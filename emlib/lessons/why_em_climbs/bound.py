"""EM by hand, in half-steps: the bound that touches the likelihood, and its top."""

from ...checks import whole_number
from ...coins import Coins
from ...page.widget import Talking, asks, button, deaf, probability_slider, row, wide
from .bound_picture import BoundPicture
from .bound_state import BoundState

MOST_HALF_STEPS = 1000  # at the beginning


class Bound(Talking):
    """A slice of the likelihood of two coins, and the bound under it; buttons make the E-step and the M-step.

    Parameters
    ----------
    model : BinomialMixture
        The data.
    start : Coins
        Two coins. Their weights stay as they are.
    free : int, default 1
        1: the second bias stays, too, and the picture shows curves over the first. 2: it shows a map of both.
    half_steps : int, default 1
        How many half-steps are done at the beginning, up to 1,000.
    projector : bool, default False
        Larger, for the last row of a lecture hall.

    Raises
    ------
    ValueError
        If there are not two coins, `free` is not 1 or 2, or `half_steps` is out of range.
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model, start, free: int = 1, half_steps: int = 1, projector=False):
        half_steps = whole_number("half_steps", half_steps, least=0)
        if half_steps > MOST_HALF_STEPS:
            raise ValueError(f"half_steps must be at most {MOST_HALF_STEPS}; it is {half_steps}")
        self.state = BoundState(model, start, free)
        for half in range(half_steps):
            (self.state.e_step, self.state.m_step)[half % 2]()
        super().__init__(hint="Drag the dot")
        scale = self._size(projector)
        self._draw_with(*(BoundPicture(self.state, times * scale) for times in (1, 2)))
        self.listening = True
        self.sliders = []
        for j in range(self.state.free):
            slider = probability_slider(j, f"start, bias {j + 1}", self._slider_moved, wide(32))
            slider.style.description_width = "initial"
            self.sliders.append(slider)
        self._show_sliders()
        self.buttons = [
            button("E-step", "arrow-up", "Raise the bound until it touches the log-likelihood", self._e_step),
            button("M-step", "arrow-right", "Move to the top of the bound", self._m_step),
            button("Start again", "undo", "Go back to the start of the sliders", self._restart),
        ]
        self.children = [row(*self.buttons), self.view, row(*self.sliders)]
        self.add_class("emlib-bound")
        self._show()

    @asks
    def _e_step(self, _):
        self.state.e_step()
        self._show()

    @asks
    def _m_step(self, _):
        self.state.m_step()
        self._show()

    @asks
    def _restart(self, _):
        self.state.restart(self.state.start)
        self._show()

    @asks
    def _slider_moved(self, coin, change):
        if not self.listening:
            return
        self._start_at([slider.value for slider in self.sliders])
        self._show()

    @asks
    def _move(self, _, biases, __):
        """Start there, with a bound that touches: so the reader sees it follow."""
        try:
            self._start_at(biases[: self.state.free])
            self.state.e_step()
        finally:
            self._show()

    def _start_at(self, biases):
        theta = self.state.start
        try:
            self.state.restart(Coins(theta.weights, [*biases, *theta.biases[len(biases) :]]))
        finally:
            self._show_sliders()  # where it was refused they go back

    def _show_sliders(self):
        with deaf(self):
            for slider, bias in zip(self.sliders, self.state.start.biases, strict=False):
                slider.value = bias

    def _show(self):
        e_step, m_step, _ = self.buttons
        forth, other = (m_step, e_step) if self.state.history[-1][0] == "E-step" else (e_step, m_step)
        forth.add_class("emlib-next")  # which the page presses for the keys of a remote
        other.remove_class("emlib-next")
        super()._show()

    def __repr__(self):
        return self.state.describe()
