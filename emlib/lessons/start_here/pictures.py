"""The map of the course."""

from textwrap import fill

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from ...page.picture import COLOURS, INK, TINTS, Picture, new_figure, styled
from ..course import CHAPTER, COURSE

__all__ = ["course_map"]

WIDTH, HEIGHT = 1.74, 0.84  # of a box, in inches
COLUMN, ROW = 1.98, 1.28  # from one to the next


def arrows() -> dict:
    """The arrows to draw, each with whether it is for a part only: none where others lead the same way."""
    before = [set() for _ in COURSE]  # all that lead to a notebook
    drawn = {}
    for number, notebook in enumerate(COURSE):
        told_by_others = set().union(*(before[k] for k in notebook.needs))
        before[number] = told_by_others | set(notebook.needs)
        drawn |= {(k, number): False for k in notebook.needs if k not in told_by_others}
        drawn |= {(k, number): True for k in notebook.partly if k not in before[number]}
    return drawn


def _way(start, end) -> list:
    """The corners of an arrow between two places: sideways in a row, else down, along the gap and down."""
    (x, y), (u, v) = start, end
    if y == v:
        side = WIDTH / 2 if u > x else -WIDTH / 2
        return [(x + side, y), (u - side, v)]
    gap = v + ROW / 2
    corners = [(x, y - HEIGHT / 2), (x, gap), (u, gap), (u, v + HEIGHT / 2)]
    return [corners[0], corners[-1]] if x == u else corners


def _arrow(corners, for_a_part: bool) -> FancyArrowPatch:
    style = (0, (3, 2)) if for_a_part else "-"
    line = {"linewidth": 1.6, "linestyle": style, "color": INK}
    return FancyArrowPatch(path=Path(corners), arrowstyle="-|>", mutation_scale=15, **line)


def _told(number, notebook) -> str:
    needs = ", ".join(map(str, notebook.needs)) or "none"
    part = "".join(f", for a part {k}" for k in notebook.partly)
    return f"{number} · {notebook.title}, {notebook.minutes} minutes, needs {needs}{part}"


@styled
def course_map() -> Picture:
    """The notebooks after the first page, how long they take, and which need which."""
    on_map = dict(enumerate(COURSE[1:], start=1))
    places = {k: (COLUMN * notebook.place[0], -ROW * notebook.place[1]) for k, notebook in on_map.items()}
    columns, rows = zip(*places.values(), strict=True)
    left, right = min(columns) - WIDTH / 2 - 0.1, max(columns) + WIDTH / 2 + 0.1
    bottom, top = min(rows) - HEIGHT / 2 - 0.1, max(rows) + HEIGHT / 2 + 0.1
    figure = new_figure(right - left, top - bottom)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(left, right), ylim=(bottom, top))
    axes.set_axis_off()
    for (k, number), for_a_part in arrows().items():
        axes.add_patch(_arrow(_way(places[k], places[number]), for_a_part)).set_gid(f"{k} to {number}")
    for number, notebook in on_map.items():
        x, y = places[number]
        of_chapter = number in CHAPTER
        box = FancyBboxPatch(
            (x - WIDTH / 2 + 0.08, y - HEIGHT / 2 + 0.08),
            WIDTH - 0.16,
            HEIGHT - 0.16,
            boxstyle="round,pad=0.08",
            facecolor=TINTS[0] if of_chapter else "white",
            edgecolor=COLOURS[0] if of_chapter else INK,
            linewidth=2.5 if of_chapter else 1.2,
            zorder=3,
        )
        axes.add_patch(box).set_gid(f"box {number}")
        title = fill(f"{number} · {notebook.title}", 17)
        words = {"ha": "center", "color": INK, "zorder": 4}
        axes.text(x, y + 0.1, title, va="center", size=11, weight="bold", linespacing=1.1, **words)
        axes.text(x, y - 0.37, f"{notebook.minutes} min", va="bottom", size=10.5, **words)
    _legend(axes, left + 0.1, bottom + 0.1, sum(COURSE[k].minutes for k in CHAPTER))
    return Picture(figure, "Map of the course. " + ". ".join(_told(*row) for row in on_map.items()) + ".")


def _legend(axes, x, y, minutes) -> None:
    """What the marks mean, in the lower left corner, where no notebook stands."""
    mark = {"boxstyle": "round,pad=0.05", "facecolor": TINTS[0], "edgecolor": COLOURS[0], "linewidth": 2.5}
    axes.add_patch(FancyBboxPatch((x + 0.05, y + 0.93), 0.4, 0.14, **mark))
    axes.text(x + 0.65, y + 1.0, f"the chapter: {minutes / 60:.1f} hours", va="center", size=12, color=INK)
    for height, for_a_part, words in ((0.55, False, "read it before"), (0.1, True, "a part needs it")):
        axes.add_patch(_arrow([(x, y + height), (x + 0.5, y + height)], for_a_part))
        axes.text(x + 0.65, y + height, words, va="center", size=12, color=INK)
