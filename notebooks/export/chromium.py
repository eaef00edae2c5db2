"""Where Chromium, Chrome or Edge is, and how it prints a page."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
PLACES = {
    "darwin": [
        f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome", "Microsoft Edge")
    ],
    "win32": [
        os.path.join(os.environ.get(folder, ""), program)
        for program in (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
        for folder in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
    ],
}
MISSING = "no Chromium: install it (Debian: sudo apt install chromium) or set CHROMIUM to its path"


def find() -> str | None:
    """The program that the variable CHROMIUM names, or else the first one that is found."""
    places = [place for place in PLACES.get(sys.platform, ()) if Path(place).is_file()]
    return os.environ.get("CHROMIUM") or next(filter(None, [*map(shutil.which, NAMES), *places]), None)


def print_page(program: str, page: Path, pdf: Path) -> None:
    """Print a page of HTML to a PDF. RuntimeError if the program does not."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:  # beside a browser that is open
        options = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        options += [
            f"--user-data-dir={home}",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            "--virtual-time-budget=10000",
        ]
        if sys.platform == "linux" and os.geteuid() == 0:
            options += ["--no-sandbox"]  # which it refuses to root
        pdf.unlink(missing_ok=True)
        words = {"capture_output": True, "text": True, "encoding": "utf-8", "errors": "replace"}
        command = [program, *options, f"--print-to-pdf={pdf.absolute()}", page.absolute().as_uri()]
        done = subprocess.run(command, timeout=300, **words)
    if not pdf.is_file():
        raise RuntimeError(f"{program} printed nothing: {done.stderr.strip()[-500:]}")
