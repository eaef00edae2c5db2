"""What readers type: data, and the numbers of a start. Errors count from 1 and repeat what was typed."""

import re

from ..checks import brief, short
from ..words import mark, tr

UNEQUAL = mark("type sequences of equal length; entry {place}, {word}, has {tosses} tosses; the first has {first}")
WANTED = {
    "weights": mark("type {count} weights from 0 to 1, as in {example}"),
    "biases": mark("type {count} biases from 0 to 1, as in {example}"),
}
AROUND = r"^[\s,;\[\]()]+|[\s,;\[\]()]+$"


def sequences(text: str, tosses: int, most: int) -> tuple[list[int], int]:
    """Heads in each sequence, and how many tosses they have.

    Parameters
    ----------
    text : str
        Numbers of heads with spaces, commas or semicolons between them, or sequences as H and T.
    tosses : int
        Of every sequence, where numbers are typed.
    most : int
        The most tosses that a sequence may have.
    """
    if not isinstance(text, str):
        raise ValueError(f"text must be a string, as in '6 5 4'; it is {brief(text)}")
    words = re.split(r"\s*[,;]\s*|\s+", re.sub(AROUND, "", text))
    if any(re.fullmatch("[HhTt]+", word) for word in words):
        return _counted([word.upper() for word in words], most)
    what = tr("type whole numbers of heads from 0 to {tosses}, with spaces or commas between them", tosses=tosses)
    if words == [""]:
        raise ValueError(tr("{what}, or sequences as HHT; there are none", what=what))
    for place, word in enumerate(words, start=1):
        entry = {"what": what, "place": place, "word": quoted(word)}
        if not word.isdecimal():
            raise ValueError(tr("{what}; entry {place} is {word}", **entry))
        if len(word.lstrip("0")) > 3 or int(word) > tosses:
            sentence = mark("{what}; entry {place}, {word}, exceeds the {tosses} tosses of a sequence")
            raise ValueError(tr(sentence, **entry, tosses=tosses))
    return [int(word) for word in words], tosses


def _counted(words, most):
    for place, word in enumerate(words, start=1):
        entry = {"place": place, "word": quoted(word)}
        if not re.fullmatch("[HT]+", word):
            raise ValueError(tr("type sequences of H and T; entry {place} is {word}", **entry))
        if len(word) != len(words[0]):
            lengths = {"tosses": len(word), "first": len(words[0])}
            raise ValueError(tr(UNEQUAL, **entry, **lengths))
    if len(words[0]) > most:
        sentence = mark("type sequences of up to {most} tosses; these have {tosses}")
        raise ValueError(tr(sentence, most=most, tosses=len(words[0])))
    return [word.count("H") for word in words], len(words[0])


def weights(text: str, count: int) -> list[float]:
    """So many `numbers` that sum to 1, as far as rounded ones do."""
    found = numbers("weights", text, count)
    if abs(sum(found) - 1) > 1e-6:
        sentence = mark("weights must sum to 1; {numbers} sums to {total:.7g}")
        raise ValueError(tr(sentence, numbers=short(found), total=sum(found)))
    return found


def numbers(what: str, text: str, count: int) -> list[float]:
    """So many numbers from 0 to 1: 0.2 0.3 0.5, or with decimal commas 0,2 0,3 0,5."""
    wanted = tr(WANTED[what], count=count, example=" ".join(["0.2", "0.3", "0.5", "0.1", "0.4", "0.6"][:count]))
    text = re.sub(AROUND, "", text)
    decimal = "." not in text and re.search(r"\d,\d", text) and not re.search(r"\d,\d+,", text)
    words = re.split(r"[\s;]+" if decimal else r"\s*[,;]\s*|\s+", text)
    if words == [""] or len(words) != count:
        sentence = mark("{wanted}; {text} has {number}") if text else mark("{wanted}; there are none")
        raise ValueError(tr(sentence, wanted=wanted, text=quoted(text), number=len(words)))
    found = []
    for place, word in enumerate(words, start=1):
        number = re.fullmatch(r"(\d*[.,]?\d+|\d+[.,])(e-?\d+)?", word, re.IGNORECASE)
        found.append(float(word.replace(",", ".")) if number else 2)
        if found[-1] > 1:
            raise ValueError(tr("{what}; entry {place} is {word}", what=wanted, place=place, word=quoted(word)))
    return found


def quoted(word: str) -> str:
    """A word as it was typed, if it is not too long to be read."""
    return repr(word if len(word) <= 30 else f"{word[:27]}...") if word else tr("empty")
