"""The explorer's state without a browser, and its picture without a page."""

import base64
import html
import io
import json
import re
import threading
from collections import Counter

import ipywidgets
import numpy as np
import pytest
import traitlets
from forms import ONE_TO_SIX
from paper_page import Page, living, mimebundle, png_of, said
from PIL import Image
from pixels import pixels

import emlib
from emlib import chapter
from emlib.explorer.more import MOST_PICTURES, chosen_frames
from emlib.explorer.picture import PANELS, ExplorerPicture, likelihood_scale
from emlib.explorer.state import CHAPTER, DATA, PRESETS, ExplorerState
from emlib.lessons import mixture_models
from emlib.page.animation import animated_gif, animation_page
from emlib.page.widget import Talking, parts
from emlib.widgets import DrawThenSee, EStepByEye, Explorer, Switch


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
    figure, scales = picture.figure, set()
    for bias in np.linspace(0.02, 0.98, 25):
        state.set_bias(0, bias)
        picture.png()
        scales.add(likelihood_scale(state))
    assert picture.figure is figure and len(scales) >= 3
    state.set_count(4, 3)
    picture.png()
    figure = picture.figure
    for sequences in (2, 0, 6):
        state.set_count(4, sequences)
        picture.png()
    assert picture.figure is figure, "nor does a drag of the data, once it has its name"


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
    for number in (f"{low:g}", f"{high:g}", f"{heights[0]:.4f} → {heights[-1]:.4f}"):
        assert f"<!-- {number.replace('-', chr(0x2212))} -->" in html.unescape(svg)


def test_the_e_half_paints_and_the_start_does_not():
    picture = ExplorerPicture(ExplorerState())

    def grey(frame):  # pixels of the bars before they have colours
        return np.sum(np.all(np.abs(pixels(picture.png(frame)) - 0xBB) < 6, axis=-1))

    assert grey(0) > 10_000 and grey(1) < 0.05 * grey(0)


def test_sliders_rest_and_reset_move_the_state():
    explorer = Explorer()
    page, before = Page(explorer), png_of(explorer)
    explorer.sliders.biases[2].value = 0.9
    assert explorer.state.start.biases.tolist() == [0.4, 0.5, 0.9] and png_of(explorer) != before
    explorer.sliders.weights[0].value = 0.1
    assert explorer.state.start.weights == pytest.approx([0.1, 0.6, 0.3])
    assert [slider.value for slider in explorer.sliders.weights[:3]] == pytest.approx([0.1, 0.6, 0.3])
    page.rest(1)
    assert explorer.state.frame == 1 and "Iteration 1, E-step" in repr(explorer)
    opened(explorer).data.value = "Two summits"
    assert explorer.state.model.heads.tolist() == list(DATA["Two summits"])
    page.move("Reset")
    assert np.asarray(explorer.state.start).tolist() == np.asarray(chapter.start).tolist()
    assert explorer.state.data == CHAPTER and np.array_equal(pixels(png_of(explorer)), fresh(0))


def fresh(frame, scale=1, **start):
    return pixels(ExplorerPicture(ExplorerState(**start), scale=scale).png(frame))


def test_the_page_gets_the_moments_that_it_asks_for_and_a_sharp_one_where_it_rests():
    explorer = Explorer(iterations=2)
    page = Page(explorer)
    assert np.array_equal(pixels(page.png), fresh(0, scale=2, iterations=2)) and page.moment(1) is None
    page.ask(1, 5)
    for frame in range(1, 5):
        moment = page.moment(frame)
        assert np.array_equal(pixels(moment["png"]), fresh(frame, iterations=2))
        assert moment["words"] == explorer.state.describe(frame)
        now = explorer.state.moment(frame).step.theta
        handles = {handle["name"]: handle["value"][0] for handle in moment["handles"]}
        assert [handles[f"bias {j}"] for j in (1, 2, 3)] == now.biases.tolist()
        borders = [handles["weights 1 and 2"], handles["weights 2 and 3"]]
        assert borders == pytest.approx([now.weights[0], now.weights[:2].sum()])
    page.rest(3)
    assert explorer.state.frame == 3 and explorer.view.shown["frame"] == 0, "the page is not told what it said"
    assert np.array_equal(pixels(page.moment(3)["png"]), fresh(3, scale=2, iterations=2))
    sent = dict(page.added)
    page.rest(4, sharp=False)
    assert explorer.state.frame == 4 and page.added == sent
    run = explorer.view.shown["run"]
    explorer.sliders.biases[0].value = 0.2
    page.say(run=run, ask=[0, 4])
    page.say(run=run, rest=2, sharp=True)
    assert page.added == sent and explorer.state.frame == 0, "what is said of a run that is gone is not answered"


