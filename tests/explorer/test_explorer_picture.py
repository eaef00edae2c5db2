"""The explorer's picture: its artists are asked, and hold what exact fractions and direct maximisation say."""

from collections import Counter
from fractions import Fraction
from math import log

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import PathPatch
from oracle import joint
from scipy.optimize import minimize
from scipy.stats import binom

from emlib import BinomialMixture, Coins
from emlib.explorer.picture import PANELS, ExplorerPicture
from emlib.explorer.state import ExplorerState
from emlib.page.picture import COLOURS, GREY, HATCHES, INK, LINES, MARKERS

HEADS, TOSSES = (0, 1, 1, 3, 4, 4), 4
OUTCOMES, OCCURRENCES = (0, 1, 3, 4), (1, 2, 1, 2)
START = Coins([0.2, 0.5, 0.3], [0.3, 0.45, 0.9])
MINUS = "\N{MINUS SIGN}"


def table(weights, biases):
    """The posterior of every coin for every outcome, and the likelihood of the data, in exact fractions."""
    rows = {x: [joint(x, TOSSES, float(w), float(p)) for w, p in zip(weights, biases, strict=True)] for x in OUTCOMES}
    likelihood = Fraction(1)
    for x in HEADS:
        likelihood *= sum(rows[x])
    return {x: [value / sum(row) for value in row] for x, row in rows.items()}, likelihood


def iterate(weights, biases):
    """One iteration of EM, as (6.10) to (6.15) say."""
    posterior, _ = table(weights, biases)
    counts = [sum(posterior[x][j] for x in HEADS) for j in range(len(weights))]
    heads = [sum(posterior[x][j] * x for x in HEADS) for j in range(len(weights))]
    return [c / len(HEADS) for c in counts], [h / (TOSSES * c) for h, c in zip(heads, counts, strict=True)]


THETAS = [(START.weights, START.biases)]
for _ in range(4):
    THETAS.append(iterate(*THETAS[-1]))
POSTERIORS = [np.array([table(*theta)[0][x] for x in OUTCOMES], dtype=float) for theta in THETAS]
HEIGHTS = [log(table(*theta)[1]) for theta in THETAS]
THETAS = [np.array(theta, dtype=float) for theta in THETAS]  # iteration, then weights and biases, then coin


@pytest.fixture
def state():
    return ExplorerState(BinomialMixture(HEADS, TOSSES), START, iterations=4)


@pytest.fixture(scope="module")
def picture():
    """One for all tests that only look: its background is drawn once."""
    return ExplorerPicture(ExplorerState(BinomialMixture(HEADS, TOSSES), START, iterations=4), list(PANELS))


class Shown:
    """The artists and the words of a picture at a frame."""

    def __init__(self, picture, frame, *panels):
        if isinstance(picture, ExplorerState):
            picture = ExplorerPicture(picture, panels or ("biases", "weights", "log-likelihood"))
        self.picture = picture
        self.texts = self.picture.update(frame)
        self.coins, self.data, *right, self.weights = self.picture.figure.axes
        self.right = dict(zip(self.picture.panels, right, strict=True))

    def words(self, axes):
        """Place to text."""
        return {place: text for at, place, _, _, text in self.texts if at is axes}

    def observed(self):
        """Outcome to the height of its grey bar."""
        grey = next(patch for patch in self.data.patches if isinstance(patch, PathPatch))
        assert same_color(grey.get_facecolor(), GREY)
        boxes = grey.get_path().vertices.reshape(-1, 5, 2)
        assert np.all(boxes[:, :, 1].min(axis=1) == 0)
        return dict(zip(boxes[:, :, 0].mean(axis=1).round().astype(int), boxes[:, :, 1].max(axis=1), strict=True))

    def shares(self):
        """Bottom and height of the bars in each coin's colour, coin by coin."""
        found = [patch for patch in self.data.patches if isinstance(patch, PathPatch)][1:]
        boxes = [patch.get_path().vertices.reshape(-1, 5, 2) for patch in found]
        for patch, box, colour, hatch in zip(found, boxes, COLOURS, HATCHES, strict=False):
            assert same_color(patch.get_facecolor()[:3], colour) and (patch.get_hatch() or "") == hatch
            if len(box):
                assert box[:, :, 0].min(axis=1) == pytest.approx(self.picture.state.model.distinct_heads - 0.4)
                assert box[:, :, 0].max(axis=1) == pytest.approx(self.picture.state.model.distinct_heads + 0.4)
        return [(box[:, :, 1].min(axis=1), np.ptp(box[:, :, 1], axis=1)) for box in boxes]


