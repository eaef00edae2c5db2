"""The explorer's state without a browser, and its picture without a page."""

import asyncio
import io

import numpy as np
import pytest
from PIL import Image

import emlib
from emlib import chapter, drawing
from emlib.drawing.explorer import PANELS, ExplorerPicture, likelihood_scale
from emlib.explorer import DATA, ExplorerState
from emlib.widgets import Explorer, Switch


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_state_opens_on_the_chapter():
    state = ExplorerState()
    assert state.model.heads.tolist() == list(chapter.heads) and state.start is chapter.start
    assert len(state.steps) == 31 and state.frames == 61 and state.frame == 0


def test_half_steps_colour_first_and_move_then():
    state = ExplorerState()
    coins = emlib.BinomialMixture(chapter.heads, 10)
    start, e, m, next_e = (state.moment(frame) for frame in range(4))
    assert (start.half, e.half, m.half, next_e.half) == ("start", "E", "M", "E")
    assert [moment.iteration for moment in (start, e, m, next_e)] == [0, 1, 1, 2]
    assert start.posterior is None and e.step.theta is start.step.theta is chapter.start
    chapter.compare("Table 6.1", e.posterior)
    chapter.compare("Table 6.1", m.posterior)
    chapter.compare("Table 6.4", m.step.theta.biases)
    assert next_e.posterior == pytest.approx(np.asarray(coins.table(m.step.theta))[:, 2:])


def test_a_new_start_runs_again_and_goes_back_to_the_start():
    state = ExplorerState()
    state.frame = 7
    state.show(state.model, emlib.Coins([0.2, 0.3, 0.5], [0.1, 0.2, 0.9]))
    assert state.frame == 0 and state.steps[0].theta is state.start and state.start.biases[2] == 0.9
    state.frame = 7
    state.choose_data("Two summits")
    assert state.frame == 0 and state.model.heads.tolist() == list(DATA["Two summits"])


def test_impossible_data_are_a_message_and_not_the_end():
    state = ExplorerState()
    state.show(state.model, emlib.Coins([0.2, 0.3, 0.5], [0, 0, 1]))
    assert state.steps == () and state.problem == "These coins cannot give 2 heads in 10 tosses, as the data have it"
    assert state.describe(0) == state.problem
    state.show(state.model, chapter.start)
    assert state.problem == "" and len(state.steps) == 31


@pytest.mark.parametrize("frame", [-1, 61])
def test_a_frame_beyond_the_run_is_named(frame):
    with pytest.raises(ValueError, match=f"frame must be from 0 to 60; it is {frame}"):
        ExplorerState().moment(frame)


def test_a_blitted_picture_is_that_of_a_fresh_explorer():
    used, state = ExplorerPicture(moved := ExplorerState()), ExplorerState()
    used.png(5)
    moved.show(moved.model, emlib.Coins([0.2, 0.3, 0.5], [0.1, 0.2, 0.9]))
    used.png(9)
    moved.show(moved.model, chapter.start)
    assert np.array_equal(pixels(used.png(4)), pixels(ExplorerPicture(state).png(4)))
    assert not np.array_equal(pixels(used.png(4)), pixels(used.png(3)))


def test_a_drag_draws_no_new_background():
    """The background costs several times as much as what moves, and a drag changes the scale of the climb."""
    picture = ExplorerPicture(state := ExplorerState())
    picture.png()
    figure, scales = picture._figure, set()
    for bias in np.linspace(0.02, 0.98, 25):
        state.set_bias(0, bias)
        picture.png()
        scales.add(likelihood_scale(state))
    assert picture._figure is figure and len(scales) >= 3


def test_a_kept_run_stays_in_sight_beside_an_impossible_start():
    picture = ExplorerPicture(state := ExplorerState(), list(PANELS))
    state.keep()
    state.show(state.model, emlib.Coins([0.2, 0.3, 0.5], [0, 0, 1]))
    with_kept = pixels(picture.png())
    low, _ = likelihood_scale(state)
    assert low < state.kept[0][0].log_likelihood
    state.kept = ()
    assert np.any(with_kept != pixels(picture.png()))


def test_the_numbers_of_the_likelihood_are_those_of_the_climb():
    state = ExplorerState(model=emlib.BinomialMixture([0, 1, 9, 10]), start=emlib.Coins([0.5, 0.5], [0.4, 0.6]))
    low, high = likelihood_scale(state)
    heights = [step.log_likelihood for step in state.steps]
    assert low <= min(heights) < max(heights) <= high <= low + 5 * (max(heights) - min(heights))
    svg = ExplorerPicture(state).svg(0)
    for number in (f"{low:g}", f"{high:g}", f"{heights[0]:.4f}"):
        assert f"<!-- {number.replace('-', chr(0x2212))} -->" in svg.replace("&#x2212;", chr(0x2212))


def test_the_e_half_paints_and_the_start_does_not():
    picture = ExplorerPicture(ExplorerState())

    def grey(frame):  # pixels of the bars before they have colours
        return np.sum(np.all(np.abs(pixels(picture.png(frame)) - 0xBB) < 6, axis=-1))

    assert grey(0) > 10_000 and grey(1) < 0.05 * grey(0)


