"""The bound on a slice, its half-steps and its pictures, against the free energy; the widget without a browser."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import same_color
from paper_page import Page, classes, mimebundle, png_of, said
from PIL import Image
from scipy.optimize import minimize_scalar
from scipy.stats import binom

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import coordinate_ascent, free_energy, full, hard
from emlib.lessons import why_em_climbs
from emlib.lessons.why_em_climbs import bound, pictures
from emlib.lessons.why_em_climbs.bound_picture import BoundPicture
from emlib.lessons.why_em_climbs.bound_state import BoundState
from emlib.models import GeneticLinkage
from emlib.page.picture import COLOURS, GREY, INK
from emlib.widgets import Bound

A = BinomialMixture(emlib.data.A)
START = Coins([0.5, 0.5], [0.56, 0.5])
BIAS = st.floats(0.02, 0.98)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=12), BIAS, BIAS, BIAS, st.sampled_from([1, 2]))
def test_the_bound_touches_at_theta_lies_below_elsewhere_and_the_m_step_is_its_top(heads, first, second, weight, free):
    state = BoundState(BinomialMixture(heads), Coins([weight, 1 - weight], [first, second]), free)
    state.e_step()
    before = state.theta
    grid = np.random.default_rng(0).random((200, free))
    theta = [Coins(before.weights, [*biases, *before.biases[free:]]) for biases in grid]
    values = state.bound(grid)
    assert values == pytest.approx([free_energy(state.model, state.responsibilities, place) for place in theta])
    assert np.all(values <= [state.model.log_likelihood(place) + 1e-9 for place in theta])
    here = state.bound(before.biases[None, :free])[0]
    assert here == pytest.approx(state.model.log_likelihood(before), abs=1e-9)
    state.m_step()
    assert state.bound(state.theta.biases[None, :free])[0] >= values.max() - 1e-9
    assert state.theta.biases[free:].tolist() == before.biases[free:].tolist()
    assert state.theta.weights.tolist() == before.weights.tolist()


def test_two_free_biases_are_em_with_held_weights():
    start = Coins([0.4, 0.6], [0.3, 0.45])
    state = BoundState(A, start, free=2)
    for step in list(emlib.em(BinomialMixture(A.heads, learn_weights=False), start, 8, tolerance=0))[1:]:
        state.e_step()
        state.m_step()
        assert state.theta.biases == pytest.approx(step.theta.biases, abs=1e-14)
        assert state.history[-1][3] == pytest.approx(step.log_likelihood)


def test_history_never_falls():
    state = BoundState(A, START)
    for _ in range(30):
        state.e_step()
        state.m_step()
    bounds = [below for _, _, below, _ in state.history[1:]]
    assert np.all(np.diff(bounds) >= -1e-9)
    assert [name for name, *_ in state.history[:4]] == ["start", "E-step", "M-step", "E-step"]
    top = minimize_scalar(lambda bias: -A.log_likelihood(Coins([0.5, 0.5], [bias, 0.5])), bounds=(0.7, 1))
    assert state.theta.biases[0] == pytest.approx(top.x, abs=1e-5), "the summit on the right of the slice"


@pytest.mark.parametrize("free", [1, 2])
def test_the_picture_follows_and_has_its_words(free):
    state = BoundState(A, START, free)
    picture = BoundPicture(state)
    seen, said = set(), set()
    for act in (lambda: None, state.e_step, state.m_step, state.e_step):
        act()
        image = Image.open(io.BytesIO(picture.png()))
        assert image.size == (960, 420)
        seen.add(picture.png())
        said.add(state.describe())
    assert len(seen) == len(said) == 4
    assert Image.open(io.BytesIO(BoundPicture(state, scale=2).png())).size == (1920, 840)
    assert BoundPicture(state).png() == picture.png()
    assert "<svg" in picture.svg()


def test_starts_on_the_border_are_drawn():
    for bias in (0, 1):
        state = BoundState(A, Coins([0.5, 0.5], [bias, 0.5]))
        picture = BoundPicture(state)
        for act in (state.e_step, state.m_step, picture.png):
            act()
        assert state.theta.biases[0] == pytest.approx(bias), "a bias of 0 or 1 stays there"


@pytest.mark.parametrize(
    ("start", "free", "message"),
    [
        (Coins([0.2, 0.3, 0.5], [0.1, 0.2, 0.3]), 1, "drawn for 2 coins; the start has 3"),
        (Coins([1], [0.3]), 1, "drawn for 2 coins; the start has 1"),
        ([[0.5, 0.5], [0.1, 0.2]], 1, "start must be a Coins; it is a list"),
        (Coins([0.5, 0.5], [0, 0]), 2, "an outcome of 1 heads in 10 tosses has probability 0"),
        (START, 3, "free must be 1 or 2; it is 3"),
        (START, 0, "free must be a whole number, 1 or more; it is 0"),
        (START, 1.5, "free must be a whole number, 1 or more; it is 1.5"),
        (START, "1", "free must be a whole number, 1 or more; it is '1'"),
        (START, True, "free must be a whole number, 1 or more; it is True"),
    ],
)
def test_bad_input_is_named(start, free, message):
    with pytest.raises((TypeError, ValueError), match=message):
        BoundState(A, start, free)
    with pytest.raises((TypeError, ValueError), match=message):
        Bound(A, start, free)


@pytest.mark.parametrize(
    ("half_steps", "message"),
    [
        (-1, "half_steps must be a whole number, 0 or more; it is -1"),
        (2.5, "half_steps must be a whole number, 0 or more; it is 2.5"),
        ("3", "half_steps must be a whole number, 0 or more; it is '3'"),
        (1001, "half_steps must be at most 1000; it is 1001"),
        (10**9, "half_steps must be at most 1000; it is 1000000000"),
    ],
)
def test_half_steps_that_cannot_be_are_named(half_steps, message):
    with pytest.raises(ValueError, match=message):
        Bound(A, START, half_steps=half_steps)


def test_as_many_half_steps_as_are_allowed(monkeypatch):
    monkeypatch.setattr(bound, "MOST_HALF_STEPS", 4)
    assert repr(Bound(A, START, half_steps=4)).startswith("M-step 2: ")


def test_what_is_no_model_is_named():
    for model in ([1, 2, 3], None):
        with pytest.raises(TypeError, match="model must be a BinomialMixture; it is a"):
            Bound(model, START)


@pytest.mark.parametrize("kind", ["series", "masked", "small", "tuple"])
def test_data_of_every_kind_make_the_same_picture(kind):
    heads = A.heads.tolist()
    made = {
        "series": lambda: pytest.importorskip("pandas").Series(heads, dtype="Int64", index=range(5, 25)),
        "masked": lambda: np.ma.array(heads, mask=False),
        "small": lambda: np.array(heads, dtype=np.uint8),
        "tuple": lambda: tuple(heads),
    }[kind]()
    assert repr(Bound(BinomialMixture(made), START, half_steps=2)) == repr(Bound(A, START, half_steps=2))


def drawn(picture):
    """The moving artists of the slice, by what they are: bound, gap, top, here."""
    picture.png()
    lines = [line for line in picture.figure.axes[0].lines if line.get_animated()]
    return {name: line.get_xydata() for name, line in zip(("bound", "gap", "top", "here"), lines, strict=True)}


def height(bias, second=0.5, weights=(0.5, 0.5)):
    """The log-likelihood of A, with scipy."""
    rows = [w * binom.pmf(A.heads, 10, b) for w, b in zip(weights, (bias, second), strict=True)]
    return np.log(sum(rows)).sum()


def bound_by_hand(bias, at, second=0.5):
    """Jensen's bound that touches at one bias, as its definition has it."""
    own, other = (0.5 * binom.pmf(A.heads, 10, b) for b in (at, second))
    q = own / (own + other)
    joint = [0.5 * binom.pmf(A.heads, 10, b) for b in (bias, second)]
    return np.sum(q * np.log(joint[0] / q) + (1 - q) * np.log(joint[1] / (1 - q)))


