"""What all pictures share: style, colours, and `Picture`, a figure with a description.

A picture carries a description that is made from the same numbers. It is the image's text alternative, and nbval
compares it, which it cannot do with the image. Neither JupyterLab nor nbconvert reads a text alternative from the
metadata of an image, so there is an HTML image, too, which has its own; both are small, having a palette.
"""

import base64
import copy
import io
from html import escape
from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from ..checks import as_numbers, brief, instance
from ..coins import BinomialMixture

# Okabe and Ito's colours for colour-blind readers, the darker ones first; a marker and a line style as second cue.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
GREY, INK = "#BBBBBB", "#222222"
TINTS = ("#9CC9E8", "#F3BE95", "#93D7C2", "#E8C6DA", "#CBE6F6", "#F6D999")  # of COLOURS, to draw on
CONTOURS = (0, 0.1, 0.3, 1, 3, 10, 30)  # nats

# For functions that draw: matplotlib's defaults, whatever style a reader has chosen, and what we change of them.
styled = style.context(
    [
        "default",
        {
            "font.size": 11,
            "axes.titlesize": 12,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": INK,
            "hatch.linewidth": 0.6,
            "legend.frameon": False,
            "svg.hashsalt": "emlib",
            "pdf.fonttype": 42,  # letters that can be searched, and that journals take
        },
    ]
)
DPI = 100
MOST_TOSSES = 1000  # of a sequence whose outcomes are drawn one by one
# What a file says of itself beside the picture, and nothing that differs from day to day.
TITLES = {".svg": ("Title", "Description"), ".pdf": ("Title", "Subject"), ".png": ("Title", "Description")}
UNDATED = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}


class Picture:
    """A drawn figure with its description, shown by a notebook as a sharp image.

    Parameters
    ----------
    description : str
        What the picture shows, with its numbers, for those who cannot see it and for the tests.
    """

    def __init__(self, figure: Figure, description: str):
        instance("figure", figure, Figure)
        instance("description", description, str)
        self.figure = figure
        self.description = description

    def __repr__(self):
        return self.description

    @styled
    def png(self, scale: int = 2) -> bytes:
        """The picture as PNG, `scale` times as many pixels as it is wide on the page."""
        drawn, file = io.BytesIO(), io.BytesIO()
        undrawn(self.figure).savefig(drawn, format="png", dpi=DPI * scale, pil_kwargs={"compress_level": 1})
        image = Image.open(drawn).convert("RGB")
        # With a palette it is a third as large, and no colour is off by more than the eye can see.
        image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, "png", optimize=True)
        return file.getvalue()

    def savefig(self, path) -> None:
        """Write the picture as SVG, PDF or PNG, as the name of the file ends; its words go with it."""
        save(undrawn(self.figure), path, self.description)

    @property
    def width(self) -> int:
        """How wide it is on the page, in pixels."""
        return round(self.figure.get_figwidth() * DPI)

    def html(self) -> str:
        """The picture as an HTML image that carries its own bytes."""
        return html_image(self.png(), self.width, self.description)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.png(), self.width, self.description)


def html_image(png: bytes, width: int, words: str) -> str:
    """An image of HTML that carries its own bytes."""
    source = base64.b64encode(png).decode()
    return f'<img width="{width}" alt="{escape(words)}" src="data:image/png;base64,{source}">'


def bundle(png: bytes, width: int, words: str) -> tuple[dict, dict]:
    """A picture as a notebook shows it: data and metadata by MIME type."""
    data = {"text/plain": words, "image/png": png, "text/html": html_image(png, width, words)}
    return data, {"image/png": {"width": width, "alt": words}}


def new_figure(width: float = 9, height: float = 3.5) -> Figure:
    """An empty figure, for functions that are `styled`."""
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def undrawn(figure: Figure) -> Figure:
    """A copy to draw: a drawn figure keeps its canvas, 5 MB, and a notebook's Out the picture. pyplot keeps its own."""
    return figure if figure.canvas.manager else copy.deepcopy(figure)


@styled
def save(figure: Figure, path, words: str) -> None:
    """Write a figure to a file, with words in its metadata; ValueError if its name does not end as it should."""
    if not isinstance(path, (str, Path)) or Path(path).suffix.lower() not in TITLES:
        raise ValueError(f"path must be the name of a file that ends in .svg, .pdf or .png; it is {brief(path)}")
    kind = Path(path).suffix.lower()
    told = dict(zip(TITLES[kind], (words.partition(". ")[0], words), strict=True))
    figure.savefig(path, format=kind[1:], dpi=2 * DPI, metadata=told | UNDATED[kind])


def enlarge(figure: Figure, least: float) -> None:
    """Make all text of a figure this large, in points, or larger."""
    for text in figure.findobj(Text):
        text.set_size(max(text.get_size(), least))


def named(argument: str, values, most: int = len(COLOURS)) -> dict:
    """`values`, if they are a dict of one or more names, and no more than there are colours; else ValueError."""
    if not isinstance(values, dict) or not 0 < len(values) <= most:
        raise ValueError(f"{argument} must be a dict of names, from 1 to {most} of them; it is {brief(values)}")
    return values


def of_shape(argument: str, values, *shape) -> np.ndarray:
    """`values` as an array of numbers of a shape, in which None stands for any length but 0; else ValueError."""
    array = as_numbers(argument, values)
    fits = array.ndim == len(shape) and all(n == m or m is None for n, m in zip(array.shape, shape, strict=True))
    if not fits or array.size == 0:
        wanted = " x ".join("any" if length is None else str(length) for length in shape)
        raise ValueError(f"{argument} must be of shape {wanted}; its shape is {array.shape}")
    return array


def tosses_to_draw(model: BinomialMixture) -> int:
    """How many tosses all sequences have; ValueError if they differ or are too many for a picture of outcomes."""
    instance("model", model, BinomialMixture)
    lengths = np.unique(model.distinct_tosses)
    if len(lengths) > 1:
        raise ValueError(f"sequences must have equal lengths; they go from {lengths[0]} to {lengths[-1]} tosses")
    if lengths[0] > MOST_TOSSES:
        raise ValueError(f"sequences must have {MOST_TOSSES} tosses or fewer, to be drawn; they have {lengths[0]}")
    return int(lengths[0])


def mixed(colour: str, share: float) -> np.ndarray:
    """A colour with so much of it, and white for the rest."""
    return 1 + share * (np.array(to_rgb(colour)) - 1)


def shade(axes, x, y, below, levels=CONTOURS, strength: float = 1) -> None:
    """Fill a map with seven shades of blue: the less a place is below the top, the darker."""
    shades = [mixed(COLOURS[0], strength * share) for share in (1, 0.8, 0.6, 0.4, 0.25, 0.12, 0)]
    axes.contourf(x, y, below, levels=levels, colors=shades, extend="max")


def signed(number: str) -> str:
    """A number as text with a minus sign instead of a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")
