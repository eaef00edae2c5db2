"""The explorer: sliders for the start, and EM's run from it as an animation. A thin layout over `ExplorerState`."""

import asyncio
import functools
from html import escape

import ipywidgets as widgets
import numpy as np

from .coins import Coins
from .explorer_drawing import ExplorerPicture
from .explorer_state import DATA, ExplorerState

SPEEDS = {"slow": 800, "normal": 300, "fast": 50}  # milliseconds a half-step


def shows_errors(method):
    """Let a callback's exception be read in the widget, too, since a page shows none of its own."""

    @functools.wraps(method)
    def wrapped(self, *arguments):
        try:
            return method(self, *arguments)
        except Exception as error:
            self._message.value = f'<div role="alert" style="color:#B00020"><b>Error:</b> {escape(str(error))}</div>'
            raise

    return wrapped


class Explorer(widgets.VBox):
    """Choose a start, and watch EM climb from it, one half-step at a time.

    Parameters
    ----------
    model : BinomialMixture, optional
        The data: sequences of equal length, of up to 100 tosses. Default: the chapter's 20 sequences.
    start : Coins, optional
        One to three coins. Default: the chapter's start.
    iterations : int, default 30
        How many iterations a run has.
    frame : int, default 0
        The moment to open on: 0 is the start, 2 l - 1 the E half of iteration l, 2 l its M half.

    Raises
    ------
    ValueError
        If the explorer cannot draw such data or so many coins.

    Notes
    -----
    While a start is being changed, the present moment alone is drawn, live. Once it rests, all moments are drawn and
    sent to the page, where Play and the slider show them without asking the kernel.
    """

    def __init__(self, model=None, start=None, iterations=30, frame=0):
        self.state = ExplorerState(model, start, iterations=iterations)
        self.picture = ExplorerPicture(self.state)
        self._drawing = None
        self._opening = self.state.start
        self._live = widgets.Image(format="png", value=self.picture.png(0))
        self._frames = [widgets.Image(format="png") for _ in range(self.state.frames)]
        for image in (self._live, *self._frames):
            image.layout = widgets.Layout(max_width="100%", object_fit="contain")
        self._stack = widgets.Stack([self._live] * self.state.frames, selected_index=0)
        self._message = widgets.HTML()
        self._make_controls()
        super().__init__(self._layout(), layout=widgets.Layout(width="100%"))
        self.add_class("emlib-explorer")
        self.state.observe(self._show_moment, "frame")
        self.state.observe(self._show_run, "steps")
        if not 0 <= frame < self.state.frames:
            raise ValueError(f"frame must be from 0 to {self.state.frames - 1}; it is {frame}")
        self._stack.selected_index = self._position.value = frame
        self._show_moment()

    def _make_controls(self):
        state = self.state
        coins = len(state.start)
        wide = widgets.Layout(width="100%")
        self._biases = [
            widgets.FloatSlider(
                value=bias, min=0, max=1, step=0.01, description=f"bias {j}", readout_format=".2f", layout=wide
            )
            for j, bias in enumerate(state.start.biases, start=1)
        ]
        cuts = np.cumsum(state.start.weights)[:-1]
        weights = {"min": 0, "max": 1, "step": 0.01, "description": "weights", "readout_format": ".2f", "layout": wide}
        self._cuts = {
            1: lambda: widgets.HTML(),
            2: lambda: widgets.FloatSlider(value=cuts[0], readout=False, **weights),
            3: lambda: widgets.FloatRangeSlider(value=tuple(cuts), readout=False, **weights),
        }[coins]()
        self._weights_text = widgets.HTML()
        self._show_weights()
        self._play = widgets.Play(min=0, max=state.frames - 1, interval=SPEEDS["normal"], show_repeat=False)
        self._position = widgets.IntSlider(min=0, max=state.frames - 1, readout=False, description="half-step", layout=wide)
        button = widgets.Layout(width="auto", flex="0 0 auto")
        self._back = widgets.Button(description="Back", icon="step-backward", layout=button, tooltip="Half a step back")
        self._step = widgets.Button(description="Step", icon="step-forward", layout=button, tooltip="One E-step or one M-step")
        self._reset = widgets.Button(description="Reset", icon="undo", layout=button, tooltip="Back to the first start")
        self._speed = widgets.Dropdown(options=SPEEDS, value=SPEEDS["normal"], description="speed")
        names = list(DATA) if state.data in DATA else [state.data, *DATA]
        self._data = widgets.Dropdown(options=names, value=state.data, description="data")

        self._links = [
            widgets.jslink((self._play, "value"), (self._position, "value")),
            widgets.jslink((self._position, "value"), (self._stack, "selected_index")),
        ]
        for control in (*self._biases, self._cuts):
            control.observe(self._start_changed, "value")
        self._position.observe(self._position_changed, "value")
        self._data.observe(self._data_changed, "value")
        widgets.dlink((self._speed, "value"), (self._play, "interval"))
        self._step.on_click(lambda _: self._move(+1))
        self._back.on_click(lambda _: self._move(-1))
        self._reset.on_click(self._start_over)

    def _layout(self):
        row = widgets.Layout(align_items="center", width="100%")
        start = widgets.GridBox(
            [*self._biases, widgets.HBox([self._cuts, self._weights_text], layout=row)],
            layout=widgets.Layout(grid_template_columns="1fr 1fr", width="100%", grid_gap="0 16px"),
        )
        run = widgets.HBox([self._play, self._back, self._step, self._reset, self._position], layout=row)
        more = widgets.Accordion([widgets.HBox([self._data, self._speed])], titles=["More: other data, speed"])
        return [self._stack, self._message, run, start, more]

    @shows_errors
    def _start_changed(self, _):
        if isinstance(self._cuts, widgets.FloatRangeSlider):
            low, high = self._cuts.value
            weights = [low, high - low, 1 - high]
        elif isinstance(self._cuts, widgets.FloatSlider):
            weights = [self._cuts.value, 1 - self._cuts.value]
        else:
            weights = [1]
        self._play.playing = False
        self.state.start = Coins(weights, [slider.value for slider in self._biases])

    @shows_errors
    def _data_changed(self, change):
        self._play.playing = False
        self.state.data = change["new"]

    @shows_errors
    def _position_changed(self, change):
        self.state.frame = change["new"]

    @shows_errors
    def _move(self, by):
        self._play.playing = False
        self._position.value = min(max(self._position.value + by, 0), self.state.frames - 1)

    @shows_errors
    def _start_over(self, _):
        self._play.playing = False
        for slider, bias in zip(self._biases, self._opening.biases, strict=True):
            slider.value = bias
        cuts = np.cumsum(self._opening.weights)[:-1]
        if len(cuts):
            self._cuts.value = tuple(cuts) if len(cuts) == 2 else cuts[0]
        self.state.start = self._opening
        self._position.value = 0

    @shows_errors
    def _show_run(self, _):
        """The run is new: show its present moment live until all its moments are drawn."""
        self._stack.children = [self._live] * self.state.frames
        self._position.value = self.state.frame
        self._show_weights()
        self._show_moment()
        self._draw_all_when_idle()

    @shows_errors
    def _show_moment(self, *_):
        if self._stack.children[0] is self._live:
            self._live.value = self.picture.png(self.state.frame)
        colour = "#B00020" if self.state.problem else "inherit"
        text = escape(self.state.describe(self.state.frame))
        self._message.value = f'<div role="status" style="color:{colour}">{text}</div>'

    def _show_weights(self):
        text = " · ".join(f"{weight:.2f}" for weight in self.state.start.weights)
        self._weights_text.value = f'<span style="white-space:nowrap">{text}</span>'

    def _draw_all_when_idle(self):
        if self._drawing:
            self._drawing.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # outside a kernel there is no page to send them to
            return
        self._drawing = loop.create_task(self._draw_all())

    async def _draw_all(self):
        await asyncio.sleep(0.4)
        for frame in range(self.state.frames):
            self._draw_frame(frame)
            await asyncio.sleep(0)  # what the reader does in the meantime comes first, and may cancel this
        self._stack.children = self._frames

    @shows_errors
    def _draw_frame(self, frame):
        self._frames[frame].value = self.picture.png(frame)

    def _repr_mimebundle_(self, **kwargs):
        self._draw_all_when_idle()
        still = self.picture.still(self.state.frame)
        data, metadata = still._repr_mimebundle_()
        return super()._repr_mimebundle_(**kwargs) | data, metadata

    def __repr__(self):
        return self.state.describe(self.state.frame)
