"""A hurried reader: random interactions with the explorer in a real browser, and what must hold once they rest."""

import ast
import base64
import contextlib
import inspect
import json
import random
import re
import time
from collections import Counter

import numpy as np
from browser import run_all_in_lab, sessions, until, write_notebook
from jupyter_client import BlockingKernelClient
from pixels import pixels
from playwright.sync_api import Error as BrowserError

from emlib.explorer.picture import DEFAULT_PANELS, PANELS, ExplorerPicture
from emlib.explorer.state import DATA, MOST_COINS, PRESETS, ExplorerState
from emlib.page.widget import LEAST, PAGE_WIDTH

CELL = "from emlib.widgets import Explorer\nexplorer = Explorer()\nexplorer"
TYPED = ("6 5 4 2 2", "[3, 3, 7]", "1;2,3 9", "10 0 10 0", " ".join(["3 8"] * 200))
TYPED += ("six", "6 5 x", "11", "4.5", "-1 3", "", "²", "9" * 30, "<b>3</b>")
ANSWERS = ("Not changed: ", "Type your numbers of heads")
KEYS = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End")

# What a reader sees, read from the page. Images may be under way from one to the next: null then.
PAGE_SIDE = """async (explorer) => {
    const controls = {}, name = (node) => plain(node.querySelector('.widget-label').textContent);
    const plain = (text) => text.replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim();
    for (const node of explorer.querySelectorAll('.widget-slider')) {
        const readout = node.querySelector('.widget-readout'), handle = node.querySelector('.noUi-handle');
        if (!node.querySelector('.noUi-handle')) continue;
        controls[name(node)] = Number(handle.getAttribute('aria-valuetext'));
        if (getComputedStyle(readout).display != 'none') controls[name(node) + ', read'] = Number(readout.textContent);
    }
    for (const node of explorer.querySelectorAll('.widget-text'))
        controls[name(node)] = node.querySelector('input').value;
    for (const node of explorer.querySelectorAll('.widget-dropdown'))
        controls[name(node)] = plain(node.querySelector('select').selectedOptions[0].textContent);
    for (const node of explorer.querySelectorAll('.widget-checkbox'))
        controls[plain(node.textContent)] = node.querySelector('input').checked;
    const images = explorer.querySelectorAll('img'), source = images.length == 1 && images[0].src;
    const handles = [...explorer.querySelectorAll('.emlib-handle')];
    const bytes = source ? new Uint8Array(await (await fetch(source)).arrayBuffer()) : [];
    return {
        controls,
        message: ['alert', 'status'].map((role) => explorer.querySelector(`[role=${role}]`).textContent).find(Boolean),
        playing: !!explorer.querySelector('.emlib-play .fa-pause'),
        waiting: explorer.querySelector('.emlib-picture').ariaBusy === 'true',
        frame: Number(explorer.querySelector('.emlib-bar input').value),
        handles: handles.map((node) => Number(node.getAttribute('aria-valuenow'))),
        picture: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
    };
}"""

# Alerts come and go faster than anybody looks, so the page notes them all.
WATCH = """(explorer) => {
    window.alerts = [];
    const alert = explorer.querySelector('[role=alert]');
    new MutationObserver(() => window.alerts.push(alert.textContent)).observe(alert, {childList: true});
}"""

COUNT_MODELS = """async () => {
    const rendermime = window.jupyterapp.shell.currentWidget.content.rendermime;
    const renderer = rendermime.createRenderer('application/vnd.jupyter.widget-view+json');
    const manager = await renderer._manager.promise;
    renderer.dispose();
    return Object.keys(manager._models).length;
}"""


def kernel_side(explorer):
    """What the kernel holds. This function is sent there as text, so it brings all that it needs."""
    import ipywidgets as widgets

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    with explorer._lock:
        state, controls = explorer.state, {}
        explorer.picture.png(state.frame)  # handles are where it is drawn
        for widget in walk(explorer):
            if isinstance(widget, (widgets.BoundedIntText, widgets.Text)):
                controls[widget.description] = str(widget.value)
            elif isinstance(widget, (widgets.FloatSlider, widgets.Checkbox)):
                controls[widget.description] = widget.value
                if isinstance(widget, widgets.FloatSlider):
                    controls[f"{widget.description}, read"] = widget.value
            elif isinstance(widget, widgets.Dropdown):
                controls[widget.description] = widget.label
        return {
            "controls": controls,
            "alert": explorer.view.alert,
            "handles": [
                float(max(handle.value)) * (handle.steps or 1) for handle in explorer.picture.handles(state.frame)
            ],
            "says": state.describe(state.frame),
            "start": [state.start.weights.tolist(), state.start.biases.tolist()],
            "frame": state.frame,
            "text": explorer.text(),
        }


