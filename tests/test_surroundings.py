"""Machines as people have them: no network, no display, another language and time, a folder that may only be read."""

import os
import subprocess
import sys
import textwrap

import pytest
from browser import ROOT

USED = """
import socket, sys
real = socket.socket.connect
def local_only(self, address):
    assert self.family == getattr(socket, "AF_UNIX", None) or address[0] in ("127.0.0.1", "::1"), address
    return real(self, address)
socket.socket.connect = socket.socket.connect_ex = local_only
def nobody(*arguments, **named):
    raise AssertionError(f"the network was asked for {arguments}")
socket.getaddrinfo = socket.create_connection = socket.gethostbyname = nobody

import emlib
from emlib import widgets
from emlib.lessons import LESSONS, check, exercises, hint
for lesson in LESSONS:
    exercises(lesson)
hint("1.1")
check("1.1", "no answer")
explorer = widgets.Explorer()
explorer.fold.selected_index = 0
explorer.more.typed.value = "6 5 4"
assert len(explorer.picture.png(3)) > 1000
print(explorer.state.describe(4), explorer.state.csv()[:300], explorer.text())
print(emlib.best_of(explorer.state.model, [emlib.chapter.start]).log_likelihood)
"""


def said(tmp_path, **variables):
    """What a run of much of the course prints, in surroundings of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "DISPLAY"))}
    command = [sys.executable, "-B", "-c", textwrap.dedent(USED)]
    inside = kept | {"PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"} | variables
    done = subprocess.run(command, cwd=tmp_path, env=inside, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return said(tmp_path_factory.mktemp("usual"))


def test_nothing_is_asked_of_the_network_and_no_display_is_needed(usual):
    assert usual.startswith("Hint 1 of") and "log-likelihood" in usual


@pytest.mark.parametrize(
    "odd",
    [
        {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0"},
        pytest.param({"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"}, marks=pytest.mark.long),
    ],
)
def test_language_and_time_of_the_machine_change_nothing(odd, usual, tmp_path):
    assert said(tmp_path, **odd) == usual


FULL = """
import pathlib, resource, run, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
run.COPIES = pathlib.Path("copies")
run.make_working_copies()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there files have no limit")
def test_a_full_disk_leaves_what_was_there(tmp_path):
    (tmp_path / "copies").mkdir()
    first = tmp_path / "copies" / "00-start-here.ipynb"
    command = [sys.executable, "-c", FULL.replace("200, 200", "-1, -1")]
    options = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": str(ROOT)}, "capture_output": True}
    assert subprocess.run(command, **options).returncode == 0
    changed = first.read_bytes().replace(b'"edition": "', b'"edition": "0')  # of an older edition
    first.write_bytes(changed)
    done = subprocess.run([sys.executable, "-c", FULL], **options)
    assert done.returncode == 1 and b"OSError: [Errno 27]" in done.stderr
    assert first.read_bytes() == changed
