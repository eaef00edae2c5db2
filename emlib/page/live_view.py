"""The widget in which a live picture is shown, played and touched. What it does there is in live_view.js."""

import re
from pathlib import Path

import anywidget
from traitlets import Bool, Dict, Int, List, Unicode

from ..words import chosen, mark, tr
from .live import LivePicture

# As texts: of a path anywidget keeps a hold on every widget there has ever been (its issue 929).
SCRIPT, STYLE = (Path(__file__).with_suffix(ending).read_text(encoding="utf-8") for ending in (".js", ".css"))
# What the script says by itself, and what it makes of a unit.
SENTENCES = tuple(re.findall(r"\btr\('(.*?)'", SCRIPT))
UNITS = {
    mark("half-step"): (mark("Back one half-step"), mark("On one half-step")),
    mark("number"): (mark("Back one number"), mark("On one number")),
    mark("outcome"): (mark("Back one outcome"), mark("On one outcome")),
    mark("answer"): (mark("Back one answer"), mark("On one answer")),
    mark("iteration"): (mark("Back one iteration"), mark("On one iteration")),
}


class LiveView(anywidget.AnyWidget):
    """A picture in the page; the kernel draws, and the page asks for the moments that it needs.

    Traits
    ------
    shown : dict
        The moment on show and the run that it is of.
    answers : str
        The number of the move that was dealt with last. It comes in one message with what came of it.
    alert : str
        What went wrong, in words.
    hint : str
        What can be touched.
    bar : bool
        Whether there is a run to play.
    unit : str
        What one moment of it is.
    actions : list of (str, str, str)
        More buttons: name, icon, tooltip; with a fourth, that is what stands on it.
    width : int
        In pixels of the page, where there is room.
    language : str
    sentences : dict
        The page's own sentences in that language, where they are others.
    """

    _esm, _css = SCRIPT, STYLE
    shown = Dict().tag(sync=True)
    answers = Unicode().tag(sync=True)
    alert = Unicode().tag(sync=True)
    hint = Unicode().tag(sync=True)
    bar = Bool().tag(sync=True)
    unit = Unicode("half-step").tag(sync=True)
    actions = List().tag(sync=True)
    width = Int().tag(sync=True)
    language = Unicode().tag(sync=True)
    sentences = Dict().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(language=chosen(), sentences=page_sentences(), **traits)

    def show(self, moment: dict, frame: int = 0, last: int = 0, same_run: bool = False, alert: str = "") -> None:
        """Show a moment, of another run or of the same, of which the page keeps what it has."""
        run = self.shown.get("run", 0) + (not same_run)
        with self.hold_sync():
            self.shown = {**moment, "run": run, "frame": frame, "last": last}
            self.alert = alert

    def add(self, first: int, moments: list[dict], sharp: bool = False) -> None:
        """Send the moments of the run on show that were asked for, from frame `first` on, or the present one, sharp."""
        pictures = [moment.pop("png") for moment in moments]
        self.send({"run": self.shown["run"], "first": first, "moments": moments, "sharp": sharp}, pictures)


def page_sentences() -> dict[str, str]:
    """What the page says by itself in the chosen language, where that is not English."""
    every = [*SENTENCES, *(sentence for unit, ways in UNITS.items() for sentence in (unit, *ways))]
    return {sentence: tr(sentence) for sentence in every if tr(sentence) != sentence}


def drawn(picture: LivePicture, words: str, frame: int = 0) -> dict:
    """A moment as a page shows it: picture, words, and what can be grabbed or pointed at."""
    png = picture.png(frame)
    parts = {"handles": picture.handles(frame), "areas": picture.areas(frame)}
    return {"png": png, "words": words, **{name: [part.on_page() for part in found] for name, found in parts.items()}}
