"""The lecture as one widget: a demo at a time with its question, its answer, a clock, and data of the class.

The kernel makes the demos, the next one while the present one is on show; stage.js has the keys and the clock.
What is on show is kept in a file, so that a reload comes back to it.
"""

import asyncio
import contextlib
import json
import os
import re
import threading
from pathlib import Path
from typing import NamedTuple

import anywidget
import ipywidgets as widgets
import numpy as np
import plan
from traitlets import Dict, Float, Int, List, Unicode

from emlib import BinomialMixture, Coins
from emlib.by_hand.climb_state import ClimbState
from emlib.by_hand.draw_state import DrawState
from emlib.by_hand.e_step_state import EStepState
from emlib.checks import brief
from emlib.explorer import typed
from emlib.explorer.state import MOST_TOSSES
from emlib.landscape.state import LandscapeState
from emlib.page.widget import callback
from emlib.widgets import AddACoin, Explorer

HERE = Path(__file__).parent
TOSSES = 10  # of a sequence, where only its heads are typed
COINS = 3
LENGTH, KEPT, NOTEBOOKS = (
    "EMLIB_LECTURE_LENGTH",
    "EMLIB_LECTURE_KEPT",
    "EMLIB_LECTURE_NOTEBOOKS",
)  # lecture.py sets them


class Brought(NamedTuple):
    """What the class has brought: the heads of each sequence, the tosses of all, and their coins, counted from 0."""

    heads: list
    tosses: int
    labels: np.ndarray | None = None

    @property
    def words(self) -> str:
        said = f"{plan.many(len(self.heads), 'sequence')} of {plan.many(self.tosses, 'toss')}"
        said = f"{said}, {np.mean(self.heads):.2f} heads on average"
        return said if self.labels is None else f"{said}; their coins are kept for the last slide"


def read(heads: str, coins: str = "") -> Brought | None:
    """Data as they are typed or pasted; None for none, so that each demo runs on its own.

    Parameters
    ----------
    heads : str
        Numbers of heads, or sequences as HHT, with spaces, commas or line breaks between them.
    coins : str
        The name of the coin of each sequence, in the same order; up to three names. Coin 1 is that with fewest heads.
    """
    if not heads.strip():
        if coins.strip():
            raise ValueError("type the heads first: there is no sequence yet whose coin this could be")
        return None
    found, tosses = typed.sequences(heads, TOSSES, MOST_TOSSES)
    if not coins.strip():
        return Brought(found, tosses)
    names = re.split(r"[\s,;]+", coins.strip(" \t\r\n,;"))
    if len(names) != len(found):
        raise ValueError(f"type a coin for each of the {len(found)} sequences, in their order; there are {len(names)}")
    kinds = list(dict.fromkeys(names))
    if len(kinds) > COINS:
        raise ValueError(f"type the names of up to {COINS} coins; there are {len(kinds)}: {brief(kinds)}")
    places = np.array([kinds.index(name) for name in names])
    order = np.argsort([np.mean(np.array(found)[places == kind]) for kind in range(len(kinds))])
    return Brought(found, tosses, np.argsort(order)[places])


class Speaker(anywidget.AnyWidget):
    """The page's side: question, answer, clock, keys.

    Traits
    ------
    slides : list of dict
        Title, question, and the minutes in which each begins and ends.
    at, ready : int
        The slide that is asked for, and the one whose demo is there.
    answer : str
        That of the slide that is ready.
    opened : list of int
        The slides whose answer is on show.
    began : float
        When the lecture began, in ms since 1970; 0 before.
    typed : dict
        What was typed last: heads, coins.
    said, wrong : str
        What came of it; what was wrong with it.
    notebooks : list of (str, str)
        Name and address, from the server's own on.
    """

    _esm, _css = ((HERE / name).read_text(encoding="utf-8") for name in ("stage.js", "stage.css"))
    slides = List().tag(sync=True)
    length = Int().tag(sync=True)
    at = Int(0).tag(sync=True)
    ready = Int(-1).tag(sync=True)
    answer = Unicode().tag(sync=True)
    opened = List().tag(sync=True)
    began = Float(0).tag(sync=True)
    typed = Dict({"heads": "", "coins": ""}).tag(sync=True)
    said = Unicode().tag(sync=True)
    wrong = Unicode().tag(sync=True)
    notebooks = List().tag(sync=True)


