"""A reader's hands on a widget in a browser."""

import re

import pytest

FONT_SIZE = """node => {
    let size = parseFloat(getComputedStyle(node).fontSize);
    for (; node; node = node.parentElement) size *= parseFloat(getComputedStyle(node).zoom) || 1;
    return size;
}"""


def words(widget):
    return widget.locator("[role=status]").inner_text()


def numbers(widget, name):
    """What the words say after a name."""
    return [float(number) for number in re.findall(r"[\d.]*\d", re.search(rf"{name} ([\d., and]+)", words(widget))[1])]


def grip(widget, name):
    return widget.locator(f".emlib-handle[aria-label='{name}']")


def readout(widget, slider):
    return float(widget.locator(".widget-slider", has_text=slider).locator(".widget-readout").inner_text())


def centre(node):
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def by_mouse(page, begin, end):
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def by_finger(page, begin, end):
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    steps = [[b + share * (e - b) for b, e in zip(begin, end, strict=True)] for share in (0, 0.5, 1)]
    for kind, (x, y) in zip(("touchStart", "touchMove", "touchMove"), steps, strict=True):
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})


def drag_by(widget, handle, shares, way):
    """Drag a handle by shares of the picture; the page does not scroll."""
    box, (x, y) = widget.locator("img").bounding_box(), centre(handle)
    assert "grab" in handle.evaluate("node => getComputedStyle(node).cursor") or "resize" in handle.evaluate(
        "node => getComputedStyle(node).cursor"
    )
    before = box["y"]
    way(widget.page, (x, y), (x + shares[0] * box["width"], y - shares[1] * box["height"]))
    assert widget.locator("img").bounding_box()["y"] == before


# The page makes no difference between them, so a finger tries a coin and a drawn line each time, all else by --long.
WAYS = [by_mouse, pytest.param(by_finger, marks=pytest.mark.long)]
