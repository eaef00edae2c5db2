"""What callers hand in: every common container is taken for what it means, or refused in words."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emlib.beyond.progress import check_progress, goes_on
from emlib.checks import (
    as_numbers,
    distribution,
    finite_number,
    instance,
    methods,
    probabilities,
    random_generator,
    read_only,
    short,
    tally,
    whole_number,
    whole_numbers,
    yes_or_no,
)

MISSING = [
    pd.Series([1, None, 3], dtype="Int64"),
    pd.Series([1, None, 3]),
    pd.Series([1, None, 3], dtype=object),
    pd.Series([1, pd.NA, 3], dtype=object),
    np.ma.array([1, 2, 3], mask=[False, True, False]),
    [1, None, 3],
    [1, np.nan, 3],
]


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3],
        (1.0, 2.0, 3.0),
        range(1, 4),
        np.array([1, 2, 3], dtype=np.uint8),
        np.array([1, 2, 3], dtype=np.float16),
        np.array([1, 2, 3], dtype=object),
        pd.Series([1, 2, 3], dtype="Int8"),
        pd.Series([1, 2, 3]),
        pd.Index([1, 2, 3]),
        pd.Series(pd.Categorical([1, 2, 3])),
        np.ma.array([1, 2, 3]),
        [Fraction(1), Decimal(2), np.int64(3)],
    ],
    ids=lambda values: type(values).__name__,
)
def test_containers_of_numbers(values):
    for array in (as_numbers("x", values), whole_numbers("x", values, least=0)):
        assert array.tolist() == [1, 2, 3]
    assert as_numbers("x", values).dtype == float and whole_numbers("x", values, least=0).dtype == int


@pytest.mark.parametrize("values", MISSING, ids=lambda values: type(values).__name__)
def test_missing_values_are_nan_and_no_whole_numbers(values):
    assert np.array_equal(as_numbers("x", values), [1, np.nan, 3], equal_nan=True)
    with pytest.raises(ValueError, match="x must be whole numbers, 0 or more; one of them is nan"):
        whole_numbers("x", values, least=0)
    with pytest.raises(ValueError, match="x must lie between 0 and 1; one of them is "):
        probabilities("x", values)


def test_a_table_with_missing_values():
    table = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [0.5, 2]})
    assert np.array_equal(as_numbers("x", table), [[1, 0.5], [np.nan, 2]], equal_nan=True)


@pytest.mark.parametrize(
    "values",
    [
        "123",
        ["1", "2"],
        [b"1"],
        [1, "2"],
        pd.Series(["1", "2"]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        pd.Series(pd.to_datetime(["2020-01-01"])),
        np.array([1 + 1j]),
        [1j],
        {1, 2},
        {"a": 1},
        (n for n in [1]),
        [[1, 2], [3]],
        object(),
        [[1], None],
    ],
    ids=lambda values: type(values).__name__,
)
def test_what_is_no_number_is_refused_with_its_name(values):
    with pytest.raises(ValueError, match="x must be numbers, alone or in lists or arrays; it is ") as caught:
        as_numbers("x", values)
    assert len(str(caught.value)) < 200


def test_what_is_taken_is_a_copy():
    given = np.array([0.5, 0.5])
    for taken in (as_numbers("x", given), probabilities("x", given), distribution("x", given)):
        taken[0] = 7
        assert given.tolist() == [0.5, 0.5]
    kept = read_only(given)
    assert kept is given and not given.flags.writeable


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.1, 1.1], "x must lie between 0 and 1; one of them is 1.1"),
        ([-0.1], "x must lie between 0 and 1; one of them is -0.1"),
        ([], r"x must be a list of one or more numbers; its shape is \(0,\)"),
        (0.5, r"x must be a list of one or more numbers; its shape is \(\)"),
        ([[0.5]], r"x must be a list of one or more numbers; its shape is \(1, 1\)"),
    ],
)
def test_probabilities(values, words):
    assert probabilities("x", [0, 0.5, 1]).tolist() == [0, 0.5, 1]
    with pytest.raises(ValueError, match=words):
        probabilities("x", values)
    with pytest.raises(ValueError, match="x must be numbers in an array with 2 axes; its shape is "):
        probabilities("x", [0.5], ndim=2)


def test_distributions_sum_to_one_along_the_last_axis():
    assert distribution("x", [[0.25, 0.75], [1, 0]], ndim=2).shape == (2, 2)
    assert distribution("x", [0.3333335, 0.333333, 0.333333]).sum() != 1, "rounded numbers will do"
    for bad in (1 + 2e-6, 1 - 2e-6):
        with pytest.raises(ValueError, match=r"x must sum to 1; \[.*\] sums to "):
            distribution("x", [bad / 2, bad / 2])
    with pytest.raises(ValueError, match=r"x must sum to 1; row 2, counted from 0, \[0.5, 0.4\] sums to 0.9$"):
        distribution("x", [[1, 0], [0.5, 0.55], [0.5, 0.4]], ndim=2)
    with pytest.raises(ValueError, match="row 1, counted from 0, .* sums to 1.3$"):
        distribution("x", [[0.5, 0.4], [0.5, 0.8]], ndim=2)


@pytest.mark.parametrize("value", [0, -1, 2.5, "2", None, [2], [], True, np.nan, np.inf, 1j, {}])
def test_a_whole_number_is_one(value):
    with pytest.raises(ValueError, match="coins must be (a|one) whole number, 1 or more; it is "):
        whole_number("coins", value, least=1)


@pytest.mark.parametrize("value", [2, 2.0, np.int8(2), np.float32(2), np.array(2), Fraction(2)])
def test_a_whole_number_of_any_kind(value):
    assert whole_number("coins", value, least=2) == 2 and type(whole_number("coins", value, least=0)) is int


def test_numbers_too_large_for_floats_are_said_to_be_too_large():
    assert whole_numbers("heads", 2**53, least=0) == 2**53
    with pytest.raises(ValueError, match=r"heads must be at most 2\*\*53 = 9007199254740992; one of them is 1e\+17"):
        whole_numbers("heads", [2**53, 10**17], least=0)
    with pytest.raises(ValueError, match="heads must be whole numbers, 0 or more; one of them is inf"):
        whole_numbers("heads", [3, np.inf], least=0)


def test_what_numpy_or_pandas_say_is_kept_as_the_cause():
    with pytest.raises(ValueError, match="x must be numbers") as refused:
        as_numbers("x", [[1], [2, 3]])
    assert isinstance(refused.value.__cause__, ValueError)


def test_work_goes_on_until_progress_says_no():
    shares = []
    assert goes_on(None, 0.5) and goes_on(shares.append, 0.25) and shares == [0.25]

    def stop(share):
        raise StopIteration

    assert goes_on(stop, 0.5) is False


def test_generators():
    assert random_generator(3).random() == random_generator(3).random() == np.random.default_rng(3).random()
    assert random_generator(own := np.random.default_rng(1)) is own
    assert random_generator(None).random() != random_generator(None).random()
    for bad in ("x", -1, 1.5, [1]):
        with pytest.raises(ValueError, match="seed must be"):
            random_generator(bad)


def test_kinds_and_short_texts():
    instance("model", 3, int)
    with pytest.raises(TypeError, match=r"model must be a dict; it is a list: \[1, 2\]"):
        instance("model", [1, 2], dict)
    assert short(np.array([1 / 3, 2, 1e-9])) == "[0.3333333, 2, 1e-09]"


@given(st.lists(st.integers(0, 9)), st.integers(0, 12))
def test_a_tally_counts_whatever_whole_numbers_there_are(which, least):
    size = max([least, *(number + 1 for number in which)])
    for dtype in (np.int64, np.int32, np.uint8, float):
        counted = tally(np.array(which, dtype), least=least)
        assert counted.tolist() == [which.count(number) for number in range(size)]
    sums = tally(np.array(which, np.int64), [0.5] * len(which), least)
    assert sums.tolist() == [which.count(number) / 2 for number in range(size)]
    assert len(tally(which)) == max([0, *(number + 1 for number in which)])


def refused(check, *arguments) -> str:
    with pytest.raises((TypeError, ValueError)) as caught:
        check(*arguments)
    return f"{caught.type.__name__}: {caught.value}"


def test_a_finite_number():
    for value in (0, 1.5, np.float32(1), np.int8(3), np.longdouble(2), 10**300):
        assert finite_number("tolerance", value) is None
    for value in (-1, -1e-9, np.nan, np.inf, "1", None, [1], 10**400, np.timedelta64(1), 1j):
        assert refused(finite_number, "tolerance", value).startswith(
            "ValueError: tolerance must be a finite number, 0 or more; it is "
        )


def test_yes_or_no():
    assert (yes_or_no("x", True), yes_or_no("x", np.bool_(False))) == (True, False)
    assert type(yes_or_no("x", np.bool_(True))) is bool
    for value in (1, 0, None, "yes", np.array([True])):
        assert refused(yes_or_no, "x", value).startswith("ValueError: x must be True or False; it is ")


def test_methods_and_progress():
    assert methods("m", [1], "append", "pop") is None and check_progress(None) is check_progress(print) is None
    for value in (list, [1], "text"):
        assert refused(methods, "m", value, "append", "fly").startswith(
            "TypeError: m must be an object with the methods append, fly; it is "
        )
    words = "TypeError: progress must be callable with the share of the work that is done; it is 'bar'"
    assert refused(check_progress, "bar") == refused(goes_on, "bar", 0.5) == words


def test_what_is_refused_is_said_whole():
    assert refused(whole_number, "coins", True, 1) == "ValueError: coins must be a whole number, 1 or more; it is True"
    assert refused(whole_number, "coins", "2", 1) == "ValueError: coins must be a whole number, 1 or more; it is '2'"
    assert refused(whole_number, "coins", [2], 1) == "ValueError: coins must be one whole number, 1 or more; it is [2]"
    assert refused(whole_number, "coins", 2**60, 1).startswith("TooLarge: coins must be at most 2**53 = ")
    huge = "TooLarge: x must be numbers up to 1.8e+308; it is "
    assert refused(as_numbers, "x", [10**400]).startswith(f"{huge}[10000") and refused(
        as_numbers, "x", 10**400
    ).startswith(huge)
    assert refused(as_numbers, "x", "a") == "ValueError: x must be numbers, alone or in lists or arrays; it is 'a'"
    assert refused(probabilities, "x", []) == "ValueError: x must be a list of one or more numbers; its shape is (0,)"
    assert refused(distribution, "x", [0.5, 0.6]) == "ValueError: x must sum to 1; [0.5, 0.6] sums to 1.1"
    assert whole_numbers("x", [3.0, 5], 3).dtype == np.int64


def test_the_name_is_handed_on_and_the_value_is_shown():
    for check, arguments in ((probabilities, ()), (distribution, ()), (whole_numbers, (0,))):
        assert refused(check, "y", "a", *arguments).startswith("ValueError: y must be numbers, alone or in lists")
    assert refused(distribution, "y", [2]) == "ValueError: y must lie between 0 and 1; one of them is 2.0"
    assert refused(yes_or_no, "y", "no") == "ValueError: y must be True or False; it is 'no'"
    assert refused(finite_number, "y", -1) == "ValueError: y must be a finite number, 0 or more; it is -1"
    assert refused(methods, "y", [1], "fly") == "TypeError: y must be an object with the methods fly; it is [1]"
    assert finite_number("y", np.finfo(float).max) is None, "the largest there is"
    assert random_generator(0).random() == np.random.default_rng(0).random()
