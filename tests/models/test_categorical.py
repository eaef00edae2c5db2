"""Answers with gaps, and classes behind them: against brute force, direct maximisation and plain counting."""

from itertools import product
from math import exp, log, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

import emlib
from emlib import BinomialMixture
from emlib.beyond import fit, information_criteria
from emlib.data import pleural
from emlib.lessons import missing_ratings
from emlib.lessons.missing_ratings import star_pairs
from emlib.models import Classes, JointCategorical, NaiveBayes

NAN = np.nan
STARS = (1, 2, 3)


def shares(numbers):
    return np.asarray(numbers) / np.sum(numbers, axis=-1, keepdims=True)


@st.composite
def tables(draw, most_rows, most_questions=2):
    """Answers 1, 2 or 3 with gaps, and labels 0 or 1 of which some are not known (-1)."""
    questions, rows = draw(st.integers(1, most_questions)), draw(st.integers(1, most_rows))
    row = st.lists(st.sampled_from([NAN, 1, 2, 3]), min_size=questions, max_size=questions)
    answers = draw(st.lists(row, min_size=rows, max_size=rows))
    return np.array(answers, dtype=float), draw(st.lists(st.integers(-1, 1), min_size=rows, max_size=rows))


def theta_of(draw_from, shape):
    return shares(np.random.default_rng(draw_from).uniform(0.05, 1, shape))


def joint_of(seed, questions):
    return theta_of(seed, 3**questions).reshape((3,) * questions)


def classes_of(seed, questions, classes=2, values=3):
    return Classes(theta_of(seed, classes), theta_of(seed + 1, (classes, questions, values)))


def completions(row):
    """Every complete row that `row` may hide, as positions 0, 1, 2."""
    return list(product(*(range(3) if np.isnan(answer) else [int(answer) - 1] for answer in row)))


def run(model, start, iterations):
    return list(emlib.em(model, start, max_iterations=iterations, tolerance=0))


# --- against a sum over everything that may be hidden


@given(tables(most_rows=3), st.integers(0, 10**6))
def test_joint_equals_the_sum_over_all_completions(data, seed):
    answers, _ = data
    theta = joint_of(seed, answers.shape[1])
    likelihood, expected = 0.0, np.zeros(theta.shape)
    posterior = [np.zeros(theta.shape) for _ in answers]
    for rows in product(*map(completions, answers)):  # one completion of the whole table
        probability = prod(theta[row] for row in rows)
        likelihood += probability
        for number, row in enumerate(rows):
            expected[row] += probability
            posterior[number][row] += probability

    model = JointCategorical(answers, STARS)
    assert exp(model.log_likelihood(theta)) == pytest.approx(likelihood, rel=1e-11)
    assert model.e_step(theta) == pytest.approx(expected / likelihood, abs=1e-11)
    by_row = model.responsibilities(theta)[model.rows].reshape(len(answers), *theta.shape)
    assert by_row == pytest.approx(np.array(posterior) / likelihood, abs=1e-12)


@given(tables(most_rows=3), st.integers(0, 10**6))
def test_naive_bayes_equals_the_sum_over_all_labels_and_completions(data, seed):
    answers, labels = data
    theta = classes_of(seed, answers.shape[1])
    likelihood, posterior = 0.0, np.zeros((len(answers), 2))
    for hidden in product(*([label] if label >= 0 else [0, 1] for label in labels)):
        for rows in product(*map(completions, answers)):
            factors = [
                theta.weights[j] * prod(theta.probabilities[j, d, v] for d, v in enumerate(row))
                for j, row in zip(hidden, rows, strict=True)
            ]
            likelihood += prod(factors)
            posterior[range(len(answers)), hidden] += prod(factors)
    posterior /= likelihood
    tallies = np.zeros(theta.probabilities.shape)
    for number, row in enumerate(answers):
        for question, answer in enumerate(row):
            if not np.isnan(answer):
                tallies[:, question, int(answer) - 1] += posterior[number]

    model = NaiveBayes(answers, STARS, labels)
    statistics = model.e_step(theta)
    assert exp(model.log_likelihood(theta)) == pytest.approx(likelihood, rel=1e-11)
    assert model.responsibilities(theta)[model.rows] == pytest.approx(posterior, abs=1e-12)
    assert statistics.counts == pytest.approx(posterior.sum(axis=0), abs=1e-11)
    assert statistics.tallies == pytest.approx(tallies, abs=1e-11)


