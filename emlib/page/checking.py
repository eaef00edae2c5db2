"""Exercises that check themselves: the right answer is computed, not stored, and common mistakes are known by name."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import astuple, dataclass, is_dataclass

import numpy as np

from ..words import mark, tr

EXERCISES: dict[str, "Exercise"] = {}  # all that were made, by name


@dataclass(frozen=True)
class Result:
    """What `check` found.

    Attributes
    ----------
    correct : bool or None
        None if there is no answer yet.
    mistake : str or None
        A short name: one of the exercise's mistakes, "form", "digits", "transposed", "error" (the reader's function
        stops), or None.
    says : str
    """

    correct: bool | None
    mistake: str | None
    says: str

    def _ipython_display_(self):
        """Nothing: `check` has printed it."""


class Exercise:
    """The means to judge an answer. The question stands in the notebook. See `exercise`."""

    def __init__(self, name, solution, hints, why, digits, any_order, choices, fits, cases, run):
        self.name, self.solution, self.why = name, solution, why
        self.hints = (hints,) if isinstance(hints, str) else tuple(hints)
        self.digits, self.any_order, self.choices = digits, any_order, choices
        self.fits, self.cases, self.run = fits, cases, run
        self.mistakes = {}
        self.asked = 0  # for a hint

    def __call__(self, *arguments):
        return self.solution(*arguments)

    def mistake(self, name: str, says: str, answer: Callable | None = None):
        """Name a mistake: what it makes of the answer is computed, and `says` is what the reader is told.

        Without `answer` this decorates the function that computes it. Of an exercise with cases it is a wrong function.
        """
        if answer is None:
            return lambda function: self.mistake(name, says, function)
        self.mistakes[name] = (answer, says)
        return answer

    def values(self, answer) -> list:
        """What a reader's function makes of every case."""
        return [self._value(answer, arguments) for arguments in self.cases.values()]

    def _value(self, answer, arguments):
        with np.errstate(all="ignore"):  # what comes of a division by 0 is told in words, or known as a mistake
            return self.run(answer, *deepcopy(arguments))

    def agrees(self, answer, right) -> bool:
        """Whether an answer is that one, to the digits asked for; `ValueError` if it cannot be read."""
        if isinstance(right, str):
            return self._chosen(answer) == self._chosen(right)
        right = np.asarray(right)
        given = numbers(answer, np.all(np.isfinite(right)) if right.dtype.kind == "f" else True)
        if len(given) != right.size:
            return False
        given, right = given.reshape(right.shape), right.astype(float) if right.dtype == object else right
        if self.any_order:
            given, right = _in_order(given), _in_order(right)
        with np.errstate(invalid="ignore"):
            close = np.abs(given - right) <= _slack(right, self.digits)
        alike = (given == right) | (np.isnan(given) & np.isnan(right.astype(float)))  # nan and infinity of a mistake
        return bool(np.all(close | alike))

    def judge(self, answer) -> Result:
        """Judge an answer; `...` stands for none."""
        if self.cases:
            return self._judge_function(answer)
        if answer is ...:
            return nothing()
        right = self.solution()
        try:
            if self._fits(answer, right) if self.fits else self.agrees(answer, right):
                return Result(True, None, tr(self.why))
            for name, (wrong, says) in self.mistakes.items():
                if self.agrees(answer, wrong()):
                    return Result(False, name, tr(says))
            return self._advice(answer, right)
        except ValueError as error:
            return Result(False, "form", str(error))

    def _fits(self, answer, right) -> bool:
        given = numbers(answer)
        return given.size == np.size(right) and bool(self.fits(given.reshape(np.shape(right))))

    def _chosen(self, answer) -> str:
        text = str(answer).strip().strip("\"'.").lower()
        if not self.choices:
            return "".join(sorted(filter(str.isalnum, text)) if self.any_order else text.split())
        for choice in self.choices:
            if text in (choice.lower(), tr(choice).lower()):
                return choice
        choices = ", ".join(repr(tr(choice)) for choice in self.choices)
        raise ValueError(tr("Give one of {choices}; this is {answer}.", choices=choices, answer=_brief(answer)))

    def _advice(self, answer, right) -> Result:
        """What can be said about any wrong answer."""
        if isinstance(right, str):
            return self._wrong()
        right, given = np.asarray(right), numbers(answer)
        if given.size != right.size:
            sentence = mark("The answer is {wanted} numbers, and this is {given}.") if right.ndim else ONE_NUMBER
            return Result(False, "form", tr(sentence, wanted=right.size, given=given.size))
        if right.ndim == 2 and self.agrees(given.reshape(right.shape[::-1]).T, right):
            says = tr("Rows and columns are exchanged: give {rows} rows.", rows=right.shape[0])
            return Result(False, "transposed", says)
        if self.digits is None and np.allclose(given, right.ravel(), rtol=1e-6, atol=1e-6):
            return Result(False, "digits", tr("Nearly. But here the exact number matters."))
        if right.dtype.kind == "f" and self.digits and not (self.fits or self.cases):  # a function does not round
            fewer = [[float(f"{x:.{digits - 1}e}") for x in right.ravel()] for digits in range(1, self.digits)]
            decimals = [right.ravel().round(digits) for digits in range(1, 6)]
            decimals = [shorter for shorter in decimals if np.all(shorter[right.ravel() != 0])]  # 0 is not 0.002
            if any(np.allclose(given, shorter, rtol=1e-12, atol=0) for shorter in [*fewer, *decimals]):
                says = tr("Right as far as it goes. Give {digits} significant digits.", digits=self.digits)
                return Result(False, "digits", says)
        return self._wrong()

    def _judge_function(self, answer) -> Result:
        if answer is ...:
            return nothing()
        if not callable(answer):
            says = tr("Hand in the function itself, without brackets; {kind}", kind=_kind(answer))
            return Result(False, "form", says)
        values = []
        for case, arguments in self.cases.items():
            try:
                values.append(self._value(answer, arguments))
            except Exception as error:  # anything that a reader may have written
                what = {"case": tr(case), "kind": type(error).__name__, "error": error}
                return Result(False, "error", tr("For {case} it stops. {kind}: {error}", **what))
        if all(value is None or value is ... for value in values):
            return nothing() if _empty(answer) else Result(False, "form", tr(NO_RETURN))
        rights = self.values(self.solution)
        if self._all_agree(values, rights):
            return Result(True, None, tr(self.why))
        for name, (wrong, says) in self.mistakes.items():
            if self._all_agree(values, self.values(wrong)):
                return Result(False, name, tr(says))
        for case, value, right in zip(self.cases, values, rights, strict=True):
            try:
                if not self.agrees(value, right):
                    advice = self._advice(value, right)
                    what = {"case": tr(case), "value": _brief(value), "advice": advice.says}
                    says = tr("For {case} it gives {value}. {advice}", **what)
                    return Result(False, advice.mistake, says.rstrip())
            except ValueError as error:
                return Result(False, "form", tr("For {case}: {error}", case=tr(case), error=error))
        raise AssertionError("some case is wrong")

    def _all_agree(self, values, others) -> bool:
        try:
            return all(self.agrees(value, other) for value, other in zip(values, others, strict=True))
        except ValueError:
            return False

    def _wrong(self) -> Result:
        says = tr('hint("{name}") shows a way, one step at a time.', name=self.name)
        return Result(False, None, says if self.hints else "")

    def hint(self) -> str:
        """The next hint; after the last one the worked answer, and then the first again."""
        number, self.asked = self.asked, (self.asked + 1) % (len(self.hints) + 1)
        if number < len(self.hints):
            place = {"number": number + 1, "last": len(self.hints), "name": self.name}
            return tr("Hint {number} of {last} for exercise {name}: {hint}", **place, hint=tr(self.hints[number]))
        return f"{tr('A worked answer to exercise {name}:', name=self.name)}\n\n{worked(self.solution)}"


