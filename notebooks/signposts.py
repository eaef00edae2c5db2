"""Signposts: what is written by itself, from the course and from the notebooks' own words.

The tables of the first page and of README.md, the last line of each notebook, and CHAPTER.md, which tells where each
item of the chapter is walked. `python3 run.py refresh` writes them, and begins a notebook that is new in the course;
with nothing run, so does `python3 notebooks/signposts.py`.
"""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import nbformat

from emlib.lessons.course import COURSE

HERE = Path(__file__).parent
PAGE = """# From the chapter to the notebooks

Everything in the chapter, in its order, and where it is walked. `python3 run.py refresh` writes this page.

| in the chapter | what | notebook | section | named in |
|:--|:--|--:|:--|:--|
"""
README_HEAD = "| | what it answers | time |\n|---|---|---:|"
OPENING = """# {number} · {title}

- **What you will do:** ...
- **What you will learn:** ...
- **What you need:** {needs}.
- **How long it takes:** about {minutes} minutes, exercises included.

Where it says **Predict**, write your answer down before you run the next cell."""
IMPORTS = """import emlib
from emlib.lessons import check, hint
from emlib.lessons import {name} as lesson"""
ROOM = '''"""Notebook {number}: its pictures."""

from . import pictures
from .pictures import *

__all__ = pictures.__all__
'''
PAGE_HEAD = "| notebook | time | read before |\n|:--|--:|:--|"


class Item(NamedTuple):
    """Something in the chapter. What has no number is known by a pattern of words of the place where it is walked."""

    name: str
    what: str
    words: str = ""


# Everything in the chapter, in its order.
ITEMS = (
    Item("Section 6.1", "Mixture models", "ection 6.1 of the chapter"),
    Item("Example", "incomes of people of unknown age", "incomes, but not their ages"),
    Item("Definition 6.1", "mixture model"),
    Item("Figure 6.1", "graphical model of the mixture"),
    Item("Notation", "$\\Theta$, all parameters", r"What is \$\\Theta\$"),
    Item("Example", "of a mixture model: twenty sequences, three coins", "The example: three coins"),
    Item("(6.1)", "the mixture of three coins"),
    Item("Footnote 1", "incomplete data"),
    Item("(6.2)", "probability of the observed data"),
    Item("Final note", "are the components data?", "A closing note: are the coins data"),
    Item("Section 6.2", "The EM algorithm", "ection 6.2 of the chapter"),
    Item("Footnote 2", "supervised and unsupervised learning"),
    Item("Example", "another one of latent data: movie ratings", "movie ratings|Another example of latent data"),
    Item("Footnote 3", "fractional observations"),
    Item("(6.3)", "likelihood"),
    Item("Footnote 4", "the exponential family"),
    Item("(6.4)", "E-step"),
    Item("(6.5)", "M-step"),
    Item("Definition 6.2", "EM algorithm"),
    Item("Section 6.3", "Example of an EM algorithm for a mixture model", "ection 6.3 of the chapter"),
    Item("Footnote 5", "independent components"),
    Item("No number", "$P(Y = c_1 \\mid \\Theta = \\theta) = w_1$", r"P\(Y = c_1 \\mid W_1 = w_1\)"),
    Item("No number", "weights sum to 1, biases lie in $[0, 1]$", r"w_1 \+ w_2 \+ w_3 = 1"),
    Item("E-step", "of the example", "6.3 E-step"),
    Item("(6.6)", "biases to start from"),
    Item("No number", "the twenty outcomes", "6.3 The data"),
    Item("(6.7)", "likelihood of the first sequence"),
    Item("(6.8)", "joint probability"),
    Item("Footnote 6", "indicator"),
    Item("No number", "marginal likelihood of the first sequence", "Marginal likelihood"),
    Item("(6.9)", "posterior"),
    Item("Table 6.1", "posteriors"),
    Item("(6.10)", "expected number of sequences"),
    Item("(6.11)", "expected pairs, 2 heads of $c_1$"),
    Item("(6.12)", "expected pairs, 4 heads of $c_3$"),
    Item("Table 6.2", "expected outcomes of each coin"),
    Item("(6.13)", "expected heads"),
    Item("Table 6.3", "expected heads of all coins"),
    Item("M-step", "of the example", "6.3 M-step"),
    Item("Footnote 7", "the best weight is a share"),
    Item("Footnote 8", "divide by the sum"),
    Item("(6.14)", "new weights"),
    Item("(6.15)", "new bias"),
    Item("Table 6.4", "new biases"),
    Item("Further reading", "all three, with their titles", "three readings"),
    Item("Further reading", "M. Collins, naive Bayes", "Naive Bayes"),
    Item("Further reading", "R. Neal and G. Hinton, free energy", "further readings: Neal and Hinton"),
    Item("Further reading", "A. Dempster, N. Laird and D. Rubin, the first paper", "Dempster, Laird and Rubin begin"),
)


