"""A lecturer's own notebook, of any name, beside the course's: found, run, copied, compared, with no list to edit."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from browser import ROOT, write_notebook

OWN = "my lecture.ipynb"
CELLS = (
    "import emlib\nimport emlib.chapter\nemlib.chapter.heads[:3]",  # in no order that ruff would like
    "from emlib.widgets import Explorer\nExplorer()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_one_sentence_more_is_one_line_of_the_diff(tmp_path):
    def git(*words):
        here = ("git", "-c", "user.name=A", "-c", "user.email=a@b", "-c", "core.autocrlf=false")
        return subprocess.run([*here, *words], cwd=tmp_path, check=True, capture_output=True, encoding="utf-8").stdout

    shutil.copy(ROOT / ".gitattributes", tmp_path)
    git("init", "-q")
    git("config", "diff.notebook.textconv", f'"{sys.executable}" "{ROOT / "notebooks" / "as_text.py"}"')
    path = tmp_path / "02-the-em-algorithm.ipynb"
    shutil.copy(ROOT / "notebooks" / path.name, path)
    git("add", ".")
    git("commit", "-q", "-m", "before")
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "markdown" and cell.source.count(". ") > 2)
    cell.source = cell.source.replace(". ", ". Is it? ", 1)
    (picture,) = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output][:1]
    picture.data["image/png"] = "iVBORw0KGgo="
    nbformat.write(notebook, path)
    diff = git("diff", "--unified=0")
    changed = [line for line in diff.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert "+Is it?" in changed and len(diff) < 1000
    pictures = [line for line in changed if "picture" in line]
    assert pictures[-1].endswith(", 12 characters") and len(pictures) <= 2
    assert len(changed) == 1 + len(pictures)


@pytest.mark.long
def test_a_notebook_of_any_name_is_a_notebook_of_the_course(tmp_path):
    fork = tmp_path / "fork"
    aside = shutil.ignore_patterns(".venv", ".git", "__pycache__", "working-copies", ".hypothesis", "submissions")
    shutil.copytree(ROOT, fork, ignore=aside)
    own = fork / "notebooks" / OWN
    write_notebook(own, *CELLS)

    def python(*words):
        variables = os.environ | {"PYTHONPATH": str(fork)}
        done = subprocess.run([sys.executable, *words], cwd=fork, env=variables, capture_output=True, encoding="utf-8")
        return done.returncode, done.stdout + done.stderr

    tests = [f"tests/test_{name}.py" for name in ("notebooks", "project", "signposts", "layers", "versions")]
    tests += ["tests/lessons/test_start_here.py", f"notebooks/{OWN}"]
    _, said = python("-m", "pytest", "-p", "no:cacheprovider", *tests)
    failed = re.findall("^FAILED (.*)", said, re.MULTILINE)
    assert len(failed) == 1 and "test_every_cell_ran" in failed[0], said
    assert f'python3 run.py refresh "notebooks/{OWN}"' in said
    refresh = ("notebooks/refresh.py", f"notebooks/{OWN}")
    assert python(*refresh)[0] == 0
    written = own.read_bytes()
    assert f"{OWN}: nothing changed" in python(*refresh)[1] and own.read_bytes() == written
    code, said = python("-m", "pytest", "-p", "no:cacheprovider", *tests)
    assert code == 0, said
    assert python("-c", "import run; run.make_working_copies()")[0] == 0
    copy = nbformat.read(fork / "working-copies" / OWN, as_version=4)
    assert [cell.source for cell in copy.cells] == list(CELLS) and not copy.cells[0].outputs
