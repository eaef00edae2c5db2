"""What every mixture shares: its worked example, its arithmetic against plain sums, its errors in words."""

import doctest
from math import exp, log

import numpy as np
import pytest
from own_models import Poissons, Rates, poissons

import emlib
from emlib.mixture import shares
from emlib.models.labels import known_labels, mask_known_labels, numbers_like


def test_the_worked_example_runs_and_is_a_dozen_lines():
    results = doctest.testmod(emlib.mixture)
    assert results.attempted >= 8 and results.failed == 0


def test_the_worked_example_ends_at_the_maximum():
    """Against scipy, on the data of the example."""
    from scipy.optimize import minimize
    from scipy.stats import poisson

    counts, seen = np.array([0, 1, 2, 3, 4, 5, 7]), np.array([9, 11, 8, 5, 3, 3, 1])

    def minus(z):
        weight = 1 / (1 + exp(-z[0]))
        return -seen @ np.log(weight * poisson.pmf(counts, exp(z[1])) + (1 - weight) * poisson.pmf(counts, exp(z[2])))

    best = minimize(minus, [0, 0, 1], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 5000})
    assert round(-best.fun, 3) == -71.906
    assert [round(1 / (1 + exp(-best.x[0])), 3), *np.exp(best.x[1:]).round(3)] == [0.555, 0.985, 3.042]


def test_e_step_and_likelihood_are_the_plain_sums():
    model, theta = poissons()
    joint = np.exp(model.log_joint(theta))
    height = sum(count * log(sum(row)) for count, row in zip(model.occurrences, joint.tolist(), strict=True))
    assert model.log_likelihood(theta) == pytest.approx(height, rel=1e-14)
    assert isinstance(model.log_likelihood(theta), float)
    posterior = joint / joint.sum(axis=1, keepdims=True)
    assert model.responsibilities(theta) == pytest.approx(posterior, rel=1e-12)
    assert model.log_marginal(theta) == pytest.approx(np.log(joint.sum(axis=1)), rel=1e-12)
    number, total = model.e_step(theta)
    assert number == pytest.approx(model.occurrences @ posterior)
    assert total == pytest.approx((model.occurrences * model.counts) @ posterior)


def test_lists_will_do():
    class Lists(Poissons):
        def log_joint(self, theta):
            return super().log_joint(theta).tolist()

    model, theta = poissons(Lists)
    model.occurrences = model.occurrences.tolist()
    assert model.log_likelihood(theta) == poissons()[0].log_likelihood(theta)
    assert np.array_equal(model.responsibilities(theta), poissons()[0].responsibilities(theta))


def changed(change, occurrences=(1.0, 2.0, 3.0)):
    """A model of three observations and two labels, with a log joint that is then changed."""

    class Changed(Poissons):
        def log_joint(self, theta):
            return change(super().log_joint(theta))

    model = Changed([0, 1, 2], [1, 2, 3])
    if occurrences is None:
        del model.occurrences
    else:
        model.occurrences = occurrences
    return model


def put(value):
    def change(array):
        array[2, 1] = value
        return array

    return change


THETA = Rates(np.array([0.5, 0.5]), np.array([1.0, 2.0]))
SHAPE = r"log_joint must be of shape \(M, K\) = \({}, K\), a row for each of the {} occurrences"