def kernel_memory():
    """Megabytes, and what there is of comms, widgets and figures. Sent to the kernel as text, too."""
    import ctypes
    import gc
    import sys

    import comm
    import psutil
    from ipywidgets.widgets.widget import _instances
    from matplotlib.figure import Figure

    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)  # what has been freed is not counted
    return {
        "kernel MB": psutil.Process().memory_info().rss / 1e6,
        "kernel's blocks of memory": sys.getallocatedblocks(),
        "comms": len(comm.get_comm_manager().comms),
        "widgets": len(_instances),
        "figures": sum(isinstance(thing, Figure) for thing in gc.get_objects()),
    }


def fresh_picture(held, width) -> bytes:
    """The picture that a fresh explorer draws in the state the kernel holds."""
    told, state = json.loads(held["text"]), ExplorerState()
    state.restore(told)
    assert held["says"] == state.describe(state.frame)
    assert held["alert"] == state.problem or held["alert"].startswith(ANSWERS), held["alert"]
    picture = ExplorerPicture(state, told["panels"], width / PAGE_WIDTH)
    picture.least = LEAST * told["projector"]
    return picture.png(held["frame"])


def same(one, other) -> bool:
    """Whether a value in the kernel is what the page shows of it: a slider shows two decimals."""
    return abs(one - other) < 0.0051 if isinstance(one, float) else one == other


