"""Whatever is handed to a public function: it is taken for something, or an error of ours names the argument."""

import inspect
import warnings
from datetime import timedelta
from decimal import Decimal

import numpy as np
import odd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import emlib
from emlib import beyond, models

A = emlib.BinomialMixture(emlib.data.A)
COINS = emlib.Coins([0.5, 0.5], [0.2, 0.8])
FIT = beyond.fit(A, 2)
Q = A.responsibilities(COINS)
COUNTS = beyond.simulate(COINS, sets=3, sequences=20)
RUN = {"max_iterations": 2, "tolerance": 1e-3}
ROW = {"model": A, "weights": [[0.5, 0.5]], "biases": [[0.2, 0.8]], "progress": None}
RIGHT = {
    emlib.BinomialMixture: {"heads": [1, 2, 9], "tosses": 10, "learn_weights": True, "occurrences": [1, 2, 3]},
    emlib.Coins: {"weights": [0.5, 0.5], "biases": [0.2, 0.8]},
    emlib.Table: {"columns": {"a": [1.0, 2]}},
    emlib.em: {"model": A, "theta": COINS, **RUN},
    COINS.sample: {"sequences": 3, "tosses": 4, "seed": 0},
    COINS.probabilities: {"tosses": 4},
    A.expected_statistics: {"responsibilities": Q, "theta": COINS},
    A.log_joint: {"theta": COINS},
    A.m_step: {"statistics": A.e_step(COINS)},
    beyond.basins: {**ROW, "maxima": beyond.local_maxima(A, 2, 5)},
    beyond.best_of: {"model": A, "starts": [COINS], **RUN, "progress": None},
    beyond.by_adding_coins: {"counts": COUNTS, "coins": 2},
    beyond.by_annealing: {"counts": COUNTS, "coins": 2, "inverse_temperatures": [0.5], "seed": 0},
    beyond.check_model: {"model": A, "theta": COINS},
    beyond.classify_stationary_point: {"model": A, "theta": FIT},
    beyond.climb_all: {
        "counts": COUNTS,
        "weights": np.full((3, 2), 0.5),
        "biases": np.tile([0.2, 0.8], (3, 1)),
        "iterations": 3,
        "inverse_temperature": 1,
        "frame": None,
    },
    beyond.coordinate_ascent: {"model": A, "theta": COINS, "iterations": 2},
    beyond.divergence: {"model": A, "responsibilities": Q, "theta": COINS},
    beyond.em_jacobian: {"model": A, "theta": COINS, "from_array": None, "size": 1e-7},
    beyond.em_many: {**ROW, "iterations": 3},
    beyond.fit: {"model": A, "coins": 2},
    beyond.fit_all: {"counts": COUNTS, "coins": 2, "frame": None},
    beyond.free_energy: {"model": A, "responsibilities": Q, "theta": COINS, "inverse_temperature": 1.0},
    beyond.from_quantiles: {"counts": COUNTS, "coins": 2},
    beyond.from_random: {"counts": COUNTS, "coins": 2, "starts": 2, "seed": 0},
    beyond.full: {"model": A, "theta": COINS},
    beyond.gradient_function: {"model": A, "theta": COINS, "biases": [0.2, 0.3]},
    beyond.hard: {"model": A, "theta": COINS},
    beyond.incremental: {"rows": 1},
    beyond.information_criteria: {"model": A, "theta": FIT},
    beyond.likelihood_ratio_test: {"model": A, "coins": 1, "replicates": 1, "progress": None},
    beyond.local_maxima: {"model": A, "coins": 2, "starts": 3, "seed": 0, "progress": None},
    beyond.parametric_bootstrap: {"model": A, "theta": FIT, "replicates": 2, "seed": 0, "progress": None},
    beyond.peak_of_gradient: {"model": A, "theta": COINS},
    beyond.placed_starts: {"model": A, "coins": 2, "starts": 3, "seed": 0},
    beyond.polish: {"model": A, "theta": FIT},
    beyond.random_starts: {"coins": 2, "starts": 3, "seed": 0},
    beyond.simulate: {"truth": COINS, "sets": 2, "sequences": 3, "tosses": 4, "seed": 0},
    beyond.slope_and_curvature: {"model": A, "theta": COINS},
    beyond.sparse: {"negligible": 0.01, "full_every": 5},
    beyond.squarem: {"model": A, "theta": COINS, **RUN, "from_array": None},
    beyond.standard_errors: {"model": A, "theta": FIT},
    beyond.table_of_counts: {"counts": COUNTS, "frame": None},
    models.Classes: {"weights": [0.5, 0.5], "probabilities": np.full((2, 2, 2), 0.5)},
    models.GeneticLinkage: {"counts": [1, 2, 3, 4]},
    models.IncomeGroups: {"weights": [0.5, 0.5], "medians": [1.0, 2], "spread": 0.5},
    models.IncomeMixture: {"incomes": [1.0, 2, 3]},
    models.JointCategorical: {"answers": [[1, 2], [2, np.nan]], "values": (1, 2)},
    models.NaiveBayes: {"features": [[1, 2], [2, 2]], "values": (1, 2), "labels": [0, -1]},
}
ODD = [
    None,
    "2",
    "",
    np.nan,
    -1,
    2.5,
    10**400,
    [],
    {"a": 1},
    {1, 2},
    [[1, 2], [3]],
    np.zeros((2, 0)),
    np.array([1 + 2j]),
    np.array(["a"]),
    np.timedelta64(1),
    timedelta(1),
    Decimal("NaN"),
    pd.NA,
    pd.Series([1, None], dtype="Int64"),
    np.ma.masked,
    np.float16(1),
    object(),
    int,
    A,
]


