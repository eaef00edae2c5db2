"""The lecture in full screen, and the course for a class, from this machine; README.md beside this file has the plan.

python3 run.py lecture             ninety minutes: one demo after another, by the keys of a presenter's remote
python3 run.py lecture 45          forty-five minutes
python3 run.py lecture --again     take up the last lecture where it was, with the data of the class
python3 run.py lecture class       serve the notebooks as pages to a class in the same network

No network is needed. Ctrl+C ends it, and every kernel with it.
"""

import argparse
import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "export"))
import chromium  # noqa: E402

ROOT = HERE.parents[1]
KEPT = HERE / "last-lecture.json"  # git ignores it
PATIENCE = 60  # seconds until the server must be there
IDLE = 600  # seconds without a page, after which a reader's kernel ends
FLAGS = ["--start-fullscreen", "--no-first-run", "--no-default-browser-check", "--disable-sync"]


def free_port(address: str) -> int:
    with socket.socket() as free:
        free.bind((address, 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running(command: list, address: str, port: int, folder: Path, **variables: str):
    """A server that answers."""
    options = {"cwd": folder, "env": os.environ | {"JUPYTER_PATH": str(HERE)} | variables}  # where the template is
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log, **options)
        try:
            wait_for(f"http://{address}:{port}/api", process, log)
            yield
        finally:
            process.terminate()
            process.wait(30)


def settings(**values) -> list[str]:
    """Options of a Jupyter server. A page's kernel ends with it; where that goes unheard, it ends when idle."""
    values |= {"MappingKernelManager.cull_idle_timeout": IDLE, "MappingKernelManager.cull_interval": IDLE // 10}
    return [f"--{name}={value}" for name, value in values.items()]


def wait_for(address: str, process, log) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return  # it is there
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                log.seek(0)
                sys.exit(f"The server did not start.\n{log.read()}")
            time.sleep(0.05)


@contextlib.contextmanager
def lecture(length: int, notebooks: Path, kept: Path = KEPT):
    """The address of a lecture. The same server has JupyterLab for the notebooks, so nobody else must reach it."""
    port, token = free_port("127.0.0.1"), secrets.token_urlsafe()
    variables = {
        "EMLIB_LECTURE_LENGTH": str(length),
        "EMLIB_LECTURE_KEPT": str(kept),
        "EMLIB_LECTURE_NOTEBOOKS": notebooks.relative_to(ROOT).as_posix(),
    }
    own = {"ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.root_dir": ROOT}
    options = settings(**own, **{"IdentityProvider.token": token})
    command = ["jupyter", "lab", "--no-browser", "--allow-root", *options]
    with running(command, "127.0.0.1", port, ROOT, **variables):
        yield f"http://127.0.0.1:{port}/voila/render/notebooks/lecture/lecture.ipynb?token={token}"


def without_exercises(notebook: dict) -> dict:
    """A notebook to be read: without the parts in which readers replace dots, which a page with no cells cannot do."""
    kept, part = [], []
    for cell in [*notebook["cells"], None]:
        if cell is None or re.match("##+ ", "".join(cell["source"])):
            if not any(re.search(r"^ *(\w+ =|return)? *\.\.\.", "".join(one["source"]), re.MULTILINE)
                       for one in part if one["cell_type"] == "code"):  # fmt: skip
                kept += part
            part = []
        part.append(cell)
    return notebook | {"cells": kept}


@contextlib.contextmanager
def class_room(notebooks: list[Path], address: str, port: int, token: str):
    """Notebooks and the lecture as pages for whoever knows the token. Voila alone runs nothing but what is in them."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for path in notebooks:
            read = without_exercises(json.loads(path.read_text(encoding="utf-8")))
            (Path(folder) / path.name).write_text(json.dumps(read), encoding="utf-8")
        for name in ("lecture.ipynb", "plan.py", "stage.py", "stage.js", "stage.css"):
            shutil.copy(HERE / name, folder)
        own = {"Voila.ip": address, "Voila.port": port, "Voila.token": token, "VoilaConfiguration.template": "lecture"}
        options = [*settings(**own), "--VoilaConfiguration.strip_sources=False", "--no-browser"]
        with running(["voila", folder, *options], "127.0.0.1", port, Path(folder)):
            yield


def own_address() -> str:
    """This machine's address in its network; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # an address that is kept for examples
        except OSError:
            return "127.0.0.1"
        return way.getsockname()[0]


def show(address: str) -> None:
    """Open a browser in full screen, and return when it has been closed; or say how to, and wait for Ctrl+C."""
    if browser := chromium.find():
        print("Alt+F4 ends the lecture (macOS: Cmd+Q), F11 leaves full screen.", flush=True)
        with tempfile.TemporaryDirectory(
            ignore_cleanup_errors=True
        ) as profile:  # else a browser that runs would open it
            command = [browser, f"--user-data-dir={profile}", *FLAGS, f"--app={address}"]
            if subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0:
                return
    webbrowser.open(address)
    print(f"The lecture is at {address}", flush=True)
    print("F11 fills the screen (macOS: Ctrl+Cmd+F). Ctrl+C here ends the lecture.", flush=True)
    while True:
        time.sleep(3600)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python3 run.py lecture", description=__doc__, add_help=True)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="?", default="90", choices=["45", "90", "class"])
    parser.add_argument("--again", action="store_true", help="take up the last lecture")
    parser.add_argument("--port", type=int, default=8866, help="of the pages for a class")
    asked = parser.parse_args(arguments)
    copies = ROOT / "working-copies"
    if asked.what == "class":
        token = secrets.token_hex(4)
        paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
        with class_room(paths, "0.0.0.0", asked.port, token):
            here = f"http://{own_address()}:{asked.port}/voila/render"
            print(f"The notebooks: {here}/{paths[0].name}?token={token}", flush=True)
            print(f"The lecture: {here}/lecture.ipynb?token={token}", flush=True)
            print("Whoever knows these addresses can read. Ctrl+C ends it.", flush=True)
            while True:
                time.sleep(3600)
    if not asked.again:
        KEPT.unlink(missing_ok=True)
    elif not KEPT.exists():
        sys.exit("There is no lecture to take up.\nType the same without --again.")
    with lecture(int(asked.what), copies if copies.is_dir() else ROOT / "notebooks") as address:
        show(address)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit()
