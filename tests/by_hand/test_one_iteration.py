"""One iteration number by number: its numbers against exact fractions and printed tables, guesses, picture, widget."""

from fractions import Fraction

import numpy as np
import pytest
from forms import ONE_TO_SIX
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.colors import same_color
from oracle import brute_force, joint
from paper_page import Page, classes, mimebundle, said
from scipy.stats import binom

import emlib
from emlib import BinomialMixture, Coins, chapter
from emlib.by_hand import one_iteration_sheet, one_iteration_state
from emlib.by_hand.one_iteration_picture import OneIterationPicture
from emlib.by_hand.one_iteration_sheet import STAGES, Cell, scientific
from emlib.by_hand.one_iteration_state import OneIterationState, agrees, number
from emlib.page.picture import COLOURS, HATCHES, MARKERS
from emlib.widgets import OneIteration
from emlib.words import sentences_of, tr

COINS = BinomialMixture(chapter.heads, chapter.tosses)
NAMES = [stage.name for stage in STAGES]
LIKELIHOOD, JOINT, MARGINAL, POSTERIOR, EXPECTED, COUNT, HEADS, WEIGHT, BIAS = range(9)
SHARE = st.integers(1, 9).map(lambda tenths: Fraction(tenths, 10))


@pytest.fixture
def state():
    return OneIterationState(COINS, chapter.start)


def frame_of(state, cell):
    return state.order.index(cell)


def shown(state, stage):
    """A stage as it is written, as numbers."""
    return [
        float(state.written(Cell(stage, row, coin)))
        for row in range(len(state.values[stage]))
        for coin in range(state.values[stage].shape[1])
    ]


def test_every_number_that_the_chapter_prints(state):
    rows = {"(6.7)": LIKELIHOOD, "(6.8)": JOINT, "(6.9)": POSTERIOR}
    for label, stage in rows.items():  # of the first sequence: 6 heads, the last row
        chapter.compare(label, [float(state.written(Cell(stage, 4, j))) for j in range(3)])
    tables = {"Table 6.1": POSTERIOR, "Table 6.2": EXPECTED, "Table 6.3": HEADS, "(6.14)": WEIGHT, "Table 6.4": BIAS}
    for label, stage in tables.items():
        chapter.compare(label, shown(state, stage))
    chapter.compare("(6.10)", shown(state, COUNT))
    for label, stage in (("(6.13)", HEADS), ("(6.15)", BIAS)):
        chapter.compare(label, shown(state, stage)[:1])
    said = state.describe(state.last)
    assert "log-likelihood -38.9269 before, -35.4165 after" in said


@given(
    st.lists(st.integers(1, 3).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=4),
    st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=3),
)
def test_every_number_against_a_sum_over_all_labellings(data, pairs):
    heads, tosses = map(list, zip(*data, strict=True))
    total = sum(weight for weight, _ in pairs)
    weights, biases = [weight / total for weight, _ in pairs], [bias for _, bias in pairs]
    state = OneIterationState(
        BinomialMixture(heads, tosses), Coins([float(w) for w in weights], [float(b) for b in biases])
    )
    _, posterior, counts, expected_heads, expected_tosses = brute_force(heads, tosses, weights, biases)
    model = state.model
    for row, outcome in enumerate(zip(model.distinct_heads, model.distinct_tosses, strict=True)):
        first = data.index(tuple(map(int, outcome)))
        joints = [joint(*data[first], w, b) for w, b in zip(weights, biases, strict=True)]
        right = {
            LIKELIHOOD: [joint(*data[first], 1, bias) for bias in biases],
            JOINT: joints,
            MARGINAL: [sum(joints)],
            POSTERIOR: posterior[first],
            EXPECTED: [data.count(data[first]) * share for share in posterior[first]],
        }
        for stage, values in right.items():
            assert state.values[stage][row] == pytest.approx([float(value) for value in values], rel=1e-9)
    by_coin = {
        COUNT: counts,
        HEADS: expected_heads,
        WEIGHT: [count / len(data) for count in counts],
        BIAS: [h / t for h, t in zip(expected_heads, expected_tosses, strict=True)],
    }
    for stage, values in by_coin.items():
        assert state.values[stage][0] == pytest.approx([float(value) for value in values], rel=1e-9)


def test_thirty_counts_of_a_class_and_another_start():
    heads = np.random.default_rng(5).integers(0, 11, 30)
    state = OneIterationState(BinomialMixture(heads), Coins([0.3, 0.3, 0.4], [0.1, 0.5, 0.7]))
    joints = np.array([0.3, 0.3, 0.4]) * binom.pmf(heads[:, None], 10, [0.1, 0.5, 0.7])
    posterior = joints / joints.sum(axis=1, keepdims=True)
    assert state.values[COUNT][0] == pytest.approx(posterior.sum(axis=0))
    assert state.values[BIAS][0] == pytest.approx(heads @ posterior / (10 * posterior.sum(axis=0)))
    assert state.values[EXPECTED].sum(axis=1) == pytest.approx(np.unique(heads, return_counts=True)[1])


# How the numbers come to light.

OPERATIONS = st.lists(st.tuples(st.sampled_from(["step", "back", "ask", "table"]), st.integers(0, 200)), max_size=30)


