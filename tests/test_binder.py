"""Binder: what it reads of this repository, and, in the long run, what comes of it."""

import json
import shutil
import subprocess
import sys
import sysconfig
import warnings

import plan
import pytest
from browser import ROOT, new_page, run_all_in_lab, shown, sight, until

from binder import FIRST_PAGE, LECTURE, LINKS, image

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Binder runs Linux")


def test_repo2docker_reads_the_configuration():
    command = [shutil.which("jupyter-repo2docker", path=sysconfig.get_path("scripts")), "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "Building conda environment for python=3.12" in said and "arning" not in said, said
    steps = ["pip install --no-cache-dir -r", "COPY --chown=0:0 src/ ", "RUN ./binder/postBuild"]
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in said
    places = [said.index(step) for step in steps]
    assert places == sorted(places), "the packages lie below the texts, and are kept when only texts change"


def test_it_has_an_address():
    if any("/OWNER/NAME/" in link for link in LINKS.values()):
        warnings.warn("The badge of README.md leads nowhere yet: put owner and name in its last lines.", stacklevel=1)
    badge, lecture = (link.partition("?urlpath=")[0].partition(": ")[2] for link in LINKS.values())
    assert badge == lecture and badge.startswith("https://mybinder.org/v2/gh/"), "one machine for both"
    assert (ROOT / "notebooks" / FIRST_PAGE.removeprefix("lab/tree/working-copies/")).is_file()
    assert (ROOT / LECTURE.removeprefix("voila/render/")).is_file()


@pytest.mark.long
def test_a_fresh_machine_opens_the_first_page_and_runs_an_explorer(browser):
    with image() as made, made.lab() as (address, _), new_page(browser) as page:
        page.goto(f"{address}/{FIRST_PAGE}")
        page.get_by_text("| Idle").wait_for()
        assert page.locator(".jp-Notebook").inner_text().startswith("0 · Start here")
        assert not page.get_by_text("official Jupyter news").is_visible(), "nobody is asked for news"
        assert page.locator("[data-jp-item-name*=oila]").count() == 0, "nor offered a notebook without its cells"
        made.write("working-copies/mine.ipynb", EXPLORER)
        run_all_in_lab(page, address, "working-copies/mine.ipynb")
        explorer = sight(page, "explorer")
        start = shown(explorer)
        page.get_by_role("button", name="Play").first.click()
        until(lambda: shown(explorer) != start)
        assert all(50 < held < 300 for held in made.kernels()), "megabytes of each kernel"
        assert not (made.home / "notebooks" / "homework").exists()
        give_the_lecture(page, address, made)
        assert all(50 < held < 300 for held in made.kernels()), "megabytes of each kernel"


def give_the_lecture(page, address, made):
    """By the link: all slides, a reload, and the way from the menu to a notebook."""
    elsewhere = []
    at_home = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: request.url.startswith(at_home) or elsewhere.append(request.url))
    page.goto(f"{address}/{LECTURE}")
    picture = page.locator(".lecture-demo .emlib-picture > img:visible")
    for demo in plan.DEMOS:
        until(lambda demo=demo: page.locator("h1").inner_text() == demo.question)
        picture.first.wait_for()
        if demo is not plan.DEMOS[-1]:
            page.keyboard.press("Shift+PageDown")
    kept = made.home / "notebooks" / "lecture" / "last-lecture.json"
    until(lambda: json.loads(kept.read_text(encoding="utf-8"))["at"] == demo.name)  # the kernel has heard it
    assert max(made.kernels()) < 600, "megabytes, once all demos have been made"
    page.reload()
    until(lambda: page.locator(".lecture-clock").inner_text().startswith(f"{len(plan.DEMOS)} of"))
    picture.first.wait_for()
    assert elsewhere == []
    page.keyboard.press("m")
    with page.expect_popup() as opened:
        page.locator(".lecture-menu a").nth(4).click()
    opened.value.locator(".jp-Notebook h1").first.wait_for()
    assert opened.value.url.endswith("/lab/tree/working-copies/04-to-convergence.ipynb")


EXPLORER = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
"source": "from emlib.widgets import Explorer\\nExplorer()"}], "metadata": {"kernelspec": {"display_name": "Python 3",
"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
"""
