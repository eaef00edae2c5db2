"""Python's side of a page that shows one explorer: what its widget says goes to the page, and the other way round."""

import json
import sys
from types import ModuleType

# Widgets import IPython, which takes a sixth of the start, to ask which notebook they are in. They are in none.
for name in ("IPython", "IPython.core", "IPython.core.interactiveshell", "IPython.display"):
    sys.modules[name] = ModuleType(name)
sys.modules["IPython"].get_ipython = lambda: None
sys.modules["IPython.core.interactiveshell"].InteractiveShell = None
sys.modules["IPython.display"].display = sys.modules["IPython.display"].clear_output = None

import comm  # noqa: E402
from comm.base_comm import BaseComm  # noqa: E402

from emlib.explorer.state import PRESETS  # noqa: E402
from emlib.widgets import Explorer  # noqa: E402


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
