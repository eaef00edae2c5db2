"""The locks: every package that a requirements file wants, and all that these need, with hashes."""

import os
import re
import signal
import subprocess
import sys

import pytest
import versions

sys.path.insert(0, str(versions.ROOT))
import run  # noqa: E402

PACKAGE = re.compile(
    r"^(\w[\w.-]*)(?:\[.*\])?==([^\s;]+)(?: ;.*?)?(?: \\\n +--hash=sha256:[0-9a-f]{64})+\n", re.MULTILINE
)


def pinned(text):
    return {(name.lower(), version) for name, version in PACKAGE.findall(text)}


@pytest.mark.parametrize("requirements", versions.LOCKS, ids=lambda path: str(path.relative_to(versions.ROOT)))
def test_a_lock_has_what_is_wanted_and_names_all_hashes(requirements):
    text = versions.LOCKS[requirements].read_text(encoding="utf-8")
    assert re.sub("^#.*\n", "", PACKAGE.sub("", text), flags=re.MULTILINE) == "", "nothing without a hash, and no host"
    locked = pinned(text)
    for line in versions.lines(requirements):
        name, version = re.match(r"(\w[\w.-]*)(?:\[.*\])?(?:==(\S+))?", line).groups()
        found = {of for package, of in locked if package == name.lower()}
        assert version in found if version else found, f"{line} is not in the lock: python3 run.py versions lock"
    course = pinned(versions.LOCKS[versions.ROOT / "requirements.txt"].read_text(encoding="utf-8"))
    assert course <= locked, "one version of each for everybody"


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^python3 run\.py (\w+)", run.__doc__, re.MULTILINE))))
def test_every_command_of_run_py_has_a_lock(monkeypatch, command):
    asked = []
    monkeypatch.setattr(run, "install", lambda requirements, venv: asked.append(requirements))
    monkeypatch.setattr(run, "follow", lambda *_, **__: 0)
    monkeypatch.setattr(run, "make_working_copies", lambda: run.COPIES)
    run.main([command])
    assert [versions.LOCKS[requirements] for requirements in asked] == [run.lock_of(*asked)]
    assert run.lock_of(*asked).is_file()


def test_a_package_without_hash_would_be_seen():
    assert PACKAGE.sub("", "numpy==2 \\\n    --hash=sha256:" + "0" * 64 + "\nscipy==1\n") == "scipy==1\n"


@pytest.mark.parametrize("words", [[], ["older"], ["lock", "now"], ["update", "now"]])
def test_what_it_cannot_do_it_says(words):
    with pytest.raises(SystemExit, match="run.py versions") as refusal:
        versions.main(words)
    assert not words or str(refusal.value).startswith(f"There is no: versions {' '.join(words)}\n")


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Copies of all that versions.py writes, and a registry in which numpy 9 is the newest."""
    for path in {versions.ROOT / "pyproject.toml", *versions.LOCKS, *versions.LOCKS.values()}:
        there = tmp_path / path.relative_to(versions.ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())
    (tmp_path / "emlib").mkdir()
    (tmp_path / "README.md").touch()
    moved = {tmp_path / a.relative_to(versions.ROOT): tmp_path / b.relative_to(versions.ROOT) for a, b in LOCKS.items()}
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    monkeypatch.setattr(versions, "LOCKS", moved)
    pins = [pin for path in moved for pin in versions.PINNED.findall(path.read_text(encoding="utf-8"))]
    new = {name: version for name, _, version in pins if name != "nbgrader"} | {"numpy": "9.0", "tornado": "9.1"}
    monkeypatch.setattr(versions, "newest", lambda *_: sys.executable)
    monkeypatch.setattr(versions, "versions", lambda _: new)
    monkeypatch.setattr(versions, "run", lambda *_, **__: 0)
    monkeypatch.setattr(versions, "uv", lambda *words, cwd, **_: (cwd / words[-1]).write_bytes(b"numpy==9.0"))
    return tmp_path


LOCKS = dict(versions.LOCKS)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.txt")}


def test_newer_versions_are_told_and_written_only_when_asked_for(copy, capsys):
    before = contents(copy)
    versions.main(["update"])
    said = capsys.readouterr().out
    pin = re.search(r"^numpy==(\S+)", (copy / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert f"\nrequirements.txt: numpy {pin}, now 9.0\n" in f"\n{said}" and said.count("now") == 2
    assert re.search("^brought along: tornado .*, now 9.1$", said, re.MULTILINE)
    assert "notebooks/homework/requirements.txt: nbgrader" in said and "stays" in said
    assert "run.py versions update write" in said and contents(copy) == before
    versions.main(["update", "write"])
    changed = {path: text for path, text in contents(copy).items() if text != before[path]}
    assert changed.pop(copy / "requirements.txt") == before[copy / "requirements.txt"].replace(pin.encode(), b"9.0")
    assert changed == {path: b"numpy==9.0" for path in versions.LOCKS.values()}


def break_a_notebook(monkeypatch):
    monkeypatch.setattr(versions, "run", lambda *_, **__: 1)


def break_the_last_lock(monkeypatch):
    def uv(*words, cwd, **_):
        (cwd / words[-1]).write_bytes(b"half of it")
        if "site" in str(words[-1]):
            sys.exit("uv could not")

    monkeypatch.setattr(versions, "uv", uv)


@pytest.mark.parametrize("fail", [break_a_notebook, break_the_last_lock])
def test_what_fails_writes_nothing(copy, monkeypatch, fail):
    before = contents(copy)
    fail(monkeypatch)
    with pytest.raises(SystemExit):
        versions.main(["update", "write"])
    assert contents(copy) == before


STARTS = "import sys, versions; versions.follow([sys.executable, '-c', *sys.argv[1:]])"
CLEARS_UP = """
import os, sys, time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(0.6)
    os.mkdir(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl+C is no signal")
def test_ctrl_c_waits_for_what_was_started(tmp_path):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True, "start_new_session": True}
    command = [sys.executable, "-c", STARTS, CLEARS_UP, tmp_path / "cleared-up"]
    with subprocess.Popen(command, cwd=versions.ROOT / "tests", **options) as process:
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
        assert (tmp_path / "cleared-up").exists()
