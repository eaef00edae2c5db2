"""The course's pictures: their artists are asked, and hold numbers that were worked out another way."""

from math import comb, exp, log, sqrt

import matplotlib
import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.colors import same_color
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch
from oracle import joint
from scipy.stats import binom, chi2

import emlib
from emlib import BinomialMixture, Coins, chapter
from emlib.beyond import ManyRuns
from emlib.beyond.inference import LikelihoodRatioTest
from emlib.coins import CoinStatistics, Sample
from emlib.explorer.picture import PANELS, ExplorerPicture
from emlib.explorer.state import ExplorerState
from emlib.landscape.picture import LandscapePicture
from emlib.landscape.state import LandscapeState
from emlib.lessons import (
    how_fast_em_climbs,
    how_many_coins,
    missing_ratings,
    mixture_models,
    naive_bayes,
    one_iteration_by_hand,
    the_em_algorithm,
    to_convergence,
    your_own_model,
)
from emlib.models import Classes
from emlib.page.picture import COLOURS, GREY, INK, LINES, MARKERS

HEADS, TOSSES, OUTCOMES, OCCURRENCES = (0, 1, 1, 3, 4, 4), 4, (0, 1, 3, 4), (1, 2, 1, 2)
MODEL = BinomialMixture(HEADS, TOSSES)
THETA = Coins([0.2, 0.5, 0.3], [0.3, 0.45, 0.9])
ROWS = [[joint(x, TOSSES, w, p) for w, p in zip(THETA.weights, THETA.biases, strict=True)] for x in OUTCOMES]
POSTERIOR = np.array([[value / sum(row) for value in row] for row in ROWS], dtype=float)


def boxes(axes):
    """Left, bottom, width and height of all bars, one container after the other."""
    return [np.array([[b.get_x(), b.get_y(), b.get_width(), b.get_height()] for b in bars]) for bars in axes.containers]


def points(axes):
    """Lines that have markers and no line."""
    return [line for line in axes.lines if line.get_linestyle() == "None" and len(line.get_xdata())]


def curves(axes):
    """Lines that are drawn as lines."""
    return [line for line in axes.lines if line.get_linestyle() != "None" and len(line.get_xdata())]


def legend(figure):
    made = figure.legends or [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    return [text.get_text() for text in made[0].get_texts()]


def names(picture):
    """What stands below every axes, and beside it."""
    return [(axes.get_xlabel(), axes.get_ylabel()) for axes in picture.figure.axes]


def keys(axes):
    """What the legend of some axes says: words to colour."""
    return {
        text: handle.get_color() if hasattr(handle, "get_color") else handle.patches[0].get_facecolor()
        for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)
    }


STYLES = {
    "dark": dict(matplotlib.style.library["dark_background"]),
    "large": {"font.size": 24, "axes.titlesize": 40, "lines.linewidth": 9},
    "TeX": {"text.usetex": True},
    "no such font": {"font.family": "No Such Font"},
    "saved as": {"savefig.bbox": "tight", "savefig.facecolor": "red", "savefig.transparent": True, "savefig.dpi": 30},
    "drawn as": {"path.sketch": (3, 100, 2), "axes.unicode_minus": False, "figure.constrained_layout.use": False},
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "png",
    [
        lambda: one_iteration_by_hand.m_step(THETA, Coins([0.4, 0.5, 0.1], [0.35, 0.4, 0.8])).png(),
        lambda: to_convergence.gradient(MODEL, THETA).png(),
        lambda: ExplorerPicture(ExplorerState(MODEL, THETA, iterations=4), list(PANELS)).png(3),
        lambda: ExplorerPicture(ExplorerState(MODEL, THETA, iterations=4)).svg(3),
        lambda: LandscapePicture(LandscapeState(MODEL, Coins([0.4, 0.6], [0.2, 0.7]))).png(),
    ],
    ids=["m_step", "gradient", "explorer", "explorer as SVG", "landscape"],
)
def test_a_picture_is_the_same_whatever_style_the_reader_has_chosen(style, png):
    expected = png()
    with rc_context(STYLES[style]):
        assert png() == expected


# Notebook 3


def test_e_step_splits_every_box_by_the_posterior():
    picture = one_iteration_by_hand.e_step(MODEL, THETA)
    (axes,) = picture.figure.axes
    edge = np.array(OUTCOMES) - 0.42
    for j, bars in enumerate(boxes(axes)):
        assert bars[:, 2] == pytest.approx(0.84 * POSTERIOR[:, j]) and bars[:, 3] == pytest.approx(OCCURRENCES)
        assert bars[:, 0] == pytest.approx(edge)
        edge = edge + bars[:, 2]
        assert all(same_color(bar.get_facecolor(), COLOURS[j]) for bar in axes.containers[j])
    assert legend(picture.figure) == ["coin 1 (bias 0.30)", "coin 2 (bias 0.45)", "coin 3 (bias 0.90)"]
    cuts = sorted((line.get_xdata()[0] + 0.42, line.get_ydata()[0]) for line in axes.lines)
    assert cuts == [pytest.approx((1, 1)), pytest.approx((4, 1))], "a pile of two is two boxes"
    row = ", ".join(f"{share:.3f}" for share in POSTERIOR[1])
    assert f"1 heads, 2 sequences: {row}" in picture.description and axes.get_xlabel() == "heads in 4 tosses"
    assert names(picture) == [("heads in 4 tosses", "sequences")]


