"""One browser and one JupyterLab for all tests here: to open them takes longer than most tests."""

import shutil

import pytest
from browser import ROOT, Server, chromium_or_none, jupyter_server, new_page

browser = pytest.fixture(scope="package", name="browser")(chromium_or_none)


@pytest.fixture(scope="package")
def lab(browser, tmp_path_factory):
    """A JupyterLab that serves a folder with a copy of the notebooks in it, and is open in a page."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    with jupyter_server("lab", home, "--expose-app-in-browser") as address, new_page(browser) as page:
        page.goto(f"{address}/lab")
        page.locator(".jp-Launcher").wait_for()
        yield Server(address, home, page)
