"""An E-step by eye: the bound of the reader's shares against the free energy; its picture and its widget."""

import re

import numpy as np
import pytest
from forms import ONE_TO_SIX
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import same_color
from paper_page import Page, said

from emlib import BinomialMixture, Coins, chapter
from emlib.beyond import free_energy
from emlib.by_hand.e_step_picture import EStepPicture
from emlib.by_hand.e_step_state import EStepState
from emlib.coins import ImpossibleData
from emlib.page.picture import COLOURS, HATCHES
from emlib.page.shares import with_border, with_share
from emlib.widgets import EStepByEye
from emlib.words import nats

COINS = BinomialMixture(chapter.heads, chapter.tosses)
MOVES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1), st.floats(0, 1)), max_size=20)


@given(MOVES)
def test_the_bound_is_the_free_energy_and_never_above_the_log_likelihood(moves):
    state = EStepState(COINS, chapter.start)
    for row, border, place in moves:
        state.move(row, border, place)
        assert state.shares.sum(axis=1) == pytest.approx(np.ones(5)) and np.all(state.shares >= 0)
        assert state.bound <= COINS.log_likelihood(chapter.start)
    assert state.bound == pytest.approx(free_energy(COINS, state.shares, chapter.start))
    assert state.log_likelihood - state.costs().sum() == pytest.approx(state.bound)
    state.take_posterior()
    assert state.bound == pytest.approx(state.log_likelihood) and state.costs() == pytest.approx(np.zeros(5), abs=1e-12)


def test_it_begins_with_even_shares_of_the_coins_that_can():
    state = EStepState(COINS, chapter.start)
    assert np.all(state.shares == 1 / 3)
    joint = COINS.log_joint(chapter.start)
    assert state.even_bound == pytest.approx(COINS.occurrences @ (joint.mean(axis=1) + np.log(3)))
    state = EStepState(BinomialMixture([0, 5, 10]), Coins([0.4, 0.3, 0.3], [0, 0.5, 1]))
    assert state.shares.tolist() == [[0.5, 0.5, 0], [0, 1, 0], [0, 0.5, 0.5]]
    state.move(1, 0, 0.5)
    assert (
        state.bound == -np.inf
        and np.isinf(state.costs()[1])
        and state.describe(0).startswith("Your bound F \N{MINUS SIGN}\N{INFINITY}, log")
    )


def test_of_many_outcomes_some_are_shared_out_by_hand_and_the_others_by_bayes():
    model = BinomialMixture(range(100), 100)
    state = EStepState(model, Coins([0.5, 0.5], [0.3, 0.6]))
    posterior = model.responsibilities(state.theta)
    others = np.setdiff1d(np.arange(100), state.rows)
    assert len(state.rows) == 11 and state.rows[[0, -1]].tolist() == [0, 99]
    assert np.array_equal(state.shares[others], posterior[others]) and np.all(state.shares[state.rows] == 0.5)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), st.data())
def test_shares_side_by_side(parts, data):
    shares = np.array(parts) / sum(parts)
    which, place = data.draw(st.integers(0, len(shares) - 2)), data.draw(st.floats(0, 1))
    moved = with_border(shares, which, place)
    assert moved.sum() == pytest.approx(1) and moved[: which + 1].sum() == pytest.approx(place)
    for border in np.delete(np.arange(len(shares) - 1), which):
        now, before = moved[: border + 1].sum(), shares[: border + 1].sum()
        assert now == pytest.approx((min if border < which else max)(before, place)), "pushed, or where it was"
    changed = with_share(shares, which, place)
    assert changed[which] == place and changed.sum() == pytest.approx(1)
    if place < 1:
        others = np.delete(changed, which)
        assert others / others.sum() == pytest.approx(np.delete(shares, which) / (1 - shares[which]))
    for act, name in ((with_border, "place"), (with_share, "share")):
        with pytest.raises(ValueError, match=f"{name} must be a number from 0 to 1; it is 1.5"):
            act(shares, which, 1.5)


# The picture.


def heights(patch):
    return [(polygon[:, 1].min(), polygon[:, 1].max()) for polygon in patch.get_path().to_polygons()]