def test_m_step_moves_every_coin_from_before_to_after():
    before, after = THETA, Coins([0.4, 0.5, 0.1], [0.35, 0.4, 0.8])
    picture = one_iteration_by_hand.m_step(before, after)
    (axes,) = picture.figure.axes
    arrows = [text for text in axes.texts if text.arrow_patch]
    notes = [text for text in axes.texts if not text.arrow_patch]
    hollow = [line for line in points(axes) if same_color(line.get_markerfacecolor(), "white")]
    filled = [line for line in points(axes) if not same_color(line.get_markerfacecolor(), "white")]
    for j in range(3):
        old, new = ((theta.biases[j], theta.weights[j]) for theta in (before, after))
        assert (arrows[j].xyann, arrows[j].xy) == (old, new)
        assert type(arrows[j].arrow_patch.get_arrowstyle()).__name__ == "CurveFilledB", "its head is where it points to"
        assert arrows[j].get_text() == "" and same_color(arrows[j].arrow_patch.get_edgecolor(), COLOURS[j])
        assert (hollow[j].get_xdata()[0], hollow[j].get_ydata()[0]) == old
        assert (filled[j].get_xdata()[0], filled[j].get_ydata()[0]) == new
        assert hollow[j].get_marker() == filled[j].get_marker() == MARKERS[j]
        words = f"coin {j + 1}\nbias {old[0]:.3f} to {new[0]:.3f}\nweight {old[1]:.3f} to {new[1]:.3f}"
        assert notes[j].get_text() == words and notes[j].xy == old
        assert notes[j].get_ha() == ("right" if new[0] > old[0] else "left"), "on the side where no arrow is"
        assert f"coin {j + 1} bias {old[0]:.4f} to {new[0]:.4f}, weight {old[1]:.4f} to" in picture.description
    assert "bias" in axes.get_xlabel() and "weight" in axes.get_ylabel()
    looks = {
        line.get_label(): line.get_markerfacecolor() for line in axes.lines if line.get_label() in ("before", "after")
    }
    assert looks == {"before": "white", "after": GREY}
    for values, (low, high) in (((0.3, 0.9), axes.get_xlim()), ((0.1, 0.5), axes.get_ylim())):
        assert low < min(values) and max(values) < high


# Notebook 1

INCOMES, GROUPS = [12.0, 13, 17, 26, 41, 41, 44], [0, 1, 0, 0, 1, 1, 1]


def test_incomes_are_counted_per_five_thousand():
    hidden = mixture_models.incomes(INCOMES, GROUPS, ["young", "old"], reveal=False)
    (bars,) = boxes(hidden.figure.axes[0])
    assert bars[:, 0].tolist() == [10, 15, 20, 25, 30, 35, 40] and bars[:, 3].tolist() == [2, 1, 0, 1, 0, 0, 3]
    assert "everybody: 2, 1, 0, 1, 0, 0, 3" in hidden.description and legend(hidden.figure) == ["age hidden"]
    shown = mixture_models.incomes(INCOMES, GROUPS, ["young", "old"], reveal=True)
    young, old = boxes(shown.figure.axes[0])
    assert young[:, 3].tolist() == [1, 1, 0, 1, 0, 0, 0] and old[:, 3].tolist() == [1, 0, 0, 0, 0, 0, 3]
    assert old[:, 1].tolist() == young[:, 3].tolist() and not young[:, 1].any(), "one group on top of the other"
    assert all(bars[:, 2].tolist() == [5] * 7 for bars in (young, old)) and legend(shown.figure) == ["young", "old"]
    assert "young: 1, 1, 0, 1, 0, 0, 0; old: 1, 0, 0, 0, 0, 0, 3" in shown.description
    assert names(shown) == names(hidden) == [("income (thousands a year)", "people")]
    for j, bars in enumerate(shown.figure.axes[0].containers):
        assert all(same_color(bar.get_facecolor(), COLOURS[j]) for bar in bars)


def test_outcomes_stand_beside_what_the_mixture_expects():
    picture = mixture_models.outcomes(MODEL, THETA)
    (axes,) = picture.figure.axes
    (bars,), (line,) = boxes(axes), axes.lines
    assert bars[:, 0] + 0.4 == pytest.approx(OUTCOMES) and bars[:, 3].tolist() == list(OCCURRENCES)
    expected = [
        float(6 * sum(joint(x, TOSSES, w, p) for w, p in zip(*np.asarray(THETA), strict=True))) for x in range(5)
    ]
    assert line.get_xydata() == pytest.approx(np.column_stack([range(5), expected]))
    assert axes.containers[0].get_label() == "observed" and line.get_label() == "3 coins expect"
    assert legend(picture.figure) == ["3 coins expect", "observed"] and names(picture) == [
        ("heads in 4 tosses", "sequences")
    ]
    told = f"0: 1, 1: 2, 3: 1, 4: 2. Expected: {', '.join(f'{value:.1f}' for value in expected)} for 0 to 4 heads."
    assert picture.description == f"Sequences per number of heads: {told}"


def test_every_latent_node_points_to_its_own_observed_one():
    (axes,) = mixture_models.graphical_model(3).figure.axes
    circles = {text.get_text(): text.get_position() for text in axes.texts}
    shades = {tuple(patch.center): patch.get_facecolor() for patch in axes.patches if isinstance(patch, Circle)}
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 3 and len(shades) == 6
    for i, arrow in enumerate(arrows, start=1):
        latent, observed = circles[f"$Y_{i}$"], circles[f"$X_{i}$"]
        (from_x, from_y), (to_x, to_y) = arrow._posA_posB
        assert from_x == to_x == latent[0] == observed[0]
        assert latent[1] > from_y > to_y > observed[1]
        assert same_color(shades[latent], "white") and same_color(shades[observed], GREY)
        assert type(arrow.get_arrowstyle()).__name__ == "CurveFilledB"
    assert circles["latent"][1] == circles["$Y_1$"][1] and circles["observed"][1] == circles["$X_1$"][1]


SAMPLE = Sample(np.array([2, 7, 3, 7, 9]), np.array([0, 1, 0, 2, 1]))


def test_sequences_show_their_coins_only_when_revealed():
    hidden = mixture_models.sequences(SAMPLE, 10, reveal=False)
    (line,) = points(hidden.figure.axes[0])
    assert line.get_xydata().tolist() == [[1, 2], [2, 7], [3, 3], [4, 7], [5, 9]] and line.get_color() == GREY
    assert [text.get_text() for text in hidden.figure.axes[0].texts] == ["?"] * 5
    assert hidden.description.endswith("2, 7, 3, 7, 9. Their coins: hidden.")
    shown = mixture_models.sequences(SAMPLE, 10, reveal=True)
    lines = points(shown.figure.axes[0])
    assert [line.get_xydata().tolist() for line in lines] == [[[1, 2], [3, 3]], [[2, 7], [5, 9]], [[4, 7]]]
    for j, line in enumerate(lines):
        assert line.get_color() == COLOURS[j] and line.get_marker() == MARKERS[j]
    assert legend(shown.figure) == ["coin $c_1$", "coin $c_2$", "coin $c_3$"]
    assert shown.description.endswith("Their coins: c_1, c_2, c_1, c_3, c_2.")
    assert names(shown) == names(hidden) == [("sequence", "heads in 10 tosses")]