def test_the_curves_are_those_of_the_definitions():
    state = BoundState(A, START)
    picture = BoundPicture(state)
    first = drawn(picture)
    assert first["here"] == pytest.approx(np.array([[0.56, height(0.56)]]))
    assert all(len(first[name]) == 0 for name in ("bound", "gap", "top"))
    still = picture.figure.axes[0].lines[0].get_xydata()
    assert len(still) == 401 and still[1:-1, 1] == pytest.approx([height(bias) for bias in still[1:-1, 0]])
    state.e_step()
    curves = drawn(picture)
    middle = curves["bound"][20::60]
    assert middle[:, 1] == pytest.approx([bound_by_hand(bias, 0.56) for bias in middle[:, 0]])
    assert curves["gap"] == pytest.approx(np.array([[0.56, height(0.56)]] * 2))
    best = minimize_scalar(lambda bias: -bound_by_hand(bias, 0.56), bounds=(0.5, 1), method="bounded")
    assert curves["top"] == pytest.approx(np.array([[best.x, -best.fun]]), abs=1e-5)
    state.m_step()
    curves = drawn(picture)
    assert curves["here"] == pytest.approx(np.array([[best.x, height(best.x)]]), abs=1e-4)
    assert curves["gap"][:, 1] == pytest.approx([-best.fun, height(best.x)], abs=1e-4)
    name, theta, below, above = state.history[-1]
    assert (name, theta) == ("M-step", state.theta)
    assert [below, above] == pytest.approx([-best.fun, height(best.x)], abs=1e-4)
    words = state.describe()
    assert words == (
        f"M-step 1: to the top of the bound, at bias {theta.biases[0]:.3f}; "
        f"bound {below:.4f}, gap {above - below:.4f}, log-likelihood {above:.4f}"
    )


