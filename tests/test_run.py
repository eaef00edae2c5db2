"""What run.py does on machines as people have them: the environment, names of files, and a reader's working copies."""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
import run  # noqa: E402


class Course:
    """A small course, whose environments are real and whose packages, venv and pip are not."""

    def __init__(self, folder, monkeypatch):
        self.set = monkeypatch.setattr
        for name in ("emlib", "notebooks", "tests"):
            (folder / name).mkdir(parents=True)
        for name, text in {
            "requirements.txt": "# x\njupyterlab==1\n-e .\n",
            "tests/requirements.txt": "pytest[x]==2",
            "tests/lock.txt": "pytest==2 --hash=sha256:0",
        }.items():
            (folder / name).write_text(text, encoding="utf-8")
        for name in ("pyproject.toml", "emlib/__init__.py"):
            (folder / name).touch()
        self.pip_says, self.has_pip, self.interrupt_at = "", True, None
        self.stand_in(folder)
        self.set(run, "python_m", self.python_m)

    def stand_in(self, folder):
        self.folder, self.venv = folder, folder / ".venv"
        for name, path in {"HERE": folder, "VENV": self.venv, "NOTEBOOKS": folder / "notebooks"}.items():
            self.set(run, name, path)
        self.set(run, "COPIES", folder / "working-copies")

    def python_m(self, python, *words):
        words = [str(word) for word in words]
        self.done.append(words[0] if words[0] != "pip" else " ".join(words[:2]))
        if words[0] == "venv":
            venv.EnvBuilder(symlinks=sys.platform != "win32").create(words[1])
        if self.done[-1] == self.interrupt_at:
            raise KeyboardInterrupt
        if words[0] == "ensurepip":
            self.has_pip = True
        if words[:2] == ["pip", "install"] and not self.pip_says:
            (site,) = Path(python).parent.parent.rglob("site-packages")
            (site / "emlib.pth").write_text(str(run.HERE), encoding="utf-8")
            for package in ("jupyterlab-1", "pytest-2"):
                (site / f"{package}.dist-info").mkdir(exist_ok=True)
                (site / f"{package}.dist-info" / "METADATA").touch()
        failed = words[:2] == ["pip", "install"] and self.pip_says or words == ["pip", "--version"] and not self.has_pip
        return subprocess.CompletedProcess(words, int(bool(failed)), "", self.pip_says)

    def install(self):
        """What was done until the environment was as it should be."""
        self.done = []
        run.install(self.folder / "tests" / "requirements.txt", self.venv)
        code = "import emlib; print(emlib.__file__)"
        told = subprocess.run([run.python_of(self.venv), "-I", "-c", code], capture_output=True, text=True, check=True)
        assert Path(told.stdout.strip()) == self.folder / "emlib" / "__init__.py"
        return self.done

    def gives_up(self):
        self.done = []
        with pytest.raises(SystemExit) as given_up:
            run.install(self.folder / "tests" / "requirements.txt", self.venv)
        what, way_out = given_up.value.code.splitlines()
        return what, way_out


@pytest.fixture
def course(tmp_path, monkeypatch):
    return Course(tmp_path / "a course in Österreich", monkeypatch)


ALL = ["venv", "pip --version", "pip install", "pip install"]  # the lock, then emlib


def test_an_environment_is_made_once(course, capsys):
    assert course.install() == ALL
    assert f"Making {course.venv}" in capsys.readouterr().out
    assert course.install() == [] and capsys.readouterr().out == ""
    for name in ("requirements.txt", "lock.txt"):
        (course.folder / "tests" / name).write_text("pytest==2", encoding="utf-8")
        assert course.install() == ALL[1:], "what is needed has changed"


@pytest.mark.parametrize("change", ["rename", "copytree"])
def test_a_folder_that_was_moved_or_copied_gets_its_own_environment(course, change, capsys):
    course.install()
    old, new = course.folder, course.folder.parent / "new"
    old.rename(new) if change == "rename" else shutil.copytree(old, new, symlinks=True)
    course.stand_in(new)
    assert course.install() == ALL
    assert f"{new / '.venv'} was moved, interrupted or broken. Making it again" in capsys.readouterr().out
    if change == "copytree":
        course.stand_in(old)
        assert course.install() == [], "the old one is as it was"


@pytest.mark.skipif(sys.platform == "win32", reason="there links need a right of their own")
def test_a_folder_by_another_name_is_the_same(course):
    """As on Windows and macOS, where large letters are small ones."""
    course.install()
    other = course.folder.with_name("A COURSE")
    other.symlink_to(course.folder)
    course.stand_in(other)
    course.done = []
    run.install(other / "tests" / "requirements.txt", other / ".venv")
    assert course.done == []


