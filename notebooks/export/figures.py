"""The pictures of a notebook as files for a paper or a script."""

import shutil
from pathlib import Path

import nbformat
import pages

FAILED = "could not be written: "


def write(path: Path, folder: Path) -> Path:
    """Run a notebook and write what it shows, numbered in its order, into a folder of its own."""
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    notebook = nbformat.read(path, as_version=4)
    variables = {"EXPORTED_FIGURES": str(part), "EXPORT_FAILED": FAILED}
    pages.run(notebook, path.parent, pages.HERE / "drawing.py", variables)
    # IPython would pass over what a picture raises as it is shown.
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = [output.get("data", {}).get("text/html", "") for output in outputs]
    if failed := [said for said in shown if said.startswith(FAILED)]:
        shutil.rmtree(part)
        raise OSError(failed[0].removeprefix(FAILED))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return folder
