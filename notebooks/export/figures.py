"""The pictures of a notebook as files for a paper or a script."""

import shutil
from pathlib import Path

import nbformat
import pages


def write(path: Path, folder: Path) -> Path:
    """Run a notebook and write what it shows, numbered in its order, into a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    notebook = nbformat.read(path, as_version=4)
    pages.run(notebook, path.parent, pages.HERE / "drawing.py", {"EXPORTED_FIGURES": str(folder)})
    return folder
