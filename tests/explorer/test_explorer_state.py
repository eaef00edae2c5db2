"""The explorer's state without a browser or a picture: what it does, says, writes, and refuses before it changes."""

import csv
import io
import json
from fractions import Fraction
from math import log

import numpy as np
import pytest
from oracle import brute_force
from traitlets import TraitError

import emlib
from emlib import BinomialMixture, Coins, chapter
from emlib.checks import yes_or_no
from emlib.explorer.state import CHAPTER, DATA, PRESETS, SIMULATED, SUMMITS, ExplorerState, some_of, within

HEADS, TOSSES = [0, 1, 4, 4], 5
START = Coins([0.25, 0.75], [0.125, 0.5])


@pytest.fixture
def state():
    return ExplorerState(BinomialMixture(HEADS, TOSSES), START, iterations=3)


def exact_run(iterations, observed=HEADS):
    """Weights, biases, log-likelihood and posteriors by sums over all labellings, each from the numbers before."""
    weights, biases, rows = [0.25, 0.75], [0.125, 0.5], []
    for _ in range(iterations + 1):
        likelihood, posterior, counts, heads, tosses = brute_force(
            observed, [TOSSES] * len(observed), [Fraction(w) for w in weights], [Fraction(p) for p in biases]
        )
        rows.append((weights, biases, log(likelihood), np.array([posterior[i] for i in (0, 1, 2)], dtype=float)))
        weights = [float(c / len(observed)) for c in counts]
        biases = [float(h / t) for h, t in zip(heads, tosses, strict=True)]
    return rows


RUN = exact_run(3)


def everything(state):
    """All that a state holds, for comparison: nothing may change when an error is raised."""
    names = (
        "data",
        "model",
        "start",
        "iterations",
        "frame",
        "steps",
        "problem",
        "labels",
        "reveal",
        "kept",
        "ahead",
        "run",
        "earlier",
        "room",
    )
    return [getattr(state, name) for name in names]


def refused(state, call, *words, kind=(ValueError, TypeError)):
    """The call raises an error of ours with these words, and leaves the state as it was."""
    before = everything(state)
    with pytest.raises(kind) as caught:
        call()
    assert not isinstance(caught.value, TraitError)
    for word in words:
        assert word in str(caught.value)
    assert all(a is b for a, b in zip(before, everything(state), strict=True))


# Opening


def test_it_opens_on_the_chapter():
    state = ExplorerState()
    assert state.model.heads.tolist() == list(chapter.heads) and state.tosses == 10 and state.data == CHAPTER
    assert state.start is chapter.start and state.iterations == 30 and state.ahead is True and state.problem == ""
    assert (state.frame, state.frames, len(state.steps), state.run, state.kept) == (0, 61, 31, 1, ())
    assert state.labels is None and state.reveal is False and state.model.learn_weights


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_by_its_name_brings_its_data(name):
    state, chosen = ExplorerState(start=name), ExplorerState()
    chosen.choose_preset(name)
    assert state.start is PRESETS[name].start is chosen.start
    assert state.data == PRESETS[name].data == chosen.data
    assert state.model.heads.tolist() == list(DATA[state.data]) == chosen.model.heads.tolist()


def test_a_preset_starts_on_other_data_where_these_are_given():
    state = ExplorerState(BinomialMixture(HEADS, TOSSES), "All coins equal")
    assert state.model.heads.tolist() == HEADS and state.data == "your data"
    assert state.start is PRESETS["All coins equal"].start


