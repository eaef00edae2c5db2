"""The progress bar and the switch, without a browser."""

import ipywidgets as widgets
import numpy as np
import pytest
from paper_page import mimebundle
from spy import counted

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import em_many, random_starts
from emlib.lessons.mixture_models.pictures import outcomes
from emlib.page import progress
from emlib.page.picture import Picture
from emlib.widgets import Progress, Switch

A = BinomialMixture(emlib.data.A)


def test_progress_shows_the_share_and_stops(monkeypatch):
    displayed = []
    monkeypatch.setattr(progress, "display", displayed.append)
    bar = Progress("10 starts <b>")
    assert repr(bar) == "Progress: 10 starts <b>" and displayed == []
    bar(0.25)
    bar(0.251)  # not worth a message
    assert displayed == [bar] and bar.bar.value == 0.25 and "10 starts &lt;b&gt;: 25%" in bar.words.value
    bar.stop.click()
    with pytest.raises(StopIteration, match="10 starts <b>: stopped by the reader"):
        bar(0.5)
    assert "stopped at 25%" in bar.words.value and bar.stop.disabled
    assert displayed == [bar] and repr(bar) == "Progress: 10 starts <b>"

    done = Progress("done soon")
    done(1)
    assert "done soon: done" in done.words.value and done.stop.disabled
    done(0)  # it may be used again
    assert "done soon: 0%" in done.words.value and not done.stop.disabled


def test_stop_ends_many_runs_and_keeps_what_is_finished(monkeypatch):
    monkeypatch.setattr(progress, "display", lambda bar: None)
    bar = Progress("many runs")

    def tell(share):
        bar(share)
        bar.stop.click()  # is heard at the next call

    starts = random_starts(3, 20_000)
    runs = em_many(A, *starts, iterations=3, progress=tell)
    assert 0 < len(runs.weights) < 20_000
    assert np.array_equal(runs.biases, em_many(A, *(rows[: len(runs.biases)] for rows in starts), 3).biases)


def test_a_switch_shows_one_picture_at_a_time_and_the_first_where_there_is_no_kernel(monkeypatch):
    links = counted(monkeypatch, widgets, "jslink")
    first, second = outcomes(A), outcomes(A, Coins([0.5, 0.5], [0.3, 0.35]))
    switch = Switch({"data": first, "with coins": second})
    assert switch.buttons.options == ("data", "with coins") and switch.children == (switch.buttons, switch.stack)
    assert [page.value for page in switch.stack.children] == [first.html(), second.html()]
    assert switch.stack.selected_index == 0
    assert links == [((switch.buttons, "index"), (switch.stack, "selected_index"))]
    data, metadata = mimebundle(switch)
    assert data["text/plain"] == repr(first) == metadata["image/png"]["alt"]
    assert data["image/png"] == first.png() and "application/vnd.jupyter.widget-view+json" in data


def test_progress_step_by_step(monkeypatch):
    displayed = []
    monkeypatch.setattr(progress, "display", displayed.append)
    bar = Progress("work")
    assert bar.words.value == "<span>work: 0%</span>" and bar.bar.max == 1 and bar.bar.value == 0
    assert not bar.stop.disabled and not bar.stopped
    said = []
    for share in (0.005, 0.01, 0.015, np.float32(0.5), 0.995, 1):
        bar(share)
        said.append((bar.bar.value, bar.bar.bar_style, bar.words.value, bar.stop.disabled))
    assert [value for value, *_ in said] == [0, 0.01, 0.01, 0.5, 0.995, 1]
    assert [style for _, style, *_ in said] == [""] * 5 + ["success"]
    assert said[3][2] == "<span>work: 50%</span>" and said[5][2] == "<span role=status>work: done</span>"
    assert [disabled for *_, disabled in said] == [False] * 5 + [True]
    assert displayed == [bar]
    bar.stop.click()
    assert bar.stopped and bar.stop.disabled
    for _ in range(2):
        with pytest.raises(StopIteration, match="^work: stopped by the reader$"):
            bar(0.3)
    assert bar.bar.bar_style == "warning" and bar.words.value == "<span role=status>work: stopped at 100%</span>"


def test_a_bar_has_its_place_and_stops_in_the_colour_of_a_warning(monkeypatch):
    monkeypatch.setattr(progress, "display", lambda bar: None)
    bar = Progress("work")
    assert bar.bar.layout.width == "16em" and bar.layout.align_items == "center"
    bar.stop.click()
    with pytest.raises(StopIteration):
        bar(0.5)
    assert bar.bar.bar_style == "warning" and "<span role=status>" in bar.words.value


def test_what_stop_says_goes_where_the_page_wants_it(monkeypatch):
    """Not to the line of the cell that is busy, to which ipykernel would send it."""
    monkeypatch.setattr(progress, "display", lambda bar: None)
    bar = Progress("work")
    bar.stop.comm._reply_subshell_id = "the cell's"
    bar(0.5)
    assert not hasattr(bar.stop.comm, "_reply_subshell_id")


def test_what_a_switch_writes_and_says_is_the_picture_in_sight(monkeypatch):
    written = []
    monkeypatch.setattr(Picture, "savefig", lambda *arguments: written.append(arguments))
    pictures = outcomes(A), outcomes(A, Coins([0.5, 0.5], [0.3, 0.35]))
    switch = Switch(dict(zip(("data", "with coins"), pictures, strict=True)))
    for number, picture in enumerate(pictures):
        switch.buttons.index = number
        switch.savefig(f"{number}.svg")
        assert written[-1] == (picture, f"{number}.svg") and repr(switch) == repr(picture)


def test_the_buttons_of_a_switch_are_as_wide_as_their_words():
    assert Switch({"data": outcomes(A)}).buttons.style.button_width == "auto"


def test_the_stop_button_says_what_it_does():
    bar = Progress("work")
    assert (bar.stop.description, bar.stop.icon) == ("Stop", "stop")
    assert bar.stop.tooltip == "Stop this work; what it has found is kept"
    assert bar.children == (bar.bar, bar.stop, bar.words) and "emlib-progress" in bar._dom_classes


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Switch({}), "pictures must name one picture or more, as in .*; it is {}"),
        (lambda: Switch([]), r"pictures must name one picture or more, as in .*; it is \[\]"),
        (lambda: Switch(None), "pictures must name one picture or more, as in .*; it is None"),
        (lambda: Switch({1: outcomes(A)}), "pictures must name one picture or more, as in .*; it is {1: Sequences"),
        (lambda: Switch({"a": outcomes(A), "b": "x"}), "picture 'b' must be a Picture; it is a str: 'x'"),
        (lambda: Progress(""), "label must say what the work is; it is ''"),
        (lambda: Progress(2000), "label must say what the work is; it is 2000"),
        (lambda: Progress("x")(1.5), "share must be from 0 to 1; it is 1.5"),
        (lambda: Progress("x")(float("nan")), "share must be from 0 to 1; it is nan"),
        (lambda: Progress("x")(-0.1), "share must be from 0 to 1; it is -0.1"),
        (lambda: Progress("x")("half"), "share must be from 0 to 1; it is 'half'"),
        (lambda: Progress("x")(None), "share must be from 0 to 1; it is None"),
        (lambda: Progress("x")([0.5]), r"share must be from 0 to 1; it is \[0.5\]"),
        (lambda: Progress("x")(1j), "share must be from 0 to 1; it is 1j"),
        (lambda: Progress(None), "label must say what the work is; it is None"),
        (lambda: Progress("  "), "label must say what the work is; it is '  '"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        make()
