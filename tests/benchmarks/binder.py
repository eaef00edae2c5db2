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

LECTURE = """
import resource, sys
sys.path.insert(0, "notebooks/lecture")
from stage import Stage

on = Stage(90)
for number in range(len(on.demos)):
    on.speaker.at = number
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
VOILA = """
import importlib.metadata as m
files = [path.locate() for name in ("voila", "websockets") for path in m.files(name)]
print(sum(path.stat().st_size for path in files if path.exists()))
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


def kernel(made, source: str) -> int:
    """Megabytes of a kernel that has run a cell, at its most, which the cell prints."""
    code = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": [code], "metadata": python, "nbformat": 4, "nbformat_minor": 5}
    printed = []
    for _ in range(3):
        made.write("kernel.ipynb", json.dumps(notebook))
        made.run("jupyter", "execute", "--inplace", "kernel.ipynb")
        cell = json.loads((made.home / "kernel.ipynb").read_text(encoding="utf-8"))["cells"][0]
        printed.append(int("".join(cell["outputs"][0]["text"])))
    return statistics.median(printed)


def measure(made) -> None:
    with_cache, without, ready, without_voila = [], [], [], []
    voila = json.loads(made.run("python", "-c", VOILA))
    extension = made.environment / "etc" / "jupyter" / "jupyter_server_config.d" / "voila.json"
    for _ in range(5):
        with_cache.append(seconds(made, "python", "-c", FIRST))
        forget(made)
        without.append(seconds(made, "python", "-c", FIRST))  # and makes them again
        with made.lab() as (_, waited):
            ready.append(waited)
        extension.rename(aside := extension.with_suffix(".aside"))
        with made.lab() as (_, waited):
            without_voila.append(waited)
        aside.rename(extension)
    rows = [
        ("JupyterLab answers after", f"{statistics.median(ready):.1f} s"),
        ("the same without Voila, which the lecture needs", f"{statistics.median(without_voila):.1f} s"),
        ("what Voila adds to the image", f"{voila / 1e6:.0f} MB"),
        ("first explorer in a new Python, with what postBuild made", f"{statistics.median(with_cache):.1f} s"),
        ("the same without", f"{statistics.median(without):.1f} s"),
        ("ratio", f"{statistics.median(with_cache) / statistics.median(without):.2f}"),
        ("kernel at its most, after a whole run", f"{kernel(made, CELL)} MB"),
        ("kernel of the lecture, after all slides", f"{kernel(made, LECTURE)} MB"),
    ]
    print("| on this machine, medians | |\n|---|---:|")
    for what, value in rows:
        print(f"| {what} | {value} |")


if __name__ == "__main__":
    with image() as made:
        measure(made)
