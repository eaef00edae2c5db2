"""How far some work has come, with a button to stop it."""

from html import escape

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from .widget import Whole, button


class Progress(Whole, widgets.HBox):
    """A bar for the `progress` argument of `em_many`, `local_maxima` and others; it appears when the work calls it.

    Its Stop button is heard while a cell runs where the front end has a line of its own to widgets, a subshell, as
    JupyterLab has since 4.4 with ipykernel 7. The kernel's own interrupt works everywhere.

    Parameters
    ----------
    label : str
        What the work is.
    """

    def __init__(self, label):
        if not isinstance(label, str) or not label.strip():
            raise ValueError(f"label must say what the work is; it is {label!r}")
        self.label, self.stopped, self._displayed = label, False, False
        self.bar = widgets.FloatProgress(max=1, layout=widgets.Layout(width="16em"))
        self.words = widgets.HTML()
        self.stop = button("Stop", "stop", "Stop this work; what it has found is kept", self._stop_pressed)
        super().__init__(children=[self.bar, self.stop, self.words], layout=widgets.Layout(align_items="center"))
        self.add_class("emlib-progress")
        self._let_stop(True)
        self._say("0%")

    def __call__(self, share):
        """Show the share of the work that is done.

        Parameters
        ----------
        share : float
            From 0 to 1.

        Raises
        ------
        StopIteration
            If Stop was pressed.
        ValueError
            If `share` is not from 0 to 1.
        """
        if not isinstance(share, (int, float, np.integer, np.floating)) or not 0 <= share <= 1:  # catches nan, too
            raise ValueError(f"share must be from 0 to 1; it is {share!r}")
        share = float(share)
        if not self._displayed:
            self._displayed = True
            display(self)
        if self.stopped:
            self.bar.bar_style = "warning"
            self._say(f"stopped at {self.bar.value:.0%}", role="status")
            raise StopIteration(f"{self.label}: stopped by the reader")
        # Not each of 10,000 calls is worth a message to the page.
        if abs(share - self.bar.value) >= 0.01 or share == 1:
            self.bar.value = share
            self._let_stop(share < 1 and not self.stopped)
            self.bar.bar_style = "success" if share == 1 else ""
            self._say("done" if share == 1 else f"{share:.0%}", role="status" if share == 1 else None)

    def _let_stop(self, possible):
        self.stop.disabled = not possible
        # ipykernel 7.4 sends what the page says of a widget to where the widget changed last: to the cell, which is
        # busy. Without this it goes where the page wants it.
        vars(self.stop.comm).pop("_reply_subshell_id", None)

    def _stop_pressed(self, _):
        self.stopped = self.stop.disabled = True

    def _say(self, words, role=None):
        self.words.value = f"<span{f' role={role}' if role else ''}>{escape(self.label)}: {words}</span>"

    def __repr__(self):
        return f"Progress: {self.label}"  # the same at every moment, as notebooks keep it