def test_bias_curves_are_the_two_likelihoods_below_their_peaks():
    sample, theta = Sample(np.array([1, 3, 4]), np.array([0, 0, 1])), Coins([0.4, 0.6], [0.5, 0.5])
    picture = mixture_models.bias_curves(sample, theta, [0.7, 0.2], tosses=5)
    revealed, hidden = picture.figure.axes
    grid = np.arange(1, 161) / 200
    for k, second in enumerate((0.7, 0.2)):
        labelled = 0.4 * binom.pmf(1, 5, grid) * 0.4 * binom.pmf(3, 5, grid) * 0.6 * binom.pmf(4, 5, second)
        mixture = np.prod([0.4 * binom.pmf(x, 5, grid) + 0.6 * binom.pmf(x, 5, second) for x in (1, 3, 4)], axis=0)
        for axes, likelihood in ((revealed, labelled), (hidden, mixture)):
            line, peak = curves(axes)[k], points(axes)[k]
            assert line.get_xdata() == pytest.approx(grid)
            assert line.get_ydata() == pytest.approx(np.log(likelihood / likelihood.max()))
            assert peak.get_xydata().tolist() == [[pytest.approx(grid[likelihood.argmax()]), 0]]
            assert line.get_color() == peak.get_color() == COLOURS[k] and line.get_linestyle() == LINES[k]
            assert f"{grid[likelihood.argmax()]:.3f} if the second bias is {second:g}" in picture.description
    assert points(revealed)[0].get_xdata() == pytest.approx([4 / 10]), "heads of coin 1 over its tosses"
    assert [axes.get_title() for axes in (revealed, hidden)] == ["coins revealed", "coins hidden"]
    assert legend(picture.figure) == [r"$\phi_2 = 0.7$", r"$\phi_2 = 0.2$"]
    assert names(picture)[0] == (r"bias $\phi_1$ of the first coin", "log-likelihood\nbelow its peak")


# Notebook 2


def test_labels_are_seen_on_the_left_and_hidden_on_the_right():
    picture = the_em_algorithm.labels_shown(SAMPLE)
    left, right = picture.figure.axes
    assert [sorted(line.get_xdata().tolist()) for line in points(left)] == [[2, 3], [7, 9], [7]]
    assert [line.get_color() for line in points(left)] == list(COLOURS[:3])
    (grey,) = points(right)
    piled = sorted(grey.get_xydata().tolist())
    assert piled == [[2, 0], [3, 0], [7, 0], [7, 1], [9, 0]] and grey.get_color() == GREY
    assert sorted(place for line in points(left) for place in line.get_xydata().tolist()) == piled
    assert "supervised" in left.get_title() and "unsupervised" in right.get_title()
    assert "coin 1: 2, 3; coin 2: 7, 9; coin 3: 7." in picture.description
    assert [name for name, _ in names(picture)] == ["heads in 10 tosses"] * 2
    assert keys(left) == {f"coin {j + 1}": COLOURS[j] for j in range(3)} and keys(right) == {"coin unknown": GREY}


def test_ratings_of_a_user_with_a_gap_are_lost():
    picture = the_em_algorithm.ratings_grid([[5, 4], [3, np.nan], [np.nan, 1]], ["action", "fun"])
    (axes,) = picture.figure.axes
    looks = {}
    for bar in axes.patches:
        place = round(bar.get_x() + 0.42), round(bar.get_y() + 0.42)
        looks[place] = "kept" if same_color(bar.get_facecolor(), COLOURS[0]) else (
            "lost" if same_color(bar.get_edgecolor(), COLOURS[1]) else "missing"
        )  # fmt: skip
    assert looks == {
        (1, 0): "kept", (1, 1): "kept", (2, 0): "lost", (2, 1): "missing", (3, 0): "missing", (3, 1): "lost"
    }  # fmt: skip
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {(1, 0): "5", (1, 1): "4", (2, 0): "3", (2, 1): "?", (3, 0): "?", (3, 1): "1"}
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["action", "fun"]
    said = ["kept: 2", "thrown away with the incomplete user: 2", "never given: 2"]
    assert legend(picture.figure) == said and "Complete: users 1. Ratings " + ", ".join(said) in picture.description
    assert axes.get_xlabel() == "user"
    drawn = [patch.get_facecolor() for patch in picture.figure.legends[0].get_patches()]
    assert [same_color(colour, COLOURS[0]) for colour in drawn] == [True, False, False], "what is kept is full"


def test_bayes_guess_shows_weight_likelihood_and_posterior():
    picture = the_em_algorithm.bayes_guess(chapter.start, heads=6)
    weights, biases = (0.25, 0.5, 0.25), (0.4, 0.5, 0.65)
    likelihood = [comb(10, 6) * p**6 * (1 - p) ** 4 for p in biases]
    posterior = np.multiply(weights, likelihood) / np.dot(weights, likelihood)
    chapter.compare("(6.9)", posterior)
    titles = ["weight", "times likelihood of 6 heads", "gives posterior"]
    for axes, title, values in zip(picture.figure.axes, titles, (weights, likelihood, posterior), strict=True):
        assert axes.get_title() == title and boxes(axes)[0][:, 3] == pytest.approx(values)
        assert [text.get_text() for text in axes.texts] == [f"{value:.3f}" for value in values]
        assert f"{title} {', '.join(f'{value:.4f}' for value in values)}" in picture.description


def test_expected_shares_are_occurrences_times_posterior():
    picture = the_em_algorithm.expected_shares(MODEL, THETA)
    (axes,) = picture.figure.axes
    expected = np.array(OCCURRENCES)[:, None] * POSTERIOR
    bottom = np.zeros(4)
    for j, bars in enumerate(boxes(axes)):
        assert bars[:, 3] == pytest.approx(expected[:, j]) and bars[:, 1] == pytest.approx(bottom)
        assert bars[:, 0] + 0.4 == pytest.approx(OUTCOMES)
        bottom = bottom + expected[:, j]
        assert f"coin {j + 1}: {', '.join(f'{v:.2f}' for v in expected[:, j])} (sum" in picture.description
    assert legend(picture.figure) == [f"coin {j + 1}: {expected[:, j].sum():.2f} in all" for j in range(3)]
    assert names(picture) == [("heads in 4 tosses", "sequences")]
    feet = np.cumsum(expected, axis=1) - expected
    large = {
        (OUTCOMES[i], round(feet[i, j] + expected[i, j] / 2, 6)): f"{expected[i, j]:.2f}"
        for i, j in np.ndindex(4, 3)
        if expected[i, j] >= 0.4
    }
    written = {(x, round(float(y), 6)): text.get_text() for text in axes.texts for x, y in [text.get_position()]}
    assert written == large, "each number stands in the middle of its own bar"


