"""What homework is worth: honest work in full, no more for any trick, and no mark at all where nothing came to an end.

All this needs no nbgrader; test_from_sheet_to_marks.py has the whole way.
"""

import json
import socket
import subprocess
import sys
from copy import deepcopy

import marking
import pytest
import sandbox
from marking import Wrong, close, mark, merge, plain
from nbformat.v4 import new_code_cell, new_markdown_cell
from sandbox import NoSandbox, NotGraded, Sandbox
from sheets import ENDS, HOMEWORK, HOSTILE, SHEETS, filled, given_out, points, read, tiny

SOURCE, RELEASE = tiny(), given_out(tiny())


@pytest.fixture(autouse=True, scope="module")
def shut_in():
    """Where submissions cannot be shut in, they are not run."""
    try:
        with Sandbox() as walls:
            walls.run("1", "a first try")
    except NoSandbox as error:
        pytest.skip(str(error).splitlines()[0])


def worth(submitted, student="ada", **limits):
    return points(mark(SOURCE, RELEASE, submitted, student, **limits))


class TestTheCoursesSheets:
    @pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
    def test_the_solutions_pass_every_test(self, path):
        source = read(path)
        marked = mark(source, given_out(source), source, "grace.hopper@navy")
        assert all(points(marked).values()) and sum(points(marked).values()) == 12
        text = str(marked)
        assert "HIDDEN" not in text and "emlib.Coins" not in text

    def test_an_empty_sheet_is_worth_nothing_and_half_of_one_its_half(self):
        source = read(SHEETS[1])
        release = given_out(source)
        assert set(points(mark(source, release, release, "ada")).values()) == {0}
        solutions = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in source.cells}
        half = filled(release, task_2=solutions["task-2"], task_3=solutions["task-3"])
        task = "def posterior(heads, tosses, weights, biases):\n    x = heads[:, None]\n"
        task += "    joint = weights * biases**x * (1 - biases) ** (tosses - x)\n"
        half = filled(half, task_1=task + "    return joint / joint.sum(axis=1, keepdims=True)")
        got = {name for name, number in points(mark(source, release, half, "ada")).items() if number}
        assert got == {"test-1-usual", "test-1-edges", "test-2", "test-3"}, "5,000 tosses are too many for it"

    @pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
    def test_every_student_has_data_of_their_own_and_the_same_each_time(self, path, capsys):
        (data,) = [cell.source for cell in read(path).cells if marking.name_of(cell) == "data"]

        def heads(student):
            known = {"student_id": student}
            exec(data, known)
            return known["heads"].tolist()

        assert heads("ada") == heads(" Ada ") and heads("ada") != heads("bob")
        assert len({str(heads(f"student{number}")) for number in range(40)}) == 40

    @pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
    def test_it_has_several_kinds_of_tasks_and_15_points(self, path):
        cells = read(path).cells
        given = [cell.metadata.nbgrader.points for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
        assert sum(given) == 15 and len(given) >= 8
        tasks = [cell.source for cell in cells if cell.source.startswith("## Task")]
        assert 4 <= len(tasks) <= 6
        for word in ("Write `", "Give", "find the mistake", "in your own words"):
            assert any(word in task for task in tasks), word
        assert [
            line for cell in cells for line in cell.source.splitlines() if cell.cell_type == "code" and len(line) > 120
        ] == []


class TestHonestWork:
    def test_all_some_and_none(self):
        assert worth(SOURCE) == {"test-1": 2, "test-2": 3}
        assert worth(RELEASE) == {"test-1": 0, "test-2": 0}
        half = filled(RELEASE, task_1="1 / 0", task_2="square = lambda x: x ** 2")
        assert worth(half) == {"test-1": 0, "test-2": 3}, "after an error the rest counts all the same"

    def test_numpy_lists_and_arrays_are_numbers(self):
        assert worth(filled(RELEASE, task_1="import numpy\ntwice = numpy.int64(2 * mine)"))["test-1"] == 2

    def test_the_id_is_the_folders_whatever_the_cell_says(self):
        typed = filled(RELEASE, student_id='student_id = "bob"', task_1=f"twice = {2 * sum(b'bob')}")
        assert worth(typed, "bob")["test-1"] == 2
        assert worth(typed, "ada")["test-1"] == 0
        computed = filled(SOURCE, student_id='student_id = "bob"')
        assert "the data of 'ada'" in str(mark(SOURCE, RELEASE, computed, "ada"))
        assert worth(computed, "ada")["test-1"] == 2, "a program does for ada what ada's data ask for"

    def test_what_is_wrong_is_said_without_the_answer(self):
        marked = mark(SOURCE, RELEASE, filled(RELEASE, task_1="twice = 5"), "ada")
        (said,) = [cell.outputs[0].evalue for cell in marked.cells if marking.name_of(cell) == "test-1"]
        assert said == "this is not twice"
        assert str(2 * sum(b"ada")) not in json.dumps(marked)


@pytest.mark.parametrize("trick", HOSTILE)
class TestHostileWork:
    def test_a_trick_is_worth_nothing(self, trick):
        honest = "def square(x): return x * x"
        marked = mark(SOURCE, RELEASE, filled(RELEASE, task_1=HOSTILE[trick], task_2=honest), "mallory")
        assert points(marked)["test-1"] == 0 and points(marked)["test-2"] <= 3
        said = [cell.outputs[0].text for cell in marked.cells if marking.name_of(cell) == "task-1"]
        assert "nothing found" in said[0], said


@pytest.mark.parametrize("what", ENDS)
def test_what_does_not_end_well_has_no_mark(what, monkeypatch):
    code, words = ENDS[what]
    monkeypatch.setattr(sandbox, "MEMORY", 8 * 10**8)
    with pytest.raises(NotGraded, match=words):
        worth(filled(SOURCE, task_2=code), cell_seconds=1.5 if "in time" in words else 20)


def test_an_endless_function_has_no_mark_and_all_cells_together_have_a_limit():
    with pytest.raises(NotGraded, match="a test of square did not end"):
        worth(filled(SOURCE, task_2="def square(x):\n    while True: pass"), cell_seconds=1)
    slow = deepcopy(RELEASE)
    slow.cells += [new_code_cell("import time; time.sleep(1)") for _ in range(30)]
    with pytest.raises(NotGraded, match="did not end"):
        worth(slow, all_seconds=2)


class TestMerging:
    def test_a_student_cannot_bring_tests_or_points_along(self):
        mine = deepcopy(RELEASE)
        for cell in mine.cells:
            if marking.is_test(cell):
                cell.metadata.nbgrader.points = 100
                cell.source = "### BEGIN HIDDEN TESTS\npass\n### END HIDDEN TESTS"
        extra = deepcopy(mine.cells[3])
        extra.metadata.nbgrader.grade_id = "extra"
        mine.cells += [extra, deepcopy(mine.cells[3])]
        assert worth(mine) == {"test-1": 0, "test-2": 0}
        tests = [cell.source for cell in merge(RELEASE, mine).cells if marking.is_test(cell)]
        assert tests == [cell.source for cell in RELEASE.cells if marking.is_test(cell)], "the marker sees ours"

    def test_what_was_deleted_comes_back_in_its_place(self):
        mine = deepcopy(SOURCE)
        mine.cells = [cell for cell in mine.cells if marking.name_of(cell) not in ("student-id", "data", "test-2")]
        assert worth(mine) == {"test-1": 2, "test-2": 3}
        names = [marking.name_of(cell) for cell in merge(RELEASE, mine).cells]
        assert names == [marking.name_of(cell) for cell in RELEASE.cells]

    def test_no_page_runs_what_a_student_wrote(self):
        mine = filled(RELEASE, task_3="<script>alert(1)</script> 2 < 3")
        mine.cells.append(new_markdown_cell("<img src=x onerror=alert(1)>"))
        mine.cells[2].outputs = [{"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}]
        merged = merge(RELEASE, mine)
        assert "<script" not in str(merged) and "<img" not in str(merged) and "2 < 3" in str(merged)
        marked = mark(
            SOURCE, RELEASE, filled(RELEASE, task_1="from IPython.display import HTML\nHTML('<script>')"), "eve"
        )
        assert "text/html" not in json.dumps(marked)

    def test_a_sheet_that_changed_since_it_was_given_out_is_not_marked(self):
        changed = deepcopy(SOURCE)
        changed.cells = [cell for cell in changed.cells if marking.name_of(cell) != "test-2"]
        with pytest.raises(ValueError, match="make the sheets again"):
            mark(changed, RELEASE, SOURCE, "ada")


class TestTheWalls:
    def test_nothing_of_the_machine_is_seen_but_python(self):
        with Sandbox() as walls:
            walls.run("import os", "")
            walls.run("def seen(path): return os.path.exists(path)", "")
            for path in (
                HOMEWORK,
                HOMEWORK.parents[1] / "emlib",
                "/etc/passwd",
                "/home/root",
                "/proc/self",
                "/dev/shm",
            ):
                assert walls.ask("seen", [str(path)])["value"] is False, path
            assert walls.ask("seen", [sys.executable])["value"] is True
            error = walls.run("import emlib", "")["error"]
            assert error[0] == "ModuleNotFoundError", "no answer can be imported"

    def test_emlib_is_there_only_if_the_sheet_gives_it(self, tmp_path, monkeypatch):
        task = "import emlib\ntwice = 2 * mine * len(emlib.chapter.heads) / 20"
        assert worth(filled(RELEASE, task_1=task))["test-1"] == 0
        sheet = filled(SOURCE, data="import emlib\nmine = sum(student_id.encode())", task_1=task)
        assert points(mark(sheet, given_out(sheet), sheet, "ada"))["test-1"] == 2
        installed = tmp_path / "emlib"
        installed.mkdir()
        (installed / "chapter.py").touch()
        monkeypatch.setattr(sandbox, "EMLIB", installed)
        monkeypatch.setattr(sandbox, "SYSTEM", (*sandbox.SYSTEM, str(tmp_path)))
        for given in (False, True):
            with Sandbox(emlib=given) as walls:
                walls.run(f"import os\nfound = len(os.listdir({str(installed)!r}))", "")
                assert walls.ask("found")["value"] == given

    def test_nobody_in_there_can_open_a_wall(self):
        with Sandbox() as walls:
            walls.run("import ctypes, sys\nlibc = ctypes.CDLL(None)\nprefix = sys.prefix.encode()", "")
            walls.run("again = libc.mount(None, prefix, None, 32 | 4096, None)", "")  # writable from now on
            walls.run("other = libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)", "")
            walls.run(
                "walls = libc.unshare(0x10000000)\nroot = libc.chroot(b'/tmp')\nhost = libc.sethostname(b'x', 1)", ""
            )
            assert [walls.ask(name)["value"] for name in ("again", "other", "root", "host")] == [-1] * 4

    def test_not_even_this_machine_is_reached(self):
        with socket.create_server(("127.0.0.1", 0)) as server, Sandbox() as walls:
            address = server.getsockname()
            socket.create_connection(address, timeout=5).close()  # from out here it can be
            error = walls.run(f"import socket\nsocket.create_connection({address!r}, timeout=5)", "")["error"]
            assert error and error[0] == "OSError", error

    def test_a_machine_that_cannot_do_it_says_so_and_runs_nothing(self, monkeypatch):
        done = subprocess.run(
            [
                sys.executable,
                HOMEWORK / "confine.py",
                "/nowhere",
                "/usr",
                "--",
                "--",
                sys.executable,
                "-c",
                "print('ran')",
            ],
            capture_output=True,
            text=True,
        )
        assert "refused" in json.loads(done.stdout) and "ran" not in done.stdout and done.returncode
        monkeypatch.setattr(sandbox.sys, "platform", "darwin")
        with pytest.raises(NoSandbox, match="were not run.*\n.*container"):
            Sandbox()

    def test_a_course_that_a_submission_could_read_is_refused(self, monkeypatch):
        monkeypatch.setattr(sandbox, "SYSTEM", (str(HOMEWORK.parent),))
        with pytest.raises(NoSandbox, match="lies in"):
            Sandbox()


def test_only_plain_numbers_count():
    assert close(1.0, 1) and close([1.0, [2.0]], [1, [2]]) and close(0.1234564, 0.1234562, digits=6)
    for wrong in (True, "1", None, [1.0], float("nan"), float("inf"), 1 + 1e-8):
        assert not close(wrong, 1)
    assert not close(0.123457, 0.1234562, digits=6) and not close([1.0], [1, 2]) and not close([], [1])
    assert plain([1, 2.5, None, "x"]) == [1.0, 2.5, None, "x"] and plain(10**400) == float("inf")
    for odd in (True, {}, [[[[[[[[1]]]]]]]]):
        with pytest.raises(Wrong):
            plain(odd)