@given(OPERATIONS)
def test_whatever_the_reader_does_every_number_comes_once_and_stages_stay_in_order(operations):
    state = OneIterationState(BinomialMixture([1, 2, 2], 3), Coins([0.5, 0.5], [0.2, 0.6]))
    everything, frame = set(state.order), 0
    for name, which in operations:
        before = state.open_cells(frame)
        if name == "step":
            frame = min(frame + 1, state.last)
        elif name == "back":
            frame = max(frame - 1, 0)
        elif name == "ask":
            cell = state.order[which % len(state.order)]
            frame = state.ask(frame, cell)
        else:
            complete, stage = state.next(frame) is None, state.stage(frame)
            frame = state.finish_stage(frame)
            assert complete or (state.stage(frame) == stage and state.next(frame) is None)
        assert 0 <= frame <= state.last
        assert set(state.order) == everything and len(state.order) == len(everything)
        assert [cell.stage for cell in state.order] == sorted(cell.stage for cell in state.order)
        assert name == "back" or before <= state.open_cells(frame)


def test_a_hidden_cell_is_asked_for_first_and_shown_when_it_is_asked_for_again(state):
    cell = Cell(LIKELIHOOD, 3, 1)
    assert state.ask(2, cell) == 2 and state.next(2) == cell and cell not in state.open_cells(2)
    assert state.describe(2).endswith("5 heads, coin 2 (5 of 10, bias 0.5) = ?"), (
        "how it is made is the reader's to decide"
    )
    state.guess(2, "0.5")
    assert state.describe(2).endswith("5 heads, coin 2: 252 × 0.5⁵ × 0.5⁵ = ?"), "a hint after a wrong guess"
    assert state.ask(2, cell) == 3 and cell in state.open_cells(3)
    assert "5 heads, coin 2: 252 × 0.5⁵ × 0.5⁵ = 0.2460937" in state.describe(3)
    assert state.ask(3, Cell(POSTERIOR, 0, 0)) == 3, "another table has to wait"
    assert state.next(3).stage == LIKELIHOOD
    state.restart()
    assert state.order[1] == Cell(LIKELIHOOD, 0, 0)


def test_the_sums_are_written_out(state):
    said = {
        Cell(JOINT, 4, 2): "0.25 × 0.2376685",
        Cell(MARGINAL, 4): "0.0278692 + 0.1025391 + 0.0594171",
        Cell(POSTERIOR, 4, 0): "0.0278692 / 0.1898254",
        Cell(EXPECTED, 0, 0): "4 × 0.5674795",
        Cell(COUNT, 0, 0): "2.2699 + 0.9137 + 1.7182 + 1.1853 + 0.5873",
        Cell(HEADS, 0, 0): "2 × 2.2699 + 3 × 0.9137 + 4 × 1.7182 + 5 × 1.1853 + 6 × 0.5873",
        Cell(WEIGHT, 0, 0): "6.6744913 / 20",
        Cell(BIAS, 0, 0): "23.6042391 / (10 × 6.6744913)",
    }
    assert {cell: state.sum_of(cell) for cell in said} == said
    many = OneIterationState(BinomialMixture(range(11)), chapter.start)
    assert many.sum_of(Cell(COUNT, 0, 0)).count("+") == 3 and "…" in many.sum_of(Cell(COUNT, 0, 0))
    unequal = OneIterationState(BinomialMixture([1, 2], [2, 3]), Coins([0.5, 0.5], [0.2, 0.6]))
    assert unequal.name(Cell(JOINT, 0, 1)) == "1 of 2, coin 2"
    tosses = unequal.model.e_step(unequal.start).tosses[0]
    assert unequal.sum_of(Cell(BIAS, 0, 0)).endswith(f"{tosses:.4f} tosses")


def test_a_number_has_the_digits_there_is_room_for():
    """Seven decimals, or four where there are more than three coins; fewer of a large number, more or a power of a
    small one, so that there are three digits at least."""
    model = BinomialMixture([6] * 150 + [7] * 2)
    four = OneIterationState(model, Coins([0.25] * 4, [0.1, 0.2, 0.3, 0.4]))
    assert [four.written(Cell(stage, 0, 0)) for stage in (LIKELIHOOD, POSTERIOR, COUNT)] == [
        "1.38e-4",
        "8.95e-4",
        "0.1346",
    ]
    assert four.written(Cell(EXPECTED, 0, 3)) == "108.668" and four.written(Cell(JOINT, 0, 3)) == "0.0279"
    three = OneIterationState(model, Coins([0.3, 0.3, 0.4], [0.1, 0.2, 0.4]))
    assert [three.written(Cell(stage, 0, 0)) for stage in (LIKELIHOOD, JOINT)] == ["1.378e-4", "4.133e-5"]
    one = OneIterationState(model, Coins([1], [0.4]))
    assert [one.written(Cell(stage, 0, 0)) for stage in (COUNT, HEADS, WEIGHT)] == [
        "152.000000",
        "914.000000",
        "1.0000000",
    ]
    small = OneIterationState(BinomialMixture([6] * 12), Coins([1], [0.4]))
    assert [small.written(Cell(stage, 0, 0)) for stage in (COUNT, HEADS)] == ["12.0000000", "72.0000000"]


