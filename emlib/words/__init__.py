"""What a reader reads, in the reader's language.

An English sentence stands where it is used, as `tr("Play")`, or with named fields, as in
`tr("bias {old:.3f} to {new:.3f}", old=0.4, new=0.35)`. One that waits in a table is marked there, `mark("Play")`, and
said by `tr` when it is shown. For each other language a file of JSON, such as `de.json`, has the same sentences with
the same fields; what it lacks stays English. `python3 notebooks/translations.py` lists what that is.

This is the lowest room, so that all others can use it. It needs nothing but Python.
"""

import json
import math
import os
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = ("en", *sorted(path.stem for path in FOLDER.glob("*.json")))
VARIABLE = "EMLIB_LANGUAGE"

_chosen, _sentences = "en", {}


def language(name: str) -> None:
    """Choose the language of all that is made from now on: pictures, widgets, exercises and what they answer.

    Parameters
    ----------
    name : str
        "en", as at the beginning unless the environment variable EMLIB_LANGUAGE says another, or "de".
    """
    _choose("name", name)


def chosen() -> str:
    """The language that was chosen last."""
    return _chosen


def _choose(argument, name):
    global _chosen, _sentences
    if name not in LANGUAGES:
        raise ValueError(f"{argument} must be one of {', '.join(map(repr, LANGUAGES))}; it is {name!r}")
    _sentences = sentences_of(name) if name != "en" else {}
    _chosen = name


def sentences_of(name: str) -> dict[str, str]:
    """All that a language has: English sentence to its translation."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def tr(sentence: str, context: str = "", /, **fields) -> str:
    """A sentence in the chosen language, with its fields filled in.

    Where the same English is needed in two ways, a context tells them apart: `tr("coins", "lanes")` is "coins | lanes"
    in the file of a language.
    """
    said = _sentences.get(f"{sentence} | {context}" if context else sentence, sentence)
    return said.format(**fields) if fields else said


def nats(value: float, digits: int = 4) -> str:
    """A logarithm as text: a zero has no sign, and infinity is one character."""
    if math.isinf(value):
        return "\N{INFINITY}" if value > 0 else "\N{MINUS SIGN}\N{INFINITY}"
    return f"{value:z.{digits}f}"


def mark(sentence: str) -> str:
    """The same sentence: it waits in a table, and `tr` will say it."""
    return sentence


_choose(VARIABLE, os.environ.get(VARIABLE, "en"))
