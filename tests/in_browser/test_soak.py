"""A short soak of the explorer; --long is longer, and `python3 run.py benchmark soak` very long."""

import pytest
from browser import end_kernels, new_page
from soak import Soak


@pytest.mark.parametrize("rounds", [1, pytest.param(5, marks=pytest.mark.long)])
def test_a_reader_in_a_hurry_leaves_page_and_kernel_of_one_mind(browser, lab, rounds):
    with new_page(browser, 1366, 1500) as page, Soak(page, lab, seed=3) as reader:
        for _ in range(rounds):
            reader.interact(12)
            reader.check()
    end_kernels(lab.address)
