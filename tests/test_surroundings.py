"""Machines as people have them: no network, no display, another language and time, a folder that may only be read."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from browser import ROOT

USED = """
import locale, socket, sys
locale.setlocale(locale.LC_ALL, "")
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
    """What a run of much of the course prints, in surroundings of its own, and with nothing written beside it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "DISPLAY"))}
    folder, course = tmp_path / "a folder", tmp_path / "a course in Österreich"
    folder.mkdir()
    course.symlink_to(ROOT) if sys.platform != "win32" else shutil.copytree(ROOT / "emlib", course / "emlib")
    settings = {"PYTHONPATH": str(course), "MPLCONFIGDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-B", "-c", textwrap.dedent(USED)]
    done = subprocess.run(command, cwd=folder, env=kept | settings | variables, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == [], "a folder may be one that can only be read"
    return done.stdout


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return said(tmp_path_factory.mktemp("usual"))


def test_nothing_is_asked_of_the_network_and_no_display_is_needed(usual):
    assert usual.startswith("Hint 1 of") and "log-likelihood" in usual


def test_a_machines_settings_change_nothing(usual, tmp_path):
    odd = {"LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati", "TMPDIR": "/nowhere"}
    assert said(tmp_path, **odd, PYTHONWARNINGS="error", MPLBACKEND="TkAgg", COLUMNS="20") == usual


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("localedef"), reason="needs localedef, which Debian's locales brings")
def test_nor_does_a_language_whose_i_has_no_dot_and_whose_decimals_have_a_comma(usual, tmp_path):
    subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8", tmp_path / "tr_TR.UTF-8"], check=True)
    turkish = {"LC_ALL": "tr_TR.UTF-8", "LOCPATH": str(tmp_path), "TZ": "Asia/Kathmandu"}
    effect = [sys.executable, "-c", "import locale; locale.setlocale(locale.LC_ALL, ''); print(f'{0.5:n}')"]
    assert subprocess.run(effect, env=os.environ | turkish, capture_output=True, check=True).stdout == b"0,5\n"
    assert said(tmp_path, **turkish, PYTHONOPTIMIZE="2", PYTHONHASHSEED="7") == usual


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


@pytest.mark.skipif(sys.platform == "win32", reason="there folders have other rights")
def test_a_clone_that_may_only_be_read_says_the_way_out():
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}  # root may write anyway
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        (clone / "notebooks").mkdir(parents=True)
        for name in ("run.py", "requirements.txt", "pyproject.toml", "lock.txt", "notebooks/00-start-here.ipynb"):
            shutil.copy(ROOT / name, clone / name)
        for path in (clone, folder):
            os.chmod(path, 0o555)
        options = {"cwd": clone, "capture_output": True, "encoding": "utf-8", **nobody}
        for python in (sys.executable, "/usr/bin/python3"):
            command = [python, "run.py", "lab"]
            with contextlib.suppress(OSError):  # root's own Python is nobody else's
                done = subprocess.run(command, env={"HOME": "/nowhere", "PATH": os.defpath}, **options)
                break
        os.chmod(clone, 0o755)
        os.chmod(folder, 0o755)
    what, way_out = done.stderr.splitlines()
    assert done.returncode == 1 and what == f"{clone / '.venv'}: Permission denied."
    assert f"copy {clone} to where you may write" in way_out and way_out.endswith("python3 run.py lab")
