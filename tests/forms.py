"""What the usual tests try a part of, and `python3 run.py test --long` all of."""

import pytest

ONE_TO_SIX = [1, 3, 6, *(pytest.param(coins, marks=pytest.mark.long) for coins in (2, 4, 5))]
THEMES = ["Light", pytest.param("Dark", marks=pytest.mark.long)]  # the explorer is seen in both each time
