"""Is a model of one's own right? What is wrong with it is said in a sentence each."""

import warnings
from copy import copy

import numpy as np

from .acceleration import rebuilder
from .algorithm import ROUNDING, LikelihoodFell, Model, em, parameters
from .checks import brief
from .information import leaves, structure
from .mixture import Mixture, wrong_shape

PATH = 6  # iterations of EM that are looked at
LOOSE = 1e-7  # of a log-likelihood: an M-step that searches for the maximum may miss it by this
FACTORS = (1e-3, 0.03, 0.5)  # logarithms of how much more or less an observation counts for neighbours of a theta
METHODS = ("e_step", "m_step", "log_likelihood")
TRANSFORMS = {  # from what m_step returns to what would be right
    "the reciprocal of what is best, as a mean is that of a rate": lambda x: 1 / x,
    "the square of what is best, as a variance is that of a standard deviation": np.sqrt,
    "the square root of what is best, as a standard deviation is that of a variance": np.square,
}


class Findings(list):
    """What is wrong with a model, a sentence each; an empty list if nothing was found."""

    def __repr__(self):
        return "\n".join(f"- {sentence}" for sentence in self) or "nothing wrong was found"


def check_model(model: Model, theta) -> Findings:
    """Try a model at a theta, at those to which EM leads from there, and near by; say what is wrong.

    Of a `Mixture` everything is looked at: shapes and finite numbers, logarithms that are probabilities, statistics
    without the occurrences, weights that are forgotten or do not sum to 1, and whether the M-step beats its neighbours.
    Of another model: whether the likelihood falls, whether EM rests where it is flat, whether anything is changed.

    Parameters
    ----------
    model : Model
    theta : object
        Best one that is far from a maximum and in which the labels differ.

    Raises
    ------
    TypeError
        If `model` lacks a method.
    ValueError
        If `theta` holds no finite numbers.
    """
    for name in METHODS:
        if isinstance(model, type) or not callable(getattr(model, name, None)):
            raise TypeError(f"model must be an object with the methods {', '.join(METHODS)}; it is {model!r}")
    numbers = parameters(theta)
    if not numbers.size or not np.all(np.isfinite(numbers)):
        raise ValueError(f"theta must hold one or more finite numbers; it is {theta!r}")
    with np.errstate(all="ignore"):
        findings = Findings(dict.fromkeys(_findings(model, theta)))
    if not _same([numbers], [parameters(theta)]):
        findings.append(f"a step changes the theta that it is given, from {brief(numbers)}: it must return a new one")
    return findings


class _Mistake(Exception):
    """What makes it impossible to go on, in a sentence."""


