"""Shares side by side from 0 to 1, against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emlib.page.shares import share_from_0_to_1, with_border, with_share

PARTS = st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any)
PLACE = st.fractions(0, 1, max_denominator=60)


@given(PARTS, st.data(), PLACE)
def test_one_share_changes_and_the_others_keep_their_proportions(parts, data, share):
    which = data.draw(st.integers(0, len(parts) - 1))
    shares = [Fraction(part, sum(parts)) for part in parts]
    rest = sum(shares) - shares[which]
    others = len(shares) - 1
    right = [(1 - share) * (one / rest if rest else Fraction(1, max(others, 1))) for one in shares]
    right[which] = share if others else Fraction(1)
    given_ = np.array(shares, dtype=float)
    new = with_share(given_, which, float(share))
    assert new == pytest.approx([float(one) for one in right], abs=1e-12)
    assert given_ == pytest.approx([float(one) for one in shares], abs=0), "what is given is not changed"


@given(st.lists(st.integers(0, 5), min_size=2, max_size=6).filter(any), st.data(), PLACE)
def test_one_border_moves_and_pushes_along_those_that_it_meets(parts, data, place):
    border = data.draw(st.integers(0, len(parts) - 2))
    shares = [Fraction(part, sum(parts)) for part in parts]
    edges = [sum(shares[:i]) for i in range(len(shares) + 1)]
    for i in range(1, len(parts)):
        if i <= border and edges[i] > place or i > border + 1 and edges[i] < place or i == border + 1:
            edges[i] = place
    given_ = np.array(shares, dtype=float)
    new = with_border(given_, border, float(place))
    assert new == pytest.approx(
        [float(after - before) for before, after in zip(edges, edges[1:], strict=False)], abs=1e-12
    )
    assert given_ == pytest.approx([float(one) for one in shares], abs=0)
    assert np.all(new >= 0) and new.sum() == pytest.approx(1, abs=1e-12)


def test_a_border_that_is_pushed_stays_where_it_was_pushed():
    third = 1 / 3
    up = with_border([third] * 3, 0, 0.9)
    assert up == pytest.approx([0.9, 0, 0.1]) and up[1] == 0
    assert with_border(up, 0, third) == pytest.approx([third, 0.9 - third, 0.1])
    assert with_border([third] * 3, 0, 1).tolist() == [1, 0, 0]
    assert with_border([third] * 3, 1, 0).tolist() == [0, 0, 1]
    assert with_border([0.25, 0.5, 0.25], 0, 0.3)[2] == 0.25, "what is not met stays, to the last digit"


def test_what_one_share_had_alone_is_divided_evenly():
    assert with_share([0, 1, 0], 1, 0.5).tolist() == [0.25, 0.5, 0.25]
    assert with_share([1], 0, 0.25).tolist() == [1]


def test_the_value_is_repeated():
    with pytest.raises(ValueError, match="^share must be a number from 0 to 1; it is 'half'$"):
        share_from_0_to_1("share", "half")


def test_whole_numbers_do_not_stay_whole():
    assert with_share([1, 0], 0, 0.25).tolist() == [0.25, 0.75]
    assert with_border([1, 0], 0, 0.25).tolist() == [0.25, 0.75]


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float32(0.5), np.int64(1)])
def test_a_share_is_a_float(value):
    share = share_from_0_to_1("share", value)
    assert type(share) is float and share == value


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan, True, "0.5", None, [0.5]])
@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda value: share_from_0_to_1("start", value), "start"),
        (lambda value: with_share([0.5, 0.5], 0, value), "share"),
        (lambda value: with_border([0.5, 0.5], 0, value), "place"),
    ],
)
def test_what_is_no_share_is_refused(change, name, value):
    with pytest.raises(ValueError, match=f"^{name} must be a number from 0 to 1; it is "):
        change(value)
