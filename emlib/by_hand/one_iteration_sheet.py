"""The numbers of one iteration of EM as section 6.3 makes them, one table after another, and what mistakes make."""

from math import comb, floor, log
from typing import NamedTuple

import numpy as np

from ..binomial import log_probability
from ..checks import instance
from ..coins import BinomialMixture, Coins
from ..words import mark, tr
from .outcomes import outcome_name

RAISED = str.maketrans("0123456789.", "⁰¹²³⁴⁵⁶⁷⁸⁹·")
MANY = 5  # numbers of a sum that are written out
COLUMN = 11  # numbers of a column that are told in one line


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
    Stage(mark("likelihood"), mark("(6.7)"), mark("the probability of the outcome, if this coin was tossed")),
    Stage(mark("joint"), mark("(6.8)"), mark("times the weight of the coin")),
    Stage(mark("marginal"), mark("the sum in (6.9)"), mark("add over the coins")),
    Stage(
        mark("posterior"), mark("(6.9), Table 6.1"), mark("divide each joint probability by the marginal of its row")
    ),
    Stage(mark("expected sequences"), mark("Table 6.2"), mark("times how often the outcome occurs")),
    Stage(mark("count"), mark("(6.10)"), mark("add the column of each coin")),
    Stage(
        mark("heads"), mark("(6.13), Table 6.3"), mark("each cell of Table 6.2 times its heads, then add the column")
    ),
    Stage(mark("weight"), mark("(6.14)"), mark("the coin's count, divided by the number of all sequences")),
    Stage(mark("bias"), mark("(6.15), Table 6.4"), mark("the coin's heads, divided by the coin's tosses")),
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


