"""What a reader on Binder waits for, and how much memory that takes: the same steps, on this machine."""

import json
import shutil
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from binder import image  # noqa: E402

FIRST = "from emlib.widgets import Explorer; Explorer()._repr_mimebundle_()"
CELL = """
import resource
from emlib.widgets import Explorer

explorer = Explorer()
explorer.fold.selected_index = 0
for frame in range(explorer.state.frames):
    explorer.picture.png(frame), explorer.sharp.png(frame)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def seconds(made, *command) -> float:
    since = time.perf_counter()
    made.run(*command)
    return time.perf_counter() - since


def forget(made) -> None:
    """What postBuild made: the list of fonts, and Python's cache of emlib."""
    shutil.rmtree(made.home / ".cache" / "matplotlib", ignore_errors=True)
    for folder in made.home.rglob("__pycache__"):
        shutil.rmtree(folder)


def kernel(made) -> int:
    """Megabytes of a kernel that has drawn a whole run, at its most."""
    code = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": CELL}
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": [code], "metadata": python, "nbformat": 4, "nbformat_minor": 5}
    made.write("kernel.ipynb", json.dumps(notebook))
    made.run("jupyter", "execute", "--inplace", "kernel.ipynb")
    cell = json.loads((made.home / "kernel.ipynb").read_text(encoding="utf-8"))["cells"][0]
    return int("".join(cell["outputs"][0]["text"]))


def measure(made) -> None:
    with_cache, without, ready = [], [], []
    for _ in range(5):
        with_cache.append(seconds(made, "python", "-c", FIRST))
        forget(made)
        without.append(seconds(made, "python", "-c", FIRST))  # and makes them again
        with made.lab() as (_, waited):
            ready.append(waited)
    rows = [
        ("JupyterLab answers after", f"{statistics.median(ready):.1f} s"),
        ("first explorer in a new Python, with what postBuild made", f"{statistics.median(with_cache):.1f} s"),
        ("the same without", f"{statistics.median(without):.1f} s"),
        ("ratio", f"{statistics.median(with_cache) / statistics.median(without):.2f}"),
        ("kernel at its most, after a whole run", f"{statistics.median([kernel(made) for _ in range(3)])} MB"),
    ]
    print("| on this machine, medians | |\n|---|---:|")
    for what, value in rows:
        print(f"| {what} | {value} |")


if __name__ == "__main__":
    with image() as made:
        measure(made)
