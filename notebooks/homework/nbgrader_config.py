"""How nbgrader makes and marks the sheets of this folder; it reads this file by itself where it is started here."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades  # noqa: E402
from shut_in import RunShutIn  # noqa: E402

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "em"
c.CourseDirectory.root = str(HERE)
c.ClearSolutions.code_stub = {"python": ""}  # what to write, and where, stands in the sheet
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"
# nbgrader's own way runs submissions where they see everything, the gradebook too.
c.Autograde.sanitize_preprocessors = [RunShutIn, CheckCellMetadata]
c.Autograde.autograde_preprocessors = [SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]
