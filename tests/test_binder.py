"""Binder: what it reads of this repository, and, in the long run, what comes of it."""

import shutil
import subprocess
import sys
import sysconfig
import warnings

import pytest
from browser import ROOT, new_page, shown, sight, until

from binder import LINK, OPENS, image

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Binder runs Linux")


def test_repo2docker_reads_the_configuration():
    command = [shutil.which("jupyter-repo2docker", path=sysconfig.get_path("scripts")), "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "Building conda environment for python=3.12" in said and "arning" not in said, said
    steps = ["pip install --no-cache-dir -r", "COPY --chown=0:0 src/ ", "RUN ./binder/postBuild"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places), "the packages lie below the texts, and are kept when only texts change"


def test_it_has_an_address():
    if "/OWNER/NAME/" in LINK:
        warnings.warn("The badge of README.md leads nowhere yet: put owner and name in its last lines.", stacklevel=1)
    assert LINK.startswith("[binder]: https://mybinder.org/v2/gh/")
    assert (ROOT / "notebooks" / OPENS.removeprefix("lab/tree/working-copies/")).is_file()


@pytest.mark.long
def test_a_fresh_machine_opens_the_first_page_and_runs_an_explorer(browser):
    with image() as made, made.lab() as (address, _), new_page(browser) as page:
        page.goto(f"{address}/{OPENS}")
        page.get_by_text("| Idle").wait_for()
        assert page.locator(".jp-Notebook").inner_text().startswith("0 · Start here")
        assert not page.get_by_text("official Jupyter news").is_visible(), "nobody is asked for news"
        made.write("working-copies/mine.ipynb", EXPLORER)
        page.goto(f"{address}/lab/tree/working-copies/mine.ipynb")
        page.get_by_text("| Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        explorer = sight(page, "explorer")
        start = shown(explorer)
        page.get_by_role("button", name="Play").first.click()
        until(lambda: shown(explorer) != start)
        assert all(50 < held < 300 for held in made.kernels()), "megabytes of each kernel"
        assert not (made.home / "notebooks" / "homework").exists()


EXPLORER = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
"source": "from emlib.widgets import Explorer\\nExplorer()"}], "metadata": {"kernelspec": {"display_name": "Python 3",
"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
"""
