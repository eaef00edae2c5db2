"""check_model: silent on right models of all kinds, a sentence of its own for each mistake."""

import re
import warnings
from copy import deepcopy
from typing import NamedTuple

import numpy as np
import pytest
from own_models import (
    Gaussians,
    HiddenChain,
    Lifetimes,
    OneKnown,
    Poissons,
    Rates,
    ZeroInflated,
    gaussians,
    hidden_chain,
    lifetimes,
    poissons,
    swapped_coins,
)
from scipy import stats

import emlib
from emlib import BinomialMixture, Coins, Mixture, check_model
from emlib.algorithm import Step
from emlib.beyond import PartitionedModel, own_model
from emlib.beyond.acceleration import converter
from emlib.models import Classes, GeneticLinkage, IncomeGroups, IncomeMixture, JointCategorical, NaiveBayes

RNG = np.random.default_rng(3)
HEADS = [0, 0, 1, 5, 6, 9, 10, 10]
INCOMES = IncomeGroups([0.4, 0.6], [15, 40], 0.3).sample(200, seed=1).incomes
ANSWERS = np.where(RNG.random((80, 2)) < 0.3, np.nan, RNG.integers(1, 4, (80, 2)))
FEATURES = np.where(RNG.random((60, 4)) < 0.2, np.nan, RNG.integers(0, 2, (60, 4)))


class Regressions(Mixture):
    """Two lines with one spread, which the M-step takes from the data; theta is a flat array."""

    def __init__(self, x, y):
        self.x, self.y, self.occurrences = np.stack([np.ones_like(x), x], axis=1), y, np.ones(len(x))

    def log_joint(self, theta):
        return np.log(theta[:2]) + stats.norm.logpdf(self.y[:, None], self.x @ theta[2:6].reshape(2, 2), theta[6])

    def expected_statistics(self, responsibilities, theta):
        return responsibilities

    def m_step(self, statistics):
        lines = [np.linalg.lstsq(np.sqrt(r)[:, None] * self.x, np.sqrt(r) * self.y)[0] for r in statistics.T]
        rest = (statistics * (self.y[:, None] - self.x @ np.transpose(lines)) ** 2).sum()
        return np.concatenate([statistics.mean(axis=0), np.transpose(lines).ravel(), [np.sqrt(rest / len(self.y))]])


class Planes(Mixture):
    """Normal distributions in a plane: covariances say everything twice, and start as unit matrices."""

    def __init__(self, x):
        self.x, self.occurrences = x, np.ones(len(x))

    def log_joint(self, theta):
        logs = [stats.multivariate_normal(m, c).logpdf(self.x) for m, c in zip(*theta[1:], strict=True)]
        return np.log(theta[0]) + np.transpose(logs)

    def expected_statistics(self, responsibilities, theta):
        r, x = responsibilities, self.x
        return r.sum(axis=0), r.T @ x, np.einsum("nk,ni,nj->kij", r, x, x)

    def m_step(self, statistics):
        number, first, second = statistics
        means = first / number[:, None]
        covariances = second / number[:, None, None] - np.einsum("ki,kj->kij", means, means)
        return number / number.sum(), means, covariances


class HeavyTails(Mixture):
    """Student's t with 4 degrees of freedom: besides the labels a variance of each observation is hidden."""

    def __init__(self, x):
        self.x, self.occurrences = x, np.ones(len(x))

    def log_joint(self, theta):
        return np.log(theta[0]) + stats.t.logpdf(self.x[:, None], 4, theta[1], theta[2])

    def expected_statistics(self, responsibilities, theta):
        u = responsibilities * 5 / (4 + ((self.x[:, None] - theta[1]) / theta[2]) ** 2)
        return responsibilities.sum(axis=0), u.sum(axis=0), self.x @ u, self.x**2 @ u

    def m_step(self, statistics):
        number, u, first, second = statistics
        means = first / u
        return np.array([number / number.sum(), means, np.sqrt((second - means * first) / number)])


class OneVariance(Gaussians):
    """With the variance of all labels together, by the squares of all data."""

    def log_joint(self, theta):
        return super().log_joint(theta | {"variances": theta["variance"]})

    def m_step(self, statistics):
        number, first, _ = statistics
        means = first / number
        return {
            "weights": number / number.sum(),
            "means": means,
            "variance": (self.x @ self.x - first @ means) / len(self.x),
        }


class Doubled(Poissons):
    """The second rate is twice the first."""

    def log_joint(self, theta):
        return super().log_joint(Rates(theta[0], theta[1] * np.array([1, 2])))

    def m_step(self, statistics):
        number, total = statistics
        return number / number.sum(), total.sum() / (number @ [1, 2])


