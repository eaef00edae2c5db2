"""The growing mixture: its fits, its picture and its widget, without a browser."""

from decimal import ROUND_CEILING, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_page import classes, png_of, said
from scipy.stats import binom

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import gradient_function, local_maxima
from emlib.beyond.gradient import places
from emlib.lessons.local_maxima import growing
from emlib.lessons.local_maxima.growing import GrowingMixture, growing_by_d
from emlib.lessons.mixture_models.pictures import outcomes
from emlib.widgets import AddACoin

A = BinomialMixture(emlib.data.A)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([1, 3, 10]), st.data())
def test_added_coins_raise_the_likelihood_to_what_no_mixture_beats(tosses, data):
    heads = data.draw(st.lists(st.integers(0, tosses), min_size=1, max_size=15))
    model = BinomialMixture(heads, tosses)
    mixture = GrowingMixture(model)
    while not mixture.done:
        mixture.add_coin()
        assert len(mixture.fits[-1]) == len(mixture.fits) < 10
    heights = [model.log_likelihood(fit) for fit in mixture.fits]
    assert np.all(np.diff(heights) > 0)
    mixture.add_coin()
    assert len(mixture.fits) == len(heights)
    # Another way to the best mixture: all coins of a grid at once, and only their weights are fitted.
    grid = np.linspace(0, 1, 101)
    component = np.exp(model.log_joint(Coins(np.full(101, 1 / 101), grid))) * 101
    weights = np.full(101, 1 / 101)
    for _ in range(300):
        posterior = component * weights / (component @ weights)[:, None]
        weights = model.occurrences @ posterior / len(heads)
    assert heights[-1] >= model.occurrences @ np.log(component @ weights) - 0.001


def test_the_widget_adds_coins_until_none_is_missing_and_starts_again():
    widget = AddACoin(A)
    seen = {png_of(widget)}
    # Log-likelihoods of the notes: the best fit of three coins is on the way.
    for words in ("1 coin: log-likelihood -79.1642", "2 coins", "3 coins: log-likelihood -45.6981", "4 coins"):
        assert words in said(widget) and widget.add.disabled == (words == "4 coins")
        widget.add.click()
        seen.add(png_of(widget))
    assert len(seen) == 4 and "no mixture of any number of coins is more than 0.001 nats higher" in repr(widget)
    widget.again.click()
    assert png_of(widget) in seen and "1 coin:" in repr(widget) and not widget.add.disabled
    assert AddACoin(BinomialMixture(emlib.chapter.heads)).add.disabled


def test_the_growing_picture_says_where_a_coin_is_missing():
    inferior = local_maxima(A, starts=200)[1]
    words = growing_by_d(A, [inferior.theta]).description
    assert words == "3 coins: log-likelihood -47.7086. D(p) is largest at p = 0.000, where it is 32.13: " + (
        "there a coin is missing."
    )


HUNDRED_THOUSAND = Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8]).sample(100_000, 10, 1).heads


def highest_by_weights(model, places):
    """The highest log-likelihood of mixtures of coins at given places: only their weights are fitted (convex)."""
    component = binom.pmf(model.distinct_heads[:, None], int(model.tosses[0]), places)
    weights = np.full(len(places), 1 / len(places))
    for _ in range(2000):
        posterior = component * weights / (component @ weights)[:, None]
        weights = model.occurrences @ posterior / model.occurrences.sum()
    coefficients = component @ weights
    return model.occurrences @ np.log(coefficients)


@pytest.mark.parametrize(
    "model",
    [
        BinomialMixture(HUNDRED_THOUSAND),
        BinomialMixture(np.repeat(HUNDRED_THOUSAND[:1000], 1000)),
        BinomialMixture(Coins([0.3, 0.4, 0.3], [0, 0.001, 1]).sample(100_000, 10, 1).heads),
        BinomialMixture([7]),
        BinomialMixture([0] * 50),
        BinomialMixture([10] * 3),
        BinomialMixture([4] * 1000),
        BinomialMixture([0, 0, 1], 1),
        BinomialMixture([1], 1),
        BinomialMixture(np.repeat([0, 100], [10**5, 1]), 100),
        BinomialMixture([0] * 50 + [1000] * 10 + [300, 200, 1], 1000),
    ],
    ids=["10^5", "10^6", "edge", "one", "none", "all", "equal", "1 toss", "one toss", "100 tosses", "1000 tosses"],
)
def test_growing_ends_with_what_it_states(model):
    mixture = GrowingMixture(model)
    while not mixture.done:
        number = len(mixture.fits)
        mixture.add_coin()
        assert len(mixture.fits) == number + 1 == len(mixture.fits[-1]) < 8
    heights = [model.log_likelihood(fit) for fit in mixture.fits]
    assert np.all(np.diff(heights) > 1e-9 * np.maximum(1, np.abs(heights[1:])))
    values = gradient_function(model, mixture.fits[-1], np.linspace(0, 1, 1001))
    assert values.max() <= mixture.tolerance
    assert mixture.tolerance == (0.001 if values.max() <= 0.001 else pytest.approx(values.max(), rel=0.01))
    places = np.append(np.linspace(0, 1, 101), mixture.fits[-1].biases)
    assert highest_by_weights(model, places) <= heights[-1] + mixture.tolerance
    words = growing_by_d(model, mixture.fits, mixture.tolerance).description
    assert f"nowhere above {mixture.tolerance:g}: no mixture of any number of coins is more than" in words
    before = list(mixture.fits)
    mixture.add_coin()
    assert mixture.fits == before


