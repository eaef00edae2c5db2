"""Notebook 2: its pictures."""

from .pictures import bayes_guess, climb, expected_shares, labels_shown, m_step_peaks, ratings_grid

__all__ = [
    "bayes_guess",
    "climb",
    "expected_shares",
    "labels_shown",
    "m_step_peaks",
    "ratings_grid",
]
