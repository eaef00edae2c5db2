"""The project's commands. Each sets up what it needs in .venv, then does its work:

python3 run.py lab         open the first page in JupyterLab: a copy of your own, to write in
python3 run.py edit        open the notebooks themselves, to change the course
python3 run.py test        run all tests
python3 run.py refresh     execute the notebooks in place, so that their committed outputs are those of the present code
python3 run.py benchmark   measure what the README quotes; asks which
python3 run.py homework    make sheets of homework and mark them; says how
python3 run.py export      scripts, pages, slides, PDFs, handouts; says how
python3 run.py lecture     ninety minutes in full screen; or 45, or the notebooks as pages for a class: --help
python3 run.py versions    try newer and older packages, or lock those of today; says how
python3 run.py site        build the course as a site that needs no server; says how

Words after the command are passed on: python3 run.py test tests/core/test_coins.py
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
NOTEBOOKS = HERE / "notebooks"
HOMEWORK = NOTEBOOKS / "homework"
LECTURE = NOTEBOOKS / "lecture"
SITE = NOTEBOOKS / "site"
COPIES = HERE / "working-copies"  # git ignores it
MARK = "made-by-run.txt"  # in an environment that was made here: its own path, once it is finished


def give_up(what: str, way_out: str) -> None:
    """Say in two lines what is wrong, and what to type."""
    again = subprocess.list2cmdline(["py" if sys.platform == "win32" else "python3", *sys.argv])
    sys.exit(f"{what}\n{way_out.replace('AGAIN', again)}")


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


# An environment is asked itself, which takes a tenth of a second.
STATE = """
import os, sys
from importlib.metadata import distribution
from importlib.util import find_spec
if sys.version_info < (3, 11) or sys.prefix == sys.base_prefix:
    sys.exit()
here, *packages = sys.argv[1:]
try:
    for package in packages:
        distribution(package)
    complete = os.path.samefile(os.path.dirname(find_spec("emlib").origin), here)
except Exception:  # something is missing
    complete = False
print("complete" if complete else "incomplete")
"""


def same(name: str, folder: Path) -> bool:
    """Whether a name leads to a folder. On Windows and macOS it may be written in other letters."""
    try:
        return os.path.samefile(name, folder)
    except (OSError, ValueError):
        return False


def state(venv: Path, packages: list) -> str:
    """An environment is complete if it works, has these packages, and this folder's emlib; incomplete; or broken."""
    mark = venv / MARK
    if mark.is_file() and not same(os.fsdecode(mark.read_bytes()), venv):
        return "broken"  # it was made in another folder, or making it was interrupted
    command = [python_of(venv), "-I", "-c", STATE, HERE / "emlib", *packages]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() or "broken"
    except OSError:  # there is no environment, or its Python is gone
        return "broken"


def python_m(python: Path, *words) -> subprocess.CompletedProcess:
    """Run one of Python's tools in silence; what it says is in the answer."""
    text = {"encoding": "utf-8", "errors": "replace"}
    return subprocess.run([python, "-m", *words], cwd=HERE, env=surroundings(), capture_output=True, **text)


def make(venv: Path) -> None:
    """Make an environment. One that is broken is made again, if it was made here."""
    mark = venv / MARK
    if mark.is_file():
        print(f"{venv} was moved, interrupted or broken. Making it again ...", flush=True)
        shutil.rmtree(venv)
    elif os.path.lexists(python_of(venv)) or venv.is_symlink() or venv.is_file():
        remove = f"{'rmdir /s' if sys.platform == 'win32' else 'rm -r'} {subprocess.list2cmdline([venv])}"
        give_up(f"{venv} does not work, and something else made it.", f"Delete it ({remove}); then type: AGAIN")
    else:
        print(f"Making {venv} ...", flush=True)
    venv.mkdir(parents=True, exist_ok=True)
    mark.write_bytes(b"not finished")
    # Whoever starts this with the Python of an environment, be it the broken one, gets one of the Python behind it.
    python = getattr(sys, "_base_executable", sys.executable)
    made = python_m(python, "venv", venv)
    if made.returncode:
        why = (made.stdout + made.stderr).strip().splitlines()[-1:]
        debian = "On Debian or Ubuntu type: sudo apt install python3-venv"
        give_up(f"Python could not make a virtual environment in {venv}. {' '.join(why)}", f"{debian}; then: AGAIN")
    mark.write_bytes(os.fsencode(venv))


# What pip says, what it means, and what to do.
TROUBLE = [
    ("No space left|quota", "the disk is full", "Make room for 1 GB"),
    ("Long Path", "the names of its files become too long for Windows", "Move the folder up, as to C:\\em"),
    ("WinError (5|32)", "a program that runs keeps its files", "Close JupyterLab and every notebook"),
    ("No module named pip", "Python has no pip", "On Debian or Ubuntu type: sudo apt install python3-venv"),
    ("Proxy", "the proxy lets nothing through", "Set HTTPS_PROXY to http://NAME:PASSWORD@HOST:PORT"),
    ("CERTIFICATE_VERIFY", "a certificate is not known", "Set PIP_CERT to the file of your network's certificates"),
    ("DO NOT MATCH", "a package is not the one that the course was tested with", "Ask pip for the usual registry"),
    ("onnect|timed out", "no connection", "Connect (behind a proxy: set HTTPS_PROXY to http://HOST:PORT)"),
    ("No matching|Failed to build", "this Python is too new or too odd", "Delete .venv, take another Python"),
    ("", "pip failed", "Read what it said"),
]


