"""`check`, `hint` and `exercises`: what is printed, and which exercise a name finds."""

import pytest
from spy import counted

from emlib import lessons
from emlib.lessons import LESSONS, check, exercise, exercises, hint
from emlib.page.checking import EXERCISES


@pytest.fixture
def own():
    """An exercise of one's own, which is gone after the test."""
    yield exercise("sheet.1", lambda: 0.288, hints="How many ways are there?", why="Three ways.")
    del EXERCISES["sheet.1"]


def test_the_verdict_is_printed_and_handed_back(own, capsys):
    for answer, line, correct in (
        (0.288, "Exercise sheet.1: right. Three ways.", True),
        (0.5, 'Exercise sheet.1: not yet. hint("sheet.1") shows a way, one step at a time.', False),
        (..., "Exercise sheet.1: replace the dots by your answer, then run the cell again.", None),
    ):
        assert check("sheet.1", answer).correct is correct and capsys.readouterr().out == f"{line}\n"
    own.hints = ()
    check("sheet.1", 0.5)
    assert capsys.readouterr().out == "Exercise sheet.1: not yet.\n", "with nothing to add, not even a space"


def test_a_hint_is_printed(own, capsys):
    assert hint("sheet.1") is None
    assert capsys.readouterr().out == "Hint 1 of 1 for exercise sheet.1: How many ways are there?\n"
    hint("sheet.1")
    assert capsys.readouterr().out == "A worked answer to exercise sheet.1:\n\nanswer = 0.288\n"


def test_a_lesson_has_those_of_its_number():
    for number, lesson in enumerate(LESSONS):
        assert exercises(lesson) and {name.partition(".")[0] for name in exercises(lesson)} == {str(number)}
        assert all(made is EXERCISES[name] and made.name == name for name, made in exercises(lesson).items())


def test_a_name_finds_its_lesson_and_no_other(own, monkeypatch):
    for name, lesson in (("3.1", LESSONS[3]), ("11.1", LESSONS[11])):
        monkeypatch.setattr(exercises(lesson)[name], "asked", 0)  # and again afterwards
    loaded = counted(monkeypatch, lessons, "import_module")
    hint("3.1")
    hint("11.1")
    hint("sheet.1")
    assert loaded == [
        (f".{lesson}.exercises", "emlib.lessons") for lesson in ("one_iteration_by_hand", "your_own_model")
    ]


@pytest.mark.parametrize("name", [f"{len(LESSONS)}.1", "3.99", "sheet.2", 3.1, 3, None, ["3.1"]])
def test_a_name_that_is_none_is_answered_with_all_there_are(name):
    every = ", ".join(name for lesson in LESSONS for name in exercises(lesson))
    with pytest.raises(ValueError) as refused:
        check(name, 1)
    assert str(refused.value) == f"name must be one of {every}; it is {name!r}"
