"""Does the explorer hold out under a reader in a hurry? 5,000 interactions in a real browser.

python3 run.py benchmark soak
"""

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import Server, jupyter_server, launch_chromium, new_page  # noqa: E402
from soak import Soak  # noqa: E402

INTERACTIONS, EVERY, RERUNS = 5_000, 250, 50


def table(title, measured):
    """A column for each time of measuring, which `measured` names."""
    print(f"\n| {title} | {' | '.join(measured)} |")
    print(f"|---|{'---:|' * len(measured)}")
    for name in next(iter(measured.values())):
        print(f"| {name} | {' | '.join(f'{found[name]:,.0f}' for found in measured.values())} |", flush=True)


def main():
    # Else every thread of the kernel has an arena of its own, and memory that is free in there is not given back.
    os.environ["MALLOC_ARENA_MAX"] = "1"
    with (
        tempfile.TemporaryDirectory() as home,
        jupyter_server("lab", Path(home), "--expose-app-in-browser") as address,
        launch_chromium() as browser,
        new_page(browser, 1366, 1500) as page,
        Soak(page, Server(address, Path(home))) as reader,
    ):
        reader.interact(2 * EVERY)  # until caches are full,
        reader.check()
        reader.make_files()  # also those of what is rare
        page.get_by_text("emlib-run.csv").wait_for()
        measured, start = {"0": reader.memory()}, time.monotonic()
        for done in range(EVERY, INTERACTIONS + 1, EVERY):
            reader.interact(EVERY)
            reader.check()
            print(
                f"{done:,} interactions in {time.monotonic() - start:.0f} s: page, kernel and picture agree", flush=True
            )
            if done % 1000 == 0:
                measured[f"{done:,}"] = reader.memory()
        print(", ".join(f"{name.replace('_', ' ')}: {times:,}" for name, times in sorted(reader.done.items())))
        table("interactions", measured)
        again = dict(zip(("0", str(RERUNS)), reader.run_cell_again(RERUNS), strict=True))
        table("runs of the cell", again)
    for before, *_, after in (measured.values(), again.values()):
        assert after["kernel MB"] < before["kernel MB"] + 10, "the kernel grows"
    before, *_, after = measured.values()
    assert after["models"] == before["models"] and after["widgets"] == before["widgets"], "widgets are left behind"


if __name__ == "__main__":
    main()