def test_m_step_peaks_at_heads_over_tosses():
    statistics = CoinStatistics(
        np.array([2.0, 4]), np.array([6.0, 30]), np.array([20.0, 40]), Coins([0.5, 0.5], [0.2, 0.6])
    )
    best = Coins([1 / 3, 2 / 3], [0.3, 0.75])
    picture = the_em_algorithm.m_step_peaks(statistics, best)
    for j, (heads, tosses, old, new) in enumerate(((6, 20, 0.2, 0.3), (30, 40, 0.6, 0.75))):
        axes = picture.figure.axes[j]
        (curve,), (was, now) = curves(axes), points(axes)
        grid = np.asarray(curve.get_xdata())
        below = binom.logpmf(heads, tosses, grid) - binom.logpmf(heads, tosses, new)
        assert curve.get_ydata() == pytest.approx(below) and curve.get_color() == COLOURS[j]
        drop = binom.logpmf(heads, tosses, new) - binom.logpmf(heads, tosses, old)
        assert was.get_xydata()[0] == pytest.approx([old, -drop]) and same_color(was.get_markerfacecolor(), "white")
        assert now.get_xydata()[0] == pytest.approx([new, 0])
        assert axes.get_title() == f"coin {j + 1}: from {old:.3f} to {new:.3f}"
        assert f"coin {j + 1}: peak at {new:.4f}, before {old:.4f}, {drop:.4f} nats lower" in picture.description
    assert legend(picture.figure) == ["before (white)", "after the M-step (filled)"]
    white, full = picture.figure.legends[0].legend_handles
    assert same_color(white.get_color(), "white") and not same_color(full.get_color(), "white")
    assert names(picture) == [("bias", "log-likelihood\nbelow its peak (nats)"), ("bias", "")]


def test_the_curves_below_touch_the_log_likelihood_and_have_their_tops_at_the_new_biases():
    picture = the_em_algorithm.curves_below(MODEL, THETA)
    weight = np.array([[w * binom.pmf(x, TOSSES, p) for w, p in zip(*np.asarray(THETA), strict=True)] for x in HEADS])
    shares = weight / weight.sum(axis=1, keepdims=True)
    for j, axes in enumerate(picture.figure.axes):

        def parts(bias, j=j):
            joint = weight.copy()
            joint[:, j] = THETA.weights[j] * binom.pmf(HEADS, TOSSES, bias)
            return np.log(joint.sum(axis=1)).sum(), (shares * np.log(joint / shares)).sum()

        (above, below), (before, after, there) = curves(axes), points(axes)
        grid = np.asarray(above.get_xdata())
        assert np.array_equal(grid, below.get_xdata())
        expected = np.transpose([parts(bias) for bias in grid])
        assert [above.get_ydata(), below.get_ydata()] == [pytest.approx(row) for row in expected]
        assert same_color(below.get_color(), COLOURS[j]) and np.all(expected[1] <= expected[0] + 1e-12)
        old, new = THETA.biases[j], shares[:, j] @ HEADS / (TOSSES * shares[:, j].sum())
        assert before.get_xydata() == pytest.approx(np.array([[old, parts(old)[0]]]))
        assert parts(old)[0] == pytest.approx(parts(old)[1])
        assert after.get_xydata() == pytest.approx(np.array([[new, parts(new)[1]]]))
        assert after.get_ydata()[0] >= max(below.get_ydata())
        assert there.get_xydata() == pytest.approx(np.array([[new, parts(new)[0]]]))
        said = f"coin {j + 1}: from {old:.4f} to {new:.4f}, there {parts(new)[1]:.4f} below {parts(new)[0]:.4f}"
        assert said in picture.description
    assert legend(picture.figure) == ["log-likelihood", "curve below", "before", "M-step", "log-likelihood there"]
    assert [axes.get_title() for axes in picture.figure.axes] == ["coin 1", "coin 2", "coin 3"]
    assert names(picture) == [("bias", "nats"), ("bias", ""), ("bias", "")]


def run(*heights):
    """Steps of a run with these log-likelihoods."""
    return [emlib.Step(i, THETA, None, height) for i, height in enumerate(heights)]


RUNS = {"P": (-9.0, -5.5, -4.25, -4.0, -3.9, -3.85, -3.84), "Q": (-8.0, -6.0)}


@pytest.mark.parametrize("draw", [the_em_algorithm.climb, to_convergence.likelihoods])
def test_climbs_hold_the_log_likelihoods(draw):
    picture = draw({name: run(*heights) for name, heights in RUNS.items()})
    (axes,) = picture.figure.axes
    for j, (name, heights) in enumerate(RUNS.items()):
        line = axes.lines[j]
        assert list(line.get_xdata()) == list(range(len(heights))) and list(line.get_ydata()) == list(heights)
        assert (line.get_label(), line.get_color(), line.get_linestyle()) == (name, COLOURS[j], LINES[j])
    assert legend(picture.figure) == ["P", "Q"] and axes.get_xlabel() == "iteration"
    assert names(picture) == [("iteration", "log-likelihood (nats)")]
    ends = (
        "P: at iteration 0: -9.000, 1: -5.500, 2: -4.250, 5: -3.850. Q: at iteration 0: -8.000, 1: -6.000"
        if draw is the_em_algorithm.climb
        else "P: -9.0000 to -3.8400; Q: -8.0000 to -6.0000"
    )
    assert ends in picture.description


# Notebook 4