def test_many_orders_are_a_symbol_and_an_outcome_has_its_name(state):
    mixed = OneIterationState(BinomialMixture([1, 2], [30, 31]), Coins([0.5, 0.5], [0.1, 0.4]))
    assert [mixed.sum_of(Cell(LIKELIHOOD, row, 1)) for row in (0, 1)] == [
        "30 × 0.4¹ × 0.6²⁹",
        "C(31, 2) × 0.4² × 0.6²⁹",
    ]
    assert [mixed.name(Cell(stage, 0)) for stage in (MARGINAL, COUNT)] == ["1 of 30", "coin 1"]
    assert [state.name(Cell(stage, 1, 2)) for stage in (MARGINAL, EXPECTED, COUNT)] == [
        "3 heads",
        "3 heads, coin 3",
        "coin 3",
    ]
    few = OneIterationState(BinomialMixture([0, 1, 2]), Coins([1], [0.4]))
    assert [few.name(Cell(MARGINAL, row)) for row in range(3)] == ["0 heads", "1 head", "2 heads"]
    six = OneIterationState(BinomialMixture([0, 1, 1, 2, 3, 4, 4, 4, 5], 5), Coins([1], [0.4]))
    assert six.sum_of(Cell(COUNT, 0, 0)) == "1.0000 + 2.0000 + … + 1.0000"
    assert six.sum_of(Cell(HEADS, 0, 0)) == "0 × 1.0000 + 1 × 2.0000 + … + 5 × 1.0000"
    assert state.sum_of(Cell(BIAS, 0, 2)) == "14.3674288 / (10 × 2.8017535)"
    third = OneIterationState(BinomialMixture([1]), Coins([1 / 3, 2 / 3], [1 / 3, 0.5]))
    assert third.sum_of(Cell(JOINT, 0, 0)).startswith("0.3333333 × ")
    assert third.sum_of(Cell(LIKELIHOOD, 0, 0)) == "10 × 0.3333333¹ × 0.6666667⁹"


def test_a_complete_table_has_its_check_and_a_moment_its_words(state):
    assert [state.check(stage) for stage in range(9)] == [
        *["Complete"] * 3,
        "Check: every row sums to 1",
        "Check: every row sums to its occurrences",
        "Check: they sum to 20; there are 20 sequences",
        "Check: they sum to 83; there are 83 heads in the data",
        "Check: they sum to 1",
        "One iteration: log-likelihood -38.9269 before, -35.4165 after",
    ]
    head = "1 of 9 · Likelihood, (6.7). "
    assert (
        state.describe(0)
        == f"{head}The probability of the outcome, if this coin was tossed. 2 heads, coin 1 (2 of 10, bias 0.4) = ?"
    )
    assert (
        state.describe(1)
        == f"{head}2 heads, coin 1: 45 × 0.4² × 0.6⁸ = 0.1209324. 2 heads, coin 2 (2 of 10, bias 0.5) = ?"
    )
    assert (
        state.describe(15)
        == f"{head}6 heads, coin 3: 210 × 0.65⁶ × 0.35⁴ = 0.2376685. Complete. Step opens the next table"
    )
    assert state.title(state.last - 1) == "9 of 9 · Bias, (6.15), Table 6.4" and state.next(state.last) is None
    assert state.describe(state.last).endswith("-35.4165 after"), "there is no next table"
    assert (
        state.next_line(state.last - 1).startswith("coin 3 (heads 14.3674288, ") and state.last == len(state.order) - 1
    )
    with pytest.raises(TypeError, match="model must be a BinomialMixture; it is a list"):
        OneIterationState([6], chapter.start)


def test_what_is_said_of_a_guess_stands_where_it_was_made(state):
    assert state.said(0) == "" and (state.tries, state.verdict, state.guessed) == (0, None, set())
    assert state.guess(0, " 0.5 ") == 0 and state.said(0) == "0.5? Not yet: it is less" and state.said(1) == ""
    assert state.describe(0).endswith("2 heads, coin 1: 45 × 0.4² × 0.6⁸ = ?")
    assert state.guess(0, "0.05") == 0 and state.said(0) == "0.05? Not yet: it is more"
    assert state.guess(0, "0.121") == 1 and state.said(1) == "0.121? Right: 0.1209324" and state.said(0) == ""
    assert state.next_line(1) == "2 heads, coin 2 (2 of 10, bias 0.5) = ?", "no help is given with the next one"
    assert state.tries == 3 and state.guessed == {Cell(LIKELIHOOD, 0, 0)}
    with pytest.raises(ValueError, match="^this table is complete; Step, or PageDown, leads to the next one$"):
        state.guess(15, "0.5")
    state.restart()
    assert (state.tries, state.verdict, state.guessed) == (0, None, set())


def test_a_verdict_goes_when_another_number_is_asked_for(state):
    """And what was helped with one number is not told of another."""
    asked = state.next_line(0)
    state.guess(0, "0.123")
    other = Cell(LIKELIHOOD, 4, 2)
    state.ask(0, other)
    assert state.said(0) == "" and state.next_line(0) == "6 heads, coin 3 (6 of 10, bias 0.65) = ?"
    state.ask(0, Cell(LIKELIHOOD, 0, 0))
    assert state.said(0) == "" and state.next_line(0) == asked
    state.guess(0, "0.121")
    assert state.said(1).startswith("0.121? Right")
    other = Cell(LIKELIHOOD, 3, 0)
    state.ask(1, other)
    assert state.said(1) == ""
    state.guess(1, "0.3")
    assert state.said(1).startswith("0.3? ") and "×" in state.next_line(1)
    assert [state.said(frame) for frame in (0, 2)] == ["", ""]
    state.finish_stage(0)
    assert state.order[2] == other and state.said(1).startswith("0.3? ")


