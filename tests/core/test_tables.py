"""A table: its columns as numbers, its rows as text and as HTML."""

import numpy as np
import pytest

from emlib import Table


@pytest.fixture
def table():
    return Table({"outcome": [2, 10], "c_1 < c_2": [0.25, 1 / 3]}, decimals=3)


def test_it_is_an_array_of_its_columns(table):
    assert table.columns == ("outcome", "c_1 < c_2") and len(table) == 2
    assert table["outcome"].tolist() == [2, 10]
    assert np.array_equal(np.asarray(table), [[2, 0.25], [10, 1 / 3]])
    assert np.asarray(table).dtype == float and np.asarray(Table({"n": [1, 2]})).dtype == float
    assert np.asarray(table, dtype=np.float32).dtype == np.float32 == table.__array__(np.float32).dtype


def test_as_text_its_columns_are_right_aligned(table):
    assert repr(table) == "outcome  c_1 < c_2\n      2      0.250\n     10      0.333"
    assert repr(Table({"p": [0.5]})) == "        p\n0.5000000"


def test_as_html_its_names_are_headers_and_escaped(table):
    assert table._repr_html_() == (
        "<table><tr><th>outcome</th><th>c_1 &lt; c_2</th></tr>"
        "<tr><td>2</td><td>0.250</td></tr><tr><td>10</td><td>0.333</td></tr></table>"
    )


@pytest.mark.parametrize("columns", [{"a": [1, 2], "b": [1]}, {"a": [[1], [2]]}, {"a": 1}])
def test_columns_are_flat_and_equally_long(columns):
    with pytest.raises(ValueError, match="columns must be flat and equally long; their shapes are {'a': "):
        Table(columns)


def test_what_is_no_dict_is_named():
    with pytest.raises(TypeError, match=r"columns must be a dict of names and values; it is \[1, 2\]"):
        Table([1, 2])