def right_models():
    x = np.linspace(0, 4, 60)
    plane = np.vstack([RNG.normal(0, 1, (30, 2)), RNG.normal([3, 2], [1, 2], (25, 2))])
    tails = np.concatenate([RNG.standard_t(4, 40), 5 + 2 * RNG.standard_t(4, 40)])
    half = np.array([0.5, 0.5])
    return {
        "Poisson": poissons(),
        "three": (poissons()[0], Rates(np.array([0.3, 0.4, 0.3]), np.array([1.0, 2, 4]))),
        "one": (poissons()[0], Rates(np.array([1.0]), np.array([1.0]))),
        "rates that sum to 1": (poissons()[0], Rates(np.array([0.3, 0.7]), np.array([0.25, 0.75]))),
        "one rate known": (poissons(OneKnown)[0], Rates(half, np.array([1.25, 3]))),
        "rates tied": (poissons(Doubled)[0], (half, 1.0)),
        "zero-inflated": (ZeroInflated(), [0.3, 2.0]),
        "twice its zeros are no share": (ZeroInflated(), [0.7, 2.0]),
        "variances": gaussians(),
        "one variance": (gaussians(OneVariance)[0], {"weights": half, "means": np.array([-1, 5.0]), "variance": 1.0}),
        "censored": lifetimes(),
        "heavy tails": (HeavyTails(tails), np.array([[0.5, 0.5], [-1, 4.0], [1, 1]])),
        "regressions": (
            Regressions(x, np.where(x % 0.5 < 0.25, 1 + 2 * x, 5 - x)),
            np.array([0.5, 0.5, 0, 4, 1, 0, 1]),
        ),
        "planes": (Planes(plane), (half, np.array([[0, 0], [2, 2.0]]), np.array([np.eye(2)] * 2))),
        "hidden chain": hidden_chain(),
        "a bias that goes to 1": swapped_coins(),
        "equal states": (hidden_chain()[0], (half, np.full((2, 2), 0.5), np.full((2, 3), 1 / 3))),
        "coins": (BinomialMixture(emlib.chapter.heads), emlib.chapter.start),
        "biases 0 and 1": (BinomialMixture(HEADS), Coins([0.2, 0.3, 0.5], [0, 0.5, 1])),
        "given weights": (BinomialMixture(HEADS, learn_weights=False), Coins([0.2, 0.3, 0.5], [0.1, 0.5, 0.9])),
        "a coin not used": (BinomialMixture(HEADS), Coins([0, 0.5, 0.5], [0.1, 0.5, 0.9])),
        "equal coins": (BinomialMixture(HEADS), Coins([0.5, 0.5], [0.1, 0.1])),
        "incomes": (IncomeMixture(INCOMES), IncomeGroups([0.5, 0.5], [10, 50], 0.5)),
        "one group": (IncomeMixture(INCOMES), IncomeGroups([1], [10], 0.5)),
        "linkage": (GeneticLinkage(), 0.5),
        "classes": (NaiveBayes(FEATURES), Classes([0.5, 0.5], RNG.dirichlet([2, 2], size=(2, 4)))),
        "an answer nobody gave": (
            NaiveBayes(RNG.integers(1, 4, (60, 2)), (1, 2, 3, 4), labels=[0, 1] + [-1] * 58),
            Classes([0.5, 0.5], RNG.dirichlet([2] * 4, size=(2, 2))),
        ),
        "ratings": (JointCategorical(ANSWERS, (1, 2, 3)), np.arange(1, 10).reshape(3, 3) / 45),
        "parts": (PartitionedModel([GeneticLinkage((100, 10, 0, 4)), GeneticLinkage((25, 8, 20, 30))]), 0.5),
    }


@pytest.mark.parametrize("name", right_models())
def test_nothing_is_said_of_right_models(name):
    model, theta = right_models()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        findings = check_model(model, theta)
    assert findings == [] and repr(findings) == "nothing wrong was found"


# --- mistakes, each with its own sentence


class NoOccurrences(Poissons):
    def expected_statistics(self, responsibilities, theta):
        return responsibilities.sum(axis=0), self.counts @ responsibilities


class Probabilities(Poissons):
    def log_joint(self, theta):
        return np.exp(super().log_joint(theta))


class BothOfThese(NoOccurrences, Probabilities):
    pass


class Densities(Gaussians):
    def log_joint(self, theta):
        return np.exp(super().log_joint(theta)) * 30  # as in a small unit: more than 1


class Transposed(Poissons):
    def log_joint(self, theta):
        return super().log_joint(theta).T


class MeansForRates(Poissons):
    def m_step(self, statistics):
        weights, rates = super().m_step(statistics)
        return Rates(weights, 1 / rates)


class CensoredMeansForRates(Lifetimes):
    def m_step(self, statistics):
        weights, rates = super().m_step(statistics)
        return np.array([weights, 1 / rates])


class Deviations(Gaussians):
    def m_step(self, statistics):
        theta = super().m_step(statistics)
        return theta | {"variances": np.sqrt(theta["variances"])}


class Variances(Gaussians):
    def log_joint(self, theta):
        return super().log_joint(theta | {"variances": theta["variances"] ** 2})