def test_the_joint_of_classes_is_their_mixture():
    theta = classes_of(seed=3, questions=3)
    for row in product(range(3), repeat=3):
        by_hand = sum(
            w * p[0, row[0]] * p[1, row[1]] * p[2, row[2]] for w, p in zip(*vars(theta).values(), strict=True)
        )
        assert theta.joint()[row] == pytest.approx(by_hand, rel=1e-13)
    answers = np.array([[1, NAN, 3], [NAN, NAN, 2], [2, 2, 2]])
    assert NaiveBayes(answers, STARS).log_likelihood(theta) == pytest.approx(
        JointCategorical(answers, STARS).log_likelihood(theta.joint()), rel=1e-13
    )


# --- nothing hidden: EM is plain counting, at once


@given(st.lists(st.tuples(*[st.integers(1, 3)] * 2), min_size=1, max_size=30), st.integers(0, 10**6))
def test_complete_rows_are_counted(rows, seed):
    _, first, second = run(JointCategorical(rows, STARS), joint_of(seed, 2), 2)
    for row in product(STARS, repeat=2):
        assert first.theta[row[0] - 1, row[1] - 1] == pytest.approx(rows.count(row) / len(rows), abs=1e-12)
    assert second.theta == pytest.approx(first.theta, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 1), *[st.integers(1, 3)] * 2), min_size=1, max_size=30), st.integers(0, 10**6))
def test_known_labels_are_counted(rows, seed):
    labels, answers = [row[0] for row in rows], [row[1:] for row in rows]
    start = classes_of(seed, 2)
    theta = run(NaiveBayes(answers, STARS, labels), start, 1)[-1].theta
    for label in (0, 1):
        own = [row for row in rows if row[0] == label]
        assert theta.weights[label] == pytest.approx(len(own) / len(rows))
        for question, star in product((0, 1), STARS):
            share = start.probabilities[label, question, star - 1]  # a class with nobody in it keeps what it had
            if own:
                share = sum(row[1 + question] == star for row in own) / len(own)
            assert theta.probabilities[label, question, star - 1] == pytest.approx(share, abs=1e-12)


# --- EM climbs, and arrives


@given(tables(most_rows=20, most_questions=3), st.integers(0, 10**6))
def test_em_never_goes_down(data, seed):
    answers, labels = data
    questions = answers.shape[1]
    for model, start in (
        (JointCategorical(answers, STARS), joint_of(seed, questions)),
        (NaiveBayes(answers, STARS, labels), classes_of(seed, questions)),
    ):
        heights = [step.log_likelihood for step in run(model, start, 15)]
        assert np.all(np.diff(heights) >= -1e-10 * (1 + np.abs(heights[1:])))


def some_answers(rows=60, missing=0.3, seed=0):
    answers = classes_of(seed, 2).sample(rows, STARS, seed).features
    return np.where(np.random.default_rng(seed).random(answers.shape) < missing, NAN, answers)