def sections(path: Path) -> list[tuple[str, str]]:
    """The headings of a notebook, each with the text below it, up to the next."""
    made = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and not cell.id.startswith("signpost"):
            for line in cell.source.splitlines():
                if re.match("#+ ", line):
                    made.append((line.lstrip("# "), ""))
                else:
                    made[-1] = (made[-1][0], made[-1][1] + line + "\n")
    return made


def title(path: Path) -> str:
    """Number and name, as in its first line."""
    return sections(path)[0][0]


def last_line(path: Path, notebooks: list[Path]) -> str:
    """To the notebook before, to the first page, to the notebook after."""
    start, *course = notebooks
    place = notebooks.index(path)
    links = []
    if place > 1:
        links.append((f"← {title(course[place - 2])}", course[place - 2]))
    if place > 0:
        links.append(("Start" if place > 1 else "← Start", start))
    if place < len(course):
        links.append((f"{title(course[place])} →", course[place]))
    return " · ".join(f"[{words}]({other.name})" for words, other in links)


def translated_line(path: Path, notebooks: list[Path]) -> str:
    """The same for a translation: to what is there in its language, else to the English."""
    line = last_line(path.parent.parent / path.name, notebooks)
    for other in notebooks:
        here = path.parent / other.name
        pair = (title(other), title(here)) if here.exists() else (f"]({other.name}", f"](../{other.name}")
        line = line.replace(*pair)
    return line


def sureness(item: Item, heading: str, text: str) -> int:
    """How surely a section walks an item: 3 if its heading names it, 2 if it is set off, 1 if it is named, else 0."""
    words = item.words or rf"(?i:{re.escape(item.name)})(?!\d)"
    set_off = rf"^\*\*(?:{words})|\\tag{{{re.escape(item.name.strip('()'))}}}"
    if re.search(words, heading):
        return 3
    return 2 if re.search(set_off, text, re.MULTILINE) else int(bool(re.search(words, text)))


def chapter_page(notebooks: list[Path]) -> str:
    """CHAPTER.md: for each item the section that walks it, and the other notebooks that name it."""
    places = [(path, *section) for path in notebooks[1:] for section in sections(path)]
    rows = []
    for item in ITEMS:
        found = [place for place in places if sureness(item, *place[1:])]
        if not found:
            raise ValueError(f"no notebook walks an item of the chapter: {item.name}, {item.what}")
        path, heading, _ = max(found, key=lambda place: sureness(item, *place[1:]))  # the first of the surest
        shown = heading.replace("$\\Theta$", "\N{GREEK CAPITAL LETTER THETA}")  # JupyterLab's anchors have no TeX
        anchor = quote(shown.replace(" ", "-"), safe=":,?'")
        name = re.sub(r"^\d+ · ", "", heading)
        others = dict.fromkeys(other for other, *_ in found if other != path)
        again = ", ".join(f"[{int(other.name[:2])}]({other.name})" for other in others)
        section = f"[{name}]({path.name}#{anchor})"
        rows.append(f"| {item.name} | {item.what} | {int(path.name[:2])} | {section} | {again} |")
    return PAGE + "".join(f"{row}\n" for row in rows)


