"""What a first-time student does not need: coins and view, data, runs to compare, files."""

import base64
import threading
from functools import partial
from html import escape

import ipywidgets as widgets

from ..by_hand.climb import AgainstEM, MStepByEye
from ..by_hand.draw import DrawThenSee
from ..by_hand.e_step import EStepByEye
from ..by_hand.one_iteration import OneIteration
from ..data import DATA
from ..page.animation import animated_gif, animation_page
from ..page.widget import asks, button, callback, deaf, row, wide
from ..words import mark, tr
from .picture import PANELS, ExplorerPicture
from .state import MOST_COINS, MOST_ITERATIONS, MOST_SEQUENCES, MOST_TOSSES, ExplorerState

BY_HAND = {
    mark("One iteration"): ("table", OneIteration),
    mark("E-step by eye"): ("arrows-v", EStepByEye),
    mark("M-step by eye"): ("arrows-h", MStepByEye),
    mark("You against EM"): ("flag-checkered", AgainstEM),
    mark("Draw, then see"): ("pencil", DrawThenSee),
}
"""Name of what a reader can do by hand to its icon and widget, which takes data and start."""

FILES = mark("a table of the run, the picture, the animation; or a text that makes this view again")
MOST_PICTURES = 121  # of an animation in a file; a longer run skips some
INTERVAL = 300  # milliseconds between them
SCREEN = 2  # times as large as on the page, so that an animation fills a projector's 1920 pixels


