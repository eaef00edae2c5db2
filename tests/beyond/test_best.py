"""EM from many starts of any model: against a plain loop, and against the coins' own many starts."""

import numpy as np
import pytest
from own_models import Poissons, Rates, gaussians

import emlib
from emlib import BinomialMixture, Coins, best_of, local_maxima
from emlib.beyond import random_starts
from emlib.models import GeneticLinkage

A = BinomialMixture(emlib.data.A)


def test_coins_end_where_local_maxima_says():
    starts = [Coins(w, b) for w, b in zip(*random_starts(2, 30, seed=0), strict=True)]
    best, maxima = best_of(A, starts), local_maxima(A, 2, 30, seed=0)
    assert [end.log_likelihood for end in best.ends] == pytest.approx([m.log_likelihood for m in maxima], abs=1e-7)
    assert [end.share for end in best.ends] == pytest.approx([m.share for m in maxima])
    assert best.log_likelihood == best.ends[0].log_likelihood and best.theta is best.ends[0].theta
    assert np.sort(best.theta.biases) == pytest.approx(maxima[0].theta.biases, abs=1e-6)
    assert best.refused == {} and best.stopped == ()


def hills():
    """A model with a top for each whole number; EM goes half the way to the nearest. Heights: 1 / (1 + number)."""

    class Hills:
        def e_step(self, theta):
            return theta

        def m_step(self, statistics):
            return (statistics + np.round(statistics)) / 2

        def log_likelihood(self, theta):
            if theta < 0:
                raise ValueError(f"theta must be 0 or more; it is {theta}")
            return 1 / (1 + np.round(theta)) - (theta - np.round(theta)) ** 2

    return Hills()


def test_ends_are_grouped_by_height_and_starts_are_numbered():
    best = best_of(hills(), [2.2, -1.0, 0.3, 1.9, -2.0, 1.2, 2.4])
    assert [round(end.theta) for end in best.ends] == [0, 1, 2]
    assert [end.starts for end in best.ends] == [(2,), (5,), (0, 3, 6)]
    assert [end.share for end in best.ends] == [0.2, 0.2, 0.6]
    assert [end.log_likelihood for end in best.ends] == pytest.approx([1, 1 / 2, 1 / 3])
    assert best.refused == {1: "theta must be 0 or more; it is -1.0", 4: "theta must be 0 or more; it is -2.0"}
    assert best.log_likelihood == pytest.approx(1) and abs(best.theta) < 1e-8


def test_labels_that_are_switched_are_one_end():
    model, theta = gaussians()
    switched = {name: values[::-1] for name, values in theta.items()}
    best = best_of(model, [theta, switched])
    assert len(best.ends) == 1 and best.ends[0].starts == (0, 1) and best.ends[0].share == 1


@pytest.mark.parametrize(("apart", "ends"), [(0.9e-5, 1), (1.1e-5, 2)])
def test_how_near_heights_of_one_end_are(apart, ends):
    class Flat:
        def e_step(self, theta):
            return theta

        def m_step(self, statistics):
            return statistics

        def log_likelihood(self, theta):
            return theta

    assert len(best_of(Flat(), [0.0, apart]).ends) == ends
    # Rounding grows with the height: 1e-9 of it.
    assert len(best_of(Flat(), [-1e6, -1e6 + 100 * apart]).ends) == ends


def test_starts_stopped_at_the_limit_are_named():
    best = best_of(hills(), [0.25, 0.0, 1.25], max_iterations=3, tolerance=1e-3)
    assert best.stopped == (0, 2) and best.ends[0].theta == 0.0
    assert best_of(hills(), [0.25], 3, 0.05).stopped == ()
    only = best_of(hills(), [0.25], max_iterations=0)
    assert only.theta == 0.25 and only.stopped == (0,)


def test_progress_is_told_and_ends_the_work_with_what_is_found():
    shares = []
    best_of(hills(), [0.2, 1.2, 2.2, 3.2], progress=shares.append)
    assert shares == [0, 0.25, 0.5, 0.75, 1]

    def stop_at(limit):
        def progress(share):
            if share >= limit:
                raise StopIteration
            return None

        return progress

    best = best_of(hills(), [2.2, 1.2, 0.2, 3.2], progress=stop_at(0.5))
    assert [end.starts for end in best.ends] == [(1,), (0,)] and [end.share for end in best.ends] == [0.5, 0.5]
    nothing = best_of(hills(), [2.2, 1.2], progress=stop_at(0))
    assert nothing.theta is None and nothing.log_likelihood == -np.inf and nothing.ends == ()
    assert best_of(hills(), [2.2, 1.2], progress=stop_at(1)).ends[0].starts == (1,)