def moving(axes):
    """Lines that move: those without markers, and points."""
    lines = [line for line in axes.lines if line.get_animated()]
    return [line for line in lines if len(line.get_xdata()) != 1], [
        line for line in lines if len(line.get_xdata()) == 1
    ]


FRAMES = [(0, 0, "start"), (1, 0, "E"), (2, 1, "M"), (3, 1, "E"), (4, 2, "M"), (8, 4, "M")]
"""Frame, the iteration whose parameters are on show, and the half-step."""


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_bars_are_shared_out_by_the_posterior_of_the_latest_e_step(picture, frame, iteration, half):
    shown = Shown(picture, frame)
    bottom = np.zeros(len(OUTCOMES))
    before = iteration - (half == "M")
    for j, (bottoms, heights) in enumerate(shown.shares()):
        expected = 0 * bottom if half == "start" else OCCURRENCES * POSTERIORS[before][:, j]
        assert bottoms == pytest.approx(bottom) and heights == pytest.approx(expected)
        bottom = bottom + expected
    assert dict(zip(OUTCOMES, OCCURRENCES, strict=True)) == pytest.approx(shown.observed())


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_curves_hold_what_the_coins_on_show_expect(picture, frame, iteration, half):
    lines, _ = moving((shown := Shown(picture, frame)).data)
    curves = [line for line in lines if len(line.get_xdata()) > 2]
    samples = [line for line in lines if len(line.get_xdata()) == 2]  # of the legend
    weights, biases = THETAS[iteration]
    expected = [
        [float(len(HEADS) * joint(x, TOSSES, w, p)) for x in range(TOSSES + 1)]
        for w, p in zip(weights, biases, strict=True)
    ]
    *components, mixture = curves
    assert np.array([line.get_ydata() for line in components]) == pytest.approx(np.array(expected))
    assert mixture.get_ydata() == pytest.approx(np.sum(expected, axis=0))
    for j, line in enumerate(curves):
        assert list(line.get_xdata()) == list(range(TOSSES + 1))
        assert line.get_color() == (INK if line is mixture else COLOURS[j])
        assert (line.get_color(), line.get_linestyle()) == (samples[j].get_color(), samples[j].get_linestyle())
    x, y = (data[1] for data in samples[-1].get_data())
    assert shown.words(shown.data)[(x + 0.015, y)] == "all coins together"
    words = [text for text in shown.words(shown.data).values() if text.startswith("c")]
    assert words == [f"c{'₁₂₃'[j]}  bias {biases[j]:.3f}  weight {weights[j]:.3f}" for j in range(3)], (
        "each label has its own coin's numbers"
    )


def test_labels_stand_beside_their_own_markers(picture):
    shown = Shown(picture, 0)
    _, points = moving(shown.data)
    for j, point in enumerate(points):
        place = point.get_xdata()[0] + 0.04, point.get_ydata()[0]
        (label,) = [text for at, text in shown.words(shown.data).items() if at == pytest.approx(place)]
        assert label.startswith(f"c{'₁₂₃'[j]}")
        assert point.get_marker() == MARKERS[j] and point.get_color() == COLOURS[j]