def notebooks() -> list:
    """Where each notebook of the course is on the server that shows the lecture."""
    folder = os.environ.get(NOTEBOOKS)
    paths = sorted((HERE.parents[1] / folder).glob("*.ipynb")) if folder else []
    return [(path.stem.replace("-", " "), f"lab/tree/{folder}/{path.name}") for path in paths]


# A demo's state, as it is kept in a file.


def told(demo) -> dict:
    """What makes the demo show again what it shows."""
    state = demo.state
    if isinstance(demo, Explorer):
        return state.to_dict()
    if isinstance(demo, AddACoin):
        return {"coins": len(state.fits)}
    if isinstance(state, LandscapeState):
        return {"start": parts(state.start)}
    found = {"frame": demo.frame}
    if isinstance(state, EStepState):
        found["shares"] = state.shares.tolist()
    elif isinstance(state, ClimbState):
        found["moves"] = [parts(move.theta) for move in state.moves[1:]]
    elif isinstance(state, DrawState):
        found["quantity"] = state.quantity
        found["guesses"] = {name: guess.tolist() for name, guess in state.guesses.items()}
    return found


def take_up(demo, found: dict) -> None:
    """Show again what was told."""
    state = demo.state
    if isinstance(demo, Explorer):
        state.restore(found)
    elif isinstance(demo, AddACoin):
        while len(state.fits) < found["coins"]:
            state.add_coin()
        demo._show()
    elif isinstance(state, LandscapeState):
        state.show(state.model, Coins(*found["start"]), state.data)
    else:
        if isinstance(state, EStepState):
            state.shares = np.array(found["shares"])
        elif isinstance(state, ClimbState):
            for number, theta in enumerate(found["moves"]):
                state.go_to(f"move {number}", Coins(*theta))
        elif isinstance(state, DrawState):
            demo.quantity.value = found["quantity"]
            state.guesses = {name: np.array(guess) for name, guess in found["guesses"].items()}
        demo.go_to(found["frame"])


def parts(theta) -> list:
    return [theta.weights.tolist(), theta.biases.tolist()]


