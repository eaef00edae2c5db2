"""One iteration of EM as a sheet of hidden numbers, in the order of section 6.3, and guesses of them."""

import re
from math import comb, floor, log, log10
from typing import NamedTuple

import numpy as np

from ..binomial import log_probability
from ..checks import brief, instance
from ..coins import BinomialMixture, Coins
from .outcomes import outcome_name

RAISED = str.maketrans("0123456789.", "⁰¹²³⁴⁵⁶⁷⁸⁹·")
MANY = 5  # numbers of a sum that are written out


class Stage(NamedTuple):
    """A table of the sheet.

    Attributes
    ----------
    name : str
    source : str
        Equation or table of the chapter.
    rule : str
        How its numbers are made.
    """

    name: str
    source: str
    rule: str


STAGES = (
    Stage("likelihood", "(6.7)", "the probability of the outcome, if this coin was tossed"),
    Stage("joint", "(6.8)", "times the weight of the coin"),
    Stage("marginal", "the sum in (6.9)", "add over the coins"),
    Stage("posterior", "(6.9), Table 6.1", "divide each joint probability by the marginal of its row"),
    Stage("expected sequences", "Table 6.2", "times how often the outcome occurs"),
    Stage("count", "(6.10)", "add the column of each coin"),
    Stage("heads", "(6.13), Table 6.3", "each cell of Table 6.2 times its heads, then add the column"),
    Stage("weight", "(6.14)", "the coin's count, divided by the number of all sequences"),
    Stage("bias", "(6.15), Table 6.4", "the coin's heads, divided by the coin's tosses"),
)
E_STEP = 5  # stages with a row for every outcome


class Cell(NamedTuple):
    """A number of the sheet; the opening of its stage if `row` is -1.

    Attributes
    ----------
    stage : int
        Place in `STAGES`.
    row : int
        Of the distinct outcomes; 0 in the last four stages.
    coin : int
        Counted from 0; 0 for a marginal.
    """

    stage: int
    row: int = -1
    coin: int = 0


class Verdict(NamedTuple):
    """What is said of a guess: whether it is right, and the words."""

    right: bool
    words: str


