"""Notebook 7: its slider and pictures; 12: its picture. They show what EM and counting give; bad input is named."""

import numpy as np
import pytest
from paper_page import classes, mimebundle, png_of, said
from scipy.stats import norm

import emlib
from emlib.lessons import naive_bayes, some_labels_known
from emlib.lessons.some_labels_known.known_ages_picture import KnownAgesPicture
from emlib.lessons.some_labels_known.known_ages_state import KnownAgesState
from emlib.lessons.some_labels_known.pictures import AGES
from emlib.models import Classes, IncomeGroups, IncomeMixture
from emlib.page.picture import COLOURS, INK, MARKERS
from emlib.widgets import KnownAges

TRUTH = IncomeGroups([0.3, 0.45, 0.25], [16, 50, 32], 0.25)
RIGHT = IncomeGroups([1 / 3] * 3, [20, 40, 30], 0.3)
RISING = IncomeGroups([1 / 3] * 3, [20, 30, 40], 0.3)


@pytest.fixture
def ages():
    made = KnownAges(TRUTH, {"rising": RISING, "right": RIGHT}, people=120, seed=3)
    yield made
    made.close()


def slider(widget):
    return widget.share


def say(widget):
    return said(widget)


def bars(picture):
    """Values and baseline of each group's bars."""
    return [patch.get_data() for patch in picture.figure.axes[0].patches]


def test_every_move_runs_em_with_so_many_ages_known(ages):
    sample = TRUTH.sample(120, seed=3)
    for share, known in ((0, 0), (10, 12), (50, 60), (100, 120)):
        slider(ages).value = share
        model = IncomeMixture(sample.incomes, np.where(np.arange(120) < known, sample.labels, -1))
        *_, last = emlib.em(model, RISING, 500, 1e-5)
        assert ages.state.fit.theta.medians == pytest.approx(last.theta.medians)
        assert f"{known} of 120 ages known" in say(ages) and not ages.view.alert
        assert f"{last.theta.medians[2]:.1f}" in repr(ages)
        assert png_of(ages) == ages.picture.png()


def test_counting_takes_those_who_told_and_nobody_else(ages):
    slider(ages).value = 30
    sample = TRUTH.sample(120, seed=3)
    own = [np.log(sample.incomes[:36][sample.labels[:36] == g]) for g in range(3)]
    assert ages.state.counted == pytest.approx([np.exp(logs.mean()) for logs in own])
    slider(ages).value = 0
    assert np.isnan(ages.state.counted).all() and "by counting none, none, none" in repr(ages)


def test_with_all_ages_known_em_counts_from_every_start(ages):
    slider(ages).value = 100
    for name in ("right", "rising"):
        ages.start_buttons.value = name
        assert ages.state.fit.theta.medians == pytest.approx(ages.state.counted)


def test_the_start_decides_the_names_if_no_age_is_known(ages):
    rising = ages.state.fit.theta.medians
    ages.start_buttons.value = "right"
    assert ages.state.fit.theta.medians == pytest.approx(rising[[0, 2, 1]], rel=1e-2)


def test_another_town_has_other_people_and_keeps_the_slider(ages):
    slider(ages).value = 20
    before = ages.state.sample.incomes
    ages.other_town.click()
    assert ages.state.known == 24
    assert ages.state.sample.incomes.tolist() == TRUTH.sample(120, seed=4).incomes.tolist() != before.tolist()


def test_the_bars_hold_the_posterior_one_group_on_top_of_the_other(ages):
    for share in (0, 40):
        slider(ages).value = share
        state, groups = ages.state, bars(ages.picture)
        held = [np.sum(group.values - group.baseline) for group in groups]
        assert held == pytest.approx(state.model.responsibilities(state.fit.theta).sum(axis=0))
        for below, above in zip(groups, groups[1:], strict=False):
            assert above.baseline == pytest.approx(below.values)
        assert groups[-1].values == pytest.approx(np.histogram(state.sample.incomes, groups[0].edges)[0])


def test_a_moved_picture_is_the_picture_drawn_anew(ages):
    slider(ages).value = 25
    ages.start_buttons.value = "right"
    ages.other_town.click()
    fresh = KnownAgesPicture(KnownAgesState(TRUTH, RIGHT, ages.state.sample, ages.state.known))
    assert ages.picture.png() == fresh.png()