@pytest.mark.parametrize(
    ("change", "occurrences", "words"),
    [
        (np.transpose, [1, 2, 3], SHAPE.format(3, 3) + r".*; its shape is \(2, 3\); transpose it$"),
        (lambda a: a[:, 0], [1, 2, 3], SHAPE.format(3, 3) + r" and a column for each label; its shape is \(3,\)$"),
        (lambda a: a[None], [1, 2, 3], r"its shape is \(1, 3, 2\)$"),
        (lambda a: a[:2], [1, 2, 3], r"its shape is \(2, 2\)$"),
        (lambda a: a[:, :0], [1, 2, 3], r"its shape is \(3, 0\)$"),
        (np.array, [1, 2, 3, 4], SHAPE.format(4, 4) + r" and a column for each label; its shape is \(3, 2\)$"),
        (np.array, [1, 2], SHAPE.format(2, 2) + r" and a column for each label; its shape is \(3, 2\); transpose it$"),
        (np.array, None, r"occurrences must say .*; the model has none: set self.occurrences, to numpy.ones\(N\)"),
        (np.array, 3, r"occurrences must be a list, one number per distinct observation; their shape is \(\)"),
        (np.array, np.ones((3, 1)), r"occurrences must be a list, .*; their shape is \(3, 1\)"),
        (put(np.nan), [1, 2, 3], "of distinct observation 2 with label 1, both counted from 0, it is nan under Rates"),
        (put(np.inf), [1, 2, 3], "log_joint must be logarithms, finite or minus infinity; of .* it is inf under Rates"),
        (lambda a: a - np.inf, [1, 2, 3], "distinct observation 0, counted from 0, has probability 0 under Rates"),
    ],
)
@pytest.mark.parametrize("method", ["log_likelihood", "e_step", "responsibilities", "log_marginal"])
def test_what_is_no_table_of_logarithms_is_named(change, occurrences, words, method):
    with pytest.raises(ValueError, match=words):
        getattr(changed(change, occurrences), method)(THETA)


def test_one_label_may_be_impossible():
    model = changed(put(-np.inf))
    assert model.responsibilities(THETA)[2].tolist() == [1, 0]
    assert np.isfinite(model.log_likelihood(THETA))


def test_known_labels():
    assert known_labels(None, 3).tolist() == [-1, -1, -1]
    assert known_labels([0, np.nan, 2.0], 3).tolist() == [0, -1, 2]
    assert known_labels([1, None, -1], 3).tolist() == [1, -1, -1]
    assert known_labels(np.ma.masked_array([1, 0, 2], [False, True, False]), 3).tolist() == [1, -1, 2]
    pandas = pytest.importorskip("pandas")
    assert known_labels(pandas.Series([1, None, 0], dtype="Int64"), 3).tolist() == [1, -1, 0]
    assert known_labels(np.array([1, 0, 2], dtype=np.int8), 3).dtype == int
    for wrong, words in (
        ([0, 0.5, 1], "labels must be whole numbers, -1 or more; one of them is 0.5"),
        ([0, -2, 1], "labels must be whole numbers, -1 or more; one of them is -2"),
        ([0, np.inf, 1], "labels must be whole numbers, -1 or more; one of them is inf"),
        (["a", "b", "c"], "labels must be numbers"),
        ([0, 1], r"labels must be 3, one per observation; their shape is \(2,\)"),
        (1, r"labels must be 3, one per observation; their shape is \(\)"),
    ):
        with pytest.raises(ValueError, match=words):
            known_labels(wrong, 3)


def test_only_known_labels_stay_possible():
    table = mask_known_labels(np.zeros((3, 2)), np.array([-1, 0, 1]))
    assert table.tolist() == [[0, 0], [0, -np.inf], [-np.inf, 0]]
    with pytest.raises(ValueError, match="labels must be from 0 to 1, or -1; one of them is 2"):
        mask_known_labels(np.zeros((1, 2)), np.array([2]))


def test_shapes_of_what_is_handed_in():
    assert shares([[0.5, 0.5]], 1, 2).tolist() == [[0.5, 0.5]]
    with pytest.raises(ValueError, match=r"responsibilities must be of shape \(2, 1\); their shape is \(1, 2\)"):
        shares([[0.5, 0.5]], 2, 1)
    assert numbers_like("array", [1, 2], THETA.rates).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match=r"array must be of shape \(2,\); its shape is \(3,\)"):
        numbers_like("array", [1, 2, 3], THETA.rates)


@pytest.mark.parametrize(("wrong", "said"), [(-0.25, "-0.25"), (np.inf, "inf"), (np.nan, "nan")])
def test_shares_that_are_none_are_named(wrong, said):
    for given in (np.array([[0.5, 0.5], [1, wrong]]), [[0.5, 0.5], [1, wrong]]):
        with pytest.raises(ValueError) as refused:
            shares(given, 2, 2)
        assert str(refused.value) == f"responsibilities must be finite numbers, 0 or more; one of them is {said}"
    with pytest.raises(ValueError, match="^responsibilities must "):
        shares([["a", "b"]], 1, 2)
