"""Pictures of notebook 5: what they say agrees with the numbers, and bad shapes do not pass silently."""

import numpy as np
import pytest
from scipy.stats import binom

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import coordinate_ascent
from emlib.lessons import local_maxima, naive_bayes, some_labels_known, why_em_climbs
from emlib.models import Classes, GeneticLinkage, IncomeGroups, IncomeMixture
from emlib.page.picture import COLOURS

A = BinomialMixture(emlib.data.A)
BEST = Coins([0.1767297, 0.4304433, 0.3928271 - 1e-7], [0.0240541, 0.292654, 0.8649556])
INFERIOR = Coins([0.5997967, 0.3211941, 0.0790092], [0.2089472, 0.8394997, 0.9496586])


def pictures():
    runs = {"a start": list(emlib.em(A, Coins([0.5, 0.5], [0.2, 0.8]), 6))}
    triples = np.array([(i, j, k) for i in range(6) for j in range(i, 6) for k in range(j, 6)]) / 6 + 1 / 12
    heights = -np.abs(triples - BEST.biases).sum(axis=1)
    return {
        "after 6 iterations: a start at ": local_maxima.side_by_side({"A": runs, "again": runs}),
        "share 70%: 3, share 5%: 59": local_maxima.chances_to_miss([0.7, 0.05]),
        "Best triple of the grid: 0.0833, 0.2500, 0.9167": local_maxima.profile_likelihood(
            triples, heights, {"best": BEST}
        ),
        "3 coins: 32.13 at p = 0.000; 3 coins: 1.72 at p = 1.000": local_maxima.growing_mixture(A, [INFERIOR, BEST]),
        "no way to the left": local_maxima.likelihood_slices({"edge": (A, Coins([1], [0.0001]), Coins([1], [0.4]))}),
        "as they came: 0.50, 0.50; sorted by bias: 0.20, 0.80": local_maxima.averages(
            [[0.2, 0.8], [0.8, 0.2]], [[0.2, 0.8], [0.2, 0.8]]
        ),
        "first 75% (± 21.7%), second 0% (± 0.0%)": local_maxima.strategies_compared(
            {"first": [True, True, True, False], "second": [False] * 4}
        ),
    }


@pytest.mark.parametrize("words", pictures())
def test_a_picture_says_what_it_shows_and_fits_the_page(words):
    picture = pictures()[words]
    assert words in picture.description
    assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960