@pytest.mark.parametrize("seed", range(4))
def test_joint_em_finds_the_one_maximum(seed):
    """Against a general optimiser, and by the conditions of Kuhn and Tucker, which for a concave function prove it."""
    answers = some_answers(seed=seed)
    end = run(JointCategorical(answers, STARS), np.full((3, 3), 1 / 9), 3000)[-1]

    def minus_log_likelihood(logits):
        theta = shares(np.exp(logits - logits.max())).reshape(3, 3)
        return -sum(log(sum(theta[row] for row in completions(answer))) for answer in answers)

    top = -minimize(minus_log_likelihood, np.zeros(9), options={"maxiter": 500}).fun
    assert end.log_likelihood == pytest.approx(top, abs=1e-4) and end.log_likelihood > top - 1e-8
    slope = np.zeros((3, 3))
    for answer in answers:
        seen = sum(end.theta[row] for row in completions(answer))
        for row in completions(answer):
            slope[row] += 1 / seen / len(answers)
    assert np.all(slope < 1 + 1e-6) and slope[end.theta > 1e-6] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_naive_bayes_em_ends_where_an_optimiser_finds_nothing_better(seed):
    answers = some_answers(seed=seed, rows=40)
    labels = [seed % 2, 1 - seed % 2] + [-1] * 38
    end = run(NaiveBayes(answers, STARS, labels), classes_of(seed + 10, 2), 5000)[-1]

    def minus_log_likelihood(logits):
        weights = shares(np.exp(logits[:2]))
        probabilities = shares(np.exp(logits[2:].reshape(2, 2, 3)))
        total = 0
        for row, label in zip(answers, labels, strict=True):
            classes = [label] if label >= 0 else [0, 1]
            given = [(d, int(answer) - 1) for d, answer in enumerate(row) if not np.isnan(answer)]
            total += log(sum(weights[j] * prod(probabilities[j, d, v] for d, v in given) for j in classes))
        return -total

    at_end = np.log(np.maximum(np.asarray(end.theta), 1e-12))
    assert -minus_log_likelihood(at_end) == pytest.approx(end.log_likelihood, abs=1e-6)
    assert -minimize(minus_log_likelihood, at_end, options={"maxiter": 200}).fun < end.log_likelihood + 1e-5


# --- rows that say nothing, and rows that are equal


def test_a_row_with_everything_missing_says_nothing():
    answers, nothing = some_answers(), np.full((5, 2), NAN)
    with_nothing = np.vstack([answers, nothing])
    joint, classes = joint_of(1, 2), classes_of(1, 2)
    assert JointCategorical(nothing, STARS).responsibilities(joint) == pytest.approx(joint.reshape(1, 9))
    assert NaiveBayes(nothing, STARS).responsibilities(classes) == pytest.approx(classes.weights[None])
    for model, start in ((JointCategorical, joint), (NaiveBayes, classes)):
        assert model(nothing, STARS).log_likelihood(start) == pytest.approx(0, abs=1e-12)
        ends = [run(model(data, STARS), start, 3000)[-1] for data in (answers, with_nothing)]
        assert ends[0].log_likelihood == pytest.approx(ends[1].log_likelihood, abs=1e-5)
        # Different classes may have the same joint distribution, so compare that.
        first, second = (end.theta if model is JointCategorical else end.theta.joint() for end in ends)
        assert first == pytest.approx(second, abs=1e-4)


def test_what_nobody_answered_keeps_its_probabilities():
    start = classes_of(1, 2)
    theta = run(NaiveBayes([[1, NAN], [2, NAN]], STARS), start, 5)[-1].theta
    assert np.all(theta.probabilities[:, 1] == start.probabilities[:, 1])


@given(tables(most_rows=12, most_questions=3))
def test_patterns_are_the_distinct_rows(data):
    answers, labels = data
    codes = np.where(np.isnan(answers), 0, answers).astype(int) - 1
    joint, bayes = JointCategorical(answers, STARS), NaiveBayes(answers, STARS, labels)
    for model, rows, found in (
        (joint, codes, joint.patterns),
        (bayes, np.column_stack([labels, codes]), np.column_stack([bayes.labels, bayes.patterns])),
    ):
        distinct, occurrences = np.unique(rows, axis=0, return_counts=True)
        assert np.all(found == distinct) and np.all(model.occurrences == occurrences)
        assert np.all(found[model.rows] == rows)


