"""What the widgets share: a live picture, callbacks that are safe and whose errors are seen, and rows of controls."""

import contextlib
import copy
import functools
import threading

import ipywidgets as widgets
from IPython import get_ipython

from ..checks import yes_or_no
from ..words import tr
from .live import WIDTH
from .live_view import LiveView, drawn
from .picture import COLOURS, DPI, bundle

SLIDER_STEP = 0.01
PAGE_WIDTH = round(WIDTH * DPI)  # of a live picture on the page, in pixels
PROJECTOR = 1.4  # times as large
LEAST = 12  # points, of text for a projector: 3 % of the height of a screen of 16:9 that the picture is as wide as


def callback(method):
    """One callback at a time, since a front end may have them called in a thread of their own; errors show.

    What waits while the widget is closed comes too late.
    """

    @functools.wraps(method)
    def wrapped(self, *arguments, **named):
        with self._lock:
            if self.comm is None:
                return None
            try:
                return method(self, *arguments, **named)
            except Exception as error:
                self._warn(tr("Error: {error}", error=error))
                raise

    return wrapped


def asks(method):
    """A callback that may find the reader's input wrong: a ValueError is an answer then, and no fault."""

    @functools.wraps(method)
    def wrapped(self, *arguments):
        try:
            method(self, *arguments)
        except ValueError as error:
            self._warn(tr("Not changed: {error}", error=error))

    return callback(wrapped)


@contextlib.contextmanager
def deaf(widget):
    """Meanwhile controls are made to say what the state says: no change of theirs is the reader's."""
    widget.listening = False
    try:
        yield
    finally:
        widget.listening = True


latest = {}  # cell to its latest run and the widgets of ours that were made in it


def running_cell():
    """The cell that runs and a name for this run of it; None where no notebook tells."""
    parent = getattr(get_ipython(), "get_parent", dict)()
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")


def parts(widget):
    """A widget and all that its traits hold: children, styles, layouts; what no trait holds it keeps in `aside`."""
    found, waiting = {}, [widget]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (list, tuple)):
            waiting += part
        elif isinstance(part, widgets.Widget) and id(part) not in found:
            found[id(part)] = part
            waiting += [*getattr(part, "aside", ()), *(getattr(part, name) for name in part.keys)]
    return list(found.values())


