"""JupyterLab in a real Chromium, as a student meets it: open a notebook, run it, move a slider, press Play."""

import pytest
from browser import (
    end_kernels,
    new_page,
    opened_in_lab,
    run_all_in_lab,
    running_in_lab,
    shown,
    until,
    words_of_pictures,
)


@pytest.fixture
def page(browser, lab):
    """Of somebody who was never here before."""
    with new_page(browser) as page:
        yield page
    end_kernels(lab.address)


def at_rest(page):
    """What the kernel had to say is said, and has had time to arrive."""
    page.get_by_text("| Idle").wait_for()
    page.wait_for_timeout(500)


CELL = """
from emlib import Coins
from emlib.lessons import mixture_models

mixture_models.sequences(Coins([0.5, 0.5], [0.2, 0.8]).sample(5), 10, reveal=True, coins=2)
"""


def test_pictures_have_their_words_opened_and_run(lab):
    picture = lab.page.locator(".jp-OutputArea-output img").first
    with opened_in_lab(lab, "notebooks/01-mixture-models.ipynb"):
        picture.wait_for(state="attached")
        assert picture.get_attribute("alt") == words_of_pictures(lab.home / "notebooks" / "01-mixture-models.ipynb")[0]
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1800
        assert picture.evaluate("image => image.width") == 900
    with running_in_lab(lab, "picture.ipynb", CELL) as page:
        picture.wait_for(state="attached")
        assert len(picture.get_attribute("alt")) > 20 and page.locator(".jp-OutputArea-output img").count() == 1


def test_a_student_runs_the_explorer(lab, page):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    run_all_in_lab(page, lab.address, "notebooks/00-start-here.ipynb")
    explorer = page.locator(".emlib-explorer").first
    explorer.wait_for(state="attached")  # Lab has scrolled on to the last cell
    status = explorer.locator("[role=status]")
    explorer.evaluate("node => node.scrollIntoView()")
    until(lambda: "Start: biases 0.400, 0.500, 0.650" in status.inner_text())

    # The whole explorer fits the screen of a small laptop.
    box = explorer.bounding_box()
    assert box["width"] <= 1366 and box["height"] <= 600, box

    # A bias slider, by keyboard: the run begins anew and the picture follows.
    before = shown(explorer)
    slider = explorer.locator(".widget-slider", has_text="bias 1").locator(".noUi-handle")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowLeft")
    until(lambda: "Start: biases 0.350, 0.500, 0.650" in status.inner_text())
    moved = until(lambda: (now := shown(explorer)) != before and now)

    # Play: the picture goes through the half-steps, and the words follow it.
    explorer.locator(".emlib-play").click()
    until(lambda: "Iteration 2, M-step" in status.inner_text() or "Iteration 3" in status.inner_text())
    assert shown(explorer) != moved
    explorer.get_by_role("button", name="Reset").click()
    until(lambda: "Start: biases 0.400, 0.500, 0.650" in status.inner_text())
    explorer.get_by_role("button", name="Step").click()
    until(lambda: "Iteration 1, E-step" in status.inner_text())

    # A weight: the others give way, and then everything rests.
    slider = explorer.locator(".widget-slider", has_text="weight 1").locator(".noUi-handle")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    until(lambda: "weights 0.300, 0.467, 0.233" in status.inner_text())
    at_rest(page)
    assert "weights 0.300, 0.467, 0.233" in status.inner_text()
    readouts = explorer.locator(".widget-slider", has_text="weight").locator(".widget-readout")
    assert readouts.all_inner_texts() == ["0.30", "0.47", "0.23"]
    explorer.locator(".widget-dropdown select").first.select_option("Almost equal")
    until(lambda: "weights 0.333, 0.333, 0.333" in status.inner_text())
    at_rest(page)
    assert "Start: biases 0.490, 0.500, 0.510; weights 0.333, 0.333, 0.333" in status.inner_text()
    explorer.get_by_role("button", name="Reset").click()
    until(lambda: "Start: biases 0.400, 0.500, 0.650; weights 0.250, 0.500, 0.250" in status.inner_text())
    assert "".join(page.locator(".emlib-explorer [role=alert]").all_inner_texts()) == ""
    assert errors == []
