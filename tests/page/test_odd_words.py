"""Whatever is handed to a widget, typed or given as an answer: it is taken, or refused in words of ours."""

import contextlib
import functools
import inspect
import io
import warnings
from pathlib import Path

import ipywidgets
import numpy as np
import odd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import emlib
from emlib import widgets
from emlib.lessons import LESSONS, check, exercises, hint
from emlib.page.field import Field
from emlib.page.widget import parts

A = emlib.BinomialMixture(emlib.data.A[:6])
COINS = emlib.Coins([0.5, 0.5], [0.2, 0.8])
AGES = emlib.models.IncomeGroups([0.4, 0.3, 0.3], [20.0, 40, 60], 0.5)
BY_HAND = {"model": A, "start": COINS, "projector": False}
RIGHT = {
    widgets.AddACoin: {"model": A},
    widgets.AgainstEM: BY_HAND,
    widgets.Bound: {"model": A, "start": COINS},
    widgets.DrawThenSee: BY_HAND | {"iterations": 3},
    widgets.EStepByEye: {"model": A, "theta": COINS, "projector": False},
    widgets.Explorer: {
        "model": A,
        "start": COINS,
        "panels": ("biases",),
        "controls": ("run",),
        "projector": False,
        "ahead": False,
    },
    widgets.KnownAges: {"truth": AGES, "starts": {"a": AGES}, "people": 20, "share": 0, "seed": 1, "projector": False},
    widgets.Landscape: BY_HAND,
    widgets.MStepByEye: BY_HAND,
    widgets.OneIteration: BY_HAND,
    widgets.Progress: {"label": "work"},
}
WORK = ("iterations", "people")  # what is large takes long
COINS_OF_ALL_KINDS = st.builds(
    lambda weights, biases: emlib.Coins(np.array(weights[: len(biases)]) / sum(weights[: len(biases)]), biases),
    st.lists(st.sampled_from([1e-308, 1e-9, 0.3, 1]), min_size=8, max_size=8),
    st.lists(st.sampled_from([0, 5e-324, 1e-9, 0.4, 1 - 2**-53, 1]), min_size=1, max_size=8),
)
MODELS_OF_ALL_KINDS = st.builds(
    lambda heads, tosses: emlib.BinomialMixture([min(h, tosses) for h in heads], tosses=tosses),
    st.lists(st.integers(0, 200), min_size=1, max_size=5),
    st.sampled_from([1, 2, 10, 200]),
)


def make_an_odd_one(widget, data):
    arguments = {name: value for name, value in RIGHT[widget].items() if name in inspect.signature(widget).parameters}
    name = data.draw(st.sampled_from(list(arguments)))
    right = st.one_of(odd.ODD, COINS_OF_ALL_KINDS, MODELS_OF_ALL_KINDS)
    value = data.draw(right.filter(lambda value: name not in WORK or not np.isscalar(value)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            made = widget(**arguments | {name: value})
        except (ValueError, TypeError) as error:
            assert odd.ours(error), f"{name}={value!r}: words of others: {error}"
        else:
            made.close()


few = settings(max_examples=4, derandomize=True, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=400, derandomize=False)


@pytest.mark.parametrize("widget", RIGHT, ids=lambda widget: widget.__name__)
@few
@given(data=st.data())
def test_a_widget_of_what_is_odd_is_made_or_refused(widget, data):
    make_an_odd_one(widget, data)


SEVEN = emlib.Coins([1 / 7] * 7, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])


@pytest.mark.parametrize(
    "widget",
    [widget for widget in RIGHT if {"start", "theta"} & set(RIGHT[widget])],
    ids=lambda widget: widget.__name__,
)
def test_more_coins_than_can_be_told_apart_are_refused(widget):
    with pytest.raises(ValueError, match="coins"):
        widget(A, SEVEN)


@pytest.mark.parametrize("widget", RIGHT, ids=lambda widget: widget.__name__)
def test_what_has_no_default_is_not_to_be_none(widget):
    for name, parameter in inspect.signature(widget).parameters.items():
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            with pytest.raises((ValueError, TypeError), match=f"^{name} must"):
                widget(**RIGHT[widget] | {name: None})


@pytest.mark.long
@pytest.mark.parametrize("widget", RIGHT, ids=lambda widget: widget.__name__)
@many
@given(data=st.data())
def test_a_widget_of_what_is_odd_is_made_or_refused_many_times(widget, data):
    make_an_odd_one(widget, data)


@pytest.fixture(scope="module")
def fields():
    """All fields that take text, on widgets that live through all that is typed into them."""
    explorer, guessing = widgets.Explorer(), widgets.OneIteration(A, COINS)
    explorer.fold.selected_index = 0
    more = explorer.more
    kinds = ipywidgets.Text, Field
    found = [part for whole in (explorer, guessing) for part in parts(whole) if isinstance(part, kinds)]
    assert {more.typed_weights, more.typed_biases, more.typed, guessing.guess} == set(found)
    return explorer, found


EXERCISES = {name: exercise for lesson in LESSONS for name, exercise in exercises(lesson).items()}


@pytest.fixture(scope="module")
def solved():
    """All exercises, each solved once: a solution takes longer than what is tried here, a look at an answer."""
    with pytest.MonkeyPatch.context() as patch:
        for exercise in EXERCISES.values():
            if not exercise.cases:
                patch.setattr(exercise, "solution", functools.cache(exercise.solution))
                mistakes = {name: (functools.cache(wrong), says) for name, (wrong, says) in exercise.mistakes.items()}
                patch.setattr(exercise, "mistakes", mistakes)
        yield


def type_odd_words(fields, place, words, name):
    explorer, found = fields
    field = found[place % len(found)]
    if isinstance(field, Field):
        field._handle_custom_msg({"sent": words, "frame": 0}, [])
    else:
        field.value = words  # an error in an observer would be raised here
    steps = [step for _, step in zip(range(3), explorer.state.steps, strict=False)]
    assert all(np.isfinite(step.log_likelihood) for step in steps)
    for function in (widgets.Explorer.from_text, hint):
        try:
            made = function(words)
        except ValueError as error:
            assert odd.ours(error), f"words of others: {error}"
        else:
            if made:
                made.close()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert check(name, words).correct is not True or len(words) < 9
    assert said.getvalue().startswith(f"Exercise {name}: ")
    assert not Path("fuzzed").exists(), "what is typed is never run"


WORDS = {"place": st.integers(0, 3), "words": odd.WORDS, "name": st.sampled_from(list(EXERCISES))}


@pytest.mark.usefixtures("solved")
@settings(few, max_examples=40)
@given(**WORDS)
def test_odd_words_are_taken_or_refused(fields, place, words, name):
    type_odd_words(fields, place, words, name)


@pytest.mark.long
@pytest.mark.usefixtures("solved")
@settings(few, max_examples=20_000, derandomize=False)
@given(**WORDS)
def test_odd_words_are_taken_or_refused_many_times(fields, place, words, name):
    type_odd_words(fields, place, words, name)
