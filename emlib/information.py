"""How sure the estimates of any model are, and how many there are: from the observed information.

Nobody has to say which numbers of a theta are free. The M-step shows it: where its result goes if the data that it is
given, each observation with each label, count a little more or less, is all of the parameter space near theta, and
nothing else; weights stay weights there, and what is given stays given. So no number is moved by itself, and a theta
need not be made from numbers.
"""

from dataclasses import fields, is_dataclass, replace
from math import prod
from typing import NamedTuple

import numpy as np

from .acceleration import rebuilder
from .algorithm import Model, iterate, parameters, start
from .checks import as_numbers
from .mixture import Mixture
from .parts import Parts, add

STEP = 2e-2  # in standard errors
MOST = 0.1  # logarithm of the factor by which an observation may count more or less
SMALL = 1e-4  # the same, where only the direction counts
WELL = 0.05  # moves that are smaller than others by more than this factor are made in another way if there is one
FLAT = 1e-5  # a curvature of this share of the others is none: there is rounding in differences of differences


class Errors(NamedTuple):
    """How far the estimates of a model scatter, if there are many data.

    Attributes
    ----------
    errors : numpy.ndarray
        A standard error for each of the P numbers of theta, in the shape of `emlib.algorithm.parameters(theta)`; 0 for
        numbers that are given.
    covariance : numpy.ndarray, shape (P, P)
    free : int
        Dimension of the parameter space.
    """

    errors: np.ndarray
    covariance: np.ndarray
    free: int


class Criteria(NamedTuple):
    """What a fit is worth, with a price for every parameter.

    Attributes
    ----------
    log_likelihood : float
        In nats.
    parameters : int
        Free parameters k.
    aic : float
        Akaike's criterion 2 k - 2 log L; the smaller, the better.
    bic : float
        Schwarz's criterion k log N - 2 log L; the smaller, the better.
    """

    log_likelihood: float
    parameters: int
    aic: float
    bic: float


def standard_errors(model: Model, theta, rebuild=None) -> Errors:
    """Standard errors from the observed information, minus the Hessian of the log-likelihood at its maximum.

    It takes some 4 k^2 M-steps and likelihoods, for k free parameters.

    Parameters
    ----------
    model : Model
        Best a `Mixture`. Of another model the numbers in the statistics are changed one by one, so its M-step must
        divide by sums of them, not by fixed numbers of observations.
    theta : object
        A strict maximum inside the borders, to the last digits: from EM that was run to its end.
    rebuild : callable, optional
        As in `emlib.squarem`.

    Raises
    ------
    ValueError
        If `theta` lies on a border, is no maximum, or the information has no inverse, as on a ridge.
    """
    height = start(model, theta).log_likelihood
    space = _Space(model, theta, rebuild)
    free = _dimension(model, theta, space)
    if len(space.directions) < free:
        raise ValueError(
            f"theta must lie inside its borders, where estimates can err to both sides; at {theta!r} only "
            f"{len(space.directions)} of {free} free parameters can move: a weight or probability may be 0"
        )
    if not free:
        raise ValueError(f"theta must have a number that the data can change; at {theta!r} the M-step changes none")
    noise = 1e-15 * max(1, abs(height))
    longer = f"theta must be a maximum; at {theta!r} the log-likelihood still rises: run EM longer"
    if iterate(model, theta, 1).log_likelihood > height + 1e-4:
        raise ValueError(longer)

    # In units in which every direction bends alike, so that "flat" does not depend on the number of observations.
    bends = np.abs(np.diag(space.bends(height, MOST / 5)[1]))
    space.turn(np.diag(1 / np.sqrt(np.where(bends > 1e-9 * bends.max(), bends, bends.max()))))
    information = space.bends(height, MOST)[1]
    values = np.linalg.eigvalsh(information)
    flat = max(FLAT, 100 * noise / space.steps(MOST).min() ** 2)
    if values[0] < flat:
        shape = "is flat in some direction, as on a ridge, or where a number is on its way to a border"
        shape = "rises in some direction" if values[0] < -10 * flat else shape
        raise ValueError(f"theta must be a strict maximum; at {theta!r} the log-likelihood {shape}")
    space.turn(np.linalg.inv(np.linalg.cholesky(information)))  # now in standard errors

    slope, information, moves = space.bends(height, MOST)
    inverse = np.linalg.inv(information)
    covariance = moves.T @ inverse @ moves
    errors = np.sqrt(np.diag(covariance))
    now = parameters(theta)
    gone = np.abs(space.numbers(np.zeros(space.directions.shape[1])) - now.ravel())
    if slope @ inverse @ slope > 1e-3 or np.any(gone > 0.1 * errors + 1e-6 * np.abs(now.ravel())):
        raise ValueError(longer)
    return Errors(errors.reshape(now.shape), covariance, free)


