"""What is done by hand, in JupyterLab in a real Chromium: by mouse, finger and keys, for every reader."""

import base64
import contextlib
import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import choose_theme, running_in_lab, shown, sight, until
from forms import THEMES
from touching import FONT_SIZE, WAYS, by_finger, by_mouse, centre, drag_by, grip, numbers, readout, words

import emlib
from emlib.by_hand.draw_state import DrawState

CELLS = (
    """
import emlib
from emlib.widgets import *

model, start = emlib.BinomialMixture(emlib.chapter.heads), emlib.chapter.start
""",
    "OneIteration(model, start)",
    "EStepByEye(model, start)",
    "MStepByEye(model, start)",
    "AgainstEM(model, start)",
    "DrawThenSee(model, start)",
    "Explorer()",
    "OneIteration(model, start, projector=True)",
    "MStepByEye(model, start, projector=True)",
    "Bound(emlib.BinomialMixture(emlib.data.A), emlib.Coins([0.5, 0.5], [0.56, 0.5]), projector=True)",
)
COINS = emlib.BinomialMixture(emlib.chapter.heads)
POSTERIOR = COINS.responsibilities(emlib.chapter.start)


@pytest.fixture(scope="module")
def page(lab):
    with running_in_lab(lab, "by-hand.ipynb", *CELLS) as page:
        page.locator(".emlib-explorer img").wait_for(state="attached")
        yield page


def opened(page, kind, place=0):
    """A widget as it opens."""
    widget = page.locator(f".emlib-{kind}").nth(place)
    widget.wait_for(state="attached")
    widget.evaluate("node => node.scrollIntoView()")
    widget.locator("button:has(.fa-undo)").click()
    until(lambda: widget.locator(".emlib-picture").get_attribute("aria-busy") == "false")
    return widget


def press(widget, icon):
    widget.locator(f"button:has(.fa-{icon})").click()


class TestOneIteration:
    @pytest.fixture
    def widget(self, page):
        return opened(page, "one-iteration")

    def test_by_the_keys_of_a_remote_alone(self, widget):
        picture = widget.locator(".emlib-picture")
        picture.press("PageDown")
        until(lambda: "2 heads, coin 1: 45 × 0.4² × 0.6⁸ = 0.1209324" in words(widget))
        picture.press("PageDown")
        picture.press("PageUp")
        until(lambda: words(widget).endswith("2 heads, coin 2 (2 of 10, bias 0.5) = ?"))
        for _ in range(40):
            picture.press("PageDown")
        until(lambda: words(widget).startswith("4 of 9 · Posterior"))
        picture.press("Shift+PageDown")
        until(lambda: words(widget).endswith("Step opens the next table"))
        picture.press("End")
        until(lambda: words(widget).endswith("log-likelihood -38.9269 before, -35.4165 after"))

    def test_a_guess_is_typed_and_answered(self, widget):
        field = widget.locator("input[type=text]")
        field.fill("0.0302")
        field.press("Enter")
        until(lambda: words(widget).startswith("0.0302? Not yet: the weight comes later"))
        until(lambda: field.input_value() == "")
        field.fill("0,121")
        field.press("Enter")
        until(lambda: words(widget).startswith("0,121? Right: 0.1209324"))
        field.press("PageDown")
        until(lambda: "2 heads, coin 2: 45 × 0.5² × 0.5⁸ = 0.0439453" in words(widget))
        field.fill("abc")
        field.press("Enter")
        until(lambda: "type a number" in widget.locator("[role=alert]").inner_text())
        assert field.input_value() == "abc", "to be mended"
        field.press("PageDown")
        until(lambda: widget.locator("[role=alert]").inner_text() == "")

    def test_what_is_typed_is_judged_by_enter_alone(self, widget):
        """Neither a step nor a click takes it for the number that was asked for before."""
        field = widget.locator("input[type=text]")
        field.fill("0.5")
        field.press("Enter")
        until(lambda: words(widget).startswith("0.5? Not yet: it is less"))  # from now on an answer comes at once
        until(lambda: field.input_value() == "")
        field.fill("0.0439")
        press(widget, "step-forward")
        until(lambda: words(widget).endswith("2 heads, coin 2 (2 of 10, bias 0.5) = ?"))
        widget.get_by_role("button", name="likelihood of 6 heads, coin 2: ask for it, then show it").click()
        until(lambda: words(widget).endswith("6 heads, coin 2 (6 of 10, bias 0.5) = ?"))
        assert field.input_value() == "0.0439" and "?" not in words(widget).removesuffix("?")
        field.press("Enter")
        until(lambda: words(widget).startswith("0.0439? Not yet: this is the number of the row 2 heads"))
        until(lambda: field.input_value() == "")
        widget.get_by_role("button", name="likelihood of 5 heads, coin 3: ask for it, then show it").click()
        until(lambda: words(widget).endswith("5 heads, coin 3 (5 of 10, bias 0.65) = ?"))
        assert words(widget).startswith("1 of 9"), "what is said of a number is not said of another"

    @pytest.mark.parametrize("touch", [False, True])
    def test_a_hidden_cell_is_clicked(self, widget, touch):
        cell = widget.get_by_role("button", name="likelihood of 6 heads, coin 2: ask for it, then show it")
        x, y = centre(cell)
        for answer in ("6 heads, coin 2 (6 of 10, bias 0.5) = ?", "210 × 0.5⁶ × 0.5⁴ = 0.2050781"):
            (by_finger if touch else by_mouse)(widget.page, (x, y), (x, y))
            until(lambda answer=answer: answer in words(widget))
        title = "([x, y]) => document.elementFromPoint(x, y).title"
        until(lambda: widget.page.evaluate(title, [x, y]) == "210 × 0.5⁶ × 0.5⁴ = 0.2050781")