def test_patterns_of_rows_with_very_many_features():
    """More possible rows than there are whole numbers on the machine."""
    features = np.random.default_rng(0).integers(1, 4, (200, 100))
    features[1] = features[0]
    features[1, 0] = 1 + features[0, 0] % 3  # the first column alone tells these two apart
    twice = np.vstack([features, features])
    model = NaiveBayes(twice, STARS)
    assert len(model.occurrences) == len(np.unique(features, axis=0)) == 200 and np.all(model.occurrences == 2)
    assert np.all(model.patterns[model.rows] + 1 == twice)


def test_a_thousand_times_the_users_are_the_same_patterns_and_the_same_run():
    """An iteration works on patterns alone: no array in it has a length that depends on the number of users."""
    answers = some_answers(rows=500)
    for kind, start in ((JointCategorical, joint_of(1, 2)), (NaiveBayes, classes_of(1, 2))):
        few, many = kind(answers, STARS), kind(np.tile(answers, (1000, 1)), STARS)
        assert np.all(few.patterns == many.patterns) and len(many.patterns) <= 4**2
        assert np.all(1000 * few.occurrences == many.occurrences)
        assert few.responsibilities(start).shape == many.responsibilities(start).shape
        for one, other in zip(run(few, start, 5), run(many, start, 5), strict=True):
            assert np.asarray(one.theta) == pytest.approx(np.asarray(other.theta), abs=1e-12)
            assert 1000 * one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)


def test_data_are_not_changed():
    answers, values = some_answers(), np.array([1.0, 2.0, 3.0])
    before = answers.copy()
    for kind, start in ((JointCategorical, joint_of(1, 2)), (NaiveBayes, classes_of(1, 2))):
        run(kind(answers, values), start, 2)
    assert np.array_equal(answers, before, equal_nan=True)
    values[0] = 2  # still the caller's own, to change


# --- simulated answers


def test_samples_follow_their_classes():
    theta = Classes([0.2, 0.8], [[[0, 0.5, 0.5], [1, 0, 0]], [[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]]])
    features, labels = theta.sample(20_000, (1, 4, 5), seed=2)
    assert features.shape == (20_000, 2) and set(np.unique(features)) == {1, 4, 5}
    for label in (0, 1):
        own = features[labels == label]
        assert len(own) / 20_000 == pytest.approx(theta.weights[label], abs=5 * (0.16 / 20_000) ** 0.5)
        for question in (0, 1):
            found = np.array([np.mean(own[:, question] == value) for value in (1, 4, 5)])
            chance = theta.probabilities[label, question]
            assert np.all(np.abs(found - chance) <= 5 * np.sqrt(chance * (1 - chance) / len(own)))
    own = features[labels == 1]  # independent within a class
    assert abs(np.corrcoef(own.T)[0, 1]) < 5 / len(own) ** 0.5


def test_a_seed_draws_the_same_sample():
    theta = classes_of(1, 2)
    one, same, other = (theta.sample(50, STARS, seed) for seed in (1, np.random.default_rng(1), 2))
    assert np.all(one.features == same.features) and np.all(one.labels == same.labels)
    assert np.any(one.features != other.features)


# --- bad input


