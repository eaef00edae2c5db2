"""What the usual tests try a part of, and `python3 run.py test --long` all of; and what they do where a thing lacks."""

import os

import pytest

ONE_TO_SIX = [1, 3, 6, *(pytest.param(coins, marks=pytest.mark.long) for coins in (2, 4, 5))]
THEMES = ["Light", pytest.param("Dark", marks=pytest.mark.long)]  # the explorer is seen in both each time


def lacking(what: str, variable: str) -> None:
    """Skip a test for which something is missing; or let it fail, where a variable says that it is required."""
    (pytest.fail if os.environ.get(variable) == "required" else pytest.skip)(what)
