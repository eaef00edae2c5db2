"""Lindsay's gradient function D(p): where another coin would help."""

import numpy as np

from ..checks import instance, probabilities
from ..coins import BinomialMixture, Coins


def gradient_function(model: BinomialMixture, theta: Coins, biases) -> np.ndarray:
    """Lindsay's gradient function D(p): what the log-likelihood gains, per unit of weight, from a new coin of bias p.

    D(p) = sum over outcomes x of c_x f(x; p) / f(x; theta), minus N, where c_x counts outcome x and f(x; theta) is the
    mixture. If D(p) <= 0 for every p in [0, 1], no mixture of any number of coins has a higher likelihood.

    Parameters
    ----------
    theta : Coins
        The fitted mixture.
    biases : array_like, shape (P,)
        The values p at which to evaluate D.

    Returns
    -------
    numpy.ndarray, shape (P,)
        D(p), in nats per unit of weight.

    References
    ----------
    B. G. Lindsay (1983). The geometry of mixture likelihoods: a general theory. Annals of Statistics 11, 86-94.
    """
    instance("model", model, BinomialMixture)
    instance("theta", theta, Coins)
    biases = probabilities("biases", biases)
    with np.errstate(over="ignore"):  # infinitely much is gained where theta all but rules out what was seen
        ratio = np.exp(model.log_components(biases) - model.log_marginal(theta)[:, None])
    return model.occurrences @ ratio - model.occurrences.sum()


def gradients(counts, frame: BinomialMixture, weights, biases, places) -> np.ndarray:
    """Lindsay's D(p) of many mixtures, one in each row, up to a factor and a summand of each; shape (S, P).

    It says where each D is largest: in units of the least likely outcome, so that nothing overflows.

    Parameters
    ----------
    counts : numpy.ndarray, shape (S, M)
        How often each data set has each outcome of the frame.
    weights, biases : numpy.ndarray, shape (S, K)
    places : numpy.ndarray, shape (P,)
        The values p.
    """
    with np.errstate(divide="ignore"):
        log_joint = np.log(weights) + frame.log_components(biases.ravel()).reshape(-1, *biases.shape)
    log_mixture = np.where(counts > 0, np.logaddexp.reduce(log_joint, axis=2).T, np.inf)
    ratio = counts * np.exp(log_mixture.min(axis=1, keepdims=True) - log_mixture)
    return ratio @ np.exp(frame.log_components(places))


def places(shares) -> np.ndarray:
    """Biases at which a coin may be missed: 0.01 to 0.99, and the observed shares and the middles between them.

    With rare events all that matters lies between 0 and 0.01. At 0 and 1 themselves a coin could never move.
    """
    shares = np.unique(shares)
    shares = shares[np.unique(np.linspace(0, len(shares) - 1, 200).astype(int))]  # these are enough
    edges = np.concatenate([[0], shares, [1]])
    found = np.concatenate([np.linspace(0.01, 0.99, 99), shares, (edges[1:] + edges[:-1]) / 2])
    return np.unique(found[(found > 0) & (found < 1)])


def peak_of_gradient(model: BinomialMixture, theta: Coins) -> tuple[float, float]:
    """Where Lindsay's D(p) is largest, of a fine grid, `places`, 0 and 1; and how large it is there."""
    instance("model", model, BinomialMixture)
    biases = np.unique(np.concatenate([np.linspace(0, 1, 1001), places(model.distinct_heads / model.distinct_tosses)]))
    gains = gradient_function(model, theta, biases)
    best = gains.argmax()
    if np.isinf(gains[best]):  # of several that are beyond all numbers
        logs = model.log_components(biases) - model.log_marginal(theta)[:, None]
        best = np.logaddexp.reduce(logs + np.log(model.occurrences)[:, None], axis=0).argmax()
    return float(biases[best]), float(gains[best])
