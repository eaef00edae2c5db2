"""Standard errors and criteria of any model: analytic ones of coins, second differences in free parameters, by hand."""

from math import log, sqrt

import numpy as np
import pytest
from own_models import Gaussians, OneKnown, Poissons, Rates, ZeroInflated, gaussians, lifetimes, poissons

import emlib
from emlib import BinomialMixture, Coins, Mixture, squarem
from emlib.algorithm import parameters
from emlib.beyond import PartitionedModel, em_jacobian, information, slope_and_curvature
from emlib.beyond.information import Criteria, information_criteria, standard_errors
from emlib.models import Classes, GeneticLinkage, IncomeGroups, IncomeMixture, JointCategorical, NaiveBayes

LINKAGE = (15 + sqrt(53809)) / 394


def top(model, start):
    *_, last = squarem(model, start, 20_000, 1e-13)
    assert last.stop_reason.startswith("no parameter")
    return last.theta


def by_differences(log_likelihood, free, size=1e-3):
    """Covariance from second differences in parameters that know no constraint, with Richardson's extrapolation."""

    def hessian(size):
        number = len(free)
        moves = size * np.diag(np.maximum(np.abs(free), 0.1))
        return np.array(
            [
                [
                    (
                        log_likelihood(free + moves[i] + moves[j])
                        - log_likelihood(free + moves[i] - moves[j])
                        - log_likelihood(free - moves[i] + moves[j])
                        + log_likelihood(free - moves[i] - moves[j])
                    )
                    / (4 * moves[i, i] * moves[j, j])
                    for j in range(number)
                ]
                for i in range(number)
            ]
        )

    return np.linalg.inv(-(4 * hessian(size / 2) - hessian(size)) / 3)


@pytest.mark.parametrize("learn_weights", [True, False])
def test_coins_have_the_analytic_errors(learn_weights):
    """From the Hessian of the free parameters in `slope_and_curvature`, a derivation of its own."""
    heads = Coins([0.3, 0.4, 0.3], [0.1, 0.5, 0.9]).sample(1000, 10, seed=1).heads
    model = BinomialMixture(heads, 10, learn_weights=learn_weights)
    theta = top(model, Coins([0.3, 0.4, 0.3], [0.1, 0.5, 0.9]))
    free = 5 if learn_weights else 3
    covariance = np.linalg.inv(-slope_and_curvature(model, theta)[1][:free, :free])
    found = standard_errors(model, theta)
    assert found.free == free and found.errors.shape == (2, 3) and found.covariance.shape == (6, 6)
    assert found.covariance[3:, 3:] == pytest.approx(covariance[:3, :3], rel=1e-6, abs=1e-12)
    if learn_weights:
        last = covariance[3:, 3:].sum()
        assert found.errors[0] == pytest.approx(np.sqrt([*np.diag(covariance)[3:], last]), rel=1e-6)
        assert found.covariance[:3, :3].sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-12)  # they sum to 1
        assert found.covariance[3:, :2] == pytest.approx(covariance[:3, 3:], rel=1e-5, abs=1e-10)
    else:
        assert found.errors[0].tolist() == [0, 0, 0]
    assert found.errors == pytest.approx(np.sqrt(np.diag(found.covariance)).reshape(2, 3))
    criteria = information_criteria(model, theta)
    height = model.log_likelihood(theta)
    assert criteria == Criteria(height, free, 2 * free - 2 * height, pytest.approx(free * log(1000) - 2 * height))


def test_linkage_by_hand():
    """Minus the second derivative of the log-likelihood; and the complete information times 1 - Jacobian."""
    observed = 125 / (2 + LINKAGE) ** 2 + 38 / (1 - LINKAGE) ** 2 + 34 / LINKAGE**2
    found = standard_errors(GeneticLinkage(), LINKAGE)
    assert found.errors == pytest.approx(1 / sqrt(observed), rel=1e-7) and found.errors.shape == ()
    assert f"{found.errors:.4f}" == "0.0515" and found.free == 1
    _, second, third, fourth, fifth = GeneticLinkage().e_step(LINKAGE)
    complete = (second + fifth) / LINKAGE**2 + (third + fourth) / (1 - LINKAGE) ** 2
    rate = em_jacobian(GeneticLinkage(), LINKAGE)[0, 0]
    assert 1 / found.covariance[0, 0] == pytest.approx(complete * (1 - rate), rel=1e-6)
    criteria = information_criteria(GeneticLinkage(), LINKAGE)
    assert criteria.parameters == 1 and criteria.bic == pytest.approx(log(197) - 2 * criteria.log_likelihood)