def information_criteria(model: Model, theta, observations=None, rebuild=None) -> Criteria:
    """AIC and BIC of any fitted model.

    Both are derived for models whose parameters are all identified. With one component too many they are not, so there
    they are rules of thumb. Parameters that these data cannot change, as the probability of an answer that nobody gave,
    are not counted.

    Parameters
    ----------
    model : Model
    theta : object
        The maximum-likelihood fit.
    observations : int, optional
        How many there are, N. Default: the sum of the `occurrences` of a `Mixture`; others do not know.
    rebuild : callable, optional
        As in `emlib.squarem`.

    Raises
    ------
    ValueError
        If the data are impossible under `theta`, or `observations` are missing or no number of more than 0.
    """
    height = float(start(model, theta).log_likelihood)
    if observations is None:
        observations = np.sum(getattr(model, "occurrences", np.nan))
    number = as_numbers("observations", observations)
    if number.ndim or not 0 < number < np.inf:
        known = "" if hasattr(model, "occurrences") else "; the model has no occurrences, so they must be given"
        raise ValueError(f"observations must be one finite number above 0; they are {observations}{known}")
    free = _dimension(model, theta, _Space(model, theta, rebuild))
    return Criteria(height, free, 2 * free - 2 * height, float(free * np.log(number) - 2 * height))


def _dimension(model, theta, space):
    """How many parameters are free, borders or not: counted where the labels say nothing clear."""
    return _Space(model, theta, blur=0.5).counted + len(space.directions) - space.counted