def test_the_numbers_that_are_needed_stand_beside_the_question(state):
    """All that a reader calculates with; and no formula."""
    needed = {
        Cell(LIKELIHOOD, 4, 1): "6 of 10, bias 0.5",
        Cell(JOINT, 4, 1): "likelihood 0.2050781, weight 0.5",
        Cell(MARGINAL, 4): "joint 0.0278692, 0.1025391, 0.0594171",
        Cell(POSTERIOR, 4, 1): "joint 0.1025391, marginal 0.1898254",
        Cell(EXPECTED, 0, 0): "posterior 0.5674795, ×4",
        Cell(COUNT, 0, 0): "Table 6.2: 2.2699, 0.9137, 1.7182, 1.1853, 0.5873",
        Cell(HEADS, 0, 0): "heads 2, 3, 4, 5, 6; Table 6.2: 2.2699, 0.9137, 1.7182, 1.1853, 0.5873",
        Cell(WEIGHT, 0, 0): "count 6.6744913, all sequences 20",
        Cell(BIAS, 0, 0): "heads 23.6042391, count 6.6744913, tosses per sequence 10",
    }
    assert {cell: state.needed(cell) for cell in needed} == needed
    class_ = OneIterationState(BinomialMixture([*range(11)] * 2), Coins([0.2] * 5, [0.1, 0.3, 0.5, 0.7, 0.9]))
    column = class_.needed(Cell(COUNT, 0, 0)).removeprefix("Table 6.2: ").split(", ")
    assert sum(map(float, column)) == pytest.approx(class_.value(Cell(COUNT)), abs=0.005) and len(column) == 11
    joints = [float(number) for number in class_.needed(Cell(MARGINAL, 3)).removeprefix("joint ").split(", ")]
    assert class_.judge(Cell(MARGINAL, 3), sum(joints)).right and len(joints) == 5
    joint, marginal = class_.needed(Cell(POSTERIOR, 3, 1)).removeprefix("joint ").split(", marginal ")
    assert class_.judge(Cell(POSTERIOR, 3, 1), float(joint) / float(marginal)).right
    unequal = OneIterationState(BinomialMixture([1, 2], [2, 3], learn_weights=False), Coins([0.5, 0.5], [0.2, 0.6]))
    tosses = unequal.model.e_step(unequal.start).tosses[0]
    assert unequal.needed(Cell(LIKELIHOOD, 0, 0)) == "bias 0.2", "the outcome is named before"
    assert unequal.needed(Cell(BIAS, 0, 0)).endswith(f", tosses {tosses:.4f}")
    assert unequal.needed(Cell(WEIGHT, 0, 0)) == "given: it stays"


@pytest.mark.parametrize("coins", ONE_TO_SIX)
def test_what_is_shown_is_right_as_a_guess(coins):
    """In every cell, however small its number is."""
    theta = Coins(np.full(coins, 1 / coins), np.linspace(0.001, 0.999, coins) if coins > 1 else [0.4])
    state = OneIterationState(BinomialMixture([0, 1, 5, 9, 10, 10]), theta)
    for cell in [cell for cell in state.order if cell.row >= 0]:
        written = state.written(cell)
        assert state.judge(cell, number(written)).right, (cell, written)
        assert one_iteration_state.digits_of(written) >= 3 or state.value(cell) == 0
    certain = OneIterationState(BinomialMixture([10]), Coins([0.5, 0.5], [0, 1]))
    assert {certain.written(Cell(stage, 0, 0)) for stage in (LIKELIHOOD, POSTERIOR, COUNT)} == {"0"}
    far = OneIterationState(BinomialMixture([0, 2000], 2000), Coins([0.5, 0.5], [0.25, 0.75]))
    assert far.judge(Cell(LIKELIHOOD, 1, 0), 0).right and number(far.written(Cell(LIKELIHOOD, 1, 0))) == 0


def test_what_is_close_depends_on_the_digits_that_were_typed(state):
    for typed, words in (
        ("0.12", "Close: three digits are asked for"),
        ("12 %", "Close: three digits are asked for"),
        ("1.2e-1", "Close: three digits are asked for"),
        ("0.122", "Close, but not right in three digits"),
        ("0.119", "Close, but not right in three digits"),
        ("0.1232", "Close, but not right in three digits"),
        ("5/41", "Close, but not right in three digits"),
    ):
        state.guess(0, typed)
        assert state.said(0) == f"{typed}? {words}"


def test_near_is_within_two_percent_or_one_or_two_digits(state):
    cell = Cell(POSTERIOR, 4, 1)  # 0.5401758
    right = state.value(cell)
    for share, close in ((1.0195, True), (1.0205, False), (0.9805, True), (0.9795, False)):
        assert state.judge(cell, right * share).words.startswith("Close") == close
    bias = Cell(BIAS, 0, 0)  # 0.3536485
    assert [state.judge(bias, guess).words[:5] for guess in (0.4, 0.35, 0.3)] == ["Not y", "Close", "Not y"]
    assert state.judge(bias, 0.4).words == "Not yet: this is the old bias", "a mistake before a rough number"
    weight = Cell(WEIGHT, 0, 0)  # 0.3337246
    assert state.judge(weight, 0.3).words.startswith("Close")


# Guesses.

PMF = binom.pmf(np.arange(11)[:, None], 10, chapter.start.biases)
WEIGHTS = np.array(chapter.start.weights)
OUTCOMES, TIMES = np.unique(chapter.heads, return_counts=True)
Q = WEIGHTS * PMF[OUTCOMES] / (PMF[OUTCOMES] @ WEIGHTS)[:, None]
OWN = TIMES @ Q  # sequences of each coin
OWN_HEADS = (TIMES * OUTCOMES) @ Q
SIX, TWO = Cell(0, 4, 1), Cell(0, 0, 1)  # 6 heads and coin 2; a number for each coin


