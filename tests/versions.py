"""Versions of what is installed: python3 run.py versions, and then one of

lock            pin all that the requirements files bring along, with hashes; keeps what is pinned, as far as it fits
newest [3.14]   run the tests of core and widgets with the newest of everything, on this Python or another (or a path)
oldest [3.11]   run them with the oldest that pyproject.toml allows
update [write]  run every notebook with the newest of everything, and say which numbers and pictures move;
                with "write" the new versions then go into the requirements files and the locks

Each works in an environment of its own, and what it writes it writes at the end, all at once: when it fails or is
stopped, nothing has changed. In a lock are versions and hashes for every system and every Python from 3.11.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Requirements files, and the lock of each. Those of the tests come first: all the others take what they say.
LOCKS = {
    ROOT / "tests" / "requirements.txt": ROOT / "tests" / "lock.txt",
    ROOT / "requirements.txt": ROOT / "lock.txt",
    **{path: path.with_name("lock.txt") for path in sorted((ROOT / "notebooks").glob("*/requirements.txt"))},
    ROOT / "notebooks" / "lecture" / "requirements.txt": ROOT / "binder" / "requirements.txt",  # where Binder looks
}
ROOMS = ["core", "models", "beyond", "page", "by_hand", "explorer", "landscape", "lessons"]
PINNED = re.compile(r"^(\w[\w.-]*)(\[.*\])?==(\S+)", re.MULTILINE)


def follow(command: list, **options) -> int:
    """Run a command to its own end, also after Ctrl+C: only then can what it used be removed."""
    process = subprocess.Popen(command, **options)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


def uv(*words, way_out: str = "", **options) -> None:
    command = [shutil.which("uv", path=Path(sys.executable).parent), *words, "--quiet", "--no-python-downloads"]
    if follow(command, **options):
        sys.exit(f"uv could not do it, and said why above. Nothing was changed.{way_out}")


def lock(folder: Path, wanted: dict[Path, str] | None = None, *options) -> None:
    """Lock these texts of the requirements files, in a copy; they and the locks are put in place once all are made."""
    copy = folder / "locking"
    for path in [ROOT / "pyproject.toml", *LOCKS, *LOCKS.values()]:
        there = copy / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text((wanted or {}).get(path) or path.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    above = []
    for requirements, locked in LOCKS.items():
        made_by = ["--custom-compile-command", "python3 run.py versions lock", "--no-annotate"]
        made_by += ["--no-strip-extras"]  # pip would look for jsonschema[...] beside the jsonschema that has hashes
        every = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-package", "emlib"]
        source, target = (path.relative_to(ROOT) for path in (requirements, locked))
        words = [source, *above, *every, *made_by, *options, "--output-file", target]
        uv("pip", "compile", *words, cwd=copy, stdout=subprocess.DEVNULL)
        above = ["--constraint", next(iter(LOCKS.values())).relative_to(ROOT)]
        found = PINNED.findall((copy / target).read_text(encoding="utf-8"))
        print(f"{target.as_posix()}: {len(found)} packages", flush=True)
    for path in [*LOCKS, *LOCKS.values()]:
        shutil.copyfile(copy / path.relative_to(ROOT), path)


def lines(requirements: Path) -> list[str]:
    """What a requirements file wants by name, and what the files that it names want."""
    text = requirements.read_text(encoding="utf-8")
    others = [requirements.parent / name for name in re.findall(r"^-r (\S+)", text, re.MULTILINE)]
    return [*sum(map(lines, others), []), *re.findall(r"^\w.*$", text, re.MULTILINE)]


def environment(folder: Path, wanted: list[str], python: str, *options) -> Path:
    """The Python of a new environment that has what is wanted."""
    print(f"Making an environment for {len(wanted)} packages and all that they need (a minute or two) ...", flush=True)
    (folder / "wanted.txt").write_text("\n".join(wanted), encoding="utf-8")
    way_out = "\nName a Python that is installed here, as 3.12, or the path of one."
    uv("venv", folder / "venv", "--python", python, way_out=way_out)
    found = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv("pip", "install", "--python", found, "-r", folder / "wanted.txt", *options)
    return found


def newest(folder: Path, python: str) -> Path:
    """An environment with the newest of everything that the course and its tests need."""
    wanted = [PINNED.sub(r"\1\2", line) for line in lines(ROOT / "tests" / "requirements.txt")]
    return environment(folder, wanted, python)


def oldest(folder: Path, python: str) -> Path:
    """An environment with the oldest that pyproject.toml allows, and with such tools of the tests as go with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = [*project["dependencies"], *project["optional-dependencies"]["widgets"]]
    ours = {re.match(r"[\w-]+", bound)[0].lower() for bound in bounds}
    tools = [PINNED.sub(r"\1\2", line) for line in lines(ROOT / "tests" / "requirements.txt")]
    tools = [tool for tool in tools if re.match(r"[\w-]+", tool)[0].lower() not in ours]
    return environment(folder, [*(bound.replace(">=", "==") for bound in bounds), *tools], python)