def test_progress_is_heard_within_a_long_run_which_is_then_dropped():
    class Slow(GeneticLinkage):
        def m_step(self, statistics):
            self.steps = getattr(self, "steps", 0) + 1
            return 0.6 + 0.01 / self.steps

        def log_likelihood(self, theta):
            return -theta

    model, told = Slow(), []

    def progress(share):
        told.append((share, getattr(model, "steps", 0)))
        if len(told) == 4:
            raise StopIteration

    best = best_of(model, [0.7, 0.7], 150, 0, progress)
    assert told == [(0, 0), (0, 99), (0.5, 150), (0.5, 249)] and best.ends[0].starts == (0,)


def test_other_errors_come_through():
    class Broken(GeneticLinkage):
        def m_step(self, statistics):
            raise RuntimeError("lost")

    with pytest.raises(RuntimeError, match="lost"):
        best_of(Broken(), [0.5])
    with pytest.raises(TypeError, match="theta must be a Coins"):
        best_of(A, [[0.5]])


def test_a_start_that_turns_nan_is_refused_in_words():
    starts = [Rates(np.array([0.5, 0.5]), np.array(rates)) for rates in ([1.0, 3], [1, np.nan], [0, 2.0])]
    with np.errstate(all="ignore"):
        best = best_of(Poissons(range(4), [5, 6, 4, 3]), starts)
    assert list(best.refused) == [1, 2] and best.ends[0].starts == (0,)
    assert all("nan" in words for words in best.refused.values())


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"starts": []}, ValueError, "starts must be one or more thetas; there are none"),
        ({"starts": 3}, TypeError, "starts must be a list of thetas; it is 3"),
        ({"starts": Coins([1], [0.5])}, TypeError, "starts must be a list of thetas; it is Coins"),
        ({"starts": Rates(1, 2)}, TypeError, r"starts must be a list of thetas; it is Rates"),
        ({"starts": {"a": 1}}, TypeError, "starts must be a list of thetas; it is {'a': 1}"),
        ({"starts": "0.5"}, TypeError, "starts must be a list of thetas; it is '0.5'"),
        (
            {"starts": [-1.0, -2.0]},
            ValueError,
            "starts must hold one or more from which EM can run; of start 0 .*: theta must be 0 or more; it is -1",
        ),
        ({"max_iterations": -1}, ValueError, "max_iterations must be a whole number, 0 or more; it is -1"),
        ({"tolerance": np.nan}, ValueError, "tolerance must be a finite number, 0 or more; it is nan"),
        ({"tolerance": np.inf}, ValueError, "tolerance must be a finite number, 0 or more; it is inf"),
        ({"tolerance": -1}, ValueError, "tolerance must be a finite number, 0 or more; it is -1"),
        ({"tolerance": "small"}, ValueError, "tolerance must be a finite number, 0 or more; it is 'small'"),
        ({"progress": 1}, TypeError, "progress must be callable .*; it is 1"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error, match=f"^{words}"):
        best_of(**{"model": hills(), "starts": [0.2]} | arguments)


def test_starts_may_be_rows_of_an_array_or_come_one_by_one():
    model = Poissons(range(4), [5, 6, 4, 3])

    class Table(Poissons):
        def log_joint(self, theta):
            return super().log_joint(Rates(*theta))

        def m_step(self, statistics):
            return np.array(super().m_step(statistics))

    table = Table(range(4), [5, 6, 4, 3])
    starts = np.array([[[0.5, 0.5], [1, 3]], [[0.2, 0.8], [0.5, 2]]])
    rows = best_of(table, starts)
    generated = best_of(model, (Rates(*start) for start in starts))
    assert rows.log_likelihood == generated.log_likelihood
    *_, last = emlib.em(model, Rates(*starts[0]), 2000, 1e-9)
    assert rows.log_likelihood == pytest.approx(last.log_likelihood, abs=1e-7)