def test_data_alone_start_as_the_chapter_does():
    state = ExplorerState(BinomialMixture([1, 2], 3))
    assert state.start is chapter.start and state.data == "your data" and state.tosses == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"model": [3, 4, 5, 6]},
            ["model must be a BinomialMixture; it is [3, 4, 5, 6]", "BinomialMixture([3, 4, 5, 6], tosses=10)"],
        ),
        ({"model": (3, 4)}, ["model must be a BinomialMixture", "write BinomialMixture((3, 4), tosses=10)"]),
        ({"model": np.array([3, 4])}, ["model must be a BinomialMixture; it is array([3, 4])", "tosses=10"]),
        ({"model": list(range(1000))}, ["[0, 1, 2, 3, 4, 5, ...]"]),
        ({"model": START}, ["model must be a BinomialMixture; it is Coins(", "start=Coins"]),
        ({"model": "Two summits"}, ["model must be a BinomialMixture; it is 'Two summits', as in BinomialMixture([3"]),
        ({"model": 7}, ["model must be a BinomialMixture; it is 7"]),
        ({"model": emlib.beyond.PartitionedModel([BinomialMixture([1])])}, ["model must be a BinomialMixture"]),
        ({"model": BinomialMixture([1, 2], [3, 4])}, ["model must have", "equal length", "it has 3 to 4 tosses"]),
        ({"model": BinomialMixture([1, 2], 101)}, ["model must have", "100 tosses or fewer", "it has 101 tosses"]),
        ({"start": [0.2, 0.3]}, ["start must be Coins", "Coins(weights=", "it is [0.2, 0.3]"]),
        ({"start": []}, ["start must be Coins", "it is []"]),
        ({"start": 0}, ["start must be Coins", "it is 0"]),
        ({"start": BinomialMixture([1])}, ["start must be Coins"]),
        (
            {"start": "Two sumits"},
            ["start must be one of \"The chapter's start\", 'All", "'Far apart'", "it is 'Two sumits'"],
        ),
        ({"start": ""}, ["start must be one of", "it is ''"]),
        ({"start": Coins([1 / 7] * 7, [0.1] * 7)}, ["1 to 6 coins; the start has 7"]),
        ({"iterations": 0}, ["iterations must be from 1 to 500; it is 0"]),
        ({"iterations": 501}, ["iterations must be from 1 to 500; it is 501"]),
        ({"iterations": 2.5}, ["iterations must be a whole number from 1 to 500; it is 2.5"]),
        ({"iterations": "30"}, ["iterations must be a whole number from 1 to 500; it is '30'"]),
        ({"iterations": None}, ["iterations must be a whole number", "it is None"]),
        ({"iterations": True}, ["iterations must be a whole number", "it is True"]),
        ({"iterations": float("nan")}, ["iterations must be a whole number", "it is nan"]),
        ({"iterations": float("inf")}, ["iterations must be a whole number", "it is inf"]),
        ({"ahead": "no"}, ["ahead must be True or False; it is 'no'"]),
        ({"ahead": 1}, ["ahead must be True or False; it is 1"]),
    ],
)
def test_what_it_cannot_open_on_is_named(arguments, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        ExplorerState(**arguments)
    assert not isinstance(caught.value, TraitError)
    for word in words:
        assert word in str(caught.value)


def test_limits_are_inside():
    state = ExplorerState(BinomialMixture([1, 100], 100), Coins([1 / 6] * 6, [0.1] * 6), iterations=500)
    assert state.tosses == 100 and len(state.start) == 6 and state.frames == 1001
    state.frame = 1000
    assert ExplorerState(iterations=np.int64(1)).frames == 3 and ExplorerState(iterations=2.0).frames == 5
    assert ExplorerState(ahead=np.False_).ahead is False


@pytest.mark.parametrize("frame", [-1, 7, 2.5, "1", None, True, [1]])
def test_a_frame_outside_the_run_is_named(state, frame):
    number = isinstance(frame, int) and frame is not True
    words = f"frame must be {'' if number else 'a whole number '}from 0 to 6; it is {frame!r}"
    refused(state, lambda: setattr(state, "frame", frame), words)
    refused(state, lambda: state.moment(frame), words)


@pytest.mark.parametrize("iterations", [0, 501, 2.5, "3", None])
def test_iterations_that_are_none_are_named(state, iterations):
    refused(state, lambda: setattr(state, "iterations", iterations), "iterations must be", "from 1 to 500; it is")


def test_more_iterations_run_again_from_the_start(state):
    state.frame = 4
    state.iterations = 5
    assert state.frame == 0 and state.frames == 11 and len(state.steps) == 6 and state.run == 2


# The run


def test_every_moment_is_that_of_exact_sums(state):
    assert len(state.steps) == 4
    for frame in range(7):
        moment = state.moment(frame)
        iteration = frame // 2
        weights, biases, height, _ = RUN[iteration]
        assert moment.half == ("start" if frame == 0 else "E" if frame % 2 else "M")
        assert moment.iteration == (frame + 1) // 2 and moment.step.iteration == iteration
        assert moment.step.theta.weights == pytest.approx(weights) and moment.step.theta.biases == pytest.approx(biases)
        assert moment.step.log_likelihood == pytest.approx(height)
        before = RUN[max(frame - 1, 0) // 2]
        assert moment.came_from.weights == pytest.approx(before[0]) and moment.came_from.biases == pytest.approx(
            before[1]
        )
        if frame == 0:
            assert moment.posterior is None
        else:
            assert moment.posterior == pytest.approx(before[3])


def test_a_moment_asks_for_one_e_step(state, monkeypatch):
    asked = []
    whole = BinomialMixture.responsibilities
    monkeypatch.setattr(BinomialMixture, "responsibilities", lambda *a: asked.append(a) or whole(*a))
    state.moment(3)
    assert len(asked) == 1


def test_a_run_that_comes_to_rest_stays_there():
    state = ExplorerState(BinomialMixture(HEADS, TOSSES), Coins([1], [0.5]), iterations=6)
    mean = sum(HEADS) / 20
    assert len(state.steps) == 3, "the second iteration changes nothing"
    for frame in range(2, 13):
        moment = state.moment(frame)
        assert moment.iteration == (frame + 1) // 2 and moment.step.theta.biases == pytest.approx([mean])
        assert moment.came_from.biases == pytest.approx([0.5 if frame == 2 else mean])


@pytest.mark.parametrize("name", PRESETS)
def test_a_run_of_500_iterations_is_that_of_em_and_ends_where_only_rounding_goes_on(name):
    state = ExplorerState(start=name, iterations=500)
    slow = list(emlib.em(state.model, state.start, 500, tolerance=0))
    assert 2 < len(state.steps) <= 501
    for frame in (*range(0, 60, 7), *range(60, 1001, 94)):
        step, expected = state.moment(frame).step, slow[min(frame // 2, len(slow) - 1)]
        assert np.asarray(step.theta) == pytest.approx(np.asarray(expected.theta), rel=0, abs=1e-12)
        assert step.log_likelihood == pytest.approx(expected.log_likelihood, rel=0, abs=1e-11)
    steps = [np.asarray(step.theta) for step in state.steps]
    changes = [np.abs(now - then).max() for then, now in zip(steps, steps[1:], strict=False)]
    assert min(changes[:-1]) > 2e-16 and (len(steps) == 501 or changes[-1] < 3e-16)


def test_every_moment_is_described(state):
    words = f"Start: biases 0.125, 0.500; weights 0.250, 0.750; log-likelihood {RUN[0][2]:.4f}"
    assert state.describe(0) == f"{words}, climbs to {RUN[-1][2]:.4f}"
    state.ahead = False
    assert state.describe(0) == words, "who predicts first is not told"
    for frame, words, row in ((1, "1, E", RUN[0]), (2, "1, M", RUN[1]), (5, "3, E", RUN[2]), (6, "3, M", RUN[3])):
        weights, biases = (", ".join(f"{v:.3f}" for v in values) for values in row[:2])
        text = f"Iteration {words}-step: biases {biases}; weights {weights}; log-likelihood {row[2]:.4f}"
        assert state.describe(frame) == text


def test_an_impossible_start_is_said_and_has_no_moments(state):
    state.show(state.model, Coins([0.5, 0.5], [0, 1]))
    words = "These coins cannot give 1 heads in 5 tosses, as the data have it"
    assert state.problem == words == state.describe(3) and state.steps == () and state.run == 2
    refused(state, lambda: state.moment(0), words)
    state.keep()
    assert state.kept == (), "there is nothing to keep"
    assert list(csv.reader(io.StringIO(state.csv()))) == [
        ["iteration", "weight_1", "weight_2", "bias_1", "bias_2", "log_likelihood"]
    ]
    state.show(state.model, START)
    assert state.problem == "" and len(state.steps) == 4


def test_runs_are_kept_until_the_data_change(state):
    state.keep()
    first = state.steps
    state.set_bias(0, 0.3)
    state.keep()
    assert state.kept == (first, state.steps) and first[0].theta is START
    state.choose_data(SUMMITS)
    assert state.kept == ()


def test_one_change_is_told_once(state):
    told = []
    state.observe(lambda change: told.append((change["new"], len(state.steps), state.frame)), "run")
    state.frame = 5
    state.choose_preset("Far apart")
    state.set_weight(0, 0.5)
    assert told == [(2, 4, 0), (3, 4, 0)]


# What it writes


@pytest.mark.parametrize("learn", [True, False])
def test_what_a_state_tells_makes_it_again(learn):
    state = ExplorerState(BinomialMixture(HEADS, TOSSES, learn), START, iterations=3)
    state.keep()
    state.set_bias(1, 1 / 3)
    state.frame, state.ahead = 5, False
    told = json.loads(json.dumps(state.to_dict()))
    made = ExplorerState()
    made.restore(told)
    assert sorted(np.repeat(made.model.distinct_heads, made.model.occurrences)) == sorted(HEADS)
    assert made.tosses == TOSSES and made.model.learn_weights is learn
    assert (made.iterations, made.frame, made.ahead) == (3, 5, False)
    assert made.start.weights.tolist() == [0.25, 0.75] and made.start.biases.tolist() == [0.125, 1 / 3]
    assert [step.log_likelihood for step in made.kept[0]] == [step.log_likelihood for step in state.kept[0]]
    assert made.describe(5) == state.describe(5) and made.to_dict() == told


def test_simulated_data_keep_their_true_coins():
    state = ExplorerState(iterations=2)
    state.simulate(30, 7, seed=3)
    state.reveal = True
    (made := ExplorerState()).restore(state.to_dict())
    assert made.reveal and made.labels.tolist() == state.labels.tolist()
    assert made.true_shares().tolist() == state.true_shares().tolist()


def test_known_data_are_told_by_name():
    state = ExplorerState(BinomialMixture([1], 10, learn_weights=False))
    state.choose_data(CHAPTER)
    told = state.to_dict()
    assert "heads" not in told and told["data"] == CHAPTER
    (made := ExplorerState()).restore(told)
    assert made.model.heads.tolist() == list(chapter.heads) and not made.model.learn_weights
    with pytest.raises(ValueError, match="data must be one of .*'Two summits'.*; it is 'Two sumits'"):
        made.restore(told | {"data": "Two sumits"})


def test_the_table_of_a_run_has_every_number_in_its_column(state):
    header, *rows = csv.reader(io.StringIO(state.csv()))
    assert header == ["iteration", "weight_1", "weight_2", "bias_1", "bias_2", "log_likelihood"]
    assert [int(row[0]) for row in rows] == [0, 1, 2, 3]
    for row, (weights, biases, height, _) in zip(rows, RUN, strict=True):
        assert [float(cell) for cell in row[1:]] == pytest.approx([*weights, *biases, height])
    assert float(rows[1][1]) == state.steps[1].theta.weights[0], "in all digits"


# What it is told


def test_counts_are_changed_one_by_one_and_come_back(state):
    assert state.counts.tolist() == [1, 1, 0, 0, 2, 0]
    model, room = state.model, state.room
    state.keep()
    kept = state.kept
    state.set_count(4, 0)
    state.set_count(2, 3)
    assert state.counts.tolist() == [1, 1, 3, 0, 0, 0] and state.tosses == TOSSES
    assert (state.data, state.start, state.kept, len(state.earlier), state.room) == ("your data", START, (), 1, room)
    run = exact_run(1, [0, 1, 2, 2, 2])
    assert state.steps[1].log_likelihood == pytest.approx(run[1][2])
    assert state.settle() and state.room == 3 and not state.settle()
    state.frame = 2
    there = state.steps[1].theta
    state.start_from(2)
    state.set_count(0, 2)
    assert np.array_equal(state.start, there) and len(state.earlier) == 3
    state.as_before()
    assert np.array_equal(state.start, there) and state.counts.tolist() == [1, 1, 3, 0, 0, 0]
    state.as_before()
    assert state.start is START and state.counts.tolist() == [1, 1, 3, 0, 0, 0]
    state.as_before()
    assert (state.model, state.start, state.kept, state.earlier, state.room) == (model, START, kept, (), room)
    run = state.run
    state.as_before()
    assert state.run == run, "there is nothing earlier"


def test_a_count_that_cannot_be_is_refused(state):
    for sequences in (-1, 0.5, "2", None, 99_999):
        refused(state, lambda sequences=sequences: state.set_count(4, sequences), "sequences must be")
    for heads in (-1, 6, 1.5, None):
        refused(state, lambda heads=heads: state.set_count(heads, 1), "heads must be", "from 0 to 5")
    state.set_count(0, 0)
    state.set_count(1, 0)
    refused(state, lambda: state.set_count(4, 0), "sequences must be from 1 to 100000; it is 0")
    before = everything(state)
    state.set_count(4, 2)
    assert all(a is b for a, b in zip(before, everything(state), strict=True)), "as it is"


def test_other_data_have_nothing_earlier_and_changed_data_have_no_true_coins():
    state = ExplorerState(iterations=2)
    state.simulate(30, 7, seed=3)
    state.reveal = True
    state.set_count(0, 9)
    assert state.labels is None and not state.reveal
    state.as_before()
    assert state.labels.shape == (30,)
    state.set_count(0, 9)
    state.choose_data(SUMMITS)
    assert state.earlier == () and state.room == max(list(DATA[SUMMITS]).count(x) for x in range(11))


def test_data_have_a_name(state):
    state.choose_data(SUMMITS)
    assert state.data == SUMMITS and state.model.heads.tolist() == list(DATA[SUMMITS]) and state.tosses == 10
    assert state.start is START and state.labels is None
    fixed = ExplorerState(BinomialMixture(HEADS, TOSSES, learn_weights=False), START)
    fixed.choose_data(SIMULATED)
    assert not fixed.model.learn_weights
    fixed.choose_preset("Two summits: one side")
    assert not fixed.model.learn_weights and fixed.data == SUMMITS and fixed.tosses == 10
    state.choose_preset("Almost equal")
    assert state.model.learn_weights is True and state.tosses == 10
    state.choose_data(SUMMITS)
    assert state.model.learn_weights is True


@pytest.mark.parametrize("name", ["two summits", "your data", "", None, 3, ["x"]])
def test_names_that_are_none_are_answered_with_those_that_are(state, name):
    refused(state, lambda: state.choose_data(name), "name must be one of", "'Two summits'", f"it is {name!r}")
    refused(state, lambda: state.choose_preset(name), "name must be one of", "'Far apart'", f"it is {name!r}")


def test_a_preset_on_the_same_data_keeps_them():
    state = ExplorerState()
    model = state.model
    state.keep()
    state.choose_preset("Far apart")
    assert state.model is model and len(state.kept) == 1
    state.choose_preset("Almost equal")
    assert state.data == SIMULATED and state.kept == () and state.start is PRESETS["Almost equal"].start


def test_simulated_data_come_from_the_start_by_their_seed(state):
    state.simulate(200, 7, seed=5)
    sample = START.sample(200, 7, seed=5)
    assert state.model.heads.tolist() == sample.heads.tolist() and state.labels.tolist() == sample.labels.tolist()
    assert state.tosses == 7 and state.start is START and state.data == "your data" and len(state.steps) == 4
    state.simulate(200, 7, seed=2**53)
    assert state.model.learn_weights is True
    state.simulate(200, 7, seed=6)
    assert state.model.heads.tolist() == START.sample(200, 7, seed=6).heads.tolist() != sample.heads.tolist()
    fixed = ExplorerState(BinomialMixture(HEADS, TOSSES, learn_weights=False), START)
    fixed.simulate(3, 4, 0)
    assert not fixed.model.learn_weights and fixed.model.heads.tolist() == START.sample(3, 4, 0).heads.tolist()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 10, 1), "sequences must be from 1 to 100000; it is 0"),
        ((100_001, 10, 1), "sequences must be from 1 to 100000; it is 100001"),
        (("20", 10, 1), "sequences must be a whole number from 1 to 100000; it is '20'"),
        ((20, 0, 1), "tosses must be from 1 to 100; it is 0"),
        ((20, 101, 1), "tosses must be from 1 to 100; it is 101"),
        ((20, [3, 4], 1), "tosses must be a whole number from 1 to 100; it is [3, 4]"),
        ((20, 10, -1), "seed must be from 0 to"),
        ((20, 10, 2**53 + 1), "seed must be from 0 to 9007199254740992; it is 9007199254740993"),
        ((20, 10, "x"), "seed must be a whole number"),
        ((20, 10, None), "seed must be a whole number"),
    ],
)
def test_what_it_cannot_simulate_is_named(state, arguments, words):
    refused(state, lambda: state.simulate(*arguments), words)