def test_a_frame_that_code_chooses_is_shown_in_the_same_run():
    explorer = Explorer()
    run = explorer.view.shown["run"]
    explorer.state.frame = 7
    assert (explorer.view.shown["run"], explorer.view.shown["frame"]) == (run, 7)
    assert np.array_equal(pixels(png_of(explorer)), fresh(7))
    explorer.sliders.biases[0].value = 0.2
    assert (explorer.view.shown["run"], explorer.view.shown["frame"]) == (run + 1, 0), "one picture, not two"
    explorer.state.frame = 7
    explorer.state.reveal = True
    assert (explorer.view.shown["run"], explorer.view.shown["frame"]) == (run + 2, 7)


def test_a_drag_of_a_coin_or_a_border_is_a_new_start():
    explorer = Explorer()
    page = Page(explorer)
    page.move("bias 2", 0.9)
    assert explorer.state.start.biases.tolist() == [0.4, 0.9, 0.65] == [s.value for s in explorer.sliders.biases[:3]]
    page.move("weights 1 and 2", 0.6)
    assert explorer.state.start.weights == pytest.approx([0.6, 0.15, 0.25])
    page.move("weights 2 and 3", 0.6)
    assert explorer.state.start.weights == pytest.approx([0.6, 0, 0.4]), "a weight of zero can be reached"
    page.move("weights 2 and 3", 1)
    assert explorer.state.start.weights == pytest.approx([0.6, 0.4, 0])
    assert page.handles["weights 2 and 3"]["limits"] == [0, 1], "it pushes the other one along"
    assert [slider.value for slider in explorer.sliders.weights[:3]] == [0.6, 0.4, 0]
    assert np.array_equal(pixels(page.png), fresh(0, start=emlib.Coins([0.6, 0.4, 0], [0.4, 0.9, 0.65])))
    page.move("bias 6", 0.5)  # that coin has gone in the meantime
    page.move("weights 3 and 4", 0.5)
    explorer.state.set_coins(4)
    explorer.state.set_coins(3)
    explorer.sliders.biases[3].value = 0.11  # nor does its slider, should its message come late
    assert explorer.state.start.biases.tolist() == [0.4, 0.9, 0.65] and not explorer.view.alert


def test_coins_taken_from_the_middle_of_a_run_are_the_start_and_one_press_brings_the_old_one_back():
    explorer = Explorer()
    page, there = Page(explorer), explorer.state.moment(12).step.theta
    assert [name for name, *_ in explorer.view.actions] == ["Reset"]
    runs = explorer.state.run
    page.move("bias 1", 0.1, frame=12)
    start = explorer.state.start
    assert start.biases.tolist() == [0.1, *there.biases[1:]] and start.weights.tolist() == there.weights.tolist()
    assert [name for name, *_ in explorer.view.actions] == ["Reset", "Earlier start"]
    assert explorer.state.frame == 0 and explorer.view.shown["run"] == 2, "one picture"
    page.move("bias 1", 0.2, frame=0)
    page.move("Earlier start")
    assert explorer.state.start is chapter.start and explorer.state.run > runs
    assert [name for name, *_ in explorer.view.actions] == ["Reset"]
    page.move("bias 1", 0.1, frame=12)
    opened(explorer).data.value = "Two summits"
    assert [name for name, *_ in explorer.view.actions] == ["Reset"], "that start was for other data"


