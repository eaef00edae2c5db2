"""What can be drawn, and the words for what cannot."""

import numpy as np
import pytest

import emlib
from emlib import BinomialMixture, Coins
from emlib.coins import Sample
from emlib.page.inputs import coins_to_draw, runs_to_draw, sample_to_draw

TWO, SIX, SEVEN = (Coins(np.full(coins, 1 / coins), np.linspace(0.1, 0.9, coins)) for coins in (2, 6, 7))
STEPS = list(emlib.em(BinomialMixture([3, 7]), TWO, 3))


def sample(labels, heads=3):
    return Sample(np.zeros(heads, dtype=int), np.array(labels))


def test_what_can_be_drawn():
    assert coins_to_draw("start", SIX) is coins_to_draw("start", TWO, 2) is coins_to_draw("t", SEVEN, most=None) is None
    assert sample_to_draw(sample([0, 1, 5]), 6) is sample_to_draw(sample([0, 0, 0]), 1) is None
    runs = {str(number): iter(STEPS) for number in range(6)}
    assert runs_to_draw("runs", runs) == {str(number): STEPS for number in range(6)}
    assert runs_to_draw("runs", {"one": tuple(STEPS)}) == {"one": STEPS}


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: coins_to_draw("start", [0.5]), TypeError, "start must be a Coins; it is a list: [0.5]"),
        (lambda: coins_to_draw("b", TWO, 3), ValueError, "b must have 3 coins, as many as the others; it has 2"),
        (lambda: coins_to_draw("b", SEVEN), ValueError, "b must have 6 coins or fewer, to be told apart; it has 7"),
        (
            lambda: coins_to_draw("b", TWO, most=1),
            ValueError,
            "b must have 1 coins or fewer, to be told apart; it has 2",
        ),
        (lambda: sample_to_draw([1], 2), TypeError, "sample must be a Sample; it is a list: [1]"),
        (
            lambda: sample_to_draw(sample([0]), 7),
            ValueError,
            "coins must be 6 or fewer, to be told apart; there are 7",
        ),
        (
            lambda: sample_to_draw(sample([0, 1]), 2),
            ValueError,
            "sample must have a label for each of 3 sequences; it has 2",
        ),
        (
            lambda: sample_to_draw(sample([0, 1, 2]), 2),
            ValueError,
            "sample must have labels from 0 to 1; they go from 0 to 2",
        ),
        (
            lambda: sample_to_draw(sample([0, -1, 1]), 2),
            ValueError,
            "sample must have labels from 0 to 1; they go from -1 to 1",
        ),
        (
            lambda: sample_to_draw(sample([], 0), 2),
            ValueError,
            "sample must have labels from 0 to 1; there are none",
        ),
        (lambda: runs_to_draw("runs", [1]), TypeError, "runs must be a dict, as in {'a start': steps}; it is [1]"),
        (lambda: runs_to_draw("runs", {}), ValueError, "runs must be 1 to 6 runs, to be told apart; there are 0"),
        (
            lambda: runs_to_draw("runs", {str(number): STEPS for number in range(7)}),
            ValueError,
            "runs must be 1 to 6 runs, to be told apart; there are 7",
        ),
        (
            lambda: runs_to_draw("runs", {"a": []}),
            TypeError,
            "runs['a'] must be the steps of a run, as in list(em(model, theta)); it is []",
        ),
        (
            lambda: runs_to_draw("steps", {"": 3}),
            TypeError,
            "steps must be the steps of a run, as in list(em(model, theta)); it is [3]",
        ),
        (
            lambda: runs_to_draw("runs", {"a": STEPS, "b": [STEPS[0], 2]}),
            TypeError,
            "runs['b'] must be the steps of a run, as in list(em(model, theta)); it is ",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(call, error, words):
    with pytest.raises(error) as refused:
        call()
    assert str(refused.value) == words or (words.endswith("it is ") and str(refused.value).startswith(words))