def test_true_shares_are_counted(state):
    state.show(BinomialMixture([3, 1, 3, 3, 1], 4), Coins([0.5, 0.25, 0.25], [0.2, 0.5, 0.8]), labels=[0, 1, 2, 0, 1])
    assert state.true_shares() == pytest.approx(np.array([[0, 1, 0], [2 / 3, 0, 1 / 3]]))
    state.set_coins(2)
    assert state.true_shares() == pytest.approx(np.array([[0, 1], [2 / 3, 0]])) and state.data == "your data"
    assert state.labels.tolist() == [0, 1, 2, 0, 1], "they stay while the start moves"
    state.reveal = True
    state.choose_data(CHAPTER)
    assert state.labels is None and state.reveal is False
    refused(state, state.true_shares, "the true coins must be known")


@pytest.mark.parametrize(
    "text",
    [
        "3 0 5 5",
        "3,0,5,5",
        " [3, 0, 5, 5]\n",
        "3;0;5;5",
        "(3 0\n5\t5)",
        "3, 0,\n5, 5,",
        "03 0 5 005",
        "3\u00a00\u00a05 5\u00a0",
    ],
)
def test_typed_heads_are_read(state, text):
    state.read(text, 5)
    assert state.model.heads.tolist() == [3, 0, 5, 5] and state.tosses == 5 and state.data == "your data"
    assert state.start is START and state.labels is None and len(state.steps) == 4


