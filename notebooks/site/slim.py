"""Python's files as the site gives them out: without what no reader of the course uses, and compiled.

Python compiles a module when it is first imported and keeps the result; in a browser it would do so at each visit. What
the explorer imports is compiled here instead, by Pyodide's own Python. Whatever else there is stays in source, which is
smaller.
"""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

from wheels import LOCK, STDLIB, Refused

COMPILE = Path(__file__).with_name("compile.mjs")
FONTS = "matplotlib/fontlist.json"  # that of Pyodide's matplotlib is of another version, so it is made at each start
OURS = "emlib/"  # whose source stays beside what is compiled: readers look into it
PACKAGES = "packages.data"  # a tar that is compressed; under its usual name some servers would say that they did it
UNUSED_PACKAGES = ("openssl", "pytz", "ssl")  # all work without them; the last is asked for by the kernel
UNUSED = [
    "*/tests/*",
    "*/test/*",
    "*/sample_data/*",
    "*.a",
    "*.h",
    "*.pxd",
    "*.data/*",  # what is JupyterLab's is in the site already
    "*/labextension/*",
    "*.dist-info/RECORD",
    "*/django-stubs/*",
    "*/typeshed/third_party/*",
    "*/typeshed/stdlib/2/*",
    "numpy/*.pyi",  # completion asks the modules themselves
    "numpy/_core/_operand_flag_tests.*",
    "numpy/_core/_rational_tests.*",
    "numpy/_core/_simd.*",
    "numpy/_core/_struct_ufunc_tests.*",
    "numpy/_core/_umath_tests.*",
    "numpy/distutils/*",
    "numpy/f2py/*",
    "numpy/random/_examples/*",
    "matplotlib/mpl-data/images/*",  # the buttons of windows
    "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSerif-*",
    "matplotlib/mpl-data/fonts/*.afm",  # for PostScript without fonts of its own
    "mpl_toolkits/axisartist/*",
    "dateutil/zoneinfo/*.tar.gz",
    "fontTools/merge/*",  # PDFs need their subset
    "fontTools/mtiLib/*",
    "fontTools/ufoLib/*",
    "fontTools/voltLib/*",
    "PIL/_imagingcms.*",
    "PIL/_webp.*",
]
UNUSED_UNLESS_COMPILED = "pygments/lexers/*"  # Python is coloured, and no other of 500 languages


def is_unused(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in UNUSED)


def compiled(pyodide: Path, work: Path) -> Path:
    """The folder of what is compiled: made anew only if a file of Python's has changed."""
    state = hashlib.sha256(COMPILE.read_bytes())
    for path in sorted(pyodide.iterdir()):
        state.update(path.name.encode() + path.read_bytes())
    made = work / f"compiled-{state.hexdigest()[:16]}"
    if not made.is_dir():
        for old in work.glob("compiled*"):
            shutil.rmtree(old)
        (new := work / "compiled").mkdir()
        node = shutil.which("node", path=Path(sys.executable).parent)  # pip brings it
        done = subprocess.run([node, COMPILE, pyodide, new], capture_output=True, encoding="utf-8")
        if done.returncode:
            raise Refused(f"Python's files could not be compiled: {done.stderr[-2000:]}")
        new.rename(made)
    return made


def members(path: Path, made: Path) -> dict[str, bytes]:
    """What is used of an archive, with the compiled modules in place of their sources."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name[-1] != "/" and not is_unused(name)}
    where = made / ("python312.zip" if path.name == STDLIB else "site-packages")
    for name in [name for name in files if name.endswith(".py")]:
        module = where / f"{name}c"
        if module.is_file() and name.startswith(OURS):
            folder, _, file = name.rpartition("/")
            files[f"{folder}/__pycache__/{file[:-3]}.cpython-312.pyc"] = module.read_bytes()
        elif module.is_file():
            del files[name]
            files[f"{name}c"] = module.read_bytes()
        elif fnmatchcase(name, UNUSED_UNLESS_COMPILED):
            del files[name]
    return files


def fonts(made: Path) -> dict[str, bytes]:
    """The list of the fonts that are left."""
    known = json.loads((made / FONTS).read_text(encoding="utf-8"))
    for kind in ("ttflist", "afmlist"):
        known[kind] = [font for font in known[kind] if not is_unused(f"matplotlib/mpl-data/{font['fname']}")]
    return {FONTS: json.dumps(known).encode()}


def slim(pyodide: Path, work: Path) -> None:
    """Make one file of all packages of a Pyodide, which python.mjs unpacks, and let its lock name that."""
    made = compiled(pyodide, work)
    standard = members(pyodide / STDLIB, made)
    with zipfile.ZipFile(pyodide / STDLIB, "w") as archive:
        for name, content in sorted(standard.items()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    lock = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))
    files = {}
    for name, package in list(lock["packages"].items()):
        path = pyodide / package["file_name"]
        if name in UNUSED_PACKAGES:
            del lock["packages"][name]
        else:
            files |= members(path, made)
        path.unlink()
    files |= fonts(made)
    (pyodide / PACKAGES).write_bytes(gzip.compress(tar(files), 9, mtime=0))
    whole = hashlib.sha256((pyodide / PACKAGES).read_bytes()).hexdigest()
    for package in lock["packages"].values():
        package |= {"file_name": PACKAGES, "sha256": whole}
        package["depends"] = [name for name in package["depends"] if name not in UNUSED_PACKAGES]
    (pyodide / LOCK).write_text(json.dumps(lock), encoding="utf-8")


def tar(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as writer:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            writer.addfile(member, io.BytesIO(content))
    return archive.getvalue()
