"""The widget in which a live picture is shown, played and touched. What it does there is in live_view.js."""

from pathlib import Path

import anywidget
from traitlets import Bool, Dict, Int, List, Unicode

from .live import LivePicture

HERE = Path(__file__).parent


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
        More buttons: name, icon, tooltip.
    width : int
        In pixels of the page, where there is room.
    """

    _esm, _css = HERE / "live_view.js", HERE / "live_view.css"
    shown = Dict().tag(sync=True)
    answers = Unicode().tag(sync=True)
    alert = Unicode().tag(sync=True)
    hint = Unicode().tag(sync=True)
    bar = Bool().tag(sync=True)
    unit = Unicode("half-step").tag(sync=True)
    actions = List().tag(sync=True)
    width = Int().tag(sync=True)

    def show(self, moment: dict, frame: int = 0, last: int = 0, same_run: bool = False, alert: str = "") -> None:
        """Show a moment, of another run or of the same, of which the page keeps what it has."""
        run = self.shown.get("run", 0) + (not same_run)
        with self.hold_sync():
            self.shown = {**moment, "run": run, "frame": frame, "last": last}
            self.alert = alert

    def add(self, first: int, moments: list[dict]) -> None:
        """Send moments of the run on show, one after another from frame `first`."""
        pictures = [moment.pop("png") for moment in moments]
        self.send({"run": self.shown["run"], "first": first, "moments": moments}, pictures)


def drawn(picture: LivePicture, words: str, frame: int = 0) -> dict:
    """A moment as a page shows it: picture, words, and what can be grabbed or pointed at."""
    png = picture.png(frame)
    parts = {"handles": picture.handles(frame), "areas": picture.areas(frame)}
    return {"png": png, "words": words, **{name: [part.on_page() for part in found] for name, found in parts.items()}}