@pytest.mark.parametrize("coins", [1, 2, 6])
def test_handles_lie_on_what_they_move(coins):
    """Where the picture changes when a coin moves, its handle is; and handles are apart."""
    explorer = Explorer()
    opened(explorer).coins.value = coins
    page = Page(explorer)
    assert sum(handle["group"] == "" for handle in page.handles.values()) == 2 * coins - 1
    axes = explorer.picture.figure.axes[0]
    lanes = axes.get_position()
    for j in range(coins):
        handle = page.handles[f"bias {j + 1}"]
        assert handle["along"] == "x" and handle["low"][1] == handle["high"][1]
        assert handle["low"][1] == pytest.approx(1 - lanes.y1 + lanes.height * (j + 0.5) / coins)
        left, right = (axes.transData.transform((heads, 0))[0] / 960 for heads in (0, 10))
        assert (handle["low"][0], handle["high"][0]) == (pytest.approx(left), pytest.approx(right))
    tops = sorted(handle["low"][1] * 420 for name, handle in page.handles.items() if name.startswith("bias"))
    assert coins == 1 or np.diff(tops).min() >= 24
    assert all(handle["low"][1] * 420 > tops[-1] + 24 for name, handle in page.handles.items() if "weights" in name)


def bar(page, heads):
    return page.handles[f"sequences of {heads} heads"]


def test_a_bar_is_dragged_by_whole_sequences_and_one_press_brings_the_data_back():
    explorer = Explorer()
    page, state, start = Page(explorer), explorer.state, explorer.state.start
    state.keep()
    kept, scale = state.kept, [bar(page, 4)[end] for end in ("low", "high", "steps")]
    counts = [list(chapter.heads).count(x) for x in range(11)]
    assert [round(bar(page, x)["value"][1] * bar(page, x)["steps"]) for x in range(11)] == counts
    page.move("sequences of 4 heads", 0, 2)
    page.move("sequences of 9 heads", 0, 7)
    counts[4], counts[9] = 2, 7
    assert (state.counts.tolist(), state.data, state.start) == (counts, "your data", start)
    expected = Counter({x: n for x, n in enumerate(counts) if n})
    assert Counter(dict(zip(state.model.distinct_heads, state.model.occurrences, strict=True))) == expected
    heights = emlib.BinomialMixture([x for x, n in enumerate(counts) for _ in range(n)])
    assert state.steps[-1].log_likelihood == pytest.approx(
        [*emlib.em(heights, start, 30, tolerance=0)][-1].log_likelihood
    )
    assert [bar(page, 4)[end] for end in ("low", "high", "steps")] == scale, "it rests under the hand"
    page.rest()
    assert bar(page, 4)["steps"] > scale[2] and state.room == 7, "now there is room for more"
    page.rest()
    assert np.array_equal(pixels(page.png), pixels(ExplorerPicture(restored(explorer), scale=2).png()))
    assert [name for name, *_ in explorer.view.actions] == ["Reset", "Earlier data"]
    page.move("Earlier data")
    assert state.data == CHAPTER and state.model.heads.tolist() == list(chapter.heads) and state.kept == kept
    assert [name for name, *_ in explorer.view.actions] == ["Reset"] and bar(page, 4)["steps"] == scale[2]


def restored(explorer):
    (state := ExplorerState()).restore(explorer.state.to_dict())
    return state


def test_the_last_sequence_cannot_be_dragged_away():
    page = Page(explorer := Explorer(emlib.BinomialMixture([3, 3], 4), emlib.Coins([0.5, 0.5], [0.2, 0.8])))
    assert bar(page, 3)["limits"][0] == 1 / bar(page, 3)["steps"] and bar(page, 0)["limits"][0] == 0
    page.move("sequences of 3 heads", 0, 1)
    page.move("sequences of 3 heads", 0, 0)
    assert said(explorer) == "Not changed: sequences must be from 1 to 100000; it is 0"
    page.move("sequences of 0 heads", 0, 2)
    page.move("sequences of 3 heads", 0, 0)
    assert explorer.state.counts.tolist() == [2, 0, 0, 0, 0]


