"""The explorer for readers who use the keyboard or a screen reader, are colour-blind, or want no motion."""

import itertools
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import choose_theme, running_in_lab, until

from emlib.page.picture import COLOURS, HATCHES, INK, LINES, MARKERS

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
TABS = ("Coins and view", "Data", "Compare", "By hand", "Save")

# Machado, Oliveira and Fernandes (2009), severity 1.0: linear RGB as colour-blind readers see it.
SIGHT = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


@pytest.fixture(scope="module")
def explorer(lab):
    """An explorer in JupyterLab."""
    with running_in_lab(lab, "explorer.ipynb", "from emlib.widgets import Explorer\n\nExplorer()") as page:
        explorer = page.locator(".emlib-explorer")
        until(lambda: "Start: biases" in status(explorer))
        yield explorer


@pytest.fixture(params=["Light", "Dark"])
def in_both_themes(request, explorer):
    choose_theme(explorer.page, request.param)


@pytest.fixture(autouse=True)
def fresh(request):
    """Each test meets the explorer as it opens: at the chapter's start, folded, with nothing in focus."""
    yield
    if "explorer" in request.fixturenames:
        explorer = request.getfixturevalue("explorer")
        explorer.get_by_role("button", name="Reset").click()
        until(lambda: "Start: biases 0.400" in status(explorer))
        if explorer.get_by_role("tab").first.is_visible():
            explorer.get_by_role("tab").first.click()
            explorer.get_by_text("More:").click()
        explorer.evaluate("() => document.activeElement.blur()")


def status(explorer):
    return explorer.locator("[role=status]").inner_text()


def tab_stops(explorer):
    """What Tab reaches from the top of the explorer until it leaves: name, kind, and whether one sees where one is."""
    explorer.evaluate("node => { node.tabIndex = -1; node.focus(); node.removeAttribute('tabindex'); }")
    stops = []
    while len(stops) < 60:
        explorer.page.keyboard.press("Tab")
        stop = explorer.page.evaluate(
            """() => {
                const node = document.activeElement, style = getComputedStyle(node);
                const label = node.labels && node.labels.length ? node.labels[0].textContent : '';
                return {
                    inside: !!node.closest('.emlib-explorer'),
                    name: node.ariaLabel || label || node.textContent.trim(),
                    slider: node.getAttribute('role') === 'slider',
                    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                };
            }"""
        )
        if not stop["inside"]:
            return stops
        stops.append(stop)
    raise AssertionError("Tab never leaves the explorer")


