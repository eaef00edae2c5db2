"""Data in parts give what the whole gives, whoever adds them up; and parts stay where they are."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import brute_force
from own_models import Poissons, poissons

import emlib
from emlib import BinomialMixture, Coins
from emlib.beyond import PartitionedModel, on_dask, on_processes
from emlib.beyond.parts import add
from emlib.models import Classes, GeneticLinkage, IncomeGroups, IncomeMixture, JointCategorical, NaiveBayes

START = Coins([0.4, 0.35, 0.25], [0.2, 0.5, 0.7])
HEADS = Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8]).sample(3000, seed=5).heads
PIECES = np.split(HEADS, [500, 1700])


@pytest.fixture(scope="module")
def cluster():
    """A client of Dask on two workers."""
    distributed = pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install -r tests/requirements.txt"
    )
    with distributed.Client(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as client:
        yield client


def assert_same_run(model, parts, start, iterations=20):
    whole = list(emlib.em(model, start, iterations, tolerance=0))
    split = list(emlib.em(parts, start, iterations, tolerance=0))
    assert len(whole) == len(split) == iterations + 1
    for one, other in zip(whole, split, strict=True):
        assert np.asarray(other.theta) == pytest.approx(np.asarray(one.theta), rel=1e-11, abs=1e-13)
        assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)


@contextmanager
def here(make, pieces):
    yield PartitionedModel([make(piece) for piece in pieces])


@contextmanager
def pool(make, pieces):
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        yield PartitionedModel([make(piece) for piece in pieces], executor.map)


ENGINES = {"here": here, "pool": pool, "on_processes": on_processes, "on_dask": on_dask}


@pytest.fixture(params=ENGINES)
def engine(request):
    if request.param == "on_dask":
        return partial(on_dask, client=request.getfixturevalue("cluster"))
    return ENGINES[request.param]


class Rooted(BinomialMixture):
    """A model that cannot travel."""

    def __reduce__(self):
        raise AssertionError("the data were sent")


def test_every_engine_gives_the_single_run(engine):
    with engine(BinomialMixture, PIECES) as parts:
        assert_same_run(BinomialMixture(HEADS), parts, START)


@pytest.mark.parametrize("engine", ["on_processes", "on_dask"], indirect=True)
def test_parts_stay_where_they_are(engine):
    with pytest.raises(AssertionError, match="the data were sent"):
        Rooted([1]).__reduce__()
    with engine(Rooted, PIECES) as parts:
        assert_same_run(BinomialMixture(HEADS), parts, START, iterations=3)


def test_errors_come_back_in_words(engine):
    with engine(BinomialMixture, PIECES) as parts:
        with pytest.raises(emlib.ImpossibleData, match="has probability 0 under weights"):
            parts.e_step(Coins([1], [0]))
        with pytest.raises(emlib.ImpossibleData, match="has probability 0 under weights"):
            list(emlib.em(parts, Coins([1], [1])))
        assert parts.log_likelihood(START) == pytest.approx(BinomialMixture(HEADS).log_likelihood(START))
    with pytest.raises(ValueError, match="heads must not exceed tosses"), engine(BinomialMixture, [[1], [11]]):
        pass
    with pytest.raises(ValueError, match="must be one or more; there are none"), engine(BinomialMixture, []):
        pass


@pytest.mark.long
def test_a_dask_client_of_ones_own_stays_open(cluster):
    make = partial(BinomialMixture, learn_weights=False)
    with on_dask(make, PIECES, cluster) as parts:
        assert_same_run(make(HEADS), parts, START)
    assert cluster.submit(int, "7").result() == 7


@pytest.mark.long
def test_the_dask_example():
    """It stands in the text, since the course runs without Dask, and has a cluster of its own."""
    pytest.importorskip("distributed")
    text = (Path(__file__).parents[1] / "benchmarks" / "README.md").read_text(encoding="utf-8")
    (code,) = [block.split("```")[0] for block in text.split("```python\n")[1:] if "on_dask" in block]
    incomes = IncomeGroups([0.5, 0.5], [10, 40], 0.3).sample(200).incomes
    start = IncomeGroups([0.5, 0.5], [15, 30], 0.5)
    names = {"IncomeMixture": IncomeMixture, "pieces": np.array_split(incomes, 2), "emlib": emlib, "start": start}
    exec(code, names)
    *_, whole = emlib.em(IncomeMixture(incomes), start, 50)
    assert np.asarray(names["last"].theta) == pytest.approx(np.asarray(whole.theta), rel=1e-10)


def test_a_lost_dask_worker_is_made_good(cluster):
    with on_dask(BinomialMixture, PIECES, cluster) as parts:
        cluster.retire_workers([min(cluster.scheduler_info(n_workers=-1)["workers"])])
        assert parts.log_likelihood(START) == pytest.approx(BinomialMixture(HEADS).log_likelihood(START))


@pytest.mark.long
def test_a_cluster_of_its_own_is_heard_on_this_machine_alone():
    """Scheduler, workers and their pages: every socket that any of the processes listens on."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    psutil = pytest.importorskip("psutil")
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    here_before = listening(psutil.Process())
    with on_dask(BinomialMixture, [[1]]) as parts:
        client = distributed.get_client()
        workers = client.scheduler_info(n_workers=-1)["workers"]
        for address in [client.scheduler.address, *workers, *(worker["nanny"] for worker in workers.values())]:
            assert address.startswith("tcp://127.0.0.1:")
        assert client.dashboard_link.startswith("http://127.0.0.1:")
        processes = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
        found = listening(psutil.Process()) - here_before
        found |= set().union(*map(listening, processes))
        assert len(found) >= 4 and {address for address, _ in found} == {"127.0.0.1"}
        assert parts.log_likelihood(Coins([1], [0.5])) < 0