@pytest.mark.parametrize("moment", ["venv", "pip install"])
def test_an_interruption_is_made_good(course, moment):
    course.interrupt_at = moment
    with pytest.raises(KeyboardInterrupt):
        course.install()
    course.interrupt_at = None
    assert course.install() == ALL


def lose_python(folder):
    for path in run.python_of(folder).parent.glob("python*"):
        path.unlink()
    run.python_of(folder).symlink_to("/nowhere/python")


def lose_settings(folder):
    (folder / "pyvenv.cfg").unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="there Python is no link")
@pytest.mark.parametrize("lose", [lose_python, lose_settings])
def test_a_broken_environment_is_made_again_only_where_run_made_it(course, lose):
    course.install()
    lose(course.venv)
    assert course.install() == ALL
    (course.venv / run.MARK).unlink()
    lose(course.venv)
    what, way_out = course.gives_up()
    assert "something else made it" in what and f'rm -r "{course.venv}"' in way_out and "python3 " in way_out
    assert course.done == [] and course.venv.is_dir()


def test_an_environment_of_another_tool_is_completed(course):
    venv.EnvBuilder(symlinks=sys.platform != "win32").create(course.venv)
    (course.venv / "theirs").touch()
    course.has_pip = False
    assert course.install() == ["pip --version", "ensurepip", *ALL[2:]]
    assert (course.venv / "theirs").exists() and course.install() == []


def test_a_package_that_is_gone_is_installed_again(course):
    course.install()
    (metadata,) = course.venv.rglob("pytest-2.dist-info")
    shutil.rmtree(metadata)
    assert course.install() == ALL[1:]


@pytest.mark.parametrize(
    "pip_says, what, way_out",
    [
        (
            "Temporary failure in name resolution: Failed to establish a new connection\nNo matching",
            "no connection",
            "Connect",
        ),
        ("ProxyError('Cannot connect to proxy.')", "proxy", "HTTPS_PROXY"),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate, Max retries exceeded: connect",
            "certificate",
            "PIP_CERT",
        ),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk", "room"),
        ("python: No module named pip", "no pip", "apt install python3-venv"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "Python is too new", "another Python"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "tested with", "usual registry"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\...'\n"
            "HINT: This error might have occurred since this system does not have Windows Long Path support enabled.",
            "too long for Windows",
            "Move the folder up",
        ),
        ("ERROR: [WinError 5] Access is denied: 'C:\\\\...\\\\_zmq.pyd'", "runs", "Close JupyterLab"),
        ("something that nobody foresaw", "pip failed", "Read"),
    ],
)
def test_what_pip_cannot_do_is_said_in_two_lines(course, pip_says, what, way_out):
    course.pip_says = pip_says
    said, told = course.gives_up()
    assert what in said and way_out in told and told.endswith(subprocess.list2cmdline(sys.argv))
    assert (course.venv / "pip-said.txt").read_text(encoding="utf-8") == pip_says and str(course.venv) in said
    course.pip_says = ""
    assert course.install() == ALL[1:], "what is there is kept"


ASTRAY = "PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONSAFEPATH PYTHONWARNINGS JUPYTER_PATH JUPYTERLAB_DIR PIP_TARGET "
ASTRAY += "PIP_PREFIX PIP_PYTHON PIP_DRY_RUN PIP_REQUIRE_HASHES PIP_NO_BUILD_ISOLATION PIP_NO_BINARY PIP_REQUIREMENT"
KEPT = "HTTPS_PROXY PIP_PROXY PIP_CERT PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_NO_INDEX PIP_CONFIG_FILE PIP_NO_CACHE_DIR"


def test_what_leads_astray_is_not_handed_on(monkeypatch):
    for name in [*ASTRAY.split(), *KEPT.split()]:
        monkeypatch.setenv(name, "elsewhere")
    variables = run.surroundings()
    assert not set(ASTRAY.split()) & set(variables) and set(KEPT.split()) <= set(variables)
    assert variables["PYTHONUTF8"] == "1"


def test_pip_heeds_no_constraints_of_others(tmp_path, monkeypatch):
    (tmp_path / "constraints.txt").write_text("numpy<2", encoding="utf-8")
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "constraints.txt"))
    told = run.python_m(Path(sys.executable), "pip", "config", "list").stdout
    assert f":env:.constraint='{os.devnull}'" in told and ":env:.user='0'" in told


