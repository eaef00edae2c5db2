"""What nbval cannot see: every cell ran, once and in order, and readers without a kernel see every picture."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import emlib.widgets

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted([*FOLDER.glob("*.ipynb"), *FOLDER.glob("[a-z][a-z]/*.ipynb")])  # and translations
COURSE = [path for path in NOTEBOOKS if path.name[:2].isdigit()]  # those of a lecturer have no number


def code_cells(path):
    return [cell for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"]


def bundles(cell):
    return [output for output in cell["outputs"] if "data" in output]


def test_the_course_has_notebooks():
    assert len(COURSE) >= 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(FOLDER).as_posix())
class TestNotebook:
    def test_every_cell_ran_once_and_in_order(self, path):
        counts = [cell["execution_count"] for cell in code_cells(path)]
        assert counts == list(range(1, len(counts) + 1)), f'python3 run.py refresh "notebooks/{path.name}"'

    def test_no_cell_failed_or_wrote_to_stderr(self, path):
        outputs = [output for cell in code_cells(path) for output in cell["outputs"]]
        assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]

    def test_widgets_have_a_still_or_words_and_no_dead_view(self, path):
        for cell in code_cells(path):
            made = getattr(emlib.widgets, "".join(cell["source"]).lstrip().partition("(")[0], None)
            for output in bundles(cell) if made else ():
                assert ("image/png" in output["data"]) == hasattr(made, "savefig"), cell["source"]
                assert "(children=" not in "".join(output["data"]["text/plain"]), f"{cell['source']} has no __repr__"
            assert bundles(cell) or not made, cell["source"]
        written = path.read_text(encoding="utf-8")
        assert "widget-view" not in written and "widget-state" not in written

    def test_no_line_of_code_is_wider_than_its_cell(self, path):
        lines = [line for cell in code_cells(path) for line in "".join(cell["source"]).splitlines()]
        assert [line for line in lines if len(line) > 105] == []

    def test_it_links_to_notebooks_that_exist(self, path):
        text = "".join("".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"])
        links = [part.split(")")[0].partition("#") for part in text.split("](")[1:]]
        for name, _, heading in [link for link in links if link[0].endswith(".ipynb")]:
            assert (path.parent / name).exists()
            if heading:  # as JupyterLab and GitHub call it
                assert f"# {heading.replace('-', ' ')}\\n" in (path.parent / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.name)
def test_every_picture_has_a_text_alternative(path):
    pictures = [output for cell in code_cells(path) for output in bundles(cell) if "image/png" in output["data"]]
    assert pictures
    for output in pictures:
        words = output["metadata"]["image/png"]["alt"]
        assert len(words) > 20 and words == "".join(output["data"]["text/plain"])
        page = "".join(output["data"]["text/html"])
        assert html.unescape(re.search('alt="(.*?)"', page)[1]) == words, "metadata are not read by everyone"
        assert "".join(output["data"]["image/png"]).replace("\n", "") in page


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_cells_run_again_out_of_order(path):
    """All of them from the last to the first: no cell spoils what another needs."""
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = code + [nbformat.v4.new_code_cell(cell.source) for cell in reversed(code)]
    client = NotebookClient(notebook, timeout=120, store_widget_state=False)
    client.execute(cwd=path.parent, stderr=subprocess.DEVNULL)  # raises what a cell raises
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    said = [output.text for output in outputs if output.get("name") == "stderr"]
    assert said == []


@pytest.mark.long
def test_refreshing_changes_nothing_that_an_eye_could_see(tmp_path):
    """`refresh` keeps a picture of which no channel moved by more than 3 of 255: in the dark theme, whose filter turns
    and mixes the channels, by at most 7."""
    root = NOTEBOOKS[0].parent.parent
    for room in ("emlib", "notebooks"):
        shutil.copytree(root / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "README.md", tmp_path)
    variables = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, tmp_path / "notebooks" / "refresh.py"]
    said = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, encoding="utf-8")
    assert said.returncode == 0 and "what changed" not in said.stdout, said.stdout + said.stderr
    for path in NOTEBOOKS:
        assert (tmp_path / "notebooks" / path.name).read_bytes() == path.read_bytes()