class More(widgets.Tab):
    """The controls that are folded away, made when the reader opens them.

    Parameters
    ----------
    explorer : Explorer
    """

    def __init__(self, explorer):
        self.explorer, self._lock, self._warn = explorer, explorer._lock, explorer._warn
        tabs = {
            tr("Coins and view"): self._view_tab(),
            tr("Data"): self._data_tab(),
            tr("Compare"): self._compare_tab(),
            tr("By hand"): self._by_hand_tab(),
            tr("Save"): self._save_tab(),
        }
        # One height for all tabs, so that nothing jumps.
        super().__init__(list(tabs.values()), titles=list(tabs), layout=widgets.Layout(min_height="190px"))
        self.show()

    def _view_tab(self):
        state = self.explorer.state
        self.coins = widgets.BoundedIntText(min=1, max=MOST_COINS, description=tr("coins"), layout=wide(10))
        self.iterations = widgets.BoundedIntText(
            min=1, max=MOST_ITERATIONS, description=tr("iterations"), layout=wide(11)
        )
        self.projector = widgets.Checkbox(description=tr("projector size"), indent=False, layout=wide(10))
        self.ahead = widgets.Checkbox(description=tr("the run ahead"), indent=False, layout=wide(9))
        self.panel_boxes = {
            name: widgets.Checkbox(description=tr(name), indent=False, layout=wide(9)) for name in PANELS
        }
        for box in (*self.panel_boxes.values(), self.projector):
            box.observe(self._look_changed, "value")
        self.typed_weights, self.typed_biases = (
            widgets.Text(description=tr(name), continuous_update=False, layout=wide(24))
            for name in ("weights", "biases")
        )
        for control, act in (
            (self.coins, state.set_coins),
            (self.iterations, partial(setattr, state, "iterations")),
            (self.ahead, partial(setattr, state, "ahead")),
            (self.typed_weights, state.read_weights),
            (self.typed_biases, state.read_biases),
        ):
            control.observe(partial(self._changed, act), "value")
        return widgets.VBox(
            [
                row(self.coins, self.iterations, self.projector),
                row(self.typed_weights, self.typed_biases),
                row(widgets.Label(tr("draw:")), *self.panel_boxes.values(), self.ahead),
            ]
        )

    def _data_tab(self):
        options = [(tr(name), name) for name in (*DATA, mark("your data"))]
        self.data = widgets.Dropdown(options=options, description=tr("data"), layout=wide(28))
        self.data.observe(self._data_changed, "value")
        self.reveal = widgets.Checkbox(description=tr("reveal the coins"), indent=False, layout=wide(12))
        self.reveal.observe(partial(self._changed, partial(setattr, self.explorer.state, "reveal")), "value")
        self.sequences = widgets.BoundedIntText(
            value=60, min=1, max=MOST_SEQUENCES, description=tr("sequences"), layout=wide(12)
        )
        self.tosses = widgets.BoundedIntText(
            value=10, min=1, max=MOST_TOSSES, description=tr("tosses"), layout=wide(10)
        )
        self.seed = widgets.BoundedIntText(value=1, min=0, max=10**6, description=tr("seed"), layout=wide(11))
        words = tr("Toss the coins of the start"), "random", tr("Simulate data from the present start")
        toss = button(*words, self._simulate)
        self.typed = widgets.Text(description=tr("heads"), continuous_update=False, layout=wide())
        self.typed.placeholder = tr("6 5 4 2 2, or HHTHTTHHTH THHTHTTTTH")
        self.typed.observe(self._use_typed, "value")
        self.use = button(
            tr("Use these"), "check", tr("Run EM on the numbers of heads that you typed"), self._use_typed
        )
        return widgets.VBox(
            [
                row(self.data, self.reveal),
                row(self.sequences, self.tosses, self.seed, toss),
                row(self.typed, self.use, wrap=False),
            ]
        )

    def _compare_tab(self):
        words = tr("Keep this run"), "thumb-tack", tr("Draw it in grey behind the runs to come")
        self.keep = button(*words, self._keep)
        forget = button(tr("Forget the kept runs"), "trash", tr("Draw the present run alone"), self._forget)
        self.kept_text = widgets.Label()
        return row(self.keep, forget, self.kept_text)

    def _by_hand_tab(self):
        """Widgets on the present data and start, opened below the explorer."""
        tooltip = tr("Open it below, with these data and this start")
        return row(
            *(
                button(tr(name), icon, tooltip, partial(self._open_by_hand, made))
                for name, (icon, made) in BY_HAND.items()
            )
        )

    def _save_tab(self):
        words = tr("Make the files"), "download", tr("CSV, PNG, SVG, GIF and a page that plays by itself")
        self.make = button(*words, self._make_files)
        words = tr("Copy this view"), "clipboard", tr("A text from which Explorer.from_text makes it again")
        self.copy = button(*words, self._copy)
        self.stop_button = button(tr("Stop"), "stop", tr("Make no files"), self.stop)
        self.stop_button.disabled, self._stopped = True, threading.Event()
        self.files = widgets.HTML()
        return row(self.make, self.stop_button, self.copy, self.files)

    def show(self):
        """Let every control say what the state says."""
        explorer, state = self.explorer, self.explorer.state
        with deaf(self):
            for field, values in ((self.typed_weights, state.start.weights), (self.typed_biases, state.start.biases)):
                field.value = " ".join(f"{value:.6g}" for value in values)
            self.coins.value, self.iterations.value = len(state.start), state.iterations
            self.data.value, self.tosses.value, self.ahead.value = state.data, state.tosses, state.ahead
            self.reveal.value, self.reveal.disabled = state.reveal, state.labels is None
            self.kept_text.value = tr("{number} kept", number=len(state.kept))
            for name, box in self.panel_boxes.items():
                box.value = name in explorer.picture.panels
            self.projector.value = explorer.projector
            self.files.value = tr(FILES)

    @asks
    def _changed(self, act, change):
        if self.listening:
            act(change["new"])

    @callback
    def _data_changed(self, change):
        if not self.listening:
            return
        if change["new"] in DATA:
            self.explorer.state.choose_data(change["new"])
        else:
            self._warn(tr("Type your numbers of heads, then press Use these"))

    @asks
    def _simulate(self, _):
        self.explorer.state.simulate(self.sequences.value, self.tosses.value, self.seed.value)

    @asks
    def _use_typed(self, _):
        self.explorer.state.read(self.typed.value, self.tosses.value)

    @callback
    def _keep(self, _):
        self.explorer.state.keep()

    @callback
    def _forget(self, _):
        self.explorer.state.kept = ()

    @asks
    def _open_by_hand(self, made, _):
        self.explorer.open_below(made(self.explorer.state.model, self.explorer.state.start))

    @callback
    def _look_changed(self, _):
        panels = [name for name, box in self.panel_boxes.items() if box.value]
        if self.listening and panels:
            self.explorer.show_as(panels, self.projector.value)
        elif self.listening:
            self._warn(tr("Not changed: at least one panel must be drawn"))
            self.show()

    @callback
    def _copy(self, _):
        text = self.explorer.text()
        self.explorer.view.send({"copy": text})
        code = f"<code>Explorer.from_text({escape(repr(text))})</code>"
        self.files.value = tr("Copied. {code} makes it again.", code=code)

    @callback
    def _make_files(self, _):
        """Draw on a thread of its own, so that Stop is heard and the explorer goes on meanwhile."""
        self.stop()
        (state := ExplorerState()).restore(self.explorer.state.to_dict())  # as it is now
        shown = self.explorer.picture, self.explorer.sharp
        pictures = [like(picture, state) for picture in (*shown, shown[0])]
        pictures[-1].scale = SCREEN
        self._stopped, self.stop_button.disabled = threading.Event(), False
        self.work = threading.Thread(target=self._draw_files, args=(state, *pictures, self._stopped), daemon=True)
        try:
            self.work.start()
        except RuntimeError:  # Python in a browser has no threads
            self._draw_files(state, *pictures, self._stopped)

    def stop(self, _=None):
        """Let the files be that are being made."""
        self._stopped.set()
        self.stop_button.disabled = True

    def _draw_files(self, state, picture, sharp, large, stopped):
        images, screens, frames = [], [], chosen_frames(state)
        try:
            for number in frames:
                with self._lock:  # matplotlib draws one picture at a time
                    if stopped.is_set():
                        self.files.value = tr("stopped; {files}", files=tr(FILES))
                        return
                    self.files.value = tr("making the files: {share:.0%}", share=number / state.frames)
                    images.append(picture.image(number))
                    screens.append(large.image(number))
            with self._lock:
                stills = sharp.png(state.frame), picture.svg(state.frame)
            found = links(state, *stills, images, screens, frames)
            with self._lock:
                self.files.value = tr("stopped; {files}", files=tr(FILES)) if stopped.is_set() else found
        except Exception as error:
            self._warn(tr("Error: {error}", error=error))
            raise
        finally:
            if stopped is self._stopped:  # else others are being made
                self.stop_button.disabled = True