@pytest.mark.parametrize("kind", [JointCategorical, NaiveBayes])
@pytest.mark.parametrize(
    ("answers", "values", "said"),
    [
        ([1, 2, 3], STARS, "must be a table of one or more rows; its shape is \\(3,\\)"),
        (np.empty((0, 3)), STARS, "must be a table of one or more rows; its shape is \\(0, 3\\)"),
        ([[1, 4]], STARS, "must be one of \\[1, 2, 3\\], or nan; one of them is 4"),
        ([[0, 1]], STARS, "one of them is 0"),
        ([[1.5, 1]], STARS, "one of them is 1.5"),
        ([[np.inf, 1]], STARS, "one of them is inf"),
        ([["good", "bad"]], STARS, "must be numbers, alone or in lists or arrays; it is \\[\\['good'"),
        ([[1, 2], [1]], STARS, "must be numbers, alone or in lists or arrays; it is \\[\\[1, 2\\], \\[1\\]\\]"),
        ([[1, 2]], (2, 1), "values must be a list of one or more finite numbers, ascending; they are \\(2, 1\\)"),
        ([[1, 1]], (1, 1), "values must be"),
        ([[1, 1]], (1, NAN), "values must be"),
        ([[1, 1]], (), "values must be"),
        ([[1, 1]], "stars", "values must be numbers, alone or in lists or arrays; it is 'stars'"),
    ],
)
def test_bad_tables(kind, answers, values, said):
    with pytest.raises(ValueError, match=said) as error:
        kind(answers, values)
    if "values" not in said:
        assert str(error.value).startswith("answers" if kind is JointCategorical else "features")


@pytest.mark.parametrize(
    ("labels", "said"),
    [([0], "labels must be 2, one per"), ([0, -2], "-2"), ([0, 0.5], "0.5"), ([0, 2], "from 0 to 1, or -1")],
)
def test_bad_labels(labels, said):
    with pytest.raises(ValueError, match=said):
        NaiveBayes([[1, 2], [2, 2]], STARS, labels).e_step(classes_of(1, 2))


@pytest.mark.parametrize(
    ("theta", "said"),
    [
        (np.full(9, 1 / 9), "theta must be of shape \\(3, 3\\); its shape is \\(9,\\)"),
        (np.full((3, 3), 1 / 8), "theta must sum to 1"),
        (np.array([[2, -1, 0], [0, 0, 0], [0, 0, 0]]), "theta must lie between 0 and 1"),
    ],
)
def test_bad_theta_of_the_joint(theta, said):
    with pytest.raises(ValueError, match=said):
        JointCategorical([[1, 2]], STARS).e_step(theta)


@pytest.mark.parametrize("theta", [classes_of(1, 3), classes_of(1, 1), classes_of(1, 2, values=4)])
def test_classes_for_other_features(theta):
    with pytest.raises(ValueError, match=r"theta.probabilities must be of shape .* = \(K, 2, 3\)"):
        NaiveBayes([[1, 2]], STARS).log_likelihood(theta)


@pytest.mark.parametrize(
    ("weights", "probabilities", "said"),
    [
        ([0.5, 0.6], [[[1]], [[1]]], "weights must sum to 1"),
        ([1], [[1]], "probabilities must be numbers in an array with 3 axes"),
        ([1], [[[0.4, 0.5]]], "probabilities must sum to 1"),
        ([0.5, 0.5], [[[1]]], "equally many classes; there are 2 weights and probabilities of 1"),
    ],
)
def test_bad_classes(weights, probabilities, said):
    with pytest.raises(ValueError, match=said):
        Classes(weights, probabilities)


@pytest.mark.parametrize(
    ("rows", "values", "said"),
    [
        (0, STARS, "rows must be a whole number, 1 or more"),
        ([2, 3], STARS, "rows must be one whole number, 1 or more; it is"),
        (5, (0, 1), "values must be 3, one per probability; there are 2"),
        (5, (3, 2, 1), "values must be .* ascending"),
    ],
)
def test_bad_samples(rows, values, said):
    with pytest.raises(ValueError, match=said):
        classes_of(1, 2).sample(rows, values)


def test_impossible_data_are_an_error():
    sure = np.zeros((3, 3))
    sure[0, 0] = 1
    with pytest.raises(ValueError, match=r"the row \(2, missing\) has probability 0 under theta"):
        JointCategorical([[1, 1], [2, NAN]], STARS).log_likelihood(sure)
    theta = Classes([1, 0], np.full((2, 2, 3), 1 / 3))
    with pytest.raises(ValueError, match=r"the row \(1, missing\) with label 1 has probability 0"):
        NaiveBayes([[1, NAN]], STARS, [1]).e_step(theta)


