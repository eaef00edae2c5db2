"""The landscape, without a browser; and what widgets refuse."""

import io

import numpy as np
import pytest
from matplotlib.colors import same_color
from paper_page import Page, classes, mimebundle, png_of, said, still_of
from PIL import Image
from pixels import pixels
from scipy.interpolate import RegularGridInterpolator
from scipy.stats import binom
from spy import counted

import emlib
from emlib import BinomialMixture, Coins
from emlib.data import DATA
from emlib.landscape.picture import LandscapePicture
from emlib.landscape.state import LandscapeState
from emlib.lessons.local_maxima.growing import GrowingMixture
from emlib.lessons.mixture_models.pictures import outcomes
from emlib.page import widget
from emlib.page.picture import COLOURS, Picture
from emlib.widgets import AddACoin, Landscape

A = BinomialMixture(emlib.data.A)
THREE = Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9])
TWO = Coins([0.5, 0.5], [0.3, 0.35])
STATE = LandscapeState(A, TWO)


def fresh(landscape):
    """What a picture shows that never showed anything else."""
    return pixels(LandscapePicture(LandscapeState(landscape.state.model, landscape.state.start), scale=2).png())


@pytest.mark.parametrize("start", [THREE, TWO], ids=["three", "two"])
def test_sliders_and_data_move_the_state_and_the_picture_is_that_of_a_fresh_one(start):
    landscape = Landscape(A, start)
    page = Page(landscape)
    seen = [page.png]
    for change in (
        lambda: setattr(landscape.biases[1], "value", 0.75),
        lambda: setattr(landscape.biases[-1], "value", 0.4),
        lambda: setattr(landscape.weights[0], "value", 0.1),
        lambda: setattr(landscape.data, "value", "The chapter's 20 sequences"),
    ):
        change()
        assert png_of(landscape) not in seen
        seen.append(png_of(landscape))
        page.rest()
        assert np.array_equal(pixels(page.png), fresh(landscape))
    weights = start.weights * [0.1 / start.weights[0], *[0.9 / (1 - start.weights[0])] * (len(start) - 1)]
    assert landscape.state.start.weights == pytest.approx(weights)
    assert [slider.value for slider in landscape.weights] == pytest.approx(weights, abs=0.005)
    assert landscape.state.model.heads.tolist() == list(emlib.chapter.heads)
    landscape.data.value = "your data"
    assert landscape.state.model is A


def test_words_cross_the_border_with_the_start():
    landscape = Landscape(A, THREE)
    assert "climbs to -45.698 (0.024, 0.293, 0.865). Map: 46% to -45.698" in said(landscape)
    landscape.biases[1].value = 0.72
    assert "climbs to -47.7" in said(landscape)


def test_the_map_is_coarse_until_the_page_rests():
    landscape = Landscape(A, THREE)
    page, run = Page(landscape), landscape.view.shown["run"]
    for bias in (0.8, 0.7, 0.6):
        landscape.biases[2].value = bias
    coarse = page.png
    assert landscape.state.basin_map(1).shape == (40, 40)
    page.say(run=run, rest=0, sharp=True)  # on a picture that another one has overtaken
    assert page.png == coarse
    page.rest(sharp=False)
    assert np.array_equal(pixels(page.png), fresh(landscape)) and page.words == repr(landscape) != said(landscape)
    # A start that moves on the same map leaves the map as it is.
    landscape.biases[0].value = 0.5
    assert landscape.state.basin_map(1).shape == (100, 100)


def test_an_explorer_opens_on_the_point_and_the_one_before_goes():
    landscape = Landscape(A, TWO)
    for bias in (0.4, 0.6):
        landscape.biases[0].value = bias
        before = landscape.below.children
        landscape.explore.click()
        (explorer,) = landscape.below.children
        assert explorer.state.start.biases.tolist() == [bias, 0.35]
        assert not explorer.state.model.learn_weights  # as on the map
        assert all(old.comm is None for old in before)


def test_impossible_data_are_said_in_words_and_the_picture_stays():
    landscape = Landscape(A, TWO)
    landscape.biases[0].value = 0
    before = png_of(landscape)
    landscape.biases[1].value = 0
    assert "These coins cannot give" in said(landscape) and landscape.view.alert
    assert png_of(landscape) == before
    landscape.biases[1].value = 0.5
    assert not landscape.view.alert and png_of(landscape) != before


