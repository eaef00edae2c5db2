"""The distinct outcomes of a model, as a picture names them."""

import numpy as np

from ..coins import BinomialMixture
from ..words import mark, tr


def outcome_name(model: BinomialMixture, row: int) -> str:
    """As in "6 heads", or "6 of 10" where sequences differ in length."""
    heads = model.distinct_heads[row]
    if np.ptp(model.distinct_tosses) > 0:
        return tr("{heads} of {tosses}", heads=heads, tosses=model.distinct_tosses[row])
    return tr(mark("{heads} head") if heads == 1 else mark("{heads} heads"), heads=heads)


def short_name(model: BinomialMixture, row: int) -> str:
    """The outcome where "heads" is said once for all: "6", or "6/10" where sequences differ in length."""
    heads, tosses = model.distinct_heads[row], model.distinct_tosses
    return f"{heads}/{tosses[row]}" if np.ptp(tosses) else str(heads)
