"""Where nbgrader would run a submission, this marks it shut in."""

import contextlib
from pathlib import Path

import nbformat
from marking import mark
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from sandbox import NotGraded
from traitlets import Float

REASON = "not-graded.txt"  # beside the submission


class RunShutIn(NbGraderPreprocessor):
    """Put the marked sheet in the place of the submission; nbgrader reads the points from it."""

    cell_seconds = Float(60, help="limit of time for a cell, and for a question").tag(config=True)
    all_seconds = Float(300, help="limit of time for a submission").tag(config=True)

    def preprocess(self, nb, resources):
        about, folder = resources["nbgrader"], Path(resources["metadata"]["path"])
        sheet, name, student = about["assignment"], f"{about['notebook']}.ipynb", about["student"]
        source, release = (nbformat.read(Path(place) / sheet / name, 4) for place in ("source", "release"))
        limits = {"cell_seconds": self.cell_seconds, "all_seconds": self.all_seconds}
        (folder / REASON).unlink(missing_ok=True)
        try:
            return mark(source, release, nb, student, **limits), resources
        except BaseException as error:
            # nbgrader has put it into its book already; left there, it would count as 0 points.
            forget(about["db_url"], sheet, student)
            if isinstance(error, NotGraded):
                (folder / REASON).write_text(str(error), encoding="utf-8")
            raise


def forget(db_url: str, sheet: str, student: str) -> None:
    with Gradebook(db_url) as book, contextlib.suppress(MissingEntry):  # it may never have been in it
        book.remove_submission(sheet, student)