@pytest.mark.parametrize("way", WAYS)
def test_shares_are_dragged_and_the_bound_follows(page, way):
    widget = opened(page, "e-step")
    before, border = shown(widget), grip(widget, "6 heads: coins 1 and 2")
    drag_by(widget, border, (0, -0.58 * (1 / 3 - POSTERIOR[4, 0])), way)
    until(lambda: border.get_attribute("aria-valuetext") == "0.15")
    until(lambda: shown(widget) != before)
    second = grip(widget, "6 heads: coins 2 and 3")
    for _ in range(2):
        second.press("ArrowUp")
    until(lambda: second.get_attribute("aria-valuetext") == "0.69")
    lower, upper = (grip(widget, f"5 heads: coins {pair}") for pair in ("1 and 2", "2 and 3"))
    drag_by(widget, lower, (0, 0.58 * 0.5), way)
    until(lambda: lower.get_attribute("aria-valuetext") == upper.get_attribute("aria-valuetext") == "0.83")
    widget.locator(".emlib-picture").press("PageDown")
    until(lambda: "2 heads, 4 times: yours 0.333, 0.333, 0.333, posterior 0.567, 0.412, 0.020" in words(widget))
    press(widget, "check")
    until(lambda: "6 heads, 4 times: yours 0.150, 0.540, 0.310, posterior 0.147, 0.540, 0.313" in words(widget))
    press(widget, "arrow-up")
    until(lambda: words(widget).startswith("Your bound F -38.9269, log-likelihood -38.9269"))


@pytest.mark.parametrize("way", WAYS)
def test_an_m_step_by_eye(page, way):
    widget = opened(page, "climb")
    drag_by(widget, grip(widget, "bias 3"), (-0.14 * 0.515 / 1.1, 0), way)
    until(lambda: numbers(widget, "biases")[2] == pytest.approx(0.51, abs=0.011))
    until(lambda: "after 1 move:" in words(widget) and readout(widget, "bias 3") == numbers(widget, "biases")[2])
    widget.locator(".emlib-handle[aria-label='weights 1 and 2']").press("Shift+ArrowRight")
    until(lambda: numbers(widget, "weights") == [0.35, 0.4, 0.25])
    press(widget, "check")
    until(lambda: "The M-step: biases 0.354, 0.428, 0.513; weights 0.334, 0.526, 0.140; -53.6362" in words(widget))
    press(widget, "arrow-right")
    until(lambda: words(widget).endswith("and yours is the same to four decimals"))


