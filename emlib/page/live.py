"""Pictures that follow a slider: drawn once, after which a change redraws only the artists that moved (blitting)."""

import functools
import io
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import findfont
from matplotlib.path import Path
from PIL import Image, ImageColor, ImageDraw, ImageFont

from .picture import COLOURS, DPI, GREY, INK, enlarge, new_figure, save, styled

WIDTH, HEIGHT = 9.6, 4.2  # inches, of a live picture; with its controls it fits a screen of 1366 x 768
MOVING = {"animated": True}  # keeps an artist out of the background


def _on_page(axes, low, high):
    corners = axes.transData.transform([low, high]) / axes.figure.bbox.size
    return {name: [float(x), float(1 - y)] for name, (x, y) in zip(("low", "high"), corners, strict=True)}


class Handle(NamedTuple):
    """What can be grabbed on a picture: a point that moves along one axis or both.

    Attributes
    ----------
    name : str
    axes : matplotlib.axes.Axes
    value : tuple of float
        x and y, from 0 to 1; 0 where it does not move.
    low, high : tuple of float
        Where the values 0 and 1 are, in data coordinates.
    limits : tuple of float
        Between which the value stays.
    look : str
        "ring", "coin", "edge" (to be moved sideways), "level" (up and down), "top" (the same, of a bar), or "point"
        (the area under it is drawn on, so that only keys move it).
    colour : str
    steps : int
        In how many it moves from 0 to 1, for what is told as a number of steps and not as a share.
    group : str
        Handles of one group that move up and down are one stop of the Tab key; arrows to the side go on among them.
    words : str
        The name as a reader hears it, where that is another.
    """

    name: str
    axes: object
    value: tuple
    low: tuple
    high: tuple
    limits: tuple = (0, 1)
    look: str = "ring"
    colour: str = INK
    steps: int = 0
    group: str = ""
    words: str = ""

    def on_page(self) -> dict:
        """The same for a page, with its places in shares of the picture from the top left."""
        along = "".join(way for way, start, end in zip("xy", self.low, self.high, strict=True) if start != end)
        look = {name: getattr(self, name) for name in ("name", "look", "colour", "steps", "group")} | {"along": along}
        look |= {"words": self.words} if self.words not in ("", self.name) else {}
        numbers = {"value": [float(x) for x in self.value], "limits": [float(x) for x in self.limits]}
        return {**look, **numbers, **_on_page(self.axes, self.low, self.high)}


def borders(axes, names, shares, low, high, look) -> list[Handle]:
    """Handles for the borders between shares that lie side by side from `low` to `high`, sideways or up.

    None stops another: `with_border` pushes it along.
    """
    ends = np.cumsum([0, *shares]).clip(max=1)
    places = [(end, 0) if look == "edge" else (0, end) for end in ends[1:-1]]
    return [Handle(name, axes, place, low, high, look=look) for name, place in zip(names, places, strict=True)]


class Area(NamedTuple):
    """A part of a picture.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
    low, high : tuple of float
        Two corners, in data coordinates.
    words : str
        Shown to those who point at it; of a part to press or to draw on, its name.
    use : str
        "read", "press", "draw" (a move tells where, from 0 to 1 between the corners), or "time", which goes from the
        one corner to the other.
    """

    axes: object
    low: tuple
    high: tuple
    words: str = ""
    use: str = "read"

    def on_page(self) -> dict:
        """The same for a page, with its places in shares of the picture from the top left."""
        return {"words": self.words, "use": self.use, **_on_page(self.axes, self.low, self.high)}


