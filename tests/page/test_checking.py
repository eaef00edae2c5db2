"""How an answer is judged: digits, forms, order, choices, functions, and mistakes by name."""

from collections import namedtuple
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emlib import Coins
from emlib.page.checking import EXERCISES, NO_RETURN, Result, exercise, worked


def judged(answer, right, **options):
    made = exercise("try", lambda: right, **options)
    del EXERCISES["try"]
    result = made.judge(answer)
    return result.correct, result.mistake


RIGHT, WRONG, FORM, DIGITS = (True, None), (False, None), (False, "form"), (False, "digits")


@pytest.mark.parametrize(
    ("answer", "right", "verdict"),
    [
        (0.415, 0.415, RIGHT),
        (0.4154, 0.415, RIGHT),
        (0.413, 0.415, WRONG),
        (0.417, 0.415, WRONG),
        (0.56, 0.562, DIGITS),
        (0.6, 0.562, DIGITS),
        (0.577, 0.562, WRONG),
        (0, 0.0018, WRONG),
        ([0.080, 0.443, 0.477], np.array([0.0803, 0.4428, 0.4769]), DIGITS),
        (0.00185, 0.00181, WRONG),
        (-38.9, -38.92, RIGHT),
        (38.9, -38.92, WRONG),
        (5.02, 5, WRONG),
        (5.0, 5, RIGHT),
        (211, 210, WRONG),
        (53.1, 53.3, WRONG),
        ([0.472, 0.468, 0.469], np.array([0.47, 0.47, 0.47]), WRONG),
        ([0.47, 0.47, 0.47], np.array([0.47, 0.47, 0.47]), RIGHT),
        ([0.2, 0.301, 0.5046], np.array([0.2, 0.3, 0.5]), WRONG),
        ([0.2, 0.5, 0.3], np.array([0.2, 0.3, 0.5]), WRONG),
        ([1, 0.0002, 0], np.array([1.0, 0.0, 0.0]), RIGHT),
        ([1, 0.02, 0], np.array([1.0, 0.0, 0.0]), WRONG),
    ],
)
def test_digits(answer, right, verdict):
    assert judged(answer, right) == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"), [(0, RIGHT), (0.0, RIGHT), ("0", RIGHT), (1e-20, DIGITS), (0.1, WRONG), (False, FORM)]
)
def test_an_exact_answer(answer, verdict):
    assert judged(answer, 0.0, digits=None) == verdict


POINT = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "answer",
    [
        [0.25, 0.75],
        (0.25, "0,75"),
        np.array([0.25, 0.75], dtype=np.float32),
        pd.Series([0.25, 0.75]),
        [Fraction(1, 4), "3/4"],
        [[0.25], [0.75]],
        POINT(0.25, np.array(0.75)),
    ],
)
def test_every_form_of_two_numbers(answer):
    assert judged(answer, np.array([0.25, 0.75])) == RIGHT


def test_one_number_in_brackets_or_quotes_and_coins():
    assert judged([0.4], 0.4) == judged("0.4", 0.4) == judged(" 2 / 5 ", 0.4) == RIGHT
    coins = np.array([[0.25, 0.75], [0.4, 0.65]])
    assert judged(Coins(*coins), coins) == judged(coins.ravel(), coins) == judged([*coins], coins) == RIGHT
    assert judged(Coins(*coins[:, ::-1]), coins) == WRONG
    assert judged(Coins(*coins[:, ::-1]), coins, any_order=True) == RIGHT
    assert judged([[0.25, 0.75], [0.65, 0.4]], coins, any_order=True) == WRONG, "a coin keeps its weight"
    assert judged([0.65, 0.4], coins[1], any_order=True) == RIGHT
    assert judged(np.array([[1.0, 2], [3, 4], [5, 6]]).T, np.array([[1.0, 2], [3, 4], [5, 6]])) == (False, "transposed")