class Unnormalised(Poissons):
    def m_step(self, statistics):
        return super().m_step(statistics)._replace(weights=statistics[0])


class Forgotten(Poissons):
    def log_joint(self, theta):
        return super().log_joint(theta) - np.log(theta.weights)


class Nan(Poissons):
    def log_joint(self, theta):
        table = super().log_joint(theta)
        table[2, 1] = np.nan
        return table


class Impossible(Poissons):
    def log_joint(self, theta):
        table = super().log_joint(theta)
        table[2] = -np.inf
        return table


class NoOccurrencesAtAll(Poissons):
    def __init__(self, counts, occurrences):
        super().__init__(counts, occurrences)
        del self.occurrences


class NegativeOccurrences(Poissons):
    def __init__(self, counts, occurrences):
        super().__init__(counts, -np.array(occurrences))


class PlainTuple(Poissons):
    def m_step(self, statistics):
        return tuple(super().m_step(statistics))


class FewerNumbers(Poissons):
    def m_step(self, statistics):
        return Rates(*(row[:1] for row in super().m_step(statistics)))


class ChangesTheta(Poissons):
    def log_joint(self, theta):
        theta.rates[:] = np.minimum(theta.rates, 2.5)
        return super().log_joint(theta)


class ChangesShares(Poissons):
    def expected_statistics(self, responsibilities, theta):
        responsibilities *= self.occurrences[:, None]
        return responsibilities.sum(axis=0), self.counts @ responsibilities


class ChangesStatistics(Poissons):
    def m_step(self, statistics):
        statistics[0][:] = statistics[0] / statistics[0].sum()
        return Rates(statistics[0].copy(), statistics[1] / statistics[0] / 1096)


class ChangesData(Poissons):
    def expected_statistics(self, responsibilities, theta):
        self.counts += 1e-3
        return super().expected_statistics(responsibilities, theta)


class TooHigh(Poissons):
    def m_step(self, statistics):
        weights, rates = super().m_step(statistics)
        return Rates(weights, rates * 1.02)


class TransposedStatistics(Gaussians):
    def expected_statistics(self, responsibilities, theta):
        return super().expected_statistics(responsibilities.T, theta)


class NanStatistics(Poissons):
    def expected_statistics(self, responsibilities, theta):
        return responsibilities.sum(axis=0) * np.nan, self.counts @ responsibilities


class NanTheta(Poissons):
    def m_step(self, statistics):
        return Rates(np.array([np.nan, 1]), np.array([1.0, 2]))


class Half:
    """Not a mixture: a model for `em` whose likelihood is highest at 2, while EM goes to 1."""

    def e_step(self, theta):
        return theta

    def m_step(self, statistics):
        return (1 + statistics) / 2

    def log_likelihood(self, theta):
        return -((theta - 2) ** 2)


class RateOfOne:
    """Counts with one rate; nothing is hidden, and the M-step returns the mean of the waiting times."""

    def e_step(self, theta):
        return 40.0

    def m_step(self, statistics):
        return 10 / statistics

    def log_likelihood(self, theta):
        return 40 * np.log(theta) - 10 * theta


class NoNumber(HiddenChain):
    def log_likelihood(self, theta):
        return np.log(self._passes(theta)[-1])