@pytest.mark.parametrize(
    ("frame", "title"),
    [(0, "Start: no sequence"), (1, "1 · E-step: each"), (2, "1 · M-step: the coins"), (7, "4 · E-step: each")],
)
def test_the_title_names_the_half_step(picture, frame, title):
    shown = Shown(picture, frame)
    assert shown.words(shown.data)[(0, 1.03)].startswith(title)


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_coins_stand_where_they_expect_heads_and_trail_their_way_there(picture, frame, iteration, half):
    shown = Shown(picture, frame)
    trails, marks = moving(shown.coins)
    now, before = THETAS[iteration][1], THETAS[iteration - (half == "M")][1]
    for j in range(3):
        assert marks[j].get_xdata() == pytest.approx([TOSSES * now[j]]) and list(marks[j].get_ydata()) == [j]
        assert trails[j].get_xdata() == pytest.approx([TOSSES * before[j], TOSSES * now[j]])
        assert list(trails[j].get_ydata()) == [j, j]
        assert marks[j].get_color() == trails[j].get_color() == COLOURS[j] and marks[j].get_marker() == MARKERS[j]
        assert trails[j].get_visible() and trails[j].get_linewidth() > 2 and trails[j].get_alpha() > 0.2
    assert shown.coins.get_xlim() == shown.data.get_xlim(), "a coin stands below its bars"
    assert shown.coins.get_xlabel().startswith("heads in 4 tosses")
    top, bottom = shown.coins.get_ylim()[::-1]
    assert top < 0 < 2 < bottom, "all lanes are in sight, coin 1 on top"
    assert shown.coins.yaxis.get_inverted()


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_weights_lie_side_by_side_from_the_left_each_in_the_look_of_its_coin(picture, frame, iteration, half):
    shown = Shown(picture, frame)
    ends = np.cumsum([0, *THETAS[iteration][0]])
    for j, part in enumerate(shown.weights.patches):
        assert (part.get_x(), part.get_x() + part.get_width()) == pytest.approx((ends[j], ends[j + 1]))
        assert same_color(part.get_facecolor()[:3], COLOURS[j]) and (part.get_hatch() or "") == HATCHES[j]
    assert len(shown.weights.patches) == 3 and shown.weights.get_xlim() == (0, 1)
    assert "weights" in shown.words(shown.weights).values() and "coins" in shown.words(shown.coins).values()


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
@pytest.mark.parametrize("row", [0, 1])
def test_paths_hold_the_run_and_points_the_moment(picture, frame, iteration, half, row):
    name = ("weights", "biases")[row]
    axes = Shown(picture, frame).right[name]
    lines, points = moving(axes)
    for j in range(3):
        assert list(lines[j].get_xdata()) == [0, 1, 2, 3, 4]
        assert lines[j].get_ydata() == pytest.approx([theta[row][j] for theta in THETAS])
        assert list(points[j].get_xdata()) == [iteration]
        assert points[j].get_ydata() == pytest.approx([THETAS[iteration][row][j]])
        assert lines[j].get_color() == points[j].get_color() == COLOURS[j]
        assert lines[j].get_linestyle() == LINES[j] and points[j].get_marker() == MARKERS[j]
    assert axes.get_ylabel() == ("weight", "bias")[row]
    low, high = axes.get_ylim()
    assert low < 0 and high > 1 and axes.get_yscale() == "linear" and axes.get_xlim()[1] > 4


def test_a_run_that_is_not_shown_ahead_ends_at_the_moment(state):
    state.ahead = False
    picture = ExplorerPicture(state)
    for frame, iteration, _ in FRAMES[1:]:
        shown = Shown(picture, frame)
        for name in ("biases", "weights", "log-likelihood"):
            for line in shown.right[name].lines:
                if line.get_animated() and line.get_marker() == "None":
                    assert list(line.get_xdata()) == list(range(iteration + 1))


def test_a_run_that_ended_early_rests_at_its_end():
    state = ExplorerState(BinomialMixture(HEADS, TOSSES), Coins([1], [0.9]), iterations=6)
    (line,), (point,) = moving(Shown(state, 12).right["biases"])
    mean = sum(HEADS) / (TOSSES * len(HEADS))
    assert line.get_ydata() == pytest.approx([0.9] + 6 * [mean]) and point.get_ydata() == pytest.approx([mean])
    assert list(point.get_xdata()) == [6]