def test_typed_heads_keep_the_given_weights():
    fixed = ExplorerState(BinomialMixture(HEADS, TOSSES, learn_weights=False), START)
    fixed.read("1 100", 100)
    assert not fixed.model.learn_weights and fixed.tosses == 100


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are none"),
        (" , \n", "there are none"),
        ("[]", "there are none"),
        ("5 4 x", "entry 3 is 'x'"),
        ("5 -4", "entry 2 is '-4'"),
        ("5.0 4", "entry 1 is '5.0'"),
        ("5 4 3.", "entry 3 is '3.'"),
        ("1 2 1e1", "entry 3 is '1e1'"),
        ("five", "entry 1 is 'five'"),
        ("5,,4", "entry 2 is empty"),
        ("5, ;4", "entry 2 is empty"),
        ("5 \u00bd", "entry 2 is '\u00bd'"),
        ("5 \u00b2", "entry 2 is '\u00b2'"),
        ("nan", "entry 1 is 'nan'"),
        ("1 2 7", "entry 3, '7', exceeds the 6 tosses of a sequence"),
        ("99999999999999999999", "entry 1, '99999999999999999999', exceeds the 6 tosses of a sequence"),
        ("1 " + "9" * 5000, f"entry 2, '{'9' * 27}...', exceeds the 6 tosses"),
        ("1 " + "z" * 5000, f"entry 2 is '{'z' * 27}...'"),
        ("</script><b>", "entry 1 is '</script><b>'"),
    ],
)
def test_a_readers_text_is_answered_in_words(state, text, words):
    refused(state, lambda: state.read(text, 6), "type whole numbers of heads from 0 to 6", words, kind=ValueError)
    with pytest.raises(ValueError) as caught:
        state.read(text, 6)
    assert len(str(caught.value)) < 200


