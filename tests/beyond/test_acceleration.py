"""SQUAREM against EM, exact fractions and direct maximisation; the EM map's Jacobian against the information."""

import warnings
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_models import Rates, ZeroInflated, gaussians, hidden_chain, poissons, swapped_coins
from scipy.optimize import minimize

import emlib
from emlib import BinomialMixture, Coins, squarem
from emlib.algorithm import parameters
from emlib.beyond import em_jacobian, slope_and_curvature
from emlib.beyond.acceleration import converter
from emlib.checks import distribution
from emlib.lessons import how_fast_em_climbs
from emlib.models import Classes, GeneticLinkage, IncomeGroups, IncomeMixture, JointCategorical, NaiveBayes

B = BinomialMixture(emlib.data.B)
SPREAD = Coins([1 / 3] * 3, [0.1, 0.5, 0.9])
ROUNDING = 1e-11  # of a log-likelihood, as a share of it


def overlapping(sequences=10_000):
    return BinomialMixture(Coins([0.3, 0.4, 0.3], [0.3, 0.5, 0.7]).sample(sequences, tosses=10, seed=1).heads)


class Counting:
    """A model that counts what is asked of it, and keeps every theta that it saw."""

    def __init__(self, model):
        self.model, self.e_steps, self.m_steps, self.likelihoods = model, [], 0, 0

    def e_step(self, theta):
        self.e_steps.append(theta)
        return self.model.e_step(theta)

    def m_step(self, statistics):
        self.m_steps += 1
        return self.model.m_step(statistics)

    def log_likelihood(self, theta):
        self.likelihoods += 1
        return self.model.log_likelihood(theta)


class Weights:
    """Weights of given components, theta a plain array: a concave likelihood, so that all maxima are equally high."""

    def __init__(self, components):
        self.components = np.asarray(components, dtype=float)  # observations x components

    def e_step(self, theta):
        joint = self.components * theta
        return (joint / joint.sum(axis=1, keepdims=True)).sum(axis=0)

    def m_step(self, statistics):
        return statistics / statistics.sum()

    def log_likelihood(self, theta):
        return float(np.log(self.components @ theta).sum())


def weights(array):
    return distribution("weights", array)


@st.composite
def problems(draw):
    """Data and a valid start under which they are possible; biases and weights of exactly 0 and 1 among them."""
    tosses = draw(st.lists(st.integers(1, 12), min_size=1, max_size=8))
    heads = [draw(st.integers(0, n)) for n in tosses]
    coins = draw(st.integers(1, 4))
    biases = [draw(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])) for _ in range(coins - 1)]
    parts = [draw(st.integers(0, 5)) for _ in range(coins - 1)] + [draw(st.integers(1, 5))]
    return BinomialMixture(heads, tosses), Coins(np.array(parts) / sum(parts), [*biases, draw(st.floats(0.05, 0.95))])


@given(problems())
def test_it_never_falls_and_never_leaves_the_parameter_space(problem):
    model, start = problem
    steps = list(squarem(model, start, 60))
    assert [step.iteration for step in steps] == list(range(len(steps)))
    assert [step.stop_reason is None for step in steps] == [True] * (len(steps) - 1) + [False]
    heights = np.array([step.log_likelihood for step in steps])
    assert np.all(np.diff(heights) >= -ROUNDING * np.abs(heights[1:]) - 1e-13)
    for step in steps:
        assert np.all((np.asarray(step.theta) >= 0) & (np.asarray(step.theta) <= 1))
        assert step.theta.weights.sum() == pytest.approx(1, abs=1e-12) or step.iteration == 0
        assert step.log_likelihood == model.log_likelihood(step.theta)
    for step in steps[1:]:
        if step.statistics is not None:
            assert np.array_equal(model.m_step(step.statistics), step.theta)


@given(st.tuples(*[st.integers(1, 200)] * 4), st.floats(0.01, 0.99))
def test_the_only_maximum_of_the_linkage_counts(counts, start):
    """The root of the quadratic between 0 and 1, whatever the counts and the start are."""
    first, second, third, fourth = counts
    # first / (2 + t) - (second + third) / (1 - t) + fourth / t = 0, times all three denominators
    quadratic = [-sum(counts), first - 2 * (second + third) - fourth, 2 * fourth]
    root = max(np.roots(quadratic))
    *_, last = squarem(GeneticLinkage(counts), start, 500, from_array=float)
    assert last.theta == pytest.approx(root, abs=1e-9)


