"""The loop: what it takes, when it stops, and what it says of numbers that are none and likelihoods that fall."""

import warnings
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

import emlib
from emlib import BinomialMixture, Coins, LikelihoodFell, Step, em
from emlib.algorithm import iterate, parameters, start

COINS = BinomialMixture([1, 2, 9])


class Halving:
    """Theta is halved in each iteration; the log-likelihood is what a function says of it."""

    def __init__(self, log_likelihood=lambda theta: -theta, m_step=lambda theta: theta / 2):
        self.log_likelihood, self._m_step = log_likelihood, m_step

    def e_step(self, theta):
        return ("expected under", theta)

    def m_step(self, statistics):
        return self._m_step(statistics[1])


def test_steps_are_numbered_and_carry_what_they_were_made_from():
    steps = list(em(Halving(), 8.0, max_iterations=3))
    assert [step.iteration for step in steps] == [0, 1, 2, 3] and [step.theta for step in steps] == [8, 4, 2, 1]
    assert [step.statistics for step in steps] == [None, *(("expected under", theta) for theta in (8, 4, 2))]
    assert [step.log_likelihood for step in steps] == [-8, -4, -2, -1]
    assert [step.stop_reason for step in steps] == [None, None, None, "stopped at the limit of 3 iterations"]
    (only,) = em(Halving(), 8.0, max_iterations=0)
    assert only.stop_reason == "stopped at the limit of 0 iterations"


def test_it_stops_when_no_parameter_changes_by_more_than_the_tolerance():
    steps = list(em(Halving(), 8.0, tolerance=1))
    assert steps[-1].theta == 1 and steps[-1].stop_reason == "no parameter changed by more than 1"
    steps = list(em(Halving(m_step=lambda theta: theta), 8.0, tolerance=0))
    assert len(steps) == 2 and steps[-1].stop_reason == "no parameter changed by more than 0"
    # The largest change counts, in either direction.
    steps = list(em(Halving(lambda theta: 0, lambda theta: theta * [1, -0.5]), np.array([1.0, 1.0]), tolerance=0.3))
    assert steps[-1].theta.tolist() == [1, 0.0625]


def test_both_are_100_iterations_and_a_millionth_of_a_millionth_by_default():
    assert list(em(Halving(), 2.0**200))[-1].iteration == 100
    last = list(em(Halving(), 2.0**-38))[-1]
    assert last.iteration == 2 and last.theta == 2.0**-40 < 1e-12 < 2.0**-39


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1,), "max_iterations must be a whole number, 0 or more; it is -1"),
        ((2.5,), "max_iterations must be a whole number, 0 or more; it is 2.5"),
        (("2",), "max_iterations must be a whole number, 0 or more; it is '2'"),
        ((True,), "max_iterations must be a whole number, 0 or more; it is True"),
        (([3],), r"max_iterations must be one whole number, 0 or more; it is \[3\]"),
        ((5, -1e-9), "tolerance must be a finite number, 0 or more; it is -1e-09"),
        ((5, np.nan), "tolerance must be a finite number, 0 or more; it is nan"),
        ((5, np.inf), "tolerance must be a finite number, 0 or more; it is inf"),
        ((5, "1"), "tolerance must be a finite number, 0 or more; it is '1'"),
    ],
)
def test_arguments_are_checked_at_the_call(arguments, words):
    with pytest.raises(ValueError, match=words):
        em(COINS, emlib.chapter.start, *arguments)


@pytest.mark.parametrize("theta", [np.nan, np.inf, [1.0, np.nan], "coins", None, {}, [], object])
def test_a_start_is_checked_at_the_call(theta):
    with pytest.raises(ValueError, match="theta must"):
        em(Halving(lambda theta: 0), theta)


def test_impossible_data_are_named_at_the_call():
    with pytest.raises(emlib.ImpossibleData, match="an outcome of 1 heads in 10 tosses"):
        em(COINS, Coins([1], [0]))
    with pytest.raises(TypeError, match="theta must be a Coins; it is a list"):
        em(COINS, [[0.5, 0.5], [0.2, 0.8]])


