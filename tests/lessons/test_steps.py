"""Checks of an E-step and an M-step that a reader wrote: right ones pass, and each bug is seen where it shows."""

import re

import numpy as np
import pytest
from scipy.stats import binom

from emlib import chapter
from emlib.lessons.one_iteration_by_hand import check_steps, right_e_step, right_m_step


def e_step(x, w, phi):
    joint = w * binom.pmf(np.array(x)[:, None], 10, phi)
    return joint / joint.sum(axis=1, keepdims=True)


def m_step(r, x):
    return r.sum(axis=0) / r.sum(), x @ r / (10 * r.sum(axis=0))


def without_weights(x, w, phi):
    return e_step(x, np.ones(3), phi)


def certain(x, w, phi):
    r = e_step(x, w, phi)
    return (r == r.max(axis=1, keepdims=True)).astype(float)


def without_occurrences(r, x):
    x, rows = np.unique(x, return_index=True)
    return m_step(r[rows], x)


def without_normalising(x, w, phi):
    return w * binom.pmf(np.array(x)[:, None], 10, phi)


def by_all_tosses(r, x):
    return m_step(r, x)[0], x @ r / 200


def failed(capsys, *steps):
    """The checks that failed, and what was found."""
    check_steps(*steps)
    lines = [re.fullmatch("(.*?): (yes|NO, .*)", line).groups() for line in capsys.readouterr().out.splitlines()]
    return {name: found for name, found in lines if found != "yes"}


def test_right_steps_pass_every_check_in_any_container(capsys):
    assert failed(capsys, e_step, m_step) == {}
    lists = (
        lambda x, w, phi: e_step(x, w, phi).tolist(),
        lambda r, x: [part.tolist() for part in m_step(np.array(r), x)],
    )
    assert failed(capsys, *lists) == {}


HEADS = "m_step: the heads sum to 83"
SUMS = {"e_step: every row sums to 1", "e_step: the counts sum to 20"}
CLIMB = {"both: the log-likelihood never falls in 20 iterations"}


@pytest.mark.parametrize(
    ("steps", "checks", "words"),
    [
        ((without_weights, m_step), {"e_step: Table 6.1"}, "it has"),
        ((e_step, without_occurrences), {HEADS, "m_step: (6.14)", "m_step: Table 6.4"}, "you have 0.3503763"),
        ((certain, m_step), {"e_step: Table 6.1", *CLIMB}, "what iteration 1 returns are no coins"),
        ((without_normalising, m_step), {*SUMS, "e_step: Table 6.1"}, "the first sums to 0.1898"),
        ((e_step, by_all_tosses), {HEADS, "m_step: Table 6.4", *CLIMB}, "it falls from -38.9269"),
        ((lambda *given: e_step(*given).T, m_step), {"e_step: returns 20 x 3 numbers"}, "their shape is (3, 20)"),
        ((e_step, lambda r, x: m_step(r, x)[1]), {"m_step: returns 2 x 3 numbers"}, "their shape is (3,)"),
    ],
)
def test_a_bug_is_seen_by_the_checks_it_breaks_and_by_no_other(capsys, steps, checks, words):
    found = failed(capsys, *steps)
    assert set(found) == checks and words in " ".join(found.values())


def test_weights_and_biases_exchanged_are_named(capsys):
    found = failed(capsys, e_step, lambda r, x: m_step(r, x)[::-1])
    assert found[HEADS] == "NO, weights and biases are exchanged: return the weights first"


def test_the_right_steps_are_right(capsys):
    assert failed(capsys, right_e_step, right_m_step) == {}
    assert right_e_step([6], chapter.start.weights, chapter.start.biases)[0] == pytest.approx(
        e_step([6], chapter.start.weights, chapter.start.biases)[0]
    )


@pytest.mark.parametrize(
    "steps", [(lambda *_: ..., m_step), (e_step, lambda *_: None), (lambda *_: None, lambda *_: ...)]
)
def test_empty_functions_are_to_be_filled_in(capsys, steps):
    check_steps(*steps)
    assert capsys.readouterr().out == "Replace the dots in both functions, then run the cell again.\n"


CHECKS = [
    "e_step: returns 20 x 3 numbers",
    "m_step: returns 2 x 3 numbers",
    "e_step: every row sums to 1",
    "e_step: the counts sum to 20",
    "e_step: Table 6.1",
    "m_step: the heads sum to 83",
    "m_step: (6.14)",
    "m_step: Table 6.4",
    "both: the log-likelihood never falls in 20 iterations",
]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ((e_step, m_step), {}),
        (
            (without_normalising, by_all_tosses),
            {
                2: "the first sums to 0.1898",
                3: "they sum to 3.1781",
                4: "of 2 heads and coin 1 it has 0.5674795, you have 0.0302331",  # 0.25 x 0.1209324
                5: "bias times tosses of each coin, added up, is 33.5834",
                7: "of coin 3 it has 0.5128013, you have 0.0718371",
                8: "in iteration 1 it falls from -38.9269 to -181.2242",
            },
        ),
        (
            (e_step, lambda r, x: m_step(r, x)[::-1]),
            {
                5: "weights and biases are exchanged: return the weights first",
                6: "of coin 3 it has 0.1400877, you have 0.5128013",
                7: "of coin 3 it has 0.5128013, you have 0.1400877",
                8: "what iteration 1 returns are no coins: weights must sum to 1; [0.3536485, 0.4278732, 0.5128013] "
                "sums to 1.294323",
            },
        ),
    ],
)
def test_all_that_is_printed(capsys, steps, found):
    check_steps(*steps)
    lines = [f"{check}: {f'NO, {found[k]}' if k in found else 'yes'}" for k, check in enumerate(CHECKS)]
    assert capsys.readouterr().out.splitlines() == lines


def test_a_fall_is_found_in_the_twentieth_iteration_and_not_after(capsys):
    for last, falls in ((20, True), (21, False)):
        calls = iter(range(1, 100))

        def m_step_that_ends(r, x, calls=calls, last=last):
            return ([1, 0, 0], [0.1] * 3) if next(calls) == last + 1 else m_step(r, x)  # it is tried once before

        found = failed(capsys, e_step, m_step_that_ends)
        assert found == ({CHECKS[8]: found[CHECKS[8]]} if falls else {})
        assert not falls or found[CHECKS[8]].startswith("NO, in iteration 20 it falls from -35.1526 to ")
