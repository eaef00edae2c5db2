"""What the controls of all that is done by hand say, and how they lie."""

import pytest

from emlib import BinomialMixture, chapter
from emlib.widgets import AgainstEM, DrawThenSee, EStepByEye, MStepByEye, OneIteration

COINS = BinomialMixture(chapter.heads, chapter.tosses)
AGAIN = "Start again", "undo"
M_STEP = [
    ("Check", "check", "Show the score of the formulas"),
    ("M-step", "arrow-right", "Let the formulas move the coins"),
]
CLIMB = [
    ("EM's end", "flag-checkered", "Show where EM ends"),
    ("EM step", "arrow-right", "Let EM move your coins once"),
]
E_STEP = [
    ("Check", "check", "Show the posterior beside every outcome"),
    ("E-step", "arrow-up", "Let Bayes' rule share out all sequences"),
]
TABLE = [("Rest of the table", "table", "Show all that is hidden in this table")]
SAID = {
    OneIteration: ("emlib-one-iteration", "Guess, click or step", "number", [*TABLE, (*AGAIN, "Hide everything")]),
    EStepByEye: (
        "emlib-e-step",
        "Drag the borders in the bars",
        "outcome",
        [*E_STEP, (*AGAIN, "Share out evenly, and hide the posterior")],
    ),
    MStepByEye: (
        "emlib-climb",
        "Drag coins and weights",
        "answer",
        [*M_STEP, (*AGAIN, "Back to the start, with no moves")],
    ),
    AgainstEM: (
        "emlib-climb",
        "Drag coins and weights",
        "answer",
        [*CLIMB, (*AGAIN, "Back to the start, with no moves")],
    ),
    DrawThenSee: (
        "emlib-draw",
        "Draw in the picture",
        "iteration",
        [(*AGAIN, "Forget what was drawn, and hide the run")],
    ),
}


@pytest.mark.parametrize("made", SAID)
def test_each_says_what_it_does(made):
    widget = made(COINS, chapter.start)
    kind, hint, unit, actions = SAID[made]
    view = widget.view
    assert (view.hint, view.unit, view.bar, [tuple(action) for action in view.actions]) == (hint, unit, True, actions)
    assert kind in widget._dom_classes and widget.children[0] is view and not widget.projector
    assert view.shown["frame"] == 0 and view.shown["last"] == widget.state.last
    below = {OneIteration: "guess", MStepByEye: "sliders", AgainstEM: "sliders", DrawThenSee: "quantity"}.get(made)
    if below is None:
        assert widget.children == (view,)
        return
    control = getattr(widget, below)
    assert control is widget.children[1] or widget.children[1].children == (control,)
    if made is OneIteration:
        said = control.description, control.placeholder, control.layout.width
        assert said == ("your guess", "0.54, 7/13 or 54 %; then Enter", "26em")
    if made is DrawThenSee:
        assert (control.description, control.layout.width) == ("draw the", "18em")
        assert [quantity for _, quantity in control.options] == list(widget.state.runs)
        assert widget.state.last == 10, "iterations, where nothing else is said"
