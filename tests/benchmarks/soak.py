"""Does the explorer hold out under a reader in a hurry? 5,000 interactions in a real browser.

python3 run.py benchmark soak
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from soak import soak  # noqa: E402

INTERACTIONS, EVERY, RERUNS = 5_000, 250, 50


def table(title, before, after):
    print(f"\n| {title} | before | after |")
    print("|---|---:|---:|")
    for name in before:
        print(f"| {name} | {before[name]:,.0f} | {after[name]:,.0f} |")


def main():
    with tempfile.TemporaryDirectory() as home, soak(Path(home)) as reader:
        reader.interact(2 * EVERY)  # until caches are full
        reader.check()
        before, start = reader.memory(), time.monotonic()
        for done in range(EVERY, INTERACTIONS + 1, EVERY):
            reader.interact(EVERY)
            reader.check()
            print(
                f"{done:,} interactions in {time.monotonic() - start:.0f} s: page, kernel and picture agree", flush=True
            )
        after = reader.memory()
        print(", ".join(f"{name.replace('_', ' ')}: {times:,}" for name, times in sorted(reader.done.items())))
        table(f"{INTERACTIONS:,} interactions", before, after)
        table(f"the cell run {RERUNS} times", *reader.run_cell_again(RERUNS))
    assert after["kernel MB"] < before["kernel MB"] + 10, "the kernel grows"
    assert after["models"] == before["models"] and after["widgets"] == before["widgets"], "widgets are left behind"


if __name__ == "__main__":
    main()
