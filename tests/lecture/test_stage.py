"""The lecture without a browser: data of the class, what a reload comes back to, pages for a class."""

import json

import lecture
import numpy as np
import pytest
import stage
from browser import ROOT
from stage import Stage, read

THIRTY = "2 3 8 9 5 5 4 7 1 2 9 8 5 4 6 2 3 1 8 9 7 5 5 4 6 2 3 8 9 5"
COINS = "A A B C B B B C A A C C B B B A A A C C B B B B B A A C C B"
HEADS = [int(number) for number in THIRTY.split()]


@pytest.mark.parametrize(
    ("typed", "heads", "tosses"),
    [
        (THIRTY, HEADS, 10),
        (THIRTY.replace(" ", "\n") + "\n", HEADS, 10),  # a column of a spreadsheet
        (THIRTY.replace(" ", "\t"), HEADS, 10),  # a row of it
        (THIRTY.replace(" ", "\r\n"), HEADS, 10),
        ("HHTHTTHHTH\nttttttttth", [6, 1], 10),
        ("HHT HTT", [2, 1], 3),
    ],
)
def test_what_is_typed_or_pasted_is_read(typed, heads, tosses):
    assert read(typed) == (heads, tosses, None)


def test_nothing_means_the_demos_own_data():
    assert read("") is None and read(" \n") is None


def test_coins_are_numbered_by_their_share_of_heads():
    labels = read(THIRTY, COINS).labels
    assert labels.tolist() == ["ABC".index(name) for name in COINS.split()]
    other = read(THIRTY, COINS.translate(str.maketrans("ABC", "zxy")).replace(" ", "\n")).labels
    assert other.tolist() == labels.tolist()
    assert read("9 1 8 2", "low high low high").labels.tolist() == [1, 0, 1, 0]
    assert read("5 9 1 5", "b c a b").labels.tolist() == [1, 2, 0, 1]


@pytest.mark.parametrize(
    ("heads", "coins", "message"),
    [
        ("6 5 x", "", "entry 3 is 'x'"),
        ("6 5 11", "", "entry 3, '11', exceeds the 10 tosses"),
        ("6 5 4", "A B", "a coin for each of the 3 sequences, in their order; there are 2"),
        ("6 5 4 3", "A B C D", "up to 3 coins; there are 4"),
        ("", "A B", "type the heads first"),
    ],
)
def test_what_cannot_be_read_is_answered_in_words(heads, coins, message):
    with pytest.raises(ValueError, match=message):
        read(heads, coins)


def typed(on, heads, coins=""):
    on.speaker.typed = {"heads": heads, "coins": coins}


def data_of(demo):
    return np.repeat(demo.state.model.distinct_heads, demo.state.model.occurrences).tolist()


@pytest.mark.parametrize("length", [45, pytest.param(90, marks=pytest.mark.long)])
def test_every_demo_runs_on_what_was_typed(length):
    on = Stage(length)
    typed(on, THIRTY)
    assert on.speaker.said == "30 sequences of 10 tosses, 5.17 heads on average" and not on.speaker.wrong
    for number, demo in enumerate(on.demos):
        on.speaker.at = number
        assert on.speaker.ready == number and not on.speaker.wrong
        assert data_of(on.made[demo.name]) == sorted(HEADS), demo.name
        assert on.speaker.answer == demo.answer(on.given(demo))
    first = on.made["data"]
    typed(on, "")
    assert first.comm is None, "what is no longer on show takes no memory"
    assert data_of(on.made["reveal"]) == sorted(stage.plan.own("dice").model.heads)
    on.speaker.opened = [number]  # the answer shows the coins
    assert on.made["reveal"].state.reveal
    on.speaker.opened = [0]
    assert not on.made["reveal"].state.reveal


def test_nothing_is_lost_by_a_mistake(tmp_path):
    kept = tmp_path / "kept.json"
    on = Stage(45, kept)
    typed(on, THIRTY)
    shown = on.made["data"]
    typed(on, THIRTY + " 12")
    assert on.speaker.wrong.startswith("Not changed: ") and "entry 31, '12'" in on.speaker.wrong
    assert on.made["data"] is shown and data_of(shown) == sorted(HEADS)
    again = Stage(45, kept)
    assert again.speaker.typed["heads"] == THIRTY + " 12" and data_of(again.made["data"]) == sorted(HEADS)