NO_RETURN = mark("It gives nothing back: is its return missing, or never reached?")
NO_NUMBER = mark("{number} is no number to count with.")
ONE_NUMBER = mark("The answer is one number, and this is {given}.")


def nothing() -> Result:
    """There is no answer yet."""
    return Result(None, None, tr("replace the dots by your answer, then run the cell again."))


def exercise(
    name: str,
    solution: Callable | None = None,
    *,
    hints: str | Sequence[str] = (),
    why: str = "",
    digits: int | None = 3,
    any_order: bool = False,
    choices: Sequence[str] = (),
    fits: Callable[[np.ndarray], bool] | None = None,
    cases: Mapping[str, tuple] | None = None,
    run: Callable = lambda answer, *arguments: answer(*arguments),
):
    """Make an exercise, which `check` then knows; without `solution` this decorates it.

    Parameters
    ----------
    name : str
        For `check`. An exercise of the same name is replaced.
    solution : callable, optional
        Takes no argument and computes the answer: a number, an array, `Coins`, or a string. With `cases` it is itself
        the function that the reader is to write. Its source is the last hint.
    hints : sequence of str
        Direction first.
    why : str
        Shown after a right answer.
    digits : int or None
        Significant digits that are asked for. None: the answer is exact, as whole numbers always are.
    any_order : bool
        The numbers may stand in any order, or the letters of a string; of an array with two dimensions, the columns.
    choices : sequence of str
        What a string may be.
    fits : callable, optional
        Where many answers are right: whether these numbers are. `solution` then computes an example.
    cases : dict of str to tuple, optional
        The answer is a function, tried with these arguments; the keys say what is special, as in "a coin of weight 0".
    run : callable
        What is done with such an answer and the arguments of a case, if not to call it with them.

    Examples
    --------
    >>> exercise("my.1", lambda: 0.3 * 0.7, hints="Both tosses are independent.", why="One factor for each toss.")
    """

    def made(solution):
        EXERCISES[name] = Exercise(name, solution, hints, why, digits, any_order, choices, fits, cases, run)
        return EXERCISES[name]

    return made if solution is None else made(solution)


