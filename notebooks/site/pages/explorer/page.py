"""Python's side of a page that shows one explorer: what its widget says goes to the page, and the other way round."""

import json

import comm
from comm.base_comm import BaseComm

from emlib.explorer.state import PRESETS
from emlib.widgets import Explorer


class Line(BaseComm):
    """Between a widget and the page. Of all that an explorer is made of the page shows the picture alone."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **others):
        if msg_type == "comm_msg" and explorer is not None and self is explorer.view.comm:
            tell({"widget": data}, buffers)


def tell(message, buffers=()):
    post(json.dumps(message), [bytes(buffer) for buffer in buffers or ()])  # noqa: F821


def hear(text):
    """What the page says: begin, a message to the widget, a start to try, or that it wants a text of this view."""
    global explorer
    message = json.loads(text)
    if "begin" in message:
        try:
            made = Explorer.from_text(message["begin"]) if message["begin"] else Explorer(controls=("run", "start"))
            problem = ""
        except ValueError as error:
            made, problem = Explorer(controls=("run", "start")), f"This link tells of no view: {error}"
        explorer = made
        tell({"presets": {name: preset.question for name, preset in PRESETS.items()}, "problem": problem})
        explorer.view.send_state()
    elif "widget" in message:
        data = {"method": "custom", "content": message["widget"]}
        explorer.view.comm.handle_msg({"content": {"data": data}, "buffers": []})
    elif "preset" in message:
        explorer.state.choose_preset(message["preset"])
    elif "text" in message:
        tell({"text": explorer.text()})


explorer = None
comm.create_comm = Line
