"""Coins in the reader's hand, and a score that they climb: the objective of an M-step, or the log-likelihood."""

from typing import NamedTuple

import numpy as np

from ..algorithm import em
from ..checks import instance, listed
from ..coins import BinomialMixture, Coins
from ..page.shares import share_from_0_to_1, with_border, with_share
from ..words import mark, nats, tr

LONGEST = 1000  # iterations of EM beside the reader
LESS = mark("The M-step: biases {biases}; weights {weights}; {score}, and yours is {less} less")
SAME = mark("The M-step: biases {biases}; weights {weights}; {score}, and yours is the same to four decimals")


class Move(NamedTuple):
    """Where the reader's coins have been: the coins, and their score in nats."""

    theta: Coins
    score: float


class ClimbState:
    """The reader's coins, their moves, and a rival's.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins.

    Attributes
    ----------
    moves : list of Move
        The start, and every move: all that is done to one bias or border until another is moved is one.
    rival : list of Move
        The start, and what EM does from there.
    colours : numpy.ndarray or None, shape (M, K)
        The shares of the coins in the distinct outcomes; None where the coins cannot give the data.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model: BinomialMixture, start: Coins):
        instance("model", model, BinomialMixture)
        instance("start", start, Coins)
        self.model, self.start = model, start
        self.posterior = model.responsibilities(start)
        self.restart()
        self.rival = self._find_rival()

    last = 1  # frame: 0 hides where the rival ends, 1 shows it

    def restart(self) -> None:
        """Go back to the start."""
        self.moves, self._moving = [Move(self.start, self.score(self.start))], None

    @property
    def theta(self) -> Coins:
        """Where the reader's coins are."""
        return self.moves[-1].theta

    @property
    def best(self) -> float:
        """The highest score so far."""
        return max(move.score for move in self.moves)

    def go_to(self, name: str | None, theta: Coins) -> None:
        """Make a move, or go on with the one of that name; one without a name is always another."""
        if name is not None and name == self._moving:
            self.moves.pop()
        self.moves.append(Move(theta, self.score(theta)))
        self._moving = name

    def _own(self):
        moves = len(self.moves) - 1
        scores = {"now": nats(self.moves[-1].score), "best": nats(self.best)}
        return tr(self.yours[moves != 1], moves=moves, **_listed(self.theta), **scores)

    def set_bias(self, coin: int, bias: float) -> None:
        """Give a coin, counted from 0, another bias."""
        biases = self.theta.biases.copy()
        biases[coin] = share_from_0_to_1("bias", bias)
        self.go_to(f"bias {coin}", Coins(self.theta.weights, biases))

    def set_weight(self, coin: int, weight: float) -> None:
        """Give a coin another weight; the others share what is left."""
        self.go_to(f"weight {coin}", Coins(with_share(self.theta.weights, coin, weight), self.theta.biases))

    def set_border(self, coin: int, place: float) -> None:
        """Put the border between the weights of a coin and the next elsewhere."""
        self.go_to(f"border {coin}", Coins(with_border(self.theta.weights, coin, place), self.theta.biases))


class MStepState(ClimbState):
    """The score is the expected log-likelihood of the complete data, given the start; the rival, equation (6.5)."""

    title = mark("Move the coins to where the M-step puts them")
    yours = (
        mark(
            "Yours after {moves} move: biases {biases}; weights {weights}; "
            "expected complete-data log-likelihood {now}, your best {best}"
        ),
        mark(
            "Yours after {moves} moves: biases {biases}; weights {weights}; "
            "expected complete-data log-likelihood {now}, your best {best}"
        ),
    )

    def score(self, theta: Coins) -> float:
        """In nats; minus infinity where a coin cannot give what it has a share in."""
        with np.errstate(invalid="ignore"):
            terms = np.where(self.posterior > 0, self.posterior * self.model.log_joint(theta), 0)
        return float(self.model.occurrences @ terms.sum(axis=1))

    @property
    def colours(self):
        return self.posterior

    def _find_rival(self):
        theta = self.model.m_step(self.model.expected_statistics(self.posterior, self.start))
        return [self.moves[0], Move(theta, self.score(theta))]

    def step(self) -> None:
        """Let the formulas move the coins."""
        self.go_to(None, self.rival[-1].theta)

    def describe(self, checked: bool) -> str:
        """Where the coins are, their score, and the M-step's where it is to be known."""
        said = [self._own()]
        if checked:
            theta, score = self.rival[-1]
            less = nats(score - self.moves[-1].score)
            sentence = SAME if less == nats(0) else LESS
            said.append(tr(sentence, **_listed(theta), score=nats(score), less=less))
        return ". ".join(said)


class AgainstEMState(ClimbState):
    """The score is the log-likelihood; the rival, EM, does an iteration for every move."""

    title = mark("Climb; for each of your moves EM does an iteration")
    yours = (
        mark("Yours after {moves} move: biases {biases}; weights {weights}; log-likelihood {now}, your best {best}"),
        mark("Yours after {moves} moves: biases {biases}; weights {weights}; log-likelihood {now}, your best {best}"),
    )

    def score(self, theta: Coins) -> float:
        """In nats; minus infinity where the coins cannot give the data."""
        return float(self.model.occurrences @ np.logaddexp.reduce(self.model.log_joint(theta), axis=1))

    @property
    def colours(self):
        return self.model.responsibilities(self.theta) if np.isfinite(self.moves[-1].score) else None

    def _find_rival(self):
        steps = em(self.model, self.start, LONGEST, tolerance=1e-9)
        return [Move(step.theta, step.log_likelihood) for step in steps]

    def step(self) -> None:
        """Let EM move the coins once from where they are."""
        self.go_to(None, self.model.m_step(self.model.e_step(self.theta)))

    def describe(self, checked: bool) -> str:
        """Where the coins are, their height and EM's, and EM's end where it is to be known."""
        done, end = min(len(self.moves), len(self.rival)) - 1, self.rival[-1].score
        after = mark("EM after {done} iteration {score}"), mark("EM after {done} iterations {score}")
        said = [self._own(), tr(after[done != 1], done=done, score=nats(self.rival[done].score))]
        if checked:
            said.append(tr("EM ends at {end} after {number} iterations", end=nats(end), number=len(self.rival) - 1))
        if self.best > end + 1e-6:
            said.append(tr("You are higher than EM will ever be from this start"))
        return ". ".join(said)


def _listed(theta):
    return {"biases": listed(theta.biases), "weights": listed(theta.weights)}