class LivePicture(ABC):
    """What every live picture does; a subclass says what is drawn, and its `height` and `colours` if they are others.

    Parameters
    ----------
    state : object
        What to draw.
    scale : float, default 1
        How many pixels there are to a pixel of the page, up to 10; 2 is sharp on every screen, and slower.

    Attributes
    ----------
    least : float
        Points that no text is smaller than; set before it is drawn.
    figure : matplotlib.figure.Figure
        As it was drawn last, but for the words that Pillow writes.
    """

    least = 0
    height, colours = HEIGHT, COLOURS

    def __init__(self, state, scale: float = 1):
        if not isinstance(scale, (int, float, np.integer, np.floating)) or not 0 < scale <= 10:
            raise ValueError(f"scale must be a number above 0, up to 10; it is {scale!r}")
        self.state, self.scale = state, scale
        self._key = None
        self._palette = palette((*self.colours, GREY, INK))

    def key(self):
        """All that the background depends on; it is drawn anew when this changes."""
        return "always the same"

    @abstractmethod
    def draw(self, figure) -> list:
        """Draw the background, and return pairs of axes and a function.

        The function moves its artists, which are `MOVING`, to a moment, and yields the words and numbers to write:
        place in the axes, size in points, anchor (of Pillow), text.
        """

    def moment(self, frame):
        """What the functions are called with."""
        return frame

    def handles(self, frame: int = 0) -> list[Handle]:
        """What can be grabbed on the picture of a frame, which was drawn before."""
        return []

    def areas(self, frame: int = 0) -> list[Area]:
        """What can be pointed at on the picture of a frame, which was drawn before."""
        return []

    def png(self, frame: int = 0) -> bytes:
        """The picture of a frame as PNG."""
        file = io.BytesIO()
        self.image(frame).save(file, "png", compress_level=1)
        return file.getvalue()

    def image(self, frame: int = 0) -> Image.Image:
        """The picture of a frame as a Pillow image with a palette."""
        texts = self.update(frame)
        canvas = self.figure.canvas
        canvas.restore_region(self._background)
        renderer = canvas.get_renderer()  # once: it looks at the size of the figure
        for artist in self._moving:
            artist.draw(renderer)
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        # The words are written by Pillow: matplotlib takes 4 ms for each line of text.
        draw = ImageDraw.Draw(image)
        for axes, place, size, anchor, text in texts:
            x, y = axes.transAxes.transform(place)
            draw.text((x, image.height - y), text, INK, self.font(size), anchor)
        return image.quantize(palette=self._palette, dither=Image.Dither.NONE)

    @styled
    def svg(self, frame: int = 0) -> str:
        """The picture of a frame as SVG."""
        file = io.StringIO()
        with self._written(frame) as figure:
            figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    @styled
    def savefig(self, path, words: str, frame: int = 0) -> None:
        """Write the picture of a frame, and words that tell what it shows, as SVG, PDF or PNG."""
        with self._written(frame) as figure:
            save(figure, path, words)

    @contextmanager
    def _written(self, frame):
        """The figure of a frame, with its words written by matplotlib."""
        horizontal, vertical = {"l": "left", "m": "center", "r": "right"}, {"m": "center", "s": "baseline", "t": "top"}
        written = []
        for axes, place, size, (side, line), text in self.update(frame):
            align = {"ha": horizontal[side], "va": vertical[line], "transform": axes.transAxes, "zorder": 6}
            written.append(axes.text(*place, text, size=size, color=INK, **align))
        try:
            yield self.figure
        finally:
            for text in written:
                text.remove()

    def update(self, frame):
        """Move all artists to a frame, and return the words to write: axes, place, size, anchor, text."""
        key = self.key()
        if key != self._key:
            self._draw_background()
            self._key = key
        moment = self.moment(frame)
        texts = [(axes, *text) for axes, update in self._updates for text in update(moment)]
        return [(axes, place, max(size, self.least), *text) for axes, place, size, *text in texts]

    @styled
    def _draw_background(self):
        figure = new_figure(WIDTH, self.height)
        figure.set_layout_engine("none")
        figure.set_dpi(DPI * self.scale)
        self._updates = self.draw(figure)
        figure.canvas.draw()  # which makes the numbers of the axes
        if self.least:
            enlarge(figure, self.least)
            figure.canvas.draw()
        moving = figure.findobj(lambda artist: artist.get_animated())
        self._moving = sorted(moving, key=lambda artist: artist.zorder)
        self._background = figure.canvas.copy_from_bbox(figure.bbox)
        self.figure = figure

    def font(self, size):
        return _font(size * DPI * self.scale / 72)


@functools.lru_cache
def _font(pixels):
    return ImageFont.truetype(findfont("DejaVu Sans"), pixels)


def rectangles(boxes) -> Path:
    """Boxes of left, right, bottom and top as one path: one artist is drawn faster than many."""
    corners = [[(a, c), (a, d), (b, d), (b, c), (a, c)] for a, b, c, d in boxes]
    return Path.make_compound_path(*(Path(box, closed=True) for box in corners)) if corners else Path(np.empty((0, 2)))


@functools.lru_cache
def palette(colours: tuple) -> Image.Image:
    """A palette for pictures of these colours on white: what edges mix of them, and white stays white.

    A picture of palette colours is encoded 4 times faster than one of all colours and half as large.
    """
    rgb = [np.array(ImageColor.getrgb(colour)) for colour in colours]
    grey = np.array(ImageColor.getrgb(GREY))
    base = [*rgb, *(0.75 * colour + 0.25 * grey for colour in rgb)]
    steps = np.linspace(0, 1, 256 // len(base))[:, None]
    table = np.vstack([255 + steps * (colour - 255) for colour in base]).round().astype(np.uint8)
    # Pillow's search is coarse, so white has no near neighbours.
    table = table[(table.min(axis=1) < 248) | (table.min(axis=1) == 255)]
    image = Image.new("P", (1, 1))
    image.putpalette(table.tobytes())
    return image