LINKAGE = GeneticLinkage()
STEPS = list(coordinate_ascent(LINKAGE, 0.5, iterations=2))
INCOMES = IncomeMixture([10, 20, 40])
GROUPS = IncomeGroups([0.5, 0.5], [10, 30], 0.3)
WORDS = Classes([0.5, 0.5], [[[0.9, 0.1]], [[0.4, 0.6]]])


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: local_maxima.side_by_side({}), "panels must be a dict of names, from 1 to 6 of them; it is {}"),
        (lambda: local_maxima.side_by_side([]), r"panels must be a dict of names, from 1 to 6 of them; it is \[\]"),
        (lambda: local_maxima.side_by_side({"A": {}}), "runs of 'A' must be a dict of names"),
        (lambda: local_maxima.side_by_side({"A": {"s": []}}), r"run 's' must be one step or more, .* it is \[\]"),
        (lambda: local_maxima.chances_to_miss([0.5, 1]), r"shares must be 1 to 6 numbers above 0 and below 1"),
        (lambda: local_maxima.chances_to_miss([0]), r"shares must be 1 to 6 numbers above 0 and below 1"),
        (lambda: local_maxima.chances_to_miss([0.1] * 7), r"shares must be 1 to 6 numbers"),
        (lambda: local_maxima.chances_to_miss([1.5]), "shares must lie between 0 and 1; one of them is 1.5"),
        (lambda: local_maxima.chances_to_miss([0.5], 0), "most must be a whole number, 1 or more; it is 0"),
        (
            lambda: local_maxima.profile_likelihood([[0.1, 0.2]], [1], {}),
            r"biases must be of shape any x 3; its shape is \(1, 2\)",
        ),
        (
            lambda: local_maxima.profile_likelihood([[0.1, 0.2, 0.3]], [1, 2], {}),
            r"heights must be of shape 1; its shape is \(2,\)",
        ),
        (
            lambda: local_maxima.profile_likelihood([[0.1, 0.2, 0.3]], [1], {"a": 1}),
            "mark 'a' must be a Coins; it is a int: 1",
        ),
        (lambda: local_maxima.growing_mixture(A, []), r"fits must be a list of one or more Coins; it is \[\]"),
        (lambda: local_maxima.growing_mixture(A, BEST), "fits must be a list of one or more Coins; it is Coins"),
        (lambda: local_maxima.growing_mixture([1], [BEST]), "model must be a BinomialMixture; it is a list"),
        (lambda: local_maxima.growing_mixture(A, [1]), "each of fits must be a Coins; it is a int"),
        (lambda: local_maxima.likelihood_slices({}), "points must be a dict of names"),
        (lambda: local_maxima.likelihood_slices({"a": (A, BEST)}), "point 'a' must be a model and two to four Coins"),
        (lambda: local_maxima.likelihood_slices({"a": (A, *[BEST] * 5)}), "must be a model and two to four Coins"),
        (
            lambda: local_maxima.likelihood_slices({"a": (BEST, BEST, BEST)}),
            "BinomialMixture of point 'a' must be a BinomialMixture",
        ),
        (
            lambda: local_maxima.likelihood_slices({"a": (A, BEST, Coins([1], [0.5]))}),
            "must have equally many coins; 3 and 1",
        ),
        (
            lambda: local_maxima.averages([[0.1, 0.2]], [[0.1]]),
            r"ordered must be of shape 1 x 2; its shape is \(1, 1\)",
        ),
        (lambda: local_maxima.averages([0.1], [0.1]), r"unsorted must be of shape any x any; its shape is \(1,\)"),
        (lambda: local_maxima.averages([[0.1] * 7], [[0.1] * 7]), "unsorted must have at most 6 coins; it has 7"),
        (
            lambda: local_maxima.strategies_compared({}),
            "reached must be a dict of names, from 1 to 30 of them; it is {}",
        ),
        (
            lambda: local_maxima.strategies_compared({"a": []}),
            r"reached by 'a' must be of shape any; its shape is \(0,\)",
        ),
        (lambda: why_em_climbs.jensen([0.1, 0], {"a": [0.5, 0.5]}), "joint must be from 1 to 6 probabilities above 0"),
        (lambda: why_em_climbs.jensen([0.1, 0.2], {}), "qs must be a dict of names"),
        (lambda: why_em_climbs.jensen([0.1, 0.2], {"a": [1, 0]}), "q 'a' must be 2 probabilities above 0"),
        (lambda: why_em_climbs.jensen([0.1, 0.2], {"a": [1]}), "q 'a' must be 2 probabilities above 0"),
        (lambda: why_em_climbs.jensen([0.1, 0.2], {"a": [0.5, 0.6]}), "q 'a' must sum to 1"),
        (lambda: why_em_climbs.gain_split([]), r"steps must be two or more, .* it is \[\]"),
        (lambda: why_em_climbs.gain_split(STEPS[:1]), "steps must be two or more"),
        (lambda: why_em_climbs.gain_split([1, 2]), "steps must be two or more"),
        (lambda: why_em_climbs.staircase(LINKAGE, []), "steps must be two or more"),
        (lambda: why_em_climbs.staircase(A, STEPS), "model must be a GeneticLinkage"),
        (lambda: why_em_climbs.staircase(GeneticLinkage([5, 1, 0, 1]), STEPS), "must have counts above 0 in all four"),
        (lambda: why_em_climbs.staircase(LINKAGE, STEPS, 0), "near must be a number between 0 and 1; it is 0"),
        (lambda: why_em_climbs.climbs_compared({}, "x", "y"), "curves must be a dict of names"),
        (
            lambda: why_em_climbs.climbs_compared({"a": [1]}, "x", "y"),
            "curve 'a' must be a pair of abscissas and heights",
        ),
        (lambda: why_em_climbs.climbs_compared({"a": ([1], [1, 2])}, "x", "y"), "heights of 'a' must be of shape 1"),
        (
            lambda: why_em_climbs.climbs_compared({str(k): ([1], [1]) for k in range(7)}, "x", "y"),
            "from 1 to 6 of them",
        ),
        (lambda: why_em_climbs.hard_and_soft([20], {"a": [[1]]}, BEST), "estimates 'a' must be of shape 1 x any x 3"),
        (lambda: why_em_climbs.hard_and_soft([20], {"a": [[[1]]]}, None), "truth must be a Coins; it is a NoneType"),
        (lambda: some_labels_known.income_groups(INCOMES, GROUPS), "theta must have 3 groups, one per name; it has 2"),
        (
            lambda: some_labels_known.income_groups(INCOMES, None, GROUPS),
            "theta must be a IncomeGroups; it is a NoneType",
        ),
        (lambda: some_labels_known.income_groups(A, GROUPS), "model must be a IncomeMixture"),
        (lambda: some_labels_known.against_labels(["1"], {}, "x", "y"), "results must be a dict of names"),
        (
            lambda: some_labels_known.against_labels(["1"], {"a": [[1, 2]]}, "x", "y"),
            "results 'a' must be of shape any x 1",
        ),
        (
            lambda: naive_bayes.preferred_words(["a", "b"], WORDS, "AB"),
            "one per name, and 2 features of 2 values",
        ),
        (
            lambda: naive_bayes.preferred_words(["a"], WORDS, "A"),
            "theta must have 2 classes, one per name.* 1 names",
        ),
        (lambda: naive_bayes.preferred_words(["a"], BEST, "AB"), "theta must be a Classes; it is a Coins"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(draw, message):
    with pytest.raises((TypeError, ValueError), match=message):
        draw()


def test_a_single_panel_is_drawn():
    runs = {"a start": list(emlib.em(A, Coins([0.5, 0.5], [0.2, 0.8]), 6))}
    picture = local_maxima.side_by_side({"A": runs})
    assert picture.figure.axes[0].lines[0].get_ydata().tolist() == [step.log_likelihood for step in runs["a start"]]


def test_runs_have_their_own_names_and_every_data_set_its_own_panel():
    low, high = (list(emlib.em(A, Coins([0.5, 0.5], biases), 6)) for biases in ([0.2, 0.8], [0.45, 0.55]))
    picture = local_maxima.side_by_side({"A": {"far": low, "near": high}, "again": {"near": high}})
    for axes, (title, runs) in zip(
        picture.figure.axes, {"A": {"far": low, "near": high}, "again": {"near": high}}.items(), strict=True
    ):
        for (name, steps), line, colour in zip(runs.items(), axes.lines, COLOURS, strict=False):
            assert (line.get_label(), line.get_color()) == (name, colour)
            assert line.get_ydata().tolist() == [step.log_likelihood for step in steps]
        assert [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()] == [title, "iteration", "log-likelihood (nats)"]


def test_the_profile_has_the_lowest_bias_across_and_the_middle_one_up():
    triples = np.array([(i, j, k) for i in range(4) for j in range(i, 4) for k in range(j, 4)]) / 4 + 1 / 8
    heights = -20 * np.abs(triples - [0.125, 0.625, 0.875]).sum(axis=1)
    axes, _ = local_maxima.profile_likelihood(triples, heights, {"best": BEST, "other": INFERIOR}).figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("lowest bias", "middle bias")
    marks = {text.get_text(): text.xy for text in axes.texts}
    assert marks == {"best": tuple(BEST.biases[:2]), "other": tuple(INFERIOR.biases[:2])}
    assert [tuple(line.get_xydata()[0]) for line in axes.lines[:2]] == list(marks.values())
    darkest = np.concatenate([path.vertices for path in axes.collections[0].get_paths()[:1]])
    assert darkest.mean(axis=0) == pytest.approx([0.125, 0.625], abs=0.05)


def test_averages_are_of_each_coin_and_stand_under_how_they_came():
    came, ordered = [[0.2, 0.9], [0.8, 0.3]], [[0.2, 0.9], [0.3, 0.8]]
    picture = local_maxima.averages(came, ordered)
    for axes, title, biases in zip(
        picture.figure.axes, ("as they came", "sorted by bias"), (came, ordered), strict=True
    ):
        assert (axes.get_title(), axes.get_xlabel()) == (title, "coin")
        for j, (runs, average) in enumerate(zip(axes.lines[::2], axes.lines[1::2], strict=True)):
            assert runs.get_ydata().tolist() == [row[j] for row in biases] and runs.get_color() == COLOURS[j]
            assert average.get_ydata() == pytest.approx([np.mean([row[j] for row in biases])] * 2)
            assert np.mean(average.get_xdata()) == pytest.approx(j + 1)
    assert picture.figure.axes[0].get_ylabel() == "bias"


def test_strategies_have_their_shares_and_standard_errors_beside_their_names():
    reached = {"first": [True, True, True, False], "second": [False] * 3 + [True]}
    (axes,) = local_maxima.strategies_compared(reached).figure.axes
    said = {text.get_text(): text.get_position()[1] for text in axes.texts}
    bars = [container.patches[0] for container in axes.containers if hasattr(container, "patches")]
    for row, (name, share) in enumerate({"first": 0.75, "second": 0.25}.items()):
        assert bars[row].get_width() == share and said[name] == said[f"{share:.0%}"] == row
        (segment,) = axes.collections[row].get_segments()
        assert np.ptp(segment[:, 0]) / 2 == pytest.approx((0.75 * 0.25 / 4) ** 0.5) and segment[0, 1] == row
    assert axes.yaxis_inverted() and axes.get_xlabel().startswith("share of 4 data sets where it reaches the best")


def test_the_curves_of_d_and_the_chances_are_the_definitions():
    picture = local_maxima.growing_mixture(A, [INFERIOR])
    zero, curve, coins, peak = picture.figure.axes[0].lines
    mixture = binom.pmf(A.heads[:, None], 10, INFERIOR.biases) @ INFERIOR.weights
    for p, value in curve.get_xydata()[::50]:
        assert value == pytest.approx(np.sum(binom.pmf(A.heads, 10, p) / mixture) - 20)
    assert coins.get_xdata().tolist() == INFERIOR.biases.tolist()
    assert (peak.get_xdata()[0], peak.get_ydata()[0]) == (0, curve.get_ydata().max())
    chances = local_maxima.chances_to_miss([0.7, 0.05]).figure.axes[0].lines
    assert chances[0].get_ydata()[:3] == pytest.approx([0.3, 0.09, 0.027])
    assert chances[1].get_xydata()[0] == pytest.approx([3, 0.3**3]), "enough starts for a chance of 5 %"
    assert [chances[0].get_label(), chances[2].get_label()] == ["70%", "5%"]


def test_a_cut_stays_inside_the_borders_and_starts_at_zero():
    """Walked both ways where there is room, and one way only from a border."""
    edge = local_maxima.likelihood_slices({"edge": (A, Coins([0.5, 0.5], [0, 0.6]), Coins([0.5, 0.5], [0.1, 0.6]))})
    way, heights = edge.figure.axes[0].lines[1].get_data()
    assert way[0] == 0 and heights[0] == 0 and way[-1] == 1
    inside = local_maxima.likelihood_slices({"in": (A, BEST, Coins(BEST.weights, BEST.biases + [0, 0.05, 0]))})
    way, heights = inside.figure.axes[0].lines[1].get_data()
    assert (way[0], way[-1]) == (-1, 1) and max(heights) == pytest.approx(0, abs=1e-5)


def test_a_saddle_rises_on_one_line_and_falls_on_another():
    """Two coins alike: apart they fit data of two kinds better, together they move away from the share of heads."""
    model = BinomialMixture([1, 1, 9, 9])
    middle, apart, higher = (Coins([0.5, 0.5], biases) for biases in ([0.5, 0.5], [0.3, 0.7], [0.6, 0.6]))
    picture = local_maxima.likelihood_slices({"saddle": (model, middle, apart, higher)})
    _, up, down, point = picture.figure.axes[0].lines
    assert up.get_linestyle() != down.get_linestyle() and up.get_color() != down.get_color()
    both = (binom.pmf(1, 10, [0.3, 0.7]).mean() / binom.pmf(1, 10, 0.5)) ** 4
    assert up.get_ydata()[[0, -1]] == pytest.approx([np.log(both)] * 2)
    moved = 2 * np.log(binom.pmf(1, 10, 0.6) * binom.pmf(9, 10, 0.6) / binom.pmf(1, 10, 0.5) ** 2)
    assert down.get_ydata()[[0, -1]] == pytest.approx([moved] * 2) and up.get_ydata()[40] == 0
    words = f"{np.log(both):+.2f} on the left, {np.log(both):+.2f} on the right, and on another line {moved:+.2f} on"
    assert words in picture.description and point.get_marker() == "o"