class _Space:
    """The parameter space near a theta: what the M-step makes of data that count a little more or less.

    `directions`, one for each free parameter, are changes of the logarithms of these counts, followed by changes of
    theta's own numbers, for what the M-step takes from the data whatever the counts are. An example is the spread that
    all groups have in common: with the weights and medians it always makes up the variance of all data.
    """

    def __init__(self, model, theta, rebuild=None, blur=0.0):
        self._model, self._rebuild = model, rebuild and rebuilder(theta, rebuild)
        self._theta_of, labels, self._size = _moves(model, theta, blur)
        at = parameters(self._theta_of(np.zeros(self._size)))
        self._shape, at = at.shape, at.ravel()
        width = self._size + len(at)
        self._units, self.directions, self.counted = np.zeros(len(at)), np.zeros((0, width)), 0

        number, generator = len(at) + 4, np.random.default_rng(1)
        tries = np.zeros((2 * number, width))  # first of labels alone, then of observations
        tries[:number, :labels] = generator.standard_normal((number, labels))
        tries[number:, labels : self._size] = generator.standard_normal((number, self._size - labels))
        moves = np.array([self.numbers(SMALL * z) - self.numbers(-SMALL * z) for z in tries]) / (2 * SMALL)
        rounding = 1e-15 * np.abs(at) / SMALL
        units = np.abs(moves).max(axis=0)
        moving = units > 10 * rounding
        if not np.any(moving):
            return
        moves, least = moves[:, moving] / units[moving], max(1e-6, 10 * np.max(rounding[moving] / units[moving]))
        combinations, known = _independent(moves, least * np.linalg.norm(moves, 2))
        self.directions, self.counted = combinations @ tries, len(known)
        if not blur:
            self._units = np.where(moving, units, 0)
            known = self._with_further(theta, np.flatnonzero(moving), known)
            self._choose(theta, np.flatnonzero(moving), known, tries, moves)

    def _with_further(self, theta, moving, known):
        """Add single numbers of theta, if the likelihood rests there, as it does not where weights leave their sum."""
        height = self._height(np.zeros(self.directions.shape[1]))
        for place, number in enumerate(moving):
            rest = _rest(np.eye(len(moving))[place], known)
            if np.linalg.norm(rest) < 1e-3:
                continue
            self._rebuild = self._rebuild or rebuilder(theta)
            if self._rests(height, self._single(number)):
                before = self.directions
                self.directions = np.vstack([before, self._single(number)])
                if self.flattest(height) < FLAT:  # it says the same as others: theta holds something twice
                    self.directions = before
                else:
                    known = np.vstack([known, rest / np.linalg.norm(rest)])
        return known

    def _choose(self, theta, moving, known, tries, moves):
        """Other directions for the same space, near straight lines: labels if they will do, then single numbers."""
        half = len(tries) // 2
        combinations, chosen = _independent(moves[:half], WELL * np.linalg.norm(moves, 2))
        directions = list(combinations @ tries[:half])
        singles = np.eye(len(moving))
        inside = [place for place in range(len(moving)) if np.linalg.norm(_rest(singles[place], known)) < 1e-6]
        while inside and len(chosen) < len(known):
            rests = [_rest(singles[place], chosen) for place in inside]
            best = max(range(len(inside)), key=lambda index: np.linalg.norm(rests[index]))
            if np.linalg.norm(rests[best]) < 1e-3:
                break
            self._rebuild = self._rebuild or rebuilder(theta)
            directions.append(self._single(moving[inside[best]]))
            chosen = np.vstack([chosen, rests[best] / np.linalg.norm(rests[best])])
        if len(chosen) < len(known):
            left = np.array([_rest(move, chosen) for move in moves[half:]])
            combinations, _ = _independent(left, 0)
            directions += list(combinations[: len(known) - len(chosen)] @ tries[half:])
        self.directions = np.array(directions)

    def _single(self, number):
        """The direction of one of theta's numbers."""
        return np.eye(1, self.directions.shape[1], self._size + number)[0]

    def _rests(self, height, direction):
        try:
            up, down = self._height(MOST / 10 * direction), self._height(-MOST / 10 * direction)
        except ValueError:  # out of the parameter space
            return False
        bend = 2 * height - up - down
        return bend > 1e-13 * max(1, abs(height)) and (up - down) ** 2 < 8e-3 * bend

    def flattest(self, height):
        """The least curvature, in units in which every direction bends alike: it does not depend on how many data."""
        bends = self.bends(height, MOST / 5)[1]
        units = np.abs(np.diag(bends))
        units = np.sqrt(np.where(units > 1e-9 * units.max(), units, units.max()))
        return np.linalg.eigvalsh(bends / np.outer(units, units))[0]

    def _at(self, direction):
        theta = self._theta_of(direction[: self._size])
        further = direction[self._size :]
        if not further.any():
            return theta
        return self._rebuild(parameters(theta) + (self._units * further).reshape(self._shape))

    def _height(self, direction):
        return self._model.log_likelihood(self._at(direction))

    def numbers(self, direction):
        return parameters(self._at(direction)).ravel()

    def turn(self, matrix):
        """Other directions: these combinations of the present ones."""
        self.directions = matrix @ self.directions

    def steps(self, most):
        """How far to go in each direction, so that no observation counts much more or less."""
        return np.minimum(STEP, most / np.abs(self.directions).max(axis=1))

    def bends(self, height, most):
        """Slope, minus the Hessian of the log-likelihood, and how theta's numbers move, along the directions.

        By differences at a step and at half of it, extrapolated to none (Richardson).
        """
        whole, half = (self._differences(height, share * self.steps(most)) for share in (1, 0.5))
        return [(4 * fine - coarse) / 3 for fine, coarse in zip(half, whole, strict=True)]

    def _differences(self, height, steps):
        def at(*moved):
            theta = self._at(sum(sign * steps[i] * self.directions[i] for i, sign in moved))
            return self._model.log_likelihood(theta), parameters(theta).ravel()

        number = range(len(steps))
        (up, ahead), (down, behind) = (zip(*[at((i, sign)) for i in number], strict=True) for sign in (1, -1))
        up, down = np.array(up), np.array(down)
        bends = np.diag(2 * height - up - down)
        for i in number:
            for j in range(i):
                both = at((i, 1), (j, 1))[0] + at((i, -1), (j, -1))[0]
                bends[i, j] = bends[j, i] = (up[i] + down[i] + up[j] + down[j] - 2 * height - both) / 2
        moves = (np.array(ahead) - np.array(behind)) / (2 * steps[:, None])
        return (up - down) / (2 * steps), bends / np.outer(steps, steps), moves


def _rest(move, known):
    """What is left of a move without its parts along orthonormal ones."""
    for _ in range(2):  # twice, for the last digits
        move = move - (move @ known.T) @ known
    return move