def listening(process):
    return {tuple(c.laddr) for c in process.net_connections(kind="inet") if c.status == "LISTEN"}


NO_PROCESSES = """
import sys
sys.modules["_multiprocessing"] = None  # as in a browser's Python
import emlib
from emlib.beyond import on_processes
assert not any(name.startswith(("multiprocessing", "concurrent.futures.process")) for name in sys.modules)
start = emlib.Coins([0.5, 0.5], [0.2, 0.8])
with on_processes(emlib.BinomialMixture, [[1, 2], [9]]) as parts:
    *_, last = emlib.em(parts, start, 5)
*_, whole = emlib.em(emlib.BinomialMixture([1, 2, 9]), start, 5)
assert abs(last.log_likelihood - whole.log_likelihood) < 1e-12
"""


def test_where_there_are_no_processes_the_parts_take_turns():
    done = subprocess.run(
        [sys.executable, "-c", NO_PROCESSES], capture_output=True, text=True, cwd=Path(emlib.__path__[0]).parent
    )
    assert done.stderr == ""
    assert done.stdout == "This Python has no processes, as in a browser: the parts take turns.\n"


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "dask.distributed", None)
    with pytest.raises(ImportError, match=r'"pip install dask\[distributed\]"'), on_dask(BinomialMixture, PIECES):
        pass


@given(st.lists(st.integers(0, 4), min_size=2, max_size=6), st.integers(1, 5))
def test_any_split_sums_to_the_exact_statistics(heads, first):
    pieces = [piece for piece in (heads[:first], heads[first:]) if piece]
    weights, biases = [Fraction(1, 4), Fraction(3, 4)], [Fraction(1, 5), Fraction(2, 3)]
    likelihood, _, counts, expected_heads, tosses = brute_force(heads, [4] * len(heads), weights, biases)
    theta = Coins([float(w) for w in weights], [float(p) for p in biases])
    parts = PartitionedModel([BinomialMixture(piece, 4) for piece in pieces])
    statistics = parts.e_step(theta)
    assert statistics.counts == pytest.approx([float(c) for c in counts], rel=1e-12)
    assert statistics.heads == pytest.approx([float(h) for h in expected_heads], rel=1e-12, abs=1e-15)
    assert statistics.tosses == pytest.approx([float(t) for t in tosses], rel=1e-12)
    assert statistics.previous is theta
    assert np.exp(parts.log_likelihood(theta)) == pytest.approx(float(likelihood), rel=1e-10)


RNG = np.random.default_rng(3)
INCOMES = np.exp(RNG.normal(3, 0.5, 90))
ANSWERS = np.where(RNG.random((80, 2)) < 0.3, np.nan, RNG.integers(1, 4, (80, 2)))
FEATURES = np.where(RNG.random((60, 4)) < 0.2, np.nan, RNG.integers(0, 2, (60, 4)))


@pytest.mark.parametrize(
    ("make", "data", "start"),
    [
        (IncomeMixture, INCOMES, IncomeGroups([0.3, 0.7], [15, 30], 0.4)),
        (partial(JointCategorical, values=(1, 2, 3)), ANSWERS, np.arange(1, 10).reshape(3, 3) / 45),
        (NaiveBayes, FEATURES, Classes([0.5, 0.5], RNG.dirichlet([2, 2], size=(2, 4)))),
    ],
    ids=["incomes", "ratings", "naive Bayes"],
)
def test_every_model_of_the_course_can_be_split(make, data, start):
    assert_same_run(make(data), PartitionedModel([make(data[:7]), make(data[7:50]), make(data[50:])]), start)


def test_counts_can_be_split_too():
    assert_same_run(
        GeneticLinkage(), PartitionedModel([GeneticLinkage((100, 10, 0, 4)), GeneticLinkage((25, 8, 20, 30))]), 0.5, 10
    )


class Means(NamedTuple):
    counts: np.ndarray
    sums: list
    previous: str = "kept"


