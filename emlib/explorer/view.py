"""The explorer: sliders for the start, and EM's run from it as an animation. A thin layout over `ExplorerState`."""

import base64
import json
from html import escape

import ipywidgets as widgets

from ..checks import brief
from ..page.animation import animated_gif, animation_page
from ..page.live_view import drawn
from ..page.widget import PAGE_WIDTH, Talking, asks, button, callback, probability_slider, row, wide
from .picture import DEFAULT_PANELS, PANELS, ExplorerPicture
from .state import (
    DATA,
    MOST_COINS,
    MOST_ITERATIONS,
    MOST_SEQUENCES,
    MOST_TOSSES,
    PRESETS,
    ExplorerState,
    some_of,
    yes_or_no,
)

FILES = "a table of the run, the picture, the animation; or a text that makes this view again"
MOST_PICTURES = 121  # of an animation in a file; a longer run skips some
INTERVAL = 300  # milliseconds between them
RESET = ("Reset", "undo", "Back to the data and the start it opened with")
HINT = "Drag a coin, or a border of the weights"
EARLIER = ("Earlier start", "history", "Back to the start before you took coins from the middle of a run")
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
        projector = yes_or_no("projector", projector)
        self.state = ExplorerState(model, start, iterations, ahead)
        self.state.frame = frame
        self._controls, self._touched = controls, "start" in controls
        super().__init__(hint=HINT * self._touched, bar="run" in controls, actions=[RESET])
        self._opening = self.state.model, self.state.start, self.state.data
        self._listening = True
        rows = {"start": self._start_row(), "preset": self._preset_row(), "more": self._more_row()}
        self.children = [self._view, *(rows[name] for name in CONTROLS if name in controls and name in rows)]
        self.layout.width = "100%"
        self.add_class("emlib-explorer")
        for name, box in self._panel_boxes.items():
            box.value = name in panels
        self._projector.value = projector
        if model is None and isinstance(start, str):
            self._preset.value = start  # with its question
        self._make_pictures(panels)
        self.state.frame = frame
        self._show_run()
        self.state.observe(self._show_moment, "frame")
        self.state.observe(self._show_run, ["run", "reveal", "kept", "ahead"])
        for box in (*self._panel_boxes.values(), self._projector):
            box.observe(self._look_changed, "value")

    @classmethod
    def from_text(cls, text: str):
        """An explorer in the very state that another one's `text` tells.

        Raises
        ------
        ValueError
            If `text` is no such text.
        """
        try:
            found = json.loads(text)
            look = {name: found.pop(name) for name in ("panels", "controls", "projector")}
            made = cls(**look)
            made.state.restore(found)
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise ValueError(f"text must be what an explorer's text() gave; it is {brief(text)}") from error
        made._opening = made.state.model, made.state.start, made.state.data
        return made

    def text(self) -> str:
        """All that is in sight, as a text from which `from_text` makes it again."""
        look = {"panels": self.picture.panels, "controls": self._controls, "projector": self._projector.value}
        return json.dumps(self.state.to_dict() | look)

    def close(self):
        if self.comm is not None:
            super().close()
            # What takes memory goes, for the notebook's history, Out, may keep the explorer.
            self.picture = self.sharp = None
            self._view.shown = {}

    # What the reader sees: one function for each row of controls.

    def _start_row(self):
        """A slider for every bias and every weight. Weights always sum to 1: the others give way to the one moved."""
        self._biases, self._weights = [], []
        for name, sliders, changed in (
            ("bias", self._biases, self._bias_changed),
            ("weight", self._weights, self._weight_changed),
        ):
            for j in range(MOST_COINS):
                sliders.append(probability_slider(j, f"{name} {j + 1}", changed))
        columns = "repeat(auto-fit, minmax(260px, 1fr))"
        grid = {"grid_template_columns": columns, "grid_gap": "0 12px", "width": "100%"}
        self._start_grids = [widgets.GridBox(layout=widgets.Layout(**grid)) for _ in range(2)]
        return widgets.VBox(self._start_grids)

    def _preset_row(self):
        """Starts with a name, and a question about each."""
        self._preset = widgets.Dropdown(options=["Choose a start ...", *PRESETS], description="try", layout=wide(20))
        self._preset.observe(self._preset_changed, "value")
        self._question = widgets.HTML(layout=wide())
        return row(self._preset, self._question, wrap=False)

    def _more_row(self):
        """Folded away: what a first-time student does not need."""
        tabs = {
            "Coins and view": self._view_tab(),
            "Data": self._data_tab(),
            "Compare": self._compare_tab(),
            "Save": self._save_tab(),
        }
        # One height for all tabs, so that nothing jumps.
        tab = widgets.Tab(list(tabs.values()), titles=list(tabs), layout=widgets.Layout(min_height="190px"))
        return widgets.Accordion([tab], titles=["More: coins, view, data, comparison, saving"])

    def _view_tab(self):
        self._coins = widgets.BoundedIntText(min=1, max=MOST_COINS, description="coins", layout=wide(10))
        self._iterations = widgets.BoundedIntText(min=1, max=MOST_ITERATIONS, description="iterations", layout=wide(11))
        self._projector = widgets.Checkbox(description="projector size", indent=False, layout=wide(10))
        self._ahead = widgets.Checkbox(
            value=self.state.ahead, description="the run ahead", indent=False, layout=wide(9)
        )
        self._ahead.observe(self._ahead_changed, "value")
        self._panel_boxes = {
            name: widgets.Checkbox(value=name in DEFAULT_PANELS, description=name, indent=False, layout=wide(9))
            for name in PANELS
        }
        self._typed_weights, self._typed_biases = (
            widgets.Text(description=name, continuous_update=False, layout=wide(24)) for name in ("weights", "biases")
        )
        self._typed_weights.observe(self._weights_typed, "value")
        self._typed_biases.observe(self._biases_typed, "value")
        self._coins.observe(self._coins_changed, "value")
        self._iterations.observe(self._iterations_changed, "value")
        return widgets.VBox(
            [
                row(self._coins, self._iterations, self._projector),
                row(self._typed_weights, self._typed_biases),
                row(widgets.Label("draw:"), *self._panel_boxes.values(), self._ahead),
            ]
        )

    def _data_tab(self):
        self._data = widgets.Dropdown(options=[*DATA, "your data"], description="data", layout=wide(28))
        self._data.observe(self._data_changed, "value")
        self._reveal = widgets.Checkbox(description="reveal the coins", indent=False, layout=wide(12))
        self._reveal.observe(self._reveal_changed, "value")
        self._sequences = widgets.BoundedIntText(
            value=60, min=1, max=MOST_SEQUENCES, description="sequences", layout=wide(12)
        )
        self._tosses = widgets.BoundedIntText(value=10, min=1, max=MOST_TOSSES, description="tosses", layout=wide(10))
        self._seed = widgets.BoundedIntText(value=1, min=0, max=10**6, description="seed", layout=wide(11))
        toss = button("Toss the coins of the start", "random", "Simulate data from the present start", self._simulate)
        self._typed = widgets.Text(description="heads", continuous_update=False, layout=wide())
        self._typed.placeholder = "6 5 4 2 2, or HHTHTTHHTH THHTHTTTTH"
        self._typed.observe(self._use_typed, "value")
        use = button("Use these", "check", "Run EM on the numbers of heads that you typed", self._use_typed)
        return widgets.VBox(
            [
                row(self._data, self._reveal),
                row(self._sequences, self._tosses, self._seed, toss),
                row(self._typed, use, wrap=False),
            ]
        )

    def _compare_tab(self):
        keep = button("Keep this run", "thumb-tack", "Draw it in grey behind the runs to come", self._keep)
        forget = button("Forget the kept runs", "trash", "Draw the present run alone", self._forget)
        self._kept_text = widgets.Label()
        return row(keep, forget, self._kept_text)

    def _save_tab(self):
        make = button(
            "Make the files", "download", "CSV, PNG, SVG, GIF and a page that plays by itself", self._make_files
        )
        copy = button("Copy this view", "clipboard", "A text from which Explorer.from_text makes it again", self._copy)
        self._files = widgets.HTML()
        return row(make, copy, self._files)

    # What the reader does.

    @asks
    def _move(self, name, value, frame):
        if name == RESET[0]:
            self.state.show(*self._opening)
        elif name == EARLIER[0]:
            self.state.start_as_before()
        elif any(handle.name == name for handle in self.picture.handles()):  # else it has gone in the meantime
            kind, number, *_ = name.split()
            with self.state.hold_trait_notifications():
                self.state.start_from(frame)
                (self.state.set_bias if kind == "bias" else self.state.set_border)(int(number) - 1, value[0])

    @callback
    def _rest(self, frame, sharp):
        self._in_page = frame
        self.state.frame = frame
        if sharp:
            self._view.add(frame, [self._drawn(frame, self.sharp)])

    @callback
    def _ask(self, frames):
        self._view.add(frames[0], [self._drawn(frame) for frame in frames])

    def _hears(self, coin):
        """Whether a slider's change counts; the coin may have gone while the change was on its way."""
        return self._listening and coin < len(self.state.start)

    @callback
    def _bias_changed(self, coin, change):
        if self._hears(coin):
            self.state.set_bias(coin, change["new"])

    @callback
    def _weight_changed(self, coin, change):
        if self._hears(coin):
            self.state.set_weight(coin, change["new"])

    @callback
    def _coins_changed(self, change):
        if self._listening:
            self.state.set_coins(change["new"])

    @callback
    def _iterations_changed(self, change):
        if self._listening:
            self.state.iterations = change["new"]

    @callback
    def _preset_changed(self, change):
        if self._listening and change["new"] in PRESETS:
            self.state.choose_preset(change["new"])
            self._question.value = escape(PRESETS[change["new"]].question)

    @callback
    def _data_changed(self, change):
        if not self._listening:
            return
        if change["new"] in DATA:
            self.state.choose_data(change["new"])
        else:
            self._warn("Type your numbers of heads, then press Use these")

    @callback
    def _reveal_changed(self, change):
        if self._listening:
            self.state.reveal = change["new"]

    @callback
    def _ahead_changed(self, change):
        self.state.ahead = change["new"]

    @asks
    def _weights_typed(self, change):
        if self._listening:
            self.state.read_weights(change["new"])

    @asks
    def _biases_typed(self, change):
        if self._listening:
            self.state.read_biases(change["new"])

    @asks
    def _simulate(self, _):
        self.state.simulate(self._sequences.value, self._tosses.value, self._seed.value)

    @asks
    def _use_typed(self, _):
        self.state.read(self._typed.value, self._tosses.value)

    @callback
    def _keep(self, _):
        self.state.keep()

    @callback
    def _forget(self, _):
        self.state.kept = ()

    @callback
    def _look_changed(self, _):
        panels = [name for name, box in self._panel_boxes.items() if box.value]
        if not panels:
            self._warn("Not changed: at least one panel must be drawn")
            return
        self._make_pictures(panels)
        self._show_run()

    @callback
    def _copy(self, _):
        self._view.send({"copy": self.text()})
        self._files.value = f"Copied. <code>Explorer.from_text({escape(repr(self.text()))})</code> makes it again."

    @callback
    def _make_files(self, _):
        """Links that carry their files, so that saving needs no server."""
        state, frame = self.state, self.state.frame
        images, frames = [], range(0, state.frames, -(-state.frames // MOST_PICTURES))
        for number in frames:
            self._files.value = f"making the files: {number / state.frames:.0%}"
            images.append(self.picture.image(number))
        words = [state.describe(number) for number in frames]
        files = {
            "emlib-run.csv": ("text/csv", state.csv().encode()),
            "emlib.png": ("image/png", self.sharp.png(frame)),
            "emlib.svg": ("image/svg+xml", self.picture.svg(frame).encode()),
            "emlib.gif": ("image/gif", animated_gif(images, INTERVAL)),
            "emlib.html": ("text/html", animation_page(images, words).encode()),
        }
        links = [
            f'<a download="{name}" href="data:{kind};base64,{base64.b64encode(content).decode()}">{name}</a>'
            for name, (kind, content) in files.items()
        ]
        self._files.value = " · ".join(links)

    # What the state says to the page.

    def _make_pictures(self, panels):
        scale = 1.4 if self._projector.value else 1
        self.layout.max_width = f"{PAGE_WIDTH * scale:.0f}px"
        self.picture = ExplorerPicture(self.state, panels, scale)
        self.sharp = ExplorerPicture(self.state, panels, 2 * scale)
        (self.add_class if self._projector.value else self.remove_class)("emlib-projector")

    def _drawn(self, frame, picture=None):
        moment = drawn(picture or self.picture, self.state.describe(frame), frame)
        return moment if self._touched else {**moment, "handles": []}

    @callback
    def _show_run(self, *_):
        self._run = self.state.run
        self._display(same_run=False)
        self._files.value = FILES
        self._view.actions = [RESET, EARLIER] if self.state.earlier else [RESET]
        self._show_controls()

    @callback
    def _show_moment(self, change):
        if self.state.run == self._run and change["new"] != self._in_page:
            self._display(same_run=True)

    def _display(self, same_run):
        frame = self._in_page = self.state.frame
        self._view.show(self._drawn(frame), frame, self.state.frames - 1, same_run, alert=self.state.problem)

    def _show_controls(self):
        """Let every control say what the state says."""
        state = self.state
        coins = len(state.start)
        self._listening = False
        try:
            for grid, sliders, values in zip(
                self._start_grids, (self._biases, self._weights), (state.start.biases, state.start.weights), strict=True
            ):
                if len(grid.children) != coins:
                    grid.children = sliders[:coins]
                for slider, value in zip(sliders, values, strict=False):
                    slider.value = round(value, 2)
            for field, values in ((self._typed_weights, state.start.weights), (self._typed_biases, state.start.biases)):
                field.value = " ".join(f"{value:.6g}" for value in values)
            self._coins.value, self._iterations.value = coins, state.iterations
            self._tosses.value = state.tosses
            self._data.value = state.data
            self._reveal.value, self._reveal.disabled = state.reveal, state.labels is None
            preset = PRESETS.get(self._preset.value)
            if preset and (preset.start is not state.start or preset.data != state.data):
                self._preset.index, self._question.value = 0, ""
            self._kept_text.value = f"{len(state.kept)} kept"
        finally:
            self._listening = True

    def _still(self):
        return self.sharp.png(self.state.frame)

    def __repr__(self):
        return self.state.describe(self.state.frame)
