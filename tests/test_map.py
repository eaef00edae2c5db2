"""The landscape, the growing mixture and the progress bar, without a browser."""

import asyncio
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import emlib
from emlib import BinomialMixture, Coins
from emlib.drawing.landscape import LandscapePicture, grid_of_starts, growing_by_d
from emlib.explorer import DATA
from emlib.landscape import em_many, local_maxima, random_starts
from emlib.widgets import AddACoin, Landscape, Progress, progress
from emlib.widgets.landscape import GrowingMixture

A = BinomialMixture([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10])
THREE = Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9])
TWO = Coins([0.5, 0.5], [0.3, 0.35])


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def fresh(landscape):
    """What a picture shows that never showed anything else."""
    shown = landscape._sharp
    return pixels(LandscapePicture(shown.model, shown.theta, shown.maxima, scale=2).png())


@pytest.mark.parametrize("start", [THREE, TWO], ids=["three", "two"])
def test_sliders_and_data_move_the_state_and_the_picture_is_that_of_a_fresh_one(start):
    landscape = Landscape(A, start)
    seen = [landscape._image.value]
    for change in (
        lambda: setattr(landscape._biases[1], "value", 0.75),
        lambda: setattr(landscape._biases[-1], "value", 0.4),
        lambda: setattr(landscape._weights[0], "value", 0.1),
        lambda: setattr(landscape._data, "value", "The chapter's 20 sequences"),
    ):
        change()
        assert landscape._image.value not in seen
        seen.append(landscape._image.value)
        assert np.array_equal(pixels(landscape._image.value), fresh(landscape))
    weights = start.weights * [0.1 / start.weights[0], *[0.9 / (1 - start.weights[0])] * (len(start) - 1)]
    assert landscape.state.start.weights == pytest.approx(weights)
    assert [slider.value for slider in landscape._weights] == pytest.approx(weights, abs=0.005)
    assert landscape.state.model.heads.tolist() == list(emlib.chapter.heads)
    landscape._data.value = "the data given"
    assert landscape.state.model is A


def test_the_map_says_where_single_runs_end():
    picture = LandscapePicture(A, THREE, local_maxima(A, starts=200), size=20)
    labels = picture.labels().ravel()
    for cell in range(0, 400, 13):
        weights, biases = (rows[cell] for rows in grid_of_starts(THREE, 20))
        if biases[0] == biases[1]:  # equal coins are a saddle; only rounding errors leave it
            assert labels[cell] == -1
            continue
        *_, last = emlib.em(A, Coins(weights, biases), 3000, tolerance=1e-12)
        ends = [abs(last.log_likelihood - maximum.log_likelihood) < 1e-3 for maximum in picture.maxima]
        assert ends == [labels[cell] == number for number in range(2)]
    assert picture.shares() == [np.mean(labels == number) for number in range(2)]


def test_a_ridge_has_one_colour_whatever_its_coins():
    model = BinomialMixture(DATA["Simulated: coins of 0.2, 0.5, 0.8"])
    (ridge,) = local_maxima(model, starts=200)
    assert ridge.kind == "ridge" and LandscapePicture(model, THREE, [ridge], size=20).shares() == [1]


def test_words_cross_the_border_with_the_start():
    landscape = Landscape(A, THREE)
    assert "climbs to -45.698 (0.024, 0.293, 0.865). Map: 46% to -45.698" in landscape._message.value
    landscape._biases[1].value = 0.72
    assert "climbs to -47.7" in landscape._message.value


def test_the_maxima_of_the_known_data_need_no_more_than_200_starts():
    for heads in DATA.values():
        few, many = (local_maxima(BinomialMixture(heads), starts=starts) for starts in (200, 1000))
        assert [point.log_likelihood for point in few] == pytest.approx([point.log_likelihood for point in many])


def test_in_a_kernel_the_map_is_coarse_until_the_last_change_rests():
    async def drag():
        landscape = Landscape(A, THREE)
        for bias in (0.8, 0.7, 0.6):
            landscape._biases[2].value = bias
        coarse = landscape._image.value
        assert landscape.picture.labels().shape == (40, 40)
        landscape._rest(landscape.state.run - 1)  # of a change that another one has overtaken
        assert landscape._image.value == coarse
        landscape._rest(landscape.state.run)
        assert np.array_equal(pixels(landscape._image.value), fresh(landscape))
        # A start that moves on the same map leaves the map as it is.
        landscape._biases[0].value = 0.5
        assert landscape.picture.labels().shape == (100, 100)
        landscape.close()
        landscape._rest(landscape.state.run)

    asyncio.run(drag())


