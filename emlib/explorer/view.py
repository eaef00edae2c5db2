"""The explorer: sliders for the start, and EM's run from it as an animation. A thin layout over `ExplorerState`."""

import json
import re
from html import escape

import ipywidgets as widgets

from ..checks import brief, yes_or_no
from ..page.coin_sliders import CoinSliders
from ..page.widget import Talking, asks, callback, deaf, row, shown, wide
from ..words import mark, tr
from .more import SCREEN, More, animation, chosen_frames, like
from .picture import DEFAULT_PANELS, PANELS, ExplorerPicture
from .state import PRESETS, ExplorerState, some_of

RESET = (mark("Reset"), "undo", mark("Back to the data and the start it opened with"))
HINT = mark("Drag coins, weights, bars")
EARLIER_START = (
    mark("Earlier start"),
    "history",
    mark("Back to the start before you took coins from the middle of a run"),
)
EARLIER_DATA = (
    mark("Earlier data"),
    "history",
    mark("Back to the data, and the start, before you changed the bars"),
)
CONTROLS = ("run", "start", "preset", "more")


class Explorer(Talking):
    """Choose a start, and watch EM climb from it, one half-step at a time.

    Parameters
    ----------
    model : BinomialMixture, optional
        The data: sequences of equal length, of up to 100 tosses. Default: the chapter's 20 sequences.
    start : Coins or str, optional
        One to six coins, or the name of a start under "try", which brings its data. Default: the chapter's start.
    iterations : int, default 30
        How many iterations a run has, 1 to 500.
    frame : int, default 0
        The moment to open on: 0 is the start, 2 l - 1 the E half of iteration l, 2 l its M half.
    panels : sequence of str
        What to draw on the right: some of "biases", "weights", "log-likelihood", "gap" and "table".
    controls : sequence of str
        What the reader can touch: some of "run", "start", "preset" and "more".
    projector : bool, default False
        Larger, for the last row of a lecture hall.
    ahead : bool, default True
        Draw the run to its end at once. False shows it up to the present moment only, for those who predict first.

    Notes
    -----
    The page asks for the moments that come next and plays them by its own clock. A screen that shows more pixels gets
    a moment that rests again, twice as sharp.
    """

    def __init__(
        self,
        model=None,
        start=None,
        iterations=30,
        frame=0,
        panels=DEFAULT_PANELS,
        controls=CONTROLS,
        projector=False,
        ahead=True,
    ):
        panels = some_of("panels", panels, PANELS, least=1)
        controls = some_of("controls", controls, CONTROLS)
        yes_or_no("projector", projector)
        self.state = ExplorerState(model, start, iterations, ahead)
        self.state.frame = frame
        self._controls, self._touched = controls, "start" in controls
        super().__init__(hint=tr(HINT) * self._touched, bar="run" in controls, actions=[shown(RESET)])
        self._opening = self.state.model, self.state.start, self.state.data
        self.listening = True
        rows = {"start": self._start_row(), "preset": self._preset_row(), "more": self._more_row()}
        self._below = None
        self.children = [self.view, *(rows[name] for name in CONTROLS if name in controls and name in rows)]
        self.add_class("emlib-explorer")
        if model is None and isinstance(start, str):
            self.preset.value = start  # with its question
        self.state.frame = frame
        self.show_as(panels, projector)
        self.state.observe(self._show_moment, "frame")
        self.state.observe(self._show_run, ["run", "reveal", "kept", "ahead"])

    @classmethod
    def from_text(cls, text: str):
        """An explorer in the very state that another one's `text` tells.

        Raises
        ------
        ValueError
            If `text` is no such text.
        """
        refusal = f"text must be what an explorer's text() gave; it is {brief(text)}"
        try:
            found = json.loads(text)
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(refusal) from error
        try:
            look = {name: found.pop(name) for name in ("panels", "controls", "projector")}
            made = cls(**look)
            made.state.restore(found)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(refusal) from error
        made._opening = made.state.model, made.state.start, made.state.data
        return made

    def text(self) -> str:
        """All that is in sight, as a text from which `from_text` makes it again."""
        look = {"panels": self.picture.panels, "controls": self._controls, "projector": self.projector}
        return json.dumps(self.state.to_dict() | look)

    def animation(self) -> str:
        """The run as a page of HTML that plays with no kernel and no network; it opens on the present moment."""
        with self._lock:
            frames, picture = chosen_frames(self.state), like(self.picture, self.state)
            picture.scale = SCREEN
            return animation(self.state, [picture.image(number) for number in frames], frames)

    def close(self):
        if self.comm is not None:
            if self.more:
                self.more.stop()
            super().close()

    # What the reader sees: one function for each row of controls.

    def _start_row(self):
        """A slider for every bias and every weight. Weights always sum to 1: the others give way to the one moved."""
        self.sliders = CoinSliders(self._slider_moved)
        return self.sliders

    def _preset_row(self):
        """Starts with a name, and a question about each."""
        options = [(tr(name), name) for name in (mark("Choose a start ..."), *PRESETS)]
        self.preset = widgets.Dropdown(options=options, description=tr("try"), layout=wide(22))
        self.preset.observe(self._preset_changed, "value")
        self.question = widgets.HTML(layout=wide())
        return row(self.preset, self.question, wrap=False)

    def _more_row(self):
        """Folded away: what a first-time student does not need."""
        self.more = None
        self.fold = widgets.Accordion([widgets.VBox()], titles=[tr("More: coins, view, data, comparison, saving")])
        self.fold.observe(self._open_more, "selected_index")
        return self.fold

    # What the reader does.

    @callback
    def _open_more(self, _):
        if self.more is None:  # most readers never open it, and it is half of all widgets
            self.more = More(self)
            self.fold.children[0].children = [self.more]

    @asks
    def _move(self, name, value, frame):
        if name == RESET[0]:
            self.state.show(*self._opening)
        elif name in (EARLIER_START[0], EARLIER_DATA[0]):
            self.state.as_before()
        elif any(handle["name"] == name for handle in self.view.shown["handles"]):  # else it has gone in the meantime
            kind, number = re.match(r"(\D+) (\d+)", name).groups()
            if kind == "sequences of":
                self.state.set_count(int(number), value[1])
                return
            with self.state.hold_trait_notifications():
                self.state.start_from(frame)
                (self.state.set_bias if kind == "bias" else self.state.set_border)(int(number) - 1, value[0])

    def _rest(self, frame, sharp):
        self._in_page = frame
        self.state.frame = frame
        if self.state.settle():
            self._show_run()
        elif sharp:
            self.view.add(frame, [self._drawn(frame, self.sharp)], sharp=True)

    @callback
    def _slider_moved(self, kind, coin, change):
        if self.sliders.hears(coin):
            (self.state.set_bias if kind == "bias" else self.state.set_weight)(coin, change["new"])

    @callback
    def _preset_changed(self, change):
        if self.listening and change["new"] in PRESETS:
            self.state.choose_preset(change["new"])
            self.question.value = escape(tr(PRESETS[change["new"]].question))

    def open_below(self, widget):
        """Show a widget below, in place of the one that was there."""
        self.children = [*(child for child in self.children if child is not self._below), widget]
        if self._below:
            self._below.close()
        self._below = widget

    # What the state says to the page.

    @callback
    def show_as(self, panels, projector):
        """Draw these panels, for a projector or not."""
        scale = self._size(projector)
        self._draw_with(*(ExplorerPicture(self.state, panels, times * scale) for times in (1, 2)))
        self._show_run(picture=self.sharp)  # one background, for the still, too; the other is drawn when it is needed

    def _drawn(self, frame, picture=None):
        moment = super()._drawn(frame, picture)
        return moment if self._touched else {**moment, "handles": []}

    @callback
    def _show_run(self, _=None, picture=None):
        self._run = self.state.run
        self._display(same_run=False, picture=picture)
        self.view.actions = [shown(RESET)]
        if self.state.earlier:
            same = self.state.earlier[-1].model is self.state.model
            self.view.actions = [shown(RESET), shown(EARLIER_START if same else EARLIER_DATA)]
        self._show_controls()

    @callback
    def _show_moment(self, change):
        if self.state.run == self._run and change["new"] != self._in_page:
            self._display(same_run=True)

    def _display(self, same_run, picture=None):
        frame = self._in_page = self.state.frame
        moment = self._drawn(frame, picture)
        self.view.show(moment, frame, self.state.frames - 1, same_run, alert=self.state.problem)

    def _show_controls(self):
        """Let every control say what the state says."""
        state = self.state
        self.sliders.show(state.start)
        with deaf(self):
            preset = PRESETS.get(self.preset.value)
            if preset and (preset.start is not state.start or preset.data != state.data):
                self.preset.index, self.question.value = 0, ""
        if self.more:
            self.more.show()

    @property
    def frame(self):
        return self.state.frame

    def __repr__(self):
        return self.state.describe(self.state.frame)
