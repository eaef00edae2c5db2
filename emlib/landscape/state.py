"""What the landscape shows, apart from how: EM's path from a start, the maxima, and which of them EM reaches."""

from functools import lru_cache

import numpy as np

from ..algorithm import em
from ..beyond.maxima import basins, local_maxima
from ..checks import instance
from ..coins import BinomialMixture, Coins
from ..data import DATA
from ..explorer.state import ExplorerState

maxima_of = lru_cache(maxsize=8)(local_maxima)


@lru_cache(maxsize=8)
def holding_weights(model: BinomialMixture) -> BinomialMixture:
    """The same data, with weights that are not learned."""
    data = model.distinct_heads, model.distinct_tosses
    return BinomialMixture(*data, learn_weights=False, occurrences=model.occurrences)


def grid_of_starts(theta: Coins, size: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Starts for every pair of the first two biases, with all else as in `theta`.

    Parameters
    ----------
    theta : Coins
        Two coins or more.
    size : int, default 100
        How many values of each bias.

    Returns
    -------
    weights, biases : numpy.ndarray, shape (size * size, K)
        The first bias changes fastest.
    """
    values = (np.arange(size) + 0.5) / size
    biases = np.tile(theta.biases, (size * size, 1))
    biases[:, 0], biases[:, 1] = np.tile(values, size), np.repeat(values, size)
    return np.tile(theta.weights, (size * size, 1)), biases


class LandscapeState(ExplorerState):
    """Data and start of a landscape; `steps` are EM's path from there.

    With two coins the weights are held, so that the path stays on the map. With three there are maxima to reach.

    Attributes
    ----------
    climbing : BinomialMixture
        The data, with weights that are learned or not.
    maxima : tuple of LocalMaximum
        There are none with two coins.
    """

    climbing, maxima = None, ()

    def __init__(self, model: BinomialMixture, start: Coins):
        instance("model", model, BinomialMixture)
        instance("start", start, Coins)
        self._map = None, None
        super().__init__(model, start)

    def show(self, model, start, data="your data", labels=None) -> None:
        instance("model", model, BinomialMixture)
        instance("start", start, Coins)
        if len(start) not in (2, 3):
            raise ValueError(f"the landscape is drawn for 2 or 3 coins; the start has {len(start)}")
        if len(start) == 3 and not model.learn_weights:
            raise ValueError("the map for 3 coins needs a model with learn_weights=True; it has False")
        super().show(model, start, data, labels)

    def _find_steps(self):
        three = len(self.start) == 3
        self.climbing = self.model if three or not self.model.learn_weights else holding_weights(self.model)
        steps = tuple(em(self.climbing, self.start, 200, tolerance=1e-9))
        # No basin of the data that come with the course is so small that 200 starts miss it.
        self.maxima = tuple(maxima_of(self.model, 3, 200 if self.data in DATA else 2000)) if three else ()
        return steps

    def basin_map(self, size: int) -> np.ndarray:
        """The map: an index into `maxima` for every start, or -1; one row for each value of the second bias.

        It has `size` rows, or more if it is known more finely.
        """
        wanted = self.climbing, self.start.weights.tolist(), self.start.biases[2:].tolist()
        if wanted != self._map[0] or len(self._map[1]) < size:
            labels = np.full((size, size), -1)
            if self._reachable():
                labels = basins(self.climbing, *grid_of_starts(self.start, size), self.maxima).reshape(size, size)
            # Coins that start equal stay equal, so no strict maximum is theirs; but rounding errors part them at last.
            ridges = [number for number, maximum in enumerate(self.maxima) if maximum.kind == "ridge"]
            diagonal = labels.reshape(-1)[:: size + 1]
            diagonal[~np.isin(diagonal, ridges)] = -1
            self._map = wanted, labels
        return self._map[1]

    def _reachable(self):
        """Whether any maximum can be: a bias of 0 or 1 never moves, and there may be none with such a coin."""
        held = self.start.biases[2:][(self.start.biases[2:] % 1 == 0) & (self.start.weights[2:] > 0)]
        return any(
            maximum.kind == "ridge" or all(np.abs(maximum.theta.biases - bias).min() <= 1e-6 for bias in held)
            for maximum in self.maxima
        )

    def shares(self, size: int) -> list:
        """Which share of the map ends on each maximum."""
        return [float(np.mean(self.basin_map(size) == number)) for number in range(len(self.maxima))]
