"""Pictures that are touched, in JupyterLab in a real Chromium: by mouse, finger and keys; and whose keys they are."""

import pytest
from browser import end_kernels, running_in_lab, sessions, shown, sight, until
from touching import FONT_SIZE, WAYS, by_finger, by_mouse, centre, drag_by, grip, numbers, readout, words

import emlib

COINS = emlib.BinomialMixture(emlib.chapter.heads, 10)
ONE_ITERATION = COINS.log_likelihood(COINS.m_step(COINS.e_step(emlib.chapter.start)))
CELLS = (
    """
import time

import emlib
from emlib import BinomialMixture, Coins
from emlib.widgets import Bound, Explorer, Landscape

A = BinomialMixture(emlib.data.A)
""",
    "explorer = Explorer()\nexplorer",
    "Bound(A, Coins([0.5, 0.5], [0.56, 0.5]))",
    "Landscape(A, Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9]))",
    "explorer",
    "Explorer(projector=True)",
    "slow = Explorer()\nslow.view.observe(lambda change: time.sleep(0.3), 'shown')\nslow",
)


@pytest.fixture(scope="module")
def page(lab):
    with running_in_lab(lab, "touch.ipynb", *CELLS) as page:
        yield page


@pytest.fixture
def explorer(page):
    """As it opens."""
    explorer = sight(page, "explorer")
    reset(explorer)
    return explorer


def reset(explorer):
    explorer.get_by_role("button", name="Reset").click()
    until(lambda: explorer.locator(".emlib-picture").get_attribute("aria-busy") == "false")
    assert words(explorer).startswith("Start: biases 0.400, 0.500, 0.650; weights 0.250, 0.500, 0.250")


LANES, BAR = 0.5 * 10 / 11.4, 0.44  # how wide biases and weights from 0 to 1 are drawn, in shares of the picture


@pytest.mark.parametrize("way", [by_mouse, by_finger])
def test_a_coin_and_a_border_of_weights_are_dragged(explorer, way):
    before = shown(explorer)
    drag_by(explorer, grip(explorer, "bias 2"), (0.2 * LANES, 0), way)
    until(lambda: numbers(explorer, "biases")[1] == pytest.approx(0.7, abs=0.011))
    moved = numbers(explorer, "biases")
    assert [moved[0], moved[2]] == [0.4, 0.65]
    until(lambda: readout(explorer, "bias 2") == pytest.approx(moved[1], abs=0.006))
    until(lambda: shown(explorer) != before)
    drag_by(explorer, grip(explorer, "weights 1 and 2"), (-0.5 * BAR, 0), way)  # beyond its end
    until(lambda: numbers(explorer, "weights") == [0, 0.75, 0.25])
    until(lambda: [readout(explorer, f"weight {j}") for j in (1, 2, 3)] == [0, 0.75, 0.25])
    x, _ = centre(grip(explorer, "weights 1 and 2"))
    box = explorer.locator("img").bounding_box()
    assert x - box["x"] == pytest.approx(0.09 * box["width"], abs=2), "the handle lies where the border is"


def test_of_two_coins_moved_before_the_kernel_answers_both_arrive(page):
    slow = page.locator(".emlib-explorer").nth(3)
    for _ in range(2):  # what stands above may still grow
        slow.evaluate("node => node.scrollIntoView()")
        page.wait_for_timeout(300)
    drag_by(slow, grip(slow, "bias 1"), (-0.2 * LANES, 0), by_mouse)
    for _ in range(5):
        grip(slow, "bias 3").press("ArrowRight")
    until(lambda: numbers(slow, "biases") == pytest.approx([0.2, 0.5, 0.7], abs=1e-9), seconds=20)


