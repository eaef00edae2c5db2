"""A guess of a run that is drawn: strokes, distances, the picture and the widget."""

import numpy as np
import pytest
from forms import ONE_TO_SIX
from hypothesis import given
from hypothesis import strategies as st
from paper_page import Page, said

import emlib
from emlib import BinomialMixture, Coins, chapter
from emlib.by_hand.draw_picture import DrawPicture
from emlib.by_hand.draw_state import DrawState
from emlib.widgets import DrawThenSee

COINS = BinomialMixture(chapter.heads, chapter.tosses)
STEPS = list(emlib.em(COINS, chapter.start, 10, tolerance=0))
PLACE = st.floats(0, 1)


@pytest.fixture
def state():
    return DrawState(COINS, chapter.start)


def test_runs_are_those_of_em_and_guesses_begin_with_them(state):
    assert list(state.runs) == [
        "log-likelihood",
        *(f"bias {j}" for j in (1, 2, 3)),
        *(f"weight {j}" for j in (1, 2, 3)),
    ]
    assert state.runs["log-likelihood"].tolist() == [step.log_likelihood for step in STEPS]
    assert state.runs["bias 3"].tolist() == [step.theta.biases[2] for step in STEPS]
    assert state.runs["weight 2"].tolist() == [step.theta.weights[1] for step in STEPS]
    assert state.guesses["bias 3"].tolist() == [0.65] * 11
    given_weights = DrawState(BinomialMixture(chapter.heads, 10, learn_weights=False), chapter.start)
    assert list(given_weights.runs) == ["log-likelihood", "bias 1", "bias 2", "bias 3"]
    rest = DrawState(COINS, Coins([1], [0.415]), 30)
    assert len(rest.runs["bias 1"]) == 31, "a run that ends early rests"


@given(st.lists(st.integers(0, 10), min_size=1, max_size=20), st.floats(0.05, 0.95))
def test_no_run_leaves_the_scale_which_does_not_tell_where_it_ends(heads, bias):
    state = DrawState(BinomialMixture(heads), Coins([0.5, 0.5], [bias, 0.5]), 20)
    low, high = state.scale()
    run = state.runs["log-likelihood"]
    assert low < run[0] and run[-1] <= high + 1e-9 * abs(high) + 1e-3
    times = np.unique(heads, return_counts=True)[1]
    assert high == pytest.approx(max(times @ np.log(times / len(heads)), run[0] + 1e-3))
    state.quantity = "bias 1"
    assert state.scale() == (0, 1)


@given(st.lists(st.tuples(PLACE, PLACE), min_size=2, max_size=8))
def test_a_stroke_leaves_no_gap(points):
    state = DrawState(COINS, chapter.start)
    state.quantity = "bias 1"
    for across, up in points:
        state.draw(across, up)
    guess = state.guesses["bias 1"]
    first, last = (round(10 * end([x for x, _ in points])) for end in (min, max))
    drawn = guess[max(first, 1) : last + 1]
    assert np.all(drawn <= max(y for _, y in points) + 1e-12) and np.all(drawn >= min(y for _, y in points) - 1e-12)
    assert np.all(np.delete(guess, range(max(first, 1), max(last, 1) + 1)) == 0.4), "and touches nothing else"


def test_a_straight_stroke_is_a_straight_line_and_a_new_one_begins_anew(state):
    state.quantity = "bias 2"
    state.draw(0, 0)
    state.draw(1, 1)
    assert state.guesses["bias 2"][1:] == pytest.approx(np.arange(1, 11) / 10)
    state.settle()
    state.draw(0.5, 0.9)
    assert state.guesses["bias 2"][[4, 5, 6]] == pytest.approx([0.4, 0.9, 0.6])


def test_iterations_are_set_one_by_one(state):
    state.set(3, 0.5)
    low, high = state.scale()
    assert state.guesses["log-likelihood"][3] == pytest.approx((low + high) / 2)
    for iteration in (0, 11):
        with pytest.raises(ValueError, match="iteration must be"):
            state.set(iteration, 0.5)
    for place, name in (((2, 0.5), "across"), ((0.5, -1), "up")):
        with pytest.raises(ValueError, match=f"{name} must be a number from 0 to 1; it is "):
            state.draw(*place)
    with pytest.raises(TypeError, match="start must be a Coins"):
        DrawState(COINS, "equal")
    with pytest.raises(ValueError, match="iterations must be at most 30; it is 31"):
        DrawState(COINS, chapter.start, 31)


