"""What all tests share: settings of hypothesis, a browser; and who runs them when there are two."""

import os
from collections import Counter

import pytest
from browser import chromium_or_none
from hypothesis import HealthCheck, Phase, settings
from xdist.scheduler import LoadScopeScheduling

os.environ.pop("EMLIB_LANGUAGE", None)  # the words of the course are compared
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads wait for each other where the processors are busy
# A slow machine is no fault of the code. Ten times as many examples: run.py test --hypothesis-profile=thorough
settings.register_profile("course", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=400)
settings.load_profile("course")
# For mutation testing: the same examples for every mutant, and no time spent on the smallest that fails.
settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.differing_executors],  # mutmut runs the same test twice in one process
)


def group(nodeid: str) -> str:
    """What is run in one process: tests that share a browser, a cluster or a class, and the cells of a notebook."""
    file = nodeid.partition("::")[0]
    if file.startswith("tests/in_browser/"):
        return "browser"
    return file if file.endswith((".ipynb", "test_parts.py", "test_site.py", "test_from_sheet_to_marks.py")) else nodeid


def pytest_xdist_make_scheduler(config, log):
    class Scheduler(LoadScopeScheduling):  # xdist's own groups have no effect with pytest 9.2
        def _split_scope(self, nodeid):
            return group(nodeid)

    config.option.loadscopereorder = False
    return Scheduler(config, log)


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also what is slow and rarely breaks")


def pytest_collection_modifyitems(config, items):
    """What takes long begins first, so that no process waits for another at the end."""
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workerinput"):  # one of several processes
        items.sort(key=lambda item: (group(item.nodeid) != "browser", group(item.nodeid) == item.nodeid))


def pytest_terminal_summary(terminalreporter):
    """A line for each reason why tests were skipped, such as how to turn them on."""
    for reason, times in Counter(skip.longrepr[2] for skip in terminalreporter.stats.get("skipped", ())).items():
        terminalreporter.write_line(f"{times} x {reason}")


# No longer than for a module, since its library keeps asyncio from all other tests.
browser = pytest.fixture(scope="module", name="browser")(chromium_or_none)