def run(python: Path, *words, cwd=ROOT) -> int:
    variables = os.environ | {"PYTHONPATH": str(cwd), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return follow([python, *words], cwd=cwd, env=variables)


def versions(python: Path) -> dict[str, str]:
    code = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()), sep='\\n')"
    said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout
    return {usual(name): version for name, _, version in PINNED.findall(said)}


def usual(name: str) -> str:
    """A package's name as all of them may be written: Pyodide_Lock is pyodide-lock."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test(make, folder: Path, python: str) -> None:
    found = make(folder, python)
    names = ("numpy", "matplotlib", "pillow", "contourpy", "ipython", "ipywidgets", "anywidget", "traitlets")
    print(
        subprocess.run([found, "--version"], capture_output=True, text=True).stdout.strip(),
        ", ".join(f"{name} {versions(found)[name]}" for name in names),
        flush=True,
    )
    rooms = [ROOT / "tests" / room for room in ROOMS]
    quiet = ["--disable-warnings"] if make is oldest else []  # what old packages say of what is new is no news
    sys.exit(run(found, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", *quiet, *rooms))


def update(folder: Path, write: bool) -> None:
    found = newest(folder, sys.executable)
    new = versions(found)
    texts, pinned = {}, set()
    for path in LOCKS:
        text, name_of_file = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        for name, _, old in PINNED.findall(text):
            pinned.add(usual(name))
            now = new.get(usual(name))
            if now is None:
                print(f"{name_of_file}: {name} {old} stays; it has an environment of its own", flush=True)
            elif now != old:
                print(f"{name_of_file}: {name} {old}, now {now}", flush=True)
                text = re.sub(rf"^({re.escape(name)}(\[.*\])?==){re.escape(old)}$", rf"\g<1>{now}", text, flags=re.M)
        texts[path] = text
    whole = next(iter(LOCKS.values())).read_text(encoding="utf-8")  # the lock of the tests has all but a few tools
    locked = [(usual(name), old) for name, _, old in PINNED.findall(whole)]
    for name in sorted({name for name, _ in locked} & new.keys() - pinned):
        old = [version for other, version in locked if other == name]  # some have one for each Python
        if new[name] not in old:
            print(f"brought along: {name} {' or '.join(old)}, now {new[name]}", flush=True)
    print("Running every notebook with these ...", flush=True)
    course = folder / "course"
    for room in ("emlib", "notebooks"):
        shutil.copytree(ROOT / room, course / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", course)
    if run(found, course / "notebooks" / "refresh.py", cwd=course):
        sys.exit("A notebook does not run with the newest of everything: see above. Nothing was changed.")
    if write:
        lock(folder, texts, "--upgrade")  # what they bring along is that with which the notebooks ran
        print("Written. See it: git diff. Then type: python3 run.py refresh; python3 run.py test")
    else:
        print("Nothing was changed. To take these versions: python3 run.py versions update write")


def main(words: list[str]) -> None:
    name, *rest = words or [""]
    with tempfile.TemporaryDirectory() as folder:
        if name == "lock" and not rest:
            lock(Path(folder))
        elif name in ("newest", "oldest") and len(rest) < 2:
            here = f"{sys.version_info.major}.{sys.version_info.minor}"
            test({"newest": newest, "oldest": oldest}[name], Path(folder), *(rest or [here]))
        elif name == "update" and rest in ([], ["write"]):
            update(Path(folder), bool(rest))
        else:
            sys.exit(f"There is no: versions {' '.join(words)}\n\n{__doc__.strip()}" if words else __doc__.strip())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        print("\nStopped. Nothing was changed.", file=sys.stderr)
        sys.exit(130)