def test_the_distance_is_of_what_is_in_sight(state):
    state.quantity = "bias 3"
    run = np.array([step.theta.biases[2] for step in STEPS])
    assert np.isnan(state.distance(0))
    assert state.distance(4) == pytest.approx(np.mean(np.abs(run[1:5] - 0.65)))
    assert state.describe(0) == "Bias 3, your guess: " + ", ".join(["0.650"] * 11)
    assert state.describe(1).endswith(f"EM: 0.650, 0.513. On average {0.65 - run[1]:.4f} apart")


def test_the_picture_shows_the_guess_and_the_run_as_far_as_it_goes(state):
    state.set(3, 0.5)
    picture = DrawPicture(state)
    picture.image(0)
    guess, run = (line for line in picture.figure.axes[0].get_lines() if line.get_animated())
    assert guess.get_ydata() == pytest.approx(state.guesses["log-likelihood"]) and len(run.get_ydata()) == 1
    assert [area.use for area in picture.areas(0)] == ["draw"] and picture.areas(1) == picture.handles(1) == []
    handles = picture.handles(0)
    assert [handle.name for handle in handles] == [f"iteration {i}" for i in range(1, 11)]
    low, high = state.scale()
    assert handles[2].value[1] == pytest.approx(0.5) and handles[2].low == (3, low) and handles[2].high == (3, high)
    picture.image(4)
    assert run.get_ydata() == pytest.approx([step.log_likelihood for step in STEPS[:5]])
    state.quantity = "bias 2"
    picture.image(10)
    guess, run = (line for line in picture.figure.axes[0].get_lines() if line.get_animated())
    assert run.get_ydata() == pytest.approx([step.theta.biases[1] for step in STEPS])


@pytest.mark.parametrize(
    ("quantity", "look", "unit"),
    [
        ("log-likelihood", ("#222222", "o"), " nats"),
        ("bias 1", ("#0072B2", "o"), ""),
        ("bias 2", ("#D55E00", "s"), ""),
        ("weight 3", ("#009E73", "^"), ""),
    ],
)
def test_what_is_drawn_has_the_look_of_its_coin_and_its_own_words(state, quantity, look, unit):
    state.quantity = quantity
    state.set(2, 0.25)
    picture = DrawPicture(state)
    picture.image(2)
    (axes,) = picture.figure.axes
    first, run = axes.get_lines()[0], axes.get_lines()[-1]
    assert {(line.get_color(), line.get_marker()) for line in (first, run)} == {look}
    values = {"log-likelihood": [step.log_likelihood for step in STEPS]}
    values |= {f"bias {j + 1}": [step.theta.biases[j] for step in STEPS] for j in range(3)}
    values |= {f"weight {j + 1}": [step.theta.weights[j] for step in STEPS] for j in range(3)}
    start, once, twice = values[quantity][:3]
    low, high = state.scale()
    apart = (abs(start - once) + abs(low + 0.25 * (high - low) - twice)) / 2
    now = f"{twice:.4f}".replace("-", "\N{MINUS SIGN}")
    assert [text for *_, text in picture.update(2)] == [
        f"Iteration 2: {now}; on average {apart:.3f}{unit} from your guess"
    ]
    assert axes.get_xlabel() == "iteration" and axes.get_ylabel() == quantity + (" (nats)" if unit else "")
    assert {handle.colour for handle in picture.handles(0)} == {look[0]}


def test_the_widget_is_drawn_on_chosen_and_started_again():
    page = Page(DrawThenSee(COINS, chapter.start))
    widget, state = page.widget, page.widget.state
    page.move("draw", 0.1, 0.2)
    page.move("draw", 0.3, 0.4)
    low, high = state.scale()
    assert state.guesses["log-likelihood"][1:4] == pytest.approx(low + np.array([0.2, 0.3, 0.4]) * (high - low))
    page.rest()
    page.move("draw", 1, 0.9)
    assert state.guesses["log-likelihood"][9] == state.runs["log-likelihood"][0], "the stroke had ended"
    page.move("iteration 2", 0, 1)
    assert state.guesses["log-likelihood"][2] == pytest.approx(high)
    widget.quantity.value = "bias 1"
    assert said(widget).startswith("Bias 1, your guess: 0.400")
    page.ask(3, 5)
    assert "EM: 0.400, 0.354" in page.moment(4)["words"] and page.moment(4)["handles"] == []
    page.move("draw", 1, 0.9)
    page.move("Start again")
    assert state.guesses["bias 1"][10] == 0.4 and state.guesses["log-likelihood"][2] == state.runs["log-likelihood"][0]