@given(st.integers(0, 10**6), st.integers(2, 4))
def test_the_only_maximum_of_weights_often_on_the_border(seed, components):
    """Nothing is higher: the slope towards every component is at most 0 (nats), as the likelihood is concave."""
    densities = np.random.default_rng(seed).random((12, components)) + 0.05
    model = Weights(densities)
    start = np.full(components, 1 / components)
    steps = list(squarem(model, start, 20_000, from_array=weights))
    assert np.all(np.diff([step.log_likelihood for step in steps]) >= -1e-12)
    assert all(np.all(step.theta >= 0) and step.theta.sum() == pytest.approx(1) for step in steps)
    slopes = densities.T @ (1 / (densities @ steps[-1].theta)) - len(densities)
    assert slopes.max() < 1e-3
    assert np.array_equal(start, np.full(components, 1 / components))


def test_overlapping_coins_same_maximum_in_a_tenth_of_the_iterations():
    model = overlapping()
    *_, leaping = squarem(model, SPREAD, 20_000)
    assert "no parameter changed" in leaping.stop_reason
    plain, long = (  # EM's own numbers, faster
        emlib.em_many(model, [SPREAD.weights], [SPREAD.biases], iterations)
        for iterations in (10 * leaping.iteration, 25_000)
    )
    assert leaping.theta.biases == pytest.approx(long.biases[0], abs=1e-7)
    assert leaping.theta.weights == pytest.approx(long.weights[0], abs=1e-7)
    assert leaping.log_likelihood >= long.log_likelihoods[0] - 1e-9
    assert np.abs(plain.biases - long.biases).max() > 1e-7, "EM is not yet as near"


def test_overlapping_coins_against_direct_maximisation():
    model = overlapping(1000)

    def minus(x):
        weights = np.exp(np.append(x[:2], 0))
        return -model.log_likelihood(Coins(weights / weights.sum(), 1 / (1 + np.exp(-x[2:]))))

    *_, last = squarem(model, SPREAD, 20_000)
    found = minimize(minus, [0, 0, -1, 0, 1], method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-7})
    assert last.log_likelihood == pytest.approx(-found.fun, abs=1e-5)


def test_the_first_leaps_in_fractions():
    """With one parameter the leap is Aitken's: to where a geometric series would end."""

    def exact_step(t):
        hidden = 125 * t / (2 + t)
        return (hidden + 34) / (hidden + 72)

    t = [Fraction(1, 2)]
    for _ in range(2):  # two rounds of iteration, iteration, leap and iteration
        t += [exact_step(t[-1])]
        t += [exact_step(t[-1])]
        t += [exact_step(t[-1] - (t[-1] - t[-2]) ** 2 / (t[-1] - 2 * t[-2] + t[-3]))]
    steps = list(squarem(GeneticLinkage(), 0.5, 6, from_array=float))
    assert [step.theta for step in steps] == pytest.approx([float(value) for value in t], abs=1e-13)


def test_the_first_leap_of_coins_is_the_formula_of_the_paper():
    model = overlapping()
    start, first, second, third = squarem(model, SPREAD, 3)
    theta0, theta1, theta2 = (np.asarray(step.theta) for step in (start, first, second))
    r, v = theta1 - theta0, theta2 - 2 * theta1 + theta0
    alpha = -np.linalg.norm(r) / np.linalg.norm(v)
    leap = theta0 - 2 * alpha * r + alpha**2 * v
    assert alpha < -1
    assert np.asarray(third.theta) == pytest.approx(np.asarray(model.m_step(model.e_step(Coins(*leap)))), abs=1e-12)


def test_an_iteration_costs_what_one_of_em_costs():
    counting = Counting(overlapping())
    *_, last = squarem(counting, SPREAD, 100)
    assert last.iteration == counting.m_steps == len(counting.e_steps) == counting.likelihoods - 1 == 100


def test_a_leap_that_falls_is_refused():
    counting = Counting(overlapping())
    steps = list(squarem(counting, SPREAD, 60))
    refused = [step.iteration for step, before in zip(steps[1:], steps, strict=False) if step.theta is before.theta]
    assert refused
    for iteration in refused:
        lower = counting.model.m_step(counting.model.e_step(counting.e_steps[iteration - 1]))
        assert counting.model.log_likelihood(lower) < steps[iteration].log_likelihood
        assert iteration + 1 == len(steps) or counting.e_steps[iteration] is steps[iteration].theta


