"""What the widgets share: callbacks that are safe and whose errors are seen, and rows of controls."""

import functools
import threading
from html import escape

import ipywidgets as widgets
from IPython import get_ipython

from .live import WIDTH
from .picture import COLOURS, DPI

SLIDER_STEP = 0.01
PAGE_WIDTH = round(WIDTH * DPI)  # of a live picture on the page, in pixels

# What ipywidgets leaves out: names for slider handles, for the buttons of Play and for images, and a header of the
# accordion that the keyboard reaches. The page runs this when it has the style.
NAMES = """
const widget = this.closest('.emlib-widget');
const set = (node, values) => {
  for (const [key, value] of Object.entries(values)) {
    if (node && node.getAttribute(key) !== value) node.setAttribute(key, value);
  }
};
const describe = () => {
  const words = widget.querySelector('[role=status], [role=alert]');
  for (const image of widget.querySelectorAll('img')) set(image, {alt: words ? words.textContent : ''});
};
const name = () => {
  for (const slider of widget.querySelectorAll('.widget-slider')) {
    const label = slider.querySelector('.widget-label').textContent;
    set(slider.querySelector('.noUi-handle'), {'aria-label': label});
    set(slider.querySelector('.widget-readout'), {'aria-label': label, role: 'textbox'});
  }
  const [play, stop] = widget.querySelectorAll('.widget-play button');
  set(play, {'aria-label': 'Play or pause', title: 'Play or pause'});
  set(stop, {'aria-label': 'Stop', title: 'Stop, and go back to the start'});
  for (const more of widget.querySelectorAll('.jupyter-widget-Collapse-header')) {
    set(more, {tabindex: '0', role: 'button'});
    set(more, {'aria-expanded': String(more.parentNode.classList.contains('jupyter-widget-Collapse-open'))});
    more.onkeydown = (event) => {
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); more.click(); }
    };
  }
};
if (widget) {
  describe();
  name();
  const changes = {subtree: true, childList: true, attributes: true, attributeFilter: ['class']};
  let waiting = null;  // names can wait while an animation runs
  const later = () => {
    describe();
    waiting ??= setTimeout(() => { waiting = null; name(); }, 200);
  };
  new MutationObserver(later).observe(widget, changes);
}
"""
STYLE = (
    f'<style onload="{escape(NAMES)}">'
    + """
.emlib-widget .widget-image { align-self: flex-start; }
.emlib-widget .jupyter-button:focus-visible, .emlib-widget .noUi-handle:focus-visible,
.emlib-widget [role=button]:focus-visible, .emlib-widget [role=tab]:focus-visible,
.emlib-widget .widget-readout:focus-visible, .emlib-widget select:focus-visible,
.emlib-widget input:focus-visible { outline: 3px solid #E69F00 !important; }
.emlib-widget .emlib-alert { color: var(--jp-error-color1, #B00020); font-weight: bold; }
.emlib-widget a { text-decoration: underline; }
.emlib-widget > .widget-box:has(> img) { overflow: hidden; }
.emlib-projector > * { zoom: 1.4; }
@media (prefers-reduced-motion: reduce) { .emlib-widget .widget-play { display: none; } }
</style>"""
)


def callback(method):
    """One callback at a time, since a front end may have them called in a thread of their own; errors show."""

    @functools.wraps(method)
    def wrapped(self, *arguments):
        with self._lock:
            try:
                return method(self, *arguments)
            except Exception as error:
                self._say(f"Error: {error}", role="alert")
                raise

    return wrapped


def asks(method):
    """A callback that may find the reader's input wrong: a ValueError is an answer then, and no fault."""

    @functools.wraps(method)
    def wrapped(self, *arguments):
        try:
            method(self, *arguments)
        except ValueError as error:
            self._say(f"Not changed: {error}", role="alert")

    return callback(wrapped)


latest = {}  # cell to its latest run and the widgets of ours that were made in it


def running_cell():
    """The cell that runs and a name for this run of it; None where no notebook tells."""
    parent = getattr(get_ipython(), "get_parent", dict)()
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")


def parts(widget):
    """A widget and all that it is made of, in sight or not."""
    found, waiting = {}, [widget]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (list, tuple)):
            waiting += part
        elif isinstance(part, widgets.Widget) and id(part) not in found:
            found[id(part)] = part
            waiting += [*vars(part).values(), *(getattr(part, name) for name in part.keys)]
    return list(found.values())


class Talking(widgets.VBox):
    """A widget with a line of words that screen readers read out when it changes.

    A subclass says in `__repr__` what it shows, and draws it for readers without a kernel in `_still`.
    """

    def __init__(self, **arguments):
        self._lock = threading.RLock()
        self._message = widgets.HTML()
        self._style = widgets.HTML(STYLE)
        super().__init__(**arguments)
        self.add_class("emlib-widget")
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
            with self._lock:
                own = parts(self)
                super().close()
                for part in own:
                    part.close()

    def _repr_mimebundle_(self, **kwargs):
        self._shown_by.add(running_cell()[0])
        with self._lock:
            words, still = repr(self), self._still()
        data = {"text/plain": words, "image/png": still}
        metadata = {"image/png": {"width": PAGE_WIDTH, "alt": words}}
        return super()._repr_mimebundle_(**kwargs) | data, metadata

    def _say(self, text, role):
        self._message.value = f'<div role="{role}" class="emlib-{role}">{escape(text)}</div>'


def picture_frame():
    """An image for a live picture, narrower where the page is."""
    layout = widgets.Layout(width=f"{PAGE_WIDTH}px", max_width="100%", object_fit="contain")
    return widgets.Image(format="png", layout=layout)


def is_news(shown, value):
    """Whether a slider says something else than the value that it was set to, rounded."""
    return abs(shown - value) > SLIDER_STEP / 2 + 1e-9


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


def button(description, icon, tooltip, act):
    """A button as wide as its words."""
    made = widgets.Button(
        description=description, icon=icon, tooltip=tooltip, layout=widgets.Layout(width="auto", flex="0 0 auto")
    )
    made.on_click(act)
    return made