def test_the_longest_number_that_fits_is_shown_whole(state):
    refused(state, lambda: state.read("9" * 30, 6), f"entry 1, '{'9' * 30}', exceeds")
    refused(state, lambda: state.read("z" * 31, 6), f"entry 1 is '{'z' * 27}...'")


@pytest.mark.parametrize("tosses", [0, 101, "10", 2.5, None])
def test_reading_needs_whole_tosses(state, tosses):
    refused(state, lambda: state.read("1 2", tosses), "tosses must be", "from 1 to 100; it is")


@pytest.mark.parametrize("text", [[6, 5], 6, None, b"6 5"])
def test_reading_needs_text(state, text):
    refused(state, lambda: state.read(text, 6), "text must be a string, as in '6 5 4'; it is")


# The start


@pytest.mark.parametrize(
    ("weights", "coin", "weight", "right"),
    [
        ([0.25, 0.5, 0.25], 0, 0.5, [0.5, 1 / 3, 1 / 6]),
        ([0.25, 0.5, 0.25], 1, 0.2, [0.4, 0.2, 0.4]),
        ([0.25, 0.5, 0.25], 2, 1, [0, 0, 1]),
        ([0.25, 0.5, 0.25], 2, 0, [1 / 3, 2 / 3, 0]),
        ([1, 0, 0], 0, 0.4, [0.4, 0.3, 0.3]),
        ([0, 0, 1], 2, 0, [0.5, 0.5, 0]),
        ([1, 0, 0], 1, 0.4, [0.6, 0.4, 0]),
        ([0.3, 0.7], 0, 0.1, [0.1, 0.9]),
        ([1], 0, 0.3, [1]),
        ([1], 0, 1, [1]),
        ([1, 0], 0, np.float32(0.5), [0.5, 0.5]),
    ],
)
def test_the_other_weights_give_way_in_their_proportions(weights, coin, weight, right):
    biases = np.linspace(0.2, 0.8, len(weights))
    state = ExplorerState(start=Coins(weights, biases))
    state.set_weight(coin, weight)
    assert state.start.weights == pytest.approx(right, abs=1e-15) and state.start.weights.sum() == pytest.approx(1)
    assert state.start.biases.tolist() == biases.tolist() and state.steps[0].theta is state.start


