"""Coins in the reader's hand: scores against other formulas, moves, the rival, picture and widgets."""

import numpy as np
import pytest
from forms import ONE_TO_SIX
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import same_color
from paper_page import Page, said
from scipy.optimize import minimize
from scipy.stats import binom

import emlib
from emlib import BinomialMixture, Coins, chapter
from emlib.by_hand.climb_picture import ClimbPicture
from emlib.by_hand.climb_state import AgainstEMState, MStepState
from emlib.coins import ImpossibleData
from emlib.page.picture import COLOURS, HATCHES, MARKERS
from emlib.widgets import AgainstEM, MStepByEye

COINS = BinomialMixture(chapter.heads, chapter.tosses)
A = BinomialMixture(emlib.data.A)
HEADS = np.array(chapter.heads)
START_JOINT = np.array(chapter.start.weights) * binom.pmf(HEADS[:, None], 10, chapter.start.biases)
Q = START_JOINT / START_JOINT.sum(axis=1, keepdims=True)
INSIDE = st.floats(0.02, 0.98)


def expected_complete(weights, biases):
    """Sequence by sequence."""
    return np.sum(Q * (np.log(weights) + binom.logpmf(HEADS[:, None], 10, biases)))


@given(st.tuples(INSIDE, INSIDE, INSIDE), st.tuples(INSIDE, INSIDE, INSIDE))
def test_nobody_beats_the_formulas(weights, biases):
    weights = np.array(weights) / sum(weights)
    state = MStepState(COINS, chapter.start)
    state.go_to("anything", Coins(weights, biases))
    assert state.moves[-1].score == pytest.approx(expected_complete(weights, np.array(biases)))
    assert state.moves[-1].score <= state.rival[-1].score


def test_the_rival_of_an_m_step_is_its_maximum_by_direct_search():
    def negative(x):
        weights = np.exp(np.append(x[:2], 0))
        return -expected_complete(weights / weights.sum(), 1 / (1 + np.exp(-x[2:])))

    best = minimize(negative, np.zeros(5), method="BFGS", options={"gtol": 1e-8})
    state = MStepState(COINS, chapter.start)
    assert state.rival[-1].score == pytest.approx(-best.fun, abs=1e-8)
    assert state.rival[-1].theta.biases == pytest.approx(1 / (1 + np.exp(-best.x[2:])), abs=1e-5)
    state.step()
    assert state.best == state.rival[-1].score and state.theta is state.rival[-1].theta
    assert state.describe(True).endswith("; -53.6362, and yours is the same to four decimals")
    state.restart()
    less = state.rival[-1].score - expected_complete(chapter.start.weights, chapter.start.biases)
    assert state.describe(True).endswith(f", and yours is {less:.4f} less")
    state.set_bias(0, 0)
    assert state.describe(True).endswith(", and yours is \N{INFINITY} less")


def test_the_log_likelihood_is_climbed_and_em_keeps_step():
    state = AgainstEMState(A, Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9]))
    for coin, bias in ((0, 0.1), (1, 0.3), (2, 0.87)):
        state.set_bias(coin, bias)
    right = np.log(binom.pmf(np.array(emlib.data.A)[:, None], 10, [0.1, 0.3, 0.87]) @ [0.4, 0.3, 0.3]).sum()
    assert state.moves[-1].score == pytest.approx(right)
    steps = list(emlib.em(A, state.start, 3, tolerance=0))
    assert f"EM after 3 iterations {steps[3].log_likelihood:.4f}" in state.describe(False)
    assert "ends at" not in state.describe(False) and "EM ends at -45.6981" in state.describe(True)
    before = state.theta
    state.step()
    assert np.array_equal(state.theta.biases, A.m_step(A.e_step(before)).biases) and len(state.moves) == 5


def test_the_words_in_full():
    own = "Yours after 1 move: biases 0.400, 0.500, 0.500; weights 0.250, 0.500, 0.250; "
    score = np.log(binom.pmf(HEADS[:, None], 10, [0.4, 0.5, 0.5]) @ [0.25, 0.5, 0.25]).sum()
    state = AgainstEMState(COINS, chapter.start)
    state.set_bias(2, 0.5)
    end = "EM after 1 iteration -35.4165. EM ends at -35.1526 after 74 iterations"
    assert state.describe(True) == f"{own}log-likelihood {score:.4f}, your best {score:.4f}. {end}"
    score = expected_complete([0.25, 0.5, 0.25], [0.4, 0.5, 0.5])
    state = MStepState(COINS, chapter.start)
    state.set_bias(2, 0.5)
    assert state.describe(False) == f"{own}expected complete-data log-likelihood {score:.4f}, your best {score:.4f}"