def test_bars_posterior_score_and_costs():
    state = EStepState(COINS, chapter.start)
    state.move(0, 0, 0.6)
    picture = EStepPicture(state)
    picture.image(2)
    joint = np.array(chapter.start.weights) * chapter.start.probabilities(10)[[2, 3]]
    posterior = joint / joint.sum(axis=1, keepdims=True)
    for j in range(3):
        own = [(low, high) for low, high in heights(picture.own[j])]
        assert own[0] == pytest.approx([(0, 0.6), (0.6, 2 / 3), (2 / 3, 1)][j]) and own[3] == pytest.approx(
            (j / 3, (j + 1) / 3)
        )
        ends = np.cumsum(posterior, axis=1)
        found = heights(picture.posterior[j])
        assert np.array(found) == pytest.approx(np.column_stack([ends[:, j] - posterior[:, j], ends[:, j]]))
    texts = [text for *_, text in picture.update(2)]
    costs = 4 * (np.array([0.6, 0.2 / 3, 1 / 3]) @ np.log(np.array([0.6, 0.2 / 3, 1 / 3]) / posterior[0]))
    assert f"{costs:.3f}" in texts and f"\N{MINUS SIGN}{-state.bound:.4f}" in texts and "\N{MINUS SIGN}38.9269" in texts
    bar = next(patch for patch in picture.figure.axes[-1].patches if patch.get_animated())
    below = (state.log_likelihood - state.bound) / (state.log_likelihood - state.even_bound)
    assert below > 1 and bar.get_height() == pytest.approx(0.13 / below)
    assert len(picture.areas(2)) == 2 and picture.areas(0) == []
    handles = {handle.name: handle for handle in picture.handles()}
    assert len(handles) == 10 and handles["2 heads: coins 1 and 2"].value == (0, 0.6)
    assert handles["2 heads: coins 2 and 3"].limits == (0, 1), "one pushes another along"


def test_each_coin_has_one_look_and_each_outcome_and_number_its_own_words():
    state = EStepState(COINS, chapter.start)
    state.move(4, 0, 0.2)
    picture = EStepPicture(state)
    picture.image(5)
    for j, parts in enumerate(zip(picture.own, picture.posterior, strict=True)):
        for part in parts:
            assert same_color(part.get_facecolor()[:3], COLOURS[j]) and (part.get_hatch() or "") == HATCHES[j]
    bars, score = picture.figure.axes[0], picture.figure.axes[-1]
    heads, times = np.unique(chapter.heads, return_counts=True)
    assert [text.get_text() for text in bars.texts] == [f"{x} heads\n×{n}" for x, n in zip(heads, times, strict=True)]
    rows = chapter.printed["Table 6.1"]
    for area, row in zip(picture.areas(5), rows, strict=True):
        assert area.words == "posterior " + ", ".join(f"{float(share):.3f}" for share in row)
    bound = free_energy(COINS, state.shares, chapter.start)
    below = -38.92690 - bound
    said = [text for axes, _, _, _, text in picture.update(5) if axes is score]
    assert said[:4] == ["log-likelihood", "\N{MINUS SIGN}38.9269", "your score F", f"\N{MINUS SIGN}{-bound:.4f}"]
    assert said[4] == "below it" and float(said[5]) == pytest.approx(below, abs=1e-4)


def test_below_even_shares_the_bar_of_the_bound_is_short_and_never_empty():
    state = EStepState(COINS, chapter.start)
    picture = EStepPicture(state)

    def height():
        picture.image(0)
        return next(patch for patch in picture.figure.axes[-1].patches if patch.get_animated()).get_height()

    heights = [height()]
    for row in state.rows:
        state.move(row, 0, 0)  # all to coin 3, which the chapter's start makes unlikely
        state.move(row, 1, 0)
        heights.append(height())
    assert heights[0] == pytest.approx(0.13) and np.all(np.diff(heights) < 0) and heights[-1] > 0.01
    state.restart()
    state.move(4, 0, 0.15)
    below = (state.log_likelihood - state.bound) / (state.log_likelihood - state.even_bound)
    assert 0 < below < 1 and height() == pytest.approx(1 - 0.87 * below)
    state.take_posterior()
    assert height() == pytest.approx(1)
    state = EStepState(BinomialMixture([0, 5, 10]), Coins([0.4, 0.3, 0.3], [0, 0.5, 1]))
    picture = EStepPicture(state)
    state.move(1, 0, 0.5)
    assert height() == 0, "minus infinity"
    assert "\N{MINUS SIGN}\N{INFINITY}" in [text for *_, text in picture.update(3)]
    assert "\N{INFINITY}" in [text for *_, text in picture.update(3)]


def test_no_zero_has_a_sign():
    state = EStepState(COINS, chapter.start)
    state.take_posterior()
    assert np.all(state.costs() >= 0) and state.costs().max() < 1e-12
    said = [state.describe(5), *(text for *_, text in EStepPicture(state).update(5))]
    assert not [text for text in said if re.search("[-\N{MINUS SIGN}]0\\.0+(?!\\d)", text)]
    assert nats(-1e-9) == "0.0000" == nats(0.0) and nats(-0.00005) == "-0.0001" and nats(-2.25, 1) == "-2.2"
    assert (nats(np.inf), nats(-np.inf)) == ("\N{INFINITY}", "\N{MINUS SIGN}\N{INFINITY}")