def test_kept_runs_stand_in_grey_behind_the_present_one(state):
    state.keep()
    state.show(state.model, Coins([0.5, 0.5], [0.1, 0.6]))
    shown = Shown(state, 0)
    for name, values in (
        ("weights", [theta[0] for theta in THETAS]),
        ("biases", [theta[1] for theta in THETAS]),
    ):
        kept = [line for line in shown.right[name].lines if line.get_color() == GREY]
        for j, line in enumerate(kept):
            assert list(line.get_xdata()) == [0, 1, 2, 3, 4]
            assert line.get_ydata() == pytest.approx([value[j] for value in values])
        assert len(kept) == 2, "one for every coin that has a colour now"


def likelihood_axis(shown):
    """The log-likelihood at a height in the panel, by the numbers that are written beside it."""
    axes = shown.right["log-likelihood"]
    low, high = axes.get_ylim()
    written = sorted(
        (low + y * (high - low), float(text.replace(MINUS, "-"))) for (x, y), text in shown.words(axes).items() if x < 0
    )
    heights, values = zip(*written, strict=True)
    assert list(heights) == pytest.approx(list(axes.get_yticks())), "numbers stand at their ticks"
    return lambda height: values[0] + (height - heights[0]) * (values[-1] - values[0]) / (heights[-1] - heights[0])


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_the_climb_is_as_high_as_its_axis_and_its_number_say(picture, frame, iteration, half):
    shown = Shown(picture, frame)
    axes, value = shown.right["log-likelihood"], likelihood_axis(shown)
    (line,), (point,) = moving(axes)
    assert [value(height) for height in line.get_ydata()] == pytest.approx(HEIGHTS)
    assert list(point.get_xdata()) == [iteration] and value(point.get_ydata()[0]) == pytest.approx(HEIGHTS[iteration])
    climb = f"{HEIGHTS[iteration]:.4f}" + f" → {HEIGHTS[-1]:.4f}" * (iteration < len(HEIGHTS) - 1)
    assert shown.words(axes)[(0.98, 0.1)] == climb.replace("-", MINUS)
    low, high = axes.get_ylim()
    assert low < min(line.get_ydata()) and max(line.get_ydata()) < high
    assert np.ptp(line.get_ydata()) > 0.3 * (high - low), "the climb fills its panel"


def test_a_kept_climb_stands_on_the_same_scale(state):
    state.keep()
    state.show(state.model, Coins([0.5, 0.5], [0.1, 0.6]))
    shown = Shown(state, 3)
    (kept,) = [line for line in shown.right["log-likelihood"].lines if line.get_color() == GREY]
    assert [likelihood_axis(shown)(height) for height in kept.get_ydata()] == pytest.approx(HEIGHTS)


GAP_HEADS = (0, 1, 2, 3, 3, 4, 5, 7)


@pytest.fixture(scope="module")
def gap():
    """The picture of a run of two coins, and the gap to its end, which is maximised directly, without EM."""
    state = ExplorerState(BinomialMixture(GAP_HEADS, 7), Coins([0.5, 0.5], [0.3, 0.6]), iterations=20)

    def minus(z):
        weight, first, second = 1 / (1 + np.exp(-np.asarray(z)))
        return -np.log(weight * binom.pmf(GAP_HEADS, 7, first) + (1 - weight) * binom.pmf(GAP_HEADS, 7, second)).sum()

    top = -minimize(
        minus, [0, -2, 2], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000}
    ).fun
    weights, biases, heights = [0.5, 0.5], [0.3, 0.6], []
    for _ in range(21):
        joints = np.array([w * binom.pmf(GAP_HEADS, 7, p) for w, p in zip(weights, biases, strict=True)])
        heights.append(np.log(joints.sum(axis=0)).sum())
        shares = joints / joints.sum(axis=0)
        weights, biases = shares.mean(axis=1), shares @ GAP_HEADS / (7 * shares.sum(axis=1))
    return ExplorerPicture(state, ["gap"]), top - np.array(heights)


