"""Is a model of one's own right? What is wrong with it is said in a sentence each."""

import warnings

import numpy as np

from ..algorithm import ROUNDING, LikelihoodFell, Model, em, parameters
from ..checks import brief, methods
from ..mixture import Mixture
from .acceleration import converter
from .information import reweighted

FIRST = 6  # iterations of EM that every right model can make
LONG = 300  # iterations after which it may rest
LOOSE = 1e-7  # of a log-likelihood: an M-step that searches for the maximum may miss it by this
# Logarithms of how much more or less an observation counts, for neighbours of a theta.
FACTORS = (1e-3, -1e-3, 0.03, -0.03, 0.5, -0.5)
OCCURRENCES = (
    "the statistics do not include the occurrences: sum over self.occurrences[:, None] * responsibilities, or equal "
    "observations count once only"
)
RECIPROCALS = "; the reciprocals of these numbers are better, as a rate is the reciprocal of a mean"
FEW = 1e-3  # of a label's observations: all the others together, where it has collapsed
PROBABILITIES = "log_joint returns probabilities (or densities), not their logarithms"


class Findings(list):
    """What is wrong with a model, a sentence each; an empty list if nothing was found."""

    def __repr__(self):
        return "\n".join(f"- {sentence}" for sentence in self) or "nothing wrong was found"


def check_model(model: Model, theta) -> Findings:
    """Try a model at a theta, at those to which EM leads from there, and near by; say what is wrong.

    Of a `Mixture` its parts are looked at: shapes, logarithms, occurrences, weights, and whether the M-step beats its
    neighbours. Of every model: finite numbers, a likelihood that never falls, and that nothing given is changed. Where
    the M-step of a mixture depends on more than the labels, and of other models: whether EM rests only where the
    likelihood is flat.

    A right model may have a likelihood without bound: a normal distribution whose variance goes to 0 around one
    observation. If EM leads there and breaks down, that is said, too.

    Parameters
    ----------
    theta : object
        Best one that is far from a maximum and in which the labels differ.

    Raises
    ------
    TypeError
        If `model` lacks a method.
    ValueError
        If `theta` holds no finite numbers.
    """
    methods("model", model, "e_step", "m_step", "log_likelihood")
    numbers = parameters(theta)
    if not numbers.size or not np.all(np.isfinite(numbers)):
        raise ValueError(f"theta must hold one or more finite numbers; it is {theta!r}")
    findings = Findings()
    try:
        with np.errstate(all="ignore"):
            findings += _findings(model, theta)
    except _Mistake as mistake:
        findings.append(str(mistake))
    if not np.array_equal(parameters(theta), numbers):
        findings.append(f"a step changes the theta that it is given, from {brief(numbers)}: it must return a new one")
    return findings


class _Mistake(Exception):
    """What makes it impossible to go on, in a sentence."""


def _ask(model, method, *arguments):
    try:
        return getattr(model, method)(*arguments)
    except Exception as error:  # whatever it is, it is told
        raise _Mistake(f"{method} raises {type(error).__name__}: {error}") from error


def _findings(model, theta):
    mixture = isinstance(model, Mixture)
    if mixture:
        yield from _look_at_parts(model, theta)
    following = _first_step(model, theta)
    yield from _look_for_changes(model, theta)
    yield from _look_at_rows(theta, following)
    back = None
    try:
        back = converter(theta)
    except ValueError as error:
        yield f"squarem and em_jacobian cannot make a theta from numbers: {error}"
    wrong = list(_look_at_weights(model, theta, following, back)) if mixture and back else []
    if not wrong:  # else all the rest may follow from that
        path, end = _path(model, theta, back)
        if mixture and not _theta_matters(model, path):
            wrong = _look_at_m_step(model, theta, back)
        wrong = wrong or _look_at_heights(model, path, back) or end
    yield from wrong


# --- what every model must do


def _look_at_parts(model, theta):
    _ask(model, "log_joint", theta)
    _ask(model, "log_likelihood", theta)  # which looks at shapes, and for nan
    if not (np.all(np.asarray(model.occurrences) >= 0) and 0 < np.sum(model.occurrences) < np.inf):
        raise _Mistake(f"occurrences must be finite numbers, 0 or more and not all 0; they are {model.occurrences!r}")
    shares = _ask(model, "responsibilities", theta)
    given = shares.copy()
    _ask(model, "expected_statistics", given, theta)
    if not np.array_equal(shares, given):
        yield "expected_statistics changes the responsibilities that it is given: it must work on a copy"


