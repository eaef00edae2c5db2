"""JupyterLab in a real Chromium, as a student meets it: open a notebook, run it, move a slider, press Play."""

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

if not CHROMIUM and os.environ.get("BROWSER_TESTS") != "required":
    pytest.skip(
        "browser tests need Chromium: install it (Debian: sudo apt install chromium) or set CHROMIUM to its path",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that serves a copy of the notebooks, with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
    ]
    command += [
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={home}",
        f"--LabApp.workspaces_dir={home / 'spaces'}",
    ]
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, (home / "log").read_text()
                time.sleep(0.2)
        else:
            pytest.fail(f"JupyterLab did not start:\n{(home / 'log').read_text()}")
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def page(lab):
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(30_000)
        yield page
        browser.close()


def shown(explorer):
    """The bytes of the picture on show, once it is decoded."""
    return explorer.locator("img").first.evaluate(
        """async (image) => {
            await image.decode();
            const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data).reduce(
                (sum, value, index) => (sum * 31 + value * (index % 7 + 1)) % 2147483647, 7);
        }"""
    )


def until(condition, seconds=30):
    """Wait for something to become true, and return it."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "nothing changed"
        time.sleep(0.05)
    return value


def test_a_student_runs_the_explorer(lab, page):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/lab/tree/notebooks/04-to-convergence.ipynb")
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("| Idle").wait_for()  # before it has a kernel, Lab would ask for one
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    explorer = page.locator(".emlib-explorer").first
    explorer.wait_for(state="attached")  # Lab has scrolled on to the last cell
    status = explorer.locator("[role=status]")
    explorer.evaluate("node => node.scrollIntoView()")
    until(lambda: "Iteration 2, E-step: biases 0.354, 0.428, 0.513" in status.inner_text())

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
    explorer.locator("button").first.click()
    until(lambda: "Iteration 2, M-step" in status.inner_text() or "Iteration 3" in status.inner_text())
    assert shown(explorer) != moved
    explorer.get_by_role("button", name="Reset").click()
    until(lambda: "Start: biases 0.400, 0.500, 0.650" in status.inner_text())
    explorer.get_by_role("button", name="Step").click()
    until(lambda: "Iteration 1, E-step" in status.inner_text())
    assert page.locator(".emlib-explorer [role=alert]").count() == 0
    assert errors == []
