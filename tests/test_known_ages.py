"""Notebook 7's slider and pictures: what they show is what EM and counting give, and bad input is named."""

import numpy as np
import pytest

import emlib
from emlib import drawing
from emlib.drawing.labels import KnownAgesPicture
from emlib.models import Classes, IncomeGroups, IncomeMixture
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
    return widget._share


def say(widget):
    return widget._message.value


def bars(picture):
    """Values and baseline of each group's bars."""
    return [patch.get_data() for patch in picture._figure.axes[0].patches]


def test_every_move_runs_em_with_so_many_ages_known(ages):
    sample = TRUTH.sample(120, seed=3)
    for share, known in ((0, 0), (10, 12), (50, 60), (100, 120)):
        slider(ages).value = share
        model = IncomeMixture(sample.incomes, np.where(np.arange(120) < known, sample.labels, -1))
        *_, last = emlib.em(model, RISING, 500, 1e-5)
        assert ages.picture.fit.theta.medians == pytest.approx(last.theta.medians)
        assert f"{known} of 120 ages known" in say(ages) and 'role="status"' in say(ages)
        assert f"{last.theta.medians[2]:.1f}" in repr(ages)
        assert ages._image.value == ages.picture.png()


def test_counting_takes_those_who_told_and_nobody_else(ages):
    slider(ages).value = 30
    sample = TRUTH.sample(120, seed=3)
    own = [np.log(sample.incomes[:36][sample.labels[:36] == g]) for g in range(3)]
    assert ages.picture.counted == pytest.approx([np.exp(logs.mean()) for logs in own])
    slider(ages).value = 0
    assert np.isnan(ages.picture.counted).all() and "by counting none, none, none" in repr(ages)


def test_with_all_ages_known_em_counts_from_every_start(ages):
    slider(ages).value = 100
    for name in ("right", "rising"):
        ages._start.value = name
        assert ages.picture.fit.theta.medians == pytest.approx(ages.picture.counted)


def test_the_start_decides_the_names_if_no_age_is_known(ages):
    rising = ages.picture.fit.theta.medians
    ages._start.value = "right"
    assert ages.picture.fit.theta.medians == pytest.approx(rising[[0, 2, 1]], rel=1e-2)


def test_another_town_has_other_people_and_keeps_the_slider(ages):
    slider(ages).value = 20
    before = ages.picture.sample.incomes
    ages._other_town(None)
    assert ages.picture.known == 24
    assert ages.picture.sample.incomes.tolist() == TRUTH.sample(120, seed=4).incomes.tolist() != before.tolist()


def test_the_bars_hold_the_posterior_one_group_on_top_of_the_other(ages):
    for share in (0, 40):
        slider(ages).value = share
        picture, groups = ages.picture, bars(ages.picture)
        held = [np.sum(group.values - group.baseline) for group in groups]
        assert held == pytest.approx(picture.model.responsibilities(picture.fit.theta).sum(axis=0))
        for below, above in zip(groups, groups[1:], strict=False):
            assert above.baseline == pytest.approx(below.values)
        assert groups[-1].values == pytest.approx(np.histogram(picture.sample.incomes, groups[0].edges)[0])


def test_a_moved_picture_is_the_picture_drawn_anew(ages):
    slider(ages).value = 25
    ages._start.value = "right"
    ages._other_town(None)
    picture = ages.picture
    fresh = KnownAgesPicture(TRUTH, RIGHT, picture.sample, picture.known)
    assert picture.png() == fresh.png()


def test_a_still_stands_beside_the_view(ages):
    data, metadata = ages._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG") and metadata["image/png"]["alt"] == repr(ages)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"starts": {}}, "starts must name one start or more; it is {}"),
        ({"starts": {"two": IncomeGroups([0.5, 0.5], [1, 2], 1)}}, "must have 3 groups; 'two' has 2"),
        ({"share": 101}, "share must be a whole number from 0 to 100; it is 101"),
        ({"people": 0}, "people must be whole numbers, 1 or more; one of them is 0"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        KnownAges(TRUTH, **({"starts": {"right": RIGHT}} | arguments))


def test_data_that_em_cannot_fit_are_said_in_the_widget(ages):
    """Few people, one in each group: all known, the spread would be 0."""
    alone = [int(np.flatnonzero(ages.picture.sample.labels == g)[0]) for g in range(3)]
    ages.picture.sample = type(ages.picture.sample)(*(values[alone] for values in ages.picture.sample))
    ages._people = 3
    slider(ages).value = 100
    assert 'role="alert"' in say(ages) and "Not changed: incomes must differ within the groups" in say(ages)


def pictures():
    town = TRUTH.sample(60, seed=1)
    words = Classes([0.5, 0.5], [[[0.9, 0.1], [0.2, 0.8]], [[0.4, 0.6], [0.7, 0.3]]])
    return {
        "0.45 of the people around 50.0; 60 and over: 0.25 of the people around 32.0. True groups around 16": (
            drawing.income_groups(IncomeMixture(town.incomes), TRUTH, TRUTH)
        ),
        "first: 2.0 (± 1.0), 5.0 (± 0.0)": drawing.against_labels(["1", "2"], {"first": [[1, 5], [3, 5]]}, "x", "y", 1),
        "Most preferred by A: goal; by B: cup.": drawing.preferred_words(["cup", "goal"], words, ["A", "B"]),
    }


@pytest.mark.parametrize("words", pictures())
def test_a_picture_says_what_it_shows_and_fits_the_page(words):
    picture = pictures()[words]
    assert words in picture.description
    assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960


def test_curves_hold_as_many_people_as_their_groups():
    """The area under a curve, in people per bar, is the weight times all people (but for tails beyond the border)."""
    town = TRUTH.sample(400, seed=2)
    chart = drawing.income_groups(IncomeMixture(town.incomes), TRUTH).figure.axes[0]
    edges = chart.patches[0].get_data().edges
    for line, weight in zip([line for line in chart.lines if len(line.get_xdata())], TRUTH.weights, strict=True):
        area = np.trapezoid(line.get_ydata(), np.log(line.get_xdata())) / np.log(edges[1] / edges[0])
        assert area == pytest.approx(400 * weight, rel=0.05)