def ends_with(model, theta, iterations=9):
    """The iterations that were yielded, and the error that came instead of the next one."""
    done = []
    with pytest.raises(ValueError) as caught:
        done.extend(step.iteration for step in em(model, theta, iterations))
    return done, str(caught.value)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_end_the_run(bad):
    done, words = ends_with(Halving(m_step=lambda theta: bad if theta == 2 else theta / 2), 8.0)
    assert words == f"theta must be finite numbers; in iteration 3 it is {bad}"
    done, words = ends_with(Halving(lambda theta: bad if theta == 2 else -theta), 8.0)
    assert words == f"log_likelihood must be one finite number; in iteration 2, under 2.0, it is {bad}"


def test_a_log_likelihood_for_each_row_is_none():
    with pytest.raises(ValueError, match="log_likelihood must be one finite number; in iteration 0, under 1, it is "):
        em(Halving(lambda theta: np.array([-1.0, -2.0])), 1)


@pytest.mark.parametrize("method", ["e_step", "m_step", "log_likelihood"])
def test_what_lacks_a_method_is_no_model(method):
    lacking = SimpleNamespace(e_step=abs, m_step=abs, log_likelihood=abs)
    assert start(lacking, 1.0).log_likelihood == 1
    delattr(lacking, method)
    with pytest.raises(TypeError, match="^model must be an object with the methods e_step, m_step, log_likelihood; it"):
        em(lacking, 1.0)


def test_a_falling_likelihood_warns_of_the_iteration_and_goes_on():
    model = Halving(lambda theta: 1e3 if theta > 2 else 1e3 - 1e-5)
    with pytest.warns(
        LikelihoodFell, match="fell from 1000 to 999.99999 in iteration 2; with EM it never does"
    ) as told:
        steps = list(em(model, 8.0, 4))
    assert len(told) == 1 and len(steps) == 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(em(Halving(lambda theta: 1e3 if theta > 2 else 1e3 - 0.9e-6), 8.0, 4))  # rounding, for a thousand nats
        list(em(Halving(lambda theta: 1.0 if theta > 2 else 1 - 0.9e-9), 8.0, 4))
        warnings.simplefilter("ignore", LikelihoodFell)
        list(em(model, 8.0, 4))
    with pytest.warns(LikelihoodFell):
        list(em(Halving(lambda theta: 0.1 if theta > 2 else 0.1 - 1.1e-9), 8.0, 4))


def test_the_warning_points_to_the_callers_loop():
    with pytest.warns(LikelihoodFell) as told:
        list(em(Halving(lambda theta: theta), 8.0, 1))
    assert told[0].filename == __file__


def test_steps_compare_and_hash():
    steps = list(em(COINS, Coins([0.5, 0.5], [0.2, 0.8]), 2))
    assert steps[0] == steps[0] and steps[0] != steps[1] and len({*steps, *steps}) == 3
    assert steps[1] in steps and isinstance(start(COINS, steps[0].theta), Step)
    assert iterate(COINS, steps[0].theta, 1).theta.biases.tolist() == steps[1].theta.biases.tolist()


class Rows(NamedTuple):
    weights: object
    rates: object
    shape: float


@dataclass
class Plain:
    weights: object
    rates: object


@pytest.mark.parametrize(
    ("theta", "numbers"),
    [
        (3, 3),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (emlib.chapter.start, [[0.25, 0.5, 0.25], [0.4, 0.5, 0.65]]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        (Rows([0.5, 0.5], [1, 2], 7), [0.5, 0.5, 1, 2, 7]),
        (Plain([0.5, 0.5], [[1, 2], [3, 4]]), [0.5, 0.5, 1, 2, 3, 4]),
        ({"weights": [0.5, 0.5], "rest": Plain([1], [2, 3])}, [0.5, 0.5, 1, 2, 3]),
        ([[1, 2], [3]], [1, 2, 3]),
        ((Rows([0.5, 0.5], [1, 2], 7), [[8], 9]), [0.5, 0.5, 1, 2, 7, 8, 9]),
    ],
)
def test_a_theta_may_be_any_structure_of_numbers(theta, numbers):
    found = parameters(theta)
    assert found.tolist() == numbers and found.dtype == float
    steps = list(em(Halving(lambda theta: 0, lambda theta: theta), theta))
    assert len(steps) == 2 and steps[-1].theta is theta


def test_the_numbers_are_a_copy():
    theta = np.array([1.0, 2.0])
    parameters(theta)[0] = 7
    assert theta.tolist() == [1, 2] and parameters(emlib.chapter.start).flags.writeable
