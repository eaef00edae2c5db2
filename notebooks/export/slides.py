"""Which cells of a notebook make a slide."""

import ast
import base64
import re

import nbformat

HEADING = re.compile(r"(#+) +(.*)")
ROOM = 1000  # pixels; on a slide of 720 they are made smaller


def marked(cells) -> list:
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