def test_one_bias_moves_alone(state):
    model = state.model
    state.set_bias(1, 1)
    assert state.start.biases.tolist() == [0.125, 1] and state.start.weights.tolist() == [0.25, 0.75]
    assert START.biases.tolist() == [0.125, 0.5] and state.model is model and state.run == 2
    state.set_bias(0, 0)
    assert state.start.biases.tolist() == [0, 1]


@pytest.mark.parametrize("wrong", [-0.1, 1.5, "0.5", None, float("nan"), True, [0.5], 1j])
def test_a_bias_or_weight_that_is_no_probability_is_named(state, wrong):
    refused(state, lambda: state.set_bias(0, wrong), f"bias must be a number from 0 to 1; it is {wrong!r}")
    refused(state, lambda: state.set_weight(0, wrong), f"weight must be a number from 0 to 1; it is {wrong!r}")


@pytest.mark.parametrize("coin", [-1, 2, 0.5, "0", None])
def test_a_coin_that_is_not_there_is_named(state, coin):
    for change in (state.set_bias, state.set_weight):
        refused(state, lambda change=change: change(coin, 0.5), "coin must be", "from 0 to 1; it is")


def coins(state):
    return state.start.weights, state.start.biases.tolist()


def test_a_new_coin_comes_in_the_widest_gap_and_the_last_one_goes(state):
    state.show(state.model, Coins([0.25, 0.75], [0.1, 0.3]))
    state.set_coins(3)
    weights, biases = coins(state)
    assert weights == pytest.approx([1 / 6, 1 / 2, 1 / 3]) and biases == [0.1, 0.3, 0.65]
    state.set_coins(5)
    weights, biases = coins(state)
    assert weights == pytest.approx([0.1, 0.3, 0.2, 0.2, 0.2]) and biases == [0.1, 0.3, 0.65, 0.47, 0.82]
    state.set_coins(6)
    assert state.start.biases.tolist()[-1] == 0.2, "0.1 to 0.3, before 0.82 to 1"
    state.set_coins(2)
    weights, biases = coins(state)
    assert weights == pytest.approx([0.25, 0.75]) and biases == [0.1, 0.3]
    state.set_coins(1)
    weights, biases = coins(state)
    assert weights == pytest.approx([1]) and biases == [0.1]