def test_a_leap_out_of_the_parameter_space_is_shortened():
    """From this start the second leap would give a coin a bias of 1.28."""
    steps = list(squarem(B, Coins([1 / 3] * 3, [0.1, 0.5, 0.8]), 6))
    theta3, theta4, theta5 = (np.asarray(step.theta) for step in steps[3:6])
    r, v = theta4 - theta3, theta5 - 2 * theta4 + theta3
    ratio = np.linalg.norm(r) / np.linalg.norm(v)
    far, half, quarter = (theta3 + 2 * a * r + a**2 * v for a in 1 + (ratio - 1) * np.array([1, 0.5, 0.25]))
    assert far.max() > 1.2 and half.max() > 1 and 0 < quarter.min() and quarter.max() < 1
    expected = B.m_step(B.e_step(Coins(*quarter)))
    assert np.asarray(steps[6].theta) == pytest.approx(np.asarray(expected), abs=1e-12)


def test_where_no_leap_stays_inside_em_goes_on():
    model, asked = Counting(Slow()), []

    def from_array(array):
        asked.append(float(array))
        if array < 0.619:  # theta_2 is 0.62
            raise ValueError("outside")
        return float(array)

    steps = list(squarem(model, 1.0, 6, tolerance=0, from_array=from_array))
    plain = list(emlib.em(Slow(), 1.0, 6, tolerance=0))
    assert [step.theta for step in steps] == [step.theta for step in plain]
    assert asked[1] < -0.99 and asked[1] < asked[2] < asked[3] and model.m_steps == 6


class Unguarded:
    """A mixture as a reader may write it without logarithms: beyond its borders it goes on, and may look better there.

    Theta is one flat array: the weight of the first kind alone, then what the kinds have.
    """

    def __init__(self, x, kind):
        self.x, self.density, self.best = x, *kind

    def _joint(self, theta):
        return np.array([theta[0], 1 - theta[0]]) * self.density(self.x[:, None], theta[1:])

    def log_likelihood(self, theta):
        return float(np.log(self._joint(theta).sum(axis=1)).sum())

    def e_step(self, theta):
        joint = self._joint(theta)
        return joint / joint.sum(axis=1, keepdims=True)

    def m_step(self, shares):
        means = self.x @ shares / shares.sum(axis=0)
        return np.append(shares[:, 0].mean(), self.best(self.x[:, None], shares, means))


def normal(x, theta):
    return np.exp(-(((x - theta[:2]) / theta[2:]) ** 2) / 2) / np.sqrt(theta[2:] ** 2)


def spreads(x, shares, means):
    variances = ((x - means) ** 2 * shares).sum(axis=0) / shares.sum(axis=0)
    return np.append(means, np.sqrt(np.maximum(variances, 0.01)))


KINDS = {  # density, M-step, least and most of what the kinds have, two kinds far from each other, data
    "probabilities": (
        (lambda x, p: p**x * (1 - p) ** (6 - x), lambda x, shares, means: means / 6),
        ([0, 0], [1, 1]),
        [0.4, 0.8],
        lambda g, n: g.binomial(6, g.choice([0.3, 0.999], n)),
    ),
    "rates": (
        (lambda x, rate: np.exp(-rate) * rate**x, lambda x, shares, means: means),
        ([0, 0], [np.inf, np.inf]),
        [0.5, 2.0],
        lambda g, n: 2 * g.poisson(g.choice([0.01, 1.2], n)),
    ),
    "standard deviations": (
        (normal, spreads),
        ([-np.inf, -np.inf, 0, 0], [np.inf] * 4),
        [-0.5, 1, 0.5, 2],
        lambda g, n: g.choice([0.05, 1.5], n) * g.normal(size=n),
    ),
}


@pytest.mark.parametrize("name", KINDS)
@given(seed=st.integers(0, 10**6), number=st.integers(3, 40))
def test_a_leap_leaves_no_borders_that_only_the_reader_knows(name, seed, number):
    kind, (least, most), start, sample = KINDS[name]
    model = Unguarded(sample(np.random.default_rng(seed), number).astype(float), kind)
    with np.errstate(all="ignore"):  # 0 log 0, where a kind has lost all its data
        try:
            steps = list(squarem(model, np.array([0.5, *start]), 200, 1e-9))
        except ValueError as error:
            assert "finite" in str(error)
            return
    for step in steps:
        assert np.all((step.theta >= [-1e-12, *least]) & (step.theta <= np.array([1, *most]) + 1e-12)), step
    heights = np.array([step.log_likelihood for step in steps])
    assert np.all(np.diff(heights) >= -1e-9 * np.abs(heights[1:]) - 1e-9)