@pytest.mark.parametrize(
    ("stage", "wrong", "words"),
    [
        (LIKELIHOOD, 0.5**10, "the binomial coefficient is missing"),
        (LIKELIHOOD, PMF[6, 1] / 2, "the weight comes later"),
        (JOINT, PMF[6, 1], "the weight of the coin is forgotten"),
        (JOINT, PMF[6, 1] + 0.5, "are to be multiplied"),
        (JOINT, Q[4, 1], "do not divide yet"),
        (POSTERIOR, PMF[6, 1] / PMF[6].sum(), "the weights are forgotten"),
        (POSTERIOR, PMF[6, 1] / 2, "not normalised: divide by the marginal"),
        (POSTERIOR, PMF[6, 1], "the weights are forgotten, and it is not normalised"),
        (POSTERIOR, PMF[6, 1] / (PMF[6] @ WEIGHTS), "the weight is forgotten above the line"),
        (POSTERIOR, PMF[6, 1] / 2 / (PMF[OUTCOMES, 1].sum() / 2), "the row is meant"),
        (POSTERIOR, 4 * Q[4, 1], "the occurrences come later"),
        (POSTERIOR, Q[4, 2], "this is the number of coin 3"),
        (POSTERIOR, Q[3, 1], "this is the number of the row 5 heads"),
        (POSTERIOR, 1 - Q[4, 1], "the contrary"),
        (EXPECTED, Q[4, 1], "the occurrences are forgotten"),
        (EXPECTED, 4 * 0.5, "the weight stands in place of the posterior"),
        (EXPECTED, 4 * PMF[6, 1] / 2, "not normalised: the posterior is to be multiplied"),
        (EXPECTED, 6 * Q[4, 1], "not by its heads"),
        (EXPECTED, 24 * Q[4, 1], "the heads come later"),
        (COUNT, Q[:, 1].sum(), "the occurrences are forgotten"),
        (COUNT, OWN[1] / 20, "do not divide yet"),
        (COUNT, 20 * 0.5, "what the old weight expects"),
        (COUNT, TIMES @ (Q.argmax(axis=1) == 1), "whole sequences are counted"),
        (HEADS, OUTCOMES @ Q[:, 1], "the occurrences are forgotten"),
        (HEADS, OWN[1], "this is the count"),
        (HEADS, 10 * OWN[1], "the coin's tosses, not its heads"),
        (HEADS, 10 * OWN[1] - OWN_HEADS[1], "the coin's tails"),
        (HEADS, OWN_HEADS[1] / 20, "do not divide yet"),
        (WEIGHT, OWN[1], "this is the count: divide by the number of sequences"),
        (WEIGHT, OWN[1] / 5, "divided by the number of rows"),
        (WEIGHT, Q[:, 1].mean(), "the occurrences are forgotten"),
        (WEIGHT, OWN_HEADS[1] / 83, "not of the heads"),
        (WEIGHT, 0.5, "this is the old weight"),
        (BIAS, OWN_HEADS[1] / 200, "divided by all tosses"),
        (BIAS, OWN_HEADS[1] / 20, "divided by all 20 sequences"),
        (BIAS, OWN_HEADS[1] / OWN[1], "divide by tosses, not by sequences"),
        (BIAS, OWN_HEADS[1] / 83, "not of all heads"),
        (BIAS, OUTCOMES @ Q[:, 1] / (10 * Q[:, 1].sum()), "the occurrences are forgotten"),
        (BIAS, 0.5, "this is the old bias"),
    ],
)
def test_a_mistake_is_named(state, stage, wrong, words):
    cell = (SIX if stage < COUNT else TWO)._replace(stage=stage)
    verdict = state.judge(cell, float(f"{wrong:.4g}"))
    assert not verdict.right and verdict.words.startswith("Not yet: ") and words in verdict.words


@pytest.mark.parametrize("start", [chapter.start, Coins([0.5, 0.5, 0], [0, 0.6, 0.9])], ids=["chapter", "borders"])
def test_all_that_is_said_of_guesses_is_in_the_catalogue(start, monkeypatch):
    """Word for word; and a coin that owns nothing makes no warning."""
    known, said = sentences_of("de"), set()
    for module in (one_iteration_sheet, one_iteration_state):
        monkeypatch.setattr(module, "tr", lambda text, **fields: said.add(text) or tr(text, **fields))
    state = OneIterationState(COINS, start)
    for cell in [cell for cell in state.order if cell.row == 0]:
        others = [wrong for wrong, _ in state.mistakes(cell)]
        assert len(others) > 6
        for guess in (state.value(cell), *others, 0.99 * state.value(cell), 1e9):
            state.judge(cell, guess)
        state.sum_of(cell), state.check(cell.stage)
    for frame in [frame for frame, cell in enumerate(state.order) if cell.row <= 0]:
        state.describe(frame)
    assert said <= known.keys() and len(said) > 60


@pytest.mark.parametrize("wrong", [PMF[6].sum(), PMF[6].mean()])
def test_a_marginal_without_weights_is_named(state, wrong):
    assert "the weights are forgotten" in state.judge(Cell(MARGINAL, 4), wrong).words
    assert "nothing to divide by" in state.judge(Cell(MARGINAL, 4), PMF[6] @ WEIGHTS / 3).words


def test_heads_and_tails_exchanged_are_named(state):
    assert "heads and tails are exchanged" in state.judge(Cell(LIKELIHOOD, 4, 2), binom.pmf(4, 10, 0.65)).words