@pytest.mark.parametrize(
    ("answer", "right", "words"),
    [
        (None, 0.5, "this is None: does a function forget its return?"),
        ({"a": 1}, 0.5, "this is {'a': 1}, a dict."),
        (len, 0.5, "this is a function: call it."),
        (True, 0.5, "this is True, a bool."),
        ("a half", 0.5, "without quotes; this is 'a half'."),
        ("1/0", 0.5, "without quotes; this is '1/0'."),
        (np.nan, 0.5, "nan is no number to count with."),
        ([0.5, np.inf], 0.5, "inf is no number to count with."),
        ("1e310", 0.5, "inf is no number to count with."),
        ("1e999999999", 0.5, "inf is no number to count with."),  # and not written out
        ("7/", 0.5, "without quotes; this is '7/'."),
        ("1/2/3", 0.5, "without quotes; this is '1/2/3'."),
        (10**400, 0.5, "00... is no number to count with."),
        ([0.5, Fraction(10**400)], 0.5, "00... is no number to count with."),
        (2j, 0.5, "this is 2j, a complex."),
        (0.49, np.array([0.49] * 3), "The answer is 3 numbers, and this is 1."),
        ([], 0.5, "The answer is one number, and this is 0."),
        ([1, None], np.array([1.0, 2]), "this is None"),
    ],
)
def test_what_is_no_answer_is_told_what_it_is(answer, right, words):
    result = exercise("try", lambda: right).judge(answer)
    assert (result.correct, result.mistake) == FORM and words in result.says


@given(st.floats(1e-9, 1e9).flatmap(lambda x: st.tuples(st.sampled_from([x, -x]), st.integers(1, 6))), st.floats(-2, 2))
@example((999999999.9999999, 1), 1.0)
def test_right_is_within_half_a_unit_of_the_last_digit(number, units):
    right, digits = number
    unit = 10.0 ** (int(f"{right:.16e}".partition("e")[2]) + 1 - digits)
    if abs(abs(units) - 0.5) > 1e-3:
        verdict = judged(right + units * unit, right, digits=digits)
        assert (verdict == RIGHT) == (abs(units) < 0.5)
    assert judged(float(f"{right:.{digits - 1}e}"), right, digits=digits) == RIGHT


def test_choices():
    options = {"choices": ("up", "down"), "hints": ["Look."]}
    assert judged(" Up. ", "up", **options) == RIGHT and judged("down", "up", **options) == WRONG
    result = exercise("try", lambda: "up", **options).judge("sideways")
    assert result.mistake == "form" and result.says == "Give one of 'up', 'down'; this is 'sideways'."


def test_a_mistake_has_its_own_sentence_and_other_mistakes_the_way_to_a_hint():
    made = exercise("try", lambda: 6.0, hints=["Multiply.", "All of them."], why="Three factors.")
    made.mistake("sum", "You added.", lambda: 5.0)

    @made.mistake("squared", "Once is enough.")
    def squared():
        return made.solution() ** 2

    assert made.judge(5) == (verdict := made.judge("5,00")) and (verdict.mistake, verdict.says) == ("sum", "You added.")
    assert made.judge(36.0).mistake == "squared"
    assert made.judge(7).says == 'hint("try") shows a way, one step at a time.'
    assert [made.hint() for _ in range(4)] == [
        "Hint 1 of 2 for exercise try: Multiply.",
        "Hint 2 of 2 for exercise try: All of them.",
        "A worked answer to exercise try:\n\nanswer = 6.0",
        "Hint 1 of 2 for exercise try: Multiply.",
    ]


def test_a_mistake_may_be_of_another_form_than_the_answer():
    made = exercise("try", lambda: np.array([[0.25, 0.75], [0.4, 0.65]]), any_order=True)
    made.mistake("height", "That is the height.", lambda: -45.7)
    made.mistake("biases", "Those are the biases.", lambda: [0.4, 0.65])
    assert [made.judge(answer).mistake for answer in (-45.7, [0.65, 0.4], 3)] == ["height", "biases", "form"]


@exercise(
    "share",
    cases={"two coins": ([0.5, 0.5], [0.2, 0.6]), "a coin of weight 0": ([1.0, 0.0], [0.2, 0.6])},
    hints="Bayes' rule.",
    why="It works for any number of coins.",
)
def share(weights, likelihoods):
    joint = np.multiply(weights, likelihoods)
    return joint / joint.sum()


share.mistake("weights", "Where are the weights?", lambda w, f: np.divide(f, np.sum(f)))