@pytest.mark.parametrize(("tosses", "sequences", "bars"), [(25, 150, 26), (26, 1, 0), (10, 151, 0), (1, 1, 2)])
def test_only_bars_that_a_hand_can_tell_apart_are_dragged(tosses, sequences, bars):
    page = Page(Explorer(emlib.BinomialMixture([1] * sequences, tosses)))
    handles = [handle for handle in page.handles.values() if handle["group"] == "data"]
    assert len(handles) == bars and all(1 <= handle["steps"] <= 150 for handle in handles)
    if sequences == 1:
        assert all(handle["steps"] >= 2 for handle in handles), "one can add a sequence"


def test_without_sliders_for_the_start_nothing_can_be_dragged():
    explorer = Explorer(controls="run")
    page = Page(explorer)
    page.ask(1, 2)
    assert page.handles == {} and page.moment(1)["handles"] == [] and explorer.view.hint == ""
    assert explorer.view.bar and not Explorer(controls="start").view.bar


def test_a_run_may_be_drawn_to_the_present_moment_only():
    ahead, behind = (ExplorerPicture(ExplorerState(ahead=value)) for value in (True, False))
    last = ahead.state.frames - 1
    assert not np.array_equal(pixels(ahead.png(3)), pixels(behind.png(3)))
    assert np.array_equal(pixels(ahead.png(last)), pixels(behind.png(last)))


def test_an_error_in_a_callback_is_shown_and_raised(monkeypatch):
    explorer = Explorer()

    def broken(frame):
        raise RuntimeError("the pencil broke")

    monkeypatch.setattr(explorer.picture, "png", broken)
    with pytest.raises(RuntimeError, match="the pencil broke"):
        explorer.sliders.biases[0].value = 0.2
    assert explorer.view.alert == "Error: the pencil broke"


def test_a_still_stands_beside_the_widget_view():
    data, metadata = mimebundle(Explorer(frame=3))
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].startswith("Iteration 2, E-step: biases 0.354, 0.428, 0.513")
    assert Image.open(io.BytesIO(data["image/png"])).size[0] == 2 * metadata["image/png"]["width"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": emlib.Coins([1 / 7] * 7, [0.1] * 7)}, "1 to 6 coins; the start has 7"),
        ({"model": emlib.BinomialMixture([1, 2], [3, 4])}, "sequences of equal length"),
        (
            {"model": [3, 4, 5, 6]},
            r"model must be a BinomialMixture.*: write BinomialMixture\(\[3, 4, 5, 6\], tosses=10\)",
        ),
        ({"start": "Two sumits"}, "start must be one of .*'Two summits: one side'.*; it is 'Two sumits'"),
        ({"start": [0.1, 0.2]}, "start must be Coins"),
        ({"frame": 99}, "frame must be from 0 to 60; it is 99"),
        ({"frame": 1.5}, "frame must be a whole number from 0 to 60; it is 1.5"),
        ({"frame": None}, "frame must be a whole number from 0 to 60; it is None"),
        ({"iterations": "many"}, "iterations must be a whole number from 1 to 500; it is 'many'"),
        ({"iterations": 501}, "iterations must be from 1 to 500; it is 501"),
        ({"panels": "bias"}, "panels must be some of biases, weights, .*; one of them is 'bias'"),
        ({"panels": []}, "panels must be some of .*; there are none"),
        ({"panels": 3}, "panels must be some of .*; one of them is 3"),
        ({"controls": ["run", "stop"]}, "controls must be some of run, start, preset, more; one of them is 'stop'"),
        ({"controls": None}, "controls must be some of .*; one of them is None"),
        ({"projector": "yes"}, "projector must be True or False; it is 'yes'"),
        ({"ahead": 0}, "ahead must be True or False; it is 0"),
    ],
)
def test_what_the_explorer_cannot_show_is_named_and_nothing_is_made(arguments, message):
    alive = living()
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        Explorer(**arguments)
    assert not isinstance(caught.value, traitlets.TraitError)
    assert living() == alive


