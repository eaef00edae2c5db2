"""Pictures of notebook 5: what they say agrees with the numbers, and bad shapes do not pass silently."""

import numpy as np
import pytest

import emlib
from emlib import BinomialMixture, Coins, drawing

A = BinomialMixture([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10])
BEST = Coins([0.1767297, 0.4304433, 0.3928271 - 1e-7], [0.0240541, 0.292654, 0.8649556])
INFERIOR = Coins([0.5997967, 0.3211941, 0.0790092], [0.2089472, 0.8394997, 0.9496586])


def pictures():
    runs = {"a start": list(emlib.em(A, Coins([0.5, 0.5], [0.2, 0.8]), 6))}
    triples = np.array([(i, j, k) for i in range(6) for j in range(i, 6) for k in range(j, 6)]) / 6 + 1 / 12
    heights = -np.abs(triples - BEST.biases).sum(axis=1)
    return {
        "after 6 iterations: a start at ": drawing.side_by_side({"A": runs, "again": runs}),
        "share 70%: 3, share 5%: 59": drawing.chances_to_miss([0.7, 0.05]),
        "Best triple of the grid: 0.0833, 0.2500, 0.9167": drawing.profile(triples, heights, {"best": BEST}),
        "3 coins: 32.13 at p = 0.000; 3 coins: 1.72 at p = 1.000": drawing.growing_mixture(A, [INFERIOR, BEST]),
        "no way to the left": drawing.cuts({"edge": (A, Coins([1], [0.0001]), Coins([1], [0.4]))}),
        "as they came: 0.50, 0.50; sorted by bias: 0.20, 0.80": drawing.averages(
            [[0.2, 0.8], [0.8, 0.2]], [[0.2, 0.8], [0.2, 0.8]]
        ),
        "first 75% (± 21.7%), second 0% (± 0.0%)": drawing.strategies_compared(
            {"first": [True, True, True, False], "second": [False] * 4}
        ),
    }


@pytest.mark.parametrize("words", pictures())
def test_a_picture_says_what_it_shows_and_fits_the_page(words):
    picture = pictures()[words]
    assert words in picture.description
    assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960


def test_a_cut_stays_inside_the_borders_and_starts_at_zero():
    """Walked both ways where there is room, and one way only from a border."""
    edge = drawing.cuts({"edge": (A, Coins([0.5, 0.5], [0, 0.6]), Coins([0.5, 0.5], [0.1, 0.6]))})
    way, heights = edge.figure.axes[0].lines[1].get_data()
    assert way[0] == 0 and heights[0] == 0 and way[-1] == 1
    inside = drawing.cuts({"in": (A, BEST, Coins(BEST.weights, BEST.biases + [0, 0.05, 0]))})
    way, heights = inside.figure.axes[0].lines[1].get_data()
    assert (way[0], way[-1]) == (-1, 1) and max(heights) == pytest.approx(0, abs=1e-5)
