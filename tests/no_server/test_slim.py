"""The site's Python leaves out what is not used, has compiled modules in place of sources, and packs all in a tar."""

import io
import json
import tarfile
import zipfile

import pytest
from slim import FONTS, fonts, is_unused, members, tar


@pytest.fixture
def made(tmp_path):
    """A folder of what was compiled."""
    for name in ("site-packages/numpy/core.pyc", "site-packages/emlib/em.pyc", "python312.zip/ast.pyc"):
        (path := tmp_path / "made" / name).parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"compiled " + name.encode())
    return tmp_path / "made"


def archive(path, *names):
    with zipfile.ZipFile(path, "w") as writer:
        for name in names:
            writer.writestr(name, f"source of {name}")
    return path


def test_what_was_compiled_takes_the_place_of_its_source(tmp_path, made):
    wheel = archive(tmp_path / "numpy.whl", "numpy/core.py", "numpy/rare.py", "numpy/core.so", "numpy/tests/test.py")
    found = members(wheel, made)
    assert sorted(found) == ["numpy/core.pyc", "numpy/core.so", "numpy/rare.py"]
    assert found["numpy/core.pyc"] == b"compiled site-packages/numpy/core.pyc"
    assert found["numpy/rare.py"] == b"source of numpy/rare.py"
    assert sorted(members(archive(tmp_path / "python_stdlib.zip", "ast.py", "os.py"), made)) == ["ast.pyc", "os.py"]


def test_the_courses_own_source_stays_beside_what_was_compiled(tmp_path, made):
    found = members(archive(tmp_path / "emlib.whl", "emlib/em.py"), made)
    assert sorted(found) == ["emlib/__pycache__/em.cpython-312.pyc", "emlib/em.py"]


def test_languages_that_are_not_coloured_are_left_out(tmp_path, made):
    (compiled := made / "site-packages/pygments/lexers/python.pyc").parent.mkdir(parents=True)
    compiled.write_bytes(b"")
    wheel = archive(
        tmp_path / "pygments.whl", "pygments/lexers/python.py", "pygments/lexers/php.py", "pygments/util.py"
    )
    assert sorted(members(wheel, made)) == ["pygments/lexers/python.pyc", "pygments/util.py"]


@pytest.mark.parametrize("name", ["numpy/testing/__init__.py", "matplotlib/mpl-data/matplotlibrc", "emlib/data.py"])
def test_what_looks_like_it_is_not_left_out(name):
    assert not is_unused(name)


def test_no_font_is_listed_that_was_left_out(made):
    (made / FONTS).parent.mkdir()
    listed = [{"fname": f"fonts/ttf/{name}.ttf"} for name in ("DejaVuSans", "DejaVuSerif-Bold")]
    (made / FONTS).write_text(
        json.dumps({"ttflist": listed, "afmlist": [{"fname": "fonts/afm/a.afm"}]}), encoding="utf-8"
    )
    assert json.loads(fonts(made)[FONTS]) == {"ttflist": listed[:1], "afmlist": []}


def test_the_tar_has_every_file_and_is_the_same_each_time():
    files = {"b/empty": b"", "a" * 60 + "/" + "b" * 60: b"long", "a": bytes(range(256)) * 3}
    with tarfile.open(fileobj=io.BytesIO(tar(files))) as reader:
        assert {member.name: reader.extractfile(member).read() for member in reader} == files
    assert tar(files) == tar(dict(reversed(files.items())))
