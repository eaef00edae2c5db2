"""Real browsers and servers for the tests and the benchmarks."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


def require_chromium():
    """Skip a module of browser tests where there is no browser, unless the tests are told that there must be one."""
    if not CHROMIUM and os.environ.get("BROWSER_TESTS") != "required":
        pytest.skip(
            "browser tests need Chromium: install it (Debian: sudo apt install chromium) or set CHROMIUM to its path",
            allow_module_level=True,
        )


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def server(home: Path, *command: str, ready="/api/status", theme=None):
    """The address of a Jupyter server in a folder of its own, with settings of its own.

    `command` is what follows `python -m jupyter`; {port} in it stands for the port.
    """
    port = free_port()
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    settings = home / "settings"
    if theme:
        chosen = settings / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
        chosen.parent.mkdir(parents=True)
        chosen.write_text(f'{{"theme": "{theme}"}}')
    own["JUPYTERLAB_SETTINGS_DIR"] = str(settings)
    own["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "workspaces")
    arguments = [sys.executable, "-m", "jupyter", *(part.format(port=port) for part in command)]
    with open(home / "log", "w") as log:
        process = subprocess.Popen(arguments, cwd=home, env=os.environ | own, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(address + ready, timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (home / "log").read_text()
                time.sleep(0.2)
        else:
            raise RuntimeError(f"the server did not start:\n{(home / 'log').read_text()}")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def jupyter_server(app: str, home: Path, theme=None):
    """`lab` or `notebook`, serving a folder to anyone on this machine."""
    options = ("--no-browser", "--allow-root", "--ip=127.0.0.1", "--port={port}", "--IdentityProvider.token=")
    return server(home, app, *options, theme=theme)


@contextlib.contextmanager
def chromium_page(width=1366, height=768, **context):
    """A page in a fresh profile of a real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": height}, **context)
        page.set_default_timeout(30_000)
        try:
            yield page
        finally:
            browser.close()


def run_all_in_lab(page, address: str, notebook: str) -> None:
    """Open a notebook in JupyterLab and run all its cells."""
    page.goto(f"{address}/lab/tree/{notebook}")
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("| Idle").wait_for()  # before it has a kernel, Lab would ask for one
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def until(condition, seconds=30):
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
            return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data).reduce(
                (sum, value, index) => (sum * 31 + value * (index % 7 + 1)) % 2147483647, 7);
        }"""
    )
