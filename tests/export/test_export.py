"""What leaves the notebooks: scripts that run, pages and slides that need no network, sheets of paper."""

import base64
import errno
import os
import re
import shutil
import subprocess
import sys
from decimal import ROUND_HALF_EVEN, Decimal
from html.parser import HTMLParser
from pathlib import Path

import chromium
import export
import handout
import nbformat
import pages
import pytest
import script
import slides
from nbconvert import HTMLExporter, SlidesExporter

from emlib import chapter

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BY_NAME = {path.name[:2]: path for path in NOTEBOOKS}


class References(HTMLParser):
    """All that a page fetches, and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.fetched, self.links, self._in_style = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        elif tag not in ("svg", "math"):
            self.fetched += [attributes[name] for name in ("src", "href", "data", "poster") if attributes.get(name)]
        self._find_urls(attributes.get("style") or "")
        self._in_style = tag == "style"
        if "srcdoc" in attributes:
            self.fetched += References(attributes["srcdoc"]).fetched

    def handle_data(self, text):
        if self._in_style:
            self._find_urls(text)
        self.fetched += re.findall(r"""import [^;'"]*['"]([^'"]+)['"]""", text) if "mermaid" in text else []

    def _find_urls(self, css):
        self.fetched += [url.strip("'\" ") for url in re.findall(r"url\(([^)]*)\)", css)]
        self.fetched += re.findall(r"@import +['\"]([^'\"]+)", css)

    def from_elsewhere(self):
        return [url[:80] for url in self.fetched if not url.startswith(("data:", "#"))]


def outputs(notebook):
    """The lines that a notebook shows below its cells."""
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    texts = [output.get("text") or output.data["text/plain"] for output in shown]
    return [line for text in texts for line in text.splitlines()]


def run_script(path, text, folder):
    """The lines that a script prints."""
    (file := folder / f"{path.stem}.py").write_text(text, encoding="utf-8")
    known = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80"}
    done = subprocess.run([sys.executable, file], cwd=folder, env=known, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def chosen(path, *parts):
    """A part of a notebook: what is imported, and the cells of these numbers."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id in parts]
    assert len(notebook.cells) == len(parts)
    return notebook


# Scripts


ODD = '''
text = """in quotes
  nothing moves
"""
nested = f"""{len(text)
} of f
"""
[text,
 nested]  # shown
'''


def test_a_script_prints_what_the_notebook_shows(tmp_path):
    parts = [f"how-many-coins-{number:02}" for number in (1, 51, 53, 54, 58)]
    notebook = chosen(BY_NAME["10"], *parts)
    odd = nbformat.v4.new_code_cell(ODD.strip(), outputs=[], id="odd")
    quiet = [nbformat.v4.new_code_cell(source) for source in ("2 + 2;", "None", "", "# nothing", "w = Explorer(); w")]
    seen = nbformat.v4.new_code_cell(
        'from emlib.lessons import check\nfrom emlib.widgets import Explorer\ncheck("10.1", 7)'
    )
    notebook.cells += [odd, seen, *quiet, nbformat.v4.new_markdown_cell('"""\n$x$ é')]
    path = tmp_path / "ten.ipynb"
    nbformat.write(notebook, path)
    printed = run_script(path, script.as_script(path), tmp_path)
    assert printed[: len(outputs(notebook))] == outputs(notebook)
    odd_said, verdict, widget = printed[len(outputs(notebook)) :]
    assert odd_said == repr(["in quotes\n  nothing moves\n", "26 of f\n"])
    assert verdict.startswith("Exercise 10.1:") and widget.startswith("Start: biases 0.400")


def test_what_is_no_python_is_a_comment(tmp_path):
    make = nbformat.v4.new_code_cell
    for cells in ([], [make("%timeit 1"), make("!ls\n(")], [make("%time 1"), make("6 * 7"), make("for")]):
        path = tmp_path / "odd.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Odd"), *cells]), path)
        assert run_script(path, script.as_script(path), tmp_path) == ["42"] * (len(cells) == 3)


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_script_prints_what_its_notebook_shows(path, tmp_path):
    printed = run_script(path, script.as_script(path), tmp_path)
    assert printed == outputs(nbformat.read(path, as_version=4))


# Pages


def test_what_a_page_fetches_is_found():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("$x$")])
    for exporter, name in ((HTMLExporter, "mathjax"), (SlidesExporter, "reveal.js")):
        page, _ = exporter().from_notebook_node(notebook)
        assert any(name in url for url in References(page).from_elsewhere()), "as nbconvert makes it"
    page = '<style>@import "a.css"; b { background: url(c.png) }</style><iframe srcdoc="&lt;img src=d&gt;"></iframe>'
    assert set(References(page).from_elsewhere()) == {"a.css", "c.png", "d"}