def test_an_explorer_opens_on_the_point_and_the_one_before_goes():
    landscape = Landscape(A, TWO)
    for bias in (0.4, 0.6):
        landscape._biases[0].value = bias
        before = landscape._below.children
        landscape._explore(None)
        (explorer,) = landscape._below.children
        assert explorer.state.start.biases.tolist() == [bias, 0.35]
        assert not explorer.state.model.learn_weights  # as on the map
        assert all(old.comm is None for old in before)


def test_impossible_data_are_said_in_words_and_the_picture_stays():
    landscape = Landscape(A, TWO)
    landscape._biases[0].value = 0
    before = landscape._image.value
    landscape._biases[1].value = 0
    assert "These coins cannot give" in landscape._message.value and 'role="alert"' in landscape._message.value
    assert landscape._image.value == before
    landscape._biases[1].value = 0.5
    assert 'role="status"' in landscape._message.value and landscape._image.value != before


def test_a_still_stands_beside_each_widget_view():
    for widget in (Landscape(A, THREE), AddACoin(A)):
        data, metadata = widget._repr_mimebundle_()
        assert data["text/plain"] == metadata["image/png"]["alt"] == repr(widget)
        assert Image.open(io.BytesIO(data["image/png"])).width == 2 * metadata["image/png"]["width"]


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
    seen = {widget._image.value}
    # Log-likelihoods of the notes: the best fit of three coins is on the way.
    for words in ("1 coin: log-likelihood -79.1642", "2 coins", "3 coins: log-likelihood -45.6981", "4 coins"):
        assert words in widget._message.value and widget._add.disabled == (words == "4 coins")
        widget._add_coin(None)
        seen.add(widget._image.value)
    assert len(seen) == 4 and "no mixture of any number of coins is more than 0.001 nats higher" in repr(widget)
    widget._start_again(None)
    assert widget._image.value in seen and "1 coin:" in repr(widget) and not widget._add.disabled
    assert AddACoin(BinomialMixture(emlib.chapter.heads))._add.disabled


def test_the_growing_picture_says_where_a_coin_is_missing():
    inferior = local_maxima(A, starts=200)[1]
    words = growing_by_d(A, [inferior.theta]).description
    assert words == "3 coins: log-likelihood -47.7086. D(p) is largest at p = 0.000, where it is 32.13: " + (
        "there a coin is missing."
    )


def test_progress_shows_the_share_and_stops(monkeypatch):
    displayed = []
    monkeypatch.setattr(progress, "display", displayed.append)
    bar = Progress("10 starts <b>")
    assert repr(bar) == "Progress: 10 starts <b>" and displayed == []
    bar(0.25)
    bar(0.251)  # not worth a message
    assert displayed == [bar] and bar._bar.value == 0.25 and "10 starts &lt;b&gt;: 25%" in bar._words.value
    bar._stop.click()
    with pytest.raises(StopIteration, match="10 starts <b>: stopped by the reader"):
        bar(0.5)
    assert "stopped at 25%" in bar._words.value and bar._stop.disabled
    assert displayed == [bar] and repr(bar) == "Progress: 10 starts <b>"

    done = Progress("done soon")
    done(1)
    assert "done soon: done" in done._words.value and done._stop.disabled
    done(0)  # it may be used again
    assert "done soon: 0%" in done._words.value and not done._stop.disabled


def test_stop_ends_many_runs_and_keeps_what_is_finished(monkeypatch):
    monkeypatch.setattr(progress, "display", lambda bar: None)
    bar = Progress("many runs")

    def tell(share):
        bar(share)
        bar._stop.click()  # is heard at the next call

    starts = random_starts(3, 20_000)
    runs = em_many(A, *starts, iterations=3, progress=tell)
    assert 0 < len(runs.weights) < 20_000
    assert np.array_equal(runs.biases, em_many(A, *(rows[: len(runs.biases)] for rows in starts), 3).biases)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Landscape(A, Coins([1], [0.5])), "for 2 or 3 coins; the start has 1"),
        (lambda: Landscape(A, Coins([0.25] * 4, [0.5] * 4)), "for 2 or 3 coins; the start has 4"),
        (lambda: Landscape(BinomialMixture([1, 2], [3, 4]), TWO), "sequences of equal length"),
        (lambda: Landscape(BinomialMixture([1, 2], 3, learn_weights=False), THREE), "learn_weights=True; it has False"),
        (lambda: AddACoin(BinomialMixture([1, 2], [3, 4])), "must have equal lengths; they go from 3 to 4 tosses"),
        (lambda: AddACoin(BinomialMixture([1, 2], 3, learn_weights=False)), "learn_weights=True; it has False"),
        (lambda: Progress(""), "label must say what the work is; it is ''"),
        (lambda: Progress(2000), "label must say what the work is; it is 2000"),
        (lambda: Progress("x")(1.5), "share must be from 0 to 1; it is 1.5"),
        (lambda: Progress("x")(float("nan")), "share must be from 0 to 1; it is nan"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
