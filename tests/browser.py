"""Real browsers and servers for the tests and the benchmarks."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path
from typing import NamedTuple

import nbformat
from forms import lacking
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "notebooks" / "export"))
import chromium  # noqa: E402

CHROMIUM = chromium.find()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


class Server(NamedTuple):
    address: str
    home: Path
    page: object = None  # of a browser, in which it is open


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def jupyter_server(app: str, home: Path, *options: str):
    """The address of `lab` or `notebook`, serving a folder to anyone on this machine, with settings of its own."""
    port = free_port()
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    own["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    own["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "workspaces")
    command = [sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    arguments = [
        *command,
        f"--port={port}",
        *options,
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
    ]
    with open(home / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(arguments, cwd=home, env=os.environ | own, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(address + "/api/status", timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (home / "log").read_text(encoding="utf-8")
                time.sleep(0.2)
        else:
            raise RuntimeError(f"the server did not start:\n{(home / 'log').read_text(encoding='utf-8')}")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of code cells, which needs not be asked for its kernel."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    made = [nbformat.v4.new_code_cell(cell.strip()) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=metadata), path)


def words_of_pictures(path: Path) -> list[str]:
    """What the pictures of a notebook show, in words."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    return ["".join(data["text/plain"]) for data in found if "image/png" in data]


def chromium_or_none():
    """A real Chromium, for a fixture. Where there is none, what needs it is skipped."""
    if not CHROMIUM:
        lacking(chromium.MISSING, "BROWSER_TESTS")
    with launch_chromium() as browser:
        yield browser


@contextlib.contextmanager
def launch_chromium():
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def new_page(browser, width=1366, height=768):
    """A page of a reader who was never here before."""
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        context.set_default_timeout(60_000)
        yield context.new_page()


def run_all_in_lab(page, address: str, notebook: str) -> None:
    """Open a notebook in JupyterLab and run all its cells."""
    page.goto(f"{address}/lab/workspaces/{uuid.uuid4().hex}/tree/{notebook}")  # where no other notebook lies open
    run_all(page)


def run_all(page) -> None:
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("| Idle").wait_for()  # before it has a kernel, Lab would ask for one
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


OPEN = "async (path) => { await jupyterapp.commands.execute('docmanager:open', { path }); }"
# A tab that is closed while it still opens makes JupyterLab complain, so it opens first, and who waits for it goes on.
CLOSE = """async () => {
    for (const tab of [...jupyterapp.shell.widgets('main')]) {
        await Promise.all([tab.revealed, tab.context?.ready, tab.sessionContext?.ready]);
        await new Promise((resolve) => setTimeout(resolve));
        tab.dispose(); // and is asked for nothing
    }
}"""


@contextlib.contextmanager
def opened_in_lab(lab: Server, notebook: str):
    """The page of a JupyterLab that has been open for long, with a notebook alone in it, where no script fails."""
    errors, page = [], lab.page
    listen = lambda error: errors.append(str(error))  # noqa: E731
    page.on("pageerror", listen)
    page.evaluate(OPEN, notebook)
    yield page
    page.evaluate(CLOSE)
    page.remove_listener("pageerror", listen)
    end_kernels(lab.address)
    assert errors == [], errors


@contextlib.contextmanager
def running_in_lab(lab: Server, name: str, *cells: str):
    """The same, with a notebook of these cells, which runs."""
    write_notebook(lab.home / name, *cells)
    with opened_in_lab(lab, name) as page:
        run_all(page)
        yield page


def sight(page, name: str):
    """The first widget of ours of a kind, in sight."""
    widget = page.locator(f".emlib-{name}").first
    widget.wait_for(state="attached")
    widget.evaluate("node => node.scrollIntoView()")
    return widget


def choose_theme(page, theme: str) -> None:
    """Light or Dark, by JupyterLab's own menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text(f"JupyterLab {theme}", exact=True).click()
    until(lambda: page.locator("body").get_attribute("data-jp-theme-name") == f"JupyterLab {theme}")


def sessions(address: str) -> list[dict]:
    """The notebooks that have a kernel on a Jupyter server."""
    with urllib.request.urlopen(f"{address}/api/sessions") as answer:
        return json.load(answer)


def end_kernels(address: str) -> None:
    for session in sessions(address):
        request = urllib.request.Request(f"{address}/api/sessions/{session['id']}", method="DELETE")
        urllib.request.urlopen(request).close()


def until(condition, seconds=60):
    """Wait for something to become true, and return it."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "nothing changed"
        time.sleep(0.05)
    return value


def shown(explorer) -> int:
    """A number made from all pixels of the picture on show, once it is decoded."""
    return explorer.locator("img").first.evaluate(
        """async (image) => {
            for (let source = null; source !== image.src;) {  // another picture may come while one is decoded
                source = image.src;
                await image.decode().catch((error) => { if (image.src === source) throw error; });
            }
            const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            let sum = 7;
            for (const pixel of new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer))
                sum = (Math.imul(sum, 31) + pixel) | 0;
            return sum;
        }"""
    )