def test_it_opens_on_a_preset_with_its_data_and_its_question():
    explorer = Explorer(start="Two summits: one side", panels="biases", controls="run", frame=np.int64(2))
    preset = PRESETS["Two summits: one side"]
    assert explorer.state.start is preset.start and explorer.state.model.heads.tolist() == list(DATA[preset.data])
    assert opened(explorer).data.value == preset.data and explorer.preset.value == "Two summits: one side"
    assert explorer.question.value == preset.question
    assert explorer.state.frame == explorer.view.shown["frame"] == 2
    assert explorer.picture.panels == ["biases"] and explorer.children == (explorer.view,) and explorer.view.bar
    assert [name for name, box in opened(explorer).panel_boxes.items() if box.value] == ["biases"]
    explorer.preset.value = "Far apart"
    Page(explorer).move("Reset")
    assert explorer.state.start is preset.start and explorer.preset.index == 0


def test_a_preset_on_other_data_is_only_a_start():
    explorer = Explorer(emlib.BinomialMixture([1, 2, 9]), start="Far apart")
    assert explorer.state.model.heads.tolist() == [1, 2, 9] and explorer.preset.index == 0


def test_typed_heads_are_used_or_answered():
    explorer = Explorer()
    opened(explorer).typed.value = "5 4 99999999999999999999"
    opened(explorer).use.click()
    assert "Not changed: " in said(explorer) and explorer.view.alert
    assert "entry 3, '99999999999999999999', exceeds the 10 tosses" in said(explorer)
    assert explorer.state.data == CHAPTER
    opened(explorer).typed.value = "5 </div><script>"
    opened(explorer).use.click()
    assert "entry 2 is '</div><script>'" in said(explorer)
    opened(explorer).typed.value = "5 4"
    opened(explorer).use.click()
    assert explorer.state.model.heads.tolist() == [5, 4] and not explorer.view.alert


def opened(explorer):
    """What is folded away, as a reader opens it."""
    explorer.fold.selected_index = 0
    return explorer.more


def switched():
    sample = emlib.Coins([0.5, 0.5], [0.2, 0.8]).sample(5)
    return {str(reveal): mixture_models.sequences(sample, 10, reveal, coins=2) for reveal in (True, False)}


class Small(Talking):
    """A widget of ours with a part in each place where parts can be."""

    def __init__(self):
        super().__init__()
        text, image, play = ipywidgets.Text(), ipywidgets.Image(), ipywidgets.Play()
        self.children = [self.view, ipywidgets.Accordion([ipywidgets.HBox([ipywidgets.IntSlider()])])]
        self.aside = [[text, image], (play, ipywidgets.jslink((text, "value"), (play, "value")))]


@pytest.mark.parametrize("make", [Small, lambda: Explorer(iterations=1), lambda: Switch(switched())])
def test_a_closed_widget_is_gone_with_all_that_it_was_made_of(make):
    alive = living()
    made = make()
    own = living() - alive
    assert len(own) > 9 and made.model_id in own
    made.close()
    assert living() == alive and made.comm is None
    made.close()


def pictures_of(page):
    """What a browser draws: what is over the background lies over it."""
    background, changes = (
        json.loads(re.search(rf"{name} = (.*?), \w+ =", page)[1]) for name in ("background", "changes")
    )
    below, *over = (
        Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA") for picture in (background, *changes)
    )
    return [np.asarray(Image.alpha_composite(below, image).convert("RGB")) for image in over]


def test_the_files_hold_the_run():
    explorer = Explorer(iterations=1, frame=2)
    opened(explorer).make.click()
    explorer.more.work.join()
    links = dict(re.findall(r'<a download="([^"]+)" href="data:[^;]+;base64,([^"]+)"', opened(explorer).files.value))
    files = {name: base64.b64decode(content) for name, content in links.items()}
    assert files["emlib-run.csv"].decode() == explorer.state.csv()
    assert files["emlib.png"] == explorer.sharp.png(2) and files["emlib.svg"].decode() == explorer.picture.svg(2)
    gif = Image.open(io.BytesIO(files["emlib.gif"]))
    assert gif.n_frames == 3
    for frame in range(3):
        gif.seek(frame)
        assert np.abs(np.asarray(gif.convert("RGB")).astype(int) - pixels(explorer.picture.png(frame))).mean() < 2
    page = files["emlib.html"].decode()
    words = json.loads(re.search(r"words = (\[.*?\]);", page).group(1))
    assert words == [explorer.state.describe(frame) for frame in range(3)]
    shown = pictures_of(page)
    assert len(shown) == 3
    for frame, picture in enumerate(shown):
        assert np.array_equal(picture, pixels(explorer.sharp.png(frame))), "as a page lays them one over the other"
    assert "run: 1, frame: 2," in page and page == explorer.animation()