def test_a_still_stands_beside_the_view(ages):
    data, metadata = mimebundle(ages)
    assert metadata["image/png"]["alt"] == repr(ages)
    state = KnownAgesState(TRUTH, RISING, ages.state.sample, ages.state.known)
    assert data["image/png"] == KnownAgesPicture(state, scale=2).png()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"starts": {}}, "starts must name one start or more.* it is {}"),
        ({"starts": [RIGHT]}, r"starts must name one start or more.* it is \[IncomeGroups"),
        ({"starts": {1: RIGHT}}, "starts must name one start or more.* it is {1: IncomeGroups"),
        (
            {"starts": {"two": IncomeGroups([0.5, 0.5], [1, 2], 1)}},
            "start 'two' must have 3 groups, one per name; it has 2",
        ),
        ({"truth": IncomeGroups([0.5, 0.5], [1, 2], 1)}, "truth must have 3 groups, one per name; it has 2"),
        ({"starts": {"wrong": [20, 30, 40]}}, "start 'wrong' must be a IncomeGroups; it is a list"),
        ({"truth": None}, "truth must be a IncomeGroups; it is a NoneType"),
        ({"share": -1}, "share must be a whole number from 0 to 100; it is -1"),
        ({"share": 50.5}, "share must be a whole number from 0 to 100; it is 50.5"),
        ({"share": "3"}, "share must be a whole number from 0 to 100; it is '3'"),
        ({"share": True}, "share must be a whole number from 0 to 100; it is True"),
        ({"seed": -1}, "seed must be a whole number, 0 or more; it is -1"),
        ({"seed": "first"}, "seed must be a whole number, 0 or more; it is 'first'"),
        ({"people": 3}, "people must be a whole number, 4 or more; it is 3"),
        ({"people": 4.5}, "people must be a whole number, 4 or more; it is 4.5"),
        ({"share": 101}, "share must be a whole number from 0 to 100; it is 101"),
        ({"people": 0}, "people must be a whole number, 4 or more; it is 0"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        KnownAges(**({"truth": TRUTH, "starts": {"right": RIGHT}} | arguments))


def test_a_move_that_is_refused_leaves_controls_picture_and_words_in_agreement():
    """With no old people in the start, one who tells that he is old is impossible."""
    nobody_old = IncomeGroups([0.5, 0.5, 0], [20, 30, 40], 0.3)
    widget = KnownAges(TRUTH, {"nobody old": nobody_old, "right": RIGHT}, people=50, share=0, seed=1)
    picture, words = png_of(widget), repr(widget)

    def unchanged(share, name):
        assert (slider(widget).value, widget.start_buttons.value) == (share, name)
        assert png_of(widget) == picture == widget.picture.png() and repr(widget) == words
        assert widget.view.alert and "Not changed: " in say(widget) and "probability 0" in say(widget)

    runs, show = [], widget.state.show
    widget.state.show = lambda *arguments: runs.append(arguments) or show(*arguments)
    slider(widget).value = 40
    unchanged(0, "nobody old")
    assert len(runs) == 1, "going back is no move"
    widget.start_buttons.value = "right"
    assert not widget.view.alert
    slider(widget).value = 40
    picture, words = png_of(widget), repr(widget)
    assert words.startswith("20 of 50 ages known")
    widget.start_buttons.value = "nobody old"
    unchanged(40, "right")
    slider(widget).value = 42  # it listens again
    assert repr(widget).startswith("21 of 50 ages known")


def test_the_controls_say_what_they_do(ages):
    town = ages.children[1].children[1]
    assert (town.description, town.icon) == ("Another town", "refresh")
    assert town.tooltip == "Draw other people from the same groups"
    assert (ages.share.min, ages.share.max, ages.share.description) == (0, 100, "ages known (%)")
    assert (ages.start_buttons.options, ages.start_buttons.description) == (("rising", "right"), "start")
    assert ages.children[:1] == (ages.view,)
    assert (ages.children[1].children[0], ages.children[2].children) == (ages.share, (ages.start_buttons,))
    assert "emlib-known-ages" in classes(ages)
    assert ages.share.style.description_width == ages.start_buttons.style.description_width == "auto"
    assert (ages.share.layout.width, ages.start_buttons.style.button_width) == ("34em", "auto")
    assert (ages.start_buttons.layout.display, ages.start_buttons.layout.align_items) == ("flex", "center")
    town.click()
    assert ages.state.sample.incomes.tolist() == TRUTH.sample(120, seed=4).incomes.tolist()
    defaults = KnownAges(TRUTH, {"right": RIGHT})
    assert repr(defaults).startswith("0 of 300 ages known")
    assert defaults.state.sample.incomes.tolist() == TRUTH.sample(300, seed=0).incomes.tolist()


def test_another_town_that_is_refused_stays_the_next_one(ages, monkeypatch):
    sample, before = ages.state.sample, (repr(ages), png_of(ages))
    alone = type(sample)(np.full(120, 20.0), np.zeros(120, dtype=int))
    with monkeypatch.context() as patched:
        patched.setattr(IncomeGroups, "sample", lambda self, people, seed: alone)
        ages.other_town.click()
    assert "Not changed: incomes must differ within the groups" in say(ages)
    assert ages.state.sample is sample and (repr(ages), png_of(ages)) == before
    ages.other_town.click()
    assert ages.state.sample.incomes.tolist() == TRUTH.sample(120, seed=4).incomes.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"known": 61}, "known must be at most 60, the number of people; it is 61"),
        ({"known": -1}, "known must be a whole number, 0 or more; it is -1"),
        ({"start": IncomeGroups([0.5, 0.5], [1, 2], 1)}, "start must have 3 groups, one per name; it has 2"),
        ({"truth": IncomeGroups([0.5, 0.5], [1, 2], 1)}, "truth must have 3 groups, one per name; it has 2"),
        ({"start": [1]}, "start must be a IncomeGroups"),
        ({"sample": [1]}, "sample must be a IncomeSample"),
    ],
)
def test_a_state_names_what_it_cannot_be(change, message):
    arguments = {"truth": TRUTH, "start": RIGHT, "sample": TRUTH.sample(60, seed=1), "known": 3}
    with pytest.raises((TypeError, ValueError), match=message):
        KnownAgesState(**(arguments | change))
    with pytest.raises(ValueError, match="scale must be a number above 0, up to 10; it is 0"):
        KnownAgesPicture(KnownAgesState(**arguments), scale=0)


