"""A notebook as a script that runs from a shell and says what the notebook shows."""

import ast
import io
import tokenize
from pathlib import Path

import nbformat
from nbconvert import PythonExporter

TELLING = ("print(", "check(", "hint(")  # say all they have to say
HEAD = '''"""{name}.ipynb as a script, for a Python that has emlib, such as that in .venv.

`sys.displayhook` prints what the notebook shows below a cell; of a picture or a widget, its words.
"""

import sys

# A process that the script starts imports this file, and must find nothing to do.
if __name__ == "__main__":
'''


def as_script(path: Path) -> str:
    """All cells in their order, under a guard; texts are comments."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = _shown(cell.source)
    body, _ = PythonExporter(exclude_input_prompt=True).from_notebook_node(notebook)
    body = body.partition("coding: utf-8\n")[2]
    if not ast.parse(body).body:
        body += "\npass\n"
    return HEAD.format(name=path.stem) + _indented(body)


def _shown(source):
    """A cell whose last line is shown, if it is a value."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:  # a magic of IPython, or a mistake of the reader's
        return "\n".join(["# This cell is no Python:", *(f"# {line}" for line in source.split("\n"))])
    last = lines[-1] if lines else None
    if not isinstance(last, ast.Expr) or ast.unparse(last).startswith(TELLING) or source.rstrip().endswith(";"):
        return source
    encoded = source.encode().split(b"\n")
    end, start = last.end_lineno - 1, last.lineno - 1
    encoded[end] = encoded[end][: last.end_col_offset] + b")" + encoded[end][last.end_col_offset :]
    encoded[start] = encoded[start][: last.col_offset] + b"sys.displayhook(" + encoded[start][last.col_offset :]
    return b"\n".join(encoded).decode()


def _indented(code):
    """Every line four places to the right, but those that are inside of a text in quotes."""
    inside, opened = set(), []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        name = tokenize.tok_name[token.type]
        if name == "STRING":
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        elif name in ("FSTRING_START", "TSTRING_START"):  # since Python 3.12
            opened.append(token.start[0])
        elif name in ("FSTRING_END", "TSTRING_END"):
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    lines = code.split("\n")
    return "\n".join(f"    {line}" if line.strip() and n not in inside else line for n, line in enumerate(lines, 1))