@example(7, 0, 1, -0.001)  # 0.5257 for 0.5262
@given(st.integers(0, 8), st.integers(0, 4), st.integers(0, 2), st.floats(-0.9, 3))
def test_right_is_what_agrees_in_three_digits_and_nothing_else(stage, row, coin, off):
    state = OneIterationState(COINS, chapter.start)
    cell = Cell(stage, row if stage < COUNT else 0, coin if stage != MARGINAL else 0)
    right = state.value(cell)
    assert state.judge(cell, float(f"{right:.3g}")).right and state.judge(cell, right).right
    guess = right * (1 + off)
    assert state.judge(cell, guess).right == (float(f"{guess:.3g}") == float(f"{right:.3g}") or agrees(guess, right))
    if abs(off) > 0.006:
        verdict = state.judge(cell, guess)
        assert not verdict.right and verdict.words.startswith(("Close", "Not yet: "))


def test_close_is_said_of_what_is_right_as_far_as_it_goes_and_of_rounding(state):
    cell = Cell(POSTERIOR, 4, 1)  # 0.5401758
    for guess, words in (
        (0.5, "Close"),
        (0.549, "Close"),
        (0.58, "Not yet: it is less"),
        (0.49, "Not yet: it is more"),
    ):
        assert state.judge(cell, guess).words.startswith(words)
    certain = OneIterationState(BinomialMixture([10]), Coins([0.5, 0.5], [0, 1]))
    assert certain.judge(Cell(POSTERIOR, 0, 0), 0).right and not certain.judge(Cell(POSTERIOR, 0, 0), 0.001).right


def test_half_a_unit_of_the_third_digit():
    for guess, value, same in ((0.54012, 0.5406, True), (0.54008, 0.5406, False), (5.4012, 5.406, True)):
        assert agrees(guess, value) == same and agrees(-guess, -value) == same
    assert not agrees(5.4008, 5.406) and agrees(0, 0) and not agrees(1e-300, 0)


def test_numbers_as_readers_type_them():
    for text, value in (
        ("0.54", 0.54),
        ("0,54", 0.54),
        (" .54 ", 0.54),
        ("54 %", 0.54),
        ("7/13", 7 / 13),
        ("5e-3", 0.005),
        ("3.3e\N{MINUS SIGN}4", 3.3e-4),  # as the picture writes it
        ("3.3e-434295", 0),
    ):
        assert number(text) == pytest.approx(value)
    assert number("0." + "5" * 37) == pytest.approx(5 / 9) and number("1.5e+2/30") == 5
    for text in (
        "",
        "abc",
        "1/0",
        "0." + "5" * 38,
        "0.5.4",
        "-",
        "1e9999",
        "nan",
        None,
        3,
        "7/",
        "9" * 50,
        "1e999",
        "1e308/.001",
        "45*0.5^10",
        "0.5 of it",
    ):
        with pytest.raises(ValueError, match="type a number, as in 0.54, 7/13 or 54 %; it is "):
            number(text)
    assert [scientific(np.log(value), 3) for value in (1.5e-7, 9.9999e-9)] == ["1.500e-7", "1.000e-8"]
    assert scientific(-1e6, 1) == "3.3e-434295" and scientific(-np.inf, 3) == "0"


# Data that are not the chapter's.


def test_a_coin_that_owns_nothing_given_weights_and_impossible_data():
    state = OneIterationState(COINS, Coins([0.5, 0.5, 0], [0.2, 0.6, 0.9]))
    assert state.sum_of(Cell(BIAS, 0, 2)) == "no sequence is the coin's: its bias stays"
    assert state.value(Cell(BIAS, 0, 2)) == 0.9
    given_weights = OneIterationState(BinomialMixture(chapter.heads, 10, learn_weights=False), chapter.start)
    assert given_weights.sum_of(Cell(WEIGHT, 0, 0)) == "given: it stays" and given_weights.value(Cell(WEIGHT)) == 0.25
    with pytest.raises(emlib.coins.ImpossibleData):
        OneIterationState(COINS, Coins([1], [0]))
    with pytest.raises(TypeError, match="start must be a Coins"):
        OneIteration(COINS, [0.5])
    tiny = OneIterationState(BinomialMixture([900_000], 10**6), Coins([0.5, 0.5], [0.25, 0.75]))
    exponent = binom.logpmf(900_000, 10**6, 0.25) / np.log(10)
    assert int(tiny.written(Cell(LIKELIHOOD, 0, 0)).partition("e")[2]) == np.floor(exponent)


# The picture.


def box_list(patch):
    path = patch.get_path()
    return [
        (polygon[:, 0].min(), polygon[:, 0].max(), polygon[:, 1].min(), polygon[:, 1].max())
        for polygon in path.to_polygons()
    ]


def test_bars_are_as_long_as_the_numbers(state):
    picture = OneIterationPicture(state)
    ends = {}
    for stage in (LIKELIHOOD, JOINT, MARGINAL, POSTERIOR, EXPECTED, COUNT, WEIGHT):
        last = max(frame for frame, cell in enumerate(state.order) if cell.stage == stage)
        picture.image(last)
        ends[stage] = [[right - left for left, right, _, _ in box_list(part)] for part in picture.parts]
    longest = max(map(max, ends[LIKELIHOOD])) / PMF[OUTCOMES].max()
    for j in range(3):
        assert ends[LIKELIHOOD][j] == pytest.approx(longest * PMF[OUTCOMES, j])
        for stage in (JOINT, MARGINAL):
            assert ends[stage][j] == pytest.approx(longest * WEIGHTS[j] * PMF[OUTCOMES, j])
        whole = longest * PMF[OUTCOMES].max()
        assert ends[POSTERIOR][j] == pytest.approx(whole * Q[:, j])
        assert ends[EXPECTED][j] == pytest.approx(whole * TIMES / 5 * Q[:, j])
        assert ends[COUNT][j] == pytest.approx([whole * OWN[j] / 20])
        assert ends[WEIGHT][j] == pytest.approx(whole * np.array([OWN[j] / 20, OWN_HEADS[j] / 83, OWN[j] / 20]))


