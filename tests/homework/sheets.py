"""Sheets for the tests: the course's own, and a tiny one that is quickly marked."""

import re
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HOMEWORK = Path(__file__).resolve().parents[2] / "notebooks" / "homework"
SHEETS = sorted((HOMEWORK / "source").glob("*/*.ipynb"))


def cell(name, source, **about):
    about = {"grade": False, "locked": False, "solution": False, "schema_version": 3, "task": False} | about
    make = new_markdown_cell if about.pop("text", False) else new_code_cell
    return make(source, metadata={"nbgrader": about | {"grade_id": name}})


def test_cell(name, points, hidden):
    source = f"# {points} points\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return cell(name, source, grade=True, locked=True, points=points)


def tiny():
    """A number that depends on the id, a function, and a text: 2, 3 and 4 points."""
    return new_notebook(
        cells=[
            cell("student-id", 'student_id = "?"\n### BEGIN SOLUTION\n### END SOLUTION', solution=True),
            cell("data", "mine = sum(student_id.encode())", locked=True),
            cell("task-1", "### BEGIN SOLUTION\ntwice = 2 * mine\n### END SOLUTION", solution=True),
            test_cell("test-1", 2, 'assert close(answer("twice"), 2 * mine), "this is not twice"'),
            cell("task-2", "### BEGIN SOLUTION\ndef square(x): return x * x\n### END SOLUTION", solution=True),
            test_cell("test-2", 3, 'x = rng.uniform()\nassert close(answer("square", x), x * x), "no square"'),
            cell("task-3", "my words", text=True, grade=True, solution=True, points=4),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def given_out(source):
    """What nbgrader makes of a sheet: no solution and no hidden test in it."""
    release = deepcopy(source)
    for cell in release.cells:
        if "nbgrader" in cell.metadata:
            cell.source = re.sub(r"### BEGIN (\w+).*?### END \1[^\n]*", "", cell.source, flags=re.DOTALL)
            if cell.cell_type == "markdown":
                cell.source = "Write your answer here"
    return release


def filled(sheet, **answers):
    """A sheet with other sources in some of its cells; task_1 means the cell task-1."""
    done = deepcopy(sheet)
    for cell in done.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        cell.source = answers.pop(name, cell.source)
    assert not answers
    return done


def points(marked):
    """The points of each test, counted as nbgrader counts: an error below a test is 0."""
    tests = [
        cell for cell in marked.cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    return {cell.metadata.nbgrader.grade_id: 0 if cell.outputs else cell.metadata.nbgrader.points for cell in tests}


def read(path):
    return nbformat.read(path, as_version=4)


HOSTILE = {
    "reads hidden tests": """
import gc, os
for folder, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if name != "site-packages"]
    assert not [name for name in names if name.endswith(".ipynb") or name == "marking.py"], folder
for found in gc.get_objects():
    for part in found.values() if isinstance(found, dict) else found if isinstance(found, (list, tuple)) else ():
        assert not (isinstance(part, str) and " ".join(["this is not", "twice"]) in part), "the tests are here"
print("nothing", "found")
""",
    "reads the work of others": """
import os, sys
assert os.listdir(os.path.expanduser("~")) == [".ipython"]
on_the_way_to_python = [prefix.split("/") for prefix in (sys.prefix, sys.base_prefix)]  # where the course lies in /tmp
others = [name for name in os.listdir("/tmp") if ["", "tmp", name] not in [way[:3] for way in on_the_way_to_python]]
assert not others, others
assert not os.path.exists("/proc/1")
print("nothing", "found")
""",
    "writes marks into the gradebook": """
import os, sqlite3
for folder, _, names in os.walk("/"):
    for name in names:
        if name.endswith(".db") or name == "marks.csv":
            try:
                sqlite3.connect(os.path.join(folder, name)).execute("update grade set auto_score = 100")
            except sqlite3.Error:
                continue
            raise SystemExit(f"{name} was written")
print("nothing", "found")
""",
    "replaces comparisons": """
import builtins, math
import numpy as np
np.allclose = np.isclose = np.array_equal = math.isclose = builtins.abs = builtins.all = lambda *a, **k: True
print("nothing", "found")
""",
    "equals everything": """
class Any(float):
    def __eq__(self, other): return True
    def __le__(self, other): return True
    def __sub__(self, other): return Any(0)
    __rsub__ = __sub__
    def tolist(self): return self
    __hash__ = None
twice = Any(1)
def square(x): return Any(float("nan"))
print("nothing", "found")
""",
    "is no number": """
twice = "2 * mine"
def square(x): return {"__eq__": True}
print("nothing", "found")
""",
    "answers itself": r"""
import gc
inside = next(found for found in gc.get_objects() if isinstance(found, dict) and "replies" in found)
inside["ask"] = lambda *a: True
inside["json"].dumps = lambda reply: '{"value": Infinity, "text": "nothing' ' found", "error": null, "points": 100}'
""",
    "tries the network": """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError as error:
    print("nothing", "found", error)
""",
    "edits what is on the disk": """
import os, sys, numpy
for path in (sys.executable, numpy.__file__, "/usr/x", "/bin/x", "/lib/x"):
    try:
        open(path, "a").close()
    except OSError:
        continue
    raise SystemExit(f"{path} was written")
print("nothing", "found")
""",
}
"""Cells that try for marks they did not earn. Each reports that it found nothing; if it does not, it did."""

ENDS = {
    "an endless loop": ("while True: pass", "did not end in time"),
    "a crash": ("import os; os._exit(7)", "exit code 7"),
    "a segmentation fault": ("import ctypes; ctypes.string_at(0)", "exit code 139"),
    "a memory bomb": ("room = []\nwhile True: room.append(bytearray(10**8))", "more memory"),
    "one huge array": ("room = bytearray(10**12)", "more memory"),
    "memory in many processes": (
        "import os, time\nfor _ in range(8): os.fork()\nroom = b'x' * 10**8\ntime.sleep(60)",
        "more memory",
    ),
    "a closed line": ("import os, time\nos.closerange(3, 30)\ntime.sleep(60)", "did not end in time"),
    "words without end": ("import os\nwhile True: os.write(4, b'x' * 10**5)", "wrote more"),
}
"""Cells that end, or never end, a submission, and what is said of it."""