def test_statistics_may_be_any_structure():
    one = {"a": (1.0, [np.ones(2)]), "previous": "kept", "b": Means(np.arange(2), [1, 2.5])}
    total = add([one, one])
    assert total["a"] == (2.0, [pytest.approx(np.full(2, 2.0))]) and total["previous"] == "kept"
    assert type(total["a"]) is tuple and type(total["b"]) is Means
    assert total["b"].counts.tolist() == [0, 2] and total["b"].sums == [2, 5.0] and total["b"].previous == "kept"
    assert one["a"][1][0].tolist() == [1, 1] and one["b"].sums == [1, 2.5]


def test_a_model_of_ones_own_can_be_split():
    model, start = poissons()
    halves = [Poissons(model.counts[half], model.occurrences[half]) for half in (slice(0, 4), slice(4, None))]
    assert_same_run(model, PartitionedModel(halves), start, 10)


ONE, OTHER = BinomialMixture([1, 2]), BinomialMixture([3], learn_weights=False)


@pytest.mark.parametrize(
    ("models", "error", "words"),
    [
        ([], ValueError, "models must be one or more; there are none"),
        (ONE, TypeError, "models must be a list, one for each part of the data; it is <emlib.coins.BinomialMixture"),
        ([ONE, GeneticLinkage()], ValueError, "models must be of one kind; they are BinomialMixture, GeneticLinkage"),
        ([ONE, OTHER], ValueError, "models must have the same settings; learn_weights is True here, False there"),
        (
            [NaiveBayes([[0]]), NaiveBayes([[1]], (1, 2))],
            ValueError,
            r"models must have the same settings; values is \[0.0, 1.0\] here, \[1.0, 2.0\] there",
        ),
        ([ONE, 3], TypeError, "models must be models, .*; 3 has no e_step"),
        ([[1, 2], [3]], TypeError, r"models must be models, .*; \[1, 2\] has no e_step"),
        ([BinomialMixture], TypeError, "BinomialMixture'> is a class; call it with data"),
    ],
)
def test_what_are_no_parts_of_one_whole_is_named(models, error, words):
    with pytest.raises(error, match=words):
        PartitionedModel(models)


def test_a_script_without_a_guard_is_told_what_to_do(tmp_path):
    script = tmp_path / "script.py"
    lines = "from emlib.beyond import on_processes", "with on_processes(list, [[1]]):", "    pass"
    script.write_text("\n".join(lines), encoding="utf-8")
    known = os.environ | {"PYTHONPATH": str(Path(emlib.__path__[0]).parent)}
    done = subprocess.run([sys.executable, script], env=known, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1 and last.startswith("RuntimeError: the processes ended as they began")
    assert 'must stand under if __name__ == "__main__":' in last and "run.py export" in last


def test_a_map_and_a_make_can_be_called():
    with pytest.raises(TypeError, match="map must work as the built-in map does; it is 3"):
        PartitionedModel([ONE], 3)
    for spread in (on_processes, on_dask):
        if spread is on_dask:
            pytest.importorskip("distributed")
        with pytest.raises(TypeError, match="make must take a piece and return its model; it is 3"), spread(3, [1]):
            pass
        with pytest.raises(TypeError, match="pieces must be a list, .*; it is 7"), spread(BinomialMixture, 7):
            pass


@dataclass(frozen=True)
class Nested:
    inner: emlib.CoinStatistics
    number: float
    previous: str = "kept"


def test_adding_changes_nothing_that_it_is_given():
    one = Nested(emlib.CoinStatistics(np.ones(2), np.arange(2.0), np.full(2, 3.0)), 0.5)
    total = add([one, one, one])
    assert total.inner.counts.tolist() == [3, 3] and total.inner.heads.tolist() == [0, 3] and total.number == 1.5
    assert total.previous == "kept" and one.inner.counts.tolist() == [1, 1] and one.number == 0.5


@pytest.mark.parametrize(
    ("statistics", "words"),
    [
        ([], "statistics must be one or more; there are none"),
        ([1.0, np.ones(2)], r"statistics must be of one kind; they are \['float', 'ndarray'\]"),
        ([np.ones(2), np.ones(3)], r"the same shape in all parts; their shapes are \[\(2,\), \(3,\)\]"),
        (
            ["a", "b"],
            "statistics must be numbers, arrays, or tuples, lists, dicts or dataclasses of them; one is a str",
        ),
        ([(1.0, 2.0), (1.0,)], r"statistics must have the same entries in all parts; they are \(1.0, 2.0\) and"),
        ([{"a": 1.0}, {"b": 1.0}], "statistics must have the same entries in all parts; they are {'a': 1.0} and"),
    ],
)
def test_what_cannot_be_added_is_named(statistics, words):
    with pytest.raises(ValueError, match=words):
        add(statistics)