@given(st.lists(st.integers(0, 1), min_size=2, max_size=9))
def test_biases_of_swapped_coins_stay_probabilities(tosses):
    model, start = swapped_coins(tosses)
    with np.errstate(all="ignore"):
        steps = list(squarem(model, start, 40, 1e-9))
    for step in steps:
        assert np.all((parameters(step.theta) >= 0) & (parameters(step.theta) <= 1 + 1e-12)), step
    heights = np.array([step.log_likelihood for step in steps])
    assert np.all(np.diff(heights) >= -1e-9 * np.abs(heights[1:]) - 1e-9)


def test_a_chain_of_nine_tosses_ends_at_a_bias_of_1():
    """A bias of 1.0087 looks a little better. At the end tails is one coin and heads the other."""
    model, start = swapped_coins((0, 1, 1, 1, 1, 1, 1, 1, 0))
    *_, last = squarem(model, start, 100)
    assert last.theta.biases == pytest.approx([0, 1], abs=1e-6)
    assert last.log_likelihood == pytest.approx(np.log(0.5 * (6 / 7) ** 6 * (1 / 7)), abs=1e-6)


def test_a_ridge_and_equal_coins():
    model = BinomialMixture(emlib.chapter.heads)
    *_, last = squarem(model, emlib.chapter.start)
    assert last.log_likelihood == pytest.approx(-35.15260583249254, abs=1e-12)
    assert last.theta.biases == pytest.approx([0.415] * 3, abs=1e-6)
    *_, last = squarem(model, Coins([0.5, 0.5], [0.2, 0.2]))
    assert last.theta.biases == pytest.approx([0.415] * 2, abs=1e-15)


def test_a_table_of_probabilities_with_missing_answers():
    """Nothing checks the array before the model does; a leap below 0 is refused, without a warning."""
    generator = np.random.default_rng(3)
    answers = generator.integers(1, 4, size=(200, 3)).astype(float)
    answers[generator.random(answers.shape) < 0.5] = np.nan
    model = JointCategorical(answers, values=(1, 2, 3))
    start = np.full((3, 3, 3), 1 / 27)
    plain, leaping = list(emlib.em(model, start, 3000)), list(squarem(model, start, 3000, from_array=np.array))
    assert np.all(np.diff([step.log_likelihood for step in leaping]) >= -1e-10)
    assert all(step.theta.min() >= 0 for step in leaping)
    assert leaping[-1].log_likelihood == pytest.approx(plain[-1].log_likelihood, abs=1e-6)


def models_of_the_course():
    classes = Classes([0.4, 0.6], [[[0.7, 0.2, 0.1]] * 3, [[0.2, 0.3, 0.5]] * 3])
    groups = IncomeGroups([0.6, 0.4], [20_000, 45_000], 0.4)
    two = Classes([0.5, 0.5], [[[0.5, 0.3, 0.2]] * 3, [[0.3, 0.4, 0.3]] * 3])
    answers = classes.sample(300, (1, 2, 3), seed=1).features
    return {
        "coins": (BinomialMixture([0, 1, 1, 2, 3, 5, 7, 8, 8, 10]), Coins([0.5, 0.5], [0.3, 0.6])),
        "incomes": (IncomeMixture(groups.sample(500, seed=1).incomes), IncomeGroups([0.5, 0.5], [15_000, 60_000], 0.5)),
        "classes": (NaiveBayes(answers, (1, 2, 3)), two),
        "ratings": (JointCategorical(answers[:, :2], (1, 2, 3)), np.full((3, 3), 1 / 9)),
        "linkage": (GeneticLinkage(), 0.5),
        "structure": gaussians(),
        "table": (poissons()[0], poissons()[1]),
        "list": (ZeroInflated(), [0.3, 2.0]),
        "chain": hidden_chain(),
    }


@pytest.mark.parametrize("name", models_of_the_course())
def test_every_model_of_the_course_finds_the_way_back_by_itself(name):
    model, start = models_of_the_course()[name]
    *_, plain = emlib.em(model, start, 5000, 1e-11)
    *_, leaping = squarem(model, start, 2000, 1e-11)
    assert type(leaping.theta) is type(start) or np.isscalar(start)
    assert leaping.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)
    assert parameters(leaping.theta) == pytest.approx(parameters(plain.theta), rel=1e-4, abs=1e-4)
    assert leaping.iteration <= plain.iteration
    inside = model.m_step(model.e_step(start))
    numbers, again = parameters(inside), converter(inside)
    way = np.zeros(numbers.shape)
    way.flat[-1] = 1e-6 * abs(numbers.flat[-1])
    ahead, behind = (parameters(model.m_step(model.e_step(again(there)))) for there in (numbers + way, numbers - way))
    slope = (ahead - behind).ravel() / (2 * way.flat[-1])
    assert em_jacobian(model, inside)[:, -1] == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_medians_in_any_unit_have_the_same_jacobian():
    """In an array of their own, not in logarithms: the moves must be in proportion to what is moved."""
    model, start = models_of_the_course()["incomes"]

    class Plain:
        """The same model with a tuple of numbers as theta."""

        def e_step(self, theta):
            return model.e_step(IncomeGroups(*theta))

        def m_step(self, statistics):
            groups = model.m_step(statistics)
            return groups.weights, groups.medians, groups.spread

    *_, last = emlib.em(model, start, 3000)
    theta = last.theta.weights, last.theta.medians, last.theta.spread
    scale = np.concatenate([np.ones(2), last.theta.medians, [1]])
    in_logarithms = em_jacobian(model, last.theta)
    assert em_jacobian(Plain(), theta) / scale[:, None] * scale == pytest.approx(in_logarithms, abs=1e-6)


