"""A short soak of the explorer. The long one is `python3 run.py benchmark soak`."""

from browser import end_kernels, new_page
from soak import Soak


def test_a_reader_in_a_hurry_leaves_page_and_kernel_of_one_mind(browser, lab):
    with new_page(browser, 1366, 1500) as page, Soak(page, lab, seed=3) as reader:
        for _ in range(2):
            reader.interact(12)
            reader.check()
    end_kernels(lab.address)