def test_a_new_coin_may_come_below_all_others():
    state = ExplorerState(start=Coins([1], [0.9]))
    state.set_coins(2)
    assert state.start.biases.tolist() == [0.9, 0.45]


def test_coins_without_weight_share_it_when_the_last_one_goes():
    state = ExplorerState(start=Coins([0, 0, 1], [0.2, 0.5, 0.7]))
    state.set_coins(2)
    assert state.start.weights.tolist() == [0.5, 0.5] and state.start.biases.tolist() == [0.2, 0.5]


@pytest.mark.parametrize("number", [0, 7, 10**9, -1, 2.5, "3", None])
def test_a_number_of_coins_that_is_none_is_named(state, number):
    refused(state, lambda: state.set_coins(number), "number must be", "from 1 to 6; it is")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 2], START), "model must be a BinomialMixture"),
        ((BinomialMixture([1, 2], [3, 4]), START), "equal length"),
        ((BinomialMixture([1, 2]), Coins([1 / 7] * 7, [0.1] * 7)), "1 to 6 coins"),
        ((BinomialMixture([1, 2]), "Far apart"), "start must be Coins"),
        ((BinomialMixture([1, 2]), START, "data", [0]), "labels must be 2, one per sequence; their shape is (1,)"),
    ],
)
def test_what_it_cannot_show_is_refused_before_anything_changes(state, arguments, words):
    state.keep()
    state.frame = 2
    refused(state, lambda: state.show(*arguments), words)