class Sheet:
    """The numbers of one iteration.

    Parameters
    ----------
    model : BinomialMixture
    start : Coins
        One to six coins.

    Attributes
    ----------
    values : list of numpy.ndarray
        The numbers of every stage: shape (M, K) in the first stages, (M, 1) for the marginal, (1, K) in the last four.
    logs : list of numpy.ndarray
        Logarithms of the first five, in nats.
    after : Coins
        What the M-step makes.

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
        self.logs.append(self.logs[1] - self.logs[2])
        self.logs.append(self.logs[3] + np.log(model.occurrences)[:, None])
        by_outcome = [*map(np.exp, self.logs[:3]), posterior, model.occurrences[:, None] * posterior]
        by_coin = [statistics.counts, statistics.heads, self.after.weights, self.after.biases]
        self.values = [*by_outcome, *(values[None, :] for values in by_coin)]

    def value(self, cell: Cell) -> float:
        return float(self.values[cell.stage][cell.row, cell.coin])

    def written(self, cell: Cell) -> str:
        """The number of a cell with as many digits as there is room for; three at least, by which a guess is judged."""
        return self._written(cell, 7 if len(self.start) <= 3 else 4)

    def _written(self, cell, digits=7):
        value = self.value(cell)
        if value < 1e-3:
            of_outcome = cell.stage < E_STEP  # whose numbers may be smaller than a float can hold
            log_value = self.logs[cell.stage][cell.row, cell.coin] if of_outcome else log(value) if value else -np.inf
            return scientific(float(log_value), 3 if digits > 4 else 2)
        whole = len(str(int(value)))
        return f"{value:.{max(digits, 5) if value < 0.01 else max(0, digits + 2 - max(whole, 2))}f}"

    def stays(self, cell: Cell) -> bool:
        """Whether nothing is computed: given weights, and the bias of a coin that owns nothing."""
        name = STAGES[cell.stage].name
        return (name == "weight" and not self.model.learn_weights) or (name == "bias" and self._tosses[cell.coin] == 0)

    def needed(self, cell: Cell) -> str:
        """The numbers of which a number is made; how is left to the reader."""
        stage, row, j = cell
        if self.stays(cell):
            return self.sum_of(cell)
        start, heads, tosses = self.start, self.model.distinct_heads, self.model.distinct_tosses
        times, equal = self.model.occurrences, np.ptp(self.model.distinct_tosses) == 0
        column = [f"{share:.{4 if len(times) <= MANY else 3 if share < 10 else 2}f}" for share in self.values[4][:, j]]

        def known(earlier, at=row, coin=j):
            return self._written(Cell(earlier, at, coin))

        own_count, own_heads = known(5, 0), known(6, 0)
        outcome, bias = tr("{heads} of {tosses}", heads=heads[row], tosses=tosses[row]), f"{start.biases[j]:.7g}"
        return [
            tr("{outcome}, bias {bias}", outcome=outcome, bias=bias) if equal else tr("bias {bias}", bias=bias),
            tr("likelihood {likelihood}, weight {weight:.7g}", likelihood=known(0), weight=start.weights[j]),
            tr("joint {joint}", joint=", ".join(known(1, coin=k) for k in range(len(start)))),
            tr("joint {joint}, marginal {marginal}", joint=known(1), marginal=known(2, coin=0)),
            tr("posterior {posterior}, ×{times}", posterior=known(3), times=times[row]),
            tr("Table 6.2: {column}", column=listed(column, COLUMN)),
            tr("heads {heads}; Table 6.2: {column}", heads=listed(heads, MANY), column=listed(column, MANY)),
            tr("count {count}, all sequences {total}", count=own_count, total=times.sum()),
            tr(
                "heads {heads}, count {count}, tosses per sequence {tosses}",
                heads=own_heads,
                count=own_count,
                tosses=tosses[0],
            )
            if equal
            else tr("heads {heads}, tosses {tosses:.4f}", heads=own_heads, tosses=self._tosses[j]),
        ][stage]

    def sum_of(self, cell: Cell) -> str:
        """How the number of a cell is made of numbers that are known, as in "0.5 × 0.2050781"."""
        stage, row, j = cell

        def known(earlier, at=row, coin=j):
            return self._written(Cell(earlier, at, coin))

        def added(terms):
            terms = list(terms)
            return " + ".join([*terms[:2], "…", terms[-1]] if len(terms) > MANY else terms)

        count, heads = (self._written(Cell(later, 0, j)) for later in (5, 6))
        expected = [f"{share:.4f}" for share in self.values[4][:, j]]
        return [
            self._likelihood(row, j),
            f"{self.start.weights[j]:.7g} × {known(0)}",
            added(known(1, coin=k) for k in range(len(self.start))),
            f"{known(1)} / {known(2, coin=0)}",
            f"{self.model.occurrences[row]} × {known(3)}",
            added(expected),
            added(f"{x} × {share}" for x, share in zip(self.model.distinct_heads, expected, strict=True)),
            f"{count} / {self.model.occurrences.sum()}" if self.model.learn_weights else tr("given: it stays"),
            self._bias(j, count, heads),
        ][stage]

    def _likelihood(self, row, j):
        n, x, bias = self.model.distinct_tosses[row], self.model.distinct_heads[row], self.start.biases[j]
        orders = f"{comb(n, x)}" if n <= 30 else f"C({n}, {x})"
        powers = [f"{p:.7g}{f'{k}'.translate(RAISED)}" for p, k in ((bias, x), (1 - bias, n - x))]
        return f"{orders} × {powers[0]} × {powers[1]}"

    def _bias(self, j, count, heads):
        if self._tosses[j] == 0:
            return tr("no sequence is the coin's: its bias stays")
        if np.ptp(self.model.distinct_tosses) > 0:
            return tr("{heads} / {tosses:.4f} tosses", heads=heads, tosses=self._tosses[j])
        return f"{heads} / ({self.model.distinct_tosses[0]} × {count})"

    def name(self, cell: Cell) -> str:
        """Which number a cell is, as in "6 heads, coin 2"."""
        parts = [outcome_name(self.model, cell.row)] if cell.stage < E_STEP else []
        return ", ".join([*parts, tr("coin {coin}", coin=cell.coin + 1)] if cell.stage != 2 else parts)

    def check(self, stage):
        total = float(self.values[stage].sum())
        sequences, heads = self.model.occurrences.sum(), self.model.occurrences @ self.model.distinct_heads
        before, after = self.logs[2][:, 0] @ self.model.occurrences, self.model.log_likelihood(self.after)
        return {
            "posterior": tr("Check: every row sums to 1"),
            "expected sequences": tr("Check: every row sums to its occurrences"),
            "count": tr("Check: they sum to {total:.7g}; there are {number} sequences", total=total, number=sequences),
            "heads": tr(
                "Check: they sum to {total:.7g}; there are {heads} heads in the data", total=total, heads=heads
            ),
            "weight": tr("Check: they sum to {total:.7g}", total=total),
            "bias": tr(
                "One iteration: log-likelihood {before:.4f} before, {after:.4f} after", before=before, after=after
            ),
        }.get(STAGES[stage].name, tr("Complete"))

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
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            own = {
                "likelihood": [
                    (
                        likelihood[j] / np.exp(self.model.log_coefficients[row]),
                        tr("the binomial coefficient is missing"),
                    ),
                    (np.exp(log_probability(n - x, n, before.biases[j])), tr("heads and tails are exchanged")),
                    (joint[j], tr("the weight comes later: this is the joint probability")),
                ],
                "joint": [
                    (likelihood[j], tr("the weight of the coin is forgotten")),
                    (posterior[j], tr("do not divide yet: this is the posterior")),
                    (likelihood[j] + before.weights[j], tr("weight and likelihood are to be multiplied")),
                ],
                "marginal": [
                    (likelihood.sum(), tr("the weights are forgotten: add the joint probabilities")),
                    (likelihood.mean(), tr("the weights are forgotten: add the joint probabilities")),
                    (joint.mean(), tr("there is nothing to divide by: add the joint probabilities")),
                ],
                "posterior": [
                    (likelihood[j] / likelihood.sum(), tr("the weights are forgotten")),
                    (joint[j], tr("not normalised: divide by the marginal of the row")),
                    (likelihood[j], tr("the weights are forgotten, and it is not normalised")),
                    (likelihood[j] / marginal, tr("the weight is forgotten above the line")),
                    (joint[j] / self.values[1][:, j].sum(), tr("divided by the sum of the column: the row is meant")),
                    (expected[j], tr("the occurrences come later")),
                ],
                "expected sequences": [
                    (posterior[j], tr("the occurrences are forgotten")),
                    (times[row] * before.weights[j], tr("the weight stands in place of the posterior")),
                    (times[row] * joint[j], tr("not normalised: the posterior is to be multiplied, not the joint")),
                    (x * posterior[j], tr("multiply by how often the outcome occurs, not by its heads")),
                    (x * expected[j], tr("the heads come later")),
                ],
                "count": [
                    (columns[j], tr("the occurrences are forgotten: add the column of Table 6.2, not of 6.1")),
                    (counts[j] / total, tr("do not divide yet: this is the new weight")),
                    (total * before.weights[j], tr("this is what the old weight expects: add the column of Table 6.2")),
                    (certain, tr("whole sequences are counted for their most probable coin: their shares count")),
                ],
                "heads": [
                    (unweighted[0], tr("the occurrences are forgotten")),
                    (counts[j], tr("this is the count: multiply each cell by its heads before you add")),
                    (self._tosses[j], tr("these are the coin's tosses, not its heads")),
                    (self._tosses[j] - heads[j], tr("these are the coin's tails")),
                    (heads[j] / total, tr("do not divide yet")),
                ],
                "weight": [
                    (counts[j], tr("this is the count: divide by the number of sequences")),
                    (counts[j] / len(times), tr("divided by the number of rows: divide by the number of sequences")),
                    (columns[j] / len(times), tr("the occurrences are forgotten")),
                    (heads[j] / heads.sum(), tr("a share of the sequences is asked for, not of the heads")),
                    (before.weights[j], tr("this is the old weight")),
                ],
                "bias": [
                    (heads[j] / self._tosses.sum(), tr("divided by all tosses: divide by the coin's own")),
                    (
                        heads[j] / total,
                        tr("divided by all {number} sequences: divide by the coin's own tosses", number=total),
                    ),
                    (heads[j] / counts[j], tr("these are heads per sequence: divide by tosses, not by sequences")),
                    (heads[j] / heads.sum(), tr("a share of the coin's tosses is asked for, not of all heads")),
                    (unweighted[0] / unweighted[1], tr("the occurrences are forgotten")),
                    (before.biases[j], tr("this is the old bias")),
                ],
            }[STAGES[cell.stage].name]
        yield from own
        of_coins, of_rows = self.values[cell.stage][row], self.values[cell.stage][:, j]
        yield from ((other, tr("this is the number of coin {coin}", coin=k + 1)) for k, other in enumerate(of_coins))
        yield from (
            (other, tr("this is the number of the row {row}", row=outcome_name(self.model, i)))
            for i, other in enumerate(of_rows)
        )
        if value <= 1:
            yield 1 - value, tr("this is the probability of the contrary")


def listed(numbers, most: int) -> str:
    """With commas; of more than there is room for, the first two and the last."""
    said = [str(number) for number in numbers]
    return ", ".join([*said[:2], "…", said[-1]] if len(said) > most else said)


def scientific(log_value: float, decimals: int) -> str:
    """exp(log_value), however small it is."""
    if log_value == -np.inf:
        return "0"
    exponent = floor(log_value / log(10))
    digits = f"{10 ** (log_value / log(10) - exponent):.{decimals}f}"
    return f"{digits}e{exponent}" if float(digits) < 10 else f"{1:.{decimals}f}e{exponent + 1}"