def test_of_two_borders_at_one_place_the_one_that_can_move_is_grabbed(explorer):
    for border, share, then in (("weights 1 and 2", -0.5, [0, 0.75, 0.25]), ("weights 2 and 3", -1, [0, 0, 1])):
        drag_by(explorer, grip(explorer, border), (share * BAR, 0), by_mouse)
        until(lambda then=then: numbers(explorer, "weights") == then)  # how far one border goes, the other says
    box = explorer.locator("img").bounding_box()
    x, y = centre(grip(explorer, "weights 1 and 2"))
    by_mouse(explorer.page, (x, y), (x + 0.4 * BAR * box["width"], y))
    until(lambda: numbers(explorer, "weights")[2] == pytest.approx(0.6, abs=0.011))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "width", "by"), [("landscape", (0.36, 0.8), (0.1, -0.2)), ("bound", (0.485, 0), (0.1, 0))]
)
def test_the_start_is_dragged_and_all_else_follows(page, name, width, by, way):
    widget = sight(page, name)
    handle, before, picture = widget.locator(".emlib-handle"), numbers(widget, "bias(?:es)?"), shown(widget)
    drag_by(widget, handle, [share * move for share, move in zip(width, by, strict=True)], way)
    until(lambda: numbers(widget, "bias(?:es)?")[0] == pytest.approx(before[0] + by[0], abs=0.011))
    now = numbers(widget, "bias(?:es)?")
    if by[1]:
        assert now[1] == pytest.approx(before[1] + by[1], abs=0.011)
    until(lambda: shown(widget) != picture)
    until(lambda: readout(widget, "bias 1") == pytest.approx(now[0], abs=0.006))
    box, (x, _) = widget.locator("img").bounding_box(), centre(handle)
    left = {"landscape": 0.07, "bound": 0.095}[name] + now[0] * width[0]
    assert x - box["x"] == pytest.approx(left * box["width"], abs=3)


@pytest.mark.parametrize("way", WAYS)
def test_a_bar_of_the_data_is_dragged_and_the_data_come_back(explorer, way):
    top, before = grip(explorer, "sequences of 4 heads"), shown(explorer)
    drag_by(explorer, top, (0, -0.19), way)  # three sequences
    until(lambda: top.get_attribute("aria-valuenow") == "2")
    heads = [x for x in emlib.chapter.heads if x != 4] + [4, 4]
    height = emlib.BinomialMixture(heads).log_likelihood(emlib.chapter.start)
    until(lambda: f"log-likelihood {height:.4f}" in words(explorer) and shown(explorer) != before)
    top.press("ArrowLeft")
    until(lambda: grip(explorer, "sequences of 3 heads").evaluate("node => node === document.activeElement"))
    explorer.page.keyboard.press("ArrowUp")
    height = emlib.BinomialMixture([*heads, 3]).log_likelihood(emlib.chapter.start)
    until(lambda: f"log-likelihood {height:.4f}" in words(explorer))
    explorer.get_by_role("button", name="Earlier data").click()
    until(lambda: "log-likelihood -38.9269" in words(explorer) and top.get_attribute("aria-valuenow") == "5")


def test_arrow_keys_move_what_can_be_dragged(explorer):
    coin, border = grip(explorer, "bias 1"), grip(explorer, "weights 2 and 3")
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "Shift+ArrowLeft"):
        coin.press(key)
    until(lambda: numbers(explorer, "biases") == [0.31, 0.5, 0.65])
    border.press("End")
    until(lambda: numbers(explorer, "weights") == [0.25, 0.75, 0])
    assert border.get_attribute("role") == "slider" and float(border.get_attribute("aria-valuenow")) == 1
    coin.press("Home")
    until(lambda: numbers(explorer, "biases")[0] == 0)
    assert coin.get_attribute("aria-valuetext") == "0.00"


def test_a_remote_goes_on_and_back_and_plays_anywhere_in_the_widget(explorer):
    places = (explorer.locator(".emlib-picture"), explorer.locator(".noUi-handle").first, grip(explorer, "bias 1"))
    for place in (*places, explorer.get_by_label("half-step")):
        reset(explorer)
        for key, moment in (("PageDown", "1, E"), ("PageDown", "1, M"), ("PageUp", "1, E"), ("PageDown", "1, M")):
            place.press(key)
            until(lambda moment=moment: words(explorer).startswith(f"Iteration {moment}-step"))
        assert words(explorer).endswith(f"log-likelihood {ONE_ITERATION:.4f}")
    picture = explorer.locator(".emlib-picture")
    for key, moment in (("ArrowRight", "2, E"), ("ArrowLeft", "1, M"), ("End", "30, M"), ("Home", None)):
        picture.press(key)
        until(lambda moment=moment: words(explorer).startswith(f"Iteration {moment}-step" if moment else "Start"))
    picture.press(" ")
    until(lambda: "Iteration 2" in words(explorer))
    picture.press(" ")
    assert explorer.locator(".emlib-play").inner_text().strip() == "Play"