def test_a_coin_that_has_no_share_costs_nothing_wherever_it_is():
    state = MStepState(COINS, Coins([0.5, 0.5, 0], [0.3, 0.5, 0.9]))
    before = state.moves[0].score
    state.set_bias(2, 0.0)
    assert state.moves[-1].score == before and np.isfinite(before)


def test_a_reader_can_be_higher_than_em():
    low = AgainstEMState(A, Coins([0.4, 0.3, 0.3], [0.3, 0.8, 0.95]))  # EM ends on the lower summit from here
    low.go_to("a better place", Coins([0.18, 0.43, 0.39], [0.02, 0.29, 0.87]))
    assert low.best > low.rival[-1].score and low.describe(False).endswith(
        "higher than EM will ever be from this start"
    )


def test_what_is_done_to_one_handle_until_another_is_moved_is_one_move():
    state = MStepState(COINS, chapter.start)
    for bias in (0.5, 0.6, 0.7):
        state.set_bias(0, bias)
    assert len(state.moves) == 2 and state.theta.biases[0] == 0.7
    state.set_bias(1, 0.2)
    assert len(state.moves) == 3
    state.set_bias(0, 0.3)
    state.set_weight(1, 0.2)
    state.set_border(1, 0.6)
    assert len(state.moves) == 6 and state.theta.weights == pytest.approx([0.4, 0.2, 0.4])
    state.step()
    state.step()
    assert len(state.moves) == 8, "each step is a move"
    assert state.best == max(move.score for move in state.moves)
    state.restart()
    assert len(state.moves) == 1 and state.theta is chapter.start
    state.set_border(1, 0.6)
    assert len(state.moves) == 2, "it is no part of what was before"
    state.restart()
    with pytest.raises(ValueError, match="bias must be a number from 0 to 1; it is 2"):
        state.set_bias(0, 2)
    assert len(state.moves) == 1


def test_a_border_pushes_the_next_one_along():
    state = MStepState(COINS, chapter.start)
    state.set_border(0, 0.9)
    assert state.theta.weights == pytest.approx([0.9, 0, 0.1])


def test_coins_that_cannot_give_the_data_score_minus_infinity():
    for state in (MStepState(COINS, chapter.start), AgainstEMState(COINS, Coins([1], [0.5]))):
        state.set_bias(0, 0.0)
        assert state.moves[-1].score == -np.inf and "\N{MINUS SIGN}\N{INFINITY}, your best -" in state.describe(False)
        assert ClimbPicture(state).png(1)
    assert AgainstEMState(COINS, Coins([1], [0.5])).colours.tolist() == [[1]] * 5
    with pytest.raises(TypeError, match="model must be a BinomialMixture"):
        AgainstEM([1, 2], chapter.start)
    with pytest.raises(ImpossibleData):
        AgainstEM(COINS, Coins([1], [0]))


def test_what_is_no_model_and_what_no_coins():
    with pytest.raises(TypeError, match="^model must be a BinomialMixture; it is a str: 'coins'$"):
        MStepState("coins", chapter.start)
    with pytest.raises(TypeError, match=r"^start must be a Coins; it is a list: \[0.5\]$"):
        AgainstEMState(COINS, [0.5])


def test_a_coin_that_has_no_share_adds_nothing():
    two, three = Coins([0.5, 0.5], [0.3, 0.5]), Coins([0.5, 0.5, 0], [0.3, 0.5, 0.9])
    assert MStepState(COINS, three).moves[0].score == pytest.approx(MStepState(COINS, two).moves[0].score)


def test_the_rival_goes_on_to_its_end():
    start = Coins([1 / 3] * 3, [0.45, 0.5, 0.55])
    state = AgainstEMState(A, start)
    end = emlib.em_many(A, [start.weights], [start.biases], 5000)
    assert len(state.rival) > 102 and state.rival[-1].theta.biases == pytest.approx(end.biases[0], abs=1e-6)
    assert state.rival[-1].score == pytest.approx(end.log_likelihoods[0], abs=1e-9)
    assert state.rival[1].theta.biases == pytest.approx(A.m_step(A.e_step(start)).biases)


