"""How fast is the explorer in a real browser, next to plain `interact`?

python3 run.py benchmark explorer

A is `ipywidgets.interact` with the inline backend, as a notebook's author would write it at once: a new figure for
every value of the slider, words included, as large as the explorer's. B is `emlib.widgets.Explorer`. Both stand in one
notebook in JupyterLab and share its kernel; they are measured in turn, several rounds, each while the other rests.

All times are taken in the page. A key press begins at the time stamp of its event. A picture is painted when an image
has got another source and has decoded it, and then an animation frame and one task more have passed. Pictures are told
apart by their bytes, so one that comes back late does not count as new. A drag is 80 moves of the mouse, one in 50 ms,
so that 20 pictures a second are the most there can be. CPU time is that of the kernel's process. Playback has 50
half-steps, one in 50 ms; the slow network is a proxy that delays all that goes to the server and all that comes back.
"""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

from emlib.explorer.picture import DEFAULT_PANELS, ExplorerPicture
from emlib.explorer.state import ExplorerState

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import free_port, jupyter_server, launch_chromium, new_page, run_all_in_lab, until  # noqa: E402

ROUNDS = 3
RESTS = (0.3, 1, 4)  # seconds before a key press: B has then been asked for none, some or all of the moments to come
PRESSES = 4  # in each round, for each rest
MOVES = 80  # of the mouse in a drag
HALF_STEPS = 50  # of a playback
INTERVAL = 0.05  # seconds between moves, and between half-steps
DELAY = 0.15  # seconds, in each direction
SIDES = {"A": ".widget-interact", "B": ".emlib-explorer"}

SETUP = """
%matplotlib inline
import os, pathlib
from unittest import mock
import ipywidgets as widgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from emlib import Coins, chapter
from emlib.explorer.picture import ExplorerPicture
from emlib.page.picture import INK, styled
from emlib.explorer.state import ExplorerState
from emlib.widgets import Explorer
pathlib.Path("kernel").write_text(str(os.getpid()), encoding="utf-8")

@styled
def show_new_figure(state, frame):
    picture = ExplorerPicture(state)
    with mock.patch.object(FigureCanvasAgg, "draw"):  # only the explorer needs a background: here all is drawn once
        words = picture.update(frame)
    vertical, horizontal = {"m": "center", "s": "baseline"}, {"l": "left", "r": "right"}
    for axes, place, size, (side, line), text in words:
        axes.text(*place, text, size=size, color=INK, zorder=6, transform=axes.transAxes,
                  ha=horizontal[side], va=vertical[line])
    display(picture.figure)
"""
LIVE = """
def draw(bias_1):
    start = Coins(chapter.start.weights, [bias_1, *chapter.start.biases[1:]])
    show_new_figure(ExplorerState(start=start), 0)

widgets.interact(draw, bias_1=widgets.FloatSlider(0.4, min=0, max=1, step=0.01, description="bias 1"));
"""
PLAYBACK = f"""
state = ExplorerState(iterations={HALF_STEPS // 2})
widgets.interact(lambda frame: show_new_figure(state, frame), frame=widgets.Play(max={HALF_STEPS}, interval=50));
"""
NOTEBOOKS = {
    "live.ipynb": (SETUP, LIVE, "Explorer()"),
    "playback.ipynb": (SETUP, PLAYBACK, f"Explorer(iterations={HALF_STEPS // 2})"),
}

HOOKS = """
window.since = 0;  // when the latest key press, drag or playback began
const paints = [], started = new WeakMap(), blobs = new Map(), pictures = new Map();
addEventListener('keydown', event => { since = event.timeStamp; }, true);

const makeAddress = URL.createObjectURL;
URL.createObjectURL = blob => {
    const address = makeAddress.call(URL, blob);
    blobs.set(address, blob);
    return address;
};

async function watch(image) {
    const source = image.src;
    if (!source || started.get(image) === source) return;
    started.set(image, source);
    try { await image.decode(); } catch { return; }  // replaced before it could be painted
    await new Promise(requestAnimationFrame);
    const {port1, port2} = new MessageChannel();
    await new Promise(done => { port1.onmessage = done; port2.postMessage(0); });
    const time = performance.now();
    if (image.src !== source || !image.checkVisibility()) return;
    const side = Object.keys(SIDES).find(side => image.closest(SIDES[side]));
    paints.push({time, side, source});
}

// The paints on a side since then: milliseconds, a number for the bytes of the picture, and whether these were new.
window.painted = async wanted => {
    for (const paint of paints.filter(paint => !('fresh' in paint))) {
        const bytes = await blobs.get(paint.source)?.text() ?? paint.source;
        paint.fresh = !pictures.has(bytes);
        if (paint.fresh) pictures.set(bytes, pictures.size);
        paint.picture = pictures.get(bytes);
    }
    return paints.filter(({time, side, picture}) => side === wanted && time > since && picture !== undefined)
        .map(({time, picture, fresh}) => [time - since, picture, fresh]);
};

new MutationObserver(records => {
    for (const {type, target, addedNodes} of records)
        for (const node of type === 'attributes' ? [target] : addedNodes)
            if (node instanceof Element)
                for (const image of node.matches('img') ? [node] : node.querySelectorAll('img')) watch(image);
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['src']});
"""