def test_the_picture_shows_the_people_who_told_and_the_errors(ages):
    slider(ages).value = 30
    chart, strip, errors, _ = ages.picture.figure.axes
    sample = TRUTH.sample(120, seed=3)
    for group in range(3):
        told = sample.incomes[:36][sample.labels[:36] == group]
        mark = next(line for line in strip.lines if len(line.get_ydata()) and line.get_ydata()[0] == group)
        assert mark.get_xdata().tolist() == told.tolist()
    silent = next(line for line in strip.lines if len(line.get_ydata()) and line.get_ydata()[0] == 3)
    assert silent.get_xdata().tolist() == sample.incomes[36:].tolist()
    *_, last = emlib.em(ages.state.model, RISING, 500, 1e-5)
    drawn = [line.get_ydata() for line in errors.lines if line.get_animated()]
    by_em = 100 * (last.theta.medians / [16, 50, 32] - 1)
    assert np.concatenate(drawn[:3]) == pytest.approx(np.clip(by_em, -75, 75))
    by_counting = [np.exp(np.log(sample.incomes[:36][sample.labels[:36] == g]).mean()) for g in range(3)]
    assert drawn[3] == pytest.approx(100 * (np.array(by_counting) / [16, 50, 32] - 1))
    # Curves of the groups, and of the true ones: where a log-normal density says.
    grid = chart.lines[0].get_xdata()
    edges = chart.patches[0].get_data().edges

    def expected(theta):
        density = norm.pdf(np.log(grid)[:, None], np.log(theta.medians), theta.spread)
        return 120 * np.log(edges[1] / edges[0]) * (theta.weights * density).T

    curves = [line.get_ydata() for line in chart.lines if len(line.get_xdata())]
    assert np.allclose(curves[:3], expected(last.theta), atol=1e-9)
    assert np.allclose(curves[3:], expected(TRUTH), atol=1e-9)
    # Each row, column and line has the name of what is in it.
    rows = dict(zip(strip.get_yticks(), [label.get_text() for label in strip.get_yticklabels()], strict=True))
    assert rows == {1: "age\nknown", 3: "not"} and strip.get_xlabel() == "income (thousands a year)"
    assert [label.get_text() for label in errors.get_xticklabels()] == list(AGES)
    assert errors.get_ylabel() == "error of the median (%)" and chart.get_ylabel() == "people"
    of_groups = dict(zip([*AGES, "true groups"], [*COLOURS[:3], INK], strict=True))
    handles, labels = chart.get_legend_handles_labels()
    assert {label: handle.get_color() for handle, label in zip(handles, labels, strict=True)} == of_groups
    for group in range(3):
        mark = next(line for line in strip.lines if len(line.get_ydata()) and line.get_ydata()[0] == group)
        point = next(line for line in errors.lines if line.get_animated() and round(line.get_xdata()[0]) == group)
        assert {(line.get_color(), line.get_marker()) for line in (mark, point)} == {(COLOURS[group], MARKERS[group])}
    handles, labels = errors.get_legend_handles_labels()
    of_counts = {"EM on everybody": "o", "counting known ages only": "X"}
    assert {label: handle.get_marker() for handle, label in zip(handles, labels, strict=True)} == of_counts
    words = [text for *_, text in ages.picture.update(0)]
    assert words == ["36 of 120 ages known", f"{last.iteration} iterations of EM", words[2]]
    assert words[2] == f"log-likelihood \N{MINUS SIGN}{-last.log_likelihood:.2f}"


