"""Notebooks as pages and as slides, by nbconvert, with all that they need in the page."""

import ast
import base64
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter, SlidesExporter

HERE = Path(__file__).resolve().parent
SHIPPED, TEMPLATES = HERE / "shipped", HERE / "templates"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
HEADING = re.compile(r"(#+) +(.*)")
LINK = re.compile(r"\[([^\]]*)\]\(([^):]+)\.ipynb(#[^)]*)?\)")
PROMPTS = {"exclude_input_prompt": True, "exclude_output_prompt": True}
ROOM = 1000  # pixels; on a slide of 720 they are made smaller
# The number of an equation has room of its own.
TAGS = ".katex-display:has(.katex-tag) > .katex > .katex-html { padding-right: 3.2em; box-sizing: border-box; }"
# As MathJax reads notebooks; what stands in code is left alone.
FORMULAS = """document.addEventListener('DOMContentLoaded', () => renderMathInElement(document.body, {
  delimiters: [['$$', '$$', true], ['$', '$', false], ['\\\\[', '\\\\]', true], ['\\\\(', '\\\\)', false]].map(
    ([left, right, display]) => ({ left, right, display })),
  throwOnError: false,
}));"""


def read(path: Path, playing: bool = False) -> nbformat.NotebookNode:
    """A notebook to show: with its own outputs, or run, where it has none.

    If explorers are to be playing, a notebook that has one is run, too, and draws their runs.
    """
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if playing and any("Explorer(" in cell.source for cell in code):
        run(notebook, path.parent, HERE / "playing.py")
    elif not any(cell.execution_count for cell in code):
        run(notebook, path.parent)
    return notebook


def run(notebook, folder: Path, startup: Path | None = None, variables=()) -> None:
    """Run all cells, also those after one that fails, as a reader's may; first a file that prepares the kernel."""
    client = NotebookClient(notebook, timeout=300, allow_errors=True, store_widget_state=False, coalesce_streams=True)
    client.extra_arguments = [f"--IPKernelApp.exec_files={startup}"] if startup else []
    surroundings = os.environ | dict(variables)
    client.execute(cwd=folder, env=surroundings, stderr=subprocess.DEVNULL)  # of the kernel's process
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)  # a still is beside it
    notebook.metadata.pop("widgets", None)


def as_page(notebook, name: str) -> str:
    """A page of HTML; links lead to other pages beside it."""
    return _convert(HTMLExporter, "page", _linked(notebook, r"[\1](\2.html\3)"), name)


def to_print(notebook, name: str) -> str:
    """The same page for paper: nothing leads to other files, and what is folded away is open."""
    notebook = _linked(notebook, r"\1")
    for cell in notebook.cells:
        cell.source = cell.source.replace("<details>", "<details open>")
    return _convert(HTMLExporter, "page", notebook, name)


def as_slides(notebook, name: str) -> str:
    """A heading starts a slide; what follows an answer goes on below it; code and its answer come at a key press."""
    notebook = _linked(notebook, r"[\1](\2.html\3)")
    notebook.cells = _slides(notebook.cells)
    reveal, ours = SHIPPED / "reveal", TEMPLATES / "slides"
    head = _style(reveal / "reveal.css", ours / "slides.css")
    foot = _script(reveal / "reveal.js", ours / "slides.js")
    return _convert(SlidesExporter, "slides", notebook, name, slides_head=head, slides_foot=foot)


def _convert(exporter, template, notebook, name, **resources):
    made = exporter(template_name=template, extra_template_basedirs=[str(TEMPLATES)], **PROMPTS)
    resources |= {"maths": maths(), "metadata": {"name": name}}
    page, _ = made.from_notebook_node(notebook, resources)
    return page


def _linked(notebook, form):
    """A copy whose links to other notebooks have another form."""
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(form, cell.source)
    return notebook


