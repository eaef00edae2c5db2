"""What Python in the browser is made of: Pyodide's own files, each checked, and the course's wheels beside them."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERSION = "0.27.7"  # of Pyodide; the kernel of JupyterLite is made for it
STDLIB = "python_stdlib.zip"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", STDLIB)
LOCK = "pyodide-lock.json"
KERNEL = ["micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
"""What the kernel of JupyterLite installs, one after another, unless it is told that all are there."""


class Refused(Exception):
    """Something is missing or not what it should be, in a sentence."""


def plain(name: str) -> str:
    """A package's name as Python compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def unpacked(folder: Path) -> Path:
    """Where the files of a release are, which its archive has in a folder of its own."""
    return folder / "pyodide" if (folder / "pyodide" / LOCK).is_file() else folder


def official_lock(folder: Path) -> dict:
    """Pyodide's own list of its packages: what each needs, its file, and the sha256 of that."""
    missing = [name for name in (LOCK, *CORE) if not (folder / name).is_file()]
    if missing:
        raise Refused(f"{folder} is not Pyodide {VERSION} unpacked: it has no {missing[0]}.")
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    if lock["info"]["version"] != VERSION:
        raise Refused(f"{folder} has Pyodide {lock['info']['version']}; the site is made for {VERSION}.")
    return lock


def with_all_they_need(packages: dict, names) -> dict:
    """The packages of these names, and those that they need, and so on."""
    known = {plain(name): package for name, package in packages.items()}
    found, waiting = {}, [(plain(name), "the course") for name in names]
    while waiting:
        name, needed_by = waiting.pop()
        if name not in known:
            raise Refused(f"{needed_by} needs {name}, which neither Pyodide {VERSION} nor wheels.txt has.")
        if name not in found:
            found[name] = known[name]
            waiting += [(plain(other), name) for other in known[name]["depends"]]
    return found


def copy_checked(package: dict, source: Path, target: Path) -> None:
    """Copy a file of Pyodide's that is, byte for byte, the one that its lock names."""
    path = source / package["file_name"]
    if not path.is_file():
        raise Refused(f"{source} has no {path.name}, which Pyodide's lock names.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != package["sha256"]:
        raise Refused(f"{path} is not the file that Pyodide's lock names: its sha256 differs.")
    (target / path.name).write_bytes(content)


def pip(*words) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words, "--quiet", "--disable-pip-version-check"],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1577836800"},  # the same code makes the same wheel
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise Refused(f"pip {words[0]} failed: {done.stderr.strip()}")


def own_wheel(folder: Path, work: Path) -> None:
    """Make emlib's wheel, from a copy, so that no file of building is left in the project."""
    source = work / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "emlib", source / "emlib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)


def pure_wheels(folder: Path, kept: Path) -> None:
    """Put what wheels.txt lists in a folder. Pip fetches what was not kept, and compares the hashes in either case."""
    wanted = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--platform=any", "--python-version=3.12"]
    wanted += ["--implementation=py", "--abi=none", "-r", Path(__file__).with_name("wheels.txt")]
    here = ("--no-index", "--find-links", kept, "--dest", folder)
    kept.mkdir(parents=True, exist_ok=True)
    try:
        pip("download", *wanted, *here)
    except Refused:
        pip("download", *wanted, "--dest", kept)
        pip("download", *wanted, *here)


def with_wheels(lock: dict, wheels: list) -> dict:
    """A lock that names these wheels, too, and what emlib needs for its pictures and widgets."""
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    lock = add_wheels_to_spec(PyodideLockSpec(**lock), wheels).model_dump()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["optional-dependencies"]["widgets"]
    # Names alone: Pyodide has one version of each, and tests/no_server runs the course with it.
    lock["packages"]["emlib"]["depends"] += [re.match(r"[\w.-]+", package)[0] for package in needed]
    return lock


def make_pyodide(source: Path, target: Path, kernel: Path, work: Path) -> dict:
    """Write to `target` a Pyodide that has the course in it.

    Parameters
    ----------
    source : Path
        Pyodide's release, unpacked.
    kernel : Path
        The folder of wheels that come with JupyterLite's kernel.
    work : Path
        What can be used again the next time.

    Returns
    -------
    dict
        The entries of its lock.
    """
    lock = official_lock(source)
    target.mkdir(parents=True)
    own_wheel(target, work)
    pure_wheels(target, work / "wheels")
    for path in kernel.glob("*.whl"):
        if not path.name.startswith("widgetsnbextension-3"):  # that of older widgets
            shutil.copy(path, target)
    wheels = sorted(target.glob("*.whl"))
    lock = with_wheels(lock, wheels)
    lock["packages"] = with_all_they_need(lock["packages"], ["emlib", *KERNEL])
    ours = {path.name for path in wheels}
    for package in lock["packages"].values():
        if package["file_name"] not in ours:
            copy_checked(package, source, target)
    for name in CORE:
        shutil.copy(source / name, target)
    (target / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    return lock["packages"]
