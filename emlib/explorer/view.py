"""The explorer: sliders for the start, and EM's run from it as an animation. A thin layout over `ExplorerState`."""

import asyncio
import base64
import math
import time
from html import escape

import ipywidgets as widgets

from ..page.animation import animated_gif, animation_page
from ..page.widget import (
    PAGE_WIDTH,
    Talking,
    asks,
    button,
    callback,
    is_news,
    picture_frame,
    probability_slider,
    row,
    wide,
)
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

SPEEDS = {"slow": 800, "normal": 300, "fast": 50}  # milliseconds a half-step
LATE_TICKS = 1  # second: the longest way from a page to its kernel that is reckoned with
BREATH = 0.15  # seconds that a tick is held back: the page sends no other until this one is done with, and paints
REST = 0.4  # seconds without a change, after which all moments are drawn
FILES = "a table of the run, the picture, the animation; and the line that rebuilds this view"
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
    While a start is being changed, the present moment alone is drawn, live. Once it rests, all moments are drawn and
    sent to the page, where Play and the slider show them without asking the kernel. A moment that rests is drawn again,
    twice as sharp.
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
        super().__init__()
        self._heard = self._deaf_until = -math.inf
        self._opening = self.state.model, self.state.start, self.state.data
        self._frames, self._tasks = [], set()
        self._live = picture_frame()
        self._stack = widgets.Stack([self._live], selected_index=0)
        self._listening = True
        rows = {
            "run": self._run_row(),
            "start": self._start_row(),
            "preset": self._preset_row(),
            "more": self._more_row(),
        }
        shown = [rows[name] for name in CONTROLS if name in controls]
        self.children = [self._style, self._stack, self._message, *shown]
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
        # Linked values are applied in the page at once, so all three start alike.
        self._play.value = self._position.value = self._stack.selected_index = self.state.frame
        self.state.observe(self._show_moment, "frame")
        self.state.observe(self._show_run, ["run", "reveal", "kept", "ahead"])
        for box in (*self._panel_boxes.values(), self._projector):
            box.observe(self._look_changed, "value")

    def close(self):
        if self.comm is None:
            return
        self._shown = object()  # nothing more is drawn
        super().close()
        # What takes memory goes, for the notebook's history, Out, may keep the explorer.
        self.picture = self._sharp = None
        self._frames, self._stack.children = [], []

    # What the reader sees: one function for each row of controls.

    def _run_row(self):
        """Play, Back, Step, Reset and the slider of half-steps."""
        self._play = widgets.Play(min=0, interval=SPEEDS["normal"], show_repeat=False)
        layout = widgets.Layout(flex="1 1 16em", width="auto")
        self._position = widgets.IntSlider(min=0, readout=False, description="half-step", layout=layout)
        back = button("Back", "step-backward", "Half a step back", lambda _: self._move(-1))
        step = button("Step", "step-forward", "One E-step or one M-step", lambda _: self._move(+1))
        reset = button("Reset", "undo", "Back to the data and the start it opened with", self._reset_all)
        self._back, self._step, self._reset = back, step, reset
        self._links = [
            widgets.jslink((self._play, "value"), (self._position, "value")),
            widgets.jslink((self._position, "value"), (self._stack, "selected_index")),
        ]
        self._position.observe(self._position_changed, "value")
        self._play.observe(self._play_changed, "playing")
        return row(self._play, back, step, reset, self._position)

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
        self._speed = widgets.Dropdown(options=SPEEDS, value=SPEEDS["normal"], description="speed", layout=wide(13))
        widgets.dlink((self._speed, "value"), (self._play, "interval"))
        self._projector = widgets.Checkbox(description="projector size", indent=False, layout=wide(10))
        self._ahead = widgets.Checkbox(
            value=self.state.ahead, description="the run ahead", indent=False, layout=wide(9)
        )
        self._ahead.observe(self._ahead_changed, "value")
        self._panel_boxes = {
            name: widgets.Checkbox(value=name in DEFAULT_PANELS, description=name, indent=False, layout=wide(9))
            for name in PANELS
        }
        self._coins.observe(self._coins_changed, "value")
        self._iterations.observe(self._iterations_changed, "value")
        return widgets.VBox(
            [
                row(self._coins, self._iterations, self._speed, self._projector),
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
        self._typed = widgets.Text(placeholder="6 5 4 2 2 ...", description="heads", layout=wide())
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
        self._files = widgets.HTML()
        return row(make, self._files)

    # What the reader does.

    def _go_to(self, frame):
        """Stop playing and show a frame."""
        self._play.playing = False
        self.state.frame = frame
        self._position.value = frame
        # Ticks of Play that the page sent before it heard of this would undo it.
        now = time.monotonic()
        if now - self._heard < 5 * LATE_TICKS:
            self._deaf_until = now + LATE_TICKS

    @callback
    def _position_changed(self, change):
        if change["new"] == self.state.frame:
            return
        self._heard = time.monotonic()
        if self._heard < self._deaf_until:
            self._position.value = self.state.frame
        else:
            self.state.frame = change["new"]
            if self._play.playing:
                time.sleep(BREATH)

    @callback
    def _play_changed(self, change):
        if change["new"]:
            self._deaf_until = -math.inf

    @callback
    def _move(self, by):
        self._go_to(min(max(self.state.frame + by, 0), self.state.frames - 1))

    @callback
    def _reset_all(self, _):
        model, start, data = self._opening
        self.state.show(model, start, data)
        self._go_to(0)

    def _hears(self, coin):
        """Whether a slider's change counts; the coin may have gone while the change was on its way."""
        return self._listening and coin < len(self.state.start)

    @callback
    def _bias_changed(self, coin, change):
        if self._hears(coin) and is_news(change["new"], self.state.start.biases[coin]):
            self.state.set_bias(coin, change["new"])

    @callback
    def _weight_changed(self, coin, change):
        if self._hears(coin) and is_news(change["new"], self.state.start.weights[coin]):
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
            self._say("Type your numbers of heads, then press Use these", role="status")

    @callback
    def _reveal_changed(self, change):
        if self._listening:
            self.state.reveal = change["new"]

    @callback
    def _ahead_changed(self, change):
        self.state.ahead = change["new"]

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
            self._say("Not changed: at least one panel must be drawn", role="alert")
            return
        self._make_pictures(panels)
        self._show_run()

    @callback
    def _make_files(self, _):
        """Links that carry their files, so that saving needs no server."""
        state, frame = self.state, self.state.frame
        self._files.value = "making the files ..."
        images = [self.picture.image(number) for number in range(state.frames)]
        words = [state.describe(number) for number in range(state.frames)]
        files = {
            "emlib-run.csv": ("text/csv", state.csv().encode()),
            "emlib.png": ("image/png", self._sharp.png(frame)),
            "emlib.svg": ("image/svg+xml", self.picture.svg(frame).encode()),
            "emlib.gif": ("image/gif", animated_gif(images, SPEEDS["normal"])),
            "emlib.html": ("text/html", animation_page(images, words, SPEEDS["normal"]).encode()),
        }
        links = [
            f'<a download="{name}" href="data:{kind};base64,{base64.b64encode(content).decode()}">{name}</a>'
            for name, (kind, content) in files.items()
        ]
        self._files.value = f"{' · '.join(links)}<br><code>{escape(state.code())}</code>"

    # What the state says to the page.

    def _make_pictures(self, panels):
        scale = 1.4 if self._projector.value else 1
        self.layout.max_width = f"{PAGE_WIDTH * scale:.0f}px"
        self.picture = ExplorerPicture(self.state, panels, scale)
        self._sharp = ExplorerPicture(self.state, panels, 2 * scale)
        (self.add_class if self._projector.value else self.remove_class)("emlib-projector")

    @callback
    def _show_run(self, *_):
        """The run is new: show its present moment live until all its moments are drawn."""
        self._shown = object()
        frames = self.state.frames
        while len(self._frames) < frames:
            self._frames.append(picture_frame())
        # New before it is shown, so that no old picture flashes.
        self._live.value = self.picture.png(self.state.frame)
        # Never fewer than before: the page may be at a moment beyond a shorter run until it hears of that.
        self._stack.children = [self._live] * len(self._frames)
        self._position.max = self._play.max = frames - 1
        if self._position.value != self.state.frame or self._play.playing:
            self._go_to(self.state.frame)
        self._files.value = FILES
        self._show_controls()
        self._say_moment()
        self._when_idle(self._draw_all(self._shown))

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
                    slider.value = round(value, 2)  # as the page would round it, and send it back
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

    @callback
    def _show_moment(self, *_):
        if self._is_live:
            self._live.value = self.picture.png(self.state.frame)
        else:
            self._when_idle(self._sharpen(self._shown, self.state.frame))
        if self._play.playing:  # the picture goes ahead; words for moments that have passed would only hold it up
            self._when_idle(self._say_soon(self.state.frame))
        else:
            self._say_moment()

    async def _say_soon(self, frame):
        await asyncio.sleep(0.15)
        if frame == self.state.frame:
            self._say_moment()

    @callback
    def _say_moment(self):
        self._say(self.state.describe(self.state.frame), role="alert" if self.state.problem else "status")

    @property
    def _is_live(self):
        return self._stack.children[0] is self._live

    def _when_idle(self, work):
        """Do something in the background; outside a kernel there is no page to do it for."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            work.close()
            return
        task = loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _draw_all(self, run):
        """Draw all moments of a run, unless it gives way to another run in the meantime."""
        await asyncio.sleep(REST)
        for frame in range(self.state.frames):
            if not self._draw_frame(run, frame):
                return
            await asyncio.sleep(0.01)  # what the reader does comes first
        self._show_frames(run)
        await self._sharpen(run, self.state.frame)

    async def _sharpen(self, run, frame):
        """Draw the moment on show sharply, once it rests: a page plays plain pictures more smoothly."""
        await asyncio.sleep(REST)
        self._draw_sharply(run, frame)

    @callback
    def _draw_sharply(self, run, frame):
        if run is self._shown and frame == self.state.frame:
            self._frames[frame].value = self._sharp.png(frame)

    @callback
    def _draw_frame(self, run, frame):
        current = run is self._shown and self._is_live
        if current:
            self._frames[frame].value = self.picture.png(frame)
        return current

    @callback
    def _show_frames(self, run):
        if run is self._shown:
            self._stack.children = self._frames

    def _still(self):
        return self._sharp.png(self.state.frame)

    def __repr__(self):
        return self.state.describe(self.state.frame)