def test_a_tiny_bias_is_moved_by_a_share_of_itself():
    model = BinomialMixture(Coins([0.5, 0.5], [1e-9, 3e-9]).sample(50, 10**10, seed=1).heads, 10**10)
    *_, last = emlib.em(model, Coins([0.5, 0.5], [1e-9, 3e-9]), 3000)
    assert last.theta.biases.max() < 1e-8
    gap = last.theta.biases[1] - last.theta.biases[0]
    assert gap > 1e-9
    step = model.m_step(model.e_step(Coins(last.theta.weights, last.theta.biases + np.array([0, 1e-4 * gap]))))
    back = model.m_step(model.e_step(Coins(last.theta.weights, last.theta.biases - np.array([0, 1e-4 * gap]))))
    slope = (step.biases - back.biases) / (2e-4 * gap)
    assert em_jacobian(model, last.theta)[2:, 3] == pytest.approx(slope, rel=1e-5) and slope[1] > 0.01


class Odd:
    """A theta with numbers and no way back."""

    def __init__(self, text, number):
        self.text, self.number = text, number

    def __array__(self, dtype=None, copy=None):
        return np.array([self.number, 1.0])


def test_a_class_without_a_way_back_is_told_what_it_needs():
    with pytest.raises(
        ValueError,
        match=r"^theta's class needs a method from_array\(array\), or from_array must be given: it must make",
    ):
        converter(Odd("a", 2.0))
    again = converter(Odd("a", 2.0), lambda array: Odd("b", array[0]))(np.array([3.0, 1.0]))
    assert again.text == "b" and again.number == 3


@dataclass
class Doubling:
    """Numbers that only its own method puts back: it has two fields, and theta is their sum."""

    one: float
    other: float

    def __array__(self, dtype=None, copy=None):
        return np.array([self.one + self.other])

    @classmethod
    def from_array(cls, array):
        return cls(float(array[0]) - 1, 1.0)


@dataclass
class Twin:
    """A dataclass that says its numbers itself, and is called with them."""

    value: float
    name: str = "new"

    def __array__(self, dtype=None, copy=None):
        return np.array([self.value])


@dataclass
class Checked:
    """Its fields are its numbers, but its method knows the border."""

    value: float

    @classmethod
    def from_array(cls, array):
        if array[0] > 5:
            raise ValueError("outside")
        return cls(float(array[0]))


def test_a_dataclass_that_knows_how_it_is_made_is_made_so():
    assert converter(Doubling(3.0, 4.0))(np.array([9.0])) == Doubling(8.0, 1.0)
    assert converter(Twin(3.0, "old"))(np.array([9.0])) == Twin(9.0, "new")
    with pytest.raises(ValueError, match="outside"):
        converter(Checked(3.0))(np.array([9.0]))


@pytest.mark.parametrize(
    ("theta", "off", "same"), [(0.1, 5e-7, True), (0.1, 5e-6, False), (100.0, 5e-5, True), (100.0, 5e-4, False)]
)
def test_theta_made_again_is_the_same_to_six_digits(theta, off, same):
    if same:
        assert converter(theta, lambda array: float(array) + off)(np.array(1.0)) == 1 + off
    else:
        with pytest.raises(ValueError, match="from_array must make .* again from its array; it makes an array like"):
            converter(theta, lambda array: float(array) + off)


@dataclass
class Nested:
    table: dict
    more: dict
    number: float = 1.0