def test_the_last_table_shows_where_the_coins_were_and_are(state):
    picture = OneIterationPicture(state)
    picture.image(state.last)
    old, new = ([mark.get_xdata()[0] for mark in marks] for marks in (picture.old, picture.new))
    slope = np.polyfit(old + new, [*chapter.start.biases, *(OWN_HEADS / OWN / 10)], 1, full=True)
    assert slope[1][0] < 1e-20, "one scale for all"
    for part, was, now in zip(picture.parts, old, new, strict=True):
        assert box_list(part)[-1][:2] == pytest.approx(sorted((was, now))), "the way is coloured"
    picture.image(state.last - 1)
    assert len(picture.new[2].get_xdata()) == 0, "hidden still"


def test_whoever_points_at_a_number_reads_how_it_is_made_and_no_other(state):
    picture = OneIterationPicture(state)
    picture.image(0)
    for stage, values in ((POSTERIOR, Q), (EXPECTED, TIMES[:, None] * Q), (COUNT, OWN[None])):
        last = max(frame for frame, cell in enumerate(state.order) if cell.stage == stage)
        areas = [area for area in picture.areas(last) if " = " in area.words][: values.size]
        told = [float(area.words.rpartition(" = ")[2]) for area in sorted(areas, key=lambda a: (-a.low[1], a.low[0]))]
        assert told == pytest.approx(values.ravel(), abs=1e-6)


def test_each_coin_has_one_look_in_bars_places_and_columns(state):
    picture = OneIterationPicture(state)
    picture.image(state.last)
    columns = [line for line in picture.figure.axes[0].lines if not line.get_animated()]
    for j, (part, old, new, column) in enumerate(zip(picture.parts, picture.old, picture.new, columns, strict=True)):
        assert same_color(part.get_facecolor()[:3], COLOURS[j]) and (part.get_hatch() or "") == HATCHES[j]
        assert {mark.get_marker() for mark in (old, new, column)} == {MARKERS[j]}
        assert {mark.get_color() for mark in (old, new, column)} == {COLOURS[j]}
        assert (old.get_markerfacecolor(), new.get_markerfacecolor()) == ("white", COLOURS[j]), "it was, and it is"
        ((_, x),) = [(y, x) for _, (x, y), _, _, text in picture.update(0) if text == f"coin {j + 1}"]
        assert 0 < x - column.get_xdata()[0] < 0.02, "its mark stands before its name"


def test_what_stands_above_the_columns_and_the_bars_is_of_the_table_on_show(state):
    picture = OneIterationPicture(state)
    of_bars = {LIKELIHOOD: "likelihoods", JOINT: "shortened by the weights", MARGINAL: "put end to end"}
    of_bars |= {POSTERIOR: "stretched to 1", EXPECTED: "stretched to the occurrences", WEIGHT: "stretched to 1"}
    of_bars |= {COUNT: "all columns of Table 6.2", HEADS: "all heads", BIAS: "from the old bias to the new one"}
    of_columns = {
        LIKELIHOOD: ["bias 0.4", "bias 0.5", "bias 0.65"],
        JOINT: ["weight 0.25", "weight 0.5", "weight 0.25"],
    }
    for stage, title in of_bars.items():
        texts = picture.update(frame_of(state, Cell(stage)))
        assert [text for _, (x, _), size, _, text in texts if size == 12 and x > 0.58] == [title]
        assert [text for _, _, size, _, text in texts if size == 10.5] == of_columns.get(stage, [])
        rows = [text for _, _, _, anchor, text in texts if anchor == "rm"]
        if stage < COUNT:
            assert rows == [f"{x} heads ×{n}" for x, n in zip(OUTCOMES, TIMES, strict=True)]
        else:
            assert rows == ["count", "heads", "weight", "bias"]


def test_hidden_asked_and_guessed_boxes(state):
    picture = OneIterationPicture(state)
    state.guess(0, f"{PMF[2, 0]:.4f}")
    state.reveal(1, [Cell(LIKELIHOOD, 1, 1)])
    state.ask(2, Cell(LIKELIHOOD, 4, 2))
    picture.image(2)
    boxes = [len(box_list(patch)) for patch in (picture.hidden, picture.guessed, picture.asked)]
    assert boxes == [13, 1, 1], "what was shown is not marked as guessed"
    ((left, _, _, top),) = box_list(picture.guessed)
    assert left < min(box[0] for box in box_list(picture.asked)) and top > max(
        box[3] for box in box_list(picture.asked)
    )
    assert (left, top) == pytest.approx(
        min((area.low[0], area.high[1]) for area in picture.areas(2) if "=" in area.words)
    )
    areas = picture.areas(2)
    assert [area.use for area in areas].count("press") == 13
    asked = next(area for area in areas if area.words == "likelihood of 6 heads, coin 3: ask for it, then show it")
    left, right, bottom, top = box_list(picture.asked)[0]
    assert asked.low == pytest.approx((left, bottom)) and asked.high == pytest.approx((right, top))
    texts = [text for *_, text in picture.update(2)]
    assert "?" in texts and "0.1209324" in texts and "0.2376685" not in " ".join(texts), "what is hidden is not written"


