"""Checks of what callers hand in: every error names the argument, the value and what is allowed."""

from reprlib import repr as brief

import numpy as np

from .words import tr

MOST = 2**53  # up to here floats hold every whole number


class TooLarge(ValueError):
    """A number that is right in all but its size."""


def as_numbers(name: str, values) -> np.ndarray:
    """A copy of `values` as an array of floats, nan where one is missing; ValueError if they are no numbers.

    Text, dates and complex numbers are none, though numpy would make numbers of them.
    """
    try:
        raw = np.asarray(values)
        objects = raw.dtype.kind == "O"
        if raw.dtype.kind in "biuf" or objects and not any(isinstance(value, (str, bytes)) for value in raw.flat):
            if isinstance(values, np.ma.MaskedArray):
                return values.astype(float).filled(np.nan)
            if objects and hasattr(values, "to_numpy"):  # pandas, whose mark for a missing value is not numpy's
                return values.to_numpy(dtype=float, na_value=np.nan)
            return np.array(raw, dtype=float)
        problem = None
    except OverflowError as error:
        raise TooLarge(f"{name} must be numbers up to {np.finfo(float).max:.3g}; it is {brief(values)}") from error
    except (TypeError, ValueError) as error:
        problem = error
    raise ValueError(f"{name} must be numbers, alone or in lists or arrays; it is {brief(values)}") from problem


def probabilities(name: str, values, ndim: int = 1) -> np.ndarray:
    """A copy of `values` as an array of numbers from 0 to 1 with `ndim` axes; ValueError if they are none."""
    array = as_numbers(name, values)
    if array.ndim != ndim or array.size == 0:
        what = "a list of one or more numbers" if ndim == 1 else f"numbers in an array with {ndim} axes"
        raise ValueError(f"{name} must be {what}; its shape is {array.shape}")
    wrong = ~((array >= 0) & (array <= 1))  # catches nan, too
    if wrong.any():
        raise ValueError(
            tr("{name} must lie between 0 and 1; one of them is {value}", name=name, value=array[wrong][0])
        )
    return array


def distribution(name: str, values, ndim: int = 1) -> np.ndarray:
    """As `probabilities`, and they sum to 1 along the last axis (to within 1e-6, so that rounded numbers will do)."""
    array = probabilities(name, values, ndim)
    rows = array.reshape(-1, array.shape[-1])
    sums = rows.sum(axis=1)
    worst = np.abs(sums - 1).argmax()
    if abs(sums[worst] - 1) > 1e-6:
        found = {"name": name, "row": worst, "numbers": short(rows[worst]), "total": sums[worst]}
        if ndim == 1:
            raise ValueError(tr("{name} must sum to 1; {numbers} sums to {total:.7g}", **found))
        raise ValueError(tr("{name} must sum to 1; row {row}, counted from 0, {numbers} sums to {total:.7g}", **found))
    return array


def whole_numbers(name: str, values, least: int) -> np.ndarray:
    """A copy of `values` as an array of whole numbers, `least` or more; ValueError if they are none."""
    array = as_numbers(name, values)
    wrong = ~((array >= least) & (array == np.floor(array)) & (array < np.inf))  # catches nan, too
    if wrong.any():
        raise ValueError(f"{name} must be whole numbers, {least} or more; one of them is {array[wrong][0]}")
    if np.any(array > MOST):
        raise TooLarge(f"{name} must be at most 2**53 = {MOST}; one of them is {array[array > MOST][0]}")
    return array.astype(np.int64)  # where Python runs in a browser, int has 32 bits


def tally(which, weights=None, least: int = 0) -> np.ndarray:
    """How often each of the numbers 0, 1, 2, ... is in `which`, or the sum of its weights; at least so many of them.

    As `np.bincount`, which in a browser refuses the whole numbers of 64 bits that numpy draws and that others hand in.
    """
    return np.bincount(np.asarray(which).astype(np.intp), weights, least)


def whole_number(name: str, value, least: int) -> int:
    """`value` as a whole number, `least` or more; ValueError if it is none."""
    if isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be a whole number, {least} or more; it is {value}")
    try:
        array = whole_numbers(name, value, least)
    except TooLarge:
        raise
    except ValueError as error:
        raise ValueError(f"{name} must be a whole number, {least} or more; it is {brief(value)}") from error
    if array.ndim:
        raise ValueError(f"{name} must be one whole number, {least} or more; it is {brief(value)}")
    return int(array)


def finite_number(name: str, value) -> None:
    """ValueError unless `value` is a finite number of 0 or more."""
    kinds = (int, float, np.integer, np.floating)
    duration = isinstance(value, np.timedelta64)  # is a np.integer
    number = float(value) if isinstance(value, np.floating) else value
    if not isinstance(value, kinds) or duration or not 0 <= number <= float(np.finfo(float).max):  # refuses nan, too
        raise ValueError(f"{name} must be a finite number, 0 or more; it is {brief(value)}")


def yes_or_no(name: str, value) -> bool:
    """`value` as a bool; ValueError if it is none."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False; it is {brief(value)}")
    return bool(value)


def random_generator(seed) -> np.random.Generator:
    """Of a whole number, the same every time; a generator itself; or of None, a new one each time."""
    if seed is None or isinstance(seed, np.random.Generator):
        return np.random.default_rng(seed)
    return np.random.default_rng(whole_number("seed", seed, least=0))


def instance(name: str, value, kind: type) -> None:
    """TypeError unless `value` is of a kind; for what only models or parameters of one kind can do."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}; it is a {type(value).__name__}: {brief(value)}")


def methods(name: str, value, *names: str) -> None:
    """TypeError unless `value` is an object with these methods."""
    if isinstance(value, type) or not all(callable(getattr(value, method, None)) for method in names):
        raise TypeError(f"{name} must be an object with the methods {', '.join(names)}; it is {brief(value)}")


def read_only(array: np.ndarray) -> np.ndarray:
    """The same array, which nobody can change by this name."""
    array.flags.writeable = False
    return array


def listed(values, form: str = ".3f") -> str:
    """Numbers as text, one after another."""
    return ", ".join(f"{value:{form}}" for value in values)


def short(array) -> str:
    """An array as text, with the seven digits that the chapter prints."""
    return f"[{listed(array, '.7g')}]"