def numbers(answer, finite: bool = True) -> np.ndarray:
    """All numbers of an answer in one row: of a list, an array, `Coins`, or text such as "0,4" or "7/13".

    Raises
    ------
    ValueError
        If there is anything else in it, or a number that is not finite, unless these may be there.
    """
    found = np.array(list(_entries(answer)))
    if finite and not np.all(np.isfinite(found)):
        raise ValueError(tr(NO_NUMBER, number=found[~np.isfinite(found)][0]))
    return found


def _entries(answer):
    if is_dataclass(answer) and not isinstance(answer, type):
        answer = astuple(answer)
    if isinstance(answer, str):
        yield _typed(answer)
    elif isinstance(answer, (list, tuple)) or getattr(answer, "shape", None):
        for part in answer:
            yield from _entries(part)
    else:
        try:
            yield float(None if isinstance(answer, (bool, np.bool_)) else answer)
        except OverflowError:
            raise ValueError(tr(NO_NUMBER, number=_brief(answer))) from None
        except (TypeError, ValueError):
            raise ValueError(tr("Give a number, or a list of numbers; {kind}", kind=_kind(answer))) from None


def _typed(text: str) -> float:
    above, slash, below = text.strip().replace(",", ".").replace(" ", "").partition("/")
    try:
        return float(above) / float(below if slash else 1)
    except (ValueError, ZeroDivisionError):
        sentence = mark("Give a number, or a list of numbers, without quotes; this is {text!r}.")
        raise ValueError(tr(sentence, text=text)) from None


def _empty(answer) -> bool:
    """Whether a function does nothing, as far as can be seen."""
    code = getattr(answer, "__code__", None)
    return code is None or len(code.co_code) <= len((lambda: None).__code__.co_code)


def _kind(answer) -> str:
    if answer is None:
        return tr("this is None: does a function forget its return?")
    if callable(answer):
        return tr("this is a function: call it.")
    return tr("this is {answer}, a {kind}.", answer=_brief(answer), kind=type(answer).__name__)


def _brief(value) -> str:
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def _in_order(array) -> np.ndarray:
    return np.sort(array, axis=None) if array.ndim < 2 else array[:, np.lexsort(array[::-1])]


def _slack(right, digits) -> np.ndarray:
    """Half a unit of the last digit asked for; of an exact 0 among others, of the largest."""
    if digits is None or right.dtype.kind in "iu":
        return np.zeros(right.shape)
    size = np.nan_to_num(np.abs(right, dtype=float))
    size = np.where(size > 0, size, size.max(initial=0) or 1)
    power = np.floor(np.log10(size))
    power -= 10**power > size  # the logarithm of 999.9999999999999 is 3
    return 0.5 * 10 ** (power + 1 - digits) * (1 + 1e-9)


def worked(solution: Callable) -> str:
    """The source of a solution, as a reader would write it."""
    try:
        source = textwrap.dedent(inspect.getsource(solution))
        tree = ast.parse(source)
    except (OSError, SyntaxError):  # typed at a prompt, or a part of a longer line
        return tr("(its source is not at hand)")
    made = tree.body[0]
    if not isinstance(made, (ast.FunctionDef, ast.ClassDef)):
        found = next(node for node in ast.walk(tree) if isinstance(node, ast.Lambda))
        return f"answer = {ast.get_source_segment(source, found if found.args.args else found.body)}"
    lines = source.splitlines()
    if isinstance(made, ast.ClassDef) or made.args.args:
        return "\n".join(lines[made.lineno - 1 :])
    body = made.body[1:] if ast.get_docstring(made) else made.body
    text = textwrap.dedent("\n".join(lines[body[0].lineno - 1 :]))
    head, _, tail = f"\n{text}".rpartition("\nreturn ")
    return f"{head}\nanswer = {tail}".strip()
