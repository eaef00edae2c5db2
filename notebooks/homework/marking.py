"""Mark one submission of one sheet: run it shut in, ask it for values, compare them out here.

The hidden tests of a sheet are run in this process, never where the submission is. They know

answer(name)              the submission's value of a name: a float, None, a text, or lists of those
answer(name, *arguments)  what its function returns; lists arrive there as arrays
close(value, wanted)      whether all numbers agree, as floats; with digits=6, to six digits behind the point
rng                       random numbers: the student's own, other ones in each test, the same in each marking
student_id and the data   the id that the folder tells, and all that the sheet's cell `data` makes of it
"""

import io
import math
import re
import zlib
from contextlib import redirect_stdout
from copy import deepcopy

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from sandbox import Sandbox, words

ID_CELL, DATA_CELL = "student-id", "data"
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS", re.MULTILINE | re.DOTALL)
DEEPEST, LONGEST = 5, 100_000  # lists in lists; numbers in an answer


def about(cell) -> dict:
    """What nbgrader knows of a cell."""
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) else {}


def name_of(cell) -> str | None:
    return about(cell).get("grade_id")


def is_test(cell) -> bool:
    return bool(about(cell).get("grade")) and not about(cell).get("solution")


class Wrong(AssertionError):
    """A test that the submission does not pass."""


def plain(value, depth=0):
    """What came out of the sandbox as float, None, text, or lists of those; Wrong if it is anything else."""
    if isinstance(value, list) and depth < DEEPEST and len(value) <= LONGEST:
        return [plain(part, depth + 1) for part in value]
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    raise Wrong("this is neither a number nor a list of numbers")


def close(value, wanted, digits: int | None = None) -> bool:
    """Whether a plain value is what is wanted: the same shape, and every number agrees.

    To so many digits behind the point; without `digits` as far as two ways to compute the same may differ.
    """
    wanted = wanted.tolist() if hasattr(wanted, "tolist") else wanted
    if isinstance(wanted, (list, tuple)):
        return (
            isinstance(value, list)
            and len(value) == len(wanted)
            and all(close(a, b, digits) for a, b in zip(value, wanted, strict=True))
        )
    slack = 1e-9 * max(1, abs(wanted)) if digits is None else 0.51 * 10**-digits
    return type(value) is float and abs(value - wanted) <= slack


def mark(source: NotebookNode, release: NotebookNode, submitted: NotebookNode, student: str, **limits) -> NotebookNode:
    """Mark a submission.

    Parameters
    ----------
    source, release : NotebookNode
        The sheet with its hidden tests, and as students get it.
    submitted : NotebookNode
        The sheet as it came back.
    student : str
        The id that the submission's folder tells.
    **limits
        For `Sandbox`.

    Returns
    -------
    NotebookNode
        The release, with the student's work in its answer cells, all it printed, and an error below every test that
        failed, as nbgrader counts points. It holds no hidden test. All else of the submission is text.

    Raises
    ------
    NotGraded
        If it did not come to an end.
    """
    tests = {name_of(cell): hidden(cell) for cell in source.cells if is_test(cell)}
    if tests.keys() != {name_of(cell) for cell in release.cells if is_test(cell)}:
        raise ValueError("the sheet has other tests than when it was given out; make the sheets again")
    marked = merge(release, submitted)
    known = {"np": np, "close": close, "student_id": student}
    data = next(cell.source for cell in source.cells if name_of(cell) == DATA_CELL)
    with redirect_stdout(io.StringIO()):
        exec(data, known)
    with Sandbox(**limits, emlib="import emlib" in data) as sandbox:
        for number, cell in enumerate(marked.cells, start=1):
            if cell.cell_type != "code":
                continue
            name = name_of(cell)
            if name in tests:
                wrong = run_test(tests[name], known, sandbox, student, name)
                if wrong is not None:
                    cell.outputs = [new_output("error", ename="Not right", evalue=wrong, traceback=[wrong])]
                continue
            code = f"student_id = {student!r}" if name == ID_CELL else cell.source
            text = sandbox.run(code, f"cell {number}")["text"]
            if name == ID_CELL:
                text = f"Marked with the data of {student!r}."
            if text:
                cell.outputs = [new_output("stream", name="stdout", text=text)]
    return marked


def hidden(cell) -> str:
    """The hidden test in a test cell."""
    found = HIDDEN.search(cell.source + "\n")
    if not found:
        raise ValueError(f"the test cell {name_of(cell)!r} has no hidden test, so that it cannot be marked safely")
    return found[1]


def run_test(code: str, known: dict, sandbox: Sandbox, student: str, test: str) -> str | None:
    """Run a hidden test out here. Returns what is wrong with the submission, None if nothing is."""

    def answer(name, *arguments):
        arguments = [part.tolist() if hasattr(part, "tolist") else part for part in arguments]
        reply = sandbox.ask(name, arguments or None, f"a test of {name}")
        if reply["error"]:
            raise Wrong(f"{name}: {': '.join(reply['error'])}")
        return plain(reply["value"])

    seed = zlib.crc32(f"{student} {test}".encode())
    try:
        exec(code, known | {"answer": answer, "rng": np.random.default_rng(seed)})
    except AssertionError as error:
        return str(error) or "this is not right"
    return None


def merge(release: NotebookNode, submitted: NotebookNode) -> NotebookNode:
    """The release with a student's work in it: no metadata, no output and no HTML of theirs."""
    named = [cell for cell in release.cells if name_of(cell)]
    missing = {name_of(cell): cell for cell in named}
    instructions = {cell.source for cell in release.cells if cell.cell_type == "markdown"}
    cells = []
    for theirs in submitted.cells:
        source, name = words(theirs.source), name_of(theirs)
        if theirs.cell_type == "markdown" and source not in instructions:
            source = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", source)
        if isinstance(name, str) and name in missing:
            cell = deepcopy(missing.pop(name))
            if cell.metadata.nbgrader.get("solution"):
                cell.source = source
            cells.append(cell)
        elif theirs.cell_type in ("code", "markdown"):
            cells.append(new_code_cell(source) if theirs.cell_type == "code" else new_markdown_cell(source))
    for before, cell in zip([None, *named], named, strict=False):  # what they deleted comes back, empty
        if name_of(cell) in missing:
            place = [name_of(other) for other in cells].index(name_of(before)) + 1 if before else 0
            cells.insert(place, deepcopy(cell))
    merged = deepcopy(release)
    merged.cells = cells
    return merged
