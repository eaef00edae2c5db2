"""The house: every room imports only from rooms that stand before it, and what is listed is said once."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import emlib
from emlib.data import DATA
from emlib.explorer.state import PRESETS
from emlib.lessons import LESSONS, exercises

ROOT = Path(emlib.__file__).parent
CORE = ("algorithm", "binomial", "chapter", "checks", "coins", "mixture", "tables")
ORDER = ("words", "core", "data", "models", "beyond", "page", "by_hand", "explorer", "landscape", "lessons", "widgets")
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def imported(path):
    """The modules of emlib that a file imports anywhere, each as its parts."""
    here = path.parts[:-1]
    for node in ast.walk(ast.parse((ROOT / path).read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = (*here[: len(here) - node.level + 1], *(node.module or "").split("."))
            base = tuple(part for part in base if part)
            for alias in node.names:
                deeper = (*base, alias.name)
                found = (ROOT.joinpath(*deeper)).is_dir() or (ROOT.joinpath(*deeper)).with_suffix(".py").is_file()
                yield deeper if found else base
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
            by_name = any(name.partition(".")[0] == "emlib" for name in names)
            # A worked answer is what a reader would type.
            assert not by_name or path.name == "exercises.py", f"{path}: emlib by its full name"


def room(parts):
    first = parts[0].removesuffix(".py") if parts else "the front door"
    return "core" if first in CORE else first


@pytest.mark.parametrize("path", FILES, ids=str)
def test_nothing_is_imported_from_a_later_room(path):
    place = ORDER.index(room(path.parts))
    for parts in imported(path):
        assert room(parts) in ORDER[: place + 1], f"{path} imports {'.'.join(parts)}"


@pytest.mark.parametrize("path", [path for path in FILES if path.match("lessons/*/*")], ids=str)
def test_a_lesson_takes_only_from_earlier_ones(path):
    for parts in imported(path):
        if parts[0] == "lessons" and parts[1] != "course":
            assert LESSONS.index(parts[1]) <= LESSONS.index(path.parts[1]), f"{path} imports {'.'.join(parts)}"


def test_states_and_mathematics_know_no_picture_and_no_widget():
    plain = [path for path in FILES if path.stem.endswith("state") or room(path.parts) in ORDER[:5]]
    for path in plain:
        modules = {
            name.partition(".")[0]
            for node in ast.walk(ast.parse((ROOT / path).read_bytes()))
            for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
            + ([node.module] if isinstance(node, ast.ImportFrom) and not node.level else [])
        }
        assert not modules & {"matplotlib", "ipywidgets", "IPython", "PIL"}, path


def test_modules_do_not_import_each_other_in_a_circle():
    named = {path.with_suffix("").parts: path for path in FILES}
    named |= {path.parent.parts: path for path in FILES if path.name == "__init__.py"}
    graph = {path: {named[parts] for parts in imported(path) if parts in named} - {path} for path in FILES}
    assert len(graph[Path("beyond/maxima.py")]) > 3
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_every_notebook_has_a_room_of_its_name():
    notebooks = sorted((ROOT.parent / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    assert [path.stem.partition("-")[2].replace("-", "_") for path in notebooks] == list(LESSONS)
    folders = {path.name for path in (ROOT / "lessons").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(LESSONS)
    for number, lesson in enumerate(LESSONS):
        names = list(exercises(lesson))
        assert names == [f"{number}.{k}" for k in range(1, len(names) + 1)] and len(names) >= (3 if number else 1)


def test_a_data_set_or_a_preset_more_is_one_edit(monkeypatch):
    """No code counts them."""
    from emlib.widgets import Explorer

    monkeypatch.setitem(DATA, "Five", (1, 2, 3, 4, 5))
    monkeypatch.setitem(PRESETS, "A new one", PRESETS["All coins equal"]._replace(data="Five"))
    explorer = Explorer(start="A new one")
    assert explorer.state.model.heads.tolist() == [1, 2, 3, 4, 5]
    explorer.fold.selected_index = 0  # the list of data is in there
    assert "Five" in repr([widget.options for widget in explorer_dropdowns(explorer)])


def explorer_dropdowns(widget):
    found, waiting = [], [widget]
    while waiting:
        part = waiting.pop()
        found += [part] if hasattr(part, "options") else []
        waiting += getattr(part, "children", ())
    return found
