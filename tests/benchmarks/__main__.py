"""Run the benchmark that is named, such as `python3 run.py benchmark sequences`."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in HERE.glob("[a-z]*.py"))

if len(sys.argv) != 2 or sys.argv[1] not in NAMES:
    sys.exit(f"Name one of: {', '.join(NAMES)}")
runpy.run_path(str(HERE / f"{sys.argv[1]}.py"), run_name="__main__")
