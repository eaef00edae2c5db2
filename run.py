"""The project's commands. Each sets up what it needs in .venv, then does its work:

python3 run.py lab         open the first page in JupyterLab: a copy of your own, to write in
python3 run.py edit        open the notebooks themselves, to change the course
python3 run.py test        run all tests
python3 run.py refresh     execute the notebooks in place, so that their committed outputs are those of the present code
python3 run.py benchmark   measure what the README quotes; asks which
python3 run.py homework    make sheets of homework and mark them; says how

Words after the command are passed on: python3 run.py test tests/core/test_coins.py
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
NOTEBOOKS = HERE / "notebooks"
HOMEWORK = NOTEBOOKS / "homework"
COPIES = HERE / "working-copies"  # git ignores it


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def install(requirements: Path, venv: Path) -> None:
    """Install a requirements file in a virtual environment, unless the same files were installed before."""
    installed, python = venv / f"installed-{requirements.parent.name}.txt", python_of(venv)
    wanted = [requirements, HERE / "requirements.txt", HERE / "pyproject.toml"]
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()
    if installed.is_file() and installed.read_text() == fingerprint:
        return
    if not python.is_file():
        print(f"Making {venv} ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", venv]).returncode:
            sys.exit("Python could not make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv")
    print("Installing what the notebooks need (once; about a minute) ...", flush=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "-r", requirements], cwd=HERE).returncode:
        sys.exit("The packages could not be installed; pip says why above.")
    # JupyterLab would ask every newcomer whether to fetch news from the internet.
    news = "@jupyterlab/apputils-extension:announcements"
    labextension = [python, "-m", "jupyter", "labextension", "disable", "--level=sys_prefix", news]
    subprocess.run(labextension, check=True, capture_output=True)
    installed.write_text(fingerprint)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def digest(notebook: dict) -> str:
    """A name for all that is written in a notebook, outputs apart."""
    written = ["".join(cell["source"]) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()[:16]


def editions(path: Path) -> tuple:
    """Of which edition a copy was made, and what it is now."""
    try:
        copy = read(path)
        return copy["metadata"].get("edition"), digest(copy)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, "no notebook any more, and the reader's all the same"


def make_working_copies() -> Path:
    """Copies of all notebooks for a reader: no answer stands under a question. What a reader wrote stays as it is.

    Returns the first of them.
    """
    COPIES.mkdir(exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = read(path)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        edition = notebook["metadata"]["edition"] = digest(notebook)
        if any(editions(copy)[0] == edition for copy in COPIES.glob(f"{path.stem}*.ipynb")):
            continue
        copy, number = COPIES / path.name, 1
        while copy.exists() and len(set(editions(copy))) > 1:  # somebody wrote in it
            number += 1
            copy = COPIES / f"{path.stem} (edition {number}).ipynb"
        if number > 1:
            print(f"{path.name} has changed. The new edition is {copy.name}; yours is as you left it.", flush=True)
        copy.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return COPIES / min(NOTEBOOKS.glob("*.ipynb")).name


def main(arguments: list[str]) -> int:
    commands = {
        "lab": (HERE / "requirements.txt", ["-m", "jupyter", "lab"]),
        "edit": (HERE / "requirements.txt", ["-m", "jupyter", "lab", min(NOTEBOOKS.glob("*.ipynb"))]),
        "test": (HERE / "tests" / "requirements.txt", ["-m", "pytest"]),
        "benchmark": (HERE / "tests" / "requirements.txt", [HERE / "tests" / "benchmarks"]),
        "refresh": (HERE / "requirements.txt", [HERE / "notebooks" / "refresh.py"]),
        "homework": (HOMEWORK / "requirements.txt", [HOMEWORK / "homework.py"]),
    }
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    if not arguments or arguments[0] not in commands:
        sys.exit(__doc__)
    requirements, command = commands[arguments[0]]
    # The marker's tools would show in everybody's JupyterLab.
    venv = VENV / "homework" if arguments[0] == "homework" else VENV
    install(requirements, venv)
    if arguments[0] == "lab":
        command.append(make_working_copies())
    if arguments in (["test"], ["test", "--long"]):  # all of them, two at a time
        command += ["-n", "2"]
    return subprocess.run([python_of(venv), *command, *arguments[1:]], cwd=HERE).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
