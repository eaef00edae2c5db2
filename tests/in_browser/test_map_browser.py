"""The smaller widgets in JupyterLab in a real Chromium: the landscape, the growing mixture, the bound, and others."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import choose_theme, running_in_lab, shown, sight, until
from forms import THEMES

CELLS = (
    """
import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import em_many, random_starts
from emlib.models import IncomeGroups
from emlib.widgets import AddACoin, Bound, KnownAges, Landscape, Progress

A = BinomialMixture(emlib.data.A)
""",
    "Bound(A, Coins([0.5, 0.5], [0.56, 0.5]))",
    """
thirds = [1 / 3, 1 / 3, 1 / 3]
KnownAges(IncomeGroups(thirds, [20, 30, 40], 0.15), {"a start": IncomeGroups(thirds, [15, 30, 50], 0.2)})
""",
    "Landscape(A, Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9]))",
    "AddACoin(A)",
    # Minutes of work, so that it ends within the test only if it is stopped.
    """
runs = em_many(A, *random_starts(3, 1_000_000), iterations=1000, progress=Progress("to be stopped"))
print("kept some:", 0 < len(runs.weights) < 1_000_000)
""",
    'em_many(A, *random_starts(3, 1_000_000), iterations=1000, progress=Progress("to be interrupted"))',
)
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
BEST, INFERIOR = "-45.698", "-47.7"


@pytest.fixture(scope="module")
def page(lab):
    """All cells running in JupyterLab; the last two are busy until they are stopped."""
    with running_in_lab(lab, "map.ipynb", *CELLS) as page:
        yield page


def status(widget):
    return widget.locator("[role=status]").first.inner_text()


def press(widget, slider, key, times=1):
    handle = widget.locator(".widget-slider", has=widget.page.get_by_text(slider, exact=True)).locator(".noUi-handle")
    for _ in range(times):
        handle.first.press(key)


def end_of(words):
    """Where EM ends, as the words have it."""
    return re.search(r"climbs to (-[\d.]+) ", words)[1]


def test_stop_is_heard_while_the_cell_runs_and_an_interrupt_passes(page):
    stopped, interrupted = (page.locator(".emlib-progress").nth(number) for number in (0, 1))
    stopped.wait_for(state="attached")
    stopped.evaluate("node => node.scrollIntoView()")
    until(lambda: re.search(r"to be stopped: \d+%", stopped.inner_text()))
    stopped.get_by_role("button", name="Stop").click()
    until(lambda: "to be stopped: stopped at" in stopped.inner_text())
    page.get_by_text("kept some: True").wait_for()
    interrupted.wait_for(state="attached")
    interrupted.evaluate("node => node.scrollIntoView()")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Interrupt Kernel", exact=True).click()
    page.get_by_text("KeyboardInterrupt").first.wait_for()
    assert "stopped" not in interrupted.inner_text()


def test_the_map_follows_and_a_border_changes_the_end(page):
    landscape = sight(page, "landscape")
    until(lambda: "climbs to" in status(landscape))
    box = landscape.bounding_box()
    assert box["width"] <= 1366 and box["height"] <= 600, box
    assert end_of(status(landscape)).startswith(BEST)

    before = shown(landscape)
    press(landscape, "bias 2", "ArrowRight", 10)
    until(lambda: "biases 0.200, 0.720, 0.900" in status(landscape))
    assert end_of(status(landscape)).startswith(INFERIOR)
    until(lambda: shown(landscape) != before)

    # Another third bias: another map.
    shares = status(landscape).split("Map:")[1]
    press(landscape, "bias 3", "ArrowLeft", 10)
    until(lambda: "0.720, 0.800)" in status(landscape) and status(landscape).split("Map:")[1] != shares)


def test_weights_and_data_draw_the_map_anew(page):
    landscape = sight(page, "landscape")
    landscape.get_by_text("More:").click()
    landscape.get_by_label("data").wait_for()
    before, words = shown(landscape), status(landscape)
    press(landscape, "weight 1", "ArrowRight", 5)
    until(lambda: status(landscape) != words and shown(landscape) != before)
    readouts = landscape.locator(".widget-slider", has_text="weight").locator(".widget-readout")
    until(lambda: readouts.all_inner_texts() == ["0.45", "0.28", "0.28"])
    before = shown(landscape)
    landscape.get_by_label("data").select_option("The chapter's 20 sequences")
    until(lambda: "Map: 100% to -35.153" in status(landscape) and shown(landscape) != before)
    landscape.get_by_label("data").select_option("your data")
    until(lambda: f"to {BEST}" in status(landscape))
    landscape.get_by_text("More:").click()


def test_an_explorer_starts_at_the_point(page):
    landscape = sight(page, "landscape")
    start = re.search(r"\(biases ([\d., ]+)\)", status(landscape))[1]
    landscape.get_by_role("button", name="Explore from here").click()
    explorer = landscape.locator(".emlib-explorer")
    until(lambda: explorer.count() and f"Start: biases {start}; weights 0.450" in status(explorer))


def test_adding_coins_raises_the_likelihood_until_none_is_missing(page):
    widget = sight(page, "add-a-coin")
    add = widget.get_by_role("button", name="Add a coin")
    heights = []
    for coins in range(1, 5):
        until(lambda coins=coins: status(widget).startswith(f"{coins} coin"))
        heights.append(float(re.search(r"log-likelihood (-[\d.]+\d)", status(widget))[1]))
        before = widget.locator("img").get_attribute("src")
        if coins < 4:
            add.click()
            until(lambda before=before: widget.locator("img").get_attribute("src") != before)
    assert heights == sorted(heights) and len(set(heights)) == 4
    assert "no mixture of any number of coins" in status(widget)
    until(add.is_disabled)
    widget.get_by_role("button", name="Start again").click()
    until(lambda: status(widget).startswith("1 coin:") and add.is_enabled())


@pytest.mark.parametrize(
    ("name", "move"),
    [
        ("bound", lambda widget: widget.get_by_role("button", name="M-step").click()),
        ("bound", lambda widget: press(widget, "start, bias 1", "ArrowLeft", 5)),
        ("known-ages", lambda widget: press(widget, "ages known (%)", "ArrowRight", 5)),
        ("known-ages", lambda widget: widget.get_by_role("button", name="Another town").click()),
    ],
)
def test_words_and_picture_follow(page, name, move):
    widget = sight(page, name)
    words, before = until(lambda: status(widget)), shown(widget)
    assert widget.bounding_box()["height"] <= 600
    move(widget)
    until(lambda: status(widget) != words and shown(widget) != before)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(page, theme):
    choose_theme(page, theme)
    for name in ("landscape", "add-a-coin", "bound", "known-ages", "progress"):
        sight(page, name)
        found = Axe().run(page, f".emlib-{name}", WCAG)
        assert found.response["passes"], "axe looked at nothing"
        assert found.violations_count == 0, found.generate_report()