def test_sliders_step_and_reset_move_the_state():
    explorer = Explorer()
    before = explorer._live.value
    explorer._biases[2].value = 0.9
    assert explorer.state.start.biases.tolist() == [0.4, 0.5, 0.9] and explorer._live.value != before
    explorer._weights[0].value = 0.1
    assert explorer.state.start.weights == pytest.approx([0.1, 0.6, 0.3])
    assert [slider.value for slider in explorer._weights[:3]] == pytest.approx([0.1, 0.6, 0.3])
    explorer._step.click()
    assert explorer.state.frame == 1 and "Iteration 1, E-step" in explorer._message.value
    explorer._back.click()
    explorer._back.click()
    assert explorer.state.frame == 0
    explorer._data.value = "Two summits"
    assert explorer.state.model.heads.tolist() == list(DATA["Two summits"])
    explorer._reset.click()
    assert np.asarray(explorer.state.start).tolist() == np.asarray(chapter.start).tolist()


def test_all_moments_are_drawn_once_the_start_rests_and_dropped_when_it_moves():
    explorer = Explorer(iterations=2)

    asyncio.run(explorer._draw_all(explorer._shown))
    assert list(explorer._stack.children) == explorer._frames
    for frame, image in enumerate(explorer._frames):
        scale = 2 if frame == 0 else 1  # the moment on show is sharp
        fresh = ExplorerPicture(ExplorerState(iterations=2), scale=scale)
        assert np.array_equal(pixels(image.value), pixels(fresh.png(frame)))
    explorer._biases[0].value = 0.2
    assert set(explorer._stack.children) == {explorer._live}


def test_the_page_may_round_what_a_slider_was_set_to():
    """A page sends back the rounded value of a slider that the kernel set; that is no wish of the reader."""
    explorer = Explorer()
    explorer._weights[0].value = 0.34
    exact = explorer.state.start
    assert exact.weights == pytest.approx([0.34, 0.44, 0.22])
    explorer._weights[0].value = 0.35
    explorer._preset.value = "Almost equal"
    start = explorer.state.start
    for slider in explorer._weights[:3]:
        assert slider.value == 0.33
        slider.value = 0.3333
        slider.value = 0.33
    assert explorer.state.start is start


def test_a_run_may_be_drawn_to_the_present_moment_only():
    ahead, behind = (ExplorerPicture(ExplorerState(ahead=value)) for value in (True, False))
    last = ahead.state.frames - 1
    assert not np.array_equal(pixels(ahead.png(3)), pixels(behind.png(3)))
    assert np.array_equal(pixels(ahead.png(last)), pixels(behind.png(last)))


def test_late_ticks_of_play_do_not_undo_a_reset():
    explorer = Explorer()
    explorer._play.playing = True
    explorer._position.value = 5
    explorer._reset.click()
    assert not explorer._play.playing and explorer.state.frame == 0
    for late_tick in (6, 7):  # they were on their way when Reset was pressed
        explorer._position.value = late_tick
        assert explorer._position.value == explorer.state.frame == 0
    explorer._play.playing = True
    explorer._position.value = 1
    assert explorer.state.frame == 1


def test_only_ticks_of_play_are_held_back(monkeypatch):
    breaths = []
    monkeypatch.setattr("emlib.widgets.explorer.time.sleep", breaths.append)
    explorer = Explorer()
    explorer._position.value = 3
    explorer._step.click()
    assert not breaths
    explorer._play.playing = True
    explorer._position.value = 5
    assert len(breaths) == 1


def test_the_position_is_free_when_nothing_can_be_late():
    explorer = Explorer()
    explorer._step.click()
    explorer._position.value = 9
    assert explorer.state.frame == 9


def test_an_error_in_a_callback_is_shown_and_raised(monkeypatch):
    explorer = Explorer()

    def broken(frame):
        raise RuntimeError("the pencil broke")

    monkeypatch.setattr(explorer.picture, "png", broken)
    with pytest.raises(RuntimeError, match="the pencil broke"):
        explorer._biases[0].value = 0.2
    assert "the pencil broke" in explorer._message.value and 'role="alert"' in explorer._message.value


def test_a_still_stands_beside_the_widget_view():
    data, metadata = Explorer(frame=3)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].startswith("Iteration 2, E-step: biases 0.354, 0.428, 0.513")
    assert Image.open(io.BytesIO(data["image/png"])).size[0] == 2 * metadata["image/png"]["width"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Explorer(start=emlib.Coins([1 / 7] * 7, [0.1] * 7)), "1 to 6 coins; the start has 7"),
        (lambda: Explorer(emlib.BinomialMixture([1, 2], [3, 4])), "sequences of equal length"),
        (lambda: Explorer(frame=99), "frame must be from 0 to 60; it is 99"),
    ],
)
def test_what_the_explorer_cannot_show_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("coins", range(1, 7))
def test_any_number_of_coins(coins):
    explorer = Explorer()
    explorer._coins.value = coins
    assert len(explorer.state.start) == coins == len(explorer._start_grids[0].children)
    explorer._biases[coins - 1].value = 0.25
    explorer._weights[coins - 1].value = 0.1
    assert explorer.state.start.biases[-1] == 0.25
    assert explorer.state.start.weights.sum() == pytest.approx(1)
    assert explorer.state.start.weights[-1] == (pytest.approx(0.1) if coins > 1 else 1)
    assert not explorer.state.problem


def test_a_switch_shows_its_first_picture_and_holds_all():
    sample = emlib.Coins([0.5, 0.5], [0.2, 0.8]).sample(5)
    pictures = {str(reveal): drawing.sequences(sample, 10, reveal, coins=2) for reveal in (True, False)}
    switch = Switch(pictures)
    for picture, page in zip(pictures.values(), switch.stack.children, strict=True):
        assert f'alt="{picture.description}"' in page.value
    data, metadata = switch._repr_mimebundle_()
    assert data["text/plain"] == pictures["True"].description == metadata["image/png"]["alt"]
    assert "application/vnd.jupyter.widget-view+json" in data
