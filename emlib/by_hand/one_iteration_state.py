"""A sheet of one iteration whose numbers are hidden until the reader guesses them or has them shown."""

import re
from math import floor, isfinite, log10
from typing import NamedTuple

import numpy as np

from ..checks import brief
from ..words import mark, tr
from .one_iteration_sheet import STAGES, Cell, Sheet

DIGITS = r"(?:\d+\.?\d*|\.\d+)"


class Verdict(NamedTuple):
    """What is said of a guess: whether it is right, and the words."""

    right: bool
    words: str


class OneIterationState(Sheet):
    """The sheet, and the order in which its numbers come to light.

    A frame is a moment of that order: frame f shows its first f + 1 entries.

    Attributes
    ----------
    order : list of Cell
    guessed : set of Cell
        What was guessed right.
    tries : int
        How many guesses there were.
    verdict : (Cell, Verdict) or None
        What was guessed last, and what is said of it, until another number is asked for.
    """

    def __init__(self, model, start):
        super().__init__(model, start)
        self.restart()

    def restart(self) -> None:
        """Hide everything again."""
        self.order = [
            cell
            for stage, values in enumerate(self.values)
            for cell in (Cell(stage), *(Cell(stage, *map(int, place)) for place in np.ndindex(values.shape)))
        ]
        self.guessed, self.tries, self.verdict = set(), 0, None

    @property
    def last(self) -> int:
        """The last frame."""
        return len(self.order) - 1

    def stage(self, frame: int) -> int:
        """The stage on show."""
        return self.order[frame].stage

    def open_cells(self, frame: int) -> set[Cell]:
        """What is in sight."""
        return set(self.order[: frame + 1])

    def next(self, frame: int) -> Cell | None:
        """The number that is asked for; None where the stage is complete."""
        found = self.order[frame + 1 : frame + 2]
        return found[0] if found and found[0].row >= 0 else None

    # What the reader does. Each returns the frame to go to.

    def reveal(self, frame: int, cells) -> int:
        """Let hidden cells of the stage on show come to light now."""
        hidden, stage = self.order[frame + 1 :], self.stage(frame)
        first = [cell for cell in hidden if cell.stage == stage and cell in cells]
        chosen = set(first)
        self.order[frame + 1 :] = first + [cell for cell in hidden if cell not in chosen]
        return frame + len(first)

    def ask(self, frame: int, cell: Cell) -> int:
        """Ask for this cell next; where it is asked for already, it comes to light."""
        if cell == self.next(frame):
            return frame + 1
        self.verdict = None
        self.reveal(frame, [cell])
        return frame

    def finish_stage(self, frame: int) -> int:
        """Show all of the stage on show; where it is complete, open the next one."""
        if self.next(frame) is None:
            return min(frame + 1, self.last)
        return self.reveal(frame, set(self.order[frame + 1 :]))

    def guess(self, frame: int, text: str) -> int:
        """Compare what the reader typed with the number that is asked for, which comes to light if it is right.

        Raises
        ------
        ValueError
            If no number is asked for, or `text` is none.
        """
        cell = self.next(frame)
        if cell is None:
            raise ValueError(tr("this table is complete; Step, or PageDown, leads to the next one"))
        verdict = self.judge(cell, number(text), digits_of(text))
        verdict = verdict._replace(words=tr("{guess}? {verdict}", guess=text.strip(), verdict=verdict.words))
        self.tries += 1
        self.verdict = cell, verdict
        if verdict.right:
            self.guessed.add(cell)
        return frame + verdict.right

    def judge(self, cell: Cell, guess: float, digits: int = 3) -> Verdict:
        """Right to three digits, or right as far as it goes, or which mistake makes such a number."""
        value = self.value(cell)
        if agrees(guess, value):
            return Verdict(True, tr("Right: {value}", value=self.written(cell)))
        for wrong, words in self.mistakes(cell):
            if np.isfinite(wrong) and agrees(guess, wrong) and not agrees(wrong, value):
                return Verdict(False, tr("Not yet: {mistake}", mistake=words))
        if abs(guess - value) <= 0.02 * abs(value) or guess in (float(f"{value:.1g}"), float(f"{value:.2g}")):
            close = (
                mark("Close, but not right in three digits")
                if digits > 2
                else mark("Close: three digits are asked for")
            )
            return Verdict(False, tr(close))
        return Verdict(False, tr("Not yet: it is less") if guess > value else tr("Not yet: it is more"))

    # What is on show, in words.

    def title(self, frame: int) -> str:
        stage = STAGES[self.stage(frame)]
        place = {"number": self.stage(frame) + 1, "last": len(STAGES)}
        return tr(
            "{number} of {last} · {stage}, {source}", **place, stage=first_up(stage.name), source=tr(stage.source)
        )

    def last_line(self, frame: int) -> str:
        """The number that has come to light last, and how it is made; at the opening of a stage, its rule."""
        cell = self.order[frame]
        if cell.row < 0:
            return first_up(STAGES[cell.stage].rule)
        return f"{self.name(cell)}:  {self.sum_of(cell)} = {self.written(cell)}"

    def next_line(self, frame: int) -> str:
        """The number that is asked for, with the numbers it is made of, and after a wrong guess how; or a check of
        a complete stage, and how to go on."""
        cell = self.next(frame)
        if cell is None:
            on = "" if frame == self.last else tr("Step opens the next table")
            return ". ".join(filter(None, (self.check(self.stage(frame)), on)))
        helped = self.said(frame) and not self.verdict[1].right
        known = f":  {self.sum_of(cell)}" if helped else f" ({self.needed(cell)})"
        return f"{self.name(cell)}{known} = ?"

    def said(self, frame: int) -> str:
        """What is said of the latest guess, where its number is asked for, or has just come to light by it."""
        if self.verdict:
            cell, (right, words) = self.verdict
            return words if cell == (self.order[frame] if right else self.next(frame)) else ""
        return ""

    def describe(self, frame: int) -> str:
        """What the picture at a frame shows, in words."""
        parts = self.said(frame), self.title(frame), self.last_line(frame), self.next_line(frame)
        return ". ".join(" ".join(part.split()) for part in parts if part)


