"""What the explorer shows, apart from how: the data, the start, EM's run from it, and the moment on show."""

from typing import NamedTuple

import numpy as np
from traitlets import HasTraits, Instance, Int, Tuple, Unicode, observe

from . import chapter
from .algorithm import Step, em
from .coins import BinomialMixture, Coins, ImpossibleData

DATA = {
    "The chapter's 20 sequences": chapter.heads,
    "Simulated: coins of 0.2, 0.5, 0.8": tuple(
        Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8]).sample(60, tosses=10, seed=6).heads.tolist()
    ),
    "Two summits": (0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10),
}
"""Name of a data set to its heads in sequences of 10 tosses."""


class Moment(NamedTuple):
    """One half-step of a run.

    Attributes
    ----------
    iteration : int
    half : str
        "start", "E" (the sequences have just been given to the coins) or "M" (the coins have just moved).
    step : Step
        The parameters on show. In the E half they are still those of the iteration before.
    posterior : numpy.ndarray or None, shape (M, K)
        The posterior of the latest E-step for every distinct outcome; None at the start.
    """

    iteration: int
    half: str
    step: Step
    posterior: np.ndarray | None


class ExplorerState(HasTraits):
    """Data, start and position of an explorer. Changing data or start runs EM again and goes back to the start.

    Traits
    ------
    data : str
        The name of a data set in `DATA`, or "your data".
    model : BinomialMixture
    start : Coins
    iterations : int
        How many iterations a run has.
    frame : int
        The moment on show: 0 is the start, 2 l - 1 the E half of iteration l, 2 l its M half.
    steps : tuple of Step
        The whole run; empty where the data are impossible under the start.
    problem : str
        Why there is no run, in words; empty if there is one.
    """

    data = Unicode()
    model = Instance(BinomialMixture)
    start = Instance(Coins)
    iterations = Int(30, min=1)
    frame = Int(0, min=0)
    steps = Tuple()
    problem = Unicode()

    def __init__(self, model=None, start=None, **traits):
        if model is None:
            data, model = next(iter(DATA)), BinomialMixture(chapter.heads, chapter.tosses)
        else:
            data = "your data"
        super().__init__(data=data, model=model, start=start or chapter.start, **traits)
        self._run()

    @property
    def frames(self) -> int:
        """How many moments a run has."""
        return 2 * self.iterations + 1

    def moment(self, frame: int) -> Moment:
        """The moment at a frame; a run that ended early rests at its last step."""
        if not 0 <= frame < self.frames:
            raise ValueError(f"frame must be from 0 to {self.frames - 1}; it is {frame}")
        last = len(self.steps) - 1
        step = self.steps[min(frame // 2, last)]
        if frame == 0:
            return Moment(0, "start", step, None)
        before = self.steps[min((frame - 1) // 2, last)]
        posterior = np.column_stack([self.model.table(before.theta)[f"c_{j}"] for j in range(1, len(before.theta) + 1)])
        return Moment((frame + 1) // 2, "EM"[frame % 2 == 0], step, posterior)

    @observe("data")
    def _choose_data(self, change):
        if change.new in DATA:
            self.model = BinomialMixture(DATA[change.new], 10, self.model.learn_weights)

    @observe("model", "start", "iterations")
    def _rerun(self, change):
        if change.old is not None and self.model is not None and self.start is not None:
            self._run()

    def _run(self):
        try:
            steps, problem = tuple(em(self.model, self.start, self.iterations, tolerance=0)), ""
        except ImpossibleData as error:
            steps, problem = (), f"These coins cannot give these data: {error}."
        with self.hold_trait_notifications():
            self.frame, self.problem, self.steps = 0, problem, steps

    def describe(self, frame: int) -> str:
        """What the picture at a frame shows, in one sentence."""
        if self.problem:
            return self.problem
        moment = self.moment(frame)
        what = {
            "start": "Start",
            "E": f"Iteration {moment.iteration}, E-step",
            "M": f"Iteration {moment.iteration}, M-step",
        }[moment.half]
        biases, weights = (
            ", ".join(f"{value:.3f}" for value in values)
            for values in (moment.step.theta.biases, moment.step.theta.weights)
        )
        return f"{what}: biases {biases}; weights {weights}; log-likelihood {moment.step.log_likelihood:.4f}"