@pytest.mark.parametrize("name", ["03", pytest.param("04", marks=pytest.mark.long)])
def test_a_page_fetches_nothing_and_its_links_lead_to_pages(name):
    notebook = nbformat.read(BY_NAME[name], as_version=4)
    page = pages.as_page(notebook, BY_NAME[name].stem)
    found = References(page)
    assert found.from_elsewhere() == []
    names = {f"{path.stem}.html" for path in NOTEBOOKS}
    ours = [link.partition("#")[0] for link in found.links if not link.startswith(("#", "http"))]
    assert len(ours) >= 3 and set(ours) <= names
    assert len(re.findall("<img[^>]*data:image/png", page)) == str(notebook).count("'image/png': '") > 0
    printed = pages.to_print(notebook, "x")
    assert not [link for link in References(printed).links if not link.startswith(("#", "http"))]
    assert "<details>" not in printed and printed.count("<details open") == page.count("<details>")


def test_all_letters_of_formulas_are_in_the_page():
    assert References(pages.maths()).from_elsewhere() == []
    fonts = re.findall(r"url\(data:font/woff2;base64,([^)]*)\)", pages.maths())
    shipped = {path.read_bytes() for path in (pages.SHIPPED / "katex" / "fonts").iterdir()}
    assert len(shipped) == 20 and {base64.b64decode(font) for font in fonts} == shipped
    for folder in ("katex", "reveal"):
        assert "MIT" in (pages.SHIPPED / folder / "LICENSE").read_text(encoding="utf-8")


def test_a_heading_starts_a_slide_and_answers_come_at_a_key():
    cells = [
        ("markdown", "# One\n\nHello\n\n## Two"),
        ("markdown", "### Three\n\nWhy?"),
        ("code", "import emlib"),
        ("code", "because"),
        ("markdown", "That is why. And what else?"),
        ("code", "this"),
        ("markdown", "Good."),
        ("markdown", "### Four\n```\n# a comment\n```"),
        ("markdown", "[← 3](x.ipynb)"),
    ]
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])
    notebook.cells[-1].id = "signpost-04"
    made = slides.marked(notebook.cells)
    kinds = [cell.metadata.slideshow.slide_type for cell in made]
    hello, two, *rest = kinds
    assert (hello, two) == ("slide", "slide")
    assert rest == ["-", "skip", "fragment", "subslide", "-", "fragment", "fragment", "subslide", "skip"]
    assert [cell.source for cell in made if "running" in cell.source] == ['<p class="running">Three</p>']
    notebook.cells[3].source = "because\n" * 20
    notebook.cells.insert(4, make["code"]("because\n" * 20))
    kinds = [cell.metadata.slideshow.slide_type for cell in slides.marked(notebook.cells)]
    assert kinds[4:7] == ["fragment", "subslide", "-"], "much code goes on on a slide of its own"


def test_slides_fetch_nothing():
    notebook = nbformat.read(BY_NAME["04"], as_version=4)
    page = pages.as_slides(notebook, "4")
    assert References(page).from_elsewhere() == []
    headings = sum(
        len(re.findall("^##? ", cell.source, re.M)) for cell in notebook.cells if cell.cell_type == "markdown"
    )
    slides = page.partition('<div class="slides">')[2]
    assert len(re.findall(r"<section[^>]*>\s*<section", slides)) == headings == 10
    assert slides.count("<section") == slides.count("</section>") and "emlib-plays" not in slides
    assert "gradient_function" in slides and "← 3" not in slides


# Paper


def tables(page):
    """The numbers of each table, row by row; None for an empty box."""
    found = []
    for table in re.findall(r'<table class="numbers">(.*?)</table>', page, re.DOTALL):
        rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall("<tr.*?</tr>", table, re.DOTALL)]
        found.append([[Decimal(cell) if cell else None for cell in row] for row in rows if row])
    return found


def printed(label):
    """The numbers that the chapter prints, to four decimals."""
    rows = chapter.printed[label]
    rows = [rows] if isinstance(rows[0], str) else rows
    return [[Decimal(text).quantize(Decimal("0.0001"), ROUND_HALF_EVEN) for text in row] for row in rows]


def test_the_key_has_the_numbers_that_the_chapter_prints():
    first, second, third, fourth = tables(handout.key())
    assert first == printed("Table 6.1") and second[:-1] == printed("Table 6.2") and second[-1:] == printed("(6.10)")
    assert third == printed("Table 6.3")
    assert fourth == printed("(6.14)") + printed("Table 6.4")
    for label in ("(6.7)", "(6.8)"):
        for number in printed(label)[0]:
            assert str(number) in handout.key()