@pytest.mark.parametrize("home", ["missing", "unknown"])
def test_without_a_home_settings_are_kept_in_the_environment(home, tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "expanduser", lambda path: "~" if home == "unknown" else str(tmp_path / "missing"))
    kept = [value for name, value in run.surroundings().items() if name in ("JUPYTER_DATA_DIR", "IPYTHONDIR")]
    assert len(kept) == 2 and all(Path(value).is_relative_to(run.VENV) for value in kept)


def test_names_count_from_where_one_stands(course, monkeypatch):
    notebook = course.folder / "notebooks" / "01-a.ipynb"
    notebook.touch()
    monkeypatch.chdir(notebook.parent)
    assert run.from_here("01-a.ipynb") == str(notebook) and run.from_here("01-a.ipynb::Cell 1") == f"{notebook}::Cell 1"
    assert Path(run.from_here("../tests")).samefile(course.folder / "tests")
    assert run.from_here("02-b.ipynb") == str(notebook.parent / "02-b.ipynb"), "it is said where it is looked for"
    assert [run.from_here(word) for word in ("-k", "coins", "--long", "notebooks/01-a.ipynb")] == [
        "-k", "coins", "--long", "notebooks/01-a.ipynb"
    ]  # fmt: skip
    monkeypatch.chdir(course.folder)
    assert run.from_here("tests") == "tests", "a word after -k, perhaps"


def test_refresh_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "notebooks")
    import refresh

    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as given_up:
        refresh.main(["no such.ipynb"])
    assert given_up.value.code == f"There is no file {tmp_path / 'no such.ipynb'}."


def test_refresh_names_the_notebook_and_the_cell_that_stop_it(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "notebooks")
    import refresh

    def stop(*_, **__):
        raise CellExecutionError("in the cell 1/0", "ZeroDivisionError", "division by zero")

    monkeypatch.setattr(refresh.NotebookClient, "execute", stop)
    path = tmp_path / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1/0")]), path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"mine\.ipynb does not run .*in the cell 1/0") as stopped:
        refresh.main([str(path)])
    assert path.read_bytes() == before and "Traceback" not in str(stopped.value)


@pytest.mark.parametrize(
    "name", ["notebooks/emlib.py", "notebooks/emlib/__init__.py", "working-copies/random.py", "numpy.py"]
)
def test_a_file_that_hides_a_module_is_named(course, name):
    run.refuse_namesakes()
    path = course.folder / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    with pytest.raises(SystemExit, match="hides the (emlib|random|numpy) that the course needs") as refused:
        run.refuse_namesakes()
    assert str(path).removesuffix("/__init__.py") in refused.value.code


def test_the_course_itself_hides_no_module():
    run.refuse_namesakes()


def test_a_command_runs_in_the_environment_with_the_readers_words(course, monkeypatch):
    started = []
    monkeypatch.setattr(run, "install", lambda *arguments: started.append(arguments))
    monkeypatch.setattr(run, "follow", lambda command, **options: started.append((command, options)) or 7)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    (course.folder / "notebooks" / "01-a.ipynb").touch()
    monkeypatch.chdir(course.folder / "notebooks")
    assert run.main(["test", "01-a.ipynb", "-x"]) == 7
    (installed, (command, options)) = started
    assert installed == (course.folder / "tests" / "requirements.txt", course.venv)
    assert command == [run.python_of(course.venv), "-m", "pytest", str(Path.cwd() / "01-a.ipynb"), "-x"]
    assert options["cwd"] == course.folder and "PYTHONPATH" not in options["env"]


ASKS_BACK = """
import time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(0.5)  # longer than Python's own patience
    print("really?")
    raise SystemExit(5)
"""
FOLLOWS = "import run, sys; sys.exit(run.follow([sys.executable, '-c', sys.argv[1]]))"


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl+C is no signal")
def test_ctrl_c_is_the_commands_own_affair():
    """JupyterLab asks whether it is meant."""
    options = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-c", FOLLOWS, ASKS_BACK], cwd=ROOT, **options) as process:
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "really?\n"
    assert process.returncode == 5


@pytest.mark.parametrize(("words", "first"), [([], ""), (["--help"], ""), (["tset", "-x"], "There is no: tset\n\n")])
def test_who_asks_or_mistypes_is_told_the_commands(words, first):
    with pytest.raises(SystemExit) as told:
        run.main(words)
    assert told.value.code == first + run.__doc__