class OneIterationState:
    """The numbers of one iteration, and the order in which they come to light.

    A frame is a moment of that order: frame f shows its first f + 1 entries.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins.

    Attributes
    ----------
    values : list of numpy.ndarray
        The numbers of every stage: shape (M, K) in the first stages, (M, 1) for the marginal, (1, K) in the last four.
    order : list of Cell
    guessed : set of Cell
        What was guessed right.
    tries : int
        How many guesses there were.
    verdict : (int, Verdict) or None
        The frame in which a guess was made last, and what is said of it.

    Raises
    ------
    ImpossibleData
        If the data are impossible under `start`.
    """

    def __init__(self, model: BinomialMixture, start: Coins):
        instance("model", model, BinomialMixture)
        instance("start", start, Coins)
        self.model, self.start = model, start
        posterior = model.responsibilities(start)
        statistics = model.expected_statistics(posterior, start)
        self.after = model.m_step(statistics)
        self._tosses = statistics.tosses
        self.logs = [model.log_components(start.biases), model.log_joint(start), model.log_marginal(start)[:, None]]
        by_outcome = [*map(np.exp, self.logs), posterior, model.occurrences[:, None] * posterior]
        by_coin = [statistics.counts, statistics.heads, self.after.weights, self.after.biases]
        self.values = [*by_outcome, *(values[None, :] for values in by_coin)]
        self.restart()

    def restart(self) -> None:
        """Hide everything again."""
        self.order = [
            cell
            for stage, values in enumerate(self.values)
            for cell in (Cell(stage), *(Cell(stage, *map(int, place)) for place in np.ndindex(values.shape)))
        ]
        self.guessed, self.tries, self.verdict = set(), 0, None

    @property
    def last(self) -> int:
        """The last frame."""
        return len(self.order) - 1

    def value(self, cell: Cell) -> float:
        return float(self.values[cell.stage][cell.row, cell.coin])

    def stage(self, frame: int) -> int:
        """The stage on show."""
        return self.order[frame].stage

    def open_cells(self, frame: int) -> set[Cell]:
        """What is in sight."""
        return set(self.order[: frame + 1])

    def next(self, frame: int) -> Cell | None:
        """The number that is asked for; None where the stage is complete."""
        found = self.order[frame + 1 : frame + 2]
        return found[0] if found and found[0].row >= 0 else None

    # What the reader does. Each returns the frame to go to.

    def reveal(self, frame: int, cells) -> int:
        """Let hidden cells of the stage on show come to light now."""
        hidden = [cell for cell in self.order[frame + 1 :] if cell in cells and cell.stage == self.stage(frame)]
        rest = [cell for cell in self.order[frame + 1 :] if cell not in hidden]
        self.order[frame + 1 :] = hidden + rest
        return frame + len(hidden)

    def ask(self, frame: int, cell: Cell) -> int:
        """Ask for this cell next; where it is asked for already, it comes to light."""
        if cell == self.next(frame):
            return frame + 1
        self.reveal(frame, [cell])
        return frame

    def finish_stage(self, frame: int) -> int:
        """Show all of the stage on show; where it is complete, open the next one."""
        if self.next(frame) is None:
            return min(frame + 1, self.last)
        return self.reveal(frame, set(self.order[frame + 1 :]))

    def guess(self, frame: int, text: str) -> int:
        """Compare what the reader typed with the number that is asked for, which comes to light if it is right.

        Raises
        ------
        ValueError
            If no number is asked for, or `text` is none.
        """
        cell = self.next(frame)
        if cell is None:
            raise ValueError("this table is complete; Step, or PageDown, leads to the next one")
        verdict = self.judge(cell, number(text))
        verdict = verdict._replace(words=f"{text.strip()}? {verdict.words}")
        self.tries += 1
        self.verdict = frame + verdict.right, verdict
        if verdict.right:
            self.guessed.add(cell)
        return self.verdict[0]

    def judge(self, cell: Cell, guess: float) -> Verdict:
        """Right to three digits, or right as far as it goes, or which mistake makes such a number."""
        value = self.value(cell)
        if agrees(guess, value):
            return Verdict(True, f"Right: {self.written(cell)}")
        for wrong, words in self.mistakes(cell):
            if np.isfinite(wrong) and agrees(guess, wrong) and not agrees(wrong, value):
                return Verdict(False, f"Not yet: {words}")
        if abs(guess - value) <= 0.02 * abs(value) or guess in (float(f"{value:.1g}"), float(f"{value:.2g}")):
            return Verdict(False, "Close: three digits are asked for")
        return Verdict(False, f"Not yet: it is {'less' if guess > value else 'more'}")

    def mistakes(self, cell: Cell):
        """Numbers that a mistake makes of a cell, each with a sentence that says which."""
        row, j, before, value = cell.row, cell.coin, self.start, self.value(cell)
        likelihood, joint, (marginal,), posterior, expected = (values[row] for values in self.values[:E_STEP])
        (counts,), (heads,) = self.values[E_STEP : E_STEP + 2]
        n, x = self.model.distinct_tosses[row], self.model.distinct_heads[row]
        times, total = self.model.occurrences, self.model.occurrences.sum()
        columns = self.values[3].sum(axis=0)  # of Table 6.1
        unweighted = [of @ self.values[3][:, j] for of in (self.model.distinct_heads, self.model.distinct_tosses)]
        certain = times @ (self.values[3].argmax(axis=1) == j)
        with np.errstate(divide="ignore", invalid="ignore"):
            own = {
                "likelihood": [
                    (likelihood[j] / np.exp(self.model.log_coefficients[row]), "the binomial coefficient is missing"),
                    (np.exp(log_probability(n - x, n, before.biases[j])), "heads and tails are exchanged"),
                    (joint[j], "the weight comes later: this is the joint probability"),
                ],
                "joint": [
                    (likelihood[j], "the weight of the coin is forgotten"),
                    (posterior[j], "do not divide yet: this is the posterior"),
                    (likelihood[j] + before.weights[j], "weight and likelihood are to be multiplied"),
                ],
                "marginal": [
                    (likelihood.sum(), "the weights are forgotten: add the joint probabilities"),
                    (likelihood.mean(), "the weights are forgotten: add the joint probabilities"),
                    (joint.mean(), "there is nothing to divide by: add the joint probabilities"),
                ],
                "posterior": [
                    (likelihood[j] / likelihood.sum(), "the weights are forgotten"),
                    (joint[j], "not normalised: divide by the marginal of the row"),
                    (likelihood[j], "the weights are forgotten, and it is not normalised"),
                    (likelihood[j] / marginal, "the weight is forgotten above the line"),
                    (joint[j] / self.values[1][:, j].sum(), "divided by the sum of the column: the row is meant"),
                    (expected[j], "the occurrences come later"),
                ],
                "expected sequences": [
                    (posterior[j], "the occurrences are forgotten"),
                    (times[row] * before.weights[j], "the weight stands in place of the posterior"),
                    (times[row] * joint[j], "not normalised: the posterior is to be multiplied, not the joint"),
                    (x * posterior[j], "multiply by how often the outcome occurs, not by its heads"),
                    (x * expected[j], "the heads come later"),
                ],
                "count": [
                    (columns[j], "the occurrences are forgotten: add the column of Table 6.2, not of 6.1"),
                    (counts[j] / total, "do not divide yet: this is the new weight"),
                    (total * before.weights[j], "this is what the old weight expects: add the column of Table 6.2"),
                    (certain, "whole sequences are counted for their most probable coin: their shares count"),
                ],
                "heads": [
                    (unweighted[0], "the occurrences are forgotten"),
                    (counts[j], "this is the count: multiply each cell by its heads before you add"),
                    (self._tosses[j], "these are the coin's tosses, not its heads"),
                    (self._tosses[j] - heads[j], "these are the coin's tails"),
                    (heads[j] / total, "do not divide yet"),
                ],
                "weight": [
                    (counts[j] / len(times), "divided by the number of rows: divide by the number of sequences"),
                    (columns[j] / len(times), "the occurrences are forgotten"),
                    (heads[j] / heads.sum(), "a share of the sequences is asked for, not of the heads"),
                    (before.weights[j], "this is the old weight"),
                ],
                "bias": [
                    (heads[j] / self._tosses.sum(), "divided by all tosses: divide by the coin's own"),
                    (heads[j] / total, f"divided by all {total} sequences: divide by the coin's own tosses"),
                    (heads[j] / counts[j], "these are heads per sequence: divide by tosses, not by sequences"),
                    (heads[j] / heads.sum(), "a share of the coin's tosses is asked for, not of all heads"),
                    (unweighted[0] / unweighted[1], "the occurrences are forgotten"),
                    (before.biases[j], "this is the old bias"),
                ],
            }[STAGES[cell.stage].name]
        yield from own
        of_coins, of_rows = self.values[cell.stage][row], self.values[cell.stage][:, j]
        yield from ((other, f"this is the number of coin {k + 1}") for k, other in enumerate(of_coins))
        yield from (
            (other, f"this is the number of the row {outcome_name(self.model, i)}") for i, other in enumerate(of_rows)
        )
        if value <= 1:
            yield 1 - value, "this is the probability of the contrary"

    # What is on show, in words.

    def written(self, cell: Cell) -> str:
        """The number of a cell with as many digits as there is room for."""
        value = self.value(cell)
        digits = 7 if len(self.start) <= 3 else 4
        if cell.stage < len(self.logs) and value < 1e-3:
            return scientific(float(self.logs[cell.stage][cell.row, cell.coin]), 3 if digits == 7 else 1)
        whole = len(str(int(value)))
        return f"{value:.{max(0, digits + 2 - max(whole, 2))}f}"

    def sum_of(self, cell: Cell) -> str:
        """How the number of a cell is made of numbers that are known, as in "0.5 × 0.2050781"."""
        stage, row, j = cell

        def known(earlier, at=row, coin=j):
            return self.written(Cell(earlier, at, coin))

        def added(terms):
            terms = list(terms)
            return " + ".join([*terms[:2], "…", terms[-1]] if len(terms) > MANY else terms)

        count, heads = (self.written(Cell(later, 0, j)) for later in (5, 6))
        expected = [f"{share:.4f}" for share in self.values[4][:, j]]
        return [
            self._likelihood(row, j),
            f"{self.start.weights[j]:.7g} × {known(0)}",
            added(known(1, coin=k) for k in range(len(self.start))),
            f"{known(1)} / {known(2, coin=0)}",
            f"{self.model.occurrences[row]} × {known(3)}",
            added(expected),
            added(f"{x} × {share}" for x, share in zip(self.model.distinct_heads, expected, strict=True)),
            f"{count} / {self.model.occurrences.sum()}" if self.model.learn_weights else "given: it stays",
            self._bias(j, count, heads),
        ][stage]

    def _likelihood(self, row, j):
        n, x, bias = self.model.distinct_tosses[row], self.model.distinct_heads[row], self.start.biases[j]
        orders = f"{comb(n, x)}" if n <= 30 else f"C({n}, {x})"
        powers = [f"{p:.7g}{f'{k}'.translate(RAISED)}" for p, k in ((bias, x), (1 - bias, n - x))]
        return f"{orders} × {powers[0]} × {powers[1]}"

    def _bias(self, j, count, heads):
        if self._tosses[j] == 0:
            return "no sequence is the coin's: its bias stays"
        if np.ptp(self.model.distinct_tosses) > 0:
            return f"{heads} / {self._tosses[j]:.4f} tosses"
        return f"{heads} / ({self.model.distinct_tosses[0]} × {count})"

    def name(self, cell: Cell) -> str:
        """Which number a cell is, as in "6 heads, coin 2"."""
        parts = [outcome_name(self.model, cell.row)] if cell.stage < E_STEP else []
        return ", ".join([*parts, f"coin {cell.coin + 1}"] if cell.stage != 2 else parts)

    def title(self, frame: int) -> str:
        stage = STAGES[self.stage(frame)]
        return f"{self.stage(frame) + 1} of {len(STAGES)} · {stage.name[0].upper()}{stage.name[1:]}, {stage.source}"

    def last_line(self, frame: int) -> str:
        """The number that has come to light last, and how it is made; at the opening of a stage, its rule."""
        cell = self.order[frame]
        if cell.row < 0:
            return STAGES[cell.stage].rule[0].upper() + STAGES[cell.stage].rule[1:]
        return f"{self.name(cell)}:  {self.sum_of(cell)} = {self.written(cell)}"

    def next_line(self, frame: int) -> str:
        """The number that is asked for, and after a wrong guess how it is made; or a check of a complete stage."""
        cell = self.next(frame)
        if cell is None:
            return self._check(self.stage(frame))
        return (
            f"{self.name(cell)}:  {self.sum_of(cell)} = ?"
            if self.said(frame) and not self.verdict[1].right
            else f"{self.name(cell)} = ?"
        )

    def _check(self, stage):
        total = float(self.values[stage].sum())
        sequences, heads = self.model.occurrences.sum(), self.model.occurrences @ self.model.distinct_heads
        before, after = self.logs[2][:, 0] @ self.model.occurrences, self.model.log_likelihood(self.after)
        return {
            "posterior": "Check: every row sums to 1",
            "expected sequences": "Check: every row sums to its occurrences",
            "count": f"Check: they sum to {total:.7g}; there are {sequences} sequences",
            "heads": f"Check: they sum to {total:.7g}; there are {heads} heads in the data",
            "weight": f"Check: they sum to {total:.7g}",
            "bias": f"One iteration: log-likelihood {before:.4f} before, {after:.4f} after",
        }.get(STAGES[stage].name, "Complete")

    def said(self, frame: int) -> str:
        """What is said of the latest guess, if it was made here."""
        return self.verdict[1].words if self.verdict and self.verdict[0] == frame else ""

    def describe(self, frame: int) -> str:
        """What the picture at a frame shows, in words."""
        parts = self.said(frame), self.title(frame), self.last_line(frame), self.next_line(frame)
        return ". ".join(" ".join(part.split()) for part in parts if part)


