"""The explorer: sliders for the start, and EM's run from it as an animation. A thin layout over `ExplorerState`."""

import asyncio
import functools
import threading
import time
from html import escape

import ipywidgets as widgets
import numpy as np

from .coins import Coins
from .drawing.explorer import WIDTH, ExplorerPicture
from .drawing.picture import DPI
from .explorer import DATA, ExplorerState

SPEEDS = {"slow": 800, "normal": 300, "fast": 50}  # milliseconds a half-step
LATE_TICKS = 1  # second: the longest way from a page to its kernel that is reckoned with


def callback(method):
    """One callback at a time, since JupyterLab calls them in a thread of their own; errors show in the widget."""

    @functools.wraps(method)
    def wrapped(self, *arguments):
        with self._lock:
            try:
                return method(self, *arguments)
            except Exception as error:
                self._message.value = (
                    f'<div role="alert" style="color:#B00020"><b>Error:</b> {escape(str(error))}</div>'
                )
                raise

    return wrapped


class Switch(widgets.VBox):
    """Several pictures, one in sight at a time; buttons change it in the page, without the kernel.

    Parameters
    ----------
    pictures : dict of str to Picture
        The name on the button, and the picture. The first is shown at the beginning and where there is no kernel.
    """

    def __init__(self, pictures):
        self._first = next(iter(pictures.values()))
        self.buttons = widgets.ToggleButtons(options=list(pictures), style={"button_width": "auto"})
        self.stack = widgets.Stack([widgets.HTML(picture.html()) for picture in pictures.values()], selected_index=0)
        widgets.jslink((self.buttons, "index"), (self.stack, "selected_index"))
        super().__init__([self.buttons, self.stack])

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = self._first._repr_mimebundle_()
        return super()._repr_mimebundle_(**kwargs) | data, metadata


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
        self._lock = threading.RLock()
        self._heard = self._deaf_until = 0
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
        self._position = widgets.IntSlider(
            min=0, max=state.frames - 1, readout=False, description="half-step", layout=wide
        )
        button = widgets.Layout(width="auto", flex="0 0 auto")
        self._back = widgets.Button(description="Back", icon="step-backward", layout=button, tooltip="Half a step back")
        self._step = widgets.Button(
            description="Step", icon="step-forward", layout=button, tooltip="One E-step or one M-step"
        )
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
        self._play.observe(self._play_changed, "playing")
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

    def _go_to(self, frame):
        """Stop playing and show a frame."""
        self._play.playing = False
        self.state.frame = frame
        self._position.value = frame
        # Ticks of Play that the page sent before it heard of this would undo it.
        self._deaf_until = self._heard + LATE_TICKS

    @callback
    def _position_changed(self, change):
        if change["new"] == self.state.frame:
            return
        self._heard = time.monotonic()
        if self._heard < self._deaf_until:
            self._position.value = self.state.frame
        else:
            self.state.frame = change["new"]

    @callback
    def _play_changed(self, change):
        if change["new"]:
            self._deaf_until = 0

    @callback
    def _start_changed(self, _):
        if isinstance(self._cuts, widgets.FloatRangeSlider):
            low, high = self._cuts.value
            weights = [low, high - low, 1 - high]
        elif isinstance(self._cuts, widgets.FloatSlider):
            weights = [self._cuts.value, 1 - self._cuts.value]
        else:
            weights = [1]
        self.state.start = Coins(weights, [slider.value for slider in self._biases])

    @callback
    def _data_changed(self, change):
        self.state.data = change["new"]

    @callback
    def _move(self, by):
        self._go_to(min(max(self.state.frame + by, 0), self.state.frames - 1))

    @callback
    def _start_over(self, _):
        for slider, bias in zip(self._biases, self._opening.biases, strict=True):
            slider.value = bias
        cuts = np.cumsum(self._opening.weights)[:-1]
        if len(cuts):
            self._cuts.value = tuple(cuts) if len(cuts) == 2 else cuts[0]
        self.state.start = self._opening
        self._go_to(0)

    @callback
    def _show_run(self, _):
        """The run is new: show its present moment live until all its moments are drawn."""
        self._stack.children = [self._live] * self.state.frames
        self._go_to(self.state.frame)
        self._show_weights()
        self._show_moment()
        self._draw_all_when_idle()

    @callback
    def _show_moment(self, *_):
        if self._is_live:
            self._live.value = self.picture.png(self.state.frame)
        colour = "#B00020" if self.state.problem else "inherit"
        text = escape(self.state.describe(self.state.frame))
        self._message.value = f'<div role="status" style="color:{colour}">{text}</div>'

    def _show_weights(self):
        text = " · ".join(f"{weight:.2f}" for weight in self.state.start.weights)
        self._weights_text.value = f'<span style="white-space:nowrap">{text}</span>'

    def _draw_all_when_idle(self):
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # outside a kernel there is no page to send them to
            return
        self._drawing = loop.create_task(self._draw_all(self.state.steps))

    async def _draw_all(self, run):
        """Draw all moments of a run, unless it gives way to another run in the meantime."""
        await asyncio.sleep(0.4)
        for frame in range(self.state.frames):
            if not self._draw_frame(run, frame):
                return
            await asyncio.sleep(0.01)  # what the reader does comes first
        self._show_frames(run)

    @callback
    def _draw_frame(self, run, frame):
        current = run is self.state.steps and self._is_live
        if current:
            self._frames[frame].value = self.picture.png(frame)
        return current

    @callback
    def _show_frames(self, run):
        if run is self.state.steps:
            self._stack.children = self._frames

    @property
    def _is_live(self):
        return self._stack.children[0] is self._live

    def _repr_mimebundle_(self, **kwargs):
        self._draw_all_when_idle()
        still = ExplorerPicture(self.state, scale=2).png(self.state.frame)
        data = {"text/plain": repr(self), "image/png": still}
        metadata = {"image/png": {"width": round(WIDTH * DPI), "alt": repr(self)}}
        return super()._repr_mimebundle_(**kwargs) | data, metadata

    def __repr__(self):
        return self.state.describe(self.state.frame)