def _slides(cells):
    """The cells with nbconvert's marks of slides; a cell with several headings is several cells."""
    parts = []
    for cell in cells:
        pieces = _at_headings(cell.source) if cell.cell_type == "markdown" else []
        parts += [nbformat.v4.new_markdown_cell(text, id=f"{cell.id}-{i}") for i, text in enumerate(pieces)] or [cell]
    made, title, code_on_slide, bare, used = [], "", False, False, 0  # bare: there is nothing but a heading
    for cell, following in zip(parts, [*parts[1:], None], strict=True):
        kind, high = "-", _height(cell)
        heading = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
        if _only_imports(cell) or cell.id.startswith("signpost"):
            kind, high = "skip", 0
        elif heading:
            kind = "slide" if len(heading[1]) <= 2 else "-" if bare else "subslide"
            title, code_on_slide = heading[2].replace("`", ""), False
        elif cell.cell_type == "code":
            kind, code_on_slide = "fragment" if made else "slide", True
        elif code_on_slide and following and following.cell_type == "code":  # a question
            kind, code_on_slide = "subslide", False
        elif code_on_slide:  # what is to be said of the answer
            kind = "fragment"
        if kind == "fragment" and used and used + high > ROOM:
            kind = "subslide"
        used = high if kind.endswith("slide") else used + high
        if kind != "skip":
            bare = bool(heading) and "\n" not in cell.source.strip()
        if kind == "subslide" and not heading:
            running = nbformat.v4.new_markdown_cell(f'<p class="running">{title}</p>', id=f"{cell.id}-running")
            running.metadata["slideshow"], kind = {"slide_type": kind}, "-"
            made.append(running)
        cell.metadata["slideshow"] = {"slide_type": kind}
        made.append(cell)
    return made


def _height(cell):
    """About how high a cell is on a slide, in pixels."""
    if cell.cell_type == "markdown":
        return sum(34 * (1 + len(line) // 95) for line in cell.source.splitlines())
    high = 30 + 25 * len(cell.source.splitlines())
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data:
            high += int.from_bytes(base64.b64decode(data["image/png"])[20:24]) / 2  # twice as sharp as it is large
        elif "text/html" in data:
            high += 40 * data["text/html"].count("<tr")
        else:
            high += 25 * len(output.get("text", data.get("text/plain", "")).splitlines())
    return high


def _at_headings(source):
    """A text in pieces, of which each but the first begins with a heading."""
    pieces, code = [[]], False
    for line in source.split("\n"):
        code ^= line.startswith("```")
        if not code and HEADING.match(line) and pieces[-1]:
            pieces.append([])
        pieces[-1].append(line)
    return ["\n".join(piece) for piece in pieces]


def _only_imports(cell):
    if cell.cell_type != "code":
        return False
    try:
        lines = ast.parse(cell.source).body
    except SyntaxError:  # of a reader's, or a magic of IPython
        return False
    return not cell.outputs and all(isinstance(line, ast.Import | ast.ImportFrom) for line in lines)


@cache
def maths():
    """What turns the formulas of a page into formulas, with their letters in it."""
    katex = SHIPPED / "katex"
    css = re.sub(r",url\([^)]*\.(woff|ttf)\) format\(\"[a-z]+\"\)", "", _text(katex / "katex.min.css"))
    css = re.sub(r"url\((fonts/[^)]*)\)", lambda found: f"url({_data(katex / found[1])})", css)
    return f"<style>{css}{TAGS}</style>{_script(katex / 'katex.min.js', katex / 'auto-render.min.js', FORMULAS)}"


def _data(font):
    return f"data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode()}"


def _text(path):
    return path.read_text(encoding="utf-8")


def _style(*paths):
    return f"<style>{''.join(map(_text, paths))}</style>"


def _script(*parts):
    """Files, or JavaScript itself."""
    return "".join(f"<script>{_text(part) if isinstance(part, Path) else part}</script>" for part in parts)
