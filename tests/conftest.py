"""What all tests share: settings of hypothesis, servers, browsers, a cluster; and who runs them when there are two."""

import os
import shutil

import pytest
from browser import CHROMIUM, ROOT, Server, jupyter_server, launch_chromium
from hypothesis import Phase, settings

settings.register_profile("course", deadline=None)  # a slow machine is no fault of the code
settings.load_profile("course")
# For mutation testing: the same examples for every mutant, and no time spent on the smallest that fails.
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)


@pytest.hookimpl(tryfirst=True)  # pytest-xdist looks at the marks next
def pytest_collection_modifyitems(config, items):
    """What shares a browser, servers or a kernel stays in one process."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    if hasattr(config, "workerinput"):  # of several processes
        items.sort(key=starts_late)


def starts_late(item) -> int:
    """What takes long begins first, so that no process waits for another at the end."""
    group = item.get_closest_marker("xdist_group")
    return 2 if group is None else 0 if group.args == ("browser",) else 1


@pytest.fixture(scope="module")
def browser():
    """A real Chromium. No longer than for a module, since its library keeps asyncio from all other tests."""
    if not CHROMIUM and os.environ.get("BROWSER_TESTS") != "required":
        pytest.skip("needs Chromium: install it (Debian: sudo apt install chromium) or set CHROMIUM to its path")
    with launch_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that serves a folder with a copy of the notebooks in it."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    with jupyter_server("lab", home, "--expose-app-in-browser") as address:
        yield Server(address, home)