def test_the_same_half_step_again_is_not_counted():
    state = BoundState(A, START)
    for act in (state.e_step, state.e_step, state.m_step, state.m_step, state.e_step):
        act()
    assert [name for name, *_ in state.history] == ["start", "E-step", "M-step", "E-step"]
    assert state.start is START
    state.restart(Coins([0.5, 0.5], [0.1, 0.2]))
    assert state.responsibilities is None and len(state.history) == 1


def test_the_table_has_the_last_half_steps():
    state = BoundState(A, START)
    picture = BoundPicture(state)
    for _ in range(5):
        state.e_step()
        state.m_step()
    rows = {}
    for _, (_, y), _, _, text in picture.update(0):
        rows.setdefault(round(y, 3), []).append(text)
    assert [row[0] for row in rows.values()] == [f"{name}-step {number}" for number in (2, 3, 4, 5) for name in "EM"][
        1:
    ]
    for row, (_, _, below, above) in zip(rows.values(), state.history[-7:], strict=True):
        minus = "\N{MINUS SIGN}"
        assert row[1:] == [f"{minus}{-above:.4f}", f"{minus}{-below:.4f}", f"{abs(above - below):.4f}"]
    first = [text for *_, text in BoundPicture(BoundState(A, START)).update(0)]
    assert first == ["start", f"\N{MINUS SIGN}{-height(0.56):.4f}"]


def key(picture):
    """What the key says of each of its lines and marks: colour, line or marker, to words."""
    picture.png()
    words = picture.figure.axes[1]
    said = {round(text.get_position()[1], 6): text.get_text() for text in words.texts}
    looks = [(line, line.get_linestyle(), line.get_marker()) for line in words.lines if line.get_color() != GREY]
    return {
        (line.get_color(), style if mark == "None" else mark): (
            said[round(line.get_ydata()[0], 6)],
            line.get_xdata()[0],
        )
        for line, style, mark in looks
        if style != "None" or mark != "None"
    }