def test_the_files_can_be_stopped_and_the_explorer_goes_on_meanwhile(monkeypatch):
    explorer, drawing, go_on = Explorer(iterations=500), threading.Event(), threading.Event()
    more, drawn = opened(explorer), []

    def image(picture, frame):
        drawn.append(frame)
        drawing.set()
        assert go_on.wait(60)
        return Image.new("P", (1, 1))

    with monkeypatch.context() as patch:
        patch.setattr(ExplorerPicture, "image", image)
        more.make.click()
        assert drawing.wait(60) and not more.stop_button.disabled
        more.stop()
        go_on.set()
        more.work.join(60)
    assert drawn == [0, 0] and more.files.value.startswith("stopped") and more.stop_button.disabled
    more.stop()
    explorer.close()


def test_no_files_are_made_of_what_is_closed(monkeypatch):
    explorer = Explorer(iterations=1)
    more = opened(explorer)
    monkeypatch.setattr(threading.Thread, "start", lambda thread: None)
    more.make.click()
    assert not more.stop_button.disabled
    explorer.close()
    with monkeypatch.context() as patch:
        patch.setattr(ExplorerPicture, "image", lambda *_: pytest.fail("it is still drawn"))
        more.work.run()
    assert more.stop_button.disabled and more.files.value.startswith("stopped")


def test_an_error_in_making_the_files_is_shown(monkeypatch):
    explorer = Explorer(iterations=1)
    heard = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    monkeypatch.setattr(ExplorerPicture, "svg", lambda *_: 1 / 0)
    opened(explorer).make.click()
    explorer.more.work.join(60)
    assert explorer.view.alert == "Error: division by zero" and heard[0].exc_type is ZeroDivisionError


@pytest.mark.parametrize("least", [0, 12])
def test_names_of_panels_stand_clear_of_their_numbers_and_of_the_data(least):
    picture = ExplorerPicture(ExplorerState())
    picture.least = least
    picture.image(0)
    written = [(axes, place, size, text) for axes, place, size, _, text in picture.update(0)]
    data, *panels = [axes for axes in picture.figure.axes if axes.get_ylabel()]
    for axes in panels:
        name = axes.yaxis.label.get_window_extent()
        numbers = [label.get_window_extent().x0 for label in axes.get_yticklabels() if label.get_text()]
        numbers += [
            axes.transAxes.transform(place)[0] - picture.font(size).getlength(text)
            for where, place, size, text in written
            if where is axes and place[0] < 0
        ]
        assert name.x1 + 4 * picture.scale < min(numbers) and name.x0 > data.get_window_extent().x1
    assert len(panels) == 3


def test_an_animated_gif_has_its_pictures_in_order_and_holds_the_last():
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    gif = Image.open(io.BytesIO(animated_gif([Image.new("RGB", (4, 4), colour) for colour in colours], 40)))
    for frame, (colour, milliseconds) in enumerate(zip(colours, (40, 40, 3000), strict=True)):
        gif.seek(frame)
        assert gif.convert("RGB").getpixel((1, 1)) == colour and gif.info["duration"] == milliseconds
    assert gif.n_frames == 3 and gif.info["loop"] == 0, "for ever"


@pytest.mark.long  # the page that is saved in a browser is as small
def test_an_animation_of_30_iterations_is_small():
    explorer = Explorer(projector=True, frame=3)
    page = explorer.animation()
    shown = pictures_of(page)
    assert len(page) < 1_500_000 and len(shown) == explorer.state.frames == 61
    assert shown[0].shape == (840, 1920, 3), "as wide as a projector"
    explorer.close()