def lock_of(requirements: Path) -> Path:
    """The same packages and all that they need, each with its version and its hashes."""
    if requirements.parent == LECTURE:  # where Binder looks
        return HERE / "binder" / "requirements.txt"
    return requirements.with_name("lock.txt")


def fetch(requirements: Path, venv: Path) -> None:
    """Let pip install a requirements file in an environment."""
    print("Installing what the notebooks need (once; about a minute) ...", flush=True)
    python, mark, said = python_of(venv), venv / MARK, venv / "pip-said.txt"
    made_here = mark.is_file()
    if made_here:
        mark.write_bytes(b"not finished")
    if python_m(python, "pip", "--version").returncode:  # uv makes environments without it
        python_m(python, "ensurepip")
    pip_install = ("pip", "install", "--quiet", "--disable-pip-version-check", "-r")
    done = python_m(python, *pip_install, lock_of(requirements), "--no-deps")  # it has them all
    if not done.returncode:
        done = python_m(python, *pip_install, requirements)  # what is left is emlib itself
    if made_here:
        mark.write_bytes(os.fsencode(venv))
    if done.returncode:
        said.write_text(done.stderr, encoding="utf-8")
        _, what, way_out = next(trouble for trouble in TROUBLE if re.search(trouble[0], done.stderr))
        give_up(f"The packages could not be installed: {what} ({said}).", f"{way_out}; then type: AGAIN")
    settle(venv)


def settle(venv: Path) -> None:
    """JupyterLab would ask every newcomer whether to fetch news, and Voila offer each notebook without its cells."""
    settings = venv / "etc/jupyter/labconfig/page_config.json"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        unwanted = ("@jupyterlab/apputils-extension:announcements", "@voila-dashboards/jupyterlab-preview")
        settings.write_text(json.dumps({"disabledExtensions": dict.fromkeys(unwanted, True)}), encoding="utf-8")


def install(requirements: Path, venv: Path) -> None:
    """Have an environment that works, belongs to this folder, and has what a requirements file lists."""
    installed = venv / f"installed-{requirements.parent.name}.txt"
    wanted = [requirements, HERE / "requirements.txt", HERE / "pyproject.toml", lock_of(requirements)]
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()
    lines = "".join(path.read_text(encoding="utf-8") for path in wanted[:2])
    packages = re.findall(r"^(\w[\w.-]*).*==", lines, re.MULTILINE)
    found = state(venv, packages)
    if found == "complete" and installed.is_file() and installed.read_text(encoding="utf-8") == fingerprint:
        return
    if found == "broken":
        make(venv)
    fetch(requirements, venv)
    if state(venv, packages) != "complete":
        give_up(f"Packages are missing in {venv}, though pip has installed them.", "Delete it; then type: AGAIN")
    installed.write_text(fingerprint, encoding="utf-8")


# What a reader may tell pip: the way to packages. What they tell it about other work would change what is installed.
WAY = "CACHE_DIR|(CLIENT_)?CERT|CONFIG_FILE|FIND_LINKS|(EXTRA_)?INDEX_URL|KEYRING_PROVIDER|NO_(CACHE_DIR|INDEX)|PROXY"
WAY += "|RETRIES|(DEFAULT_)?TIMEOUT|TRUSTED_HOST|USE_(DEPRECATED|FEATURE)"


def surroundings() -> dict:
    """The shell's variables without those that would lead Python, Jupyter or pip out of the environment."""
    astray = re.compile(f"PYTHON.*|JUPYTER_PATH|JUPYTERLAB_DIR|PIP_(?!({WAY})$).*")
    variables = {name: value for name, value in os.environ.items() if not astray.fullmatch(name)}
    variables.update(PYTHONUTF8="1", JUPYTER_PREFER_ENV_PATH="1")
    variables.update(PIP_USER="0", PIP_CONSTRAINT=os.devnull)  # the versions are those of the lock
    if not home_can_be_written():
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
            variables[name] = str(VENV / "home" / name)
    return variables


def home_can_be_written() -> bool:
    home = Path(os.path.expanduser("~"))
    folders = [home / name for name in (".jupyter", ".ipython", ".local/share/jupyter", ".local/share/jupyter/runtime")]
    return all(os.access(folder, os.W_OK) for folder in [home, *filter(Path.exists, folders)])