# --- pictures: what they say agrees with the numbers


def pictures():
    types = Classes([0.25, 0.75], [[[1, 0, 0], [0, 0, 1]], [[0, 1, 0], [0.5, 0, 0.5]]])
    pairs = np.diag([0.2, 0.3, 0.5])
    sets = {"one": [[0.1, 0.2], [0.3, 0.4]], "other": [[0.2, 0.2], [0.2, 0.2]]}
    return {
        "1 to 3 stars. start: 0.20, 0.30, 0.50; truth: 0.10, 0.10, 0.80.": missing_ratings.star_bars(
            {"start": [0.2, 0.3, 0.5]}, truth=[0.1, 0.1, 0.8]
        ),
        "Average fun of those who gave action 1 to 3 stars. all: 1.0, 2.0, 3.0; few: 1.0, 2.0, 3.0": star_pairs(
            {"all": pairs, "few": pairs / 2}, ("action", "fun")
        ),
        "a (25%): action 1.0, fun 3.0; b (75%): action 2.0, fun 2.0.": missing_ratings.user_types(
            types, ("a", "b"), ("action", "fun"), truth=types
        ),
        "Missing 10%, 20%. left, one: 0.20, 0.30; left, other: 0.20, 0.20.": missing_ratings.fill_in_errors(
            {"left": sets}, [0.1, 0.2], "missing"
        ),
        "Users 10, 1,000. left, one: 0.20, 0.30; left, other: 0.20, 0.20.": missing_ratings.fill_in_errors(
            {"left": sets}, [10, 1000], "users", log=True
        ),
    }


@pytest.mark.parametrize("words", pictures())
def test_a_picture_says_what_it_shows_and_fits_the_page(words):
    picture = pictures()[words]
    assert words in picture.description
    assert picture.png(scale=1).startswith(b"\x89PNG") and picture.width <= 960


def test_whiskers_are_standard_errors():
    picture = missing_ratings.fill_in_errors({"": {"one": [[1], [3], [5]]}}, [0.5], "missing")
    (whisker,) = picture.figure.axes[0].collections[0].get_segments()
    assert whisker[:, 1] == pytest.approx([3 - 2 / 3**0.5, 3 + 2 / 3**0.5])  # the standard deviation is 2


# --- what callers hand in


def test_codes_that_are_not_the_default_are_told_which_to_say():
    with pytest.raises(ValueError, match=r"one of \[0, 1\], or nan; one of them is 2. If .*: values=\(1, 2\)$"):
        NaiveBayes([[1, 2], [2, NAN]])
    with pytest.raises(ValueError, match=r"say which there are: values=\(1, 3, 7.5\)$"):
        NaiveBayes([[1, 3], [7.5, 1]])
    with pytest.raises(ValueError, match=r"one of them is 3. If .*: values=\.\.\.$"):
        JointCategorical([[3, 3]], (1, 2))
    with pytest.raises(ValueError, match=r"values=\.\.\.$"):
        NaiveBayes(np.arange(11.0)[:, None])
    with pytest.raises(ValueError, match=r"values=\(0, 1, 2, 3, 4, 5, 6, 7, 8, 9\)$"):
        NaiveBayes(np.arange(10.0)[:, None])
    with pytest.raises(ValueError, match=r"one of them is inf.*values=\.\.\.$"):
        NaiveBayes([[0, np.inf]])


def test_missing_answers_of_every_kind():
    pandas = pytest.importorskip("pandas")
    plain = [[1, NAN], [2, 3], [1, NAN]]
    masked = np.ma.masked_array([[1, 9], [2, 3], [1, 9]], [[0, 1], [0, 0], [0, 1]])
    frame = pandas.DataFrame({"a": [1, 2, 1], "b": pandas.Series([None, 3, None], dtype="Int64")})
    for table in (masked, frame, [[1, None], [2, 3], [1, None]], np.array(plain, dtype=np.float32)):
        for kind in (JointCategorical, NaiveBayes):
            assert np.array_equal(kind(table, STARS).patterns, kind(plain, STARS).patterns)
    labels = [0, NAN, 1.0]
    assert sorted(NaiveBayes(plain, STARS, labels).labels.tolist()) == [-1, 0, 1]