def test_an_animation_of_a_long_run_shows_its_end():
    frames = chosen_frames(ExplorerState(iterations=500))
    assert frames[0] == 0 and frames[-1] == 1000 and len(frames) <= MOST_PICTURES + 1
    assert len(set(np.diff(frames[:-1]))) == 1


@pytest.mark.parametrize(
    "words",
    ["</script><script>alert(1)</script>", "<!-- <script>", "]]>", "\"quotes\" and 'quotes' \\ {braces}",
     "&lt;/script&gt;", "</ScRiPt >", "\u2028 lines \u2029\n", "c₁ \N{MINUS SIGN}3.5 \ud83d"],
)  # fmt: skip
def test_text_cannot_end_the_script_of_a_page(words):
    page = animation_page([Image.new("RGB", (2, 2))] * 2, ["plain", words])
    script = page.partition('<script type="module">')[2]
    assert page.lower().count("<script") == page.lower().count("</script") == 1
    assert "<!--" not in page and "]]>" not in page
    assert json.loads(re.search(r"words = (\[.*?\]);\n", script).group(1)) == ["plain", words]


@pytest.mark.parametrize("coins", ONE_TO_SIX)
def test_any_number_of_coins(coins):
    explorer = Explorer()
    opened(explorer).coins.value = coins
    assert len(explorer.state.start) == coins == len(explorer.sliders.children[0].children)
    explorer.sliders.biases[coins - 1].value = 0.25
    explorer.sliders.weights[coins - 1].value = 0.1
    assert explorer.state.start.biases[-1] == 0.25
    assert explorer.state.start.weights.sum() == pytest.approx(1)
    assert explorer.state.start.weights[-1] == (pytest.approx(0.1) if coins > 1 else 1)
    assert not explorer.state.problem


def test_a_switch_shows_its_first_picture_and_holds_all():
    pictures = switched()
    switch = Switch(pictures)
    for picture, page in zip(pictures.values(), switch.stack.children, strict=True):
        assert f'alt="{picture.description}"' in page.value
    data, metadata = mimebundle(switch)
    assert data["text/plain"] == pictures["True"].description == metadata["image/png"]["alt"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_text_makes_the_same_explorer_again():
    explorer = Explorer(start="Two summits: one side", panels=["gap", "table"], controls=["run", "start"])
    explorer.state.keep()
    explorer.state.set_bias(0, 0.123456)
    explorer.state.frame = 7
    made = Explorer.from_text(explorer.text())
    assert made.text() == explorer.text() and repr(made) == repr(explorer)
    assert np.array_equal(pixels(made.sharp.png(7)), pixels(explorer.sharp.png(7)))
    assert len(made.children) == 2 and made.picture.panels == ["table", "gap"]
    Page(made).move("Reset")
    assert made.state.start.biases[0] == 0.123456, "it opened there"
    explorer.view.send = (sent := []).append
    opened(explorer).copy.click()
    assert sent == [{"copy": explorer.text()}]
    code = html.unescape(re.search("<code>(.*)</code>", opened(explorer).files.value)[1])
    assert eval(code, {"Explorer": Explorer}).text() == explorer.text()


@pytest.mark.parametrize("wrong", ["", "{}", "[1]", '{"panels": ["x"]}', 3, None, "Explorer()"])
def test_a_text_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="text must be what an explorer's text\\(\\) gave; it is"):
        Explorer.from_text(wrong)


def test_a_table_of_frequencies_keeps_its_numbers():
    table = emlib.BinomialMixture([2, 3], 4, occurrences=[5, 1])
    made = Explorer.from_text(Explorer(table, emlib.Coins([0.5, 0.5], [0.2, 0.8])).text())
    assert made.state.model.distinct_heads.tolist() == [2, 3] and made.state.model.occurrences.tolist() == [5, 1]