def test_names_to_choose_from():
    allowed = ("run", "start")
    assert some_of("controls", ["start", "run"], allowed) == ("start", "run") and some_of("controls", (), allowed) == ()
    assert some_of("controls", "run", allowed) == ("run",) and some_of("controls", {"run": 1}, allowed) == ("run",)
    for wrong, words in (("runs", "'runs'"), (["run", 3], "3"), (None, "None"), (5, "5"), ([["run"]], "['run']")):
        with pytest.raises(ValueError, match="controls must be some of run, start; one of them is ") as caught:
            some_of("controls", wrong, allowed)
        assert str(caught.value).endswith(words)
    with pytest.raises(ValueError, match="panels must be some of run, start; there are none"):
        some_of("panels", [], allowed, least=1)
    assert some_of("panels", ["run"], allowed, least=1) == ("run",)


def test_numbers_within():
    assert [within("x", value, 1, 3) for value in (1, 3, 2.0, np.int8(2), np.float32(3))] == [1, 3, 2, 2, 3]
    assert all(type(within("x", value, 1, 3)) is int for value in (np.int64(1), 2.0))
    with pytest.raises(ValueError, match="x must be from 1 to 3; it is 4$"):
        within("x", np.int64(4), 1, 3)
    assert yes_or_no("x", np.True_) is True and yes_or_no("x", False) is False
