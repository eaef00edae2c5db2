"""Programs with a planted bug, past the chapter: what the question says of them is so."""

import numpy as np
import pytest

from emlib.lessons import LESSONS, exercises

EXERCISES = {name: exercise for lesson in LESSONS for name, exercise in exercises(lesson).items()}


def as_it_stood(name):
    return EXERCISES[name].mistakes["untouched"][0]


def cases(name):
    return EXERCISES[name].cases.items()


def test_chances_sum_to_less_than_1_if_anybody_skips():
    for case, (posterior, given) in cases("6.6"):
        sums = as_it_stood("6.6")(posterior, given).sum(axis=0)
        assert sums == pytest.approx(1) if case == "nobody who skips" else np.all(sums < 0.95)


def test_a_bound_lies_above_the_log_likelihood_unless_q_is_the_posterior():
    heads, occurrences = np.arange(2, 7)[:, None], (4, 2, 5, 5, 4)
    ways = np.array([45, 120, 210, 252, 210])
    for case, (q, theta) in cases("8.6"):
        chances = ways * (theta.biases**heads * (1 - theta.biases) ** (10 - heads) @ theta.weights)
        above = as_it_stood("8.6")(q, theta) - occurrences @ np.log(chances)
        assert above == pytest.approx(0, abs=1e-9) if case == "the posterior for q" else above > 0.1


def test_a_rule_stops_at_once_on_a_plateau():
    plateaus = {case: arguments for case, arguments in cases("9.6") if "plateau" in case}
    assert len(plateaus) == 2
    for heights, close in plateaus.values():
        assert as_it_stood("9.6")(heights, close) == 2 and heights[-1] - heights[2] > 2 * close


def test_a_bootstrap_finds_nothing_remarkable_in_any_data():
    for _, (heads, tosses) in cases("10.6"):
        assert 0.3 < as_it_stood("10.6")(heads, tosses) < 0.5


def test_an_iteration_makes_the_log_likelihood_fall():
    model, start = EXERCISES["11.6"].cases["the deaths"]
    new = as_it_stood("11.6")(model, start)
    assert model.log_likelihood(new) < model.log_likelihood(start) - 1000