def test_rows_use_the_room_there_is():
    """A frame is higher than the number in it, eleven rows fill what is theirs, and the verdict has its line."""
    picture = OneIterationPicture(OneIterationState(BinomialMixture(range(11)), chapter.start))
    texts = picture.update(0)
    picture.image(0)
    ((_, _, bottom, top),) = box_list(picture.asked)
    ascent, descent = picture.font(13).getmetrics()
    assert (top - bottom) * 420 > 0.95 * (ascent + descent) - 2, "in pixels"
    every = box_list(picture.hidden)
    low, high = min(box[2] for box in every), max(box[3] for box in every)
    assert sum({round(box[2], 6): box[3] - box[2] for box in every}.values()) > 0.85 * (high - low)
    heading = max(y for _, (_, y), size, _, text in texts if text.startswith("bias"))
    assert 0.07 < low < 0.1 and high < heading


@pytest.mark.parametrize("coins", ONE_TO_SIX)
@pytest.mark.parametrize("outcomes", [1, 11, 60])
def test_any_data_and_one_to_six_coins_stay_in_the_picture(coins, outcomes):
    theta = Coins(np.full(coins, 1 / coins), np.linspace(0.05, 0.95, coins))
    state = OneIterationState(BinomialMixture(range(outcomes), 60), theta)
    picture = OneIterationPicture(state)
    for frame in (0, state.last // 3, state.last // 2, state.last):
        texts = picture.update(frame)
        picture.image(frame)
        for _, (x, y), size, (side, _), text in texts:
            wide = picture.font(size).getlength(text) / 960
            left = x - {"l": 0, "m": wide / 2, "r": wide}[side]
            assert left > -0.001 and left + wide < 1.001 and 0 <= y < 1, text
        cells = [area for area in picture.areas(frame)]
        assert cells


# The widget.


@pytest.fixture
def page():
    return Page(OneIteration(COINS, chapter.start))


def type_and_enter(widget, text):
    """What field.js does; whether the text goes from the field."""
    taken = []
    widget.guess.send = lambda message: taken.append(message["taken"])
    widget.guess._handle_custom_msg({"sent": text, "frame": widget.frame}, [])
    return taken == [text]


def test_a_guess_in_the_widget(page):
    widget = page.widget
    for _ in range(2):  # the same once more is an answer once more
        assert type_and_enter(widget, "0.215")
        assert said(widget).startswith("0.215? Not yet: this is the number of the row 3 heads")
        assert page.view.shown["frame"] == 0
    assert type_and_enter(widget, " 0.121")
    assert said(widget).startswith("0.121? Right: 0.1209324") and page.view.shown["frame"] == 1
    assert widget.state.tries == 3
    page.rest(3)
    assert not type_and_enter(widget, "45*0.5^10"), "what is refused stays, to be mended"
    assert widget.view.alert == "Not changed: type a number, as in 0.54, 7/13 or 54 %; it is '45*0.5^10'"
    assert widget.state.tries == 3
    page.rest(3)
    assert widget.view.alert, "it rests where it went wrong"
    page.rest(4)
    assert widget.view.alert == "", "at another number it is of no use"


def test_the_page_keeps_its_moments_where_no_other_one_changes(page):
    runs = [page.view.shown["run"]]
    for guess, frame in (("0.3", None), ("0.4", None), ("0.3", 2), ("0.00428", None)):
        if frame:
            page.rest(frame)
        type_and_enter(page.widget, guess)
        runs.append(page.view.shown["run"])
    assert np.diff(runs).tolist() == [0, 0, 1, 1], "a verdict elsewhere has gone; a guess was right, which is marked"


def test_cells_are_pressed_and_tables_completed(page):
    names = [area["words"] for area in page.moment()["areas"] if area["use"] == "press"]
    page.move("likelihood of 4 heads, coin 2: ask for it, then show it")
    assert said(page.widget).endswith("4 heads, coin 2 (4 of 10, bias 0.5) = ?") and len(names) == 15
    page.move("likelihood of 4 heads, coin 2: ask for it, then show it")
    assert "0.2050781" in said(page.widget) and page.view.shown["frame"] == 1
    page.move("Rest of the table")
    assert page.view.shown["frame"] == 15 and said(page.widget).endswith("Complete. Step opens the next table")
    assert not type_and_enter(page.widget, "0.3")
    assert "this table is complete" in page.view.alert
    page.move("Rest of the table")
    assert said(page.widget).startswith("2 of 9 · Joint, (6.8). Times the weight") and page.view.shown["frame"] == 16
    page.move("likelihood of nothing: ask for it, then show it")
    assert page.view.shown["frame"] == 16
    page.move("Start again")
    assert page.view.shown["frame"] == 0 and said(page.widget) == page.widget.state.describe(0)


def test_the_page_pulls_and_sharpens_its_moments(page):
    page.ask(4, 6)
    assert page.moment(5)["words"] == page.widget.state.describe(5)
    page.rest(5)
    assert page.widget.frame == 5 and repr(page.widget) == page.widget.state.describe(5)
    data, metadata = mimebundle(page.widget)
    assert data["text/plain"] == repr(page.widget) == metadata["image/png"]["alt"]


def test_projector_size():
    widget = OneIteration(COINS, chapter.start, projector=True)
    assert widget.projector and "emlib-projector" in classes(widget) and widget.layout.max_width == "1344px"
    with pytest.raises(ValueError, match="projector must be True or False; it is 1"):
        OneIteration(COINS, chapter.start, projector=1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("heads", [[0, 10**6], [1, 500_000]])
def test_a_guess_about_a_million_tosses_is_answered(heads):
    state = OneIterationState(BinomialMixture(heads, 10**6), Coins([0.5, 0.5], [1e-6, 0.5]))
    for stage in range(9):
        for cell in (cell for cell in state.order if cell.stage == stage and cell.row >= 0):
            assert state.judge(cell, 0.123).words and state.sum_of(cell)