def _call(what, function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:  # whatever it is, it is told
        raise _Mistake(f"{what} raises {type(error).__name__}: {error}") from error


def _findings(model, theta):
    mixture = isinstance(model, Mixture)
    try:
        if mixture:
            _look_at_log_joint(model, theta)
            yield from _look_at_responsibilities(model, theta)
            yield from _look_at_expected_statistics(model, theta)
        yield from _look_at_purity(model, theta)
        following = _iteration(model, theta, 1)
        back = None
        try:
            back = rebuilder(theta)
        except ValueError as error:
            yield f"squarem and em_jacobian cannot make a theta from numbers: {error}"
        weights = list(_look_at_sums(model, theta, following, back))
        yield from weights
        path = [theta, following]
        for iteration in range(2, PATH + 1):
            path.append(_iteration(model, path[-1], iteration))
    except _Mistake as mistake:
        yield str(mistake)
        return
    if weights:  # all else may follow from that
        return
    problems = _look_at_heights(model, path)
    if mixture and not _theta_matters(model, path):
        problems += _look_at_m_step(model, path, back)
        causes = _causes(model, path, back) if problems else []
        yield from causes or problems
    else:
        problems = problems or _look_at_rest(model, path, back)
        yield from (_likely_causes(model, path, back) if problems else []) or problems
    if mixture and back:
        yield from _look_at_idle_numbers(model, path[-1], back)


# --- the parts of a model, one by one


def _look_at_log_joint(model, theta):
    log_joint = np.asarray(_call("log_joint", model.log_joint, theta))
    occurrences = getattr(model, "occurrences", None)
    if np.ndim(occurrences) != 1 or log_joint.ndim != 2 or len(log_joint) != len(occurrences):
        raise _Mistake(wrong_shape(log_joint.shape, occurrences))
    counts = np.asarray(occurrences)
    if counts.dtype.kind not in "biuf" or not np.all((counts >= 0) & (counts < np.inf)) or not counts.sum():
        raise _Mistake(f"occurrences must be finite numbers, 0 or more and not all 0; they are {occurrences!r}")
    if log_joint.dtype.kind not in "biuf":
        raise _Mistake(f"log_joint must be an array of real numbers; its type is {log_joint.dtype}")
    _call("log_joint is no table of logarithms, and log_likelihood", model.log_likelihood, theta)


def _look_at_responsibilities(model, theta):
    log_joint = np.asarray(model.log_joint(theta))
    shares = np.asarray(_call("responsibilities", model.responsibilities, theta))
    if shares.shape != log_joint.shape:
        raise _Mistake(
            f"responsibilities must be of log_joint's shape {log_joint.shape}; their shape is {shares.shape}"
        )
    sums = shares.sum(axis=1)
    if not np.all(shares >= 0) or np.any(np.abs(sums - 1) > 1e-6):
        yield f"responsibilities must be probabilities, and every row must sum to 1; one row sums to {sums.min():.7g}"
    height = model.log_likelihood(theta)
    expected = np.asarray(model.occurrences) @ np.logaddexp.reduce(log_joint, axis=1)
    if not abs(height - expected) <= ROUNDING * max(1, abs(expected)):
        yield f"log_likelihood is {height:.10g}, but by log_joint and occurrences it is {expected:.10g}"


def _look_at_expected_statistics(model, theta):
    shares = model.responsibilities(theta)
    given = shares.copy()
    what = f"expected_statistics, given responsibilities of shape {shares.shape} for {len(shares)} occurrences,"
    _call(what, model.expected_statistics, given, theta)
    if not _same([shares], [given]):
        yield "expected_statistics changes the responsibilities that it is given: it must work on a copy"


def _look_at_purity(model, theta):
    """Nothing that a step is given may be changed by it, and the same theta must give the same again."""
    before = _arrays_of(model)
    statistics = _call("e_step", model.e_step, theta)
    first = [array.copy() for array in structure(statistics, theta)]
    if not all(np.all(np.isfinite(array)) for array in first):
        raise _Mistake(f"e_step must return finite numbers; they are {statistics}")
    height = _call("log_likelihood", model.log_likelihood, theta)
    if np.ndim(height) or not np.isfinite(height):
        raise _Mistake(f"log_likelihood must return one finite number; it is {height}")
    following = _call("m_step", model.m_step, statistics)
    if not _same(first, structure(statistics, theta)):
        yield "m_step changes the statistics that it is given: it must work on copies"
    _look_at_theta(theta, following, 1)
    _call("e_step, under the theta that m_step returned,", model.e_step, following)
    for name, array in _arrays_of(model).items():
        if name in before and not _same([before[name]], [array]):
            yield f"a step changes {name} of the model: the data and all else in a model must stay as they are"
    again = structure(_call("e_step", model.e_step, theta), theta)
    if not _same(first, again) or not _same([height], [model.log_likelihood(theta)]):
        yield "the same theta gives other numbers the second time: a model must not remember what it was asked before"


def _arrays_of(model):
    """Copies of what a model lets be seen; what it keeps for itself it may change."""
    seen = {name: part for name, part in getattr(model, "__dict__", {}).items() if not name.startswith("_")}
    numbers = {name: np.array(part) for name, part in seen.items() if isinstance(part, (np.ndarray, int, float))}
    return {name: array for name, array in numbers.items() if array.dtype.kind in "biuf"}


def _same(one, other):
    pairs = list(zip(one, other, strict=False))
    near = [np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True) for a, b in pairs]
    return len(one) == len(other) and all(near)


def _look_at_theta(theta, following, iteration):
    plain = (int, float, np.number, np.ndarray, list)
    if not (isinstance(theta, plain) and isinstance(following, plain)) and type(theta) is not type(following):
        kinds = f"{type(theta).__name__}, m_step returns a {type(following).__name__}"
        raise _Mistake(f"m_step must return a theta of the kind that it started from; the start is a {kinds}")
    numbers, wanted = _call("m_step returns no numbers, and parameters", parameters, following), parameters(theta)
    if numbers.shape != wanted.shape:
        raise _Mistake(f"m_step must return numbers of theta's shape {wanted.shape}; their shape is {numbers.shape}")
    if not np.all(np.isfinite(numbers)):
        raise _Mistake(f"m_step must return finite numbers; in iteration {iteration} they are {following}")