def test_any_structure_is_filled_in_order():
    rates = Rates(np.array([6.0]), np.array([7.0, 8]))
    theta = Nested({"a": np.arange(4.0).reshape(2, 2), "b": [4, 5.0]}, {"rates": rates, "c": 9}, 10)
    array = parameters(theta)
    assert array.tolist() == list(range(11))
    again = converter(theta)(array + 100)
    assert parameters(again).tolist() == list(range(100, 111))
    assert type(again) is Nested and type(again.more["rates"]) is Rates and again.table["a"].shape == (2, 2)
    assert again.table["b"] == [104, 105] and again.number == 110 and theta.number == 10
    assert theta.table["a"][0, 0] == 0 and type(again.number) is float


def test_rows_of_an_array_theta_go_through_a_rebuild_as_ever():
    seen = []

    def from_array(array):
        seen.append(array.shape)
        if np.any(array <= 0) or abs(array[0].sum() - 1) > 1e-6:
            raise ValueError("outside")
        return Rates(*array)

    model, start = poissons()
    *_, last = squarem(model, start, 5000, 1e-12, from_array=from_array)
    assert last.theta.rates == pytest.approx([1.2560951012662, 2.6634043566619], abs=1e-6) and set(seen) == {(2, 2)}


def test_a_leap_never_changes_a_sign_where_nothing_else_knows_the_borders():
    """Negative weights of `Weights` lift its likelihood, which is no likelihood any more."""
    for seed in range(30):
        densities = np.random.default_rng(seed).random((12, 3)) + 0.05
        *_, last = squarem(Weights(densities), np.full(3, 1 / 3), 5000)
        assert np.all(last.theta >= 0) and last.theta.sum() == pytest.approx(1)
        assert np.max(densities.T @ (1 / (densities @ last.theta)) - 12) < 1e-3


def test_a_leap_at_which_python_itself_gives_up_is_not_made():
    class Halving:
        """theta halves its distance to 1; only numbers below 1 are allowed, and the leap goes to 1."""

        def e_step(self, theta):
            return 1 / (1 - theta)

        def m_step(self, statistics):
            return 1 - 0.5 / statistics

        def log_likelihood(self, theta):
            return theta

    steps = list(squarem(Halving(), 0.5, 6))
    assert [step.theta for step in steps] == [0.5, 0.75, 0.875, 0.875, 0.9375, 0.96875, 0.96875]
    assert steps[3].statistics == steps[2].statistics and steps[3].iteration == 3


def test_a_leap_to_where_it_is_as_high_is_made():
    class Flat(Slow):
        def log_likelihood(self, theta):
            return -1.0

    *_, last = squarem(Flat(), 1.0, 3, from_array=float)
    assert last.theta == pytest.approx(-1, abs=1e-8)


def test_nothing_is_heard_of_a_leap_to_where_logarithms_end():
    class Logarithm(Slow):
        """Highest at 0, which is the border; EM goes beyond at its end."""

        def log_likelihood(self, theta):
            return np.log(np.float64(theta) + 0.5)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        steps = list(squarem(Logarithm(), 1.0, 4, from_array=float))
    assert steps[3].theta == steps[2].theta == pytest.approx(0.62)  # the leap is to -1


def test_it_rests_where_nothing_changes_and_else_ends_after_a_hundred():
    class Still(Slow):
        def m_step(self, statistics):
            return float(statistics[0])

    assert [step.stop_reason for step in squarem(Still(), 1.0, tolerance=0)] == [
        None,
        "no parameter changed by more than 0",
    ]
    *_, last = squarem(overlapping(), SPREAD)
    assert last.iteration == 100 and last.stop_reason == "stopped at the limit of 100 iterations"


def test_nan_on_the_way_is_named_and_nothing_warns():
    class Lost:
        def e_step(self, theta):
            return theta

        def m_step(self, statistics):
            return statistics + 1 if statistics < 2 else np.nan

        def log_likelihood(self, theta):
            return -theta  # falls, which is the business of `em` alone

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="theta must be finite numbers; in iteration 3 it is nan"):
            list(squarem(Lost(), 0.5))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_iterations": -1}, "max_iterations must be a whole number, 0 or more; it is -1"),
        ({"tolerance": np.nan}, "tolerance must be a finite number, 0 or more; it is nan"),
        ({"from_array": lambda array: SPREAD}, "from_array must make Coins.* again from its array"),
        ({"tolerance": np.inf}, "tolerance must be a finite number, 0 or more; it is inf"),
        ({"max_iterations": 2.5}, "max_iterations must be a whole number, 0 or more; it is 2.5"),
        (
            {"from_array": lambda rows: Coins(rows[0], rows[1] + 1e-3)},
            "from_array must make Coins.* again from its array",
        ),
        ({"from_array": float}, "from_array must make a theta like Coins.* from its array"),
    ],
)
def test_bad_arguments_are_named_at_once(arguments, message):
    with pytest.raises(ValueError, match=message):
        squarem(**{"model": B, "theta": Coins([0.5, 0.5], [0.2, 0.8])} | arguments)