@pytest.mark.parametrize(("frame", "iteration"), [(0, 0), (1, 0), (2, 1), (5, 2), (40, 20)])
def test_the_gap_is_what_is_still_to_climb(gap, frame, iteration):
    picture, gaps = gap
    shown = Shown(picture, frame)
    axes = shown.right["gap"]
    (line,), (point,) = moving(axes)
    assert list(line.get_xdata()) == list(range(21))
    assert line.get_ydata() == pytest.approx(gaps, rel=1e-3, abs=1e-9) and np.all(np.diff(line.get_ydata()) < 0)
    assert list(point.get_xdata()) == [iteration]
    assert point.get_ydata() == pytest.approx([gaps[iteration]], rel=1e-3, abs=1e-9)
    assert float(shown.words(axes)[(0.98, 0.8)].replace(MINUS, "-")) == pytest.approx(gaps[iteration], rel=0.06)
    assert axes.get_yscale() == "log" and axes.get_ylim()[0] < gaps[-1] < gaps[0] < axes.get_ylim()[1]
    assert list(axes.get_yticks()) == [1e-12, 1e-6, 1]


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_the_table_has_the_posterior_of_each_coin_in_its_own_column(picture, frame, iteration, half):
    shown = Shown(picture, frame, "table", "biases")
    words = shown.words(shown.right["table"])
    columns = {text: x for (x, y), text in words.items() if text in ("heads", "c₁", "c₂", "c₃")}
    rows = {int(text): y for (x, y), text in words.items() if x == columns["heads"] and text != "heads"}
    assert list(rows) == list(OUTCOMES) and list(rows.values()) == sorted(rows.values(), reverse=True)
    assert list(columns) == ["heads", "c₁", "c₂", "c₃"] and list(columns.values()) == sorted(columns.values())
    cells = [[words.get((columns[c], rows[x])) for c in ("c₁", "c₂", "c₃")] for x in OUTCOMES]
    if half == "start":
        assert cells == [[None] * 3] * 4
    else:
        assert cells == [[f"{value:.3f}" for value in row] for row in POSTERIORS[iteration - (half == "M")]]


def test_a_long_table_shows_some_rows_each_with_its_own_posterior():
    heads = list(range(0, 60, 2))
    state = ExplorerState(BinomialMixture(heads, 60), Coins([0.5, 0.5], [0.3, 0.7]), iterations=1)
    shown = Shown(state, 1, "table")
    words = shown.words(shown.right["table"])
    columns = {text: x for (x, y), text in words.items() if text in ("heads", "c₂")}
    rows = {int(text): y for (x, y), text in words.items() if x == columns["heads"] and text != "heads"}
    assert 8 <= len(rows) <= 11 and {0, 58} <= set(rows) <= set(heads)
    for outcome, y in rows.items():
        parts = [joint(outcome, 60, 0.5, p) for p in (0.3, 0.7)]
        assert words[(columns["c₂"], y)] == f"{float(parts[1] / sum(parts)):.3f}"


def test_revealed_colours_are_those_of_the_true_coins():
    state = ExplorerState(start=Coins([0.2, 0.5, 0.3], [0.1, 0.5, 0.9]), iterations=1)
    state.simulate(40, 5, seed=3)
    sample = state.start.sample(40, 5, seed=3)
    state.reveal = True
    for frame in (0, 1, 2):
        shown = Shown(state, frame)
        counts = [Counter(sample.heads[sample.labels == j].tolist()) for j in range(3)]
        bottom = np.zeros(len(state.model.distinct_heads))
        for (bottoms, heights), count in zip(shown.shares(), counts, strict=True):
            expected = [count[x] for x in state.model.distinct_heads.tolist()]
            assert heights == pytest.approx(expected) and bottoms == pytest.approx(bottom)
            bottom = bottom + expected
        assert "Revealed" in shown.words(shown.data)[(0, 1.03)]


def test_an_impossible_start_shows_its_coins_and_no_run(state):
    state.show(state.model, Coins([0.5, 0.25, 0.25], [0, 1, 1]))
    shown = Shown(state, 0, *PANELS)
    assert shown.words(shown.data)[(0, 1.03)] == "These coins cannot give these data"
    assert all(np.all(heights == 0) for _, heights in shown.shares())
    trails, marks = moving(shown.coins)
    assert [mark.get_xdata()[0] for mark in marks] == [0, 4, 4]
    for name in ("biases", "weights", "log-likelihood", "gap"):
        assert all(len(line.get_xdata()) == 0 for line in shown.right[name].lines if line.get_animated())


