"""The last line of each notebook, and the page that leads from the chapter to the notebooks."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from emlib import chapter
from emlib.lessons.course import COURSE

FOLDER = Path(__file__).parent.parent / "notebooks"
sys.path.insert(0, str(FOLDER))
import signposts  # noqa: E402

NOTEBOOKS = sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def markdown(path):
    return [
        "".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "markdown"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_last_line_leads_to_the_notebooks_beside(path):
    last = json.loads(path.read_bytes())["cells"][-1]
    place = NOTEBOOKS.index(path)
    around = [NOTEBOOKS[k] for k in (place - 1, place + 1) if 0 < k < len(NOTEBOOKS)]
    titles = [markdown(other)[0].splitlines()[0].removeprefix("# ") for other in around]
    links = LINK.findall("".join(last["source"]))
    assert [name for words, name in links if "Start" not in words] == [other.name for other in around]
    assert [words.strip("← →") for words, _ in links if "Start" not in words] == titles
    assert [name for words, name in links if "Start" in words] == [NOTEBOOKS[0].name] * (place > 0)
    assert last["id"] == f"signpost-{path.name[:2]}" and "".join(last["source"]) == signposts.last_line(path, NOTEBOOKS)
    assert not any("→](" in cell or "[←" in cell for cell in markdown(path)[:-1]), "only there"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[a-z][a-z]/*.ipynb")), ids=lambda path: path.name)
def test_the_last_line_of_a_translation_leads_to_the_same_places(path):
    last = json.loads(path.read_bytes())["cells"][-1]
    english = LINK.findall(markdown(FOLDER / path.name)[-1])
    links = LINK.findall("".join(last["source"]))
    assert last["id"] == f"signpost-{path.name[:2]}" and len(links) == len(english) > 1
    for (_, name), (_, target) in zip(links, english, strict=True):
        assert (path.parent / name).resolve() in (FOLDER / target, path.parent / target) and (
            path.parent / name
        ).exists()
    assert "".join(last["source"]) == signposts.translated_line(path, NOTEBOOKS), "python3 notebooks/signposts.py"


def test_where_there_is_a_translation_the_last_line_leads_to_it(tmp_path):
    (tmp_path / "de").mkdir()
    for name, title in (
        ("00-a", "0 · A"),
        ("01-b", "1 · B"),
        ("02-c", "2 · C"),
        ("de/01-b", "1 · Be"),
        ("de/02-c", "2 · Ce"),
    ):
        cells = [{"cell_type": "markdown", "id": "one", "metadata": {}, "source": f"# {title}"}]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    line = signposts.translated_line(tmp_path / "de" / "01-b.ipynb", sorted(tmp_path.glob("*.ipynb")))
    assert line == "[← Start](../00-a.ipynb) · [2 · Ce →](02-c.ipynb)"


def test_the_page_is_what_the_notebooks_say():
    assert (FOLDER / "CHAPTER.md").read_text(encoding="utf-8") == signposts.chapter_page(NOTEBOOKS), (
        "python3 notebooks/signposts.py"
    )


def test_the_page_has_every_numbered_item_of_the_chapter_once_and_in_order():
    names = [item.name for item in signposts.ITEMS]
    for kind, count in (
        ("Section 6.{}", 3),
        ("Definition 6.{}", 2),
        ("(6.{})", 15),
        ("Table 6.{}", 4),
        ("Figure 6.{}", 1),
    ):
        wanted = [kind.format(k) for k in range(1, count + 1)]
        pattern = re.escape(kind).replace(r"\{\}", r"\d+")
        assert [name for name in names if re.fullmatch(pattern, name)] == wanted
    assert [name for name in names if name.startswith("Footnote")] == [f"Footnote {k}" for k in range(1, 9)]
    assert names.count("Example") == 3 and names.count("Further reading") == 4
    assert set(chapter.printed) <= set(names)


def test_its_links_lead_to_headings_that_name_or_tag_the_item():
    rows = [line for line in (FOLDER / "CHAPTER.md").read_text(encoding="utf-8").splitlines() if ".ipynb" in line]
    assert len(rows) == len(signposts.ITEMS)
    for row in rows:
        (_, target), *_ = LINK.findall(row)
        name, _, anchor = target.partition("#")
        headings = [
            line.lstrip("# ") for cell in markdown(FOLDER / name) for line in cell.splitlines() if line[:1] == "#"
        ]
        assert [heading.replace(" ", "-").replace("$\\Theta$", "Θ") for heading in headings].count(
            unquote(anchor)
        ) == 1, row
    for row in rows:
        item = re.match(r"\| \((6\.\d+)\)", row)
        if item:  # where the equation itself stands
            name, _, anchor = LINK.findall(row)[0][1].partition("#")
            text = "\n".join(markdown(FOLDER / name))
            before = text[: text.index(rf"\tag{{{item[1]}}}")]
            assert re.findall(r"^#+ (.*)$", before, re.MULTILINE)[-1].replace(" ", "-") == unquote(anchor)


def test_an_item_that_no_notebook_walks_is_named(monkeypatch):
    extra = signposts.Item("Table 6.5", "one that there is not")
    monkeypatch.setattr(signposts, "ITEMS", (*signposts.ITEMS, extra))
    with pytest.raises(ValueError, match="Table 6.5, one that there is not"):
        signposts.chapter_page(NOTEBOOKS)


def test_writing_puts_the_lines_back_and_twice_changes_no_byte(tmp_path, monkeypatch):
    few = [item for item in signposts.ITEMS if item.name in ("Section 6.1", "(6.2)", "Definition 6.2")]
    monkeypatch.setattr(signposts, "ITEMS", few)
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if " min |" in line]
    (tmp_path / "README.md").write_text(readme.replace("\n".join(rows[3:]), rows[5]), encoding="utf-8")
    for path in NOTEBOOKS[:3]:
        notebook = json.loads(path.read_bytes())
        del notebook["cells"][-1]
        for cell in notebook["cells"]:
            if "| read before |" in "".join(cell["source"]):
                del cell["source"][5:8]
        (tmp_path / path.name).write_text(json.dumps(notebook), encoding="utf-8")
    signposts.write(tmp_path, tmp_path / "README.md")
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written["README.md"] == readme.encode() and len(rows) == len(NOTEBOOKS)
    for path in NOTEBOOKS[:2]:
        assert written[path.name] == path.read_bytes(), "outputs stay"
    assert b"\xe2\x86\x92" not in written[NOTEBOOKS[2].name][-500:], "the last has nothing after it"
    signposts.write(tmp_path, tmp_path / "README.md")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == written


def test_a_notebook_that_is_new_in_the_course_is_begun(tmp_path, monkeypatch):
    row = COURSE[10]._replace(name="how_sure", title="How sure?", minutes=40, needs=(4, 9), partly=(10,))
    monkeypatch.setattr(signposts, "COURSE", (*COURSE, row))
    (tmp_path / "notebooks").mkdir()
    number = len(COURSE)
    for old in range(number):
        (tmp_path / "notebooks" / signposts.file_name(old)).touch()
    signposts.begin_what_is_new(tmp_path)
    assert not any(path.stat().st_size for path in sorted((tmp_path / "notebooks").iterdir())[:-1]), "others stay"
    path = tmp_path / "notebooks" / f"{number}-how-sure.ipynb"
    (opening,) = markdown(path)
    assert opening.startswith(f"# {number} · How sure?\n") and "needs" not in opening
    assert "need:** notebooks 4, 9, 10." in opening and "takes:** about 40 minutes," in opening
    assert nbformat.validate(nbformat.read(path, as_version=4)) is None
    rooms = FOLDER.parent / "emlib" / "lessons"
    like = (rooms / "how_fast_em_climbs" / "__init__.py").read_text(encoding="utf-8")
    begun = (tmp_path / "emlib" / "lessons" / "how_sure" / "__init__.py").read_text(encoding="utf-8")
    assert begun == like.replace("Notebook 9", f"Notebook {number}")
