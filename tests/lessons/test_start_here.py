"""The first page: its table of the course is that of README.md and of the notebooks; map, notation and idioms."""

import json
import re
from itertools import combinations
from pathlib import Path as File

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

import emlib
from emlib import chapter
from emlib.lessons.course import CHAPTER
from emlib.lessons.start_here import COURSE, course_map

ROOT = File(emlib.__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
NUMBERS = range(1, len(COURSE))


def cells(path, kind):
    return ["".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == kind]


def page(heading):
    """The first page from a heading to the next of its rank."""
    return next(cell for cell in cells(NOTEBOOKS[0], "markdown") if cell.startswith(f"## {heading}"))


def rows(text):
    """The rows of the tables in a text, without their heads."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    ruler = next(i for i, line in enumerate(lines) if set("".join(line)) <= set("|:- "))
    return lines[ruler + 1 :]


def numbers(words):
    """The notebooks that a text names: "notebooks 1, 2 and 5", "notebooks [1](...) to 4"."""
    words = re.sub(r"\]\([^)]*\)", "", words).replace("[", "")
    found = set()
    for named in re.findall(r"[Nn]otebooks? ((?:\d+(?:, | and | to )?)+)", words):
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", named):
            found |= set(range(int(first), int(last or first) + 1))
    return found


def test_the_course_is_the_files():
    assert len(NOTEBOOKS) == len(COURSE)
    assert [int(path.name[:2]) for path in NOTEBOOKS] == list(range(len(COURSE)))


@pytest.mark.parametrize("number", range(len(COURSE)))
def test_a_notebook_opens_with_the_title_and_the_minutes_of_the_course(number):
    opening = cells(NOTEBOOKS[number], "markdown")[0]
    notebook = COURSE[number]
    assert opening.splitlines()[0] == f"# {number} · {notebook.title}"
    (time,) = re.findall(r"^- \*\*How long it takes:\*\* about (an hour|\d+ minutes)", opening, re.MULTILINE)
    assert time.replace("an hour", "60 minutes") == f"{notebook.minutes} minutes"
    (needs,) = re.findall(r"^- \*\*What you need:\*\* (.*)$", opening, re.MULTILINE)
    assert numbers(needs) == {*notebook.needs, *notebook.partly}
    assert all(other < number for other in notebook.needs)


def test_readme_has_the_same_table():
    table = rows(
        (ROOT / "README.md").read_text(encoding="utf-8").partition("## The notebooks")[2].partition("\n## ")[0]
    )
    files = [f"notebooks/{path.name}" for path in NOTEBOOKS]
    links = [f"[{k} · {row.title}]({file})" for k, (row, file) in enumerate(zip(COURSE, files, strict=True))]
    assert [line[0] for line in table] == links
    assert [line[2] for line in table] == [f"{row.minutes} min" for row in COURSE]


def test_the_page_has_the_same_table():
    table = rows(next(cell for cell in cells(NOTEBOOKS[0], "markdown") if "| read before |" in cell))
    titles = [f"[{k} · {COURSE[k].title}]({path.name})" for k, path in zip(NUMBERS, NOTEBOOKS[1:], strict=True)]
    assert [line[0] for line in table] == titles
    assert [line[1] for line in table] == [f"{COURSE[k].minutes} min" for k in NUMBERS]
    for line, number in zip(table, NUMBERS, strict=True):
        always, _, partly = line[2].partition("; a part: ")
        assert tuple(map(int, re.findall(r"\[(\d+)\]", always))) == COURSE[number].needs
        assert tuple(map(int, re.findall(r"\[(\d+)\]", partly))) == COURSE[number].partly


@pytest.fixture(scope="module")
def drawn():
    """The map, with its boxes and arrows by name."""
    picture = course_map()
    picture.figure.canvas.draw()
    artists = {patch.get_gid(): patch for patch in picture.figure.axes[0].patches if patch.get_gid()}
    boxes = {int(name[4:]): patch for name, patch in artists.items() if name.startswith("box")}
    arrows = {tuple(map(int, name.split(" to "))): patch for name, patch in artists.items() if " to " in name}
    return picture, boxes, arrows


def test_the_map_shows_every_notebook_in_its_box(drawn):
    picture, boxes, _ = drawn
    texts = picture.figure.axes[0].texts
    assert sorted(boxes) == list(NUMBERS)
    for number in NUMBERS:
        row, box = COURSE[number], boxes[number].get_window_extent()
        inside = [text for text in texts if box.contains(*text.get_window_extent().get_points().mean(axis=0))]
        words = [text.get_text().replace("\n", " ") for text in inside]
        assert words == [f"{number} · {row.title}", f"{row.minutes} min"]
        for text in inside:
            assert box.contains(*text.get_window_extent().p0) and box.contains(*text.get_window_extent().p1)
        assert same_color(boxes[number].get_facecolor(), "white") != (number in CHAPTER)
        assert f"{number} · {row.title}, {row.minutes} minutes" in picture.description
    extents = [text.get_window_extent() for text in texts] + [picture.figure.bbox]
    assert not any(one.overlaps(other) for one, other in combinations(extents[:-1], 2))
    assert all(extents[-1].contains(*extent.p0) and extents[-1].contains(*extent.p1) for extent in extents[:-1])
    assert not any(
        one.get_window_extent().overlaps(two.get_window_extent()) for one, two in combinations(boxes.values(), 2)
    )
    hours = sum(COURSE[k].minutes for k in (1, 2, 3, 4)) / 60
    assert f"the chapter: {hours:.1f} hours" in [text.get_text() for text in texts]


def test_arrows_are_those_that_no_other_way_tells(drawn):
    needs = np.zeros((len(COURSE), len(COURSE)), bool)
    for number, row in enumerate(COURSE):
        needs[number, list(row.needs)] = True
    ways = sum(np.linalg.matrix_power(needs.astype(int), length) for length in range(1, len(COURSE)))
    longer = ways - needs
    solid = {(k, n) for n, k in np.argwhere(needs & (longer == 0))}
    dashed = {(k, n) for n, row in enumerate(COURSE) for k in row.partly if ways[n, k] == 0}
    arrows = drawn[2]
    assert {ends for ends, arrow in arrows.items() if arrow.get_linestyle() in ("-", "solid")} == solid
    assert set(arrows) - solid == dashed and dashed
    axes = drawn[0].figure.axes[0]
    samples = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch) and patch.get_gid() is None]
    said = {round(text.get_position()[1], 6): text.get_text() for text in axes.texts}
    legend = {said[round(patch.get_path().vertices[0, 1], 6)]: patch.get_linestyle() for patch in samples}
    styles = {arrow.get_linestyle() in ("-", "solid"): arrow.get_linestyle() for arrow in arrows.values()}
    assert legend == {"read it before": styles[True], "a part needs it": styles[False]}


def test_arrows_run_from_box_to_box_and_cross_nothing(drawn):
    _, boxes, arrows = drawn
    extents = {number: box.get_window_extent() for number, box in boxes.items()}
    lines = {}
    for (start, end), arrow in arrows.items():
        path = arrow.get_transform().transform_path(arrow.get_path())
        head = int(np.flatnonzero(path.codes == Path.MOVETO)[1])  # the line, then a triangle with its tip in the middle
        lines[start, end] = line = Path(path.vertices[:head])
        assert extents[start].padded(4).contains(*line.vertices[0]), (start, end)
        assert extents[end].padded(4).contains(*path.vertices[head + 1]), (start, end)
        for number, extent in extents.items():  # it may touch the borders of its own two
            inside = [extent.padded(-4).contains(*point) for point in line.interpolated(50).vertices]
            assert not any(inside), (start, end, number)
    assert len(lines) > 10
    for one, two in combinations(lines, 2):
        if one[0] != two[0]:  # those from one notebook begin together
            assert not lines[one].intersects_path(lines[two], filled=False), (one, two)


def test_names_of_the_notation_exist():
    coins, theta = emlib.BinomialMixture(chapter.heads, chapter.tosses), chapter.start
    names = {"coins": coins, "theta": theta, "statistics": coins.e_step(theta), "emlib": emlib, "len": len}
    names |= {"step": next(emlib.em(coins, theta)), "sample": theta.sample(20)}
    tried = 0
    for _, _, here, _ in rows(page("Notation")):
        for name in re.findall("`([^`]+)`", here):
            eval(name, names)
            tried += 1
    assert tried > 20


def test_the_notation_is_in_the_chapters_order_and_complete():
    places = [line[3] for line in rows(page("Notation"))]
    equations = [tuple(map(int, found)) for place in places for found in re.findall(r"\((\d+)\.(\d+)\)", place)]
    assert set(equations) == {(6, k) for k in range(1, 16)}
    assert [place for place in places if "Table 6.1" in place] == ["(6.9), Table 6.1"]
    assert {found for place in places for found in re.findall(r"Table 6\.\d", place)} == {
        f"Table 6.{k}" for k in range(1, 5)
    }


def test_the_glossary_is_in_order():
    words = [line[0].lower().strip("$") for line in rows(page("Glossary"))]
    assert words == sorted(words) and len(words) > 20


def test_ten_idioms_stand_in_the_notebooks_that_are_named():
    made = json.loads(NOTEBOOKS[0].read_bytes())["cells"]
    idioms = [(made[i - 1], cell) for i, cell in enumerate(made) if cell["id"].startswith("idiom-")]
    assert len(idioms) == 10
    for said, cell in idioms:
        (name,) = re.findall(r"\[notebook \d+\]\(([^)]+)\)", "".join(said["source"]))
        there = {line.strip() for code in cells(ROOT / "notebooks" / name, "code") for line in code.splitlines()}
        assert {line.strip() for line in cell["source"]} & there, cell["id"]