def test_one_poisson_in_closed_form():
    """Nothing is hidden: the mean of n counts, with error sqrt(mean / n)."""
    model = Poissons([0, 1, 2, 5], [3, 4, 2, 1])
    theta = Rates(np.array([1.0]), np.array([1.3]))
    found = standard_errors(model, theta)
    assert found.errors.ravel() == pytest.approx([0, sqrt(1.3 / 10)], rel=1e-6) and found.free == 1
    assert information_criteria(model, theta).aic == pytest.approx(2 - 2 * model.log_likelihood(theta))


def weights(share):
    return np.array([share, 1 - share])


MODELS = {
    "Poisson": (
        *poissons(),
        lambda z: Rates(weights(z[0]), z[1:]),
        lambda t: [t.weights[0], *t.rates],
        [(0, 0), (1, 2), (2, 3)],
    ),
    "zero-inflated": (ZeroInflated(), [0.3, 2.0], list, list, [(0, 0), (1, 1)]),
    "one rate known": (
        poissons(OneKnown)[0],
        Rates(weights(0.5), np.array([1.25, 3])),
        lambda z: Rates(weights(z[0]), np.array([1.25, z[1]])),
        lambda t: [t.weights[0], t.rates[1]],
        [(0, 0), (1, 3)],
    ),
    "variances": (
        *gaussians(),
        lambda z: {"weights": weights(z[0]), "means": z[1:3], "variances": z[3:]},
        lambda t: [t["weights"][0], *t["means"], *t["variances"]],
        [(0, 0), (1, 2), (2, 3), (3, 4), (4, 5)],
    ),
    "censored": (
        *lifetimes(),
        lambda z: np.array([weights(z[0]), z[1:]]),
        lambda t: [t[0, 0], *t[1]],
        [(0, 0), (1, 2), (2, 3)],
    ),
    "incomes": (
        IncomeMixture(IncomeGroups([0.4, 0.6], [15_000, 40_000], 0.3).sample(300, seed=1).incomes),
        IncomeGroups([0.5, 0.5], [15_000, 40_000], 0.3),
        lambda z: IncomeGroups(weights(z[0]), np.exp(z[1:3]), z[3]),
        lambda t: [t.weights[0], *np.log(t.medians), t.spread],
        [(0, 0), (1, 2), (2, 3), (3, 4)],
    ),
    "classes": (
        NaiveBayes(Classes([0.4, 0.6], [[[0.8, 0.2]] * 3, [[0.3, 0.7]] * 3]).sample(500, seed=2).features),
        Classes([0.4, 0.6], [[[0.8, 0.2]] * 3, [[0.3, 0.7]] * 3]),
        lambda z: Classes(weights(z[0]), np.stack([z[1:], 1 - z[1:]], axis=1).reshape(2, 3, 2)),
        lambda t: [t.weights[0], *t.probabilities[..., 0].ravel()],
        [(0, 0), *((1 + i, 2 + 2 * i) for i in range(6))],
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_errors_are_those_of_second_differences(name):
    model, start, theta_of, free_of, places = MODELS[name]
    theta = top(model, start)
    covariance = by_differences(lambda z: model.log_likelihood(theta_of(z)), np.array(free_of(theta)))
    found = standard_errors(model, theta)
    assert found.free == len(covariance) == information_criteria(model, theta).parameters
    own, theirs = (np.array(indices) for indices in zip(*places, strict=True))
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    assert np.abs(found.covariance[np.ix_(theirs, theirs)] - covariance[np.ix_(own, own)]).max() < 1e-4 * scale.max()
    assert found.errors.ravel()[theirs] == pytest.approx(np.sqrt(np.diag(covariance))[own], rel=1e-4)
    assert found.errors.shape == parameters(theta).shape


class Exponential:
    """Waiting times of one rate, no mixture."""

    def e_step(self, theta):
        return 40.0, 10.0

    def m_step(self, statistics):
        return statistics[0] / statistics[1]

    def log_likelihood(self, theta):
        return float(40 * np.log(theta) - 10 * theta)


@pytest.mark.parametrize(
    "model", [Exponential(), PartitionedModel([GeneticLinkage(), GeneticLinkage()]), GeneticLinkage]
)
def test_what_is_no_mixture_is_refused_with_a_remedy(model):
    for ask in (standard_errors, information_criteria):
        with pytest.raises(TypeError, match=f"be a Mixture, .*: write it as one; it is a {type(model).__name__}: "):
            ask(model, 0.6)


def test_derivatives_of_a_polynomial_are_exact():
    """Slope and minus the Hessian along directions that are neither of length 1 nor at right angles."""
    ways = np.array([[1.0, 2, 0], [0, 1, -1]])

    def cubic(x):
        return 3 * x[0] - x[1] ** 2 + x[0] * x[2] + x[2] ** 3

    slope, bends = information._derivatives(cubic, np.array([1.0, 2, 3]), np.array, ways)
    gradient, hessian = np.array([3 + 3, -4, 1 + 27]), np.array([[0, 0, 1], [0, -2, 0], [1, 0, 18]])
    assert slope == pytest.approx(ways @ gradient, rel=1e-7)
    assert bends == pytest.approx(-ways @ hessian @ ways.T, rel=1e-6)


def test_where_a_function_has_no_value_the_border_is_named():
    with pytest.raises(ValueError, match=r"lie inside its borders, .*; near array\(\[0\.\]\) the log-.* is nan"):
        information._derivatives(np.sqrt, np.zeros(1), lambda array: float(array[0]), np.eye(1))


def test_numbers_of_theta_that_follow_from_others_are_not_free():
    class Twice(Poissons):
        """Keeps the squares of the rates, too."""

        def log_joint(self, theta):
            return super().log_joint(Rates(theta["weights"], theta["rates"]))

        def m_step(self, statistics):
            weights, rates = super().m_step(statistics)
            return {"weights": weights, "rates": rates, "squares": rates**2}

    model, start = poissons(Twice)
    theta = top(model, start._asdict() | {"squares": start.rates**2})
    plain = standard_errors(poissons()[0], Rates(theta["weights"], theta["rates"])).errors
    found = standard_errors(model, theta)
    assert found.free == 3 and found.errors[:4] == pytest.approx(plain.ravel(), rel=1e-3)
    assert found.errors[4:] == pytest.approx(2 * theta["rates"] * plain[1], rel=1e-3)  # delta method


class Pooled(Gaussians):
    """One variance, written down for every label: of the weighted squares, or of those of all data."""

    def m_step(self, statistics):
        theta = super().m_step(statistics)
        weights, means = theta["weights"], theta["means"]
        return theta | {"variances": np.full(len(weights), self.pooled(weights, means, theta["variances"]))}

    def pooled(self, weights, means, variances):
        return weights @ variances


class PooledFromAll(Pooled):
    def pooled(self, weights, means, variances):
        return np.mean(self.x**2) - weights @ means**2


@pytest.mark.parametrize("kind", [Pooled, PooledFromAll])
@pytest.mark.parametrize("labels", [2, 3])
def test_one_variance_counts_once_however_often_it_is_written_down(kind, labels):
    generator = np.random.default_rng(3)  # variances that are alike: then it matters
    model = kind(np.concatenate([generator.normal(mean, 1, 60) for mean in 4 * np.arange(labels)]))
    means = np.linspace(-1, 4 * labels - 3, labels)
    theta = top(model, {"weights": np.ones(labels) / labels, "means": means, "variances": np.full(labels, 2.0)})
    assert information_criteria(model, theta).parameters == labels - 1 + labels + 1
    if labels == 2:
        found = standard_errors(model, theta)
        assert found.errors[4] == pytest.approx(found.errors[5], rel=1e-9)

        def by_free(free):
            weights = np.array([free[0], 1 - free[0]])
            return model.log_likelihood({"weights": weights, "means": free[1:3], "variances": np.full(2, free[3])})

        free = np.array([theta["weights"][0], *theta["means"], theta["variances"][0]])
        errors = np.sqrt(np.diag(by_differences(by_free, free)))
        assert found.errors[[0, 2, 3, 4]] == pytest.approx(errors, rel=1e-3)


def test_covariances_have_as_many_free_numbers_as_a_half():
    class Plane(Mixture):
        """One normal distribution in a plane, so that all is known in closed form."""

        def __init__(self, x):
            self.x, self.occurrences = x, np.ones(len(x))

        def log_joint(self, theta):
            rest = self.x - theta["mean"]
            inverse = np.linalg.inv(theta["covariance"])
            distance = np.einsum("ni,ij,nj->n", rest, inverse, rest)
            return -(distance + np.log(np.linalg.det(theta["covariance"])) + 2 * np.log(2 * np.pi))[:, None] / 2

        def expected_statistics(self, responsibilities, theta):
            r = responsibilities[:, 0]
            return r.sum(), r @ self.x, np.einsum("n,ni,nj->ij", r, self.x, self.x)

        def m_step(self, statistics):
            number, first, second = statistics
            mean = first / number
            return {"mean": mean, "covariance": second / number - np.outer(mean, mean)}

    x = np.random.default_rng(0).multivariate_normal([1, 2], [[2, 0.5], [0.5, 1]], 400)
    model = Plane(x)
    theta = model.m_step(model.e_step({"mean": np.zeros(2), "covariance": np.eye(2)}))
    found = standard_errors(model, theta)
    c = theta["covariance"]
    assert found.free == 5
    assert found.errors[:2] == pytest.approx(np.sqrt(np.diag(c) / 400), rel=1e-5)
    # of covariances: (c_ii c_jj + c_ij^2) / n
    assert found.errors[2:] == pytest.approx(np.sqrt((np.outer(np.diag(c), np.diag(c)) + c**2) / 400).ravel(), rel=1e-4)


BORDER = BinomialMixture([0, 0, 0, 5, 6, 4, 5])
CHAPTER = BinomialMixture(emlib.chapter.heads)


@pytest.mark.parametrize(
    ("model", "theta", "words"),
    [
        (
            BORDER,
            top(BORDER, Coins([0.5, 0.5], [0, 0.5])),
            "must lie inside its borders, .* only 2 of 3 free parameters",
        ),
        (CHAPTER, top(CHAPTER, emlib.chapter.start), "must be a strict maximum; at Coins.* is flat in some direction"),
        (CHAPTER, Coins([0.5, 0.5], [0.415, 0.415]), "must be a strict maximum; at Coins.* is flat in some direction"),
        (BORDER, Coins([0.5, 0.5], [2 / 7, 2 / 7]), "must be a strict maximum; at Coins.* rises in some direction"),
        (GeneticLinkage(), 0.6, "theta must be a maximum; at 0.6 the log-likelihood still rises: run EM longer"),
        (BinomialMixture([10, 10]), Coins([1], [1]), "must have a number that the data can change; at Coins"),
        (CHAPTER, Coins([1], [0]), "has probability 0"),
        (GeneticLinkage(), np.nan, "theta must lie between 0 and 1"),
    ],
)
def test_where_there_are_no_errors_it_says_why(model, theta, words):
    with pytest.raises(ValueError, match=words):
        standard_errors(model, theta)


def test_parameters_at_a_border_are_counted():
    assert information_criteria(BORDER, top(BORDER, Coins([0.5, 0.5], [0, 0.5]))).parameters == 3
    assert information_criteria(CHAPTER, top(CHAPTER, emlib.chapter.start)).parameters == 5
    answers = np.array([[1, 1], [1, 2], [2, np.nan], [2, 2], [1, np.nan]])
    assert information_criteria(JointCategorical(answers, (1, 2)), np.full((2, 2), 0.25)).parameters == 3
    nobody_says_3 = NaiveBayes([[1, 1], [1, 2], [2, 1], [2, 2]], (1, 2, 3))
    theta = Classes([0.5, 0.5], [[[0.3, 0.7, 0], [0.4, 0.6, 0]], [[0.6, 0.4, 0], [0.5, 0.5, 0]]])
    assert information_criteria(nobody_says_3, theta).parameters == 5


@pytest.mark.parametrize("observations", [0, -3, np.nan, np.inf, [5], "many"])
def test_observations_are_a_number_above_0(observations):
    with pytest.raises(ValueError, match="observations must be"):
        information_criteria(GeneticLinkage(), 0.6, observations)


def test_a_theta_without_a_way_back_can_have_from_array():
    class Odd:
        def __init__(self, rates, note):
            self.rates, self.note = rates, note

        def __array__(self, dtype=None, copy=None):
            return np.array([*self.rates.weights, *self.rates.rates])

    class Odds(Poissons):
        def log_joint(self, theta):
            return super().log_joint(theta.rates)

        def m_step(self, statistics):
            return Odd(super().m_step(statistics), "")

    model, start = poissons()
    theta = Odd(top(model, start), "")
    with pytest.raises(ValueError, match="needs a method from_array"):
        standard_errors(poissons(Odds)[0], theta)
    found = standard_errors(poissons(Odds)[0], theta, lambda array: Odd(Rates(array[:2], array[2:]), ""))
    assert found.errors == pytest.approx(standard_errors(model, theta.rates).errors.ravel(), rel=1e-6)
