"""The project's commands. Each sets up what it needs in .venv, then does its work:

python3 run.py lab         open the first notebook in JupyterLab
python3 run.py test        run all tests
python3 run.py refresh     execute the notebooks in place, so that their committed outputs are those of the present code
python3 run.py benchmark   measure what the README quotes; asks which

Words after the command are passed on: python3 run.py test tests/core/test_coins.py
"""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
NOTEBOOKS = HERE / "notebooks"


def install(requirements: Path) -> None:
    """Install a requirements file in .venv, unless the same files were installed before."""
    installed = VENV / f"installed-{requirements.parent.name}.txt"
    wanted = [requirements, HERE / "requirements.txt", HERE / "pyproject.toml"]
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()
    if installed.is_file() and installed.read_text() == fingerprint:
        return
    if not PYTHON.is_file():
        print(f"Making {VENV} ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", VENV]).returncode:
            sys.exit("Python could not make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv")
    print("Installing what the notebooks need (once; about a minute) ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "-r", requirements], cwd=HERE).returncode:
        sys.exit("The packages could not be installed; pip says why above.")
    # JupyterLab would ask every newcomer whether to fetch news from the internet.
    news = "@jupyterlab/apputils-extension:announcements"
    labextension = [PYTHON, "-m", "jupyter", "labextension", "disable", "--level=sys_prefix", news]
    subprocess.run(labextension, check=True, capture_output=True)
    installed.write_text(fingerprint)


def main(arguments: list[str]) -> int:
    commands = {
        "lab": (HERE / "requirements.txt", ["-m", "jupyter", "lab", min(NOTEBOOKS.glob("*.ipynb"), default=NOTEBOOKS)]),
        "test": (HERE / "tests" / "requirements.txt", ["-m", "pytest"]),
        "benchmark": (HERE / "tests" / "requirements.txt", [HERE / "tests" / "benchmarks"]),
        "refresh": (HERE / "requirements.txt", [HERE / "notebooks" / "refresh.py"]),
    }
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    if not arguments or arguments[0] not in commands:
        sys.exit(__doc__)
    requirements, command = commands[arguments[0]]
    install(requirements)
    if arguments == ["test"]:  # all of them, two at a time
        command += ["-n", "2"]
    return subprocess.run([PYTHON, *command, *arguments[1:]], cwd=HERE).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
