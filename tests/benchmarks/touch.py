"""How fast does a picture follow a hand: what is done by hand, beside the explorer's coin?

python3 run.py benchmark touch

All stand in one notebook in JupyterLab and share its kernel. Each handle is dragged in turn, several rounds, and moved
by an arrow key; times are taken in the page, as `explorer.py` says. A drag is 80 moves, one in 50 ms.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from explorer import HOOKS, INTERVAL, MOVES, heading, painted, print_load, row

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import jupyter_server, launch_chromium, new_page, run_all_in_lab, until, write_notebook  # noqa: E402
from touching import centre, grip  # noqa: E402

ROUNDS, PRESSES = 3, 6
HANDS = {  # side: its place in the page, a handle, and how far it is dragged, in pixels
    "Explorer()": (".emlib-explorer", "bias 2", (160, 0)),
    "MStepByEye(A, start)": (".emlib-climb", "bias 2", (160, 0)),
    "EStepByEye(A, start)": (".emlib-e-step", "6 heads: coins 1 and 2", (0, -120)),
    "Landscape(A, far)": (".emlib-landscape", "start: biases of coins 1 and 2", (100, 0)),
    "Bound(A, two)": (".emlib-bound", "start: bias of coin 1", (160, 0)),
}
SETUP = """
import os, pathlib
from emlib import BinomialMixture, Coins, chapter
from emlib.widgets import *
A, start = BinomialMixture(chapter.heads), chapter.start
far, two = Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9]), Coins([0.5, 0.5], [0.56, 0.5])
pathlib.Path("kernel").write_text(str(os.getpid()), encoding="utf-8")
"""


def drag(page, side, way):
    """Pictures a second in a drag, which ends where the last one began."""
    place, name, (across, down) = HANDS[side]
    x, y = centre(grip(page.locator(place), name))
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { since = performance.now(); }")
    start = time.monotonic()
    for i in range(1, MOVES + 1):
        time.sleep(max(0, start + i * INTERVAL - time.monotonic()))
        page.mouse.move(x + way * across * i / MOVES, y + way * down * i / MOVES)
    time.sleep(0.3)
    found = painted(page, side)
    page.mouse.up()
    return 1000 * len({picture for _, picture, _ in found}) / found[-1][0]


def press_keys(page, side, key):
    """Milliseconds from an arrow key to another picture."""
    place, name, _ = HANDS[side]
    handle = grip(page.locator(place), name)
    handle.focus()
    found = []
    for _ in range(PRESSES):
        time.sleep(0.5)
        before = painted(page, side)[-1][1]
        page.keyboard.press(key)
        found.append(until(lambda before=before: next((ms for ms, now, _ in painted(page, side) if now != before), 0)))
    return found


@contextlib.contextmanager
def opened():
    """A page in which all of them have run."""
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_server("lab", Path(folder)) as address,
        launch_chromium() as browser,
        new_page(browser, 1600, 5000) as page,
    ):
        write_notebook(Path(folder) / "touch.ipynb", SETUP, *HANDS)
        page.add_init_script(f"window.SIDES = { ({side: place for side, (place, _, _) in HANDS.items()}) };{HOOKS}")
        run_all_in_lab(page, address, "touch.ipynb")
        for place, _, _ in HANDS.values():
            until(lambda place=place: page.locator(f"{place} img").first.evaluate("image => image.naturalWidth"))
        page.get_by_text("| Idle").wait_for()
        time.sleep(2)
        yield page


def main():
    drags, keys = {side: [] for side in HANDS}, {side: [] for side in HANDS}
    with opened() as page:
        print_load()
        for turn in range(2 * ROUNDS):
            for side, (_, _, (across, _)) in HANDS.items():
                drags[side].append(drag(page, side, -1 if turn % 2 else 1))
                back = ("ArrowLeft", "ArrowRight") if across else ("ArrowDown", "ArrowUp")
                keys[side] += press_keys(page, side, back[turn % 2])
        print_load()
    heading("what is dragged", "pictures a second", "to the explorer", "key to picture, median", "to the explorer")
    first = next(iter(HANDS))
    for side in HANDS:
        pictures, key = statistics.median(drags[side]), statistics.median(keys[side])
        row(
            f"`{side}`",
            f"{pictures:.1f}",
            f"{pictures / statistics.median(drags[first]):.2f}",
            f"{key:.0f} ms",
            f"{key / statistics.median(keys[first]):.2f}",
        )


if __name__ == "__main__":
    main()
