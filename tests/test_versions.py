"""The locks: every package that a requirements file wants, and all that these need, with hashes."""

import re
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
    with pytest.raises(SystemExit, match="run.py versions"):
        versions.main(words)
