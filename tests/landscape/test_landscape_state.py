"""What the landscape shows, apart from how: its path, its maxima and its map, against single runs and by hand."""

import numpy as np
import pytest
from spy import counted

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import basins, local_maxima
from emlib.data import DATA
from emlib.landscape.state import LandscapeState, grid_of_starts

A = BinomialMixture(emlib.data.A)
THREE = Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9])
TWO = Coins([0.5, 0.5], [0.3, 0.35])


def test_the_map_says_where_single_runs_end():
    state = LandscapeState(A, THREE)
    labels = state.basin_map(20).ravel()
    for cell in range(0, 400, 37):
        weights, biases = (rows[cell] for rows in grid_of_starts(THREE, 20))
        if biases[0] == biases[1]:  # equal coins are a saddle; only rounding errors leave it
            assert labels[cell] == -1
            continue
        *_, last = emlib.em(A, Coins(weights, biases), 3000, tolerance=1e-8)
        ends = [abs(last.log_likelihood - maximum.log_likelihood) < 1e-3 for maximum in state.maxima]
        assert ends == [labels[cell] == number for number in range(2)]
    assert state.shares(20) == [np.mean(labels == number) for number in range(2)]


def test_a_ridge_has_one_colour_whatever_its_coins():
    model = BinomialMixture(DATA["Simulated: coins of 0.2, 0.5, 0.8"])
    state = LandscapeState(model, THREE)
    assert [maximum.kind for maximum in state.maxima] == ["ridge"] and state.shares(20) == [1]


def test_the_maxima_of_the_known_data_need_no_more_than_200_starts():
    for name, heads in DATA.items():
        few, many = (local_maxima(BinomialMixture(heads), starts=starts) for starts in (200, 1000))
        found, wanted = ([point.log_likelihood for point in points] for points in (few, many))
        assert len(found) == len(wanted), f"the map, which tries 200 starts, would not show all maxima of {name!r}"
        assert found == pytest.approx(wanted)


def test_the_state_says_what_is_impossible_and_when_it_is_over():
    state = LandscapeState(A, TWO)
    assert state.problem == "" and state.run == 1
    state.set_bias(0, 0)
    state.set_bias(1, 0)
    assert state.problem == "These coins cannot give 1 heads in 10 tosses, as the data have it" and state.run == 3
    state.set_bias(1, 0.2)
    assert state.problem == "" and state.start.biases.tolist() == [0, 0.2]


@pytest.mark.parametrize(("bias", "model"), [(0, A), (1, A)])
def test_a_held_bias_on_the_border_reaches_no_maximum_inside_and_no_em_is_run_for_it(bias, model, monkeypatch):
    state = LandscapeState(A, Coins([0.4, 0.3, 0.3], [0.3, 0.4, bias]))
    slow = basins(A, *grid_of_starts(state.start, 10), state.maxima)
    calls = counted(monkeypatch, emlib.landscape.state, "basins")
    assert np.all(state.basin_map(10) == -1) and np.all(slow == -1) and not calls
    assert state.shares(10) == [0, 0]
    LandscapeState(A, Coins([0.5, 0.5, 0], [0.3, 0.4, bias])).basin_map(4)
    assert calls, "without weight a bias does not count"


def test_a_held_bias_on_the_border_reaches_a_maximum_there():
    model = BinomialMixture([0, 0, 0, 5, 5, 10, 10])
    state = LandscapeState(model, Coins([0.4, 0.3, 0.3], [0.3, 0.4, 1]))
    assert state.maxima[0].theta.biases.tolist() == pytest.approx([0, 0.5, 1], abs=1e-9)
    labels = state.basin_map(6)
    expected = basins(model, *grid_of_starts(state.start, 6), state.maxima).reshape(6, 6)
    off = ~np.eye(6, dtype=bool)  # equal coins are a saddle
    assert np.array_equal(labels[off], expected[off]) and np.any(labels == 0)


def test_a_refused_show_leaves_the_state():
    state = LandscapeState(A, THREE)
    before = state.model, state.start, state.maxima, state.climbing, state.steps, state.run
    fixed = BinomialMixture(A.heads, learn_weights=False)
    for arguments in ((fixed, THREE), (A, Coins([1], [0.5])), ([1], TWO), (A, [1]), (BinomialMixture([1], 101), TWO)):
        with pytest.raises((TypeError, ValueError)):
            state.show(*arguments)
        assert (state.model, state.start, state.maxima, state.climbing, state.steps, state.run) == before


def test_a_grid_of_starts_by_hand():
    weights, biases = grid_of_starts(Coins([0.2, 0.3, 0.5], [0.9, 0.8, 0.7]), 2)
    assert biases.tolist() == [[0.25, 0.25, 0.7], [0.75, 0.25, 0.7], [0.25, 0.75, 0.7], [0.75, 0.75, 0.7]]
    assert weights.tolist() == [[0.2, 0.3, 0.5]] * 4
    assert len(grid_of_starts(TWO)[0]) == 10_000


def test_how_long_em_climbs_and_how_many_starts_look_for_the_maxima(monkeypatch):
    searches = counted(monkeypatch, emlib.landscape.state, "maxima_of")
    slow = LandscapeState(A, Coins([0.4, 0.3, 0.3], [0.2, 0.85, 0.9]))
    assert slow.steps[-1].iteration == 200, "it would go on beyond 1000"
    slow.choose_data("The chapter's 20 sequences")
    assert [arguments[1:] for arguments in searches] == [(3, 2000), (3, 200)]
    two = LandscapeState(A, TWO)
    assert two.maxima == () and two.climbing is not A and len(searches) == 2
    fixed = BinomialMixture(A.heads, learn_weights=False)
    assert LandscapeState(fixed, TWO).climbing is fixed, "it holds its weights already"


def test_a_map_is_made_once_for_what_it_depends_on(monkeypatch):
    state, maps = LandscapeState(A, THREE), counted(monkeypatch, emlib.landscape.state, "basins")
    fine = state.basin_map(4)
    state.set_bias(0, 0.5)  # on the same map
    assert state.basin_map(4) is fine and state.basin_map(3) is fine and len(maps) == 1
    assert len(state.basin_map(5)) == 5 and len(maps) == 2
    state.set_bias(2, 0.3)
    other = state.basin_map(4)
    assert other.shape == (4, 4) and len(maps) == 3
    state.set_weight(0, 0.7)
    assert state.basin_map(4) is not other and len(maps) == 4
    state.choose_data("Two other summits")
    state.basin_map(4)
    assert len(maps) == 5 and maps[-1][0] is state.model


@pytest.mark.parametrize(
    ("model", "start", "words"),
    [
        (A, Coins([1], [0.5]), "the landscape is drawn for 2 or 3 coins; the start has 1"),
        (A, Coins([0.25] * 4, [0.5] * 4), "the landscape is drawn for 2 or 3 coins; the start has 4"),
        ([1, 2], TWO, "model must be a BinomialMixture; it is a list: [1, 2]"),
        (A, [0.5], "start must be a Coins; it is a list: [0.5]"),
        (
            BinomialMixture([1, 2], 3, learn_weights=False),
            THREE,
            "the map for 3 coins needs a model with learn_weights=True; it has False",
        ),
    ],
)
def test_what_has_no_map_is_named(model, start, words):
    for make in (lambda: LandscapeState(model, start), lambda: LandscapeState(A, TWO).show(model, start)):
        with pytest.raises((TypeError, ValueError)) as refused:
            make()
        assert str(refused.value) == words
