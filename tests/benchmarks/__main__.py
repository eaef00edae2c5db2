"""Run the benchmark that is named, such as `python3 run.py benchmark sequences`."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in HERE.glob("[a-z]*.py"))

del sys.argv[0]  # a benchmark finds its own words where it would if it were called by itself
if not sys.argv or sys.argv[0] not in NAMES or (len(sys.argv) > 1 and sys.argv[0] != "mutants"):
    sys.exit(f"Name one of: {', '.join(NAMES)}")
runpy.run_path(str(HERE / f"{sys.argv[0]}.py"), run_name="__main__")
