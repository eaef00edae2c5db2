"""Checks of what callers hand in: every error names the argument, the value and what is allowed."""

import numpy as np


def probabilities(name: str, values, ndim: int = 1) -> np.ndarray:
    """A copy of `values` as an array of numbers from 0 to 1 with `ndim` axes; ValueError if they are none."""
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a list of numbers; it is {values!r}") from error
    if array.ndim != ndim or array.size == 0:
        what = "a list of one or more numbers" if ndim == 1 else f"numbers in an array with {ndim} axes"
        raise ValueError(f"{name} must be {what}; its shape is {array.shape}")
    wrong = ~((array >= 0) & (array <= 1))  # catches nan, too
    if np.any(wrong):
        raise ValueError(f"{name} must lie between 0 and 1; one of them is {array[wrong][0]}")
    return array


def distribution(name: str, values, ndim: int = 1) -> np.ndarray:
    """As `probabilities`, and they sum to 1 along the last axis (to within 1e-6, so that rounded numbers will do)."""
    array = probabilities(name, values, ndim)
    rows = array.reshape(-1, array.shape[-1])
    sums = rows.sum(axis=1)
    worst = np.abs(sums - 1).argmax()
    if abs(sums[worst] - 1) > 1e-6:
        where = "" if ndim == 1 else f"row {worst}, counted from 0, "
        raise ValueError(f"{name} must sum to 1; {where}{short(rows[worst])} sums to {sums[worst]:.7g}")
    return array


def whole_numbers(name: str, values, least: int) -> np.ndarray:
    """A copy of `values` as an array of whole numbers, `least` or more; ValueError if they are none."""
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be whole numbers; it is {values!r}") from error
    wrong = ~((array >= least) & (array == np.floor(array)) & (array <= 2**53))  # catches nan and infinity, too
    if np.any(wrong):
        raise ValueError(f"{name} must be whole numbers, {least} or more; one of them is {array[wrong][0]}")
    return array.astype(int)


def read_only(array: np.ndarray) -> np.ndarray:
    """The same array, which nobody can change by this name."""
    array.flags.writeable = False
    return array


def short(array) -> str:
    """An array as text, with the seven digits that the chapter prints."""
    return "[" + ", ".join(f"{value:.7g}" for value in array) + "]"
