"""A table to look at: named columns that print as text and show as HTML in a notebook."""

from html import escape

import numpy as np

from .checks import brief


class Table:
    """Named columns of equal length.

    Parameters
    ----------
    columns : dict of str to array_like
        Column name to its values, each of shape (rows,).
    decimals : int, default 7
        Digits shown after the point for numbers that are not whole. The values themselves are kept as they are.

    Notes
    -----
    `table["name"]` is a column, `numpy.asarray(table)` the whole as an array of shape (rows, columns).
    """

    def __init__(self, columns: dict, decimals: int = 7):
        if not isinstance(columns, dict):
            raise TypeError(f"columns must be a dict of names and values; it is {brief(columns)}")
        self._columns = {name: np.asarray(values) for name, values in columns.items()}
        self._decimals = decimals
        lengths = {name: values.shape for name, values in self._columns.items()}
        if len(set(lengths.values())) != 1 or len(next(iter(lengths.values()))) != 1:
            raise ValueError(f"columns must be flat and equally long; their shapes are {lengths}")

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self._columns)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __array__(self, dtype=None, copy=None):
        return np.column_stack(list(self._columns.values())).astype(dtype or float)

    def _rows(self, form):
        """The names, then the values, as text; each column is formed to be shown."""

        def text(value):
            return f"{value:.{self._decimals}f}" if isinstance(value, (float, np.floating)) else str(value)

        columns = [[name, *map(text, values)] for name, values in self._columns.items()]
        return zip(*map(form, columns), strict=True)

    def __repr__(self):
        def padded(column):
            return [cell.rjust(max(map(len, column))) for cell in column]

        return "\n".join(map("  ".join, self._rows(padded)))

    def _repr_html_(self):
        def tagged(column):
            return [f"<th>{escape(column[0])}</th>", *(f"<td>{escape(cell)}</td>" for cell in column[1:])]

        return f"<table><tr>{'</tr><tr>'.join(map(''.join, self._rows(tagged)))}</tr></table>"