class Stage(widgets.VBox):
    """The lecture.

    Parameters
    ----------
    length : int, optional
        45 or 90 minutes. Default: what run.py was told.
    kept : path, optional
        A file in which what is on show is kept. Default: that of run.py, or none.
    """

    def __init__(self, length=None, kept=None):
        length = int(os.environ.get(LENGTH, 90)) if length is None else length
        kept = kept or os.environ.get(KEPT)
        self._kept = Path(kept) if kept else None
        slides = plan.plan(length)
        self.demos = [demo for demo, _, _ in slides]
        looks = [
            {"title": demo.title, "question": demo.question, "begins": begins, "ends": ends}
            for demo, begins, ends in slides
        ]
        self.speaker = Speaker(slides=looks, length=length, notebooks=notebooks())
        self._box = widgets.Box().add_class("lecture-demo")
        super().__init__([self.speaker, self._box])
        self.add_class("lecture")
        self._lock = threading.RLock()
        self.brought = None
        self.made, self._told = {}, {}  # by the names of the demos
        self._remember()
        for name, act in {"at": self._show, "opened": self._reveal, "typed": self._read, "began": self.keep}.items():
            self.speaker.observe(act, name)
        self._show()

    def _warn(self, text):
        self.speaker.wrong = text

    # What the page asks for.

    @callback
    def _show(self, _=None):
        """Show the demo that is asked for, and make the next one when that is done."""
        demo = self.demos[self.speaker.at]
        shown = self._demo(demo)
        with self.speaker.hold_sync():
            self._box.children = [shown]
            self.speaker.answer = demo.answer(self.given(demo))
            self.speaker.ready = self.speaker.at
        self.keep()
        with contextlib.suppress(RuntimeError):  # where nothing runs, nobody waits for the next one
            asyncio.get_running_loop().call_later(0.5, self._prepare)

    @callback
    def _prepare(self):
        for demo in self.demos[self.speaker.at + 1 : self.speaker.at + 2]:
            if demo.name not in self.made:
                self._demo(demo)
                demo.answer(self.given(demo))

    @callback
    def _reveal(self, _=None):
        """At the end the answer is in the picture, too: the true coins, where they are known."""
        for number, demo in enumerate(self.demos):
            if demo.name == "reveal" and demo.name in self.made:
                state = self.made[demo.name].state
                state.reveal = number in self.speaker.opened and state.labels is not None
        self.keep()

    @callback
    def _read(self, change):
        """Run every demo on what was typed. Where only the coins are new, the last one alone is another."""
        typed = change["new"]
        try:
            brought = read(typed["heads"], typed["coins"])
        except ValueError as error:
            self.speaker.wrong = f"Not changed: {error}"
            self.keep()
            return
        same = self.brought and brought and brought[:2] == self.brought[:2]
        others = {"reveal"} if same else {*self._told, *self.made}
        for name in others:
            self._told.pop(name, None)
            if name in self.made:
                self.made.pop(name).close()
        self.brought = brought
        with self.speaker.hold_sync():
            self.speaker.ready = -1
            self.speaker.opened = [at for at in self.speaker.opened if self.demos[at].name not in others]
            self._say()
        self._show()

    def _say(self):
        self.speaker.wrong = ""
        self.speaker.said = self.brought.words if self.brought else ""

    # The demos.

    def given(self, demo):
        if self.brought is None:
            return plan.own(demo.data)
        if self._data is None or self._data[0] is not self.brought:
            given = plan.Data(BinomialMixture(self.brought.heads, self.brought.tosses), self.brought.labels)
            self._data = self.brought, given
        return self._data[1]

    _data = None

    def _demo(self, demo):
        if demo.name not in self.made:
            made = demo.make(self.given(demo))
            made.add_class(f"lecture-{self.demos.index(demo)}")
            if demo.name in self._told:
                take_up(made, self._told[demo.name])
            made.view.on_msg(self._heard)  # after the demo
            self.made[demo.name] = made
        return self.made[demo.name]

    # What a reload comes back to.

    def _heard(self, _, message, __):
        if "ask" not in message:  # which changes nothing
            self.keep()

    def keep(self, _=None):
        if self._kept is None:
            return
        self._told |= {name: told(demo) for name, demo in self.made.items()}
        speaker = self.speaker
        names = [demo.name for demo in self.demos]
        found = {"at": names[speaker.at], "opened": [names[number] for number in speaker.opened]}
        found |= {"began": speaker.began, "typed": speaker.typed, "told": self._told}
        if self.brought:
            found["brought"] = [self.brought.heads, self.brought.tosses, None]
            if self.brought.labels is not None:
                found["brought"][2] = self.brought.labels.tolist()
        new = self._kept.with_suffix(".new")
        new.write_text(json.dumps(found), encoding="utf-8")
        new.replace(self._kept)

    def _remember(self):
        if self._kept is None or not self._kept.exists():
            return
        found = json.loads(self._kept.read_text(encoding="utf-8"))
        if "brought" in found:
            heads, tosses, labels = found["brought"]
            self.brought = Brought(heads, tosses, None if labels is None else np.array(labels))
        self._told = found["told"]
        names = [demo.name for demo in self.demos]
        speaker = self.speaker
        speaker.at = names.index(found["at"]) if found["at"] in names else 0
        speaker.opened = [names.index(name) for name in found["opened"] if name in names]
        speaker.began, speaker.typed = found["began"], found["typed"]
        self._say()