@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__qualname__)
def test_it_is_taken_or_refused_by_name(function):
    arguments = RIGHT[function]
    missing = set(inspect.signature(function).parameters) - set(arguments) & {"responsibilities", "iteration"}
    rest = {name: None for name in ("responsibilities", "iteration") if name in missing}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first_steps(function(**arguments, **rest))  # what is right works
        for name in arguments:
            for value in ODD:
                try:
                    made = function(**arguments | {name: value}, **rest)
                except (ValueError, TypeError) as error:
                    # Of a list of starts it is the start that is said to be no theta.
                    words = {"starts": "theta must be", "size": "theta moved by"}.get(name, name)
                    assert name in str(error) or words in str(error), (name, value)
                else:
                    first_steps(made)


def first_steps(made):
    """What is wrong must be said at the call, not when a generator is asked for its first step."""
    if inspect.isgenerator(made):
        for _ in zip(range(2), made, strict=False):
            pass


def test_a_whole_number_that_is_too_large_is_said_to_be_too_large():
    for starts in (2**53 + 2, 10**17):
        with pytest.raises(ValueError, match=r"^starts must be at most 2\*\*53 = 9007199254740992; one of them is"):
            beyond.random_starts(2, starts)
    with pytest.raises(ValueError, match=r"^starts must be numbers up to 1.8e\+308; it is 1000000"):
        beyond.random_starts(2, 10**400)


def test_whole_numbers_that_come_as_floats_are_taken():
    for number in (3.0, np.float64(3), np.array(3)):
        *_, last = emlib.squarem(A, COINS, number, 0)
        assert last.stop_reason == "stopped at the limit of 3 iterations"
        *_, last = emlib.em(A, COINS, number, 0)
        assert last.stop_reason == "stopped at the limit of 3 iterations"


# How much work it is; what is large and right would take for ever.
WORK = {"coins", "starts", "replicates", "sequences", "sets", "iterations", "max_iterations", "tosses", "rows"}


def much(value) -> bool:
    try:
        return float(value) > 6
    except (TypeError, ValueError, ArithmeticError):
        return False


def has_nan(value) -> bool:
    """Whether a number somewhere in what was returned is none."""
    if isinstance(value, (float, np.floating, np.ndarray)):
        array = np.asarray(value)
        return array.dtype.kind == "f" and bool(np.isnan(array).any())
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, (tuple, list)) or hasattr(value, "__dataclass_fields__"):
        value = value if isinstance(value, (tuple, list)) else vars(value).values()
    elif inspect.isgenerator(value):
        value = [step for step, _ in zip(value, range(3), strict=False)]
    else:
        return False
    return any(map(has_nan, value))


def try_an_odd_one(function, data):
    """An argument that is odd is taken and leads to numbers, or is refused in words of ours, whatever it is."""
    arguments = RIGHT[function]
    name = data.draw(st.sampled_from(list(arguments)))
    right = arguments[name]
    bend = isinstance(right, (int, float, list, tuple, np.ndarray)) and not isinstance(right, bool) and name != "starts"
    if name in WORK:
        value = data.draw(odd.ODD.filter(lambda value: not much(value)))
    else:
        value = data.draw(odd.bent(right) | odd.ODD if bend and np.asarray(right).dtype != object else odd.ODD)
    missing = set(inspect.signature(function).parameters) - set(arguments) & {"responsibilities", "iteration"}
    rest = {name: None for name in ("responsibilities", "iteration") if name in missing}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", emlib.LikelihoodFell)
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            made = function(**arguments | {name: value}, **rest)
            assert not has_nan(made) or name in ("columns", "counts", "answers"), "nan came out"
        except (ValueError, TypeError) as error:
            assert odd.ours(error), f"{name}={value!r}: words of others: {error}"


few = settings(max_examples=5, derandomize=True, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=2000, derandomize=False)


@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__qualname__)
@few
@given(st.data())
def test_what_is_odd_is_taken_or_refused(function, data):
    try_an_odd_one(function, data)


@pytest.mark.long
@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__qualname__)
@many
@given(st.data())
def test_what_is_odd_is_taken_or_refused_a_hundred_thousand_times(function, data):
    try_an_odd_one(function, data)