def test_as_high_as_em_is_not_higher_but_a_little_higher_is():
    same = AgainstEMState(A, Coins([1], [0.3]))
    same.step()
    assert same.best == same.rival[-1].score and "higher" not in same.describe(True)
    low = AgainstEMState(A, Coins([0.4, 0.3, 0.3], [0.3, 0.8, 0.95]))
    better = [Coins([0.18, 0.43, 0.39], [bias, 0.29, 0.87]) for bias in np.linspace(0.02, 0.2, 50)]
    heights = np.array(
        [np.log(binom.pmf(A.heads[:, None], 10, coins.biases) @ coins.weights).sum() for coins in better]
    )
    place = np.argmin(np.abs(heights - low.rival[-1].score - 0.5))
    assert 0.3 < heights[place] - low.rival[-1].score < 0.7
    low.go_to("a little better", better[place])
    assert low.describe(False).endswith(". You are higher than EM will ever be from this start")


# The picture.


def lines(axes, animated=True):
    return [line for line in axes.get_lines() if line.get_animated() == animated]


def test_the_data_have_the_colours_of_the_posterior():
    widget = MStepByEye(COINS, chapter.start)
    widget.picture.image(0)
    _, _, data, *_ = widget.picture.figure.axes
    parts = [patch for patch in data.patches if patch.get_animated()]
    outcomes, times = np.unique(HEADS, return_counts=True)
    base = np.zeros(5)
    for j, part in enumerate(parts):
        own = [Q[HEADS == x, j].sum() for x in outcomes]
        found = [(p[:, 0].mean(), p[:, 1].min(), p[:, 1].max()) for p in part.get_path().to_polygons()]
        centres, low, high = (np.array(column) for column in zip(*found, strict=True))
        assert low == pytest.approx(base) and high == pytest.approx(base + own)
        base = base + own
    assert base == pytest.approx(times)
    assert [len(line.get_xdata()) for line in lines(data)] == [0], "the M-step does not look at a curve"
    against = AgainstEM(COINS, chapter.start)
    against.picture.image(0)
    (mixture,) = lines(against.picture.figure.axes[2])
    expected = 20 * binom.pmf(np.arange(11)[:, None], 10, chapter.start.biases) @ chapter.start.weights
    assert mixture.get_ydata() == pytest.approx(expected) and mixture.get_xdata() == pytest.approx(np.arange(11) / 10)
    words = [area.words for area in widget.picture.areas()]
    assert words[4].startswith("6 heads in 10 tosses: 4 sequences; posterior 0.147, 0.540, 0.313")


@pytest.mark.parametrize("kind", [MStepState, AgainstEMState])
def test_each_coin_has_one_look_and_its_own_numbers_and_axes_have_their_names(kind):
    picture = ClimbPicture(kind(COINS, Coins([0.2, 0.5, 0.3], [0.4, 0.5, 0.65])))
    picture.image(1)
    titles, lanes, data, weights, history, _ = picture.figure.axes
    parts = ([part for part in axes.patches if part.get_animated()] for axes in (data, weights))
    marked = [line for line in lines(lanes) if line.get_marker() != "None"]
    marks = marked[:3], marked[3:], titles.get_lines()  # where the coins are, where the M-step puts them, their names
    for j, (bar, weight) in enumerate(zip(*parts, strict=True)):
        for part in (bar, weight):
            assert same_color(part.get_facecolor()[:3], COLOURS[j]) and (part.get_hatch() or "") == HATCHES[j]
        assert {(of_coins[j].get_marker(), of_coins[j].get_color()) for of_coins in marks} == {(MARKERS[j], COLOURS[j])}
    names = [text for axes, _, size, _, text in picture.update(1) if axes is titles and size == 11]
    pairs = (("0.400", "0.200"), ("0.500", "0.500"), ("0.650", "0.300"))
    assert names == [f"c{'₁₂₃'[j]}  bias {bias}  weight {weight}" for j, (bias, weight) in enumerate(pairs)]
    assert (data.get_ylabel(), lanes.get_xlabel()) == ("sequences", "share of heads; bias")
    assert (history.get_xlabel(), history.get_ylabel()) == ("moves", "score (nats)")


def test_each_score_stands_beside_its_own_name():
    state = AgainstEMState(A, Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9]))
    best = state.moves[0].score
    state.set_bias(0, 0.95)
    picture, steps = ClimbPicture(state), list(emlib.em(A, state.start, 1))
    picture.image(0)
    said = [text for axes, *_, text in picture.update(0) if axes is picture.figure.axes[-1]]
    assert state.moves[1].score < best < steps[1].log_likelihood
    heights = [f"\N{MINUS SIGN}{-height:.4f}" for height in (state.moves[1].score, best, steps[1].log_likelihood)]
    assert said[0::2] == ["yours after 1 move", "your best", "EM after 1 iteration"] and said[1::2] == heights