def test_against_em_by_slider_and_key(page):
    widget = opened(page, "climb", 1)
    slider = widget.locator(".widget-slider", has_text="bias 2").locator(".noUi-handle")
    for _ in range(5):
        slider.press("ArrowLeft")
    until(lambda: numbers(widget, "biases") == [0.4, 0.45, 0.65])
    right = COINS.log_likelihood(emlib.Coins([0.25, 0.5, 0.25], [0.4, 0.45, 0.65]))
    assert f"log-likelihood {right:.4f}" in words(widget)
    press(widget, "arrow-right")
    until(lambda: numbers(widget, "biases")[1] < 0.43)
    widget.locator(".emlib-picture").press("PageDown")
    until(lambda: "EM ends at -35.1526" in words(widget))


def drawn(widget):
    return [float(number) for number in words(widget).split("guess: ")[1].split(", ")]


@pytest.mark.parametrize("way", [by_mouse, by_finger])
def test_a_run_is_drawn_and_seen(page, way):
    widget = opened(page, "draw")
    box = widget.locator(".emlib-to-draw").bounding_box()
    ends = [(box["x"] + x * box["width"], box["y"] + (1 - y) * box["height"]) for x, y in ((0.02, 0.3), (0.99, 0.6))]
    way(page, *ends)
    low, high = DrawState(COINS, emlib.chapter.start).scale()
    line = low + (0.3 + 0.3 * (np.arange(1, 11) / 10 - 0.02) / 0.97) * (high - low)
    until(lambda: drawn(widget)[1:] == pytest.approx(line, abs=0.15))  # no gap, however fast
    grip(widget, "iteration 4").press("End")
    until(lambda: words(widget).split(", ")[5] == f"{high:.2f}")
    draw_at = (box["x"] + 0.98 * box["width"], box["y"] + 0.5 * box["height"])
    way(page, draw_at, draw_at)
    for _ in range(2):
        page.keyboard.press("PageDown")  # the keys mean what was drawn on
    until(lambda: "EM: -38.93, -35.42, -35.28. On average" in words(widget))
    assert widget.locator(".emlib-handle, .emlib-to-draw").count() == 0, "what is seen is no longer guessed"


def test_sliders_have_no_scroll_bars(page):
    for widget in (sight(page, "climb"), sight(page, "explorer")):
        grids = widget.locator(".widget-gridbox").all()
        assert len(grids) >= 2
        for grid in grids:
            overflow, excess = grid.evaluate(
                "node => [getComputedStyle(node).overflowX, node.scrollWidth - node.clientWidth]"
            )
            assert overflow == "visible" or excess <= 0


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(page, theme):
    choose_theme(page, theme)
    for kind in ("one-iteration", "e-step", "climb", "draw"):
        sight(page, kind)
        found = Axe().run(page, f".emlib-{kind}", {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}})
        assert found.response["passes"] and not found.violations_count, found.generate_report()
    choose_theme(page, "Light")


def test_no_key_reaches_the_notebook_and_tab_shows_where_it_is(page):
    cells = page.locator(".jp-Cell").count()
    for kind in ("one-iteration", "e-step", "climb", "draw"):
        widget = opened(page, kind)
        for place in (".emlib-picture", "button >> nth=0", "input >> nth=0"):
            node = widget.locator(place)
            if node.is_visible():
                node.focus()
                for key in ("x", "d", "d", "m", "0", "0", "Escape"):
                    page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells and page.locator(".jp-Dialog").count() == 0
    widget = opened(page, "e-step")
    widget.locator(".emlib-picture").focus()
    page.keyboard.press("Tab")
    focus = "() => [document.activeElement.ariaLabel, getComputedStyle(document.activeElement).outlineStyle]"
    assert page.evaluate(focus) == ["2 heads: coins 1 and 2", "solid"]