def refuse_namesakes() -> None:
    """Python looks beside a notebook first: a file there that is named as a module would be taken for it."""
    modules = {"emlib", "numpy", "matplotlib", "PIL", "ipywidgets", "anywidget", "IPython", *sys.stdlib_module_names}
    for folder in (HERE, NOTEBOOKS, COPIES):
        packages = [path.parent for path in folder.glob("*/__init__.py") if path.parent != HERE / "emlib"]
        for path in [*folder.glob("*.py"), *packages]:
            if path.stem in modules:
                give_up(f"{path} hides the {path.stem} that the course needs.", "Rename it; then type: AGAIN")


def from_here(word: str) -> str:
    """The names of files count from where one stands; where there is no such file, the command says so."""
    name, colons, test = word.partition("::")
    path = Path.cwd() / name
    missing = name.endswith((".py", ".ipynb")) and not name.startswith("-") and not (HERE / name).exists()
    return f"{path}{colons}{test}" if Path.cwd() != HERE and (path.exists() or missing) else word


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


def make_working_copies(copies: Path | None = None) -> Path:
    """Copies of all notebooks for a reader: no answer stands under a question. What a reader wrote stays as it is.

    Returns the first of them.
    """
    copies = copies or COPIES
    for path in sorted([*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("[a-z][a-z]/*.ipynb")]):  # and translations
        folder = copies / path.parent.relative_to(NOTEBOOKS)
        folder.mkdir(parents=True, exist_ok=True)
        notebook = read(path)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        edition = notebook["metadata"]["edition"] = digest(notebook)
        made = [copy for copy in folder.glob("*.ipynb") if copy.stem.partition(" (edition ")[0] == path.stem]
        if any(editions(copy)[0] == edition for copy in made):
            continue
        copy, number = folder / path.name, 1
        while copy.exists() and len(set(editions(copy))) > 1:  # somebody wrote in it
            number += 1
            copy = folder / f"{path.stem} (edition {number}).ipynb"
        if number > 1:
            print(f"{path.name} has changed. The new edition is {copy.name}; yours is as you left it.", flush=True)
        written = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        whole = copy.with_suffix(".part")  # on a full disk no copy is half a one
        whole.write_text(written, encoding="utf-8", newline="\n")
        whole.replace(copy)
    return copies / min(NOTEBOOKS.glob("*.ipynb")).name


def follow(command: list, **options) -> int:
    """Run a command to its own end. What Ctrl+C means is its own affair: JupyterLab asks back, and must be heard."""
    with subprocess.Popen(command, **options) as process:
        while process.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()
    return process.returncode


def main(arguments: list) -> int:
    commands = {
        "lab": (HERE / "requirements.txt", ["-m", "jupyterlab"]),
        "edit": (HERE / "requirements.txt", ["-m", "jupyterlab", min(NOTEBOOKS.glob("*.ipynb"))]),
        "test": (HERE / "tests" / "requirements.txt", ["-m", "pytest"]),
        "benchmark": (HERE / "tests" / "requirements.txt", [HERE / "tests" / "benchmarks"]),
        "refresh": (HERE / "requirements.txt", [HERE / "notebooks" / "refresh.py"]),
        "homework": (HOMEWORK / "requirements.txt", [HOMEWORK / "homework.py"]),
        "export": (HERE / "requirements.txt", [HERE / "notebooks" / "export" / "export.py"]),
        "lecture": (LECTURE / "requirements.txt", [LECTURE / "lecture.py"]),
        "versions": (HERE / "tests" / "requirements.txt", [HERE / "tests" / "versions.py"]),
        "site": (SITE / "requirements.txt", [SITE / "make_site.py"]),
    }
    if sys.version_info < (3, 11):
        newer = next(filter(shutil.which, ("python3.14", "python3.13", "python3.12", "python3.11")), None)
        sys.exit(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.\n"
            + (f"Type {newer} instead of python3." if newer else "Install a newer one, then type its name for python3.")
        )
    sys.stdout.reconfigure(errors="backslashreplace")  # no name of a folder is too odd to be printed
    if not arguments or arguments[0] not in commands:
        asks = not arguments or arguments[0] in ("-h", "--help", "help")
        sys.exit(__doc__ if asks else f"There is no: {arguments[0]}\n\n{__doc__}")
    requirements, command = commands[arguments[0]]
    words = [from_here(word) for word in arguments[1:]]
    refuse_namesakes()
    # Tools of the marker and of the site's maker would show in everybody's JupyterLab.
    venv = VENV / arguments[0] if arguments[0] in ("homework", "site") else VENV
    install(requirements, venv)
    if arguments[0] == "lab":
        command.append(make_working_copies())
    if arguments[0] == "lecture":
        make_working_copies()
    if arguments in (["test"], ["test", "--long"]):  # all of them; one process waits for browsers most of its time
        command += ["-n", "3"]
    if not home_can_be_written():
        print(f"Your home folder cannot be written; settings are kept in {VENV / 'home'}", flush=True)
    return follow([python_of(venv), *command, *words], cwd=HERE, env=surroundings())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        copy = f"Make room, or copy {HERE} to where you may write, and type there: python3 run.py"
        give_up(f"{error.filename or HERE}: {error.strerror}.", " ".join([copy, *sys.argv[1:]]))
