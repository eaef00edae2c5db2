"""Pictures of notebook 8: their artists are asked, and hold what sums by hand say."""

from math import log

import numpy as np
import pytest

from emlib import Coins
from emlib.beyond import coordinate_ascent, full
from emlib.lessons import why_em_climbs
from emlib.models import GeneticLinkage
from emlib.page.picture import COLOURS, MARKERS


def labelled(axes):
    """The lines that the legend names, by their names."""
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def test_the_logarithm_of_the_average_stands_above_the_average_of_the_logarithms():
    joint, qs = [0.06, 0.1, 0.02], {"even": [1 / 3] * 3, "uneven": [0.5, 0.3, 0.2]}
    picture = why_em_climbs.jensen(joint, qs)
    for axes, (name, q) in zip(picture.figure.axes, qs.items(), strict=True):
        found, ratios = labelled(axes), [p / share for p, share in zip(joint, q, strict=True)]
        below = sum(share * log(ratio) for share, ratio in zip(q, ratios, strict=True))
        for j, ratio in enumerate(ratios):
            line = found.pop(f"coin {j + 1}, q = {q[j]:.2f}")
            assert line.get_xydata()[0] == pytest.approx([ratio, log(ratio)])
            assert (line.get_color(), line.get_marker()) == (COLOURS[j], MARKERS[j])
        heights = {"logarithm of the average": log(0.18), "average of the logarithms": below}
        assert {label: line.get_xydata().tolist() for label, line in found.items()} == {
            label: [[pytest.approx(0.18), pytest.approx(height)]] for label, height in heights.items()
        }
        assert axes.get_title() == f"{name}: gap {log(0.18) - below:.3f}"
        assert axes.get_xlabel() == "joint probability / q"
    assert picture.figure.axes[0].get_ylabel() == "logarithm (nats)"


def free_energy(share, t):
    """F on the counts 125, 18, 20 and 34, if the second hidden class has this share of the 125."""
    hidden = share * log(t / 4 / share) + (1 - share) * log(1 / 2 / (1 - share))
    return 125 * hidden + 38 * log((1 - t) / 4) + 34 * log(t / 4)


def best_share(t):
    return t / (2 + t)


def best_theta(share):
    return (125 * share + 34) / (125 * share + 72)


@pytest.fixture
def run():
    """Thetas by hand, and the steps that are drawn."""
    thetas = [0.1]
    for _ in range(4):
        thetas.append(best_theta(best_share(thetas[-1])))
    return thetas, list(coordinate_ascent(GeneticLinkage(), 0.1, full, 4))


def test_every_gain_is_split_into_that_of_the_bound_and_the_gap(run):
    thetas, steps = run
    pairs = list(zip(thetas, thetas[1:], strict=False))
    bound = np.array([free_energy(best_share(t), new) - free_energy(best_share(t), t) for t, new in pairs])
    gap = np.array([free_energy(best_share(new), new) - free_energy(best_share(t), new) for t, new in pairs])
    left, right = why_em_climbs.gain_split(steps).figure.axes
    lines, bars = labelled(left), {container.get_label(): container for container in right.containers}
    names = ("gain of the bound (M-step)", "bound"), ("gap that the M-step opens (KL)", "gap")
    bottom = np.zeros(4)
    for (of_line, of_bars), gains in zip(names, (bound, gap), strict=True):
        assert list(lines[of_line].get_xdata()) == [1, 2, 3, 4]
        assert lines[of_line].get_ydata() == pytest.approx(gains)
        share = 100 * gains / (bound + gap)
        assert [bar.get_height() for bar in bars[of_bars]] == pytest.approx(share)
        assert [bar.get_y() for bar in bars[of_bars]] == pytest.approx(bottom)
        bottom = bottom + share
    assert [axes.get_xlabel() for axes in (left, right)] == ["iteration"] * 2
    assert [axes.get_ylabel() for axes in (left, right)] == ["nats", "share of the step's gain (%)"]


def test_the_stairs_of_em_run_between_the_two_curves_of_what_is_best(run):
    thetas, steps = run
    picture = why_em_climbs.staircase(GeneticLinkage(), steps)
    shares = [best_share(t) for t in thetas[:-1]]
    corners = [(0.1, 0.4)]
    for t, share, new in zip(thetas, shares, thetas[1:], strict=False):
        corners += [(t, share), (new, share)]
    heights = ", ".join(f"{free_energy(share, t):.4f}" for t, share in corners[:7])
    assert f"F after every half-step: {heights}; top" in picture.description
    for axes in picture.figure.axes:
        lines = labelled(axes)
        assert list(lines) == ["best q for each theta", "best theta for each q", "EM"]
        for x, y in lines["best q for each theta"].get_xydata()[::40]:
            assert y == pytest.approx(best_share(x))
        for x, y in lines["best theta for each q"].get_xydata()[::40]:
            assert x == pytest.approx(best_theta(y))
        assert lines["EM"].get_xydata() == pytest.approx(np.array(corners))
        assert axes.get_xlabel() == "theta"
    assert picture.figure.axes[0].get_ylabel() == "q: share of the hidden second class"


@pytest.mark.parametrize("top", [None, -1])
def test_climbs_have_their_own_places_and_names(top):
    curves = {"one": ([0, 1, 5], [-3, -2, -1.5]), "two": ([0, 7], [-3, -2.5])}
    (axes,) = why_em_climbs.climbs_compared(curves, "work", "nats", top).figure.axes
    for (name, (x, heights)), colour in zip(curves.items(), COLOURS, strict=False):
        line = labelled(axes)[name]
        assert list(line.get_xdata()) == x and line.get_color() == colour
        assert list(line.get_ydata()) == [height if top is None else top - height for height in heights]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("work", "nats")
    assert axes.get_yscale() == ("linear" if top is None else "log")


def test_biases_found_have_their_average_and_standard_deviation_beside_the_truth():
    found = {"soft": [[[0.2, 0.6], [0.4, 0.8]], [[0.3, 0.7], [0.3, 0.7]]], "hard": [[[0.1, 0.9]] * 2, [[0.2, 0.9]] * 2]}
    (axes,) = why_em_climbs.hard_and_soft([10, 1000], found, Coins([0.5, 0.5], [0.3, 0.7])).figure.axes
    middles = {("soft", 0): [0.3, 0.3], ("soft", 1): [0.7, 0.7], ("hard", 0): [0.1, 0.2], ("hard", 1): [0.9, 0.9]}
    spreads = {"soft": [0.1, 0], "hard": [0, 0]}
    for bars, ((name, coin), means) in zip(axes.containers, middles.items(), strict=True):
        points, _, (segments,) = bars.lines
        assert points.get_ydata() == pytest.approx(means)
        assert np.round(points.get_xdata()).tolist() == [0, 1] and points.get_xdata()[0] * (name == "soft" or -1) < 0
        widths = [np.ptp(segment[:, 1]) / 2 for segment in segments.get_segments()]
        assert widths == pytest.approx(spreads[name]) and (bars.get_label() == name) == (coin == 0)
    truths = {text.get_text(): text.xy[1] for text in axes.texts}
    assert truths == {"true 0.3": 0.3, "true 0.7": 0.7}
    assert sorted(line.get_ydata()[0] for line in axes.lines if line.get_linestyle() == ":") == [0.3, 0.7]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("sequences in a data set", "bias found")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["10", "1,000"]