def test_panels_stand_in_the_order_asked_for_with_the_table_first_and_iterations_below(state):
    shown = Shown(state, 0, "gap", "table", "biases")
    assert list(shown.right) == ["table", "gap", "biases"]
    tops = [axes.get_position().y1 for axes in shown.right.values()]
    assert tops == sorted(tops, reverse=True)
    assert shown.right["biases"].get_xlabel() == "iteration" and not shown.right["gap"].get_xlabel()


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_what_can_be_grabbed_lies_where_it_is_on_show_and_says_what_it_is(picture, frame, iteration, half):
    Shown(picture, frame)
    weights, biases = THETAS[iteration]
    *coins, first, second = [handle for handle in picture.handles(frame) if handle.look != "top"]
    assert [handle.value[0] for handle in coins] == pytest.approx(biases)
    assert [handle.words for handle in coins] == ["bias 1", "bias 2", "bias 3"]
    assert [handle.colour for handle in coins] == list(COLOURS[:3])
    assert (first.value[0], second.value[0]) == pytest.approx(tuple(np.cumsum(weights)[:2]))
    assert (first.words, second.words) == ("weights 1 and 2", "weights 2 and 3")


def test_every_axis_has_the_name_of_what_it_counts(picture):
    shown = Shown(picture, 1)
    names = {"biases": "bias", "weights": "weight", "log-likelihood": "log-lik.", "gap": "gap"}
    assert {name: axes.get_ylabel() for name, axes in shown.right.items() if axes.axison} == names
    assert [axes.get_xlabel() for axes in shown.right.values()] == [""] * 4 + ["iteration"]
    assert (shown.data.get_xlabel(), shown.data.get_ylabel(), shown.coins.get_ylabel()) == ("", "sequences", "")


def test_what_is_written_in_the_picture_is_written_in_the_svg(state):
    picture = ExplorerPicture(state, list(PANELS))
    svg = picture.svg(3).replace("&#x2212;", MINUS)
    for *_, text in picture.update(3):
        assert f"<!-- {text} -->" in svg
    assert not any(axes.texts for axes in picture.figure.axes), "they are gone again"


@pytest.mark.parametrize(("frame", "iteration", "half"), FRAMES)
def test_a_bar_says_its_numbers_and_the_time_of_the_run_can_be_pointed_at(picture, frame, iteration, half):
    shown = Shown(picture, frame)
    bars, runs = ([area for area in picture.areas(frame) if bool(area.words) == told] for told in (True, False))
    for row, (area, x, n) in enumerate(zip(bars, OUTCOMES, OCCURRENCES, strict=True)):
        assert (area.axes, area.low, area.high) == (shown.data, (x - 0.4, 0), (x + 0.4, n))
        words = f"{x} heads in {TOSSES} tosses: {n} sequences"
        posterior = POSTERIORS[iteration - (half == "M")][row]
        words += "" if half == "start" else "; posterior " + ", ".join(f"{share:.3f}" for share in posterior)
        assert area.words == words
    assert [area.axes for area in runs] == [axes for name, axes in shown.right.items() if name != "table"]
    for area in runs:
        place, box = area.on_page(), area.axes.get_position()
        left, right = (area.axes.transData.transform((x, 1))[0] / 960 for x in (0, 4))
        assert (place["low"][0], place["high"][0]) == (pytest.approx(left), pytest.approx(right))
        assert (place["low"][1], place["high"][1]) == (pytest.approx(1 - box.y0), pytest.approx(1 - box.y1))


def test_the_picture_names_its_data():
    picture = ExplorerPicture(state := ExplorerState())
    picture.png()
    assert picture.figure.axes[0].get_xlabel() == "heads in 10 tosses: the chapter's 20 sequences"
    state.choose_preset("Two summits: one side")
    picture.png()
    assert picture.figure.axes[0].get_xlabel() == "heads in 10 tosses: two summits"