def test_what_is_pressed_before_an_answer_has_come_is_done_after_it(explorer):
    explorer.evaluate(
        """(explorer) => { for (const name of ['Step', 'Reset', 'Step', 'Reset', 'Step', 'Step', 'Step', 'Back'])
        [...explorer.querySelectorAll('button')].find((button) => button.textContent.trim() === name).click(); }"""
    )
    until(lambda: words(explorer).startswith("Iteration 1, M-step"))


def test_no_key_reaches_the_notebook(page, explorer):
    cells, (session,) = page.locator(".jp-Cell").count(), sessions_of(page)
    for name in ("explorer", "bound"):
        widget = sight(page, name)
        for place in (
            widget.locator(".emlib-handle").first,
            widget.locator(".noUi-handle").first,
            widget.locator("button").first,
        ):
            place.focus()
            for key in ("x", "m", "d", "d", "y", "a", "b", "0", "0", "Escape"):
                page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells and page.locator(".jp-MarkdownCell").count() == 0
    assert page.locator(".jp-Dialog").count() == 0
    assert sessions_of(page) == [session], "no other kernel"
    explorer.locator(".emlib-picture").press("Control+s")  # Lab's own keys with Control are Lab's
    until(lambda: page.locator(".lm-TabBar-tab.lm-mod-current.jp-mod-dirty").count() == 0)


def sessions_of(page):
    address = page.url.partition("/lab")[0]
    return [session["kernel"]["id"] for session in sessions(address) if session["name"] == "touch.ipynb"]


def test_coins_grabbed_in_the_middle_of_a_run_are_a_start_and_the_old_one_comes_back(explorer):
    for _ in range(4):
        explorer.get_by_role("button", name="Step").click()
    until(lambda: words(explorer).startswith("Iteration 2, M-step"))
    there = numbers(explorer, "biases")
    drag_by(explorer, grip(explorer, "bias 3"), (0.2 * LANES, 0), by_mouse)
    until(lambda: numbers(explorer, "biases")[2] == pytest.approx(there[2] + 0.2, abs=0.011))
    assert words(explorer).startswith("Start") and numbers(explorer, "biases")[:2] == there[:2]
    explorer.get_by_role("button", name="Earlier start").click()
    until(lambda: words(explorer).startswith("Start: biases 0.400, 0.500, 0.650"))
    until(lambda: explorer.get_by_role("button", name="Earlier start").count() == 0)


def test_a_bar_says_its_posterior_and_a_click_in_the_run_goes_there(explorer):
    page, picture = explorer.page, explorer.locator("img").bounding_box()
    x = picture["x"] + picture["width"] * (0.66 + 0.325 * 12.5 / 31)  # iteration 12 of -0.5 to 30.5
    page.mouse.click(x, picture["y"] + 0.1 * picture["height"])
    until(lambda: words(explorer).startswith("Iteration 12, M-step"))
    page.mouse.down()
    page.mouse.move(picture["x"] + picture["width"], picture["y"] + 0.1 * picture["height"], steps=3)
    page.mouse.up()
    until(lambda: words(explorer).startswith("Iteration 30, M-step"))
    x = picture["x"] + picture["width"] * (0.06 + 0.5 * (4 + 0.7) / 11.4)  # the bar of 4 heads
    under = "([x, y]) => document.elementFromPoint(x, y).title"
    told = page.evaluate(under, [x, picture["y"] + 0.5 * picture["height"]])
    assert told.startswith("4 heads in 10 tosses: 5 sequences; posterior ")
    posterior = [float(share) for share in told.split("posterior ")[1].split(", ")]
    steps = list(emlib.em(COINS, emlib.chapter.start, 30, tolerance=0))
    row = list(COINS.distinct_heads).index(4)
    assert posterior == pytest.approx(list(COINS.responsibilities(steps[29].theta)[row]), abs=0.0006)