@pytest.mark.parametrize(("lengths", "least"), [(10, 0), (10, 12), ([10] * 6 + [12] * 5, 0)])
def test_of_many_outcomes_no_word_touches_the_next(lengths, least):
    model = BinomialMixture(range(11), lengths, occurrences=[1, 20, 3, 4, 5, 6, 7, 8, 9, 10, 123])
    state = EStepState(model, Coins([0.2, 0.3, 0.5], [0.15, 0.55, 0.8]))
    picture = EStepPicture(state)
    picture.least = least
    picture.image(11)
    bars, *_ = picture.figure.axes
    boxes = sorted((text.get_window_extent() for text in bars.texts), key=lambda box: box.x0)
    assert len(boxes) == 12 and all(a.x1 <= b.x0 for a, b in zip(boxes, boxes[1:], strict=False)) and boxes[0].x0 >= 0
    names = [text.get_text() for text in bars.texts]
    assert names[10] == ("10\n×123" if lengths == 10 else "10/12\n×123") and names[1].endswith("\n×20")
    assert names[11] == ("heads" if lengths == 10 else "heads /\ntosses")
    costs = [place for place in picture.update(11) if place[0] is bars]
    ends = []
    for _, (across, _), size, _, text in costs:
        middle, wide = bars.transAxes.transform((across, 0))[0], picture.font(size).getlength(text)
        ends += [middle - wide / 2, middle + wide / 2]
    assert len(costs) == 11 and np.all(np.diff(ends) > 0)
    assert [float(cost[-1]) for cost in costs] == pytest.approx(state.costs(), abs=0.5)


def test_what_is_said_of_an_outcome_stands_under_the_readers_bar():
    picture = EStepPicture(EStepState(COINS, chapter.start))
    picture.image(5)
    bars, *_ = picture.figure.axes
    middles = [np.mean(polygon[:, 0][[0, 2]]) for polygon in picture.own[0].get_path().to_polygons()]
    assert [text.get_position()[0] for text in bars.texts] == pytest.approx(middles)
    costs = [5 * across - 0.5 for axes, (across, _), *_ in picture.update(5) if axes is bars]
    assert costs == pytest.approx(middles) == [handle.low[0] for handle in picture.handles()[::2]]


def test_an_outcome_that_occurs_once_is_said_to():
    said = EStepState(BinomialMixture([1, 2, 2]), chapter.start).describe(2)
    assert "1 head, once: yours 0.333, " in said and "2 heads, 2 times: yours 0.333, " in said


@pytest.mark.parametrize("coins", ONE_TO_SIX)
def test_one_to_six_coins(coins):
    theta = Coins(np.full(coins, 1 / coins), np.linspace(0.1, 0.9, coins))
    widget = EStepByEye(BinomialMixture(range(12), 11), theta)
    assert len(widget.picture.handles()) == 11 * (coins - 1)
    assert widget.sharp.png(11)


# The widget.


@pytest.fixture
def page():
    return Page(EStepByEye(COINS, chapter.start))


def test_shares_are_dragged_checked_and_taken_back(page):
    page.move("6 heads: coins 1 and 2", 0, 0.15)
    page.move("6 heads: coins 2 and 3", 0, 0.69)
    state = page.widget.state
    assert state.shares[4] == pytest.approx([0.15, 0.54, 0.31]) and "posterior" not in said(page.widget)
    page.move("Check")
    assert page.view.shown["frame"] == 5 and "posterior 0.147, 0.540, 0.313" in said(page.widget)
    page.move("6 heads: coins 1 and 2", 0, 0.2, frame=5)
    assert page.view.shown["frame"] == 5, "what was checked stays in sight"
    bound = free_energy(COINS, state.shares, chapter.start)
    score = f"Your bound F {bound:.4f}, log-likelihood -38.9269. "
    first = "2 heads, 4 times: yours 0.333, 0.333, 0.333, posterior 0.567, 0.412, 0.020, cost "
    assert said(page.widget).startswith(score + first)
    page.move("E-step", frame=5)
    assert said(page.widget).startswith("Your bound F -38.9269, log-likelihood -38.9269")
    page.move("Start again", frame=5)
    assert page.view.shown["frame"] == 0 and np.all(state.shares == 1 / 3)
    page.move("7 heads: coins 1 and 2", 0, 0.5)  # of another picture
    assert np.all(state.shares == 1 / 3)
    page.ask(1, 3)
    assert "posterior" in page.moment(2)["words"]


def test_the_lower_border_pushes_the_upper_one_along(page):
    page.move("6 heads: coins 1 and 2", 0, 0.8)
    assert page.widget.state.shares[4] == pytest.approx([0.8, 0, 0.2])
    assert page.handles["6 heads: coins 2 and 3"]["value"] == pytest.approx([0, 0.8])
    page.move("6 heads: coins 2 and 3", 0, 0.5)
    assert page.widget.state.shares[4] == pytest.approx([0.5, 0, 0.5])


def test_impossible_data_are_refused():
    with pytest.raises(ImpossibleData):
        EStepByEye(COINS, Coins([1], [1]))
    with pytest.raises(TypeError, match="model must be a BinomialMixture"):
        EStepByEye([1, 2], chapter.start)


@pytest.mark.parametrize(
    ("model", "theta", "words"),
    [
        ("coins", chapter.start, "^model must be a BinomialMixture; it is a str: 'coins'$"),
        (BinomialMixture([1]), [0.5], r"^theta must be a Coins; it is a list: \[0.5\]$"),
    ],
)
def test_what_is_no_model_and_what_no_coins(model, theta, words):
    with pytest.raises(TypeError, match=words):
        EStepState(model, theta)