def test_where_em_is_slow_the_tolerance_is_larger_and_stated():
    model = BinomialMixture(Coins([0.3, 0.4, 0.3], [0, 0.001, 1]).sample(100_000, 10, 1).heads)
    widget = AddACoin(model)
    while not widget.add.disabled:
        widget.add.click()
    tolerance = widget.state.tolerance
    assert tolerance > 0.001 and f"D(p) is nowhere above {tolerance:g}: " in repr(widget)
    assert f"is more than {tolerance:g} nats higher" in repr(widget)
    assert len(widget.picture.figure.axes[1].lines) == 3, "no mark where a coin is missing"
    widget.again.click()
    assert widget.state.tolerance == 0.001


def test_each_new_coin_comes_where_d_is_largest_and_the_fits_are_maxima():
    mixture = GrowingMixture(A)
    assert mixture.fits[0].biases.tolist() == [A.heads.sum() / 200]
    for _ in range(3):
        mixture.add_coin()
    assert [A.log_likelihood(fit) for fit in mixture.fits[1:3]] == pytest.approx([-47.750877, -45.698144], abs=1e-6)
    for fit in mixture.fits:
        again = A.m_step(A.e_step(fit))
        assert np.asarray(again) == pytest.approx(np.asarray(fit), abs=1e-6)
    assert mixture.done and mixture.tolerance == 0.001


def test_the_growing_picture_draws_the_data_d_and_the_heights():
    mixture = GrowingMixture(A)
    mixture.add_coin()
    picture = growing_by_d(A, mixture.fits)
    data, below, climb = picture.figure.axes
    theta = mixture.fits[-1]
    assert [bar.get_height() for bar in data.patches] == A.occurrences.tolist()
    expected = 20 * binom.pmf(np.arange(11)[:, None], 10, theta.biases) @ theta.weights
    assert data.lines[0].get_ydata() == pytest.approx(expected)
    zero, curve, coins, peak = below.lines
    grid = curve.get_xdata()[::100]
    ratio = [binom.pmf(A.heads, 10, p) / expected[A.heads] * 20 for p in grid]
    assert curve.get_ydata()[::100] == pytest.approx([row.sum() - 20 for row in ratio])
    assert coins.get_xdata().tolist() == theta.biases.tolist() and coins.get_ydata().tolist() == [0, 0]
    assert (peak.get_xdata()[0], peak.get_ydata()[0]) == (0, curve.get_ydata().max())
    assert climb.lines[0].get_xydata() == pytest.approx(
        np.array([[k + 1, A.log_likelihood(fit)] for k, fit in enumerate(mixture.fits)])
    )
    assert data.lines[0].get_label() == "expected with 2 coins" and data.containers[0].get_label() == "observed"
    assert [axes.get_xlabel() for axes in picture.figure.axes] == ["heads in 10 tosses", "p", "coins"]
    titles = [axes.get_title() or axes.get_title(loc="left") for axes in picture.figure.axes]
    assert titles == ["sequences", "D(p)", "log-likelihood (nats)"]
    assert picture.description == (
        f"2 coins: log-likelihood {A.log_likelihood(theta):.4f}. "
        f"D(p) is largest at p = 0.000, where it is {curve.get_ydata().max():.2f}: there a coin is missing."
    )


def test_a_d_beyond_all_numbers_is_said_and_drawn():
    model = BinomialMixture(np.repeat([0, 100], [10**5, 1]), 100)
    widget = AddACoin(model)
    assert "largest at p = 1.000, where it is 1e+300 or more: there a coin is missing" in repr(widget)
    widget.add.click()
    assert widget.add.disabled and widget.state.fits[-1].biases == pytest.approx([0, 1], abs=1e-6)


