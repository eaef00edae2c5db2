"""Exercises: the right answer is told right, wrong ones get the hint, and answers are what the question asks."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from oracle import joint

from emlib.exercises import EXERCISES, check, is_right

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


@pytest.mark.parametrize("name", EXERCISES)
def test_right_and_wrong_answers(name, capsys):
    right = EXERCISES[name].answer()
    check(name, right.tolist() if isinstance(right, np.ndarray) else right)
    assert capsys.readouterr().out == f"Exercise {name}: right. {EXERCISES[name].why}\n"
    wrong = (
        [right + "x", 0.5] if isinstance(right, str) else [np.asarray(right) * 1.02 + 0.01, "no idea", None, [0.1] * 7]
    )
    for answer in wrong:
        check(name, answer)
        assert capsys.readouterr().out == f"Exercise {name}: not yet. {EXERCISES[name].hint}\n"
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
    assert EXERCISES["4.3"].answer() == 1


def test_rounding():
    assert is_right(0.333, 1 / 3) and not is_right(0.34, 1 / 3)
    assert is_right([0.1, 0.2], np.array([0.1, 0.2])) and not is_right([0.2, 0.1], np.array([0.1, 0.2]))
    assert is_right(comb(10, 4), 210) and not is_right(211, 210), "whole numbers are exact"
    assert is_right(" Coin 2 ", "coin 2")


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match="name must be one of 1.1, .* it is '9.9'"):
        check("9.9", 1)
