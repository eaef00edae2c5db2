"""Odd values and odd words, for hypothesis."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst


def ours(error) -> bool:
    """Whether a line of emlib raised it, and not one of a library that emlib calls."""
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    return "/emlib/" in last.tb_frame.f_code.co_filename.replace("\\", "/")


NUMBERS = st.one_of(
    st.sampled_from(
        [0, 1, -1, 0.5, -0.0, 1 - 2**-53, 5e-324, 1e-300, 1e-17, 1e17, 1e300, np.nan, np.inf, -np.inf, 2.5]
    ),
    st.floats(),
    st.integers(-3, 6),
)
SCALARS = st.one_of(
    NUMBERS,
    st.booleans(),
    st.sampled_from([2**53 + 2, 10**400, -(10**400), Fraction(1, 3), Decimal("0.3"), Decimal("NaN"), 1j, b"1", "0.5"]),
    st.sampled_from(
        [None, ..., pd.NA, np.ma.masked, date(2026, 1, 1), timedelta(1), np.datetime64("NaT"), int, object()]
    ),
    st.sampled_from([np.float16(0.5), np.float32(0.3), np.longdouble(0.3), np.int8(-1), np.uint64(2**63), np.bool_(1)]),
    st.text(max_size=4),
)
ARRAYS = st.one_of(
    npst.arrays(
        st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", "U3", "S2", "M8[D]", "m8[s]", "O"]),
        npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    ),
    npst.arrays("f8", npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), elements=NUMBERS),
)
NESTED = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
ODD = st.one_of(
    SCALARS,
    ARRAYS,
    NESTED,
    NESTED.map(lambda value: (value,)),
    st.builds(iter, st.lists(NUMBERS, max_size=2)),
    st.dictionaries(st.text(max_size=2), NUMBERS, max_size=2),
    st.sets(st.integers(), max_size=2),
    npst.arrays("f8", 2, elements=NUMBERS).map(pd.Series),
    npst.arrays("f8", 2, elements=NUMBERS).map(np.ma.masked_invalid),
    npst.arrays("f8", (2, 2), elements=NUMBERS).map(pd.DataFrame),
)


@st.composite
def bent(draw, right):
    """What is right in all but a number, its shape, its kind or its scale."""
    array = np.array(right, dtype=float)
    how = draw(st.sampled_from(["one", "shape", "kind", "scale"]))
    if how == "one" and array.size:
        array.flat[draw(st.integers(0, array.size - 1))] = draw(NUMBERS)
    if how == "shape":
        array = draw(st.sampled_from([array[None], array.T, array.ravel(), array[..., :-1] if array.ndim else array]))
    if how == "kind":
        with np.errstate(invalid="ignore", over="ignore"):  # nan as a whole number
            array = array.astype(draw(st.sampled_from(["f4", "O", "i8", "?", "c16", "U4"])))
    if how == "scale":
        array = array * draw(st.sampled_from([1e-320, 1e-200, 1e200, -1, 0, 1 + 1e-9]))
    return draw(st.sampled_from([array, array.tolist()]))


WORDS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.,;/%eE+-[]() HThtxnaif_\n\t", max_size=20),
    st.sampled_from(
        [
            "__import__('os').system('touch fuzzed')",
            "1/0",
            "9**9**9**9",
            "1e999",
            "nan",
            "-0",
            "٣ ٤",
            "½",
            "²",
            "1_000",
            "0x10",
            "H" * 2000,
            "9" * 5000,
            "{}[0]",
            "%s %(a)s",
            "<script>alert(1)</script>",
            "\x00",
            "\u202e\ud7ff",
            "lambda: 1",
            '{"panels": []}',
            "[" * 2000,
        ]
    ),
)