def _iteration(model, theta, iteration):
    statistics = _call(f"e_step, in iteration {iteration},", model.e_step, theta)
    following = _call(f"m_step, in iteration {iteration},", model.m_step, statistics)
    _look_at_theta(theta, following, iteration)
    height = _call(f"log_likelihood, after iteration {iteration},", model.log_likelihood, following)
    if np.ndim(height) or not np.isfinite(height):
        raise _Mistake(f"log_likelihood must return one finite number; after iteration {iteration} it is {height}")
    return following


# --- weights


def _look_at_sums(model, theta, following, back):
    """Whether what is a distribution stays one."""
    if back is None:
        return
    mixture = isinstance(model, Mixture)
    for slot in _slots(model, theta):
        degree = _degree(model.log_joint if mixture else model.log_likelihood, theta, slot, back)
        before, after = _sum(theta, slot), _sum(following, slot)
        if degree is None or degree < 1e-6:
            continue
        if mixture and abs(before - 1) < 1e-6 and abs(degree - 1) > 1e-6:
            yield f"log_joint must be natural logarithms; a weight that is e times as large adds {degree:.7g}, not 1"
        elif abs(before - 1) > 1e-6:
            yield f"weights must sum to 1; {_words(slot)} of the theta given sum to {before:.7g}"
        elif abs(after - 1) > 1e-6:
            yield f"m_step must return weights that sum to 1; its {_words(slot)} sum to {after:.7g}"
    for leaf in leaves(theta):
        if leaf.ndim > 1:
            rows = leaf.reshape(-1, leaf.shape[-1])
            sums = np.array([[_sum(which, row) for row in rows] for which in (theta, following)])
            if np.all(np.abs(sums - 1) < 1e-6, axis=1).tolist() == [True, False]:
                if _degree(model.log_likelihood, theta, leaf.ravel(), back):
                    worst = np.abs(sums[1] - 1).argmax()
                    yield (
                        "m_step must return distributions that sum to 1; its "
                        f"{_words(rows[worst])} sum to {sums[1][worst]:.7g}"
                    )


def _slots(model, theta):
    """Places among theta's numbers where weights may stand: as many as there are labels."""
    size = parameters(theta).size
    if isinstance(model, Mixture):
        labels = np.shape(model.log_joint(theta))[1]
        windows = [tuple(range(first, first + labels)) for first in range(size - labels + 1)]
        columns = [tuple(leaf[:, j].tolist()) for leaf in leaves(theta) if leaf.ndim == 2 for j in range(leaf.shape[1])]
        return dict.fromkeys(windows + [column for column in columns if len(column) == labels])
    return [tuple(leaf.tolist()) for leaf in leaves(theta) if leaf.ndim == 1]


def _degree(ask, theta, places, back):
    """The k by which logarithms of probabilities are those of numbers to the power k, as with weights; None if not."""
    degrees = []
    for factor in (2, 3):
        try:
            change = np.asarray(ask(back(_with(theta, places, lambda x, factor=factor: factor * x)))) - ask(theta)
        except Exception:  # noqa: BLE001  a model may refuse such numbers in whatever way
            return None
        degrees.append(change[~np.isnan(change)] / np.log(factor))  # nan: of impossible observations
    degrees = np.concatenate(degrees) if np.ndim(degrees[0]) else np.array(degrees)
    same = degrees.size and np.all(np.isfinite(degrees)) and np.ptp(degrees) < 1e-6 * max(1, abs(degrees[0]))
    return degrees[0] if same else None


def _with(theta, indices, change):
    numbers = parameters(theta)
    flat = numbers.ravel().copy()
    flat[list(indices)] = change(flat[list(indices)])
    return flat.reshape(numbers.shape)


def _sum(theta, indices):
    return parameters(theta).ravel()[list(indices)].sum()


def _words(indices):
    """Places among theta's numbers, as text."""
    listed = " and ".join(str(index) for index in indices) if len(indices) < 3 else f"{indices[0]} to {indices[-1]}"
    return f"number{'s' * (len(indices) > 1)} {listed}"