def test_gap_to_maximum_is_the_distance_of_every_bias():
    biases = [(0.2, 0.9), (0.4, 0.7), (0.45, 0.55)]
    steps = [emlib.Step(i, Coins([0.5, 0.5], pair), None, 0.0) for i, pair in enumerate(biases)]
    picture = to_convergence.gap_to_maximum(steps, 0.5, 0.25)
    (axes,) = picture.figure.axes
    first, second, theory = axes.lines
    assert first.get_ydata() == pytest.approx([0.3, 0.1, 0.05]) and second.get_ydata() == pytest.approx(
        [0.4, 0.2, 0.05]
    )
    assert np.divide(theory.get_ydata()[1:], theory.get_ydata()[:-1]) == pytest.approx([0.25, 0.25])
    assert axes.get_yscale() == "log" and axes.get_ylabel() == "distance of the bias from 0.5"
    assert axes.get_xlabel() == "iteration" and list(theory.get_xdata()) == [0, 1, 2]
    assert keys(axes) == {"coin 1": COLOURS[0], "coin 2": COLOURS[1], "shrinks by 0.25000 each time": INK}
    assert legend(picture.figure) == ["coin 1", "coin 2", "shrinks by 0.25000 each time"]
    assert picture.description == "Distance from 0.5 on a log scale: straight lines down to 5e-02, 5e-02."


def test_gradient_is_what_a_further_coin_gains():
    picture = to_convergence.gradient(MODEL, THETA)
    (axes,) = picture.figure.axes
    (line,), (coins,) = curves(axes)[1:], points(axes)
    mixture = {x: float(sum(row)) for x, row in zip(OUTCOMES, ROWS, strict=True)}

    def gain(p):
        return sum(binom.pmf(x, TOSSES, p) / mixture[x] for x in HEADS) - len(HEADS)

    assert line.get_ydata() == pytest.approx([gain(p) for p in line.get_xdata()])
    assert coins.get_xdata() == pytest.approx([0.3, 0.45, 0.9])
    assert coins.get_ydata() == pytest.approx([gain(p) for p in (0.3, 0.45, 0.9)])
    assert line.get_xdata()[0] == 0 and line.get_xdata()[-1] == 1 and curves(axes)[0].get_ydata() == [0, 0]
    assert f"highest at p = 0.000, where it is {gain(0):.3f}" in picture.description
    assert names(picture) == [("bias p of one more coin", "D(p)")]
    rest = to_convergence.gradient(BinomialMixture([2, 2], 4), Coins([1], [0.5]))
    assert rest.description == "D(p) is 0.000 at the coins (0.500), and nowhere above 0.001."


def test_gradient_peaks_stand_above_0_or_hollow_on_the_lowest_line():
    one = [Coins([1], [sum(heads) / 12]) for heads in ((2, 2, 2), (0, 2, 4), (1, 1, 4))]
    samples = [BinomialMixture(heads, 4) for heads in ((2, 2, 2), (0, 2, 4), (1, 1, 4))]
    grid = np.linspace(0, 1, 101)
    peaks = [emlib.gradient_function(*pair, grid).max() for pair in zip(samples, one, strict=True)]
    picture = to_convergence.gradient_peaks({"first": peaks, "second": [0.5, -1e-9]})
    left, right = picture.figure.axes
    above, at_zero = points(left)
    # By hand: under a fair coin, 0 and 4 heads have 1/16 each and 2 have 6/16, and D(0) = 16 - 3.
    expected = [13, binom.pmf(4, 4, 1) / 0.5**4 - 3]
    assert list(above.get_xdata()) == [2, 3] and above.get_ydata() == pytest.approx(expected)
    assert list(at_zero.get_xdata()) == [1] and same_color(at_zero.get_markerfacecolor(), "white")
    assert [(*line[0], *line[1]) for line in left.collections[0].get_segments()] == [
        (2, 0.001, 2, peaks[1]),
        (3, 0.001, 3, peaks[2]),
    ]
    assert [line.get_xdata().tolist() for line in points(right)] == [[1], [2]]
    assert left.get_yscale() == "log" and left.get_ylim()[0] == 0.001 and left.get_ylim() == right.get_ylim()
    assert left.get_title() == "first: above 0.001 in 2 of 3" and right.get_title() == "second: above 0.001 in 1 of 2"
    assert names(picture) == [("sample", "highest D(p)"), ("sample", "")]
    assert picture.description == (
        "Highest D(p) of each sample. first: above 0.001 in 2 of 3, there from 13 to 13; "
        "second: above 0.001 in 1 of 2, there from 0.5 to 0.5."
    )
    assert to_convergence.gradient_peaks({"one": [0.0]}).description.endswith("one: above 0.001 in 0 of 1.")


# Notebook 6


def test_star_bars_stand_beside_the_truth():
    picture = missing_ratings.star_bars({"one": [0.5, 0.3, 0.2], "two": [0.1, 0.1, 0.8]}, truth=[0.2, 0.2, 0.6])
    for axes, title, values in zip(
        picture.figure.axes, ("one", "two"), ([0.5, 0.3, 0.2], [0.1, 0.1, 0.8]), strict=True
    ):
        bars = boxes(axes)[0]
        assert axes.get_title() == title and bars[:, 3].tolist() == values
        assert bars[:, 0] + 0.4 == pytest.approx([1, 2, 3])
        (truth,) = axes.collections
        assert [[tuple(segment[0])[1], segment[:, 0].mean()] for segment in truth.get_segments()] == [
            [0.2, 1], [0.2, 2], [0.6, 3]
        ]  # fmt: skip
    assert "one: 0.50, 0.30, 0.20; two: 0.10, 0.10, 0.80; truth: 0.20, 0.20, 0.60." in picture.description
    assert set(legend(picture.figure)) == {"EM", "truth"} and axes.containers[0].get_label() != "truth"
    assert names(picture) == [("stars", "probability"), ("stars", "")]


def test_star_pairs_have_the_first_question_down_the_rows():
    table = np.array([[0.1, 0.2], [0.3, 0.4]])
    picture = missing_ratings.star_pairs({"all": table}, ("action", "fun"))
    (axes,) = picture.figure.axes
    assert axes.images[0].get_array().tolist() == table.tolist() and axes.images[0].origin == "lower"
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {(0, 0): "10", (1, 0): "20", (0, 1): "30", (1, 1): "40"}
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("action", "fun")
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1", "2"]
    average = (0.1 + 2 * 0.2) / 0.3, (0.3 + 2 * 0.4) / 0.7
    assert f"Average fun of those who gave action 1 to 2 stars. all: {average[0]:.1f}, {average[1]:.1f}." == (
        picture.description
    )