class TestFunctions:
    def judge(self, answer):
        result = share.judge(answer)
        return result.correct, result.mistake, result.says

    def test_right(self):
        assert self.judge(share.solution) == (True, None, "It works for any number of coins.")
        assert self.judge(
            lambda w, f: [a * b / sum(x * y for x, y in zip(w, f, strict=True)) for a, b in zip(w, f, strict=True)]
        )[0]

    def test_a_mistake_is_known_by_what_it_gives_in_all_cases(self):
        assert self.judge(lambda weights, f: [x / sum(f) for x in f]) == (False, "weights", "Where are the weights?")

    def test_a_mistake_that_divides_by_0_is_known_by_its_nan(self):
        made = exercise("try", np.sum, cases={"zeros": (np.zeros(2),), "ones": (np.ones(2),)})
        made.mistake("mean of the reciprocals", "Do not divide.", lambda x: (x / x).mean())
        assert made.judge(lambda x: sum(x / x) / 2).mistake == "mean of the reciprocals"
        assert made.judge(lambda x: np.nan).mistake == "form"

    def test_a_function_is_not_told_to_give_more_digits(self):
        made = exercise("try", lambda x: x + 0.04, cases={"two": (2.0,)})
        assert made.judge(lambda x: 2).mistake is None and made.judge(lambda x: 2.04).correct

    def test_which_case_fails(self):
        known_by_heart = {(0.5, 0.5): [0.25, 0.75]}
        correct, mistake, says = self.judge(lambda w, f: known_by_heart.get(tuple(w), [0.5, 0.5]))
        assert (correct, mistake, says) == (
            False,
            None,
            'For a coin of weight 0 it gives [0.5, 0.5]. hint("share") shows a way, one step at a time.',
        )
        assert "For two coins: nan is no number" in self.judge(lambda w, f: [np.nan, 1])[2]
        assert self.judge(lambda w, f: 1.0)[1:] == (
            "form",
            "For two coins it gives 1.0. The answer is 2 numbers, and this is 1.",
        )

    def test_one_that_stops_or_is_none_or_does_nothing(self):
        assert self.judge(lambda w: w)[1] == "error"
        assert self.judge(lambda w: w)[2].startswith("For two coins it stops. TypeError: ")
        assert self.judge([0.25, 0.75])[:2] == (False, "form")
        assert self.judge(lambda w, f: None)[0] is None and self.judge(...)[0] is None

        def only_dots(weights, likelihoods): ...

        def told_what_it_does(weights, likelihoods):
            """Return the posterior."""

        def no_return(weights, likelihoods):
            np.multiply(weights, likelihoods)

        assert self.judge(only_dots)[0] is None and self.judge(told_what_it_does)[0] is None
        assert self.judge(no_return) == (False, "form", NO_RETURN)

    def test_what_it_does_to_its_arguments_harms_nobody(self):
        def greedy(weights, likelihoods):
            result = share.solution(weights, likelihoods)
            weights[:] = [7, 7]
            return result

        assert self.judge(greedy)[0] and share.cases["two coins"] == ([0.5, 0.5], [0.2, 0.6])

    def test_the_worked_answer_is_the_function(self):
        assert share.hint().endswith("Bayes' rule.")
        assert share.hint().endswith(
            "def share(weights, likelihoods):\n"
            "    joint = np.multiply(weights, likelihoods)\n"
            "    return joint / joint.sum()"
        )


def test_a_class_is_tried_as_the_exercise_says():
    made = exercise("try", lambda n: POINT(n, n + 1), cases={"any": (1,)}, run=lambda answer, n: answer(n).y)
    assert made.judge(lambda n: POINT(0, n + 1)).correct and made.judge(lambda n: POINT(0, n)).correct is False


def test_nothing_is_shown_twice():
    """`check` prints; a notebook that ends with it shows no result beneath."""
    assert exercise("try", lambda: 1).judge(1)._ipython_display_() is None


def test_many_answers_may_be_right():
    made = exercise("try", lambda: [1.0, 2.0], fits=lambda pair: pair[0] < pair[1])
    made.mistake("equal", "One must be larger.", lambda: [3, 3])
    assert made.judge((0.1, "7")).correct and made.judge([2, 1]).correct is False
    assert made.judge([3.0, 3.0]).mistake == "equal" and made.judge([1, 2, 3]).mistake == "form"
    assert made.judge([1.0, np.nan]).mistake == "form"


def test_letters_in_any_order():
    assert judged(" B, a", "ab", any_order=True) == RIGHT and judged("abc", "ab", any_order=True) == WRONG
    assert judged("ba", "ab") == WRONG and judged("'AB'.", "ab") == RIGHT


def test_a_worked_answer_is_what_a_reader_would_write():
    def simple():
        """Not shown."""
        # Why.
        half = 1 / 2
        return [
            half,
            1 - half,
        ]

    assert worked(simple).replace("# Why.\n", "") == "half = 1 / 2\nanswer = [\n    half,\n    1 - half,\n]"
    assert worked(lambda: 3 * 0.4**2) == "answer = 3 * 0.4**2"
    assert worked(eval("lambda: 7")) == "(its source is not at hand)"