def test_the_key_has_the_looks_of_what_it_names():
    picture = BoundPicture(state := BoundState(A, START))
    state.e_step()
    told = key(picture)
    heights, bound, gap, top, here = picture.figure.axes[0].lines
    for line, words in (
        (heights, "log-likelihood"),
        (bound, "bound of the latest E-step"),
        (gap, "gap between the two"),
    ):
        assert told[line.get_color(), line.get_linestyle()][0] == words
    (stands, left), (peak, right) = (told[mark.get_color(), mark.get_marker()] for mark in (here, top))
    assert stands == peak == "where EM stands; top of the bound" and left < right, "in the order of the words"
    names = {
        text.get_position()[0]: text.get_text() for text in picture.figure.axes[1].texts if text.get_ha() == "right"
    }
    assert names == {0.48: "bound", 0.7: "gap", 1: "log-lik."}
    state.m_step()
    bias, minus = state.theta.biases[0], "\N{MINUS SIGN}"
    below, above = bound_by_hand(bias, 0.56), height(bias)
    row = dict((x, text) for _, (x, _), _, anchor, text in picture.update(0) if anchor == "rm")  # the last one
    assert row == {0.48: f"{minus}{-below:.4f}", 0.7: f"{above - below:.4f}", 1: f"{minus}{-above:.4f}"}


def test_the_key_of_the_map_has_the_looks_of_its_lines():
    weights = 0.3, 0.7  # unequal, so that nothing is symmetric
    picture = BoundPicture(state := BoundState(A, Coins(weights, [0.3, 0.45]), free=2))
    for act in (state.e_step, state.m_step, state.e_step):
        act()
    told, chart = key(picture), picture.figure.axes[0]
    around, others, touching = chart.collections[-3:]
    own, other = (w * binom.pmf(A.heads, 10, b) for w, b in zip(weights, state.theta.biases, strict=True))
    q = own / (own + other)

    def bound_of_two(x, y):
        logs = (np.log(w) + binom.logpmf(A.heads, 10, b) for w, b in zip(weights, (x, y), strict=True))
        return sum(np.sum(share * (log - np.log(share))) for share, log in zip((q, 1 - q), logs, strict=True))

    here = height(*state.theta.biases, weights)
    for lines, of_two in ((around, lambda x, y: height(x, y, weights)), (touching, bound_of_two)):
        heights = [of_two(x, y) for line in lines.get_segments() for x, y in line[::15]]
        assert len(heights) > 2 and heights == pytest.approx([here] * len(heights), abs=0.15)
    path, top, here = chart.lines
    assert told[INK, "-"][0] == "as high as at the latest E-step" and same_color(around.get_color()[0], INK)
    for lines in (others, touching):
        assert (
            same_color(lines.get_color()[0], COLOURS[1]) and told[COLOURS[1], "--"][0] == "bound, at the same heights"
        )
    words = "EM's path and place; top of the bound"
    assert told[path.get_color(), path.get_linestyle()][0] == words
    (stands, left), (peak, right) = (told[mark.get_color(), mark.get_marker()] for mark in (here, top))
    assert stands == peak == words and left < right
    assert (chart.get_xlabel(), chart.get_ylabel()) == ("bias of coin 1", "bias of coin 2")


def test_the_map_has_the_path_and_the_top():
    state = BoundState(A, Coins([0.5, 0.5], [0.3, 0.45]), free=2)
    picture = BoundPicture(state)
    for act in (state.e_step, state.m_step, state.e_step):
        act()
    picture.png()
    path, top, here = (line.get_xydata() for line in picture.figure.axes[0].lines)
    steps = list(emlib.em(BinomialMixture(A.heads, learn_weights=False), Coins([0.5, 0.5], [0.3, 0.45]), 2, 0))
    assert path == pytest.approx(np.array([steps[0].theta.biases] * 2 + [steps[1].theta.biases] * 2))
    assert here == pytest.approx(steps[1].theta.biases[None]) and top == pytest.approx(steps[2].theta.biases[None])
    around = picture.figure.axes[0].collections[-3].get_segments()
    heights = [height(x, y) for line in around for x, y in line[::15]]
    assert heights == pytest.approx([steps[1].log_likelihood] * len(heights), abs=0.15), "the contour through theta"


@pytest.mark.parametrize("second", [0, 1])
def test_a_held_bias_of_0_or_1_is_drawn_where_the_data_are_possible(second):
    state = BoundState(A, Coins([0.5, 0.5], [0.4, second]))
    picture = BoundPicture(state)
    state.e_step()
    curves = drawn(picture)
    still = picture.figure.axes[0].lines[0].get_ydata()
    assert np.isneginf(still[[0, -1]]).all() and np.isfinite(still[1:-1]).all()
    assert np.isfinite(curves["bound"]).all() and np.isfinite(curves["top"]).all()