def test_equal_shares_of_heads_are_one_bar_and_sequences_of_many_lengths_are_drawn():
    state = AgainstEMState(BinomialMixture([1, 2, 500], [2, 4, 1000]), Coins([0.5, 0.5], [0.4, 0.7]))
    picture = ClimbPicture(state)
    picture.image(0)
    bars = [patch for patch in picture.figure.axes[2].patches if not patch.get_animated()]
    assert [bar.get_height() for bar in bars] == [3]


def test_scores_over_moves_and_where_the_rival_ends():
    state = AgainstEMState(A, Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9]))
    state.set_bias(1, 0.5)
    state.set_bias(2, 0.88)
    picture = ClimbPicture(state)
    picture.image(0)
    rival, limit, own = lines(picture.figure.axes[4])
    steps = list(emlib.em(A, state.start, 10, tolerance=0))
    assert rival.get_ydata() == pytest.approx([step.log_likelihood for step in steps[:3]])
    assert own.get_ydata() == pytest.approx([move.score for move in state.moves])
    assert own.get_xdata() == pytest.approx([0, 0.1, 0.2]) and len(limit.get_ydata()) == 0
    assert "EM's end" not in [text for *_, text in picture.update(0)]
    picture.image(1)
    rival, limit, own = lines(picture.figure.axes[4])
    assert rival.get_ydata() == pytest.approx([step.log_likelihood for step in steps])
    assert rival.get_xdata() == pytest.approx(np.arange(11) / 10), "an iteration for a move"
    assert limit.get_ydata() == pytest.approx([-45.698144] * 2)
    assert "\N{MINUS SIGN}45.6981" in [text for *_, text in picture.update(1)]


def test_the_m_steps_coins_are_hidden_until_they_are_asked_for():
    widget = MStepByEye(COINS, chapter.start)
    right = COINS.m_step(COINS.e_step(chapter.start))
    for frame, seen in ((0, 0), (1, 1)):
        widget.picture.image(frame)
        _, lanes, _, weights, *_ = widget.picture.figure.axes
        open_marks = [line for line in lines(lanes) if line.get_markerfacecolor() == "white"]
        assert [len(mark.get_xdata()) for mark in open_marks] == [seen] * 3
    assert [mark.get_xdata()[0] for mark in open_marks] == pytest.approx(right.biases)
    (ends,) = lines(weights)
    assert ends.get_xdata() == pytest.approx(np.cumsum(right.weights)[:2])


def titled(model, start, frame):
    return next(text for _, _, size, _, text in ClimbPicture(MStepState(model, start)).update(frame) if size == 15)


def test_what_is_hollow_has_a_legend_once_it_is_there():
    given = BinomialMixture(chapter.heads, 10, learn_weights=False)
    every = "Hollow marks: the M-step's coins; triangles: the borders of its weights"
    assert titled(COINS, chapter.start, 1) == every and "Hollow" not in titled(COINS, chapter.start, 0)
    for model, start in ((given, chapter.start), (COINS, Coins([1], [0.5]))):
        assert titled(model, start, 1) == "Hollow marks: where the M-step puts the coins"


@pytest.mark.parametrize("kind", [MStepState, AgainstEMState])
def test_the_lines_of_the_scores_are_no_coins(kind):
    picture = ClimbPicture(kind(COINS, chapter.start))
    for frame, seen in ((0, [1, int(kind is AgainstEMState), 0]), (1, [1, int(kind is AgainstEMState), 2])):
        picture.image(frame)
        *_, history, numbers = picture.figure.axes
        drawn = lines(history), [*lines(numbers)[1:], lines(numbers)[0]]  # rival, its end, the reader
        for line, sample in zip(*drawn, strict=True):
            look = [[part.get_marker(), part.get_linestyle(), part.get_color()] for part in (line, sample)]
            assert look[0] == look[1], "the sample beside a number looks like its line"
            assert look[0][2] not in COLOURS and look[0][0] not in MARKERS
        assert [len(line.get_xdata()) for line in lines(numbers)] == seen


