"""What every picture, widget and exercise shares."""

import logging
import sys

if sys.platform == "emscripten":  # a browser begins each time without matplotlib's list of fonts, and need not say so
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