def test_the_bound_at_a_bias_that_rounding_made_1_is_finite():
    state = BoundState(BinomialMixture([0, 0, 10, 10]), Coins([0.5, 0.5], [0.99, 0.01]))
    for _ in range(3):
        state.e_step()
        state.m_step()
    assert state.theta.biases[0] == 1 and np.isfinite(state.bound([[1]])).all()
    assert all(np.isfinite(below) for _, _, below, _ in state.history[1:])


class TestWidget:
    def test_buttons_make_half_steps_and_start_again(self):
        widget = Bound(A, START)
        e_step, m_step, again = widget.buttons
        assert repr(widget).startswith("E-step 1: the bound touches at bias 0.560; bound -79.2243, gap 0.0000")
        before = png_of(widget)
        m_step.click()
        assert repr(widget).startswith("M-step 1: to the top of the bound, at bias 0.614; bound -78.6548, gap 1.1130")
        assert repr(widget) == said(widget) and png_of(widget) != before
        m_step.click()
        assert repr(widget).startswith("M-step 1"), "the same half-step again changes nothing"
        assert len(widget.state.history) == 3
        e_step.click()
        assert repr(widget).startswith("E-step 2")
        again.click()
        assert repr(widget) == "Start at bias 0.560: log-likelihood -79.2243. No bound yet: press E-step"
        m_step.click()
        assert widget.view.alert and "an E-step comes first" in said(widget)
        e_step.click()
        assert png_of(widget) == before and not widget.view.alert

    def test_the_controls_say_what_they_do(self):
        widget = Bound(A, START, free=2)
        assert [(b.description, b.icon, b.tooltip) for b in widget.buttons] == [
            ("E-step", "arrow-up", "Raise the bound until it touches the log-likelihood"),
            ("M-step", "arrow-right", "Move to the top of the bound"),
            ("Start again", "undo", "Go back to the start of the sliders"),
        ]
        for slider, colour in zip(widget.sliders, COLOURS[:2], strict=True):
            assert (slider.min, slider.max, slider.step, slider.style.handle_color) == (0, 1, 0.01, colour)
            assert (slider.layout.width, slider.style.description_width) == ("32em", "initial")
        above, view, below = widget.children
        assert (above.children, view, below.children) == (tuple(widget.buttons), widget.view, tuple(widget.sliders))
        assert view.hint == "Drag the dot" and not view.bar
        assert "emlib-bound" in classes(widget)
        before = repr(widget)
        widget.sliders[0].description = "another name"  # only the value counts
        assert repr(widget) == before

    def test_a_dragged_dot_is_the_start_of_its_own_coin_with_a_bound_that_touches(self):
        for free, name, value, biases in (
            (1, "start: bias of coin 1", (0.3, -60), [0.3, 0.5]),
            (2, "start: both biases", (0.3, 0.8), [0.3, 0.8]),
        ):
            page = Page(Bound(A, START, free))
            page.move(name, *value)
            assert page.widget.state.start.biases.tolist() == biases
            assert [half for half, *_ in page.widget.state.history] == ["start", "E-step"]
            _, _, below, above = page.widget.state.history[-1]
            assert below == pytest.approx(above) == height(*biases)

    def test_the_key_of_a_remote_presses_the_half_step_that_comes_next(self):
        e_step, m_step, _ = Bound(A, START).buttons
        for following in (m_step, e_step, m_step):  # it opens with a bound that touches
            assert [button for button in (e_step, m_step) if "emlib-next" in classes(button)] == [following]
            following.click()

    def test_sliders_are_the_start(self):
        widget = Bound(A, START, free=2, half_steps=4)
        assert [slider.description for slider in widget.sliders] == ["start, bias 1", "start, bias 2"]
        assert repr(widget).startswith("M-step 2")
        widget.sliders[0].value = 0.3
        assert repr(widget).startswith("Start at biases 0.300 and 0.500")
        widget.sliders[1].value = 0.9
        assert widget.state.theta.biases.tolist() == [0.3, 0.9]

    @pytest.mark.parametrize("bias", [0, 1])
    def test_a_move_that_is_refused_leaves_all_as_it_was(self, bias):
        widget = Bound(A, START, free=2, half_steps=3)
        widget.sliders[0].value = bias
        widget.buttons[0].click()
        state, picture, words, image = widget.state, widget.picture, repr(widget), png_of(widget)
        before = [*state.history], state.responsibilities, state.theta
        widget.sliders[1].value = bias
        assert "Not changed: an outcome of" in said(widget) and widget.view.alert
        assert [slider.value for slider in widget.sliders] == [bias, 0.5] == state.start.biases.tolist()
        assert ([*state.history], state.responsibilities, state.theta) == before
        assert (repr(widget), png_of(widget), picture.png()) == (words, image, image)
        widget.buttons[1].click()
        assert repr(widget).startswith("M-step 1: ") and not widget.view.alert
        widget.sliders[1].value = 0.7  # it listens again
        assert repr(widget).startswith(f"Start at biases {bias:.3f} and 0.700")

    def test_start_again_is_the_start_and_weights_stay(self):
        widget = Bound(A, Coins([0.3, 0.7], [0.564, 0.2]), half_steps=0)
        assert [slider.value for slider in widget.sliders] == [0.564]
        first = repr(widget), png_of(widget)
        for button in (*widget.buttons[:2] * 3, widget.buttons[2]):
            button.click()
        assert (repr(widget), png_of(widget)) == first
        widget.sliders[0].value = 0.2
        assert not widget.view.alert
        assert (widget.sliders[0].min, widget.sliders[0].max, widget.sliders[0].step) == (0, 1, 0.01)
        assert widget.state.theta.weights.tolist() == [0.3, 0.7]
        assert widget.state.theta.biases.tolist() == [0.2, 0.2]

    def test_impossible_data_are_said(self):
        widget = Bound(A, START, free=2)
        for slider in widget.sliders:
            slider.value = 0
        assert "has probability 0 under" in said(widget) and widget.view.alert
        widget.sliders[0].value = 0.5
        assert not widget.view.alert

    def test_it_shows_a_still_beside_the_view(self):
        data, metadata = mimebundle(Bound(A, START, half_steps=2))
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
    assert "EM's theta: 0.0500, 0.4937, 0.6072" in repr(why_em_climbs.staircase(model, steps))
    steps = list(coordinate_ascent(BinomialMixture(emlib.chapter.heads), emlib.chapter.start, full, 10))
    gains = np.diff([step.log_likelihood for step in steps])
    first = repr(why_em_climbs.gain_split(steps)).split("iteration 1: ")[1].split(" (")[0].split(" + ")
    assert sum(map(float, first)) == pytest.approx(gains[0], rel=0.01)
    joint = np.array([0.06, 0.1, 0.02])
    said = repr(why_em_climbs.jensen(joint, {"even": [1 / 3] * 3, "posterior": joint / joint.sum()}))
    even = np.log(3 * joint).mean()
    assert f"even: average of logarithms {even:.4f}, gap {np.log(0.18) - even:.4f}" in said
    assert f"posterior: average of logarithms {np.log(0.18):.4f}, gap 0.0000" in said
    curves = {"one": ([0, 1, 2], [-3, -2, -1 - 1e-7]), "two": ([0, 5], [-3, -2])}
    said = repr(why_em_climbs.climbs_compared(curves, "work", "nats", top=-1))
    assert "one: within 1e-6 after 2; two: never within 1e-6" in said
    assert "one: -3.000 to -1.000; two: -3.000 to -2.000" in repr(why_em_climbs.climbs_compared(curves, "work", "nats"))
    *_, last = coordinate_ascent(A, START, hard, 5)
    found = np.array([[last.theta.biases, last.theta.biases]])
    words = ", ".join(f"{bias:.2f} ± 0.00" for bias in last.theta.biases)
    assert f"hard, by number of sequences: 20: {words}" in repr(
        why_em_climbs.hard_and_soft([20], {"hard": found}, START)
    )
