"""Labels that are known for some observations, and numbers of a theta of rows."""

import numpy as np

from ..checks import as_numbers, whole_numbers


def numbers_like(name: str, values, theta) -> np.ndarray:
    """An array of numbers of the shape of `numpy.asarray(theta)`; ValueError if they are none."""
    array, shape = as_numbers(name, values), np.shape(np.asarray(theta))
    if array.shape != shape:
        raise ValueError(f"{name} must be of shape {shape}; its shape is {array.shape}")
    return array


def known_labels(labels, observations: int) -> np.ndarray:
    """Labels counted from 0, with -1 where they are not known, shape (N,); `None` stands for none known.

    Missing values (nan, and those of masked arrays and of pandas) are labels that are not known.
    """
    labels = as_numbers("labels", np.full(observations, -1) if labels is None else labels)
    if labels.shape != (observations,):
        raise ValueError(f"labels must be {observations}, one per observation; their shape is {labels.shape}")
    return whole_numbers("labels", np.where(np.isnan(labels), -1, labels), least=-1)


def mask_known_labels(log_joint, labels) -> np.ndarray:
    """Make all other labels impossible where one is known: then its posterior is 1, whatever the parameters.

    Parameters
    ----------
    log_joint : array_like, shape (M, K)
    labels : array_like of int, shape (M,)
        Counted from 0; -1 where not known.
    """
    classes = log_joint.shape[1]
    if labels.max() >= classes:
        raise ValueError(f"labels must be from 0 to {classes - 1}, or -1; one of them is {labels.max()}")
    possible = (labels < 0) | (labels == np.arange(classes)[:, None])
    return np.where(possible.T, log_joint, -np.inf)