def test_a_still_stands_beside_each_widget_view():
    for made in (Landscape(A, THREE), AddACoin(A)):
        data, metadata = mimebundle(made)
        assert data["text/plain"] == metadata["image/png"]["alt"] == repr(made)
        assert Image.open(io.BytesIO(data["image/png"])).width == 2 * metadata["image/png"]["width"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Landscape(A, Coins([1], [0.5])), "for 2 or 3 coins; the start has 1"),
        (lambda: Landscape(A, Coins([0.25] * 4, [0.5] * 4)), "for 2 or 3 coins; the start has 4"),
        (lambda: Landscape(BinomialMixture([1, 2], [3, 4]), TWO), "sequences of equal length"),
        (lambda: Landscape(BinomialMixture([1], 101), TWO), "sequences of equal length, of 100 tosses or fewer"),
        (lambda: Landscape([1, 2], TWO), r"model must be a BinomialMixture; it is a list: \[1, 2\]"),
        (lambda: Landscape(A, None), "start must be a Coins; it is a NoneType"),
        (lambda: Landscape(A, [[0.5, 0.5], [0.3, 0.4]]), "start must be a Coins; it is a list"),
        (lambda: Landscape(A, Coins([0.5, 0.5], [0, 0])), "an outcome of 1 heads in 10 tosses has probability 0"),
        (lambda: LandscapePicture(STATE, size=0), "size must be a whole number, 1 or more; it is 0"),
        (
            lambda: LandscapePicture(STATE, size=2.5),
            "size must be a whole number, 1 or more; it is 2.5",
        ),
        (
            lambda: LandscapePicture(STATE, scale=-1),
            "scale must be a number above 0, up to 10; it is -1",
        ),
        (
            lambda: LandscapePicture(STATE, scale=10.5),
            "scale must be a number above 0, up to 10; it is 10.5",
        ),
        (lambda: Landscape(BinomialMixture([1], learn_weights=False), THREE), "learn_weights=True; it has False"),
        (lambda: AddACoin([1, 2, 3]), r"model must be a BinomialMixture; it is a list: \[1, 2, 3\]"),
        (lambda: AddACoin(BinomialMixture([1], 1001)), "must have 1000 tosses or fewer, to be drawn; they have 1001"),
        (lambda: GrowingMixture([1, 2, 3]), "model must be a BinomialMixture; it is a list"),
        (lambda: GrowingMixture(BinomialMixture([1, 2], 3, False)), "learn_weights=True; it has False"),
        (lambda: outcomes(BinomialMixture([1], 2000)), "must have 1000 tosses or fewer, to be drawn; they have 2000"),
        (lambda: outcomes(BinomialMixture([1, 2], [3, 4])), "must have equal lengths; they go from 3 to 4 tosses"),
        (lambda: outcomes([1, 2]), "model must be a BinomialMixture; it is a list"),
        (lambda: outcomes(A, [0.5]), "theta must be a Coins; it is a list"),
        (lambda: Picture("x", "y"), "figure must be a Figure; it is a str: 'x'"),
        (lambda: Picture(outcomes(A).figure, None), "description must be a str; it is a NoneType"),
        (lambda: Landscape(BinomialMixture([1, 2], 3, learn_weights=False), THREE), "learn_weights=True; it has False"),
        (lambda: AddACoin(BinomialMixture([1, 2], [3, 4])), "must have equal lengths; they go from 3 to 4 tosses"),
        (lambda: AddACoin(BinomialMixture([1, 2], 3, learn_weights=False)), "learn_weights=True; it has False"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_nothing_is_made_or_closed_where_an_argument_is_wrong(monkeypatch):
    """An earlier run of the same cell keeps its widget."""
    began = []
    monkeypatch.setattr(widget.Talking, "_replace_earlier", lambda self: began.append(self))
    for make in (lambda: Landscape(A, Coins([0.5, 0.5], [0, 0])), lambda: AddACoin([1])):
        with pytest.raises((TypeError, ValueError)):
            make()
    assert not began


def test_em_runs_once_for_a_start_and_no_run_is_thrown_away(monkeypatch):
    runs, others = (
        counted(monkeypatch, emlib.landscape.state, "em"),
        counted(monkeypatch, emlib.explorer.state, "em_path"),
    )
    landscape = Landscape(A, TWO)
    still_of(landscape), repr(landscape)
    assert len(runs) == 1 and not others
    landscape.biases[0].value = 0.4
    assert len(runs) == 2 and not others
    assert runs[1][1].biases.tolist() == [0.4, 0.35]


@pytest.mark.parametrize("start", [THREE, TWO], ids=["three", "two"])
def test_each_control_changes_its_own_number_of_the_start_and_runs_once(start):
    landscape = Landscape(A, start)
    names = [slider.description for slider in (*landscape.biases, *landscape.weights)]
    assert names == [f"{what} {j + 1}" for what in ("bias", "weight") for j in range(len(start))]
    for coin, slider in enumerate(landscape.biases):
        before, runs = landscape.state.start, landscape.state.run
        slider.value = 0.55 + 0.1 * coin
        changed = before.biases.copy()
        changed[coin] = slider.value
        assert landscape.state.start.biases.tolist() == changed.tolist()
        assert landscape.state.start.weights.tolist() == before.weights.tolist()
        assert landscape.state.run == runs + 1
    for coin, slider in enumerate(landscape.weights):
        before = landscape.state.start
        slider.value = 0.25
        others = np.delete(before.weights, coin)
        expected = np.insert(0.75 * others / others.sum(), coin, 0.25)
        assert landscape.state.start.weights == pytest.approx(expected)
        assert landscape.state.start.biases.tolist() == before.biases.tolist()
    shown = [slider.value for slider in (*landscape.biases, *landscape.weights)]
    assert shown == np.round([*landscape.state.start.biases, *landscape.state.start.weights], 2).tolist()
    runs = landscape.state.run
    landscape.data.value = "Two other summits"
    assert landscape.state.data == "Two other summits" and landscape.state.run == runs + 1


def test_the_controls_say_what_they_do():
    landscape = Landscape(A, TWO)
    *sliders, explore = landscape.children[1].children
    assert sliders == landscape.biases
    assert (explore.description, explore.icon) == ("Explore from here", "play")
    assert explore.tooltip == "Open an explorer on this start, below"
    more = landscape.children[2]
    assert more.titles == ("More: weights, data",)
    weights, data = more.children[0].children
    assert weights.children == tuple(landscape.weights) and data.children == (landscape.data,)
    assert landscape.data.options == ("your data", *DATA) and landscape.data.description == "data"
    assert landscape.children[:1] == (landscape.view,)
    assert "emlib-landscape" in classes(landscape)
    for slider, colour in zip(landscape.biases, COLOURS[:2], strict=True):
        assert (slider.min, slider.max, slider.step, slider.style.handle_color) == (0, 1, 0.01, colour)
    explore.click()
    assert len(landscape.below.children) == 1
    widget = AddACoin(A)
    add, again = widget.children[1].children
    assert (add.description, add.icon) == ("Add a coin where D is largest", "plus")
    assert add.tooltip == "Add it, and run EM to the end"
    assert (again.description, again.icon, again.tooltip) == ("Start again", "undo", "Back to a single coin")
    add.click()
    assert repr(widget).startswith("2 coins")
    again.click()
    assert repr(widget).startswith("1 coin:")
    assert widget.children[:1] == (widget.view,)
    assert "emlib-add-a-coin" in classes(widget)


def test_the_path_and_the_climb_are_those_of_em():
    state = LandscapeState(A, THREE)
    picture = LandscapePicture(state, size=10)
    picture.png()
    chart, climb, words = picture.figure.axes
    steps = list(emlib.em(A, THREE, 200, tolerance=1e-9))
    path = np.array([step.theta.biases[:2] for step in steps])
    line, dots, start, end = (line.get_xydata() for line in chart.lines)
    assert np.array_equal(line, path) and np.array_equal(dots, path)
    assert np.array_equal(start, path[:1]) and np.array_equal(end, path[-1:])
    x, y = climb.lines[0].get_data()
    heights = [step.log_likelihood for step in steps]
    assert x[-1] >= 50 and y == pytest.approx([*heights, *heights[-1:] * (len(y) - len(heights))])
    top = state.maxima[0].log_likelihood
    assert climb.get_ylim() == pytest.approx((top - 12, top + 1))
    texts = [text for *_, text in picture.update(0)]
    minus = "\N{MINUS SIGN}"
    places = [", ".join(f"{bias:.3f}" for bias in step.theta.biases) for step in (steps[0], steps[-1])]
    assert f"start: {minus}{-heights[0]:.3f}, biases {places[0]}" in texts
    assert f"after {len(steps) - 1} iterations: {minus}{-heights[-1]:.3f}, biases {places[1]}" in texts
    assert f"{minus}45.698 from {state.shares(10)[0]:.0%} of the map" in texts
    tiles = chart.images[0].get_array()
    assert np.array_equal(tiles, state.basin_map(10)) and tiles.shape == (10, 10) and chart.images[0].origin == "lower"
    assert x[0] == 0 and (climb.get_xlabel(), climb.get_ylabel()) == ("iteration", "log-lik.")
    assert (chart.get_xlabel(), chart.get_ylabel()) == ("bias of coin 1", "bias of coin 2")
    key = {y: text for axes, (x, y), _, _, text in picture.update(0) if x == 0.06}
    parts = [np.mean(tiles == number) for number in range(len(state.maxima))]
    for number, (square, maximum) in enumerate(zip(words.lines, state.maxima, strict=False)):
        assert key[square.get_ydata()[0]] == f"{minus}{-maximum.log_likelihood:.3f} from {parts[number]:.0%} of the map"
        assert same_color(square.get_color(), chart.images[0].to_rgba(number)), "in the colour that it has on the map"
    told = ", ".join(f"{share:.0%} to {top.log_likelihood:.3f}" for share, top in zip(parts, state.maxima, strict=True))
    assert picture.describe().endswith(f"Map: {told}")
    assert [mark.get_marker() for mark in chart.lines[2:]] == ["o", "*"], "a circle at the start, a star at the end"
    (handle,) = picture.handles()
    assert tuple(handle.value) == (0.2, 0.62)
    assert picture.describe().startswith(
        f"Log-likelihood {heights[0]:.3f} (biases {places[0]}) climbs to {heights[-1]:.3f} ({places[1]}). Map: "
    )


def test_the_map_of_two_coins_is_their_log_likelihood():
    state = LandscapeState(A, Coins([0.3, 0.7], [0.3, 0.6]))
    assert not state.climbing.learn_weights and state.steps[-1].theta.weights.tolist() == [0.3, 0.7]
    picture = LandscapePicture(state)
    picture.png()
    lines = picture.figure.axes[0].collections[-1]
    levels = ", ".join(f"{level:g}" for level in lines.levels if level)
    assert f"lines at {levels} nats" in [text for *_, text in picture.update(0)]
    grid = (np.arange(100) + 0.5) / 100
    rows = (0.3 * binom.pmf(A.heads[:, None], 10, grid))[:, None, :] + (0.7 * binom.pmf(A.heads[:, None], 10, grid))[
        :, :, None
    ]
    heights = np.log(rows).sum(axis=0)  # second bias x first bias
    interpolated = RegularGridInterpolator((grid, grid), heights)
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        if level and len(path.vertices):
            below = heights.max() - interpolated(path.vertices[:, ::-1])
            assert below == pytest.approx(level, abs=0.12 * max(level, 1))


def test_the_circle_is_dragged_on_the_page():
    landscape = Landscape(A, THREE)
    page, data = Page(landscape), landscape.state.data
    (name,) = page.handles
    page.move(name, 0.45, 0.7)
    assert landscape.state.start.biases.tolist() == [0.45, 0.7, 0.9] and landscape.state.data == data
    assert landscape.state.start.weights.tolist() == THREE.weights.tolist() and landscape.state.model is A
    assert [slider.value for slider in landscape.biases] == [0.45, 0.7, 0.9]
    page.move(name, 0.45, 1.2)
    assert landscape.view.alert == "Not changed: biases must lie between 0 and 1; one of them is 1.2"


def test_where_there_is_no_map_the_circle_moves_and_nothing_can_be_written(tmp_path):
    landscape = Landscape(A, TWO)
    page, shown = Page(landscape), landscape.view.shown
    landscape.biases[0].value = landscape.biases[1].value = 0
    (handle,) = page.handles.values()
    assert handle["value"] == [0, 0] and landscape._still() == page.png != shown["png"]
    assert repr(landscape) == landscape.state.problem != ""
    coarse = page.png
    page.rest()
    assert page.png == coarse, "there is no finer one"
    with pytest.raises(ValueError, match="there is no map to write: These coins cannot give 1 heads in 10 tosses"):
        landscape.savefig(tmp_path / "map.png")
    landscape.biases[0].value = 0.4
    landscape.savefig(tmp_path / "map.png")
    assert Image.open(tmp_path / "map.png").text["Description"] == repr(landscape)


def test_the_widths_of_the_controls():
    landscape = Landscape(A, TWO)
    for slider in (*landscape.biases, *landscape.weights):
        assert (slider.layout.flex, slider.layout.width, slider.layout.max_width) == ("1 1 15em", "auto", "22em")
        assert slider.style.description_width == "5em"
    assert landscape.data.layout.width == "28em" and landscape.view.hint == "Drag the circle"
    assert not landscape.projector and (landscape.picture.scale, landscape.sharp.scale) == (1, 2)
