"""Take notebooks with you:

python3 run.py export script     scripts that run from a shell
python3 run.py export html       pages that need no kernel and no network; the explorers' runs play in them
python3 run.py export slides     slides for a lecture, of 1280 x 720
python3 run.py export pdf        the pages on paper, by Chromium
python3 run.py export figures    the pictures of pages, each as SVG, PDF and PNG
python3 run.py export handout    Tables 6.1 to 6.4 to be filled in by hand, and their key
python3 run.py export form       a page on which a class notes its own tosses

Names of notebooks after the kind choose some of them. All goes to exported/.
"""

import sys
from pathlib import Path

import chromium
import figures
import handout
import pages
import script

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
from signposts import write_whole  # noqa: E402

NOTEBOOKS, EXPORTED = HERE.parent, HERE.parent.parent / "exported"


def write(path: Path, text: str) -> Path:
    write_whole(path, text)
    return path


def export_script(notebook: Path, folder: Path) -> Path:
    return write(folder / f"{notebook.stem}.py", script.as_script(notebook))


def export_html(notebook: Path, folder: Path) -> Path:
    return write(folder / f"{notebook.stem}.html", pages.as_page(pages.read(notebook, playing=True), notebook.stem))


def export_slides(notebook: Path, folder: Path) -> Path:
    return write(folder / f"{notebook.stem}.html", pages.as_slides(pages.read(notebook), notebook.stem))


def export_pdf(notebook: Path, folder: Path) -> Path:
    return printed(pages.to_print(pages.read(notebook), notebook.stem), folder / f"{notebook.stem}.pdf")


def export_figures(notebook: Path, folder: Path) -> Path:
    return figures.write(notebook, folder / notebook.stem)


def printed(page: str, pdf: Path) -> Path:
    """A page of HTML as PDF; what is printed is gone."""
    written = write(pdf.with_suffix(".html"), page)
    try:
        chromium.print_page(chromium.find(), written, pdf)
    finally:
        written.unlink()
    return pdf


NOTEBOOK_KINDS = {
    "script": export_script,
    "html": export_html,
    "slides": export_slides,
    "pdf": export_pdf,
    "figures": export_figures,
}
SHEETS = {"handout": {"handout": handout.handout, "handout-key": handout.key}, "form": {"form": handout.form}}
ON_PAPER = {"pdf", *SHEETS}


def exported(kind: str, chosen: list[Path]):
    """Export one after the other; yields each file or folder as it is written."""
    folder = EXPORTED / kind
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in SHEETS.get(kind, {}).items():
        yield printed(page(), folder / f"{name}.pdf")
    for notebook in chosen if kind in NOTEBOOK_KINDS else ():
        yield NOTEBOOK_KINDS[kind](notebook, folder)


def main(words: list[str]) -> None:
    kind, *names = words or [""]
    if kind not in NOTEBOOK_KINDS | SHEETS:
        sys.exit(__doc__)
    if kind in SHEETS and names:
        sys.exit(f"{kind} is made of the chapter; leave out {names[0]}.")
    chosen = [Path(name) for name in names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in chosen:
        if path.suffix != ".ipynb" or not path.is_file():
            sys.exit(f"There is no notebook {path.absolute()}.")
    if kind in ON_PAPER and not chromium.find():
        sys.exit(f"{kind} is printed by a browser, and there is {chromium.MISSING}.")
    number = len(SHEETS.get(kind, chosen))
    print(f"[{' ' * 20}] {kind}: {number} to write", flush=True)
    try:
        for done, path in enumerate(exported(kind, chosen), start=1):
            size = f", {path.stat().st_size / 1e6:.1f} MB" if path.is_file() else ""
            print(f"[{'#' * round(20 * done / number):20}] {path}{size}", flush=True)
    except OSError as error:
        sys.exit(f"{EXPORTED} could not be written: {error}.\nWhat was written before is whole. Make room; then again.")


if __name__ == "__main__":
    main(sys.argv[1:])
