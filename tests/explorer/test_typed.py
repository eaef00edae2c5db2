"""What readers type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emlib.explorer.typed import numbers, sequences


@pytest.mark.parametrize(
    ("text", "heads", "tosses"),
    [
        ("6 5 4", [6, 5, 4], 10),
        ("[6, 5; 4]", [6, 5, 4], 10),
        ("HHTHT THHTT", [3, 2], 5),
        ("hht, tth", [2, 1], 3),
        ("H T H", [1, 0, 1], 1),
    ],
)
def test_sequences_are_heads_or_their_tosses(text, heads, tosses):
    assert sequences(text, 10, 100) == (heads, tosses)


@given(st.lists(st.text("HT", min_size=4, max_size=4), min_size=1, max_size=20), st.sampled_from([" ", ", ", ";\n"]))
def test_tosses_are_counted(words, between):
    assert sequences(between.join(words), 10, 100) == ([sum(letter == "H" for letter in word) for word in words], 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("HHT HT", "equal length; entry 2, 'HT', has 2 tosses; the first has 3"),
        ("HHX", "or sequences|entry 1 is 'HHX'"),
        ("HHT HHX", "sequences of H and T; entry 2 is 'HHX'"),
        ("eight", "entry 1 is 'eight'"),
        ("HHT 3", "sequences of H and T; entry 2 is '3'"),
        ("HT,,HT", "entry 2 is empty"),
        ("H" * 101, "up to 100 tosses; these have 101"),
        ("", "or sequences as HHT; there are none"),
        ("6 x", "entry 2 is 'x'"),
    ],
)
def test_what_is_no_data_is_repeated(text, message):
    with pytest.raises(ValueError, match=message):
        sequences(text, 10, 100)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.2 0.3 0.5", [0.2, 0.3, 0.5]),
        ("0.2,0.3,0.5", [0.2, 0.3, 0.5]),
        ("(.2; .3; .5)", [0.2, 0.3, 0.5]),
        ("0,2 0,3 0,5", [0.2, 0.3, 0.5]),
        ("0,2;0,3;0,5", [0.2, 0.3, 0.5]),
        ("0, 1, 0", [0, 1, 0]),
        ("1 0 1e-3", [1, 0, 0.001]),
        ("1 0 1E-3", [1, 0, 0.001]),
    ],
)
def test_numbers_come_with_points_or_decimal_commas(text, found):
    assert numbers("weights", text, 3) == found


def test_as_many_tosses_as_there_may_be():
    assert sequences("H" * 99 + "T", 10, 100) == ([99], 100)


def test_what_is_wanted_is_said_for_six_coins_and_for_one():
    with pytest.raises(ValueError, match="^type 6 biases from 0 to 1, as in 0.2 0.3 0.5 0.1 0.4 0.6; there are none$"):
        numbers("biases", "", 6)
    with pytest.raises(ValueError, match="^type 1 biases from 0 to 1, as in 0.2; there are none$"):
        numbers("biases", " ", 1)
    with pytest.raises(ValueError, match="^text must be a string, as in '6 5 4'; it is 65$"):
        sequences(65, 10, 100)


def test_one_number_may_have_a_decimal_comma():
    assert numbers("biases", "0,35", 1) == [0.35]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,2,0,3,0,5", "'0,2,0,3,0,5' has 6"),
        ("0.2 0.3", "'0.2 0.3' has 2"),
        ("", "there are none"),
        ("0.2 0.3 x", "entry 3 is 'x'"),
        ("0.2 1.5 0", "entry 2 is '1.5'"),
        ("-0.1 0 1", "entry 1 is '-0.1'"),
        ("20% 30% 50%", "entry 1 is '20%'"),
        ("nan 0 1", "entry 1 is 'nan'"),
    ],
)
def test_what_is_no_start_is_repeated(text, message):
    with pytest.raises(ValueError, match=f"type 3 weights from 0 to 1, as in 0.2 0.3 0.5; {message}"):
        numbers("weights", text, 3)