def test_user_types_have_a_row_each():
    theta = Classes([0.25, 0.75], [[[0.9, 0.1], [0.4, 0.6]], [[0.5, 0.5], [0.2, 0.8]]])
    truth = Classes([0.5, 0.5], [[[0.7, 0.3], [0.1, 0.9]], [[0.6, 0.4], [0, 1]]])
    picture = missing_ratings.user_types(theta, ["A", "B"], ["action", "fun"], truth)
    for (k, d), axes in zip(np.ndindex(2, 2), picture.figure.axes, strict=True):
        assert boxes(axes)[0][:, 3].tolist() == theta.probabilities[k, d].tolist()
        assert [segment[0, 1] for segment in axes.collections[0].get_segments()] == truth.probabilities[k, d].tolist()
        assert axes.get_title() == (("action", "fun")[d] if k == 0 else "")
        assert axes.get_ylabel() == (("A\n(25%)", "B\n(75%)")[k] if d == 0 else "")
    assert picture.description.endswith("A (25%): action 1.1, fun 1.6; B (75%): action 1.5, fun 1.8.")
    assert [name for name, _ in names(picture)] == ["", "", "stars", "stars"]
    for (k, _), axes in zip(np.ndindex(2, 2), picture.figure.axes, strict=True):
        assert all(same_color(bar.get_facecolor(), COLOURS[k]) for bar in axes.containers[0]), "a colour for each type"


def test_fill_in_errors_have_the_mean_and_its_standard_error():
    ways = {"EM": [[0.1, 0.2], [0.3, 0.2]], "average": [[0.3, 0.5], [0.5, 0.9]]}
    picture = missing_ratings.fill_in_errors({"at random": ways}, [0.1, 0.5], "share")
    (axes,) = picture.figure.axes
    for j, (mean, error) in enumerate((([0.2, 0.2], [0.1, 0]), ([0.4, 0.7], [0.1, 0.2]))):
        line, _, (bars,) = axes.containers[j].lines
        assert line.get_xdata().tolist() == [0.1, 0.5] and line.get_ydata() == pytest.approx(mean)
        assert [np.ptp(segment[:, 1]) / 2 for segment in bars.get_segments()] == pytest.approx(error, abs=1e-9)
        assert line.get_color() == COLOURS[j]
    assert legend(picture.figure) == ["EM", "average"] and axes.get_ylim()[0] == 0
    assert names(picture) == [("share", "users in the wrong row")]
    assert "Share 10%, 50%. at random, EM: 0.20, 0.20; at random, average: 0.40, 0.70." in picture.description
    logs = missing_ratings.fill_in_errors({"at random": ways}, [10, 1000], "users", log=True)
    assert logs.figure.axes[0].get_xscale() == logs.figure.axes[0].get_yscale() == "log"
    assert "Users 10, 1,000." in logs.description


# Notebook 10


def test_misfit_draws_roots_and_pearson_residuals():
    counts, expected = [9, 25, 4], np.array([16.0, 21, 1])
    picture = how_many_coins.pearson_residuals(counts, {"one coin": expected})
    top, bottom = picture.figure.axes
    assert boxes(top)[0][:, 3] == pytest.approx([3, 5, 2]) and top.lines[0].get_ydata() == pytest.approx(
        np.sqrt(expected)
    )
    residuals = [-7 / 4, 4 / sqrt(21), 3]
    calm, wrong = points(bottom)
    assert calm.get_xydata() == pytest.approx(np.array([[0, residuals[0]], [1, residuals[1]]]))
    assert wrong.get_xydata() == pytest.approx(np.array([[2, 3]])) and wrong.get_color() == COLOURS[1]
    ends = [segment[1].tolist() for lines in bottom.collections for segment in lines.get_segments()]
    assert ends == [[0, pytest.approx(residuals[0])], [1, pytest.approx(residuals[1])], [2, pytest.approx(3)]]
    assert picture.description.endswith("one coin: -1.8, 0.9, 3.0.") and bottom.get_ylim()[1] > 3
    assert set(legend(picture.figure)) == {"observed", "expected"}
    assert top.containers[0].get_label() == "observed" and top.lines[0].get_label() == "expected"
    assert names(picture) == [("", "families\n(root scale)"), ("boys", "standard\ndeviations off")]


def test_ratios_stand_beside_chi_squared_and_what_was_observed():
    simulated = np.array([0.1, 0.2, 0.3, 1.1, 1.2, 2.6, 2.7, 4.1, 4.2, 6.3])
    tests = {"near": LikelihoodRatioTest(3.5, simulated, 0.5), "far": LikelihoodRatioTest(900.0, simulated, 0.1)}
    picture = how_many_coins.ratios(tests)
    near, far = picture.figure.axes
    for axes in (near, far):
        bars = boxes(axes)[0]
        assert bars[:, 3] * 0.5 * 10 == pytest.approx(np.histogram(simulated, np.arange(0, 8.5, 0.5))[0])
        curve = next(line for line in axes.lines if "chi" in line.get_label())
        assert curve.get_ydata() == pytest.approx(chi2.pdf(curve.get_xdata(), 2))
    (observed,) = [line for line in near.lines if line.get_color() == COLOURS[1]]
    assert list(observed.get_xdata()) == [3.5, 3.5] and observed.get_label() == "observed, 3.5"
    assert near.get_xlim()[1] > 3.5 and far.get_xlim()[1] < 20
    assert names(picture) == [("twice the gain in log-likelihood", "density"), ("twice the gain in log-likelihood", "")]
    (arrow,) = far.texts
    assert arrow.get_text() == "observed:\n900.0" and arrow.xy[0] > arrow.xyann[0], "it points to the right"
    half, most = np.quantile(simulated, [0.5, 0.95])
    words = f"half are below {half:.1f}, 95 % below {most:.1f}, and the largest is 6.3"
    assert f"near: observed 3.5; of 10 simulated values {words}" in picture.description


