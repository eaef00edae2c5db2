"""A guess of a run, drawn before it is seen."""

import numpy as np

from ..algorithm import em
from ..checks import instance, listed, whole_number
from ..coins import BinomialMixture, Coins
from ..page.shares import share_from_0_to_1
from ..words import mark, tr

MOST_ITERATIONS = 30
LOG_LIKELIHOOD = mark("log-likelihood")
NAMES = {LOG_LIKELIHOOD: LOG_LIKELIHOOD, "bias": mark("bias {coin}"), "weight": mark("weight {coin}")}


class DrawState:
    """How a number changes over the first iterations of EM: the reader's guess, and the run.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins.
    iterations : int, default 10
        From 1 to 30.

    Attributes
    ----------
    runs : dict of str to numpy.ndarray, shape (iterations + 1,)
        What EM does to the log-likelihood and to every bias and weight, by their names.
    guesses : dict of str to numpy.ndarray, shape (iterations + 1,)
        What the reader draws; at first that nothing changes. They begin where the runs do.
    quantity : str
        Which of them is drawn.
    last : int
        The last frame; frame f shows the first f iterations of the run.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model: BinomialMixture, start: Coins, iterations: int = 10):
        instance("model", model, BinomialMixture)
        instance("start", start, Coins)
        self.model, self.start, self.last = model, start, whole_number("iterations", iterations, least=1)
        if iterations > MOST_ITERATIONS:
            raise ValueError(f"iterations must be at most {MOST_ITERATIONS}; it is {iterations}")
        steps = list(em(model, start, self.last, tolerance=0))
        steps += [steps[-1]] * (self.last + 1 - len(steps))
        self.runs = {LOG_LIKELIHOOD: np.array([step.log_likelihood for step in steps])}
        for name in ("bias", "weight") if model.learn_weights else ("bias",):
            values = np.array([step.theta.biases if name == "bias" else step.theta.weights for step in steps])
            self.runs |= {f"{name} {j + 1}": values[:, j] for j in range(len(start))}
        self.quantity = LOG_LIKELIHOOD
        self.restart()

    def restart(self) -> None:
        """Forget what was drawn."""
        self.guesses = {name: np.full(self.last + 1, run[0]) for name, run in self.runs.items()}
        self._stroke = None

    def scale(self) -> tuple[float, float]:
        """Between which numbers the guess may lie. The upper one does not tell where the log-likelihood ends.

        That would be as high if every distinct outcome had just its share of the sequences as its probability.
        """
        if self.quantity != LOG_LIKELIHOOD:
            return 0.0, 1.0
        first, times = self.runs[LOG_LIKELIHOOD][0], self.model.occurrences
        totals = {n: times[self.model.distinct_tosses == n].sum() for n in np.unique(self.model.distinct_tosses)}
        high = float(times @ np.log(times / [totals[n] for n in self.model.distinct_tosses]))
        return first - max(high - first, 1e-3) / 4, max(high, first + 1e-3)

    def set(self, iteration: int, share: float) -> None:
        """Put the guess of an iteration, from 1 on, somewhere in the scale, from 0 to 1."""
        iteration, share = whole_number("iteration", iteration, least=1), share_from_0_to_1("share", share)
        if iteration > self.last:
            raise ValueError(f"iteration must be at most {self.last}; it is {iteration}")
        low, high = self.scale()
        self.guesses[self.quantity][iteration] = low + share * (high - low)

    def draw(self, across: float, up: float) -> None:
        """Go on with a stroke to a place, from 0 to 1 in both directions; what lies between is drawn, too."""
        across, up = share_from_0_to_1("across", across), share_from_0_to_1("up", up)
        before_across, before_up = self._stroke or (across, up)
        self._stroke = across, up
        first, last = sorted(max(1, round(self.last * x)) for x in (before_across, across))
        for iteration in range(first, last + 1):
            here = iteration / self.last
            way = (here - before_across) / (across - before_across) if across != before_across else 1
            self.set(iteration, float(np.clip(before_up + min(max(way, 0), 1) * (up - before_up), 0, 1)))

    def settle(self) -> None:
        """The stroke ends."""
        self._stroke = None

    def distance(self, frame: int) -> float:
        """How far guess and run are from each other, on average over the iterations in sight; nan before the first."""
        seen = slice(1, frame + 1)
        gaps = np.abs(self.guesses[self.quantity][seen] - self.runs[self.quantity][seen])
        return float(gaps.mean()) if frame else np.nan

    def describe(self, frame: int) -> str:
        """The guess, and as much of the run as is in sight, in words."""
        digits = 2 if self.quantity == LOG_LIKELIHOOD else 3

        guess = listed(self.guesses[self.quantity], f"z.{digits}f")
        said = {"quantity": quantity_name(self.quantity), "guess": guess}
        sentence = mark("{quantity}, your guess: {guess}")
        if frame:
            seen, apart = self.runs[self.quantity][: frame + 1], f"{self.distance(frame):.{digits + 1}f}"
            said |= {"run": listed(seen, f".{digits}f"), "apart": apart}
            sentence = mark("{quantity}, your guess: {guess}. EM: {run}. On average {apart} apart")
        words = tr(sentence, **said)
        return words[0].upper() + words[1:]


def quantity_name(quantity: str) -> str:
    """What is drawn, in the reader's language."""
    kind, _, coin = quantity.partition(" ")
    return tr(NAMES[kind], coin=coin)