@pytest.mark.parametrize("names", [{"e-step", "draw", "climb"}, pytest.param(None, marks=pytest.mark.long)])
def test_a_reload_comes_back_to_the_slide_and_all_that_was_done(names, tmp_path):
    kept = tmp_path / "kept.json"
    on = Stage(90, kept)
    on.speaker.began = 1234.0
    chosen = [number for number, demo in enumerate(on.demos) if names is None or demo.name in names]
    for number in chosen:
        on.speaker.at = number
        on.speaker.opened = [*on.speaker.opened, number]
        change(on.demos[number].name, on.made[on.demos[number].name])
    on.keep()
    again = Stage(90, kept)
    assert (again.speaker.at, again.speaker.began, again.speaker.opened) == (chosen[-1], 1234.0, chosen)
    for number in reversed(chosen):
        again.speaker.at = number
        before, after = (one.made[one.demos[number].name] for one in (on, again))
        assert stage.told(after) == stage.told(before) and repr(after) == repr(before)
    assert again.speaker.typed == {"heads": "", "coins": ""}


def change(name, made):
    """What a lecturer might do to a demo."""
    state = made.state
    if name == "map":
        state.set_bias(0, 0.7)
    elif name == "missing":
        made.add.click()
    elif name == "e-step":
        state.move(0, 0, 0.9)
    elif name in ("m-step", "climb"):
        state.set_bias(1, 0.3)
        state.set_border(0, 0.1)
    elif name == "draw":
        state.draw(0.5, 0.9)
    if name in ("posterior", "e-step", "draw", "climb"):
        made.go_to(1)
    elif name in ("run", "far"):
        state.frame = 7


def test_the_coins_of_the_class_are_revealed(tmp_path):
    kept = tmp_path / "kept.json"
    begin = {"at": "reveal", "opened": [], "began": 0, "told": {}, "typed": {"heads": "", "coins": ""}}
    kept.write_text(json.dumps(begin), encoding="utf-8")
    on = Stage(45, kept)
    assert on.speaker.at == 6
    typed(on, THIRTY)
    on.speaker.at = 0
    on.speaker.opened = [0, 6]
    first = on.made["data"]
    on.speaker.at = 6
    typed(on, THIRTY, COINS)
    assert on.made["data"] is first and on.speaker.opened == [0], "only the last slide is another"
    assert on.speaker.said.endswith("their coins are kept for the last slide")
    on.speaker.opened = [6]
    state = on.made["reveal"].state
    assert state.reveal and state.labels.tolist() == read(THIRTY, COINS).labels.tolist()
    assert Stage(45, kept).made["reveal"].state.reveal, "after a reload, too"


def test_a_fault_is_shown():
    on = Stage(45)
    on.demos[1] = on.demos[1]._replace(make=lambda given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        on.speaker.at = 1
    assert on.speaker.wrong == "Error: division by zero"


def test_pages_for_a_class_have_no_exercises():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = lecture.without_exercises(notebook)["cells"]
        left = ["".join(cell["source"]) for cell in cells]
        assert not any("= ..." in source or source.startswith("check(") for source in left), path.name
        titles = [source.split("\n")[0] for source in left if source.startswith("## ")]
        assert "## Exercises" not in titles and len(left) > 0.5 * len(notebook["cells"]), path.name
        if path.name.startswith("05"):
            assert titles[-1] == "## What to remember", "what stands behind the exercises stays"


def test_full_screen_where_the_browser_allows_and_else_words(monkeypatch, capsys):
    commands, opened = [], []
    done = lambda command, **_: commands.append(command) or lecture.subprocess.CompletedProcess(command, 0)  # noqa: E731
    monkeypatch.setattr(lecture.shutil, "which", lambda name: f"/bin/{name}" if name == "google-chrome" else None)
    monkeypatch.setattr(lecture.subprocess, "run", done)
    lecture.show("http://127.0.0.1:1/page")
    (command,) = commands
    assert command[0] == "/bin/google-chrome" and "--start-fullscreen" in command
    assert command[-1] == "--app=http://127.0.0.1:1/page" and "F11" in capsys.readouterr().out

    class Ended(Exception):
        """Ctrl+C."""

    def end(_):
        raise Ended

    monkeypatch.setattr(lecture.time, "sleep", end)
    monkeypatch.setattr(lecture.webbrowser, "open", opened.append)
    fails = lambda command, **_: lecture.subprocess.CompletedProcess(command, 1)  # noqa: E731
    for which, run in ((lambda name: None, done), (lambda name: name, fails)):
        monkeypatch.setattr(lecture.shutil, "which", which)
        monkeypatch.setattr(lecture.subprocess, "run", run)
        with pytest.raises(Ended):
            lecture.show("http://127.0.0.1:1/page")
        assert "F11 fills the screen" in capsys.readouterr().out
    assert opened == ["http://127.0.0.1:1/page"] * 2 and len(commands) == 1


def test_a_lecture_that_never_was_is_not_taken_up(monkeypatch, tmp_path):
    monkeypatch.setattr(lecture, "KEPT", tmp_path / "none.json")
    with pytest.raises(SystemExit, match="There is no lecture to take up"):
        lecture.main(["--again"])