def test_picture_and_sliders_are_in_sight_at_once_on_a_small_screen(page, explorer):
    page.set_viewport_size({"width": 1366, "height": 641})  # 1366 x 768 with a browser's bars
    try:
        explorer.evaluate("node => node.scrollIntoView()")
        panel = page.locator(".jp-WindowedPanel-outer").first.bounding_box()
        last = explorer.locator(".widget-slider", has_text="weight 3").bounding_box()
        assert explorer.locator("img").bounding_box()["y"] > panel["y"] - 1  # a part of a pixel
        assert last["y"] + last["height"] <= panel["y"] + panel["height"]
        output = explorer.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')]")
        assert output.evaluate("node => node.scrollWidth - node.clientWidth") == 0, "no sideways scroll bar"
    finally:
        page.set_viewport_size({"width": 1366, "height": 768})


def test_a_screen_of_more_pixels_gets_a_sharp_picture_where_it_rests(page, explorer):
    width = "image => image.naturalWidth"
    until(lambda: explorer.locator("img").evaluate(width) == 960)
    devtools = page.context.new_cdp_session(page)
    screen = {"width": 1366, "height": 768, "deviceScaleFactor": 2, "mobile": False}
    devtools.send("Emulation.setDeviceMetricsOverride", screen)
    try:
        explorer.get_by_role("button", name="Step").click()
        until(lambda: words(explorer).startswith("Iteration 1, E-step"))
        until(lambda: explorer.locator("img").evaluate(width) == 1920)
    finally:
        devtools.send("Emulation.setDeviceMetricsOverride", screen | {"deviceScaleFactor": 1})


def test_full_screen_fills_the_window_and_is_touched_there(page, explorer):
    explorer.get_by_role("button", name="Full screen").click()
    until(lambda: explorer.locator("img").bounding_box()["width"] > 1150)
    try:
        box, question = explorer.locator("img").bounding_box(), explorer.locator(".widget-dropdown").bounding_box()
        assert box["y"] >= 0 and question["y"] + question["height"] <= 768, "presets are in sight, too"
        drag_by(explorer, grip(explorer, "bias 2"), (0.2 * LANES, 0), by_mouse)
        until(lambda: numbers(explorer, "biases")[1] == pytest.approx(0.7, abs=0.011))
    finally:
        explorer.get_by_role("button", name="Full screen").click()
    until(lambda: explorer.locator("img").bounding_box()["width"] < 1000)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_for_a_projector_the_picture_is_as_wide_as_the_screen_and_no_text_is_small(page, width, height):
    explorer = page.locator(".emlib-projector")
    explorer.evaluate("node => node.scrollIntoView()")
    page.set_viewport_size({"width": width, "height": height})
    explorer.get_by_role("button", name="Full screen").click()
    try:
        until(lambda: explorer.locator("img").bounding_box()["width"] == width)
        question = explorer.locator(".widget-dropdown").first
        until(lambda: explorer.locator(".emlib-bar select").evaluate(FONT_SIZE) >= 0.03 * height)
        for control in (explorer.locator("[role=status]"), question.locator("select")):
            assert control.evaluate(FONT_SIZE) >= 0.03 * height
        box = question.bounding_box()
        assert box["y"] + box["height"] <= height, "presets are in sight"
    finally:
        explorer.get_by_role("button", name="Full screen").click()
        page.set_viewport_size({"width": 1366, "height": 768})
    until(lambda: explorer.locator("img").bounding_box()["width"] < 1280)


def test_one_explorer_in_two_places_plays_and_moves_in_both(page, explorer):
    other = page.locator(".emlib-explorer").nth(1)
    other.wait_for(state="attached")
    explorer.get_by_role("button", name="Play").click()
    until(lambda: "Iteration 2" in words(other) and "Iteration 2" in words(explorer))
    explorer.get_by_role("button", name="Pause").click()
    until(lambda: words(other) == words(explorer) and shown(other) == shown(explorer))
    drag_by(explorer, grip(explorer, "bias 1"), (-0.2 * LANES, 0), by_mouse)
    until(lambda: words(other).startswith("Start") and words(other) == words(explorer))


def test_a_picture_without_its_kernel_says_so(page, explorer):
    """The last test here: it ends the kernel."""
    end_kernels(page.url.partition("/lab")[0])
    picture = shown(explorer)
    grip(explorer, "bias 1").press("ArrowRight")
    until(lambda: "run the cell again" in explorer.locator("[role=alert]").inner_text())
    assert shown(explorer) == picture
