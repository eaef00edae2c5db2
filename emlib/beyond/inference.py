"""How many coins, and how sure: information criteria, standard errors and the parametric bootstrap.

What needs to fit or to simulate is for mixtures of binomials. It works on many data sets at once, each of them a row of
counts: how many sequences had each outcome of a frame.
"""

from typing import NamedTuple

import numpy as np

from ..checks import instance, random_generator, tally, whole_number
from ..coins import MANY, BinomialMixture, Coins
from ..mixture import Mixture
from . import information
from .gradient import gradients, places
from .information import Criteria
from .many_starts import ManyRuns
from .maxima import check_learns_weights
from .progress import goes_on
from .stationary import natural_units, polish, slope_and_curvature
from .strategies import climb_all, table_of_counts

BATCH = 100  # data sets that are simulated and fitted between two reports of progress
NEW_WEIGHT = 0.03  # of a coin that is added
FLAT = 1e-8  # of the information that complete data would give
NOISE = 1e-6  # nats by which EM may have missed a summit


def information_criteria(model: Mixture, theta) -> Criteria:
    """AIC and BIC of a fitted mixture; of other mixtures than coins, see `emlib.beyond.information`.

    Both are derived for models whose parameters are all identified. With one coin too many they are not, so here they
    are rules of thumb.

    Parameters
    ----------
    theta : object
        The maximum-likelihood fit.

    Raises
    ------
    ValueError
        If the data are impossible under `theta`.

    References
    ----------
    H. Akaike (1974). A new look at the statistical model identification. IEEE Transactions on Automatic Control 19.
    G. Schwarz (1978). Estimating the dimension of a model. Annals of Statistics 6, 461-464.
    """
    if not isinstance(model, BinomialMixture):
        instance("model", model, Mixture)
        return information.information_criteria(model, theta)
    log_likelihood = model.log_likelihood(theta)
    parameters = len(theta) + (len(theta) - 1) * model.learn_weights
    bic = parameters * np.log(model.occurrences.sum()) - 2 * log_likelihood
    return Criteria(log_likelihood, parameters, 2 * parameters - 2 * log_likelihood, float(bic))


class StandardErrors(NamedTuple):
    """How far the estimates scatter, if there are many data.

    Attributes
    ----------
    weights, biases : numpy.ndarray, shape (K,)
        Standard errors; 0 for weights that are given.
    covariance : numpy.ndarray, shape (2 K, 2 K)
        Of the K biases, then the K weights.
    """

    weights: np.ndarray
    biases: np.ndarray
    covariance: np.ndarray


def standard_errors(model: Mixture, theta) -> StandardErrors | information.Errors:
    """Standard errors from the observed information, minus the Hessian of the log-likelihood at its maximum.

    The inverse of the information is the covariance of the K biases and the first K - 1 weights. The last weight is 1
    minus the others, and so is its error (delta method). Of other mixtures than coins, see `emlib.beyond.information`.

    Parameters
    ----------
    theta : object
        A strict maximum inside the borders, to the last digits: from `fit`, or from EM that was run to its end.

    Raises
    ------
    ValueError
        If `theta` lies on a border, is no maximum, or the information has no inverse, as on a ridge.
    ImpossibleData
        If the data are impossible under `theta`.
    """
    if not isinstance(model, BinomialMixture):
        instance("model", model, Mixture)
        return information.standard_errors(model, theta)
    instance("theta", theta, Coins)
    coins = len(theta)
    free, units = natural_units(model, theta)
    if free.sum() < coins + (coins - 1) * model.learn_weights:
        raise ValueError(f"theta must lie inside its borders, where estimates can err to both sides; it is {theta!r}")
    slope, curvature = slope_and_curvature(model, theta)
    slope, observed = units.T @ slope[free], -units.T @ curvature[np.ix_(free, free)] @ units
    bends = np.linalg.eigvalsh(observed)
    if bends[0] < FLAT:
        flat = abs(bends[0]) <= FLAT
        raise ValueError(
            f"theta must be a strict maximum; at {theta!r} the log-likelihood "
            + ("is flat in some direction, and the information has no inverse" if flat else "rises in some direction")
        )
    inverse = np.linalg.inv(observed)
    if slope @ inverse @ slope > 1e-3:
        raise ValueError(f"theta must be a maximum; at {theta!r} the log-likelihood still rises: run EM longer")
    inverse = units @ inverse @ units.T
    # How biases and weights move with the free parameters.
    moves = np.eye(2 * coins, free.sum())
    if model.learn_weights:
        moves[-1, coins:] = -1
    covariance = moves @ inverse @ moves.T
    errors = np.sqrt(np.diag(covariance))
    return StandardErrors(errors[coins:], errors[:coins], covariance)


