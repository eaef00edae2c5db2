"""Execute notebooks, so that the committed outputs are those of the present code, and say what changed.

`python3 run.py refresh` does all of them, two at a time; names after it choose some. Run twice, it changes no byte.
"""

import base64
import difflib
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import signposts
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from PIL import Image

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    # What "export as script" needs to know; no version, which would differ from machine to machine.
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def refresh(path: Path) -> list[str]:
    """Run one notebook from a clean kernel, keep what is the same every time, and return what has changed."""
    notebook = nbformat.read(path, as_version=4)
    before = {cell.id: shown(cell) for cell in notebook.cells}
    # Widget state and view ids are random and need a live kernel; the still picture beside them is what readers see.
    client = NotebookClient(notebook, timeout=120, store_widget_state=False, coalesce_streams=True)
    try:
        client.execute(cwd=path.parent, stderr=subprocess.DEVNULL)  # of the kernel process; errors of cells are raised
    except (CellControlSignal, DeadKernelError) as error:
        sys.exit(f"{name_of(path)} does not run through, and stays as it was. {error}")
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # time stamps
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET_VIEW, None)
            if "text/plain" in data:
                data["text/plain"] = re.sub("(?<= at 0x)[0-9a-f]{6,}", "...", data["text/plain"])  # in memory
        for data, old in zip(pictures(cell), before[cell.id][1], strict=False):
            if data.keys() == old.keys() and data.get("text/plain") == old.get("text/plain"):
                if not moved(old["image/png"], data["image/png"]):
                    data.update(old)
    notebook.metadata = METADATA
    written = nbformat.writes(notebook) + "\n"
    if written != path.read_text(encoding="utf-8"):
        signposts.write_whole(path, written)
    changes = ((cell, difference(before[cell.id], shown(cell))) for cell in notebook.cells)
    return [f"  cell {cell.id}: {words}" for cell, words in changes if words]


def pictures(cell) -> list[dict]:
    return [output.data for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]


def shown(cell) -> tuple[str, list[dict]]:
    """The text of a cell's outputs, and its pictures."""
    outputs = cell.get("outputs", [])
    text = [output.get("text", output.get("data", {}).get("text/plain", "")) for output in outputs]
    return "\n".join(text), [dict(data) for data in pictures(cell)]


def difference(before, after) -> str:
    """How far outputs moved, in words; nothing if they did not."""
    words = []
    (old, then), (new, now) = before, after
    if old != new and NUMBER.sub("#", old) == NUMBER.sub("#", new):
        pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
        a, b = max(((a, b) for a, b in pairs if a != b), key=lambda pair: abs(float(pair[0]) - float(pair[1])))
        words.append(f"numbers, at most from {a} to {b}")
    elif old != new:
        lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
        words.append("text\n" + "\n".join(f"    {line}" for line in lines if not line.startswith(("---", "+++", "@@"))))
    if len(then) != len(now):
        words.append(f"{len(then)} pictures, now {len(now)}")
    shares = (moved(a["image/png"], b["image/png"]) for a, b in zip(then, now, strict=False))
    words += [f"picture, {share:.2%} of its pixels" for share in shares if share]
    return "; ".join(words)


def moved(old: str, new: str) -> float:
    """The share of the pixels of a picture that an eye could tell from those before.

    Processors differ in the last digit of a logarithm, and so do the greys at the edge of a line.
    """
    a, b = (np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), dtype=int) for png in (old, new))
    return 1.0 if a.shape != b.shape else np.mean(np.any(np.abs(a - b) > 3, axis=-1))


def name_of(path: Path) -> str:
    """Its file's name; of a translation with its folder."""
    folder = path.absolute().parent
    return path.name if folder == Path(__file__).absolute().parent else f"{folder.name}/{path.name}"


def main(names: list[str]) -> None:
    os.environ.pop("EMLIB_LANGUAGE", None)  # each notebook has its own
    here = Path(__file__).parent
    signposts.begin_what_is_new()
    chosen = [Path(name) for name in names] or sorted([*here.glob("*.ipynb"), *here.glob("[a-z][a-z]/*.ipynb")])
    for path in chosen:
        if not path.is_file():
            sys.exit(f"There is no file {path.absolute()}.")
    with ThreadPoolExecutor(min(len(chosen), os.cpu_count())) as pool:
        try:
            for number, (path, changes) in enumerate(zip(chosen, pool.map(refresh, chosen), strict=True), start=1):
                bar = "#" * round(20 * number / len(chosen))
                print(f"[{bar:20}] {name_of(path)}: {'what changed' if changes else 'nothing changed'}", flush=True)
                for line in changes:
                    print(line)
        except KeyboardInterrupt:
            print("\nStopping, once the notebooks that run are done ...", file=sys.stderr)
            raise
    signposts.write()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        print("Stopped. Every notebook is whole, run anew or as it was.", file=sys.stderr)
        sys.exit(130)