def test_tables_that_would_not_fit_are_refused_before_they_are_made():
    rows = np.random.default_rng(0).integers(1, 6, (50, 10))
    with pytest.raises(
        ValueError, match=r"at most 33,554,432 cells .*; it would be 50 x 5\*\*10. NaiveBayes has no such"
    ):
        JointCategorical(rows)
    with pytest.raises(ValueError, match=r"it would be 1 x 2\*\*26"):
        JointCategorical(np.zeros((3, 26)), (0, 1))
    with pytest.raises(ValueError, match=r"and 32 answers a row; it would be 1 x 1\*\*33"):
        JointCategorical(np.zeros((2, 33)), (0,))
    with pytest.raises(ValueError, match=r"it would be 2 x 5\*\*10000"):
        JointCategorical(np.vstack([np.ones(10_000), np.full(10_000, 2)]))
    assert JointCategorical(np.zeros((2, 32)), (0,)).log_likelihood(np.ones((1,) * 32)) == 0
    assert len(NaiveBayes(rows, (1, 2, 3, 4, 5)).occurrences) == 50
    many = Classes([1], np.full((1, 26, 2), 0.5))
    with pytest.raises(ValueError, match=r"at most 33,554,432 complete rows and 32 axes; it would be 2\*\*26"):
        many.joint()
    with pytest.raises(ValueError, match=r"it would be 1\*\*33"):
        Classes([1], np.ones((1, 33, 1))).joint()
    assert Classes([1], np.ones((1, 32, 1))).joint().shape == (1,) * 32


def test_the_limit_itself_is_allowed(monkeypatch):
    monkeypatch.setattr("emlib.models.categorical.CELLS", 2 * 9)
    assert len(JointCategorical([[1, 2], [2, 3]], STARS).patterns) == 2
    with pytest.raises(ValueError, match=r"it would be 3 x 3\*\*2"):
        JointCategorical([[1, 2], [2, 3], [3, 3]], STARS)


@pytest.mark.parametrize(
    "theta", [[0.5, 0.5], np.ones(3), 0.5, None, "theta", {"weights": [1]}, emlib.Coins([1], [0.5])]
)
def test_a_theta_of_another_kind_is_named(theta):
    bayes, joint = NaiveBayes([[1, 2]], STARS), JointCategorical([[1, 2]], STARS)
    for call in (bayes.log_likelihood, bayes.e_step, lambda theta: bayes.expected_statistics(np.ones((1, 1)), theta)):
        with pytest.raises(TypeError, match=f"theta must be a Classes; it is a {type(theta).__name__}"):
            call(theta)
    with pytest.raises(TypeError, match="statistics must be a ClassStatistics; it is a"):
        bayes.m_step(theta)
    for call in (joint.log_likelihood, joint.e_step):
        with pytest.raises(ValueError, match=r"theta must be of shape \(3, 3\); its shape is"):
            call(theta)


