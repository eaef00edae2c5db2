"""What is not translated: sentences of emlib that a language lacks, and cells of notebooks that it lacks or has of old.

`python3 notebooks/translations.py` says it of all languages; `--all` names each sentence. A translated notebook lies
in a folder named as its language, under the name of the English one, with the same cells. Each cell remembers of
which English text it is the translation; `--done notebooks/de/NAME.ipynb`, with ids of cells or without, writes down
that they are those of the present English.
"""

import ast
import hashlib
import re
import sys
from functools import cache
from pathlib import Path
from string import Formatter

import nbformat
from signposts import write_whole

from emlib import words
from emlib.lessons import LESSONS, exercises
from emlib.page.live_view import SENTENCES

HERE = Path(__file__).parent
PACKAGE = Path(words.__file__).parent.parent
EDITION = "translates"  # in the metadata of a translated cell: the digest of the English one
CHOICE = "choose-language"  # the id of the one cell that a translated notebook has more
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@cache
def sentences() -> dict[str, str]:
    """Every English sentence that can be translated, and the first file, below emlib, that uses it."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        code = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(code)) if "words import" in code else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "mark") and node.args:
                if isinstance(node.args[0], ast.Constant):
                    sentence = " | ".join(argument.value for argument in node.args)
                    found.setdefault(sentence, path.relative_to(PACKAGE).as_posix())
    found |= {sentence: "page/live_view.js" for sentence in SENTENCES if sentence not in found}
    for lesson in LESSONS:
        for sentence in sentences_of_exercises(lesson):
            found.setdefault(sentence, f"lessons/{lesson}/exercises.py")
    return found


def sentences_of_exercises(lesson: str):
    for made in exercises(lesson).values():
        yield from (*made.hints, made.why, *made.choices, *(made.cases or ()))
        yield from (says for _, says in made.mistakes.values())


def fields(sentence: str) -> list[tuple]:
    """The fields of a sentence and how their numbers are written; in what is never filled in, braces are no fields."""
    return sorted((name, form, as_) for _, name, form, as_ in Formatter().parse(sentence) if name is not None)


def untranslated(language: str) -> dict[str, str]:
    """Sentences that a language lacks, each with its file."""
    known = words.sentences_of(language)
    return {sentence: path for sentence, path in sentences().items() if sentence and sentence not in known}


def not_prepared() -> list[str]:
    """Files of emlib that show words and take them from nowhere."""
    shows = re.compile(r"(Picture\(|description=|label=|button\(|hint=|\"hint\":|yield \()")
    rooms = ("page", "by_hand", "explorer", "landscape", "lessons")
    paths = sorted(path for room in rooms for path in (PACKAGE / room).rglob("*.py") if path.name != "exercises.py")
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return [
        path.relative_to(PACKAGE).as_posix()
        for path, text in texts.items()
        if shows.search(text) and not re.search(r"^from \.+words import", text, re.MULTILINE)
    ]


# Notebooks.


def translated() -> list[Path]:
    return sorted(path for language in words.LANGUAGES for path in (HERE / language).glob("*.ipynb"))


def original(path: Path) -> Path:
    """The English notebook of a translated one."""
    return path.parent.parent / path.name


def digest(cell) -> str:
    """A name for what is written in a cell."""
    return hashlib.sha256(cell.source.encode()).hexdigest()[:16]


def pairs(path: Path) -> list[tuple]:
    """The cells of a notebook, each as English and translated; None where there is none."""
    english, other = ({cell.id: cell for cell in nbformat.read(p, as_version=4).cells} for p in (original(path), path))
    other.pop(CHOICE, None)
    return [(english.get(name), other.get(name)) for name in dict.fromkeys([*english, *other])]


def changed(path: Path) -> list[str]:
    """What is to be done in a translated notebook, a line for each cell."""
    lines = []
    for english, other in pairs(path):
        name = (english or other).id
        if english is None or other is None:
            lines.append(f"{name}: {'is in English no more' if english is None else 'is missing'}")
        elif not name.startswith("signpost") and other.metadata.get(EDITION) != digest(english):
            lines.append(f"{name}: the English has changed since")
    return lines


def computation(code: str) -> tuple:
    """What a cell of code computes: its syntax without comments, and of its strings nothing but the numbers."""
    tree = ast.parse(code)
    strings = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.append(tuple(sorted(NUMBER.findall(node.value))))
            node.value = ""
    return ast.dump(tree), strings


def done(path: Path, names: list[str]) -> None:
    """Write into the cells of a translated notebook that they are those of the present English."""
    notebook = nbformat.read(path, as_version=4)
    now = {cell.id: digest(cell) for cell in nbformat.read(original(path), as_version=4).cells}
    unknown = [name for name in names if name not in now]
    if unknown:
        sys.exit(f"{original(path).name} has no cell {', '.join(unknown)}.")
    for cell in notebook.cells:
        if cell.id in (names or now) and not cell.id.startswith("signpost"):
            cell.metadata[EDITION] = now[cell.id]
    write_whole(path, nbformat.writes(notebook) + "\n")


def report(every: bool) -> None:
    for language in words.LANGUAGES:
        if language == "en":
            continue
        known, missing, used = words.sentences_of(language), untranslated(language), sentences()
        print(f"{language}: {len(known)} sentences, {len(missing)} are missing:")
        files = list(missing.values())
        for path in dict.fromkeys(files):
            print(f"  {path}: {files.count(path)}")
            for sentence in (s for s, p in missing.items() if every and p == path):
                print(f"    {sentence!r}")
        for sentence in known.keys() - used.keys():
            print(f"  no longer used: {sentence!r}")
        here = [path for path in translated() if path.parent.name == language]
        print(f"{language}: {len(here)} of {len(LESSONS)} notebooks")
        for path in here:
            print("".join(f"  {path.name}, {line}\n" for line in changed(path)), end="")
    print("words that are in no language but English yet:", *not_prepared(), sep="\n  ")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--done"]:
        done(Path(sys.argv[2]), sys.argv[3:])
    else:
        report("--all" in sys.argv)