OF_RATES = "; the reciprocals of these numbers are better, as a rate"
MISTAKES = {
    "occurrences forgotten": (poissons(NoOccurrences), "the statistics do not include the occurrences"),
    "probabilities": (poissons(Probabilities), r"log_joint returns probabilities \(or densities\), not their log"),
    "densities": (gaussians(Densities), r"log_joint returns probabilities \(or densities\), not their logarithms"),
    "transposed": (poissons(Transposed), r"its shape is \(2, 10\); transpose it"),
    "means": (poissons(MeansForRates), "does not maximise, in numbers 2 and 3 of theta: .* nats higher .*" + OF_RATES),
    "censored": (lifetimes(CensoredMeansForRates), "log-likelihood falls .* numbers 2 and 3 of theta" + OF_RATES),
    "deviations": (gaussians(Deviations), "m_step does not maximise, in numbers 4 and 5 of theta: .* near by$"),
    "variances": (gaussians(Variances), "m_step does not maximise, in numbers 4 and 5 of theta: .* near by$"),
    "too high": (poissons(TooHigh), "m_step does not maximise, in numbers 2 and 3 of theta: .* near by$"),
    "weights not normalised": (poissons(Unnormalised), "weights that sum to 1; its numbers 0 and 1 sum to 1096"),
    "weights forgotten": (poissons(Forgotten), "log_joint does not look at the weights, numbers 0 and 1 of theta: add"),
    "nan": (poissons(Nan), "log_likelihood raises ValueError: .* observation 2 with label 1, .* it is nan"),
    "impossible": (poissons(Impossible), "distinct observation 2, counted from 0, has probability 0"),
    "no occurrences": (poissons(NoOccurrencesAtAll), "the model has none: set self.occurrences"),
    "negative": (poissons(NegativeOccurrences), "occurrences must be finite numbers, 0 or more and not all 0"),
    "plain tuple": (poissons(PlainTuple), "the start is a Rates, m_step returns a tuple"),
    "fewer": (poissons(FewerNumbers), r"m_step must return numbers of theta's shape \(2, 2\); their shape is \(2, 1\)"),
    "changes theta": (poissons(ChangesTheta), "a step changes the theta that it is given, from .*: it must return a"),
    "changes shares": (
        poissons(ChangesShares),
        "^expected_statistics changes the responsibilities that it is given: it must work on a copy$",
    ),
    "changes statistics": (
        poissons(ChangesStatistics),
        "^m_step changes the statistics that it is given: it must work on copies$",
    ),
    "changes data": (
        poissons(ChangesData),
        "^a step changes counts of the model: the data and all else in a model must stay as they are$",
    ),
    "statistics": (gaussians(TransposedStatistics), "expected_statistics raises ValueError: matmul"),
    "nan statistics": (poissons(NanStatistics), "m_step must return finite numbers"),
    "nan theta": (poissons(NanTheta), "m_step must return finite numbers"),
    "falls": ((Half(), 4.0), "the log-likelihood falls from -0.0625 to -0.390625 in iteration 3"),
    "rate of one": ((RateOfOne(), 2.0), "log-likelihood falls .* number 0 of theta" + OF_RATES),
    "no number": (hidden_chain(NoNumber), "log_likelihood must be one finite number"),
    "theta": (
        (poissons()[0], Rates(np.array([0.5, 0.7]), np.array([1.0, 3]))),
        "numbers 0 and 1 of the theta given sum to 1.2",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_has_its_sentence(name):
    (model, theta), words = deepcopy(MISTAKES[name])  # some change what they are given
    findings = check_model(model, theta)
    assert findings and all(isinstance(finding, str) for finding in findings)
    assert re.search(words, findings[0]), findings
    assert repr(findings).startswith("- ") and len(repr(findings).splitlines()) >= len(findings)


def test_two_mistakes_are_two_sentences_and_the_general_one_is_not_said():
    findings = check_model(*poissons(BothOfThese))
    assert len(findings) == 2 and "probabilities" in findings[0] and "occurrences" in findings[1]
    assert repr(findings) == f"- {findings[0]}\n- {findings[1]}"
    assert len(check_model(*poissons(NoOccurrences))) == 1
    assert len(check_model(*poissons(MeansForRates))) == 1


def test_how_much_better_a_neighbour_is():
    """Twice the rate, one Poisson: 60 log rate - 40 rate, by hand; no theta is better than half of it."""

    class Twice(Poissons):
        def m_step(self, statistics):
            weights, rates = super().m_step(statistics)
            return Rates(weights, 2 * rates)

    model = Twice([0, 1, 2, 3], [10, 10, 10, 10])
    (finding,) = check_model(model, Rates(np.array([1.0]), np.array([1.5])))
    gain = float(re.search("number 1 of theta: .* is (.*) nats higher", finding)[1])
    most = 60 * np.log(1.5) - 60 - (60 * np.log(3) - 120)
    assert 0.3 * most < gain < most


def test_of_more_hidden_than_labels_the_likelihood_tells():
    """Where the M-step cannot be tried alone."""

    class Tallies(Lifetimes):
        """Each time was seen as often as it is written; the statistics forget it."""

        def __init__(self, times, censored):
            super().__init__(times, censored)
            self.occurrences = np.where(self.times > 3, 5.0, 1.0)

    class Exponentials(Lifetimes):
        def log_joint(self, theta):
            return np.exp(super().log_joint(theta) - 3)

    (finding,) = check_model(*lifetimes(Tallies))
    assert "the statistics do not include the occurrences" in finding
    (finding,) = check_model(*lifetimes(Exponentials))
    assert "log_joint returns probabilities" in finding


def test_a_theta_without_a_way_back_is_said_and_the_rest_is_looked_at():
    class Odd:
        def __init__(self, weights, rates, note):
            self.weights, self.rates, self.note = weights, rates, note

        def __array__(self, dtype=None, copy=None):
            return np.stack([self.weights, self.rates])

    class Odds(NoOccurrences):
        def m_step(self, statistics):
            return Odd(*super().m_step(statistics), "made by an M-step")

    findings = check_model(poissons(Odds)[0], Odd(*poissons()[1], "a start"))
    assert "squarem and em_jacobian cannot make a theta from numbers" in findings[0] and "from_array" in findings[0]
    assert "occurrences" in findings[1]


def test_of_a_fall_that_reciprocals_do_not_explain_they_are_not_said():
    class Down:
        def e_step(self, theta):
            return theta

        def m_step(self, statistics):
            return statistics - 1

        def log_likelihood(self, theta):
            return theta

    (finding,) = check_model(Down(), 50.0)
    assert finding == "the log-likelihood falls from 50 to 49 in iteration 1, which with EM it never does"


def test_a_fall_far_from_the_start_is_found():
    class Falls:
        """Climbs from 0 to 8 and then comes back."""

        def e_step(self, theta):
            return theta

        def m_step(self, statistics):
            return statistics + 1 if statistics < 8.5 else 0.0

        def log_likelihood(self, theta):
            return theta

    (finding,) = check_model(Falls(), 0.0)
    assert finding.startswith("the log-likelihood falls from 9 to 0 in iteration 10, which with EM it never does")


def test_a_rest_that_is_no_top_is_found():
    class Short:
        """Goes to (2, 2), though the likelihood rises beyond, up to (3, 3)."""

        def e_step(self, theta):
            return np.asarray(theta)

        def m_step(self, statistics):
            return (2 + statistics) / 2

        def log_likelihood(self, theta):
            return -float(np.sum((theta - 3) ** 2))

    (finding,) = check_model(Short(), np.array([1.0, 1.5]))
    assert "EM comes to rest at a log-likelihood of -2.000000003, but it is -1.9925" in finding


# --- a likelihood without bound, which is no mistake


class Centred(Gaussians):
    """Squares around the new means, which no large mean spoils; theta has standard deviations."""

    def log_joint(self, theta):
        return super().log_joint({"weights": theta["weights"], "means": theta["means"], "variances": theta["sd"] ** 2})

    def expected_statistics(self, responsibilities, theta):
        return responsibilities

    def m_step(self, statistics):
        number = statistics.sum(axis=0)
        means = self.x @ statistics / number
        squares = (statistics * (self.x[:, None] - means) ** 2).sum(axis=0)
        return {"weights": number / len(self.x), "means": means, "sd": np.sqrt(squares / number)}


class Floored(Centred):
    def m_step(self, statistics):
        theta = super().m_step(statistics)
        return theta | {"sd": np.maximum(theta["sd"], 1e-3)}


class OwnSpreads(Regressions):
    """Each line with a spread of its own."""

    def m_step(self, statistics):
        theta = super().m_step(statistics)
        lines = theta[2:6].reshape(2, 2)
        rest = (statistics * (self.y[:, None] - self.x @ lines) ** 2).sum(axis=0) / statistics.sum(axis=0)
        return np.concatenate([theta[:6], np.sqrt(rest)])

    def log_joint(self, theta):
        return np.log(theta[:2]) + stats.norm.logpdf(self.y[:, None], self.x @ theta[2:6].reshape(2, 2), theta[6:])


def collapsing():
    x = np.random.default_rng(8).normal(0, 1, 12).round(3)
    half, means, spread = np.array([0.5, 0.5]), np.array([x[3] + 1e-3, 0]), np.array([1e-2, 1])
    lines = np.array([0.5, 0.5, x[3], 0, 0, 0, 1e-2, 1])
    places = np.arange(12.0)
    return {
        "variances": (Gaussians(x), {"weights": half, "means": means, "variances": spread**2}),
        "in billions": (Centred(1e9 * x), {"weights": half, "means": 1e9 * means, "sd": 1e9 * spread}),
        "from far away": (Centred(x), {"weights": half, "means": np.array([-20.0, 0]), "sd": np.array([2.5, 0.5])}),
        "standard deviations": (Centred(x), {"weights": half, "means": means, "sd": spread}),
        "heavy tails": (HeavyTails(x), np.array([half, means, spread])),
        "a plane": (
            Planes(np.stack([x, x[::-1]], axis=1)),
            (half, np.array([[x[3], x[8]], [0, 0]]), np.array([1e-4 * np.eye(2), np.eye(2)])),
        ),
        "a line": (OwnSpreads(places, x), lines),
        "two equal observations": (
            Gaussians(np.append(x, x[3])),
            {"weights": half, "means": means, "variances": spread**2},
        ),
    }


@pytest.mark.parametrize("name", collapsing())
def test_a_label_that_collapses_is_told_from_a_mistake(name):
    (finding,) = check_model(*collapsing()[name])
    more = " and 1 more" if name == "two equal observations" else ""
    assert finding.startswith("EM leads to a likelihood without bound, which can be with a right model: label 0 has ")
    if name not in ("a line", "a plane", "from far away"):
        assert finding.endswith(
            f"label 0 has collapsed on distinct observation 3{more}, both counted from 0, where its density grows for "
            "ever; start elsewhere, or keep what shrinks, as a variance, above a floor"
        )


def test_a_floor_keeps_it_from_that():
    model, theta = collapsing()["standard deviations"]
    assert check_model(Floored(model.x), theta) == []


def test_a_mistake_is_told_even_where_a_label_would_collapse():
    model, theta = collapsing()["variances"]
    wide = theta | {"variances": np.array([0.002, 1])}  # so that it has a second observation still
    assert "label 0 has collapsed" in check_model(model, wide)[0]
    (finding,) = check_model(Deviations(model.x), wide)
    assert "m_step does not maximise" in finding


class Numbers:
    """Three rows and a note; numbers alone do not make it again."""

    def __init__(self, *rows, note):
        self.rows, self.note = np.array(rows), note

    def __array__(self, dtype=None, copy=None):
        return self.rows


class NotedGaussians(Centred):
    def log_joint(self, theta):
        return super().log_joint(dict(zip(("weights", "means", "sd"), theta.rows, strict=True)))

    def m_step(self, statistics):
        return Numbers(*super().m_step(statistics).values(), note="made")


class NotedAndTooWide(NotedGaussians):
    def m_step(self, statistics):
        weights, means, sd = super().m_step(statistics).rows
        return Numbers(weights, means, 1.1 * sd, note="made")


def test_without_a_way_back_a_collapse_and_a_mistake_are_told_all_the_same():
    model, theta = collapsing()["standard deviations"]
    no_way, collapsed = check_model(NotedGaussians(model.x), Numbers(*theta.values(), note="start"))
    assert "cannot make a theta from numbers" in no_way and "label 0 has collapsed on distinct obs" in collapsed
    x = gaussians()[0].x
    start = Numbers([0.5, 0.5], [-1, 5], [1, 1], note="start")
    no_way, wrong = check_model(NotedAndTooWide(x), start)
    assert "cannot make a theta from numbers" in no_way and wrong.startswith("m_step does not maximise: the sum of")
    (no_way,) = check_model(NotedGaussians(x), start)


@pytest.mark.parametrize("kind", [Gaussians, Centred])
def test_a_label_that_no_observation_is_left_to(kind):
    x = np.arange(10.0)
    theta = {"weights": np.array([0.5, 0.5]), "means": np.array([4.0, 1e6]), "variances": np.ones(2), "sd": np.ones(2)}
    del theta["sd" if kind is Gaussians else "variances"]
    (finding,) = check_model(kind(x), theta)
    assert finding == (
        "no observation is left to label 1, counted from 0, and m_step divides by that: start elsewhere, or let m_step "
        "leave such a label where it is"
    )


def test_it_ends_after_a_few_iterations_without_a_word_unless_a_label_collapses():
    class Breaks:
        """Nothing is wrong with the first steps."""

        def __init__(self, after):
            self.after = after

        def e_step(self, theta):
            return theta

        def m_step(self, statistics):
            if statistics >= self.after:
                raise ArithmeticError("broken")
            return statistics + 1

        def log_likelihood(self, theta):
            return theta

    assert check_model(Breaks(6), 0) == []
    assert check_model(Breaks(5), 0) == ["iteration 6 raises ArithmeticError: broken"]
    assert check_model(Breaks(1), 0) == ["iteration 2 raises ArithmeticError: broken"]


# --- more right models, and mistakes, of kinds that readers write


class Geometric(Mixture):
    """Failures before the first success."""

    def __init__(self, x):
        self.x, self.occurrences = np.unique(x, return_counts=True)

    def log_joint(self, theta):
        return np.log(theta[0]) + np.log(theta[1]) + np.outer(self.x, np.log1p(-theta[1]))

    def expected_statistics(self, responsibilities, theta):
        expected = self.occurrences[:, None] * responsibilities
        return expected.sum(axis=0), self.x @ expected

    def m_step(self, statistics):
        number, total = statistics
        return np.array([number / number.sum(), number / (number + total)])


class ForgetsSuccesses(Geometric):
    def m_step(self, statistics):
        number, total = statistics
        return np.array([number / number.sum(), number / (2 * number + total)])


class BetaBinomials(Mixture):
    """Known shapes; theta is the weights alone."""

    def __init__(self, x):
        self.x, self.occurrences = np.unique(x, return_counts=True)
        self.logs = stats.betabinom.logpmf(self.x[:, None], 12, [2, 6, 1], [8, 2, 1])

    def log_joint(self, theta):
        return np.log(theta) + self.logs

    def expected_statistics(self, responsibilities, theta):
        return self.occurrences @ responsibilities

    def m_step(self, statistics):
        return statistics / statistics.sum()


class Roots(BetaBinomials):
    def m_step(self, statistics):
        return super().m_step(np.sqrt(statistics))


class CensoredAsSeen(Lifetimes):
    def expected_statistics(self, responsibilities, theta):
        return np.array([responsibilities.sum(axis=0), self.times @ responsibilities])


class Columns(HiddenChain):
    def m_step(self, statistics):
        first, pairs, tallies = statistics
        return first, pairs / pairs.sum(axis=0), tallies / tallies.sum(axis=1, keepdims=True)


class BothZero(ZeroInflated):
    """The rate of all, not of those that are not zero for sure."""

    def m_step(self, statistics):
        zeros, others, total = statistics
        return [zeros / (zeros + others), total / (zeros + others)]


FAILURES = np.concatenate([np.random.default_rng(1).geometric(p, 80) - 1 for p in (0.6, 0.1)])
HEADS_OF_12 = np.concatenate([np.random.default_rng(2).binomial(12, p, 70) for p in (0.2, 0.7)])
TWO_SHARES, THIRDS = np.array([[0.5, 0.5], [0.5, 0.2]]), np.full(3, 1 / 3)


@pytest.mark.parametrize(
    ("model", "theta", "words"),
    [
        (Geometric(FAILURES), TWO_SHARES, None),
        (BetaBinomials(HEADS_OF_12), THIRDS, None),
        (ForgetsSuccesses(FAILURES), TWO_SHARES, "m_step does not maximise, in numbers 2 and 3 of theta: .* near by$"),
        # Reciprocals of weights look better, too, as anything larger does.
        (Roots(HEADS_OF_12), THIRDS, "m_step does not maximise, in numbers 0 and 1 and 2 of theta: .* near by$"),
        (*lifetimes(CensoredAsSeen), "m_step does not maximise, in number"),
        (
            *hidden_chain(Columns),
            r"m_step must return rows that sum to 1, as in the theta given; of \[\[.* the columns do",
        ),
        (BothZero(), [0.3, 2.0], "m_step does not maximise, in number 1 of theta: .* near by$"),
    ],
)
def test_other_kinds_of_models(model, theta, words):
    findings = check_model(model, theta)
    assert re.search(words, findings[0]) if words else findings == []


class Nothing(NamedTuple):
    weights: tuple


@pytest.mark.parametrize(
    ("model", "theta", "error", "words"),
    [
        (
            Poissons,
            0.5,
            TypeError,
            "model must be an object with the methods e_step, m_step, log_likelihood; it is <class",
        ),
        ("model", 0.5, TypeError, "model must be an object with the methods .*; it is 'model'"),
        (GeneticLinkage(), np.nan, ValueError, "theta must hold one or more finite numbers; it is nan"),
        (GeneticLinkage(), Nothing(()), ValueError, "theta must hold one or more finite numbers"),
        (GeneticLinkage(), "half", ValueError, "theta must be numbers"),
    ],
)
def test_what_cannot_be_looked_at_is_an_error(model, theta, error, words):
    with pytest.raises(error, match=words):
        check_model(model, theta)


def test_a_theta_of_another_kind_is_a_finding():
    assert (
        "log_joint raises TypeError: theta must be a IncomeGroups" in check_model(IncomeMixture(INCOMES), [0.5, 0.5])[0]
    )
    assert "log_joint raises ValueError: theta must lie between 0 and 1" in check_model(GeneticLinkage(), 1.5)[0]


# --- its parts, one by one


class TestItsParts:
    MODEL, START = poissons()

    def test_where_weights_could_stand_and_where_they_do(self):
        found = own_model._as_many_as_labels(self.MODEL, self.START)
        assert sorted(found) == [[0, 1], [0, 2], [1, 2], [1, 3], [2, 3]]
        back = converter(self.START)
        assert own_model._weights(self.MODEL, self.START, back) == [[0, 1]]
        assert own_model._groups(self.MODEL, self.START, back) == [[0, 1], [2], [3]]
        assert own_model._groups(self.MODEL, self.START, None) == []
        assert own_model._groups(GeneticLinkage(), 0.5, converter(0.5)) == [[0]]

    def test_weights_in_a_column_are_found(self):
        class Turned(HeavyTails):
            def log_joint(self, theta):
                return super().log_joint(theta.T)

        rows = np.array([[0.5, 0, 1], [0.5, 1, 1]])
        assert own_model._weights(Turned(np.arange(4.0)), rows, converter(rows)) == [[0, 3]]

    def test_what_is_asked_of_other_numbers(self):
        back = converter(self.START)
        ask = self.MODEL.log_likelihood
        other = Rates(self.START.weights, np.array([1.0, 2.5]))
        assert own_model._asked(ask, self.START, [3], 2.5, back) == ask(other)
        assert own_model._asked(ask, self.START, [2, 3], [1, 2.5], back) == ask(other)
        assert self.START.rates.tolist() == [1, 3], "theta stays as it is"
        model, coins = BinomialMixture(HEADS), Coins([0.5, 0.5], [0.2, 0.8])
        assert np.isnan(own_model._asked(model.log_likelihood, coins, [2], 1.5, converter(coins)))

    def test_all_tables_in_a_theta_are_looked_at(self):
        rows, columns = np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([[0.9, 0.4], [0.1, 0.6]])
        assert [table is rows for table in own_model._tables({"a": 1, "b": ([0.5], rows, np.ones(3))})] == [True]
        said = (
            "m_step must return rows that sum to 1, as in the theta given; of [[0.9, 0.4], [0.1, 0.6]] the columns do"
        )
        assert list(own_model._look_at_rows([rows, rows], (rows, columns))) == [said]
        assert list(own_model._look_at_rows(columns, columns)) == list(own_model._look_at_rows(rows, rows)) == []
        even = np.full((2, 2), 0.5)
        for before, after in ((even, columns), (rows, even), (columns, rows), (rows, 2 * columns), (rows, rows[:1])):
            assert list(own_model._look_at_rows(before, after)) == []

    def test_numbers_in_words(self):
        assert [own_model._words(places) for places in ([3], [0, 2, 5])] == ["number 3", "numbers 0 and 2 and 5"]

    def test_a_fall_within_rounding_is_none(self):
        class Steps:
            stop_reason = None

            def __init__(self, theta):
                self.theta = theta

        for size in (0.5, 1000.0):
            slack = own_model.ROUNDING * max(1, size)
            for fall, told in ((0.5 * slack, False), (2 * slack, True)):
                path = [Steps(theta) for theta in (-size - 1, -size, -size - fall, -size)]
                problem, steps = own_model._problem(None, lambda theta: theta, path, None)
                assert bool(problem) == told and (not told or " in iteration 2, " in problem and steps == path[:2])

    def test_occurrences_may_be_shares_but_neither_nothing_nor_endless(self):
        counts, occurrences = self.MODEL.counts, self.MODEL.occurrences
        assert check_model(Poissons(counts, occurrences / occurrences.sum() / 2), self.START) == []
        for wrong in (0 * occurrences, np.where(counts == 3, np.inf, occurrences), -occurrences):
            (finding,) = check_model(Poissons(counts, wrong), self.START)
            assert finding == f"occurrences must be finite numbers, 0 or more and not all 0; they are {wrong!r}"

    def test_an_m_step_that_returns_no_numbers_is_told_why(self):
        class Text(Half):
            def m_step(self, statistics):
                return ["a half"]

        (finding,) = check_model(Text(), 4.0)
        assert finding.startswith(
            "m_step must return numbers: theta must be numbers, alone or in lists or arrays; it is "
        )

    def test_higher_places_beyond_a_border_are_none(self):
        class Still(Half):
            def m_step(self, statistics):
                return statistics

        def problem(last, higher, reason="no parameter changed"):
            starts = [np.array([0.5, 0.2]), np.array([0.8, 0.3]), np.array([0.9, 0.4])]
            path = [Step(number, theta, None, -3.0 + number) for number, theta in enumerate(starts)]
            path.append(Step(3, np.array(last), None, 0.0, reason))
            heights = {step.theta.tobytes(): step.log_likelihood for step in path}
            ask = lambda theta: heights.get(theta.tobytes(), 5.0 if higher(theta) else -9.0)  # noqa: E731
            return own_model._problem(Still(), ask, path, lambda numbers: numbers.reshape(2))

        rests = "m_step does not maximise: EM comes to rest at a log-likelihood of 0, but it is 5 near by"
        assert problem([0.95, 0.5], lambda theta: 0.95 < theta[0] < 0.955)[0] == rests
        assert problem([0.95, 0.5], lambda theta: 0.945 < theta[0] < 0.95)[0] == rests
        assert problem([1.0, 0.5], lambda theta: theta[0] > 1) == ("", []), "as of a probability"
        assert problem([0.95, 0.0], lambda theta: True) == ("", []), "as of a variance"
        assert problem([1.5, 0.5], lambda theta: theta[0] > 1.5)[0] == rests
        assert problem([0.95, 0.5], lambda theta: True, None) == ("", []), "it does not rest"

    def test_a_density_that_is_large_in_its_unit_does_not_grow(self):
        """At rest, in thousandths: its logarithm is above 0."""
        model, theta = gaussians()
        x = 1e-3 * model.x
        start = theta | {"means": 1e-3 * theta["means"], "variances": 1e-6 * theta["variances"]}
        *_, last = emlib.em(Gaussians(x), start, 400, 1e-13)
        assert Gaussians(x).log_joint(last.theta)[0, 0] > 0
        assert not own_model._grows(Gaussians(x), last.theta, [0], 0, converter(last.theta))

    def test_weights_that_sum_to_less_are_told_and_what_is_not_looked_at_may_be_anything(self):
        class Halved(Poissons):
            def m_step(self, statistics):
                weights, rates = super().m_step(statistics)
                return Rates(weights / 2, rates)

        (finding,) = check_model(*poissons(Halved))
        assert finding == "m_step must return weights that sum to 1; its numbers 0 and 1 sum to 0.5"

        class Noted(Poissons):
            """With the numbers of the latest E-step in theta, which begin as shares."""

            def log_joint(self, theta):
                return super().log_joint(Rates(*theta[:2]))

            def m_step(self, statistics):
                return *super().m_step(statistics), statistics[0]

        model, start = poissons(Noted)
        assert check_model(model, (*start, np.array([0.25, 0.75]))) == []