def linear(colour):
    """Linear RGB of #RRGGBB or rgb(r, g, b)."""
    digits = [int(colour[i : i + 2], 16) for i in (1, 3, 5)] if colour[0] == "#" else re.findall(r"\d+", colour)
    value = np.array(digits, dtype=float) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(linear_rgb):
    """CIE L*a*b* under D65."""
    ratio = XYZ @ linear_rgb / XYZ.sum(axis=1)
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, other):
    """WCAG's contrast ratio, from 1 to 21."""
    low, high = sorted(XYZ[1] @ linear(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def violations(explorer):
    found = Axe().run(explorer.page, ".emlib-explorer", WCAG)
    assert found.response["passes"], "axe looked at nothing"
    return found.generate_report() if found.violations_count else ""


@pytest.mark.usefixtures("in_both_themes")
def test_axe_finds_nothing(explorer):
    assert violations(explorer) == ""
    explorer.get_by_text("More:").click()
    for name in TABS:
        explorer.get_by_role("tab", name=name).click()
        explorer.get_by_role("tab", name=name, selected=True).wait_for()
        assert violations(explorer) == "", name


@pytest.mark.usefixtures("in_both_themes")
def test_every_control_is_reached_by_tab_and_focus_is_visible(explorer):
    stops = tab_stops(explorer)
    names = [stop["name"] for stop in stops]
    buttons = ["Play", "Back", "Step", "Reset", "half-step", "speed", "Loop", "Full screen"]
    coins, borders = [f"bias {j}" for j in (1, 2, 3)], ["weights 1 and 2", "weights 2 and 3"]
    bars = "sequences of 0 heads"  # one stop; the arrows go on from there
    sliders = [*coins, *borders, bars, *coins, "weight 1", "weight 2", "weight 3"]
    assert names[0].startswith("picture") and names[7 : 7 + len(buttons)] == buttons
    assert [stop["name"] for stop in stops if stop["slider"]] == sliders
    assert names[-2] == "try" and names[-1].startswith("More:")
    assert [stop["name"] for stop in stops if not stop["ring"]] == []


def test_more_opens_by_keyboard_and_all_in_it_is_reached(explorer):
    explorer.locator(".jupyter-widget-Collapse-header").press("Enter")
    expected = {
        "Coins and view": {"coins", "iterations", "projector size", "biases", "table"},
        "Data": {"data", "sequences", "tosses", "seed", "Toss the coins of the start", "heads", "Use these"},
        "Compare": {"Keep this run", "Forget the kept runs"},
        "By hand": {"One iteration", "E-step by eye", "M-step by eye", "You against EM", "Draw, then see"},
        "Save": {"Make the files", "Copy this view"},
    }
    until(lambda: explorer.get_by_role("tab").first.is_visible(), seconds=5)
    for name in TABS:
        stops = tab_stops(explorer)
        assert expected[name] <= {stop["name"] for stop in stops}
        assert [stop["name"] for stop in stops if not stop["ring"]] == []
        explorer.get_by_role("tab", name=name).focus()
        explorer.page.keyboard.press("ArrowRight")
        explorer.page.keyboard.press("Enter")


def test_keys_press_the_buttons(explorer):
    for key, moment in (("Enter", "Iteration 1, E-step"), ("Space", "Iteration 1, M-step")):
        explorer.get_by_role("button", name="Step").press(key)
        until(lambda moment=moment: moment in status(explorer))
    explorer.get_by_role("button", name="Back").press("Enter")
    until(lambda: "Iteration 1, E-step" in status(explorer))


@pytest.mark.usefixtures("in_both_themes")
def test_words_follow_step_and_impossible_data_are_an_alert(explorer):
    explorer.get_by_role("button", name="Step").click()
    until(lambda: "Iteration 1, E-step: biases 0.400" in status(explorer))
    for name in ("bias 1", "bias 2", "bias 3"):  # coins that never show heads
        explorer.locator(".widget-slider", has_text=name).locator(".noUi-handle").press("Home")
    alert = explorer.get_by_role("alert")
    until(lambda: "These coins cannot give" in alert.inner_text())
    assert not explorer.locator("[role=status]").is_visible()
    ink, paper = alert.evaluate(
        """node => {
            const ink = getComputedStyle(node).color;
            while (getComputedStyle(node).backgroundColor.startsWith('rgba')) node = node.parentElement;
            return [ink, getComputedStyle(node).backgroundColor];
        }"""
    )
    assert contrast(ink, paper) >= 4.5, (ink, paper)


def test_less_motion_hides_play_and_keeps_step(explorer):
    play = explorer.locator(".emlib-play")
    assert play.is_visible()
    explorer.page.emulate_media(reduced_motion="reduce")
    try:
        assert not play.is_visible()
        explorer.get_by_role("button", name="Step").click()
        until(lambda: "Iteration 1, E-step" in status(explorer))
    finally:
        explorer.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("sight", SIGHT)
def test_coins_look_different_to_everyone(sight):
    seen = [lab(np.clip(SIGHT[sight] @ linear(colour), 0, 1)) for colour in COLOURS]
    apart = {(i, j): np.linalg.norm(seen[i] - seen[j]) for i, j in itertools.combinations(range(6), 2)}
    assert apart[0, 1] > 30 and apart[1, 2] > 30  # neighbours among three coins; 2.3 is just noticeable
    assert min(apart.values()) > 15, min(apart, key=apart.get)


def test_coins_differ_by_more_than_colour():
    for cues in (COLOURS, MARKERS, LINES, HATCHES):
        assert len(set(cues)) == len(cues) == 6


def test_ink_stands_out_from_white():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast(INK, "#FFFFFF") >= 4.5