def agrees(guess: float, value: float) -> bool:
    """Whether two numbers differ by no more than half a unit of the third digit."""
    if value == 0:
        return guess == 0
    return abs(guess - value) <= 0.5000001 * 10.0 ** (floor(log10(abs(value))) - 2)


def number(text: str) -> float:
    """A number as readers type it: 0.54, 0,54, .54, 54 %, 7/13 or 5e-3; ValueError if it is none."""
    if isinstance(text, str) and len(text) < 40:
        found = re.fullmatch(
            r"([\d.]+(?:e[+-]?\d{1,3})?)(?:/([\d.]+))?(%?)", re.sub(r"\s", "", text.lower()).replace(",", ".")
        )
        if found:
            above, below, per_cent = found.groups()
            try:
                return float(above) / float(below or 1) / (100 if per_cent else 1)
            except (ValueError, ZeroDivisionError):
                pass
    raise ValueError(f"type a number, as in 0.54, 7/13 or 54 %; it is {brief(text)}")


def scientific(log_value: float, decimals: int) -> str:
    """exp(log_value), however small it is."""
    if log_value == -np.inf:
        return "0"
    exponent = floor(log_value / log(10))
    digits = f"{10 ** (log_value / log(10) - exponent):.{decimals}f}"
    return f"{digits}e{exponent}" if float(digits) < 10 else f"{1:.{decimals}f}e{exponent + 1}"
