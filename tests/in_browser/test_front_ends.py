"""The explorer where it is met besides JupyterLab: Notebook 7, Voila, its saved page, and a notebook as HTML."""

import contextlib
import json
import subprocess
import sys

import pytest
from browser import ROOT, jupyter_server, new_page, shown, until, words_of_pictures, write_notebook
from playwright.sync_api import TimeoutError
from touching import by_finger, centre

BY_HAND = """
import emlib
from emlib.widgets import *

given = emlib.BinomialMixture(emlib.chapter.heads), emlib.chapter.start
"""
HANDS = ("OneIteration", "EStepByEye", "MStepByEye", "DrawThenSee")


@pytest.fixture(scope="module")
def open_page(browser):
    """Opens a page that reaches this machine alone."""
    with contextlib.ExitStack() as pages:

        def opened(address):
            page = pages.enter_context(new_page(browser))
            page.route(
                "http**", lambda route: route.continue_() if "//127.0.0.1:" in route.request.url else route.abort()
            )
            page.goto(address)
            return page

        yield opened


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """The address of a Notebook 7, which serves Voila's pages, too; with a notebook that only shows the explorer."""
    home = tmp_path_factory.mktemp("lecture")
    write_notebook(home / "lecture.ipynb", "from emlib.widgets import Explorer\n\nExplorer()")
    write_notebook(home / "by_hand.ipynb", BY_HAND, *(f"{name}(*given)" for name in HANDS))
    with jupyter_server("notebook", home) as address:
        yield address


@pytest.fixture(scope="module")
def voila(notebook, open_page):
    """A page for a lecturer."""
    return open_page(f"{notebook}/voila/render/lecture.ipynb")


def at_start(page):
    """The explorer on a page, when it shows the chapter's start."""
    explorer = page.locator(".emlib-explorer")
    explorer.wait_for()
    explorer.get_by_role("button", name="Reset").click()
    until(lambda: "Start: biases 0.400, 0.500, 0.650" in words(explorer))
    return explorer


def words(explorer):
    return explorer.locator("[role=status]").inner_text()


def handle(explorer, name):
    return explorer.locator(".widget-slider", has_text=name).locator(".noUi-handle")


def drag(handle, pixels):
    """Take a slider by the mouse."""
    handle.scroll_into_view_if_needed()
    box, mouse = handle.bounding_box(), handle.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + pixels, y, steps=4)
    mouse.up()


def check_slider(explorer):
    before = shown(explorer)
    slider = handle(explorer, "bias 1")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowLeft")
    until(lambda: "Start: biases 0.350, 0.500, 0.650" in words(explorer))
    until(lambda: shown(explorer) != before)


def check_play(explorer):
    """Play leaves the moment on show, for others that look different."""
    before = shown(explorer)
    explorer.locator(".emlib-play").click()
    until(lambda: "Iteration 2" in words(explorer))
    assert shown(explorer) != before


def check_touch(explorer):
    """A coin by mouse and by key, and the keys of a remote."""
    coin = explorer.locator(".emlib-handle[aria-label='bias 2']")
    drag(coin, 80)
    until(lambda: "Start: biases" in words(explorer) and "biases 0.400, 0.500" not in words(explorer))
    coin.press("Home")
    until(lambda: "Start: biases 0.400, 0.000, 0.650" in words(explorer))
    explorer.locator(".emlib-picture").press("PageDown")
    until(lambda: "Iteration 1, E-step" in words(explorer))
    explorer.get_by_role("button", name="Reset").click()
    until(lambda: "Start: biases 0.400, 0.500, 0.650" in words(explorer))


def check_by_hand(page):
    """A number, a share, a coin and a drawn line."""
    one, shares, coins, drawn = (
        page.locator(f".emlib-{kind}") for kind in ("one-iteration", "e-step", "climb", "draw")
    )
    drawn.locator("img").wait_for()
    one.locator("input[type=text]").fill("0.121")
    one.locator("input[type=text]").press("Enter")
    until(lambda: words(one).startswith("0.121? Right: 0.1209324"))
    one.locator(".emlib-picture").press("PageDown")
    until(lambda: "0.0439453" in words(one))
    shares.locator(".emlib-level").first.press("End")
    until(lambda: words(shares) and "F -44.9040" not in words(shares))
    coin = coins.locator(".emlib-handle[aria-label='bias 1']")
    drag(coin, 60)
    until(lambda: "after 1 move:" in words(coins) and "biases 0.400" not in words(coins))
    coin.press("Home")
    until(lambda: "biases 0.000, 0.500, 0.650" in words(coins))
    x, y = centre(coins.locator(".emlib-handle[aria-label='bias 3']"))
    by_finger(page, (x, y), (x - 60, y))
    until(lambda: "biases 0.000, 0.500, 0.650" not in words(coins))
    drawn.scroll_into_view_if_needed()
    box = drawn.locator(".emlib-to-draw").bounding_box()
    place = box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"]
    by_finger(page, place, place)
    until(lambda: words(drawn).count("-38.93") == 10)
    drawn.locator(".emlib-handle").last.press("End")
    until(lambda: words(drawn).count("-38.93") == 9)
    drawn.locator(".emlib-picture").press("PageDown")
    until(lambda: "EM: -38.93, -35.42. On average" in words(drawn))


