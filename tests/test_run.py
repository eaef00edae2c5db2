"""The working copies that a reader gets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
import run  # noqa: E402


def write(path, *cells):
    made = [{"cell_type": "code", "source": source, "outputs": ["seen"], "execution_count": 3} for source in cells]
    path.write_text(json.dumps({"cells": made, "metadata": {"kernelspec": {}}, "nbformat": 4, "nbformat_minor": 5}))


def codes(path):
    return ["".join(cell["source"]) for cell in run.read(path)["cells"]]


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A course of two notebooks, and the copies of its first edition."""
    monkeypatch.setattr(run, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(run, "COPIES", tmp_path / "copies")
    run.NOTEBOOKS.mkdir()
    for name in ("01-a", "02-b"):
        write(run.NOTEBOOKS / f"{name}.ipynb", "old", "answer = ...")
    first = run.make_working_copies()
    assert first == run.COPIES / "01-a.ipynb" and first.is_file()
    return run.NOTEBOOKS, run.COPIES


def test_copies_have_no_answer_in_sight(folders):
    _, copies = folders
    for path in copies.iterdir():
        assert codes(path) == ["old", "answer = ..."]
        for cell in run.read(path)["cells"]:
            assert cell["outputs"] == [] and cell["execution_count"] is None


def test_what_a_reader_wrote_stays_and_a_new_edition_comes_beside_it(folders, capsys):
    notebooks, copies = folders
    mine = run.read(copies / "01-a.ipynb")
    mine["cells"][1]["source"] = ["answer = ", "42"]  # as Jupyter writes it
    (copies / "01-a.ipynb").write_text(json.dumps(mine))
    written = (copies / "01-a.ipynb").read_bytes()
    run.make_working_copies()
    assert capsys.readouterr().out == "" and len(list(copies.iterdir())) == 2, "nothing is new"
    for edition, name in (("newer", "01-a (edition 2).ipynb"), ("newest", "01-a (edition 2).ipynb")):
        write(notebooks / "01-a.ipynb", edition, "answer = ...")
        run.make_working_copies()
        assert f"The new edition is {name}; yours is as you left it" in capsys.readouterr().out
        run.make_working_copies()
        assert capsys.readouterr().out == "", "it is said once"
        assert codes(copies / name) == [edition, "answer = ..."], "nobody wrote in the edition between"
        assert (copies / "01-a.ipynb").read_bytes() == written
    mine = run.read(copies / name)
    mine["cells"].append({"cell_type": "markdown", "source": "mine"})
    (copies / name).write_text(json.dumps(mine))
    write(notebooks / "01-a.ipynb", "last", "answer = ...")
    run.make_working_copies()
    assert codes(copies / "01-a (edition 3).ipynb") == ["last", "answer = ..."]
    assert codes(copies / name)[-1] == "mine"


def test_a_copy_in_which_nobody_wrote_is_brought_up_to_date(folders, capsys):
    notebooks, copies = folders
    write(notebooks / "02-b.ipynb", "new")
    seen = run.read(copies / "02-b.ipynb")
    seen["cells"][0]["outputs"] = ["run"]  # it was run, and nothing else
    (copies / "02-b.ipynb").write_text(json.dumps(seen))
    run.make_working_copies()
    assert codes(copies / "02-b.ipynb") == ["new"] and capsys.readouterr().out == ""


def test_a_copy_that_is_no_notebook_any_more_is_left_alone(folders):
    notebooks, copies = folders
    (copies / "02-b.ipynb").write_text("my shopping list")
    write(notebooks / "02-b.ipynb", "new")
    run.make_working_copies()
    assert (copies / "02-b.ipynb").read_text() == "my shopping list"
    assert codes(copies / "02-b (edition 2).ipynb") == ["new"]


def test_the_courses_own_copies_are_notebooks_and_git_ignores_them(tmp_path, monkeypatch):
    import nbformat

    assert "/working-copies/" in (ROOT / ".gitignore").read_text().split()
    monkeypatch.setattr(run, "COPIES", tmp_path)
    run.make_working_copies()
    for source in sorted(run.NOTEBOOKS.glob("*.ipynb")):
        copy = nbformat.read(tmp_path / source.name, as_version=4)
        nbformat.validate(copy)
        assert [cell.source for cell in copy.cells] == [cell.source for cell in nbformat.read(source, 4).cells]


@pytest.mark.skipif(sys.platform == "win32", reason="Binder runs Linux")
def test_binder_makes_the_copies_that_its_link_opens(tmp_path):
    readme = (ROOT / "README.md").read_text()
    (link,) = [line for line in readme.splitlines() if line.startswith("[binder]:")]
    for name in ("run.py", "binder/postBuild", *(f"notebooks/{path.name}" for path in run.NOTEBOOKS.glob("*.ipynb"))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(["sh", "binder/postBuild"], cwd=tmp_path, check=True)
    assert (tmp_path / link.partition("urlpath=lab/tree/")[2]).is_file()


def test_binder_has_no_solutions_of_homework(tmp_path):
    assert "rm -rf notebooks/homework" in (ROOT / "binder" / "postBuild").read_text().splitlines()


def test_the_markers_tools_are_in_an_environment_of_their_own(monkeypatch):
    """They would show in everybody's JupyterLab."""
    done = []
    monkeypatch.setattr(run, "install", lambda *arguments: done.append(arguments))
    monkeypatch.setattr(
        run.subprocess, "run", lambda words, cwd: done.append(words) or subprocess.CompletedProcess([], 0)
    )
    assert run.main(["homework", "mark", "submissions"]) == 0
    (requirements, venv), words = done
    assert "nbgrader" in requirements.read_text() and venv == ROOT / ".venv" / "homework"
    assert words == [run.python_of(venv), ROOT / "notebooks" / "homework" / "homework.py", "mark", "submissions"]
    assert words[1].is_file()