def fit(model: BinomialMixture, coins: int) -> Coins:
    """The highest maximum that `fit_all` finds, taken to the last digits by Newton's method.

    Parameters
    ----------
    model : BinomialMixture
        Must learn its weights.

    Returns
    -------
    Coins
        In order of bias.
    """
    check_learns_weights(model)
    runs = fit_all([model.occurrences], coins, model)
    return polish(model, Coins(runs.weights[0], runs.biases[0]))


def fit_all(counts, coins: int, frame=None) -> ManyRuns:
    """Fit mixtures to many data sets: one coin, then again and again a further one where Lindsay's D(p) asks for it.

    A further coin is tried in every gap between the coins, and below and above them all, each time where D(p) is
    largest in that gap; and at 0 and at 1. EM runs from all of these starts; the best end is kept.

    Parameters
    ----------
    counts, frame
        As in `emlib.beyond.strategies.table_of_counts`.

    Returns
    -------
    ManyRuns
        One row for each data set. As always with EM, a higher maximum may exist.
    """
    counts, frame = table_of_counts(counts, frame)
    coins = whole_number("coins", coins, least=1)
    tosses = counts.astype(float) @ frame.distinct_tosses
    biases = (counts.astype(float) @ frame.distinct_heads / tosses)[:, None]
    ends = climb_all(counts, np.ones((len(counts), 1)), biases, iterations=1, frame=frame)
    for _ in range(1, coins):
        ends = _one_more(counts, frame, *ends[:2])
    return ManyRuns(*ends)


def _one_more(counts, frame, weights, biases):
    """Add a coin to each mixture, in each of its gaps, and keep the best end of EM."""
    sets, coins = biases.shape
    seen = counts.any(axis=0)
    grid = places(frame.distinct_heads[seen] / frame.distinct_tosses[seen])
    gains = gradients(counts, frame, weights, biases, grid)
    gap = (grid > biases[:, :, None]).sum(axis=1)  # how many coins lie below p
    new = [grid[np.where(gap == number, gains, -np.inf).argmax(axis=1)] for number in range(coins + 1)]
    new += [np.zeros(sets), np.ones(sets)]  # EM needs for ever to get there
    tries = len(new)
    starts = (
        np.hstack([np.tile((1 - NEW_WEIGHT) * weights, (tries, 1)), np.full((tries * sets, 1), NEW_WEIGHT)]),
        np.hstack([np.tile(biases, (tries, 1)), np.concatenate(new)[:, None]]),
    )
    weights, biases, log_likelihoods = climb_all(np.tile(counts, (tries, 1)), *starts, frame=frame)
    best = log_likelihoods.reshape(tries, sets).argmax(axis=0) * sets + np.arange(sets)
    return weights[best], biases[best], log_likelihoods[best]


class LikelihoodRatioTest(NamedTuple):
    """Is one coin more worth it? Twice the gain in log-likelihood, beside what it is where there is no such coin.

    Attributes
    ----------
    observed : float
        On the data.
    simulated : numpy.ndarray, shape (R,)
        On data sets that were simulated from the fit with fewer coins.
    p_value : float
        (1 + number of simulated values that reach the observed one, to within rounding) / (1 + R).
    """

    observed: float
    simulated: np.ndarray
    p_value: float