def _look_at_idle_numbers(model, theta, back):
    """Numbers that the M-step learns, and `log_joint` does not look at."""
    log_joint = np.asarray(model.log_joint(theta))
    numbers = parameters(theta).ravel()
    if len(numbers) > 200 or np.any(np.all(np.isneginf(log_joint), axis=0)):
        return
    near = [parameters(other).ravel() for other in _neighbours(model, theta, model.responsibilities(theta))]
    moving = np.abs(np.array([numbers, *near]) - numbers).max(axis=0) > 1e-9 * np.abs(numbers)
    idle = []
    for place in np.flatnonzero(moving):
        for size in (1e-2, 1e-7):
            try:
                moved = model.log_joint(back(_with(theta, [place], lambda x, size=size: x + size * (np.abs(x) or 1))))
            except ValueError:  # out of the parameter space
                continue
            if np.allclose(moved, log_joint, rtol=1e-12, atol=1e-12, equal_nan=True):
                idle.append(int(place))
            break
    labels = log_joint.shape[1]
    if len(idle) == labels and abs(numbers[idle].sum() - 1) < 1e-6:
        yield (
            f"log_joint does not look at the weights, {_words(idle)} of theta, though m_step learns them: add their "
            "logarithms"
        )
        return
    # Not at single numbers of a table, which may say the same twice, as both halves of a covariance matrix do.
    for leaf in leaves(theta):
        for places in leaf if leaf.ndim == 2 and len(leaf) != leaf.shape[1] else [leaf]:
            if np.isin(places, idle).all():
                yield f"log_joint does not look at {_words(places.ravel())} of theta, though m_step learns it"


# --- does EM climb, and does the M-step maximise?


def _look_at_heights(model, path):
    heights = [model.log_likelihood(theta) for theta in path]
    for iteration, (before, after) in enumerate(zip(heights, heights[1:], strict=False), start=1):
        if after < before - ROUNDING * max(1, abs(before)):
            return [
                f"the log-likelihood falls from {before:.10g} to {after:.10g} in iteration {iteration}, which with EM "
                "it never does"
            ]
    return []


def _theta_matters(model, path):
    """Whether theta has a part in the statistics beside the responsibilities, as where more than labels are hidden."""
    shares = model.responsibilities(path[0])
    one, other = (structure(model.expected_statistics(shares, theta), theta) for theta in (path[0], path[-1]))
    return not _same(one, other)


def _neighbours(model, theta, shares):
    """What the M-step makes of data that count a little more or less: other points of the parameter space."""
    generator = np.random.default_rng(0)
    occurrences = np.asarray(model.occurrences)
    number = min(parameters(theta).size + 3, 24) if shares.size < 1e5 else 4
    for _ in range(number):
        way = generator.standard_normal(shares.shape)
        for factor in FACTORS:
            for sign in (1, -1):
                counted = shares * np.exp(sign * factor * way)
                counted *= occurrences @ shares.sum(axis=1) / (occurrences @ counted.sum(axis=1))
                try:
                    yield model.m_step(model.expected_statistics(counted, theta))
                except (ValueError, ArithmeticError):  # a model may refuse such data
                    continue


def _shortfall(model, path, back, joint, occurrences, fix=lambda theta: theta):
    """By how many nats another theta has a higher expected complete-data log-likelihood than the M-step's; 0 if none.

    With another log joint probability, other occurrences and another reading of theta, to find out what is wrong.
    """
    worst = 0.0
    for theta in path[:3:2]:
        logs = np.asarray(joint(theta))
        shares = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        expected = occurrences[:, None] * shares

        def height(other, expected=expected):
            return np.where(expected > 0, expected * np.asarray(joint(other)), 0).sum()

        best = fix(model.m_step(model.expected_statistics(shares, theta)))
        others = [path[0], *(fix(other) for other in _neighbours(model, theta, shares))]
        others += _between(best, path[0], back) if back else []
        heights = np.array([height(other) for other in others])
        gain = np.max(heights[heights < np.inf], initial=-np.inf) - height(best)  # no number is above nothing
        if not gain <= LOOSE * max(1, abs(height(best))):
            worst = max(worst, gain) if np.isfinite(gain) else np.inf
    return worst


def _between(theta, other, back):
    """Thetas on the way from one to another: weights stay weights there."""
    for share in (0.01, 0.1):
        try:
            yield back((1 - share) * parameters(theta) + share * parameters(other))
        except ValueError:  # a model may refuse them
            continue


def _look_at_m_step(model, path, back):
    gain = _shortfall(model, path, back, model.log_joint, np.asarray(model.occurrences))
    if gain:
        yield (
            "m_step does not maximise: its expected complete-data log-likelihood, the sum of occurrences x "
            f"responsibilities x log_joint, is {gain:.4g} nats below that of a theta near by"
        )