def _first_step(model, theta):
    """The theta of the first iteration, if it is one."""
    following = _ask(model, "m_step", _ask(model, "e_step", theta))
    plain = (int, float, np.number, np.ndarray, list)
    if not (isinstance(theta, plain) and isinstance(following, plain)) and type(theta) is not type(following):
        kinds = f"{type(theta).__name__}, m_step returns a {type(following).__name__}"
        raise _Mistake(f"m_step must return a theta of the kind that it started from; the start is a {kinds}")
    wanted = parameters(theta).shape
    try:
        numbers = parameters(following)
    except ValueError as error:
        raise _Mistake(f"m_step must return numbers: {error}") from error
    if numbers.shape != wanted:
        raise _Mistake(f"m_step must return numbers of theta's shape {wanted}; their shape is {numbers.shape}")
    if not np.all(np.isfinite(numbers)):
        lost = _lost(model, theta)
        raise _Mistake(*lost if lost else [f"m_step must return finite numbers; they are {following}"])
    return following


def _look_for_changes(model, theta):
    seen = {name: value for name, value in getattr(model, "__dict__", {}).items() if not name.startswith("_")}
    before = {name: value.copy() for name, value in seen.items() if isinstance(value, np.ndarray)}
    statistics = model.e_step(theta)
    try:
        given = parameters(statistics)
    except ValueError:  # they may be of any kind
        given = None
    model.m_step(statistics)
    if given is not None and not np.array_equal(given, parameters(statistics)):
        yield "m_step changes the statistics that it is given: it must work on copies"
    for name, value in before.items():
        if not np.array_equal(value, seen[name]):
            yield f"a step changes {name} of the model: the data and all else in a model must stay as they are"


def _look_at_rows(theta, following):
    for before, after in zip(_tables(theta), _tables(following), strict=False):
        rows, columns = (np.abs(before.sum(axis=axis) - 1).max() < 1e-6 for axis in (1, 0))
        now_rows, now_columns = (np.abs(after.sum(axis=axis) - 1).max() < 1e-6 for axis in (1, 0))
        if (rows, columns, now_rows, now_columns) == (True, False, False, True):
            yield f"m_step must return rows that sum to 1, as in the theta given; of {after.tolist()} the columns do"


def _tables(theta):
    """All two-dimensional arrays in a theta."""
    parts = theta.values() if isinstance(theta, dict) else theta if isinstance(theta, (tuple, list)) else []
    own = [theta] if isinstance(theta, np.ndarray) and theta.ndim == 2 else []
    return own + [table for part in parts for table in _tables(part)]


def _path(model, theta, back):
    """The steps of EM, and what broke them off; not after the first few, when they may be on the way to a border."""
    steps = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LikelihoodFell)
        try:
            for step in em(model, theta, LONG, 1e-9):
                steps.append(step)
        except Exception as error:  # whatever it is, it is told
            broken = f"iteration {len(steps)} raises {type(error).__name__}: {error}"
            if not steps:
                raise _Mistake(broken) from error
            explained = _lost(model, steps[-1].theta) or _collapsed(model, steps, back)
            return steps, explained or [broken] * (len(steps) <= FIRST)
    return steps, []


def _lost(model, theta):
    """Which label no observation is left to; empty if to all, or if it is no mixture."""
    if not isinstance(model, Mixture):
        return []
    for label in np.flatnonzero(~np.any(model.responsibilities(theta), axis=0)):
        advice = "start elsewhere, or let m_step leave such a label where it is"
        return [f"no observation is left to label {label}, counted from 0, and m_step divides by that: {advice}"]
    return []


def _collapsed(model, steps, back):
    """Of which label the density, and with it the likelihood, grows without bound; empty if of none.

    The last of the steps may be past what shows it: of a variance, only rounding is left.
    """
    found = (_collapsed_at(model, step.theta, back) for step in reversed(steps))
    return next(filter(None, found), []) if isinstance(model, Mixture) else []


