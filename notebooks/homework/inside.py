"""What runs a submission, shut in: cells come in, text goes out; questions come in, plain numbers go out.

A submission can change all of this, and gains nothing: it is told no answer, and whatever comes out is only compared.
"""

import json
import os
import sys

sys.path[:0] = sys.argv[1:]  # where emlib is, if it is given
requests = os.fdopen(os.dup(0), encoding="utf-8")
replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
nothing = os.open("/dev/null", os.O_RDWR)
for number in (0, 1, 2):  # what a submission prints past Python does not come between
    os.dup2(nothing, number)

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from IPython.utils.capture import capture_output  # noqa: E402

LONGEST = 20_000  # characters of text that a cell may leave


class Shell(InteractiveShell):
    def enable_gui(self, gui=None):  # %matplotlib asks for it; there is no screen
        pass


shell = Shell.instance(colors="nocolor")
shell.history_manager.enabled = False


def run(source):
    """Run a cell: its text, and the exception that it raised, if any."""
    with capture_output() as captured:
        result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    shown = [output.data.get("text/plain", "") for output in captured.outputs]
    return {
        "text": "\n".join([captured.stdout, *shown]).strip()[:LONGEST],
        "error": [type(error).__name__, str(error)[:1000]] if error else None,
    }


def plain(value):
    """A number, None, a truth value, a text, or a list of those."""
    if hasattr(value, "tolist"):
        value = value.tolist()  # arrays and numbers of numpy
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    return float(value)


def ask(name, arguments):
    """The value of a name, or what the function of that name returns."""
    if name not in shell.user_ns:
        raise NameError(f"there is no {name}")
    value = shell.user_ns[name]
    if arguments is not None:
        import numpy

        value = value(*(numpy.array(part) if isinstance(part, list) else part for part in arguments))
    return plain(value)


for line in requests:
    request = json.loads(line)
    try:
        if "cell" in request:
            reply = run(request["cell"])
        else:
            with capture_output():
                reply = {"value": ask(request["ask"], request["arguments"])}
    except Exception as error:
        reply = {"error": [type(error).__name__, str(error)[:1000]]}
    replies.write(json.dumps(reply) + "\n")
    replies.flush()
sys.exit()