def _causes(model, path, back):
    """Mistakes without which the M-step would be right."""
    values = np.asarray(model.log_joint(path[0]))
    occurrences = np.asarray(model.occurrences, dtype=float)
    readings = {(): (model.log_joint, occurrences)}
    if np.ptp(occurrences):
        readings[("occurrences",)] = (model.log_joint, np.ones(len(occurrences)))
    if np.all(values >= 0) and np.all(np.isfinite(values)):
        logarithm = lambda theta: np.log(model.log_joint(theta))  # noqa: E731
        readings[("probabilities",)] = (logarithm, occurrences)
        if np.ptp(occurrences):
            readings[("probabilities", "occurrences")] = (logarithm, np.ones(len(occurrences)))
    for mistakes, (joint, counts) in readings.items():
        if mistakes and not _shortfall(model, path, back, joint, counts):
            return [SENTENCES[mistake] for mistake in mistakes]
    for mistakes, (joint, counts) in readings.items():
        for sentence, fix in _fixes(model, path[0], back):
            try:
                right = not _shortfall(model, path, back, joint, counts, fix)
            except Exception:  # noqa: BLE001  what is no theta may be refused in whatever way
                continue
            if right:
                return [sentence, *(SENTENCES[mistake] for mistake in mistakes)]
    return []


SENTENCES = {
    "occurrences": "the statistics do not include the occurrences: sum over "
    "self.occurrences[:, None] * responsibilities, or equal observations count once only",
    "probabilities": "log_joint returns probabilities (or densities), not their logarithms",
}


def _fixes(model, theta, back):
    """Other readings of what the M-step returns, and what they would mean."""
    if back is None:
        return
    places, distributions = [], [set(slot) for slot in _slots(model, theta) if abs(_sum(theta, slot) - 1) < 1e-6]
    for leaf in leaves(theta):
        places += ([*leaf, *leaf.T] if leaf.ndim == 2 else []) + [leaf.ravel()]
    size = parameters(theta).size
    places += [np.array([number]) for number in range(size)] if size <= 12 else []
    for place in {tuple(place.tolist()): None for place in places}:
        if any(weights.issuperset(place) or weights.issubset(place) for weights in distributions):
            continue
        for meaning, change in TRANSFORMS.items():
            yield (
                f"m_step does not maximise: it returns {meaning}, in {_words(place)} of theta",
                lambda other, place=place, change=change: back(_with(other, place, change)),
            )


def _likely_causes(model, path, back):
    """The same for models of which only the likelihood can be asked."""
    if isinstance(model, Mixture):
        values = np.asarray(model.log_joint(path[0]))
        if np.all((values >= 0) & (values <= 1)):
            return [SENTENCES["probabilities"]]
        if np.ptp(model.occurrences):
            other = copy(model)
            other.occurrences = np.asarray(model.occurrences) * np.arange(1.0, len(model.occurrences) + 1)
            shares = model.responsibilities(path[0])
            asked = [structure(one.expected_statistics(shares, path[0]), path[0]) for one in (model, other)]
            if _same(*asked):
                return [SENTENCES["occurrences"]]
    for sentence, fix in _fixes(model, path[0], back):
        other = _Fixed(model, fix)
        try:
            following = [path[0]]
            for _ in range(PATH):
                following.append(other.m_step(other.e_step(following[-1])))
            right = not _look_at_heights(other, following) and not _look_at_rest(other, following, back)
        except Exception:  # noqa: BLE001  what is no theta may be refused in whatever way
            continue
        if right and model.log_likelihood(following[1]) > model.log_likelihood(path[1]):
            return [sentence]
    return []


class _Fixed:
    """A model whose M-step is read in another way."""

    def __init__(self, model, fix):
        self.e_step, self.log_likelihood = model.e_step, model.log_likelihood
        self.m_step = lambda statistics: fix(model.m_step(statistics))


def _look_at_rest(model, path, back):
    """Where EM rests, the likelihood must not rise or fall in the direction of any theta that EM makes."""
    if back is None:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", LikelihoodFell)
            *_, last = em(model, path[0], max_iterations=300, tolerance=1e-9)
    except LikelihoodFell as fall:
        return [str(fall)]
    except ValueError:  # on the way to a border or to a likelihood without bound
        return []
    if last.stop_reason.startswith("stopped"):
        return []
    end, height = parameters(last.theta), last.log_likelihood
    for theta in path[:3]:
        way = parameters(theta) - end
        if np.abs(way).max() < 1e-3 * np.abs(end).max():
            continue
        for share in (1e-2, -1e-2):
            there = end + share * way
            if np.any(np.sign(there) != np.sign(end)):  # perhaps out of the parameter space
                continue
            try:
                higher = model.log_likelihood(model.m_step(model.e_step(back(there))))
            except ValueError:  # out of the parameter space
                continue
            if higher > height + 1e-6 * max(1, abs(height)):
                return [
                    f"m_step does not maximise: EM comes to rest at a log-likelihood of {height:.10g}, but it is "
                    f"{higher:.10g} near by"
                ]
    return []
