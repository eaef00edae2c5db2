"""What an editable install hides: what is packed, what is declared, what is imported; and the code's style."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from emlib.page.animation import animation_page

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def run(*arguments, **options):
    """What Python prints; its errors, where there are some, in words."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff_finds_nothing(command):
    run("-m", "ruff", *command.split(), "--no-cache", ROOT)


def lint_javascript(*paths):
    """What oxlint says of files or folders of JavaScript, and whether it finds faults."""
    oxlint = shutil.which("oxlint", path=sysconfig.get_path("scripts"))
    done = subprocess.run([oxlint, "--config", ROOT / ".oxlintrc.json", *paths], capture_output=True, text=True)
    return done.stdout + done.stderr, done.returncode != 0


def test_oxlint_finds_nothing_and_would(tmp_path):
    in_page = tmp_path / "page.js"  # of a saved animation
    script = animation_page([Image.new("RGB", (1, 1))], ["words"]).partition('<script type="module">')[2]
    in_page.write_text(script.partition("</script>")[0], encoding="utf-8")
    rooms = [
        ROOT / room for room in ("emlib", "notebooks/export/templates", "notebooks/lecture", "notebooks/site", "tests")
    ]
    said, wrong = lint_javascript(*rooms, in_page)
    assert not wrong, said
    assert int(re.search(r"on (\d+) files", said)[1]) >= 9, said
    in_page.write_text(
        "const unused = 1;\nimage.src = undefined_name;\nexport const used = () => used();\n", encoding="utf-8"
    )
    said, wrong = lint_javascript(in_page)
    assert wrong and "'unused' is declared but never used" in said and "'undefined_name' is not defined" in said


def in_the_machines_encoding(code: bytes) -> list[int]:
    """Lines in which text is read or written as the machine does it, which on Windows is not UTF-8."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    named = [(call, getattr(call.func, "attr", getattr(call.func, "id", ""))) for call in calls]
    opened = [
        call
        for call, name in named
        if name in ("read_text", "write_text") or (name == "open" and isinstance(call.func, ast.Name))
    ]
    return [call.lineno for call in opened if "encoding" not in {keyword.arg for keyword in call.keywords}]


def test_files_are_read_and_written_as_utf_8():
    assert in_the_machines_encoding(b"a.read_text()\nb.write_text(c, encoding='utf-8')\nopen(d, 'w')") == [1, 3]
    sources = [
        ROOT / "run.py",
        *(path for room in ("emlib", "notebooks", "tests") for path in (ROOT / room).rglob("*.py")),
    ]
    found = {str(path): in_the_machines_encoding(path.read_bytes()) for path in sources}
    assert len(found) > 100 and {path: lines for path, lines in found.items() if lines} == {}


def test_names_of_files_are_names_on_every_system():
    """Windows keeps some words for itself, and large letters are small ones there and on macOS."""
    rooms = ("emlib", "notebooks", "tests", "binder", ".github")
    names = [str(path.relative_to(ROOT)) for room in rooms for path in (ROOT / room).rglob("*")]
    assert len(names) > 300 and len({name.lower() for name in names}) == len(names)
    kept = re.compile(r'(?i)(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)|[<>:"|?*\\]|[. ](/|$)')
    assert [name for name in ("a/aux.py", "a:b", "a./b", "nul") if not kept.search(name)] == []
    assert [name for name in names if kept.search(Path(name).as_posix())] == []


def files(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import emlib
for module in [emlib, *(importlib.import_module(m.name) for m in pkgutil.walk_packages(emlib.__path__, "emlib."))]:
    print(module.__file__)
"""


def test_a_wheel_has_all_files_and_can_be_imported(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(ROOT / "emlib", source / "emlib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation")
    run(*pip, "--no-index", "--target", target, source)
    assert files(target / "emlib") == files(ROOT / "emlib")
    imported = {Path(name) for name in run("-I", "-c", IMPORT_ALL, target).split()}
    assert imported == {target / "emlib" / path for path in files(ROOT / "emlib") if path.suffix == ".py"}


def test_whole_numbers_are_counted_in_one_place():
    """Numpy's own count refuses, in a browser, most whole numbers that numpy draws; what argmax gives it takes."""
    elsewhere = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "emlib").rglob("*.py")
        if path.name not in ("checks.py", "exercises.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr == "bincount"
    }
    assert elsewhere == set()


ONLY_NUMPY = """
import sys
import numpy

class Refuse:
    def find_spec(name, path=None, target=None):
        # Python in a browser has no _multiprocessing.
        if name.partition(".")[0] not in {"emlib", "numpy", *sys.stdlib_module_names} - {"_multiprocessing"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse)
import emlib
"""


def test_emlib_needs_numpy_alone():
    run("-c", ONLY_NUMPY, cwd=ROOT)


def test_what_is_imported_is_declared():
    nodes = [node for path in (ROOT / "emlib").rglob("*.py") for node in ast.walk(ast.parse(path.read_bytes()))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    modules = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - {"emlib"}
    packages = importlib.metadata.packages_distributions()
    imported = {packages[module][0].lower() for module in modules}
    declared = [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
    assert {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in declared} == imported