def test_data_that_em_cannot_fit_are_said_in_the_widget(ages):
    """Few people, one in each group: all known, the spread would be 0."""
    alone = [int(np.flatnonzero(ages.state.sample.labels == g)[0]) for g in range(3)]
    ages.state.sample = type(ages.state.sample)(*(values[alone] for values in ages.state.sample))
    ages.people = 3
    slider(ages).value = 100
    assert ages.view.alert and "Not changed: incomes must differ within the groups" in say(ages)


def pictures():
    town = TRUTH.sample(60, seed=1)
    words = Classes([0.5, 0.5], [[[0.9, 0.1], [0.2, 0.8]], [[0.4, 0.6], [0.7, 0.3]]])
    return {
        "0.45 of the people around 50.0; 60 and over: 0.25 of the people around 32.0. True groups around 16": (
            some_labels_known.income_groups(IncomeMixture(town.incomes), TRUTH, TRUTH)
        ),
        "first: 2.0 (± 1.0), 5.0 (± 0.0)": some_labels_known.against_labels(
            ["1", "2"], {"first": [[1, 5], [3, 5]]}, "x", "y", 1
        ),
        "Most preferred by A: goal; by B: cup.": naive_bayes.preferred_words(["cup", "goal"], words, ["A", "B"]),
    }


@pytest.mark.parametrize("words", pictures())
def test_a_picture_says_what_it_shows_and_fits_the_page(words):
    picture = pictures()[words]
    assert words in picture.description
    assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960


def test_methods_have_their_averages_and_standard_errors_in_their_own_looks():
    results = {"first": [[1, 5], [3, 5]], "second": [[4, 2], [4, 6]]}
    (axes,) = some_labels_known.against_labels(["1", "2"], results, "labels", "error").figure.axes
    for j, (bars, mean, error) in enumerate(zip(axes.containers, ([2, 5], [4, 4]), ([1, 0], [0, 2]), strict=True)):
        line, _, (segments,) = bars.lines
        assert line.get_ydata().tolist() == mean and np.round(line.get_xdata()).tolist() == [0, 1]
        assert [np.ptp(segment[:, 1]) / 2 for segment in segments.get_segments()] == pytest.approx(error, abs=1e-9)
        assert (bars.get_label(), line.get_color()) == (["first", "second"][j], COLOURS[j])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("labels", "error")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2"]


def test_curves_hold_as_many_people_as_their_groups():
    """The area under a curve, in people per bar, is the weight times all people (but for tails beyond the border)."""
    town = TRUTH.sample(400, seed=2)
    chart = some_labels_known.income_groups(IncomeMixture(town.incomes), TRUTH).figure.axes[0]
    edges = chart.patches[0].get_data().edges
    for line, weight in zip([line for line in chart.lines if len(line.get_xdata())], TRUTH.weights, strict=True):
        area = np.trapezoid(line.get_ydata(), np.log(line.get_xdata())) / np.log(edges[1] / edges[0])
        assert area == pytest.approx(400 * weight, rel=0.05)