def test_statistics_and_responsibilities_of_another_kind_are_named():
    bayes, joint = NaiveBayes([[1, 2]], STARS), JointCategorical([[1, 2]], STARS)
    with pytest.raises(ValueError, match=r"responsibilities must be of shape \(1, 2\); their shape is \(2, 1\)"):
        bayes.expected_statistics(np.ones((2, 1)), classes_of(1, 2))
    with pytest.raises(ValueError, match=r"responsibilities must be of shape \(1, 9\); their shape is \(9,\)"):
        joint.expected_statistics(np.ones(9) / 9, joint_of(1, 2))
    for wrong, words in (
        (np.ones(9), r"statistics must be of shape \(3, 3\); their shape is \(9,\)"),
        (np.zeros((3, 3)), "statistics must be finite numbers, 0 or more, and not all 0"),
        (-np.eye(3), "statistics must be finite numbers, 0 or more, and not all 0"),
        (np.full((3, 3), np.inf), "statistics must be finite numbers"),
        (np.full((3, 3), NAN), "statistics must be finite numbers"),
        ("text", "statistics must be numbers"),
    ):
        with pytest.raises(ValueError, match=words):
            joint.m_step(wrong)
    assert joint.m_step(np.eye(3)) == pytest.approx(np.eye(3) / 3)


def test_the_way_to_numbers_and_back():
    theta = classes_of(5, 2)
    assert np.asarray(theta)[:2].tolist() == theta.weights.tolist() and np.asarray(theta).shape == (14,)
    again = theta.from_array(np.asarray(theta))
    assert np.array_equal(again, theta) and again.probabilities.shape == (2, 2, 3)
    with pytest.raises(ValueError, match=r"array must be of shape \(14,\); its shape is \(13,\)"):
        theta.from_array(np.asarray(theta)[1:])
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        theta.from_array(-np.asarray(theta))


@pytest.mark.parametrize("rows", [0, -1, 2.5, "two", [3, 4], True, NAN])
def test_a_sample_is_of_a_number_of_rows(rows):
    with pytest.raises(ValueError, match="rows must be "):
        classes_of(1, 2).sample(rows, STARS)


def test_a_seed_is_a_number_or_a_generator():
    with pytest.raises(ValueError, match="seed must be a whole number, 0 or more; it is -1"):
        classes_of(1, 2).sample(3, STARS, seed=-1)


def test_readers_of_x_rays_as_published():
    """Dayton's data, fitted by J. K. Vermunt's program LEM: readers who are alike, and readers who differ.

    LEM has no binomial coefficients, so it counts the three orders of one yes, and of two, as three outcomes.
    """
    patterns, counts = np.array(list(product((0, 1), repeat=3))), np.array(pleural)
    films = [counts[patterns.sum(axis=1) == k].sum() for k in range(4)]
    assert films == [1513, 103, 42, 34]
    alike = BinomialMixture(range(4), tosses=3, occurrences=films)
    chests = fit(alike, 2)
    assert [*chests.biases, chests.weights[0]] == pytest.approx([0.0188, 0.7165, 0.9454], abs=1e-4)
    found = information_criteria(alike, chests)
    orders = (films[1] + films[2]) * log(3)
    assert found.log_likelihood - orders == pytest.approx(-904.84848, abs=6e-6)
    assert found.bic + 2 * orders == pytest.approx(1831.9980, abs=6e-4)

    readers = NaiveBayes(np.repeat(patterns, counts, axis=0))
    start = Classes([0.8, 0.2], [[[0.9, 0.1]] * 3, [[0.3, 0.7], [0.4, 0.6], [0.2, 0.8]]])
    *_, last = emlib.em(readers, start, 5000, 1e-11)
    assert last.log_likelihood == pytest.approx(-891.14280, abs=6e-6)
    printed = [[0.9900, 0.9646, 0.9891], [0.2510, 0.3566, 0.2350]]  # where LEM stopped, two units of the last digit off
    assert last.theta.probabilities[:, :, 0] == pytest.approx(np.array(printed), abs=2e-4)


@pytest.mark.parametrize("label", [2**21 - 2, 2**40, 2**52])
def test_rows_are_told_apart_whatever_the_number_of_a_label(label):
    """Numbers of 64 bits do not reach: no numpy number may stand for all possible rows."""
    model = NaiveBayes([[1, 2], [2, 2], [1, 2], [1, 2]], (1, 2), [label, label, 0, label])
    assert model.labels.tolist() == [0, label, label] and model.occurrences.tolist() == [1, 2, 1]
