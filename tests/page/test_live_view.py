"""What the kernel tells the page of a live picture, without a page."""

import pytest
from matplotlib.figure import Figure

import emlib
from emlib.page.live import Area, Handle
from emlib.page.live_view import SENTENCES, UNITS, LiveView, drawn, page_sentences
from emlib.words import sentences_of


@pytest.fixture
def german():
    emlib.language("de")
    yield sentences_of("de")
    emlib.language("en")


def test_a_moment_is_of_another_run_or_of_the_same():
    view = LiveView(hint="Drag")
    told = []
    view.observe(lambda change: told.append(change["name"]), ["shown", "alert"])
    view.show({"words": "first"})
    assert view.shown == {"words": "first", "run": 1, "frame": 0, "last": 0} and view.alert == ""
    view.show({"words": "next"}, 3, 7, same_run=True, alert="no")
    assert view.shown == {"words": "next", "run": 1, "frame": 3, "last": 7} and view.alert == "no"
    view.show({"words": "another"}, last=2)
    assert view.shown == {"words": "another", "run": 2, "frame": 0, "last": 2} and view.alert == ""
    assert (view.language, view.sentences, view.unit, view.hint, view.bar) == ("en", {}, "half-step", "Drag", False)


def test_moments_are_sent_in_one_message_with_their_pictures_apart():
    view, sent = LiveView(), []
    view.send = lambda *message: sent.append(message)
    view.show({"words": "first"})
    view.add(4, [{"words": "a", "png": b"1"}, {"words": "b", "png": b"2"}])
    view.add(7, [{"words": "c", "png": b"3"}], sharp=True)
    assert sent == [
        ({"run": 1, "first": 4, "moments": [{"words": "a"}, {"words": "b"}], "sharp": False}, [b"1", b"2"]),
        ({"run": 1, "first": 7, "moments": [{"words": "c"}], "sharp": True}, [b"3"]),
    ]


def test_the_page_has_its_own_sentences_in_the_language(german):
    every = {*SENTENCES, *UNITS, *(way for ways in UNITS.values() for way in ways)}
    found = LiveView().sentences
    assert found == page_sentences() == {text: german[text] for text in every if german.get(text, text) != text}
    assert {"Play", "Back one half-step", "half-step"} <= found.keys() and LiveView().language == "de"


def test_what_is_drawn_has_its_handles_and_areas():
    axes = Figure((10, 5)).add_axes((0.1, 0.2, 0.8, 0.6), xlim=(0, 1), ylim=(0, 1))

    class Drawing:
        def png(self, frame=0):
            return b"png %d" % frame

        def handles(self, frame=0):
            return [Handle(f"coin {frame}", axes, (0.25, 0), (0, 0), (1, 0))]

        def areas(self, frame=0):
            return [Area(axes, (0, 0), (1, 1), f"part {frame}")]

    for found, frame in ((drawn(Drawing(), "said", 6), 6), (drawn(Drawing(), "said"), 0)):
        assert found.keys() == {"png", "words", "handles", "areas"}
        assert (found["png"], found["words"]) == (b"png %d" % frame, "said")
        (handle,), (area,) = found["handles"], found["areas"]
        assert (handle["name"], handle["value"], handle["along"]) == (f"coin {frame}", [0.25, 0], "x")
        assert handle["low"] == pytest.approx([0.1, 0.8]) and handle["high"] == pytest.approx([0.9, 0.8])
        assert (area["words"], area["use"]) == (f"part {frame}", "read")
        assert area["low"] == pytest.approx([0.1, 0.8]) and area["high"] == pytest.approx([0.9, 0.2])
