"""The whole way by the commands that README.md names: sheets, submissions, marks, table, feedback.

It needs nbgrader, which `python3 run.py homework sheets` installs, and takes minutes.
"""

import csv
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import marking
import pytest
from sheets import ENDS, HOMEWORK, HOSTILE, filled, read

pytestmark = pytest.mark.long
ROOT = HOMEWORK.parents[1]
SHEET = "6.1-mixture-models"
PYTHON = Path(os.environ.get("HOMEWORK_PYTHON", ROOT / ".venv" / "homework" / "bin" / "python"))


class Course:
    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(HOMEWORK / "source", folder / "source")
        for path in [*HOMEWORK.glob("*.py")]:
            shutil.copy(path, folder)

    def run(self, *words):
        done = subprocess.run([PYTHON, self.folder / "homework.py", *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def code(self, code):
        return subprocess.run([PYTHON, "-c", code], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def release(self):
        return read(self.folder / "release" / SHEET / f"{SHEET}.ipynb")

    def table(self):
        with (self.folder / "marks.csv").open(newline="") as file:
            return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Sheets given out, handed in by students of every kind, and marked."""
    if not PYTHON.is_file():
        pytest.skip("no nbgrader: python3 run.py homework sheets")
    course = Course(tmp_path_factory.mktemp("course") / "homework")
    course.run("sheets")
    source, release = read(HOMEWORK / "source" / SHEET / f"{SHEET}.ipynb"), course.release()
    solutions = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in source.cells}
    half = filled(release, task_1=solutions["task-1"], task_3=solutions["task-3"])
    handed_in = {"perfect": source, "empty": release, "half": half}
    for trick, code in HOSTILE.items():
        name = f"hostile-{trick.replace(' ', '-')}"
        handed_in[name] = filled(half, task_1=f"{solutions['task-1']}\n{code}\njoint = marginal = 0.5")
    for what in ("an endless loop", "a crash", "a memory bomb"):
        handed_in[what.replace(" ", "-")] = filled(half, task_3=ENDS[what][0])
    handed_in["no-notebook"] = "my shopping list"
    script = "<script>alert(1)</script>"
    handed_in["script"] = filled(
        half, task_5=script, task_1=f"raise ValueError('{script}')", task_4=f"print('{script}')"
    )
    course.submissions = course.folder.parent / "submissions"
    for student, sheet in handed_in.items():
        place = course.submissions / student / f"{SHEET}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(sheet if isinstance(sheet, str) else json.dumps(sheet), encoding="utf-8")
    (course.submissions / "link").mkdir()
    (course.submissions / "link" / f"{SHEET}.ipynb").symlink_to(course.submissions / "perfect" / f"{SHEET}.ipynb")
    (course.submissions / "=cmd()").mkdir()
    config = course.folder / "nbgrader_config.py"
    with config.open("a", encoding="utf-8") as settings:
        settings.write("\nc.RunShutIn.cell_seconds = 10\n")  # nobody waits a minute here
    course.said = course.run("mark", course.submissions)
    return course


def test_what_students_get_holds_no_answer(course):
    for path in (course.folder / "release").rglob("*.ipynb"):
        text, source = path.read_text(encoding="utf-8"), read(course.folder / "source" / path.parent.name / path.name)
        assert "BEGIN" not in text and "HIDDEN" not in text and "import emlib" not in text and "**Marking" not in text
        hidden, shown = set(), set()
        for cell in source.cells:
            first, *others = re.split(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)", cell.source)
            by_hand = marking.about(cell).get("grade") and cell.cell_type == "markdown"
            shown |= set() if by_hand else set(first.splitlines())
            for part in [first] * bool(by_hand) + others:
                hidden |= {line for line in re.split("### END", part)[0].splitlines() if len(line) > 30}
        assert len(hidden - shown) > 30
        assert [line for line in hidden - shown if json.dumps(line)[1:-1] in text] == []


def test_honest_marks(course):
    table = course.table()
    assert [table[name][SHEET] for name in ("perfect", "half", "empty")] == ["12", "5", "0"]
    assert "3 more are to be given by hand" in table["perfect"]["remarks"]
    assert SHEET not in table["empty"]["remarks"], "nothing was written, so nothing is left to be marked"
    assert "6.2-the-em-algorithm: not handed in" in table["half"]["remarks"]


def test_no_hostile_one_is_above_its_honest_mark(course):
    table = course.table()
    hostile = {name: row[SHEET] for name, row in table.items() if name.startswith("hostile")}
    assert len(hostile) == len(HOSTILE)
    graded = [float(mark) for mark in hostile.values() if mark]  # to look at every file may take too long
    assert len(graded) >= len(hostile) - 2
    assert max(graded) <= 2, hostile  # task 3 is honest, task 1 is not


def test_what_did_not_end_well_is_not_graded_and_not_0(course):
    table = course.table()
    for name, words in (
        ("an-endless-loop", "did not end in time"),
        ("a-crash", "exit code 7"),
        ("a-memory-bomb", "more memory"),
        ("no-notebook", "could not be marked"),
    ):
        assert table[name][SHEET] == "" and f"{SHEET}: not graded" in table[name]["remarks"]
        assert words in table[name]["remarks"], table[name]
    assert "link" not in table and "'=cmd()' cannot be a student's id" in course.said
    names = course.code(
        "from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        f"    print(*[submission.student.id for submission in book.assignment_submissions({SHEET!r})])"
    ).split()
    assert "a-crash" not in names and "no-notebook" not in names and "perfect" in names


def test_marks_by_hand_come_into_the_table_and_stay_there(course):
    course.code(
        "from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        f"    grade = book.find_grade('task-5', {SHEET!r}, {SHEET!r}, 'perfect')\n"
        "    grade.manual_score, grade.needs_manual_grade = 2.5, False\n"
        "    book.db.commit()"
    )
    course.run("table")
    assert course.table()["perfect"][SHEET] == "14.5" and SHEET not in course.table()["perfect"]["remarks"]
    only = course.folder.parent / "only"
    shutil.copytree(course.submissions / "perfect", only / "perfect")
    assert "14.5 of 15 points (as before)" in course.run("mark", only)
    others = {name: row[SHEET] for name, row in course.table().items()}
    assert others["half"] == "5" and others["a-crash"] == ""


def test_feedback_holds_the_marks_and_no_reference(course):
    course.run("feedback")
    page = course.folder / "feedback" / "half" / SHEET / f"{SHEET}.html"
    text = page.read_text(encoding="utf-8")
    assert "it is not right for 3 coins" in text and "Score: 5.0 / 15.0" in text
    for path in (course.folder / "feedback").rglob("*.html"):
        written = path.read_text(encoding="utf-8")
        assert "HIDDEN" not in written and "import emlib" not in written
        if path.parts[-3] != "perfect":
            assert "**Marking" not in written and "complete-data" not in written
        assert "<script>alert" not in written
    assert not (course.folder / "feedback" / "a-crash").exists()
    assert "alert(1)" in (course.folder / "feedback" / "script" / SHEET / f"{SHEET}.html").read_text(encoding="utf-8")