@pytest.mark.parametrize("coins", ONE_TO_SIX)
def test_one_to_six_coins(coins):
    theta = Coins(np.full(coins, 1 / coins), np.linspace(0.1, 0.9, coins))
    widget = DrawThenSee(BinomialMixture([1, 2, 3], [2, 4, 3]), theta, iterations=1)
    for quantity in widget.state.runs:
        widget.quantity.value = quantity
        assert widget.sharp.png(1)


def test_the_scale_for_sequences_of_two_lengths_in_full():
    """Of three with 5 tosses, two and one had the same heads; the only one with 8 has a share of 1."""
    state = DrawState(BinomialMixture([1, 1, 4, 7], [5, 5, 5, 8]), Coins([0.5, 0.5], [0.3, 0.6]))
    assert state.last == 10
    first, high = state.runs["log-likelihood"][0], 2 * np.log(2 / 3) + np.log(1 / 3)
    assert state.scale() == pytest.approx((first - (high - first) / 4, high))
    state.quantity = "weight 1"
    assert state.scale() == (0, 1)
    best = DrawState(BinomialMixture([1], 1), Coins([1], [1]))  # no higher than it is
    assert best.runs["log-likelihood"][0] == 0 and best.scale() == pytest.approx((-0.00025, 0.001))


def test_the_words_in_full():
    state = DrawState(COINS, chapter.start, 2)
    first, second, third = (step.log_likelihood for step in STEPS[:3])
    guess = f"Log-likelihood, your guess: {first:.2f}, {first:.2f}, {first:.2f}"
    assert state.describe(0) == guess
    assert state.describe(1) == f"{guess}. EM: {first:.2f}, {second:.2f}. On average {second - first:.3f} apart"
    state.quantity = "bias 1"
    biases = [step.theta.biases[0] for step in STEPS[:3]]
    listed, apart = ", ".join(f"{bias:.3f}" for bias in biases), np.mean([0.4 - bias for bias in biases[1:]])
    words = f"Bias 1, your guess: 0.400, 0.400, 0.400. EM: {listed}. On average {apart:.4f} apart"
    assert state.describe(2) == words and np.isnan(state.distance(0))


def test_a_stroke_back_is_the_same_line(state):
    state.quantity = "bias 2"
    for across, up in ((1, 1), (0.2, 0.2), (0.2, 0.6)):  # straight up at its end
        state.draw(across, up)
    assert state.guesses["bias 2"] == pytest.approx([0.5, 0.5, 0.6, *np.arange(3, 11) / 10])


def test_drawing_again_forgets_all_and_a_run_goes_on_to_its_last_digit(state):
    state.draw(0.5, 0.5)
    state.restart()
    assert all(np.all(guess == state.runs[name][0]) for name, guess in state.guesses.items())
    state.draw(1, 0.2)  # no line from where the stroke was before
    assert state.guesses["log-likelihood"][5] == state.runs["log-likelihood"][0]
    run = DrawState(COINS, chapter.start, 30).runs["bias 1"]
    assert run.tolist() == [step.theta.biases[0] for step in emlib.em(COINS, chapter.start, 30, tolerance=0)]
    near = DrawState(BinomialMixture([0, 10]), Coins([0.5, 0.5], [1e-9, 1 - 1e-9]), 4).runs["bias 1"]
    assert near[1] != near[0] and len(near) == 5
    assert len(DrawState(COINS, chapter.start, 1).runs["bias 1"]) == 2


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: DrawState("coins", chapter.start),
            TypeError,
            "^model must be a BinomialMixture; it is a str: 'coins'",
        ),
        (lambda: DrawState(COINS, [0.5]), TypeError, r"^start must be a Coins; it is a list: \[0.5\]$"),
        (
            lambda: DrawState(COINS, chapter.start, 0),
            ValueError,
            "^iterations must be a whole number, 1 or more; it is 0$",
        ),
        (lambda: DrawState(COINS, chapter.start, 31), ValueError, "^iterations must be at most 30; it is 31$"),
        (
            lambda: DrawState(COINS, chapter.start).set(0, 0.5),
            ValueError,
            "^iteration must be a whole number, 1 or more",
        ),
        (lambda: DrawState(COINS, chapter.start).set(11, 0.5), ValueError, "^iteration must be at most 10; it is 11$"),
        (
            lambda: DrawState(COINS, chapter.start).set(1, 2),
            ValueError,
            "^share must be a number from 0 to 1; it is 2$",
        ),
        (
            lambda: DrawState(COINS, chapter.start).draw(2, 1),
            ValueError,
            "^across must be a number from 0 to 1; it is 2$",
        ),
        (lambda: DrawState(COINS, chapter.start).draw(1, 2), ValueError, "^up must be a number from 0 to 1; it is 2$"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