def write_notebook(folder, name):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source.strip()) for source in NOTEBOOKS[name]])
    notebook.cells[0].metadata.jupyter = {"source_hidden": True}
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)


def slow_network(address):
    """The address of a proxy that delays whatever goes to a server and whatever comes from it."""
    port, server_port = free_port(), int(address.rsplit(":", 1)[1])

    async def pump(reader, writer):
        later = asyncio.get_running_loop().call_later
        with contextlib.suppress(OSError):
            while content := await reader.read(1 << 16):
                later(DELAY, writer.write, content)
        later(DELAY, writer.close)

    async def connect(reader, writer):
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", server_port)
        await asyncio.gather(pump(reader, server_writer), pump(server_reader, writer))

    async def serve():
        await (await asyncio.start_server(connect, "127.0.0.1", port)).serve_forever()

    threading.Thread(target=asyncio.run, args=[serve()], daemon=True).start()
    return f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def opened(notebook, slow=False):
    """A page in which a notebook has run and rests, and its kernel's process. Each has a server of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_server("lab", Path(folder)) as address,
        launch_chromium() as browser,
        new_page(browser, 1600, 1700) as page,
    ):
        write_notebook(Path(folder), notebook)
        page.set_default_timeout(120_000)
        page.add_init_script(f"window.SIDES = {SIDES};{HOOKS}")
        run_all_in_lab(page, slow_network(address) if slow else address, notebook)
        rest(page)
        yield page, psutil.Process(int((Path(folder) / "kernel").read_text(encoding="utf-8")))


def rest(page):
    """Wait until both have a picture and nothing is under way; B asks for the moments to come then."""
    page.wait_for_function("Object.values(SIDES).every(side => document.querySelector(`${side} img`)?.naturalWidth)")
    page.get_by_text("| Idle").wait_for()
    time.sleep(1)


def painted(page, side):
    """The paints on a side since the latest key press, drag or playback began: milliseconds since, picture, new?"""
    return page.evaluate("side => painted(side)", side)


def bias_slider(page, side):
    return page.locator(SIDES[side]).locator(".widget-slider", has_text="bias 1")


def press_keys(page, side, seconds):
    """Milliseconds from key press to new picture, for some presses with a rest before each."""
    bias_slider(page, side).locator(".noUi-handle").focus()
    found = []
    for _ in range(PRESSES):
        time.sleep(seconds)
        page.keyboard.press("ArrowRight")
        found.append(until(lambda: next((ms for ms, _, fresh in painted(page, side) if fresh), None)))
    return found


def drag(page, side, kernel, way):
    """Pictures a second, and CPU milliseconds of the kernel for each, in a drag over most of the slider."""
    handle = bias_slider(page, side).locator(".noUi-handle").bounding_box()
    track = bias_slider(page, side).locator(".noUi-base").bounding_box()
    y = handle["y"] + handle["height"] / 2
    places = [track["x"] + track["width"] * (0.5 + way * 0.8 * (i / MOVES - 0.5)) for i in range(MOVES + 1)]
    pause = {"A": 1.5, "B": 0.3}[side]  # A's last picture comes late; B must not begin to draw what comes next
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(places[0], y)
    time.sleep(pause)
    page.evaluate("() => { since = performance.now(); }")
    busy, start = sum(kernel.cpu_times()[:2]), time.monotonic()  # user and system
    for i, place in enumerate(places[1:]):
        time.sleep(max(0, start + i * INTERVAL - time.monotonic()))
        page.mouse.move(place, y)
    time.sleep(pause)
    busy = sum(kernel.cpu_times()[:2]) - busy
    found = painted(page, side)
    page.mouse.up()
    pictures = len({picture for _, picture, _ in found})
    return 1000 * pictures / found[-1][0], 1000 * busy / pictures


def play(page, side, start):
    """How many half-steps are painted after a press on Play, and the median milliseconds between two of them."""
    page.evaluate("() => { since = performance.now(); }")
    page.locator(SIDES[side]).locator(".widget-play button, .emlib-play").first.click()
    time.sleep(HALF_STEPS * INTERVAL + 3)
    found = [paint for paint in painted(page, side) if paint[1] != start]
    gaps = [after[0] - before[0] for before, after in zip(found, found[1:], strict=False)]
    return len({picture for _, picture, _ in found}), statistics.median(gaps)


def measure_png():
    """CPU milliseconds of `ExplorerPicture.png`, in this process, with no browser open."""
    heading("`ExplorerPicture.png`, CPU, browser off", "scale 1", "scale 2")
    for panels in (DEFAULT_PANELS, (*DEFAULT_PANELS, "table")):
        medians = []
        for scale in (1, 2):
            picture = ExplorerPicture(ExplorerState(), panels, scale)
            picture.png(0)  # draws the background
            spent = []
            for frame in [*range(1, 61)] * ROUNDS:
                start = time.process_time()
                picture.png(frame)
                spent.append(1000 * (time.process_time() - start))
            medians.append(f"{statistics.median(spent):.1f} ms")
        row(", ".join(panels), *medians)


def measure_keys(page):
    waits = {(side, seconds): [] for seconds in RESTS for side in SIDES}
    for _ in range(ROUNDS):
        for side, seconds in waits:
            waits[side, seconds] += press_keys(page, side, seconds)
            rest(page)
    heading("key press to painted picture", "A median", "A p95", "B median", "B p95", "B/A, medians")
    for rests in (*([seconds] for seconds in RESTS), RESTS):
        a, b = ([ms for seconds in rests for ms in waits[side, seconds]] for side in SIDES)
        high = [statistics.quantiles(times, n=20, method="inclusive")[-1] for times in (a, b)]
        middle = [statistics.median(times) for times in (a, b)]
        name = f"after {rests[0]} s" if len(rests) == 1 else "all"
        times = [f"{time:.0f} ms" for pair in zip(middle, high, strict=True) for time in pair]
        row(f"{name}, {len(a)} each", *times, f"{middle[1] / middle[0]:.2f}")


def measure_drags(page, kernel):
    drags = {side: [] for side in SIDES}
    for turn in range(ROUNDS):
        for side in SIDES:
            drags[side].append(drag(page, side, kernel, -1 if turn % 2 else 1))
            rest(page)
    heading("drag", "A", "B", "B/A")
    for which, name in enumerate(("pictures a second", "kernel CPU ms a picture")):
        a, b = (statistics.median(found[which] for found in drags[side]) for side in SIDES)
        row(name, f"{a:.1f}", f"{b:.1f}", f"{b / a:.2f}")


def measure_sharpness(page):
    screen = {"width": 1600, "height": 1700, "deviceScaleFactor": 2, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", screen)
    rest(page)
    page.locator(SIDES["B"]).get_by_role("button", name="Step").click()
    page.wait_for_function("document.querySelector(`${SIDES.B} img`).naturalWidth > 1500")
    heading("picture at rest, device pixel ratio 2", "pixels of the image", "pixels of the page", "ratio")
    for side, place in SIDES.items():
        image = page.locator(f"{place} img").first
        pixels, width = image.evaluate("image => [image.naturalWidth, image.clientWidth]")
        row(side, pixels, width, f"{pixels / width:.2f}")


def measure_playback(page, network):
    explorer = page.locator(SIDES["B"])
    explorer.get_by_label("speed").select_option("fast")
    starts = {side: painted(page, side)[-1][1] for side in SIDES}
    plays = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side in SIDES:
            plays[side].append(play(page, side, starts[side]))
    (a, gap_a), (b, gap_b) = (map(statistics.median, zip(*plays[side], strict=True)) for side in SIDES)
    row(network, f"{a:.0f}", f"{gap_a:.0f} ms", f"{b:.0f}", f"{gap_b:.0f} ms", f"{b / a:.1f}")


def heading(*cells):
    print()
    row(*cells)
    row("---", *["---:"] * (len(cells) - 1))


def row(*cells):
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def print_load():
    if hasattr(os, "getloadavg"):  # not on Windows
        print(f"\nLoad {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.", flush=True)


def main():
    print_load()
    measure_png()
    with opened("live.ipynb") as (page, kernel):
        measure_keys(page)
        measure_drags(page, kernel)
        measure_sharpness(page)
    print_load()
    heading(f"playback of {HALF_STEPS} half-steps", "A painted", "A gap", "B painted", "B gap", "B/A")
    for slow, network in ((False, "here"), (True, f"{DELAY} s away")):
        with opened("playback.ipynb", slow) as (page, _):
            measure_playback(page, network)
    print_load()


if __name__ == "__main__":
    main()
