"""EM for mixture models, small enough to read in class.

`em` is the loop of Definition 6.2 and works with any model that has an E-step, an M-step and a likelihood.
`BinomialMixture` is the chapter's model of coins, `Coins` are its parameters, and `chapter` holds the chapter's data.

    >>> import emlib
    >>> coins = emlib.BinomialMixture(emlib.chapter.heads, tosses=10)
    >>> for step in emlib.em(coins, emlib.chapter.start, max_iterations=1):
    ...     print(step.iteration, step.theta)
    0 Coins(weights=[0.25, 0.5, 0.25], biases=[0.4, 0.5, 0.65])
    1 Coins(weights=[0.3337246, 0.5261878, 0.1400877], biases=[0.3536485, 0.4278732, 0.5128013])

`emlib.language("de")` lets pictures, widgets and exercises speak German.

This and `emlib.beyond` and `emlib.models` import numpy alone. `emlib.lessons` adds matplotlib and ipywidgets:
pictures, exercises, and `emlib.widgets`, what can be touched.
"""

from . import beyond, chapter, data
from .algorithm import LikelihoodFell, Model, Step, em
from .beyond import best_of, check_model, em_many, gradient_function, local_maxima, squarem
from .coins import BinomialMixture, Coins, CoinStatistics, ImpossibleData, Sample
from .mixture import Mixture
from .tables import Table
from .words import language

__all__ = [
    "BinomialMixture",
    "CoinStatistics",
    "Coins",
    "ImpossibleData",
    "LikelihoodFell",
    "Mixture",
    "Model",
    "Sample",
    "Step",
    "Table",
    "best_of",
    "beyond",
    "chapter",
    "check_model",
    "data",
    "em",
    "em_many",
    "gradient_function",
    "language",
    "local_maxima",
    "squarem",
]
