"""A page of paper: it does what live_view.js does, without a browser; and what a notebook keeps."""

from ipywidgets.widgets.widget import _instances


class Page:
    """The page on which a widget is shown."""

    def __init__(self, widget):
        self.widget, self.view = widget, widget.view
        self.added, self.moves = {}, 0  # run and frame to the latest moment sent
        self.view.send = self._receive

    def _receive(self, message, pictures=()):
        for place, (moment, png) in enumerate(zip(message.get("moments", ()), pictures, strict=True)):
            self.added[message["run"], message["first"] + place] = moment | {"png": png}

    def moment(self, frame=None):
        """What the page holds of a frame, by default that of the kernel."""
        shown = self.view.shown
        frame = shown["frame"] if frame is None else frame
        return self.added.get((shown["run"], frame)) or (shown if frame == shown["frame"] else None)

    @property
    def png(self):
        return self.moment()["png"]

    @property
    def words(self):
        return self.view.alert or self.moment()["words"]

    @property
    def handles(self):
        return {handle["name"]: handle for handle in self.moment()["handles"]}

    def say(self, **message):
        """Tell the kernel something of the run on show."""
        self.widget.view._handle_custom_msg({"run": self.view.shown["run"], **message}, [])

    def move(self, name, *value, frame=None):
        """Drag a handle to a value, or press a button that the kernel answers."""
        self.moves += 1
        number = f"paper {self.moves}"
        frame = self.view.shown["frame"] if frame is None else frame
        self.say(move=name, value=list(value), frame=frame, number=number)
        assert self.view.answers == number

    def rest(self, frame=None, sharp=True):
        self.say(rest=self.view.shown["frame"] if frame is None else frame, sharp=sharp)

    def ask(self, first, stop):
        self.say(ask=[first, stop])


def png_of(widget) -> bytes:
    """The picture on show."""
    return widget.view.shown["png"]


def said(widget) -> str:
    """The words under it: what went wrong, or else what it shows."""
    return widget.view.alert or widget.view.shown["words"]


def mimebundle(shown) -> tuple:
    """What a notebook keeps of it, by the kind of data, and what it says of each."""
    return shown._repr_mimebundle_()


def still_of(widget) -> bytes:
    """The picture that a notebook keeps."""
    return mimebundle(widget)[0]["image/png"]


def classes(widget) -> tuple:
    """The classes that it has on a page."""
    return widget._dom_classes


def living() -> set:
    """The names of all widgets that have not been closed."""
    return set(_instances)
