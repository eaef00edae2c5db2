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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """One process for all that share a server, a cluster or a kernel. What takes longest begins first."""
    order = ["browser", "cluster"]
    for item in items:
        shared = [name for name in order if name in getattr(item, "fixturenames", ())]
        group = shared[0] if shared else item.path.name if item.path.suffix == ".ipynb" else None
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
            order += [group] if group not in order else []
    if hasattr(config, "workerinput"):  # a process of pytest-xdist
        groups = [next((mark.args[0] for mark in item.iter_markers("xdist_group")), None) for item in items]
        rank = {group: number for number, group in enumerate([*order, None])}
        items[:] = [items[i] for i in sorted(range(len(items)), key=lambda i: rank[groups[i]])]


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
