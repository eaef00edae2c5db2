"""Shares that lie side by side from 0 to 1, as weights do, and the borders between them."""

import numpy as np

from ..checks import brief


def share_from_0_to_1(name: str, value) -> float:
    """`value` as a float; ValueError if it is no number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be a number from 0 to 1; it is {brief(value)}")
    return float(value)


def with_share(shares, which: int, share: float) -> np.ndarray:
    """The shares with another one for one of them, counted from 0; the others divide the rest in their proportions."""
    share, shares = share_from_0_to_1("share", share), np.array(shares, dtype=float)
    others = np.arange(len(shares)) != which
    rest = shares[others].sum()
    shares[others] = (1 - share) * (shares[others] / rest if rest else 1 / max(others.sum(), 1))
    shares[which] = share if others.any() else 1
    return shares


def with_border(shares, border: int, place: float) -> np.ndarray:
    """The shares with another border between one, counted from 0, and the next; it pushes those that it meets along."""
    place, shares = share_from_0_to_1("place", place), np.array(shares, dtype=float)
    before = np.cumsum([0, *shares]).clip(max=1)
    before[-1] = 1  # exactly, so that a border at the end leaves nothing
    ends = before.copy()
    ends[: border + 1] = ends[: border + 1].clip(max=place)
    ends[border + 1] = place
    ends[border + 2 :] = ends[border + 2 :].clip(min=place)
    moved = ends != before
    return np.where(moved[:-1] | moved[1:], np.diff(ends), shares)