@pytest.mark.parametrize("start", [chapter.start, Coins([1 / 3] * 3, [0.1, 0.2, 0.9]), Coins([1], [0.42])])
@pytest.mark.parametrize("kind", [MStepState, AgainstEMState])
def test_the_axis_of_scores_has_numbers_that_do_not_tell_the_end(kind, start):
    state = kind(COINS, start)
    picture = ClimbPicture(state)
    picture.image(0)
    axes = picture.figure.axes[4]
    seen = [tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert 2 <= len(seen) <= 4 and axes.yaxis.get_offset_text().get_text() == ""
    assert all(
        float(label.replace("\N{MINUS SIGN}", "-")) == pytest.approx(tick)
        for label, tick in zip(labels, axes.get_yticks(), strict=True)
    )
    assert all(abs(tick - state.rival[-1].score) > 1e-9 for tick in seen)


def test_a_score_beyond_the_axis_stands_at_its_edge():
    low = AgainstEMState(A, Coins([0.4, 0.3, 0.3], [0.3, 0.8, 0.95]))
    low.go_to(None, Coins([0.18, 0.43, 0.39], [0.02, 0.29, 0.87]))
    low.go_to(None, Coins([0.18, 0.43, 0.39], [0.0, 0.0, 0.0]))
    picture = ClimbPicture(low)
    picture.image(0)
    axes = picture.figure.axes[4]
    assert low.moves[1].score > axes.get_ylim()[1] and low.moves[2].score == -np.inf
    assert lines(axes)[2].get_ydata()[1:] == pytest.approx(axes.get_ylim()[::-1])


@pytest.mark.parametrize("coins", ONE_TO_SIX)
@pytest.mark.parametrize("kind", [MStepByEye, AgainstEM])
def test_one_to_six_coins(coins, kind):
    theta = Coins(np.full(coins, 1 / coins), np.linspace(0.1, 0.9, coins))
    widget = kind(BinomialMixture(range(11)), theta)
    assert [handle.look for handle in widget.picture.handles()] == ["coin"] * coins + ["edge"] * (coins - 1)
    assert widget.sharp.png(1) and len(widget.sliders.biases) == coins


# The widgets.


@pytest.mark.parametrize("kind", [MStepByEye, AgainstEM])
def test_handles_and_sliders_move_the_coins_and_agree(kind):
    page = Page(kind(COINS, chapter.start))
    widget, state = page.widget, page.widget.state
    page.move("bias 2", 0.3, 0)
    page.move("bias 2", 0.35, 0)
    assert state.theta.biases.tolist() == [0.4, 0.35, 0.65] and len(state.moves) == 2
    assert widget.sliders.biases[1].value == 0.35
    page.rest()
    page.move("bias 2", 0.35, 0)
    assert len(state.moves) == 2, "a rest between two keys does not make them two moves"
    page.move("weights 1 and 2", 0.5, 0)
    assert state.theta.weights.tolist() == [0.5, 0.25, 0.25]
    assert [slider.value for slider in widget.sliders.weights] == [0.5, 0.25, 0.25]
    widget.sliders.biases[2].value = 0.5
    widget.sliders.weights[0].value = 0.2
    assert (
        state.theta.biases[2] == 0.5 and state.theta.weights == pytest.approx([0.2, 0.4, 0.4]) and len(state.moves) == 5
    )
    assert said(widget).startswith("Yours after 4 moves: biases 0.400, 0.350, 0.500; weights 0.200, 0.400, 0.400")
    assert page.handles["bias 3"]["value"] == [0.5, 0]
    page.move("Start again")
    assert len(state.moves) == 1 and widget.sliders.biases[1].value == 0.5


def test_check_and_step():
    page = Page(MStepByEye(COINS, chapter.start))
    page.move("Check")
    assert page.view.shown["frame"] == 1 and "The M-step: biases 0.354, 0.428, 0.513" in said(page.widget)
    page.move("M-step", frame=1)
    assert page.widget.state.moves[-1].score == page.widget.state.rival[-1].score
    page = Page(AgainstEM(COINS, chapter.start))
    page.move("EM step")
    page.move("EM step")
    assert len(page.widget.state.moves) == 3, "a step is a move of its own"
    page.move("EM's end")
    assert "EM ends at -35.1526" in said(page.widget)


def test_given_weights_are_not_moved():
    model = BinomialMixture(chapter.heads, 10, learn_weights=False)
    page = Page(MStepByEye(model, chapter.start))
    assert list(page.handles) == ["bias 1", "bias 2", "bias 3"] and page.widget.sliders.weights == []
    assert page.widget.state.rival[-1].theta.weights.tolist() == [0.25, 0.5, 0.25]
