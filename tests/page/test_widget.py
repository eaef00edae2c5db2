"""What the widgets share."""

import gc
import html
import io
import re
import weakref

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from paper_page import classes, living, mimebundle, png_of, still_of
from PIL import Image
from pixels import pixels

import emlib
import emlib.widgets
from emlib import Coins
from emlib.models import IncomeGroups
from emlib.page import widget
from emlib.page.picture import COLOURS, Picture, new_figure
from emlib.page.widget import Talking, probability_slider
from emlib.widgets import AddACoin, AgainstEM, Bound, Explorer, KnownAges, Landscape, Progress, Switch


def test_a_probability_slider_has_the_colour_of_its_coin_and_says_which_moved():
    heard = []
    slider = probability_slider(2, "weight 3", lambda *what: heard.append(what))
    assert (slider.min, slider.max, slider.step, slider.readout_format) == (0, 1, pytest.approx(0.01), ".2f")
    assert slider.description == "weight 3" and slider.style.handle_color == COLOURS[2]
    assert slider.layout.width == "100%" and not heard
    slider.value = 0.25
    assert [(coin, change["name"], change["new"]) for coin, change in heard] == [(2, "value", 0.25)]


TWO = emlib.Coins([0.5, 0.5], [0.3, 0.35])
A = emlib.BinomialMixture(emlib.data.A)
GROUPS = IncomeGroups([1 / 3, 1 / 3, 1 / 3], [20, 30, 40], 0.15)


def switch():
    figure = new_figure()
    return Switch({"one": Picture(figure, "one"), "two": Picture(figure, "two")})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Explorer(iterations=1),
        lambda: Landscape(A, TWO),
        lambda: Bound(A, TWO),
        lambda: KnownAges(GROUPS, {"a start": GROUPS}, people=20),
        lambda: AddACoin(A),
        lambda: Progress("work"),
        switch,
    ],
)
def test_a_cell_run_again_leaves_nothing_behind(make, monkeypatch):
    alive, cell = [], object()
    for run in range(3):
        monkeypatch.setattr(widget, "running_cell", lambda run=run: (cell, run))
        mimebundle(make())
        alive.append(len(living()))
    assert alive[0] == alive[1] == alive[2]


LIVE = [name for name in emlib.widgets.__all__ if issubclass(getattr(emlib.widgets, name), Talking)]


def live(name, **look):
    three, groups = Coins(np.full(3, 1 / 3), [0.2, 0.5, 0.9]), IncomeGroups(np.full(3, 1 / 3), [20, 40, 60], 0.3)
    given = {
        "AddACoin": (A,),
        "Bound": (A, Coins([0.5, 0.5], [0.3, 0.6])),
        "KnownAges": (groups, {"a start": groups}),
    }.get(name, (A, three))
    return getattr(emlib.widgets, name)(*given, **look)


@pytest.fixture
def new_things():
    """All that gc looks at is what is made from here on: a look at everything takes seconds."""
    gc.freeze()
    yield
    gc.unfreeze()


def canvases():
    """What takes the room: the pixels that figures were drawn on."""
    gc.collect()
    return {id(thing) for thing in gc.get_objects() if isinstance(thing, RendererAgg)}


@pytest.mark.usefixtures("new_things")
@pytest.mark.parametrize("name", LIVE)
def test_a_closed_widget_that_is_kept_takes_no_room_and_one_that_is_not_goes(name, tmp_path):
    before = canvases()
    made = live(name)
    words, hear, view, moment = repr(made), made._hear, made.view, {"run": made.view.shown["run"]}
    assert name == "AddACoin" or canvases() > before
    mimebundle(made)
    assert name == "AddACoin" or "figure" not in vars(made.sharp), "most screens never need it again"
    made.close()
    for late in (
        {"ask": [0, 1]},
        {"rest": 0, "sharp": True},
        {"move": "bias 1", "value": [0.1], "frame": 0, "number": 1},
    ):
        hear(view, moment | late, [])
    assert canvases() == before and not view.answers
    view_gone = weakref.ref(view)
    del hear, view
    gc.collect()
    assert view_gone() is None
    made.savefig(path := tmp_path / "figure.svg")
    assert words_in(path)[0] == words
    gone = weakref.ref(made)
    del made
    assert canvases() == before and gone() is None