def test_a_first_iteration_fits_a_projector(page):
    widget = opened(page, "one-iteration")
    page.set_viewport_size({"width": 1280, "height": 720})
    try:
        widget.locator("button:has(.fa-expand)").click()
        until(lambda: widget.locator("img").bounding_box()["width"] > 1100)
        box, field = widget.locator("img").bounding_box(), widget.locator("input[type=text]").bounding_box()
        assert box["y"] >= 0 and field["y"] + field["height"] <= 720, "the field for guesses is in sight, too"
        assert 13 / 72 / 4.2 * box["height"] >= 0.029 * 720, "numbers are read from the last row"
    finally:
        widget.locator("button:has(.fa-expand)").click()
        page.set_viewport_size({"width": 1366, "height": 768})


@contextlib.contextmanager
def full_screen(page, widget, width, height):
    """A widget in full screen, of which the picture hears the keys then."""
    page.set_viewport_size({"width": width, "height": height})
    widget.locator("button[title='Full screen']").click()
    try:
        until(lambda: widget.locator("img").bounding_box()["width"] == width)
        until(lambda: page.evaluate("document.activeElement.className") == "emlib-picture")
        yield
    finally:
        page.evaluate("document.exitFullscreen()")
        page.set_viewport_size({"width": 1366, "height": 768})
        until(lambda: widget.locator("img").bounding_box()["width"] < width)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), pytest.param(1920, 1080, marks=pytest.mark.long)])
@pytest.mark.parametrize(("kind", "place"), [("one-iteration", 1), ("climb", 2), ("bound", 0)])
def test_for_a_projector_all_that_is_needed_is_in_sight(page, kind, place, width, height):
    widget = opened(page, kind, place)
    with full_screen(page, widget, width, height):
        assert widget.evaluate("node => node.scrollHeight <= node.clientHeight"), "nothing is cut"
        for control in widget.locator("button:visible, input[type=text]:visible").all():
            assert control.evaluate(FONT_SIZE) >= 0.029 * height
        before = words(widget)
        page.keyboard.press("PageDown")
        until(lambda: words(widget) != before)
        page.keyboard.press("Space")
        assert page.evaluate("!!document.fullscreenElement"), "the space bar does not press the button again"


def test_no_moment_is_asked_for_twice(page):
    """Not even where a sharp picture comes between a question and its answer."""
    widget = page.locator(".emlib-one-iteration").nth(1)
    devtools, said = page.context.new_cdp_session(page), []
    message = re.compile(rb'"comm_id":"(\w+)".*"content":({.*})}}$')
    heard = lambda event: message.findall(base64.b64decode(event["response"]["payloadData"]))  # noqa: E731
    devtools.on("Network.webSocketFrameSent", lambda event: said.extend(heard(event)))
    devtools.send("Network.enable")

    def asked():
        page.title()  # what was sent comes while the browser is asked for something
        sender = next((who for who, what in said if b'"move":"Start again"' in what), None)
        return [what for who, what in said if who == sender and b'"ask"' in what]

    with full_screen(page, widget, 1280, 720):
        widget.locator("button:has(.fa-undo)").click()
        until(asked)
        for _ in range(3):
            page.keyboard.press("PageDown")
            page.wait_for_timeout(400)  # it rests, and a sharp picture is sent
        until(lambda: len(asked()) > 20)
    devtools.detach()
    found = [json.loads(what) for what in asked()]
    moments = [(question["run"], frame) for question in found for frame in range(*question["ask"])]
    assert len(moments) == len(set(moments))


def test_more_of_the_explorer_opens_them_on_its_data_and_start(page):
    explorer = sight(page, "explorer")
    explorer.get_by_text("More:").first.click()
    explorer.get_by_role("tab", name="By hand").click()
    explorer.get_by_role("button", name="M-step by eye").click()
    below = explorer.locator(".emlib-climb")
    until(lambda: words(below).startswith("Yours after 0 moves: biases 0.400, 0.500, 0.650"))
    explorer.get_by_role("button", name="Draw, then see").click()
    explorer.locator(".emlib-draw").wait_for()
    until(lambda: below.count() == 0)
    explorer.locator(".emlib-draw .emlib-picture").press("PageDown")
    until(lambda: "EM: -38.93, -35.42." in words(explorer.locator(".emlib-draw")))
    assert explorer.locator("[role=status]").first.inner_text().startswith("Start"), "each has its own keys"
