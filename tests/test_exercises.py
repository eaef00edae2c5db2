"""Exercises: the right answer is told right, wrong ones get the hint, and answers are what the question asks."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from oracle import joint

from emlib.exercises import EXERCISES, check
from emlib.exercises.checking import advice

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


@pytest.mark.parametrize("name", EXERCISES)
def test_right_and_wrong_answers(name, capsys):
    right = EXERCISES[name].answer()
    check(name, right.tolist() if isinstance(right, np.ndarray) else right)
    assert capsys.readouterr().out == f"Exercise {name}: right. {EXERCISES[name].why}\n"
    check(name, 2 * np.asarray(right) + 0.1)
    assert capsys.readouterr().out == f"Exercise {name}: not yet. {EXERCISES[name].hint}\n"
    check(name, "no idea")
    assert "not yet. Give " in capsys.readouterr().out
    check(name, ...)
    assert "replace the dots" in capsys.readouterr().out


def test_some_answers_worked_out_by_hand():
    first, third = joint(2, 10, QUARTER, Fraction(2, 5)), joint(6, 10, QUARTER, Fraction(13, 20))
    assert EXERCISES["1.1"].answer() == pytest.approx(float(first * third))
    assert EXERCISES["1.2"].answer() == pytest.approx([9 / 30, 15 / 20])
    six = sum(joint(6, 10, w, p) for w, p in [(QUARTER, Fraction(2, 5)), (HALF, HALF), (QUARTER, Fraction(13, 20))])
    assert EXERCISES["1.3"].answer() == pytest.approx(float(six) ** 2)
    assert EXERCISES["2.1"].answer() == pytest.approx((0.5 * 2 + 0.25 * 5 + 0.25 * 7) / 10)
    assert EXERCISES["3.2"].answer() == pytest.approx(5)
    assert EXERCISES["4.1"].answer() == pytest.approx(0.415)
    mean = 30 / 60
    assert EXERCISES["4.2"].answer() == pytest.approx((10 / 6) / (10 * mean * (1 - mean)))
    assert EXERCISES["4.3"].answer() == 0


def is_right(answer, right):
    return advice(answer, right) == ""


def test_rounding():
    assert is_right(0.333, 1 / 3) and not is_right(0.34, 1 / 3)
    assert is_right([0.1, 0.2], np.array([0.1, 0.2])) and not is_right([0.2, 0.1], np.array([0.1, 0.2]))
    assert is_right(comb(10, 4), 210) and not is_right(211, 210), "whole numbers are exact"
    assert is_right(" Coin 2 ", "coin 2")


@pytest.mark.parametrize(
    ("answer", "right", "said"),
    [
        (0.002, 0.00181, None),
        (0.00185, 0.00181, "Close: give three significant digits."),
        ("0.5", 0.5, "Give one number, without quotes."),
        ([0.5], 0.5, "Give one number, without quotes."),
        (0.49, np.array([0.49, 0.49, 0.49]), "Give a list of 3 numbers, without quotes."),
        (None, 0.5, "Give one number, without quotes."),
        (5.01, 5, None),
    ],
)
def test_form_and_last_digits(answer, right, said):
    assert advice(answer, right) == said


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match="name must be one of 1.1, .* it is '9.9'"):
        check("9.9", 1)