def test_an_old_python_hears_that_it_is_old(monkeypatch):
    ast.parse((ROOT / "run.py").read_bytes(), feature_version=(3, 7))  # it gets as far as that
    monkeypatch.setattr(sys, "version_info", (3, 10))
    with pytest.raises(SystemExit, match=r"Python 3.11 or newer is needed; this is .*\n"):
        run.main(["lab"])


def test_what_the_disk_refuses_is_said_in_two_lines(tmp_path):
    (tmp_path / "run.py").write_bytes((ROOT / "run.py").read_bytes())
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-a.ipynb").touch()
    command = [sys.executable, tmp_path / "run.py", "lab"]
    what, way_out = subprocess.run(command, capture_output=True, text=True).stderr.splitlines()
    assert what == f"{tmp_path / 'requirements.txt'}: No such file or directory." and way_out.endswith(
        "python3 run.py lab"
    )


def write(path, *cells):
    made = [{"cell_type": "code", "source": source, "outputs": ["seen"], "execution_count": 3} for source in cells]
    path.write_text(
        json.dumps({"cells": made, "metadata": {"kernelspec": {}}, "nbformat": 4, "nbformat_minor": 5}),
        encoding="utf-8",
    )


def codes(path):
    return ["".join(cell["source"]) for cell in run.read(path)["cells"]]


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A course of two notebooks, and the copies of its first edition."""
    monkeypatch.setattr(run, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(run, "COPIES", tmp_path / "copies")
    run.NOTEBOOKS.mkdir()
    for name in ("01-a", "02-b"):
        write(run.NOTEBOOKS / f"{name}.ipynb", "old", "answer = ...")
    first = run.make_working_copies()
    assert first == run.COPIES / "01-a.ipynb" and first.is_file()
    return run.NOTEBOOKS, run.COPIES


def test_copies_have_no_answer_in_sight(folders):
    _, copies = folders
    for path in copies.iterdir():
        assert codes(path) == ["old", "answer = ..."]
        for cell in run.read(path)["cells"]:
            assert cell["outputs"] == [] and cell["execution_count"] is None


def test_what_a_reader_wrote_stays_and_a_new_edition_comes_beside_it(folders, capsys):
    notebooks, copies = folders
    mine = run.read(copies / "01-a.ipynb")
    mine["cells"][1]["source"] = ["answer = ", "42"]  # as Jupyter writes it
    (copies / "01-a.ipynb").write_text(json.dumps(mine), encoding="utf-8")
    written = (copies / "01-a.ipynb").read_bytes()
    run.make_working_copies()
    assert capsys.readouterr().out == "" and len(list(copies.iterdir())) == 2, "nothing is new"
    for edition, name in (("newer", "01-a (edition 2).ipynb"), ("newest", "01-a (edition 2).ipynb")):
        write(notebooks / "01-a.ipynb", edition, "answer = ...")
        run.make_working_copies()
        assert f"The new edition is {name}; yours is as you left it" in capsys.readouterr().out
        run.make_working_copies()
        assert capsys.readouterr().out == "", "it is said once"
        assert codes(copies / name) == [edition, "answer = ..."], "nobody wrote in the edition between"
        assert (copies / "01-a.ipynb").read_bytes() == written
    mine = run.read(copies / name)
    mine["cells"].append({"cell_type": "markdown", "source": "mine"})
    (copies / name).write_text(json.dumps(mine), encoding="utf-8")
    write(notebooks / "01-a.ipynb", "last", "answer = ...")
    run.make_working_copies()
    assert codes(copies / "01-a (edition 3).ipynb") == ["last", "answer = ..."]
    assert codes(copies / name)[-1] == "mine"


def test_any_name_of_a_notebook_gets_a_copy_of_its_own(folders, capsys):
    notebooks, copies = folders
    for name in ("my", "my second", "[own]"):
        write(notebooks / f"{name}.ipynb", "the same")
    for _ in range(2):
        run.make_working_copies()
        found = {path.stem for path in copies.iterdir()}
        assert found == {"01-a", "02-b", "my", "my second", "[own]"} and capsys.readouterr().out == ""


def test_a_copy_in_which_nobody_wrote_is_brought_up_to_date(folders, capsys):
    notebooks, copies = folders
    write(notebooks / "02-b.ipynb", "new")
    seen = run.read(copies / "02-b.ipynb")
    seen["cells"][0]["outputs"] = ["run"]  # it was run, and nothing else
    (copies / "02-b.ipynb").write_text(json.dumps(seen), encoding="utf-8")
    run.make_working_copies()
    assert codes(copies / "02-b.ipynb") == ["new"] and capsys.readouterr().out == ""


def test_translations_are_copied_into_a_folder_of_their_language(folders, capsys):
    notebooks, copies = folders
    (notebooks / "de").mkdir()
    write(notebooks / "de" / "02-b.ipynb", "alt", "antwort = ...")
    run.make_working_copies()
    assert codes(copies / "de" / "02-b.ipynb") == ["alt", "antwort = ..."] and codes(copies / "02-b.ipynb")[0] == "old"
    mine = run.read(copies / "de" / "02-b.ipynb")
    mine["cells"][1]["source"] = "antwort = 42"
    (copies / "de" / "02-b.ipynb").write_text(json.dumps(mine), encoding="utf-8")
    write(notebooks / "de" / "02-b.ipynb", "neu", "antwort = ...")
    run.make_working_copies()
    assert "The new edition is 02-b (edition 2).ipynb" in capsys.readouterr().out
    assert sorted(path.name for path in (copies / "de").iterdir()) == ["02-b (edition 2).ipynb", "02-b.ipynb"]
    assert len(list(copies.glob("*.ipynb"))) == 2, "those of the English stay"


def test_a_copy_that_is_no_notebook_any_more_is_left_alone(folders):
    notebooks, copies = folders
    (copies / "02-b.ipynb").write_text("my shopping list", encoding="utf-8")
    write(notebooks / "02-b.ipynb", "new")
    run.make_working_copies()
    assert (copies / "02-b.ipynb").read_text(encoding="utf-8") == "my shopping list"
    assert codes(copies / "02-b (edition 2).ipynb") == ["new"]


def test_the_courses_own_copies_are_notebooks_and_git_ignores_them(tmp_path, monkeypatch):
    import nbformat

    assert "/working-copies/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    monkeypatch.setattr(run, "COPIES", tmp_path)
    run.make_working_copies()
    for source in sorted(run.NOTEBOOKS.glob("*.ipynb")):
        copy = nbformat.read(tmp_path / source.name, as_version=4)
        nbformat.validate(copy)
        assert [cell.source for cell in copy.cells] == [cell.source for cell in nbformat.read(source, 4).cells]


@pytest.mark.skipif(sys.platform == "win32", reason="Binder runs Linux")
def test_binder_makes_the_copies_that_its_link_opens(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (link,) = [line for line in readme.splitlines() if line.startswith("[binder]:")]
    for name in ("run.py", "binder/postBuild", *(f"notebooks/{path.name}" for path in run.NOTEBOOKS.glob("*.ipynb"))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    short = tmp_path / "python3"  # without pip and emlib; with them: tests/test_binder.py
    text = f'#!/bin/sh\ncase "$*" in *pip*|*emlib*) ;; *) exec "{sys.executable}" "$@"; esac\n'
    short.write_text(text, encoding="utf-8")
    short.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "binder/postBuild"], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
    assert (tmp_path / link.partition("urlpath=lab/tree/")[2]).is_file()


def test_binder_has_no_solutions_of_homework(tmp_path):
    assert b"rm -rf notebooks/homework" in (ROOT / "binder" / "postBuild").read_bytes().splitlines()


def test_copies_can_be_made_elsewhere_too(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "COPIES", tmp_path / "readers")
    assert run.make_working_copies(tmp_path / "site") == tmp_path / "site" / "00-start-here.ipynb"
    made = [run.read(path) for path in (tmp_path / "site").rglob("*.ipynb")]
    assert len(made) >= len(list(run.NOTEBOOKS.glob("*.ipynb"))) and not (tmp_path / "readers").exists()
    assert not any(cell.get("outputs") for notebook in made for cell in notebook["cells"])


@pytest.mark.parametrize(
    "room, script, tool, words",
    [("homework", "homework.py", b"nbgrader", ["mark", "submissions"]), ("site", "make_site.py", b"lite", ["--serve"])],
)
def test_tools_that_few_need_are_in_an_environment_of_their_own(monkeypatch, room, script, tool, words):
    """They would show in everybody's JupyterLab."""
    done = []
    monkeypatch.setattr(run, "install", lambda *arguments: done.append(arguments))
    monkeypatch.setattr(run, "follow", lambda words, **options: done.append(words) or 0)
    assert run.main([room, *words]) == 0
    (requirements, venv), command = done
    assert tool in requirements.read_bytes() and venv == ROOT / ".venv" / room
    assert command == [run.python_of(venv), ROOT / "notebooks" / room / script, *words] and command[1].is_file()
