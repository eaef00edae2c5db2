"""Where the time of `python3 run.py test` goes: seconds by folder, notebook or file, all processes together."""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent.parent


def group(case) -> str:
    """The folder of a test; of those that lie in none, the file; all notebooks together."""
    parts = case.get("classname").split(".")
    if parts[0] != "tests":
        return "cells of notebooks (nbval)"
    return "/".join(parts[:2]) if not parts[1].startswith("test_") else f"tests/{parts[1]}.py"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run([sys.executable, "-m", "pytest", "-n", "3", f"--junitxml={report}"], cwd=ROOT)
        suite = ElementTree.parse(report).find("testsuite")
    seconds, tests = Counter(), Counter()
    for case in suite.iter("testcase"):
        seconds[group(case)] += float(case.get("time"))
        tests[group(case)] += 1
    print(f"\n{float(suite.get('time')):.0f} s from start to end, {seconds.total():.0f} s in tests.\n")
    print("| | tests | seconds | share |\n|---|---:|---:|---:|")
    for name, spent in seconds.most_common():
        print(f"| {name} | {tests[name]:,} | {spent:.0f} | {spent / seconds.total():.0%} |")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