def first_up(sentence: str) -> str:
    """In the reader's language, with a capital at its beginning."""
    said = tr(sentence)
    return said[0].upper() + said[1:]


def agrees(guess: float, value: float) -> bool:
    """Whether two numbers are the same in three digits, or differ by no more than half a unit of the third."""
    if value == 0:
        return guess == 0
    return f"{guess:.3g}" == f"{value:.3g}" or abs(guess - value) <= 0.5000001 * 10.0 ** (floor(log10(abs(value))) - 2)


def digits_of(text: str) -> int:
    """How many significant digits a typed number has; a fraction has as many as anybody asks for."""
    typed = re.split("[e/]", text.lower())
    return len(re.sub(r"\D", "", typed[0]).lstrip("0")) if "/" not in text else 16


def number(text: str) -> float:
    """A number as readers type it: 0.54, 0,54, .54, 54 %, 7/13 or 5e-3; ValueError if it is none."""
    if isinstance(text, str) and len(text) < 40:
        typed = re.sub(r"\s", "", text.lower()).replace(",", ".").replace("\N{MINUS SIGN}", "-")
        found = re.fullmatch(rf"({DIGITS}(?:e[+-]?\d+)?)(?:/({DIGITS}))?(%?)", typed)
        above, below, per_cent = found.groups("") if found else ("", "", "")
        if above and float(below or 1) > 0:
            value = float(above) / float(below or 1) / (100 if per_cent else 1)
            if isfinite(value):
                return value
    raise ValueError(tr("type a number, as in 0.54, 7/13 or 54 %; it is {text}", text=brief(text)))
