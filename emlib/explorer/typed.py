"""What readers type: data, and the numbers of a start. Errors count from 1 and repeat what was typed."""

import re

from ..checks import brief

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
    what = f"whole numbers of heads from 0 to {tosses}, with spaces or commas between them"
    if words == [""]:
        raise ValueError(f"type {what}, or sequences as HHT; there are none")
    for place, word in enumerate(words, start=1):
        if not word.isdecimal():
            raise ValueError(f"type {what}; entry {place} is {quoted(word)}")
        if len(word.lstrip("0")) > 3 or int(word) > tosses:
            raise ValueError(f"type {what}; entry {place}, {quoted(word)}, exceeds the {tosses} tosses of a sequence")
    return [int(word) for word in words], tosses


def _counted(words, most):
    for place, word in enumerate(words, start=1):
        if not re.fullmatch("[HT]+", word):
            raise ValueError(f"type sequences of H and T; entry {place} is {quoted(word)}")
        if len(word) != len(words[0]):
            lengths = f"{len(word)} tosses; the first has {len(words[0])}"
            raise ValueError(f"type sequences of equal length; entry {place}, {quoted(word)}, has {lengths}")
    if len(words[0]) > most:
        raise ValueError(f"type sequences of up to {most} tosses; these have {len(words[0])}")
    return [word.count("H") for word in words], len(words[0])


def numbers(what: str, text: str, count: int) -> list[float]:
    """So many numbers from 0 to 1: 0.2 0.3 0.5, or with decimal commas 0,2 0,3 0,5."""
    wanted = f"type {count} {what} from 0 to 1, as in {' '.join(['0.2', '0.3', '0.5', '0.1', '0.4', '0.6'][:count])}"
    text = re.sub(AROUND, "", text)
    decimal = "." not in text and re.search(r"\d,\d", text) and not re.search(r"\d,\d+,", text)
    words = re.split(r"[\s;]+" if decimal else r"\s*[,;]\s*|\s+", text)
    if words == [""] or len(words) != count:
        raise ValueError(f"{wanted}; {f'{quoted(text)} has {len(words)}' if text else 'there are none'}")
    found = []
    for place, word in enumerate(words, start=1):
        number = re.fullmatch(r"(\d*[.,]?\d+|\d+[.,])(e-?\d+)?", word, re.IGNORECASE)
        found.append(float(word.replace(",", ".")) if number else 2)
        if found[-1] > 1:
            raise ValueError(f"{wanted}; entry {place} is {quoted(word)}")
    return found


def quoted(word: str) -> str:
    """A word as it was typed, if it is not too long to be read."""
    return repr(word if len(word) <= 30 else f"{word[:27]}...") if word else "empty"
