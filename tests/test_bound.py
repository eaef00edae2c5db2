"""The bound on a slice, its half-steps and its pictures, against the free energy; the widget without a browser."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.optimize import minimize_scalar

import emlib
from emlib import BinomialMixture, Coins, drawing
from emlib.drawing import free_energy as pictures
from emlib.drawing.free_energy import BoundPicture
from emlib.free_energy import coordinate_ascent, free_energy, full, hard
from emlib.models import GeneticLinkage
from emlib.widgets import Bound

A = BinomialMixture([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10])
START = Coins([0.5, 0.5], [0.56, 0.5])
BIAS = st.floats(0.02, 0.98)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=12), BIAS, BIAS, BIAS, st.sampled_from([1, 2]))
def test_the_bound_touches_at_theta_lies_below_elsewhere_and_the_m_step_is_its_top(heads, first, second, weight, free):
    picture = BoundPicture(BinomialMixture(heads), Coins([weight, 1 - weight], [first, second]), free)
    picture.e_step()
    before = picture.theta
    grid = np.random.default_rng(0).random((200, free))
    theta = [Coins(before.weights, [*biases, *before.biases[free:]]) for biases in grid]
    values = picture.bound(grid)
    assert values == pytest.approx([free_energy(picture.model, picture.responsibilities, place) for place in theta])
    assert np.all(values <= [picture.model.log_likelihood(place) + 1e-9 for place in theta])
    here = picture.bound(before.biases[None, :free])[0]
    assert here == pytest.approx(picture.model.log_likelihood(before), abs=1e-9)
    picture.m_step()
    assert picture.bound(picture.theta.biases[None, :free])[0] >= values.max() - 1e-9
    assert picture.theta.biases[free:].tolist() == before.biases[free:].tolist()
    assert picture.theta.weights.tolist() == before.weights.tolist()


def test_two_free_biases_are_em_with_held_weights():
    start = Coins([0.4, 0.6], [0.3, 0.45])
    picture = BoundPicture(A, start, free=2)
    for step in list(emlib.em(BinomialMixture(A.heads, learn_weights=False), start, 8, tolerance=0))[1:]:
        picture.e_step()
        picture.m_step()
        assert picture.theta.biases == pytest.approx(step.theta.biases, abs=1e-14)
        assert picture.history[-1][3] == pytest.approx(step.log_likelihood)


def test_history_never_falls():
    picture = BoundPicture(A, START)
    for _ in range(30):
        picture.e_step()
        picture.m_step()
    bounds = [below for _, _, below, _ in picture.history[1:]]
    assert np.all(np.diff(bounds) >= -1e-9)
    assert [name for name, *_ in picture.history[:4]] == ["start", "E-step", "M-step", "E-step"]
    top = minimize_scalar(lambda bias: -A.log_likelihood(Coins([0.5, 0.5], [bias, 0.5])), bounds=(0.7, 1))
    assert picture.theta.biases[0] == pytest.approx(top.x, abs=1e-5), "the summit on the right of the slice"


@pytest.mark.parametrize("free", [1, 2])
def test_the_picture_follows_and_has_its_words(free):
    picture = BoundPicture(A, START, free)
    seen, said = set(), set()
    for act in (lambda: None, picture.e_step, picture.m_step, picture.e_step):
        act()
        image = Image.open(io.BytesIO(picture.png()))
        assert image.size == (960, 420)
        seen.add(picture.png())
        said.add(picture.describe())
    assert len(seen) == len(said) == 4
    assert Image.open(io.BytesIO(picture.copy(scale=2).png())).size == (1920, 840)
    assert picture.copy(scale=1).png() == picture.png()
    assert "<svg" in picture.svg()


def test_starts_on_the_border_are_drawn():
    for bias in (0, 1):
        picture = BoundPicture(A, Coins([0.5, 0.5], [bias, 0.5]))
        for act in (picture.e_step, picture.m_step, picture.png):
            act()
        assert picture.theta.biases[0] == pytest.approx(bias), "a bias of 0 or 1 stays there"


@pytest.mark.parametrize(
    ("start", "free", "message"),
    [
        (Coins([0.2, 0.3, 0.5], [0.1, 0.2, 0.3]), 1, "drawn for 2 coins; the start has 3"),
        (START, 3, "free must be 1 or 2; it is 3"),
    ],
)
def test_bad_input_is_named(start, free, message):
    with pytest.raises(ValueError, match=message):
        BoundPicture(A, start, free)
    with pytest.raises(ValueError, match=message):
        Bound(A, start, free)


class TestWidget:
    def test_buttons_make_half_steps_and_start_again(self):
        widget = Bound(A, START)
        e_step, m_step, again = widget.buttons
        assert repr(widget).startswith("E-step 1: the bound touches at bias 0.560; bound -79.2243, gap 0.0000")
        before = widget._image.value
        m_step.click()
        assert repr(widget).startswith("M-step 1: to the top of the bound, at bias 0.614; bound -78.6548, gap 1.1130")
        assert repr(widget) in widget._message.value and widget._image.value != before
        m_step.click()
        assert repr(widget).startswith("M-step 1"), "the same half-step again changes nothing"
        assert len(widget.picture.history) == 3
        e_step.click()
        assert repr(widget).startswith("E-step 2")
        again.click()
        assert repr(widget) == "Start at bias 0.560: log-likelihood -79.2243. No bound yet: press E-step"
        m_step.click()
        assert 'role="alert"' in widget._message.value and "an E-step comes first" in widget._message.value
        e_step.click()
        assert widget._image.value == before and 'role="status"' in widget._message.value

    def test_sliders_are_the_start(self):
        widget = Bound(A, START, free=2, half_steps=4)
        assert [slider.description for slider in widget.sliders] == ["start, bias 1", "start, bias 2"]
        assert repr(widget).startswith("M-step 2")
        widget.sliders[0].value = 0.3
        assert repr(widget).startswith("Start at biases 0.300 and 0.500")
        widget.sliders[1].value = 0.9
        assert widget.picture.theta.biases.tolist() == [0.3, 0.9]

    def test_impossible_data_are_said(self):
        widget = Bound(A, START, free=2)
        for slider in widget.sliders:
            slider.value = 0
        assert "has probability 0 under" in widget._message.value and 'role="alert"' in widget._message.value
        widget.sliders[0].value = 0.5
        assert 'role="status"' in widget._message.value

    def test_it_shows_a_still_beside_the_view(self):
        data, metadata = Bound(A, START, half_steps=2)._repr_mimebundle_()
        assert data["text/plain"] == metadata["image/png"]["alt"] and data["text/plain"].startswith("M-step 1")
        assert Image.open(io.BytesIO(data["image/png"])).size == (1920, 840)
        assert "application/vnd.jupyter.widget-view+json" in data


def test_the_surface_is_the_free_energy():
    model = GeneticLinkage()
    ts, shares = np.array([0.1, 0.5, 0.9]), np.array([0.05, 0.3])
    surface = pictures._surface(model, ts, shares)
    for row, share in enumerate(shares):
        for column, t in enumerate(ts):
            assert surface[row, column] == pytest.approx(free_energy(model, pictures.split(share), t))


def test_pictures_say_their_numbers():
    model = GeneticLinkage()
    steps = list(coordinate_ascent(model, 0.05, full, 10))
    assert "EM's theta: 0.0500, 0.4937, 0.6072" in repr(drawing.staircase(model, steps))
    steps = list(coordinate_ascent(BinomialMixture(emlib.chapter.heads), emlib.chapter.start, full, 10))
    gains = np.diff([step.log_likelihood for step in steps])
    first = repr(drawing.gain_split(steps)).split("iteration 1: ")[1].split(" (")[0].split(" + ")
    assert sum(map(float, first)) == pytest.approx(gains[0], rel=0.01)
    joint = np.array([0.06, 0.1, 0.02])
    said = repr(drawing.jensen(joint, {"even": [1 / 3] * 3, "posterior": joint / joint.sum()}))
    even = np.log(3 * joint).mean()
    assert f"even: average of logarithms {even:.4f}, gap {np.log(0.18) - even:.4f}" in said
    assert f"posterior: average of logarithms {np.log(0.18):.4f}, gap 0.0000" in said
    curves = {"one": ([0, 1, 2], [-3, -2, -1 - 1e-7]), "two": ([0, 5], [-3, -2])}
    said = repr(drawing.climbs_compared(curves, "work", "nats", top=-1))
    assert "one: within 1e-6 after 2; two: never within 1e-6" in said
    assert "one: -3.000 to -1.000; two: -3.000 to -2.000" in repr(drawing.climbs_compared(curves, "work", "nats"))
    *_, last = coordinate_ascent(A, START, hard, 5)
    found = np.array([[last.theta.biases, last.theta.biases]])
    words = ", ".join(f"{bias:.2f} ± 0.00" for bias in last.theta.biases)
    assert f"hard, by number of sequences: 20: {words}" in repr(drawing.hard_and_soft([20], {"hard": found}, START))
