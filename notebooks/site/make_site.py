"""The course with no server: JupyterLab, Python and all notebooks as files that any web server can give out.

python3 run.py site --pyodide FOLDER   build it in built-site/, with Pyodide's release unpacked in FOLDER
python3 run.py site                    build it again, with the folder that was named last
python3 run.py site --serve            show it, to this machine alone

README.md beside this file says where Pyodide's release is, and how to publish the site.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

from serve import serve
from slim import slim
from wheels import KERNEL, ROOT, VERSION, Refused, make_pyodide, unpacked

from emlib.lessons.course import COURSE

sys.path.insert(0, str(ROOT))
import run  # noqa: E402

HERE = Path(__file__).resolve().parent
SITE = ROOT / "built-site"
WORK = Path(sys.prefix) / "work"  # what the next build can use again
REMEMBERED = WORK / "pyodide-folder.txt"
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "The EM algorithm",
        "disabledExtensions": ["@jupyterlab/apputils-extension:announcements"],
        "exposeAppInBrowser": True,  # to early.js
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "disablePyPIFallback": True,  # nothing is asked of anybody else
                "loadPyodideOptions": {"packages": KERNEL},  # they are there: it need not install them
            }
        },
    },
}


def build(pyodide: Path, site: Path) -> None:
    """Build the site. What was there before goes when the new one is complete."""
    lite, new = WORK / "lite", site.with_name(f"{site.name}.new")
    for folder in (lite, new):
        shutil.rmtree(folder, ignore_errors=True)
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    kernel = installed / "@jupyterlite" / "pyodide-kernel-extension"
    packages = make_pyodide(unpacked(pyodide), lite / "static" / "pyodide", kernel / "static" / "pypi", WORK)
    widgets = lite / "static" / "pyodide" / packages["jupyterlab-widgets"]["file_name"]
    run.make_working_copies(lite / "files")
    options = {
        "contents": ["files"],
        "output_dir": str(new),
        "no_sourcemaps": True,
        "apps": ["lab"],
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(path) for path in (kernel, installed / "anywidget", widgets)],
    }
    (lite / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": options}), encoding="utf-8")
    (lite / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"], cwd=lite, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise Refused(f"JupyterLite could not be built: {done.stdout}{done.stderr}")
    slim(new / "static" / "pyodide", WORK)
    shutil.rmtree(lite)  # with its notebooks: what marks homework must not come upon any
    add_pages(new)
    shutil.rmtree(site, ignore_errors=True)
    new.rename(site)


def add_pages(site: Path) -> None:
    """Add the pages of our own, and let JupyterLite's keep what they load for the next visit."""
    (site / "service-worker.js").rename(site / "jupyterlite-service-worker.js")
    shutil.copytree(HERE / "pages", site, dirs_exist_ok=True)
    for path in (ROOT / "emlib" / "page").glob("live_view.[cj]s*"):
        shutil.copy(path, site / "explorer")
    first = site / "index.html"
    replace(first, "NOTEBOOKS", "\n".join(link(path) for path in sorted((site / "files").glob("*.ipynb"))))
    lab = site / "lab" / "index.html"
    replace(
        lab,
        '<link rel="manifest"',
        '<script src="../keep.js"></script>\n    <script src="early.js"></script>\n    <link rel="manifest"',
    )
    replace(lab, "await import(", "await window.kept; await import(")
    replace(site / "jupyter-lite.json", "./static/pyodide/pyodide.js", "./static/pyodide/python.js")
    replace(site / "service-worker.js", "BUILD", fingerprint(site))


def replace(path: Path, old: str, new: str) -> None:
    """Replace what stands in a page once."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise Refused(f"{path} is not what it was: {old!r} is in it {text.count(old)} times, not once.")
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def link(path: Path) -> str:
    """A line of the first page for a notebook, which tells how long it takes."""
    number = int(path.name[:2])
    title, minutes = escape(COURSE[number].title), COURSE[number].minutes
    return f'<li><a href="lab/index.html?path={path.name}">{number} · {title}</a> <small>{minutes} min</small></li>'


def fingerprint(site: Path) -> str:
    """A name for this very site."""
    everything = hashlib.sha256()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        everything.update(path.relative_to(site).as_posix().encode() + path.read_bytes())
    return everything.hexdigest()[:16]


def main(words: list) -> int:
    parser = argparse.ArgumentParser(prog="run.py site", description=__doc__.split("\n")[0])
    parser.add_argument("--pyodide", type=Path, metavar="FOLDER", help=f"Pyodide {VERSION}, unpacked")
    parser.add_argument("--serve", action="store_true", help="show the site, to this machine alone")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(words)
    if options.serve:
        if not (SITE / "index.html").is_file():
            sys.exit("There is no site yet. Build it first: python3 run.py site --pyodide FOLDER")
        return serve(SITE, options.port)
    if options.pyodide is None and REMEMBERED.is_file():
        options.pyodide = Path(REMEMBERED.read_text(encoding="utf-8"))
    if options.pyodide is None:
        sys.exit(
            f"Where is Pyodide? Get pyodide-{VERSION}.tar.bz2 from its release {VERSION}, unpack it, and type:\n"
            "python3 run.py site --pyodide FOLDER"
        )
    try:
        build(options.pyodide.resolve(), SITE)
    except Refused as refused:
        sys.exit(str(refused))
    REMEMBERED.write_text(str(options.pyodide.resolve()), encoding="utf-8")
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"The site is in {SITE} ({size / 1e6:.0f} MB). To see it: python3 run.py site --serve")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
