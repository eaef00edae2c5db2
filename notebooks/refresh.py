"""Execute notebooks in place, so that the committed outputs are those of the present code.

`python3 run.py refresh` does all of them; names after it choose some. Run twice, it changes no byte.
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import signposts
from nbclient import NotebookClient

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def refresh(path: Path) -> None:
    """Run one notebook from a clean kernel and keep what is the same every time."""
    notebook = nbformat.read(path, as_version=4)
    # Widget state and view ids are random and need a live kernel; the still picture beside them is what readers see.
    client = NotebookClient(notebook, timeout=120, store_widget_state=False, coalesce_streams=True)
    client.execute(cwd=path.parent, stderr=subprocess.DEVNULL)  # of the kernel process; errors of cells are raised
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # time stamps
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]] or sorted(Path(__file__).parent.glob("*.ipynb"))
    for number, path in enumerate(chosen, start=1):
        print(f"{number} of {len(chosen)}: {path.name}", flush=True)
        refresh(path)
    signposts.write()
