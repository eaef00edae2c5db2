"""Labels that are known for some: read from what people hand in, and put into a table of log joints."""

import numpy as np
import pytest

from emlib import Coins
from emlib.models.labels import known_labels, mask_known_labels, numbers_like

THETA = Coins([0.4, 0.6], [0.2, 0.8])


@pytest.mark.parametrize(
    ("labels", "right"),
    [
        (None, [-1, -1, -1]),
        ([2, 0, -1], [2, 0, -1]),
        ((1.0, float("nan"), 0), [1, -1, 0]),
        (np.ma.array([5, 1, 7], mask=[True, False, False]), [-1, 1, 7]),
    ],
)
def test_labels_of_every_kind(labels, right):
    found = known_labels(labels, 3)
    assert found.tolist() == right and found.dtype.kind == "i"


def test_a_known_label_rules_out_all_others():
    table = np.log([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]])
    masked = mask_known_labels(table, np.array([-1, 2, 0]))
    assert np.exp(masked) == pytest.approx(np.array([[0.1, 0.2, 0.3], [0, 0, 0.6], [0.7, 0, 0]]))
    assert np.array_equal(mask_known_labels(table, np.full(3, -1)), table)


def test_numbers_of_the_shape_of_theta():
    found = numbers_like("statistics", [[1, 2], [3, 4]], THETA)
    assert found.tolist() == [[1, 2], [3, 4]] and numbers_like("t", 3, 0.5).shape == ()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: known_labels([0, 1], 3), "labels must be 3, one per observation; their shape is (2,)"),
        (lambda: known_labels([[0, 1, 2]], 3), "labels must be 3, one per observation; their shape is (1, 3)"),
        (lambda: known_labels([0, -2, 1], 3), "labels must be whole numbers, -1 or more; one of them is -2"),
        (lambda: known_labels([0, 0.5, 1], 3), "labels must be whole numbers, -1 or more; one of them is 0.5"),
        (lambda: known_labels(["a"], 1), "labels must be numbers"),
        (
            lambda: mask_known_labels(np.zeros((2, 3)), np.array([-1, 3])),
            "labels must be from 0 to 2, or -1; one of them is 3",
        ),
        (lambda: numbers_like("parts", [1, 2], THETA), "parts must be of shape (2, 2); its shape is (2,)"),
        (lambda: numbers_like("parts", "ab", THETA), "parts must be numbers"),
    ],
)
def test_what_is_wrong_is_named(call, words):
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value).startswith(words)