def test_typed_numbers_are_the_start_exactly():
    explorer = Explorer()
    assert (opened(explorer).typed_weights.value, opened(explorer).typed_biases.value) == (
        "0.25 0.5 0.25",
        "0.4 0.5 0.65",
    )
    opened(explorer).typed_weights.value = "0,2 0,3 0,5"
    opened(explorer).typed_biases.value = "[0.123456789, .5, 1]"
    assert explorer.state.start.weights.tolist() == [0.2, 0.3, 0.5]
    assert explorer.state.start.biases.tolist() == [0.123456789, 0.5, 1]
    assert opened(explorer).typed_biases.value == "0.123457 0.5 1"
    start = explorer.state.start
    opened(explorer).typed_weights.value = "0.2 0.3 0.6"
    assert explorer.view.alert.startswith("Not changed: weights must sum to 1") and explorer.state.start is start
    opened(explorer).typed.value = "HHTT THTT HHHT"
    assert explorer.state.model.heads.tolist() == [2, 1, 3] and explorer.state.tosses == 4


def test_what_is_folded_away_is_made_when_it_is_opened_and_says_what_the_state_says():
    alive = len(living())
    explorer = Explorer(start="Two summits: one side", panels=["gap"], projector=True, iterations=7, ahead=False)
    assert len(living()) - alive <= 90 and explorer.more is None
    explorer.state.keep()
    pictures = explorer.picture, png_of(explorer)
    more = opened(explorer)
    assert (explorer.picture, png_of(explorer)) == pictures, "to open it draws nothing"
    assert (more.coins.value, more.iterations.value, more.data.value) == (3, 7, "Two summits")
    assert more.projector.value and not more.ahead.value and more.kept_text.value == "1 kept"
    assert [name for name, box in more.panel_boxes.items() if box.value] == ["gap"]
    more.panel_boxes["gap"].value = False
    assert "at least one panel" in said(explorer) and more.panel_boxes["gap"].value
    more.panel_boxes["table"].value = True
    assert explorer.picture.panels == ["table", "gap"] and explorer.picture.scale == 1.4
    more.projector.value = False
    assert explorer.picture.scale == 1 and not explorer.projector


def press(widget, name):
    """Press the button of this name."""
    (found,) = [part for part in parts(widget) if isinstance(part, ipywidgets.Button) and part.description == name]
    found.click()


@pytest.fixture
def blind(monkeypatch):
    """Explorers draw nothing here."""
    monkeypatch.setattr(Explorer, "_display", lambda *_, **__: None)


def test_coins_are_tossed_and_revealed_as_the_fields_say(blind):
    explorer = Explorer(panels=["gap"], iterations=1)
    more, state = opened(explorer), explorer.state
    for sequences, tosses, seed in ((9, 4, 5), (9, 4, 6)):
        more.sequences.value, more.tosses.value, more.seed.value = sequences, tosses, seed
        press(more, "Toss the coins of the start")
        sample = chapter.start.sample(sequences, tosses, seed)
        assert state.model.heads.tolist() == sample.heads.tolist() and state.labels.tolist() == sample.labels.tolist()
        assert state.tosses == tosses and not more.reveal.value and not more.reveal.disabled
    more.reveal.value = True
    assert state.reveal
    more.coins.value, more.iterations.value, more.data.value = 2, 3, "Two summits"
    assert (len(state.start), state.iterations, state.data, state.reveal) == (2, 3, "Two summits", False)
    assert more.reveal.disabled and len(state.model.heads) == 20


def test_what_is_opened_by_hand_has_the_present_data_and_start_and_the_one_before_goes(blind):
    explorer = Explorer(panels=["gap"], iterations=1)
    explorer.state.set_bias(0, 0.3)
    explorer.state.set_count(7, 1)
    opened(explorer)
    kinds = {"E-step by eye": EStepByEye, "Draw, then see": DrawThenSee}
    made = []
    for name, kind in kinds.items():
        press(explorer.more, name)
        made.append(explorer.children[-1])
        assert type(made[-1]) is kind and made[-1].state.model is explorer.state.model
        theta = made[-1].state.theta if kind is EStepByEye else made[-1].state.start
        assert theta.biases.tolist() == [0.3, 0.5, 0.65]
    assert [widget.comm is None for widget in made] == [True, False]
    explorer.close()
    assert made[1].comm is None
