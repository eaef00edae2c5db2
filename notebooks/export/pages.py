"""Notebooks as pages and as slides, by nbconvert, with all that they need in the page."""

import base64
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import nbformat
import slides
from nbclient import NotebookClient
from nbconvert import HTMLExporter, SlidesExporter

HERE = Path(__file__).resolve().parent
SHIPPED, TEMPLATES = HERE / "shipped", HERE / "templates"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
LINK = re.compile(r"\[([^\]]*)\]\(([^):]+)\.ipynb(#[^)]*)?\)")
PROMPTS = {"exclude_input_prompt": True, "exclude_output_prompt": True}
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
    notebook.cells = slides.marked(notebook.cells)
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