def test_a_picture_of_outcomes_up_to_a_thousand_tosses():
    model, theta = BinomialMixture([3, 200, 200], 1000), Coins([0.5, 0.5], [0.2, 0])
    axes = outcomes(model, theta).figure.axes[0]
    expected = 3 * 0.5 * (binom.pmf(np.arange(1001), 1000, 0.2) + (np.arange(1001) == 0))
    assert axes.lines[0].get_ydata() == pytest.approx(expected)
    assert len(axes.get_xticks()) == 11
    assert outcomes(A).figure.axes[0].get_xticks().tolist() == list(range(11))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: GrowingMixture([1, 2]), TypeError, r"^model must be a BinomialMixture; it is a list: \[1, 2\]$"),
        (
            lambda: GrowingMixture(BinomialMixture([1, 2], learn_weights=False)),
            ValueError,
            "^a coin is added to a model with learn_weights=True; it has False$",
        ),
    ],
)
def test_a_model_that_cannot_grow_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_a_new_coin_starts_inside_with_the_largest_weight_that_helps():
    mixture, (only,) = GrowingMixture(A), A.pooled_fit().biases
    shares = places(A.distinct_heads / 10)
    for bias, place in ((0, shares[0]), (1, shares[-1]), (0.9, 0.9)):
        start = mixture.with_a_coin(bias, A.log_likelihood(A.pooled_fit()))
        assert start.biases.tolist() == [only, place] and 0 < place < 1
        assert start.weights.tolist() == [pytest.approx(0.9), pytest.approx(0.1)]
    few = BinomialMixture([5] * 99 + [10])  # a tenth of the weight is too much for one sequence
    start = GrowingMixture(few).with_a_coin(1, few.log_likelihood(few.pooled_fit()))
    assert start.weights[1] == pytest.approx(0.01)


def test_where_no_start_is_higher_the_highest_is_taken():
    start = GrowingMixture(A).with_a_coin(0, np.inf)
    (only,) = A.pooled_fit().biases
    shares = places(A.distinct_heads / 10)
    tried = [
        np.log(binom.pmf(A.heads[:, None], 10, [only, place]) @ [1 - weight, weight]).sum()
        for place in (shares[0], 0)
        for weight in 10.0 ** -np.arange(1, 9)
    ]
    assert A.log_likelihood(start) == pytest.approx(max(tried), abs=1e-9)


@pytest.mark.parametrize(
    ("apart", "gain", "grows"),
    [
        (2e-3, 1.0, True),
        (1.6e-4, 1.0, True),
        (1e-4, 1.0, False),
        (0, 1.0, False),
        (0.3, 0.0, False),
        (0.3, 1e-9, False),
    ],
)
def test_a_coin_beside_its_like_is_none_nor_one_that_raises_nothing(monkeypatch, apart, gain, grows):
    """A thousandth of the standard deviation of a share of 10 tosses is 1.45e-4 at 0.3; D is largest at 1."""
    asked = []

    def end(model, start, *limits, **named):
        asked.append((*limits, *named.values()))
        return iter(
            [emlib.Step(0, Coins([0.5, 0.5], [0.3, 0.3 + apart]), None, A.log_likelihood(A.pooled_fit()) + gain)]
        )

    monkeypatch.setattr(growing, "squarem", end)
    mixture = GrowingMixture(A)
    assert mixture.done != grows and asked == [(5000, 1e-9)]
    highest = gradient_function(A, A.pooled_fit(), [1.0])[0]
    printed = Decimal(float(highest)).quantize(Decimal(1).scaleb(int(np.log10(highest)) - 2), ROUND_CEILING)
    assert mixture.tolerance == pytest.approx(0.001 if grows else float(printed), rel=1e-12)


def test_the_buttons_of_the_widget_are_pressed():
    widget = AddACoin(A)
    add, again = widget.children[1].children
    assert [add.description, add.icon, add.tooltip] == [
        "Add a coin where D is largest",
        "plus",
        "Add it, and run EM to the end",
    ]
    assert [again.description, again.icon, again.tooltip] == ["Start again", "undo", "Back to a single coin"]
    add.click()
    assert said(widget).startswith("2 coins")
    again.click()
    assert said(widget).startswith("1 coin:")
    assert "emlib-add-a-coin" in classes(widget) and widget.view.shown["handles"] == []
    assert widget.view.shown["areas"] == [] and not widget.projector and AddACoin(A, projector=True).projector