def file_name(number: int) -> str:
    """Of a notebook of the course."""
    return f"{number:02}-{COURSE[number].name.replace('_', '-')}.ipynb"


def readme_rows() -> list[str]:
    """The table of README.md: what each notebook answers."""
    return [
        f"| [{number} · {row.title}](notebooks/{file_name(number)}) | {row.question} | {row.minutes} min |"
        for number, row in enumerate(COURSE)
    ]


def page_rows() -> list[str]:
    """The table of the first page: what to read before each of the others."""

    def linked(numbers):
        return ", ".join(f"[{number}]({file_name(number)})" for number in numbers)

    rows = []
    for number, row in list(enumerate(COURSE))[1:]:
        before = (linked(row.needs) or "–") + (f"; a part: {linked(row.partly)}" if row.partly else "")
        rows.append(f"| [{number} · {row.title}]({file_name(number)}) | {row.minutes} min | {before} |")
    return rows


def with_rows(text: str, head: str, rows: list[str]) -> str:
    """A text in which the table with this head has these rows."""
    start = text.index(head) + len(head)
    end = re.compile(r"(\n\|.*)*").match(text, start).end()
    return text[:start] + "".join(f"\n{row}" for row in rows) + text[end:]


def begin(number: int, root: Path = HERE.parent) -> None:
    """Make the file of a notebook that the course has, with its opening, and its room; pictures and exercises wait."""
    row = COURSE[number]
    needs = ", ".join(map(str, (*row.needs, *row.partly)))
    words = row._asdict() | {"number": number, "needs": f"notebooks {needs}" if needs else "nothing yet"}
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell(OPENING.format(**words), id=f"{number:02}-opening"),
        nbformat.v4.new_code_cell(IMPORTS.format(**words), id=f"{number:02}-imports"),
    ]
    nbformat.write(notebook, root / "notebooks" / file_name(number))
    room = root / "emlib" / "lessons" / row.name
    room.mkdir(parents=True, exist_ok=True)
    (room / "__init__.py").write_text(ROOM.format(**words), encoding="utf-8", newline="\n")


def begin_what_is_new(root: Path = HERE.parent) -> None:
    """Begin every notebook of the course that has no file yet."""
    for number in range(len(COURSE)):
        if not (root / "notebooks" / file_name(number)).exists():
            begin(number, root)


def write(folder: Path = HERE, readme: Path = HERE.parent / "README.md") -> None:
    """Write the tables of the course, the last line of every numbered notebook and translation, and CHAPTER.md.

    Nothing is run.
    """
    text = readme.read_text(encoding="utf-8")
    write_whole(readme, with_rows(text, README_HEAD, readme_rows()))
    notebooks = sorted(folder.glob("[0-9][0-9]-*.ipynb"))  # those of a lecturer have no number
    lines = {path: last_line(path, notebooks) for path in notebooks}
    lines |= {path: translated_line(path, notebooks) for path in sorted(folder.glob("[a-z][a-z]/*.ipynb"))}
    for path, line in lines.items():
        notebook = nbformat.read(path, as_version=4)
        name = f"signpost-{path.name[:2]}"
        others = [cell for cell in notebook.cells if cell.id != name]
        for cell in others:
            if cell.id == "start-table":
                cell.source = with_rows(cell.source, PAGE_HEAD, page_rows())
        notebook.cells = [*others, nbformat.v4.new_markdown_cell(line, id=name)]
        text = nbformat.writes(notebook) + "\n"
        if text != path.read_text(encoding="utf-8"):
            write_whole(path, text)
    write_whole(folder / "CHAPTER.md", chapter_page(notebooks))


def write_whole(path: Path, text: str) -> None:
    """Write a file, or leave it as it was, as on a full disk."""
    part = path.with_suffix(".part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    begin_what_is_new()
    write()