def test_impossible_data_are_an_error_and_no_iterations_are_a_start():
    with pytest.raises(emlib.ImpossibleData):
        list(squarem(B, Coins([1], [0])))
    (only,) = squarem(B, SPREAD, 0)
    assert only.theta is SPREAD and only.stop_reason == "stopped at the limit of 0 iterations"


class Gone:
    """A map that ends where it begins, and is infinite everywhere else."""

    def e_step(self, theta):
        return theta

    def m_step(self, statistics):
        return 0.5 if statistics == 0.5 else np.inf


class TestJacobian:
    def test_it_is_one_minus_the_share_of_observed_information(self):
        """I - I_complete^-1 I_observed, in the biases and the first K - 1 weights (Dempster, Laird and Rubin 1977)."""
        model = overlapping(1000)
        *_, last = squarem(model, SPREAD, 20_000, tolerance=1e-14)
        theta, expected = last.theta, model.e_step(last.theta)
        complete = np.zeros((5, 5))
        complete[range(3), range(3)] = expected.tosses / (theta.biases * (1 - theta.biases))
        complete[3:, 3:] = np.diag(expected.counts[:2] / theta.weights[:2] ** 2)
        complete[3:, 3:] += expected.counts[2] / theta.weights[2] ** 2
        observed = -slope_and_curvature(model, theta)[1]
        shares = np.linalg.eigvals(np.eye(5) - np.linalg.solve(complete, observed))
        by_differences = np.linalg.eigvals(em_jacobian(model, theta))
        assert np.sort(np.abs(by_differences)) == pytest.approx(np.sort(np.append(np.abs(shares), 0)), abs=1e-6)
        assert 0.9 < np.abs(shares).max() < 1

    def test_it_is_the_observed_ratio_of_gains(self):
        model = BinomialMixture(Coins([0.3, 0.4, 0.3], [0.1, 0.5, 0.9]).sample(10_000, tosses=10, seed=1).heads)
        steps = list(emlib.em(model, SPREAD, 60, tolerance=0))
        *_, last = emlib.em(model, SPREAD, 1000)
        rate = np.abs(np.linalg.eigvals(em_jacobian(model, last.theta))).max()
        gaps = [np.abs(np.asarray(step.theta) - np.asarray(last.theta)).max() for step in steps]
        assert gaps[50] / gaps[49] == pytest.approx(rate, abs=1e-6)

    def test_the_ridge_of_the_chapter_has_the_rate_of_notebook_4_and_flat_directions(self):
        model = BinomialMixture(emlib.chapter.heads)
        *_, last = emlib.em(model, emlib.chapter.start, 1000)
        sizes = np.sort(np.abs(np.linalg.eigvals(em_jacobian(model, last.theta))))
        rate = 1.9275 / 2.42775
        assert sizes == pytest.approx([0, 0, rate, rate, 1, 1], abs=1e-6)

    def test_a_point_on_the_border_is_refused(self):
        words = r"theta must lie inside its borders, .*; with number \(1, 0\) of theta moved by 1e-07: biases must lie"
        with pytest.raises(ValueError, match=words):
            em_jacobian(B, Coins([0.5, 0.5], [0, 0.5]))
        with pytest.raises(ValueError, match="with theta moved by 1e-07: theta must lie between 0 and 1"):
            em_jacobian(GeneticLinkage(), 1.0)

    def test_what_becomes_nan_is_refused(self):
        model, start = poissons()
        with pytest.raises(ValueError, match=r"with number \(0, 0\) of theta moved by 1e-07: log_joint must be log"):
            em_jacobian(model, start._replace(weights=np.array([0.0, 1])))

    def test_a_number_that_cannot_be_moved_is_named_with_how_far_it_was_moved(self):
        class Fixed:
            def e_step(self, theta):
                return theta

            def m_step(self, statistics):
                return statistics

        def from_array(array):
            if np.any(array[1:] != 20):
                raise ValueError("it is 20")
            return np.array(array)

        with pytest.raises(ValueError, match=r"with number \(1,\) of theta moved by 2e-06: it is 20"):
            em_jacobian(Fixed(), np.array([3.0, 20.0]), from_array)
        with pytest.raises(ValueError, match=r"with theta moved by 1e-07: the next theta is \[inf\]"):
            em_jacobian(Gone(), 0.5)

    @pytest.mark.parametrize("size", [0, -1e-7, np.nan, np.inf, [1e-7], "small"])
    def test_a_size_is_a_number_above_0(self, size):
        with pytest.raises(ValueError, match="size must be"):
            em_jacobian(B, SPREAD, size=size)

    def test_the_size_is_how_far_it_is_moved(self):
        class Cube:
            def e_step(self, theta):
                return theta**3

            def m_step(self, statistics):
                return statistics

        # ((t + h)^3 - (t - h)^3) / 2 h = 3 t^2 + h^2, with h in proportion above 1
        assert em_jacobian(Cube(), 0.5, size=0.1) == pytest.approx(np.array([[0.76]]), abs=1e-12)
        assert em_jacobian(Cube(), 10.0, size=0.1) == pytest.approx(np.array([[301.0]]), abs=1e-9)
        assert em_jacobian(Cube(), -10.0, size=0.1) == pytest.approx(np.array([[301.0]]), abs=1e-9)