def test_half_of_the_handout_is_empty_and_the_key_shows_which():
    empty, key = tables(handout.handout()), handout.key()
    full = tables(key)
    boxes = [
        pair for one, other in zip(empty, full, strict=True) for pair in zip(sum(one, []), sum(other, []), strict=True)
    ]
    hidden = [answer for box, answer in boxes if box is None]
    assert all(box in (None, answer) for box, answer in boxes) and 0.4 < len(hidden) / len(boxes) < 0.6
    assert [Decimal(number) for number in re.findall('class="found">(.*?)<', key)] == hidden
    for table in empty:
        assert all({None} < set(row) for row in table), "each row has something to find and something to go by"


def test_the_form_has_a_row_for_each_student():
    page = handout.form()
    rows, tally = re.findall("<table.*?</table>", page, re.DOTALL)
    numbers = re.findall(r"<tr><th>(\d+)</th>(.*?)</tr>", rows)
    assert [int(number) for number, _ in numbers] == list(range(1, 31))
    assert {boxes.count("<td") for _, boxes in numbers} == {chapter.tosses + 2}, "tosses, heads and the secret"
    assert re.findall(r"<th>(\d+)</th>", tally) == [str(heads) for heads in range(chapter.tosses + 1)]


# The command


def test_a_browser_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "PLACES", {sys.platform: [str(tmp_path / "Chrome")]})
    assert chromium.find() is None
    (tmp_path / "Chrome").touch()
    assert chromium.find() == str(tmp_path / "Chrome")
    program = tmp_path / ("chromium.exe" if sys.platform == "win32" else "chromium")
    program.touch()
    program.chmod(0o755)
    assert chromium.find() == str(program)
    monkeypatch.setenv("CHROMIUM", "/my/own")
    assert chromium.find() == "/my/own"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "python3 run.py export html"),
        (["docx"], "python3 run.py export html"),
        (["html", "nowhere.ipynb"], "There is no notebook .*nowhere.ipynb"),
        (["script", __file__], "There is no notebook .*test_export.py"),
        (["form", "04.ipynb"], "form is made of the chapter; leave out 04.ipynb"),
        (["pdf"], "pdf is printed by a browser, and there is no Chromium: install it"),
        (["handout"], "handout is printed by a browser, and there is no Chromium: install it"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words, says, monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: None)
    with pytest.raises(SystemExit, match=says):
        export.main(words)


def test_exports_go_to_a_folder_that_git_ignores_and_progress_is_shown(tmp_path, monkeypatch, capsys):
    assert "/exported/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert export.EXPORTED == ROOT / "exported"
    monkeypatch.setattr(export, "EXPORTED", tmp_path)
    export.main(["script", str(BY_NAME["00"]), str(BY_NAME["01"])])
    written = [tmp_path / "script" / f"{BY_NAME[name].stem}.py" for name in ("00", "01")]
    assert sorted((tmp_path / "script").iterdir()) == written
    start, first, second = capsys.readouterr().out.splitlines()
    assert start == f"[{' ' * 20}] script: 2 to write"
    assert first.startswith(f"[{'#' * 10}{' ' * 10}] {written[0]}") and second.startswith(f"[{'#' * 20}] {written[1]}")


def test_a_full_disk_leaves_what_was_exported_before(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "EXPORTED", tmp_path)
    export.main(["script", str(BY_NAME["00"])])
    (written,) = (tmp_path / "script").iterdir()
    before, write_text = written.read_bytes(), Path.write_text

    def no_room(path, text, encoding, **options):
        write_text(path, text[:100], encoding=encoding, **options)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", no_room)
    with pytest.raises(SystemExit, match=r"could not be written: .*space.*\n.*Make room"):
        export.main(["script", str(BY_NAME["00"])])
    assert written.read_bytes() == before and list((tmp_path / "script").iterdir()) == [written]


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="there files have no limit")
def test_a_picture_that_finds_no_room_is_not_passed_over(tmp_path):
    code = "import export, pathlib, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000));"
    code += "export.EXPORTED = pathlib.Path(sys.argv[1]); export.main(['figures', sys.argv[2]])"
    command = [sys.executable, "-c", code, tmp_path, BY_NAME["00"]]
    done = subprocess.run(command, cwd=Path(export.__file__).parent, capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and "Make room" in done.stderr and "#" not in done.stdout
    assert list((tmp_path / "figures").iterdir()) == []


def test_a_program_that_prints_nothing_is_named(tmp_path):
    (tmp_path / "page.html").touch()
    with pytest.raises(RuntimeError, match="printed nothing"):
        chromium.print_page(shutil.which("true") or sys.executable, tmp_path / "page.html", tmp_path / "page.pdf")
