"""For the last row of a lecture hall: no text of a live picture is small then, and all of it has its place."""

import itertools

import pytest
from matplotlib.text import Text

import emlib
from emlib import BinomialMixture, Coins, chapter
from emlib.explorer.picture import PANELS
from emlib.models import IncomeGroups
from emlib.widgets import (
    AddACoin,
    AgainstEM,
    Bound,
    DrawThenSee,
    EStepByEye,
    Explorer,
    KnownAges,
    Landscape,
    MStepByEye,
    OneIteration,
)

A, CHAPTER = BinomialMixture(emlib.data.A), BinomialMixture(chapter.heads)
THREE, TWO = Coins([1 / 3, 1 / 3, 1 / 3], [0.2, 0.62, 0.9]), Coins([0.5, 0.5], [0.3, 0.6])
SIX = Coins([1 / 6] * 6, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
POINTS = 0.03 * 1080 * 72 / 100 * 960 / 1920  # 3 % of the height of a screen that the picture is as wide as

LIVE = {
    "Explorer": lambda **look: Explorer(frame=3, **look),
    "Explorer, all panels": lambda **look: Explorer(frame=3, panels=PANELS, **look),
    "Explorer, six coins": lambda **look: Explorer(start=SIX, **look),
    "Landscape of three": lambda **look: Landscape(A, THREE, **look),
    "Landscape of two": lambda **look: Landscape(A, TWO, **look),
    "Bound": lambda **look: Bound(A, TWO, half_steps=3, **look),
    "Bound, two biases": lambda **look: Bound(A, TWO, free=2, half_steps=3, **look),
    "OneIteration": lambda **look: OneIteration(CHAPTER, chapter.start, **look),
    "EStepByEye": lambda **look: EStepByEye(CHAPTER, chapter.start, **look),
    "MStepByEye": lambda **look: MStepByEye(CHAPTER, chapter.start, **look),
    "AgainstEM": lambda **look: AgainstEM(CHAPTER, chapter.start, **look),
    "DrawThenSee": lambda **look: DrawThenSee(CHAPTER, chapter.start, **look),
}


def drawn_texts(figure):
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def smallest(figure):
    return min((text.get_size() for text in drawn_texts(figure)), default=99)


@pytest.mark.parametrize("name", LIVE)
def test_no_text_is_small_and_all_has_its_place(name):
    picture = LIVE[name](projector=True).picture
    written = picture.update(1)
    figure = picture.figure
    assert written and min(size for *_, size, _, _ in written) >= POINTS
    assert smallest(figure) >= POINTS
    boxes, (width, height) = {}, figure.canvas.get_width_height()
    for axes, place, size, anchor, text in written:
        x, y = axes.transAxes.transform(place)
        boxes[text, place] = picture.font(size).getbbox(text, anchor=anchor) + (x, height - y)
    boxes = {name: (a + x, b + y, c + x, d + y) for name, (a, b, c, d, x, y) in boxes.items() if name[0].strip()}
    for (text, _), (left, top, right, bottom) in boxes.items():
        assert left >= 0 and top >= 0 and right <= width and bottom <= height, text
    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        apart = a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        assert apart, (one, other)
    numbers = {text for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for text in axis.get_ticklabels()}
    for text in set(drawn_texts(figure)) - numbers:  # some of which are beyond their axes, and not drawn
        box = text.get_window_extent()
        assert -1 <= box.x0 and box.x1 <= width + 1 and -1 <= box.y0 and box.y1 <= height + 1, text.get_text()
    usual = LIVE[name]().picture
    sizes = [size for *_, size, _, _ in usual.update(1)]
    assert min(smallest(usual.figure), *sizes) < POINTS, "else this shows nothing"


def test_other_pictures_are_large_too():
    truth = IncomeGroups([1 / 3] * 3, [20, 30, 40], 5)
    ages = KnownAges(truth, {"start": truth}, people=50, projector=True)
    ages.picture.png()
    adding = AddACoin(A, projector=True)
    for figure in (ages.picture.figure, adding.picture.figure):
        assert smallest(figure) >= POINTS