class Slow:
    """Theta crawls from 1 to -1, a tenth of the way an iteration: one leap goes there, but for rounding."""

    def __init__(self, theta_of=float):
        self.theta_of = theta_of

    def e_step(self, theta):
        return parameters(theta).ravel()

    def m_step(self, statistics):
        return self.theta_of(0.9 * statistics[0] - 0.1000000001)

    def log_likelihood(self, theta):
        return float(-((parameters(theta).ravel()[0] + 1) ** 2))


@dataclass
class Boxed:
    """Made again by `from_array`."""

    value: float

    @classmethod
    def from_array(cls, array):
        return cls(float(np.ravel(array)[0]))


class Row:
    """An array to numpy, and called with its rows."""

    def __init__(self, value):
        self.value = float(value)

    def __array__(self, dtype=None, copy=None):
        return np.array([self.value])


@pytest.mark.parametrize(
    ("theta_of", "from_array", "arrives"),
    [
        (float, None, False),
        (np.float64, None, False),
        (lambda value: np.array([value]), None, False),
        (float, float, True),
        (lambda value: np.array([value]), np.array, True),
        (Boxed, None, True),
        (Row, None, True),
    ],
)
def test_a_leap_changes_a_sign_only_where_something_else_knows_the_borders(theta_of, from_array, arrives):
    first, *steps = squarem(Slow(theta_of), theta_of(1.0), 3, tolerance=0, from_array=from_array)
    assert [step.iteration for step in steps] == [1, 2, 3]
    assert (abs(parameters(steps[-1].theta).ravel()[0] + 1) < 1e-8) == arrives
    assert steps[-1].stop_reason == "stopped at the limit of 3 iterations"
    assert [step.stop_reason for step in (first, *steps[:-1])] == [None] * 3


def test_a_jacobian_of_thetas_that_only_a_function_can_rebuild():
    class Mute:
        """Knows its numbers; what it is made from is another thing."""

        def __init__(self, name, value):
            self.value = value

        def __array__(self, dtype=None, copy=None):
            return np.array([self.value])

    def from_array(array):
        return Mute("made again", float(np.ravel(array)[0]))

    assert em_jacobian(Slow(from_array), from_array(0.5), from_array) == pytest.approx(np.array([[0.9]]))
    with pytest.raises(ValueError, match="from_array"):
        em_jacobian(Slow(from_array), from_array(0.5))


def pictures():
    return {
        "EM: 0.5000, 0.6000, 0.6400": how_fast_em_climbs.next_estimates(lambda t: 0.4 * t + 0.4, 0.5, iterations=2),
        "fast: 0.5000; slow: 0.9000": how_fast_em_climbs.gaps_and_rates(
            {"fast": (0.5 ** np.arange(60), 0.5), "slow": (0.9 ** np.arange(60), 0.9)}
        ),
        "Within 0.001 nats: a after about 7, b after about 1,000.": how_fast_em_climbs.gaps_per_iteration(
            {"a": 0.35 ** np.arange(9), "b": np.append(np.ones(1000), 0), "c": np.ones(5)}, near=0.001
        ),
    }


@pytest.mark.parametrize("words", pictures())
def test_a_picture_says_what_it_shows_and_fits_the_page(words):
    picture = pictures()[words]
    assert words in picture.description
    assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960


def test_predicted_lines_run_beside_what_they_predict():
    axes = how_fast_em_climbs.gaps_and_rates({"slow": (0.9 ** np.arange(60), 0.9)}).figure.axes[0]
    gaps, predicted = (line.get_ydata() for line in axes.lines[:2])
    assert predicted / gaps == pytest.approx(np.full(60, predicted[0] / gaps[0])) and 1 < predicted[0] / gaps[0] < 3