def run_in_notebook_7(page, first):
    """Run all cells until the first widget is there."""
    page.locator(".jp-NotebookKernelStatus-fade").wait_for(state="attached")  # it has a kernel, and that is idle

    def started():  # on a busy machine the first click may come before the page listens
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        with contextlib.suppress(TimeoutError):
            page.locator(first).wait_for(timeout=20_000)
            return True

    until(started)


@pytest.mark.long
def test_by_hand_in_notebook_7(notebook, open_page):
    page = open_page(f"{notebook}/notebooks/by_hand.ipynb")
    run_in_notebook_7(page, ".emlib-one-iteration")
    check_by_hand(page)


@pytest.mark.long
def test_by_hand_in_voila(notebook, open_page):
    check_by_hand(open_page(f"{notebook}/voila/render/by_hand.ipynb"))


@pytest.mark.long  # the same widgets in the same JavaScript as in JupyterLab
def test_notebook_7(notebook, open_page):
    page = open_page(f"{notebook}/notebooks/lecture.ipynb")
    run_in_notebook_7(page, ".emlib-explorer")
    explorer = at_start(page)
    check_touch(explorer)
    check_slider(explorer)
    check_play(explorer)


def test_voila_gives_a_page_without_code(voila):
    explorer = at_start(voila)
    text = voila.locator("body").inner_text()
    assert "import" not in text and "Explorer()" not in text and voila.locator(".jp-InputArea-editor").count() == 0
    check_touch(explorer)
    check_slider(explorer)
    check_play(explorer)


def test_the_saved_page_needs_no_server(voila, open_page, tmp_path):
    explorer = at_start(voila)
    explorer.get_by_text("More:").click()
    explorer.get_by_role("tab", name="Save").click()
    explorer.get_by_role("button", name="Make the files").click()
    with voila.expect_download() as download:
        explorer.get_by_role("link", name="emlib.html").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "emlib.html" and saved.stat().st_size < 1_500_000

    page = open_page("about:blank")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(saved.as_uri())
    picture, text = page.get_by_role("img"), page.get_by_role("status")
    until(lambda: "Start: biases 0.400" in text.inner_text())
    assert picture.get_attribute("alt") == text.inner_text()
    start = picture.get_attribute("src")
    page.get_by_role("button", name="Play").click()
    until(lambda: "Iteration 2" in text.inner_text())
    page.get_by_role("button", name="Pause").click()
    assert picture.get_attribute("src") != start and picture.evaluate("image => image.decode().then(() => true)")
    slider = page.get_by_role("slider", name="half-step")
    slider.press("Home")
    for key, moment in (("PageDown", "Iteration 1, E-step"), ("PageDown", "1, M-step"), ("PageUp", "1, E-step")):
        page.keyboard.press(key)
        until(lambda moment=moment: moment in text.inner_text())
    page.locator(".emlib-picture").focus()
    for key, moment in (
        ("ArrowRight", "1, M-step"),
        ("ArrowLeft", "1, E-step"),
        ("End", "30, M-step"),
        ("Home", "Start"),
    ):
        page.keyboard.press(key)
        until(lambda moment=moment: moment in text.inner_text())
    page.keyboard.press(" ")
    until(lambda: "Iteration 1" in text.inner_text())
    page.set_viewport_size({"width": 1920, "height": 1080})
    until(lambda: picture.bounding_box()["width"] > 0.98 * 1920)
    page.set_viewport_size({"width": 1920, "height": 600})
    until(lambda: 500 < picture.bounding_box()["height"] < 600)
    slider.press("End")
    until(lambda: "Iteration 30, M-step" in text.inner_text())
    assert picture.get_attribute("alt") == text.inner_text()
    assert [url for url in requests if not url.startswith(("data:", "blob:"))] == [saved.as_uri()]


def test_a_notebook_as_html_shows_a_still_of_every_explorer(open_page, tmp_path):
    notebook = ROOT / "notebooks" / "04-to-convergence.ipynb"
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", tmp_path, notebook]
    subprocess.run(command, check=True, capture_output=True)
    cells = ["".join(cell["source"]) for cell in json.loads(notebook.read_bytes())["cells"]]
    explorers = sum(cell.startswith("Explorer(") for cell in cells)
    page = open_page((tmp_path / "04-to-convergence.html").as_uri())
    stills = page.locator(".jp-CodeCell:has(.jp-InputArea-editor:has-text('Explorer(')) .jp-OutputArea-output img")
    assert stills.count() == explorers > 0
    for still in stills.all():
        assert still.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    pictures = page.locator(".jp-OutputArea-output img")
    assert [picture.get_attribute("alt") for picture in pictures.all()] == words_of_pictures(notebook)