def test_estimates_lie_in_their_ellipse_as_often_as_it_says():
    theta = Coins([0.3, 0.7], [0.2, 0.6])
    own = np.array([[0.0016, 0.0009], [0.0009, 0.0025]])
    covariance = np.zeros((4, 4))
    for j, sign in enumerate((1, -1)):
        covariance[np.ix_([j, 2 + j], [j, 2 + j])] = own * [[1, sign], [sign, 1]]
    draws = np.random.default_rng(0).multivariate_normal([0.2, 0.6, 0.3, 0.7], covariance, 4000)
    picture = how_many_coins.estimates(theta, ManyRuns(draws[:, 2:], draws[:, :2], np.zeros(4000)), covariance)
    (axes,) = picture.figure.axes
    ellipses = [patch for patch in axes.patches if isinstance(patch, Ellipse)]
    clouds = [line for line in points(axes) if len(line.get_xdata()) > 1]
    for j, (cloud, ellipse) in enumerate(zip(clouds, ellipses, strict=True)):
        assert cloud.get_xydata() == pytest.approx(draws[:, [j, 2 + j]])
        inside = ellipse.get_path().contains_points(
            ellipse.get_patch_transform().inverted().transform(cloud.get_xydata())
        )
        assert inside.mean() == pytest.approx(0.95, abs=0.012)
        assert ellipse.center == (theta.biases[j], theta.weights[j])
        spread = draws[:, [j, 2 + j]].std(axis=0)
        centre = f"bias {theta.biases[j]:.3f} ± {spread[0]:.3f}, weight {theta.weights[j]:.3f} ± {spread[1]:.3f}"
        assert f"coin {j + 1}: {centre}" in picture.description
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("bias", "weight")


# Notebook 9


def test_next_estimates_climb_the_stairs_of_the_map():
    picture = how_fast_em_climbs.next_estimates(lambda t: 0.2 + t / 2, 0.9, iterations=2)
    whole, near = picture.figure.axes
    estimates = [0.9, 0.65, 0.525]
    diagonal, curve, stairs = near.lines[:3]
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata())
    assert curve.get_ydata() == pytest.approx(0.2 + curve.get_xdata() / 2)
    assert stairs.get_xydata() == pytest.approx(
        np.array([[0.9, 0.9], [0.9, 0.65], [0.65, 0.65], [0.65, 0.525], [0.525, 0.525]])
    )
    dots = near.lines[3]
    assert dots.get_xydata() == pytest.approx(np.array([[0.9, 0.65], [0.65, 0.525]]))
    (frame,) = whole.patches
    assert (frame.get_x(), frame.get_x() + frame.get_width()) == pytest.approx(near.get_xlim())
    assert (
        near.get_xlim() == near.get_ylim() and near.get_xlim()[0] < min(estimates) < max(estimates) < near.get_xlim()[1]
    )
    assert picture.description.endswith("EM: 0.9000, 0.6500, 0.5250.")
    assert names(picture) == [("estimate t", "next estimate"), ("estimate t", "")]
    assert keys(near) == {"no change": INK, "next estimate": COLOURS[0], "EM": COLOURS[1]}


def test_gaps_lie_beside_lines_of_their_rates():
    gaps = 0.5 * 0.3 ** np.arange(12)
    picture = how_fast_em_climbs.gaps_and_rates({"coins": (gaps, 0.3), "linkage": (gaps**2, 0.09)})
    first, slope, second, _, _ = picture.figure.axes[0].lines
    assert first.get_ydata() == pytest.approx(gaps) and second.get_ydata() == pytest.approx(gaps**2)
    ratio = np.asarray(slope.get_ydata()) / gaps
    assert ratio == pytest.approx(1.6 * np.ones(12)), "as steep as the rate, a little above"
    assert (first.get_color(), second.get_color()) == COLOURS[:2]
    assert legend(picture.figure) == ["coins:\nrate 0.3000", "linkage:\nrate 0.0900", "slope of each rate"]
    assert picture.description.endswith("coins: 0.3000; linkage: 0.0900.")
    assert names(picture) == [("iteration", "distance from the maximum")]


def test_gaps_per_iteration_mark_where_they_are_near():
    gaps = np.array([exp(-3 * i) for i in range(12)])
    picture = how_fast_em_climbs.gaps_per_iteration({"EM": gaps, "slow": 1 / np.arange(1, 30)})
    (axes,) = picture.figure.axes
    em, dot, slow, near = axes.lines
    assert em.get_ydata() == pytest.approx([exp(-3 * i) for i in em.get_xdata()]) and em.get_xdata()[0] == 1
    crossing = -log(1e-6) / 3
    assert crossing <= dot.get_xdata()[0] < crossing + 1 and list(dot.get_ydata()) == [1e-6]
    assert list(near.get_ydata()) == [1e-6, 1e-6] and slow.get_label() == "slow" and len(slow.get_xdata()) == 28
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert picture.description.endswith("Within 1e-06 nats: EM after about 5.")
    assert names(picture) == [("iterations (E-steps and M-steps)", "nats below the maximum")]
    assert keys(axes) == {"EM": COLOURS[0], "slow": COLOURS[1]}


# What they are made from