def _collapsed_at(model, theta, back):
    table = np.asarray(model.log_joint(theta))
    expected = np.asarray(model.occurrences)[:, None] * model.responsibilities(theta)
    for label in np.flatnonzero(expected.sum(axis=0) > 0):
        order = np.argsort(-expected[:, label])
        most = np.cumsum(expected[order, label])
        rows = np.sort(order[: np.searchsorted(most, (1 - FEW) * most[-1]) + 1])
        # A variance needs two different observations, a line and a spread around it three, and so on.
        if len(np.unique(table[rows], axis=0)) > max(1, parameters(theta).size // table.shape[1] - 1):
            continue
        if _grows(model, theta, rows, label, back):
            alone = f"distinct observation {rows[0]}" + f" and {len(rows) - 1} more" * (len(rows) > 1)
            return [
                f"EM leads to a likelihood without bound, which can be with a right model: label {label} has collapsed "
                f"on {alone}, both counted from 0, where its density grows for ever; start elsewhere, or keep what "
                "shrinks, as a variance, above a floor"
            ]
    return []


def _grows(model, theta, rows, label, back):
    """Whether the density of a label at these observations has no bound on the way to the next theta."""
    try:
        now, following = parameters(theta), parameters(model.m_step(model.e_step(theta)))
    except (ValueError, ArithmeticError):
        return False
    for places in _weights(model, theta, back) if back else []:
        following.flat[places] = now.flat[places]  # else they may fall as fast as the density grows
    ways = [following + rest * (now - following) for rest in (1e-2, 1e-4, 1e-6, 1e-9)]
    heights = [_asked(model.log_joint, theta, slice(None), way.ravel(), back) for way in ways if back]
    heights = [np.mean(table[rows, label]) for table in heights if np.ndim(table)] + [-np.inf]
    heights = [height for height in heights if np.isfinite(height)] or [model.log_joint(theta)[rows, label].mean()]
    return heights[-1] > (heights[0] + 1 if len(heights) > 1 else 0)  # nats


# --- weights


def _look_at_weights(model, theta, following, back):
    weights = _weights(model, theta, back)
    for places in _as_many_as_labels(model, theta):
        before, after = (parameters(one).flat[places].sum() for one in (theta, following))
        if places in weights and abs(before - 1) > 1e-6:
            yield f"weights must sum to 1; {_words(places)} of the theta given sum to {before:.7g}"
        elif places in weights and abs(after - 1) > 1e-6:
            yield f"m_step must return weights that sum to 1; its {_words(places)} sum to {after:.7g}"
        elif len(places) > 1 and abs(before - 1) < 1e-6 and abs(after - 1) < 1e-6:
            others = np.sqrt(np.arange(1, len(places) + 1))
            if _always_gains(0, model, theta, places, others / others.sum(), back):
                yield f"log_joint does not look at the weights, {_words(places)} of theta: add their logarithms"


def _weights(model, theta, back):
    """Places of weights among theta's numbers: of twice the weights, all logarithms are larger by log 2."""
    numbers = parameters(theta)
    places = _as_many_as_labels(model, theta)
    return [where for where in places if _always_gains(np.log(2), model, theta, where, 2 * numbers.flat[where], back)]


def _groups(model, theta, back):
    """Places of theta's numbers: of weights together, of others alone; none if no theta can be made of numbers."""
    weights = _weights(model, theta, back) if back and isinstance(model, Mixture) else []
    others = sorted(set(range(parameters(theta).size)).difference(*weights))
    return [*weights, *([number] for number in others)] if back else []


def _as_many_as_labels(model, theta):
    """Places where weights could stand, one after another or in a column."""
    labels, size = np.shape(model.log_joint(theta))[1], parameters(theta).size
    steps = {1, max(1, size // labels)}
    return [list(range(i, size, step))[:labels] for step in steps for i in range(size - (labels - 1) * step)]


def _always_gains(gain, model, theta, places, values, back):
    """Whether all of log_joint is larger by so much if these numbers stand in these places."""
    table = np.asarray(model.log_joint(theta))
    gains = _asked(model.log_joint, theta, places, values, back) - table
    return np.allclose(gains[np.isfinite(table)], gain, rtol=0, atol=1e-9) if np.ndim(gains) else False


def _asked(ask, theta, places, values, back):
    """What a function says of theta with other numbers in these places; nan if that is out of the parameter space."""
    numbers = parameters(theta)
    numbers.flat[places] = values
    try:
        return ask(back(numbers))
    except ValueError:
        return np.nan


def _words(places):
    return f"number{'s' * (len(places) > 1)} {' and '.join(map(str, places))}"


# --- does the M-step maximise?


def _theta_matters(model, path):
    """Whether theta has a part in the statistics beside the responsibilities, as where more than labels are hidden."""
    shares = model.responsibilities(path[0].theta)
    ends = [model.m_step(model.expected_statistics(shares, step.theta)) for step in (path[0], path[-1])]
    return not np.allclose(*map(parameters, ends), rtol=1e-9, atol=0)


def _look_at_m_step(model, theta, back):
    counts, table = np.asarray(model.occurrences), np.asarray(model.log_joint(theta))
    gain, best, neighbours, height = _compared(model, theta, model.log_joint, counts)
    if not gain or height(best) == -np.inf:  # then EM breaks off, which is told
        return []
    if collapsed := _collapsed_at(model, theta, back):
        return collapsed
    readings = [([OCCURRENCES], model.log_joint, np.ones(len(counts)))]
    if np.all((table >= 0) & (table < np.inf)):
        logarithm = lambda other: np.log(model.log_joint(other))  # noqa: E731
        readings += [([PROBABILITIES], logarithm, counts)]
        readings += [([PROBABILITIES, OCCURRENCES], logarithm, np.ones(len(counts)))]
    for sentences, joint, occurrences in readings:  # is the M-step right, if that is what was meant?
        if not _compared(model, theta, joint, occurrences)[0]:
            return sentences
    numbers, places = parameters(best), []
    for some in _groups(model, best, back):
        heights = [_asked(height, best, some, parameters(other).flat[some], back) for other in neighbours[:10]]
        if np.nanmax([*heights, -np.inf]) > height(best) + LOOSE * max(1, abs(height(best))):
            places += some
    where = f", in {_words(places)} of theta" if places else ""
    better = f"the sum of occurrences x responsibilities x log_joint is {gain:.4g} nats higher for a theta near by"
    reciprocals = ""
    if places:  # reciprocals themselves must be best, else more would be better still, as of weights
        inverse, *others = (_asked(height, best, places, x / numbers.flat[places], back) for x in (1, 0.99, 1.01))
        if inverse > max(height(neighbours[0]), *others):
            reciprocals = RECIPROCALS
    return [f"m_step does not maximise{where}: {better}{reciprocals}"]


def _compared(model, theta, joint, occurrences):
    """By how much a neighbour beats the M-step's theta, 0 if none; that theta; neighbours, best first; the height.

    The height is the expected log-likelihood of complete data. Neighbours are what the M-step makes of other counts.
    """
    logs = np.asarray(joint(theta))
    shares = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
    expected = occurrences[:, None] * shares

    def height(other):
        try:
            sum_of_all = np.where(expected > 0, expected * joint(other), 0).sum()
        except (ValueError, ArithmeticError):  # a model may refuse a theta that has collapsed
            return -np.inf
        return sum_of_all if np.isfinite(sum_of_all) else -np.inf

    best = model.m_step(model.expected_statistics(shares, theta))
    generator, neighbours = np.random.default_rng(0), [best]
    for _ in range(min(parameters(theta).size + 3, 24)):
        way = generator.standard_normal(shares.shape)
        for factor in FACTORS:
            try:
                neighbours.append(reweighted(model, theta, shares, factor * way))
            except (ValueError, ArithmeticError):  # a model may refuse such data
                continue
    neighbours.sort(key=height, reverse=True)
    gain = height(neighbours[0]) - height(best)
    return gain * (gain > LOOSE * max(1, abs(height(best)))), best, neighbours, height


# --- does the likelihood rise to a top?


def _look_at_heights(model, path, back):
    problem, steps = _problem(model, model.log_likelihood, path, back)
    if not problem:
        return []
    if collapsed := _collapsed(model, steps, back):
        return collapsed
    if isinstance(model, Mixture):
        table = np.asarray(model.log_joint(path[0].theta))
        if np.all((table >= 0) & (table <= 1)):
            return [PROBABILITIES]
        if np.ptp(model.occurrences) and not _problem(model, lambda one: model.log_marginal(one).sum(), path, back)[0]:
            return [OCCURRENCES]
    following = path[1].theta
    places = [group[0] for group in _groups(model, following, back) if len(group) == 1]
    inverse = 1 / parameters(following).flat[places]
    if places and _asked(model.log_likelihood, following, places, inverse, back) > path[0].log_likelihood:
        if path[1].log_likelihood < path[0].log_likelihood:
            problem += f", because of {_words(places)} of theta{RECIPROCALS}"
    return [problem]


def _problem(model, ask, path, back):
    """What is wrong with how a log-likelihood goes along a path of EM and at its end, and after which steps."""
    heights = [ask(step.theta) for step in path]
    for iteration, (before, after) in enumerate(zip(heights, heights[1:], strict=False), start=1):
        if after < before - ROUNDING * max(1, abs(before)):
            fall = f"falls from {before:.10g} to {after:.10g} in iteration {iteration}"
            return f"the log-likelihood {fall}, which with EM it never does", path[:iteration]
    if back is None or not str(path[-1].stop_reason).startswith("no parameter"):
        return "", []
    last, end = path[-1].theta, parameters(path[-1].theta)
    for way in (parameters(step.theta) - end for step in path[1:3]):
        for there in (end + 0.01 * way, end - 0.01 * way):
            crossed = np.any(np.sign(there) != np.sign(end)) or np.any((there > 1) & (end <= 1))  # a border, maybe
            if crossed or np.abs(way).max() < 1e-3 * np.abs(end).max():
                continue
            higher = _asked(lambda one: ask(model.m_step(model.e_step(one))), last, slice(None), there.ravel(), back)
            if higher > heights[-1] + 1e-6 * max(1, abs(heights[-1])):
                rest = f"EM comes to rest at a log-likelihood of {heights[-1]:.10g}, but it is {higher:.10g} near by"
                return f"m_step does not maximise: {rest}", path
    return "", []