def like(picture, state) -> ExplorerPicture:
    """A picture that looks the same, of another state."""
    made = ExplorerPicture(state, picture.panels, picture.scale)
    made.least = picture.least
    return made


def chosen_frames(state) -> list[int]:
    """The moments that an animation shows: all, or of a long run some, with its end."""
    last = state.frames - 1
    return [*range(0, last, -(-state.frames // MOST_PICTURES)), last]


def animation(state, screens, frames) -> str:
    """The page that plays these pictures, opened on the moment on show or the one before it."""
    first = sum(number <= state.frame for number in frames) - 1
    return animation_page(screens, [state.describe(number) for number in frames], first)


def links(state, png, svg, images, screens, frames) -> str:
    """Links that carry their files, so that saving needs no server."""
    files = {
        "emlib-run.csv": ("text/csv", state.csv().encode()),
        "emlib.png": ("image/png", png),
        "emlib.svg": ("image/svg+xml", svg.encode()),
        "emlib.gif": ("image/gif", animated_gif(images, INTERVAL)),
        "emlib.html": ("text/html", animation(state, screens, frames).encode()),
    }
    return " · ".join(
        f'<a download="{name}" href="data:{kind};base64,{base64.b64encode(content).decode()}">{name}</a>'
        for name, (kind, content) in files.items()
    )