class Whole(widgets.Box):
    """A widget that goes with all its parts, and when its cell is run again."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self._replace_earlier()

    def _replace_earlier(self):
        """Close what an earlier run of the same cell made and this cell alone displayed: its output is gone."""
        self._shown_by = set()
        cell, run = running_cell()
        if cell is None:
            return
        earlier_run, made = latest.get(cell, (None, []))
        if run != earlier_run:
            for widget in made:
                if widget._shown_by == {cell}:
                    widget.close()
            made = []
        latest[cell] = run, [*made, self]

    def close(self):
        """Close all that it is made of, too: ipywidgets keeps every widget alive until it is closed."""
        if self.comm is not None:
            own = parts(self)
            super().close()
            for part in own:
                part.close()
            self.children = ()  # the notebook's history, Out, may keep it, but has no use for its parts
            for name in [name for name, value in vars(self).items() if isinstance(value, widgets.Widget)]:
                delattr(self, name)

    def _repr_mimebundle_(self, **kwargs):
        self._shown_by.add(running_cell()[0])
        return super()._repr_mimebundle_(**kwargs)


class Talking(Whole, widgets.VBox):
    """A widget with a live picture, and words that screen readers read out when they change.

    A subclass has a `picture` and one that is `sharp`, says in `__repr__` what they show, and does in `_move` what the
    reader does there.

    Attributes
    ----------
    view : LiveView
        The picture in the page.
    frame : int
        The moment on show.
    """

    frame = 0
    _undrawn = {}

    def __init__(self, **view):
        self._lock = threading.RLock()
        self.view = LiveView(width=PAGE_WIDTH, **view)
        self.view.on_msg(self._hear)
        super().__init__()
        self.layout.width = "100%"
        self.add_class("emlib-widget")

    def _size(self, projector) -> float:
        """Be of the common size, or larger, for the last row of a lecture hall; how many times as large."""
        self.projector = yes_or_no("projector", projector)
        scale = PROJECTOR if projector else 1
        self.layout.max_width = f"{PAGE_WIDTH * scale:.0f}px"
        (self.add_class if projector else self.remove_class)("emlib-projector")
        return scale

    def _draw_with(self, picture, sharp):
        """Draw with these pictures; for a projector no text is small."""
        self.picture, self.sharp = picture, sharp
        picture.least = sharp.least = LEAST * self.projector
        self._undrawn = {"picture": copy.copy(picture), "sharp": copy.copy(sharp)}

    def _forget(self, *names):
        """Let drawn pictures go: a sharp one takes 13 MB. Who asks for them again has them drawn again."""
        vars(self).update({name: copy.copy(self._undrawn[name]) for name in names if name in self._undrawn})

    @callback
    def _hear(self, _, message, __):
        """What the page says: the reader moves something, or it rests on a moment, or it asks for others."""
        if "move" in message:
            with self.view.hold_sync():  # what comes of a move, and that this answers it, are one message
                self.view.answers = message["number"]
                self._move(message["move"], message["value"], message["frame"])
        elif message["run"] == self.view.shown["run"]:
            if "rest" in message:
                self._rest(message["rest"], message["sharp"])
            else:
                self._ask(range(*message["ask"]))

    def _rest(self, frame, sharp):
        """Draw the moment on which the page rests for a screen that shows more pixels."""
        if sharp:
            self.view.add(frame, [drawn(self.sharp, repr(self), frame)], sharp=True)

    def _ask(self, frames):
        """Draw other moments of a run."""
        self.view.add(frames[0], [self._drawn(frame) for frame in frames])

    def _drawn(self, frame, picture=None):
        return drawn(picture or self.picture, self.state.describe(frame), frame)

    def _show(self):
        self.view.show(drawn(self.picture, repr(self)))

    def _still(self):
        return self.sharp.png(self.frame)

    def savefig(self, path) -> None:
        """Write the picture on show as SVG, PDF or PNG, as the name of the file ends; its words go with it."""
        with self._lock:
            self.sharp.savefig(path, repr(self), self.frame)

    def _repr_mimebundle_(self, **kwargs):
        with self._lock:
            words, still = repr(self), self._still()
            self._forget("sharp")  # most screens never need it
        data, metadata = bundle(still, PAGE_WIDTH, words)
        return super()._repr_mimebundle_(**kwargs) | data, metadata

    def close(self):
        if self.comm is not None:  # else it may be half made
            with self._lock:
                super().close()
                self._forget("picture", "sharp")

    def _warn(self, text):
        self.view.alert = text


class Stepped(Talking):
    """A widget with moments to step through, whose number from 0 is their frame.

    A subclass names its `drawing`, the type of its picture, and its `invitation`, `unit` and `actions`, which are hint,
    unit and actions of its `LiveView`. The last action starts again; what else is done there it does in `_act`.

    Parameters
    ----------
    state : object
        With `last`, the last frame, `describe(frame)`, what it shows in words, and `restart()`.
    projector : bool
        Larger, for the last row of a lecture hall.
    """

    def __init__(self, state, projector):
        self.state = state
        actions = [shown(action) for action in self.actions]
        super().__init__(bar=True, hint=tr(self.invitation), unit=self.unit, actions=actions)
        scale = self._size(projector)
        self._draw_with(*(self.drawing(state, times * scale) for times in (1, 2)))
        self.children = [self.view]
        self.add_class("emlib-stepped")
        self.go_to(0)

    @asks
    def _move(self, name, value, frame):
        if name == self.actions[-1][0]:
            self.state.restart()
            self.go_to(0)
        else:
            self.go_to(self._act(name, value, frame))

    def go_to(self, frame, same_run=False):
        self.frame = frame
        self.view.show(self._drawn(frame), frame, self.state.last, same_run)

    def _rest(self, frame, sharp):
        if frame != self.frame:
            self.view.alert = ""  # what went wrong did so at another moment
        self.frame = frame
        if sharp:
            self.view.add(frame, [self._drawn(frame, self.sharp)], sharp=True)

    def __repr__(self):
        return self.state.describe(self.frame)


def wide(ems=None):
    """A layout as wide as the row allows, or as so many ems."""
    return widgets.Layout(width=f"{ems}em" if ems else "100%", max_width="100%")


def row(*controls, wrap=True):
    """Controls side by side, on more lines where the page is narrow."""
    flow = "row wrap" if wrap else "row nowrap"
    return widgets.HBox(controls, layout=widgets.Layout(width="100%", align_items="center", flex_flow=flow))


def probability_slider(coin, description, act, layout=None):
    """A slider from 0 to 1 in the colour of a coin, counted from 0; a change calls `act(coin, change)`."""
    slider = widgets.FloatSlider(
        min=0, max=1, step=SLIDER_STEP, description=description, readout_format=".2f", layout=layout or wide()
    )
    slider.style.handle_color = COLOURS[coin]
    slider.observe(functools.partial(act, coin), "value")
    return slider


def shown(action: tuple) -> tuple:
    """An action of a live picture as the reader sees it: name, icon, tooltip, and what stands on its button."""
    name, icon, tooltip = action
    return action if tr(name) == name and tr(tooltip) == tooltip else (name, icon, tr(tooltip), tr(name))


def button(description, icon, tooltip, act):
    """A button as wide as its words."""
    made = widgets.Button(
        description=description, icon=icon, tooltip=tooltip, layout=widgets.Layout(width="auto", flex="0 0 auto")
    )
    made.on_click(act)
    return made
