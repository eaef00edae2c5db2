"""A short soak of the explorer. The long one is `python3 run.py benchmark soak`."""

from browser import require_chromium

require_chromium()

from soak import soak  # noqa: E402


def test_a_reader_in_a_hurry_leaves_page_and_kernel_of_one_mind(tmp_path):
    with soak(tmp_path, seed=3) as reader:
        for _ in range(2):
            reader.interact(75)
            reader.check()
