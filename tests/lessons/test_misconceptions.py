"""Notebook 13: its pictures hold numbers worked out another way, and its open exercises tell right from wrong."""

from math import comb, nan

import numpy as np
import pytest
from matplotlib.colors import same_color
from scipy.optimize import minimize
from scipy.special import expit, logit, softmax
from scipy.stats import binom
from test_exercises import B

from emlib.lessons import exercises
from emlib.lessons import misconceptions as lesson
from emlib.page.picture import COLOURS


def heights(bars):
    return [bar.get_height() for bar in bars]


def test_fit_and_fresh_draws_average_gains_over_one_coin():
    picture = lesson.fit_and_fresh([[-5, -7], [-4, -7], [-2, -6]], [[-6, -6], [-7, -8], [-6, -10]])
    (axes,) = picture.figure.axes
    zero, own, fresh = axes.lines
    assert list(zero.get_ydata()) == [0, 0]
    assert list(own.get_xdata()) == list(fresh.get_xdata()) == [1, 2, 3]
    assert list(own.get_ydata()) == [0, 0.5, 2] and list(fresh.get_ydata()) == [0, -1.5, -2]
    assert own.get_color() != fresh.get_color() and own.get_marker() != fresh.get_marker()
    assert [own.get_label(), fresh.get_label()] == ["on the sequences fitted", "on fresh sequences"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("coins in the mixture", "gain over one coin\n(nats, average)")
    assert "on the sequences fitted +0.000, +0.500, +2.000; on fresh sequences +0.000, -1.500" in picture.description


def test_posterior_beside_weight_draws_all_three():
    picture = lesson.posterior_beside_weight([0, 0.25, 0.9], [nan, 0.3, 0.8], 0.4, "trick coin")
    (axes,) = picture.figure.axes
    assert heights(axes.containers[0]) == [0, 0.25, 0.9]
    counted, weight = axes.lines
    assert list(counted.get_xdata()) == [0, 1, 2]
    assert counted.get_ydata() == pytest.approx([nan, 0.3, 0.8], nan_ok=True)
    assert list(weight.get_ydata()) == [0.4, 0.4]
    said = [text.get_text() for text in picture.figure.legends[0].get_texts()]
    assert said == ["share counted", "its weight, 0.4", "posterior of the trick coin"]
    assert (counted.get_label(), weight.get_label(), axes.get_xlabel()) == (*said[:2], "heads in 2 tosses")
    assert "for 0 to 2 heads: 0.000, 0.250, 0.900. Share counted: none, 0.300, 0.800. W" in picture.description


def test_named_groups_stacks_sequences_by_true_bias():
    biases, labels = [0.01, 0.02, 0.49, 0.03, 0.99, 1], [0, 0, 0, 1, 1, 1]
    picture = lesson.named_groups(biases, labels, coins=3)
    first, second, third = picture.figure.axes[0].containers
    for bars, counts in ((first, {0: 2, 9: 1}), (second, {0: 1, 19: 2}), (third, {})):
        assert {place: height for place, height in enumerate(heights(bars)) if height} == counts
        assert [bar.get_x() for bar in bars] == pytest.approx([0.05 * place for place in range(20)])
    for bars, colour, label in zip((first, second, third), COLOURS, ("1: 3", "2: 3", "3: 0"), strict=False):
        assert (
            all(same_color(bar.get_facecolor(), colour) for bar in bars)
            and bars.get_label() == f"given to coin {label}"
        )
    axes = picture.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("true bias of the sequence", "sequences")
    assert second[0].get_y() == 2 and second[9].get_y() == 1, "they stand on those of the first coin"
    assert "Given to coin 1: 3 sequences, true biases 0.01 to 0.49; to coin 2: 3 seq" in picture.description
    assert picture.description.endswith("to coin 3: 0 sequences.")


def test_added_up_sums_over_outcomes_and_over_coins():
    outcomes = [comb(3, x) * 0.4**x * 0.6 ** (3 - x) for x in range(4)]
    models = [3 * p * p * (1 - p) for p in (0, 0.25, 0.5, 0.75, 1)]
    picture = lesson.added_up(outcomes, models, bias=0.4, heads=2)
    left, right = picture.figure.axes
    assert heights(left.containers[0]) == outcomes and heights(right.containers[0]) == models
    middle = [bar.get_x() + bar.get_width() / 2 for bar in right.containers[0]]
    assert middle == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert left.get_title(loc="left") == "one coin, 0.4: all outcomes; sum 1.000"
    assert right.get_title(loc="left") == f"one outcome, 2 heads: 5 coins; sum {sum(models):.3f}"
    assert left.get_ylim() == right.get_ylim() and left.get_ylabel() == "likelihood"
    assert (left.get_xlabel(), right.get_xlabel()) == ("heads in 3 tosses", "bias of the coin")
    assert "highest at bias 0.75." in picture.description


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: lesson.fit_and_fresh([[1, 2]], [[1, 2, 3]]), "fresh must be of shape 1 x 2; its shape is"),
        (lambda: lesson.posterior_beside_weight([0.5, 0.5], [0.5], 0.1), "counted must be 2 numbers, as posterior"),
        (lambda: lesson.named_groups([0.5, 0.5], [0, 3], coins=3), "there are 3 coins, and labels from 0 to 3"),
        (lambda: lesson.named_groups([0.5, 0.5], [0], coins=3), "labels must be of shape 2; its shape is"),
        (lambda: lesson.added_up([], [0.5], 0.5, 1), "outcomes must be of shape any; its shape is"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


# The two exercises that have many right answers


def said(name, answer):
    return exercises("misconceptions")[name].judge(answer).correct


def summit(biases):
    """Where a direct search from equal weights and these biases ends on data B. No EM."""

    def minus(z):
        return -np.log(binom.pmf(np.array(B)[:, None], 10, expit(z[2:])) @ softmax([0, *z[:2]])).sum()

    return -minimize(minus, [0, 0, *logit(biases)], method="BFGS", options={"gtol": 1e-7}).fun


@pytest.mark.parametrize(
    ("biases", "low"), [([0.1, 0.2, 0.4], True), ([0.6, 0.3, 0.05], True), ([0.15, 0.55, 0.95], False)]
)
def test_13_2_takes_any_start_that_ends_low(biases, low):
    assert bool(summit(biases) < summit([0.14, 0.56, 0.95]) - 1) is low
    assert said("13.2", biases) is low


@pytest.mark.parametrize("biases", [[0.1, 0.1, 0.4], [0.1, 0.12, 0.4], [0, 0.2, 0.4], [0.1, 0.2, 1.4]])
def test_13_2_wants_different_biases_inside_the_borders(biases):
    assert said("13.2", biases) is False


@pytest.mark.parametrize(
    ("heads", "best"),
    [([4, 5, 5, 5, 5, 6], True), ([1, 2, 2, 1, 2, 1], True), ([0, 5, 5, 5, 5, 10], False), ([0, 4, 4, 4, 5, 5], False)],
)
def test_13_6_takes_any_counts_that_one_coin_explains_best(heads, best):
    mean, grid = sum(heads) / 60, np.linspace(0, 1, 2001)
    gain = (binom.pmf(np.array(heads)[:, None], 10, grid) / binom.pmf(heads, 10, mean)[:, None]).sum(axis=0) - 6
    assert bool(gain.max() < 1e-9) is best, "what a second coin gains, by Lindsay's theorem"
    assert said("13.6", heads) is best


@pytest.mark.parametrize("heads", [[5] * 6, [4.5, 5, 5, 5, 5, 5], [-1, 0, 0, 0, 0, 0], [5, 5, 5, 5, 5, float("inf")]])
def test_13_6_wants_counts_that_are_not_all_equal(heads):
    assert said("13.6", heads) is False


@pytest.mark.parametrize("name", ["13.2", "13.6"])
@pytest.mark.parametrize("answer", [[0.5], 0.5, "0.5", None])
def test_an_answer_of_another_form_is_told_so(name, answer):
    assert exercises("misconceptions")[name].judge(answer).mistake == "form"
