"""A line of text that is sent by Enter alone. What it does in the page is in field.js."""

from pathlib import Path

import anywidget
from traitlets import Unicode


class Field(anywidget.AnyWidget):
    """A line of text that Enter sends; the Text of ipywidgets is sent by leaving it, too.

    Parameters
    ----------
    act : callable
        Called with the text, which stays in the field until it is taken, and the frame of the live picture above.
    **traits
        `description` before the field, `placeholder` in it, `layout`.
    """

    _esm = Path(__file__).with_name("field.js").read_text(encoding="utf-8")  # as in live_view
    description = Unicode().tag(sync=True)
    placeholder = Unicode().tag(sync=True)

    def __init__(self, act, **traits):
        super().__init__(**traits)
        self.on_msg(lambda _, message, __: act(message["sent"], message["frame"]))

    def take(self, text: str) -> None:
        """Let this text go from the field, if it still stands there."""
        self.send({"taken": text})