@pytest.mark.usefixtures("new_things")
def test_a_picture_that_is_kept_takes_no_room(tmp_path):
    before, picture = canvases(), Picture(new_figure(), "words")
    picture.figure.add_subplot().plot([1, 2])
    mimebundle(picture)
    picture.savefig(tmp_path / "figure.png")
    assert canvases() == before
    picture.figure.canvas.draw()
    assert canvases() > before, "so they are seen here"


def test_a_figure_of_pyplot_is_shown_and_stays_the_only_one():
    figure = plt.figure()
    try:
        mimebundle(Picture(figure, "words"))
        assert plt.get_fignums() == [figure.number]
    finally:
        plt.close(figure)


@pytest.mark.parametrize("name", LIVE)
def test_every_live_widget_has_a_projector_size(name):
    usual, large = (live(name, projector=projector) for projector in (False, True))
    assert (usual.layout.max_width, large.layout.max_width) == ("960px", "1344px")
    assert "emlib-projector" in classes(large) and "emlib-projector" not in classes(usual)
    wide = [pixels(png_of(widget)).shape[1] for widget in (usual, large)]
    assert name == "AddACoin" or wide[1] == pytest.approx(1.4 * wide[0], abs=2), "as sharp as it is large"
    with pytest.raises(ValueError, match="projector must be True or False"):
        live(name, projector="yes")


def words_in(path):
    """The words that a file has with its picture, and whether that is of lines and letters."""
    if path.suffix == ".png":
        image = Image.open(path)
        assert image.info["Description"].startswith(image.info["Title"])
        return image.info["Description"], False
    written = path.read_bytes().decode("latin-1" if path.suffix == ".pdf" else "utf-8")
    drawn = "<image" not in written and "/Subtype /Image" not in written
    if path.suffix == ".svg":
        return html.unescape(re.search("<dc:description>(.*?)</dc:description>", written, re.DOTALL)[1]), drawn
    coded = re.search(r"/Subject \((.*?[^\\])\)", written, re.DOTALL)[1]
    coded = re.sub(r"\\([()\\])", r"\1", coded).encode("latin-1")
    return coded.decode("utf-16" if coded.startswith(b"\xfe\xff") else "latin-1"), drawn


@pytest.mark.parametrize(
    "make",
    [
        lambda: Picture(new_figure(), "A curve (blue) rises & falls. Its top: -1.5."),
        lambda: Explorer(iterations=3, frame=5),
        lambda: Landscape(A, TWO),
        lambda: AgainstEM(A, TWO),
        lambda: AddACoin(A),
        switch,
    ],
    ids=["Picture", "Explorer", "Landscape", "AgainstEM", "AddACoin", "Switch"],
)
def test_what_is_on_show_is_written_to_a_file_with_its_words(make, tmp_path):
    shown = make()
    words = "one" if isinstance(shown, Switch) else repr(shown)
    for suffix, drawn in ((".svg", True), (".pdf", True), (".png", False)):
        shown.savefig(path := tmp_path / f"figure{suffix}")
        assert words_in(path) == (words, drawn)
        if isinstance(shown, Picture):
            shown.savefig(str(again := tmp_path / f"AGAIN{suffix.upper()}"))
            assert again.read_bytes() == path.read_bytes(), "the same from day to day"
    if isinstance(shown, Explorer):  # in the page another hand writes the letters
        there, here = Image.open(io.BytesIO(still_of(shown))).convert("RGB"), Image.open(path).convert("RGB")
        assert here.size == there.size
        there, here = (np.asarray(image.reduce(16)).astype(int) for image in (there, here))
        assert np.abs(here - there).mean() < 2
        assert still_of(shown) == still_of(make()), "it draws on as before"


@pytest.mark.parametrize("path", ["figure.jpg", "figure", 3, None])
def test_a_figure_for_no_such_kind_of_file_is_refused(path):
    for shown in (Picture(new_figure(), "words"), Explorer(iterations=1)):
        with pytest.raises(ValueError, match=r"path must be the name of a file that ends in .svg, .pdf or .png; it is"):
            shown.savefig(path)