def _independent(moves, least):
    """Combinations of moves that make an orthonormal basis, and the basis; only of moves larger than the least."""
    left, sizes, right = np.linalg.svd(moves, full_matrices=False)
    real = sizes > least
    return (left[:, real] / sizes[real]).T, right[real]


def _moves(model, theta, blur):
    """A function that makes a theta of changed counts, given as logarithms of factors, and how many these are.

    First those that label some observations more like this or that, then those that count some of them more or less.
    """
    models = model.models if isinstance(model, Parts) else [model]
    if not all(isinstance(one, Mixture) for one in models):
        theta_of, size = _statistics_moves(model, theta)
        return theta_of, 0, size
    generator = np.random.default_rng(0)
    shares = []
    for one in models:
        clear = one.responsibilities(theta)
        shares.append((1 - blur) * clear + blur * generator.dirichlet(np.ones(clear.shape[1]), size=len(clear)))
    total = sum(np.sum(one.occurrences) for one in models)
    borders = np.cumsum([part.size for part in shares] + [len(part) for part in shares])

    def theta_of(z):
        pieces = np.split(z, borders[:-1])
        counted, now = [], 0
        for one, part, way, more in zip(models, shares, pieces, pieces[len(models) :], strict=False):
            changed = part * np.exp(way.reshape(part.shape))
            changed *= np.exp(more)[:, None] / changed.sum(axis=1, keepdims=True)
            counted.append(changed)
            now += one.occurrences @ np.exp(more)
        counted = [part * (total / now) for part in counted]  # an M-step may divide by N
        statistics = [one.expected_statistics(part, theta) for one, part in zip(models, counted, strict=True)]
        return model.m_step(add(statistics) if isinstance(model, Parts) else statistics[0])

    return theta_of, sum(part.size for part in shares), borders[-1]


def _statistics_moves(model, theta):
    statistics = model.e_step(theta)
    sizes = [array.size for array in structure(statistics, theta)]
    rows = [row for leaf in leaves(theta) if leaf.ndim for row in leaf.reshape(-1, leaf.shape[-1])]
    sums = [row for row in rows if abs(parameters(model.m_step(statistics)).flat[row].sum() - 1) < 1e-9]

    def theta_of(z):
        pieces = iter(np.split(z, np.cumsum(sizes)[:-1]))
        moved = model.m_step(
            _changed(statistics, theta, lambda array: array * np.exp(next(pieces)).reshape(array.shape))
        )
        numbers = parameters(moved)
        for row in sums:  # an M-step may rely on statistics that sum to 1
            numbers.flat[row] /= numbers.flat[row].sum()
        same = np.allclose(numbers, parameters(moved), rtol=1e-12, atol=0)
        return moved if same else rebuilder(theta)(numbers)

    return theta_of, sum(sizes)


def leaves(theta) -> list[np.ndarray]:
    """Places among theta's numbers, in arrays of the shapes in which they stand in theta."""
    shapes, size = [array.shape for array in structure(theta, None)], parameters(theta).size
    if sum(map(prod, shapes)) != size:  # a class with an array of its own
        shapes = [parameters(theta).shape]
    places = np.split(np.arange(size), np.cumsum([prod(shape) for shape in shapes])[:-1])
    return [place.reshape(shape) for place, shape in zip(places, shapes, strict=True)]


def structure(statistics, theta) -> list[np.ndarray]:
    """The arrays of floats in statistics, one after another, but for what is taken over from theta."""
    found = []
    _changed(statistics, theta, lambda array: found.append(array) or array)
    return found


def _changed(statistics, theta, change):
    """Statistics with other numbers: `change` of each of its arrays. What is taken over from theta stays."""
    if statistics is theta or isinstance(statistics, (str, bytes, bool, int, np.integer, type(None))):
        return statistics
    if is_dataclass(statistics):
        names = [field.name for field in fields(statistics) if field.name != "theta"]
        return replace(statistics, **{name: _changed(getattr(statistics, name), theta, change) for name in names})
    if isinstance(statistics, dict):
        return {key: _changed(part, theta, change) for key, part in statistics.items()}
    if isinstance(statistics, (tuple, list)):
        parts = [_changed(part, theta, change) for part in statistics]
        return type(statistics)(*parts) if hasattr(statistics, "_fields") else type(statistics)(parts)
    if isinstance(statistics, (float, np.floating)):
        return float(change(np.array(statistics, dtype=float)))
    if isinstance(statistics, np.ndarray) and statistics.dtype.kind == "f":
        return change(statistics)
    return statistics
