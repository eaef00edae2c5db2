"""Checks of what pictures are made from: every error names the argument, what it is, and what can be drawn."""

from collections.abc import Iterable, Mapping

import numpy as np

from ..checks import brief, instance
from ..coins import Coins, Sample
from .picture import COLOURS


def coins_to_draw(name: str, theta, number: int | None = None, most: int | None = len(COLOURS)) -> None:
    """ValueError unless `theta` has that number of coins, or no more than there are colours for."""
    instance(name, theta, Coins)
    if number is not None and len(theta) != number:
        raise ValueError(f"{name} must have {number} coins, as many as the others; it has {len(theta)}")
    if most is not None and len(theta) > most:
        raise ValueError(f"{name} must have {most} coins or fewer, to be told apart; it has {len(theta)}")


def sample_to_draw(sample, coins: int) -> None:
    """ValueError unless every sequence has a label from 0 to `coins` - 1."""
    instance("sample", sample, Sample)
    if coins > len(COLOURS):
        raise ValueError(f"coins must be {len(COLOURS)} or fewer, to be told apart; there are {coins}")
    labels = np.asarray(sample.labels)
    if labels.shape != np.shape(sample.heads):
        raise ValueError(f"sample must have a label for each of {len(sample.heads)} sequences; it has {labels.size}")
    if labels.size == 0 or labels.min() < 0 or labels.max() >= coins:
        found = f"they go from {labels.min()} to {labels.max()}" if labels.size else "there are none"
        raise ValueError(f"sample must have labels from 0 to {coins - 1}; {found}")


def runs_to_draw(name: str, runs) -> dict:
    """The runs by name, each with all its steps as a list; ValueError if they are none."""
    if not isinstance(runs, Mapping):
        raise TypeError(f"{name} must be a dict, as in {{'a start': steps}}; it is {brief(runs)}")
    if not 1 <= len(runs) <= len(COLOURS):
        raise ValueError(f"{name} must be 1 to {len(COLOURS)} runs, to be told apart; there are {len(runs)}")
    runs = {key: list(steps) if isinstance(steps, Iterable) else [steps] for key, steps in runs.items()}
    for key, steps in runs.items():
        if not steps or not all(hasattr(step, "log_likelihood") for step in steps):
            where = f"{name}[{key!r}]" if key else name
            raise TypeError(f"{where} must be the steps of a run, as in list(em(model, theta)); it is {brief(steps)}")
    return runs