class Soak:
    """An explorer in JupyterLab, a reader in a hurry, and a second connection to the kernel that only looks.

    Parameters
    ----------
    page : playwright.sync_api.Page
    lab : browser.Server
        A JupyterLab with --expose-app-in-browser.
    seed : int
        The same seed does the same things, though never at the same moments.
    """

    def __init__(self, page, lab, seed=1):
        self.page, self.random = page, random.Random(seed)
        self.log = lab.home / "log"
        self.logged = len(self.log.read_text(encoding="utf-8"))  # before
        self.errors, self.done, self.reach = [], Counter(), 30
        self.patience = 60_000  # milliseconds for a control that is there
        page.on("pageerror", lambda error: self.errors.append(f"page: {error}"))
        page.on("console", lambda message: message.type == "error" and self.errors.append(f"console: {message.text}"))
        write_notebook(lab.home / "soak.ipynb", CELL)
        run_all_in_lab(page, lab.address, "soak.ipynb")
        self.explorer = page.locator(".emlib-explorer")
        self.explorer.locator("img").wait_for()
        self.explorer.evaluate(WATCH)
        page.get_by_text("More: coins, view").click()
        (kernel,) = [session["kernel"]["id"] for session in sessions(lab.address) if session["name"] == "soak.ipynb"]
        connection = lab.home / "JUPYTER_RUNTIME_DIR" / f"kernel-{kernel}.json"
        self.client = BlockingKernelClient(connection_file=str(connection))
        self.client.load_connection_file()
        self.client.start_channels(iopub=False, stdin=False, hb=False)
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("Performance.enable")
        self.actions = {
            self.press_keys: 20,
            self.drag: 12,
            self.press_run_button: 24,
            self.press_play: 12,
            self.choose_preset: 5,
            self.burst: 6,
            self.change_view: 10,
            self.change_data: 10,
            self.compare: 5,
            self.make_files: 0.3,
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()

    # What the reader does.

    def interact(self, times):
        """So many interactions, and no waiting for answers, except now and then a short while."""
        self.patience = 1000  # the kernel may take a control away meanwhile
        for _ in range(times):
            (action,) = self.random.choices(list(self.actions), self.actions.values())
            try:
                action()
                self.done[action.__name__] += 1
            except BrowserError:  # the kernel took the control away under the reader's hand
                self.page.mouse.up()
                self.done["came too late"] += 1
            if self.random.random() < 0.05:
                self.page.wait_for_timeout(1000 * self.random.uniform(0, 1.5))
        self.patience = 60_000

    def click(self, target):
        target.click(force=True, timeout=self.patience)

    def handle(self):
        """One of the sliders, those of the start more often than the one of half-steps."""
        handles = self.explorer.locator(self.random.choice([".noUi-handle", ".emlib-handle"]))
        return handles.nth(self.random.choice([0, self.random.randrange(max(handles.count(), 1))]))

    def press_keys(self):
        self.handle().focus(timeout=self.patience)
        for key in self.random.choices(KEYS, k=self.random.randint(1, 4)):
            self.page.keyboard.press(key)

    def drag(self):
        box = self.handle().bounding_box(timeout=self.patience)
        if box is None:  # it has gone meanwhile: other data have other handles
            return
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for _ in range(self.random.randint(1, 5)):
            self.page.mouse.move(x + self.random.uniform(-200, 200), y + self.random.uniform(-90, 90))
        self.page.mouse.up()

    def press_run_button(self):
        name = self.random.choice(["Back", "Step", "Step", "Reset", "Earlier ..."])
        earlier = self.explorer.locator(".emlib-actions button").last  # Reset, where there is nothing earlier
        self.click(earlier if name == "Earlier ..." else self.explorer.get_by_role("button", name=name))

    def press_play(self):
        self.click(self.explorer.locator(".emlib-play"))

    def choose_preset(self):
        choices = ["Choose a start ...", *PRESETS]
        self.select("try", self.random.choice(choices))

    def burst(self):
        """Several buttons in one moment."""
        names = self.random.choices(
            ["Back", "Step", "Reset", "Keep", "Forget", "Toss", "Use"], k=self.random.randint(2, 6)
        )
        self.explorer.evaluate(
            """(explorer, names) => { const buttons = [...explorer.querySelectorAll('button')];
            for (const name of names) buttons.find((button) => button.textContent.startsWith(name)).click(); }""",
            names,
        )

    def change_view(self):
        self.open_tab("Coins and view")
        what = self.random.choice(["coins", "coins", "iterations", "speed", "projector", "ahead", "panel", "panel"])
        if what == "coins":
            self.type("coins", self.random.choice([*range(1, MOST_COINS + 1), 0, 99]))
        elif what == "iterations":
            self.type("iterations", self.random.choice([1, 2, 7, self.reach, 0, ""]))
        elif what == "speed":
            self.explorer.get_by_label("speed").select_option(
                self.random.choice(["slow", "normal", "fast"]), timeout=self.patience
            )
        else:
            boxes = {"projector": "projector size", "ahead": "the run ahead"}
            self.tick(boxes.get(what) or self.random.choice(list(PANELS)))

    def change_data(self):
        self.open_tab("Data")
        what = self.random.choice(["data", "reveal", "toss", "toss", "type"])
        if what == "data":
            self.select("data", self.random.choice([*DATA, "your data"]))
        elif what == "reveal":
            self.tick("reveal the coins")
        elif what == "toss":
            for field, values in (("sequences", (1, 30, 1000)), ("tosses", (1, 10, 100)), ("seed", (0, 1, 999))):
                if self.random.random() < 0.5:
                    self.type(field, self.random.choice(values))
            self.click(self.explorer.get_by_role("button", name="Toss the coins"))
        else:
            self.type("heads", self.random.choice(TYPED))
            self.click(self.explorer.get_by_role("button", name="Use these"))

    def compare(self):
        self.open_tab("Compare")
        name = self.random.choice(["Keep this run", "Keep this run", "Forget the kept runs"])
        self.click(self.explorer.get_by_role("button", name=name))

    def make_files(self):
        self.open_tab("Save")
        self.click(self.explorer.get_by_role("button", name="Make the files"))

    def open_tab(self, name):
        tab = self.explorer.locator(".lm-TabBar-tab", has_text=name)
        if not tab.is_visible():  # a drag that ended on the line above folded it
            self.click(self.page.get_by_text("More: coins, view"))
        self.click(tab)

    def field(self, kind, name):
        return self.explorer.locator(f".widget-{kind}", has_text=re.compile(rf"^\u200b?{name}"))

    def type(self, name, text):
        field = self.field("text", name).locator("input")
        field.fill(str(text), force=True, timeout=self.patience)
        field.press(self.random.choice(["Enter", "Tab"]), timeout=self.patience)

    def select(self, name, choice):
        self.field("dropdown", name).locator("select").select_option(choice, force=True, timeout=self.patience)

    def tick(self, name):
        self.click(self.field("checkbox", name).locator("input"))

    # What must hold.

    def ask(self, function, argument=""):
        """The value of a function of this module in the kernel."""
        # Not over the channel of outputs, which drops messages when an explorer sends many pictures.
        reply = self.client.execute(
            inspect.getsource(function),
            silent=True,
            user_expressions={"answer": f"__import__('json').dumps({function.__name__}({argument}))"},
            reply=True,
            timeout=120,
        )
        answer = reply["content"]["user_expressions"]["answer"]
        assert answer["status"] == "ok", answer
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def rest(self):
        """Pause, and wait until nothing changes any more; return what the kernel holds."""
        held, still = None, 0
        end = time.monotonic() + 180
        while still < 3:
            assert time.monotonic() < end, f"it does not come to rest: {held}"
            self.page.wait_for_timeout(400)
            seen = self.look()
            if seen["playing"]:
                self.press_play_to_pause()
            before, held = held, self.ask(kernel_side, "explorer")
            still = still + 1 if held == before and not seen["playing"] and not seen["waiting"] else 0
        return held

    def press_play_to_pause(self):
        with contextlib.suppress(BrowserError):
            self.click(self.explorer.locator(".emlib-play"))

    def look(self):
        return self.explorer.evaluate(PAGE_SIDE)

    def check(self):
        """Let it rest, and compare the page with the kernel, and both with a fresh explorer."""
        held, seen = self.rest(), self.look()
        names = held["controls"].keys() | seen["controls"].keys()
        pairs = {name: (held["controls"].get(name), seen["controls"].get(name)) for name in names}
        pairs["the words"] = held["alert"] or held["says"], seen["message"]
        pairs["the frame"] = held["frame"], seen["frame"]
        pairs["the number of handles"] = len(held["handles"]), len(seen["handles"])
        pairs |= {f"handle {i}": pair for i, pair in enumerate(zip(held["handles"], seen["handles"], strict=False))}
        for name, values in zip(("weight", "bias"), held["start"], strict=True):
            for number, value in enumerate(values, 1):
                pairs[f"the start, {name} {number}"] = value, seen["controls"][f"{name} {number}"]
        wrong = {name: pair for name, pair in pairs.items() if None in pair or not same(*pair)}
        assert not wrong, f"(kernel, page): {wrong}"
        shown = pixels(base64.b64decode(seen["picture"]))
        expected = pixels(fresh_picture(held, shown.shape[1]))
        assert np.array_equal(expected, shown), f"another picture, {shown.shape} for {expected.shape}"
        alerts = [text for text in self.page.evaluate("window.alerts") if text.startswith("Error: ")]
        wrong = alerts + self.errors
        _, *trace = self.log.read_text(encoding="utf-8")[self.logged :].partition("Traceback")
        assert not wrong and not trace[0], f"{wrong}\n{''.join(trace)}"

    def memory(self):
        """Megabytes and counts in the kernel and in the page, which is put into one and the same state before."""
        self.rest()
        self.open_tab("Coins and view")
        for name in ("projector size", "the run ahead", *reversed(PANELS)):  # at least one panel is always ticked
            self.field("checkbox", name).locator("input").set_checked(name in (*DEFAULT_PANELS, "the run ahead"))
        self.type("iterations", self.reach)
        self.click(self.explorer.get_by_role("button", name="Reset"))
        self.open_tab("Compare")
        self.click(self.explorer.get_by_role("button", name="Forget the kept runs"))
        self.rest()
        return self.ask(kernel_memory) | self.page_memory()

    def page_memory(self):
        self.devtools.send("HeapProfiler.collectGarbage")
        metrics = {
            metric["name"]: metric["value"] for metric in self.devtools.send("Performance.getMetrics")["metrics"]
        }
        return {
            "page MB": metrics["JSHeapUsedSize"] / 1e6,
            "nodes": int(metrics["Nodes"]),
            "models": self.page.evaluate(COUNT_MODELS),
        }

    def run_cell_again(self, times):
        """Run the explorer's cell over and over, and measure before and after."""
        self.rest()
        measured = [self.ask(kernel_memory) | self.page_memory()]
        self.page.locator(".jp-CodeCell .cm-content").first.click()
        prompt = self.page.locator(".jp-InputPrompt").first
        for _ in range(times):
            before = prompt.inner_text()
            self.page.keyboard.press("Control+Enter")
            until(lambda before=before: prompt.inner_text() not in (before, "[*]:"))
        self.explorer.locator("img").wait_for()
        self.rest()
        return [*measured, self.ask(kernel_memory) | self.page_memory()]