def test_a_decorated_solution_has_all_that_it_is_given():
    def solution():
        return 1.0

    given = {"digits": 5, "any_order": True, "choices": ("x", "y"), "fits": bool, "cases": {"a": (1,)}, "run": max}
    made = exercise("try", hints="Look.", why="So.", **given)(solution)
    assert made is EXERCISES["try"] and made.solution is solution and made.name == "try"
    assert (made.hints, made.why) == (("Look.",), "So.")
    assert {name: getattr(made, name) for name in given} == given
    plain = exercise("try", solution)
    assert (plain.digits, plain.any_order, plain.hints, plain.why) == (3, False, (), "")
    assert plain() == 1.0 and plain.run(lambda *arguments: arguments, 1, 2) == (1, 2)
    assert made.mistake("two", "No.", solution) is solution and made.mistakes == {"two": (solution, "No.")}


def test_what_is_long_is_cut_and_what_fits_is_not():
    made = exercise("try", lambda: 0.5)
    for letters, shown in ((71, "{'a': '" + 71 * "b" + "'}"), (72, "{'a': '" + 70 * "b" + "...")):
        says = made.judge({"a": letters * "b"}).says
        assert says == f"Give a number, or a list of numbers; this is {shown}, a dict." and len(shown) == 80
    spread = exercise("try", lambda x: x, cases={"any": (np.arange(4.0).reshape(2, 2),)})
    says = spread.judge(lambda x: x + 1).says
    assert says == "For any it gives [[1.0, 2.0], [3.0, 4.0]]."


def test_a_function_is_to_be_handed_in_as_such_and_its_fault_is_told():
    made = exercise("try", lambda x: x, cases={"one": (1.0,), "two": (2.0,)}, hints="Look.")
    for answer, words in (
        (0.5, "Hand in the function itself, without brackets; this is 0.5, a float."),
        (None, "Hand in the function itself, without brackets; this is None: does a function forget its return?"),
        (lambda x: 1 / 0, "For one it stops. ZeroDivisionError: division by zero"),
        (lambda x: "a", "For one: Give a number, or a list of numbers, without quotes; this is 'a'."),
        (lambda x: min(x, 1), 'For two it gives 1. hint("try") shows a way, one step at a time.'),
        (lambda x: x if x < 2 else None, "For two: Give a number, or a list of numbers; this is None: does a"),
    ):
        result = made.judge(answer)
        assert result.correct is False and result.says.startswith(words)


def test_digits_that_were_rounded_further_are_told_and_a_choice_is_not():
    made = exercise("try", lambda: np.array([0.12345, 12.3456]), digits=4)
    for answer in ([0.123, 12.3], [0.1, 10], [0.12, 12.35], [0.12345, 12.34560]):
        result = made.judge(answer)
        assert result.says == ("" if result.correct else "Right as far as it goes. Give 4 significant digits.")
    assert made.judge([0.1234, 12.3]).says == "" and made.judge([0.123, 12.4]).says == ""
    assert judged([2, 1], np.array([1, 2])) == WRONG and judged([1.0, 2], np.array([1, 2])) == RIGHT
    assert (
        exercise("try", lambda: 3.0, digits=None).judge(3.0000001).says == "Nearly. But here the exact number matters."
    )
    table = exercise("try", lambda: np.array([[1.0, 2, 3], [4, 5, 6]]))
    assert table.judge([[1, 4], [2, 5], [3, 6]]).says == "Rows and columns are exchanged: give 2 rows."
    assert exercise("try", lambda: "up").judge("down").says == ""


def test_a_known_mistake_is_wrong_and_dots_are_no_answer():
    made = exercise("try", lambda: np.array([0.1, 0.9]), why="Yes.")
    del EXERCISES["try"]
    made.mistake("halves", "Both are not alike.", lambda: [0.5, 0.5])
    made.mistake("swapped", "The other way round.")(lambda: [0.9, 0.1])
    assert made.judge([0.1, 0.9]) == Result(True, None, "Yes.")
    assert made.judge([0.5, 0.5]) == Result(False, "halves", "Both are not alike.")
    assert made.judge(["9 / 10", "1 / 10"]) == Result(False, "swapped", "The other way round.")
    assert made.judge(...) == Result(None, None, "replace the dots by your answer, then run the cell again.")
