"""Homework, from the sheet to the table of marks; README.md beside this file explains each step.

python3 run.py homework sheets        make what students get, in notebooks/homework/release/
python3 run.py homework mark FOLDER   mark FOLDER/<student's id>/<sheet>.ipynb, and write the table: marks.csv
python3 run.py homework by-hand       open the page where texts are marked by hand
python3 run.py homework table         write the table again, with the marks by hand in it
python3 run.py homework feedback      make a page for each student, in notebooks/homework/feedback/
python3 run.py homework edit          open the sheets with their solutions, to change them

What was marked before and has not changed is left as it is; `mark FOLDER --again` marks it again.
"""

import csv
import os
import re
import shutil
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # for alembic

# nbgrader 0.9.6 adds to its book in an order that SQLAlchemy 2.1 remarks on; what is added arrives.
warnings.filterwarnings("ignore", message="Object of type", module="nbgrader")

from nbgrader.api import Gradebook, MissingEntry  # noqa: E402
from nbgrader.apps import NbGraderAPI  # noqa: E402
from sandbox import NoSandbox, NotGraded, Sandbox  # noqa: E402
from shut_in import REASON, forget  # noqa: E402
from traitlets.config import PyFileConfigLoader  # noqa: E402

sys.path.append(str(HERE.parents[1]))
import run  # noqa: E402

STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")  # also safe in the table, where = would begin a formula
LARGEST = 10_000_000  # bytes of a submission
TABLE = HERE / "marks.csv"
SHEETS = sorted(path.name for path in (HERE / "source").iterdir() if path.is_dir() and path.name[0] != ".")


def grader() -> NbGraderAPI:
    os.chdir(HERE)
    api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py", HERE).load_config())
    api.log_level = "ERROR"
    return api


def book() -> Gradebook:
    return Gradebook(f"sqlite:///{HERE / 'gradebook.db'}")


def succeed(done: dict) -> None:
    if not done["success"]:
        sys.exit(done.get("error") or done["log"])


def make_sheets(sheets: list[str]) -> None:
    api = grader()
    for sheet in sheets:
        succeed(api.generate_assignment(sheet, force=True))
        print(f"notebooks/homework/release/{sheet}/{sheet}.ipynb")


def find(folder: Path, sheet: str) -> list[Path]:
    """The files of a student that could be this sheet. Links are none: they could lead to somebody else's."""
    found = [path for path in folder.rglob(f"{sheet}.ipynb") if ".ipynb_checkpoints" not in path.parts]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def mark(folder: Path, again: bool = False) -> None:
    try:
        with Sandbox() as sandbox:
            sandbox.run("0", "a first try")
    except (NoSandbox, NotGraded) as error:
        sys.exit(str(error))
    make_sheets([sheet for sheet in SHEETS if not (HERE / "release" / sheet).is_dir()])
    students = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    if not students:
        sys.exit(f"There is no folder in {folder}; there should be one for each student, named by the student's id.")
    api = grader()
    for theirs in students:
        if not STUDENT.fullmatch(theirs.name):
            print(f"{theirs.name!r} cannot be a student's id (letters, digits and . _ @ - only): left out")
            continue
        if not any(find(theirs, sheet) for sheet in SHEETS):
            print(f"{theirs.name}: no file is named as a sheet is ({SHEETS[0]}.ipynb, ...)")
        for sheet in SHEETS:
            found = find(theirs, sheet)
            if len(found) > 1:
                print(f"{theirs.name}, {sheet}: left out, there are {len(found)} files of that name")
            elif found:
                print(f"{theirs.name}, {sheet}: {mark_one(api, theirs.name, sheet, found[0], again)}", flush=True)
    write_table()


def mark_one(api: NbGraderAPI, student: str, sheet: str, path: Path, again: bool) -> str:
    """Mark a submission; how that ended, in words."""
    place, content = HERE / "submitted" / student / sheet, path.read_bytes()
    copy, reason = place / f"{sheet}.ipynb", place / REASON
    if not again and copy.is_file() and copy.read_bytes() == content and result(student, sheet).points is not None:
        return f"{result(student, sheet).words} (as before)"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    copy.write_bytes(content[: LARGEST + 1])
    done = {"success": False, "log": f"it has more than {LARGEST:,} bytes"}
    if len(content) <= LARGEST:
        done = api.autograde(sheet, student, force=True)
    if not done["success"] and not reason.exists():
        forget(api.coursedir.db_url, sheet, student)
        last = (done.get("error") or done.get("log") or "").strip().splitlines()[-1:]
        reason.write_text(f"it could not be marked: {''.join(last)[:200]}", encoding="utf-8")
    return result(student, sheet).words


class Result(NamedTuple):
    points: float | None  # None: there is no mark, which is not the same as 0
    words: str
    final: bool


def result(student: str, sheet: str) -> Result:
    reason = HERE / "submitted" / student / sheet / REASON
    if reason.exists():
        return Result(None, f"not graded: {reason.read_text(encoding='utf-8')}", False)
    with book() as marks:
        try:
            submission = marks.find_submission(sheet, student)
        except MissingEntry:
            return Result(None, "not handed in", False)
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        points, most = (sum(getattr(grade, name) for grade in grades) for name in ("score", "max_score"))
        by_hand = sum(grade.max_score for grade in grades if grade.needs_manual_grade)
    open_ = f"; {by_hand:g} more are to be given by hand" if by_hand else ""
    return Result(points, f"{points:g} of {most:g} points{open_}", not by_hand)


def write_table() -> None:
    """One row for each student who handed something in. What has no mark is empty, and the last column says why."""
    students = sorted(path.name for path in (HERE / "submitted").iterdir() if path.is_dir())
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["student", *SHEETS, "sum", "remarks"])
        for student in students:
            results = {sheet: result(student, sheet) for sheet in SHEETS}
            points = [of.points for of in results.values()]
            remarks = [f"{sheet}: {of.words}" for sheet, of in results.items() if not of.final]
            cells = ["" if number is None else f"{number:g}" for number in points]
            table.writerow([student, *cells, f"{sum(number or 0 for number in points):g}", "; ".join(remarks)])
    print(f"The table of marks: {TABLE}")


def give_feedback() -> None:
    api = grader()
    for sheet in SHEETS:
        with book() as marks:
            students = sorted(submission.student.id for submission in marks.assignment_submissions(sheet))
        for student in students:
            succeed(api.generate_feedback(sheet, student, force=True))
            print(f"notebooks/homework/feedback/{student}/{sheet}/{sheet}.html")


def open_jupyter(*words: str) -> None:
    sys.exit(run.follow([sys.executable, "-m", "jupyter", *words, *sys.argv[2:]], cwd=HERE))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sheets"]:
            make_sheets(SHEETS)
        case ["mark", folder]:
            mark(Path(folder).resolve())
        case ["mark", folder, "--again"] | ["mark", "--again", folder]:
            mark(Path(folder).resolve(), again=True)
        case ["by-hand", *_]:
            open_jupyter("server", "--ServerApp.default_url=/formgrader/gradebook", "--ServerApp.open_browser=True")
        case ["table"]:
            write_table()
        case ["feedback"]:
            give_feedback()
        case ["edit", *_]:
            open_jupyter("lab", "--ServerApp.default_url=/lab/tree/source")
        case _:
            sys.exit(__doc__)