STEPS = run(-3.0, -2.0)
SEVEN = Coins([1 / 7] * 7, [0.5] * 7)
LABELLED = Sample(np.array([2, 7]), np.array([0, 3]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: one_iteration_by_hand.e_step(BinomialMixture([1, 2], [3, 4]), THETA),
            "equal lengths; they go from 3 to 4",
        ),
        (lambda: one_iteration_by_hand.e_step(THETA, MODEL), "model must be a BinomialMixture; it is a Coins"),
        (lambda: one_iteration_by_hand.e_step(MODEL, [0.2, 0.5]), "theta must be a Coins; it is a list"),
        (
            lambda: one_iteration_by_hand.e_step(MODEL, SEVEN),
            "theta must have 6 coins or fewer, to be told apart; it has 7",
        ),
        (lambda: the_em_algorithm.expected_shares(BinomialMixture([1, 2], [3, 4]), THETA), "equal lengths"),
        (lambda: the_em_algorithm.expected_shares(MODEL, SEVEN), "theta must have 6 coins or fewer"),
        (
            lambda: one_iteration_by_hand.m_step(THETA, Coins([1], [0.5])),
            "after must have 3 coins, as many as the others; it has 1",
        ),
        (lambda: one_iteration_by_hand.m_step(THETA, MODEL), "after must be a Coins"),
        (lambda: one_iteration_by_hand.m_step(SEVEN, SEVEN), "before must have 6 coins or fewer"),
        (
            lambda: the_em_algorithm.m_step_peaks(MODEL.e_step(THETA), Coins([1], [0.5])),
            "statistics.previous must have 1 coins",
        ),
        (
            lambda: the_em_algorithm.m_step_peaks(MODEL.complete_data_statistics([0] * 6, 1), Coins([1], [0.5])),
            "statistics.previous must be",
        ),
        (lambda: the_em_algorithm.curves_below(THETA, MODEL), "model must be a BinomialMixture; it is a Coins"),
        (lambda: the_em_algorithm.curves_below(MODEL, SEVEN), "theta must have 6 coins or fewer"),
        (lambda: the_em_algorithm.bayes_guess(THETA, 11), "heads must not exceed tosses"),
        (lambda: the_em_algorithm.bayes_guess(THETA, -1), "heads must be whole numbers, 0 or more"),
        (lambda: the_em_algorithm.bayes_guess(THETA, 2.5), "heads must be whole numbers"),
        (lambda: the_em_algorithm.bayes_guess([0.5], 2), "theta must be a Coins"),
        (lambda: the_em_algorithm.climb(STEPS), "runs must be a dict, as in {'a start': steps}"),
        (
            lambda: the_em_algorithm.climb({"a": 3}),
            r"runs\['a'\] must be the steps of a run, as in list\(em\(model, theta\)\)",
        ),
        (lambda: the_em_algorithm.climb({"a": []}), r"runs\['a'\] must be the steps"),
        (lambda: the_em_algorithm.climb({"a": [-3.0, -2.0]}), r"runs\['a'\] must be the steps"),
        (lambda: the_em_algorithm.climb({}), "runs must be 1 to 6 runs, to be told apart; there are 0"),
        (
            lambda: to_convergence.likelihoods({str(i): STEPS for i in range(7)}),
            "curves must be 1 to 6 runs.*; there are 7",
        ),
        (lambda: to_convergence.gap_to_maximum([], 0.5, 0.1), "steps must be the steps of a run"),
        (lambda: the_em_algorithm.labels_shown(LABELLED.heads), "sample must be a Sample"),
        (lambda: mixture_models.sequences(LABELLED, 10, True, coins=3), "labels from 0 to 2; they go from 0 to 3"),
        (lambda: mixture_models.sequences(LABELLED, 10, True, coins=9), "coins must be 6 or fewer"),
        (lambda: mixture_models.bias_curves(LABELLED, THETA, [0.5]), "sample must have labels from 0 to 2"),
        (lambda: to_convergence.gradient(MODEL, [0.5]), "theta must be a Coins"),
        (lambda: to_convergence.gradient_peaks([1]), "peaks must be a dict of names, from 1 to 6"),
        (lambda: to_convergence.gradient_peaks({"a": []}), "peaks of 'a' must be of shape any"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_a_run_may_be_drawn_while_it_goes():
    """em yields steps one by one; a picture may take them from there."""
    model = BinomialMixture(chapter.heads)
    whole = list(emlib.em(model, chapter.start, 3))
    for draw in (the_em_algorithm.climb, to_convergence.likelihoods):
        assert draw({"a": emlib.em(model, chapter.start, 3)}).description == draw({"a": whole}).description
    assert to_convergence.gap_to_maximum(emlib.em(model, chapter.start, 3), 0.415, 0.5).description.startswith(
        "Distance"
    )


# Notebook 11


def test_hidden_coins_shows_tosses_posterior_and_the_true_spans():
    tosses, shares, truth = [1, 0, 1, 1, 0, 1], [0.6, 0.1, 0.2, 0.9, 0.8, 0.4], [1, 0, 0, 1, 1, 1]
    picture = your_own_model.hidden_coins(tosses, shares, truth)
    (axes,) = picture.figure.axes
    spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches]
    assert spans == [(0.5, 1.5), (3.5, 6.5)]
    curve = next(line for line in curves(axes) if line.get_label() == "posterior of coin 2")
    assert curve.get_xydata() == pytest.approx(np.column_stack([range(1, 7), shares]))
    heads, tails = points(axes)
    assert list(heads.get_xdata()) == [1, 3, 4, 6] and list(tails.get_xdata()) == [2, 5]
    assert set(heads.get_ydata()) == {1.1} and set(tails.get_ydata()) == {-0.1}
    assert legend(picture.figure) == ["coin 2 was tossed", "posterior of coin 2"]
    marks = dict(zip(axes.get_yticks(), [label.get_text() for label in axes.get_yticklabels()], strict=True))
    assert (marks[1.1], marks[-0.1], axes.get_xlabel()) == ("heads", "tails", "toss")
    assert "over 6 tosses, 4 of them heads. The coins were swapped 2 times" in picture.description
    assert "crosses one half 3 times, and the likelier coin is the true one in 5 tosses." in picture.description


def test_hidden_coins_refuses_rows_of_other_lengths():
    with pytest.raises(ValueError, match="shares must be of shape 3; its shape is"):
        your_own_model.hidden_coins([1, 0, 1], [0.5, 0.5], [0, 0, 1])


def test_words_stand_with_the_class_that_prefers_them():
    chances = {"cup": (0.1, 0.6), "goal": (0.8, 0.3), "oven": (0.3, 0.2)}  # in class A, in class B
    theta = Classes([0.5, 0.5], [[[1 - both[k], both[k]] for both in chances.values()] for k in (0, 1)])
    picture = naive_bayes.preferred_words(list(chances), theta, ["A", "B"])
    assert picture.description.endswith("Most preferred by A: goal, oven; by B: cup.")
    for axes, name, preferred in zip(picture.figure.axes, "AB", (["goal", "oven"], ["cup"]), strict=True):
        assert name in axes.get_title()
        assert [label.get_text() for label in axes.get_yticklabels()] == preferred  # from the top down
        assert axes.yaxis_inverted() and list(axes.get_yticks()) == list(range(len(preferred)))
        for k, marks in enumerate(points(axes)):
            assert marks.get_xdata().tolist() == pytest.approx([chances[word][k] for word in preferred])
        assert len(points(axes)) == 2 and [*legend(picture.figure)] == ["A", "B"]
        assert axes.get_xlabel() == "probability that it is in a message"
    assert keys(axes) == {"A": COLOURS[0], "B": COLOURS[1]}
