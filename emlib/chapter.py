"""The chapter's example: its data, its start, and every number printed in section 6.3.

The printed numbers are kept as text, because the digits that are printed are part of what they say.
"""

import numpy as np

from .checks import as_numbers
from .coins import Coins
from .words import mark, tr

heads = (6, 5, 4, 2, 2, 6, 5, 5, 4, 2, 5, 2, 4, 4, 6, 4, 5, 6, 3, 3)

"""Heads in each of the 20 sequences (section 6.3)."""

tosses = 10

"""Tosses in each sequence (section 6.1)."""

start = Coins(weights=[0.25, 0.5, 0.25], biases=[0.4, 0.5, 0.65])

"""The start theta^(0): biases (6.6), weights in the paragraph below it."""

printed = {
    "(6.7)": ("0.1114767", "0.2050781", "0.2376685"),
    "(6.8)": ("0.0278692", "0.1025391", "0.0594171"),
    "(6.9)": ("0.1468149", "0.5401758", "0.3130094"),
    mark("Table 6.1"): (
        ("0.5674795", "0.4124300", "0.0200905"),
        ("0.4568744", "0.4980674", "0.0450583"),
        ("0.3436451", "0.5619435", "0.0944114"),
        ("0.2370680", "0.5814960", "0.1814361"),
        ("0.1468149", "0.5401758", "0.3130094"),
    ),
    "(6.10)": ("6.6744913", "10.5237552", "2.8017535"),
    "(6.11)": ("2.269918",),
    "(6.12)": ("0.4720569",),
    mark("Table 6.2"): (
        ("2.2699180", "1.6497199", "0.0803621"),
        ("0.9137487", "0.9961348", "0.0901165"),
        ("1.7182254", "2.8097177", "0.4720569"),
        ("1.1853398", "2.9074798", "0.9071804"),
        ("0.5872594", "2.1607030", "1.2520376"),
    ),
    "(6.13)": ("23.6042391",),
    mark("Table 6.3"): ("23.60424", "45.02833", "14.36743"),
    "(6.14)": ("0.3337246", "0.5261878", "0.1400877"),
    "(6.15)": ("0.3536485",),
    mark("Table 6.4"): ("0.3536485", "0.4278732", "0.5128013"),
}

"""Equation or table number to its printed digits, in reading order; (6.10) with the two numbers of its paragraph."""


def compare(label: str, values) -> str:
    """Compare computed values with the digits that the chapter prints.

    Parameters
    ----------
    label : str
        A key of `printed`, such as "(6.7)" or "Table 6.1".
    values : array_like
        As many numbers as are printed there, in the same order.

    Returns
    -------
    str
        One sentence that says how many numbers agree.

    Raises
    ------
    ValueError
        If the label is unknown or the number of values is not what the chapter prints.
    AssertionError
        If a value, rounded to the printed digits, differs. The message names it.
    """
    if label not in printed:
        raise ValueError(f"label must be one of {', '.join(printed)}; it is {label!r}")
    texts = np.ravel(printed[label])
    values = as_numbers("values", values).ravel()
    if len(values) != len(texts):
        raise ValueError(f"{label} prints {len(texts)} numbers; values holds {len(values)}")
    for index, text in enumerate(texts):
        rounded = f"{values[index]:.{len(text.partition('.')[2])}f}"
        if rounded != text:
            raise AssertionError(f"{label}, number {index + 1}: computed {rounded}, printed {text}")
    if len(texts) == 1:
        return tr("{label}: the number agrees with the chapter in every printed digit", label=tr(label))
    sentence = mark("{label}: all {count} numbers agree with the chapter in every printed digit")
    return tr(sentence, label=tr(label), count=len(texts))