def likelihood_ratio_test(
    model: BinomialMixture, coins: int, replicates: int = 200, seed=0, progress=None
) -> LikelihoodRatioTest:
    """Parametric bootstrap of the likelihood ratio between `coins` coins and one more.

    With fewer coins the weight of the last one is 0, on the border, and its bias is not identified. So the usual
    chi-squared distribution does not hold, and simulation has to say what is large. The observed and the simulated
    data are fitted in the same way, by `fit_all`.

    Parameters
    ----------
    model : BinomialMixture
        Must learn its weights.
    coins : int
        Coins under the null hypothesis, K.
    replicates : int, default 200
        Data sets to simulate, R.
    seed : int or numpy.random.Generator, default 0
    progress : callable, optional
        Called now and then with the share of the work that is done, from 0 to 1. If it raises StopIteration, the work
        ends, and the result has the data sets that are done.

    References
    ----------
    G. J. McLachlan (1987). On bootstrapping the likelihood ratio test statistic for the number of components in a
    normal mixture. Applied Statistics 36, 318-324.
    """
    check_learns_weights(model)
    coins = whole_number("coins", coins, least=1)
    null = fit_all([model.occurrences], coins, model)

    def ratios(counts, frame):
        fewer = fit_all(counts, coins, frame)
        more = _one_more(counts, frame, *fewer[:2])
        return np.maximum(2 * (more[2] - fewer.log_likelihoods), 0)  # more coins are never worse

    observed = float(ratios(model.occurrences[None], model)[0])
    theta = Coins(null.weights[0], null.biases[0])
    simulated = np.concatenate([[], *_replicates(ratios, theta, model, replicates, seed, progress)])
    noise = NOISE + 1e-12 * abs(float(null.log_likelihoods[0]))
    reached = np.sum(simulated >= observed - noise)
    return LikelihoodRatioTest(observed, simulated, float((1 + reached) / (1 + len(simulated))))


def parametric_bootstrap(
    model: BinomialMixture, theta: Coins, replicates: int = 200, seed=0, progress=None
) -> ManyRuns:
    """Estimates from data sets like this one that are simulated from the fit: their spread is the fit's uncertainty.

    Parameters
    ----------
    model : BinomialMixture
        Must learn its weights.
    theta : Coins
        The fit. EM starts there on every simulated data set.
    replicates : int, default 200
        Data sets to simulate, R.
    seed : int or numpy.random.Generator, default 0
    progress : callable, optional
        As in `likelihood_ratio_test`.

    Returns
    -------
    ManyRuns
        One row for each data set, coins in order of bias.

    References
    ----------
    B. Efron and R. J. Tibshirani (1993). An introduction to the bootstrap. Chapman and Hall. Chapter 6.
    """

    check_learns_weights(model)
    instance("theta", theta, Coins)

    def estimates(counts, frame):
        starts = np.tile(theta.weights, (len(counts), 1)), np.tile(theta.biases, (len(counts), 1))
        weights, biases, log_likelihoods = climb_all(counts, *starts, frame=frame)
        order = np.argsort(biases)
        return np.take_along_axis(weights, order, 1), np.take_along_axis(biases, order, 1), log_likelihoods

    batches = list(_replicates(estimates, theta, model, replicates, seed, progress))
    return ManyRuns(*(np.concatenate(parts) for parts in zip(*batches, strict=True)))


def _replicates(work, theta, model, replicates, seed, progress):
    """Simulate as many sequences as there are, again and again, and yield what `work` makes of each batch."""
    replicates = whole_number("replicates", replicates, least=1)
    generator = random_generator(seed)
    for first in range(0, replicates, BATCH):
        batch = min(BATCH, replicates - first)
        yield work(*_simulated(model, theta, batch, generator))
        if not goes_on(progress, (first + batch) / replicates):
            return


def _simulated(model, theta, sets, generator):
    """Data sets with as many sequences of each length as the model has: a table of counts and its frame."""
    tables, heads, tosses = [], [], []
    for length in np.unique(model.distinct_tosses):
        sequences = int(model.occurrences[model.distinct_tosses == length].sum())
        if length <= MANY:
            results = np.arange(length + 1)
            probabilities = theta.probabilities(length) @ theta.weights
            table = generator.multinomial(sequences, probabilities / probabilities.sum(), size=sets)
        else:  # too many possible results to list
            results, which = np.unique(theta.sample(sets * sequences, length, generator).heads, return_inverse=True)
            keys = np.repeat(np.arange(sets), sequences) * len(results) + which
            table = tally(keys, least=sets * len(results)).reshape(sets, -1)
        seen = table.any(axis=0)
        tables.append(table[:, seen])
        heads.append(results[seen])
        tosses.append(np.full(seen.sum(), length))
    return np.hstack(tables), BinomialMixture(np.concatenate(heads), np.concatenate(tosses))
